"""The tables that follow from records: replaced whole, or only where they differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, inspect, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ledger.lots import Lot
from truenav.core.ledger.state import LedgerState
from truenav.core.money import exact
from truenav.features.ledger import mapping
from truenav.features.ledger.tables import (
    CashBalanceRow,
    LotAdjustmentRow,
    LotClosureRow,
    LotRow,
    PositionChangeRow,
    PositionRow,
    ReviewNoteRow,
)
from truenav.platform.bulk import insert_rows

DERIVED = (
    LotRow,
    LotClosureRow,
    LotAdjustmentRow,
    PositionRow,
    PositionChangeRow,
    CashBalanceRow,
    ReviewNoteRow,
)
Rows = list[dict[str, Any]]
Key = tuple[Any, ...]
AT_ONCE = 5_000  # keys named in one statement


class DerivedDiffers(Exception):
    """What is stored is not what followed from the records before the change: a bug."""


def derived_rows(
    tenant_id: UUID, account_id: UUID, state: LedgerState, lots: Iterable[Lot] | None = None
) -> dict[type[Any], Rows]:
    """What follows from an account's records, as the rows of each table; of these lots only."""
    shown = state.open_lots() if lots is None else lots
    return {
        LotRow: mapping.lot_values(tenant_id, account_id, shown),
        LotClosureRow: mapping.closure_values(tenant_id, account_id, state.closures),
        LotAdjustmentRow: mapping.adjustment_values(tenant_id, account_id, state.adjustments),
        PositionRow: mapping.position_values(tenant_id, account_id, state),
        PositionChangeRow: mapping.position_change_values(tenant_id, account_id, state),
        CashBalanceRow: mapping.cash_values(tenant_id, account_id, state),
        ReviewNoteRow: mapping.note_values(tenant_id, account_id, state),
    }


async def replace_derived(
    session: AsyncSession, tenant_id: UUID, account_id: UUID, state: LedgerState
) -> None:
    """Put what follows from the records in the place of what followed before."""
    for table in DERIVED:
        await session.execute(delete(table).where(table.account_id == account_id))
    for table, rows in derived_rows(tenant_id, account_id, state).items():
        await insert_rows(session, table, rows)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one part of an account: before a change of its records, and after."""

    before: LedgerState
    after: LedgerState


async def replace_changed(
    session: AsyncSession, tenant_id: UUID, account_id: UUID, changes: Sequence[Change]
) -> None:
    """Write only the rows that are not what they were; cash is not among them.

    Raises:
        DerivedDiffers: what is stored is not what was before.
    """
    gone: dict[type[Any], set[Key]] = {table: set() for table in DERIVED}
    new: dict[type[Any], Rows] = {table: [] for table in DERIVED}
    for change in changes:
        before, after = _changed_lots(change)
        old = derived_rows(tenant_id, account_id, change.before, before)
        for table, rows in derived_rows(tenant_id, account_id, change.after, after).items():
            was = {_key(table, row): row for row in old[table]}
            now = {_key(table, row): row for row in rows}
            gone[table] |= {key for key, row in was.items() if now.get(key) != row}
            new[table] += [row for key, row in now.items() if was.get(key) != row]
    for table in DERIVED:
        if table is not CashBalanceRow:
            await _delete(session, table, account_id, gone[table])
            await insert_rows(session, table, new[table])


def _changed_lots(change: Change) -> tuple[list[Lot], list[Lot]]:
    """Lots before and after that are not the same: of a book of thousands, a few."""
    before = {lot.id: lot for lot in change.before.open_lots()}
    after = {lot.id: lot for lot in change.after.open_lots()}

    def differs(lot: Lot, other: Lot | None) -> bool:
        return other is not lot and other != lot  # mostly the very same: told without comparing

    return (
        [lot for lot in before.values() if differs(lot, after.get(lot.id))],
        [lot for lot in after.values() if differs(lot, before.get(lot.id))],
    )


async def add_cash(
    session: AsyncSession, tenant_id: UUID, account_id: UUID, changes: Mapping[str, Decimal]
) -> None:
    """Move the balances by so much; one that comes to nothing goes."""
    table = CashBalanceRow
    moved = {currency: change for currency, change in changes.items() if change}
    if not moved:
        return
    of_these = table.account_id == account_id, table.currency.in_(list(moved))
    found = await session.execute(select(table.currency, table.amount).where(*of_these))
    for row in found:
        moved[row.currency] = _sum(row.amount, moved[row.currency])
    await session.execute(delete(table).where(*of_these))
    rows = [
        {"tenant_id": tenant_id, "account_id": account_id, "currency": currency, "amount": amount}
        for currency, amount in moved.items()
        if amount
    ]
    await insert_rows(session, table, rows)


@exact
def _sum(left: Decimal, right: Decimal) -> Decimal:
    return left + right


def _key(table: type[Any], row: Mapping[str, Any]) -> Key:
    return tuple(row[column.key] for column in _key_columns(table))


def _key_columns(table: type[Any]) -> list[Any]:
    return [c for c in inspect(table).primary_key if c.key not in {"tenant_id", "account_id"}]


async def _delete(
    session: AsyncSession, table: type[Any], account_id: UUID, keys: Iterable[Key]
) -> None:
    wanted = list(keys)
    columns = [getattr(table, column.key) for column in _key_columns(table)]
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        named = (
            columns[0].in_([key[0] for key in some])
            if len(columns) == 1
            else tuple_(*columns).in_(some)
        )
        result = await session.execute(delete(table).where(table.account_id == account_id, named))
        found = result.rowcount if isinstance(result, CursorResult) else -1
        if found != len(some):
            raise DerivedDiffers(f"{table.__tablename__}: {found} rows of {len(some)}")
