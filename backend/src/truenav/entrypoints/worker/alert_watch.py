"""The one process in which rules on prices look at quotes."""

import logging
import threading
from dataclasses import dataclass

from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from truenav.entrypoints.worker.elected import Office, while_elected
from truenav.features.alerts.watching import QuoteWatch
from truenav.platform.clock import Clock
from truenav.platform.db import make_engine, make_sessions
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings

log = logging.getLogger("truenav.alerts")
LEADER_LOCK = 0x7472756E61760004
ROUND_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Relay:
    queue: JobQueue


def watch_quotes(settings: Settings, clock: Clock, stop: threading.Event) -> None:
    """Be elected, or wait to be, until told to stop."""
    while_elected(LEADER_LOCK, _watch, (settings, clock, stop), log)


async def _watch(office: Office) -> None:
    """Rounds of looking, while the connection stands that makes us the one."""
    settings = office.settings
    engine, queue = make_engine(settings.database.worker or ""), JobQueue(settings.redis_url)
    watch = QuoteWatch(office.redis, make_sessions(engine), _Relay(queue), office.clock)
    try:
        while await office.next_round(ROUND_SECONDS):
            await look_around(watch)
    finally:
        queue.close()
        await engine.dispose()


async def look_around(watch: QuoteWatch) -> int:
    """Have every tenant's rules look at what is due; how many tell.

    One tenant's rules that cannot look keep no other's from it; they look again after a while.
    """
    fired = 0
    for tenant_id, instrument_ids in (await watch.due()).items():
        try:
            fired += await watch.look(tenant_id, instrument_ids)
        except (OperationalError, RedisError):
            raise
        except Exception:
            log.exception("rules of tenant %s could not look", tenant_id)
    return fired
