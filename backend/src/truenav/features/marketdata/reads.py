"""Queries of market data that other features may call."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import InstrumentId
from truenav.core.valuation.nav import Market
from truenav.core.valuation.series import FX_MAX_AGE, FxTable, PriceSeries
from truenav.features.identity.tables import TenantRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.tables import CorporateActionRow, FxRateRow, PriceRow

PIVOT = "EUR"


async def load_market(
    session: AsyncSession,
    instrument_ids: Iterable[InstrumentId],
    currencies: Iterable[str],
    *,
    first_day: date,
    last_day: date,
) -> Market:
    """Prices, multipliers and rates for a valuation between two days.

    The price series begin with the last close before `first_day`, so that every day has one.
    """
    ids = list(instrument_ids)
    prices = await price_series(session, ids, first_day=first_day, last_day=last_day)
    multipliers = await session.execute(
        select(InstrumentRow.id, InstrumentRow.multiplier).where(
            InstrumentRow.id.in_(ids), InstrumentRow.multiplier != 1
        )
    )
    wanted = {*currencies, *(series.currency for series in prices.values())}
    return Market(
        prices=prices,
        multipliers={InstrumentId(row.id): row.multiplier for row in multipliers},
        fx=await fx_table(session, wanted, first_day=first_day, last_day=last_day),
    )


async def price_series(
    session: AsyncSession,
    instrument_ids: Sequence[UUID],
    *,
    first_day: date,
    last_day: date,
) -> dict[InstrumentId, PriceSeries]:
    """Raw closes per instrument; where sources meet on a day the alphabetically first counts."""
    if not instrument_ids:
        return {}
    starts = (
        select(PriceRow.instrument_id, func.max(PriceRow.price_date).label("start"))
        .where(PriceRow.instrument_id.in_(instrument_ids), PriceRow.price_date <= first_day)
        .group_by(PriceRow.instrument_id)
        .subquery()
    )
    query = (
        select(
            PriceRow.instrument_id,
            PriceRow.price_date,
            PriceRow.close,
            PriceRow.currency,
            PriceRow.source,
        )
        .join(starts, starts.c.instrument_id == PriceRow.instrument_id, isouter=True)
        .where(
            PriceRow.instrument_id.in_(instrument_ids),
            PriceRow.price_date >= func.coalesce(starts.c.start, first_day),
            PriceRow.price_date <= last_day,
        )
        .order_by(PriceRow.instrument_id, PriceRow.price_date, PriceRow.source)
    )
    columns: dict[UUID, tuple[list[date], list[Decimal], list[str], str]] = {}
    for row in await session.execute(query):
        dates, closes, sources, currency = columns.setdefault(
            row.instrument_id, ([], [], [], row.currency)
        )
        if (dates and dates[-1] == row.price_date) or row.currency != currency:
            continue
        dates.append(row.price_date)
        closes.append(row.close)
        sources.append(row.source)
    return {
        InstrumentId(key): PriceSeries(currency, dates, closes, sources)
        for key, (dates, closes, sources, currency) in columns.items()
    }


async def fx_table(
    session: AsyncSession, currencies: Iterable[str], *, first_day: date, last_day: date
) -> FxTable:
    """Rates per euro for the currencies, from a week before the first day on."""
    wanted = sorted(set(currencies) - {PIVOT})
    if not wanted:
        return FxTable({})
    query = (
        select(FxRateRow.quote_currency, FxRateRow.rate_date, FxRateRow.rate)
        .where(
            FxRateRow.base_currency == PIVOT,
            FxRateRow.quote_currency.in_(wanted),
            FxRateRow.rate_date >= first_day - FX_MAX_AGE,
            FxRateRow.rate_date <= last_day,
        )
        .order_by(FxRateRow.quote_currency, FxRateRow.rate_date, FxRateRow.source)
    )
    rates: dict[str, tuple[list[date], list[Decimal]]] = {}
    for row in await session.execute(query):
        dates, values = rates.setdefault(row.quote_currency, ([], []))
        if not dates or dates[-1] != row.rate_date:
            dates.append(row.rate_date)
            values.append(row.rate)
    return FxTable(rates)


async def valuation_date(session: AsyncSession, tenant_id: UUID, today: date) -> date:
    """The day a tenant is valued on: today; the demo on the last day of its prices (ADR 13)."""
    is_demo = await session.scalar(select(TenantRow.is_demo).where(TenantRow.id == tenant_id))
    if not is_demo:
        return today
    query = text(
        "SELECT max(p.price_date) FROM prices p WHERE p.instrument_id IN"
        " (SELECT instrument_id FROM transactions WHERE instrument_id IS NOT NULL)"
    )
    return await session.scalar(query) or today


async def newest_price_dates(
    session: AsyncSession, instrument_ids: Sequence[UUID]
) -> Mapping[UUID, date]:
    """The last day each instrument has a price of."""
    if not instrument_ids:
        return {}
    query = (
        select(PriceRow.instrument_id, func.max(PriceRow.price_date).label("newest"))
        .where(PriceRow.instrument_id.in_(instrument_ids))
        .group_by(PriceRow.instrument_id)
    )
    return {row.instrument_id: row.newest for row in await session.execute(query)}


async def corporate_actions(
    session: AsyncSession, instrument_id: UUID
) -> Sequence[CorporateActionRow]:
    """Events of one instrument, oldest first."""
    query = (
        select(CorporateActionRow)
        .where(CorporateActionRow.instrument_id == instrument_id)
        .order_by(CorporateActionRow.ex_date, CorporateActionRow.type)
    )
    return (await session.scalars(query)).all()
