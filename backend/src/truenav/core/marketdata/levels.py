"""Closes that are worlds apart: a series sorted into levels, and the level that is believed.

Two closes are on one level when less than a factor of fifty lies between them, after any split
near by. A wrong digit, pence among pounds, another instrument's price: each is a level of its own.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from truenav.core.money import exact

ONE = Decimal(1)
FAR: Final = Decimal(50)
# Sources differ by days about when a split happened.
SPLIT_SLACK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Point:
    """A raw close on a day, > 0."""

    day: date
    close: Decimal


@dataclass(frozen=True, slots=True)
class Doubt:
    """A close that is `ratio` times the believed one of the day `beside`."""

    ratio: Decimal
    beside: date


@dataclass(slots=True)
class _Level:
    last: Point
    told: list[int] = field(default_factory=list)
    stored_count: int = 0

    @property
    def count(self) -> int:
        return self.stored_count + len(self.told)


@exact
def doubtful(
    points: Sequence[Point],
    stored: Sequence[tuple[date, Decimal]],
    splits: Sequence[tuple[date, Decimal]],
) -> Mapping[int, Doubt]:
    """Which of the told closes are on a level nobody vouches for, by their place.

    A level is believed when a stored close is on it, or when most of all closes are. Without
    either, every close is doubtful: of two halves, nobody knows which is right.

    Args:
        points: Closes as told.
        stored: (day, close) known before, each > 0.
        splits: (ex-date, new units for one), each > 0.
    """
    timeline: list[tuple[Point, int | None]] = [(Point(*known), None) for known in stored]
    timeline += [(point, place) for place, point in enumerate(points)]
    timeline.sort(key=lambda entry: (entry[0].day, entry[1] is not None))
    levels: list[_Level] = []
    of_level: list[tuple[Point, _Level]] = []
    for point, place in timeline:
        level = _joined(levels, point, splits)
        of_level.append((point, level))
        if place is None:
            level.stored_count += 1
        else:
            level.told.append(place)
    good = [one for one in levels if one.stored_count or one.count * 2 > len(timeline)]
    found: dict[int, Doubt] = {}
    for level in levels:
        if any(level is one for one in good):
            continue
        others = [
            point
            for point, of in of_level
            if (any(of is one for one in good) if good else of is not level)
        ]
        found |= {place: _doubt(points[place], others) for place in level.told if others}
    return found


def _joined(levels: list[_Level], point: Point, splits: Sequence[tuple[date, Decimal]]) -> _Level:
    """The nearest level within reach, which the point joins; a new one otherwise."""
    near = [(distance(level.last, point, splits), level) for level in levels]
    best = min(near, key=lambda entry: entry[0], default=None)
    if best is not None and best[0] < FAR:
        best[1].last = point
        return best[1]
    levels.append(_Level(point))
    return levels[-1]


def distance(one: Point, other: Point, splits: Sequence[tuple[date, Decimal]]) -> Decimal:
    """How many times one close is the other, at least 1, after the splits that may lie between."""
    before, after = sorted((one, other), key=lambda point: point.day)
    ratio = after.close / before.close
    exactly = widely = ONE
    for ex_date, units in splits:
        if before.day < ex_date <= after.day:
            exactly *= units
        if before.day - SPLIT_SLACK < ex_date <= after.day + SPLIT_SLACK:
            widely *= units
    return min(max(found, 1 / found) for found in (ratio, ratio * exactly, ratio * widely))


def _doubt(point: Point, others: Sequence[Point]) -> Doubt:
    """Beside the last believed close before it, or the first one when there is none before."""
    place = bisect_left(others, point.day, key=lambda known: known.day)
    beside = others[max(place - 1, 0)]
    return Doubt(point.close / beside.close, beside.day)
