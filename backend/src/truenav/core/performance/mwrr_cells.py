"""Where rates can lie at which flows add up to nothing: ranges that hide none between them.

Over a range of rates the present value stays near what it is in the middle, by its Taylor series
and a bound of what the series leaves out. Where it cannot reach zero there is no rate, where its
slope cannot there is at most one, and every other range is halved. Floats only choose ranges;
whether a rate lies in one is decided in decimals.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from math import factorial
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from truenav.core.money import exact

Floats = npt.NDArray[np.float64]
# of ln(1 + r): two rates closer than a billionth are one that the present value only touches
NARROWEST: Final = 1e-9
# what float64 loses of a sum of powers, as a share of all terms without their signs
LOST: Final = 1e-12
ORDER: Final = 6
_ORDERS: Final = np.arange(ORDER + 2)[:, None]
_FACTORIALS: Final = np.array([float(factorial(order)) for order in range(ORDER + 2)])


class Cell(NamedTuple):
    """Rates from `low` up to, but without, `high`; at most one solves it, unless it is narrow.

    Narrow: so short, or the present value so near zero all over it, that floats tell no more.
    """

    low: Decimal
    high: Decimal
    is_narrow: bool


@exact
def cells_of(
    terms: Sequence[tuple[int, Decimal]], unit: int, grid: Sequence[Decimal]
) -> list[Cell]:
    """Ranges of rates in which a present value can be zero, ascending.

    Args:
        terms: (days since the first flow, amount), each day once, in order.
        unit: Days that a rate is of.
        grid: Rates, ascending: where the search begins, ends, and is cut first.
    """
    times = np.array([days / unit for days, _ in terms])
    amounts = np.array([float(amount) for _, amount in terms])
    waiting = list(pairwise(grid))[::-1]
    found: list[Cell] = []
    while waiting:
        low, high = waiting.pop()
        near = _Near(times, amounts, float((1 + low).ln()), float((1 + high).ln()))
        if near.excludes_zero(0):
            continue
        if near.excludes_zero(1):
            found.append(Cell(low, high, is_narrow=False))
        elif near.is_narrow:
            found.append(Cell(low, high, is_narrow=True))
        else:
            middle = ((1 + low) * (1 + high)).sqrt() - 1
            waiting += [(middle, high), (low, middle)]
    return found


class _Near:
    """A present value between two x = ln(1 + r), times a power > 0, and what it may become there.

    Each term is a e^(-(t - s) x). With s, the middle of the money, the terms move least; where
    the sum is zero does not depend on it. `derivatives[j]` is the j-th by x, in the middle of
    the range; `reach[j]` how far its value can be from that.
    """

    def __init__(self, times: Floats, amounts: Floats, low: float, high: float) -> None:
        weights = np.exp(-(times - times[-1] / 2) * (low + high) / 2) * np.abs(amounts)
        away = times - np.dot(weights, times) / weights.sum()
        powers = -np.outer([(low + high) / 2, low, high], away)
        worths = np.exp(powers - powers.max()) * amounts
        factors = (-away) ** _ORDERS
        self.derivatives: Floats = factors @ worths[0]
        self.lost: Floats = LOST * (np.abs(factors) @ np.abs(worths[0]))
        # each term rises or falls all the way: its ends bound it
        self.most: Floats = np.abs(factors) @ np.abs(worths).max(axis=0)
        self.half = (high - low) / 2
        self.is_narrow = high - low < NARROWEST or self._moved(0) < self.lost[0]

    def excludes_zero(self, order: int) -> bool:
        """Whether the value (0) or the slope (1) cannot be zero within the range."""
        reach = self._moved(order) + self.lost[order]
        return bool(abs(self.derivatives[order]) > reach)

    def _moved(self, order: int) -> float:
        """The most by which a derivative differs from what it is in the middle."""
        steps = self.half ** np.arange(1, ORDER + 1) / _FACTORIALS[1 : ORDER + 1]
        series = np.abs(self.derivatives[order + 1 : order + ORDER + 1])
        known = slice(0, ORDER - 1)
        rest = steps[ORDER - 1] * self.most[order + ORDER]
        return float(np.dot(steps[known], series[known]) + rest)
