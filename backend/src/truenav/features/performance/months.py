"""The same return cut by calendar month and year, and over windows that roll."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from truenav.core.calendar.months import months_before
from truenav.core.money import exact
from truenav.core.performance.twrr import annualized
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.decimation import decimate
from truenav.features.performance.schemas import (
    MonthlyOut,
    PartOut,
    RollingOut,
    RollingPointOut,
    YearOut,
)
from truenav.features.performance.service import (
    Measured,
    conventions,
    index_of,
    rounded,
    time_weighted,
    why_untold,
)
from truenav.features.performance.wanted import Wanted

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Part:
    """Places of a part among the days: the one it begins with, and its last."""

    base: int
    end: int
    is_partial: bool = False


def monthly_of(found: Measured) -> MonthlyOut:
    """Returns by year and month, the newest year first; each from the close before it."""
    points = found.span.points
    years: dict[int, list[Part]] = {}
    for part in _parts(points, len("2024-03")):
        years.setdefault(points[part.end].as_of.year, []).append(part)
    whole = {points[part.end].as_of.year: part for part in _parts(points, len("2024"))}
    return MonthlyOut(
        currency=found.given.currency,
        as_of=found.given.as_of,
        from_date=points[0].as_of if points else None,
        to_date=points[-1].as_of if points else None,
        total=time_weighted(found, found.span.day_count),
        years=[
            YearOut(
                year=year,
                months=[_told(found, part) for part in years[year]],
                whole=_told(found, whole[year]),
            )
            for year in sorted(years, reverse=True)
        ],
        slice=found.given.slice,
        conventions=conventions(found.index, found.wanted),
        is_recomputing=found.is_recomputing,
    )


def _parts(points: Sequence[SeriesPoint], length: int) -> Iterator[Part]:
    """Months or years; one that begins or ends within its calendar's is partial."""
    places = range(len(points))
    for name, inside in groupby(places, key=lambda i: points[i].as_of.isoformat()[:length]):
        held = list(inside)
        base, end = max(held[0] - 1, 0), held[-1]
        if base == end:
            continue  # the span's first day alone: its close is what the next month begins with
        last_day = points[end].as_of
        is_cut = held[0] == 0 or _next_day(last_day).isoformat()[:length] == name
        yield Part(base, end, is_cut)


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


@exact
def _told(found: Measured, part: Part) -> PartOut:
    points = found.span.points
    ratio, reason = part_ratio(found, part)
    return PartOut(
        month=points[part.end].as_of.month,
        from_date=points[part.base].as_of,
        to_date=points[part.end].as_of,
        ratio=rounded(ratio),
        is_partial=part.is_partial,
        reason=why_untold(ratio) or reason,
    )


def part_ratio(found: Measured, part: Part) -> tuple[Decimal | None, str | None]:
    """The return of a part, or why there is none.

    From the chain where it holds; after a break from the part's own days.
    """
    inside = found.span.points[part.base : part.end + 1]
    if all(point.nav == ZERO for point in inside):
        return None, "no_capital"
    before, after = found.index.growth[part.base], found.index.growth[part.end]
    if before and after is not None:
        return after / before - ONE, None
    if inside[-1].nav is None or inside[0].nav is None:
        return None, "value_unknown"
    if before == ZERO:
        return None, "total_loss"
    costs = found.given.costs
    own = index_of(inside, found.wanted, costs[part.base : part.end + 1] if costs else None)
    return own.total, own.why_none


def begun_before(wanted: Wanted, first: date | None, months: int) -> Wanted:
    """A span whose first windows are whole: they may begin before it."""
    from_date = months_before(first, months) if first is not None else None
    return replace(wanted, from_date=from_date, period=None)


def windows_of(found: Measured, months: int) -> Iterator[Part]:
    """The months before each day, from the day of the same number; those that are whole."""
    points = found.span.points
    place = {point.as_of: index for index, point in enumerate(points)}
    for end, point in enumerate(points):
        base = place.get(months_before(point.as_of, months))
        if base is not None:
            yield Part(base, end)


@exact
def window_ratio(found: Measured, part: Part) -> Decimal | None:
    """The return of a window, of the chain alone; None where it does not hold."""
    before, after = found.index.growth[part.base], found.index.growth[part.end]
    return after / before - ONE if before and after is not None else None


@exact
def rolling_of(
    found: Measured, months: int, max_points: int, first: date | None = None
) -> RollingOut:
    """The return of the months before each day from `first` on, from the day of the same number."""
    points = found.span.points
    rolled = [
        (points[part.end].as_of, window_ratio(found, part))
        for part in windows_of(found, months)
        if first is None or points[part.end].as_of >= first
    ]
    known = sorted(ratio for _, ratio in rolled if ratio is not None)
    kept = decimate([[ratio for _, ratio in rolled]], max_points)
    highest = known[-1] if known else None
    middle = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2 if known else None
    return RollingOut(
        currency=found.given.currency,
        as_of=found.given.as_of,
        window_months=months,
        observation_count=len(known),
        lowest_ratio=rounded(known[0]) if known else None,
        median_ratio=rounded(middle),
        highest_ratio=rounded(highest),
        reason=why_untold(highest) or _why_none(found, rolled),
        items=[
            RollingPointOut(
                as_of=rolled[i][0],
                ratio=rounded(rolled[i][1]),
                annualized_ratio=_yearly(rolled[i], months),
            )
            for i in kept
        ],
        slice=found.given.slice,
        conventions=conventions(found.index, found.wanted),
        is_recomputing=found.is_recomputing,
        is_decimated=len(kept) < len(rolled),
    )


def _why_none(found: Measured, rolled: Sequence[tuple[date, Decimal | None]]) -> str | None:
    """Why no window has a return; None where one has."""
    if any(ratio is not None for _, ratio in rolled):
        return None
    absent = found.index.absent if rolled else None
    return found.index.reason or absent or "span_shorter_than_window"


def _yearly(of: tuple[date, Decimal | None], months: int) -> Decimal | None:
    day, ratio = of
    if ratio is None:
        return None
    return rounded(annualized(ratio, (day - months_before(day, months)).days))
