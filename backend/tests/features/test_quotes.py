"""Quotes: fresh, refreshed, or the last good one with its age; never a worse one, never a wait."""

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from redis import Redis

from tests.builders import a_key, add_instrument
from tests.conftest import Connection
from tests.features.quoting import asking, desk_of, tiingo_quote, yahoo_quote
from tests.loopback import Answer, Asked, loopback
from truenav.core.calendar.exchanges import exchange_days
from truenav.core.marketdata.quotes import Market
from truenav.features.marketdata.last_good import HeldQuote, LastGood
from truenav.features.marketdata.providers.quotes import Quote, Wanted
from truenav.features.marketdata.quoting import QuoteDesk, QuoteWanted
from truenav.platform.clock import FakeClock, SystemClock
from truenav.platform.queue import connect
from truenav.platform.settings import ProviderSettings, Settings

D = Decimal
# Thursday 2026-03-05, noon in New York
TRADING = datetime(2026, 3, 5, 17, tzinfo=UTC)
BEFORE = TRADING - timedelta(seconds=30)
NEW_YORK = Market(exchange_days("XNYS"))


@pytest.fixture
def trading(clock: FakeClock) -> FakeClock:
    """The clock of the application while New York trades."""
    clock.instant = TRADING
    return clock


@pytest.fixture
async def serve(app: FastAPI, settings: Settings, trading: FakeClock) -> AsyncIterator[Any]:
    """Puts a desk with a provider of the test's own into the application."""
    usual = app.state.quotes
    opened: list[Any] = []

    async def put(*answers: Any, **changes: Any) -> Any:
        made = desk_of(settings, app.state.truenav.queue.redis, trading, *answers, **changes)
        desk, server = await made.__aenter__()
        opened.append(made)
        app.state.quotes = desk
        return server

    yield put
    app.state.quotes = usual
    for made in opened:
        await made.__aexit__(None, None, None)


async def quote(client: httpx.AsyncClient, made: UUID) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/quotes/{made}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_quote_says_where_it_is_from_and_how_old_it_is(
    serve: Any, client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection, symbol="ZQA")
    await serve(yahoo_quote("ZQA", 104.25, BEFORE))
    assert await quote(client, made) == {
        "instrument_id": str(made), "symbol": "ZQA", "price": "104.25", "previous_close": "100",
        "currency": "USD", "as_of": "2026-03-05T16:59:30Z", "received_at": "2026-03-05T17:00:00Z",
        "price_date": None, "source": "yahoo", "delay_minutes": None, "session": "regular",
        "is_stale": False, "age_seconds": 30, "reason": None,
    }  # fmt: skip


async def test_while_it_is_fresh_nobody_is_asked_again(
    serve: Any, client: httpx.AsyncClient, admin_connection: Connection, trading: FakeClock
) -> None:
    made = add_instrument(admin_connection, symbol="ZQB")
    server = await serve(
        yahoo_quote("ZQB", 104, BEFORE), yahoo_quote("ZQB", 105, TRADING + timedelta(seconds=10))
    )
    for _ in range(3):
        assert (await quote(client, made))["price"] == "104"
    assert len(server.asked) == 1
    trading.instant = TRADING + timedelta(seconds=15)
    assert (await quote(client, made))["price"] == "105"
    assert len(server.asked) == 2


