"""SQL of market data. Writes go through the ingest role: COPY into a staging table, then insert."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.marketdata.selection import MANUAL
from truenav.features.instruments.repository import VISIBLE
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.priority import order_of
from truenav.features.marketdata.tables import (
    CorporateActionRow,
    ManualPriceRow,
    PriceRow,
    PriceVersionRow,
)

PriceTuple = tuple[UUID, date, str, str, Decimal | None, Decimal | None, Decimal | None, Decimal,
                   Decimal | None, str]  # fmt: skip


# One writer of an instrument's version at a time, until commit.
LOCK_VERSIONS = """
SELECT pg_advisory_xact_lock(hashtextextended('price_versions:' || instrument_id, 0))
FROM (SELECT DISTINCT instrument_id FROM staged_prices ORDER BY instrument_id) staged
"""
STORE_PRICES = """
WITH changed AS (
  INSERT INTO prices (instrument_id, price_date, source, basis, open, high, low, close, volume,
                      currency)
  SELECT * FROM staged_prices
  ON CONFLICT (instrument_id, price_date, source) DO UPDATE SET
    close = excluded.close, open = excluded.open, high = excluded.high, low = excluded.low,
    volume = excluded.volume, currency = excluded.currency, basis = excluded.basis,
    -- an instant later than a new row's: so the rows that were there tell themselves apart, without
    -- a look into the whole table for each
    received_at = now() + interval '1 microsecond'
  WHERE (prices.close, prices.currency, prices.basis)
    IS DISTINCT FROM (excluded.close, excluded.currency, excluded.basis)
  RETURNING instrument_id, price_date, source, received_at
), grouped AS (
  SELECT instrument_id, min(price_date) AS earliest, min(source) AS source,
         count(*) AS changed_count, bool_or(received_at > now()) AS was_restated
  FROM changed GROUP BY instrument_id
), noted AS (
  INSERT INTO market_changes (instrument_id, earliest) SELECT instrument_id, earliest FROM grouped
), versioned AS (
  INSERT INTO price_versions (instrument_id, version, reason, source, earliest, changed_count)
  SELECT g.instrument_id, coalesce((SELECT max(v.version) FROM price_versions v
                                    WHERE v.instrument_id = g.instrument_id), 0) + 1,
         CASE WHEN g.was_restated THEN 'prices_restated' ELSE 'prices' END,
         g.source, g.earliest, g.changed_count
  FROM grouped g
)
SELECT count(*) FROM changed
"""
# An event changes every adjusted close before it; what was held is worth the same, but rebuilt.
NOTE_VERSION = """
WITH noted AS (
  INSERT INTO market_changes (instrument_id, earliest) VALUES (%(id)s, %(ex_date)s)
)
INSERT INTO price_versions (instrument_id, version, reason, source, earliest, changed_count)
SELECT %(id)s, coalesce(max(version), 0) + 1, %(reason)s, %(source)s,
       least(%(ex_date)s, (SELECT min(price_date) FROM prices WHERE instrument_id = %(id)s)),
       %(count)s
FROM price_versions WHERE instrument_id = %(id)s
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
        cursor.execute(LOCK_VERSIONS)
        cursor.execute(STORE_PRICES)
        count = _count(cursor)
        cursor.execute("DROP TABLE staged_prices")  # a transaction may store more than once
        return count


def note_version(
    connection: psycopg.Connection[Any],
    instrument_id: UUID,
    reason: str,
    source: str,
    ex_dates: Sequence[date],
) -> None:
    """Raise an instrument's data version because events of these days are new or different."""
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('price_versions:' || %s, 0))",
        (str(instrument_id),),
    )
    values = {"id": instrument_id, "reason": reason, "source": source}
    connection.execute(NOTE_VERSION, {**values, "ex_date": min(ex_dates), "count": len(ex_dates)})


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
        count = _count(cursor)
        cursor.execute("DROP TABLE staged_rates")
        return count


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """The bar of a day that counts, and who told it."""

    price_date: date
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal
    volume: Decimal | None
    currency: str
    basis: str
    source: str


async def bars(session: AsyncSession, instrument_id: UUID) -> Sequence[DayBar]:
    """Bars as stored, oldest first, one a day: the one of the source that counts, or one's own."""
    table = PriceRow
    query = (
        select(
            table.price_date, table.open, table.high, table.low, table.close, table.volume,
            table.currency, table.basis, table.source,
        )
        .where(table.instrument_id == instrument_id)
        .order_by(table.price_date, *order_of(table.source, table.basis))
        .ext(distinct_on(table.price_date))
    )  # fmt: skip
    found = {row.price_date: DayBar(**row) for row in (await session.execute(query)).mappings()}
    own = select(ManualPriceRow).where(ManualPriceRow.instrument_id == instrument_id)
    for row in await session.scalars(own):
        found[row.price_date] = DayBar(
            price_date=row.price_date, open=None, high=None, low=None, close=row.close,
            volume=None, currency=row.currency, basis="raw", source=MANUAL,
        )  # fmt: skip
    return [found[day] for day in sorted(found)]


async def versions(session: AsyncSession, instrument_id: UUID) -> Sequence[PriceVersionRow]:
    """What changed of an instrument, the newest first."""
    query = (
        select(PriceVersionRow)
        .where(PriceVersionRow.instrument_id == instrument_id)
        .order_by(PriceVersionRow.version.desc())
        .limit(200)
    )
    return (await session.scalars(query)).all()


async def data_version(session: AsyncSession, instrument_id: UUID) -> int:
    """The data version of an instrument; 0 when nothing of it was ever stored."""
    query = select(func.max(PriceVersionRow.version)).where(
        PriceVersionRow.instrument_id == instrument_id
    )
    return await session.scalar(query) or 0


async def splits_since(
    session: AsyncSession, instrument_ids: Sequence[UUID], since: date
) -> dict[UUID, list[tuple[date, Decimal]]]:
    """(ex-date, new units for one) from a day on, by instrument, of any source."""
    table = CorporateActionRow
    query = select(table.instrument_id, table.ex_date, table.ratio).where(
        table.instrument_id.in_(instrument_ids), table.ratio > 0, table.ex_date >= since
    )
    found: dict[UUID, dict[date, Decimal]] = {}
    for key, ex_date, ratio in await session.execute(query):
        if ratio is not None:
            found.setdefault(key, {})[ex_date] = ratio
    return {key: sorted(splits.items()) for key, splits in found.items()}
