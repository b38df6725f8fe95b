"""Money-weighted return as version 2026.1 meant it: rates are looked for between grid points only.

Kept beside the present meaning (`mwrr.py`) for reports that were made with it. Two rates between
two neighbors of the grid were not seen, and the return of a span was compared with rates a year.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from truenav.core.money import exact
from truenav.core.performance.flows import DAYS_PER_YEAR
from truenav.core.performance.mwrr import Mwrr, MwrrStatus, can_be_solved, terms_of
from truenav.core.performance.present_value import Terms, present_value, rate_between, yearly
from truenav.core.versions import Version, versioned

VERSION: Final = Version("mwrr", "2026.1", date(2026, 11, 24), "The first.")
# Rates are searched between -99.9999 % and +1,000,000, on a grid finer near zero: a year, or of
# the whole span when that is shorter. Four percent in a day are 160 million percent a year.
_GRID = (
    *(Decimal(text) for text in ("-0.999999", "-0.9999", "-0.999", "-0.99", "-0.97")),
    *(Decimal(step) / 100 for step in range(-95, 100, 5)),
    *(Decimal(text) for text in ("1", "1.25", "1.5", "2", "3", "5", "10", "30", "100")),
    *(Decimal(text) for text in ("1000", "10000", "100000", "1000000")),
)


@versioned(VERSION)
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
    terms, day_count = terms_of(flows)
    if not can_be_solved(terms, day_count):
        return Mwrr(MwrrStatus.NO_SOLUTION, None, (), day_count)
    unit = min(day_count, DAYS_PER_YEAR)
    solved = _roots(terms, unit)
    if not solved:
        return Mwrr(MwrrStatus.NO_SOLUTION, None, (), day_count)
    roots = tuple(yearly(root, unit) for root in solved)
    near = guess if guess is not None else Decimal(0)
    place = min(range(len(roots)), key=lambda index: abs(roots[index] - near))
    status = MwrrStatus.OK if len(roots) == 1 else MwrrStatus.SEVERAL_SOLUTIONS
    period = (1 + solved[place]) ** (Decimal(day_count) / unit) - 1
    return Mwrr(status, roots[place], roots, day_count, period)


def _roots(terms: Terms, unit: int) -> tuple[Decimal, ...]:
    """Rates of `unit` days at which the terms add up to nothing, ascending."""
    values = [(rate, present_value(terms, rate, unit)) for rate in _GRID]
    found: list[Decimal] = []
    for (low, at_low), (high, at_high) in pairwise(values):
        if at_low == 0:
            found.append(low)
        elif at_low * at_high < 0:
            found.append(rate_between(terms, (low, high), at_low, unit))
    return tuple(found)
