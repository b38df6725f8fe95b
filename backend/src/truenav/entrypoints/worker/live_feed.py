"""The one process that brings quotes of what somebody looks at, elected by a lock.

What is looked at are instruments, and portfolios with all they hold. Offline nobody is asked, and
portfolios move with whatever quotes come in otherwise.

The lock belongs to a database connection: it ends with the process, or with the connection to the
database, and then another one takes over.
"""

import asyncio
import logging
import threading

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from truenav.features.marketdata.live_quotes import LiveQuotes
from truenav.features.marketdata.quoting import QuoteDesk
from truenav.features.valuation.live_portfolios import LivePortfolios
from truenav.platform.clock import Clock
from truenav.platform.db import make_engine, make_sessions
from truenav.platform.queue import connect
from truenav.platform.settings import Settings

log = logging.getLogger("truenav.live")
LEADER_LOCK = 0x7472756E61760003
ROUND_SECONDS = 1.0
# Of who is not elected, and of whom the database does not answer.
AGAIN_SECONDS = 5.0


def bring_quotes(settings: Settings, clock: Clock, stop: threading.Event) -> None:
    """Be elected, or wait to be, until told to stop."""
    if settings.redis_url is None or settings.database.worker is None:
        log.info("no live quotes: they need a Redis")
        return
    while not stop.is_set():
        try:
            with (
                psycopg.connect(settings.database.worker, autocommit=True) as connection,
                connect(settings.redis_url) as redis,
            ):
                if _is_elected(connection):
                    asyncio.run(_bring(settings, clock, stop, connection, redis))
        except (psycopg.OperationalError, SQLAlchemyError, RedisError, OSError) as error:
            log.warning("no live quotes for now: %s", str(error).splitlines()[0])
        except Exception:
            # the edge of a thread: nobody else would hear of it, and it must go on
            log.exception("live quotes were interrupted")
        stop.wait(AGAIN_SECONDS)


def _is_elected(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    found = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
    return found is not None and bool(found[0])


async def _bring(
    settings: Settings,
    clock: Clock,
    stop: threading.Event,
    connection: psycopg.Connection[tuple[object, ...]],
    redis: Redis,
) -> None:
    """Rounds of quotes, while the connection stands that makes us the one."""
    engine = make_engine(settings.database.worker or "")
    desk = QuoteDesk(settings, redis, clock)
    sessions = make_sessions(engine)
    quotes = LiveQuotes(desk, redis, sessions, clock)
    portfolios = LivePortfolios(redis, sessions, clock)
    try:
        while not stop.is_set():
            connection.execute("SELECT 1")
            await portfolios.round()
            if not settings.providers.is_offline:
                await quotes.round(portfolios.instrument_ids)
            await asyncio.to_thread(stop.wait, ROUND_SECONDS)
    finally:
        quotes.close()
        desk.close()
        await engine.dispose()
