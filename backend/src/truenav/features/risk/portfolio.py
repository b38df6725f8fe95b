"""Returns of the scope on the days it is priced, from the same series as the page of returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.performance.drawdown import Drawdown, max_drawdown
from truenav.core.performance.twrr import ReturnIndex, annualized
from truenav.core.risk import counted, counted_2026_1
from truenav.core.risk.samples import IRREGULAR, Frequency, Sample, frequency_of, sample_of
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.features.risk.asked import RiskVersion


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
    points: Sequence[SeriesPoint],
    index: ReturnIndex,
    priced: set[date],
    version: RiskVersion = "2026.2",
) -> PortfolioReturns:
    """Growth from counted day to counted day, as a version of risk counts them."""
    is_older = version == counted_2026_1.VERSION.number
    counted_levels = counted_2026_1.counted_levels if is_older else counted.counted_levels
    levels = counted_levels(points, index, priced)
    sample = sample_of(list(levels), list(levels.values()))
    frequency = frequency_of(sample.days) if sample.days else IRREGULAR
    return PortfolioReturns(index, levels, sample, frequency)
