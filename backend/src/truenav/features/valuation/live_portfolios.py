"""Portfolios somebody looks at, told anew whenever a trade moves them.

What is held is read again when the portfolio's values were worked out anew, and now and then, for
rates and own prices change without that; between, a trade revalues its own position alone.
"""

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from truenav.core.ids import TenantId
from truenav.features.marketdata.last_good import LastGood
from truenav.features.valuation.latest import LatestHoldings, given_latest
from truenav.features.valuation.messages import topic_of_valuation
from truenav.features.valuation.portfolio_messages import (
    tenant_of,
    told_of_page,
    topic_of_portfolio,
)
from truenav.features.valuation.scoping import narrowed
from truenav.features.valuation.series import scope_of
from truenav.platform.clock import Clock, today
from truenav.platform.live.publishing import LiveMessage, publish
from truenav.platform.live.topics import keys_of
from truenav.platform.live.wanted import wanted
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

log = logging.getLogger("truenav.live")
# Rates, own prices and the day itself change without a word.
KNOWN_SECONDS = 60.0


@dataclass(slots=True)
class _Looked:
    """A portfolio as it was read, by which state of its values, and what was told of it last.

    `is_due` is whether it may have moved since.
    """

    holdings: LatestHoldings
    state: bytes | None
    until: float
    told: LiveMessage | None = None
    is_due: bool = True


@dataclass(frozen=True, slots=True)
class _Standing:
    """What was last told of a portfolio's values, and whether the server holds its last message."""

    rebuilt: bytes | None
    is_told: bool


class LivePortfolios:
    """Tells of portfolios in rounds; made in the one process that is elected to."""

    def __init__(self, redis: Redis, sessions: Sessions, clock: Clock) -> None:
        self._redis = redis
        self._sessions = sessions
        self._clock = clock
        self._last_good = LastGood(redis)
        self._looked: dict[TenantId, _Looked] = {}
        # until when nobody tries again what could not be read
        self._resting: dict[TenantId, float] = {}

    @property
    def instrument_ids(self) -> set[UUID]:
        """What the portfolios hold that somebody looks at."""
        return {key for one in self._looked.values() for key in one.holdings.instrument_ids}

    async def round(self) -> int:
        """Tell of each portfolio that moved; of how many."""
        try:
            tenants = {key for topic in wanted(self._redis) if (key := tenant_of(topic))}
            stand = self._standings(tenants)
            self._looked = {key: one for key, one in self._looked.items() if key in tenants}
            self._resting = {key: end for key, end in self._resting.items() if key in tenants}
            for tenant_id in tenants:
                await self._look_safely(tenant_id, stand[tenant_id])
            quotes = self._last_good.get(list(self.instrument_ids))
            count = 0
            for tenant_id, one in self._looked.items():
                if one.holdings.see(quotes):
                    one.is_due = True
                if one.is_due:
                    count += self._tell(tenant_id, one)
        except RedisError as error:
            log.warning("portfolios are not told: %s", error)
            return 0
        return count

    def _standings(self, tenants: Collection[TenantId]) -> dict[TenantId, _Standing]:
        pipe = self._redis.pipeline(transaction=False)
        for tenant_id in tenants:
            pipe.hget(keys_of(topic_of_valuation(tenant_id)).state, "last")
            pipe.hexists(keys_of(topic_of_portfolio(tenant_id)).state, "last")
        found: list[Any] = pipe.execute()
        both = zip(found[::2], found[1::2], strict=True)
        return {key: _Standing(*one) for key, one in zip(tenants, both, strict=True)}

    async def _look_safely(self, tenant_id: TenantId, stands: _Standing) -> None:
        """One portfolio that cannot be read keeps no other's from being told; it rests a while."""
        if time.monotonic() < self._resting.get(tenant_id, 0.0):
            return
        try:
            await self._look(tenant_id, stands)
        except (OperationalError, RedisError):
            raise
        except Exception:
            log.exception("the portfolio of tenant %s cannot be read", tenant_id)
            self._looked.pop(tenant_id, None)
            self._resting[tenant_id] = time.monotonic() + KNOWN_SECONDS

    async def _look(self, tenant_id: TenantId, stands: _Standing) -> None:
        """Read what a portfolio holds, unless it is known."""
        known = self._looked.get(tenant_id)
        if known is not None and not stands.is_told:
            known.told, known.is_due = None, True  # the server forgot it
        state = stands.rebuilt
        if known is not None and known.state == state and time.monotonic() < known.until:
            return
        async with open_unit_of_work(self._sessions, tenant_id) as uow:
            scope = await narrowed(uow, await scope_of(uow, None, today(self._clock)))
            given = await given_latest(uow, scope)
        told = known.told if known is not None else None
        until = time.monotonic() + KNOWN_SECONDS
        self._looked[tenant_id] = _Looked(LatestHoldings(given), state, until, told)

    def _tell(self, tenant_id: TenantId, one: _Looked) -> bool:
        """Tell how it stands, if it stands otherwise than was told."""
        message = told_of_page(tenant_id, one.holdings.page())
        is_news = message != one.told
        if is_news:
            publish(self._redis, message)
            one.told = message
        one.is_due = False
        return is_news
