"""What a statistic is: a number or the reason why there is none, and what it was worked out from.

Statistics are float64 throughout; nothing here is ever NaN or infinite.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import inf, isfinite, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from truenav.core.versions import Version

Floats = NDArray[np.float64]
VERSION: Final = Version(
    "risk", "2026.2", date(2026, 12, 3),
    "A day that began with less than one unit of the currency is no return of the sample: no rate"
    " is made of it.",
)  # fmt: skip

TOO_FEW: Final = "too_few_returns"
NO_VARIATION: Final = "no_variation"
# A deviation below this is what float64 makes of a constant series.
NOTHING: Final = 1e-12
# Below this many returns an estimate says more about the sample than about the portfolio.
LEAST_RETURNS: Final = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic; `value` is None exactly when `reason` says why. `inputs` check it by hand."""

    value: float | None
    reason: str | None = None
    inputs: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Convention:
    """How figures are annualized and against what.

    `periods` returns make a year; `rate` is the risk-free rate a year as a ratio; fewer than
    `least` returns are too few.
    """

    periods: float = 252.0
    rate: float = 0.0
    least: int = LEAST_RETURNS

    @property
    def period_rate(self) -> float:
        """The risk-free rate of one period: (1 + rate)^(1 / periods) - 1."""
        return float((1.0 + self.rate) ** (1.0 / self.periods) - 1.0)


def known(value: float, **inputs: float) -> Figure:
    """A figure with what it was worked out from; None where the arithmetic overflowed."""
    told = {name: float(number) for name, number in inputs.items() if isfinite(number)}
    if not isfinite(value):
        return Figure(None, "out_of_range", told)
    return Figure(float(value), None, told)


def unknown(reason: str, **inputs: float) -> Figure:
    """No figure, and why."""
    return Figure(None, reason, {name: float(n) for name, n in inputs.items() if isfinite(n)})


def compounded(growth: float, exponent: float) -> float:
    """The growth to a power, less 1; -1 of a total loss, infinite beyond what float64 holds."""
    if growth <= 0:
        return -1.0
    try:
        return float(growth**exponent) - 1.0
    except OverflowError:
        return inf


def deviation(returns: Floats) -> float:
    """Sample standard deviation (n - 1); 0.0 of a constant series, and of fewer than two."""
    if returns.size < 2:
        return 0.0
    centered = returns - returns.mean()
    spread = sqrt(float(centered @ centered) / (returns.size - 1))
    return spread if spread > NOTHING else 0.0
