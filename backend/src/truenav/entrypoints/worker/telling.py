"""Telling a person of work that was given up: each once, many in one message."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg

from truenav.platform.alerting import AlertFailed, Channel
from truenav.platform.canary import NAME, SILENT_AFTER, condition

log = logging.getLogger("truenav.alerts")
# What was given up longer ago, before anybody was to be told, is no news.
NEWS = timedelta(days=1)
PAUSE_AFTER_FAILURE = timedelta(minutes=1)
MOST_NAMED = 10
CLAIM = """
UPDATE outbox SET alerted_at = %(now)s
WHERE parked_at > %(since)s AND alerted_at IS NULL AND done_at IS NULL AND cancelled_at IS NULL
RETURNING id, topic, park_reason, last_error
"""
CANARY_STATE = """
SELECT state, checked_at, drifts, told_state FROM canary_states WHERE name = %s FOR UPDATE
"""
CANARY_TOLD = "UPDATE canary_states SET told_state = %s, told_at = %s WHERE name = %s"
CANARY_WORDS = {
    "ok": "the canary is well again",
    "drifted": "the canary drifted: figures are not what they were worked out to be by hand",
    "failed": "the canary could not be worked out",
    "silent": "nobody looked at the canary for twenty minutes",
}
WORDS = {
    "failed": "failed four times",
    "crashed": "ended its process three times",
    "lost": "was queued twenty times and never ended",
    "unknown": "is of a kind nobody here knows",
}


@dataclass
class Teller:
    """The channels, and when they may be tried again."""

    channels: Sequence[Channel]
    origin: str | None = None
    pause_until: datetime | None = field(default=None, init=False)
    began_at: datetime | None = field(default=None, init=False)

    def tell_of_parked(self, connection: psycopg.Connection[Any], now: datetime) -> int:
        """Send one message about everything nobody was told of; how much that was.

        Rows are marked in the transaction that sends: a message nobody took leaves them as they
        were. Only if this dies between the sending and the commit is it sent twice.
        """
        if not self.channels or (self.pause_until is not None and now < self.pause_until):
            return 0
        try:
            with connection.transaction():
                rows = connection.execute(CLAIM, {"now": now, "since": now - NEWS}).fetchall()
                if rows:
                    self._send(*message(rows, self.origin))
        except AlertFailed as error:
            log.warning("nobody was told of work given up: %s", error)
            self.pause_until = now + PAUSE_AFTER_FAILURE
            return 0
        self.pause_until = None
        return len(rows)

    def tell_of_canary(self, connection: psycopg.Connection[Any], now: datetime) -> str | None:
        """Tell that the canary is not well any more, or well again; what was told, if anything.

        Where nothing ran for a while nobody looked: it is silent only to who has led that long.
        """
        self.began_at = self.began_at or now
        if not self.channels or (self.pause_until is not None and now < self.pause_until):
            return None
        try:
            with connection.transaction():
                row = connection.execute(CANARY_STATE, (NAME,)).fetchone()
                if row is None:
                    return None
                state, checked_at, drifts, told = row
                is_late = now - self.began_at > SILENT_AFTER
                found = condition(state, checked_at, now) if is_late else state
                if found == told:
                    return None
                connection.execute(CANARY_TOLD, (found, now, NAME))
                self._send(*canary_message(found, drifts, self.origin))
        except AlertFailed as error:
            log.warning("nobody was told of the canary: %s", error)
            self.pause_until = now + PAUSE_AFTER_FAILURE
            return None
        return str(found)

    def _send(self, subject: str, text: str) -> None:
        failures = []
        for channel in self.channels:
            try:
                channel.send(subject, text)
            except AlertFailed as error:
                log.warning("%s did not take an alert: %s", channel.name, error)
                failures.append(f"{channel.name}: {error}")
        if len(failures) == len(self.channels):
            raise AlertFailed("; ".join(failures))


def canary_message(
    found: str, drifts: Sequence[dict[str, str | None]], origin: str | None
) -> tuple[str, str]:
    """(subject, text): its figures are nobody's secret."""
    subject = f"Truenav: {CANARY_WORDS[found]}"
    lines = [
        f"{one['figure']}: {one['expected'] or 'nothing'} expected,"
        f" {one['found'] or 'nothing'} found"
        for one in drifts[:MOST_NAMED]
    ]
    if len(drifts) > MOST_NAMED:
        lines.append(f"and {len(drifts) - MOST_NAMED} more")
    if found == "silent":
        lines = ["The worker of the queue `default` may be down."]
    where = f"{origin}/operations/jobs" if origin else "the page Operations, Jobs"
    return subject, "\n".join([*lines, "", f"Look at {where}; see docs/runbooks/canary.md."])


def message(rows: Sequence[tuple[Any, ...]], origin: str | None) -> tuple[str, str]:
    """(subject, text) about (id, topic, reason, error) of each."""
    count = len(rows)
    subject = f"Truenav gave up {count} job{'s' if count > 1 else ''}"
    kinds = Counter(topic for _, topic, _, _ in rows)
    lines = [f"{topic}: {number}" for topic, number in kinds.most_common()]
    lines.append("")
    for id_, topic, reason, error in rows[:MOST_NAMED]:
        # of what went wrong only the kind: messages can name what people hold
        kind = f" ({error.split(':', 1)[0]})" if error else ""
        lines.append(f"{topic} {id_} {WORDS[reason]}{kind}")
    if count > MOST_NAMED:
        lines.append(f"and {count - MOST_NAMED} more")
    where = f"{origin}/operations/jobs" if origin else "the page Operations, Jobs"
    lines += ["", f"Look at {where}: each can be tried again or struck out."]
    return subject, "\n".join(lines)
