"""`truenav backfill`: ask for closes and events of past days, and watch it being done."""

import time
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import psycopg

from truenav.core.errors import TruenavError
from truenav.entrypoints.cli.upkeep import role_dsn
from truenav.entrypoints.supervisor.up import say
from truenav.entrypoints.worker.scheduler import is_led
from truenav.features.marketdata.backfill import request
from truenav.platform.clock import SystemClock, new_id, today
from truenav.platform.settings import Settings

POLL_SECONDS = 1.0
COUNT = """
SELECT (SELECT done_at IS NOT NULL FROM outbox WHERE id = %(id)s), count(*),
       count(*) FILTER (WHERE done_at IS NOT NULL),
       count(*) FILTER (WHERE parked_at IS NOT NULL AND done_at IS NULL),
       count(*) FILTER (WHERE cancelled_at IS NOT NULL AND done_at IS NULL)
FROM outbox WHERE batch_id = %(id)s
"""


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
        if not is_led(worker):
            say("Truenav is not running; it begins when it does")
            return 0
        if arguments.no_wait:
            return 0
        return _watch(worker, request_id)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BackfillRefused(f"{text!r} is no day such as 2024-05-28") from error


def _watch(connection: psycopg.Connection[tuple[object, ...]], request_id: UUID) -> int:
    told = ""
    while True:
        row = connection.execute(COUNT, {"id": request_id}).fetchone()
        if row is None:
            raise BackfillRefused("the request is gone")
        is_split, total, done, failed, cancelled = row
        text = f"{done} of {total} parts done" + (f", {failed} given up" if failed else "")
        if text != told and is_split:
            say(text)
            told = text
        if is_split and int(str(done)) + int(str(failed)) + int(str(cancelled)) == total:
            return 1 if failed else 0
        time.sleep(POLL_SECONDS)
