"""Queries of what was paid, and of the lots it was paid for, that other features may call."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import LotId
from truenav.core.income.qualified import HeldLot
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind
from truenav.features.ledger import mapping, repository
from truenav.features.ledger.tables import LotClosureRow, LotRow, TransactionRow

K = TransactionKind
PAYING = (K.DIVIDEND, K.CAPITAL_GAIN_DISTRIBUTION, K.RETURN_OF_CAPITAL, K.INTEREST, K.REWARD)


@dataclass(frozen=True, slots=True)
class Paid:
    """A record of income or of tax on it, and the dates it states besides its trade date."""

    record: Transaction
    ex_date: date | None
    pay_date: date | None


async def paid_records(
    session: AsyncSession,
    account_ids: Collection[UUID],
    *,
    first: date | None = None,
    last: date | None = None,
) -> list[Paid]:
    """Records of the accounts that count and pay income, or withhold tax; the newest first."""
    table = TransactionRow
    withheld = (table.kind == K.TAX.value) & (table.sub_kind == SubKind.WITHHOLDING.value)
    query = (
        select(*mapping.TRANSACTION_COLUMNS, table.ex_date, table.pay_date)
        .where(
            table.account_id.in_(list(account_ids)),
            table.kind.in_([kind.value for kind in PAYING]) | withheld,
            repository.is_live(),
        )
        .order_by(table.trade_date.desc(), table.sequence.desc(), table.id)
    )
    if first is not None:
        query = query.where(table.trade_date >= first)
    if last is not None:
        query = query.where(table.trade_date <= last)
    rows = await session.execute(query)
    return [Paid(mapping.to_transaction(row), row.ex_date, row.pay_date) for row in rows]


async def recorded_splits(
    session: AsyncSession, account_ids: Collection[UUID], instrument_ids: Collection[UUID]
) -> list[tuple[UUID, date, Decimal | None]]:
    """(instrument, day, new units for one old) of splits on record; None where no ratio is."""
    table = TransactionRow
    query = (
        select(table.instrument_id, table.trade_date, table.ratio)
        .where(
            table.account_id.in_(list(account_ids)),
            table.instrument_id.in_(list(instrument_ids)),
            table.kind == K.SPLIT.value,
            repository.is_live(),
        )
        .distinct()
        .order_by(table.trade_date)
    )
    rows = await session.execute(query)
    return [(row.instrument_id, row.trade_date, row.ratio) for row in rows]


async def lots_held(
    session: AsyncSession, account_ids: Collection[UUID], instrument_ids: Iterable[UUID]
) -> dict[tuple[UUID, UUID], list[HeldLot]]:
    """(account, instrument) → long lots, open ones and parts that were closed, each with its days.

    Units of an open lot are counted as today, those of a closed one as on the day it closed.
    """
    wanted = [list(account_ids), list(instrument_ids)]
    lot, closure = LotRow, LotClosureRow
    opened = select(lot).where(
        lot.account_id.in_(wanted[0]), lot.instrument_id.in_(wanted[1]), lot.is_short.is_(False)
    )
    closed = select(closure).where(
        closure.account_id.in_(wanted[0]),
        closure.instrument_id.in_(wanted[1]),
        closure.kind == "closed",
        closure.quantity > 0,
        closure.is_short.is_(False),
    )
    found: dict[tuple[UUID, UUID], list[HeldLot]] = {}
    for row in await session.scalars(opened):
        one = HeldLot(id=LotId(row.id), acquired=row.acquired_date, closed=None, units=row.quantity)
        found.setdefault((row.account_id, row.instrument_id), []).append(one)
    for part in await session.scalars(closed):
        one = HeldLot(
            id=LotId(part.lot_id), acquired=part.acquired_date, closed=part.closed_date,
            units=part.quantity,
        )  # fmt: skip
        found.setdefault((part.account_id, part.instrument_id), []).append(one)
    return found
