"""Sweeps the outbox and dispatches what the calendar asks for. One leader at a time."""

import logging
import signal
import threading
from types import FrameType
from uuid import uuid5

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from truenav.core.errors import TruenavError
from truenav.entrypoints.worker.market_changes import announce_market_changes
from truenav.entrypoints.worker.subscriptions import jobs_for_event
from truenav.platform.clock import Clock, SystemClock, today
from truenav.platform.queue import JobQueue, JobRequest
from truenav.platform.settings import Settings

log = logging.getLogger("truenav.scheduler")
SWEEP_SECONDS = 0.5
DAY_CHECK_SECONDS = 60.0
MAX_ATTEMPTS = 20
PROOFS_A_NIGHT = 20  # of each tenant, those that were not proved for longest
LEADER_LOCK = 0x7472756E61760001
# Events nobody dispatched, or whose work should have been done by now, across tenants.
SWEEP = """
SELECT tenant_id, id, topic, payload, attempts FROM outbox
WHERE done_at IS NULL AND attempts < %s
  AND (dispatched_at IS NULL OR dispatched_at < now() - make_interval(secs => %s))
ORDER BY occurred_at LIMIT 200
"""


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
    while not stop.is_set():
        try:
            with psycopg.connect(
                settings.database.worker, autocommit=True, prepare_threshold=None
            ) as connection:
                lead(connection, queue, clock, stop, settings.job_lost_after_seconds)
        except psycopg.OperationalError as error:
            log.warning("database unavailable: %s", str(error).splitlines()[0])
            stop.wait(1.0)
    queue.close()


def lead(
    connection: psycopg.Connection,
    queue: JobQueue,
    clock: Clock,
    stop: threading.Event,
    lost_after_seconds: int,
) -> None:
    """Sweep while holding the leader's lock, which ends with the connection."""
    while not stop.is_set():
        found = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
        if found is not None and found[0]:
            break
        stop.wait(2.0)
    waited = DAY_CHECK_SECONDS
    while not stop.is_set():
        sweep(connection, queue, lost_after_seconds)
        announce_market_changes(connection)
        if waited >= DAY_CHECK_SECONDS:
            announce_new_day(connection, clock)
            announce_proofs(connection, clock)
            waited = 0.0
        stop.wait(SWEEP_SECONDS)
        waited += SWEEP_SECONDS


def sweep(connection: psycopg.Connection, queue: JobQueue, lost_after_seconds: int) -> int:
    """Queue events nobody queued, and those whose work is still not done after that long.

    An event is visible here only once its transaction has committed, whatever its id.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(SWEEP, (MAX_ATTEMPTS, lost_after_seconds)).fetchall()
    queued = 0
    for row in rows:
        jobs = jobs_for_event(row["topic"], row["tenant_id"], row["id"], row["payload"])
        if row["attempts"] > 0:
            # a new id: RQ may still remember the lost job under the old one
            jobs = [
                JobRequest(j.queue, j.function, j.arguments, f"{j.job_id}-{row['attempts']}")
                for j in jobs
            ]
        outcomes = [queue.enqueue(job) for job in jobs]
        if not all(outcomes):
            break  # Redis is away; the events stay where they are
        queued += 1
        connection.execute(
            "UPDATE outbox SET dispatched_at = now(), attempts = attempts + 1"
            " WHERE tenant_id = %s AND id = %s",
            (row["tenant_id"], row["id"]),
        )
        if row["attempts"] + 1 >= MAX_ATTEMPTS:
            log.error("giving up on event %s (%s)", row["id"], row["topic"])
    return queued


def announce_new_day(connection: psycopg.Connection, clock: Clock) -> None:
    """Ask for a snapshot of today for every account whose snapshots end before; not the demo's.

    The event's id is made from account and day, so asking twice asks once.
    """
    day = today(clock)
    tenants = connection.execute("SELECT id FROM tenants WHERE NOT is_demo").fetchall()
    for (tenant_id,) in tenants:
        with connection.transaction():
            connection.execute("SELECT set_config('app.tenant', %s, true)", (str(tenant_id),))
            behind = connection.execute(
                "SELECT account_id, max(as_of) FROM snapshots GROUP BY account_id"
                " HAVING max(as_of) < %s",
                (day,),
            ).fetchall()
            for account_id, newest in behind:
                payload = {"account_id": str(account_id), "earliest": newest.isoformat()}
                connection.execute(
                    "INSERT INTO outbox (tenant_id, id, topic, payload)"
                    " VALUES (%s, %s, 'valuation.day_passed', %s) ON CONFLICT DO NOTHING",
                    (tenant_id, uuid5(account_id, day.isoformat()), Jsonb(payload)),
                )


def announce_proofs(connection: psycopg.Connection, clock: Clock) -> None:
    """Ask for the proof of some accounts of every tenant, once a day.

    The event's id is made from account and day: asking twice asks once.
    """
    day = today(clock)
    tenants = connection.execute("SELECT id FROM tenants").fetchall()
    for (tenant_id,) in tenants:
        with connection.transaction():
            connection.execute("SELECT set_config('app.tenant', %s, true)", (str(tenant_id),))
            due = connection.execute(
                "SELECT a.id FROM accounts a LEFT JOIN ledger_proofs p"
                " ON p.tenant_id = a.tenant_id AND p.account_id = a.id"
                " WHERE a.tenant_id = %s AND (p.proved_on IS NULL OR p.proved_on < %s)"
                " ORDER BY p.proved_on NULLS FIRST, a.id LIMIT %s",
                (tenant_id, day, PROOFS_A_NIGHT),
            ).fetchall()
            for (account_id,) in due:
                connection.execute(
                    "INSERT INTO outbox (tenant_id, id, topic, payload)"
                    " VALUES (%s, %s, 'ledger.proof_due', %s) ON CONFLICT DO NOTHING",
                    (
                        tenant_id,
                        uuid5(account_id, f"proof {day.isoformat()}"),
                        Jsonb({"account_id": str(account_id)}),
                    ),
                )
