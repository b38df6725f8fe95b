"""Run a use case from RQ: one job is one unit of work, and its effect happens once.

RQ calls plain functions with text. Each opens its own loop, engine and unit of work: a forked
work horse must not share its parent's connections.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from truenav.core.ids import TenantId
from truenav.platform.clock import Clock
from truenav.platform.db import as_psycopg, make_sessions
from truenav.platform.outbound import Outbound
from truenav.platform.outbox import jobs_for
from truenav.platform.queue import JobQueue
from truenav.platform.tables import JobKeyRow, OutboxRow
from truenav.platform.unit_of_work import UnitOfWork, open_unit_of_work

UseCase = Callable[[UnitOfWork], Awaitable[None]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JobContext:
    """What jobs of this process need; set once by the worker's entry point."""

    database_url: str
    queue: JobQueue
    clock: Clock
    # of the role that writes market data; a worker that runs none of its jobs needs none
    ingest_url: str | None = None
    # fetches what people's URLs name; none where nothing may be fetched
    outbound: Outbound | None = None


_context: list[JobContext] = []


def configure_jobs(context: JobContext) -> None:
    """Tell the jobs of this process where they are."""
    _context[:] = [context]


def job_context() -> JobContext:
    """What `configure_jobs` said."""
    if not _context:
        raise RuntimeError("configure_jobs has not been called in this process")
    return _context[0]


def run_job(tenant_id: str, event_id: str, use_case: UseCase) -> None:
    """Run `use_case` as a tenant, once for the event, however often the job is delivered."""
    asyncio.run(_run(TenantId(UUID(tenant_id)), event_id, use_case))


def look(tenant_id: str, event_id: str, read: Callable[[UnitOfWork], Awaitable[T]]) -> T | None:
    """Read as a tenant before the work itself, in a transaction that ends; None when it is done.

    For jobs that wait for others, such as a provider: no transaction stays open meanwhile.
    """
    return asyncio.run(_look(TenantId(UUID(tenant_id)), UUID(event_id), read))


async def _look(
    tenant_id: TenantId, event_id: UUID, read: Callable[[UnitOfWork], Awaitable[T]]
) -> T | None:
    engine = _engine(job_context())
    try:
        async with open_unit_of_work(make_sessions(engine), tenant_id) as uow:
            done = select(JobKeyRow.key).where(
                JobKeyRow.tenant_id == tenant_id, JobKeyRow.key == event_key(event_id)
            )
            return await read(uow) if await uow.session.scalar(done) is None else None
    finally:
        await engine.dispose()


def _engine(context: JobContext) -> AsyncEngine:
    return create_async_engine(
        as_psycopg(context.database_url),
        poolclass=NullPool,
        connect_args={"prepare_threshold": None, "connect_timeout": 5},
    )


async def _run(tenant_id: TenantId, event_id: str, use_case: UseCase) -> None:
    context = job_context()
    engine = _engine(context)
    try:
        async with open_unit_of_work(make_sessions(engine), tenant_id) as uow:
            if not await claim_event(uow, UUID(event_id)):
                return
            await use_case(uow)
        for row in uow.stored_events:
            for job in jobs_for(row.topic, tenant_id, row.id, row.payload):
                context.queue.enqueue(job)
    finally:
        await engine.dispose()


def event_key(event_id: UUID) -> str:
    """The name under which the work that follows an event is known to be done."""
    return f"event:{event_id}"


async def claim_event(uow: UnitOfWork, event_id: UUID) -> bool:
    """Write the key row beside the effect; False when the work is done. A rival waits here."""
    statement = (
        insert(JobKeyRow)
        .values(tenant_id=uow.tenant_id, key=event_key(event_id))
        .on_conflict_do_nothing()
        .returning(JobKeyRow.key)
    )
    is_first = await uow.session.scalar(statement) is not None
    # marked either way: the first may have been a worker that did not know the column
    await uow.session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.tenant_id == uow.tenant_id,
            OutboxRow.id == event_id,
            OutboxRow.done_at.is_(None),
        )
        .values(done_at=func.now()),
        execution_options={"synchronize_session": False},
    )
    return is_first
