"""Who may listen, what a client may say, and why a connection ends: each with its exact code."""

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from websockets.exceptions import InvalidStatus

from tests.builders import Member
from tests.conftest import ClientMaker
from tests.features.living import Listener, a_ticket, listening
from truenav.entrypoints.stream import gateway as gateways
from truenav.entrypoints.stream.gateway import Gateway
from truenav.platform.clock import FakeClock, new_id
from truenav.platform.tokens import Identity, TokenSigner

# --- who may come in ------------------------------------------------------------------------------


async def test_a_ticket_lets_in_once_and_nobody_without_one(
    live_place: str, client: httpx.AsyncClient
) -> None:
    ticket = await a_ticket(client)
    async with listening(live_place, ticket) as one:
        await one.until(lambda told: told["kind"] == "welcome")
    for bad in (ticket, "forged", None):
        async with listening(live_place, bad) as one:
            assert (await one.closed())[0] == 4401


async def test_a_page_of_somebody_else_gets_no_connection(
    live_place: str, client: httpx.AsyncClient
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with listening(live_place, await a_ticket(client), "https://evil.example"):
            pass
    assert refused.value.response.status_code == 403
    async with listening(live_place, await a_ticket(client), f"http://{live_place}") as one:
        await one.until(lambda told: told["kind"] == "welcome")


async def test_eight_tabs_at_once_find_five_places_and_a_closed_one_frees_its_own(
    live_place: str, client: httpx.AsyncClient
) -> None:
    tickets = [await a_ticket(client) for _ in range(9)]
    async with AsyncExitStack() as stack:
        tabs = await asyncio.gather(
            *(stack.enter_async_context(listening(live_place, one)) for one in tickets[:8])
        )
        ends = await asyncio.gather(*(_welcome_or_code(tab) for tab in tabs))
        assert sorted(ends, key=str) == [4429] * 3 + ["welcome"] * 5
        await tabs[ends.index("welcome")].socket.close()
        last = await stack.enter_async_context(listening(live_place, tickets[8]))
        assert await _welcome_or_code(last) == "welcome"


async def _welcome_or_code(tab: Listener) -> int | str:
    receiving = asyncio.create_task(tab.until(lambda told: told["kind"] == "welcome"))
    closing = asyncio.create_task(tab.closed())
    await asyncio.wait((receiving, closing), return_when=asyncio.FIRST_COMPLETED)
    closing.cancel()
    await asyncio.gather(receiving, return_exceptions=True)
    return tab.socket.close_code or "welcome"


async def test_who_logged_out_is_cut_off_within_seconds(
    live_place: str,
    client: httpx.AsyncClient,
    member: Member,
    signer: TokenSigner,
    clock: FakeClock,
    admin_connection: psycopg.Connection[Any],
) -> None:
    session_id = new_id()
    admin_connection.execute(
        "INSERT INTO refresh_tokens (id, user_id, tenant_id, family_id, token_hash, expires_at,"
        " family_expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (new_id(), member.user_id, member.tenant_id, session_id, new_id().hex,
         clock.now() + timedelta(days=1), clock.now() + timedelta(days=1)),
    )  # fmt: skip
    identity = Identity(member.user_id, member.tenant_id, "owner", session_id)
    token, _ = signer.sign(identity, new_id(), clock.now())
    answer = await client.post("/api/v1/live/tickets", headers={"Authorization": f"Bearer {token}"})
    async with (
        listening(live_place, answer.json()["ticket"]) as one,
        listening(live_place, await a_ticket(client)) as other,
    ):
        await one.until(lambda told: told["kind"] == "welcome")
        await other.until(lambda told: told["kind"] == "welcome")
        await asyncio.sleep(gateways.RECHECK_SECONDS * 1.3)
        assert one.socket.close_code is None  # it stands, and stays
        admin_connection.execute(
            "UPDATE refresh_tokens SET revoked_at = now() WHERE family_id = %s", (session_id,)
        )
        async with asyncio.timeout(gateways.RECHECK_SECONDS + 2):
            assert (await one.closed())[0] == 4401
        assert other.socket.close_code is None


async def test_a_viewer_may_listen(make_client: ClientMaker, member: Member) -> None:
    viewer = Member(member.user_id, member.tenant_id, member.email, role="viewer")
    assert (await make_client(viewer).post("/api/v1/live/tickets")).status_code == 201
    assert (await make_client(None).post("/api/v1/live/tickets")).status_code == 401


# --- what a client says ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", 4400),
        ('{"kind":"dance"}', 4400),
        ('{"kind":"subscribe","topics":[]}', 4400),
        ('{"kind":"subscribe","topics":[{"topic":"a b"}]}', 4400),
        ('{"kind":"subscribe","topics":[{"topic":"market:XNYS","sequence":-1}]}', 4400),
        (json.dumps({"kind": "heartbeat", "padding": "x" * 70_000}), 1009),
        (json.dumps({"kind": "unsubscribe", "topics": ["a"] * 10_000}), 4400),
    ],
)
async def test_nonsense_ends_the_connection_with_its_code(
    live_place: str, client: httpx.AsyncClient, frame: str, code: int
) -> None:
    async with listening(live_place, await a_ticket(client)) as one:
        await one.socket.send(frame)
        assert (await one.closed())[0] == code


async def test_who_asks_without_end_is_closed(live_place: str, client: httpx.AsyncClient) -> None:
    async with listening(live_place, await a_ticket(client)) as one:
        for _ in range(61):
            await one.ask("heartbeat")
        assert (await one.closed())[0] == 4400


async def test_who_falls_silent_is_closed_and_who_gives_signs_of_life_is_not(
    app: FastAPI, live_place: str, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway: Gateway = app.state.gateway
    monkeypatch.setattr(gateway, "_silent_seconds", 1.0)
    monkeypatch.setattr(gateways, "RECHECK_SECONDS", 0.2)
    async with (
        listening(live_place, await a_ticket(client)) as silent,
        listening(live_place, await a_ticket(client)) as alive,
    ):
        for _ in range(25):
            await alive.ask("heartbeat")
            await asyncio.sleep(0.2)
        assert (await silent.closed())[0] == 4408
        assert alive.socket.close_code is None
