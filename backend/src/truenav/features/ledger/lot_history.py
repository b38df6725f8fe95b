"""One lot from the record that opened it to what is left: what changed it, what closed it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.money import exact
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import mapping, repository
from truenav.features.ledger.tables import (
    LotAdjustmentRow,
    LotClosureRow,
    LotRow,
    TransactionRow,
)

ZERO = Decimal(0)
UNITS_LEAVE = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LotEvent:
    """One thing that happened to a lot; `units_after` is what was left of it then (> 0)."""

    what: Literal["opened", "adjusted", "closed", "became"]
    happened_on: date
    transaction_id: UUID
    units_after: Decimal
    adjustment: LotAdjustmentRow | None = None
    closure: LotClosureRow | None = None
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class LotHistory:
    """A lot: its row while it is open, its events in order, and the records behind them."""

    lot: LotRow | None
    opened_by: UUID | None
    events: tuple[LotEvent, ...]
    records: dict[UUID, Any]


async def lot_history(session: AsyncSession, lot_id: UUID) -> LotHistory | None:
    """Everything that is known of a lot today; None when no account has or had it."""
    lot = await session.scalar(select(LotRow).where(LotRow.id == lot_id))
    closures = (
        await session.scalars(select(LotClosureRow).where(LotClosureRow.lot_id == lot_id))
    ).all()
    changes = await _changes(session, lot_id)
    own = [row for row, _ in changes if row.lot_id == lot_id]
    if lot is None and not closures and not own:
        return None
    opened_by = await _opened_by(session, lot_id, lot, closures, own)
    named = {opened_by, *(c.closed_by for c in closures), *(row.caused_by for row, _ in changes)}
    records = await repository.find_transactions(session, [i for i in named if i is not None])
    happened = [*_closed(closures), *_changed(changes, lot_id)]
    happened.sort(key=lambda found: _place(found, records))
    begun_with, events = _counted_back(lot.quantity if lot else ZERO, happened)
    if begun_with and opened_by in records:
        day = records[opened_by][0].trade_date
        opening = LotEvent(
            what="opened", happened_on=day, transaction_id=opened_by, units_after=begun_with
        )
        events = [opening, *events]
    return LotHistory(lot, opened_by, tuple(events), records)


Change = tuple[LotAdjustmentRow, str]


async def _changes(session: AsyncSession, lot_id: UUID) -> Sequence[Change]:
    """What changed the lot, and lots that came out of it, each with its instrument's symbol."""
    table = LotAdjustmentRow
    query = (
        select(table, InstrumentRow.symbol)
        .join(InstrumentRow, InstrumentRow.id == table.instrument_id)
        .where((table.lot_id == lot_id) | (table.source_lot_id == lot_id))
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def _opened_by(
    session: AsyncSession,
    lot_id: UUID,
    lot: LotRow | None,
    closures: Sequence[LotClosureRow],
    changes: Sequence[LotAdjustmentRow],
) -> UUID | None:
    if lot is not None:
        return lot.transaction_id
    if closures:
        return closures[0].opened_by
    begun = [row.caused_by for row in changes if not row.quantity_before]
    if begun:
        return begun[0]
    # it left without a gain: its id follows from the record that opened it
    query = select(TransactionRow.id, repository.chain_id().label("chain")).where(
        TransactionRow.account_id == changes[0].account_id,
        TransactionRow.trade_date <= min(row.adjusted_date for row in changes),
        repository.is_live(),
    )
    for row in await session.execute(query):
        if mapping.lot_of_chain(row.chain) == lot_id:
            return UUID(str(row.id))
    return None


def _closed(closures: Sequence[LotClosureRow]) -> Iterator[LotEvent]:
    for row in closures:
        yield LotEvent(
            what="closed",
            happened_on=row.closed_date,
            transaction_id=row.closed_by,
            units_after=ZERO,
            closure=row,
        )


def _changed(changes: Sequence[Change], lot_id: UUID) -> Iterator[LotEvent]:
    for row, symbol in changes:
        yield LotEvent(
            what="adjusted" if row.lot_id == lot_id else "became",
            happened_on=row.adjusted_date,
            transaction_id=row.caused_by,
            units_after=ZERO,
            adjustment=row,
            symbol=symbol,
        )


RANKS = {"opened": 0, "adjusted": 1, "became": 2, "closed": 3}


def _place(event: LotEvent, records: Mapping[UUID, Any]) -> tuple[date, int, int]:
    """By day, by the place of its record in the account, and what one record does in order."""
    record = records.get(event.transaction_id)
    return event.happened_on, record[0].sequence if record else 0, RANKS[event.what]


@exact
def _counted_back(left: Decimal, happened: Sequence[LotEvent]) -> tuple[Decimal, list[LotEvent]]:
    """Units the lot began with, and the events with what was left after each."""
    found = []
    for event in reversed(happened):
        found.append(replace(event, units_after=left))
        left -= _units_that_came(event)
    return left, found[::-1]


def _units_that_came(event: LotEvent) -> Decimal:
    """What an event added to the lot; < 0 when units left. A lot's child takes none by itself."""
    if event.closure is not None:
        return -event.closure.quantity if event.closure.kind == UNITS_LEAVE else ZERO
    if event.adjustment is not None and event.what == "adjusted":
        return event.adjustment.quantity_after - event.adjustment.quantity_before
    return ZERO
