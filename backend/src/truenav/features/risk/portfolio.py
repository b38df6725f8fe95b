"""Returns of the scope on the days it is priced, from the same series as the page of returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.performance.drawdown import Drawdown, max_drawdown
from truenav.core.performance.twrr import ReturnIndex, annualized, return_index
from truenav.core.risk.samples import IRREGULAR, Frequency, Sample, frequency_of, sample_of
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.features.risk import repository
from truenav.features.valuation.series import Scope, nav_series
from truenav.platform.unit_of_work import UnitOfWork


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


async def portfolio_returns(
    uow: UnitOfWork, scope: Scope, first: date | None, last: date | None
) -> PortfolioReturns:
    """Flows count at the start of their day, as everywhere; of a slice, as of slices."""
    points = await nav_series(uow, scope, first, last)
    index = return_index(
        [point.as_of for point in points],
        [point.nav for point in points],
        [point.external_flow for point in points],
        turned=[point.turned for point in points] if scope.of is not None else None,
    )
    priced: set[date] = set()
    if points:
        priced = await repository.priced_days(
            uow.session,
            scope.account_ids,
            points[0].as_of,
            points[-1].as_of,
            list(scope.of.instruments) if scope.of is not None else None,
        )
    return returns_on(points, index, priced)


def returns_on(
    points: Sequence[SeriesPoint], index: ReturnIndex, priced: set[date]
) -> PortfolioReturns:
    """Growth from priced day to priced day; the first known day of the span is where it begins.

    A weekend is no day on which nothing happened: without a close of its own it is left out. So
    is a day on which nothing was invested. Where nothing held ever had a close, weekdays count.
    """
    levels: dict[date, float] = {}
    for point, growth in zip(points, index.growth, strict=True):
        if growth is None:
            continue
        is_empty = point.nav == 0 and growth > 0
        is_priced = point.as_of in priced if priced else point.as_of.weekday() < 5
        if not levels or (is_priced and not is_empty):
            levels[point.as_of] = float(growth)
    sample = sample_of(list(levels), list(levels.values()))
    frequency = frequency_of(sample.days) if sample.days else IRREGULAR
    return PortfolioReturns(index, levels, sample, frequency)
