"""One instrument becomes another: changes of name and mergers, for units, cash or both.

In a reorganization cost and dates carry over. Cash beside the units (boot) is taxed up to the
gain there is, never a loss: recognized = min(cash, max(value of units + cash - cost, 0)), and the
new cost is cost - cash + recognized (IRC ss. 356 and 358; Publication 550). A taxable exchange is
a sale at value, and a purchase at it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from truenav.core.ids import InstrumentId, LotId
from truenav.core.ledger.amounts import Amounts, apportion
from truenav.core.ledger.bookkeeper import Bookkeeper, derived_lot_id
from truenav.core.ledger.cash import worth
from truenav.core.ledger.events import remember_fraction
from truenav.core.ledger.exchanges import Exchange, cash_alone, pair_exchanges
from truenav.core.ledger.lots import AdjustmentKind, ClosureKind, Lot
from truenav.core.ledger.trades import close_long, join, receive_at, receive_unknown
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind
from truenav.core.money import kept

K = TransactionKind
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Units of one instrument that come, their value where stated, and their part of the cost."""

    record: Transaction
    instrument_id: InstrumentId
    units: Decimal
    value: Decimal | None
    weight: Decimal


def exchange(keeper: Bookkeeper, records: Sequence[Transaction]) -> None:
    """Apply a day's exchanges; a leg that stands alone leaves a gain or a cost unknown."""
    exchanges = pair_exchanges(records)
    for record in cash_alone(records, exchanges):
        keeper.note(record, "exchange_unpaired", "nothing was found that was given for it")
    for found in exchanges:
        out = found.out
        if out is None or out.instrument_id is None:
            for into in found.into:
                _arrive_alone(keeper, into, "cost_unknown", "units arrived without a cost")
        elif found.into:
            _convert(keeper, found, out, out.instrument_id)
        else:
            if not found.cash:
                keeper.note(out, "exchange_unpaired", "nothing was found that came for it")
            _sell_out(keeper, found, out, out.instrument_id)


def _arrive_alone(keeper: Bookkeeper, into: Transaction, code: str, message: str) -> None:
    keeper.note(into, code, message)
    if into.instrument_id is not None:
        keeper.traded(into, into.instrument_id)
        receive_unknown(keeper, into, into.instrument_id)


def _sell_out(
    keeper: Bookkeeper, found: Exchange, record: Transaction, instrument_id: InstrumentId
) -> None:
    book = keeper.state.book(instrument_id)
    wanted = min(-(record.quantity or ZERO), book.units)
    if not wanted or book.is_short:
        keeper.note(record, "more_than_held", "more units left than were held")
        return
    # units that went for nothing we know of are no loss, but a gain nobody knows
    known = bool(found.cash) and _is_one_currency(keeper, found, record)
    proceeds = keeper.amounts(record, found.cash)
    close_long(keeper, record, instrument_id, wanted, proceeds, is_known=known)
    keeper.traded(record, instrument_id)


def _is_one_currency(keeper: Bookkeeper, found: Exchange, record: Transaction) -> bool:
    if found.is_mixed:
        keeper.note(record, "currency_differs", "an exchange is stated in several currencies")
    return not found.is_mixed


def _convert(keeper: Bookkeeper, found: Exchange, out: Transaction, source: InstrumentId) -> None:
    units = -(out.quantity or ZERO)
    book = keeper.state.book(source)
    if book.is_short or book.units < units:
        keeper.note(out, "more_than_held", "more units left than were held")
        for into in found.into:
            _arrive_alone(keeper, into, "cost_unknown", "what came for units that are not held")
        return
    arrivals = _arrivals(keeper, found, units)
    for arrival in arrivals:
        keeper.traded(arrival.record, arrival.instrument_id)
    if SubKind.TAXABLE in {out.sub_kind, *(into.sub_kind for into in found.into)}:
        _exchange_taxable(keeper, found, out, source, arrivals)
        return
    released = keeper.release(out, source, units, ZERO)
    kind = AdjustmentKind.MERGER if out.kind is K.MERGER else AdjustmentKind.NAME_CHANGE
    costs = _after_cash(keeper, found, out, released, arrivals)
    split = {lot.id for lot in keeper.state.book(source)}  # of these a part stays what it was
    _carry_over(keeper, released, costs, arrivals, kind, split)


