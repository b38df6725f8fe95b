"""What an exchange is doing at an instant, and which trade date that instant belongs to.

Times of day are the exchange's own and become instants through its zone, so a change to daylight
saving time needs no rule here. Sources of the extended hours: NYSE Arca and Nasdaq, hours of
trading; overnight: the alternative trading systems brokers route to.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from truenav.core.calendar.exchanges import NEW_YORK, CalendarUnknown, ExchangeDays

DAY = timedelta(days=1)
LONGEST_PAUSE = 30  # days; Shanghai's spring festival is the longest known


class Phase(StrEnum):
    """What a market is doing."""

    PRE = "pre"
    REGULAR = "regular"
    POST = "post"
    OVERNIGHT = "overnight"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Session:
    """One trading day: instants in UTC; `pause` is a lunch break, if the exchange takes one."""

    trade_date: date
    opens_at: datetime
    closes_at: datetime
    pause: tuple[datetime, datetime] | None
    is_early_close: bool


@dataclass(frozen=True, slots=True)
class MarketPhase:
    """What a market is doing now, whose day it counts as, and until when.

    `until` is None where the calendar ends before the next change.
    """

    phase: Phase
    trade_date: date | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ExtendedHours:
    """Trading outside of the session, by the exchange's clock, since a day.

    `post_ends_early` is for days that close early. The night belongs to the next trade date: it
    begins on the evening before and ends where `pre` begins.
    """

    since: date
    pre: time
    post_ends: time
    post_ends_early: time
    night_begins: time | None = None


# The days are from when on this table has them: some venue or broker may have begun earlier.
EXTENDED: Mapping[str, Sequence[ExtendedHours]] = {
    NEW_YORK: (
        ExtendedHours(date(2013, 4, 1), time(4), time(20), time(17)),
        ExtendedHours(date(2026, 1, 1), time(4), time(20), time(17), time(20)),
    )
}


def session_on(days: ExchangeDays, day: date) -> Session | None:
    """The session of a day; None when there is none.

    Raises:
        CalendarUnknown: no table covers the day.
    """
    is_session = days.is_session(day)
    opens, closes, begins, ends = days.hours_on(day)
    if not is_session:
        return None
    pause = (_instant(days, day, begins), _instant(days, day, ends)) if begins and ends else None
    return Session(
        trade_date=day,
        opens_at=_instant(days, day, opens),
        closes_at=_instant(days, day, closes),
        pause=pause,
        is_early_close=days.closes_early(day),
    )


def sessions_between(days: ExchangeDays, first: date, last: date) -> list[date]:
    """The trading days from `first` to `last`, both included, oldest first.

    Raises:
        CalendarUnknown: a day of the range is beyond the table.
    """
    if first > last:
        return []
    for end in (first, last):
        if not days.knows(end):
            raise CalendarUnknown(f"{days.mic} is known from {days.first} to {days.last}")
    return [
        day
        for day in map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
        if days.is_session(day)
    ]


def next_session(days: ExchangeDays, day: date) -> date | None:
    """The first trading day after a day; None when the table ends before one."""
    return _walk(days, day, 1)


def previous_session(days: ExchangeDays, day: date) -> date | None:
    """The last trading day before a day; None when the table begins after one."""
    return _walk(days, day, -1)


def last_close(days: ExchangeDays, now: datetime) -> date | None:
    """The newest trading day whose session has ended by an instant; None when unknown."""
    today = now.astimezone(days.zone).date()
    if days.is_session(today):
        session = session_on(days, today)
        if session is not None and session.closes_at <= now:
            return today
    return previous_session(days, today)


def trade_date_of(days: ExchangeDays, instant: datetime) -> date | None:
    """The trading day an instant counts as: the exchange's date, or the next one at night.

    None when the market is closed then, or no table covers the day.
    """
    return phase_at(days, instant).trade_date if days.knows(_local_date(days, instant)) else None


def phase_at(days: ExchangeDays, now: datetime) -> MarketPhase:
    """What the market is doing at an instant.

    Raises:
        CalendarUnknown: no table covers the day.
    """
    today = _local_date(days, now)
    if not days.knows(today):
        raise CalendarUnknown(f"{days.mic} is known from {days.first} to {days.last}")
    upcoming = next_session(days, today)
    changes: list[tuple[datetime, Phase, date | None]] = []
    for day in (previous_session(days, today), today, upcoming):
        session = session_on(days, day) if day is not None else None
        if session is not None:
            changes += _changes(days, session)
    # where one day's evening ends and the next one's night begins, the night has it
    changes.sort(key=lambda change: (change[0], change[1] is not Phase.CLOSED))
    index = bisect_right([at for at, _, _ in changes], now)
    if index == 0:
        return MarketPhase(Phase.CLOSED, None, changes[0][0] if changes else None)
    _, phase, trade_date = changes[index - 1]
    # without a session after it the last change has no known end
    until = changes[index][0] if index < len(changes) else None
    return MarketPhase(phase, trade_date, until)


def _changes(days: ExchangeDays, session: Session) -> list[tuple[datetime, Phase, date | None]]:
    """The instants at which the market turns to something else because of one session."""
    day = session.trade_date
    found: list[tuple[datetime, Phase, date | None]] = [
        (session.opens_at, Phase.REGULAR, day),
        (session.closes_at, Phase.CLOSED, None),
    ]
    if session.pause is not None:
        found += [(session.pause[0], Phase.CLOSED, day), (session.pause[1], Phase.REGULAR, day)]
    extended = _extended(days, day)
    if extended is None:
        return found
    post_ends = extended.post_ends_early if session.is_early_close else extended.post_ends
    found[1] = (session.closes_at, Phase.POST, day)
    found.append((_instant(days, day, extended.pre), Phase.PRE, day))
    if extended.night_begins is not None:
        found.append((_instant(days, day - DAY, extended.night_begins), Phase.OVERNIGHT, day))
    found.append((_instant(days, day, post_ends), Phase.CLOSED, None))
    return found


def _extended(days: ExchangeDays, day: date) -> ExtendedHours | None:
    found = [hours for hours in EXTENDED.get(days.mic, ()) if hours.since <= day]
    return found[-1] if found else None


def _walk(days: ExchangeDays, day: date, step: int) -> date | None:
    for distance in range(1, LONGEST_PAUSE + 1):
        try:
            candidate = day + step * distance * DAY
        except OverflowError:
            return None
        is_session = days.is_session(candidate)
        if is_session:
            return candidate
    return None


def _local_date(days: ExchangeDays, instant: datetime) -> date:
    return instant.astimezone(days.zone).date()


def _instant(days: ExchangeDays, day: date, at: time) -> datetime:
    """The instant of a time of day there; no exchange opens in an hour the clocks skip."""
    return datetime.combine(day, at, days.zone).astimezone(UTC)
