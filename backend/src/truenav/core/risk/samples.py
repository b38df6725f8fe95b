"""Dated returns: made of a growth index, told their frequency, joined by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from truenav.core.risk.figures import VERSION, Floats
from truenav.core.versions import versioned


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a series has a return, and how many of them make a year; 0 when irregular."""

    name: str
    periods: float


DAILY = Frequency("daily", 252.0)
EVERY_DAY = Frequency("every day", 365.0)
WEEKLY = Frequency("weekly", 52.0)
MONTHLY = Frequency("monthly", 12.0)
IRREGULAR = Frequency("irregular", 0.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """Returns as ratios, each on the day it ends, oldest first."""

    days: tuple[date, ...]
    returns: Floats

    def __post_init__(self) -> None:
        if len(self.days) != self.returns.size:
            raise ValueError("a sample needs one day per return")

    def last(self, count: int) -> "Sample":
        """The newest `count` returns, or all there are."""
        return Sample(self.days[-count:], self.returns[-count:])


@versioned(VERSION)
def sample_of(days: Sequence[date], levels: Sequence[float]) -> Sample:
    """Returns between consecutive levels of a growth index.

    Args:
        days: Days of the levels, oldest first; n + 1 of them.
        levels: Growth of 1, > 0; a level of 0 is a total loss and ends the sample.

    Returns:
        n returns, r_t = level_t / level_(t-1) - 1; fewer after a total loss.
    """
    values = np.asarray(levels, np.float64)
    lost = np.flatnonzero(values <= 0)
    end = int(lost[0]) + 1 if lost.size else values.size
    values = values[:end]
    if values.size < 2 or values[0] <= 0:
        return Sample((), np.empty(0))
    return Sample(tuple(days[1:end]), values[1:] / values[:-1] - 1.0)


@versioned(VERSION)
def frequency_of(days: Sequence[date]) -> Frequency:
    """Daily (252 a year), every day of the week (365), weekly (52), monthly (12) or irregular.

    By the median distance of neighboring days; daily series with more than a twentieth of their
    days on weekends trade every day.
    """
    if len(days) < 2:
        return IRREGULAR
    ordinals = np.array([day.toordinal() for day in days])
    gap = float(np.median(np.diff(ordinals)))
    if gap <= 3:
        # day 1 of the calendar was a Monday
        on_weekends = float(np.mean((ordinals - 1) % 7 >= 5))
        return EVERY_DAY if on_weekends > 1 / 20 else DAILY
    if 6 <= gap <= 8:
        return WEEKLY
    return MONTHLY if 27 <= gap <= 32 else IRREGULAR


def common_days(left: Sequence[date], right: Sequence[date]) -> list[date]:
    """The days both have, oldest first: the inner join of two series of levels."""
    return sorted(set(left) & set(right))
