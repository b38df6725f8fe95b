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
    if within:
        _set_steps(steps, days, closes, within, basis)
    # a factor holds for the bar before its event and for all that are older
    return np.multiply.accumulate(steps[::-1])[::-1]


def _set_steps(
    steps: Floats, days: Days, closes: Floats, within: Sequence[PriceEvent], basis: PriceBasis
) -> None:
    """At the last bar before each event, what the event leaves of its close, as a part of it."""
    bars = np.searchsorted(days, [day_number(event.ex_date) for event in within]) - 1
    before = closes[bars]
    left = before / np.array([event.ratio or 1 for event in within], np.float64)
    if basis is PriceBasis.TOTAL:
        paid = [(event.cash_amount or 0) + (event.spin_off_value or 0) for event in within]
        left -= np.array(paid, np.float64)
    is_alone = np.ones(len(bars), bool)
    is_alone[1:] &= bars[1:] != bars[:-1]
    is_alone[:-1] &= is_alone[1:]
    has_rights = np.array([event.rights is not None for event in within])
    is_plain = is_alone & ~has_rights & (left * LITTLE > before)
    steps[bars[is_plain]] = left[is_plain] / before[is_plain]
    others = zip(bars[~is_plain].tolist(), np.flatnonzero(~is_plain).tolist(), strict=True)
    for bar, of_bar in groupby(others, key=lambda pair: pair[0]):
        close, now = closes[bar], [within[place] for _, place in of_bar]
        steps[bar] = _exactly_left(close, now, basis) / close


@exact
def _exactly_left(close: np.float64, events: Sequence[PriceEvent], basis: PriceBasis) -> np.float64:
    """What events that share a bar leave; the shortest text of a float is the price stored."""
    return np.float64(price_after(Decimal(str(close)), events, basis))
