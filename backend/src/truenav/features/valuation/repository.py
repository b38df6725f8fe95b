"""SQL of valuation: snapshots are replaced from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CompoundSelect,
    Date,
    Integer,
    Uuid,
    case,
    delete,
    exists,
    func,
    literal,
    select,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from truenav.core.valuation.consolidation import CurrencyDay
from truenav.core.valuation.nav import Unknown
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.repository import is_live, was_live
from truenav.features.ledger.tables import TransactionRow
from truenav.features.valuation.tables import SnapshotRow, ValuationStateRow
from truenav.platform.bulk import insert_rows
from truenav.platform.tables import OutboxRow


async def accounts_in_scope(session: AsyncSession, account_id: UUID | None) -> Sequence[AccountRow]:
    """All accounts of the tenant, or the one asked for."""
    return await accounts_named(session, [] if account_id is None else [account_id])


async def accounts_named(
    session: AsyncSession, account_ids: Sequence[UUID]
) -> Sequence[AccountRow]:
    """The accounts asked for; all of the tenant when none is."""
    query = select(AccountRow).order_by(AccountRow.created_at, AccountRow.id)
    if account_ids:
        query = query.where(AccountRow.id.in_(account_ids))
    return (await session.scalars(query)).all()


@dataclass(frozen=True, slots=True)
class EverHeld:
    """What the records of some accounts that count name: instruments, and currencies of cash."""

    instruments: Sequence[InstrumentRow]
    currencies: Sequence[str]


async def ever_held(
    session: AsyncSession, account_ids: Sequence[UUID], known_before: datetime | None = None
) -> EverHeld:
    """Everything that can have been in the accounts, in a fixed order; as known at an instant."""
    table = TransactionRow
    counts = is_live() if known_before is None else was_live(known_before)
    mine = table.account_id.in_(account_ids) & counts
    named = union(
        select(table.instrument_id).where(mine, table.instrument_id.is_not(None)),
        select(table.source_instrument_id).where(mine, table.source_instrument_id.is_not(None)),
    )
    paid: CompoundSelect[Any] = union(
        select(table.currency).where(mine),
        select(table.counter_currency).where(mine, table.counter_currency.is_not(None)),
    )
    rows = await session.scalars(
        select(InstrumentRow).where(InstrumentRow.id.in_(named)).order_by(InstrumentRow.id)
    )
    return EverHeld(rows.all(), sorted((await session.scalars(paid)).all()))


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
    await insert_rows(session, SnapshotRow, rows)


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


async def first_to_redo(
    session: AsyncSession, account_id: UUID, since: date, earliest: date, version: str
) -> date | None:
    """The first snapshot before a day that may not stand any more.

    Of another version of the calculation; or, from `earliest` on, one that holds income due.
    """
    table = SnapshotRow
    query = select(func.min(table.as_of)).where(
        table.account_id == account_id,
        table.as_of < since,
        (table.calculation_version != version)
        | ((table.as_of >= earliest) & table.receivable_value.is_distinct_from(0)),
    )
    return await session.scalar(query)


async def snapshot_ends(session: AsyncSession, account_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The last day with a snapshot, of each account that has one."""
    query = (
        select(SnapshotRow.account_id, func.max(SnapshotRow.as_of).label("end"))
        .where(SnapshotRow.account_id.in_(account_ids))
        .group_by(SnapshotRow.account_id)
    )
    return {row.account_id: row.end for row in await session.execute(query)}


async def first_snapshot_date(session: AsyncSession, account_ids: Sequence[UUID]) -> date | None:
    """The first day with a snapshot."""
    query = select(func.min(SnapshotRow.as_of)).where(SnapshotRow.account_id.in_(account_ids))
    return await session.scalar(query)


