"""Prices of instruments in the scope's currency, as arrays for statistics."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import numpy as np

from truenav.core.marketdata.adjustment import PriceBasis
from truenav.core.marketdata.adjustment_arrays import day_of
from truenav.core.risk.figures import Floats
from truenav.core.valuation.series import FxTable
from truenav.features.marketdata.arrays import Closes, as_matrix, close_arrays
from truenav.features.marketdata.reads import fx_table
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Levels:
    """Instrument × day, adjusted for splits and dividends, in one currency; NaN where unknown."""

    instrument_ids: Sequence[UUID]
    days: Sequence[date]
    values: Floats
    fx: FxTable


async def levels_in(
    uow: UnitOfWork,
    instrument_ids: Sequence[UUID],
    currency: str,
    span: tuple[date, date],
    cash: Sequence[str] = (),
) -> Levels:
    """Total-return levels of instruments between two days, at the rate of each day.

    `cash` names currencies whose rates are wanted besides.
    """
    found = await close_arrays(uow.session, instrument_ids, *span, PriceBasis.TOTAL)
    foreign = {one.currency for one in found.series.values()} | set(cash)
    foreign -= {currency}
    fx = await fx_table(
        uow.session,
        {*foreign, currency} if foreign else (),
        first_day=span[0],
        last_day=span[1],
    )
    converted = {key: _converted(one, fx, currency) for key, one in found.series.items()}
    matrix = as_matrix(converted, instrument_ids)
    days = [day_of(int(number)) for number in matrix.days]
    return Levels(instrument_ids, days, matrix.closes, fx)


def _converted(one: Closes, fx: FxTable, currency: str) -> Closes:
    if one.currency == currency:
        return one
    days = [day_of(int(number)) for number in one.days]
    return replace(one, closes=one.closes * rates_on(fx, one.currency, currency, days))


def rates_on(fx: FxTable, base: str, quote: str, days: Sequence[date]) -> Floats:
    """The rate of each day as a float; NaN where there is none within a week."""
    rates = (fx.rate(base, quote, day) for day in days)
    return np.array([np.nan if rate is None else float(rate) for rate in rates], np.float64)
