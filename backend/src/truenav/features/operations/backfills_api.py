"""Routes of backfills: closes and events of past days, asked for again on request."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import Row

from truenav.core.errors import ErrorKind
from truenav.features.identity.operators import Operator
from truenav.features.marketdata.backfill import TOPIC, payload_of
from truenav.features.operations import repository
from truenav.features.operations.schemas import (
    BackfillIn,
    BackfillOut,
    BackfillPageOut,
    BackfillState,
    CancelledOut,
)
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import CursorText, Limit, cut_page, page_request, text_instant
from truenav.platform.problems import NotFound, problems
from truenav.platform.unit_of_work import UnitOfWork

router = APIRouter(prefix="/api/v1/operations/backfills", tags=["operations"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
Parts = Mapping[str, Row[Any]]


@router.get("", operation_id="listBackfills")
async def list_backfills(
    uow: Uow, operator: Operator, cursor: CursorText = None, limit: Limit = 20
) -> BackfillPageOut:
    """What was asked for, the newest first, and how far it is."""
    del operator
    page = page_request(cursor, limit, "backfills", (text_instant, UUID))
    rows = await repository.find_work(uow.session, page, kinds=[TOPIC])
    kept, cut = cut_page(rows, page, lambda row: (row.occurred_at.isoformat(), str(row.id)))
    return BackfillPageOut(
        items=await _all_out(uow, kept),
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=None,
    )


@router.post("", operation_id="requestBackfill", status_code=202, responses=CONFLICT)
async def request_backfill(
    body: BackfillIn,
    request: Request,
    uow: Uow,
    operator: Operator,
    idempotency_key: IdempotencyKey = None,
) -> BackfillOut:
    """Ask for a span of days again; it is done in the background, part by part."""
    del operator

    async def act() -> BackfillOut:
        job_id = new_id()
        payload = payload_of(body.first_day, body.last_day, body.symbols)
        await repository.request(uow.session, job_id, TOPIC, payload)
        await record(uow, "backfill.requested", "job", job_id, new_value=payload)
        return await _one_out(uow, job_id)

    return await once(uow, request, idempotency_key, body, BackfillOut, act)


@router.get("/{backfill_id}", operation_id="getBackfill")
async def get_backfill(backfill_id: UUID, uow: Uow, operator: Operator) -> BackfillOut:
    """One backfill and how far it is."""
    del operator
    return await _one_out(uow, backfill_id)


@router.post("/{backfill_id}/cancel", operation_id="cancelBackfill")
async def cancel_backfill(backfill_id: UUID, uow: Uow, operator: Operator) -> CancelledOut:
    """Have the parts that are not done not done; what is done stays."""
    del operator
    row = await _get(uow, backfill_id)
    # the request first: it may not have been split yet
    count = await repository.cancel(uow.session, row.tenant_id, backfill_id)
    count += await repository.cancel_batch(uow.session, backfill_id)
    await record(uow, "backfill.cancelled", "job", backfill_id, new_value={"count": count})
    return CancelledOut(cancelled_count=count)


async def _get(uow: UnitOfWork, backfill_id: UUID) -> Row[Any]:
    row = await repository.get_work(uow.session, backfill_id)
    if row is None or row.topic != TOPIC:
        raise NotFound("no such backfill")
    return row


async def _one_out(uow: UnitOfWork, backfill_id: UUID) -> BackfillOut:
    (made,) = await _all_out(uow, [await _get(uow, backfill_id)])
    return made


async def _all_out(uow: UnitOfWork, rows: Sequence[Row[Any]]) -> list[BackfillOut]:
    parts: dict[UUID, dict[str, Row[Any]]] = defaultdict(dict)
    for counted in await repository.count_parts(uow.session, [row.id for row in rows]):
        parts[counted.batch_id][counted.state] = counted
    return [_out(row, parts[row.id]) for row in rows]


def _out(row: Row[Any], parts: Parts) -> BackfillOut:
    def count(*states: str) -> int:
        return sum(parts[state].work_count for state in states if state in parts)

    total = count(*parts)
    left = count("waiting", "retrying", "running")
    state = _state(row.state, left, count("parked"), count("cancelled"))
    return BackfillOut(
        id=row.id,
        first_day=row.payload["first"],
        last_day=row.payload["last"],
        symbols=row.payload["symbols"].split(),
        state=state,
        requested_at=row.occurred_at,
        ended_at=None if state in {"splitting", "running"} else _ended(row, parts),
        part_count=total,
        done_count=count("done"),
        failed_count=count("parked"),
        cancelled_count=count("cancelled"),
        row_count=sum(part.row_count for part in parts.values()),
        unanswered_count=sum(part.unanswered_count for part in parts.values()),
    )


def _state(request: str, left: int, parked: int, cancelled: int) -> BackfillState:
    if request == "cancelled":
        return "cancelled"
    if request != "done":
        return "done_with_gaps" if request == "parked" else "splitting"
    if left:
        return "running"
    if cancelled:
        return "cancelled"
    return "done_with_gaps" if parked else "done"


def _ended(row: Row[Any], parts: Parts) -> datetime | None:
    ends = [part.newest for part in parts.values() if part.newest is not None]
    own: datetime | None = row.done_at or row.cancelled_at or row.parked_at
    return max(ends, default=own)
