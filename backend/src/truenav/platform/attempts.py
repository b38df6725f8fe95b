"""One attempt at a piece of work: who is at it, that it is alive, and how it ended.

The row of the work in `outbox` is the truth. An attempt takes a lock that dies with its
connection, so what finds the row marked as running, and the lock free, knows that the attempt
before it died.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import psycopg

from truenav.core.errors import ErrorKind, TruenavError, printable
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
UPDATE outbox o SET
  crash_count = died.count,
  running_since = CASE WHEN died.count < %(most)s THEN told.now END,
  pulse_at = told.now,
  parked_at = CASE WHEN died.count >= %(most)s THEN told.now END,
  park_reason = CASE WHEN died.count >= %(most)s THEN 'crashed' END
FROM (SELECT coalesce(%(now)s::timestamptz, clock_timestamp()) AS now) told
CROSS JOIN LATERAL (
  -- whoever ran when the server went down did not die of its work
  SELECT crash_count + (running_since > pg_postmaster_start_time())::int AS count
  FROM (SELECT w.crash_count, coalesce(w.running_since, '-infinity') AS running_since
        FROM outbox w WHERE w.tenant_id = %(tenant)s AND w.id = %(id)s) before
) died
WHERE o.tenant_id = %(tenant)s AND o.id = %(id)s AND o.done_at IS NULL
  AND o.cancelled_at IS NULL AND o.parked_at IS NULL
  AND (o.due_at IS NULL OR o.due_at <= told.now)
RETURNING o.parked_at IS NULL, o.failure_count
"""
FAIL = """
UPDATE outbox SET running_since = NULL, failure_count = failure_count + 1, last_error = %(error)s,
  due_at = coalesce(%(now)s::timestamptz, clock_timestamp()) + make_interval(secs => %(wait)s),
  parked_at = CASE WHEN %(wait)s::float8 IS NULL
                   THEN coalesce(%(now)s::timestamptz, clock_timestamp()) END,
  park_reason = CASE WHEN %(wait)s::float8 IS NULL THEN 'failed' END
WHERE tenant_id = %(tenant)s AND id = %(id)s AND done_at IS NULL
"""
POSTPONE = """
UPDATE outbox SET running_since = NULL, last_error = %(error)s,
  due_at = coalesce(%(now)s::timestamptz, clock_timestamp()) + make_interval(secs => %(wait)s)
WHERE tenant_id = %(tenant)s AND id = %(id)s AND done_at IS NULL
"""
MINE = "WHERE tenant_id = %(tenant)s AND id = %(id)s"
END = f"UPDATE outbox SET running_since = NULL {MINE}"  # noqa: S608  # our text
# What rows are told as the time; None is the database's own, which all machines share.
Now = Callable[[], datetime | None]


def databases_clock() -> datetime | None:
    """The database says what time it is."""
    return None


class WorkCancelled(TruenavError):
    """Somebody asked for this work to stop; what it did so far is taken back."""

    kind = ErrorKind.CONFLICT
    code = "work_cancelled"


class Postponed(TruenavError):
    """What this needs cannot be had for some seconds: no failure."""

    kind = ErrorKind.UNAVAILABLE
    code = "work_postponed"

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = max(0.0, seconds)


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

    def __init__(self, url: str, attempt: Attempt, now: Now, seconds: float) -> None:
        self._url, self._attempt, self._now = url, attempt, now
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
                        "UPDATE outbox SET pulse_at ="  # noqa: S608  # our text
                        f" coalesce(%(now)s::timestamptz, clock_timestamp()) {MINE}"
                        " RETURNING cancelled_at IS NOT NULL",
                        {**_named(work), "now": self._now()},
                    ).fetchone()
            except psycopg.Error as error:
                log.info("no pulse of %s: %s", work.event_id, error)
                continue
            if row is not None and row[0]:
                self._attempt.stop.set()


