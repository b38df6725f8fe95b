"""Where statistics leave float64: decimal text on the wire, or nothing with its reason."""

from decimal import Decimal
from math import isfinite

from truenav.core.money import to_decimal_places

PLACES = 10


def decimal_of(value: float | None) -> Decimal | None:
    """A statistic as a decimal of ten places; None stays None, and what is no number is refused.

    Raises:
        ValueError: NaN or infinite: a figure without a number says why instead.
    """
    if value is None:
        return None
    if not isfinite(value):
        raise ValueError("a statistic is a finite number")
    return to_decimal_places(Decimal(repr(float(value))), PLACES)
