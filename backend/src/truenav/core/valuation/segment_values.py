"""What each segment of an account was worth each day, in its own currency, and what moved when."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.valuation.columns import Steps, Timeline, aligned, spans
from truenav.core.valuation.nav import Market, Unknown
from truenav.core.valuation.receivables import Receivable
from truenav.core.valuation.segments import Move, Segment
from truenav.core.valuation.series import FxTable
from truenav.core.valuation.slices import Flows

ZERO = Decimal(0)
Rates = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class SegmentValues:
    """Value at each close in `currency`; None on days on which it was held and had no price."""

    currency: str
    local: Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class ValuedMove:
    """A move in the currency asked for, on the day of that number; None for `missing`."""

    index: int
    source: Segment | None
    target: Segment | None
    amount: Decimal | None
    missing: Unknown | None


@exact
def segment_values(
    held: Timeline, market: Market, only: Collection[Segment], *, first_day: date, count: int
) -> dict[Segment, SegmentValues]:
    """Every segment named that was held, on `count` days from `first_day` on."""
    found: dict[Segment, SegmentValues] = {}
    for key, steps in held.units.items():
        if key not in only:
            continue
        prices = aligned(market.prices.get(key), first_day, count)
        if prices is None:
            found[key] = SegmentValues("", _constant(steps, count, None))
            continue
        values: list[Decimal | None] = [ZERO] * count
        multiplier = market.multiplier(key)
        for start, end, quantity in spans(steps, count):
            known = min(max(start, prices.known_from), end)
            values[start:known] = [None] * (known - start)
            offset = prices.known_from
            closes = prices.closes[known - offset : end - offset]
            units = quantity * multiplier
            values[known:end] = [units * close for close in closes]
        found[key] = SegmentValues(prices.currency, values)
    for currency, steps in held.cash.items():
        if currency in only:
            found[currency] = SegmentValues(currency, _constant(steps, count, ZERO))
    for one in held.due:
        if one.instrument_id in only:
            before = found.get(one.instrument_id)
            found[one.instrument_id] = _with_due(before, one, market.fx, first_day, count)
    return found


def _with_due(
    before: SegmentValues | None, one: Receivable, fx: FxTable, first_day: date, count: int
) -> SegmentValues:
    """Income due is a part of what pays it, in the currency that is priced in."""
    currency = before.currency if before is not None and before.currency else one.currency
    values: list[Decimal | None] = [ZERO] * count
    if before is not None:
        values = list(before.local)
    amount = one.net
    for index in range(max((one.since - first_day).days, 0), count):
        day = first_day + timedelta(days=index)
        if not one.counts_on(day):
            break
        value, rate = values[index], fx.rate(one.currency, currency, day)
        values[index] = value + amount * rate if value is not None and rate is not None else None
    return SegmentValues(currency, values)


def _constant(steps: Steps, count: int, known: Decimal | None) -> list[Decimal | None]:
    """Cash as it stood; what has no price is unknown while it is held."""
    values: list[Decimal | None] = [ZERO] * count
    for start, end, amount in spans(steps, count):
        values[start:end] = [None if known is None else amount] * (end - start)
    return values


@exact
def rates_by_day(
    fx: FxTable, currencies: Iterable[str], currency: str, *, first_day: date, count: int
) -> dict[str, Rates]:
    """Units of `currency` for one of each other, on each day."""
    return {of: fx.daily(of, currency, first_day, count) for of in set(currencies)}


@exact
def valued_moves(
    moves: Iterable[Move], market: Market, currency: str, *, first_day: date, count: int
) -> list[ValuedMove]:
    """The moves of these days, each worth what it is on its day."""
    flows = Flows(market, currency)
    found = []
    for move in moves:
        index = (move.day - first_day).days
        if 0 <= index < count and move.source != move.target:
            amount, missing = flows.worth(move)
            found.append(ValuedMove(index, move.source, move.target, amount, missing))
    return found


@exact
def converted(values: SegmentValues, rates: Mapping[str, Rates]) -> list[Decimal | None]:
    """The same in the currency of the rates; nothing needs no rate."""
    rate = rates.get(values.currency, (None,) * len(values.local))
    return [
        None if amount is None else ZERO if not amount else amount * by if by is not None else None
        for amount, by in zip(values.local, rate, strict=True)
    ]
