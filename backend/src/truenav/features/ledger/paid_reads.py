"""Queries of what was paid, and of the lots it was paid for, that other features may call."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import null, select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import LotId
from truenav.core.income.qualified import HeldLot
from truenav.core.ledger.lots import AdjustmentKind
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind
from truenav.features.ledger import mapping, repository
from truenav.features.ledger.tables import LotAdjustmentRow, LotClosureRow, LotRow, TransactionRow

K = TransactionKind
PAYING = (K.DIVIDEND, K.CAPITAL_GAIN_DISTRIBUTION, K.RETURN_OF_CAPITAL, K.INTEREST, K.REWARD)


@dataclass(frozen=True, slots=True)
class Paid:
    """A record of income or of tax on it, and the ex-date it states."""

    record: Transaction
    ex_date: date | None


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
        select(*mapping.TRANSACTION_COLUMNS, table.ex_date)
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
    return [Paid(mapping.to_transaction(row), row.ex_date) for row in rows]


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
    ids = [list(account_ids), list(instrument_ids)]
    lot, closure = LotRow, LotClosureRow
    opened = await session.execute(
        select(lot.account_id, lot.instrument_id, lot.id, lot.acquired_date, null(), lot.quantity)
        .where(lot.account_id.in_(ids[0]), lot.instrument_id.in_(ids[1]), lot.is_short.is_(False))
    )  # fmt: skip
    closed = await session.execute(
        select(
            closure.account_id, closure.instrument_id, closure.lot_id, closure.acquired_date,
            closure.closed_date, closure.quantity,
        ).where(
            closure.account_id.in_(ids[0]),
            closure.instrument_id.in_(ids[1]),
            closure.kind == "closed",
            closure.quantity > 0,
            closure.is_short.is_(False),
        )
    )  # fmt: skip
    splits = await _splits_of_lots(session, *ids)
    found: dict[tuple[UUID, UUID], list[HeldLot]] = {}
    for account_id, instrument_id, lot_id, acquired, day, units in (*opened, *closed):
        one = HeldLot(
            id=LotId(lot_id), acquired=acquired, closed=day, units=units,
            splits=tuple(splits.get(lot_id, ())),
        )  # fmt: skip
        found.setdefault((account_id, instrument_id), []).append(one)
    return found


async def _splits_of_lots(
    session: AsyncSession, account_ids: Sequence[UUID], instrument_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[date, Decimal, Decimal]]]:
    """Lot → (day, units before, units after) of what rescaled it, splits and stock dividends."""
    table = LotAdjustmentRow
    query = select(
        table.lot_id, table.adjusted_date, table.quantity_before, table.quantity_after
    ).where(
        table.account_id.in_(account_ids),
        table.instrument_id.in_(instrument_ids),
        table.kind == AdjustmentKind.SPLIT.value,
    )
    found: dict[UUID, list[tuple[date, Decimal, Decimal]]] = {}
    for lot_id, day, before, after in await session.execute(query):
        found.setdefault(lot_id, []).append((day, before, after))
    return found
