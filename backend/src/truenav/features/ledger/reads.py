"""Queries of the ledger that other features may call."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ledger.lots import Lot
from truenav.core.ledger.transactions import Transaction
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import mapping, repository
from truenav.features.ledger.tables import (
    CashBalanceRow,
    LotClosureRow,
    LotRow,
    PositionRow,
    ReviewNoteRow,
)


async def live_transactions(
    session: AsyncSession, account_ids: Iterable[UUID]
) -> list[Transaction]:
    """Every record of the accounts that counts."""
    return await repository.live_transactions(session, account_ids)


async def keys_in_use(session: AsyncSession, account_id: UUID) -> dict[str, bool]:
    """Idempotency key → whether its record counts."""
    return await repository.keys_in_use(session, account_id)


async def open_lots(
    session: AsyncSession,
    account_ids: Sequence[UUID],
    instrument_id: UUID | None = None,
) -> list[Lot]:
    """Open lots of the accounts, oldest first."""
    query = (
        select(LotRow)
        .where(LotRow.account_id.in_(account_ids))
        .order_by(LotRow.acquired_date, LotRow.id)
    )
    if instrument_id is not None:
        query = query.where(LotRow.instrument_id == instrument_id)
    return [mapping.to_lot(row) for row in await session.scalars(query)]


async def lot_rows(
    session: AsyncSession, instrument_id: UUID, account_id: UUID | None
) -> Sequence[Any]:
    """(lot, account name) of one instrument, oldest first."""
    query = (
        select(LotRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == LotRow.account_id)
        .where(LotRow.instrument_id == instrument_id)
        .order_by(LotRow.acquired_date, LotRow.id)
    )
    if account_id is not None:
        query = query.where(LotRow.account_id == account_id)
    return (await session.execute(query)).all()


async def closure_rows(
    session: AsyncSession, instrument_id: UUID, account_id: UUID | None
) -> Sequence[Any]:
    """(closure, account name) of one instrument, newest first."""
    query = (
        select(LotClosureRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == LotClosureRow.account_id)
        .where(LotClosureRow.instrument_id == instrument_id)
        .order_by(LotClosureRow.closed_date.desc(), LotClosureRow.id)
    )
    if account_id is not None:
        query = query.where(LotClosureRow.account_id == account_id)
    return (await session.execute(query)).all()


async def closures(session: AsyncSession, account_ids: Sequence[UUID]) -> Sequence[LotClosureRow]:
    """Every closure of the accounts."""
    query = select(LotClosureRow).where(LotClosureRow.account_id.in_(account_ids))
    return (await session.scalars(query)).all()


async def cash_balances(
    session: AsyncSession, account_ids: Sequence[UUID]
) -> Sequence[CashBalanceRow]:
    """Cash per account and currency."""
    query = (
        select(CashBalanceRow)
        .where(CashBalanceRow.account_id.in_(account_ids))
        .order_by(CashBalanceRow.currency, CashBalanceRow.account_id)
    )
    return (await session.scalars(query)).all()


async def position_rows(session: AsyncSession, account_ids: Sequence[UUID]) -> Sequence[Any]:
    """(position, symbol, name) of the accounts, by symbol."""
    query = (
        select(PositionRow, InstrumentRow.symbol, InstrumentRow.name)
        .join(InstrumentRow, InstrumentRow.id == PositionRow.instrument_id)
        .where(PositionRow.account_id.in_(account_ids))
        .order_by(InstrumentRow.symbol, PositionRow.account_id)
    )
    return (await session.execute(query)).all()


async def review_count(session: AsyncSession, account_ids: Sequence[UUID]) -> int:
    """How many records wait for a person to look at them."""
    query = select(func.count(func.distinct(ReviewNoteRow.transaction_id))).where(
        ReviewNoteRow.account_id.in_(account_ids)
    )
    return await session.scalar(query) or 0