LATER = TRADING + timedelta(minutes=5)
BAD = {
    "an error": Answer(404, b"{}"),
    "HTML": Answer(200, b"<html>"),
    "half a document": Answer(200, yahoo_quote("ZQC", 104, BEFORE).body[:-9]),
    "NaN": yahoo_quote("ZQC", float("nan"), LATER),
    "Infinity": yahoo_quote("ZQC", float("inf"), LATER),
    "zero": yahoo_quote("ZQC", 0, LATER),
    "negative": yahoo_quote("ZQC", -1, LATER),
    "nothing": yahoo_quote("ZQC", None, LATER),
    "100 times": yahoo_quote("ZQC", 10_400, LATER),
    "a hundredth": yahoo_quote("ZQC", 1.04, LATER),
    "another symbol": yahoo_quote("QQQ", 105, LATER),
    "another currency": yahoo_quote("ZQC", 105, LATER, "EUR"),
    "a currency that is none": yahoo_quote("ZQC", 105, LATER, "XXL"),
    "older": yahoo_quote("ZQC", 105, BEFORE - timedelta(minutes=1)),
    "of the future": yahoo_quote("ZQC", 105, LATER + timedelta(minutes=2)),
    "a time beyond all calendars": Answer(
        200,
        yahoo_quote("ZQC", 1, BEFORE).body.replace(b'MarketTime": 1', b'MarketTime": 9999999'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_answer_never_replaces_a_good_quote(
    name: str,
    serve: Any,
    client: httpx.AsyncClient,
    admin_connection: Connection,
    trading: FakeClock,
) -> None:
    made = add_instrument(
        admin_connection, symbol=None, prices={(TRADING - timedelta(days=1)).date(): "103"}
    )
    admin_connection.execute(
        "UPDATE instruments SET provider_symbol = 'ZQC' WHERE id = %s", (made,)
    )
    server = await serve(yahoo_quote("ZQC", 104, BEFORE), BAD[name])
    assert (await quote(client, made))["price"] == "104"
    trading.instant = LATER

    found = await quote(client, made)

    assert len(server.asked) == 2
    assert (found["price"], found["as_of"]) == ("104", "2026-03-05T16:59:30Z")
    assert (found["is_stale"], found["reason"]) == (True, "nobody_answered")
    assert found["age_seconds"] == 5 * 60 + 30
    # nobody is asked again at once for what nobody could tell
    await quote(client, made)
    assert len(server.asked) == 2


async def test_the_next_provider_is_asked_when_one_cannot_be_believed(
    serve: Any, client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection, symbol="ZQD")

    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/iex"):
            return tiingo_quote("ANOTHER", 50, BEFORE)
        return yahoo_quote("ZQD", 104, BEFORE)

    await serve(answer, order=["tiingo", "yahoo"], keys={"tiingo": "key"})
    found = await quote(client, made)
    assert (found["price"], found["source"]) == ("104", "yahoo")


async def test_pence_are_told_in_pounds(
    serve: Any, client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection, symbol="VOD.L", currency="GBP")
    await serve(yahoo_quote("VOD.L", 512, BEFORE, "GBp"))
    found = await quote(client, made)
    assert (found["price"], found["currency"], found["previous_close"]) == ("5.12", "GBP", "1")


async def test_offline_the_last_close_is_told_with_its_day_and_source(
    serve: Any, client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    day = (TRADING - timedelta(days=1)).date()
    made = add_instrument(admin_connection, prices={day: "103", day - timedelta(days=1): "101"})
    bare = add_instrument(admin_connection)
    server = await serve(Answer(500), is_offline=True)
    found = await quote(client, made)
    assert (found["price"], found["previous_close"], found["source"]) == ("103", "101", "test")
    assert (found["session"], found["is_stale"], found["reason"]) == ("closed", True, "offline")
    # New York closed at 21:00 UTC the day before: 20 hours ago
    assert (found["as_of"], found["price_date"]) == ("2026-03-04T21:00:00Z", "2026-03-04")
    assert found["age_seconds"] == 20 * 3600
    nothing = await quote(client, bare)
    assert (nothing["price"], nothing["reason"], nothing["session"]) == (None, "offline", "unknown")
    assert server.asked == []


async def test_without_a_provider_that_covers_it_that_is_the_reason(
    serve: Any, client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    bond = add_instrument(admin_connection, asset_class="bond")
    server = await serve(Answer(500))
    found = await quote(client, bond)
    assert (found["price"], found["reason"]) == (None, "no_provider")
    assert server.asked == []


async def test_what_trades_no_more_or_has_no_ticker_is_not_asked_for(
    serve: Any, client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    day = (TRADING - timedelta(days=1)).date()
    gone = add_instrument(admin_connection, prices={day: "3"})
    admin_connection.execute("UPDATE instruments SET delisted_on = %s WHERE id = %s", (day, gone))
    isin = add_instrument(admin_connection, symbol="US0378331005")
    server = await serve(Answer(500))
    found = await quote(client, gone)
    assert (found["price"], found["reason"]) == ("3", "no_provider")
    assert (await quote(client, isin))["reason"] == "no_provider"
    assert server.asked == []


async def test_a_price_of_ones_own_counts_before_the_quote_of_its_day(
    serve: Any, client: httpx.AsyncClient, admin_connection: Connection, other_client: Any
) -> None:
    made = add_instrument(admin_connection, symbol="ZQF")
    answer = await client.put(
        f"/api/v1/instruments/{made}/manual-prices/{TRADING.date()}",
        json={"close": "9000", "currency": "USD", "note": None, "version": None},
        headers=a_key(),
    )
    assert answer.status_code in {200, 201}, answer.text
    await serve(yahoo_quote("ZQF", 104, BEFORE))
    assert (await quote(client, made))["price"] == "9000"
    # it is this portfolio's alone, and no measure of what others are told
    assert (await quote(other_client, made))["price"] == "104"


async def test_many_at_once_in_the_order_asked_for_and_what_is_missing_says_so(
    serve: Any, client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = [add_instrument(admin_connection) for _ in range(5)]
    names = admin_connection.execute(
        "SELECT id, symbol FROM instruments WHERE id = ANY (%s)", (made,)
    ).fetchall()
    hidden = add_instrument(admin_connection, is_listed=False)
    unknown = uuid4()

    def answer(asked: Asked) -> Answer:
        return yahoo_quote(asked.path.rpartition("/")[2], 104, BEFORE)

    server = await serve(answer)
    ids = [*made, hidden, unknown]
    asked = {"instrument_ids": ",".join(map(str, ids))}
    items = (await client.get("/api/v1/quotes", params=asked)).json()["items"]
    assert [item["instrument_id"] for item in items] == [str(key) for key in ids]
    assert [item["price"] for item in items] == ["104"] * 5 + [None, None]
    assert [item["reason"] for item in items] == [None] * 5 + ["not_found", "not_found"]
    assert {item["symbol"] for item in items[:5]} == {name for _, name in names}
    assert len(server.asked) == 5
    assert (await client.get(f"/api/v1/quotes/{hidden}")).status_code == 404


@pytest.mark.parametrize("ids", ["", "abc", "-", ",".join(str(uuid4()) for _ in range(201))])
async def test_ids_that_are_none_or_too_many_are_refused(
    client: httpx.AsyncClient, ids: str
) -> None:
    answer = await client.get("/api/v1/quotes", params={"instrument_ids": ids})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def wanted_of(key: UUID, symbol: str = "ZQX") -> QuoteWanted:
    return QuoteWanted(
        instrument_id=key, wanted=Wanted(symbol=symbol, currency="USD"), market=NEW_YORK
    )


async def test_the_deadline_holds_whatever_the_provider_does(settings: Settings) -> None:
    key, clock = uuid4(), FakeClock(TRADING)

    def slowly(_asked: Asked) -> Answer:
        time.sleep(0.5)
        return yahoo_quote("ZQX", 104, BEFORE)

    patience = {"deadline_seconds": 0.1}
    async with desk_of(settings, None, clock, slowly, **patience) as (desk, server):
        began = time.monotonic()
        answers = await desk.quotes([wanted_of(key)])
        assert time.monotonic() - began < 0.4
        assert (answers[key].held, answers[key].reason) == (None, "deadline")
        await asyncio.sleep(0.7)
        answers = await desk.quotes([wanted_of(key)])
        assert answers[key].held is not None
        assert len(server.asked) == 1


async def test_without_redis_it_still_answers_and_remembers(settings: Settings) -> None:
    key, clock = uuid4(), FakeClock(TRADING)
    away = connect("redis://127.0.0.1:9", timeout=0.2)
    for redis in (None, away):
        good, bad = yahoo_quote("ZQX", 104, BEFORE), Answer(404, b"{}")
        async with desk_of(settings, redis, clock, good, bad) as (desk, _):
            assert (await desk.quotes([wanted_of(key)]))[key].reason is None
            clock.instant += timedelta(minutes=1)
            answered = (await desk.quotes([wanted_of(key)]))[key]
            assert answered.held is not None
            assert (answered.held.quote.price, answered.reason) == (D(104), "nobody_answered")
        clock.instant = TRADING


async def test_a_hundred_callers_of_one_process_make_one_call(
    settings: Settings, redis_url: str
) -> None:
    key, clock = uuid4(), FakeClock(TRADING)
    good = yahoo_quote("ZQX", 104, BEFORE)
    async with desk_of(settings, connect(redis_url), clock, good) as (desk, server):
        found = await asyncio.gather(*(desk.quotes([wanted_of(key)]) for _ in range(100)))
        held_by_each = [one[key].held for one in found]
        assert [one.quote.price for one in held_by_each if one is not None] == [D(104)] * 100
        assert len(server.asked) == 1


def ask_as_a_process(url: str, redis_url: str, key: str, callers: int, found: Any) -> None:
    """What another process does; its prices and reasons go into the queue."""

    async def ask() -> list[tuple[str | None, str | None]]:
        settings = asking(Settings(home=Path("/nonexistent")), url)
        desk = QuoteDesk(settings, connect(redis_url), SystemClock())
        wanted = wanted_of(UUID(key))
        try:
            told = await asyncio.gather(*(desk.quotes([wanted]) for _ in range(callers)))
        finally:
            desk.close()
        answers = [one[wanted.instrument_id] for one in told]
        return [(str(a.held.quote.price) if a.held else None, a.reason) for a in answers]

    found.put(asyncio.run(ask()))


@pytest.mark.parametrize("is_good", [True, False])
def test_a_hundred_callers_of_two_processes_make_one_call(redis_url: str, *, is_good: bool) -> None:
    key = str(uuid4())

    def slowly(_asked: Asked) -> Answer:
        time.sleep(0.3)  # long enough for all to come
        now = datetime.now(UTC) - timedelta(seconds=5)
        return yahoo_quote("ZQX", 104, now) if is_good else Answer(404, b"{}")

    context = multiprocessing.get_context("spawn")
    told: Any = context.Queue()
    with loopback(slowly) as server:
        processes = [
            context.Process(target=ask_as_a_process, args=(server.url, redis_url, key, 50, told))
            for _ in range(2)
        ]
        for process in processes:
            process.start()
        answers = [one for _ in processes for one in told.get(timeout=150)]
        for process in processes:
            process.join(timeout=30)
    expected = ("104", None) if is_good else (None, "nobody_answered")
    assert answers == [expected] * 100
    assert len(server.asked) == 1


def held(price: str, as_of: datetime) -> HeldQuote:
    told = Quote(
        symbol="ZQX", price=D(price), currency="USD", as_of=as_of, source="yahoo", delay_minutes=15,
        previous_close=D("0.000000000000000001"),
    )  # fmt: skip
    return HeldQuote(told, TRADING, TRADING + timedelta(minutes=1))


def test_last_good_keeps_the_newest_of_any_process_exactly(redis_url: str) -> None:
    key = uuid4()
    one, other = LastGood(connect(redis_url)), LastGood(connect(redis_url))
    newer = held("104.123456789012345678", BEFORE + timedelta(microseconds=1))
    assert one.put(key, newer)
    assert not other.put(key, held("1", BEFORE))
    assert other.get([key, uuid4()]) == {key: newer}
    with Redis.from_url(redis_url) as client:
        assert (
            client.hget(f"market_data_cache:{{instrument:{key}}}", "price")
            == b"104.123456789012345678"
        )
        client.hset(f"market_data_cache:{{instrument:{key}}}", "price", "not a price")
    assert LastGood(connect(redis_url)).get([key]) == {}


async def test_a_day_without_any_provider_serves_the_last_good_and_recovers_with_one_call(
    settings: Settings, redis_url: str
) -> None:
    key, clock = uuid4(), FakeClock(TRADING)
    async with desk_of(settings, connect(redis_url), clock, yahoo_quote("ZQX", 104, BEFORE)) as one:
        await one[0].quotes([wanted_of(key)])
    clock.instant = TRADING + timedelta(days=1)
    async with desk_of(settings, connect(redis_url), clock, Answer(503)) as (desk, _):
        answered = (await desk.quotes([wanted_of(key)]))[key]
        assert answered.held is not None
        assert (answered.held.quote.price, answered.held.quote.as_of) == (D(104), BEFORE)
        assert answered.reason == "nobody_answered"
    with Redis.from_url(redis_url) as client:
        client.delete(f"market_data_quote:word:{key}")  # fifteen seconds later
    back = yahoo_quote("ZQX", 107, clock.instant)
    async with desk_of(settings, connect(redis_url), clock, back) as (desk, server):
        for _ in range(3):
            answered = (await desk.quotes([wanted_of(key)]))[key]
            assert answered.held is not None
            assert (answered.held.quote.price, answered.reason) == (D(107), None)
        assert len(server.asked) == 1


async def test_hosted_nobody_is_asked_who_forbids_it(settings: Settings) -> None:
    hosted = replace(settings, is_hosted=True, providers=ProviderSettings())
    desk = QuoteDesk(hosted, None, FakeClock(TRADING))
    key = uuid4()
    assert (await desk.quotes([wanted_of(key)]))[key].reason == "no_provider"
    desk.close()


async def test_where_time_is_up_the_next_round_goes_on_from_there(
    settings: Settings, trading: FakeClock
) -> None:
    """A portfolio larger than one deadline can ask for is known after a few rounds, all of it."""

    def slow(asked: Asked) -> Answer:
        time.sleep(0.1)
        return yahoo_quote(asked.path.rpartition("/")[2], 104, trading.instant)

    wanted = [wanted_of(uuid4(), f"ZQ{chr(65 + n // 26)}{chr(65 + n % 26)}") for n in range(60)]
    known: set[UUID] = set()
    async with desk_of(settings, None, trading, slow, deadline_seconds=0.35) as (desk, _):
        for _ in range(12):
            found = await desk.quotes(wanted)
            assert {one.reason for one in found.values()} <= {None, "deadline"}
            known |= {key for key, one in found.items() if one.held is not None}
            trading.advance(timedelta(hours=1))  # what is known is old again
            await asyncio.sleep(0.3)  # what was under way has ended
    assert len(known) == len(wanted)
