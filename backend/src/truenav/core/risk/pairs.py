"""Figures of a portfolio beside a benchmark, on the returns of days both have.

Sources: Sharpe (1964), Jensen (1968), Bacon (2008); capture as Morningstar defines it.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from truenav.core.risk.figures import (
    NO_VARIATION,
    NOTHING,
    TOO_FEW,
    VERSION,
    Convention,
    Figure,
    Floats,
    compounded,
    deviation,
    known,
    unknown,
)
from truenav.core.risk.ratios import annual_return
from truenav.core.versions import versioned


@dataclass(frozen=True, slots=True)
class Line:
    """Least squares of the portfolio's excess returns on the benchmark's: y = a + b x."""

    count: int
    intercept: float
    slope: float
    correlation: float
    mean: float
    mean_benchmark: float
    deviation: float
    deviation_benchmark: float


def fitted(returns: Floats, benchmark: Floats, how: Convention) -> Line | str:
    """The line, or the reason why there is none.

    Cov(n - 1) / Var(n - 1); both series less the risk-free rate of a period.
    """
    if returns.size != benchmark.size:
        raise ValueError("returns are paired day by day")
    if returns.size < max(how.least, 2):
        return TOO_FEW
    mean, mean_b = float(returns.mean()), float(benchmark.mean())
    y, x = returns - mean, benchmark - mean_b
    var_x, var_y, both = float(x @ x), float(y @ y), float(x @ y)
    spread, spread_b = (sqrt(var / (returns.size - 1)) for var in (var_y, var_x))
    if spread_b <= NOTHING:
        return "benchmark_constant"
    slope = both / var_x
    spread = spread if spread > NOTHING else 0.0
    correlation = both / sqrt(var_x * var_y) if spread else 0.0
    rate = how.period_rate
    intercept = (mean - rate) - slope * (mean_b - rate)
    return Line(
        count=returns.size, intercept=intercept, slope=slope,
        correlation=min(1.0, max(-1.0, correlation)), mean=mean, mean_benchmark=mean_b,
        deviation=spread, deviation_benchmark=spread_b,
    )  # fmt: skip


@versioned(VERSION)
def beta(returns: Floats, benchmark: Floats, how: Convention) -> Figure:
    """Slope of that line: by how much the portfolio moved with one move of the benchmark."""
    line = fitted(returns, benchmark, how)
    if isinstance(line, str):
        return unknown(line, n=returns.size)
    return known(
        line.slope,
        n=line.count, correlation=line.correlation,
        deviation=line.deviation, benchmark_deviation=line.deviation_benchmark,
    )  # fmt: skip


@versioned(VERSION)
def alpha(returns: Floats, benchmark: Floats, how: Convention) -> Figure:
    """Jensen's alpha a year: (mean(rp - rf) - beta * mean(rb - rf)) * periods, arithmetic."""
    line = fitted(returns, benchmark, how)
    if isinstance(line, str):
        return unknown(line, n=returns.size)
    return known(
        line.intercept * how.periods,
        n=line.count, alpha_per_period=line.intercept, beta=line.slope, mean=line.mean,
        benchmark_mean=line.mean_benchmark, periods=how.periods,
    )  # fmt: skip


def alpha_of_annual_returns(returns: Floats, benchmark: Floats, how: Convention) -> Figure:
    """Bacon's form of Jensen's alpha: Rp - rf - beta * (Rb - rf) of annualized returns."""
    line = fitted(returns, benchmark, how)
    if isinstance(line, str):
        return unknown(line, n=returns.size)
    own, other = (annual_return(series, how) for series in (returns, benchmark))
    if own.value is None or other.value is None:
        return own if own.value is None else other
    value = own.value - how.rate - line.slope * (other.value - how.rate)
    return known(value, n=line.count, beta=line.slope, annual=own.value, benchmark=other.value)


@versioned(VERSION)
def correlation(returns: Floats, benchmark: Floats, how: Convention) -> Figure:
    """Pearson's correlation, -1 to 1."""
    line = fitted(returns, benchmark, how)
    if isinstance(line, str):
        return unknown(line, n=returns.size)
    if not line.deviation:
        return unknown(NO_VARIATION, n=line.count)
    return known(line.correlation, n=line.count)


@versioned(VERSION)
def r_squared(returns: Floats, benchmark: Floats, how: Convention) -> Figure:
    """Share of the variance that the line explains: the correlation squared."""
    found = correlation(returns, benchmark, how)
    if found.value is None:
        return found
    return known(found.value**2, n=returns.size, correlation=found.value)


@versioned(VERSION)
def tracking_error(returns: Floats, benchmark: Floats, how: Convention) -> Figure:
    """sd(rp - rb, n - 1) * sqrt(periods)."""
    if returns.size < max(how.least, 2):
        return unknown(TOO_FEW, n=returns.size)
    spread = deviation(returns - benchmark)
    return known(spread * sqrt(how.periods), n=returns.size, deviation=spread, periods=how.periods)


@versioned(VERSION)
def information_ratio(returns: Floats, benchmark: Floats, how: Convention) -> Figure:
    """mean(rp - rb) / sd(rp - rb, n - 1) * sqrt(periods), the arithmetic form."""
    if returns.size < max(how.least, 2):
        return unknown(TOO_FEW, n=returns.size)
    active = returns - benchmark
    mean, spread = float(np.mean(active)), deviation(active)
    inputs = {"n": returns.size, "mean_active": mean, "deviation": spread, "periods": how.periods}
    if not spread:
        return unknown("same_as_benchmark", **inputs)
    return known(mean / spread * sqrt(how.periods), **inputs)


@versioned(VERSION)
def capture(
    returns: Floats, benchmark: Floats, how: Convention, *, is_up: bool, powers: float = 1.0
) -> Figure:
    """Geometric mean return of the days the benchmark rose (or fell), over the benchmark's own.

    `powers` compounds both means first: the periods of a year for annualized figures.
    """
    if returns.size < max(how.least, 1):
        return unknown(TOO_FEW, n=returns.size)
    chosen = benchmark > 0 if is_up else benchmark < 0
    count = int(np.count_nonzero(chosen))
    if not count:
        return unknown("benchmark_never_rose" if is_up else "benchmark_never_fell", n=0)
    own = _compounded(returns[chosen], powers)
    other = _compounded(benchmark[chosen], powers)
    inputs = {"n": count, "mean": own, "benchmark_mean": other}
    return known(own / other, **inputs) if other else unknown("benchmark_constant", **inputs)


def _compounded(returns: Floats, powers: float) -> float:
    return compounded(float(np.prod(1.0 + returns)), powers / returns.size)
