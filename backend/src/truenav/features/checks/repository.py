"""SQL of checks."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.checks.tables import CheckSettingRow

ANEW = {"populate_existing": True}


async def settings(session: AsyncSession) -> dict[str, CheckSettingRow]:
    """What the asking tenant set, by code."""
    rows = await session.scalars(select(CheckSettingRow), execution_options=ANEW)
    return {row.code: row for row in rows}


async def keep(
    session: AsyncSession,
    tenant_id: UUID,
    code: str,
    version: int | None,
    values: dict[str, Any],
) -> bool:
    """Set a check, if it still has the version that was seen (None: nothing was set)."""
    table = CheckSettingRow
    if version is None:
        row = {**values, "tenant_id": tenant_id, "code": code}
        adding = insert(table).values(**row).on_conflict_do_nothing().returning(table.version)
        return await session.scalar(adding) is not None
    changing = (
        update(table)
        .where(table.code == code, table.version == version)
        .values(**values, version=version + 1, set_at=func.now())
        .returning(table.version)
    )
    options = {"synchronize_session": False}
    return await session.scalar(changing, execution_options=options) is not None
