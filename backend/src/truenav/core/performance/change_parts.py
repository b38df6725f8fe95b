"""What the bars of prices and of rates are made of: instrument by instrument, currency by currency.

    closing = opening + moved + borne + what prices did + what rates did        of each instrument

Each instrument has what the waterfall of the slice of it alone has, so the parts of a portfolio
add up to its bars, mergers and spin-offs included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import crosses_account
from truenav.core.money import exact
from truenav.core.performance.effects import Bar, Effect, Valuer
from truenav.core.performance.explaining_prices import Held, currency_amounts, rate_terms_in
from truenav.core.performance.explaining_records import Change
from truenav.core.performance.slice_effects import borne_effects, moves_by_record, payers_of
from truenav.core.performance.waterfall import Books
from truenav.core.unfolding import added
from truenav.core.valuation.local_values import LocalValues
from truenav.core.valuation.segments import Move
from truenav.core.valuation.slices import Flows

ZERO, ONE = Decimal(0), Decimal(1)
Local = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePart:
    """One instrument over a span, in the currency asked for; null is not known.

    `moved` is what came into it less what left: purchases with their costs, sales after them,
    income paid out. `borne` is the income, fees and taxes that are its own. `unrealized` is what
    prices did less what was realized.
    """

    instrument_id: InstrumentId
    opening: Decimal | None
    moved: Decimal | None
    borne: Decimal | None
    price_result: Decimal | None
    rate_result: Decimal | None
    closing: Decimal | None
    realized: Decimal | None
    unrealized: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePart:
    """What was held in one currency at both ends of a span, and what its rate did to it.

    Amounts in that currency, rates into the one asked for; `converted` is what its conversions
    into others cost against the reference rate.
    """

    currency: str
    opening: Decimal | None
    opening_rate: Decimal | None
    closing: Decimal | None
    closing_rate: Decimal | None
    rate_result: Decimal | None
    converted: Decimal | None
    amount: Decimal | None


@dataclass(slots=True)
class _Sums:
    """What is added up of one instrument."""

    opening: Decimal | None = ZERO
    closing: Decimal | None = ZERO
    local: Decimal | None = ZERO
    moved: Decimal | None = ZERO
    borne: Decimal | None = ZERO
    realized: Decimal | None = ZERO


@exact
def price_parts(held: Held, effects: Sequence[Effect]) -> list[PricePart]:
    """Every instrument that was held in the span, or that something happened to.

    Args:
        held: Of the change.
        effects: Of its waterfall: what each record realized.
    """
    sums: dict[InstrumentId, _Sums] = {}
    for key, values in held.values.items():
        if not isinstance(key, str):
            _add_values(held, sums.setdefault(key, _Sums()), values.currency, values.local)
    for books in held.change.books:
        _add_due(held, books, sums)
        _add_records(held.change, books, sums)
    for effect in effects:
        if effect.bar is Bar.REALIZED and effect.instrument_id is not None:
            of = sums.setdefault(effect.instrument_id, _Sums())
            of.realized = _plus(of.realized, effect.amount)
    return [_part(key, of) for key, of in sums.items()]


def _part(key: InstrumentId, of: _Sums) -> PricePart:
    price = _minus(_minus(of.local, of.moved), of.borne)
    return PricePart(
        instrument_id=key,
        opening=of.opening,
        moved=of.moved,
        borne=of.borne,
        price_result=price,
        rate_result=_minus(_minus(of.closing, of.opening), of.local),
        closing=of.closing,
        realized=of.realized,
        unrealized=_minus(price, of.realized),
    )


def _add_values(held: Held, of: _Sums, currency: str, local: Local) -> None:
    """Both ends at their own rates, and each day's change at that day's."""
    ends = [_at_rate(held, currency, local[place], place) for place in (0, held.change.count - 1)]
    of.opening, of.closing = _plus(of.opening, ends[0]), _plus(of.closing, ends[1])
    if currency == held.change.currency:
        of.local = _plus(of.local, _minus(local[-1], local[0]))
        return
    for place, (before, after) in enumerate(pairwise(local), 1):
        if before != after or after is None:
            of.local = _plus(of.local, _at_rate(held, currency, _minus(after, before), place))


def _at_rate(held: Held, currency: str, amount: Decimal | None, place: int) -> Decimal | None:
    if not amount:
        return amount
    rate = held.rate(currency, place)
    return None if rate is None else amount * rate


def _add_due(held: Held, books: Books, sums: dict[InstrumentId, _Sums]) -> None:
    """Income due is a part of what pays it until its cash comes, and counts when it is due."""
    change = held.change
    valuer = Valuer(change.market, change.currency)
    for one in books.due:
        weight = change.weight(one.instrument_id)
        if not weight:
            continue
        of = sums.setdefault(one.instrument_id, _Sums())
        values = LocalValues(change.count)
        values.add_due(one if weight == ONE else one.part(weight), change.first_day)
        for currency, series in values.due.items():
            _add_values(held, of, currency, series)
        if change.first_day < one.since <= change.last_day:
            for effect in valuer.accrued(one):
                of.borne = _plus(of.borne, _weighed(effect.amount, weight))


def _add_records(change: Change, books: Books, sums: dict[InstrumentId, _Sums]) -> None:
    """What records moved in and out, and the income and costs that are the instrument's own."""
    flows, valuer = Flows(change.market, change.currency), Valuer(change.market, change.currency)
    accrued = {one.transaction_id for one in books.due}
    within = [record for record in books.records if change.has(record)]
    moved = moves_by_record(within)
    for record in within:
        moves = moved.get(record.id, ())
        _add_moves(change, moves, flows, sums)
        if crosses_account(record) or record.id in accrued:
            continue
        for segment, effect in borne_effects(record, payers_of(moves), valuer):
            if segment is None or isinstance(segment, str):
                continue
            weight = change.weight(segment)
            if weight:
                of = sums.setdefault(segment, _Sums())
                of.borne = _plus(of.borne, _weighed(effect.amount, weight))


