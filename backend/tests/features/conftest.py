"""The worker's part of a journey, done in this process: what events ask for, through real jobs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from rq.utils import import_attribute

from tests.builders import Member, add_instrument
from tests.conftest import ClientMaker, Connection
from tests.features.living import Tell, served, teller
from truenav.entrypoints.worker.subscriptions import jobs_for_event
from truenav.platform.clock import FakeClock, new_id
from truenav.platform.jobs import JobContext, configure_jobs
from truenav.platform.queue import JobQueue, JobRequest, connect
from truenav.platform.settings import ProviderSettings, Settings
from truenav.platform.tables import INSTALLATION

Work = Callable[[Member | None], Awaitable[list[str]]]
WAITING = """
SELECT o.id, o.topic, o.payload FROM outbox o
LEFT JOIN job_keys k ON k.tenant_id = o.tenant_id AND k.key = 'event:' || o.id
WHERE o.tenant_id = %s AND k.key IS NULL AND o.cancelled_at IS NULL ORDER BY o.occurred_at, o.id
"""


@pytest.fixture
def job_queue(redis_url: str) -> Iterator[JobQueue]:
    """Where jobs tell their progress; nobody takes jobs from it."""
    queue = JobQueue(redis_url)
    yield queue
    queue.close()


@pytest.fixture
def operator(
    admin_connection: Connection, member: Member, make_client: ClientMaker
) -> httpx.AsyncClient:
    """The client of somebody who operates the installation."""
    admin_connection.execute("UPDATE users SET is_operator = true WHERE id = %s", (member.user_id,))
    return make_client(member)


@pytest.fixture
def jobs(settings: Settings, clock: FakeClock, job_queue: JobQueue) -> None:
    """Jobs of this process know where they are, as in a worker."""
    database = settings.database
    assert database.worker is not None
    configure_jobs(JobContext(database.worker, job_queue, clock, database.ingest, settings))


@pytest.fixture
def asking_jobs(
    settings: Settings, clock: FakeClock, job_queue: JobQueue
) -> Callable[[ProviderSettings], None]:
    """Jobs of this process ask the providers these settings name."""

    def configure(providers: ProviderSettings) -> None:
        database = settings.database
        assert database.worker is not None
        chosen = replace(settings, providers=providers)
        configure_jobs(JobContext(database.worker, job_queue, clock, database.ingest, chosen))

    return configure


def requested(connection: Connection, member: Member) -> list[JobRequest]:
    """The jobs a tenant's events ask for and nobody has done yet, oldest first."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(WAITING, (member.tenant_id,)).fetchall()
    return [
        job
        for row in rows
        for job in jobs_for_event(row["topic"], member.tenant_id, row["id"], row["payload"])
    ]


def announced(
    connection: Connection, topic: str, *, tenant_id: UUID = INSTALLATION, **payload: str
) -> list[JobRequest]:
    """The jobs of a new event, of the installation itself unless a tenant is named."""
    event_id = new_id()
    connection.execute(
        "INSERT INTO outbox (tenant_id, id, topic, payload) VALUES (%s, %s, %s, %s)",
        (tenant_id, event_id, topic, Jsonb(payload)),
    )
    return list(jobs_for_event(topic, tenant_id, event_id, payload))


def run_now(request: JobRequest) -> None:
    """Run one job as RQ would, where no loop runs."""
    import_attribute(request.function)(**request.arguments)


def failures(connection: Connection, member: Member) -> list[tuple[object, ...]]:
    """(topic, error) of a tenant's work that failed: in a test, none should."""
    return connection.execute(
        "SELECT topic, last_error FROM outbox WHERE tenant_id = %s AND failure_count > 0",
        (member.tenant_id,),
    ).fetchall()


async def run_request(request: JobRequest) -> None:
    """Run one job as RQ would: by its name, with text, in a thread that has no loop yet."""
    await asyncio.to_thread(run_now, request)


@pytest.fixture
def work(jobs: None, admin_connection: Connection, member: Member) -> Work:
    """Do all that the events of a tenant ask for, the test's own by default; says which jobs."""
    del jobs

    async def act(who: Member | None = None) -> list[str]:
        done = []
        while waiting := requested(admin_connection, who or member):
            for request in waiting:
                await run_request(request)
                assert failures(admin_connection, who or member) == []
                done.append(request.function.rpartition(".")[2])
        return done

    return act


@pytest.fixture
async def live_place(app: FastAPI) -> AsyncIterator[str]:
    """Where the application answers, behind a real server."""
    async with served(app) as found:
        yield found


@pytest.fixture
def tell(redis_url: str) -> Tell:
    """Tells a topic something, as the process that asks the providers does."""
    return teller(connect(redis_url))


@pytest.fixture
def instrument(admin_connection: Connection) -> UUID:
    """One that everybody may know of."""
    return add_instrument(admin_connection)
