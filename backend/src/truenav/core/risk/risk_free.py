"""What cash would have earned: a rate that is given, or published yields of Treasury bills.

Sources: the U.S. Treasury's formulas for bills quoted on a bank discount basis (day count 360);
Sharpe (1994), whose differential return uses the rate of each period.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from truenav.core.risk.figures import VERSION, Floats
from truenav.core.versions import versioned

BILL_DAYS: Final = 91
MAX_AGE_DAYS: Final = 14  # a yield older than that says nothing of the day


@versioned(VERSION)
def yield_of_discount(discount: float, days: int = BILL_DAYS) -> float:
    """The yield a year of a bill that is quoted at a bank discount; both as ratios.

        price = 1 - discount * days / 360        yield = price ^ (-365 / days) - 1

    A discount of 5 % over 91 days costs 0.98736 and yields 5.23 %.
    """
    price = 1.0 - discount * days / 360.0
    return float(price ** (-365.0 / days) - 1.0)


@dataclass(frozen=True, slots=True)
class RiskFree:
    """Yields a year as ratios, by the day they are of, oldest first."""

    days: Sequence[date]
    yields: Sequence[float]

    def on(self, day: date) -> float | None:
        """The newest yield of an earlier day: one earns what was known when a day began."""
        place = bisect_left(self.days, day) - 1
        if place < 0 or (day - self.days[place]).days > MAX_AGE_DAYS:
            return None
        return self.yields[place]

    def of_periods(self, days: Sequence[date], periods: float) -> Floats | None:
        """The rate of each return that ends on these days; None when one is unknown.

        (1 + yield)^(1 / periods) - 1, `periods` returns making a year.
        """
        found = [self.on(day) for day in days]
        known = [rate for rate in found if rate is not None]
        if len(known) < len(found) or not periods:
            return None
        rates: Floats = (1.0 + np.array(known, np.float64)) ** (1.0 / periods) - 1.0
        return rates

    def mean(self, days: Sequence[date]) -> float | None:
        """The average yield a year over these days; None when one is unknown, or without any."""
        found = [self.on(day) for day in days]
        known = [rate for rate in found if rate is not None]
        return float(np.mean(known)) if known and len(known) == len(found) else None


def constant(rate: float) -> RiskFree:
    """One rate a year for all days."""
    return _Constant((), (), rate)


@dataclass(frozen=True, slots=True)
class _Constant(RiskFree):
    rate: float = 0.0

    def on(self, day: date) -> float | None:
        """The same on every day."""
        del day
        return self.rate
