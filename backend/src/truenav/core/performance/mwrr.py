"""Money-weighted return: the one yearly rate that makes the investor's own flows add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from itertools import pairwise

from truenav.core.money import exact
from truenav.core.performance.flows import DAYS_PER_YEAR

MAX_STEPS = 100
# Rates are searched between -99.9999 % and +1,000,000 a year, on a grid finer near zero.
_GRID = (
    *(Decimal(text) for text in ("-0.999999", "-0.9999", "-0.999", "-0.99", "-0.97")),
    *(Decimal(step) / 100 for step in range(-95, 100, 5)),
    *(Decimal(text) for text in ("1", "1.25", "1.5", "2", "3", "5", "10", "30", "100")),
    *(Decimal(text) for text in ("1000", "10000", "100000", "1000000")),
)
_TOLERANCE = Decimal("1E-18")
# 40 digits leave more than 18 right after powers of thousands of days; 60 only cost time here.
_SEARCH = Context(prec=40)


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

    @property
    @exact
    def period_ratio(self) -> Decimal | None:
        """(1 + rate)^(days / 365) - 1: the return of the span itself."""
        if self.rate is None:
            return None
        return (1 + self.rate) ** (Decimal(self.day_count) / DAYS_PER_YEAR) - 1

    @property
    def annualized_ratio(self) -> Decimal | None:
        """The yearly rate, only from 365 days up."""
        return self.rate if self.day_count >= DAYS_PER_YEAR else None


@exact
def xirr(flows: Sequence[tuple[date, Decimal]], guess: Decimal | None = None) -> Mwrr:
    """Solve sum(CF_i / (1 + r)^(d_i / 365)) = 0 for r.

    Args:
        flows: (day, amount) from the investor's side: paid in < 0, taken out or worth > 0. In any
            order; several on one day add up.
        guess: Where several rates solve it, the nearest to this one is shown (Modified Dietz).

    Returns:
        The rate as a ratio a year, checked by its net present value. No change of sign among the
        flows, or none of the present value over the whole range, is `no_solution`.
    Source: Excel's XIRR day count (actual/365). -100, +230, -132 a year apart has 10 % and 20 %.
    """
    by_day: dict[date, Decimal] = {}
    for day, amount in flows:
        by_day[day] = by_day.get(day, Decimal(0)) + amount
    dated = sorted((day, amount) for day, amount in by_day.items() if amount)
    if not dated:
        return Mwrr(MwrrStatus.NO_SOLUTION, None, (), 0)
    first = min(by_day)
    day_count = (max(by_day) - first).days
    terms = [((day - first).days, amount) for day, amount in dated]
    if day_count == 0 or not (
        any(amount > 0 for _, amount in terms) and any(amount < 0 for _, amount in terms)
    ):
        return Mwrr(MwrrStatus.NO_SOLUTION, None, (), day_count)
    roots = _roots(terms)
    if not roots:
        return Mwrr(MwrrStatus.NO_SOLUTION, None, (), day_count)
    if len(roots) == 1:
        return Mwrr(MwrrStatus.OK, roots[0], roots, day_count)
    near = guess if guess is not None else Decimal(0)
    shown = min(roots, key=lambda root: abs(root - near))
    return Mwrr(MwrrStatus.SEVERAL_SOLUTIONS, shown, roots, day_count)


def _roots(terms: Sequence[tuple[int, Decimal]]) -> tuple[Decimal, ...]:
    values = [(rate, _npv(terms, rate)) for rate in _GRID]
    found: list[Decimal] = []
    for (low, at_low), (high, at_high) in pairwise(values):
        if at_low == 0:
            found.append(low)
        elif at_low * at_high < 0:
            found.append(_solve(terms, low, high, at_low))
    return tuple(found)


def _npv(terms: Sequence[tuple[int, Decimal]], rate: Decimal) -> Decimal:
    """Net present value: each amount times the daily discount to the power of its day."""
    with localcontext(_SEARCH):
        discount = (-(1 + rate).ln() / DAYS_PER_YEAR).exp()
        return sum((amount * discount**days for days, amount in terms), Decimal(0))


def _slope(terms: Sequence[tuple[int, Decimal]], rate: Decimal) -> Decimal:
    with localcontext(_SEARCH):
        discount = (-(1 + rate).ln() / DAYS_PER_YEAR).exp()
        weighted = sum((-amount * days * discount**days for days, amount in terms), Decimal(0))
        return weighted / DAYS_PER_YEAR / (1 + rate)


def _solve(
    terms: Sequence[tuple[int, Decimal]], low: Decimal, high: Decimal, at_low: Decimal
) -> Decimal:
    """Newton inside a bracket, halving it whenever a step leaves it."""
    rate = (low + high) / 2
    for _ in range(MAX_STEPS):
        value = _npv(terms, rate)
        if value == 0 or high - low < _TOLERANCE:
            break
        if (value < 0) == (at_low < 0):
            low = rate
        else:
            high = rate
        slope = _slope(terms, rate)
        step = rate - value / slope if slope else low
        following = step if low < step < high else (low + high) / 2
        if abs(following - rate) < _TOLERANCE:
            return following
        rate = following
    return rate
