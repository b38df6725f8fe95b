"""The route of risk."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal
from uuid import UUID

import numpy as np
from fastapi import APIRouter, Depends, Query

from truenav.core.money import to_decimal_places
from truenav.core.risk.figures import Convention
from truenav.core.risk.rolling import rolling_sharpe, rolling_volatility
from truenav.core.risk.samples import Sample
from truenav.core.risk.tails import Quantile, Tail
from truenav.core.valuation.decimation import decimate
from truenav.features.instruments.repository import find_visible
from truenav.features.risk.figures import PLACES, decimal_of
from truenav.features.risk.market import levels_in
from truenav.features.risk.metrics import Joined, joined, own_metrics, pair_metrics
from truenav.features.risk.portfolio import PortfolioReturns, portfolio_returns
from truenav.features.risk.schemas import (
    BenchmarkOut,
    FallOut,
    RiskOut,
    RollingPointOut,
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
from truenav.features.valuation.asked import AskedSlice
from truenav.features.valuation.holdings import holdings_of, part_of
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork
from truenav.platform.wire import DecimalText, LocalDate

router = APIRouter(prefix="/api/v1", tags=["risk"], responses=GUARDED)
VERSION: Final = "2026.1"
WORST: Final = 10
RATE_LOW, RATE_HIGH = Decimal("-0.5"), Decimal(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """How risk is measured, as the request says."""

    confidence: float
    method: Quantile
    window: int
    rate: Decimal
    is_small_allowed: bool

    @property
    def tail(self) -> Tail:
        """The same for tails."""
        return Tail(self.confidence, self.method, self.is_small_allowed)


def asked(
    confidence: Annotated[
        Literal["0.9", "0.95", "0.99"], Query(description="Level of value at risk, as a ratio")
    ] = "0.95",
    method: Annotated[Quantile, Query(description="Rule of quantiles, by NumPy's names")] = (
        "linear"
    ),
    window: Annotated[int, Query(ge=20, le=2520, description="Newest returns looked at")] = 252,
    risk_free_ratio: Annotated[
        DecimalText, Query(ge=RATE_LOW, le=RATE_HIGH, description="A year; 0 unless given")
    ] = Decimal(0),
    *,
    allow_few: Annotated[
        bool, Query(description="Measure tails of fewer than 100 (beyond 95 %: 250) returns, too")
    ] = False,
) -> Asked:
    """Confidence, rule, window and risk-free rate of a request."""
    return Asked(float(confidence), method, window, risk_free_ratio, allow_few)


@router.get("/risk", operation_id="getRisk")
async def get_risk(
    uow: Uow,
    scope: AskedSlice,
    how: Annotated[Asked, Depends(asked)],
    from_date: Annotated[LocalDate | None, Query(alias="from")] = None,
    to_date: Annotated[LocalDate | None, Query(alias="to")] = None,
    benchmark_id: UUID | None = None,
    max_points: Annotated[int, Query(ge=3, le=10_000)] = 1000,
) -> RiskOut:
    """Volatility, ratios, drawdown, tails, windows and correlations of a span."""
    of = await portfolio_returns(uow, scope, from_date, to_date)
    benchmark, both = await _benchmark(uow, of, benchmark_id, scope.currency)
    held = await held_today(uow, part_of(await holdings_of(uow, scope)), how.window)
    rolling, is_decimated = _rolling(of, how, max_points)
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
        risk_free_ratio=how.rate,
        confidence_ratio=decimal_of(how.confidence) or Decimal(0),
        method=how.method,
        window=how.window,
        calculation_version=VERSION,
        slice=scope.told,
        metrics=[*own_metrics(of, float(how.rate)), *pair_metrics(both, float(how.rate))],
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
    if benchmark_id is None:
        return None, None
    instrument = await find_visible(uow.session, benchmark_id)
    if instrument is None:
        raise NotFound("no such instrument")
    days = list(of.levels)
    levels: dict[date, float] = {}
    if days:
        found = await levels_in(uow, [benchmark_id], currency, (days[0], days[-1]))
        known = zip(found.days, found.values[0], strict=True)
        levels = {day: float(value) for day, value in known if not np.isnan(value)}
    both = joined(of.levels, levels)
    out = BenchmarkOut(
        instrument_id=instrument.id,
        symbol=instrument.symbol,
        name=instrument.name,
        basis="total",
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


def _rolling(
    of: PortfolioReturns, how: Asked, max_points: int
) -> tuple[list[RollingPointOut], bool]:
    """Both series on the days kept for the shape of the first; nothing of irregular days."""
    if not of.frequency.periods:
        return [], False
    convention = Convention(periods=of.frequency.periods, rate=float(how.rate))
    returns, window = of.sample.returns, how.window
    moved = [decimal_of(value) for value in rolling_volatility(returns, window, convention)]
    earned = rolling_sharpe(returns, window, convention)
    days = of.sample.days[window - 1 :]
    kept = decimate(moved, max_points)
    points = [
        RollingPointOut(as_of=days[i], volatility=moved[i], sharpe=decimal_of(earned[i]))
        for i in kept
    ]
    return points, len(kept) < len(moved)
