"""Closes of many instruments as float64 arrays: for statistics and charts, never for values.

One row of the answer is one series: the database packs the days and closes of a source into two
binary arrays, so that hundreds of instruments over decades are read in hundreds of rows, not in
millions. Which source counts on a day is settled here, by the declared order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.marketdata.adjustment import AdjustmentUndefined, PriceBasis, PriceEvent
from truenav.core.marketdata.adjustment_arrays import (
    Days,
    Floats,
    adjusted_array,
    day_number,
    unsplit_array,
)
from truenav.core.marketdata.selection import MANUAL, preference
from truenav.features.marketdata import reads
from truenav.features.marketdata.series import price_events, ratio_of
from truenav.features.marketdata.tables import CorporateActionRow
from truenav.platform.bulk import driver_of

# `array_send` is the binary form of an array: a header, then each element behind its length.
PACKED = """
SELECT instrument_id, currency, basis, source,
       array_send(array_agg(price_date - DATE '1970-01-01')),
       array_send(array_agg(close::float8))
FROM prices
WHERE instrument_id = ANY (%(ids)s) AND price_date BETWEEN %(first)s AND %(last)s
GROUP BY instrument_id, currency, basis, source
UNION ALL
SELECT instrument_id, currency, 'raw', %(manual)s,
       array_send(array_agg(price_date - DATE '1970-01-01')),
       array_send(array_agg(close::float8))
