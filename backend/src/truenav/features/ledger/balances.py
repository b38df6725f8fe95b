"""Cash on any day: as traded, as settled, and what is still to settle; and how it came about."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, case, func, literal, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.calendar.settlement import LONGEST, Settlement, has_settled, settlement_date
from truenav.core.ledger.transactions import AssetClass, TransactionKind
from truenav.core.money import MINOR_DIGITS, exact
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.repository import is_live, was_live
from truenav.features.ledger.tables import TransactionRow
from truenav.platform.pages import PageRequest

T = TransactionRow
ZERO = Decimal(0)


def _rounded(amount: Any, currency: Any) -> Any:
    """Half away from zero at the currency's minor unit, as `money.quantize` does."""
    digits = case(*((currency == code, digits) for code, digits in MINOR_DIGITS.items()), else_=2)
    return func.round(amount, digits)


def _part(amount: Any, rate: Any) -> Any:
    return func.coalesce(amount * func.coalesce(rate, 1), 0)


def movements(*conditions: ColumnElement[bool]) -> Subquery:
    """Every movement of cash: one row per record and currency, both legs of a conversion.

    Each leg of a conversion names the other one's currency and amount.
    """
    net = _rounded(
        _part(T.gross_amount, T.gross_rate)
        - _part(T.fee_amount, T.fee_rate)
        - _part(T.tax_amount, T.tax_rate),
        T.currency,
    )
    keys = (
        T.id, T.account_id, T.instrument_id, T.kind, T.trade_date, T.settlement_date, T.sequence,
        T.currency.label("own_currency"), T.counter_currency,
    )  # fmt: skip
    received = _rounded(T.counter_amount, T.counter_currency)
    has_cash = func.num_nonnulls(T.gross_amount, T.fee_amount, T.tax_amount) > 0
    first = select(
        *keys,
        T.currency.label("currency"),
        net.label("amount"),
        T.counter_currency.label("other_currency"),
        received.label("other_amount"),
        literal(0).label("leg"),
    )
    second = select(
        *keys,
        T.counter_currency.label("currency"),
        received.label("amount"),
        T.currency.label("other_currency"),
        net.label("other_amount"),
        literal(1).label("leg"),
    )
    return union_all(
        first.where(has_cash, *conditions),
        second.where(T.counter_amount.is_not(None), *conditions),
    ).subquery("movements")


@dataclass(frozen=True, slots=True)
class Pending:
    """A movement that has happened and not yet settled on the day asked for."""

    transaction_id: UUID
    kind: str
    symbol: str | None
    trade_date: date
    amount: Decimal
    settlement: Settlement


@dataclass(frozen=True, slots=True)
class CashOn:
    """One currency of one account on a day. `settled` is null when a settlement is unknown."""

    account_id: UUID
    currency: str
    amount: Decimal
    settled: Decimal | None
    pending: tuple[Pending, ...]


@exact
def _settled(amount: Decimal, pending: Sequence[Pending]) -> Decimal | None:
    if any(waiting.settlement.day is None for waiting in pending):
        return None
    return amount - sum((waiting.amount for waiting in pending), ZERO)


async def cash_on(
    session: AsyncSession,
    account_ids: Sequence[UUID],
    day: date,
    known_before: datetime | None = None,
) -> list[CashOn]:
    """Cash of the accounts at the end of a day, by account and currency."""
    counts = is_live() if known_before is None else was_live(known_before)
    of_accounts = T.account_id.in_(list(account_ids)), T.trade_date <= day, counts
    moved = movements(*of_accounts)
    totals = await session.execute(
        select(moved.c.account_id, moved.c.currency, func.sum(moved.c.amount))
        .group_by(moved.c.account_id, moved.c.currency)
        .order_by(moved.c.account_id, moved.c.currency)
    )
    waiting = await _waiting(session, movements(*of_accounts, _may_wait(day)), day)
    found = []
    for account_id, currency, amount in totals:
        pending = tuple(waiting.get((account_id, currency), ()))
        settled = _settled(amount, pending)
        if amount or pending:
            found.append(CashOn(account_id, currency, amount, settled, pending))
    return found


def _may_wait(day: date) -> ColumnElement[bool]:
    """Records that can still be unsettled on a day: recent ones, and those that say so."""
    return (T.settlement_date > day) | (
        T.settlement_date.is_(None) & (T.trade_date > max(day, date.min + LONGEST) - LONGEST)
    )


async def _waiting(
    session: AsyncSession, moved: Subquery, day: date
) -> dict[tuple[UUID, str], list[Pending]]:
    query = select(
        moved, InstrumentRow.symbol, InstrumentRow.asset_class, InstrumentRow.exchange
    ).outerjoin(InstrumentRow, InstrumentRow.id == moved.c.instrument_id)
    found: dict[tuple[UUID, str], list[Pending]] = defaultdict(list)
    for row in await session.execute(query.order_by(moved.c.trade_date, moved.c.sequence)):
        settlement = settlement_of(row)
        if not has_settled(settlement, row.trade_date, day):
            pending = Pending(row.id, row.kind, row.symbol, row.trade_date, row.amount, settlement)
            found[row.account_id, row.currency].append(pending)
    return found


def settlement_of(row: Any) -> Settlement:
    """When a movement settles, of its columns and its instrument's."""
    other = (row.counter_currency,) if row.counter_currency else ()
    return settlement_date(
        TransactionKind(row.kind),
        row.trade_date,
        row.settlement_date,
        AssetClass(row.asset_class) if row.asset_class else None,
        row.exchange,
        (row.own_currency, *other),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementFilter:
    """Which movements a list shows: of one account and currency, up to a day, as known then."""

    account_id: UUID
    currency: str
    last_day: date | None = None
    known_before: datetime | None = None


async def page_movements(
    session: AsyncSession, wanted: MovementFilter, page: PageRequest
) -> Sequence[Any]:
    """Movements newest first with the balance after each, one row more than the limit."""
    counts = is_live() if wanted.known_before is None else was_live(wanted.known_before)
    moved = movements(T.account_id == wanted.account_id, counts)
    order = (moved.c.trade_date, moved.c.sequence, moved.c.leg)
    balance = func.sum(moved.c.amount).over(order_by=order).label("balance")
    running = select(moved, balance).where(moved.c.currency == wanted.currency).subquery("running")
    columns = running.c
    query = (
        select(running, InstrumentRow.symbol, InstrumentRow.asset_class, InstrumentRow.exchange)
        .outerjoin(InstrumentRow, InstrumentRow.id == columns.instrument_id)
        .order_by(columns.trade_date.desc(), columns.sequence.desc(), columns.leg.desc())
        .limit(page.limit + 1)
    )
    if wanted.last_day is not None:
        query = query.where(columns.trade_date <= wanted.last_day)
    if page.after is not None:
        position = tuple_(columns.trade_date, columns.sequence, columns.leg)
        query = query.where(position < page.after)
    return (await session.execute(query)).all()
