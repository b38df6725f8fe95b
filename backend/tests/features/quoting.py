"""Quotes as providers send them, and a desk that asks a server of the test's own."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from redis import Redis

from tests.loopback import Answer, Asked, Loopback, loopback
from truenav.features.marketdata.quoting import QuoteDesk
from truenav.platform.clock import Clock
from truenav.platform.settings import ProviderSettings, Settings


def yahoo_quote(symbol: str, price: Any, as_of: datetime, currency: str = "USD") -> Answer:
    """A chart with nothing but its head."""
    meta = {
        "symbol": symbol, "currency": currency, "regularMarketPrice": price,
        "regularMarketTime": int(as_of.timestamp()), "chartPreviousClose": 100,
    }  # fmt: skip
    body = {"chart": {"error": None, "result": [{"meta": meta}]}}
    return Answer(200, json.dumps(body).encode())


def tiingo_quote(symbol: str, price: Any, as_of: datetime) -> Answer:
    """A row of IEX."""
    row = {"ticker": symbol, "tngoLast": price, "timestamp": as_of.isoformat(), "prevClose": 100}
    return Answer(200, json.dumps([row]).encode())


def asking(settings: Settings, url: str, **changes: Any) -> Settings:
    """Settings that ask Yahoo, or whom they say, at one address."""
    given = {"order": ["yahoo"], "yahoo_base_url": url, "base_urls": {"tiingo": url}, **changes}
    return replace(settings, providers=ProviderSettings(**given))


@asynccontextmanager
async def desk_of(
    settings: Settings,
    redis: Redis | None,
    clock: Clock,
    *answers: Answer | Callable[[Asked], Answer],
    deadline_seconds: float = 3.0,
    **changes: Any,
) -> AsyncIterator[tuple[QuoteDesk, Loopback]]:
    """A desk whose provider gives these answers, the last one again and again."""
    with loopback(*answers) as server:
        desk = QuoteDesk(asking(settings, server.url, **changes), redis, clock, deadline_seconds)
        try:
            yield desk, server
        finally:
            desk.close()
