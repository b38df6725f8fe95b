"""Queries of the ledger that other features may call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ledger.groups import EXCHANGE_KINDS
from truenav.core.ledger.lots import Lot
from truenav.core.ledger.methods import MethodPolicy
from truenav.core.ledger.transactions import Transaction, TransactionKind, crosses_account
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import balances, mapping, repository
from truenav.features.ledger.tables import (
    CashBalanceRow,
    LedgerProofRow,
    LotClosureRow,
    LotRow,
    PositionChangeRow,
    PositionRow,
    ReviewNoteRow,
    TransactionRow,
)


async def live_transactions(
    session: AsyncSession, account_ids: Iterable[UUID]
) -> list[Transaction]:
    """Every record of the accounts that counts."""
    return await repository.live_transactions(session, account_ids)


async def method_policy(session: AsyncSession, account: AccountRow) -> MethodPolicy:
    """Which lots sales of the account take, day by day."""
    return await repository.method_policy(session, account)


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
    session: AsyncSession, instrument_id: UUID, account_ids: Sequence[UUID]
) -> Sequence[Any]:
    """(lot, account name) of one instrument, oldest first."""
    query = (
        select(LotRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == LotRow.account_id)
        .where(LotRow.instrument_id == instrument_id, LotRow.account_id.in_(account_ids))
        .order_by(LotRow.acquired_date, LotRow.id)
    )
    return (await session.execute(query)).all()


async def closure_rows(
    session: AsyncSession, instrument_id: UUID, account_ids: Sequence[UUID], *, limit: int
) -> Sequence[Any]:
    """(closure, account name) of one instrument, newest first, at most so many."""
    query = (
        select(LotClosureRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == LotClosureRow.account_id)
        .where(
            LotClosureRow.instrument_id == instrument_id,
            LotClosureRow.account_id.in_(account_ids),
        )
        .order_by(LotClosureRow.closed_date.desc(), LotClosureRow.id)
        .limit(limit)
    )
    return (await session.execute(query)).all()


@dataclass(frozen=True, slots=True)
class ClosureTotals:
    """Of all closures; the gain is null when a cost is unknown or currencies mix."""

    count: int
    gain: Decimal | None
    currency: str | None


async def closure_totals(
    session: AsyncSession, instrument_id: UUID, account_ids: Sequence[UUID]
) -> ClosureTotals:
    """How many closures of an instrument there are, and what they gained together."""
    table = LotClosureRow
    one_currency = func.min(table.currency) == func.max(table.currency)
    query = select(
        func.count(),
        case((func.bool_and(table.is_cost_known) & one_currency, func.sum(table.gain))),
        case((one_currency, func.min(table.currency))),
    ).where(table.instrument_id == instrument_id, table.account_id.in_(account_ids))
    count, gain, currency = (await session.execute(query)).one()
    return ClosureTotals(count, gain if count else Decimal(0), currency)


async def accounts_of_instrument(
    session: AsyncSession, instrument_id: UUID, account_ids: Sequence[UUID]
) -> Sequence[AccountRow]:
    """Which of some accounts ever had a record of the instrument, by id."""
    table = TransactionRow
    naming = select(table.account_id).where(
        (table.instrument_id == instrument_id) | (table.source_instrument_id == instrument_id),
        table.account_id.in_(account_ids),
    )
    found = await session.scalars(naming.distinct())
    return await repository.accounts_by_id(session, found)


@dataclass(frozen=True, slots=True)
class DatedAmount:
    """What came together on one day in one currency; null when a part is not known.

    Of one instrument where it is told by instrument; None is then what names none.
    """

    day: date
    currency: str
    amount: Decimal | None
    instrument_id: UUID | None = None


INCOME_KINDS = (
    TransactionKind.DIVIDEND,
    TransactionKind.INTEREST,
    TransactionKind.CAPITAL_GAIN_DISTRIBUTION,
)


async def income_by_day(
    session: AsyncSession,
    account_ids: Sequence[UUID],
    first: date,
    last: date,
    *,
    by_instrument: bool = False,
) -> Sequence[DatedAmount]:
    """Dividends, interest and distributions per day and currency, before tax withheld."""
    table = TransactionRow
    amount = func.sum(table.gross_amount * func.coalesce(table.gross_rate, 1))
    names: list[Any] = [table.trade_date, table.currency]
    if by_instrument:
        names.append(table.instrument_id)
    query = (
        select(amount, *names)
        .where(
            TransactionRow.account_id.in_(account_ids),
            TransactionRow.kind.in_([kind.value for kind in INCOME_KINDS]),
            TransactionRow.gross_amount.is_not(None),
            TransactionRow.trade_date.between(first, last),
            repository.is_live(),
        )
        .group_by(*names)
    )
    return [DatedAmount(day, code, found, *of) for found, day, code, *of
            in await session.execute(query)]  # fmt: skip


async def first_record_date(session: AsyncSession, account_id: UUID) -> date | None:
    """The day of the account's first record that counts."""
    query = (
        select(TransactionRow.trade_date)
        .where(TransactionRow.account_id == account_id, repository.is_live())
        .order_by(TransactionRow.trade_date)
        .limit(1)
    )
    return await session.scalar(query)


