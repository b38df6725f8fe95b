"""Each metric with its formula, its inputs, and the days it is of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

import numpy as np

from truenav.core.risk import pairs, ratios
from truenav.core.risk.figures import Convention, Figure, Floats, known, unknown
from truenav.core.risk.risk_free import RiskFree
from truenav.core.risk.samples import Sample, common_days, frequency_of, sample_of
from truenav.features.risk.figures import decimal_of
from truenav.features.risk.portfolio import PortfolioReturns
from truenav.features.risk.schemas import InputOut, MetricOut

NO_BENCHMARK: Final = "no_benchmark"
IRREGULAR: Final = "irregular_days"
NO_SERIES: Final = "series_missing"
FORMULAS: Final = {
    "volatility": "sd(r, n − 1) × √periods",
    "downside_deviation": "√(Σ min(r − floor, 0)² / n) × √periods",
    "sharpe": "mean(r − rf) / sd(r − rf, n − 1) × √periods",
    "sortino": "mean(r − rf) / √(Σ min(r − rf, 0)² / n) × √periods",
    "annual_return": "(1 + time-weighted return)^(365 / days) − 1",
    "calmar": "return a year / −maximum drawdown",
    "beta": "cov(rp, rb) / var(rb)",
    "alpha": "(mean(rp − rf) − beta × mean(rb − rf)) × periods",
    "correlation": "cov(rp, rb) / (sd(rp) × sd(rb))",
    "r_squared": "correlation²",
    "tracking_error": "sd(rp − rb, n − 1) × √periods",
    "information_ratio": "mean(rp − rb) / sd(rp − rb, n − 1) × √periods",
    "up_capture": "geometric mean of rp / of rb, on days with rb > 0",
    "down_capture": "geometric mean of rp / of rb, on days with rb < 0",
    "value_at_risk": "quantile(r, 1 − confidence)",
    "expected_shortfall": "mean of r, where r ≤ value at risk",
    "parametric": "mean(r) − z(confidence) × sd(r, n − 1)",
    "max_drawdown": "lowest of (level / highest level so far − 1)",
}
BESIDE_BENCHMARK: Final = (
    "beta", "alpha", "correlation", "r_squared", "tracking_error", "information_ratio",
    "up_capture", "down_capture",
)  # fmt: skip
RATIOS: Final = frozenset(
    "volatility downside_deviation annual_return alpha tracking_error up_capture"
    " down_capture".split()
)


@dataclass(frozen=True, slots=True)
class Joined:
    """Returns of the portfolio and of a benchmark between the days both have."""

    own: Sample
    other: Sample

    @property
    def periods(self) -> float:
        """How many of these returns make a year; 0 when they are irregular."""
        return frequency_of(self.own.days).periods


def joined(levels: dict[date, float], benchmark: dict[date, float]) -> Joined:
    """Both sampled on the days both have a level."""
    days = common_days(list(levels), list(benchmark))
    own = sample_of(days, [levels[day] for day in days])
    other = sample_of(days, [benchmark[day] for day in days])
    count = min(len(own.days), len(other.days))
    return Joined(
        Sample(own.days[:count], own.returns[:count]),
        Sample(other.days[:count], other.returns[:count]),
    )


def own_metrics(of: PortfolioReturns, free: RiskFree) -> list[MetricOut]:
    """Figures of the portfolio alone."""
    sample = of.sample
    how = Convention(periods=of.frequency.periods)
    beyond = excess(sample, of.frequency.periods, free)
    yearly: tuple[tuple[str, Callable[[Floats, Convention], Figure], Sample | None], ...] = (
        ("volatility", ratios.volatility, sample),
        ("downside_deviation", ratios.downside_deviation, sample),
        ("sharpe", ratios.sharpe, beyond),
        ("sortino", ratios.sortino, beyond),
    )
    found = [_metric(name, _yearly(made, used, sample, how), sample) for name, made, used in yearly]
    annual = _annual(of)
    return [
        *found,
        _metric("annual_return", annual, sample),
        _metric("calmar", _calmar(of, annual), sample),
    ]


def excess(sample: Sample, periods: float, free: RiskFree) -> Sample | None:
    """Returns less the risk-free rate of their own periods; None when a rate is unknown."""
    if not periods:
        return sample  # nothing is annualized of it
    rates = free.of_periods(sample.days, periods)
    return None if rates is None else Sample(sample.days, sample.returns - rates)


def _yearly(
    made: Callable[[Floats, Convention], Figure],
    used: Sample | None,
    sample: Sample,
    how: Convention,
) -> Figure:
    """Nothing is annualized where nobody can say how many returns make a year."""
    if not how.periods and sample.returns.size >= how.least:
        return unknown(IRREGULAR, n=sample.returns.size)
    if used is None:
        return unknown(NO_SERIES, n=sample.returns.size)
    return made(used.returns, how)


def _annual(of: PortfolioReturns) -> Figure:
    total = of.index.total
    if total is None:
        return unknown(of.index.why_none or "no_capital")
    days = (of.index.days[-1] - of.index.days[0]).days
    annual = of.annual_return
    if annual is None:
        return unknown("less_than_a_year", days=days, total_return=float(total))
    return known(float(annual), days=days, total_return=float(total))


def _calmar(of: PortfolioReturns, annual: Figure) -> Figure:
    fall = of.drawdown
    if annual.value is None or fall is None:
        return unknown(annual.reason or "no_capital")
    return ratios.return_over_fall(annual.value, float(fall.ratio))


def pair_metrics(both: Joined | None, free: RiskFree) -> list[MetricOut]:
    """Figures beside the benchmark; unknown without one."""
    if both is None:
        nothing = Sample((), np.empty(0))
        return [_metric(name, unknown(NO_BENCHMARK), nothing) for name in BESIDE_BENCHMARK]
    how = Convention(periods=both.periods)
    own, other = both.own.returns, both.other.returns
    is_irregular = not how.periods and own.size >= how.least
    no = unknown(IRREGULAR, n=own.size)
    found = {
        "beta": pairs.beta(own, other, how),
        "alpha": no if is_irregular else _alpha(both, free, how),
        "correlation": pairs.correlation(own, other, how),
        "r_squared": pairs.r_squared(own, other, how),
        "tracking_error": no if is_irregular else pairs.tracking_error(own, other, how),
        "information_ratio": no if is_irregular else pairs.information_ratio(own, other, how),
        "up_capture": pairs.capture(own, other, how, is_up=True),
        "down_capture": pairs.capture(own, other, how, is_up=False),
    }
    return [_metric(name, figure, both.own) for name, figure in found.items()]


def _alpha(both: Joined, free: RiskFree, how: Convention) -> Figure:
    own, other = (excess(one, both.periods, free) for one in (both.own, both.other))
    if own is None or other is None:
        return unknown(NO_SERIES, n=len(both.own.days))
    return pairs.alpha(own.returns, other.returns, how)


def _metric(name: str, figure: Figure, sample: Sample) -> MetricOut:
    unit: Literal["ratio", "number"] = "ratio" if name in RATIOS else "number"
    return MetricOut(
        name=name,
        value=decimal_of(figure.value),
        reason=figure.reason,
        unit=unit,
        formula=FORMULAS[name],
        return_count=len(sample.days),
        first_date=sample.days[0] if sample.days else None,
        last_date=sample.days[-1] if sample.days else None,
        inputs=[
            InputOut(name=key, value=decimal_of(value) or Decimal(0))
            for key, value in figure.inputs.items()
        ],
    )
