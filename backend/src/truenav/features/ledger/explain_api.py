"""Routes that explain positions, lots, gains and cash: where each figure comes from."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from truenav.core.ledger.transactions import TransactionKind
from truenav.features.accounts.service import get_account
from truenav.features.instruments.repository import find_visible
from truenav.features.ledger import reads
from truenav.features.ledger.as_known import show_as_known
from truenav.features.ledger.explain_cash import (
    CashAsked,
    CashFigure,
    MovementFigure,
    explain_cash,
    explain_movement,
    explain_movements,
)
from truenav.features.ledger.explain_lots import (
    GainFigure,
    LotFigure,
    PositionFigure,
    explain_closure,
    explain_lot,
    explain_position,
)
from truenav.features.marketdata.reads import valuation_date
from truenav.platform.clock import end_of, today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.explanations import ExplanationOut, carried
from truenav.platform.pages import CursorText
from truenav.platform.problems import NotFound
from truenav.platform.wire import AskedDay, CurrencyCode, LocalDate

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)
From = Annotated[LocalDate | None, Query(alias="from")]


@router.get("/position", operation_id="explainPosition")
async def position(
    account_id: UUID,
    instrument_id: UUID,
    uow: Uow,
    clock: CurrentClock,
    figure: PositionFigure = "quantity",
    on: LocalDate | None = None,
    as_known_on: LocalDate | None = None,
) -> ExplanationOut:
    """Units by record, cost by open lot; of a past day, as known on another, when asked for."""
    account = await get_account(uow, account_id)
    if await find_visible(uow.session, instrument_id) is None:
        raise NotFound("no such instrument")
    if on is None and as_known_on is not None:
        on = today(clock)  # as the list of positions does
    return await explain_position(uow, account, instrument_id, figure, (on, as_known_on))


@router.get("/lots/{lot_id}", operation_id="explainLot")
async def lot(
    lot_id: UUID,
    uow: Uow,
    figure: LotFigure = "cost",
    by: UUID | None = None,
    as_known_on: AskedDay | None = None,
) -> ExplanationOut:
    """What opened a lot and what changed it; `taken` and `before` are of the event of a record."""
    await _as_known(uow, as_known_on)
    return carried(await explain_lot(uow, lot_id, figure, by), as_known_on=as_known_on)


@router.get("/closures/{closure_id}", operation_id="explainClosure")
async def closure(
    closure_id: UUID,
    uow: Uow,
    figure: GainFigure = "gain",
    as_known_on: AskedDay | None = None,
) -> ExplanationOut:
    """One realized gain: proceeds − cost, each the part of the sale or the lot; and its term."""
    await _as_known(uow, as_known_on)
    return carried(await explain_closure(uow, closure_id, figure), as_known_on=as_known_on)


async def _as_known(uow: Uow, day: date | None) -> None:
    """Show every account as it was known at the end of a day, if one is named."""
    if day is not None:
        names = await reads.account_names(uow.session)
        await show_as_known(uow, list(names), end_of(day))


def asked_cash(
    account_id: UUID,
    currency: CurrencyCode,
    clock: CurrentClock,
    on: LocalDate | None = None,
    as_known_on: LocalDate | None = None,
    from_date: From = None,
) -> CashAsked:
    """Which cash a request is about; without a day, today's."""
    return CashAsked(
        account_id=account_id, currency=currency, day=on or today(clock), known_on=as_known_on,
        first=from_date,
    )  # fmt: skip


Asked = Annotated[CashAsked, Depends(asked_cash)]


@router.get("/cash", operation_id="explainCash")
async def cash(
    uow: Uow, asked: Asked, on: LocalDate | None = None, figure: CashFigure = "amount"
) -> ExplanationOut:
    """The balance on a day: opening, every movement by kind, and what had not settled."""
    await get_account(uow, asked.account_id)
    if on is None:  # the demo ends with its prices
        day = await valuation_date(uow.session, uow.tenant_id, asked.day)
        asked = replace(asked, day=day)
    return await explain_cash(uow.session, asked, figure)


@router.get("/cash/movement", operation_id="explainCashMovement")
async def cash_movement(
    uow: Uow, asked: Asked, transaction_id: UUID, figure: MovementFigure = "balance"
) -> ExplanationOut:
    """What one record moved, or the balance after it."""
    await get_account(uow, asked.account_id)
    return await explain_movement(uow.session, asked, transaction_id, figure)


@router.get("/cash/movements", operation_id="explainCashMovements")
async def cash_movements(
    uow: Uow, asked: Asked, kind: TransactionKind, cursor: CursorText = None
) -> ExplanationOut:
    """The movements of one kind that a balance left out, newest first."""
    await get_account(uow, asked.account_id)
    return await explain_movements(uow.session, asked, kind, cursor)
