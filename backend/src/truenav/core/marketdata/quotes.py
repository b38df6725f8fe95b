"""One quote: whether it may be believed, which part of the day it is from, how long it is fresh.

A quote that is older than the one already held never takes its place (ruling 16, ADR 26).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from truenav.core.calendar.exchanges import CalendarUnknown, ExchangeDays
from truenav.core.calendar.sessions import (
    MarketPhase,
    Phase,
    last_close,
    phase_at,
    session_on,
)
from truenav.core.marketdata.levels import FAR, Point, distance
from truenav.core.marketdata.selection import MANUAL
from truenav.core.marketdata.validation import (
    LEAST_PRICE,
    MAX_PRICE,
    Reason,
    currency_factor,
    is_same_symbol,
)
from truenav.core.money import exact

# A provider's clock may run ahead of ours by this much.
SKEW: Final = timedelta(minutes=1)
# Asked again after: prices as they happen; before and after hours; where no calendar is known.
IN_SESSION: Final = timedelta(seconds=15)
OUT_OF_HOURS: Final = timedelta(minutes=1)
CALENDAR_UNKNOWN: Final = timedelta(minutes=5)
# The last trades of a session reach delayed feeds only after it has ended.
SETTLING: Final = timedelta(minutes=30)
AN_INSTANT: Final = timedelta(seconds=1)


class Session(StrEnum):
    """The part of the trading day a quote is from; closed when that day's trading is over."""

    PRE = "pre"
    REGULAR = "regular"
    POST = "post"
    OVERNIGHT = "overnight"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Market:
    """Where something trades: by a calendar, around the clock, or nobody knows when."""

    days: ExchangeDays | None
    is_always_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a quote is measured by.

    `held_as_of` is of the quote already held; `last_close` a stored raw close (day, close) in the
    major unit of `currency`; `splits` are (ex-date, new units for one).
    """

    now: datetime
    symbol: str
    currency: str
    held_as_of: datetime | None = None
    last_close: tuple[date, Decimal] | None = None
    splits: tuple[tuple[date, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Why a quote is not taken."""

    reason: Reason
    detail: str


@exact
def judge_quote(
    price: Decimal, currency: str, as_of: datetime, expected: Expected, symbol: str | None = None
) -> Doubtful | None:
    """Why a quote may not take the place of what is held; None when it may.

    Args:
        price: The last trade, in `currency`, which may be a minor unit.
        currency: As told.
        as_of: When it was traded, aware.
        expected: What it is measured by.
        symbol: As told; None when the source repeats none.
    """
    factor = currency_factor(currency, expected.currency)
    if not price.is_finite():
        return Doubtful(Reason.NOT_FINITE, "a price that is no number")
    if price <= 0:
        return Doubtful(Reason.NOT_POSITIVE, "a price of zero or less")
    if not LEAST_PRICE <= price < MAX_PRICE:
        return Doubtful(Reason.OUT_OF_BOUNDS, "a price beyond what can be kept")
    if symbol is not None and not is_same_symbol(symbol, expected.symbol):
        return Doubtful(Reason.WRONG_SYMBOL, f"told of {symbol[:20]}, not {expected.symbol}")
    if factor is None:
        return Doubtful(Reason.WRONG_CURRENCY, f"told in {currency[:12]}, not {expected.currency}")
    if as_of > expected.now + SKEW:
        return Doubtful(Reason.FUTURE, f"told of {as_of.isoformat()}, which is still to come")
    if expected.held_as_of is not None and as_of < expected.held_as_of:
        return Doubtful(Reason.NOT_NEWER, "older than the quote that is held")
    return _far_off(price * factor, as_of.date(), expected)


def _far_off(price: Decimal, day: date, expected: Expected) -> Doubtful | None:
    if expected.last_close is None:
        return None
    close = Point(*expected.last_close)
    if distance(close, Point(max(day, close.day), price), expected.splits) < FAR:
        return None
    times = f"{price / close.close:.4g}"
    return Doubtful(Reason.OUTLIER, f"{times} times the close of {close.day}")


def market_phase(market: Market, now: datetime) -> MarketPhase | None:
    """What a market is doing; None where nobody knows."""
    if market.is_always_open:
        return MarketPhase(Phase.REGULAR, now.date(), None)
    if market.days is None:
        return None
    try:
        return phase_at(market.days, now)
    except CalendarUnknown:
        return None


def session_of(market: Market, as_of: datetime, now: datetime) -> Session:
    """The part of the running trading day a quote is from; closed when its day's trading is over.

    Args:
        market: Where it trades.
        as_of: When it was traded; the stroke of the bell belongs to what it ends.
        now: The present instant.
    """
    present = market_phase(market, now)
    traded = market_phase(market, min(as_of, now) - AN_INSTANT)
    if present is None or traded is None:
        return Session.UNKNOWN
    if market.is_always_open:
        return Session.REGULAR
    is_over = present.phase is Phase.CLOSED and present.trade_date is None
    if is_over or traded.trade_date != present.trade_date:
        return Session.CLOSED
    return Session(traded.phase.value)


def fresh_until(market: Market, delay_minutes: int | None, received_at: datetime) -> datetime:
    """Until when a quote need not be asked for again.

    In session half of its delay, and 15 s at least; a minute at least before and after hours; while
    the market is closed until it opens, once the session's last trades had time to arrive.

    Args:
        market: Where it trades.
        delay_minutes: How late the source tells; None when it does not say, and counts as none.
        received_at: When it came in.
    """
    phase = market_phase(market, received_at)
    half = timedelta(minutes=(delay_minutes or 0) / 2)
    if phase is None:
        return received_at + max(CALENDAR_UNKNOWN, half)
    if phase.phase is Phase.REGULAR:
        return received_at + max(IN_SESSION, half)
    if phase.phase is not Phase.CLOSED or phase.until is None:
        return received_at + max(OUT_OF_HOURS, half)
    ends = _ended(market, received_at)
    settled = None if ends is None else ends + timedelta(minutes=delay_minutes or 0) + SETTLING
    if settled is not None and received_at < settled:
        # it may change once more: the last trades are still on their way
        return min(received_at + max(CALENDAR_UNKNOWN, half), phase.until)
    return phase.until


def is_of_last_session(market: Market, as_of: datetime, now: datetime) -> bool:
    """Whether a quote is as new as the last session that ended; True where nobody knows."""
    if market.days is None or market.is_always_open or market_phase(market, now) is None:
        return True
    ended = last_close(market.days, now)
    return ended is None or as_of.astimezone(market.days.zone).date() >= ended


def trade_day(market: Market, as_of: datetime) -> date:
    """The day a trade belongs to, where it trades; of its own zone where nobody knows."""
    zone = market.days.zone if market.days is not None else as_of.tzinfo
    return as_of.astimezone(zone).date()


def does_trade_count(traded_on: date, close_day: date, close_source: str) -> bool:
    """Whether a trade comes before the last stored close of its instrument.

    Not where the close is of a later day, nor where it is of the same day and a person's own.
    """
    is_own = close_source == MANUAL
    return close_day < traded_on or (close_day == traded_on and not is_own)


def _ended(market: Market, now: datetime) -> datetime | None:
    if market.days is None:
        return None
    day = last_close(market.days, now)
    session = session_on(market.days, day) if day is not None else None
    return session.closes_at if session is not None else None
