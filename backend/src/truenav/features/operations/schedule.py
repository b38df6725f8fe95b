"""What is done by itself, and when: data, and the arithmetic of its occurrences.

An occurrence is an instant. The scheduler announces the newest one that has come and was not
announced yet; what lies before it was missed, and is made up for by the same work: prices are
fetched from where the stored ones end, snapshots are built from the last one on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from truenav.core.calendar.exchanges import ExchangeDays, exchange_days
from truenav.core.calendar.sessions import next_session, session_on

DAY = timedelta(days=1)
# An entry nobody announced for longer than this is announced once, not once for each time missed.
LOOK_BACK = 10 * DAY
WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))


class When(Protocol):
    """Instants at which something is due."""

    def last(self, now: datetime) -> datetime | None:
        """The newest instant up to now; None when there was none lately."""
        ...

    def next(self, now: datetime) -> datetime | None:
        """The first instant after now; None when nobody knows."""
        ...


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, counted from the epoch."""

    interval: timedelta

    def last(self, now: datetime) -> datetime:
        """The newest instant up to now."""
        return now - (now - datetime.fromtimestamp(0, UTC)) % self.interval

    def next(self, now: datetime) -> datetime:
        """The first instant after now."""
        return self.last(now) + self.interval


@dataclass(frozen=True, slots=True)
class DailyAt:
    """At times of day in UTC, on some days of the week."""

    times: Sequence[time]
    weekdays: frozenset[int] = EVERY_DAY

    def last(self, now: datetime) -> datetime | None:
        """The newest instant up to now."""
        return max((at for at in self._around(now) if at <= now), default=None)

    def next(self, now: datetime) -> datetime | None:
        """The first instant after now."""
        return min((at for at in self._around(now) if at > now), default=None)

    def _around(self, now: datetime) -> Iterator[datetime]:
        for distance in range(-8, 9):
            day = (now + distance * DAY).date()
            if day.weekday() in self.weekdays:
                yield from (datetime.combine(day, at, UTC) for at in self.times)


@dataclass(frozen=True, slots=True)
class AfterClose:
    """So long after each close of an exchange; days that close early come earlier."""

    mic: str
    delays: Sequence[timedelta]

    def last(self, now: datetime) -> datetime | None:
        """The newest instant up to now; None beyond the exchange's calendar."""
        return max((at for at, _ in self._around(now) if at <= now), default=None)

    def next(self, now: datetime) -> datetime | None:
        """The first instant after now; None beyond the exchange's calendar."""
        return min((at for at, _ in self._around(now) if at > now), default=None)

    def session_of(self, occurrence: datetime) -> date:
        """The trading day whose close an occurrence follows."""
        return next(day for at, day in self._around(occurrence) if at == occurrence)

    def _around(self, now: datetime) -> Iterator[tuple[datetime, date]]:
        days = exchange_days(self.mic)
        day: date | None = (now - LOOK_BACK).date()
        while (day := _following(days, day)) is not None and day <= (now + LOOK_BACK).date():
            session = session_on(days, day)
            if session is not None:
                yield from ((session.closes_at + delay, day) for delay in self.delays)


def _following(days: ExchangeDays, day: date | None) -> date | None:
    return next_session(days, day) if day is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that is done by itself.

    `asks_providers`: left out where the installation is offline.
    """

    name: str
    when: When
    asks_providers: bool = False


# The close, and again for what a provider did not tell yet.
AFTER_CLOSE = (timedelta(minutes=45), timedelta(hours=2), timedelta(hours=5), timedelta(hours=11))
EOD = "eod"
ENTRIES: Sequence[Entry] = (
    Entry(
        name="rates",
        # the European Central Bank publishes at about four in the afternoon in Frankfurt
        when=DailyAt((time(15, 15), time(17), time(20)), WEEKDAYS),
        asks_providers=True,
    ),
    Entry(name="eod-crypto", when=DailyAt((time(0, 10), time(6))), asks_providers=True),
    # of exchanges whose calendar nobody knows
    Entry(name="eod-other", when=DailyAt((time(23),), WEEKDAYS), asks_providers=True),
    # yields and consumer prices, where there is a key for them
    Entry(name="series", when=DailyAt((time(14),), WEEKDAYS), asks_providers=True),
    Entry(name="benchmarks", when=DailyAt((time(1),)), asks_providers=True),
    Entry(name="events", when=DailyAt((time(5),)), asks_providers=True),
    # what people set up for themselves: a URL and where in it a price stands
    Entry(name="own-sources", when=DailyAt((time(6, 30), time(21, 30))), asks_providers=True),
    # a portfolio with known answers, through the whole stack
    Entry(name="canary", when=Every(timedelta(minutes=5))),
    Entry(name="snapshots", when=Every(timedelta(minutes=10))),
    # of rules that wait for something not to happen: no price for days
    Entry(name="alerts", when=DailyAt((time(7),))),
    Entry(name="proofs", when=DailyAt((time(2),))),
    Entry(name="reconciliation", when=DailyAt((time(3),))),
    Entry(name="retention", when=DailyAt((time(4),))),
    # of work that ended long ago
    Entry(name="forgetting", when=DailyAt((time(4, 30),))),
)


def eod_entry(mic: str) -> Entry:
    """The closes of one exchange."""
    return Entry(name=f"{EOD}-{mic}", when=AfterClose(mic, AFTER_CLOSE), asks_providers=True)


def entries_for(mics: Sequence[str]) -> list[Entry]:
    """The whole schedule where instruments of these exchanges are held."""
    return [*(eod_entry(mic) for mic in sorted(mics)), *ENTRIES]


def is_due(entry: Entry, announced: datetime | None, now: datetime) -> datetime | None:
    """The occurrence to announce now; None when the newest one was announced."""
    newest = entry.when.last(now)
    # one that is yet to come was announced by a clock that was wrong
    is_announced = announced is not None and newest is not None and newest <= announced <= now
    return None if is_announced else newest
