"""Routes of the data quality page: for who operates the installation."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import Row

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.identity.operators import Operator
from truenav.features.marketdata import quality
from truenav.features.marketdata.quality_schemas import (
    CoverageOut,
    CoveragePageOut,
    DecisionOut,
    FindingDecisionIn,
    FindingKind,
    FindingOut,
    FindingPageOut,
    FindingStatus,
    SourceCoverageOut,
)
from truenav.features.marketdata.quality_tables import DataFindingRow, FindingDecisionRow
from truenav.platform.audit import record
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import CursorText, Limit, cut_page, page_request, plain_text
from truenav.platform.problems import NotFound, problems

router = APIRouter(prefix="/api/v1/operations/data", tags=["operations"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
Words = Annotated[str | None, Query(max_length=80, pattern=r"^[^\x00]*$")]
Kinds = Annotated[Sequence[FindingKind], Query(max_length=20)]
# Looked at every day; a weekend and a holiday may pass.
LOOK_IS_OLD = timedelta(days=4)


class FindingDecided(TruenavError):
    """It was decided or went away meanwhile, or there is no other word to take over."""

    kind = ErrorKind.CONFLICT
    code = "finding_decided"


@router.get("/coverage", operation_id="listDataCoverage")
async def list_coverage(
    uow: Uow,
    clock: CurrentClock,
    operator: Operator,
    query: Words = None,
    only_open: bool = False,  # a query parameter, by name
    cursor: CursorText = None,
    limit: Limit = 50,
) -> CoveragePageOut:
    """What is known of every instrument that was looked through, by symbol."""
    del operator
    scope = f"coverage {query or ''} {only_open}"
    page = page_request(cursor, limit, scope, (plain_text, UUID))
    rows = await quality.coverage(uow.session, query, page, is_open_only=only_open)
    kept, cut = cut_page(
        rows, page, lambda row: (row.InstrumentRow.symbol, str(row.InstrumentRow.id))
    )
    return CoveragePageOut(
        items=[_coverage(row, today(clock)) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=None,
    )


def _coverage(row: Row[Any], day: date) -> CoverageOut:
    instrument = row.InstrumentRow
    return CoverageOut(
        instrument_id=instrument.id,
        symbol=instrument.symbol,
        name=instrument.name,
        exchange=instrument.exchange,
        delisted_on=instrument.delisted_on,
        ran_on=row.ran_on,
        ran_at=row.ran_at,
        is_stale=day - row.ran_on > LOOK_IS_OLD,
        first_day=row.first_day,
        last_day=row.last_day,
        bar_count=row.bar_count,
        session_count=row.session_count,
        compared_count=row.compared_count,
        open_count=row.open_count,
        data_version=row.data_version,
        sources=[
            SourceCoverageOut.model_validate({"source": name, **told}, strict=False)
            for name, told in sorted(row.sources.items())
        ],
    )


@router.get("/findings", operation_id="listDataFindings")
async def list_findings(
    uow: Uow,
    operator: Operator,
    instrument_id: UUID | None = None,
    kind: Kinds = (),
    status: FindingStatus | None = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> FindingPageOut:
    """What is odd about the data, the newest first, with what was decided of it."""
    del operator
    scope = f"findings {instrument_id} {sorted(kind)} {status}"
    page = page_request(cursor, limit, scope, (UUID,))
    rows = await quality.findings(
        uow.session, page, instrument_id=instrument_id, kinds=kind, status=status
    )
    kept, cut = cut_page(rows, page, lambda row: (str(row.DataFindingRow.id),))
    decided = await quality.decisions(uow.session, [row.DataFindingRow.id for row in kept])
    return FindingPageOut(
        items=[_finding(row, decided.get(row.DataFindingRow.id, [])) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=None,
    )


def _finding(row: Row[DataFindingRow, str], decided: Sequence[FindingDecisionRow]) -> FindingOut:
    found = row.DataFindingRow
    return FindingOut(
        id=found.id,
        instrument_id=found.instrument_id,
        symbol=row.symbol,
        kind=found.kind,
        day=found.day,
        last_day=found.last_day,
        day_count=found.day_count,
        source=found.source,
        ours=found.ours,
        theirs=found.theirs,
        note=found.note,
        status=found.status,
        can_override=bool(found.words),
        first_seen=found.first_seen,
        last_seen=found.last_seen,
        decisions=[DecisionOut.model_validate(one) for one in decided],
    )


@router.post("/findings/{finding_id}/decide", operation_id="decideDataFinding", responses=CONFLICT)
async def decide_finding(
    finding_id: UUID,
    body: FindingDecisionIn,
    request: Request,
    uow: Uow,
    operator: Operator,
    idempotency_key: IdempotencyKey = None,
) -> FindingOut:
    """Accept an oddity as it is, or take the other source's word over; with a reason."""
    del operator

    async def act() -> FindingOut:
        if await quality.finding(uow.session, finding_id) is None:
            raise NotFound("no such finding")
        if not await quality.decide(uow.session, finding_id, body.decision, body.reason):
            raise FindingDecided("it was decided meanwhile, or there is nothing to take over")
        await record(
            uow, f"data_finding.{body.decision}", "data_finding", finding_id,
            new_value={"reason": body.reason},
        )  # fmt: skip
        row = await quality.finding(uow.session, finding_id)
        if row is None:
            raise NotFound("no such finding")
        decided = await quality.decisions(uow.session, [finding_id])
        return _finding(row, decided.get(finding_id, []))

    return await once(uow, request, idempotency_key, body, FindingOut, act)
