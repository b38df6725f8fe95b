"""Checkpoints as stored: found for a change, written as text, thinned out, forgotten."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import InstrumentId, LotId, TransactionId
from truenav.core.ledger.book import LotBook
from truenav.core.ledger.checkpoints import ENGINE_VERSION, Checkpoint, worth_keeping
from truenav.core.ledger.groups import Group
from truenav.core.ledger.lots import Lot
from truenav.core.ledger.state import LedgerState
from truenav.features.ledger import mapping
from truenav.features.ledger.tables import LedgerBuildRow, LedgerCheckpointRow
from truenav.platform.bulk import insert_rows

NAMESPACE = UUID("0d9c6f0e-7f0f-5b8c-9d8a-4a5c1f1f6a11")
Raw = dict[str, Any]


def group_id(group: Group) -> UUID:
    """The same for the same instruments."""
    return uuid5(NAMESPACE, ",".join(sorted(str(member) for member in group)))


async def is_current(session: AsyncSession, account_id: UUID) -> bool:
    """Whether what is derived of the account is this engine's, so that it can be continued."""
    query = select(LedgerBuildRow.engine).where(LedgerBuildRow.account_id == account_id)
    return await session.scalar(query) == ENGINE_VERSION


async def begin(session: AsyncSession, tenant_id: UUID, account_id: UUID) -> None:
    """The account is worked out from nothing: forget every checkpoint, note who did it."""
    for table in (LedgerBuildRow, LedgerCheckpointRow):
        await session.execute(delete(table).where(table.account_id == account_id))
    row = {"tenant_id": tenant_id, "account_id": account_id, "engine": ENGINE_VERSION}
    await insert_rows(session, LedgerBuildRow, [row])


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint before its amounts are read: in which currencies decides what it is among."""

    through: date
    record_count: int
    raw: Raw

    def currencies(self) -> set[str]:
        """Currencies its lots cost."""
        return {lot[5] for lots in self.raw["lots"].values() for lot in lots}

    def read(self, codes: Sequence[str]) -> Checkpoint:
        """As the core knows it, with costs in these currencies beside the traded one."""
        return Checkpoint(self.through, self.record_count, _read(self.raw, self.through, codes))


@dataclass(slots=True)
class Found:
    """What is stored of some groups: where each can be continued, and what is not true any more."""

    starts: dict[Group, StoredCheckpoint]
    kept: dict[Group, list[tuple[date, int]]]  # days and record counts that stay true
    stale: list[tuple[UUID, date]]


async def find(session: AsyncSession, account_id: UUID, firsts: Mapping[Group, date]) -> Found:
    """The last checkpoint of each group before the first day that changes.

    One of the same instruments in other company is of no use: it is among the stale.
    """
    found = Found({}, {group: [] for group in firsts}, [])
    group_of = {member: group for group in firsts for member in group if member is not None}
    if not group_of:
        return found
    table = LedgerCheckpointRow
    query = select(table.group_id, table.through, table.record_count, table.instrument_ids).where(
        table.account_id == account_id, table.instrument_ids.overlap(list(group_of))
    )
    wanted: dict[tuple[UUID, date], Group] = {}
    for row in await session.execute(query.order_by(table.through)):
        group = next(group_of[m] for m in row.instrument_ids if m in group_of)
        if row.group_id == group_id(group) and row.through < firsts[group]:
            found.kept[group].append((row.through, row.record_count))
        else:
            found.stale.append((row.group_id, row.through))
    for group, days in found.kept.items():
        if days:
            wanted[group_id(group), days[-1][0]] = group
    if wanted:
        states = select(table.group_id, table.through, table.record_count, table.state).where(
            table.account_id == account_id,
            tuple_(table.group_id, table.through).in_(list(wanted)),
        )
        for stored in await session.execute(states):
            found.starts[wanted[stored.group_id, stored.through]] = StoredCheckpoint(
                stored.through, stored.record_count, json.loads(stored.state)
            )
    return found


async def of_account(
    session: AsyncSession, account_id: UUID
) -> dict[Group, list[StoredCheckpoint]]:
    """Every checkpoint of an account, by the instruments it is of."""
    table = LedgerCheckpointRow
    query = select(table).where(table.account_id == account_id).order_by(table.through)
    found: dict[Group, list[StoredCheckpoint]] = {}
    for row in await session.scalars(query):
        named: Group = frozenset(map(InstrumentId, row.instrument_ids))
        group = named if group_id(named) == row.group_id else named | {None}
        point = StoredCheckpoint(row.through, row.record_count, json.loads(row.state))
        found.setdefault(group, []).append(point)
    return found


async def store(
    session: AsyncSession,
    tenant_id: UUID,
    account_id: UUID,
    made: Mapping[Group, tuple[Sequence[Checkpoint], int]],
    found: Found | None = None,
) -> None:
    """Write new checkpoints, (of each group, with its records' number), and thin out the old."""
    gone = list(found.stale) if found is not None else []
    rows: list[dict[str, Any]] = []
    for group, (fresh, total) in made.items():
        old = found.kept.get(group, []) if found is not None else []
        counts = [count for _, count in old] + [point.record_count for point in fresh]
        kept = worth_keeping(counts, total)
        gone += [(group_id(group), day) for day, count in old if count not in kept]
        rows += [
            _row(tenant_id, account_id, group, point)
            for point in fresh
            if point.record_count in kept
        ]
    if gone:
        table = LedgerCheckpointRow
        await session.execute(
            delete(table).where(
                table.account_id == account_id, tuple_(table.group_id, table.through).in_(gone)
            )
        )
    await insert_rows(session, LedgerCheckpointRow, rows)


def _row(tenant_id: UUID, account_id: UUID, group: Group, point: Checkpoint) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "account_id": account_id,
        "group_id": group_id(group),
        "through": point.through,
        "instrument_ids": sorted(member for member in group if member is not None),
        "record_count": point.record_count,
        "state": json.dumps(_written(point.state), separators=(",", ":")),
    }


