"""Storing ticks, and bars a source tells itself; through the ingest role, safe to repeat.

What is older than it would be kept is refused: its bar was folded already, and a row that is told
again would be counted again.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from truenav.core.marketdata.bars import Bar, Tick, hour_of, minute_of
from truenav.features.marketdata.bar_tables import HourlyBarRow, MinuteBarRow
from truenav.features.marketdata.retention import midnight, minutes_from, ticks_from

Connection = psycopg.Connection[Any]
Size = Literal["minute", "hour"]
STARTS = {"minute": minute_of, "hour": hour_of}
TABLES = {"minute": MinuteBarRow.__tablename__, "hour": HourlyBarRow.__tablename__}
STAGE_TICKS = """
CREATE TEMP TABLE staged_ticks (at timestamptz, sequence bigint, price numeric, volume numeric)
ON COMMIT DROP
"""
STORE_TICKS = """
WITH stored AS (
  INSERT INTO ticks (instrument_id, at, source, sequence, price, volume, currency)
  SELECT %(instrument_id)s, at, %(source)s, sequence, price, volume, %(currency)s
  FROM staged_ticks ON CONFLICT DO NOTHING RETURNING 1
)
SELECT count(*) FROM stored
"""
STAGE_BARS = """
CREATE TEMP TABLE staged_bars (at timestamptz, open numeric, high numeric, low numeric,
  close numeric, volume numeric) ON COMMIT DROP
"""
# The source's own bar takes the place of what was folded or told before.
STORE_BARS = """
WITH stored AS (
  INSERT INTO {table} AS held (instrument_id, at, source, currency, open, high, low, close, volume,
                               opened_at, closed_at, is_told)
  SELECT %(instrument_id)s, at, %(source)s, %(currency)s, open, high, low, close, volume, at, at,
         true
  FROM staged_bars
  ON CONFLICT (instrument_id, at, source, currency) DO UPDATE SET
    open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
    volume = excluded.volume, opened_at = excluded.opened_at, closed_at = excluded.closed_at,
    is_told = true
  WHERE (held.open, held.high, held.low, held.close, held.volume, held.is_told) IS DISTINCT FROM
    (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, true)
  RETURNING 1
)
SELECT count(*) FROM stored
"""


def store_ticks(
    connection: Connection,
    of: tuple[UUID, str, str],
    ticks: Iterable[Tick],
    today: date,
) -> int:
    """Store ticks that are not there yet; how many were new.

    Args:
        connection: Of the ingest role; committed by the caller.
        of: Instrument, source and currency of them all.
        ticks: In any order. Those of days that are kept as minute bars are left out.
        today: The day it is.
    """
    since = midnight(ticks_from(today))
    rows = [(t.at, t.sequence, t.price, t.volume) for t in ticks if t.at >= since]
    return _store(connection, "staged_ticks", STAGE_TICKS, sql.SQL(STORE_TICKS), (of, rows))


def store_bars(
    connection: Connection,
    of: tuple[UUID, str, str],
    size: Size,
    bars: Iterable[Bar],
    today: date,
) -> int:
    """Store bars a source told itself; how many were new or different.

    Args:
        connection: Of the ingest role; committed by the caller.
        of: Instrument, source and currency of them all.
        size: What one bar covers.
        bars: In any order, `at` the start of the minute or hour. Minute bars of days that are
            kept as hours are left out.
        today: The day it is.

    Raises:
        ValueError: a bar that does not begin with its minute or hour.
    """
    since = midnight(minutes_from(today)) if size == "minute" else None
    kept = [bar for bar in bars if since is None or bar.at >= since]
    for bar in kept:
        _require_start(bar.at, size)
    rows = [(b.at, b.open, b.high, b.low, b.close, b.volume) for b in kept]
    statement = sql.SQL(STORE_BARS).format(table=sql.Identifier(TABLES[size]))
    return _store(connection, "staged_bars", STAGE_BARS, statement, (of, rows))


def _require_start(at: datetime, size: Size) -> None:
    if STARTS[size](at) != at:
        raise ValueError(f"a bar of a {size} begins at {at.isoformat()}")


def _store(
    connection: Connection,
    staged: Literal["staged_ticks", "staged_bars"],
    stage: LiteralString,
    statement: sql.SQL | sql.Composed,
    told: tuple[tuple[UUID, str, str], Iterable[tuple[datetime | int | Decimal | None, ...]]],
) -> int:
    of, rows = told
    with connection.cursor() as cursor:
        cursor.execute(stage)
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(staged))) as copy:
            for row in rows:
                copy.write_row(row)
        values = dict(zip(("instrument_id", "source", "currency"), of, strict=True))
        found = cursor.execute(statement, values).fetchone()
        # a transaction may store more than once
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(staged)))
    return int(found[0]) if found is not None else 0
