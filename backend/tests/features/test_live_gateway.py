"""Live messages over real sockets: what is told, and what a client that was away is told.

Scenarios after Centrifugo's stress list (slow client, recovery, cross-process, silent loss), each
with exact counts.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from redis import Redis

from tests.builders import Member
from tests.features.living import PATIENCE, Tell, a_ticket, listening, topic_of
from truenav.entrypoints.stream.gateway import Gateway, listener
from truenav.platform.clock import FakeClock, new_id
from truenav.platform.live.topics import KEPT_MESSAGES, keys_of
from truenav.platform.tokens import TokenSigner


def holes(told: list[dict[str, Any]], position: int = 0) -> list[tuple[int, int]]:
    found = []
    for one in told:
        if one["sequence"] > position:
            if one["after"] > position:
                found.append((position, one["after"]))
            position = one["sequence"]
    return found


# --- telling -------------------------------------------------------------------------------------


async def test_a_quote_that_is_told_reaches_who_listens(
    live_place: str, client: httpx.AsyncClient, instrument: UUID, tell: Tell
) -> None:
    topic = topic_of(instrument)
    async with listening(live_place, await a_ticket(client)) as one:
        assert (await one.until(lambda told: told["kind"] == "welcome"))["heartbeat_seconds"] == 30
        await one.subscribe(topic)
        assert tell(topic, price="101.5") == 1
        told = await one.until(lambda told: told["kind"] == "quote")
    assert told["data"] == {"price": "101.5"}
    assert (told["topic"], told["sequence"], told["after"]) == (topic, 1, 0)


async def test_who_comes_later_is_told_how_it_stands(
    live_place: str, client: httpx.AsyncClient, instrument: UUID, tell: Tell
) -> None:
    topic = topic_of(instrument)
    tell(topic, 3, price="7")
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic)
        told = await one.until(lambda told: told["kind"] == "quote")
    assert (told["sequence"], told["data"]["price"]) == (3, "7")


async def test_topics_that_are_not_there_or_somebody_elses_are_refused_alike(
    live_place: str,
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    instrument: UUID,
) -> None:
    added = await other_client.post(
        "/api/v1/instruments",
        json={"symbol": "OWNTHING", "name": "A thing of my own", "currency": "USD",
              "asset_class": "other"},
        headers={"Idempotency-Key": new_id().hex},
    )  # fmt: skip
    assert added.status_code == 201, added.text
    foreign = f"instrument:{added.json()['id']}"
    unknown = f"instrument:{uuid4()}"
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(foreign, unknown, "nonsense", topic_of(instrument))
        refused = {t["topic"]: t["reason"] for t in one.told if t["kind"] == "refused"}
    assert refused == dict.fromkeys((foreign, unknown, "nonsense"), "not_found")


async def test_one_that_unsubscribed_hears_no_more(
    live_place: str, client: httpx.AsyncClient, instrument: UUID, tell: Tell
) -> None:
    topic = topic_of(instrument)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic)
        await one.ask("unsubscribe", topics=[topic])
        await one.subscribe("nonsense")  # answered after the request before it
        tell(topic, price="1")
        await asyncio.sleep(0.3)
        await one.subscribe("nothing")
        assert one.of(topic) == []


# --- resuming -------------------------------------------------------------------------------------


async def test_what_was_missed_comes_message_by_message(
    live_place: str, client: httpx.AsyncClient, instrument: UUID, tell: Tell
) -> None:
    topic = topic_of(instrument)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic)
        tell(topic, 3)
        last = await one.until(lambda told: told.get("sequence") == 3 and "data" in told)
    tell(topic, KEPT_MESSAGES)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic, epoch=last["epoch"], sequence=3)
        await one.until(lambda told: told.get("sequence") == 3 + KEPT_MESSAGES)
        told = one.of(topic)
    assert [one["sequence"] for one in told] == list(range(4, 4 + KEPT_MESSAGES))
    assert holes(told, 3) == []


async def test_one_message_more_than_is_kept_is_a_reload(
    live_place: str, client: httpx.AsyncClient, instrument: UUID, tell: Tell
) -> None:
    topic = topic_of(instrument)
    tell(topic, 2)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic)
        last = await one.until(lambda told: "data" in told)
    tell(topic, KEPT_MESSAGES + 1)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic, epoch=last["epoch"], sequence=2)
        reload = await one.until(lambda told: told["kind"] == "reload")
        stands = await one.until(lambda told: "data" in told)
    assert reload["reason"] == "gap_too_large"
    assert reload["sequence"] == stands["sequence"] == KEPT_MESSAGES + 3


async def test_after_the_server_forgot_everybody_is_told_to_begin_anew(
    live_place: str, client: httpx.AsyncClient, instrument: UUID, tell: Tell, redis_url: str
) -> None:
    topic = topic_of(instrument)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic)
        tell(topic, 5)
        last = await one.until(lambda told: told.get("sequence") == 5 and "data" in told)
        with Redis.from_url(redis_url) as redis:
            redis.flushdb()
        assert tell(topic, price="9") == 1  # the same number again, and yet another message
        reload = await one.until(lambda told: told["kind"] == "reload")
        stands = await one.until(lambda told: "data" in told and told["epoch"] == reload["epoch"])
    assert reload["reason"] == "history_lost"
    assert stands["data"] == {"price": "9"}
    async with listening(live_place, await a_ticket(client)) as late:
        await late.subscribe(topic, epoch=last["epoch"], sequence=5)
        assert (await late.until(lambda told: told["kind"] == "reload"))["reason"] == "history_lost"


async def test_what_is_told_while_a_client_comes_back_is_neither_lost_nor_told_twice(
    live_place: str, client: httpx.AsyncClient, instrument: UUID, tell: Tell
) -> None:
    topic = topic_of(instrument)
    position: dict[str, Any] = {}
    heard: list[dict[str, Any]] = []
    is_over = asyncio.Event()

    async def go_on_telling() -> None:
        for number in range(300):
            await asyncio.to_thread(tell, topic, price=str(number))
        is_over.set()

    telling = asyncio.create_task(go_on_telling())
    while not is_over.is_set():
        async with listening(live_place, await a_ticket(client)) as one:
            await one.subscribe(topic, **position)
            await asyncio.sleep(0.05)
            await one.subscribe("nonsense")
            heard += one.of(topic)
            if heard:
                position = {"epoch": heard[-1]["epoch"], "sequence": heard[-1]["sequence"]}
    await telling
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic, **position)
        await one.subscribe("nonsense")
        heard += one.of(topic)
    assert holes(heard[1:], heard[0]["sequence"]) == []
    assert heard[-1]["data"] == {"price": "299"}


async def test_a_connection_that_was_cut_silently_leaves_no_hole(
    live_place: str,
    client: httpx.AsyncClient,
    instrument: UUID,
    tell: Tell,
    redis_url: str,
) -> None:
    topic = topic_of(instrument)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic)
        with Redis.from_url(redis_url) as redis:
            for number in range(1, 41):
                if number % 10 == 0:
                    _cut_listeners(redis)
                tell(topic, price=str(number))
        await one.until(lambda told: told.get("sequence") == 40 and "data" in told)
        told = one.of(topic)
    assert holes(told) == []
    assert told[-1]["data"] == {"price": "40"}


def _cut_listeners(redis: Redis) -> None:
    """Of this test's database: other tests listen on the same server."""
    mine = redis.connection_pool.connection_kwargs["db"]
    for one in redis.client_list(_type="pubsub"):
        if int(one["db"]) == mine:
            redis.client_kill_filter(_id=one["id"])