async def unit_steps(
    session: AsyncSession, account_id: UUID, first_day: date
) -> Sequence[tuple[UUID, date, Decimal]]:
    """(instrument, day, units from then on), in order of day: of what was held before, the last.

    As worked out from the records; call `service.ensure_built` before.
    """
    table = PositionChangeRow
    columns = table.instrument_id, table.changed_on, table.quantity
    of_account = select(*columns).where(table.account_id == account_id)
    before = (
        of_account.where(table.changed_on < first_day)
        .ext(distinct_on(table.instrument_id))
        .order_by(table.instrument_id, table.changed_on.desc())
    )
    since = of_account.where(table.changed_on >= first_day).order_by(table.changed_on)
    rows = [*await session.execute(before), *await session.execute(since)]
    return [(row.instrument_id, row.changed_on, row.quantity) for row in rows]


async def cash_steps(
    session: AsyncSession, account_id: UUID, first_day: date
) -> Sequence[tuple[str, date, Decimal]]:
    """(currency, day, balance from then on), in order of day, of each currency there was."""
    moved = balances.movements(TransactionRow.account_id == account_id, repository.is_live())
    day = func.greatest(moved.c.trade_date, first_day).label("day")
    balance = func.sum(func.sum(moved.c.amount)).over(partition_by=moved.c.currency, order_by=day)
    query = (
        select(moved.c.currency, day, balance.label("balance"))
        .group_by(moved.c.currency, day)
        .order_by(day)
    )
    return [(row.currency, row.day, row.balance) for row in await session.execute(query)]


async def flows_since(
    session: AsyncSession, account_id: UUID, first_day: date
) -> list[Transaction]:
    """Records from a day on that are a flow of the account."""
    transfers = TransactionKind.TRANSFER_IN.value, TransactionKind.TRANSFER_OUT.value
    query = select(*mapping.TRANSACTION_COLUMNS).where(
        TransactionRow.account_id == account_id,
        TransactionRow.trade_date >= first_day,
        TransactionRow.is_external_flow
        | (TransactionRow.link_id.is_not(None) & TransactionRow.kind.in_(transfers)),
        repository.is_live(),
    )
    rows = await session.execute(query.order_by(TransactionRow.trade_date))
    return [record for record in map(mapping.to_transaction, rows) if crosses_account(record)]


async def records_moving(
    session: AsyncSession,
    account_id: UUID,
    first: date,
    last: date,
    instrument_ids: Sequence[UUID] | None,
) -> list[Transaction]:
    """Records of some days that count and may move value in or out of instruments, or of anything.

    With instruments named, also what may belong to a record of them: what is linked, and the legs
    of exchanges.
    """
    table = TransactionRow
    query = select(*mapping.TRANSACTION_COLUMNS).where(
        table.account_id == account_id,
        table.trade_date.between(first, last),
        repository.is_live(),
    )
    if instrument_ids is not None:
        query = query.where(
            table.instrument_id.in_(instrument_ids)
            | table.source_instrument_id.in_(instrument_ids)
            | table.link_id.is_not(None)
            | table.kind.in_([kind.value for kind in EXCHANGE_KINDS])
        )
    return [mapping.to_transaction(row) for row in await session.execute(query)]


