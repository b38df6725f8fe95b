"""Work of one process among many, elected by a lock.

The lock belongs to a database connection: it ends with the process, or with the connection to the
database, and then another one takes over.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from truenav.platform.clock import Clock
from truenav.platform.queue import connect
from truenav.platform.settings import Settings

# Of who is not elected, and of whom the database does not answer.
AGAIN_SECONDS = 5.0
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Office:
    """What the elected one works with, until it is told to stop."""

    settings: Settings
    clock: Clock
    stop: threading.Event
    redis: Redis
    connection: Connection

    async def next_round(self, seconds: float) -> bool:
        """Wait; whether there is another round. Raises where the connection stands no more."""
        await asyncio.to_thread(self.stop.wait, seconds)
        if self.stop.is_set():
            return False
        self.connection.execute("SELECT 1")
        return True


def while_elected(
    lock: int,
    work: Callable[[Office], Coroutine[Any, Any, None]],
    office: tuple[Settings, Clock, threading.Event],
    log: logging.Logger,
) -> None:
    """Be elected and work, or wait to be, until told to stop; a bug in the work is logged."""
    settings, clock, stop = office
    if settings.redis_url is None or settings.database.worker is None:
        log.info("nothing to do: it needs a Redis")
        return
    while not stop.is_set():
        try:
            with (
                psycopg.connect(settings.database.worker, autocommit=True) as connection,
                connect(settings.redis_url) as redis,
            ):
                if _is_elected(connection, lock):
                    asyncio.run(work(Office(settings, clock, stop, redis, connection)))
        except (psycopg.OperationalError, SQLAlchemyError, RedisError, OSError) as error:
            log.warning("not at work for now: %s", str(error).splitlines()[0])
        except Exception:
            # the edge of a thread: nobody else would hear of it, and it must go on
            log.exception("interrupted")
        stop.wait(AGAIN_SECONDS)


def _is_elected(connection: Connection, lock: int) -> bool:
    found = connection.execute("SELECT pg_try_advisory_lock(%s)", (lock,)).fetchone()
    return found is not None and bool(found[0])