def _arrivals(keeper: Bookkeeper, found: Exchange, units: Decimal) -> list[_Arrival]:
    """What came, each with its part of the cost: as stated, else by value, else by being alone."""
    arrivals: list[_Arrival] = []
    for into in found.into:
        if into.instrument_id is None:
            continue
        came = into.quantity or ZERO
        if into.ratio is not None:
            missing = kept(units * into.ratio) - came
            came += remember_fraction(keeper, into, into.instrument_id, missing)
        value = None if into.price is None else worth(came, into.price, into.multiplier)
        weight = into.basis_fraction if into.basis_fraction is not None else value
        if len(found.into) == 1:
            weight = Decimal(1)
        if weight is None:
            keeper.note(into, "basis_fraction_unknown", "which part of the cost came is not stated")
        arrivals.append(_Arrival(into, into.instrument_id, came, value, weight or ZERO))
    return arrivals


def _value_of(arrivals: Sequence[_Arrival]) -> Decimal | None:
    total = ZERO
    for arrival in arrivals:
        if arrival.value is None:
            return None
        total += arrival.value
    return total


def _after_cash(
    keeper: Bookkeeper,
    found: Exchange,
    out: Transaction,
    released: Sequence[Lot],
    arrivals: Sequence[_Arrival],
) -> list[Amounts | None]:
    """Each lot's cost after the cash paid beside the units; None when it cannot be known."""
    if not found.cash:
        return [lot.amounts if lot.is_cost_known else None for lot in released]
    is_one = _is_one_currency(keeper, found, out)
    weights = [lot.quantity for lot in released]
    cash = apportion(keeper.amounts(out, found.cash), weights)
    if found.cash < 0:
        return [
            lot.amounts - share
            if lot.is_cost_known and is_one and lot.currency == out.currency
            else None
            for lot, share in zip(released, cash, strict=True)
        ]
    value = _value_of(arrivals) if is_one else None
    if value is None and is_one:
        keeper.note(out, "exchange_value_unknown", "the value of the units received is not stated")
    values = apportion(keeper.amounts(out, value or ZERO), weights)
    costs: list[Amounts | None] = []
    for lot, paid, part in zip(released, cash, values, strict=True):
        known = value is not None and lot.is_cost_known and lot.currency == out.currency
        recognized = paid.least((part + paid - lot.amounts).above_zero())
        keeper.close_lot(
            out, lot, proceeds=paid, cost=paid - recognized, is_known=known, kind=ClosureKind.BOOT
        )
        costs.append(lot.amounts - paid + recognized if known else None)
    return costs


def _carry_over(
    keeper: Bookkeeper,
    released: Sequence[Lot],
    costs: Sequence[Amounts | None],
    arrivals: Sequence[_Arrival],
    kind: AdjustmentKind,
    split: Collection[LotId],
) -> None:
    """New lots for old ones, with their dates; units and cost in proportion, remainders kept."""
    weights = [lot.quantity for lot in released]
    units = [apportion(Amounts(arrival.units), weights) for arrival in arrivals]
    for place, (lot, cost) in enumerate(zip(released, costs, strict=True)):
        parts = apportion(cost or keeper.unknown(), [arrival.weight for arrival in arrivals])
        for number, (arrival, part) in enumerate(zip(arrivals, parts, strict=True)):
            share = units[number][place].traded
            if share <= 0:
                keeper.note(arrival.record, "fraction_lost", "a lot too small for the ratio")
                continue
            # a whole lot that becomes one other stays the lot it was
            is_same = len(arrivals) == 1 and lot.id not in split
            moved = replace(
                lot,
                id=lot.id if is_same else derived_lot_id(arrival.record, lot.id),
                instrument_id=arrival.instrument_id,
                quantity=share,
                cost=part.traded,
                costs=part.others,
                is_cost_known=cost is not None and any(a.weight for a in arrivals),
            )
            if not is_same and not number:
                keeper.adjusted(arrival.record, kind, lot, None)
            before, source = (lot, None) if is_same else (None, lot)
            keeper.adjusted(arrival.record, kind, before, moved, source)
            join(keeper, arrival.record, moved)


def _exchange_taxable(
    keeper: Bookkeeper,
    found: Exchange,
    out: Transaction,
    source: InstrumentId,
    arrivals: Sequence[_Arrival],
) -> None:
    """A sale of everything given at the value received, and new lots at that value."""
    value = _value_of(arrivals)
    if value is None:
        keeper.note(out, "exchange_value_unknown", "the value of the units received is not stated")
    known = value is not None and _is_one_currency(keeper, found, out)
    proceeds = keeper.amounts(out, (value or ZERO) + found.cash)
    units = -(out.quantity or ZERO)
    close_long(keeper, out, source, units, proceeds, is_known=known)
    for arrival in arrivals:
        known = arrival.value is not None
        amounts = keeper.amounts(arrival.record, arrival.value or ZERO)
        receive_at(
            keeper, replace(arrival.record, quantity=arrival.units), arrival.instrument_id,
            amounts, is_known=known,
        )  # fmt: skip
