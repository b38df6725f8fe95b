"""Back-adjustment in float64 arrays, for statistics and charts; never for what is valued.

The same factors as `adjustment.adjusted_closes`, which is the exact reference; a test holds the
two within 1e-12 of each other.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from truenav.core.marketdata.adjustment import (
    PriceBasis,
    PriceEvent,
    events_within,
    price_after,
)
from truenav.core.money import exact

Floats = NDArray[np.float64]
Days = NDArray[np.int32]
EPOCH: Final = date(1970, 1, 1).toordinal()
# What is left of a price after an event: below this part of it a float has lost too many digits.
LITTLE: Final = 1000


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    """The day of a number of `day_number`."""
    return date.fromordinal(EPOCH + number)


def adjusted_array(
    days: Days, closes: Floats, events: Sequence[PriceEvent], basis: PriceBasis
) -> Floats:
    """Raw closes times the factors of every later event.

    Args:
        days: Numbers of the days, ascending; n items.
        closes: Raw closes as traded, > 0; n items.
        events: In any order; those outside the days are ignored.
        basis: RAW returns the closes themselves.

    Returns:
        n adjusted closes, a new array; the last ones equal the raw ones.

    Raises:
        AdjustmentUndefined: as `adjusted_closes`.
    """
    if basis is PriceBasis.RAW or not len(days):
        return closes.copy()
    return closes * _factors(days, closes, events, basis)


def unsplit_array(days: Days, closes: Floats, events: Sequence[PriceEvent]) -> Floats:
    """Closes as traded out of closes adjusted for splits: the inverse, for splits alone."""
    if not len(days):
        return closes.copy()
    ones = np.ones_like(closes)
    return closes / _factors(days, ones, events, PriceBasis.SPLIT)


def _factors(days: Days, closes: Floats, events: Sequence[PriceEvent], basis: PriceBasis) -> Floats:
    within = events_within(day_of(int(days[0])), day_of(int(days[-1])), events)
    steps = np.ones_like(closes)
    # how many bars stand before each event; those of one gap work on the same close
    before = np.searchsorted(days, [day_number(event.ex_date) for event in within]).tolist()
    for place, pairs in groupby(zip(before, within, strict=True), key=lambda pair: pair[0]):
        close = closes[place - 1]
        steps[place - 1] = _left(close, [event for _, event in pairs], basis) / close
    # a factor holds for the bar before its event and for all that are older
    return np.multiply.accumulate(steps[::-1])[::-1]


def _left(close: np.float64, events: Sequence[PriceEvent], basis: PriceBasis) -> np.float64:
    """What the events leave of a close."""
    (event, *others) = events
    if not others and event.rights is None:
        left = close if event.ratio is None else close / np.float64(event.ratio)
        if basis is PriceBasis.TOTAL:
            for amount in (event.cash_amount, event.spin_off_value):
                if amount is not None:
                    left -= np.float64(amount)
        if left * LITTLE > close:
            return left
    return _exactly_left(close, events, basis)


@exact
def _exactly_left(close: np.float64, events: Sequence[PriceEvent], basis: PriceBasis) -> np.float64:
    """The same in decimals; the shortest text of a float is the price that was stored."""
    return np.float64(price_after(Decimal(str(close)), events, basis))
