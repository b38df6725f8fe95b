"""Events: stored with the change, queued once it is committed, worked on once."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from tests.builders import (
    Member,
    a_key,
    a_purchase,
    add_instrument,
    add_member,
    create_account,
)
from tests.conftest import Connection
from tests.servers import Servers
from truenav.core.events import TransactionsPosted
from truenav.core.ids import AccountId, TenantId
from truenav.platform import migrations
from truenav.platform.clock import FakeClock
from truenav.platform.jobs import JobContext, claim_event, configure_jobs, run_job
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings
from truenav.platform.unit_of_work import Sessions, UnitOfWork, open_unit_of_work

DAY = date(2012, 3, 5)


class Broken(Exception):
    """What a test makes go wrong."""


def posted(account_id: UUID | None = None) -> TransactionsPosted:
    """An event of an account that need not be there."""
    return TransactionsPosted(account_id=AccountId(account_id or uuid4()), earliest=DAY)


def events_of(connection: Connection, tenant_id: UUID) -> list[tuple[Any, ...]]:
    """(topic, payload) of a tenant's events, in order."""
    return connection.execute(
        "SELECT topic, payload FROM outbox WHERE tenant_id = %s ORDER BY occurred_at, id",
        (tenant_id,),
    ).fetchall()


def queued(redis_url: str, name: str = "default") -> list[str]:
    """Ids of the jobs that wait in a queue."""
    with Redis.from_url(redis_url) as redis:
        return list(Queue(name, connection=redis, serializer=JSONSerializer).job_ids)


