"""One attempt at a piece of work: who is at it, that it is alive, and how it ended.

The row of the work in `outbox` is the truth. An attempt takes a lock that dies with its
connection, so what finds the row marked as running, and the lock free, knows that the attempt
before it died.
"""

import logging
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import psycopg

from truenav.core.errors import ErrorKind, TruenavError
from truenav.platform.clock import Clock
from truenav.platform.progress import Progress, tell_progress
from truenav.platform.queue import JobQueue

log = logging.getLogger("truenav.attempts")
Connection = psycopg.Connection[Any]
# after the first failure, the second and the third; then it is given up
RETRY_SECONDS = (5.0, 15.0, 45.0)
MOST_CRASHES = 3
PULSE_SECONDS = 5.0
# how long to wait for a server that went away, each time
RECONNECT_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
ERROR_LENGTH = 500
BEGIN = """
UPDATE outbox SET
  crash_count = crash_count + (running_since IS NOT NULL)::int,
  running_since = CASE WHEN crash_count + (running_since IS NOT NULL)::int < %(most)s
                       THEN %(now)s::timestamptz END,
  pulse_at = %(now)s,
  parked_at = CASE WHEN crash_count + (running_since IS NOT NULL)::int >= %(most)s
                   THEN %(now)s::timestamptz END,
  park_reason = CASE WHEN crash_count + (running_since IS NOT NULL)::int >= %(most)s
                     THEN 'crashed' END
WHERE tenant_id = %(tenant)s AND id = %(id)s AND done_at IS NULL AND cancelled_at IS NULL
  AND parked_at IS NULL AND (due_at IS NULL OR due_at <= %(now)s)
RETURNING parked_at IS NULL, failure_count
"""
FAIL = """
UPDATE outbox SET running_since = NULL, failure_count = failure_count + 1, last_error = %(error)s,
  due_at = %(due)s,
  parked_at = CASE WHEN %(due)s::timestamptz IS NULL THEN %(now)s::timestamptz END,
  park_reason = CASE WHEN %(due)s::timestamptz IS NULL THEN 'failed' END
WHERE tenant_id = %(tenant)s AND id = %(id)s AND done_at IS NULL
"""
POSTPONE = """
UPDATE outbox SET running_since = NULL, due_at = %(due)s, last_error = %(error)s
WHERE tenant_id = %(tenant)s AND id = %(id)s AND done_at IS NULL
"""
MINE = "WHERE tenant_id = %(tenant)s AND id = %(id)s"


class WorkCancelled(TruenavError):
    """Somebody asked for this work to stop; what it did so far is taken back."""

    kind = ErrorKind.CONFLICT
    code = "work_cancelled"


