"""Quotes of what somebody listens to: asked for when due, told to everybody, by one process."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
from fastapi import FastAPI
from redis import Redis

from tests.builders import add_instrument
from tests.features.living import listening, served, topic_of
from tests.features.quoting import asking, desk_of, yahoo_quote
from tests.loopback import Answer, Loopback, loopback
from truenav.entrypoints.worker import live_feed
from truenav.features.marketdata.live_quotes import LiveQuotes
from truenav.features.marketdata.messages import instrument_of
from truenav.platform.clock import FakeClock
from truenav.platform.live.topics import keys_of
from truenav.platform.live.wanted import WANT_SECONDS, want, wanted
from truenav.platform.queue import connect
from truenav.platform.settings import Settings
from truenav.platform.unit_of_work import Sessions

# A Thursday, in session in New York.
TRADING = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
# A Saturday.
WEEKEND = datetime(2026, 3, 7, 16, 0, tzinfo=UTC)


def symbol() -> str:
    """Nobody else's."""
    return f"L{uuid4().hex[:6]}".upper().translate(str.maketrans("0123456789", "GHIJKLMNOP"))


async def listen_to(redis_url: str, *ids: UUID) -> None:
    from redis.asyncio import Redis as Listening  # noqa: PLC0415 - both are called Redis

    async with Listening.from_url(redis_url) as redis:
        await want(redis, [topic_of(key) for key in ids])


@asynccontextmanager
async def bringing(
    settings: Settings,
    redis_url: str,
    worker_sessions: Sessions,
    clock: FakeClock,
    *answers: Any,
) -> AsyncIterator[tuple[LiveQuotes, Loopback]]:
    async with desk_of(settings, connect(redis_url), clock, *answers) as (desk, server):
        quotes = LiveQuotes(desk, connect(redis_url), worker_sessions, clock)
        try:
            yield quotes, server
        finally:
            quotes.close()


async def settle(quotes: LiveQuotes) -> None:
    """Until everybody who was asked has answered."""
    async with asyncio.timeout(10):
        await asyncio.to_thread(quotes.wait)


def told(redis_url: str, instrument_id: UUID) -> list[dict[str, Any]]:
    with Redis.from_url(redis_url) as redis:
        kept: Any = redis.xrange(keys_of(topic_of(instrument_id)).stream)
    return [json.loads(fields[b"message"]) for _, fields in kept]


async def test_what_is_listened_to_is_asked_for_once_until_it_is_due_again(
    settings: Settings,
    redis_url: str,
    worker_sessions: Sessions,
    admin_connection: psycopg.Connection[Any],
) -> None:
    name, clock = symbol(), FakeClock(TRADING)
    key = add_instrument(admin_connection, symbol=name)
    other = add_instrument(admin_connection, symbol=symbol())
    first, second = TRADING - timedelta(minutes=15), TRADING - timedelta(minutes=5)
    answers = yahoo_quote(name, 104, first), yahoo_quote(name, 105, second)
    async with bringing(settings, redis_url, worker_sessions, clock, *answers) as (quotes, server):
        assert await quotes.round() == 0  # nobody listens
        await listen_to(redis_url, key)
        assert await quotes.round() == 1
        await settle(quotes)
        assert await quotes.round() == 0  # fresh
        clock.instant = TRADING + timedelta(minutes=10)
        assert await quotes.round() == 1
        await settle(quotes)
        assert {one.path.rpartition("/")[2] for one in server.asked} == {name}
    messages = told(redis_url, key)
    assert [(m["sequence"], m["data"]["price"]) for m in messages] == [(1, "104"), (2, "105")]
    assert messages[0]["data"]["as_of"] == first.isoformat().replace("+00:00", "Z")
    assert told(redis_url, other) == []


async def test_while_the_market_is_closed_hardly_anything_is_asked(
    settings: Settings,
    redis_url: str,
    worker_sessions: Sessions,
    admin_connection: psycopg.Connection[Any],
) -> None:
    name, clock = symbol(), FakeClock(WEEKEND)
    key = add_instrument(admin_connection, symbol=name)
    friday = yahoo_quote(name, 104, datetime(2026, 3, 6, 21, 0, tzinfo=UTC))
    async with bringing(settings, redis_url, worker_sessions, clock, friday) as (quotes, server):
        for hours in range(0, 24, 2):
            clock.instant = WEEKEND + timedelta(hours=hours)
            await listen_to(redis_url, key)
            await quotes.round()
            await settle(quotes)
        assert len(server.asked) == 1


async def test_who_could_not_be_asked_is_asked_again_later_each_time(
    settings: Settings,
    redis_url: str,
    worker_sessions: Sessions,
    admin_connection: psycopg.Connection[Any],
) -> None:
    name, clock = symbol(), FakeClock(TRADING)
    key = add_instrument(admin_connection, symbol=name)
    rounds = []
    down = Answer(404, b"{}")
    async with bringing(settings, redis_url, worker_sessions, clock, down) as (quotes, _):
        await listen_to(redis_url, key)
        for seconds in range(0, 130, 5):
            clock.instant = TRADING + timedelta(seconds=seconds)
            if await quotes.round():
                rounds.append(seconds)
            await settle(quotes)
    # 15 s, 30 s, 60 s after the round that sees the answer, which is five seconds later
    assert rounds == [0, 20, 55, 120]


async def test_a_want_ends_by_itself_and_names_what_is_an_instrument(redis_url: str) -> None:
    key = uuid4()
    await listen_to(redis_url, key)
    with Redis.from_url(redis_url) as redis:
        assert wanted(redis) == {topic_of(key)}
        redis.zincrby("live:wanted", -WANT_SECONDS - 1, topic_of(key))
        assert wanted(redis) == set()
    assert instrument_of(topic_of(key)) == key
    for odd in ("market:XNYS", "instrument:", f"instrument:{str(key).upper()}", "instrument:1"):
        assert instrument_of(odd) is None


async def test_from_the_provider_to_the_screen_through_the_elected_process(
    app: FastAPI,
    settings: Settings,
    client: httpx.AsyncClient,
    admin_connection: psycopg.Connection[Any],
) -> None:
    name = symbol()
    key = add_instrument(admin_connection, symbol=name)
    clock, stop = FakeClock(TRADING), threading.Event()
    quote = yahoo_quote(name, "104.25", TRADING - timedelta(minutes=1))
    with loopback(quote) as server:
        asked = replace(asking(settings, server.url), redis_url=settings.redis_url)
        # two that would do it: one is elected
        processes = [
            threading.Thread(target=live_feed.bring_quotes, args=(asked, clock, stop))
            for _ in range(2)
        ]
        for process in processes:
            process.start()
        try:
            async with served(app) as place:
                ticket = (await client.post("/api/v1/live/tickets")).json()["ticket"]
                async with listening(place, ticket) as one:
                    await one.subscribe(topic_of(key))
                    seen = await one.until(lambda told: told["kind"] == "quote")
        finally:
            stop.set()
            for process in processes:
                await asyncio.to_thread(process.join)
        assert len(server.asked) == 1
    assert seen["data"]["price"] == "104.25"
    assert seen["data"]["source"] == "yahoo"
