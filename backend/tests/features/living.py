"""A live server of the test's own, and clients that speak its protocol."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from fastapi import FastAPI
from redis import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from truenav.entrypoints.api.serve import SOCKETS
from truenav.entrypoints.stream.websocket import PROTOCOL, TICKET
from truenav.platform.live.publishing import LiveMessage, publish

PATIENCE = 30.0
Tell = Callable[..., int | None]


def teller(redis: Redis) -> Tell:
    """Numbers, keeps and publishes messages, as whoever brings quotes does."""

    def tell(topic: str, count: int = 1, **data: Any) -> int | None:
        number = None
        for _ in range(count):
            number = publish(redis, LiveMessage(topic, "quote", data))
        return number

    return tell


async def a_ticket(client: httpx.AsyncClient) -> str:
    """What lets one connection in."""
    answer = await client.post("/api/v1/live/tickets")
    assert answer.status_code == 201, answer.text
    ticket: str = answer.json()["ticket"]
    return ticket


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application behind a real server on this machine; its host and port.

    The application is running already: the server neither starts nor ends it.
    """
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_level="error", **SOCKETS)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listening]))
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        await task
        listening.close()


@dataclass
class Listener:
    """A client over a WebSocket, and everything it was told."""

    socket: ClientConnection
    told: list[dict[str, Any]] = field(default_factory=list)

    async def ask(self, kind: str, **what: Any) -> None:
        """Send a request."""
        await self.socket.send(json.dumps({"kind": kind, **what}))

    async def subscribe(self, *topics: str, **position: Any) -> None:
        """Ask for topics from where `position` says it stopped, and wait for the answers."""
        await self.ask("subscribe", topics=[{"topic": topic, **position} for topic in topics])
        for topic in topics:
            await self.until(partial(_answers, topic))

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message that is wanted, of those told so far or still to come."""
        seen = 0
        async with asyncio.timeout(PATIENCE):
            while True:
                for one in self.told[seen:]:
                    seen += 1
                    if wanted(one):
                        return one
                self.told += json.loads(await self.socket.recv())

    async def closed(self) -> tuple[int, str]:
        """The code and the reason of the end, once it has come."""
        async with asyncio.timeout(PATIENCE):
            await self.socket.wait_closed()
        return self.socket.close_code or 0, self.socket.close_reason or ""

    def of(self, topic: str) -> list[dict[str, Any]]:
        """The numbered messages of a topic."""
        return [one for one in self.told if one.get("topic") == topic and "data" in one]


@asynccontextmanager
async def listening(
    place: str, ticket: str | None, origin: str | None = None
) -> AsyncIterator[Listener]:
    """A client that hands over a ticket."""
    offered = [Subprotocol(PROTOCOL)]
    if ticket is not None:
        offered.append(Subprotocol(TICKET + ticket))
    headers = {"Origin": origin} if origin is not None else {}
    async with connect(
        f"ws://{place}/ws/market_data",
        subprotocols=offered,
        additional_headers=headers,
        compression=None,
        proxy=None,
        ping_interval=None,
        max_size=2**22,
    ) as opened:
        yield Listener(opened)


def _answers(topic: str, told: dict[str, Any]) -> bool:
    return told.get("topic") == topic and told["kind"] in {"subscribed", "reload", "refused"}


def topic_of(instrument_id: UUID) -> str:
    """Its quotes."""
    return f"instrument:{instrument_id}"
