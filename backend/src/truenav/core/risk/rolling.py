"""The same figures over each window of n returns: entry i covers returns i to i + window - 1.

Where a window has no figure its entry is None.
"""

from math import sqrt

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from truenav.core.risk.figures import NOTHING, VERSION, Convention, Floats
from truenav.core.versions import versioned


@versioned(VERSION)
def rolling_volatility(returns: Floats, window: int, how: Convention) -> list[float | None]:
    """`volatility` of each window; nothing when there is not one whole window."""
    if not 2 <= window <= returns.size:
        return []
    spread = _deviations(sliding_window_view(returns, window))
    return listed(spread * sqrt(how.periods))


@versioned(VERSION)
def rolling_sharpe(returns: Floats, window: int, how: Convention) -> list[float | None]:
    """`sharpe` of each window; None where it did not vary."""
    if not 2 <= window <= returns.size:
        return []
    views = sliding_window_view(returns, window)
    excess = np.mean(views, axis=1) - how.period_rate
    return listed(_over(excess, _deviations(views)) * sqrt(how.periods))


def rolling_beta(returns: Floats, benchmark: Floats, window: int) -> list[float | None]:
    """`beta` of each window; None where the benchmark did not vary."""
    if not 2 <= window <= returns.size:
        return []
    x, y = sliding_window_view(benchmark, window), sliding_window_view(returns, window)
    dx = x - np.mean(x, axis=1, keepdims=True)
    dy = y - np.mean(y, axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", dx, dx)
    variance[_deviations(x) == 0] = 0.0
    return listed(_over(np.einsum("ij,ij->i", dx, dy), variance))


def rolling_fall(returns: Floats, window: int) -> list[float | None]:
    """`deepest_fall` of each window: every window's index starts at 1."""
    if not 1 <= window <= returns.size:
        return []
    views = sliding_window_view(returns, window)
    level = np.ones((views.shape[0], window + 1))
    np.cumprod(1.0 + views, axis=1, out=level[:, 1:])
    return listed(np.min(level / np.maximum.accumulate(level, axis=1), axis=1) - 1.0)


def listed(values: Floats) -> list[float | None]:
    """Plain numbers, None where there is none: the form that leaves this package."""
    return [float(value) if np.isfinite(value) else None for value in values]


def _deviations(views: Floats) -> Floats:
    spread: Floats = np.std(views, axis=1, ddof=1)
    spread[spread <= NOTHING] = 0.0
    return spread


def _over(above: Floats, below: Floats) -> Floats:
    result = np.full(above.shape, np.nan)
    np.divide(above, below, out=result, where=below != 0)
    return result
