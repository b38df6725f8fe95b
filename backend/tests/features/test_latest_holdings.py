"""Holdings at the latest trades, asked for and told: the same figures both ways."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import bought, paid, post, priced
from tests.features.living import a_ticket, listening
from truenav.features.marketdata.last_good import HeldQuote, LastGood
from truenav.features.marketdata.providers.quotes import Quote
from truenav.features.valuation.live_portfolios import LivePortfolios
from truenav.features.valuation.portfolio_messages import topic_of_portfolio
from truenav.platform.clock import FakeClock
from truenav.platform.live.topics import keys_of
from truenav.platform.live.wanted import want_blocking, wanted
from truenav.platform.queue import connect
from truenav.platform.unit_of_work import Sessions

# The clock stands at noon (UTC) of Thursday 5 March 2026.
LATEST = {"prices": "latest"}
MOVING = (
    "as_of", "currency", "nav", "total_market_value", "total_day_change",
    "total_unrealized_gain", "receivable_weight_ratio", "valued_count", "latest",
)  # fmt: skip


class Trades:
    """Tells last trades, as whoever brings quotes does."""

    def __init__(self, redis_url: str) -> None:
        self.redis = connect(redis_url)
        self._last_good = LastGood(self.redis)

    def tell(self, instrument_id: UUID, price: str, at: datetime, currency: str = "USD") -> None:
        """One was traded at an instant."""
        quote = Quote(
            symbol="T", price=Decimal(price), currency=currency, as_of=at, source="yahoo",
            delay_minutes=15, previous_close=None,
        )  # fmt: skip
        until = at + timedelta(minutes=5)
        assert self._last_good.put(instrument_id, HeldQuote(quote, at, until))


@pytest.fixture
def trades(redis_url: str) -> Trades:
    return Trades(redis_url)


def at(hour: int, minute: int = 0, day: int = 5) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


async def a_portfolio(client: httpx.AsyncClient, connection: Connection) -> tuple[UUID, UUID]:
    """Ten of one at 100 and four of another at 50, and 2,000 dollars; what the two are."""
    first = priced(connection, {"2026-03-03": "95", "2026-03-04": "100"})
    second = priced(connection, {"2026-03-03": "50", "2026-03-04": "50"})
    account_id = await create_account(client)
    await post(
        client,
        paid(account_id, "2026-02-02", "3100"),
        bought(account_id, first, "2026-02-03", "10", "90"),
        bought(account_id, second, "2026-02-03", "4", "50"),
    )
    return first, second


async def asked(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/api/v1/holdings", params={**LATEST, **query})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_newer_trade_counts_and_the_close_where_there_is_none(
    client: httpx.AsyncClient, admin_connection: Connection, trades: Trades
) -> None:
    first, second = await a_portfolio(client, admin_connection)
    trades.tell(first, "104", at(11, 30))
    trades.tell(second, "60", at(20, 0, day=3))  # older than the close of the 4th
    page = await asked(client)
    # 10 x 104 + 4 x 50 + 2,000; the first gained 40 since its close, the second stood still
    assert (page["nav"], page["total_day_change"]) == ("3240", "40")
    assert page["latest"] == {
        "count": 1,
        "newest_as_of": "2026-03-05T11:30:00Z",
        "oldest_as_of": "2026-03-05T11:30:00Z",
        "delay_minutes": 15,
        "sources": ["yahoo"],
    }
    items = {UUID(item["instrument_id"]): item for item in page["items"]}
    assert items[first]["price_as_of"] == "2026-03-05T11:30:00Z"
    assert (items[first]["price"], items[first]["price_date"]) == ("104", "2026-03-05")
    assert "price_as_of" not in items[second]
    closes = (await client.get("/api/v1/holdings")).json()
    assert (closes["nav"], "latest" in closes) == ("3200", False)


async def test_of_a_part_it_is_that_part(
    client: httpx.AsyncClient, admin_connection: Connection, trades: Trades
) -> None:
    first, _ = await a_portfolio(client, admin_connection)
    trades.tell(first, "104", at(11, 30))
    page = await asked(client, instrument_id=str(first))
    assert (page["nav"], len(page["items"]), page["cash"]) == ("1040", 1, [])


async def test_the_latest_trades_are_of_no_day_but_now(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/holdings", params={**LATEST, "as_of": "2026-03-04"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/as_of"


# --- told -------------------------------------------------------------------------------------


@pytest.fixture
def portfolios(trades: Trades, worker_sessions: Sessions, clock: FakeClock) -> LivePortfolios:
    return LivePortfolios(trades.redis, worker_sessions, clock)


async def test_every_message_says_what_the_page_says(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    member: Member,
    trades: Trades,
    live_place: str,
    portfolios: LivePortfolios,
    work: Work,
) -> None:
    first, second = await a_portfolio(client, admin_connection)
    await work(None)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic_of_portfolio(member.tenant_id))
        await _until_wanted(trades, member)
        navs = []
        for number, (key, price) in enumerate(
            [(None, ""), (first, "104"), (second, "49.5"), (first, "103"), (first, "103.25")]
        ):
            if key is not None:
                trades.tell(key, price, at(11, number))
            assert await portfolios.round() == 1
            told = await one.until(lambda message: message["kind"] == "portfolio")
            one.told.clear()
            page = await asked(client)
            assert {name: told["data"][name] for name in MOVING} == {
                name: page[name] for name in MOVING
            }
            assert told["data"]["items"] == [
                {name: item.get(name) for name in told["data"]["items"][0]}
                for item in page["items"]
            ]
            assert told["sequence"] == number + 1
            navs.append(page["nav"])
            assert await portfolios.round() == 0  # nothing moved: nothing is told
        # 2,000 + 10 x the first + 4 x the second
        assert navs == ["3200", "3240", "3238", "3228", "3230.5"]
    assert {first, second} <= portfolios.instrument_ids


async def test_what_is_recorded_is_in_the_next_message(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    member: Member,
    trades: Trades,
    live_place: str,
    portfolios: LivePortfolios,
    work: Work,
) -> None:
    await a_portfolio(client, admin_connection)
    await work(None)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic_of_portfolio(member.tenant_id))
        await _until_wanted(trades, member)
        await portfolios.round()
        account_id = UUID((await client.get("/api/v1/accounts")).json()["items"][0]["id"])
        await post(client, paid(account_id, "2026-03-04", "500"))
        await work(None)
        assert await portfolios.round() == 1
    assert _last(trades, member)["nav"] == "3700"


async def test_who_has_forgotten_is_told_again(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    member: Member,
    trades: Trades,
    live_place: str,
    portfolios: LivePortfolios,
) -> None:
    await a_portfolio(client, admin_connection)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic_of_portfolio(member.tenant_id))
        await _until_wanted(trades, member)
        assert await portfolios.round() == 1
        keys = keys_of(topic_of_portfolio(member.tenant_id))
        trades.redis.delete(keys.state, keys.stream)
        assert await portfolios.round() == 1
    assert _last(trades, member)["nav"] == "3200"


async def test_a_portfolio_that_cannot_be_read_keeps_no_other_from_being_told(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    member: Member,
    trades: Trades,
    live_place: str,
    portfolios: LivePortfolios,
) -> None:
    first, _ = await a_portfolio(client, admin_connection)
    # somebody listened to it, and then it was deleted
    await asyncio.to_thread(want_blocking, trades.redis, [f"portfolio:{UUID(int=1)}"])
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic_of_portfolio(member.tenant_id))
        await _until_wanted(trades, member)
        assert await portfolios.round() == 1
        trades.tell(first, "104", at(11))
        assert await portfolios.round() == 1
    assert _last(trades, member)["nav"] == "3240"


async def test_a_portfolio_nobody_looks_at_is_not_read(
    client: httpx.AsyncClient, admin_connection: Connection, portfolios: LivePortfolios
) -> None:
    first, _ = await a_portfolio(client, admin_connection)
    await portfolios.round()
    assert first not in portfolios.instrument_ids


async def test_of_another_portfolio_nobody_is_told(
    client: httpx.AsyncClient, member: Member, other_member: Member, live_place: str
) -> None:
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic_of_portfolio(other_member.tenant_id), "portfolio:x")
        refused = [told["reason"] for told in one.told if told["kind"] == "refused"]
        assert refused == ["not_found"] * 2
    assert member.tenant_id != other_member.tenant_id


async def _until_wanted(trades: Trades, member: Member) -> None:
    """Until the gateway has noted that somebody listens."""
    topic = topic_of_portfolio(member.tenant_id)
    async with asyncio.timeout(10):
        while topic not in wanted(trades.redis):  # noqa: ASYNC110 - another process's word
            await asyncio.sleep(0.02)


def _last(trades: Trades, member: Member) -> dict[str, Any]:
    kept: Any = trades.redis.hget(keys_of(topic_of_portfolio(member.tenant_id)).state, "last")
    data: dict[str, Any] = json.loads(kept)["data"]
    return data
