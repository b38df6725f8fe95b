"""SQL of market data. Writes go through the ingest role: COPY into a staging table, then insert."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.repository import VISIBLE
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.tables import PriceRow

PriceTuple = tuple[UUID, date, str, str, Decimal | None, Decimal | None, Decimal | None, Decimal,
                   Decimal | None, str]  # fmt: skip


STORE_PRICES = """
WITH changed AS (
  INSERT INTO prices (instrument_id, price_date, source, basis, open, high, low, close, volume,
                      currency)
  SELECT * FROM staged_prices
  ON CONFLICT (instrument_id, price_date, source) DO UPDATE SET
    close = excluded.close, open = excluded.open, high = excluded.high, low = excluded.low,
    volume = excluded.volume, currency = excluded.currency, received_at = now()
  WHERE (prices.close, prices.currency) IS DISTINCT FROM (excluded.close, excluded.currency)
  RETURNING instrument_id, price_date
), noted AS (
  INSERT INTO market_changes (instrument_id, earliest)
  SELECT instrument_id, min(price_date) FROM changed GROUP BY instrument_id
)
SELECT count(*) FROM changed
"""
STORE_RATES = """
WITH changed AS (
  INSERT INTO fx_rates (base_currency, quote_currency, rate_date, source, rate)
  SELECT 'EUR', quote_currency, rate_date, %s, rate FROM staged_rates
  ON CONFLICT DO NOTHING
  RETURNING quote_currency, rate_date
), noted AS (
  INSERT INTO market_changes (currency, earliest)
  SELECT quote_currency, min(rate_date) FROM changed GROUP BY quote_currency
)
SELECT count(*) FROM changed
"""


def store_prices(connection: psycopg.Connection[Any], prices: Iterable[PriceTuple]) -> int:
    """Insert bars that are new or differ, and note from when; the number of rows that changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE staged_prices (instrument_id uuid, price_date date, source text,"
            " basis text, open numeric, high numeric, low numeric, close numeric, volume numeric,"
            " currency text) ON COMMIT DROP"
        )
        with cursor.copy("COPY staged_prices FROM STDIN") as copy:
            for price in prices:
                copy.write_row(price)
        cursor.execute(STORE_PRICES)
        return _count(cursor)


def store_fx_rates(
    connection: psycopg.Connection[Any],
    rates: Iterable[tuple[str, date, Decimal]],
    source: str,
) -> int:
    """Insert units of (currency) for one euro; the number of new rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE staged_rates (quote_currency text, rate_date date, rate numeric)"
            " ON COMMIT DROP"
        )
        with cursor.copy("COPY staged_rates FROM STDIN") as copy:
            for rate in rates:
                copy.write_row(rate)
        cursor.execute(STORE_RATES, (source,))
        return _count(cursor)


def _count(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row is not None else 0


@dataclass(frozen=True, slots=True)
class MarketChange:
    """From `earliest` on the closes of an instrument, or the rates of a currency, are new."""

    id: int
    instrument_id: UUID | None
    currency: str | None
    earliest: date


def market_changes(connection: psycopg.Connection[Any], limit: int = 1000) -> list[MarketChange]:
    """The changes nobody was told of yet, oldest first."""
    with connection.cursor(row_factory=class_row(MarketChange)) as cursor:
        return cursor.execute(
            "SELECT id, instrument_id, currency, earliest FROM market_changes ORDER BY id LIMIT %s",
            (limit,),
        ).fetchall()


def forget_market_changes(
    connection: psycopg.Connection[Any], changes: Sequence[MarketChange]
) -> None:
    """Take out what everybody was told of."""
    connection.execute(
        "DELETE FROM market_changes WHERE id = ANY (%s)", ([change.id for change in changes],)
    )


async def find_by_symbols_or_ids(
    session: AsyncSession, symbols: Sequence[str], ids: Sequence[UUID]
) -> Sequence[InstrumentRow]:
    """Visible instruments by symbol or id."""
    query = select(InstrumentRow).where(
        or_(InstrumentRow.symbol.in_(symbols), InstrumentRow.id.in_(ids)), VISIBLE
    )
    return (await session.scalars(query.order_by(InstrumentRow.symbol, InstrumentRow.id))).all()


async def bars(session: AsyncSession, instrument_id: UUID) -> Sequence[PriceRow]:
    """Raw bars, oldest first, one a day; where sources meet the alphabetically first counts."""
    query = (
        select(PriceRow)
        .where(PriceRow.instrument_id == instrument_id)
        .order_by(PriceRow.price_date, PriceRow.source)
        .ext(distinct_on(PriceRow.price_date))
    )
    return (await session.scalars(query)).all()
