"""What dated amounts are worth now at a rate, and the rate at which that is nothing.

Every version of the money-weighted return is searched with these: what changed here would change
reports that were made with an earlier one.
"""

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from typing import Final

from truenav.core.performance.flows import DAYS_PER_YEAR

Terms = Sequence[tuple[int, Decimal]]
MAX_STEPS: Final = 100
TOLERANCE: Final = Decimal("1E-18")
# 40 digits leave more than 18 right after powers of thousands of days; 60 only cost time here.
_SEARCH = Context(prec=40)


def present_value(terms: Terms, rate: Decimal, unit: int) -> Decimal:
    """Each amount times the daily discount to the power of its day.

    Args:
        terms: (days since the first flow, amount).
        rate: Of `unit` days.
        unit: Days that the rate is of.
    """
    with localcontext(_SEARCH):
        discount = (-(1 + rate).ln() / unit).exp()
        return sum((amount * discount**days for days, amount in terms), Decimal(0))


def slope(terms: Terms, rate: Decimal, unit: int) -> Decimal:
    """What `present_value` gains with the rate: its derivative."""
    with localcontext(_SEARCH):
        discount = (-(1 + rate).ln() / unit).exp()
        weighted = sum((-amount * days * discount**days for days, amount in terms), Decimal(0))
        return weighted / unit / (1 + rate)


def rate_between(
    terms: Terms, bracket: tuple[Decimal, Decimal], at_low: Decimal, unit: int
) -> Decimal:
    """Newton inside a bracket, halving it whenever a step leaves it.

    Args:
        terms: (days since the first flow, amount).
        bracket: Two rates of `unit` days, the lower first, with a present value of zero between.
        at_low: The present value at the lower.
        unit: Days that the rates are of.
    """
    low, high = bracket
    rate = (low + high) / 2
    for _ in range(MAX_STEPS):
        value = present_value(terms, rate, unit)
        if value == 0 or high - low < TOLERANCE:
            break
        if (value < 0) == (at_low < 0):
            low = rate
        else:
            high = rate
        steepness = slope(terms, rate, unit)
        step = rate - value / steepness if steepness else low
        following = step if low < step < high else (low + high) / 2
        if abs(following - rate) < TOLERANCE:
            return following
        rate = following
    return rate


def yearly(rate: Decimal, unit: int) -> Decimal:
    """A rate of `unit` days as a rate a year."""
    if unit == DAYS_PER_YEAR:
        return rate
    return (1 + rate) ** (Decimal(DAYS_PER_YEAR) / unit) - 1
