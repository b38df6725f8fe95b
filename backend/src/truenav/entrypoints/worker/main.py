"""One worker process for one queue: several queues in one worker lose jobs when it is killed."""

import logging

from rq import Queue, Worker
from rq.serializers import JSONSerializer

import truenav.features.alerts.jobs
import truenav.features.imports.jobs
import truenav.features.ledger.jobs
import truenav.features.marketdata.jobs
import truenav.features.operations.jobs
import truenav.features.reports.jobs  # noqa: F401  # imported before the fork, not in each child
from truenav.core.errors import TruenavError
from truenav.entrypoints.worker.subscriptions import jobs_for_event
from truenav.platform.clock import SystemClock
from truenav.platform.jobs import JobContext, configure_jobs
from truenav.platform.outbound import outbound_for
from truenav.platform.outbox import subscribe
from truenav.platform.queue import QUEUES, JobQueue, connect
from truenav.platform.settings import Settings

MAINTENANCE_SECONDS = 30
log = logging.getLogger("truenav.worker")


class WorkerMisconfigured(TruenavError):
    """A worker that has no queue, no Redis or no database."""

    code = "worker_misconfigured"


def run(settings: Settings, queue_name: str) -> None:
    """Work until told to stop (TERM finishes the job at hand)."""
    if queue_name not in QUEUES:
        raise WorkerMisconfigured(f"no queue {queue_name!r}; there are {', '.join(QUEUES)}")
    if settings.redis_url is None or settings.database.worker is None:
        raise WorkerMisconfigured("a worker needs REDIS_URL and TRUENAV_WORKER_DATABASE_URL")
    subscribe(jobs_for_event)
    configure_jobs(
        JobContext(
            settings.database.worker,
            JobQueue(settings.redis_url),
            SystemClock(),
            settings.database.ingest,
            settings,
            outbound=outbound_for(settings.providers),
        )
    )
    # blocking reads wait longer than an ordinary call may; RQ sets its own heartbeat around them
    connection = connect(settings.redis_url, timeout=None)
    worker = Worker(
        [Queue(queue_name, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        serializer=JSONSerializer,
        maintenance_interval=MAINTENANCE_SECONDS,
        worker_ttl=60,
    )
    log.info("working on queue %s", queue_name)
    worker.work(logging_level="WARNING")
