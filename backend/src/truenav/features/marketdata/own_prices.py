"""A tenant's own prices: reading them for a valuation, and changing them. Row security applies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, text, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from truenav.core.valuation.series import DatedPrice, PriceSeries
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.tables import ManualPriceRow

TABLE = ManualPriceRow


@dataclass(frozen=True, slots=True)
class OwnSeries:
    """Own closes of one instrument, oldest first, in the currency of the newest."""

    currency: str
    closes: Sequence[DatedPrice]

    def over(self, shared: PriceSeries | None) -> PriceSeries:
        """The shared series with the own closes in it; of a day with both, the own one."""
        by_day = {close.price_date: (close.close, close.source) for close in self.closes}
        if shared is not None and shared.currency == self.currency:
            known = zip(shared.dates, shared.closes, shared.sources, strict=True)
            by_day = {day: (close, source) for day, close, source in known} | by_day
        days = sorted(by_day)
        return PriceSeries(
            self.currency,
            days,
            [by_day[day][0] for day in days],
            [by_day[day][1] for day in days],
        )


async def newest(
    session: AsyncSession, instrument_ids: Sequence[UUID], day: date
) -> dict[UUID, OwnSeries]:
    """The last two own closes on or before a day, per instrument that has one."""
    wanted = select(InstrumentRow.id).where(InstrumentRow.id.in_(instrument_ids)).subquery("wanted")
    last = (
        select(TABLE.price_date, TABLE.close, TABLE.currency, TABLE.source)
        .where(TABLE.instrument_id == wanted.c.id, TABLE.price_date <= day)
        .order_by(TABLE.price_date.desc())
        .limit(2)
        .lateral("last")
    )
    query = select(wanted.c.id, last).select_from(wanted.join(last, true()))
    return _series(await session.execute(query.order_by(wanted.c.id, last.c.price_date)))


async def between(
    session: AsyncSession, instrument_ids: Sequence[UUID], first: date, last: date
) -> dict[UUID, OwnSeries]:
    """Own closes per instrument, from the last one on or before `first` to `last`."""
    own, earlier = aliased(TABLE), aliased(TABLE)
    start = (
        select(func.max(earlier.price_date))
        .where(earlier.instrument_id == own.instrument_id, earlier.price_date <= first)
        .scalar_subquery()
    )
    query = (
        select(own.instrument_id.label("id"), own.price_date, own.close, own.currency, own.source)
        .where(
            own.instrument_id.in_(instrument_ids),
            own.price_date <= last,
            own.price_date >= func.coalesce(start, first),
        )
        .order_by(own.instrument_id, own.price_date)
    )
    return _series(await session.execute(query))


def _series(rows: Any) -> dict[UUID, OwnSeries]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return {
        key: OwnSeries(
            of_one[-1].currency,
            [
                DatedPrice(row.price_date, row.close, row.source)
                for row in of_one
                if row.currency == of_one[-1].currency
            ],
        )
        for key, of_one in found.items()
    }


async def page(
    session: AsyncSession, instrument_id: UUID, after: date | None, limit: int
) -> Sequence[ManualPriceRow]:
    """Own prices of an instrument, the newest first."""
    query = (
        select(TABLE)
        .where(TABLE.instrument_id == instrument_id)
        .order_by(TABLE.price_date.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(TABLE.price_date < after)
    return (await session.scalars(query)).all()


async def find(session: AsyncSession, instrument_id: UUID, day: date) -> ManualPriceRow | None:
    """The own price of a day."""
    query = select(TABLE).where(_one(instrument_id, day))
    return await session.scalar(query, execution_options={"populate_existing": True})


async def add(session: AsyncSession, values: Sequence[dict[str, Any]]) -> list[date]:
    """Insert own prices; the days that had none. What a day has already is left as it is."""
    if not values:
        return []
    statement = insert(TABLE).on_conflict_do_nothing().returning(TABLE.price_date)
    return list((await session.scalars(statement, list(values))).all())


async def change(
    session: AsyncSession, instrument_id: UUID, day: date, version: int, values: dict[str, Any]
) -> bool:
    """Put other values in the place of a price somebody saw; False when it is another by now."""
    statement = (
        update(TABLE)
        .where(_one(instrument_id, day), TABLE.version == version)
        .values(**values, version=TABLE.version + 1, set_at=func.now())
        .returning(TABLE.version)
    )
    options = {"synchronize_session": False}
    return await session.scalar(statement, execution_options=options) is not None


async def remove(session: AsyncSession, instrument_id: UUID, day: date, version: int) -> bool:
    """Take a price out that somebody saw; False when it is another by now."""
    statement = (
        delete(TABLE)
        .where(_one(instrument_id, day), TABLE.version == version)
        .returning(TABLE.version)
    )
    options = {"synchronize_session": False}
    return await session.scalar(statement, execution_options=options) is not None


def _one(instrument_id: UUID, day: date) -> ColumnElement[bool]:
    return and_(TABLE.instrument_id == instrument_id, TABLE.price_date == day)


HOLDERS = text(
    "SELECT account_id, min(trade_date) FROM transactions"
    " WHERE instrument_id = :instrument_id GROUP BY account_id"
)


async def holders(session: AsyncSession, instrument_id: UUID) -> list[tuple[UUID, date]]:
    """The tenant's accounts with records of an instrument, and the day of the first."""
    rows = await session.execute(HOLDERS, {"instrument_id": instrument_id})
    return [(row[0], row[1]) for row in rows]
