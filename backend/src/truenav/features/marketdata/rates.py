"""Rates together with who published them, for whoever has to show where a figure comes from."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.valuation.explaining import Rates
from truenav.core.valuation.series import FxTable
from truenav.features.marketdata.priority import order_of
from truenav.features.marketdata.reads import PIVOT, fx_table_on
from truenav.features.marketdata.tables import FxRateRow


async def rates_on(session: AsyncSession, currencies: Iterable[str], days: Iterable[date]) -> Rates:
    """Rates per euro for the days named, with the source of each."""
    return await with_sources(session, await fx_table_on(session, currencies, days))


async def with_sources(session: AsyncSession, fx: FxTable) -> Rates:
    """The same rates, and who published each; where sources meet, the one that counts."""
    days = sorted({day for dates, _ in fx.rates.values() for day in dates})
    if not days:
        return Rates(fx)
    table = FxRateRow
    query = (
        select(table.quote_currency, table.rate_date, table.source)
        .where(
            table.base_currency == PIVOT,
            table.quote_currency.in_(list(fx.rates)),
            table.rate_date.in_(days),
        )
        .order_by(table.quote_currency, table.rate_date, *order_of(table.source))
        .ext(distinct_on(table.quote_currency, table.rate_date))
    )
    rows = await session.execute(query)
    return Rates(fx, {(row.quote_currency, row.rate_date): row.source for row in rows})
