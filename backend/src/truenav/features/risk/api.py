"""The route of risk."""

from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

import numpy as np
from fastapi import APIRouter, Depends, Query

from truenav.core.money import to_decimal_places
from truenav.core.risk.samples import Sample
from truenav.features.performance.benchmark_levels import benchmark_levels
from truenav.features.performance.benchmarks import find_benchmark
from truenav.features.risk.asked import Asked, asked
from truenav.features.risk.figures import PLACES, decimal_of
from truenav.features.risk.market import risk_free
from truenav.features.risk.metrics import Joined, joined, own_metrics, pair_metrics
from truenav.features.risk.portfolio import PortfolioReturns, portfolio_returns
from truenav.features.risk.rolling import rolling_of
from truenav.features.risk.schemas import (
    BenchmarkOut,
    FallOut,
    RiskOut,
    WorstDayOut,
)
from truenav.features.risk.tails import (
    bins_of,
    correlations_of,
    held_tail,
    held_today,
    tail_out,
)
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.asked import AskedHistory
from truenav.features.valuation.holdings import holdings_of
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.unit_of_work import UnitOfWork
from truenav.platform.wire import LocalDate

router = APIRouter(prefix="/api/v1", tags=["risk"], responses=GUARDED)
# 2026.2: the risk-free rate of each return where yields are published
VERSION: Final = "2026.2"
WORST: Final = 10


@router.get("/risk", operation_id="getRisk")
async def get_risk(
    uow: Uow,
    scope: AskedHistory,
    how: Annotated[Asked, Depends(asked)],
    from_date: Annotated[LocalDate | None, Query(alias="from")] = None,
    to_date: Annotated[LocalDate | None, Query(alias="to")] = None,
    benchmark_id: UUID | None = None,
    max_points: Annotated[int, Query(ge=3, le=10_000)] = 1000,
) -> RiskOut:
    """Volatility, ratios, drawdown, tails, windows and correlations of a span."""
    of = await portfolio_returns(uow, scope, from_date, to_date)
    benchmark, both = await _benchmark(uow, of, benchmark_id, scope.currency)
    held = await held_today(uow, await holdings_of(uow, scope), how.window)
    free = await risk_free(uow, of.sample.days, how.source, float(how.rate))
    rolling, is_decimated = rolling_of(of, both, free, how, max_points)
    days = of.index.days
    return RiskOut(
        currency=scope.currency,
        from_date=days[0] if days else None,
        to_date=days[-1] if days else None,
        return_count=len(of.sample.days),
        frequency=of.frequency.name,
        periods_per_year=int(of.frequency.periods) or None,
        broken_on=of.index.broken_on,
        broken_reason=of.index.reason,
        risk_free_source=how.source,
        risk_free_ratio=how.rate
        if how.source == "given"
        else decimal_of(free.mean(of.sample.days)),
        confidence_ratio=decimal_of(how.confidence) or Decimal(0),
        method=how.method,
        window=how.window,
        calculation_version=VERSION,
        metrics=[*own_metrics(of, free), *pair_metrics(both, free)],
        max_drawdown=_fall(of),
        benchmark=benchmark,
        past_tail=tail_out(of.sample, how.window, how.tail),
        held_tail=held_tail(held, how.window, how.tail),
        histogram=bins_of(of.sample, how.window),
        worst_days=_worst(of.sample),
        rolling=rolling,
        is_decimated=is_decimated,
        correlations=await correlations_of(uow, held, how.window),
        is_recomputing=await valuation.is_recomputing(uow.session),
    )


async def _benchmark(
    uow: UnitOfWork, of: PortfolioReturns, benchmark_id: UUID | None, currency: str
) -> tuple[BenchmarkOut | None, Joined | None]:
    """The benchmark on the days both are priced: nothing is carried over into a statistic."""
    if benchmark_id is None:
        return None, None
    benchmark = await find_benchmark(uow, benchmark_id)
    days = list(of.levels)
    found = await benchmark_levels(uow, benchmark, currency, days)
    levels = {
        day: float(value)
        for day, value in zip(days, found.values, strict=True)
        if value is not None and day in found.own_days
    }
    both = joined(of.levels, levels)
    out = BenchmarkOut(
        benchmark_id=benchmark.id,
        symbol=benchmark.symbol,
        name=benchmark.name,
        basis=benchmark.basis,
        return_count=len(both.own.days),
        first_date=both.own.days[0] if both.own.days else None,
        last_date=both.own.days[-1] if both.own.days else None,
    )
    return out, both


def _fall(of: PortfolioReturns) -> FallOut:
    fall = of.drawdown
    if fall is None:
        return FallOut(
            ratio=None, reason=of.index.reason or "no_capital", peak_date=None, trough_date=None,
            recovery_date=None, days_down=None, days_to_recover=None,
        )  # fmt: skip
    back = fall.recovery_date
    return FallOut(
        ratio=to_decimal_places(fall.ratio, PLACES),
        reason=None,
        peak_date=fall.peak_date,
        trough_date=fall.trough_date,
        recovery_date=back,
        days_down=(fall.trough_date - fall.peak_date).days,
        days_to_recover=(back - fall.trough_date).days if back is not None else None,
    )


def _worst(sample: Sample) -> list[WorstDayOut]:
    # rounded: of equal returns the earlier day comes first, whatever their last digits
    order = np.argsort(np.round(sample.returns, PLACES), kind="stable")[:WORST]
    return [
        WorstDayOut(
            as_of=sample.days[int(row)],
            return_ratio=decimal_of(float(sample.returns[row])) or Decimal(0),
        )
        for row in order
        if sample.returns[row] < 0
    ]
