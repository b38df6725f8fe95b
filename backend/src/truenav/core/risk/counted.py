"""On which days a portfolio has a level that returns are made of."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from truenav.core.performance.twrr import ReturnIndex
from truenav.core.risk.figures import VERSION
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.versions import versioned


@versioned(VERSION)
def counted_levels(
    points: Sequence[SeriesPoint], index: ReturnIndex, priced: Collection[date]
) -> dict[date, float]:
    """Growth on priced days; the first known day of the span is where it begins.

    A weekend is no day on which nothing happened: without a close of its own it is left out. So
    is a day on which nothing was invested, or too little to make a rate of. Where nothing held
    ever had a close, weekdays count.
    """
    return levels_but(points, index, priced, {*_tiny_days(index)})


def levels_but(
    points: Sequence[SeriesPoint],
    index: ReturnIndex,
    priced: Collection[date],
    without: Collection[date],
) -> dict[date, float]:
    """The same, and which days beside empty ones are none is said."""
    levels: dict[date, float] = {}
    for point, growth in zip(points, index.growth, strict=True):
        if growth is None:
            continue
        is_empty = (point.nav == 0 and growth > 0) or point.as_of in without
        is_priced = point.as_of in priced if priced else point.as_of.weekday() < 5
        if not levels or (is_priced and not is_empty):
            levels[point.as_of] = float(growth)
    return levels


def _tiny_days(index: ReturnIndex) -> Iterator[date]:
    """Days that began with too little to make a rate of."""
    for part in index.methods:
        if part.method == "tiny_capital":
            yield from (day for day in index.days if part.since < day <= part.until)
