"""Back-adjusted series, derived from raw closes and events; never stored, never valued."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.money import exact

ONE = Decimal(1)


class AdjustmentUndefined(TruenavError):
    """An event that no factor can undo; better no series than one that means nothing."""

    kind = ErrorKind.UNPROCESSABLE
    code = "adjustment_undefined"


class PriceBasis(StrEnum):
    """What a series of prices has been adjusted for."""

    RAW = "raw"
    SPLIT = "split"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class PriceEvent:
    """What moves a price without anybody trading, by ex-date; amounts per unit of that day.

    `ratio` new units stand for each old one: 2 after a 2:1 split, 0.1 after a reverse split 1:10,
    1.05 after a stock dividend of 5 %. `cash_amount` is all cash paid, a special dividend too.
    `spin_off_value` is what went out with a spun-off company per unit of the parent.
    `rights` is (old units per new one, subscription price): a rights issue below the market.
    A split of the same day comes first: the amounts are per new unit.
    """

    ex_date: date
    ratio: Decimal | None = None
    cash_amount: Decimal | None = None
    spin_off_value: Decimal | None = None
    rights: tuple[Decimal, Decimal] | None = None


@exact
def adjusted_closes(
    days: Sequence[date],
    closes: Sequence[Decimal],
    events: Sequence[PriceEvent],
    basis: PriceBasis,
) -> list[Decimal]:
    """Raw close × product of the factors of every later event.

        split a:b on E           f = b / a              for all bars before E
        dividend D on E          f = 1 - D / P(E-1)     total basis only, as all that follow
        spin-off worth S a unit  f = 1 - S / P(E-1)
        rights, n old a new, K   f = (n·P + K) / ((n + 1)·P)     theoretical ex-rights price / P

    Where a split shares the day, P is the close before it, divided by the split.

    Args:
        days: Trading days, oldest first; n items.
        closes: Raw closes as traded; n items, same currency as the amounts.
        events: In any order; those outside the days are ignored.
        basis: RAW returns the closes themselves.

    Returns:
        n adjusted closes; the last ones equal the raw ones.

    Raises:
        AdjustmentUndefined: an amount as large as the price before it (a liquidation is none).
    Source: CRSP-style backward factors; Yahoo's adjusted close follows the same rule.
    """
    if basis is PriceBasis.RAW:
        return list(closes)
    pending = events_within(days[0], days[-1], events) if days else []
    factor = ONE
    found: list[Decimal] = []
    for day, close in zip(reversed(days), reversed(closes), strict=True):
        if now := _taken(pending, day):
            factor *= price_after(close, now, basis) / close
        found.append(close * factor)
    return found[::-1]


@exact
def unadjusted_closes(
    days: Sequence[date],
    adjusted: Sequence[Decimal],
    events: Sequence[PriceEvent],
    basis: PriceBasis,
) -> list[Decimal]:
    """Raw closes out of adjusted ones: the inverse of `adjusted_closes`, for the same events.

    Args:
        days: Trading days, oldest first; n items.
        adjusted: Closes adjusted for the events up to the last day, and for no others.
        events: All that were adjusted for, in any order; a missing one gives a wrong price.
        basis: What `adjusted` was adjusted for.

    Returns:
        n raw closes, exact but for the digits the source cut off.

    Raises:
        AdjustmentUndefined: a price of zero or less comes out: those are not the events.
    """
    if basis is PriceBasis.RAW:
        return list(adjusted)
    pending = events_within(days[0], days[-1], events) if days else []
    factor = ONE
    found: list[Decimal] = []
    for day, close in zip(reversed(days), reversed(adjusted), strict=True):
        raw = close / factor
        if now := _taken(pending, day):
            after, raw = raw, _before(raw, now, basis)
            factor *= after / raw
        found.append(raw)
    return found[::-1]


@exact
def adjusted_volumes(
    days: Sequence[date], volumes: Sequence[Decimal | None], events: Sequence[PriceEvent]
) -> list[Decimal | None]:
    """Volumes in units of the last day: raw volume × later split ratios; unknown stays unknown.

    Cash moves no units, so both adjusted bases have the same volumes.
    """
    pending = events_within(days[0], days[-1], events) if days else []
    factor = ONE
    found: list[Decimal | None] = []
    for day, volume in zip(reversed(days), reversed(volumes), strict=True):
        for event in _taken(pending, day):
            factor *= event.ratio or ONE
        found.append(volume * factor if volume is not None else None)
    return found[::-1]


def events_within(
    first_day: date, last_day: date, events: Sequence[PriceEvent]
) -> list[PriceEvent]:
    """The events that lie among the days, oldest first."""
    return sorted(
        (event for event in events if first_day < event.ex_date <= last_day),
        key=lambda event: event.ex_date,
    )


def _taken(pending: list[PriceEvent], day: date) -> list[PriceEvent]:
    """Take out what comes after a day and was not taken yet, oldest first."""
    place = len(pending)
    while place and pending[place - 1].ex_date > day:
        place -= 1
    now = pending[place:]
    del pending[place:]
    return now


# What one event does to the price: (what becomes of it, what it was), splits first.
Step = tuple[Callable[[Decimal], Decimal], Callable[[Decimal], Decimal]]


def _steps(events: Sequence[PriceEvent], basis: PriceBasis) -> list[Step]:
    """In an order that depends on the events' days and kinds, not on how they were told."""
    found: list[Step] = []
    for day in sorted({event.ex_date for event in events}):
        of_day = [event for event in events if event.ex_date == day]
        found += [_split(event.ratio) for event in of_day if event.ratio is not None]
        if basis is PriceBasis.TOTAL:
            found += [_paid(amount) for event in of_day if (amount := _amount(event))]
            found += [_issued(*one) for one in sorted(e.rights for e in of_day if e.rights)]
    return found


def _amount(event: PriceEvent) -> Decimal:
    return (event.cash_amount or Decimal(0)) + (event.spin_off_value or Decimal(0))


def _split(ratio: Decimal) -> Step:
    return (lambda price: price / ratio), (lambda price: price * ratio)


def _paid(amount: Decimal) -> Step:
    return (lambda price: price - amount), (lambda price: price + amount)


def _issued(old: Decimal, subscription: Decimal) -> Step:
    """The theoretical ex-rights price, (n·P + K) / (n + 1), and back."""
    return (
        lambda price: (old * price + subscription) / (old + 1),
        lambda price: (price * (old + 1) - subscription) / old,
    )


def price_after(close: Decimal, events: Sequence[PriceEvent], basis: PriceBasis) -> Decimal:
    """What the events leave of the close before them; they share one gap between two bars.

    Raises:
        AdjustmentUndefined: nothing is left.
    """
    price = close
    for forward, _ in _steps(events, basis):
        price = forward(price)
        _require_price(price, events)
    return price


def _before(price: Decimal, events: Sequence[PriceEvent], basis: PriceBasis) -> Decimal:
    """The close that the events left this much of."""
    for _, backward in reversed(_steps(events, basis)):
        price = backward(price)
        _require_price(price, events)
    return price


def _require_price(price: Decimal, events: Sequence[PriceEvent]) -> None:
    if price <= 0:
        day = events[0].ex_date.isoformat()
        raise AdjustmentUndefined(
            f"what was paid on {day} is no less than the price before it", ex_date=day
        )
