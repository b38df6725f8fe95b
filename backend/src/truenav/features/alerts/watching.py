"""Rules on prices look at quotes as they come in; made in the one process that is elected to.

What was newest is compared, not every message: a price that crosses and comes back between two
rounds was not seen. A process that ends forgets only what it looked at, so the next one looks
again; what the rules remember is in the database.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from redis import Redis
from sqlalchemy import text

from truenav.core.ids import TenantId
from truenav.features.alerts.looking import look_at_prices
from truenav.features.marketdata.last_good import HeldQuote, LastGood
from truenav.features.marketdata.messages import topic_of_instrument
from truenav.platform.clock import Clock
from truenav.platform.live.wanted import want_blocking
from truenav.platform.outbox import Relay, enqueue_announced
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

# A rule somebody made is seen this soon.
KNOWN_FOR = timedelta(seconds=2)
# Quotes are asked for as if somebody listened; a want lasts half a minute.
WANTED_FOR = timedelta(seconds=10)
# Of a tenant whose rules could not look.
PAUSE = timedelta(minutes=1)
WATCHED = text("SELECT tenant_id, instrument_id, changed_at FROM sec.watched_by_alerts()")
Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What was looked at: a quote, by rules as they were."""

    as_of: datetime
    price: Decimal
    changed_at: datetime


class QuoteWatch:
    """Finds tenants whose rules have a new quote to look at, and has them look."""

    def __init__(self, redis: Redis, sessions: Sessions, relay: Relay, clock: Clock) -> None:
        self._redis = redis
        self._last_good = LastGood(redis)
        self._sessions = sessions
        self._relay = relay
        self._clock = clock
        self._watched: dict[Pair, datetime] = {}
        self._known_until: datetime | None = None
        self._wanted_until: datetime | None = None
        self._held: Mapping[UUID, HeldQuote] = {}
        self._looked: dict[Pair, _Mark] = {}
        self._paused: dict[UUID, datetime] = {}

    async def due(self) -> dict[UUID, list[UUID]]:
        """The instruments with a quote that the rules of a tenant have not looked at, by tenant."""
        now = self._clock.now()
        await self._know(now)
        ids = sorted({instrument_id for _, instrument_id in self._watched})
        self._held = await asyncio.to_thread(self._last_good.get, ids)
        self._paused = {key: until for key, until in self._paused.items() if until > now}
        found: dict[UUID, list[UUID]] = {}
        for pair in self._watched:
            mark = self._mark(pair)
            tenant_id, instrument_id = pair
            if mark is not None and mark != self._looked.get(pair):
                found.setdefault(tenant_id, []).append(instrument_id)
        return {key: ids for key, ids in found.items() if key not in self._paused}

    def _mark(self, pair: Pair) -> _Mark | None:
        held = self._held.get(pair[1])
        if held is None:
            return None
        return _Mark(held.quote.as_of, held.quote.price, self._watched[pair])

    async def _know(self, now: datetime) -> None:
        """Read which rules there are, and have quotes of what they watch asked for."""
        if self._known_until is None or now >= self._known_until:
            async with self._sessions.begin() as session:
                rows = await session.execute(WATCHED)
                self._watched = {(row[0], row[1]): row[2] for row in rows}
            self._looked = {key: mark for key, mark in self._looked.items() if key in self._watched}
            self._known_until = now + KNOWN_FOR
        if self._wanted_until is None or now >= self._wanted_until:
            topics = {topic_of_instrument(key) for _, key in self._watched}
            await asyncio.to_thread(want_blocking, self._redis, topics)
            self._wanted_until = now + WANTED_FOR

    async def look(self, tenant_id: UUID, instrument_ids: list[UUID]) -> int:
        """Have the rules of a tenant look at what is due; how many tell."""
        now = self._clock.now()
        # until it is done well it counts as failed
        self._paused[tenant_id] = now + PAUSE
        marks = {(tenant_id, key): self._mark((tenant_id, key)) for key in instrument_ids}
        async with open_unit_of_work(self._sessions, TenantId(tenant_id)) as uow:
            fired = await look_at_prices(uow, self._held, now, instrument_ids)
        self._looked |= {pair: mark for pair, mark in marks.items() if mark is not None}
        del self._paused[tenant_id]
        await enqueue_announced(self._relay, uow)
        return fired
