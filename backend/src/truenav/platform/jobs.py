"""Run a use case from RQ: one job is one unit of work, and its effect happens once.

RQ calls plain functions with text. Each opens its own loop, connection and unit of work: a forked
work horse must not share its parent's connections.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from truenav.core.errors import TruenavError
from truenav.core.ids import TenantId
from truenav.platform.attempts import (
    PULSE_SECONDS,
    Attempt,
    Connection,
    Now,
    Work,
    WorkCancelled,
    attempt,
    databases_clock,
)
from truenav.platform.clock import Clock
from truenav.platform.db import as_psycopg, make_sessions
from truenav.platform.outbound import Outbound
from truenav.platform.outbox import enqueue_announced
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings
from truenav.platform.tables import INSTALLATION, JobKeyRow, OutboxRow
from truenav.platform.unit_of_work import UnitOfWork, open_unit_of_work

UseCase = Callable[[UnitOfWork], Awaitable[None]]
T = TypeVar("T")
R = TypeVar("R")
TellingUseCase = Callable[[Attempt, UnitOfWork], Awaitable[None]]


class JobsMisconfigured(TruenavError):
    """A process that runs jobs without an address they need."""

    code = "jobs_misconfigured"


@dataclass(frozen=True, slots=True)
class JobContext:
    """What jobs of this process need; set once by the worker's entry point."""

    database_url: str
    queue: JobQueue
    clock: Clock
    # of the role that writes market data; a worker that runs none of its jobs needs none
    ingest_url: str | None = None
    settings: Settings | None = None
    # what rows are told as the time: the database's own, which all machines share
    row_now: Now = databases_clock
    # fetches what people's URLs name; none where nothing may be fetched
    outbound: Outbound | None = None

    @property
    def pulse_seconds(self) -> float:
        """How often work says that it is alive: well before it would count as lost."""
        lost_after = self.settings.job_lost_after_seconds if self.settings is not None else 45
        return min(PULSE_SECONDS, lost_after / 3)


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
    """Run `use_case` as a tenant, once for the event, however often the job is delivered.

    What it raises is written down at the event, which is tried again later or parked.
    """
    run_telling_job(tenant_id, event_id, lambda _, uow: use_case(uow))


def run_telling_job(tenant_id: str, event_id: str, use_case: TellingUseCase) -> None:
    """The same for work that tells how far it is, and stops when it is cancelled."""
    work = Work(UUID(tenant_id), UUID(event_id))
    with _attempted(job_context().database_url, work) as made:
        if made is not None:
            asyncio.run(_run(work, partial(use_case, made)))


def run_fetching_job(
    tenant_id: str,
    event_id: str,
    read: Callable[[UnitOfWork], Awaitable[T]],
    fetch: Callable[[T], R],
    use_case: Callable[[R, UnitOfWork], Awaitable[None]],
) -> None:
    """The same for work that waits for others, such as a web server, before it has its effect.

    What is read is read in a transaction that ends; none is open while `fetch` waits.
    """
    work = Work(UUID(tenant_id), UUID(event_id))
    with _attempted(job_context().database_url, work) as made:
        if made is not None:
            found = fetch(asyncio.run(_look(work, read)))
            asyncio.run(_run(work, partial(use_case, found)))


def _attempted(url: str, work: Work) -> AbstractContextManager[Attempt | None]:
    """An attempt as this process makes them, by the role of an address."""
    context = job_context()
    return attempt(url, work, context.queue, context.row_now, context.pulse_seconds)


async def _look(work: Work, read: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    async with _unit_of_work(job_context(), work) as uow:
        return await read(uow)


@cache
def _engine(url: str) -> AsyncEngine:
    """One for all jobs of a process, so that a statement is compiled once; it keeps no connection.

    Connections belong to a loop, and each job has its own.
    """
    return create_async_engine(
        as_psycopg(url),
        poolclass=NullPool,
        connect_args={"prepare_threshold": None, "connect_timeout": 5},
    )


def _unit_of_work(context: JobContext, work: Work) -> AbstractAsyncContextManager[UnitOfWork]:
    sessions = make_sessions(_engine(context.database_url))
    return open_unit_of_work(sessions, TenantId(work.tenant_id))


async def _run(work: Work, use_case: UseCase) -> None:
    context = job_context()
    async with _unit_of_work(context, work) as uow:
        if await claim_event(uow, work.event_id):
            await use_case(uow)
        # last: whoever tells that this work is alive must not wait for it to end
        await mark_done(uow, work.event_id)
    await enqueue_announced(context, uow)


InstallationUseCase = Callable[[Connection, Attempt], Mapping[str, Any]]
KEY = """
INSERT INTO job_keys (tenant_id, key, outcome) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
RETURNING key
"""
IDENTIFY = "SELECT set_config('app.tenant', %s, true)"


def run_installation_job(tenant_id: str, event_id: str, use_case: InstallationUseCase) -> None:
    """Run work of the installation itself as the role that writes market data, once.

    `use_case` is given a connection whose transaction ends with the work done, or taken back. What
    it returns is kept for people to read. Before it raises it may commit what is to stay.
    """
    url = job_context().ingest_url
    if url is None:
        raise JobsMisconfigured("this job needs TRUENAV_INGEST_DATABASE_URL")
    work = Work(UUID(tenant_id), UUID(event_id))
    if work.tenant_id != INSTALLATION:
        raise JobsMisconfigured("this is work of the installation, asked for by a tenant")
    with (
        _attempted(url, work) as made,
        # nothing is asked of it where there is nothing to do
        psycopg.connect(url, prepare_threshold=None) as connection,
    ):
        if made is not None:
            connection.execute(IDENTIFY, (str(INSTALLATION),))
            finish(connection, work, use_case(connection, made))


def finish(connection: Connection, work: Work, outcome: Mapping[str, Any]) -> None:
    """Mark work of the installation done, in the transaction that does it.

    Raises:
        WorkCancelled: nobody wants it any more, or somebody else has done it.
    """
    connection.execute(IDENTIFY, (str(work.tenant_id),))
    values = (work.tenant_id, event_key(work.event_id), Jsonb(dict(outcome)))
    is_first = connection.execute(KEY, values).fetchone() is not None
    done = connection.execute(
        "UPDATE outbox SET done_at = now() WHERE tenant_id = %s AND id = %s AND done_at IS NULL"
        " AND cancelled_at IS NULL",
        (work.tenant_id, work.event_id),
    )
    if not is_first or not done.rowcount:
        raise WorkCancelled("this work was cancelled, or done by somebody else")


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
    return await uow.session.scalar(statement) is not None


async def mark_done(uow: UnitOfWork, event_id: UUID) -> None:
    """Nobody needs to look for this work any more.

    Raises:
        WorkCancelled: nobody wants it any more; what was done is to be taken back.
    """
    mine = (OutboxRow.tenant_id == uow.tenant_id) & (OutboxRow.id == event_id)
    statement = (
        update(OutboxRow)
        .where(mine, OutboxRow.done_at.is_(None), OutboxRow.cancelled_at.is_(None))
        .values(done_at=func.now())
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    if await uow.session.scalar(statement) is None:
        open_one = select(OutboxRow.id).where(mine, OutboxRow.done_at.is_(None))
        if await uow.session.scalar(open_one) is not None:
            raise WorkCancelled("this work was cancelled")
