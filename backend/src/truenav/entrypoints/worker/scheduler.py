"""Sweeps the outbox and dispatches what the calendar asks for. One leader at a time."""

import logging
import signal
import threading
import time
from types import FrameType

import psycopg

from truenav.core.errors import TruenavError
from truenav.entrypoints.worker.market_changes import announce_market_changes
from truenav.entrypoints.worker.nightly import announce_due, announce_outdated
from truenav.entrypoints.worker.sweeping import sweep
from truenav.entrypoints.worker.telling import Teller
from truenav.platform.alerting import channels
from truenav.platform.clock import Clock, SystemClock
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings

log = logging.getLogger("truenav.scheduler")
SWEEP_SECONDS = 0.5
MOST_PAUSE_SECONDS = 10.0
SCHEDULE_SECONDS = 10.0
LEADER_LOCK = 0x7472756E61760001


class SchedulerMisconfigured(TruenavError):
    """A scheduler without a database."""

    code = "scheduler_misconfigured"


def run(settings: Settings) -> None:
    """Sweep until told to stop; reconnect whenever the database was away."""
    if settings.database.worker is None:
        raise SchedulerMisconfigured("the scheduler needs TRUENAV_WORKER_DATABASE_URL")
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    queue, clock = JobQueue(settings.redis_url), SystemClock()
    teller = Teller(channels(settings.alerts), settings.web.public_origin)
    while not stop.is_set():
        try:
            with psycopg.connect(
                settings.database.worker, autocommit=True, prepare_threshold=None
            ) as connection:
                lead(connection, queue, clock, stop, settings, teller)
        except psycopg.OperationalError as error:
            log.warning("database unavailable: %s", str(error).splitlines()[0])
            stop.wait(1.0)
    queue.close()


def is_led(connection: psycopg.Connection) -> bool:
    """Whether a scheduler is at work in this database."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND classid = %s AND objid = %s"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
        (LEADER_LOCK >> 32, LEADER_LOCK & 0xFFFFFFFF),
    ).fetchone()
    return row is not None and bool(row[0])


def lead(
    connection: psycopg.Connection,
    queue: JobQueue,
    clock: Clock,
    stop: threading.Event,
    settings: Settings,
    teller: Teller,
) -> None:
    """Sweep while holding the leader's lock, which ends with the connection."""
    while not stop.is_set():
        found = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
        if found is not None and found[0]:
            break
        stop.wait(2.0)
    # a leader that was stopped, or whose machine is gone, loses the lock
    connection.execute("SET idle_session_timeout = '60s'")
    announce_outdated(connection)
    waited = SCHEDULE_SECONDS
    while not stop.is_set():
        began = time.monotonic()
        sweep(connection, queue, None, settings.job_lost_after_seconds)
        # where much is open a sweep takes longer: it may have a fifth of the time
        pause = min(max(SWEEP_SECONDS, 4 * (time.monotonic() - began)), MOST_PAUSE_SECONDS)
        announce_market_changes(connection)
        if waited >= SCHEDULE_SECONDS:
            announce_due(connection, settings, clock.now())
            teller.tell_of_parked(connection, clock.now())
            teller.tell_of_canary(connection, clock.now())
            waited = 0.0
        stop.wait(pause)
        waited += pause
