"""Figures of one series of returns: how much it moved, and what was earned for it.

Sources: Sharpe (1994); Sortino and Price (1994); Bacon, Practical Portfolio Performance
Measurement and Attribution (2008). Page: docs/calculations/risk.md.
"""

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
from truenav.core.versions import versioned


@versioned(VERSION)
def volatility(returns: Floats, how: Convention) -> Figure:
    """Sample standard deviation a year: sd(r, n - 1) * sqrt(periods). A ratio; 0 when constant."""
    count = returns.size
    if count < max(how.least, 2):
        return unknown(TOO_FEW, n=count)
    spread = deviation(returns)
    return known(spread * sqrt(how.periods), n=count, deviation=spread, periods=how.periods)


@versioned(VERSION)
def downside_deviation(returns: Floats, how: Convention, floor: float = 0.0) -> Figure:
    """sqrt(sum(min(r - floor, 0)^2) / n) * sqrt(periods), n counting all returns.

    `floor` is the least acceptable return of one period, as a ratio.
    """
    count = returns.size
    if count < max(how.least, 1):
        return unknown(TOO_FEW, n=count)
    shortfall = _shortfall(returns, floor)
    return known(
        shortfall * sqrt(how.periods),
        n=count, shortfall=shortfall, floor=floor, periods=how.periods,
    )  # fmt: skip


def _shortfall(returns: Floats, floor: float) -> float:
    below = np.minimum(returns - floor, 0.0)
    return float(sqrt(np.dot(below, below) / returns.size))


@versioned(VERSION)
def sharpe(returns: Floats, how: Convention) -> Figure:
    """mean(r - rf) / sd(r - rf, n - 1) * sqrt(periods); a plain number.

    The arithmetic mean, and the risk-free rate of one period.
    """
    count = returns.size
    if count < max(how.least, 2):
        return unknown(TOO_FEW, n=count)
    excess = float(np.mean(returns)) - how.period_rate
    spread = deviation(returns)
    inputs = {"n": count, "mean_excess": excess, "deviation": spread, "periods": how.periods}
    if not spread:
        return unknown(NO_VARIATION, **inputs)
    return known(excess / spread * sqrt(how.periods), **inputs)


@versioned(VERSION)
def sortino(returns: Floats, how: Convention, floor: float | None = None) -> Figure:
    """mean(r - floor) / shortfall * sqrt(periods), the shortfall over all n returns.

    `floor` of one period as a ratio; the risk-free rate of one period unless given.
    """
    count = returns.size
    if count < max(how.least, 1):
        return unknown(TOO_FEW, n=count)
    least = how.period_rate if floor is None else floor
    excess = float(np.mean(returns)) - least
    shortfall = _shortfall(returns, least)
    inputs = {"n": count, "mean_excess": excess, "shortfall": shortfall, "periods": how.periods}
    if shortfall <= NOTHING:
        return unknown("no_shortfall", **inputs)
    return known(excess / shortfall * sqrt(how.periods), **inputs)


def annual_return(returns: Floats, how: Convention, *, is_short_allowed: bool = False) -> Figure:
    """prod(1 + r)^(periods / n) - 1, the geometric return a year; only from a year up.

    -1 after a total loss. `is_short_allowed` extrapolates less than a year, as some tools do.
    """
    count = returns.size
    if count < 1:
        return unknown(TOO_FEW, n=count)
    if count < how.periods and not is_short_allowed:
        return unknown("less_than_a_year", n=count, periods=how.periods)
    growth = float(np.prod(1.0 + returns))
    value = compounded(growth, how.periods / count)
    return known(value, n=count, growth=growth, periods=how.periods)


def deepest_fall(returns: Floats) -> float:
    """Maximum drawdown of the index these returns make, from 1 on: <= 0."""
    level = np.empty(returns.size + 1)
    level[0] = 1.0
    np.cumprod(1.0 + returns, out=level[1:])
    return float(np.min(level / np.maximum.accumulate(level), initial=1.0)) - 1.0


@versioned(VERSION)
def calmar(
    returns: Floats,
    how: Convention,
    fall: float | None = None,
    *,
    is_short_allowed: bool = False,
) -> Figure:
    """Return a year over the maximum drawdown; `fall` (<= 0) spares working it out again."""
    yearly = annual_return(returns, how, is_short_allowed=is_short_allowed)
    if yearly.value is None:
        return yearly
    return return_over_fall(yearly.value, deepest_fall(returns) if fall is None else fall)


@versioned(VERSION)
def return_over_fall(yearly: float, fall: float) -> Figure:
    """Calmar's ratio of a return a year and a maximum drawdown (<= 0), both as ratios."""
    inputs = {"annual_return": yearly, "max_drawdown": fall}
    if fall > -NOTHING:
        return unknown("no_drawdown", **inputs)
    if fall <= -1.0:
        return unknown("total_loss", **inputs)
    return known(yearly / -fall, **inputs)
