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
WITH subscribed AS (
  SELECT * FROM unnest(%(topics)s::text[], %(queues)s::text[]) AS s(topic, queue)
), open AS (
  SELECT o.tenant_id, o.id, o.topic, o.payload, o.attempts, o.occurred_at, o.due_at,
         coalesce(s.queue, '') AS queue,
         coalesce(greatest(o.dispatched_at, o.pulse_at) >= %(lost_before)s
                  AND o.dispatched_at IS NOT NULL
                  AND (o.due_at IS NULL OR o.due_at <= o.dispatched_at), false) AS is_out,
         o.lost_count, (o.dispatched_at IS NOT NULL
                        AND (o.due_at IS NULL OR o.due_at <= o.dispatched_at)) AS was_out
  FROM outbox o LEFT JOIN subscribed s USING (topic)
  WHERE o.done_at IS NULL AND o.cancelled_at IS NULL AND o.parked_at IS NULL
), ranked AS (
  SELECT open.*, count(*) FILTER (WHERE is_out) OVER mine AS out_count,
         row_number() OVER (PARTITION BY tenant_id, queue, is_out ORDER BY occurred_at, id) AS place
  FROM open WHERE is_out OR due_at IS NULL OR due_at <= %(now)s
  WINDOW mine AS (PARTITION BY tenant_id, queue)
)
SELECT tenant_id, id, topic, payload, attempts, lost_count, was_out FROM ranked
WHERE NOT is_out AND place + out_count <= %(most_out)s
ORDER BY place, occurred_at, id LIMIT %(most)s
"""
DISPATCHED = """
UPDATE outbox SET dispatched_at = %(now)s, attempts = attempts + 1,
  lost_count = lost_count + %(was_out)s::int
WHERE tenant_id = %(tenant_id)s AND id = %(id)s
"""
GIVE_UP = """
UPDATE outbox SET parked_at = %(now)s, park_reason = %(reason)s
WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND done_at IS NULL
"""


def sweep(
    connection: psycopg.Connection[Any], queue: JobQueue, now: datetime, lost_after_seconds: int
) -> int:
    """Queue work nobody queued, and what should have been done by now; how much.

    An event is visible here only once its transaction has committed, whatever its id.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(SWEEP, asked_of_sweep(now, lost_after_seconds)).fetchall()
    queued = 0
    for row in rows:
        if row["was_out"] and row["lost_count"] + 1 >= MAX_LOSSES:
            _give_up(connection, row, now)
            continue
        if not all(queue.enqueue(job) for job in _jobs(row)):
            break  # Redis is away; the events stay where they are
        queued += 1
        connection.execute(DISPATCHED, {**row, "payload": None, "now": now})
    return queued


def asked_of_sweep(now: datetime, lost_after_seconds: int) -> dict[str, Any]:
    """The parameters of `SWEEP`."""
    return {
        "topics": list(TABLE), "queues": [queue for queue, _, _ in TABLE.values()],
        "now": now, "lost_before": now - timedelta(seconds=lost_after_seconds),
        "most_out": MOST_OUT, "most": MOST_A_SWEEP,
    }  # fmt: skip


def _jobs(row: Mapping[str, Any]) -> list[JobRequest]:
    jobs = jobs_for_event(row["topic"], row["tenant_id"], row["id"], row["payload"])
    if row["attempts"] == 0:
        return list(jobs)
    # a new id: RQ may still remember the lost job under the old one
    return [
        JobRequest(j.queue, j.function, j.arguments, f"{j.job_id}-{row['attempts']}") for j in jobs
    ]


def _give_up(connection: psycopg.Connection[Any], row: Mapping[str, Any], now: datetime) -> None:
    reason = "lost" if row["topic"] in TABLE else "unknown"
    connection.execute(GIVE_UP, {**row, "payload": None, "now": now, "reason": reason})
    log.error("giving up on event %s (%s)", row["id"], row["topic"])
