"""How long what happened within a day is kept (guide §10.1): finer bars become coarser ones.

Ticks of more than 30 days ago become minute bars, minute bars of more than a year ago hourly ones;
daily prices and hourly bars stay. One day is one transaction that takes the fine rows out and puts
the coarse ones in: whenever it is killed, a row is in one of the two places, never in none or both.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, LiteralString

import psycopg
from psycopg.errors import LockNotAvailable

log = logging.getLogger("truenav.marketdata")
TICKS_KEPT = timedelta(days=30)
DAY = timedelta(days=1)
Connection = psycopg.Connection[Any]

# What a fold makes of the rows taken out; the same as core/marketdata/bars.py, a test compares.
# What came late joins the bar of its interval; a bar the source told itself counts as it is.
FOLD: LiteralString = """
WITH gone AS (
  DELETE FROM {fine} WHERE at >= %(first)s AND at < %(end)s RETURNING *
), folded AS (
  SELECT instrument_id, date_bin('1 {width}', at, '2000-01-01+00') AS bar_at, source, currency,
         (array_agg({open} ORDER BY {order}))[1] AS open, max({high}) AS high, min({low}) AS low,
         (array_agg({close} ORDER BY {backwards}))[1] AS close,
         CASE WHEN count(volume) = count(*) THEN sum(volume) END AS volume,
         min({opened_at}) AS opened_at, max({closed_at}) AS closed_at
  FROM gone GROUP BY instrument_id, bar_at, source, currency
), written AS (
  INSERT INTO {coarse} AS held (instrument_id, at, source, currency, open, high, low, close,
                                volume, opened_at, closed_at, is_told)
  SELECT *, false FROM folded
  ON CONFLICT (instrument_id, at, source, currency) DO UPDATE SET
    open = CASE WHEN excluded.opened_at < held.opened_at THEN excluded.open ELSE held.open END,
    close = CASE WHEN excluded.closed_at >= held.closed_at THEN excluded.close
                 ELSE held.close END,
    high = greatest(held.high, excluded.high), low = least(held.low, excluded.low),
    volume = held.volume + excluded.volume,
    opened_at = least(held.opened_at, excluded.opened_at),
    closed_at = greatest(held.closed_at, excluded.closed_at)
  WHERE NOT held.is_told
  RETURNING 1
)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM written)
"""
OLDEST: LiteralString = "SELECT min(at) FROM {fine} WHERE at >= %s AND at < %s"
TICKS: dict[str, LiteralString] = {
    "fine": "ticks", "coarse": "minute_bars", "width": "minute",
    "open": "price", "high": "price", "low": "price", "close": "price",
    "order": "at, sequence", "backwards": "at DESC, sequence DESC",
    "opened_at": "at", "closed_at": "at",
}  # fmt: skip
MINUTES: dict[str, LiteralString] = {
    "fine": "minute_bars", "coarse": "hourly_bars", "width": "hour",
    "open": "open", "high": "high", "low": "low", "close": "close",
    "order": "at", "backwards": "at DESC",
    "opened_at": "opened_at", "closed_at": "closed_at",
}  # fmt: skip
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one round did. A round that was stopped leaves the rest to the next."""

    ticks_folded: int
    minute_bars_made: int
    minute_bars_folded: int
    hourly_bars_made: int
    partitions_made: int
    partitions_dropped: int
    was_stopped: bool


def ticks_from(today: date) -> date:
    """The first day whose ticks are kept as they are."""
    return today - TICKS_KEPT


def minutes_from(today: date) -> date:
    """The first day whose minute bars are kept as they are; of 29 February, 28 February."""
    is_leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - 1, day=28 if is_leap_day else today.day)


def keep(connection: Connection, today: date, stop: threading.Event) -> Kept:
    """Fold what is too old to be kept as it is, and look after the partitions.

    Safe to run twice, at once, and after being killed. Commits day by day.

    Args:
        connection: Of the ingest role, with no transaction open.
        today: The day it is; days are UTC.
        stop: Once set, the day in work is finished and no other begun.
    """
    made, dropped = _keep_partitions(connection, today)
    until = midnight(ticks_from(today))
    ticks = _fold(connection, TICKS, until, stop)
    until = midnight(minutes_from(today))
    minutes = _fold(connection, MINUTES, until, stop)
    more = (0, 0) if stop.is_set() else _keep_partitions(connection, today)
    kept = Kept(
        ticks_folded=ticks[0],
        minute_bars_made=ticks[1],
        minute_bars_folded=minutes[0],
        hourly_bars_made=minutes[1],
        partitions_made=made + more[0],
        partitions_dropped=dropped + more[1],
        was_stopped=stop.is_set(),
    )
    log.info("retention: %s", kept)
    return kept


def midnight(day: date) -> datetime:
    """The instant a day begins, UTC."""
    return datetime.combine(day, time(), UTC)


def _fold(
    connection: Connection, names: dict[str, LiteralString], until: datetime, stop: threading.Event
) -> tuple[int, int]:
    """Rows taken out and bars written, a transaction for each day."""
    taken = made = 0
    statement = FOLD.format(**names)
    for first in _days(connection, OLDEST.format(**names), until):
        if stop.is_set():
            break
        with connection.transaction():
            values = {"first": first, "end": first + DAY}
            row = connection.execute(statement, values).fetchone() or (0, 0)
        taken, made = taken + row[0], made + row[1]
    return taken, made


def _days(connection: Connection, oldest: LiteralString, until: datetime) -> Iterator[datetime]:
    """The starts of the days before `until` that hold a row, oldest first."""
    since = LONG_AGO
    while True:
        with connection.transaction():
            row = connection.execute(oldest, (since, until)).fetchone()
        if row is None or row[0] is None:
            return
        first = midnight(row[0].astimezone(UTC).date())
        yield first
        since = first + DAY


def _keep_partitions(connection: Connection, today: date) -> tuple[int, int]:
    """How many were made ahead and how many empty ones dropped; none while readers hold them."""
    try:
        with connection.transaction():
            connection.execute("SET LOCAL lock_timeout = '1s'")
            row = connection.execute(
                "SELECT made, dropped FROM catalogue.keep_partitions(%s)", (today,)
            ).fetchone()
    except LockNotAvailable:
        # rows of a month without a partition wait in the default one
        log.info("partitions are in use; left to the next round")
        return 0, 0
    return (row[0], row[1]) if row is not None else (0, 0)
