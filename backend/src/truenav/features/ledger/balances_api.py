"""Routes of cash: on any day, as traded and as settled, and the movements behind it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.core.ledger.transactions import TransactionKind
from truenav.features.accounts.service import get_account
from truenav.features.ledger import balances
from truenav.features.ledger.balances import MovementFilter, settlement_of
from truenav.platform.clock import end_of
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.pages import CursorText, Limit, cut_page, page_request, row_number
from truenav.platform.wire import AskedDay, Body, CurrencyCode, DecimalText, LocalDate

router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)
To = Annotated[LocalDate | None, Query(alias="to")]


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
