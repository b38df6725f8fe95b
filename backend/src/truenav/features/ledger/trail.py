"""What lots came from, read from the derived tables or, of an earlier day, from a replay."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import InstrumentId, LotId, TransactionId
from truenav.core.ledger.explaining import Trail
from truenav.core.ledger.lots import AdjustmentKind, ClosureKind, LotAdjustment, LotClosure
from truenav.core.ledger.methods import POOLING
from truenav.core.ledger.replay import LedgerState
from truenav.core.ledger.transactions import Transaction
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import mapping, repository
from truenav.features.ledger.rebuilding import inputs
from truenav.features.ledger.tables import (
    LotAdjustmentRow,
    LotClosureRow,
    LotRow,
    TransactionRow,
)


async def trail_of_lots(
    session: AsyncSession, account: AccountRow, lot_ids: Collection[UUID]
) -> Trail:
    """All that happened to the lots, and what the records that did it did besides."""
    lots = await session.scalars(select(LotRow).where(LotRow.id.in_(lot_ids)))
    mine = {LotId(row.id): mapping.to_lot(row) for row in lots}
    closures = await _closures(session, LotClosureRow.lot_id.in_(lot_ids))
    changes = await _adjustments(session, LotAdjustmentRow.lot_id.in_(lot_ids))
    ids = {lot.opened_by for lot in mine.values()}
    ids |= {TransactionId(row.closed_by) for row in closures}
    ids |= {TransactionId(row.opened_by) for row in closures}
    ids |= {TransactionId(row.caused_by) for row in changes}
    records = await _with_linked(session, ids)
    everywhere = list(records)
    closures += await _closures(
        session, LotClosureRow.closed_by.in_(everywhere) | LotClosureRow.opened_by.in_(everywhere)
    )
    changes += await _adjustments(session, LotAdjustmentRow.caused_by.in_(everywhere))
    return Trail(
        records=records,
        lots=mine,
        closures={row.id: to_closure(row) for row in closures},
        adjustments=_in_order({row.id: row for row in changes}.values(), mine),
        is_pooled=await _is_pooled(session, account, records.values()),
    )


def _in_order(rows: Iterable[LotAdjustmentRow], lots: Collection[LotId]) -> Sequence[LotAdjustment]:
    """Arrivals of one record as they came: those used up at once before those still open."""
    ordered = sorted(rows, key=lambda row: (row.adjusted_date, row.lot_id in lots, str(row.id)))
    return [to_adjustment(row) for row in ordered]


async def _closures(session: AsyncSession, wanted: ColumnElement[bool]) -> list[LotClosureRow]:
    return list(await session.scalars(select(LotClosureRow).where(wanted)))


async def _adjustments(
    session: AsyncSession, wanted: ColumnElement[bool]
) -> list[LotAdjustmentRow]:
    return list(await session.scalars(select(LotAdjustmentRow).where(wanted)))


async def _records(
    session: AsyncSession, wanted: ColumnElement[bool]
) -> dict[TransactionId, Transaction]:
    query = select(*mapping.TRANSACTION_COLUMNS).where(wanted)
    found = [mapping.to_transaction(row) for row in await session.execute(query)]
    return {record.id: record for record in found}


async def _with_linked(
    session: AsyncSession, ids: Collection[TransactionId]
) -> dict[TransactionId, Transaction]:
    records = await _records(session, TransactionRow.id.in_(list(ids)))
    links = {record.link_id for record in records.values() if record.link_id is not None}
    if links:
        linked = TransactionRow.link_id.in_(list(links)) & repository.is_live()
        records |= await _records(session, linked)
    return records


async def _is_pooled(
    session: AsyncSession, account: AccountRow, records: Iterable[Transaction]
) -> bool:
    policy = await repository.method_policy(session, account)
    used = {policy.first, *(method for _, method in policy.changes)}
    return bool(used & POOLING) or any(record.lot_method in POOLING for record in records)


def to_closure(row: LotClosureRow) -> LotClosure:
    """A stored gain as the core knows it."""
    return LotClosure(
        lot_id=LotId(row.lot_id),
        instrument_id=InstrumentId(row.instrument_id),
        opened_by=TransactionId(row.opened_by),
        closed_by=TransactionId(row.closed_by),
        acquired_date=row.acquired_date,
        closed_date=row.closed_date,
        quantity=row.quantity,
        proceeds=row.proceeds,
        cost=row.cost,
        currency=row.currency,
        is_short=row.is_short,
        is_cost_known=row.is_cost_known,
        kind=ClosureKind(row.kind),
        gain_date=row.gain_date or row.closed_date,
    )


def to_adjustment(row: LotAdjustmentRow) -> LotAdjustment:
    """A stored change of a lot as the core knows it."""
    return LotAdjustment(
        lot_id=LotId(row.lot_id),
        instrument_id=InstrumentId(row.instrument_id),
        caused_by=TransactionId(row.caused_by),
        kind=AdjustmentKind(row.kind),
        adjusted_date=row.adjusted_date,
        quantity_before=row.quantity_before,
        quantity_after=row.quantity_after,
        cost_before=row.cost_before,
        cost_after=row.cost_after,
        source_lot_id=LotId(row.source_lot_id) if row.source_lot_id else None,
    )


@dataclass(frozen=True, slots=True)
class Past:
    """An account as it was: what it came from, and where that ended."""

    trail: Trail
    state: LedgerState


async def trail_of_day(
    session: AsyncSession, account: AccountRow, day: date, known_before: datetime | None
) -> Past:
    """Everything the account's lots came from, up to a day and as known then."""
    given = await inputs(session, account, through=day, known_before=known_before)
    state = await given.replay()
    return Past(await trail_of_state(session, account, given.records, state), state)


async def trail_of_state(
    session: AsyncSession,
    account: AccountRow,
    records: Sequence[Transaction],
    state: LedgerState,
) -> Trail:
    """Everything that happened to every lot, of a replay just made."""
    rows: list[dict[str, Any]] = mapping.closure_values(account.id, account.id, state.closures)
    return Trail(
        records={record.id: record for record in records},
        lots={lot.id: lot for lot in state.open_lots()},
        closures={row["id"]: made for row, made in zip(rows, state.closures, strict=True)},
        adjustments=state.adjustments,
        is_pooled=await _is_pooled(session, account, records),
    )
