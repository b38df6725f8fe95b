"""What is swept, again and again, until it is done or given up; tenants in turn.

The sweeper looks across tenants, so each test has a database of its own.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from tests.builders import add_member
from tests.conftest import NOON, Connection
from tests.servers import Servers
from truenav.entrypoints.worker.sweeping import MAX_LOSSES, MOST_OUT, sweep
from truenav.platform.clock import FakeClock, new_id
from truenav.platform.queue import JobQueue

NOWHERE = "redis://127.0.0.1:1/0"
LOST_AFTER = 60


def queued(redis_url: str, name: str = "default") -> list[str]:
    """Ids of the jobs that wait in a queue."""
    with Redis.from_url(redis_url) as redis:
        return list(Queue(name, connection=redis, serializer=JSONSerializer).job_ids)


@dataclass(frozen=True)
class Place:
    """A database with one tenant, the sweeper's connection, its clock, and a queue."""

    admin: Connection
    worker: Connection
    queue: JobQueue
    redis_url: str
    tenant_id: UUID
    clock: FakeClock

    def announce(
        self,
        *,
        ago: int = 0,
        topic: str = "ledger.transactions_posted",
        tenant_id: UUID | None = None,
    ) -> UUID:
        """An event nobody queued, committed so many seconds ago."""
        event_id, payload = new_id(), '{"account_id": "a", "earliest": "2012-03-05"}'
        self.admin.execute(
            "INSERT INTO outbox (tenant_id, id, topic, payload, occurred_at)"
            " VALUES (%s, %s, %s, %s, now() - make_interval(secs => %s))",
            (tenant_id or self.tenant_id, event_id, topic, payload, ago),
        )
        return event_id

    def sweep(self) -> int:
        """One round."""
        return sweep(self.worker, self.queue, self.clock.now(), LOST_AFTER)

    def look(self, event_id: UUID, *names: str) -> tuple[Any, ...]:
        """Columns of an event."""
        row = self.admin.execute(
            f"SELECT {', '.join(names)} FROM outbox WHERE id = %s",
            (event_id,),
        ).fetchone()
        assert row is not None
        return row

    def set(self, event_id: UUID, **values: object) -> None:
        """As if an attempt had left these."""
        for name, value in values.items():
            self.admin.execute(
                f"UPDATE outbox SET {name} = %s WHERE id = %s",
                (value, event_id),
            )

    def forget_jobs(self) -> None:
        """As if Redis had lost everything."""
        with Redis.from_url(self.redis_url) as redis:
            redis.flushdb()


@pytest.fixture
def place(servers: Servers, fresh_database: Callable[[], str], redis_url: str) -> Iterator[Place]:
    """An empty database with one tenant."""
    name, queue = fresh_database(), JobQueue(redis_url)
    with (
        psycopg.connect(servers.dsn(name), autocommit=True) as admin,
        psycopg.connect(servers.dsn(name, "truenav_worker"), autocommit=True) as worker,
    ):
        tenant_id = add_member(admin).tenant_id
        yield Place(admin, worker, queue, redis_url, tenant_id, FakeClock(NOON))
    queue.close()


def test_what_a_crash_left_is_queued_oldest_first_and_once(place: Place) -> None:
    second, first = place.announce(ago=10), place.announce(ago=20)

    assert [place.sweep(), place.sweep()] == [2, 0]

    assert queued(place.redis_url) == [f"event-{first}", f"event-{second}"]
    assert place.look(first, "attempts", "dispatched_at") == (1, NOON)


def test_a_crash_between_queueing_and_noting_it_queues_one_job(place: Place) -> None:
    event_id = place.announce()
    place.sweep()
    # the job is in the queue, and nobody remembers having put it there
    place.set(event_id, dispatched_at=None, attempts=0)

    assert place.sweep() == 1

    assert queued(place.redis_url) == [f"event-{event_id}"]


@pytest.mark.parametrize("mark", ["done_at", "cancelled_at"])
def test_what_is_done_or_no_longer_wanted_is_never_queued(place: Place, mark: str) -> None:
    event_id = place.announce()
    place.set(event_id, **{mark: NOON})

    assert place.sweep() == 0
    assert queued(place.redis_url) == []
    assert place.look(event_id, "attempts") == (0,)


def test_a_job_that_was_lost_is_queued_under_another_name(place: Place) -> None:
    event_id = place.announce()
    place.sweep()
    place.forget_jobs()

    place.clock.advance(timedelta(seconds=LOST_AFTER))
    assert place.sweep() == 0  # it may still be at work
    place.clock.advance(timedelta(seconds=1))
    assert place.sweep() == 1

    assert queued(place.redis_url) == [f"event-{event_id}-1"]
    assert place.look(event_id, "attempts") == (2,)


def test_work_that_says_it_is_alive_is_not_lost_however_long_it_takes(place: Place) -> None:
    event_id = place.announce()
    place.sweep()
    for _ in range(10):
        place.clock.advance(timedelta(seconds=LOST_AFTER - 1))
        place.set(event_id, pulse_at=place.clock.now())
        assert place.sweep() == 0
    place.forget_jobs()
    place.clock.advance(timedelta(seconds=LOST_AFTER + 1))
    assert place.sweep() == 1


