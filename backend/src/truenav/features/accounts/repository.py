"""SQL of accounts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.accounts.tables import AccountRow
from truenav.platform.pages import PageRequest


async def find(session: AsyncSession, account_id: UUID) -> AccountRow | None:
    """One account of the asking tenant."""
    return await session.scalar(select(AccountRow).where(AccountRow.id == account_id))


async def page(session: AsyncSession, page: PageRequest) -> Sequence[AccountRow]:
    """Oldest first, one row more than the limit."""
    query = select(AccountRow).order_by(AccountRow.created_at, AccountRow.id).limit(page.limit + 1)
    if page.after is not None:
        position = tuple_(AccountRow.created_at, AccountRow.id)
        query = query.where(position > page.after)
    return (await session.scalars(query)).all()


async def count(session: AsyncSession) -> int:
    """How many the tenant has."""
    return await session.scalar(select(func.count()).select_from(AccountRow)) or 0


async def change(
    session: AsyncSession, account_id: UUID, version: int, values: dict[str, Any]
) -> AccountRow | None:
    """Change the account if it still has the version the editor saw."""
    statement = (
        update(AccountRow)
        .where(AccountRow.id == account_id, AccountRow.version == version)
        .values(**values, version=version + 1)
        .returning(AccountRow)
    )
    fresh = {"populate_existing": True}  # the session holds the row as it was before
    return await session.scalar(statement, execution_options=fresh)


async def remove(session: AsyncSession, account_id: UUID) -> None:
    """Delete an account nothing refers to; the foreign keys refuse any other."""
    await session.execute(delete(AccountRow).where(AccountRow.id == account_id))
