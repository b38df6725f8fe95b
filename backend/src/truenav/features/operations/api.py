"""Routes of the jobs page: for who operates the installation."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import Row

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.identity.operators import Operator
from truenav.features.operations import repository
from truenav.features.operations.schedule import ENTRIES, EOD, eod_entry
from truenav.features.operations.schemas import (
    CanaryOut,
    CancelledOut,
    JobCountOut,
    JobOut,
    JobPageOut,
    JobProgressOut,
    JobsSummaryOut,
    JobState,
    QueueOut,
    ScheduleEntryOut,
)
from truenav.platform import canary
from truenav.platform.alerting import channels
from truenav.platform.audit import record
from truenav.platform.clock import Clock
from truenav.platform.dependencies import GUARDED, CurrentClock, State, Uow
from truenav.platform.pages import CursorText, Limit, cut_page, page_request, text_instant
from truenav.platform.problems import NotFound, problems
from truenav.platform.progress import Progress, read_all_progress
from truenav.platform.state import AppState
from truenav.platform.tables import INSTALLATION, CanaryStateRow, ScheduleEntryRow

router = APIRouter(prefix="/api/v1/operations/jobs", tags=["operations"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
Kind = Annotated[str | None, Query(max_length=60, pattern=r"^[a-z_.]+$")]


class NothingToRetry(TruenavError):
    """It goes on by itself, or is done."""

    kind = ErrorKind.CONFLICT
    code = "nothing_to_retry"


class NothingToCancel(TruenavError):
    """It has ended, or belongs to a tenant and is not given up: that is for its people to say."""

    kind = ErrorKind.CONFLICT
    code = "nothing_to_cancel"


@router.get("", operation_id="listJobs")
async def list_jobs(
    uow: Uow,
    state: State,
    operator: Operator,
    job_state: Annotated[JobState | None, Query(alias="state")] = None,
    kind: Kind = None,
    batch_id: UUID | None = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> JobPageOut:
    """Work of the installation and of its tenants, the newest first."""
    del operator
    scope = f"jobs {job_state} {kind} {batch_id}"
    page = page_request(cursor, limit, scope, (text_instant, UUID))
    rows = await repository.find_work(
        uow.session, page, state=job_state, kinds=[kind] if kind else [], batch_id=batch_id
    )
    kept, cut = cut_page(rows, page, lambda row: (row.occurred_at.isoformat(), str(row.id)))
    return JobPageOut(
        items=await _all_out(uow.session, state, kept),
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=None,
    )


@router.get("/summary", operation_id="getJobsSummary")
async def get_summary(
    uow: Uow, state: State, clock: CurrentClock, operator: Operator
) -> JobsSummaryOut:
    """Queues, what is in which state, and the schedule."""
    del operator
    # redis-py blocks
    queues, is_up = await asyncio.to_thread(lambda: (state.queue.states(), state.queue.ping()))
    counted = await repository.count_work(uow.session)
    entries = await repository.schedule_entries(uow.session)
    return JobsSummaryOut(
        is_queue_up=is_up,
        queues=[
            QueueOut(name=one.name, waiting_count=one.waiting_count, workers=one.workers)
            for one in queues
        ],
        counts=[
            JobCountOut(
                kind=row.topic, state=row.state, job_count=row.work_count, oldest_at=row.oldest
            )
            for row in counted
        ],
        schedule=_schedule(entries, state, clock),
        alert_channels=[channel.name for channel in channels(state.settings.alerts)],
        canary=_canary(await canary.read(uow.session), clock),
    )


def _canary(row: CanaryStateRow | None, clock: Clock) -> CanaryOut | None:
    if row is None:
        return None
    return CanaryOut.model_validate(
        {
            "state": canary.condition(row.state, row.checked_at, clock.now()),
            "since": row.since,
            "checked_at": row.checked_at,
            "duration_ms": row.duration_ms,
            "drifts": row.drifts,
        }
    )


def _schedule(
    rows: Sequence[ScheduleEntryRow], state: AppState, clock: Clock
) -> list[ScheduleEntryOut]:
    last = {row.name: row.occurred_at for row in rows}
    known = {entry.name for entry in ENTRIES}
    exchanges = [
        eod_entry(name.removeprefix(f"{EOD}-"))
        for name in last
        if name.startswith(f"{EOD}-") and name not in known
    ]
    return [
        ScheduleEntryOut(
            name=entry.name,
            last_at=last.get(entry.name),
            next_at=entry.when.next(clock.now()),
            is_paused=entry.asks_providers and state.settings.providers.is_offline,
        )
        for entry in (*exchanges, *ENTRIES)
    ]


@router.get("/{job_id}", operation_id="getJob")
async def get_job(job_id: UUID, uow: Uow, state: State, operator: Operator) -> JobOut:
    """One piece of work."""
    del operator
    return await _one_out(uow.session, state, job_id)


@router.post("/{job_id}/retry", operation_id="retryJob", responses=CONFLICT)
async def retry_job(job_id: UUID, uow: Uow, state: State, operator: Operator) -> JobOut:
    """Begin again what was given up or cancelled."""
    del operator
    row = await _get(uow.session, job_id)
    if not await repository.retry(uow.session, row.tenant_id, job_id):
        raise NothingToRetry(f"this job is {row.state}")
    await record(uow, "job.retried", "job", job_id, old_value={"state": row.state})
    return await _one_out(uow.session, state, job_id)


@router.post("/{job_id}/cancel", operation_id="cancelJob", responses=CONFLICT)
async def cancel_job(job_id: UUID, uow: Uow, operator: Operator) -> CancelledOut:
    """Have work of the installation not done, or strike out what was given up."""
    del operator
    row = await _get(uow.session, job_id)
    count = await repository.cancel(uow.session, row.tenant_id, job_id)
    if not count:
        raise NothingToCancel(f"this job is {row.state}")
    await record(uow, "job.cancelled", "job", job_id, old_value={"state": row.state})
    return CancelledOut(cancelled_count=count)


async def _get(session: Any, job_id: UUID) -> Row[Any]:
    row = await repository.get_work(session, job_id)
    if row is None:
        raise NotFound("no such job")
    return row


async def _one_out(session: Any, state: AppState, job_id: UUID) -> JobOut:
    (made,) = await _all_out(session, state, [await _get(session, job_id)])
    return made


async def _all_out(session: Any, state: AppState, rows: Sequence[Row[Any]]) -> list[JobOut]:
    named = [row.payload["instrument_id"] for row in rows if "instrument_id" in (row.payload or ())]
    symbols = await repository.symbols(session, [UUID(one) for one in named])
    running = [row.id for row in rows if row.state == "running"]
    told = await asyncio.to_thread(
        read_all_progress, state.queue, [f"work:{job_id}" for job_id in running]
    )
    progress = dict(zip(running, told, strict=True))
    return [_out(row, progress.get(row.id), symbols) for row in rows]


def _out(row: Row[Any], progress: Progress | None, symbols: Mapping[UUID, str]) -> JobOut:
    about: Mapping[str, str] | None = row.payload
    instrument_id = (about or {}).get("instrument_id")
    ended: datetime | None = row.done_at or row.cancelled_at or row.parked_at
    return JobOut(
        id=row.id,
        kind=row.topic,
        tenant_id=None if row.tenant_id == INSTALLATION else row.tenant_id,
        batch_id=row.batch_id,
        state=row.state,
        about=dict(about) if about is not None else None,
        symbol=symbols.get(UUID(instrument_id)) if instrument_id else None,
        progress=None
        if progress is None
        else JobProgressOut(done=progress.done, total=progress.total, message=progress.message),
        outcome=row.outcome,
        requested_at=row.occurred_at,
        queued_at=row.dispatched_at,
        running_since=row.running_since,
        due_at=row.due_at if row.state == "retrying" else None,
        ended_at=ended,
        queued_count=row.attempts,
        failure_count=row.failure_count,
        crash_count=row.crash_count,
        last_error=row.last_error,
        park_reason=row.park_reason,
        alerted_at=row.alerted_at,
    )