def test_a_job_that_waits_in_its_queue_is_late_and_not_lost(place: Place) -> None:
    """The workers are away for half a day, or somebody's work goes on and on."""
    event_id = place.announce()
    place.sweep()
    for _ in range(5 * MAX_LOSSES):
        place.clock.advance(timedelta(minutes=7))
        assert place.sweep() == 0

    names = ("attempts", "lost_count", "parked_at")
    assert place.look(event_id, *names) == (1, 0, None)
    assert queued(place.redis_url) == [f"event-{event_id}"]


def test_an_event_nobody_can_read_is_put_aside_and_stops_no_other(place: Place) -> None:
    unreadable = place.announce(ago=10)
    place.set(unreadable, payload="{}")
    event_id = place.announce()

    assert place.sweep() == 1
    assert queued(place.redis_url) == [f"event-{event_id}"]
    assert place.look(unreadable, "park_reason") == ("unknown",)


def test_what_failed_waits_until_it_is_due_and_no_longer(place: Place) -> None:
    event_id = place.announce()
    place.sweep()
    due = NOON + timedelta(seconds=5)
    place.set(event_id, failure_count=1, due_at=due, pulse_at=NOON + timedelta(seconds=1))

    place.clock.instant = due - timedelta(seconds=1)
    assert place.sweep() == 0
    place.clock.instant = due
    assert [place.sweep(), place.sweep()] == [1, 0]

    assert queued(place.redis_url) == [f"event-{event_id}", f"event-{event_id}-1"]


@pytest.mark.parametrize(
    ("topic", "reason"), [("ledger.transactions_posted", "lost"), ("nobody.listens", "unknown")]
)
def test_an_event_that_never_ends_is_given_up_and_said_so(
    place: Place,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    topic: str,
    reason: str,
) -> None:
    # a library under test may have configured logging, which silences loggers that exist
    monkeypatch.setattr(logging.getLogger("truenav.scheduler"), "disabled", False)
    event_id = place.announce(topic=topic)
    queued_count = 0
    for _ in range(MAX_LOSSES + 2):
        queued_count += place.sweep()
        place.forget_jobs()
        place.clock.advance(timedelta(seconds=LOST_AFTER + 1))

    assert queued_count == MAX_LOSSES
    assert place.look(event_id, "attempts", "park_reason") == (MAX_LOSSES, reason)
    assert f"giving up on event {event_id}" in caplog.text


def test_what_waits_for_its_time_again_and_again_is_not_lost(place: Place) -> None:
    event_id = place.announce()
    for _ in range(2 * MAX_LOSSES):
        assert place.sweep() == 1
        place.clock.advance(timedelta(seconds=30))
        place.set(event_id, due_at=place.clock.now() + timedelta(seconds=30))
        place.clock.advance(timedelta(seconds=30))
    assert place.look(event_id, "lost_count", "parked_at") == (0, None)


@pytest.mark.parametrize("url", [None, NOWHERE])
def test_while_the_queue_is_away_events_wait_untouched(place: Place, url: str | None) -> None:
    event_id, away = place.announce(), JobQueue(url)

    assert sweep(place.worker, away, place.clock.now(), LOST_AFTER) == 0
    assert place.look(event_id, "attempts", "dispatched_at") == (0, None)
    assert place.sweep() == 1
    away.close()


def test_an_event_nothing_follows_stops_no_other(place: Place) -> None:
    place.announce(ago=10, topic="nobody.listens")
    event_id = place.announce()

    place.sweep()

    assert queued(place.redis_url) == [f"event-{event_id}"]


def test_who_asks_for_much_waits_for_its_own_and_others_do_not(place: Place) -> None:
    """A thousand jobs of one tenant are first in line; a second tenant has three."""
    large = [place.announce(ago=1000 - n) for n in range(1000)]
    other = add_member(place.admin).tenant_id
    small = [place.announce(ago=3 - n, tenant_id=other) for n in range(3)]

    assert place.sweep() == MOST_OUT + 3

    turns = [f"event-{one}" for pair in zip(large, small, strict=False) for one in pair]
    assert queued(place.redis_url)[:6] == turns
    assert set(queued(place.redis_url)[6:]) == {f"event-{one}" for one in large[3:MOST_OUT]}
    assert place.sweep() == 0
    # one of them ends: there is room for one more of the same tenant
    place.set(large[0], done_at=NOON)
    assert place.sweep() == 1
    assert queued(place.redis_url)[-1] == f"event-{large[MOST_OUT]}"


def test_a_tenant_fills_one_queue_and_still_has_the_others(place: Place) -> None:
    for n in range(20):
        place.announce(ago=100 - n)
    urgent = place.announce(topic="imports.commit_requested")
    place.set(urgent, payload='{"batch_id": "b"}')

    assert place.sweep() == MOST_OUT + 1
    assert queued(place.redis_url, "high") == [f"event-{urgent}"]