class Postponed(TruenavError):
    """What this needs cannot be had before `until` (seconds since the epoch): no failure."""

    kind = ErrorKind.UNAVAILABLE
    code = "work_postponed"

    def __init__(self, message: str, until: float) -> None:
        super().__init__(message)
        self.until = until


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work: a stored event of a tenant, or of the installation."""

    tenant_id: UUID
    event_id: UUID


class Attempt:
    """What a job holds while it works: it can tell how far it is, and learn that it is to stop."""

    def __init__(self, work: Work, queue: JobQueue, failure_count: int) -> None:
        self.work = work
        self.failure_count = failure_count
        self._queue = queue
        self._stop = threading.Event()

    @property
    def stop(self) -> threading.Event:
        """Set once the work is cancelled."""
        return self._stop

    def tell(self, done: int, total: int | None, message: str | None = None) -> None:
        """Say how far the work is.

        Raises:
            WorkCancelled: nobody wants it any more.
        """
        if self._stop.is_set():
            raise WorkCancelled("this work was cancelled")
        tell_progress(self._queue, f"work:{self.work.event_id}", Progress(done, total, message))


class _Pulse:
    """Tells every few seconds that the work goes on, and asks whether it should."""

    def __init__(self, url: str, attempt: Attempt, clock: Clock, seconds: float) -> None:
        self._url, self._attempt, self._clock = url, attempt, clock
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(timeout=10)

    def _beat(self) -> None:
        work = self._attempt.work
        while not self._over.wait(self._seconds):
            try:
                with connected(self._url, work.tenant_id) as connection:
                    row = connection.execute(
                        f"UPDATE outbox SET pulse_at = %(now)s {MINE}"  # noqa: S608  # our text
                        " RETURNING cancelled_at IS NOT NULL",
                        {**_named(work), "now": self._clock.now()},
                    ).fetchone()
            except psycopg.Error as error:
                log.info("no pulse of %s: %s", work.event_id, error)
                continue
            if row is not None and row[0]:
                self._attempt.stop.set()


@contextmanager
def attempt(
    url: str, work: Work, queue: JobQueue, clock: Clock, pulse_seconds: float = PULSE_SECONDS
) -> Iterator[Attempt | None]:
    """Begin an attempt; None where there is nothing to do.

    That is when the work is done, parked, cancelled, not due yet, or somebody else is at it.
    What the block raises is written down with when to try again, and goes no further: the third
    retry that fails parks the work. Work that died three times is parked before it dies again.
    """
    with connected(url, work.tenant_id) as connection:
        if not _is_alone(connection, work):
            yield None
            return
        begun = connection.execute(
            BEGIN, {**_named(work), "now": clock.now(), "most": MOST_CRASHES}
        ).fetchone()
        if begun is None or not begun[0]:
            if begun is not None:
                log.error("work %s died %d times and is parked", work.event_id, MOST_CRASHES)
            yield None
            return
        made = Attempt(work, queue, begun[1])
        try:
            with _Pulse(url, made, clock, pulse_seconds):
                yield made
        except WorkCancelled:
            log.info("work %s was cancelled", work.event_id)
            _end(connection, work)
        except Postponed as error:
            log.info("work %s waits: %s", work.event_id, error)
            _postpone(connection, work, error)
        except Exception as error:  # the edge: written down, and shown to who operates this
            log.exception("work %s failed", work.event_id)
            try:
                _fail(connection, made, error, clock.now())
            except psycopg.OperationalError:
                _let_go(url, work)  # the server went away under it: nobody's failure
        else:
            _end(connection, work)


def retry_at(failure_count: int, now: datetime, jitter: float) -> datetime | None:
    """When to try again after so many failures; None when it is not to be.

    `jitter` is between 0 and 1: it stretches the wait by 0.5 to 1.5, so that crowds disperse.
    """
    if failure_count > len(RETRY_SECONDS):
        return None
    return now + timedelta(seconds=RETRY_SECONDS[failure_count - 1] * (0.5 + jitter))


def described(error: BaseException) -> str:
    """An error in one line: its kind, a colon, and what it says; secrets are not expected in it."""
    kind = error.code if isinstance(error, TruenavError) else type(error).__name__
    text = " ".join(str(error).split())
    return f"{kind}: {text}"[:ERROR_LENGTH]


@contextmanager
def connected(url: str, tenant_id: UUID) -> Iterator[Connection]:
    """A connection whose every statement stands by itself, as a tenant."""
    with psycopg.connect(
        url, autocommit=True, prepare_threshold=None, connect_timeout=5
    ) as connection:
        connection.execute("SELECT set_config('app.tenant', %s, false)", (str(tenant_id),))
        yield connection


def _named(work: Work) -> dict[str, Any]:
    return {"tenant": work.tenant_id, "id": work.event_id}


def _is_alone(connection: Connection, work: Work) -> bool:
    # of the session: it must outlive single statements, and end with whoever holds it
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtextextended('work:' || %s, 0))", (str(work.event_id),)
    ).fetchone()
    return row is not None and bool(row[0])


def _end(connection: Connection, work: Work) -> None:
    connection.execute(
        f"UPDATE outbox SET running_since = NULL {MINE}",  # noqa: S608  # our text
        _named(work),
    )


def _postpone(connection: Connection, work: Work, error: Postponed) -> None:
    # spread over some seconds: who waits for the same instant must not come in one crowd
    due = datetime.fromtimestamp(error.until + random.uniform(0, 5), UTC)  # noqa: S311  # no secret
    connection.execute(POSTPONE, {**_named(work), "due": due, "error": described(error)})


def _let_go(url: str, work: Work) -> None:
    for seconds in RECONNECT_SECONDS:
        time.sleep(seconds)
        try:
            with connected(url, work.tenant_id) as connection:
                _end(connection, work)
        except psycopg.OperationalError as error:
            log.warning("database unavailable: %s", str(error).splitlines()[0])
        else:
            return


def _fail(connection: Connection, made: Attempt, error: Exception, now: datetime) -> None:
    due = retry_at(made.failure_count + 1, now, random.random())  # noqa: S311  # no secret
    connection.execute(
        FAIL, {**_named(made.work), "error": described(error), "due": due, "now": now}
    )
