"""SQL of a tenant's sources of its own. Row security applies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.custom_tables import CustomSourceRow

TABLE = CustomSourceRow
PLAIN: dict[str, Any] = {"synchronize_session": False}


async def find(session: AsyncSession, instrument_id: UUID) -> CustomSourceRow | None:
    """The tenant's source of an instrument."""
    query = select(TABLE).where(TABLE.instrument_id == instrument_id)
    return await session.scalar(query, execution_options={"populate_existing": True})


async def due(session: AsyncSession, limit: int) -> Sequence[Row[CustomSourceRow, str]]:
    """(source, currency of its instrument), who waited longest first."""
    query = (
        select(TABLE, InstrumentRow.currency)
        .join(InstrumentRow, InstrumentRow.id == TABLE.instrument_id)
        .order_by(TABLE.tried_at.nulls_first(), TABLE.instrument_id)
        .limit(limit)
    )
    return (await session.execute(query)).all()


async def count(session: AsyncSession) -> int:
    """How many the tenant has."""
    return await session.scalar(select(func.count()).select_from(TABLE)) or 0


async def add(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Set a source up where there is none; False when there is one."""
    statement = insert(TABLE).values(**values).on_conflict_do_nothing().returning(TABLE.version)
    return await session.scalar(statement) is not None


async def change(
    session: AsyncSession, instrument_id: UUID, version: int, values: dict[str, Any]
) -> bool:
    """Put another source in the place of one somebody saw; False when it is another by now."""
    statement = (
        update(TABLE)
        .where(TABLE.instrument_id == instrument_id, TABLE.version == version)
        .values(**values, version=TABLE.version + 1, set_at=func.now())
        .returning(TABLE.version)
    )
    return await session.scalar(statement, execution_options=PLAIN) is not None


async def note(
    session: AsyncSession, instrument_id: UUID, version: int, at: datetime, values: dict[str, Any]
) -> bool:
    """Keep what a fetch found, unless the source is another by now."""
    statement = (
        update(TABLE)
        .where(TABLE.instrument_id == instrument_id, TABLE.version == version)
        .values(**values, tried_at=at)
        .returning(TABLE.version)
    )
    return await session.scalar(statement, execution_options=PLAIN) is not None


async def remove(session: AsyncSession, instrument_id: UUID, version: int) -> bool:
    """Take out a source that somebody saw; False when it is another by now."""
    statement = (
        delete(TABLE)
        .where(TABLE.instrument_id == instrument_id, TABLE.version == version)
        .returning(TABLE.version)
    )
    return await session.scalar(statement, execution_options=PLAIN) is not None
