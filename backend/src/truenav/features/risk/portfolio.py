"""Returns of the scope on the days it is priced, from the same series as the page of returns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.performance.drawdown import Drawdown, max_drawdown
from truenav.core.performance.twrr import ReturnIndex, annualized
from truenav.core.risk.samples import IRREGULAR, Frequency, Sample, frequency_of, sample_of
from truenav.core.valuation.consolidation import SeriesPoint


@dataclass(frozen=True, slots=True)
class PortfolioReturns:
    """The linked returns of a span, and the sample of them that statistics are made of."""

    index: ReturnIndex
    levels: dict[date, float]
    sample: Sample
    frequency: Frequency

    @property
    def drawdown(self) -> Drawdown | None:
        """The worst fall, as the page of returns has it: over every day, not only priced ones."""
        return max_drawdown(self.index.days, self.index.growth)

    @property
    def annual_return(self) -> Decimal | None:
        """The time-weighted return a year, from a year up, as the page of returns has it."""
        total = self.index.total
        if total is None:
            return None
        return annualized(total, (self.index.days[-1] - self.index.days[0]).days)


def returns_on(
    points: Sequence[SeriesPoint], index: ReturnIndex, priced: set[date]
) -> PortfolioReturns:
    """Growth from priced day to priced day; the first known day of the span is where it begins.

    A weekend is no day on which nothing happened: without a close of its own it is left out. So
    is a day on which nothing was invested, or too little to make a rate of. Where nothing held
    ever had a close, weekdays count.
    """
    levels: dict[date, float] = {}
    tiny = {*_tiny_days(index)}
    for point, growth in zip(points, index.growth, strict=True):
        if growth is None:
            continue
        is_empty = (point.nav == 0 and growth > 0) or point.as_of in tiny
        is_priced = point.as_of in priced if priced else point.as_of.weekday() < 5
        if not levels or (is_priced and not is_empty):
            levels[point.as_of] = float(growth)
    sample = sample_of(list(levels), list(levels.values()))
    frequency = frequency_of(sample.days) if sample.days else IRREGULAR
    return PortfolioReturns(index, levels, sample, frequency)


def _tiny_days(index: ReturnIndex) -> Iterator[date]:
    """Days that began with too little to make a rate of."""
    for part in index.methods:
        if part.method == "tiny_capital":
            yield from (day for day in index.days if part.since < day <= part.until)
