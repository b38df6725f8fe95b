"""From work that is not done to queued jobs: tenants in turn, and none for ever."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from truenav.entrypoints.worker.subscriptions import TABLE, jobs_for_event
from truenav.platform.queue import JobQueue, JobRequest

log = logging.getLogger("truenav.scheduler")
MAX_LOSSES = 20
# At once in a queue, of one tenant: who asks for much waits for its own, not others for it.
MOST_OUT = 6
MOST_A_SWEEP = 200
# Out: given to a queue, and neither lost nor failed since. Whoever works says so every few seconds.
SWEEP = """
WITH told AS (
  -- the time of the database, which all machines share
  SELECT coalesce(%(now)s::timestamptz, clock_timestamp()) AS now
), subscribed AS (
  SELECT * FROM unnest(%(topics)s::text[], %(queues)s::text[]) AS s(topic, queue)
), open AS (
  SELECT o.tenant_id, o.id, o.topic, o.payload, o.attempts, o.occurred_at, o.due_at,
         coalesce(s.queue, '') AS queue,
         coalesce(greatest(o.dispatched_at, o.pulse_at) >= told.now - %(lost_after)s::interval
                  AND o.dispatched_at IS NOT NULL
                  AND (o.due_at IS NULL OR o.due_at <= o.dispatched_at), false) AS is_out,
         o.lost_count, (o.dispatched_at IS NOT NULL
                        AND (o.due_at IS NULL OR o.due_at <= o.dispatched_at)) AS was_out,
         coalesce(o.pulse_at > o.dispatched_at, false) AS is_alive
  FROM outbox o LEFT JOIN subscribed s USING (topic) CROSS JOIN told
  WHERE o.done_at IS NULL AND o.cancelled_at IS NULL AND o.parked_at IS NULL
), ranked AS (
  SELECT open.*, count(*) FILTER (WHERE is_out) OVER mine AS out_count,
         row_number() OVER (PARTITION BY tenant_id, queue, is_out ORDER BY occurred_at, id) AS place
  FROM open CROSS JOIN told WHERE is_out OR due_at IS NULL OR due_at <= told.now
  WINDOW mine AS (PARTITION BY tenant_id, queue)
)
SELECT tenant_id, id, topic, payload, attempts, lost_count, was_out, is_alive FROM ranked
WHERE NOT is_out AND place + out_count <= %(most_out)s
ORDER BY place, occurred_at, id LIMIT %(most)s
"""
DISPATCHED = """
UPDATE outbox SET dispatched_at = coalesce(%(now)s::timestamptz, clock_timestamp()),
  attempts = attempts + %(is_queued)s::int,
  lost_count = lost_count + (%(was_out)s AND %(is_queued)s)::int
WHERE tenant_id = %(tenant_id)s AND id = %(id)s
"""
GIVE_UP = """
UPDATE outbox SET parked_at = coalesce(%(now)s::timestamptz, clock_timestamp()),
  park_reason = %(reason)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND done_at IS NULL
"""


def sweep(
    connection: psycopg.Connection[Any],
    queue: JobQueue,
    now: datetime | None,
    lost_after_seconds: int,
) -> int:
    """Queue work nobody queued, and what should have been done by now; how much.

    An event is visible here only once its transaction has committed, whatever its id. `now` is
    None for the time of the database.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(SWEEP, asked_of_sweep(now, lost_after_seconds)).fetchall()
    queued = 0
    for row in rows:
        try:
            jobs = _jobs(row, row["attempts"])
        except (KeyError, TypeError, ValueError):  # written by another version, or by hand
            _give_up(connection, row, now, "unknown")
            continue
        if row["was_out"] and any(queue.is_waiting(job) for job in _jobs(row, row["attempts"] - 1)):
            # late, not lost: its queue is long, or its worker is away
            connection.execute(DISPATCHED, _values(row, now, is_queued=False))
            continue
        if row["was_out"] and row["lost_count"] + 1 >= MAX_LOSSES and not row["is_alive"]:
            _give_up(connection, row, now, "lost" if row["topic"] in TABLE else "unknown")
            continue
        if not all(queue.enqueue(job) for job in jobs):
            break  # Redis is away; the events stay where they are
        queued += 1
        connection.execute(DISPATCHED, _values(row, now, is_queued=True))
    return queued


def _values(row: Mapping[str, Any], now: datetime | None, *, is_queued: bool) -> dict[str, Any]:
    return {**row, "payload": None, "now": now, "is_queued": is_queued}


def asked_of_sweep(now: datetime | None, lost_after_seconds: int) -> dict[str, Any]:
    """The parameters of `SWEEP`."""
    return {
        "topics": list(TABLE), "queues": [queue for queue, _, _ in TABLE.values()],
        "now": now, "lost_after": timedelta(seconds=lost_after_seconds),
        "most_out": MOST_OUT, "most": MOST_A_SWEEP,
    }  # fmt: skip


def _jobs(row: Mapping[str, Any], attempts: int) -> list[JobRequest]:
    """The jobs of an event as they are named the next time, after so many."""
    jobs = jobs_for_event(row["topic"], row["tenant_id"], row["id"], row["payload"])
    if attempts == 0:
        return list(jobs)
    # a new id: RQ may still remember the lost job under the old one
    return [JobRequest(j.queue, j.function, j.arguments, f"{j.job_id}-{attempts}") for j in jobs]


def _give_up(
    connection: psycopg.Connection[Any], row: Mapping[str, Any], now: datetime | None, reason: str
) -> None:
    values = {**_values(row, now, is_queued=False), "reason": reason}
    connection.execute(GIVE_UP, values)
    log.error("giving up on event %s (%s)", row["id"], row["topic"])
