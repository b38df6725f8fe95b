"""The page of risk, worked out from what is given: the same given make the same answer."""

from decimal import Decimal
from typing import Final

import numpy as np

from truenav.core.money import to_decimal_places
from truenav.core.risk.risk_free import constant
from truenav.core.risk.samples import Sample
from truenav.features.risk.conventions import conventions_of
from truenav.features.risk.figures import PLACES, decimal_of
from truenav.features.risk.given import GivenRisk
from truenav.features.risk.metrics import Joined, joined, own_metrics, pair_metrics
from truenav.features.risk.portfolio import PortfolioReturns, returns_on
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
    tail_out,
)

WORST: Final = 10


def risk_of(given: GivenRisk) -> RiskOut:
    """Volatility, ratios, drawdown, tails, windows and correlations of a span."""
    how, points = given.how, given.points
    index = given.index
    of = returns_on(points, index, set(given.priced), given.risk_version)
    benchmark, both = _benchmark(given, of)
    held = given.held.as_arrays()
    free = constant(float(how.rate)) if given.bills is None else given.bills
    rolling, is_decimated = rolling_of(of, both, free, how, (given.max_points, given.thinning))
    days = index.days
    return RiskOut(
        currency=given.currency,
        from_date=days[0] if days else None,
        to_date=days[-1] if days else None,
        return_count=len(of.sample.days),
        frequency=of.frequency.name,
        periods_per_year=int(of.frequency.periods) or None,
        broken_on=index.broken_on,
        broken_reason=index.reason,
        risk_free_source=how.source,
        risk_free_ratio=how.rate if given.bills is None else decimal_of(free.mean(of.sample.days)),
        confidence_ratio=decimal_of(how.confidence) or Decimal(0),
        method=how.method,
        window=how.window,
        calculation_version=given.risk_version,
        slice=given.slice,
        metrics=[*own_metrics(of, free), *pair_metrics(both, free)],
        max_drawdown=_fall(of),
        benchmark=benchmark,
        past_tail=tail_out(of.sample, how.window, how.tail),
        held_tail=held_tail(held, how.window, how.tail),
        histogram=bins_of(of.sample, how.window),
        worst_days=_worst(of.sample),
        rolling=rolling,
        is_decimated=is_decimated,
        correlations=correlations_of(held, given.names, how.window),
        conventions=conventions_of(given, of.sample, both),
        is_recomputing=False,
    )


def _benchmark(given: GivenRisk, of: PortfolioReturns) -> tuple[BenchmarkOut | None, Joined | None]:
    other = given.benchmark
    if other is None:
        return None, None
    both = joined(of.levels, dict(zip(other.days, other.levels, strict=True)))
    out = BenchmarkOut(
        benchmark_id=other.benchmark_id,
        symbol=other.symbol,
        name=other.name,
        basis=other.basis,
        return_count=len(both.own.days),
        first_date=both.own.days[0] if both.own.days else None,
        last_date=both.own.days[-1] if both.own.days else None,
    )
    return out, both


def _fall(of: PortfolioReturns) -> FallOut:
    fall = of.drawdown
    if fall is None:
        return FallOut(
            ratio=None, reason=of.index.why_none or "no_capital", peak_date=None, trough_date=None,
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
