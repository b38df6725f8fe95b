"""Exact closes of many instruments as columns of whole numbers, for valuations.

Past years come packed (packing.py) where they are good, the rest from the prices themselves, which
the database puts into two arrays for each source. Whichever way a close comes, it is the same.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.valuation.exact_columns import DayColumn, ExactColumn, Whole, column_of, joined
from truenav.features.marketdata.packed import START, Part, unpacked
from truenav.features.marketdata.packing import FITS, STEP_PLACES, STEPS
from truenav.platform.bulk import driver_of

Told = tuple[str, str, str]  # currency, source, basis
Piece = tuple[Whole, Sequence[Decimal]]  # numbers of days in the calendar, closes
Pieces = dict[UUID, dict[Told, list[Piece]]]
Spans = list[tuple[UUID, date, date]]

STARTS = """
SELECT wanted.id, (SELECT max(p.price_date) FROM prices p
                   WHERE p.instrument_id = wanted.id AND p.price_date <= %(first)s)
FROM unnest(%(ids)s::uuid[]) AS wanted (id)
"""
# Good is what no later version changed.
YEARS = """
SELECT y.instrument_id, y.currency, y.source, y.basis, y.year, y.places,
       array_send(y.days), array_send(y.closes)
FROM price_years y
WHERE y.instrument_id = ANY (%(ids)s::uuid[]) AND y.year BETWEEN %(from)s AND %(to)s
  AND NOT EXISTS (
    SELECT 1 FROM price_versions v
    WHERE v.instrument_id = y.instrument_id AND v.version > y.version
      AND v.reason NOT LIKE 'event%%' AND v.earliest <= make_date(y.year, 12, 31))
"""
ROWS = f"""
SELECT p.instrument_id, p.currency, p.source, p.basis, bool_and({FITS}),
       array_send(array_agg(p.price_date - DATE '1970-01-01')),
       array_send(array_agg(CASE WHEN {FITS} THEN (p.close * {STEPS})::bigint ELSE 0 END))
FROM unnest(%(ids)s::uuid[], %(from)s::date[], %(to)s::date[]) AS wanted (id, first, last)
JOIN prices p ON p.instrument_id = wanted.id AND p.price_date BETWEEN wanted.first AND wanted.last
GROUP BY p.instrument_id, p.currency, p.source, p.basis
"""  # noqa: S608  # our text
# What does not fit into whole numbers comes as text.
TEXTS = """
SELECT p.instrument_id, p.currency, p.source, p.basis,
       string_agg((p.price_date - DATE '1970-01-01')::text, ' '),
       string_agg(p.close::text, ' ')
FROM unnest(%(ids)s::uuid[], %(from)s::date[], %(to)s::date[]) AS wanted (id, first, last)
JOIN prices p ON p.instrument_id = wanted.id AND p.price_date BETWEEN wanted.first AND wanted.last
WHERE p.instrument_id = ANY (%(odd)s::uuid[])
GROUP BY p.instrument_id, p.currency, p.source, p.basis
"""
HEADER: Final = 20
DAYS: Final = np.dtype([("length", ">i4"), ("value", ">i4")])
CLOSES: Final = np.dtype([("length", ">i4"), ("value", ">i8")])


async def close_parts(
    session: AsyncSession, instrument_ids: Sequence[UUID], first_day: date, last_day: date
) -> dict[UUID, list[Part]]:
    """What each source tells of each instrument, from its last close on or before a day on."""
    async with (await driver_of(session)).cursor(binary=True) as cursor:
        ids = list(dict.fromkeys(instrument_ids))
        await cursor.execute(STARTS, {"ids": ids, "first": first_day})
        starts = {key: start or first_day async for key, start in cursor}
        pieces: Pieces = {}
        packed = await _packed(cursor, pieces, starts, last_day)
        spans = [span for key in ids for span in _gaps(key, starts[key], last_day, packed)]
        await _unpacked(cursor, pieces, spans)
    found = {}
    for key, told in pieces.items():
        parts = [_part(one, of, starts[key], last_day) for one, of in told.items()]
        if any(part.days for part in parts):
            found[key] = [part for part in parts if part.days]
    return found


async def _packed(
    cursor: Any, pieces: Pieces, starts: Mapping[UUID, date], last_day: date
) -> set[tuple[UUID, int]]:
    """Add the years that are packed and good; which they are."""
    first = min(start.year for start in starts.values()) if starts else last_day.year
    span = {"ids": list(starts), "from": first, "to": last_day.year}
    await cursor.execute(YEARS, span)
    found = set()
    async for key, currency, source, basis, year, places, days, closes in cursor:
        found.add((key, year))
        piece = _days(days), ExactColumn(_values(closes), places)
        pieces.setdefault(key, {}).setdefault((currency, source, basis), []).append(piece)
    return found


def _gaps(key: UUID, start: date, last_day: date, packed: set[tuple[UUID, int]]) -> Spans:
    """The spans of days of an instrument in which no year is packed."""
    found: Spans = []
    for year in range(start.year, last_day.year + 1):
        if (key, year) in packed:
            continue
        first, last = max(start, date(year, 1, 1)), min(last_day, date(year, 12, 31))
        if found and found[-1][2].year == year - 1:
            found[-1] = (key, found[-1][1], last)
        else:
            found.append((key, first, last))
    return found


async def _unpacked(cursor: Any, pieces: Pieces, spans: Spans) -> None:
    """Add what is in the prices alone."""
    if not spans:
        return
    ids, firsts, lasts = (list(column) for column in zip(*spans, strict=True))
    values = {"ids": ids, "from": firsts, "to": lasts}
    await cursor.execute(ROWS, values)
    odd: set[UUID] = set()
    rows = await cursor.fetchall()
    odd = {key for key, _, _, _, is_whole, *_ in rows if not is_whole}
    for key, currency, source, basis, _, days, closes in rows:
        if key not in odd:
            piece = _days(days), ExactColumn(_values(closes), STEP_PLACES)
            pieces.setdefault(key, {}).setdefault((currency, source, basis), []).append(piece)
    if not odd:
        return
    await cursor.execute(TEXTS, {**values, "odd": list(odd)})
    async for key, currency, source, basis, days, closes in cursor:
        dates, prices = unpacked(days, closes)
        ordinals = np.array([day.toordinal() for day in dates], np.int64)
        pieces.setdefault(key, {}).setdefault((currency, source, basis), []).append(
            (ordinals, prices)
        )


def _part(told: Told, pieces: Sequence[Piece], start: date, last_day: date) -> Part:
    """The pieces of one source in order of day, nothing before the start or after the last day."""
    currency, source, basis = told
    days = np.concatenate([days for days, _ in pieces])
    order = np.argsort(days, kind="stable")
    first = int(np.searchsorted(days[order], start.toordinal()))
    end = int(np.searchsorted(days[order], last_day.toordinal(), side="right"))
    order = order[first:end]
    return Part(currency, source, basis, DayColumn(days[order]), _closes(pieces, order))


def _closes(pieces: Sequence[Piece], order: Whole) -> Sequence[Decimal]:
    column = joined([closes for _, closes in pieces])
    if column is not None:
        return column_of(column.wholes[order], column.places)
    prices = [close for _, closes in pieces for close in closes]
    return [prices[place] for place in order.tolist()]


def _days(sent: bytes) -> Whole:
    return np.frombuffer(sent, DAYS, offset=HEADER)["value"].astype(np.int64) + START


def _values(sent: bytes) -> Whole:
    return np.frombuffer(sent, CLOSES, offset=HEADER)["value"].astype(np.int64)