def _written(state: LedgerState) -> Raw:
    return {
        "lots": {str(key): [_lot(lot) for lot in book] for key, book in state.books.items()},
        "traded": {str(key): day.isoformat() for key, day in state.last_trade_dates.items()},
        "fractions": {str(key): f"{part:f}" for key, part in state.fractions.items()},
        "departures": [
            [str(link), str(key), [mapping.carried_lot_value(lot) for lot in lots]]
            for (link, key), lots in state.departures.items()
        ],
    }


def _lot(lot: Lot) -> list[Any]:
    return [
        str(lot.id),
        str(lot.opened_by),
        lot.acquired_date.isoformat(),
        f"{lot.quantity:f}",
        f"{lot.cost:f}",
        lot.currency,
        lot.is_short,
        lot.is_cost_known,
        [None if cost is None else f"{cost:f}" for cost in lot.costs],
    ]


def _read(raw: Raw, through: date, codes: Sequence[str]) -> LedgerState:
    return LedgerState(
        books={
            InstrumentId(UUID(key)): LotBook(
                _read_lot(lot, InstrumentId(UUID(key)), len(codes)) for lot in lots
            )
            for key, lots in raw["lots"].items()
        },
        last_trade_dates={
            InstrumentId(UUID(key)): date.fromisoformat(day) for key, day in raw["traded"].items()
        },
        through=through,
        fractions={
            InstrumentId(UUID(key)): Decimal(part) for key, part in raw["fractions"].items()
        },
        departures={
            (UUID(link), InstrumentId(UUID(key))): tuple(map(mapping.to_carried_lot, lots))
            for link, key, lots in raw["departures"]
        },
    )


def _read_lot(stored: list[Any], instrument_id: InstrumentId, others: int) -> Lot:
    lot_id, opened_by, acquired, quantity, cost, currency, is_short, is_known, costs = stored
    amounts = tuple(None if other is None else Decimal(other) for other in costs)
    if len(amounts) != others:
        # the group had only the account's own currency then: every cost is the traded one
        amounts = (Decimal(cost) if is_known else None,) * others
    return Lot(
        id=LotId(UUID(lot_id)),
        instrument_id=instrument_id,
        opened_by=TransactionId(UUID(opened_by)),
        acquired_date=date.fromisoformat(acquired),
        quantity=Decimal(quantity),
        cost=Decimal(cost),
        currency=currency,
        is_short=is_short,
        is_cost_known=is_known,
        costs=amounts,
    )


def currencies_of(starts: Collection[StoredCheckpoint]) -> set[str]:
    """Currencies the lots of some checkpoints cost."""
    return {code for start in starts for code in start.currencies()}
