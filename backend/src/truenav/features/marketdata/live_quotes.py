"""Quotes of what somebody listens to: brought as they become due, by one process for all.

A quote is due when the one that is held is fresh no more, which follows from its delay and from
what its market is doing: every few seconds while it is open, hardly ever while it is closed. Who is
asked, how often, and what happens on refusals is the desk's and the chain's business.
"""

import logging
import time
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import select

from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.messages import instrument_of
from truenav.features.marketdata.quote_views import seen
from truenav.features.marketdata.quoting import (
    AT_ONCE,
    QuoteDesk,
    QuoteWanted,
    Why,
    received_at,
)
from truenav.platform.clock import Clock, today
from truenav.platform.live.wanted import wanted
from truenav.platform.unit_of_work import Sessions

log = logging.getLogger("truenav.live")
# What a quote is measured by changes once a day; a split may be told at any time.
KNOWN_SECONDS = 600.0
PATIENCE_SECONDS = 10.0
# Who could not be asked is asked again after a while that doubles, up to this.
LONGEST_PAUSE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=15)


@dataclass(slots=True)
class _Pause:
    until: datetime
    length: timedelta


class LiveQuotes:
    """Brings quotes in rounds; made in the one process that is elected to."""

    def __init__(self, desk: QuoteDesk, redis: Redis, sessions: Sessions, clock: Clock) -> None:
        self._desk = desk
        self._redis = redis
        self._sessions = sessions
        self._clock = clock
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="live-quotes")
        self._known: dict[UUID, QuoteWanted] = {}
        self._known_until = 0.0
        self._under_way: dict[UUID, Future[Why | None]] = {}
        self._pauses: dict[UUID, _Pause] = {}

    def close(self) -> None:
        """Let go of the threads, whoever is asked still."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def wait(self) -> None:
        """Until everybody who was asked has answered."""
        wait(self._under_way.values())

    async def round(self, also: Collection[UUID] = ()) -> int:
        """Ask for what is due of what somebody listens to, and of these; for how many was asked."""
        try:
            ids = {key for topic in wanted(self._redis) if (key := instrument_of(topic))}
            ids |= set(also)
        except RedisError as error:
            log.warning("nobody knows what is listened to: %s", error)
            return 0
        now = self._clock.now()
        self._gather(now)
        self._pauses = {key: one for key, one in self._pauses.items() if key in ids}
        waiting = ids - self._under_way.keys()
        held = self._desk.last_good.get(list(waiting))
        due = [
            key
            for key in waiting
            if (key not in held or held[key].fresh_until <= now)
            and (key not in self._pauses or self._pauses[key].until <= now)
        ]
        await self._know(due)
        asked = [self._known[key] for key in due if key in self._known]
        # who waited longest is asked first: quotas may end within a round
        asked.sort(key=lambda one: received_at(held.get(one.instrument_id)))
        for one in asked:
            ends = time.monotonic() + PATIENCE_SECONDS
            self._under_way[one.instrument_id] = self._pool.submit(self._desk.refresh, one, ends)
        return len(asked)

    def _gather(self, now: datetime) -> None:
        """Look at what was answered: whoever got nothing waits longer each time."""
        done = {key: future for key, future in self._under_way.items() if future.done()}
        for key, future in done.items():
            del self._under_way[key]
            error = future.exception()
            if error is not None:
                log.error("asking for a quote failed: %s", error)
            if error is None and future.result() is None:
                self._pauses.pop(key, None)
                continue
            before = self._pauses.get(key)
            length = FIRST_PAUSE if before is None else min(before.length * 2, LONGEST_PAUSE)
            self._pauses[key] = _Pause(now + length, length)

    async def _know(self, ids: Collection[UUID]) -> None:
        """Read what is not known yet of these instruments."""
        if time.monotonic() >= self._known_until:
            self._known.clear()
            self._known_until = time.monotonic() + KNOWN_SECONDS
        new = [key for key in ids if key not in self._known]
        if not new:
            return
        async with self._sessions.begin() as session:
            rows = await session.scalars(select(InstrumentRow).where(InstrumentRow.id.in_(new)))
            looked_at = await seen(session, rows.all(), today(self._clock))
        self._known |= {key: one.wanted for key, one in looked_at.items() if one.wanted.is_askable}
