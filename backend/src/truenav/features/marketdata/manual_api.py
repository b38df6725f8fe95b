"""Routes of a tenant's own prices."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from truenav.core.errors import ErrorKind
from truenav.features.marketdata import manual, own_prices
from truenav.features.marketdata.api import visible
from truenav.features.marketdata.schemas import (
    ManualPastedIn,
    ManualPastedOut,
    ManualPriceIn,
    ManualPriceOut,
    ManualPricePageOut,
    PasteFaultOut,
)
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import CursorText, Limit, cut_page, page_request
from truenav.platform.problems import problems
from truenav.platform.wire import LocalDate

router = APIRouter(
    prefix="/api/v1/instruments/{instrument_id}/manual-prices",
    tags=["marketdata"],
    responses=GUARDED,
)
CONFLICT = problems(ErrorKind.CONFLICT, ErrorKind.TOO_LARGE)
Seen = Annotated[int, Query(ge=1, le=2**31 - 1)]


@router.get("", operation_id="listManualPrices")
async def list_manual_prices(
    instrument_id: UUID, uow: Uow, cursor: CursorText = None, limit: Limit = 50
) -> ManualPricePageOut:
    """The portfolio's own prices of an instrument, the newest first."""
    await visible(uow, instrument_id)
    page = page_request(cursor, limit, f"manual {instrument_id}", (date.fromisoformat,))
    after = page.after[0] if page.after is not None else None
    rows = await own_prices.page(uow.session, instrument_id, after, limit + 1)
    kept, cut = cut_page(rows, page, lambda row: (row.price_date.isoformat(),))
    return ManualPricePageOut(
        items=[ManualPriceOut.model_validate(row) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=None,
    )


@router.put("/{price_date}", operation_id="setManualPrice", responses=CONFLICT)
async def set_manual_price(
    instrument_id: UUID, price_date: LocalDate, body: ManualPriceIn, uow: Uow, clock: CurrentClock
) -> ManualPriceOut:
    """Set the portfolio's own price of a day; it counts before what any source says."""
    instrument = await visible(uow, instrument_id)
    stored = await manual.set_price(uow, instrument, price_date, body, today(clock))
    return ManualPriceOut.model_validate(stored)


@router.delete(
    "/{price_date}",
    operation_id="removeManualPrice",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)
async def remove_manual_price(
    instrument_id: UUID, price_date: LocalDate, version: Seen, uow: Uow
) -> None:
    """Remove the portfolio's own price of a day; `version` is that of the price one saw."""
    await manual.remove_price(uow, await visible(uow, instrument_id), price_date, version)


@router.post("/paste", operation_id="pasteManualPrices", responses=CONFLICT)
async def paste_manual_prices(
    instrument_id: UUID,
    body: ManualPastedIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> ManualPastedOut:
    """Store lines of `day,close`; with a fault in one of them, none."""
    instrument = await visible(uow, instrument_id)

    async def act() -> ManualPastedOut:
        done = await manual.paste_prices(uow, instrument, body.text, body.currency, today(clock))
        return ManualPastedOut(
            stored_count=done.stored,
            replaced_count=done.replaced,
            unchanged_count=done.unchanged,
            faults=[PasteFaultOut(line=f.line, message=f.message) for f in done.faults[:50]],
        )

    return await once(uow, request, idempotency_key, body, ManualPastedOut, act)
