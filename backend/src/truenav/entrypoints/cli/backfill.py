"""`truenav backfill`: ask for closes and events of past days, and watch it being done."""

import time
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from truenav.core.errors import TruenavError
from truenav.entrypoints.cli.upkeep import role_dsn
from truenav.entrypoints.supervisor.up import say
from truenav.entrypoints.worker.scheduler import is_led
from truenav.features.marketdata.backfill import request
from truenav.platform.clock import SystemClock, new_id, today
from truenav.platform.settings import Settings

POLL_SECONDS = 1.0
COUNT = """
SELECT (SELECT CASE WHEN done_at IS NOT NULL THEN 'split'
                    WHEN cancelled_at IS NOT NULL THEN 'cancelled'
                    WHEN parked_at IS NOT NULL THEN 'given up' ELSE 'waiting' END
        FROM outbox WHERE id = %(id)s) AS request,
       count(*) AS parts, count(*) FILTER (WHERE done_at IS NOT NULL) AS done,
       count(*) FILTER (WHERE parked_at IS NOT NULL AND done_at IS NULL) AS failed,
       count(*) FILTER (WHERE cancelled_at IS NOT NULL AND done_at IS NULL) AS cancelled
FROM outbox WHERE batch_id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a backfill is."""

    request: str
    parts: int
    done: int
    failed: int
    cancelled: int


class BackfillRefused(TruenavError):
    """A span of days that cannot be asked for."""

    code = "backfill_refused"


def run(settings: Settings, arguments: Namespace, _environ: Mapping[str, str]) -> int:
    """Ask, then say how far it is until it ends; 1 when a part of it was given up.

    Stopping this stops the watching only: the work goes on where Truenav runs.
    """
    last = _day(arguments.to) if arguments.to else today(SystemClock())
    first = _day(arguments.since)
    if first > last:
        raise BackfillRefused("the first day comes after the last")
    symbols = [symbol.upper() for symbol in arguments.symbol or ()]
    request_id = new_id()
    with (
        role_dsn(settings, "truenav_worker") as dsn,
        psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as worker,
    ):
        request(worker, request_id, first, last, symbols)
        say(f"asked for {first} to {last}, {', '.join(symbols) or 'all that somebody holds'}")
        is_running = is_led(worker)
        if not is_running:
            say("Truenav is not running; it begins when it does")
        return _watch(worker, request_id) if is_running and not arguments.no_wait else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BackfillRefused(f"{text!r} is no day such as 2024-05-28") from error


def _watch(connection: psycopg.Connection[Any], request_id: UUID) -> int:
    told = ""
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        while True:
            found = cursor.execute(COUNT, {"id": request_id}).fetchone()
            if found is None or found.request in {"cancelled", "given up"}:
                raise BackfillRefused(f"it was {found.request if found else 'forgotten'}")
            text = f"{found.done} of {found.parts} parts done"
            text += f", {found.failed} given up" if found.failed else ""
            if text != told and found.request == "split":
                say(text)
                told = text
            ended = found.done + found.failed + found.cancelled
            if found.request == "split" and ended == found.parts:
                return 1 if found.failed else 0
            time.sleep(POLL_SECONDS)
