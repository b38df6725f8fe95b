"""What operators see of the providers: the feed's own state, read out of Redis."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import psycopg

from tests.builders import a_key, add_instrument
from tests.conftest import Connection
from tests.servers import Servers
from truenav.features.marketdata.last_good import HeldQuote, LastGood
from truenav.features.marketdata.providers import ecb, tiingo, yahoo
from truenav.features.marketdata.providers.quotes import Bar, History, Quote
from truenav.features.marketdata.providers_api import why_not
from truenav.features.marketdata.storing import store_history
from truenav.platform.clock import FakeClock
from truenav.platform.gates import SharedGate
from truenav.platform.queue import connect
from truenav.platform.settings import Settings

PATH = "/api/v1/operations/providers"
DAY = date(2026, 3, 3)


async def seen(operator: httpx.AsyncClient, source: str) -> dict[str, Any]:
    items = (await operator.get(PATH)).json()["items"]
    return next(dict(item) for item in items if item["source"] == source)


async def test_providers_stand_in_the_order_they_are_asked(operator: httpx.AsyncClient) -> None:
    answer = await operator.get(PATH)
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [item["source"] for item in items] == [
        "csv", "tiingo", "alpaca", "massive", "alpha_vantage", "coingecko", "yahoo", "ecb",
        "fred", "openfigi",
    ]  # fmt: skip
    # without a folder and without keys only the three that need none
    assert {item["source"]: item["not_asked"] for item in items} == {
        "csv": "no_folder", "tiingo": "no_key", "alpaca": "no_key", "massive": "no_key",
        "alpha_vantage": "no_key", "coingecko": "no_key", "yahoo": None, "ecb": None,
        "fred": "no_key", "openfigi": None,
    }  # fmt: skip


def test_each_reason_not_to_be_asked_is_told(settings: Settings) -> None:
    hosted = replace(settings, is_hosted=True)
    offline = replace(settings, providers=replace(settings.providers, is_offline=True))
    assert why_not(yahoo.DESCRIPTOR, hosted, is_named=True) == "terms"
    assert why_not(ecb.DESCRIPTOR, hosted, is_named=True) is None
    assert why_not(yahoo.DESCRIPTOR, settings, is_named=False) == "not_named"
    assert why_not(ecb.DESCRIPTOR, offline, is_named=True) == "offline"


async def test_what_the_feed_met_is_seen_and_forgotten_on_demand(
    operator: httpx.AsyncClient, redis_url: str, clock: FakeClock
) -> None:
    now = clock.now().timestamp()
    gate, limits = SharedGate(connect(redis_url)), tiingo.DESCRIPTOR.allowances
    assert gate.enter("tiingo", limits, now) is None
    gate.leave("tiingo", "ok", now, 0.25, is_failure=False)
    for _ in range(3):
        assert gate.enter("tiingo", limits, now) is None
        gate.leave("tiingo", "status 503", now, 0.5, is_failure=True)

    found = await seen(operator, "tiingo")
    assert (found["state"], found["failure_count"], found["last_error"]) == (
        "open", 3, "status 503",
    )  # fmt: skip
    assert (found["call_count"], found["success_count"]) == (4, 1)
    hourly, daily = found["limits"]
    assert (hourly["calls"], hourly["used"], daily["used"]) == (50, 4, 4)

    answer = await operator.post(f"{PATH}/tiingo/reset", headers=a_key())
    assert answer.status_code == 204
    assert (await seen(operator, "tiingo"))["state"] == "closed"
    assert (await operator.post(f"{PATH}/nobody/reset", headers=a_key())).status_code == 404


async def test_how_old_its_newest_is_what_it_took_back_and_what_waits(
    operator: httpx.AsyncClient,
    admin_connection: Connection,
    servers: Servers,
    database: str,
    redis_url: str,
) -> None:
    def told(*closes: str) -> History:
        bars = [
            Bar(price_date=DAY + timedelta(days=n), close=Decimal(c)) for n, c in enumerate(closes)
        ]
        return History(currency="USD", bars=bars, events=[], basis="raw")

    made = add_instrument(admin_connection)
    before = await seen(operator, "massive")
    with psycopg.connect(servers.dsn(database, "truenav_ingest")) as ingest:
        for history in (told("10", "11"), told("10", "12"), told("10", "12", "1200")):
            store_history(ingest, made, "massive", history, DAY + timedelta(days=2))
            ingest.commit()
    admin_connection.execute(
        "INSERT INTO price_versions"
        " (instrument_id, version, reason, source, earliest, changed_count, changed_at)"
        " VALUES (%s, 90, 'prices_restated', 'massive', '2020-01-02', 1, '2020-01-03')",
        (made,),
    )
    as_of = datetime(2026, 3, 4, 20, 59, tzinfo=UTC)
    quote = Quote(
        symbol="ZQX", price=Decimal(104), currency="USD", as_of=as_of, source="massive",
        delay_minutes=None,
    )  # fmt: skip
    LastGood(connect(redis_url)).put(made, HeldQuote(quote, as_of, as_of))

    found = await seen(operator, "massive")

    # the restatement of six years ago is not counted; what the clock of the database says is now
    assert found["correction_count"] == before["correction_count"] + 1
    assert found["held_count"] == before["held_count"] + 1
    # other tests store closes of the same source in the same database
    assert found["newest_day"] == max(before["newest_day"] or "", "2026-03-04")
    assert found["newest_quote_at"] == "2026-03-04T20:59:00Z"
    assert before["newest_quote_at"] is None


async def test_nobody_else_is_told(client: httpx.AsyncClient, admin_connection: Connection) -> None:
    admin_connection.execute("UPDATE users SET is_operator = false WHERE is_operator")
    assert (await client.get(PATH)).status_code == 403
    assert (await client.post(f"{PATH}/yahoo/reset")).status_code == 403
