"""Rules made through the API, and quotes that come in."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from tests.builders import a_key
from truenav.features.marketdata.last_good import HeldQuote, LastGood
from truenav.features.marketdata.providers.quotes import Quote
from truenav.platform.queue import connect

ALERTS = "/api/v1/alerts"
RULES = f"{ALERTS}/rules"
Body = dict[str, Any]


def done(answer: httpx.Response) -> Body:
    """The body of an answer that is no problem."""
    assert answer.status_code in {200, 201}, answer.text
    body: Body = answer.json()
    return body


async def asked(client: httpx.AsyncClient, kind: str, **fields: Any) -> httpx.Response:
    """Try to make a rule."""
    named = {name: str(one) if isinstance(one, UUID) else one for name, one in fields.items()}
    return await client.post(RULES, json={"kind": kind, **named}, headers=a_key())


async def a_rule(client: httpx.AsyncClient, kind: str, **fields: Any) -> Body:
    """A rule that was made."""
    return done(await asked(client, kind, **fields))


async def rises_to(
    client: httpx.AsyncClient, instrument_id: UUID, price: str, **fields: Any
) -> Body:
    """A rule that tells when a price rises to an amount."""
    given = {"direction": "above", "threshold": price, **fields}
    return await a_rule(client, "price", instrument_id=instrument_id, **given)


async def alerts(client: httpx.AsyncClient, **query: Any) -> list[Body]:
    """What was told, the newest first."""
    items: list[Body] = done(await client.get(ALERTS, params=query))["items"]
    return items


async def unread(client: httpx.AsyncClient) -> int:
    """How many nobody has read."""
    count: int = done(await client.get(f"{ALERTS}/unread"))["unread_count"]
    return count


def quoted(
    redis_url: str, instrument_id: UUID, price: str, as_of: datetime, currency: str = "USD"
) -> None:
    """A quote comes in, as from a provider."""
    quote = Quote(
        symbol="ANY", price=Decimal(price), currency=currency, as_of=as_of, source="tiingo",
        delay_minutes=0, previous_close=Decimal(90),
    )  # fmt: skip
    with connect(redis_url) as redis:
        held = HeldQuote(quote, as_of, as_of + timedelta(minutes=1))
        assert LastGood(redis).put(instrument_id, held)