FROM manual_prices
WHERE instrument_id = ANY (%(ids)s) AND price_date BETWEEN %(first)s AND %(last)s
GROUP BY instrument_id, currency
"""
HEADER = 20
DAY = np.dtype([("length", ">i4"), ("value", ">i4")])
CLOSE = np.dtype([("length", ">i4"), ("value", ">f8")])


@dataclass(frozen=True, slots=True)
class Closes:
    """One instrument: numbers of its days (since 1970-01-01), ascending, and the closes."""

    currency: str
    days: Days
    closes: Floats


@dataclass(frozen=True, slots=True)
class CloseArrays:
    """Series by instrument; what has no price is in neither, what cannot be adjusted has a why."""

    series: Mapping[UUID, Closes]
    undefined: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CloseMatrix:
    """Instrument × day: NaN where an instrument has no bar on a day that another one has."""

    instrument_ids: Sequence[UUID]
    days: Days
    closes: Floats


@dataclass(frozen=True, slots=True)
class _Part:
    """What one source tells of one instrument in one currency on one basis."""

    currency: str
    basis: str
    source: str
    days: Days
    closes: Floats


async def close_arrays(
    session: AsyncSession,
    instrument_ids: Sequence[UUID],
    first_day: date,
    last_day: date,
    basis: PriceBasis = PriceBasis.RAW,
) -> CloseArrays:
    """The closes that count between two days, in the currency of the newest; own prices first.

    Adjusted closes are those of the whole history up to its newest day, as `history_of` tells
    them, whatever day the span ends on.
    """
    is_raw = basis is PriceBasis.RAW
    parts = await _parts(session, instrument_ids, first_day, last_day if is_raw else date.max)
    is_traded = all(p.basis == PriceBasis.RAW for of in parts.values() for p in of)
    actions = {} if is_raw and is_traded else await _actions(session, list(parts))
    series, undefined = {}, {}
    for key, of_one in parts.items():
        try:
            found = _series(of_one, actions.get(key, ()), basis)
        except AdjustmentUndefined as error:
            undefined[key] = str(error)
            continue
        end = int(np.searchsorted(found.days, day_number(last_day), side="right"))
        if end:
            series[key] = Closes(found.currency, found.days[:end], found.closes[:end])
    return CloseArrays(series, undefined)


async def close_matrix(
    session: AsyncSession,
    instrument_ids: Sequence[UUID],
    first_day: date,
    last_day: date,
    basis: PriceBasis = PriceBasis.RAW,
) -> CloseMatrix:
    """The same as one matrix, a row for each instrument asked for; without prices a row of NaN."""
    found = await close_arrays(session, instrument_ids, first_day, last_day, basis)
    return as_matrix(found.series, instrument_ids)


def as_matrix(series: Mapping[UUID, Closes], instrument_ids: Sequence[UUID]) -> CloseMatrix:
    """Series beside each other on the days that any of them has."""
    told = [(row, series[key]) for row, key in enumerate(instrument_ids) if key in series]
    if not told:
        nothing = np.empty((len(instrument_ids), 0))
        return CloseMatrix(instrument_ids, np.empty(0, np.int32), nothing)
    first = min(int(one.days[0]) for _, one in told)
    last = max(int(one.days[-1]) for _, one in told)
    is_used = np.zeros(last - first + 1, bool)
    for _, one in told:
        is_used[one.days - first] = True
    place = np.cumsum(is_used) - 1
    closes = np.full((len(instrument_ids), int(place[-1]) + 1), np.nan)
    for row, one in told:
        closes[row, place[one.days - first]] = one.closes
    return CloseMatrix(instrument_ids, (np.flatnonzero(is_used) + first).astype(np.int32), closes)


async def _parts(
    session: AsyncSession, instrument_ids: Sequence[UUID], first_day: date, last_day: date
) -> dict[UUID, list[_Part]]:
    values = {
        "ids": list(instrument_ids), "first": first_day, "last": last_day, "manual": MANUAL,
    }  # fmt: skip
    found: dict[UUID, list[_Part]] = {}
    async with (await driver_of(session)).cursor(binary=True) as cursor:
        await cursor.execute(PACKED, values)
        async for key, currency, basis, source, days, closes in cursor:
            part = _Part(currency, basis, source, *_unpacked(days, closes))
            found.setdefault(key, []).append(part)
    return found


def _unpacked(days: bytes, closes: bytes) -> tuple[Days, Floats]:
    numbers = np.frombuffer(days, DAY, offset=HEADER)["value"].astype(np.int32)
    values = np.frombuffer(closes, CLOSE, offset=HEADER)["value"].astype(np.float64)
    if np.all(numbers[1:] > numbers[:-1]):
        return numbers, values
    order = np.argsort(numbers, kind="stable")
    return numbers[order], values[order]


def _series(
    parts: Sequence[_Part], actions: Sequence[CorporateActionRow], basis: PriceBasis
) -> Closes:
    """One series of the parts: the first source of each day, in the currency of the last one."""
    ordered = sorted(parts, key=lambda part: preference(part.basis, part.source))
    days, which, closes = _first_of_each_day(ordered)
    currency = ordered[which[-1]].currency
    is_told = np.array([part.currency == currency for part in ordered])[which]
    days, which, closes = days[is_told], which[is_told], closes[is_told]
    closes = _as_traded(ordered, (days, which, closes), actions)
    if basis is not PriceBasis.RAW:
        closes = adjusted_array(days, closes, price_events(actions, currency, basis), basis)
    return Closes(currency, days, closes)


def _first_of_each_day(ordered: Sequence[_Part]) -> tuple[Days, Days, Floats]:
    """Days, which part counts on each, and its closes."""
    if len(ordered) == 1:
        (part,) = ordered
        return part.days, np.zeros(len(part.days), np.int32), part.closes
    which = np.repeat(np.arange(len(ordered), dtype=np.int32), [len(p.days) for p in ordered])
    # of equal days the first stands for all, and parts stand in the order in which they count
    days, first = np.unique(np.concatenate([part.days for part in ordered]), return_index=True)
    return days, which[first], np.concatenate([part.closes for part in ordered])[first]


def _as_traded(
    ordered: Sequence[_Part],
    counted: tuple[Days, Days, Floats],
    actions: Sequence[CorporateActionRow],
) -> Floats:
    """Raw closes; what an older release stored adjusted for splits is brought back."""
    days, which, closes = counted
    bases = np.array([part.basis for part in ordered])[which]
    if np.any(bases == PriceBasis.TOTAL.value):
        raise AdjustmentUndefined("a source gave closes adjusted for dividends only")
    is_split = bases == PriceBasis.SPLIT.value
    if not np.any(is_split):
        return closes
    splits = [PriceEvent(a.ex_date, ratio_of(a)) for a in actions if ratio_of(a)]
    return np.where(is_split, unsplit_array(days, closes, splits), closes)


async def _actions(
    session: AsyncSession, instrument_ids: Sequence[UUID]
) -> dict[UUID, list[CorporateActionRow]]:
    """Events by instrument, the row that counts of each, oldest first."""
    found: dict[UUID, dict[Any, CorporateActionRow]] = {}
    for row in await reads.events_of(session, instrument_ids, date.max):
        found.setdefault(row.instrument_id, {}).setdefault((row.ex_date, row.type), row)
    return {key: list(of_one.values()) for key, of_one in found.items()}
