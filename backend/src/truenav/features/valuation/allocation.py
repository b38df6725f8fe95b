"""Figures of a part: at the places of the wire, and over the whole."""

from decimal import Decimal

from truenav.core.money import exact, to_decimal_places


def places(value: Decimal | None, count: int = 6) -> Decimal | None:
    """More than enough places for a screen; the exact figure stays in the database."""
    return None if value is None else to_decimal_places(value, count)


@exact
def ratio_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Part over the size of the whole, at 10 places; None when either is unknown, or no whole."""
    if part is None or not whole:
        return None
    return to_decimal_places(part / abs(whole), 10)
