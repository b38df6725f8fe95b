"""Bars within a day: ticks folded into minutes, minutes into hours, hours into a day.

Folding loses nothing it can keep: what comes out is the same whether ticks are folded into hours
at once or by way of minutes, in whatever order they are told.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from truenav.core.money import exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One trade, or one quote of a source that tells no trades.

    `at` is when it happened (UTC); `sequence` orders those of one instant. `volume` is in
    units, None when the source does not tell it.
    """

    at: datetime
    sequence: int = 0
    price: Decimal
    volume: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Open, high, low and close of an interval that begins `at`; of one currency and source.

    `opened_at` and `closed_at` are the instants of the ticks that made open and close: with them
    two bars of one interval can be put together. `volume` is None when any of it is unknown.
    """

    at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal | None
    opened_at: datetime
    closed_at: datetime


Start = Callable[[datetime], datetime]


def minute_of(instant: datetime) -> datetime:
    """The start of the minute an instant is in, UTC."""
    return instant.astimezone(UTC).replace(second=0, microsecond=0)


def hour_of(instant: datetime) -> datetime:
    """The start of the hour an instant is in, UTC."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def fold_ticks(ticks: Iterable[Tick], start_of: Start = minute_of) -> list[Bar]:
    """One bar for every interval that has a tick, oldest first.

    Open is the first price, close the last, high and low the extremes, volume the sum. Ticks of
    one instant stand in the order of their sequence.

    Args:
        ticks: In any order; of one instrument, source and currency.
        start_of: The start of the interval an instant is in; minutes unless told.
    """
    ordered = sorted(ticks, key=lambda tick: (tick.at, tick.sequence))
    return _folded([_alone(tick) for tick in ordered], start_of)


def fold_bars(bars: Iterable[Bar], start_of: Start = hour_of) -> list[Bar]:
    """One bar for every longer interval that has a shorter one, oldest first.

    Args:
        bars: In any order, none overlapping; of one instrument, source and currency. Each lies
            within one interval of `start_of`.
        start_of: The start of the interval an instant is in: an hour unless told, a day by the
            sessions of an exchange.
    """
    return _folded(sorted(bars, key=lambda bar: bar.at), start_of)


def _alone(tick: Tick) -> Bar:
    return Bar(
        at=tick.at, open=tick.price, high=tick.price, low=tick.price, close=tick.price,
        volume=tick.volume, opened_at=tick.at, closed_at=tick.at,
    )  # fmt: skip


@exact
def _folded(ordered: Iterable[Bar], start_of: Start) -> list[Bar]:
    groups: dict[datetime, list[Bar]] = {}
    for bar in ordered:
        groups.setdefault(start_of(bar.at), []).append(bar)
    return [_joined(start, groups[start]) for start in sorted(groups)]


def _joined(start: datetime, bars: list[Bar]) -> Bar:
    known = [bar.volume for bar in bars if bar.volume is not None]
    first, last = bars[0], bars[-1]
    return Bar(
        at=start,
        open=first.open,
        high=max(bar.high for bar in bars),
        low=min(bar.low for bar in bars),
        close=last.close,
        # a part of a volume is not the volume
        volume=sum(known, Decimal(0)) if len(known) == len(bars) else None,
        opened_at=first.opened_at,
        closed_at=last.closed_at,
    )
