"""Routes of the ledger."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, status
from sqlalchemy import select

from truenav.core.errors import ErrorKind
from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.transactions import InstrumentRef, TransactionDraft, TransactionKind
from truenav.core.money import exact
from truenav.features.accounts.repository import find as find_account
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.repository import find_visible
from truenav.features.ledger import mapping, reads, repository, service
from truenav.features.ledger.drafts import checked_draft
from truenav.features.ledger.schemas import (
    CarriedLotIn,
    CashBalanceOut,
    CashPartOut,
    LotChoiceIn,
    PositionOut,
    PositionsOut,
    TransactionDetailOut,
    TransactionIn,
    TransactionOut,
    TransactionPageOut,
)
from truenav.features.ledger.tables import PositionRow
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import (
    CursorText,
    IncludeTotal,
    Limit,
    cut_page,
    page_request,
)
from truenav.platform.problems import NotFound, problems
from truenav.platform.wire import LocalDate

router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]


@router.get("/transactions", operation_id="listTransactions")
async def list_transactions(
    uow: Uow,
    account_id: UUID | None = None,
    instrument_id: UUID | None = None,
    kind: TransactionKind | None = None,
    from_date: From = None,
    to_date: To = None,
    import_batch_id: UUID | None = None,
    include_reversed: bool = False,
    needs_review: bool = False,
    cursor: CursorText = None,
    limit: Limit = 50,
    include_total: IncludeTotal = False,
) -> TransactionPageOut:
    """Records, newest first; reversed pairs only when asked for."""
    wanted = repository.TransactionFilter(
        account_id=account_id,
        instrument_id=instrument_id,
        kind=kind.value if kind else None,
        first_date=from_date,
        last_date=to_date,
        import_batch_id=import_batch_id,
        include_reversed=include_reversed,
        needs_review=needs_review,
    )
    page = page_request(cursor, limit, f"transactions {wanted}", (date.fromisoformat, UUID))
    rows = await repository.page_transactions(uow.session, wanted, page)
    kept, cut = cut_page(rows, page, lambda row: (row[0].trade_date.isoformat(), str(row[0].id)))
    total = await repository.count_transactions(uow.session, wanted) if include_total else None
    return TransactionPageOut(
        items=[_out(row) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=total,
    )


def _values(row: Any) -> dict[str, Any]:
    record, parts = row[0], mapping.to_transaction(row[0])
    plain = {
        name: getattr(record, name)
        for name in TransactionOut.model_fields
        if hasattr(record, name) and name not in {"gross", "fee", "tax", "counter"}
    }
    cash = {
        name: CashPartOut.model_validate(part) if part else None
        for name, part in (
            ("gross", parts.gross),
            ("fee", parts.fee),
            ("tax", parts.tax),
            ("counter", parts.counter),
        )
    }
    return {
        **plain,
        **cash,
        "account_name": row.account_name,
        "symbol": row.symbol,
        "instrument_name": row.instrument_name,
        "net_amount": net_cash(parts),
        "is_reversed": row.is_reversed,
        "review_reasons": row.review_reasons or [],
    }


def _out(row: Any) -> TransactionOut:
    return TransactionOut(**_values(row))


@router.get("/transactions/{transaction_id}", operation_id="getTransaction")
async def get_transaction(transaction_id: UUID, uow: Uow) -> TransactionDetailOut:
    """One record and the broker's row it came from."""
    row = await repository.find_transaction(uow.session, transaction_id)
    if row is None:
        raise NotFound("no such transaction")
    return TransactionDetailOut(
        **_values(row),
        original=row[0].original,
        lot_method=row[0].lot_method,
        lot_choices=[
            LotChoiceIn(lot_id=named.lot_id, quantity=named.quantity)
            for named in map(mapping.to_lot_choice, row[0].lot_choices or ())
        ],
        carried_lots=[
            CarriedLotIn(acquired_date=lot.acquired_date, quantity=lot.quantity, cost=lot.cost)
            for lot in map(mapping.to_carried_lot, row[0].carried_lots or ())
        ],
    )


@router.post(
    "/transactions",
    operation_id="postTransaction",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ErrorKind.CONFLICT),
)
async def post_transaction(
    body: TransactionIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> TransactionOut:
    """Post one record. The same key again answers the same record."""

    async def act() -> TransactionOut:
        if await find_account(uow.session, body.account_id) is None:
            raise NotFound("no such account")
        draft, instruments = await draft_of(uow, body, today(clock))
        result = await service.post_transactions(
            uow,
            AccountId(body.account_id),
            [(draft, f"manual:{idempotency_key}")],
            instruments,
        )
        row = await repository.find_transaction(uow.session, result.ids[0])
        return _out(row)

    return await once(uow, request, idempotency_key, body, TransactionOut, act)


async def draft_of(
    uow: Uow, body: TransactionIn, day: date
) -> tuple[TransactionDraft, dict[InstrumentRef, InstrumentId]]:
    """The draft of a body, and the instruments it names.

    Raises:
        NotFound: an instrument is none, or not visible.
        InvalidFields: values that do not go together.
    """
    instruments: dict[InstrumentRef, InstrumentId] = {}
    refs: list[InstrumentRef | None] = []
    multiplier = Decimal(1)
    for instrument_id in (body.source_instrument_id, body.instrument_id):
        found = await find_visible(uow.session, instrument_id) if instrument_id else None
        if found is None:
            if instrument_id is not None:
                raise NotFound("no such instrument")
            refs.append(None)
            continue
        # the id as a name: two instruments may share a symbol
        ref = InstrumentRef(symbol=found.symbol, currency=found.currency, name=str(found.id))
        instruments[ref] = InstrumentId(found.id)
        multiplier = found.multiplier
        refs.append(ref)
    source, ref_of_units = refs
    if ref_of_units is None:
        multiplier = Decimal(1)
    return checked_draft(body, ref_of_units, source, multiplier, day), instruments


@router.post(
    "/transactions/{transaction_id}/reverse",
    operation_id="reverseTransaction",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ErrorKind.CONFLICT),
)
async def reverse_transaction(
    transaction_id: UUID,
    request: Request,
    uow: Uow,
    idempotency_key: IdempotencyKey = None,
) -> TransactionOut:
    """Take one record back by a reversal; nothing is deleted."""

    async def act() -> TransactionOut:
        if await repository.find_transaction(uow.session, transaction_id) is None:
            raise NotFound("no such transaction")
        rows = await repository.find_rows(uow.session, [transaction_id])
        if not rows:
            raise service.AlreadyReversed("this record was taken back before")
        await service.reverse_transactions(uow, rows)
        return _out(await repository.find_transaction(uow.session, transaction_id))

    return await once(uow, request, idempotency_key, None, TransactionOut, act)


async def _scope(uow: Uow, account_id: UUID | None) -> list[UUID]:
    if account_id is None:
        return list(await uow.session.scalars(select(AccountRow.id)))
    if await find_account(uow.session, account_id) is None:
        raise NotFound("no such account")
    return [account_id]


@router.get("/positions", operation_id="listPositions")
async def list_positions(uow: Uow, account_id: UUID | None = None) -> PositionsOut:
    """Units and cost per account and instrument, and cash per currency."""
    scope = await _scope(uow, account_id)
    return PositionsOut(
        items=[_position(*row) for row in await reads.position_rows(uow.session, scope)],
        cash=[
            CashBalanceOut.model_validate(row)
            for row in await reads.cash_balances(uow.session, scope)
        ],
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
        currency=row.currency,
        unknown_reason=None if known else "cost_unknown",
        last_trade_date=row.last_trade_date,
    )
