"""What two sources tell differently of one instrument, and what the likely cause is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from truenav.core.marketdata.adjustment import (
    AdjustmentUndefined,
    PriceBasis,
    PriceEvent,
    adjusted_closes,
)
from truenav.core.money import exact

ONE = Decimal(1)
TOLERANCE = Decimal("0.005")  # relative: closing auctions and consolidated tapes differ by less
EVENT_TOLERANCE = Decimal("0.01")  # vendors round dividends to two or three places
NEAR = timedelta(days=5)
HUNDRED = (Decimal(100), Decimal("0.01"))
# New units for old ones that companies choose.
USUAL_RATIOS = tuple(
    Decimal(new) / Decimal(old)
    for new, old in (
        (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1), (10, 1), (15, 1), (20, 1),
        (25, 1), (30, 1), (50, 1), (3, 2), (4, 3), (5, 4), (6, 5), (11, 10),
    )
)  # fmt: skip


class Cause(StrEnum):
    """The likely reason of a difference."""

    MISSING_SPLIT = "missing_split"
    MISSED_DIVIDEND = "missed_dividend"
    EX_DATE_OFF = "ex_date_off"
    MINOR_UNITS = "minor_units"
    OTHER_BASIS = "other_basis"
    STALE_REPEAT = "stale_repeat"
    MISSING_DAY = "missing_day"
    RESTATED = "restated"


@dataclass(frozen=True, slots=True)
class Told:
    """What one source tells: raw closes by day, and events; all in one currency."""

    source: str
    closes: Mapping[date, Decimal]
    events: Sequence[PriceEvent] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference from `ours` to `theirs`; None is a source's silence.

    `closes` and `events` are what the other source tells instead, and `struck_out` the events of
    ours that it does not tell: what taking its word over would mean.
    """

    cause: Cause
    day: date
    last_day: date
    day_count: int
    ours: str | None
    theirs: str | None
    note: str
    closes: Mapping[date, Decimal]
    events: Sequence[PriceEvent] = ()
    struck_out: Sequence[PriceEvent] = ()


@exact
def compare(ours: Told, theirs: Told, tolerance: Decimal = TOLERANCE) -> list[Difference]:
    """Every difference between the series that counts and another source's.

    Args:
        ours: The series that counts, with the events that do.
        theirs: What another source tells of the same days.
        tolerance: Relative difference of closes that is none.

    Returns:
        Differences of events first, then of closes, each by day; a run of days is one.
    """
    return [
        *_event_differences(ours, theirs),
        *_missing_days(ours, theirs),
        *_close_differences(ours, theirs, tolerance),
    ]


@exact
def worst_adjusted_difference(ours: Told, theirs: Told) -> Decimal | None:
    """The largest relative difference of the fully adjusted closes on common days.

    None without two common days, or where one of the two cannot be adjusted.
    """
    days = sorted(ours.closes.keys() & theirs.closes.keys())
    if len(days) < 2:
        return None
    try:
        mine, other = (
            adjusted_closes(days, [t.closes[d] for d in days], t.events, PriceBasis.TOTAL)
            for t in (ours, theirs)
        )
    except AdjustmentUndefined:
        return None
    return max(abs(b / a - 1) for a, b in zip(mine, other, strict=True))


# --- events --------------------------------------------------------------------------------------


def _event_differences(ours: Told, theirs: Told) -> list[Difference]:
    found: list[Difference] = []
    days = ours.closes.keys() & theirs.closes.keys()
    if not days:
        return found
    first, last = min(days), max(days)
    for is_split in (True, False):
        mine, other = (
            {
                e.ex_date: e
                for e in told.events
                if (e.ratio is not None) is is_split and first < e.ex_date <= last
            }
            for told in (ours, theirs)
        )
        for day in sorted(mine.keys() & other.keys()):
            found += _amounts(mine[day], other[day])
        alone, new = _unmatched(mine, other), _unmatched(other, mine)
        for event in list(new):
            near = [e for e in alone if abs(e.ex_date - event.ex_date) <= NEAR]
            same = [e for e in near if _is_close(_size(e), _size(event), EVENT_TOLERANCE)]
            if same:
                alone.remove(same[0])
                new.remove(event)
                found.append(_shifted(same[0], event))
        found += [_told_by_one(e, is_ours=True) for e in alone]
        found += [_told_by_one(e, is_ours=False) for e in new]
    return sorted(found, key=lambda difference: difference.day)


def _unmatched(
    some: Mapping[date, PriceEvent], others: Mapping[date, PriceEvent]
) -> list[PriceEvent]:
    return [some[day] for day in sorted(some.keys() - others.keys())]


def _size(event: PriceEvent) -> Decimal:
    return event.ratio or event.cash_amount or Decimal(0)


def _said(event: PriceEvent) -> str:
    size = format(_size(event).normalize(), "f")
    return f"split {size}" if event.ratio is not None else f"dividend {size}"


def _is_close(one: Decimal, other: Decimal, tolerance: Decimal) -> bool:
    return bool(one) and abs(other / one - 1) <= tolerance


def _amounts(mine: PriceEvent, other: PriceEvent) -> list[Difference]:
    if _is_close(_size(mine), _size(other), EVENT_TOLERANCE):
        return []
    is_hundred = any(_is_close(_size(mine) * f, _size(other), EVENT_TOLERANCE) for f in HUNDRED)
    cause = Cause.MINOR_UNITS if is_hundred else Cause.RESTATED
    note = "a hundred times the other" if is_hundred else "the amounts differ"
    return [_event_difference(cause, mine, other, note, events=[other])]


