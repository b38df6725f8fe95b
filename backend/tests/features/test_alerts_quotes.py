"""Rules look at quotes as they come in: a crossing is told once, whoever looks."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import Member, add_instrument
from tests.conftest import NOON, Connection
from tests.features.alerting import RULES, a_rule, alerts, done, quoted, rises_to
from tests.features.living import a_ticket, listening
from truenav.entrypoints.worker import alert_watch
from truenav.entrypoints.worker.alert_watch import look_around
from truenav.features.alerts.watching import PAUSE, QuoteWatch
from truenav.features.marketdata.messages import topic_of_instrument
from truenav.platform.clock import FakeClock
from truenav.platform.live.wanted import wanted
from truenav.platform.queue import JobQueue, connect
from truenav.platform.settings import Settings
from truenav.platform.unit_of_work import Sessions

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)


@dataclass
class Relay:
    """Where events go."""

    queue: JobQueue


@pytest.fixture
async def watch(
    redis_url: str, worker_sessions: Sessions, clock: FakeClock, job_queue: JobQueue
) -> AsyncIterator[QuoteWatch]:
    """What the elected process looks with."""
    with connect(redis_url) as redis:
        yield QuoteWatch(redis, worker_sessions, Relay(job_queue), clock)


@pytest.fixture
def about(admin_connection: Connection) -> UUID:
    """An instrument that closed at 95 yesterday."""
    return add_instrument(admin_connection, prices={YESTERDAY: "95"})


async def look_at(
    watch: QuoteWatch, redis_url: str, clock: FakeClock, about: UUID, *prices: str
) -> list[int]:
    """Quotes come in a minute apart; how many rules tell at each."""
    told = []
    for price in prices:
        clock.advance(timedelta(minutes=1))
        quoted(redis_url, about, price, clock.now())
        told.append(await look_around(watch))
    return told


class TestQuotes:
    async def test_a_quote_that_crosses_is_told_once_with_what_was_seen(
        self,
        client: httpx.AsyncClient,
        about: UUID,
        watch: QuoteWatch,
        redis_url: str,
        clock: FakeClock,
    ) -> None:
        rule = await rises_to(client, about, "100")

        assert await look_at(watch, redis_url, clock, about, "99", "101", "102") == [0, 1, 0]

        (told,) = await alerts(client)
        assert (told["rule_id"], told["kind"], told["instrument_id"]) == (
            rule["id"], "price", str(about),
        )  # fmt: skip
        assert (told["value"], told["threshold"], told["currency"]) == ("101", "100", "USD")
        assert (told["source"], told["as_of"]) == ("tiingo", "2026-03-05T12:02:00Z")
        assert told["fired_at"] == "2026-03-05T12:02:00Z"
        (now,) = done(await client.get(RULES))["items"]
        assert (now["side"], now["fired_count"], now["fired_at"]) == ("past", 1, told["fired_at"])

    async def test_it_is_told_again_after_it_went_back_and_the_pause_is_over(
        self,
        client: httpx.AsyncClient,
        about: UUID,
        watch: QuoteWatch,
        redis_url: str,
        clock: FakeClock,
    ) -> None:
        await rises_to(client, about, "100", cool_down_minutes=4)
        # half a percent back is 99.50; told at the second minute, so again from the sixth on
        prices = ("99", "100", "99.5", "100", "99.49", "100", "100")

        told = await look_at(watch, redis_url, clock, about, *prices)

        assert told == [0, 1, 0, 0, 0, 1, 0]

    async def test_what_nobody_listens_to_is_asked_for_all_the_same(
        self, client: httpx.AsyncClient, about: UUID, watch: QuoteWatch, redis_url: str
    ) -> None:
        await rises_to(client, about, "100")
        await look_around(watch)

        with connect(redis_url) as redis:
            assert topic_of_instrument(about) in wanted(redis)

    async def test_a_change_is_measured_by_the_close_of_so_many_days_before(
        self,
        client: httpx.AsyncClient,
        admin_connection: Connection,
        watch: QuoteWatch,
        redis_url: str,
        clock: FakeClock,
    ) -> None:
        closes = {
            YESTERDAY: "100",
            TODAY - timedelta(days=2): "100",
            TODAY - timedelta(days=7): "110",
        }
        about = add_instrument(admin_connection, prices=closes)
        falls = {"direction": "below", "instrument_id": about}
        day = await a_rule(client, "price_change", threshold="-0.05", window_days=1, **falls)
        week = await a_rule(client, "price_change", threshold="-0.15", window_days=7, **falls)

        # 95 is 5 % under 100; 93.5 is 15 % under 110
        assert await look_at(watch, redis_url, clock, about, "95.01", "95", "93.5") == [0, 1, 1]

        later, first = await alerts(client)
        assert (first["rule_id"], first["value"]) == (day["id"], "-0.05")
        assert (later["rule_id"], later["value"]) == (week["id"], "-0.15")
        assert first["currency"] is None

    async def test_a_split_is_no_fall(
        self,
        client: httpx.AsyncClient,
        admin_connection: Connection,
        watch: QuoteWatch,
        redis_url: str,
        clock: FakeClock,
    ) -> None:
        about = add_instrument(admin_connection, prices={YESTERDAY: "400"})
        admin_connection.execute(
            "INSERT INTO corporate_actions (id, instrument_id, type, ex_date, ratio, source)"
            " VALUES (%s, %s, 'forward_split', %s, 4, 'test')",
            (uuid4(), about, TODAY),
        )
        await a_rule(
            client, "price_change", instrument_id=about, direction="below", threshold="-0.1",
            window_days=1,
        )  # fmt: skip

        # 99 x 4 = 396; 89 x 4 = 356, which is 11 % under 400
        assert await look_at(watch, redis_url, clock, about, "99", "89") == [0, 1]

    async def test_a_price_in_another_currency_crosses_nothing(
        self,
        client: httpx.AsyncClient,
        about: UUID,
        watch: QuoteWatch,
        redis_url: str,
        clock: FakeClock,
    ) -> None:
        await rises_to(client, about, "100")
        clock.advance(timedelta(minutes=1))
        quoted(redis_url, about, "9000", clock.now(), currency="JPY")

        assert await look_around(watch) == 0

    async def test_two_processes_that_look_at_once_tell_once(
        self,
        client: httpx.AsyncClient,
        about: UUID,
        redis_url: str,
        worker_sessions: Sessions,
        clock: FakeClock,
        job_queue: JobQueue,
    ) -> None:
        for _ in range(3):
            await rises_to(client, about, "100")
        clock.advance(timedelta(minutes=1))
        quoted(redis_url, about, "101", clock.now())
        with connect(redis_url) as redis:
            both = [QuoteWatch(redis, worker_sessions, Relay(job_queue), clock) for _ in range(4)]
            told = await asyncio.gather(*(look_around(one) for one in both))

        assert sum(told) == 3
        assert len(await alerts(client)) == 3

    async def test_one_tenants_trouble_keeps_no_other_from_being_told(
        self,
        client: httpx.AsyncClient,
        member: Member,
        other_client: httpx.AsyncClient,
        about: UUID,
        watch: QuoteWatch,
        redis_url: str,
        clock: FakeClock,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        await rises_to(client, about, "100")
        await rises_to(other_client, about, "100")
        look = QuoteWatch.look

        async def fails_for_one(self: QuoteWatch, tenant_id: UUID, ids: list[UUID]) -> int:
            fired = await look(self, tenant_id, ids)
            if tenant_id == member.tenant_id:
                raise RuntimeError("a bug")
            return fired

        monkeypatch.setattr(QuoteWatch, "look", fails_for_one)
        await look_at(watch, redis_url, clock, about, "101")

        assert len(await alerts(other_client)) == 1
        assert f"rules of tenant {member.tenant_id} could not look" in caplog.text

    async def test_rules_that_could_not_look_do_after_a_while(
        self,
        client: httpx.AsyncClient,
        about: UUID,
        watch: QuoteWatch,
        redis_url: str,
        clock: FakeClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        await rises_to(client, about, "100")

        async def fails(*_given: Any) -> int:
            raise RuntimeError("a bug")

        with monkeypatch.context() as patched:
            patched.setattr("truenav.features.alerts.watching.look_at_prices", fails)
            assert await look_at(watch, redis_url, clock, about, "101") == [0]
        assert await look_around(watch) == 0
        clock.advance(PAUSE)
        assert await look_around(watch) == 1

    async def test_a_rule_that_is_off_or_gone_tells_nothing(
        self,
        client: httpx.AsyncClient,
        about: UUID,
        watch: QuoteWatch,
        redis_url: str,
        clock: FakeClock,
    ) -> None:
        off, gone = [await rises_to(client, about, "100") for _ in range(2)]
        patch = {
            name: off[name]
            for name in ("version", "direction", "threshold", "window_days", "cool_down_minutes")
        }
        done(await client.patch(f"{RULES}/{off['id']}", json={**patch, "is_enabled": False}))
        await client.delete(f"{RULES}/{gone['id']}", params={"version": 1})

        assert await look_at(watch, redis_url, clock, about, "101") == [0]

    async def test_who_listens_hears_of_it_and_nobody_else(
        self,
        client: httpx.AsyncClient,
        member: Member,
        other_client: httpx.AsyncClient,
        live_place: str,
        about: UUID,
        watch: QuoteWatch,
        redis_url: str,
        clock: FakeClock,
    ) -> None:
        await rises_to(client, about, "100")
        topic = f"alerts:{member.tenant_id}"
        async with (
            listening(live_place, await a_ticket(client)) as one,
            listening(live_place, await a_ticket(other_client)) as other,
        ):
            await one.subscribe(topic)
            await other.subscribe(topic)
            await look_at(watch, redis_url, clock, about, "101")
            told = await one.until(lambda message: message["kind"] == "alert")
            assert told["data"] == {"alert_id": (await alerts(client))[0]["id"]}
            refused = [told["reason"] for told in other.told if told["kind"] == "refused"]
            assert (refused, other.of(topic)) == (["not_found"], [])


class TestElection:
    async def test_of_two_processes_one_looks_and_who_is_told_to_stop_does(
        self,
        client: httpx.AsyncClient,
        member: Member,
        live_place: str,
        about: UUID,
        settings: Settings,
        redis_url: str,
        clock: FakeClock,
    ) -> None:
        chosen, stop = replace(settings, redis_url=redis_url), threading.Event()
        await rises_to(client, about, "100")
        quoted(redis_url, about, "101", clock.now())
        processes = [
            threading.Thread(target=alert_watch.watch_quotes, args=(chosen, clock, stop))
            for _ in range(2)
        ]
        async with listening(live_place, await a_ticket(client)) as one:
            await one.subscribe(f"alerts:{member.tenant_id}")
            for process in processes:
                process.start()
            try:
                await one.until(lambda message: message["kind"] == "alert")
            finally:
                stop.set()
                for process in processes:
                    await asyncio.to_thread(process.join)

        assert len(await alerts(client)) == 1

    def test_without_a_redis_nobody_looks(
        self, settings: Settings, clock: FakeClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO):
            alert_watch.watch_quotes(replace(settings, redis_url=None), clock, threading.Event())

        assert "it needs a Redis" in caplog.text