async def days_by_currency(
    session: AsyncSession,
    account_ids: Sequence[UUID],
    first: date | None = None,
    last: date | None = None,
    *,
    only_flows: bool = False,
) -> list[CurrencyDay]:
    """Snapshots of the accounts added up per day and base currency, by day.

    The database adds: hundreds of accounts cost no more to read than one per currency.
    """
    nav, flow = SnapshotRow.nav, SnapshotRow.external_flow
    query = (
        select(
            SnapshotRow.as_of,
            SnapshotRow.currency,
            *_summed(nav, flow),
        )
        .where(SnapshotRow.account_id.in_(account_ids))
        .group_by(SnapshotRow.as_of, SnapshotRow.currency)
        .order_by(SnapshotRow.as_of, SnapshotRow.currency)
    )
    if first is not None:
        query = query.where(SnapshotRow.as_of >= first)
    if last is not None:
        query = query.where(SnapshotRow.as_of <= last)
    if only_flows:
        query = query.where(flow.is_distinct_from(0))
    return [_day(row) for row in await session.execute(query)]


async def days_of_scopes(
    session: AsyncSession, wanted: Sequence[tuple[int, UUID, date, date]]
) -> dict[int, list[CurrencyDay]]:
    """`days_by_currency` of many scopes at once, by their numbers.

    Args:
        session: The transaction.
        wanted: (number of a scope, one of its accounts, first day, last day).
    """
    if not wanted:
        return {}
    columns = [list(column) for column in zip(*wanted, strict=True)]
    kinds: tuple[TypeEngine[Any], ...] = (Integer(), Uuid(), Date(), Date())
    listed = (literal(values, ARRAY(kind)) for values, kind in zip(columns, kinds, strict=True))
    asked = (
        func.unnest(*listed).table_valued("number", "account_id", "first", "last").render_derived()
    )
    nav, flow = SnapshotRow.nav, SnapshotRow.external_flow
    query = (
        select(
            asked.c.number,
            SnapshotRow.as_of,
            SnapshotRow.currency,
            *_summed(nav, flow),
        )
        .select_from(asked)
        .join(
            SnapshotRow,
            (SnapshotRow.account_id == asked.c.account_id)
            & SnapshotRow.as_of.between(asked.c.first, asked.c.last),
        )
        .group_by(asked.c.number, SnapshotRow.as_of, SnapshotRow.currency)
        .order_by(asked.c.number, SnapshotRow.as_of, SnapshotRow.currency)
    )
    found: dict[int, list[CurrencyDay]] = {}
    for row in await session.execute(query):
        found.setdefault(row.number, []).append(_day(row))
    return found


def _summed(nav: Any, flow: Any) -> tuple[Any, Any, Any]:
    """Of the snapshots of a group: null as soon as one is unknown."""
    return (
        case((func.count(nav) == func.count(), func.sum(nav))).label("nav"),
        case((func.count(flow) == func.count(), func.sum(flow))).label("flow"),
        func.jsonb_agg(SnapshotRow.unknowns)
        .filter(SnapshotRow.unknown_count > 0)
        .label("unknowns"),
    )


def _day(row: Any) -> CurrencyDay:
    return CurrencyDay(row.as_of, row.currency, row.nav, row.flow, _unknowns(row.unknowns))


def _unknowns(groups: Sequence[Sequence[dict[str, str]]] | None) -> tuple[Unknown, ...]:
    return tuple(
        sorted({Unknown(u["reason_code"], u["subject"]) for group in groups or () for u in group})
    )


async def is_recomputing(session: AsyncSession) -> bool:
    """Whether posted records of the tenant that asks wait for their snapshots."""
    query = select(
        exists().where(
            # a worker sees the work of all tenants
            OutboxRow.tenant_id == select(func.sec.tenant()).scalar_subquery(),
            OutboxRow.topic.in_(("ledger.transactions_posted", "valuation.market_changed")),
            OutboxRow.occurred_at > func.now() - text("interval '1 hour'"),
            OutboxRow.done_at.is_(None),
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