def _shifted(mine: PriceEvent, other: PriceEvent) -> Difference:
    note = f"the same event, on {mine.ex_date} here and on {other.ex_date} there"
    return _event_difference(
        Cause.EX_DATE_OFF, mine, other, note, events=[other], struck_out=[mine]
    )


def _told_by_one(event: PriceEvent, *, is_ours: bool) -> Difference:
    cause = Cause.MISSING_SPLIT if event.ratio is not None else Cause.MISSED_DIVIDEND
    if is_ours:
        note = "the other source does not tell it"
        return _event_difference(cause, event, None, note, struck_out=[event])
    return _event_difference(cause, None, event, "only the other source tells it", events=[event])


def _event_difference(
    cause: Cause, mine: PriceEvent | None, other: PriceEvent | None, note: str, *,
    events: Sequence[PriceEvent] = (), struck_out: Sequence[PriceEvent] = (),
) -> Difference:  # fmt: skip
    days = [event.ex_date for event in (mine, other) if event is not None]
    return Difference(
        cause=cause, day=min(days), last_day=max(days), day_count=1,
        ours=_said(mine) if mine is not None else None,
        theirs=_said(other) if other is not None else None,
        note=note, closes={}, events=tuple(events), struck_out=tuple(struck_out),
    )  # fmt: skip


# --- closes --------------------------------------------------------------------------------------


def _missing_days(ours: Told, theirs: Told) -> list[Difference]:
    """Days only one of the two has a bar of, within the days both cover."""
    if not ours.closes or not theirs.closes:
        return []
    first = max(min(ours.closes), min(theirs.closes))
    last = min(max(ours.closes), max(theirs.closes))
    found = []
    for day in sorted(ours.closes.keys() ^ theirs.closes.keys()):
        if not first <= day <= last:
            continue
        mine, other = ours.closes.get(day), theirs.closes.get(day)
        note = "the other source has no bar" if mine is not None else "only the other has a bar"
        found.append(
            Difference(
                cause=Cause.MISSING_DAY, day=day, last_day=day, day_count=1,
                ours=_plain(mine), theirs=_plain(other), note=note,
                closes={day: other} if other is not None else {},
            )
        )  # fmt: skip
    return found


def _plain(value: Decimal | None) -> str | None:
    return format(value.normalize(), "f") if value is not None else None


def _close_differences(ours: Told, theirs: Told, tolerance: Decimal) -> list[Difference]:
    """Runs of days on which closes differ for the same reason."""
    days = sorted(ours.closes.keys() & theirs.closes.keys())
    found: list[Difference] = []
    run: list[date] = []
    why: tuple[Cause, str] | None = None
    for place, day in enumerate(days):
        now = None
        if not _is_close(ours.closes[day], theirs.closes[day], tolerance):
            now = _why(ours, theirs, days, place, tolerance)
        if now != why and why is not None:
            found.append(_run(ours, theirs, run, why))
            run = []
        why = now
        if now is not None:
            run.append(day)
    if why is not None:
        found.append(_run(ours, theirs, run, why))
    return found


def _why(
    ours: Told, theirs: Told, days: Sequence[date], place: int, tolerance: Decimal
) -> tuple[Cause, str]:
    day = days[place]
    ratio = theirs.closes[day] / ours.closes[day]
    if any(_is_close(factor, ratio, tolerance) for factor in HUNDRED):
        return Cause.MINOR_UNITS, "a hundred times the other: pence or cents"
    if place:
        before = days[place - 1]
        if ours.closes[day] == ours.closes[before] and theirs.closes[day] != theirs.closes[before]:
            return Cause.STALE_REPEAT, "ours repeats the day before"
        if theirs.closes[day] == theirs.closes[before] and ours.closes[day] != ours.closes[before]:
            return Cause.STALE_REPEAT, "the other repeats the day before"
    known = {
        e.ex_date: e.ratio for t in (theirs, ours) for e in t.events
        if e.ratio is not None and e.ex_date > day
    }  # fmt: skip
    factor = ONE
    for ex_date in sorted(known):
        factor *= known[ex_date]
        if any(_is_close(f, ratio, tolerance) for f in (factor, 1 / factor)):
            return Cause.OTHER_BASIS, f"one of them is adjusted for the split of {ex_date}"
    # a split nobody told sets all closes before it apart, by the same factor
    start = theirs.closes[days[0]] / ours.closes[days[0]]
    for usual in USUAL_RATIOS if _is_close(start, ratio, tolerance) else ():
        if any(_is_close(f, ratio, tolerance) for f in (usual, 1 / usual)):
            return Cause.MISSING_SPLIT, f"the closes differ by {_plain(usual)}, as after a split"
    return Cause.RESTATED, "the closes differ, for no known reason"


def _run(ours: Told, theirs: Told, run: Sequence[date], why: tuple[Cause, str]) -> Difference:
    return Difference(
        cause=why[0], day=run[0], last_day=run[-1], day_count=len(run),
        ours=_plain(ours.closes[run[0]]), theirs=_plain(theirs.closes[run[0]]), note=why[1],
        closes={day: theirs.closes[day] for day in run},
    )  # fmt: skip
