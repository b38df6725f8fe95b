"""`/ws/market_data`: a WebSocket that speaks the live protocol (docs/live.md).

Messages are written as finished frames straight to the transport, where the server lets us: a send
through the server's own queue costs more than the message. A transport that cannot be had is
written to the usual way.
"""

import asyncio
import contextlib
import time
from collections.abc import MutableMapping
from typing import Any, Protocol

from redis.exceptions import RedisError
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from truenav.entrypoints.origins import Origins
from truenav.entrypoints.stream.gateway import (
    BAD_MESSAGE,
    CAPACITY,
    TOO_BIG,
    UNAUTHENTICATED,
    Connection,
    Gateway,
    Turned,
)
from truenav.entrypoints.stream.requests import (
    MOST_BYTES,
    MOST_TOPICS,
    Subscribe,
    Unsubscribe,
    read_request,
)
from truenav.platform.live.frames import text_frame
from truenav.platform.live.tickets import redeem_ticket
from truenav.platform.tokens import Identity

PROTOCOL = "truenav.live.1"
TICKET = "ticket."
# A client that asks more often than this is out of order.
MOST_REQUESTS, REQUEST_SECONDS = 60, 10.0


class _Transport(Protocol):
    def write(self, data: bytes) -> None: ...
    def get_write_buffer_size(self) -> int: ...
    def is_closing(self) -> bool: ...
    def abort(self) -> None: ...


class WebSocketSink:
    """Writes frames; closes through the server, which speaks the closing handshake."""

    def __init__(self, send: Send, transport: _Transport | None) -> None:
        self._send = send
        self._transport = transport
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._is_closed = False

    def write(self, messages: list[bytes]) -> None:
        """Send messages in one frame."""
        if self._is_closed:
            return
        if self._transport is not None:
            if not self._transport.is_closing():
                self._transport.write(text_frame(messages))
            return
        text = (b"[%b]" % b",".join(messages)).decode()
        self._waiting += len(text)
        self._later({"type": "websocket.send", "text": text}, len(text))

    def backlog(self) -> int:
        """Bytes on their way."""
        if self._transport is not None:
            return self._transport.get_write_buffer_size()
        return self._waiting

    def close(self, code: int, reason: str) -> None:
        """End the connection; one that does not read is cut off."""
        if self._is_closed:
            return
        self._is_closed = True
        self._later({"type": "websocket.close", "code": code, "reason": reason}, 0)
        if self._transport is not None and self._transport.get_write_buffer_size() > 0:
            # the closing frame waits behind what is not read: it gets a moment, no more
            asyncio.get_running_loop().call_later(2.0, self._transport.abort)

    def _later(self, message: MutableMapping[str, Any], size: int) -> None:
        task = asyncio.create_task(self._passed_on(message, size))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _passed_on(self, message: MutableMapping[str, Any], size: int) -> None:
        # gone already: the reading side hears of it
        with contextlib.suppress(OSError, RuntimeError):
            await self._send(message)
        self._waiting -= size


async def serve_websocket(
    gateway: Gateway, origins: Origins, scope: Scope, receive: Receive, send: Send
) -> None:
    """One connection, from the handshake to its end."""
    await receive()
    headers = Headers(scope=scope)
    if not (origins.is_host_ours(headers) and origins.is_page_ours(headers)):
        await send({"type": "websocket.close", "code": 1008})  # before accepting: a 403
        return
    offered = [one.strip() for one in headers.get("sec-websocket-protocol", "").split(",")]
    await send(
        {"type": "websocket.accept", "subprotocol": PROTOCOL if PROTOCOL in offered else None}
    )
    sink = WebSocketSink(send, getattr(getattr(send, "__self__", None), "transport", None))
    try:
        identity = await _admitted(gateway, offered)
        connection = await gateway.connect(identity, sink)
    except Turned as turned:
        await send({"type": "websocket.close", "code": turned.code, "reason": turned.reason})
        return
    try:
        gateway.hub.send(connection.reader, [_welcome(gateway, connection)])
        await _obey(gateway, connection, receive)
    finally:
        await gateway.disconnect(connection)


async def _admitted(gateway: Gateway, offered: list[str]) -> Identity:
    tickets = [one.removeprefix(TICKET) for one in offered if one.startswith(TICKET)]
    try:
        identity = await redeem_ticket(gateway.redis, tickets[0]) if tickets else None
    except RedisError as error:
        raise Turned(CAPACITY, "live messages are not to be had; poll instead") from error
    if identity is None:
        raise Turned(UNAUTHENTICATED, "a ticket opens the connection: one, once, within seconds")
    return identity


async def _obey(gateway: Gateway, connection: Connection, receive: Receive) -> None:
    """Do what the client asks until it is gone."""
    since, asked = time.monotonic(), 0
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        connection.heard_at = now = time.monotonic()
        if now - since > REQUEST_SECONDS:
            since, asked = now, 0
        asked += 1
        text = message.get("text") or message.get("bytes") or ""
        refusal = (BAD_MESSAGE, "too many requests") if asked > MOST_REQUESTS else None
        refusal = refusal or await _do(gateway, connection, text)
        if refusal is not None:
            connection.reader.sink.close(*refusal)


async def _do(
    gateway: Gateway, connection: Connection, text: str | bytes
) -> tuple[int, str] | None:
    """Do one thing; or the code and the reason why the connection ends over it."""
    if len(text) > MOST_BYTES:
        return TOO_BIG, f"a message has at most {MOST_BYTES} bytes"
    match read_request(text):
        case Subscribe(topics=asked):
            await gateway.subscribe(connection, asked)
        case Unsubscribe(topics=names):
            await gateway.unsubscribe(connection, names)
        case None:
            return BAD_MESSAGE, "no request of this protocol"
    return None


def _welcome(gateway: Gateway, connection: Connection) -> bytes:
    return (
        f'{{"kind":"welcome","connection_id":"{connection.id}",'
        f'"heartbeat_seconds":{gateway.heartbeat_seconds:g},"most_topics":{MOST_TOPICS}}}'
    ).encode()
