"""Routes of what was held back: for who operates the installation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.identity.operators import Operator
from truenav.features.marketdata import quarantine
from truenav.features.marketdata.quarantine_schemas import (
    HeldBarOut,
    HeldBarPageOut,
    HeldDecisionIn,
    HeldState,
)
from truenav.platform.audit import record
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import CursorText, Limit, cut_page, page_request
from truenav.platform.problems import NotFound, problems

router = APIRouter(prefix="/api/v1/operations/quarantine", tags=["operations"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
SourceName = Annotated[str | None, Query(pattern=r"^[a-z_]{2,30}$")]


class HeldBarDecided(TruenavError):
    """It was decided meanwhile, by a person, a rule or a second source."""

    kind = ErrorKind.CONFLICT
    code = "held_bar_decided"


@router.get("", operation_id="listQuarantine")
async def list_quarantine(
    uow: Uow,
    operator: Operator,
    instrument_id: UUID | None = None,
    source: SourceName = None,
    state: HeldState | None = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> HeldBarPageOut:
    """Bars that were not stored as they came, the newest first, with what became of them."""
    del operator
    page = page_request(cursor, limit, f"quarantine {instrument_id} {source} {state}", (UUID,))
    rows = await quarantine.held(
        uow.session, page, instrument_id=instrument_id, source=source, state=state
    )
    kept, cut = cut_page(rows, page, lambda row: (str(row.PriceQuarantineRow.id),))
    return HeldBarPageOut(
        items=[_held(row) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=None,
    )


def _held(row: quarantine.Held) -> HeldBarOut:
    found = row.PriceQuarantineRow
    bar = found.bar or {}
    return HeldBarOut(
        id=found.id,
        instrument_id=found.instrument_id,
        symbol=row.symbol,
        source=found.source,
        day=found.day,
        reason=found.reason,
        detail=found.detail,
        bar_count=found.bar_count,
        open=bar.get("open"),
        high=bar.get("high"),
        low=bar.get("low"),
        close=bar.get("close"),
        volume=bar.get("volume"),
        currency=found.currency,
        state=found.state,
        first_seen=found.first_seen,
        last_seen=found.last_seen,
        decided_by=found.decided_by,
        decided_at=found.decided_at,
        decision_note=found.decision_note,
    )


@router.post("/{held_id}/decide", operation_id="decideQuarantined", responses=CONFLICT)
async def decide_quarantined(
    held_id: UUID,
    body: HeldDecisionIn,
    request: Request,
    uow: Uow,
    operator: Operator,
    idempotency_key: IdempotencyKey = None,
) -> HeldBarOut:
    """Accept a bar, which stores it under its source, or reject it for good; with a reason."""
    del operator

    async def act() -> HeldBarOut:
        if await quarantine.find_held(uow.session, held_id) is None:
            raise NotFound("no such bar is held back")
        if not await quarantine.decide(uow.session, held_id, body.decision, body.reason):
            raise HeldBarDecided("it was decided meanwhile")
        await record(
            uow, f"held_bar.{body.decision}", "held_bar", held_id,
            new_value={"reason": body.reason},
        )  # fmt: skip
        row = await quarantine.find_held(uow.session, held_id)
        if row is None:
            raise NotFound("no such bar is held back")
        return _held(row)

    return await once(uow, request, idempotency_key, body, HeldBarOut, act)
