"""The feed: quotes of what somebody listens to, rules that look at them, and the past of the new.

What a day closed at, rates, and looking the data through are the schedule's work. Offline, and
wherever no provider may be used, it says so once and waits: a portfolio without a feed still
works, on the prices it has. One feed at a time, by a lock in the database.
"""

import logging
import signal
import threading
from datetime import datetime, timedelta
from types import FrameType
from uuid import UUID

import psycopg

from truenav.core.errors import TruenavError
from truenav.entrypoints.worker.alert_watch import watch_quotes
from truenav.entrypoints.worker.live_feed import bring_quotes
from truenav.features.marketdata.ingest import refresh_prices, store_bundled_rates
from truenav.platform.clock import Clock, SystemClock
from truenav.platform.gates import Gate, MemoryGate, SharedGate
from truenav.platform.queue import connect
from truenav.platform.settings import Settings

log = logging.getLogger("truenav.feed")
# who could not be asked, and who knew nothing
AGAIN, NEXT_DAY = timedelta(minutes=15), timedelta(days=1)
# An import brings instruments nobody held before: their prices should not wait for the night.
NEWCOMERS = timedelta(seconds=10)
LEADER_LOCK = 0x7472756E61760002


class FeedMisconfigured(TruenavError):
    """A feed without a database to write to."""

    code = "feed_misconfigured"


def run(settings: Settings) -> None:
    """Refresh in rounds until told to stop; a failing round is logged, the next one tried."""
    if settings.database.ingest is None or settings.database.worker is None:
        raise FeedMisconfigured("the feed needs TRUENAV_INGEST_DATABASE_URL and a worker's")
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    _begin(settings.database.ingest, stop)
    clock = SystemClock()
    # offline, too: whatever brings a quote, rules and portfolios look at it
    threads = [
        threading.Thread(target=watch_quotes, args=(settings, clock, stop), name="alerts"),
        threading.Thread(target=bring_quotes, args=(settings, clock, stop), name="live-quotes"),
    ]
    for thread in threads:
        thread.start()
    if settings.providers.is_offline:
        log.info("offline by setting: prices stay as they are")
        stop.wait()
    # when each may be asked for again
    tried: dict[UUID, datetime] = {}
    # shared with whoever else asks; without a Redis it lives as long as this process
    gate: Gate = SharedGate(connect(settings.redis_url)) if settings.redis_url else MemoryGate()
    while not stop.is_set():
        try:
            _round(settings, clock, stop, tried, gate)
        except psycopg.OperationalError as error:
            log.warning("database unavailable: %s", str(error).splitlines()[0])
        stop.wait(NEWCOMERS.total_seconds())
    for thread in threads:
        thread.join()


def _begin(dsn: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with psycopg.connect(dsn, prepare_threshold=None) as connection:
                store_bundled_rates(connection)
        except psycopg.OperationalError as error:
            log.warning("database unavailable: %s", str(error).splitlines()[0])
            stop.wait(1.0)
        else:
            return


def _round(
    settings: Settings,
    clock: Clock,
    stop: threading.Event,
    tried: dict[UUID, datetime],
    gate: Gate,
) -> None:
    with psycopg.connect(settings.database.ingest or "", prepare_threshold=None) as connection:
        found = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
        if found is None or not found[0]:
            return  # another feed is at it
        connection.commit()
        now = clock.now()
        waiting = {key for key, until in tried.items() if until > now}
        asked = set(waiting)
        later = refresh_prices(connection, settings, clock, stop, asked, gate=gate, only_new=True)
        for key in asked - waiting:
            tried[key] = now + (AGAIN if key in later else NEXT_DAY)
