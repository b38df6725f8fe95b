"""SQL of valuation: snapshots are replaced from a day on."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.tables import TransactionRow
from truenav.features.valuation.tables import SnapshotRow, ValuationStateRow
from truenav.platform.tables import JobKeyRow, OutboxRow

BATCH = 1000


async def accounts_in_scope(session: AsyncSession, account_id: UUID | None) -> Sequence[AccountRow]:
    """All accounts of the tenant, or the one asked for."""
    query = select(AccountRow).order_by(AccountRow.created_at, AccountRow.id)
    if account_id is not None:
        query = query.where(AccountRow.id == account_id)
    return (await session.scalars(query)).all()


async def lock_valuation(session: AsyncSession, account_id: UUID) -> None:
    """One rebuild of an account at a time, until commit."""
    key = func.hashtextextended(f"valuation:{account_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def replace_snapshots(
    session: AsyncSession, account_id: UUID, since: date, rows: Sequence[dict[str, Any]]
) -> None:
    """Put new snapshots in the place of those from `since` on."""
    await session.execute(
        delete(SnapshotRow).where(SnapshotRow.account_id == account_id, SnapshotRow.as_of >= since)
    )
    for start in range(0, len(rows), BATCH):
        await session.execute(insert(SnapshotRow), rows[start : start + BATCH])


async def mark_rebuilt(session: AsyncSession, tenant_id: UUID, account_id: UUID) -> None:
    """Remember that the snapshots follow from the records."""
    statement = upsert(ValuationStateRow).values(
        tenant_id=tenant_id, account_id=account_id, dirty_from=None, rebuilt_at=func.now()
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "account_id"],
            set_={"dirty_from": None, "rebuilt_at": func.now()},
        )
    )


async def newest_snapshot_date(session: AsyncSession, account_id: UUID) -> date | None:
    """The last day with a snapshot."""
    query = select(func.max(SnapshotRow.as_of)).where(SnapshotRow.account_id == account_id)
    return await session.scalar(query)


async def snapshots(
    session: AsyncSession, account_ids: Sequence[UUID], first: date | None, last: date | None
) -> Sequence[SnapshotRow]:
    """Snapshots of the accounts between two days, by day."""
    query = (
        select(SnapshotRow)
        .where(SnapshotRow.account_id.in_(account_ids))
        .order_by(SnapshotRow.as_of)
    )
    if first is not None:
        query = query.where(SnapshotRow.as_of >= first)
    if last is not None:
        query = query.where(SnapshotRow.as_of <= last)
    return (await session.scalars(query)).all()


async def is_recomputing(session: AsyncSession) -> bool:
    """Whether posted records wait for their snapshots."""
    done = exists().where(
        JobKeyRow.tenant_id == OutboxRow.tenant_id,
        JobKeyRow.key == func.concat("event:", OutboxRow.id),
    )
    query = select(
        exists().where(
            OutboxRow.topic == "ledger.transactions_posted",
            OutboxRow.occurred_at > func.now() - text("interval '1 hour'"),
            ~done,
        )
    )
    return bool(await session.scalar(query))


async def instruments(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, InstrumentRow]:
    """Instruments by id."""
    rows = await session.scalars(select(InstrumentRow).where(InstrumentRow.id.in_(ids)))
    return {row.id: row for row in rows}


async def first_trade_date(session: AsyncSession, account_ids: Sequence[UUID]) -> date | None:
    """The day of the first record."""
    query = select(func.min(TransactionRow.trade_date)).where(
        TransactionRow.account_id.in_(account_ids)
    )
    return await session.scalar(query)
