"""Routes of instruments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from truenav.core.errors import ErrorKind
from truenav.features.identity.operators import Operator
from truenav.features.instruments import adding, repository
from truenav.features.instruments.schemas import (
    InstrumentAliasOut,
    InstrumentDetailOut,
    InstrumentIn,
    InstrumentOut,
    InstrumentPageOut,
    RenameIn,
)
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import CursorText, Limit, cut_page, page_request, plain_text
from truenav.platform.problems import NotFound, problems

router = APIRouter(prefix="/api/v1/instruments", tags=["instruments"], responses=GUARDED)
operations = APIRouter(
    prefix="/api/v1/operations/data/instruments", tags=["operations"], responses=GUARDED
)
CONFLICT = problems(ErrorKind.CONFLICT)
Words = Annotated[str | None, Query(max_length=80, pattern=r"^[^\x00]*$")]


@router.get("", operation_id="listInstruments")
async def list_instruments(
    uow: Uow, query: Words = None, cursor: CursorText = None, limit: Limit = 50
) -> InstrumentPageOut:
    """Instruments the portfolio may know of, by symbol."""
    page = page_request(cursor, limit, f"instruments {query or ''}", (plain_text, UUID))
    rows = await repository.page(uow.session, query, page)
    kept, cut = cut_page(rows, page, lambda row: (row.symbol, str(row.id)))
    return InstrumentPageOut(
        items=[InstrumentOut.model_validate(row) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=None,
    )


@router.get("/{instrument_id}", operation_id="getInstrument")
async def get_instrument(instrument_id: UUID, uow: Uow) -> InstrumentDetailOut:
    """One instrument and what it is and was called."""
    found = await repository.find_visible(uow.session, instrument_id)
    if found is None:
        raise NotFound("no such instrument")
    aliases = await repository.aliases_of(uow.session, instrument_id)
    plain = InstrumentOut.model_validate(found)
    return InstrumentDetailOut(
        **plain.model_dump(),
        delisted_on=found.delisted_on,
        aliases=[InstrumentAliasOut.model_validate(alias) for alias in aliases],
    )


@router.post(
    "",
    operation_id="addInstrument",
    status_code=status.HTTP_201_CREATED,
    responses=CONFLICT,
)
async def add_instrument(
    body: InstrumentIn, request: Request, uow: Uow, idempotency_key: IdempotencyKey = None
) -> InstrumentOut:
    """Add an instrument by hand; one that is known by these names already is told instead."""

    async def act() -> InstrumentOut:
        typed = adding.Typed(**body.model_dump())
        return InstrumentOut.model_validate(await adding.add(uow, typed))

    return await once(uow, request, idempotency_key, body, InstrumentOut, act)


@operations.post(
    "/{instrument_id}/rename",
    operation_id="renameInstrument",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)
async def rename_instrument(
    instrument_id: UUID, body: RenameIn, uow: Uow, operator: Operator
) -> None:
    """Give an instrument another ticker from a day on; the old one stays its name before it."""
    del operator
    await adding.rename(uow, instrument_id, body.symbol, body.from_date)