def _add_moves(
    change: Change, moves: Sequence[Move], flows: Flows, sums: dict[InstrumentId, _Sums]
) -> None:
    for move in moves:
        if move.source == move.target:
            continue
        for segment, sign in ((move.target, ONE), (move.source, -ONE)):
            if segment is None or isinstance(segment, str):
                continue
            weight = change.weight(segment)
            if weight:
                of = sums.setdefault(segment, _Sums())
                of.moved = _plus(of.moved, _weighed(flows.worth(move)[0], sign * weight))


def _weighed(amount: Decimal | None, weight: Decimal) -> Decimal | None:
    return None if amount is None else amount * weight


def _plus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left + right if left is not None and right is not None else None


def _minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left - right if left is not None and right is not None else None


@exact
def rate_parts(held: Held, effects: Sequence[Effect]) -> list[RatePart]:
    """Every other currency that something was held in, and those that conversions gave.

    Args:
        held: Of the change.
        effects: Of its waterfall: what conversions cost, borne by the currency given.
    """
    change, last = held.change, held.change.count - 1
    converted: dict[str, Decimal | None] = {}
    for effect in effects:
        if effect.bar is Bar.FX and effect.transaction_id is not None:
            code = change.records[effect.transaction_id].currency
            converted[code] = _plus(converted.get(code, ZERO), effect.amount)
    found = []
    for code in sorted({*held.currencies, *converted}):
        amounts = currency_amounts(held, code)
        is_own = code == change.currency
        result = ZERO if is_own else added(rate_terms_in(held, code))
        cost = converted.get(code, ZERO)
        if (is_own or not any(amount is None or amount for amount in amounts)) and not cost:
            continue
        found.append(
            RatePart(
                currency=code,
                opening=amounts[0],
                opening_rate=held.rate(code, 0),
                closing=amounts[last],
                closing_rate=held.rate(code, last),
                rate_result=result,
                converted=cost,
                amount=_plus(result, cost),
            )
        )
    return found