async def test_an_event_is_stored_with_its_change_or_not_at_all(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    event = posted()

    async def break_off() -> None:
        async with open_unit_of_work(sessions, member.tenant_id) as uow:
            uow.emit(posted())
            await uow.session.flush()  # it was there, inside
            raise Broken

    with pytest.raises(Broken):
        await break_off()
    assert events_of(admin_connection, member.tenant_id) == []

    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        uow.emit(event)
        # others see nothing of it before the commit
        await uow.session.flush()
        assert events_of(admin_connection, member.tenant_id) == []
    assert events_of(admin_connection, member.tenant_id) == [
        (
            "ledger.transactions_posted",
            {"account_id": str(event.account_id), "earliest": "2012-03-05"},
        )
    ]


async def test_a_request_queues_its_job_once_and_a_refused_one_queues_nothing(
    client: httpx.AsyncClient, member: Member, admin_connection: Connection, redis_url: str
) -> None:
    account_id, instrument_id = await create_account(client), add_instrument(admin_connection)
    nobodys = a_purchase(uuid4(), instrument_id)
    body, key = a_purchase(account_id, instrument_id), a_key()

    assert (
        await client.post("/api/v1/transactions", json=nobodys, headers=a_key())
    ).status_code == 404
    assert events_of(admin_connection, member.tenant_id) == []
    assert queued(redis_url) == []

    for _ in range(2):  # the second is answered from what is stored
        assert (
            await client.post("/api/v1/transactions", json=body, headers=key)
        ).status_code == 201
    (event,) = admin_connection.execute(
        "SELECT id FROM outbox WHERE tenant_id = %s", (member.tenant_id,)
    ).fetchall()
    assert queued(redis_url) == [f"event-{event[0]}"]


# --- what follows an event ------------------------------------------------------------------------


@pytest.fixture
def in_worker(settings: Settings, clock: FakeClock, redis_url: str) -> Iterator[JobQueue]:
    """This process as a worker; the queue its jobs announce to."""
    assert settings.database.worker is not None
    queue = JobQueue(redis_url)
    configure_jobs(JobContext(settings.database.worker, queue, clock, row_now=clock.now))
    yield queue
    queue.close()


@dataclass(frozen=True)
class Work:
    """What follows one stored event, as a job would be told."""

    tenant_id: UUID
    event_id: UUID

    async def deliver(self, act: Callable[[UnitOfWork], Any]) -> None:
        """Run the job in a thread that has no loop yet, as RQ does."""

        async def use_case(uow: UnitOfWork) -> None:
            await act(uow)

        await asyncio.to_thread(run_job, str(self.tenant_id), str(self.event_id), use_case)


@pytest.fixture
async def stored_event(sessions: Sessions, member: Member, in_worker: JobQueue) -> Work:
    """An event that is committed and waits."""
    del in_worker
    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        uow.emit(posted())
    return Work(member.tenant_id, uow.stored_events[0].id)


async def effect(uow: UnitOfWork) -> None:
    """Work that shows how often it was done: each time it announces something more."""
    uow.emit(posted())


def effects(connection: Connection, work: Work) -> int:
    """How often `effect` was done and stayed."""
    return len(events_of(connection, work.tenant_id)) - 1


def is_done(connection: Connection, work: Work) -> tuple[bool, bool]:
    """Whether the event's key row stands, and whether the event is marked."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM job_keys WHERE tenant_id = o.tenant_id"
        "   AND key = 'event:' || o.id), done_at IS NOT NULL FROM outbox o WHERE id = %s",
        (work.event_id,),
    ).fetchone()
    assert row is not None
    return bool(row[0]), bool(row[1])


async def test_what_is_delivered_again_is_done_once(
    stored_event: Work, admin_connection: Connection
) -> None:
    assert is_done(admin_connection, stored_event) == (False, False)
    for _ in range(3):
        await stored_event.deliver(effect)

    assert effects(admin_connection, stored_event) == 1
    assert is_done(admin_connection, stored_event) == (True, True)


async def test_of_rivals_that_are_delivered_the_same_event_one_does_it_and_the_others_leave(
    stored_event: Work, admin_connection: Connection
) -> None:
    entered: list[UUID] = []
    is_at_work, rivals_are_gone = threading.Event(), threading.Event()

    async def slow(uow: UnitOfWork) -> None:
        entered.append(uow.tenant_id)
        await effect(uow)
        is_at_work.set()
        assert await asyncio.to_thread(rivals_are_gone.wait, 20)

    first = asyncio.create_task(stored_event.deliver(slow))
    assert await asyncio.to_thread(is_at_work.wait, 20)
    await asyncio.gather(*(stored_event.deliver(slow) for _ in range(3)))
    rivals_are_gone.set()
    await first

    assert len(entered) == 1
    assert effects(admin_connection, stored_event) == 1


async def test_rivals_nobody_keeps_apart_wait_at_the_key_and_find_the_work_done(
    stored_event: Work, worker_sessions: Sessions
) -> None:
    tenant_id, claimed = TenantId(stored_event.tenant_id), []

    async def rival() -> None:
        async with open_unit_of_work(worker_sessions, tenant_id) as uow:
            claimed.append(await claim_event(uow, stored_event.event_id))
            await asyncio.sleep(0.05)

    await asyncio.gather(*(rival() for _ in range(4)))

    assert sorted(claimed) == [False, False, False, True]


async def test_work_that_fails_leaves_nothing_and_can_be_done_later(
    stored_event: Work,
    admin_connection: Connection,
    redis_url: str,
    client: httpx.AsyncClient,
    clock: FakeClock,
) -> None:
    del client  # the application knows which jobs follow

    async def fail(uow: UnitOfWork) -> None:
        await effect(uow)
        await uow.session.flush()
        raise Broken

    await stored_event.deliver(fail)
    assert effects(admin_connection, stored_event) == 0
    assert is_done(admin_connection, stored_event) == (False, False)
    assert queued(redis_url) == []

    await stored_event.deliver(effect)  # not due yet
    assert effects(admin_connection, stored_event) == 0

    clock.advance(timedelta(seconds=8))
    await stored_event.deliver(effect)
    assert effects(admin_connection, stored_event) == 1
    assert len(queued(redis_url)) == 1  # what the work announced


async def test_an_event_whose_key_an_older_worker_wrote_is_marked_and_not_done_again(
    stored_event: Work, admin_connection: Connection
) -> None:
    admin_connection.execute(
        "INSERT INTO job_keys (tenant_id, key) VALUES (%s, %s)",
        (stored_event.tenant_id, f"event:{stored_event.event_id}"),
    )
    await stored_event.deliver(effect)

    assert effects(admin_connection, stored_event) == 0
    assert is_done(admin_connection, stored_event) == (True, True)


def test_events_of_before_are_marked_when_the_schema_learns_to(
    servers: Servers, fresh_database: Callable[[], str]
) -> None:
    name = fresh_database()
    migrator = servers.dsn(name, "truenav_migrator")
    migrations.downgrade(migrator, "20261124_0200")
    done, waiting = uuid4(), uuid4()
    with psycopg.connect(servers.dsn(name), autocommit=True) as admin:
        tenant_id = add_member(admin).tenant_id
        for event_id in (done, waiting):
            admin.execute(
                "INSERT INTO outbox (tenant_id, id, topic, payload) VALUES (%s, %s, 't', '{}')",
                (tenant_id, event_id),
            )
        admin.execute(
            "INSERT INTO job_keys (tenant_id, key) VALUES (%s, %s)", (tenant_id, f"event:{done}")
        )

        migrations.upgrade(migrator)

        marked = admin.execute("SELECT id FROM outbox WHERE done_at IS NOT NULL").fetchall()
    assert marked == [(done,)]
