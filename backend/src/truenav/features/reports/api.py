"""Routes of reports, and of the calculations they were made with."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from truenav.core.errors import ErrorKind
from truenav.features.reports import repository, service
from truenav.features.reports.answers import (
    calculations_out,
    detail_out,
    recomputed_out,
    report_out,
)
from truenav.features.reports.comparing import ask_today, recompute
from truenav.features.reports.schemas import (
    CalculationsOut,
    RecomputedOut,
    ReportDetailOut,
    ReportIn,
    ReportKind,
    ReportOut,
    ReportPageOut,
    ReportPatchIn,
)
from truenav.platform.clock import end_of, today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import CursorText, Limit, cut_page, page_request, text_instant
from truenav.platform.problems import NotFound, problems
from truenav.platform.unit_of_work import UnitOfWork
from truenav.platform.wire import AskedDay

router = APIRouter(prefix="/api/v1/reports", tags=["reports"], responses=GUARDED)
calculations = APIRouter(prefix="/api/v1/calculations", tags=["reports"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
TOO_LARGE = problems(ErrorKind.CONFLICT, ErrorKind.TOO_LARGE)
ReportedOn = Annotated[
    AskedDay | None,
    Query(description="Only what had been reported by the end of that day (UTC), newest first"),
]


@router.post(
    "", operation_id="keepReport", status_code=status.HTTP_201_CREATED, responses=TOO_LARGE
)
async def keep_report(
    body: ReportIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> ReportOut:
    """Keep what a page says now, with everything it was worked out from."""

    async def act() -> ReportOut:
        made = await service.keep(uow, body.name, body.parameters, today(clock))
        return report_out(await _found(uow, made))

    return await once(uow, request, idempotency_key, body, ReportOut, act)


@router.get("", operation_id="listReports")
async def list_reports(
    uow: Uow,
    kind: ReportKind | None = None,
    as_reported_on: ReportedOn = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> ReportPageOut:
    """Reports that were kept, the newest first; or those a day had seen."""
    page = page_request(cursor, limit, f"reports {kind} {as_reported_on}", (text_instant, UUID))
    before: datetime | None = end_of(as_reported_on) if as_reported_on is not None else None
    rows = await repository.page(uow.session, page, kind=kind, before=before)
    kept, cut = cut_page(rows, page, lambda row: (row[0].recorded_at.isoformat(), str(row[0].id)))
    return ReportPageOut(
        items=[report_out(row) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=None,
    )


@router.get("/{report_id}", operation_id="getReport")
async def get_report(report_id: UUID, uow: Uow) -> ReportDetailOut:
    """One report: versions, fingerprint and hashes."""
    return detail_out(await _found(uow, report_id))


async def _found(uow: UnitOfWork, report_id: UUID) -> object:
    found = await repository.find(uow.session, report_id)
    if found is None:
        raise NotFound("no such report")
    return found


@router.get(
    "/{report_id}/body",
    operation_id="getReportBody",
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def get_report_body(report_id: UUID, uow: Uow) -> Response:
    """The bytes that were kept: what the page said. Their hash is the entity tag."""
    row = await service.whole(uow, report_id)
    headers = {"ETag": f'"{row.answer_sha256}"', "Cache-Control": "private, no-cache"}
    return Response(row.answer, media_type="application/json", headers=headers)


@router.patch("/{report_id}", operation_id="renameReport", responses=CONFLICT)
async def rename_report(report_id: UUID, body: ReportPatchIn, uow: Uow) -> ReportOut:
    """Name a report; `version` is the one the editor saw."""
    await service.rename(uow, report_id, body.version, body.name)
    return report_out(await _found(uow, report_id))


@router.delete("/{report_id}", operation_id="deleteReport", status_code=status.HTTP_204_NO_CONTENT)
async def delete_report(report_id: UUID, uow: Uow) -> None:
    """Delete a report."""
    await service.remove(uow, report_id)


@router.post("/{report_id}/recompute", operation_id="recomputeReport")
async def recompute_report(report_id: UUID, uow: Uow, clock: CurrentClock) -> RecomputedOut:
    """Work a report out again: from what was kept, bit for bit; and from today's records."""
    row = await service.whole(uow, report_id)
    found = await recompute(uow, row)
    return recomputed_out(row, found, await ask_today(uow, row, today(clock)))


@calculations.get("", operation_id="listCalculations")
async def list_calculations(uow: Uow) -> CalculationsOut:
    """Every calculation whose answers are kept, its versions, and what changed between them."""
    del uow  # for who is logged in
    return calculations_out()
