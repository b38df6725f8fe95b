"""From stored events to queued jobs: at once after the commit, and again by the sweeper."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from redis.exceptions import RedisError
from sqlalchemy import func, select, update

from truenav.platform.live.publishing import LiveMessage, publish
from truenav.platform.queue import JobQueue, JobRequest
from truenav.platform.tables import OutboxRow
from truenav.platform.unit_of_work import UnitOfWork

log = logging.getLogger("truenav.outbox")
# Beyond so many waiting jobs nobody is put in at once: the sweeper takes tenants in turn.
CROWDED = 8
# topic, tenant, event, payload → the jobs that follow; filled in by the entry points
Subscriptions = Callable[[str, UUID, UUID, Mapping[str, Any]], Sequence[JobRequest]]


class Relay(Protocol):
    """What an edge needs to pass its events on."""

    @property
    def queue(self) -> JobQueue:
        """Where jobs go."""
        ...


_subscriptions: list[Subscriptions] = []


def subscribe(table: Subscriptions) -> None:
    """Register the one table of subscriptions; done by entry points at start."""
    _subscriptions[:] = [table]


def jobs_for(topic: str, tenant: UUID, event: UUID, payload: Mapping[str, Any]) -> list[JobRequest]:
    """The jobs that follow an event."""
    return [job for table in _subscriptions for job in table(topic, tenant, event, payload)]


ANNOUNCE = """
INSERT INTO outbox (tenant_id, id, topic, payload, batch_id)
VALUES (%(tenant_id)s, %(id)s, %(topic)s, %(payload)s, %(batch_id)s) ON CONFLICT DO NOTHING
"""


def announce(
    connection: psycopg.Connection[Any],
    tenant_id: UUID,
    event_id: UUID,
    topic: str,
    payload: Mapping[str, str],
    *,
    batch_id: UUID | None = None,
) -> None:
    """Store an event under an id made from what it is about: asking twice asks once."""
    values = {"tenant_id": tenant_id, "id": event_id, "topic": topic, "batch_id": batch_id}
    connection.execute(ANNOUNCE, {**values, "payload": Jsonb(dict(payload))})


async def given_up(
    uow: UnitOfWork, topics: Sequence[str], key: str, values: Sequence[str]
) -> set[str]:
    """About which of these a tenant's work was given up, and nobody has looked yet."""
    if not values:
        return set()
    query = select(OutboxRow.payload[key].astext).where(
        OutboxRow.tenant_id == uow.tenant_id,
        OutboxRow.topic.in_(topics),
        OutboxRow.payload[key].astext.in_(values),
        OutboxRow.done_at.is_(None),
        OutboxRow.parked_at.is_not(None),
    )
    return set(await uow.session.scalars(query))


async def cancel_open(uow: UnitOfWork, topics: Sequence[str], key: str, value: str) -> None:
    """Have a tenant's own work about one thing not done; what runs learns of it at its pulse."""
    await uow.session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.tenant_id == uow.tenant_id,
            OutboxRow.topic.in_(topics),
            OutboxRow.payload[key].astext == value,
            OutboxRow.done_at.is_(None),
            OutboxRow.cancelled_at.is_(None),
        )
        .values(cancelled_at=func.now(), parked_at=None, park_reason=None),
        execution_options={"synchronize_session": False},
    )


async def enqueue_announced(relay: Relay, uow: UnitOfWork) -> None:
    """Queue what a committed unit of work announced, and tell who listens.

    What fails to be queued is left to the sweeper.
    """
    requests = [
        job
        for row in uow.stored_events
        for job in jobs_for(row.topic, uow.tenant_id, row.id, row.payload)
    ]
    if requests:
        # redis-py blocks; a thread keeps a slow Redis from stalling other requests
        await asyncio.to_thread(enqueue_if_quiet, relay.queue, requests)
    if uow.told:
        await asyncio.to_thread(_tell, relay.queue, uow.told)


def _tell(queue: JobQueue, messages: Sequence[LiveMessage]) -> None:
    if queue.redis is None:
        return
    try:
        for message in messages:
            publish(queue.redis, message)
    except RedisError as error:
        log.info("nobody is told: %s", error)


def enqueue_if_quiet(queue: JobQueue, requests: Sequence[JobRequest]) -> int:
    """Queue jobs at once where few are waiting; how many. The sweeper brings the rest, fairly."""
    queued = 0
    room: dict[str, int] = {}
    for request in requests:
        if request.queue not in room:
            room[request.queue] = CROWDED - queue.length(request.queue)
        if room[request.queue] > 0 and queue.enqueue(request):
            room[request.queue] -= 1
            queued += 1
    return queued
