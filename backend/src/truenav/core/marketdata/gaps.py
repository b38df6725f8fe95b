"""What is wrong with one series by itself: gaps, bars of closed days, repeats, leaps."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from truenav.core.money import exact

IsSession = Callable[[date], bool | None]
DAY = timedelta(days=1)
# A close that stands this often in a row was hardly traded at every time.
REPEATS = 5
# Farther than this from the day before without an event; the next day tells an error from a crash.
LEAP = Decimal("1.5")
BACK_WITHIN = Decimal("0.15")


class FlawKind(StrEnum):
    """What a series shows without anything to compare it with."""

    MISSING_SESSIONS = "missing_sessions"
    CLOSED_DAY = "closed_day"
    STALE_REPEAT = "stale_repeat"
    OUTLIER = "outlier"
    LEAP = "leap"
    NO_BARS = "no_bars"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw, from a day to another; `day_count` sessions or bars are touched."""

    kind: FlawKind
    day: date
    last_day: date
    day_count: int
    note: str


@exact
def find_flaws(
    days: Sequence[date],
    closes: Sequence[Decimal],
    is_session: IsSession,
    event_days: Collection[date] = (),
) -> list[Flaw]:
    """Everything odd about one series of raw closes, by kind and then by day.

    Args:
        days: Days with a bar, oldest first; n items.
        closes: Raw closes, > 0; n items.
        is_session: Whether the exchange traded on a day; None where its calendar is not known,
            and such days are neither missing nor too many.
        event_days: Ex-dates of splits and the like: a leap on them is none.
    """
    return [
        *_missing(days, is_session),
        *(
            Flaw(FlawKind.CLOSED_DAY, day, day, 1, "the exchange did not trade on this day")
            for day in days
            if is_session(day) is False
        ),
        *_repeats(days, closes),
        *_leaps(days, closes, frozenset(event_days)),
    ]


def _missing(days: Sequence[date], is_session: IsSession) -> list[Flaw]:
    """Runs of sessions without a bar, between the first bar and the last."""
    found = []
    for before, after in pairwise(days):
        between = (before + DAY * n for n in range(1, (after - before).days))
        lost = [day for day in between if is_session(day)]
        if lost:
            note = f"{len(lost)} sessions without a bar"
            found.append(Flaw(FlawKind.MISSING_SESSIONS, lost[0], lost[-1], len(lost), note))
    return found


def _repeats(days: Sequence[date], closes: Sequence[Decimal]) -> list[Flaw]:
    found = []
    start = 0
    for index in range(1, len(closes) + 1):
        if index < len(closes) and closes[index] == closes[start]:
            continue
        count = index - start
        if count >= REPEATS:
            note = f"the close {closes[start].normalize():f} stands {count} times in a row"
            found.append(Flaw(FlawKind.STALE_REPEAT, days[start], days[index - 1], count, note))
        start = index
    return found


def _leaps(
    days: Sequence[date], closes: Sequence[Decimal], event_days: frozenset[date]
) -> list[Flaw]:
    found = []
    index = 1
    while index < len(closes):
        before, now = closes[index - 1], closes[index]
        ratio = now / before
        is_far = ratio >= LEAP or ratio <= 1 / LEAP
        has_event = any(days[index - 1] < day <= days[index] for day in event_days)
        if is_far and not has_event:
            is_back = index + 1 < len(closes) and abs(closes[index + 1] / before - 1) <= BACK_WITHIN
            kind = FlawKind.OUTLIER if is_back else FlawKind.LEAP
            note = f"{ratio.quantize(Decimal('0.001')):f} times the close before it, no event told"
            found.append(Flaw(kind, days[index], days[index], 1, note))
            index += is_back  # the way back is no leap of its own
        index += 1
    return found


def no_bars_since(
    last_bar: date, today: date, is_session: IsSession, *, sessions: int
) -> Flaw | None:
    """A series that ended while its exchange went on: perhaps a delisting, for somebody to decide.

    Returns:
        None when fewer sessions have passed, or the calendar does not know the days.
    """
    passed = [
        day for n in range(1, (today - last_bar).days) if is_session(day := last_bar + DAY * n)
    ]
    if len(passed) < sessions:
        return None
    note = f"no bar for {len(passed)} sessions of its exchange"
    return Flaw(FlawKind.NO_BARS, last_bar, passed[-1], len(passed), note)
