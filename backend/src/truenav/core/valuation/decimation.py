"""Fewer points for drawing: largest-triangle-three-buckets keeps the shape, first and last kept."""

from collections.abc import Sequence
from decimal import Decimal

from truenav.core.money import exact


@exact
def decimate(values: Sequence[Decimal | None], wanted: int) -> list[int]:
    """Indexes to keep, ascending; all of them when there are no more than `wanted` (>= 3).

    Unknown values count as the last known one, so that a gap does not pull points towards it.
    Source: Steinarsson, Downsampling Time Series for Visual Representation (2013).
    """
    count = len(values)
    if count <= wanted or wanted < 3:
        return list(range(count))
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
