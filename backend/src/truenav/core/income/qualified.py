"""Whether units were held long enough for a dividend to be taxed as a qualified one (US).

More than 60 days of the 121 that begin 60 days before the ex-date; of preferred stock whose
dividend is for more than 366 days, more than 90 of the 181 that begin 90 days before. The day of
the purchase does not count, that of the sale does. IRS Publication 550, "Holding period";
26 U.S.C. 1(h)(11)(B)(iii) with 246(c). Days on which the risk of loss was diminished do not count
either; nobody can see them in records, so the answer says that they are not looked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from truenav.core.ids import LotId
from truenav.core.income.received import VERSION
from truenav.core.money import exact
from truenav.core.versions import versioned

ZERO = Decimal(0)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """Days held of a window around the ex-date: at least `least` of those up to `around` off."""

    around: int
    least: int


COMMON = Rule(around=60, least=61)
PREFERRED = Rule(around=90, least=91)
LONG_PERIOD = timedelta(days=366)


def rule_of(preferred: Iterable[date] | None, ex_date: date) -> Rule | None:
    """The rule of a dividend; None where it depends on a period nobody knows.

    Args:
        preferred: Known ex-dates of preferred stock; None of any other.
        ex_date: Of the dividend. What it is for is taken to run from the ex-date before it.
    """
    if preferred is None:
        return COMMON
    before = max((day for day in preferred if day < ex_date), default=None)
    if before is None:
        return None
    return PREFERRED if ex_date - before > LONG_PERIOD else COMMON


class Holding(StrEnum):
    """What became of the units of one lot."""

    HELD_LONG_ENOUGH = "held_long_enough"
    NOT_YET = "not_yet"
    TOO_SHORT = "too_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLot:
    """Units acquired together, all of them given up on `closed` or still held.

    `units` are as counted on `closed`, or today; `splits` are what rescaled them before: (day, old
    units, new units).
    """

    id: LotId
    acquired: date
    closed: date | None
    units: Decimal
    splits: tuple[tuple[date, Decimal, Decimal], ...] = ()

    @exact
    def as_on(self, ex_date: date) -> "HeldLot":
        """The same units as they were counted at the close before an ex-date."""
        units = self.units
        for day, old, new in self.splits:
            if ex_date <= day and (self.closed is None or day <= self.closed):
                units = units * old / new
        return replace(self, units=units, splits=())


@dataclass(frozen=True, slots=True, kw_only=True)
class LotTest:
    """Of one lot entitled to a dividend: days held so far, and, when not yet enough, from when."""

    lot: HeldLot
    days_held: int
    holding: Holding
    enough_on: date | None


@dataclass(frozen=True, slots=True)
class HoldingTest:
    """All entitled lots of one dividend; units by what became of them."""

    lots: tuple[LotTest, ...]

    @exact
    def units(self, holding: Holding) -> Decimal:
        """Units that are in one of the three cases."""
        return sum((test.lot.units for test in self.lots if test.holding is holding), ZERO)

    @property
    def enough_on(self) -> date | None:
        """The day on which the last of the units that may still qualify do; None without any."""
        return max((t.enough_on for t in self.lots if t.enough_on is not None), default=None)


def days_held(lot: HeldLot, ex_date: date, as_of: date, rule: Rule = COMMON) -> int:
    """Days of the window on which the lot was held, up to `as_of`."""
    first = max(ex_date - timedelta(days=rule.around), lot.acquired + DAY)
    last = min(ex_date + timedelta(days=rule.around), lot.closed or as_of, as_of)
    return max((last - first).days + 1, 0)


def is_entitled(lot: HeldLot, ex_date: date) -> bool:
    """Whether the lot was held at the close before the ex-date."""
    return lot.acquired < ex_date and (lot.closed is None or lot.closed >= ex_date)


@versioned(VERSION)
def holding_test(
    lots: Iterable[HeldLot], ex_date: date, as_of: date, rule: Rule = COMMON
) -> HoldingTest:
    """Try every lot entitled to a dividend, as of a day."""
    entitled = [lot.as_on(ex_date) for lot in lots if is_entitled(lot, ex_date)]
    return HoldingTest(tuple(_tried(lot, ex_date, as_of, rule) for lot in entitled))


def _tried(lot: HeldLot, ex_date: date, as_of: date, rule: Rule) -> LotTest:
    count = days_held(lot, ex_date, as_of, rule)
    if count >= rule.least:
        return LotTest(lot=lot, days_held=count, holding=Holding.HELD_LONG_ENOUGH, enough_on=None)
    first = max(ex_date - timedelta(days=rule.around), lot.acquired + DAY)
    enough_on = first + timedelta(days=rule.least - 1)
    is_open = lot.closed is None or lot.closed > as_of
    may_still = is_open and enough_on <= ex_date + timedelta(days=rule.around)
    if not may_still or (lot.closed is not None and lot.closed < enough_on):
        return LotTest(lot=lot, days_held=count, holding=Holding.TOO_SHORT, enough_on=None)
    return LotTest(lot=lot, days_held=count, holding=Holding.NOT_YET, enough_on=enough_on)
