"""Figures that alerts look at: how far a price, or a portfolio, has moved."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.valuation.consolidation import SeriesPoint

ONE = Decimal(1)
Split = tuple[date, Decimal]


@exact
def price_change(
    price: Decimal, day: date, before: Decimal, before_day: date, splits: Sequence[Split]
) -> Decimal | None:
    """How far a price is from an earlier one, as a ratio.

    Args:
        price: As traded on `day`.
        day: The day it was traded on.
        before: As traded on `before_day`, and earlier.
        before_day: The day that one was traded on.
        splits: (ex-date, new units for one); those between the two days are taken out.
    """
    factor = ONE
    for ex_date, new_units in splits:
        if before_day < ex_date <= day:
            factor *= new_units
    if before <= 0 or factor <= 0:
        return None
    return price * factor / before - ONE


@exact
def nav_change(points: Sequence[SeriesPoint], days: int) -> Decimal | None:
    """How far a portfolio is from what it was so many days before, as a ratio.

    What was paid in or taken out since is no change. None where a value or a flow is unknown, or
    where there was nothing then.
    """
    if not points or points[-1].nav is None:
        return None
    start = points[-1].as_of - timedelta(days=days)
    then = next((point.nav for point in points if point.as_of == start), None)
    if then is None or then <= 0:
        return None
    moved = points[-1].nav - then
    for point in points:
        if point.as_of > start:
            if point.external_flow is None:
                return None
            moved -= point.external_flow
    return moved / then