async def test_a_message_that_only_the_kept_ones_know_is_found_by_looking(
    live_place: str, client: httpx.AsyncClient, instrument: UUID, tell: Tell, redis_url: str
) -> None:
    topic = topic_of(instrument)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(topic)
        tell(topic, price="1")
        await one.until(lambda told: told.get("sequence") == 1 and "data" in told)
        with Redis.from_url(redis_url) as redis:
            # as when a server cut us off and we did not notice: kept, but told to nobody
            keys = keys_of(topic)
            epoch = (redis.hget(keys.state, "epoch") or b"").decode()
            lost = json.dumps(
                {"sequence": 2, "epoch": epoch, "kind": "quote", "topic": topic, "data": {}},
                separators=(",", ":"),
            )
            redis.xadd(keys.stream, {"message": lost}, id="2-0")
            redis.hset(keys.state, mapping={"sequence": 2, "last": lost})
        told = await one.until(lambda told: told.get("sequence") == 2 and "data" in told)
    assert told["after"] == 1


async def test_one_that_does_not_read_does_not_hold_up_the_others_and_is_cut(
    live_place: str,
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    instrument: UUID,
    tell: Tell,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("truenav.platform.live.hub.SLOW_SECONDS", 1.0)
    topic = topic_of(instrument)
    stalled, quick = await a_ticket(client), await a_ticket(other_client)
    async with _stalled_client(live_place, stalled, topic) as deaf:
        async with listening(live_place, quick) as one:
            await one.subscribe(topic)
            for number in range(1, 401):
                await asyncio.to_thread(tell, topic, price="1" * 20_000, number=number)
                await one.until(partial(_is_number, number))
                one.told.clear()
        # reading again is too late: the line ends, after what was on its way
        assert await asyncio.to_thread(_is_cut, deaf)


def _is_number(number: int, told: dict[str, Any]) -> bool:
    return told.get("sequence") == number and "data" in told


def _is_cut(deaf: socket.socket) -> bool:
    deaf.settimeout(PATIENCE)
    try:
        while deaf.recv(1 << 16):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


class _stalled_client:  # noqa: N801 - used like a function
    """A client that opens a connection, subscribes, and reads nothing any more."""

    def __init__(self, place: str, ticket: str, topic: str) -> None:
        host, port = place.split(":")
        self._deaf = socket.socket()
        self._deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._deaf.connect((host, int(port)))
        handshake = (
            f"GET /ws/market_data HTTP/1.1\r\nHost: {place}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Sec-WebSocket-Protocol: truenav.live.1, ticket.{ticket}\r\n\r\n"
        )
        self._deaf.sendall(handshake.encode())
        self._subscribe = json.dumps({"kind": "subscribe", "topics": [{"topic": topic}]}).encode()

    async def __aenter__(self) -> socket.socket:
        answer = await asyncio.to_thread(self._deaf.recv, 4096)
        assert answer.startswith(b"HTTP/1.1 101")
        body = self._subscribe
        self._deaf.sendall(bytes([0x81, 0x80 | len(body), 0, 0, 0, 0]) + body)
        return self._deaf

    async def __aexit__(self, *_: object) -> None:
        self._deaf.close()


# --- over plain HTTP ------------------------------------------------------------------------------


async def test_events_carry_the_same_messages_and_resume_from_the_last(
    live_place: str,
    member: Member,
    signer: TokenSigner,
    clock: FakeClock,
    instrument: UUID,
    tell: Tell,
) -> None:
    topic = topic_of(instrument)
    headers = member.headers(signer, clock.now())
    url = f"http://{live_place}/sse/market_data"
    async with httpx.AsyncClient(headers=headers, timeout=PATIENCE) as plain:
        async with plain.stream("GET", url, params={"topics": topic}) as stream:
            assert stream.status_code == 200
            assert stream.headers["content-type"].startswith("text/event-stream")
            events = _events(stream)
            await _until(events, lambda told: told["kind"] == "subscribed")
            tell(topic, price="1")
            mark, told = await _until(events, lambda told: "data" in told)
            assert told["data"] == {"price": "1"}
        tell(topic, 2, price="2")
        async with plain.stream(
            "GET", url, params={"topics": topic}, headers={"Last-Event-ID": mark}
        ) as stream:
            events = _events(stream)
            _, missed = await anext(events)
            while not any("data" in one for one in missed):
                _, missed = await anext(events)
    assert [(m["after"], m["sequence"]) for m in missed if "data" in m] == [(1, 2), (2, 3)]


async def test_events_are_refused_with_a_problem(
    live_place: str, member: Member, signer: TokenSigner, clock: FakeClock
) -> None:
    url = f"http://{live_place}/sse/market_data"
    headers = member.headers(signer, clock.now())
    async with httpx.AsyncClient(timeout=PATIENCE) as plain:
        bad = await plain.get(url, params={"topics": "a b"}, headers=headers)
        stranger = await plain.get(url, params={"topics": "market:XNYS"})
    assert (bad.status_code, bad.json()["code"]) == (422, "invalid")
    assert (stranger.status_code, stranger.json()["code"]) == (401, "unauthenticated")


Events = AsyncIterator[tuple[str, list[dict[str, Any]]]]


async def _events(stream: httpx.Response) -> Events:
    mark = ""
    async for line in stream.aiter_lines():
        if line.startswith("id: "):
            mark = line.removeprefix("id: ")
        elif line.startswith("data: "):
            yield mark, json.loads(line.removeprefix("data: "))


async def _until(
    events: Events, wanted: Callable[[dict[str, Any]], bool]
) -> tuple[str, dict[str, Any]]:
    async with asyncio.timeout(10):
        async for mark, told in events:
            for one in told:
                if wanted(one):
                    return mark, one
    raise AssertionError("the events ended")


async def test_it_ends_though_something_wakes_it_at_the_last_moment(
    app: FastAPI, redis_url: str
) -> None:
    async with asyncio.timeout(PATIENCE):
        async with Gateway(app.state.truenav, listener(redis_url)).running() as gateway:
            await asyncio.sleep(1.5)  # it waits for something to do
            gateway.reading.woken.set()


@pytest.mark.parametrize("turns", range(8))
async def test_it_ends_though_it_has_just_begun(app: FastAPI, redis_url: str, turns: int) -> None:
    """At each step of the way to its first connection."""
    async with asyncio.timeout(PATIENCE):
        async with Gateway(app.state.truenav, listener(redis_url)).running():
            for _ in range(turns):
                await asyncio.sleep(0)