async def cost_records(
    session: AsyncSession, account_ids: Sequence[UUID], first: date, last: date
) -> list[Transaction]:
    """Records of some days that count and state a fee or a tax, or are one."""
    costs = TransactionKind.FEE.value, TransactionKind.TAX.value
    query = select(*mapping.TRANSACTION_COLUMNS).where(
        TransactionRow.account_id.in_(account_ids),
        TransactionRow.trade_date.between(first, last),
        TransactionRow.fee_amount.is_not(None)
        | TransactionRow.tax_amount.is_not(None)
        | TransactionRow.kind.in_(costs),
        repository.is_live(),
    )
    return [mapping.to_transaction(row) for row in await session.execute(query)]


@dataclass(frozen=True, slots=True)
class IncomeRecord:
    """Income of one record, before tax withheld, in the record's currency."""

    transaction_id: UUID
    day: date
    kind: str
    symbol: str | None
    currency: str
    instrument_id: UUID | None
    amount: Decimal


async def income_records(
    session: AsyncSession, account_ids: Sequence[UUID], first: date, last: date
) -> Sequence[IncomeRecord]:
    """What `income_by_day` adds up, record by record, newest first."""
    amount = TransactionRow.gross_amount * func.coalesce(TransactionRow.gross_rate, 1)
    query = (
        select(
            TransactionRow.id, TransactionRow.trade_date, TransactionRow.kind,
            InstrumentRow.symbol, TransactionRow.currency, TransactionRow.instrument_id, amount,
        )
        .outerjoin(InstrumentRow, InstrumentRow.id == TransactionRow.instrument_id)
        .where(
            TransactionRow.account_id.in_(account_ids),
            TransactionRow.kind.in_([kind.value for kind in INCOME_KINDS]),
            TransactionRow.gross_amount.is_not(None),
            TransactionRow.trade_date.between(first, last),
            repository.is_live(),
        )
        .order_by(TransactionRow.trade_date.desc(), TransactionRow.sequence.desc())
    )  # fmt: skip
    rows = await session.execute(query)
    return [IncomeRecord(*row[:6], amount=row[6] or Decimal(0)) for row in rows]


async def records_of_day(
    session: AsyncSession, account_ids: Sequence[UUID], day: date
) -> list[Transaction]:
    """Records of the accounts that count and are of one day, in the order of their accounts."""
    query = (
        select(*mapping.TRANSACTION_COLUMNS)
        .where(
            TransactionRow.account_id.in_(account_ids),
            TransactionRow.trade_date == day,
            repository.is_live(),
        )
        .order_by(TransactionRow.account_id, TransactionRow.sequence)
    )
    return [mapping.to_transaction(row) for row in await session.execute(query)]


async def has_records(session: AsyncSession, account_ids: Sequence[UUID]) -> bool:
    """Whether the accounts have a record that counts."""
    found = exists().where(TransactionRow.account_id.in_(account_ids), repository.is_live())
    return bool(await session.scalar(select(found)))


async def records_after(
    session: AsyncSession, account_ids: Sequence[UUID], day: date
) -> dict[UUID, int]:
    """How many records that count are of a later day, per account that has some."""
    query = (
        select(TransactionRow.account_id, func.count())
        .where(
            TransactionRow.account_id.in_(account_ids),
            TransactionRow.trade_date > day,
            repository.is_live(),
        )
        .group_by(TransactionRow.account_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


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


async def proofs(session: AsyncSession) -> Sequence[LedgerProofRow]:
    """The last proof of each account; those that found a difference first."""
    query = select(LedgerProofRow).order_by(
        LedgerProofRow.difference_count.desc(), LedgerProofRow.account_id
    )
    return (await session.scalars(query)).all()


async def account_names(session: AsyncSession) -> dict[UUID, str]:
    """The accounts' names by id."""
    rows = await session.execute(select(AccountRow.id, AccountRow.name))
    return {row.id: row.name for row in rows}
