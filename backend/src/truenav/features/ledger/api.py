"""Routes of the ledger."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, status

from truenav.core.errors import ErrorKind
from truenav.core.ids import AccountId
from truenav.core.ledger.transactions import TransactionKind
from truenav.features.accounts.repository import find as find_account
from truenav.features.ledger import listing, repository, service
from truenav.features.ledger.bodies import transaction_detail, transaction_out
from truenav.features.ledger.listing import TransactionFilter
from truenav.features.ledger.posting import AlreadyReversed, typed_key
from truenav.features.ledger.schemas import (
    TransactionDetailOut,
    TransactionIn,
    TransactionMarksOut,
    TransactionOut,
    TransactionPageOut,
)
from truenav.features.ledger.typed import TypedDrafts
from truenav.platform.clock import end_of, today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import (
    MAX_LIMIT,
    CursorText,
    IncludeTotal,
    Limit,
    cut_page,
    encode_cursor,
    page_request,
)
from truenav.platform.problems import NotFound, problems
from truenav.platform.wire import LINE_PATTERN, AskedDay, LocalDate

router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)
Kinds = Annotated[Sequence[TransactionKind], Query(max_length=len(TransactionKind))]
Words = Annotated[str | None, Query(max_length=100, pattern=LINE_PATTERN)]
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
# no finer than a page is long: a mark is for a page, and a list of a million has few enough
Every = Annotated[int, Query(ge=MAX_LIMIT, le=100_000)]


def transaction_filter(
    account_id: UUID | None = None,
    instrument_id: UUID | None = None,
    kind: Kinds = (),
    text: Words = None,
    from_date: From = None,
    to_date: To = None,
    import_batch_id: UUID | None = None,
    include_reversed: bool = False,
    needs_review: bool = False,
    as_known_on: AskedDay | None = None,
) -> TransactionFilter:
    """What a list of records is narrowed to, as the address says it."""
    return TransactionFilter(
        account_id=account_id,
        instrument_id=instrument_id,
        kinds=tuple(sorted({one.value for one in kind})),
        text=text.strip() if text else None,
        known_before=end_of(as_known_on) if as_known_on else None,
        first_date=from_date,
        last_date=to_date,
        import_batch_id=import_batch_id,
        include_reversed=include_reversed,
        needs_review=needs_review,
    )


Wanted = Annotated[TransactionFilter, Depends(transaction_filter)]


def _scope_of(wanted: TransactionFilter) -> str:
    return f"transactions {wanted}"


def _key(day: date, record_id: UUID) -> tuple[str, str]:
    return day.isoformat(), str(record_id)


@router.get("/transactions", operation_id="listTransactions")
async def list_transactions(
    uow: Uow,
    wanted: Wanted,
    cursor: CursorText = None,
    limit: Limit = 50,
    include_total: IncludeTotal = False,
) -> TransactionPageOut:
    """Records, newest first; reversed pairs only when asked for.

    `as_known_on` lists what counted at the end of that day (UTC), before later corrections.
    """
    page = page_request(cursor, limit, _scope_of(wanted), (date.fromisoformat, UUID))
    rows = await listing.page_transactions(uow.session, wanted, page)
    kept, cut = cut_page(rows, page, lambda row: _key(row[0].trade_date, row[0].id))
    total = await listing.count_transactions(uow.session, wanted) if include_total else None
    return TransactionPageOut(
        items=[transaction_out(row) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=total,
    )


@router.get("/transactions/marks", operation_id="markTransactions")
async def mark_transactions(uow: Uow, wanted: Wanted, every: Every = 200) -> TransactionMarksOut:
    """How many records a list holds, and cursors into it.

    `cursors[0]` leads to record `every` (counted from 0) of `listTransactions` with the same
    filter, `cursors[1]` to twice that, and so on; the list begins without one.
    """
    marks = await listing.mark_transactions(uow.session, wanted, every)
    scope = _scope_of(wanted)
    return TransactionMarksOut(
        total_count=marks.total,
        every=every,
        cursors=[encode_cursor(scope, _key(*place)) for place in marks.places],
    )


@router.get("/transactions/{transaction_id}", operation_id="getTransaction")
async def get_transaction(transaction_id: UUID, uow: Uow) -> TransactionDetailOut:
    """One record and the broker's row it came from."""
    row = await repository.find_transaction(uow.session, transaction_id)
    if row is None:
        raise NotFound("no such transaction")
    return transaction_detail(row)


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
        typed = TypedDrafts(uow, today(clock))
        draft = await typed.read(body)
        result = await service.post_transactions(
            uow,
            AccountId(body.account_id),
            [(draft, typed_key(idempotency_key))],
            typed.instruments,
        )
        row = await repository.find_transaction(uow.session, result.ids[0])
        return transaction_out(row)

    return await once(uow, request, idempotency_key, body, TransactionOut, act)


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
            raise AlreadyReversed("this record was taken back before")
        await service.reverse_transactions(uow, rows)
        return transaction_out(await repository.find_transaction(uow.session, transaction_id))

    return await once(uow, request, idempotency_key, None, TransactionOut, act)
