"""Value at risk and expected shortfall, as returns: a loss is negative.

Sources: Jorion, Value at Risk (2006); Hyndman and Fan (1996) for the rules of quantiles.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final, Literal, get_args

import numpy as np

from truenav.core.risk.figures import TOO_FEW, VERSION, Figure, Floats, deviation, known, unknown
from truenav.core.versions import versioned

# NumPy's names; `linear` is what spreadsheets do.
Quantile = Literal[
    "linear",
    "lower",
    "higher",
    "midpoint",
    "nearest",
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "median_unbiased",
    "normal_unbiased",
]
QUANTILES: Final[tuple[Quantile, ...]] = get_args(Quantile)
LEAST_AT_95: Final = 100
LEAST_BEYOND: Final = 250


@dataclass(frozen=True, slots=True)
class Tail:
    """How a tail is measured: confidence (0.95), the rule of the quantile, and on how few."""

    confidence: float = 0.95
    method: Quantile = "linear"
    is_small_allowed: bool = False

    @property
    def least(self) -> int:
        """Returns needed: 100 up to 95 %, 250 beyond; one when few are allowed."""
        if self.is_small_allowed:
            return 1
        return LEAST_AT_95 if self.confidence <= 0.95 else LEAST_BEYOND

    @property
    def share(self) -> float:
        """Share of the returns in the tail: 0.05 at 95 %."""
        return round(1.0 - self.confidence, 12)


@versioned(VERSION)
def value_at_risk(returns: Floats, tail: Tail) -> Figure:
    """The return that only the worst `1 - confidence` of days fell below: their quantile."""
    if returns.size < tail.least:
        return unknown(TOO_FEW, n=returns.size, least=tail.least)
    value = float(np.quantile(returns, tail.share, method=tail.method))
    return known(value, n=returns.size, share=tail.share)


@versioned(VERSION)
def expected_shortfall(returns: Floats, tail: Tail) -> Figure:
    """Mean of the returns at or below the value at risk."""
    limit = value_at_risk(returns, tail)
    if limit.value is None:
        return limit
    worst = returns[returns <= limit.value]
    if not worst.size:
        # a quantile between two returns may come out a last digit below the lower one
        worst = np.array([np.min(returns)])
    return known(float(np.mean(worst)), n=returns.size, tail_n=worst.size, limit=limit.value)


@versioned(VERSION)
def parametric_value_at_risk(returns: Floats, tail: Tail) -> Figure:
    """Mean less z times sd(n - 1): what a normal distribution with these two would say."""
    if returns.size < max(tail.least, 2):
        return unknown(TOO_FEW, n=returns.size, least=tail.least)
    z = NormalDist().inv_cdf(tail.confidence)
    mean, spread = float(np.mean(returns)), deviation(returns)
    return known(mean - z * spread, n=returns.size, mean=mean, deviation=spread, z=z)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of returns between neighboring edges; the last bin holds its upper edge, too."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@versioned(VERSION)
def histogram(returns: Floats) -> Histogram:
    """About as many equal bins as the square root of n, 8 to 40; none without returns."""
    if not returns.size:
        return Histogram((), ())
    bins = min(40, max(8, round(sqrt(returns.size) * 1.5)))
    low, high = float(np.min(returns)), float(np.max(returns))
    if high - low <= 1e-9:
        return Histogram((low - 0.001, high + 0.001), (int(returns.size),))
    counts, edges = np.histogram(returns, bins=bins)
    return Histogram(tuple(map(float, edges)), tuple(map(int, counts)))
