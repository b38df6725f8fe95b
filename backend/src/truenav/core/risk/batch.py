"""Six figures of many series at once: the same as `ratios`, `pairs` and `tails` give one by one."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from truenav.core.risk.figures import NOTHING, Convention, Floats


@dataclass(frozen=True, slots=True)
class Measures:
    """Arrays of K, one entry per series; NaN where a series has no such figure.

    `value_at_risk` is the linear quantile at 95 %.
    """

    volatility: Floats
    sharpe: Floats
    sortino: Floats
    max_drawdown: Floats
    beta: Floats
    value_at_risk: Floats


def measures_of(series: Floats, benchmark: Floats, how: Convention) -> Measures:
    """Figures of K series of T returns beside one benchmark of T, none of them NaN.

    One row at a time in memory that is used again: a row fits the processor's cache.
    """
    count, length = series.shape
    found = np.full((6, count), np.nan)
    if length < max(how.least, 2):
        return Measures(*found)
    yearly, rate = sqrt(how.periods), how.period_rate
    centered = benchmark - benchmark.mean()
    variance = float(centered @ centered)
    rank = (length - 1) * 0.05
    low = int(rank)
    work, peaks = np.empty(length), np.empty(length)
    for row in range(count):
        one = series[row]
        mean = float(one.sum()) / length
        np.subtract(one, mean, out=work)
        spread = sqrt(float(work @ work) / (length - 1))
        spread = spread if spread > NOTHING else 0.0
        found[0, row] = spread * yearly
        if spread:
            found[1, row] = (mean - rate) / spread * yearly
        if variance > NOTHING**2 * length:
            found[4, row] = float(one @ centered) / variance
        np.subtract(one, rate, out=work)
        np.minimum(work, 0.0, out=work)
        shortfall = sqrt(float(work @ work) / length)
        if shortfall > NOTHING:
            found[2, row] = (mean - rate) / shortfall * yearly
        found[3, row] = _fall(one, work, peaks)
        found[5, row] = _quantile(_lowest(one, mean - spread, low), low, rank - low)
    return Measures(*found)


def _fall(returns: Floats, work: Floats, peaks: Floats) -> float:
    np.add(returns, 1.0, out=work)
    np.cumprod(work, out=work)
    np.maximum.accumulate(work, out=peaks)
    np.maximum(peaks, 1.0, out=peaks)
    np.divide(work, peaks, out=work)
    return min(float(work.min()), 1.0) - 1.0


def _lowest(returns: Floats, limit: float, low: int) -> Floats:
    """The returns below a limit, if they hold the ranks wanted: few are sorted sooner than all."""
    few = returns[returns < limit]
    return few if few.size > low + 1 else returns.copy()


def _quantile(lowest: Floats, low: int, part: float) -> float:
    above_low = min(low + 1, lowest.size - 1)
    lowest.partition((low, above_low))
    value, above = float(lowest[low]), float(lowest[above_low])
    step = above - value
    return value + step * part if part < 0.5 else above - step * (1.0 - part)
