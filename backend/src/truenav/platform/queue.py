"""Jobs in RQ: JSON text in, deterministic ids, always with retries."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry as ConnectionRetry
from rq import Queue, Worker
from rq.exceptions import DuplicateJobError
from rq.job import Retry
from rq.serializers import JSONSerializer

log = logging.getLogger("truenav.queue")
QUEUES = ("high", "default", "low")
# Kept short: the effect's key row in PostgreSQL is the truth, not what Redis remembers.
RESULT_SECONDS = 60
TIMEOUT_SECONDS = 1800
FAILURE_SECONDS = 7 * 86400


def connect(url: str, *, timeout: float | None = 2.0) -> Redis:
    """A connection that gives up quickly instead of hanging on a dead server."""
    return Redis.from_url(
        url,
        socket_connect_timeout=2.0,
        socket_timeout=timeout,
        retry=ConnectionRetry(NoBackoff(), 1),
        health_check_interval=30,
    )


@dataclass(frozen=True, slots=True)
class JobRequest:
    """One function to run, by dotted name, with text arguments, in one queue."""

    queue: str
    function: str
    arguments: Mapping[str, str]
    job_id: str


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many jobs wait in a queue, and what each of its workers does."""

    name: str
    waiting_count: int | None
    workers: list[str] | None


class JobQueue:
    """Enqueues; says False instead of failing when Redis is away (the sweeper comes later)."""

    def __init__(self, url: str | None) -> None:
        self._redis = connect(url) if url is not None else None

    @property
    def redis(self) -> Redis | None:
        """The connection, for what rides beside the jobs; None without a Redis."""
        return self._redis

    def enqueue(self, request: JobRequest) -> bool:
        """Queue one job; a job of the same id that is still known counts as queued."""
        if self._redis is None:
            return False
        queue = Queue(request.queue, connection=self._redis, serializer=JSONSerializer)
        try:
            queue.enqueue_call(
                request.function,
                kwargs=dict(request.arguments),
                job_id=request.job_id,
                unique=True,
                # of a worker that died; what fails is tried again by its row, when that is due
                retry=Retry(max=3),
                timeout=TIMEOUT_SECONDS,
                result_ttl=RESULT_SECONDS,
                failure_ttl=FAILURE_SECONDS,
            )
        except DuplicateJobError:
            return True
        except RedisError as error:
            log.warning("queue unavailable: %s", error)
            return False
        return True

    def is_waiting(self, request: JobRequest) -> bool:
        """Whether a job still stands in its queue: then it is late, not lost."""
        if self._redis is None:
            return False
        queue = Queue(request.queue, connection=self._redis, serializer=JSONSerializer)
        try:
            return queue.get_job_position(request.job_id) is not None
        except RedisError as error:
            log.warning("queue unavailable: %s", error)
            return False

    def length(self, name: str) -> int:
        """How many jobs wait in a queue; none when Redis is away."""
        if self._redis is None:
            return 0
        try:
            return Queue(name, connection=self._redis, serializer=JSONSerializer).count
        except RedisError as error:
            log.warning("queue unavailable: %s", error)
            return 0

    def states(self) -> list[QueueState]:
        """Every queue, and the workers on it; nothing known of them when Redis is away."""
        redis = self._redis
        if redis is None:
            return [QueueState(name, None, None) for name in QUEUES]
        try:
            workers = Worker.all(connection=redis, serializer=JSONSerializer)
            return [
                QueueState(
                    name,
                    Queue(name, connection=redis, serializer=JSONSerializer).count,
                    sorted(w.get_state() for w in workers if name in w.queue_names()),
                )
                for name in QUEUES
            ]
        except RedisError as error:
            log.warning("queue unavailable: %s", error)
            return [QueueState(name, None, None) for name in QUEUES]

    def ping(self) -> bool:
        """Whether Redis answers."""
        if self._redis is None:
            return False
        try:
            return bool(self._redis.ping())
        except RedisError:
            return False

    def close(self) -> None:
        """Let go of the connections."""
        if self._redis is not None:
            self._redis.close()
