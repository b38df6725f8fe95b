"""Servers that pass quotes on, one process each.

    python live_servers.py product|manager|raw <port> <redis url>

- product: the gateway as it runs, on uvicorn; who may listen to what is answered without a
  database.
- manager: a FastAPI endpoint and a loop over the sockets, as tutorials have it.
- raw: no server at all: a protocol that answers the handshake and writes each quote to the
  transports; what any server on this event loop must do at least.
"""

import asyncio
import base64
import hashlib
import json
import sys
from collections import defaultdict
from types import SimpleNamespace
from typing import Any, cast

import uvicorn
import uvloop
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from redis.asyncio import Redis

from truenav.entrypoints.stream import topics
from truenav.entrypoints.stream.door import LiveDoor
from truenav.entrypoints.stream.gateway import Gateway, listener
from truenav.platform.clock import SystemClock
from truenav.platform.live.frames import text_frame
from truenav.platform.settings import WebSettings

SOCKETS: dict[str, Any] = {
    "ws": "websockets-sansio", "ws_ping_interval": None, "ws_per_message_deflate": False,
    "log_level": "error", "lifespan": "off", "backlog": 4096,
}  # fmt: skip


async def product(port: int, url: str) -> None:
    """The gateway."""

    async def everything(_state: object, _identity: object, names: list[str]) -> set[str]:
        return set(names)

    topics.allowed = everything  # type: ignore[assignment]  # no database is measured here
    state: Any = SimpleNamespace(clock=SystemClock())
    app = FastAPI()
    async with Gateway(state, listener(url)).running() as app.state.gateway:
        door = LiveDoor(app, web=WebSettings())

        async def outermost(scope: Any, receive: Any, send: Any) -> None:
            scope["app"] = app
            await door(scope, receive, send)

        await uvicorn.Server(uvicorn.Config(outermost, port=port, **SOCKETS)).serve()


async def manager(port: int, url: str) -> None:
    """The tutorial's."""
    app = FastAPI()
    listening: dict[str, set[WebSocket]] = defaultdict(set)

    @app.websocket("/ws/market_data")
    async def listen(socket: WebSocket) -> None:
        await socket.accept("truenav.live.1")
        asked = json.loads(await socket.receive_text())
        names = [one["topic"] for one in asked["topics"]]
        for name in names:
            listening[name].add(socket)
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            for name in names:
                listening[name].discard(socket)

    async def pass_on() -> None:
        async for name, message in quotes(url):
            for socket in list(listening[name]):
                await socket.send_text(f"[{message.decode()}]")

    passing = asyncio.create_task(pass_on())
    await uvicorn.Server(uvicorn.Config(app, port=port, **SOCKETS)).serve()
    passing.cancel()


async def raw(port: int, url: str) -> None:
    """The floor."""
    listening: dict[str, list[asyncio.Transport]] = defaultdict(list)

    class Peer(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            # uvloop's is one in all but name
            self.transport = cast(asyncio.Transport, transport)
            self.is_open = False

        def data_received(self, data: bytes) -> None:
            if not self.is_open:
                self.is_open = True
                lines = data.decode().split("\r\n")
                key = next(one for one in lines if one.startswith("Sec-WebSocket-Key")).split()[1]
                guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
                accept = base64.b64encode(hashlib.sha1((key + guid).encode()).digest()).decode()
                answer = (
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    f"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
                )
                self.transport.write(answer.encode())
                return
            asked = json.loads(data[8 if data[1] & 0x7F == 126 else 6 :])
            for one in asked["topics"]:
                listening[one["topic"]].append(self.transport)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Peer, "127.0.0.1", port, backlog=4096)
    async with server:
        async for name, message in quotes(url):
            frame = text_frame([message])
            for transport in listening[name]:
                transport.write(frame)


async def quotes(url: str) -> Any:
    """Every message of every topic."""
    async with Redis.from_url(url) as redis, redis.pubsub() as heard:
        await heard.psubscribe("live:{*")
        async for told in heard.listen():
            if told["type"] == "pmessage":
                yield told["channel"].decode()[len("live:{") : -1], told["data"]


if __name__ == "__main__":
    kinds = {"product": product, "manager": manager, "raw": raw}
    uvloop.run(kinds[sys.argv[1]](int(sys.argv[2]), sys.argv[3]))
