"""From stored events to queued jobs: at once after the commit, and again by the sweeper."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from truenav.platform.queue import JobQueue, JobRequest
from truenav.platform.unit_of_work import UnitOfWork

log = logging.getLogger("truenav.outbox")
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


async def enqueue_announced(relay: Relay, uow: UnitOfWork) -> None:
    """Queue what a committed unit of work announced; what fails here is left to the sweeper."""
    requests = [
        job
        for row in uow.stored_events
        for job in jobs_for(row.topic, uow.tenant_id, row.id, row.payload)
    ]
    if requests:
        # redis-py blocks; a thread keeps a slow Redis from stalling other requests
        await asyncio.to_thread(lambda: [relay.queue.enqueue(job) for job in requests])
