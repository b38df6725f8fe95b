"""Prices that come packed, a source of an instrument in one row: exact closes without a row each.

A history of twenty years is five thousand rows; reading and copying those as rows costs ten times
what their days and closes cost as two texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from truenav.core.marketdata.selection import DECLARED, SourceOrder, preference
from truenav.core.valuation.exact_columns import DayColumn, ExactColumn, column_of, joined
from truenav.core.valuation.series import PriceSeries

EPOCH: Final = date(1970, 1, 1)
START: Final = EPOCH.toordinal()


@dataclass(frozen=True, slots=True)
class Part:
    """What one source tells of one instrument in one currency on one basis, oldest first."""

    currency: str
    source: str
    basis: str
    days: Sequence[date]
    closes: Sequence[Decimal]


def unpacked(days: str, closes: str) -> tuple[Sequence[date], Sequence[Decimal]]:
    """Days (as numbers since 1970-01-01) and closes, blanks between them, in order of day."""
    dates = [date.fromordinal(START + number) for number in map(int, days.split())]
    prices = list(map(Decimal, closes.split()))
    if dates == sorted(dates):  # as they are stored, most of the time
        return dates, prices
    pairs = sorted(zip(dates, prices, strict=True))
    return [day for day, _ in pairs], [close for _, close in pairs]


def in_one(parts: Sequence[Part], order: SourceOrder = DECLARED) -> PriceSeries:
    """One series: of each day the source that counts, in the currency of the first day.

    What is told in another currency is no word about this series.
    """
    ordered = sorted(parts, key=lambda part: preference(part.basis, part.source, order))
    first_day = min(part.days[0] for part in ordered)
    currency = next(part.currency for part in ordered if part.days[0] == first_day)
    told = [part for part in ordered if part.currency == currency]
    if len(told) == 1:
        (part,) = told
        return PriceSeries(currency, part.days, part.closes, [part.source] * len(part.days))
    column = joined([part.closes for part in told])
    if column is not None and all(isinstance(part.days, DayColumn) for part in told):
        return _in_columns(currency, told, column)
    by_day: dict[date, tuple[Decimal, str]] = {}
    for part in reversed(told):  # who counts has the last word
        by_day.update(
            (day, (close, part.source)) for day, close in zip(part.days, part.closes, strict=True)
        )
    days = sorted(by_day)
    return PriceSeries(
        currency, days, [by_day[day][0] for day in days], [by_day[day][1] for day in days]
    )


def _in_columns(currency: str, told: Sequence[Part], closes: ExactColumn) -> PriceSeries:
    """The same of columns; parts stand in the order in which they count."""
    days = [part.days.ordinals for part in told if isinstance(part.days, DayColumn)]
    # of equal days the first is found
    ordinals, first = np.unique(np.concatenate(days), return_index=True)
    which = np.repeat(np.arange(len(told)), [len(part.days) for part in told])[first]
    names = [part.source for part in told]
    return PriceSeries(
        currency,
        DayColumn(ordinals),
        column_of(closes.wholes[first], closes.places),
        [names[row] for row in which.tolist()],
    )
