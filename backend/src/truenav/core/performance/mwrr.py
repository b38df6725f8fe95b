"""Money-weighted return: the one yearly rate that makes the investor's own flows add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from truenav.core.money import exact
from truenav.core.performance.flows import DAYS_PER_YEAR
from truenav.core.performance.mwrr_cells import Cell, cells_of
from truenav.core.performance.present_value import (
    TOLERANCE,
    Terms,
    present_value,
    rate_between,
    slope,
    yearly,
)
from truenav.core.versions import Version, versioned

VERSION: Final = Version(
    "mwrr", "2026.2", date(2026, 12, 3),
    "Every rate that solves it is found, however close two of them lie; where several do, the one"
    " whose return of the whole span is nearest to Modified Dietz is shown.",
)  # fmt: skip
FEW_STEPS = 6  # Newton doubles the digits: six from the float's are 60 and more
# Rates are searched between -99.9999 % and +1,000,000, cut here to begin with: a year, or of the
# whole span when that is shorter. Four percent in a day are 160 million percent a year.
_GRID = tuple(
    Decimal(text)
    for text in (
        *("-0.999999", "-0.999", "-0.9", "-0.5", "-0.2", "0"),
        *("0.2", "0.5", "1", "3", "10", "100", "10000", "1000000"),
    )
)
# of all terms without their signs: what is left where a present value only touches zero
_TOUCHED = Decimal("1E-30")
_ONE_RATE = Decimal("1E-9")


class MwrrStatus(StrEnum):
    """What the search found."""

    OK = "ok"
    NO_SOLUTION = "no_solution"
    SEVERAL_SOLUTIONS = "several_solutions"


@dataclass(frozen=True, slots=True)
class Mwrr:
    """The yearly `rate` shown (None without a solution) and every root found, ascending."""

    status: MwrrStatus
    rate: Decimal | None
    roots: tuple[Decimal, ...]
    day_count: int
    # (1 + rate)^(days / 365) - 1, the return of the span itself. Of a short span it is what was
    # solved for: a fall of 99 % in a day is -1 a year to more digits than anybody keeps.
    period_ratio: Decimal | None = None

    @property
    def annualized_ratio(self) -> Decimal | None:
        """The yearly rate, only from 365 days up."""
        return self.rate if self.day_count >= DAYS_PER_YEAR else None


@versioned(VERSION)
@exact
def xirr(flows: Sequence[tuple[date, Decimal]], guess: Decimal | None = None) -> Mwrr:
    """Solve sum(CF_i / (1 + r)^(d_i / 365)) = 0 for r.

    Args:
        flows: (day, amount) from the investor's side: paid in < 0, taken out or worth > 0. In any
            order; several on one day add up.
        guess: A return of the whole span (Modified Dietz). Where several rates solve it, the one
            whose return of the span is nearest to this is shown; None: nearest to nothing earned.

    Returns:
        The rate as a ratio a year, checked by its net present value. `no_solution` when no rate
        between -99.9999 % and +1,000,000 makes the present value zero.
    Source: Excel's XIRR day count (actual/365). -100, +230, -132 a year apart has 10 % and 20 %.
    """
    terms, day_count = terms_of(flows)
    if not can_be_solved(terms, day_count):
        return Mwrr(MwrrStatus.NO_SOLUTION, None, (), day_count)
    unit = min(day_count, DAYS_PER_YEAR)
    solved = _roots(terms, unit)
    if not solved:
        return Mwrr(MwrrStatus.NO_SOLUTION, None, (), day_count)
    roots = tuple(yearly(root, unit) for root in solved)
    periods = [(1 + root) ** (Decimal(day_count) / unit) for root in solved]
    # growth is compared by its ratio; who lost all and more is nearest to the lowest
    near = 1 + guess if guess is not None else Decimal(1)
    place = 0
    if near > 0:
        place = min(range(len(roots)), key=lambda index: abs((periods[index] / near).ln()))
    status = MwrrStatus.OK if len(roots) == 1 else MwrrStatus.SEVERAL_SOLUTIONS
    return Mwrr(status, roots[place], roots, day_count, periods[place] - 1)


@exact
def terms_of(flows: Iterable[tuple[date, Decimal]]) -> tuple[Terms, int]:
    """(days since the first flow, amount) of every day with any, in order; and how many days."""
    by_day: dict[date, Decimal] = {}
    for day, amount in flows:
        by_day[day] = by_day.get(day, Decimal(0)) + amount
    dated = sorted((day, amount) for day, amount in by_day.items() if amount)
    if not dated:
        return [], 0
    first = min(by_day)
    return [((day - first).days, amount) for day, amount in dated], (max(by_day) - first).days


def can_be_solved(terms: Terms, day_count: int) -> bool:
    """Whether something is paid in, something got back, and time lies between."""
    has_both = any(amount > 0 for _, amount in terms) and any(amount < 0 for _, amount in terms)
    return day_count > 0 and has_both


@exact
def finished(terms: Terms, day_count: int, near: Decimal) -> Mwrr | None:
    """What `xirr` finds, to its last digit, from a rate that is right to a few.

    Args:
        terms: As `terms_of` gives them.
        day_count: Of the span.
        near: Of the days that `xirr` solves for, at most a year; close to the only rate there is.

    Returns:
        None where Newton does not end within a few steps, or beyond where rates are searched.
    """
    unit, rate = min(day_count, DAYS_PER_YEAR), near
    for _ in range(FEW_STEPS):
        steepness = slope(terms, rate, unit)
        if not steepness:
            return None
        following = rate - present_value(terms, rate, unit) / steepness
        if not _GRID[0] < following < _GRID[-1]:
            return None
        if abs(following - rate) < TOLERANCE:
            a_year = yearly(following, unit)
            period = (1 + following) ** (Decimal(day_count) / unit) - 1
            return Mwrr(MwrrStatus.OK, a_year, (a_year,), day_count, period)
        rate = following
    return None


def _roots(terms: Terms, unit: int) -> tuple[Decimal, ...]:
    """Rates of `unit` days at which the terms add up to nothing, ascending."""
    roots: list[Decimal] = []
    for cell in cells_of(terms, unit, _GRID):
        root = _root_in(terms, cell, unit)
        # where zero is only touched, the last digits may cross it to and fro
        if root is not None and not (roots and root - roots[-1] < _ONE_RATE * (1 + root)):
            roots.append(root)
    return tuple(roots)


def _root_in(terms: Terms, cell: Cell, unit: int) -> Decimal | None:
    """The rate of a cell; None when none solves it."""
    at_low, at_high = (present_value(terms, rate, unit) for rate in (cell.low, cell.high))
    if at_low == 0:
        return cell.low
    if at_low * at_high < 0:
        return rate_between(terms, (cell.low, cell.high), at_low, unit)
    return _touched(terms, cell, unit) if cell.is_narrow else None


def _touched(terms: Terms, cell: Cell, unit: int) -> Decimal | None:
    """The rate at which the present value touches zero and turns back; None when it does not."""
    low, high = cell.low, cell.high
    at_low = slope(terms, low, unit)
    if at_low * slope(terms, high, unit) > 0:
        return None
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        low, high = (middle, high) if slope(terms, middle, unit) * at_low > 0 else (low, middle)
    size = present_value([(days, abs(amount)) for days, amount in terms], low, unit)
    return low if abs(present_value(terms, low, unit)) <= _TOUCHED * size else None
