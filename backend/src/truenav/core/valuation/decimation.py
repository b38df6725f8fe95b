"""Fewer points for drawing: each stretch keeps the highest and the lowest of what it drops."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from truenav.core.money import exact

Values = Sequence[Decimal | None]
# `triangles` is how reports were thinned before extremes were kept
Thinning = Literal["triangles", "extremes"]


@exact
def decimate(series: Sequence[Values], wanted: int, thinning: Thinning = "extremes") -> list[int]:
    """Indexes to keep of series over the same days, ascending; all when no more than `wanted`.

    Args:
        series: What is drawn together, the first most important; each as long as the others.
        wanted: The most indexes to keep, >= 3.
        thinning: `extremes`: both ends, and of each stretch the day of the highest and of the
            lowest value of every series, so that none drawn is higher or lower than what was
            (M4, Jugel et al., VLDB 2014). `triangles`: the first series by largest triangles,
            which also serves where there is no room for extremes.
    """
    count = len(series[0])
    if count <= wanted or wanted < 3:
        return list(range(count))
    stretches = (wanted - 2) // (2 * len(series))
    if thinning == "triangles" or not stretches:
        return largest_triangles(series[0], wanted)
    kept = {0, count - 1}
    for number in range(stretches):
        start = 1 + number * (count - 2) // stretches
        end = 1 + (number + 1) * (count - 2) // stretches
        for values in series:
            kept.update(_extremes(values, range(start, end)))
    return sorted(kept)


def _extremes(values: Values, places: range) -> tuple[int, ...]:
    """Where a stretch is lowest and highest; where it begins, if nothing of it is known."""
    known = [(value, -place) for place in places if (value := values[place]) is not None]
    if not known:
        return (places.start,)
    lowest = min(known, key=lambda one: (one[0], -one[1]))
    return -lowest[1], -max(known)[1]


def largest_triangles(values: Values, wanted: int) -> list[int]:
    """Indexes of the points that make the largest triangles with their neighbors' (LTTB).

    Unknown values count as the last known one, so that a gap does not pull points towards it.
    Source: Steinarsson, Downsampling Time Series for Visual Representation (2013).
    """
    count = len(values)
    heights: list[Decimal] = []
    for value in values:
        heights.append(value if value is not None else (heights[-1] if heights else Decimal(0)))
    buckets = wanted - 2
    kept = [0]
    for bucket in range(buckets):
        start = 1 + bucket * (count - 2) // buckets
        end = 1 + (bucket + 1) * (count - 2) // buckets
        next_end = min(count, 1 + (bucket + 2) * (count - 2) // buckets)
        following = heights[end:next_end] or heights[-1:]
        mean = sum(following, Decimal(0)) / len(following)
        middle = Decimal(end + max(next_end - 1, end)) / 2
        anchor = kept[-1]

        def area(
            index: int, anchor: int = anchor, mean: Decimal = mean, middle: Decimal = middle
        ) -> Decimal:
            return abs(
                (anchor - middle) * (heights[index] - heights[anchor])
                - (anchor - index) * (mean - heights[anchor])
            )

        kept.append(max(range(start, end), key=area))
    return [*kept, count - 1]
