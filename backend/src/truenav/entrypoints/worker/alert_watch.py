"""The one process in which rules on prices look at quotes, elected by a lock.

As with the quotes themselves the lock belongs to a database connection: it ends with either.
"""

import asyncio
import logging
import threading
from dataclasses import dataclass

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from truenav.features.alerts.watching import QuoteWatch
from truenav.platform.clock import Clock
from truenav.platform.db import make_engine, make_sessions
from truenav.platform.queue import JobQueue, connect
from truenav.platform.settings import Settings

log = logging.getLogger("truenav.alerts")
LEADER_LOCK = 0x7472756E61760004
ROUND_SECONDS = 1.0
# Of who is not elected, and of whom the database does not answer.
AGAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Relay:
    queue: JobQueue


def watch_quotes(settings: Settings, clock: Clock, stop: threading.Event) -> None:
    """Be elected, or wait to be, until told to stop."""
    if settings.redis_url is None or settings.database.worker is None:
        log.info("rules look at no quotes: they need a Redis")
        return
    while not stop.is_set():
        try:
            with (
                psycopg.connect(settings.database.worker, autocommit=True) as connection,
                connect(settings.redis_url) as redis,
            ):
                if _is_elected(connection):
                    asyncio.run(_watch(settings, clock, stop, connection, redis))
        except (psycopg.OperationalError, SQLAlchemyError, RedisError, OSError) as error:
            log.warning("rules look at no quotes for now: %s", str(error).splitlines()[0])
        except Exception:
            # the edge of a thread: nobody else would hear of it, and it must go on
            log.exception("rules were interrupted")
        stop.wait(AGAIN_SECONDS)


def _is_elected(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    found = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
    return found is not None and bool(found[0])


async def _watch(
    settings: Settings,
    clock: Clock,
    stop: threading.Event,
    connection: psycopg.Connection[tuple[object, ...]],
    redis: Redis,
) -> None:
    """Rounds of looking, while the connection stands that makes us the one."""
    engine, queue = make_engine(settings.database.worker or ""), JobQueue(settings.redis_url)
    watch = QuoteWatch(redis, make_sessions(engine), _Relay(queue), clock)
    try:
        while not stop.is_set():
            connection.execute("SELECT 1")
            await look_around(watch)
            await asyncio.to_thread(stop.wait, ROUND_SECONDS)
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
