"""Quotes for who asks now: fresh from the cache, new from a provider, or the last good one.

Callers of this process who want the same instrument wait for one answer; of several processes one
asks, and the others read what it brought. Nobody waits longer than the deadline: what comes later
is kept for the next who asks.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal, get_args
from uuid import UUID

from redis import Redis

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.marketdata.quotes import Expected, Market, fresh_until, judge_quote
from truenav.core.marketdata.validation import currency_factor
from truenav.core.money import exact
from truenav.features.marketdata.chain import (
    NOT_COVERED,
    TIME_IS_UP,
    DataProviderChain,
    NobodyAnswered,
)
from truenav.features.marketdata.last_good import HeldQuote, LastGood
from truenav.features.marketdata.providers.configured import configured
from truenav.features.marketdata.providers.quotes import Quote, Wanted
from truenav.platform.clock import Clock
from truenav.platform.gates import Gate, MemoryGate, SharedGate
from truenav.platform.settings import Settings
from truenav.platform.turns import Turns

DEADLINE_SECONDS = 3.0
# Of each provider's request; two may fail before the caller's patience ends.
PROVIDER_SECONDS = 1.5
LEASE_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 0.05
AT_ONCE = 8
# Nobody is asked again for an instrument that nobody could tell of.
FAILED_SECONDS = 15.0
UNCOVERED_SECONDS = 60.0
# Why a quote is not fresh.
Why = Literal["offline", "no_provider", "nobody_answered", "deadline"]
WORDS: Mapping[str, Why] = {word: word for word in get_args(Why)}


class QuoteRefused(TruenavError):
    """A quote that may not be believed; `params["reason"]` says why."""

    kind = ErrorKind.UNPROCESSABLE
    code = "quote_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteWanted:
    """An instrument a quote is wanted of, and what the quote is measured by.

    `is_askable` is False of what no provider can know: it trades no more, or has no ticker.
    """

    instrument_id: UUID
    wanted: Wanted
    market: Market
    last_close: tuple[date, Decimal] | None = None
    splits: tuple[tuple[date, Decimal], ...] = ()
    is_askable: bool = True


@dataclass(frozen=True, slots=True)
class Answered:
    """The quote that is held, if any; `reason` says why it is not fresh, None when it is."""

    held: HeldQuote | None
    reason: Why | None


class QuoteDesk:
    """One per process; made when it starts, closed when it ends."""

    def __init__(
        self,
        settings: Settings,
        redis: Redis | None,
        clock: Clock,
        deadline_seconds: float = DEADLINE_SECONDS,
        provider_seconds: float = PROVIDER_SECONDS,
    ) -> None:
        self._clock = clock
        self._deadline = deadline_seconds
        self._is_offline = settings.providers.is_offline
        self.last_good = LastGood(redis)
        self._turns = Turns(redis, "market_data_quote:", LEASE_SECONDS)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="quotes")
        self._under_way: dict[UUID, asyncio.Future[Why | None]] = {}
        gate: Gate = SharedGate(redis) if redis is not None else MemoryGate()
        self._open = ExitStack()
        providers = self._open.enter_context(
            configured(settings, gate, clock, deadline_seconds=provider_seconds)
        )
        self._chain = DataProviderChain(providers)

    async def quotes(self, wanted: Sequence[QuoteWanted]) -> dict[UUID, Answered]:
        """What is known of each within the deadline, by instrument."""
        ids = [one.instrument_id for one in wanted]
        held = await self.held(ids)
        now = self._clock.now()
        stale = [w for w in wanted if not _is_fresh(held.get(w.instrument_id), now)]
        # who waited longest is asked first: where time is up, the next round goes on from there
        stale.sort(key=lambda w: received_at(held.get(w.instrument_id)))
        reasons: dict[UUID, Why | None] = {}
        if self._is_offline:
            reasons = {one.instrument_id: "offline" for one in stale}
        elif stale:
            reasons = {one.instrument_id: "no_provider" for one in stale}
            asked = {one.instrument_id: self._asked(one) for one in stale if one.is_askable}
            if asked:
                await asyncio.wait(asked.values(), timeout=self._deadline)
            reasons |= {
                key: future.result() if future.done() else "deadline"
                for key, future in asked.items()
            }
            held |= await self.held(list(asked))
        return {key: Answered(held.get(key), reasons.get(key)) for key in ids}

    async def held(self, ids: Sequence[UUID]) -> dict[UUID, HeldQuote]:
        """The last good quotes, by instrument; nobody is asked for them."""
        # redis-py blocks
        return await asyncio.get_running_loop().run_in_executor(None, self.last_good.get, ids)

    def _asked(self, one: QuoteWanted) -> asyncio.Future[Why | None]:
        """The answer under way, or a new one: callers of the same instrument share it."""
        key = one.instrument_id
        if key in self._under_way:
            return self._under_way[key]
        ends = time.monotonic() + self._deadline
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._pool, self.refresh, one, ends)
        self._under_way[key] = future
        future.add_done_callback(lambda _: self._under_way.pop(key, None))
        return future

    def refresh(self, one: QuoteWanted, ends: float) -> Why | None:
        """Bring a fresh quote, or wait for who brings it; None, or why there is none."""
        name = str(one.instrument_id)
        while (token := self._turns.take(name)) is None:
            if time.monotonic() >= ends:
                return "deadline"
            time.sleep(LOOK_AGAIN_SECONDS)
        try:
            # somebody may have brought it, or tried in vain, while we waited for the turn
            held = self.last_good.get([one.instrument_id]).get(one.instrument_id)
            if _is_fresh(held, self._clock.now()):
                return None
            if (word := self._turns.word(name)) is not None:
                return WORDS.get(word, "nobody_answered")
            if time.monotonic() >= ends:
                return "deadline"  # whoever asked is gone; the next one asks
            return self._ask(one, held, ends)
        finally:
            self._turns.give_back(name, token)

    def _ask(self, one: QuoteWanted, held: HeldQuote | None, ends: float) -> Why | None:
        try:
            told = self._chain.quote(one.wanted, self._checking(one, held), ends)
        except NobodyAnswered as error:
            tried = [a.outcome for a in error.attempts if a.outcome != NOT_COVERED]
            if TIME_IS_UP in tried:
                return "deadline"  # not everybody was asked: that is no word for others
            word: Why = "nobody_answered" if tried else "no_provider"
            seconds = FAILED_SECONDS if tried else UNCOVERED_SECONDS
            self._turns.leave_word(str(one.instrument_id), word, seconds)
            return word
        received = self._clock.now()
        quote = in_major_unit(told.value, one.wanted.currency)
        until = fresh_until(one.market, quote.delay_minutes, received)
        self.last_good.put(one.instrument_id, HeldQuote(quote, received, until))
        return None

    def _checking(self, one: QuoteWanted, held: HeldQuote | None) -> Callable[[Quote], None]:
        def check(quote: Quote) -> None:
            expected = Expected(
                now=self._clock.now(),
                symbol=one.wanted.symbol,
                currency=one.wanted.currency,
                held_as_of=held.quote.as_of if held is not None else None,
                last_close=one.last_close,
                splits=one.splits,
            )
            doubt = judge_quote(quote.price, quote.currency, quote.as_of, expected, quote.symbol)
            if doubt is not None:
                raise QuoteRefused(f"{quote.source}: {doubt.detail}", reason=doubt.reason.value)

        return check

    def close(self) -> None:
        """Let go of threads and connections."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._open.close()


def received_at(held: HeldQuote | None) -> datetime:
    """When a quote came in; before all times where there is none."""
    return held.received_at if held is not None else datetime.min.replace(tzinfo=UTC)


def _is_fresh(held: HeldQuote | None, now: datetime) -> bool:
    return held is not None and now < held.fresh_until


@exact
def in_major_unit(quote: Quote, currency: str) -> Quote:
    """The same quote in the currency its instrument trades in; only the unit may differ."""
    factor = currency_factor(quote.currency, currency)
    if factor is None or quote.currency == currency:
        return quote
    previous = quote.previous_close
    return replace(
        quote,
        price=quote.price * factor,
        currency=currency,
        previous_close=previous * factor if previous is not None else None,
    )
