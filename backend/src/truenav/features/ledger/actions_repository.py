"""SQL of a tenant's own corporate actions and of what it decided of events."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import mapping
from truenav.features.ledger.action_tables import ActionDecisionRow, OwnActionRow
from truenav.features.ledger.repository import is_live
from truenav.features.ledger.tables import PositionChangeRow, TransactionRow

# What may change how many units of another instrument are held.
MOVING_KINDS = tuple(
    kind.value
    for kind in (
        TransactionKind.MERGER,
        TransactionKind.NAME_CHANGE,
        TransactionKind.SPIN_OFF,
        TransactionKind.RIGHTS,
    )
)


async def ever_held(session: AsyncSession, account_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Account → instruments it holds or held."""
    table = PositionChangeRow
    query = (
        select(table.account_id, table.instrument_id)
        .where(table.account_id.in_(account_ids))
        .distinct()
    )
    found: dict[UUID, set[UUID]] = {}
    for row in await session.execute(query):
        found.setdefault(row.account_id, set()).add(row.instrument_id)
    return found


async def unit_changes(
    session: AsyncSession, account_id: UUID, instrument_ids: Collection[UUID]
) -> dict[UUID, list[tuple[date, Decimal]]]:
    """Instrument → (day, units from then on), in order of day."""
    table = PositionChangeRow
    query = (
        select(table.instrument_id, table.changed_on, table.quantity)
        .where(table.account_id == account_id, table.instrument_id.in_(list(instrument_ids)))
        .order_by(table.changed_on)
    )
    found: dict[UUID, list[tuple[date, Decimal]]] = {}
    for row in await session.execute(query):
        found.setdefault(row.instrument_id, []).append((row.changed_on, row.quantity))
    return found


async def records_about(
    session: AsyncSession, account_id: UUID, instrument_ids: Collection[UUID], first: date
) -> list[Transaction]:
    """Records of an account that count and may tell an event of the instruments, from a day on."""
    query = select(*mapping.TRANSACTION_COLUMNS).where(
        TransactionRow.account_id == account_id,
        TransactionRow.trade_date >= first,
        TransactionRow.instrument_id.in_(list(instrument_ids))
        | TransactionRow.kind.in_(MOVING_KINDS),
        is_live(),
    )
    return [mapping.to_transaction(row) for row in await session.execute(query)]


async def instruments(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, InstrumentRow]:
    """Instruments by id."""
    query = select(InstrumentRow).where(InstrumentRow.id.in_(list(ids)))
    return {row.id: row for row in await session.scalars(query)}


async def own_actions(
    session: AsyncSession, instrument_id: UUID | None = None
) -> Sequence[OwnActionRow]:
    """The tenant's own events and terms, of one instrument or of all."""
    query = select(OwnActionRow).execution_options(populate_existing=True)
    if instrument_id is not None:
        query = query.where(OwnActionRow.instrument_id == instrument_id)
    return (await session.scalars(query)).all()


async def add_own(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Add an own event or terms; False when the shared event has own terms by now."""
    added = await session.scalar(
        insert(OwnActionRow).values(values).on_conflict_do_nothing().returning(OwnActionRow.id)
    )
    return added is not None


async def change_own(
    session: AsyncSession, own_id: UUID, version: int, values: dict[str, Any]
) -> bool:
    """Change an own event whose version the editor saw; False when it is another by now."""
    table = OwnActionRow
    changed = await session.scalar(
        update(table)
        .where(table.id == own_id, table.version == version)
        .values({**values, "version": version + 1})
        .returning(table.id)
    )
    return changed is not None


async def remove_own(session: AsyncSession, own_id: UUID) -> None:
    """Remove an own event or own terms."""
    await session.execute(delete(OwnActionRow).where(OwnActionRow.id == own_id))


async def remove_decisions(session: AsyncSession, event_id: UUID) -> None:
    """Forget what was decided of an event."""
    table = ActionDecisionRow
    await session.execute(delete(table).where(table.event_id == event_id))


async def decisions(
    session: AsyncSession, account_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], ActionDecisionRow]:
    """(account, event) → decision."""
    query = (
        select(ActionDecisionRow)
        .where(ActionDecisionRow.account_id.in_(account_ids))
        .execution_options(populate_existing=True)
    )
    return {(row.account_id, row.event_id): row for row in await session.scalars(query)}


async def decide(
    session: AsyncSession,
    key: tuple[UUID, UUID, UUID],
    status: str,
    transaction_ids: Iterable[UUID],
    user_id: UUID | None,
) -> None:
    """Put a decision in the place of the one before; `key` is tenant, account, event."""
    values = {
        "status": status,
        "transaction_ids": [str(one) for one in transaction_ids],
        "decided_by": user_id,
        "decided_at": func.now(),
    }
    names = dict(zip(("tenant_id", "account_id", "event_id"), key, strict=True))
    await session.execute(
        insert(ActionDecisionRow)
        .values({**names, **values})
        .on_conflict_do_update(index_elements=list(names), set_=values)
    )


async def forget(session: AsyncSession, account_id: UUID, event_id: UUID) -> None:
    """Take a decision back, as if it had never been made."""
    table = ActionDecisionRow
    await session.execute(
        delete(table).where(table.account_id == account_id, table.event_id == event_id)
    )
