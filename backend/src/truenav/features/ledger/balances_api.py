"""Routes of cash: on any day, as traded and as settled, and the movements behind it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.core.ledger.transactions import TransactionKind
from truenav.features.accounts.service import get_account
from truenav.features.ledger import balances, reads
from truenav.features.ledger.balances import CashOn, MovementFilter, settlement_of
from truenav.features.marketdata.reads import valuation_date
from truenav.platform.clock import end_of, today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.pages import CursorText, Limit, cut_page, page_request, row_number
from truenav.platform.wire import AskedDay, Body, CurrencyCode, DecimalText, LocalDate

router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)
To = Annotated[LocalDate | None, Query(alias="to")]


class PendingCashOut(Body):
    """Cash that has moved and not yet settled; `settles_on` is null when no rule says when."""

    transaction_id: UUID
    kind: TransactionKind
    symbol: str | None
    trade_date: date
    amount: DecimalText
    settles_on: date | None
    rule: str
    unknown_reason: str | None


class CashOnOut(Body):
    """One currency of one account: as traded, and as settled (null when that is not known)."""

    account_id: UUID
    account_name: str
    currency: CurrencyCode
    amount: DecimalText
    settled: DecimalText | None
    pending: list[PendingCashOut]


class CashOut(Body):
    """Cash at the end of a day."""

    on: date
    items: list[CashOnOut]


class CashMovementOut(Body):
    """One movement and the balance after it; a conversion names its other leg."""

    transaction_id: UUID
    kind: TransactionKind
    instrument_id: UUID | None
    symbol: str | None
    trade_date: date
    settles_on: date | None
    settlement_rule: str
    unknown_reason: str | None
    amount: DecimalText
    balance: DecimalText
    other_currency: CurrencyCode | None
    other_amount: DecimalText | None


class CashMovementsOut(Body):
    """Movements of one account and currency, the newest first."""

    items: list[CashMovementOut]
    next_cursor: str | None
    has_more: bool


@router.get("/cash", operation_id="listCash")
async def list_cash(
    uow: Uow,
    clock: CurrentClock,
    on: AskedDay | None = None,
    as_known_on: AskedDay | None = None,
    account_id: UUID | None = None,
) -> CashOut:
    """Cash per account and currency at the end of a day, and what had not settled by then."""
    if account_id is not None:
        await get_account(uow, account_id)
    names = await reads.account_names(uow.session, account_id)
    day = on or await valuation_date(uow.session, uow.tenant_id, today(clock))
    known = end_of(as_known_on) if as_known_on else None
    found = await balances.cash_on(uow.session, list(names), day, known)
    return CashOut(on=day, items=[_out(item, names[item.account_id]) for item in found])


def _out(item: CashOn, account_name: str) -> CashOnOut:
    return CashOnOut(
        account_id=item.account_id,
        account_name=account_name,
        currency=item.currency,
        amount=item.amount,
        settled=item.settled,
        pending=[
            PendingCashOut(
                transaction_id=waiting.transaction_id,
                kind=TransactionKind(waiting.kind),
                symbol=waiting.symbol,
                trade_date=waiting.trade_date,
                amount=waiting.amount,
                settles_on=waiting.settlement.day,
                rule=waiting.settlement.rule,
                unknown_reason=waiting.settlement.reason_code,
            )
            for waiting in item.pending
        ],
    )


@router.get("/cash/movements", operation_id="listCashMovements")
async def list_movements(
    account_id: UUID,
    currency: CurrencyCode,
    uow: Uow,
    to_date: To = None,
    as_known_on: AskedDay | None = None,
    cursor: CursorText = None,
    limit: Limit = 100,
) -> CashMovementsOut:
    """What moved the cash of an account in a currency, with the balance after each movement."""
    await get_account(uow, account_id)
    wanted = MovementFilter(
        account_id=account_id,
        currency=currency,
        last_day=to_date,
        known_before=end_of(as_known_on) if as_known_on else None,
    )
    readers = (date.fromisoformat, row_number, row_number)
    page = page_request(cursor, limit, f"cash {wanted}", readers)
    rows = await balances.page_movements(uow.session, wanted, page)
    kept, cut = cut_page(
        rows, page, lambda row: (row.trade_date.isoformat(), str(row.sequence), str(row.leg))
    )
    return CashMovementsOut(
        items=[_movement(row) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
    )


def _movement(row: Any) -> CashMovementOut:
    settlement = settlement_of(row)
    return CashMovementOut(
        transaction_id=row.id,
        kind=row.kind,
        instrument_id=row.instrument_id,
        symbol=row.symbol,
        trade_date=row.trade_date,
        settles_on=settlement.day,
        settlement_rule=settlement.rule,
        unknown_reason=settlement.reason_code,
        amount=row.amount,
        balance=row.balance,
        other_currency=row.other_currency,
        other_amount=row.other_amount,
    )
