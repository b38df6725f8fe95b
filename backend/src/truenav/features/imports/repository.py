"""SQL of imports."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from truenav.features.accounts.tables import AccountRow
from truenav.features.imports.tables import (
    ColumnMappingRow,
    ImportBatchRow,
    ImportRowRow,
)
from truenav.platform.bulk import insert_rows
from truenav.platform.pages import PageRequest


async def find(
    session: AsyncSession, batch_id: UUID, *, for_update: bool = False
) -> ImportBatchRow | None:
    """One batch of the asking tenant; its content is loaded only when asked for."""
    query = select(ImportBatchRow).where(ImportBatchRow.id == batch_id)
    if for_update:
        query = query.with_for_update()
    else:
        query = query.options(defer(ImportBatchRow.content, raiseload=True))
    return await session.scalar(query)


async def is_free(session: AsyncSession, batch_id: UUID) -> bool:
    """Whether nobody works on a batch now: its row can be locked at once; it is, until commit."""
    query = select(ImportBatchRow.id).where(ImportBatchRow.id == batch_id)
    locked = await session.scalar(query.with_for_update(skip_locked=True))
    return locked is not None or await session.scalar(query) is None


async def page(session: AsyncSession, page: PageRequest) -> Sequence[ImportBatchRow]:
    """Newest first, one row more than the limit."""
    query = (
        select(ImportBatchRow)
        .options(defer(ImportBatchRow.content, raiseload=True))
        .order_by(ImportBatchRow.created_at.desc(), ImportBatchRow.id.desc())
        .limit(page.limit + 1)
    )
    if page.after is not None:
        position = tuple_(ImportBatchRow.created_at, ImportBatchRow.id)
        query = query.where(position < page.after)
    return (await session.scalars(query)).all()


async def count(session: AsyncSession) -> int:
    """How many the tenant has."""
    return await session.scalar(select(func.count()).select_from(ImportBatchRow)) or 0


async def account_names(session: AsyncSession) -> dict[UUID, str]:
    """Names of the tenant's accounts."""
    rows = await session.execute(select(AccountRow.id, AccountRow.name))
    return {row.id: row.name for row in rows}


async def move(
    session: AsyncSession, batch_id: UUID, from_statuses: Sequence[str], **values: Any
) -> bool:
    """Change a batch if it is in one of the statuses; False when it is not."""
    statement = (
        update(ImportBatchRow)
        .where(ImportBatchRow.id == batch_id, ImportBatchRow.status.in_(from_statuses))
        .values(version=ImportBatchRow.version + 1, **values)
        .returning(ImportBatchRow.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def replace_rows(
    session: AsyncSession, batch_id: UUID, rows: Sequence[dict[str, Any]]
) -> None:
    """Put the rows of a new reading in the place of the old ones."""
    await session.execute(delete(ImportRowRow).where(ImportRowRow.batch_id == batch_id))
    await insert_rows(session, ImportRowRow, rows)


async def duplicate_numbers(session: AsyncSession, batch_id: UUID) -> set[int]:
    """Rows that the last reading found in the account already."""
    query = select(ImportRowRow.row_number).where(
        ImportRowRow.batch_id == batch_id, ImportRowRow.status == "duplicate"
    )
    return set(await session.scalars(query))


async def page_rows(
    session: AsyncSession, batch_id: UUID, status: str | None, page: PageRequest
) -> Sequence[ImportRowRow]:
    """Rows in the file's order, one more than the limit."""
    query = (
        select(ImportRowRow)
        .where(ImportRowRow.batch_id == batch_id)
        .order_by(ImportRowRow.row_number, ImportRowRow.ordinal)
        .limit(page.limit + 1)
    )
    if status is not None:
        query = query.where(ImportRowRow.status == status)
    if page.after is not None:
        position = tuple_(ImportRowRow.row_number, ImportRowRow.ordinal)
        query = query.where(position > page.after)
    return (await session.scalars(query)).all()


async def count_rows(session: AsyncSession, batch_id: UUID, status: str | None) -> int:
    """How many rows the list holds in all."""
    query = select(func.count()).where(ImportRowRow.batch_id == batch_id)
    if status is not None:
        query = query.where(ImportRowRow.status == status)
    return await session.scalar(query) or 0


async def saved_mapping(session: AsyncSession, signature: str) -> dict[str, Any] | None:
    """The mapping remembered for a header."""
    query = select(ColumnMappingRow.mapping).where(ColumnMappingRow.header_signature == signature)
    return await session.scalar(query)


async def save_mapping(
    session: AsyncSession, tenant_id: UUID, signature: str, mapping: dict[str, Any]
) -> None:
    """Remember a mapping for a header."""
    statement = upsert(ColumnMappingRow).values(
        tenant_id=tenant_id, header_signature=signature, mapping=mapping
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "header_signature"],
            set_={"mapping": mapping, "updated_at": func.now()},
        )
    )