@contextmanager
def attempt(
    url: str,
    work: Work,
    queue: JobQueue,
    now: Now = databases_clock,
    pulse_seconds: float = PULSE_SECONDS,
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
            BEGIN, {**_named(work), "now": now(), "most": MOST_CRASHES}
        ).fetchone()
        if begun is None or not begun[0]:
            if begun is not None:
                log.error("work %s died %d times and is parked", work.event_id, MOST_CRASHES)
            yield None
            return
        made = Attempt(work, queue, begun[1])
        try:
            with _Pulse(url, made, now, pulse_seconds):
                yield made
        except WorkCancelled:
            log.info("work %s was cancelled", work.event_id)
            _write(connection, url, work, END, {})
        except Postponed as error:
            log.info("work %s waits: %s", work.event_id, error)
            _postpone(connection, url, work, error, now())
        except Exception as error:  # the edge: written down, and shown to who operates this
            log.exception("work %s failed", work.event_id)
            _fail(connection, url, made, error, now())
        else:
            _write(connection, url, work, END, {})


def retry_after(failure_count: int, jitter: float) -> float | None:
    """After how many seconds to try again; None when it is not to be.

    `jitter` is between 0 and 1: it stretches the wait by 0.5 to 1.5, so that crowds disperse.
    """
    if failure_count > len(RETRY_SECONDS):
        return None
    return RETRY_SECONDS[failure_count - 1] * (0.5 + jitter)


def described(error: BaseException) -> str:
    """An error in one line: its kind, a colon, and what it says; secrets are not expected in it."""
    kind = error.code if isinstance(error, TruenavError) else type(error).__name__
    return printable(f"{kind}: {' '.join(str(error).split())}")[:ERROR_LENGTH]


@contextmanager
def connected(url: str, tenant_id: UUID) -> Iterator[Connection]:
    """A connection whose every statement stands by itself, as a tenant."""
    with psycopg.connect(
        url, autocommit=True, prepare_threshold=None, connect_timeout=5
    ) as connection:
        connection.execute(
            "SELECT set_config('app.tenant', %s, false),"
            # a machine that lost its power gives its locks back within a minute
            " set_config('tcp_keepalives_idle', '30', false),"
            " set_config('tcp_keepalives_interval', '10', false),"
            " set_config('tcp_keepalives_count', '3', false)",
            (str(tenant_id),),
        )
        yield connection


def _named(work: Work) -> dict[str, Any]:
    return {"tenant": work.tenant_id, "id": work.event_id}


def _is_alone(connection: Connection, work: Work) -> bool:
    # of the session: it must outlive single statements, and end with whoever holds it
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtextextended('work:' || %s, 0))", (str(work.event_id),)
    ).fetchone()
    return row is not None and bool(row[0])


def _write(
    connection: Connection, url: str, work: Work, statement: str, values: dict[str, Any]
) -> None:
    """Say how an attempt ended; a server that went away under it is nobody's failure."""
    try:
        connection.execute(statement, {**_named(work), **values})
    except psycopg.OperationalError:
        _let_go(url, work)


def _postpone(
    connection: Connection, url: str, work: Work, error: Postponed, now: datetime | None
) -> None:
    # spread over some seconds: who waits for the same instant must not come in one crowd
    wait = error.seconds + random.uniform(0, 5)  # noqa: S311  # no secret
    values = {"wait": wait, "error": described(error), "now": now}
    _write(connection, url, work, POSTPONE, values)


def _let_go(url: str, work: Work) -> None:
    for seconds in RECONNECT_SECONDS:
        time.sleep(seconds)
        try:
            with connected(url, work.tenant_id) as connection:
                connection.execute(END, _named(work))
        except psycopg.OperationalError as error:
            log.warning("database unavailable: %s", str(error).splitlines()[0])
        else:
            return


def _fail(
    connection: Connection, url: str, made: Attempt, error: Exception, now: datetime | None
) -> None:
    wait = retry_after(made.failure_count + 1, random.random())  # noqa: S311  # no secret
    values = {"wait": wait, "error": described(error), "now": now}
    _write(connection, url, made.work, FAIL, values)
