"""Routes of what is held by the records alone: positions and cash, of any day and any part."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends

from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import TransactionKind
from truenav.core.money import exact, to_decimal_places
from truenav.features.ledger import balances, mapping, reads
from truenav.features.ledger.balances import CashOn
from truenav.features.ledger.past import Moment, PositionsThen, positions_on
from truenav.features.ledger.schemas import CashBalanceOut, PositionOut
from truenav.features.ledger.tables import PositionRow
from truenav.features.valuation.asked import AskedHeld, KnownOn
from truenav.features.valuation.held_schemas import (
    CashOnOut,
    CashOut,
    PendingCashOut,
    PositionsOut,
)
from truenav.features.valuation.series import Scope
from truenav.platform.clock import end_of
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.wire import AskedDay

router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)
Basis = Literal["trade", "settled"]
ONE = Decimal(1)


async def asked_moment(
    uow: Uow,
    scope: AskedHeld,
    on: AskedDay | None = None,
    as_known_on: KnownOn = None,
    basis: Basis = "trade",
) -> Moment | None:
    """The moment asked for; None where it is what every record there is comes to."""
    if on is None and as_known_on is None and basis == "trade":
        # a record of tomorrow counts from its own day
        later = await reads.records_after(uow.session, scope.account_ids, scope.as_of)
        if not later:
            return None
    known = end_of(as_known_on) if as_known_on else None
    return Moment(day=on or scope.as_of, known_before=known, is_settled=basis == "settled")


AskedMoment = Annotated[Moment | None, Depends(asked_moment)]


@router.get("/positions", operation_id="listPositions")
async def list_positions(uow: Uow, scope: AskedHeld, moment: AskedMoment) -> PositionsOut:
    """Units and cost per account and instrument, and cash per currency; of a part, that part.

    `on` asks for a past day, `as_known_on` for what was known at the end of that day (UTC), and
    the settled basis for what had settled by then.
    """
    found = (
        await _stored(uow, scope)
        if moment is None
        else await positions_on(uow, scope.account_ids, moment)
    )
    return PositionsOut(
        on=scope.as_of if moment is None else moment.day,
        items=[
            _part(item, weight)
            for item in found.items
            if (weight := scope.weight(InstrumentId(item.instrument_id)))
        ],
        cash=[item for item in found.cash if scope.weight(item.currency)],
        slice=scope.told,
    )


async def _stored(uow: Uow, scope: Scope) -> PositionsThen:
    rows = await reads.position_rows(uow.session, scope.account_ids)
    cash = await reads.cash_balances(uow.session, scope.account_ids)
    return PositionsThen(
        [_position(*row) for row in rows], [CashBalanceOut.model_validate(row) for row in cash]
    )


@exact
def _position(row: PositionRow, symbol: str, name: str) -> PositionOut:
    known = row.is_cost_known
    return PositionOut(
        account_id=row.account_id,
        instrument_id=row.instrument_id,
        symbol=symbol,
        instrument_name=name,
        quantity=row.quantity,
        cost=row.cost if known else None,
        average_cost=mapping.per_unit(row.cost, row.quantity) if known else None,
        weight_ratio=ONE,
        currency=row.currency,
        unknown_reason=None if known else "cost_unknown",
        last_trade_date=row.last_trade_date,
    )


def _part(item: PositionOut, weight: Decimal) -> PositionOut:
    """The part of a position that was asked for; what one unit cost is the same of it."""
    if weight == ONE:
        return item
    part = {
        "quantity": part_of(item.quantity, weight),
        "cost": None if item.cost is None else part_of(item.cost, weight),
        "weight_ratio": weight,
    }
    return item.model_copy(update=part)


@exact
def part_of(amount: Decimal, weight: Decimal) -> Decimal:
    """As much of an amount as belongs to what was asked for, at 18 places."""
    return amount if weight == ONE else to_decimal_places(amount * weight, 18)


@router.get("/cash", operation_id="listCash")
async def list_cash(
    uow: Uow, scope: AskedHeld, on: AskedDay | None = None, as_known_on: KnownOn = None
) -> CashOut:
    """Cash per account and currency at the end of a day, and what had not settled by then."""
    names = {account.id: account.name for account in scope.accounts}
    day: date = on or scope.as_of
    known = end_of(as_known_on) if as_known_on else None
    found = await balances.cash_on(uow.session, list(names), day, known)
    return CashOut(
        on=day,
        items=[_cash(c, names[c.account_id]) for c in found if scope.weight(c.currency)],
        slice=scope.told,
    )


def _cash(item: CashOn, account_name: str) -> CashOnOut:
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
