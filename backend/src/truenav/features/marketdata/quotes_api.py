"""Routes of quotes: what is known within one deadline, never an error for a provider's sake."""

from collections.abc import Sequence
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from truenav.features.marketdata.quote_views import Seen, look, quote_out, unknown
from truenav.features.marketdata.quotes_schemas import QuoteOut, QuotesOut
from truenav.features.marketdata.quoting import QuoteDesk
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentIdentity, State
from truenav.platform.problems import InvalidFields, NotFound, request_id_of
from truenav.platform.state import AppState
from truenav.platform.tokens import Identity
from truenav.platform.unit_of_work import open_unit_of_work

router = APIRouter(prefix="/api/v1/quotes", tags=["marketdata"], responses=GUARDED)
MAX_INSTRUMENTS = 200
Ids = Annotated[str, Query(max_length=8000, pattern=r"^[0-9a-fA-F,-]+$")]


def quote_desk(request: Request) -> QuoteDesk:
    """What `create_app` made once."""
    return cast(QuoteDesk, request.app.state.quotes)


Desk = Annotated[QuoteDesk, Depends(quote_desk)]


@router.get("", operation_id="listQuotes")
async def list_quotes(
    request: Request, state: State, identity: CurrentIdentity, desk: Desk, instrument_ids: Ids
) -> QuotesOut:
    """The last trade of up to 200 instruments at once, in the order asked for."""
    ids = _ids(instrument_ids)
    seen = await _seen(request, state, identity, ids)
    answers = await desk.quotes([one.wanted for one in seen.values()])
    now = state.clock.now()
    return QuotesOut(
        items=[
            quote_out(seen[key], answers[key], now) if key in seen else unknown(key, "not_found")
            for key in ids
        ]
    )


@router.get("/{instrument_id}", operation_id="getQuote")
async def get_quote(
    instrument_id: UUID, request: Request, state: State, identity: CurrentIdentity, desk: Desk
) -> QuoteOut:
    """The last trade of one instrument."""
    seen = (await _seen(request, state, identity, [instrument_id])).get(instrument_id)
    if seen is None:
        raise NotFound("no such instrument")
    answers = await desk.quotes([seen.wanted])
    return quote_out(seen, answers[instrument_id], state.clock.now())


async def _seen(
    request: Request, state: AppState, identity: Identity, ids: Sequence[UUID]
) -> dict[UUID, Seen]:
    """Read in a transaction that ends before any provider is asked: none waits for them."""
    async with open_unit_of_work(
        state.sessions, identity.tenant_id, identity.user_id, request_id_of(request)
    ) as uow:
        return await look(uow.session, ids, today(state.clock))


def _ids(text: str) -> list[UUID]:
    try:
        ids = list(dict.fromkeys(UUID(part) for part in text.split(",") if part))
    except ValueError as error:
        raise InvalidFields([("/query/instrument_ids", "ids are UUIDs")]) from error
    if not 0 < len(ids) <= MAX_INSTRUMENTS:
        raise InvalidFields([("/query/instrument_ids", f"name 1 to {MAX_INSTRUMENTS}")])
    return ids
