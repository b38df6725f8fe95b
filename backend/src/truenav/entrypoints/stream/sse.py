"""`/sse/market_data`: the same messages as the WebSocket's, one way, over plain HTTP.

An event is a JSON list of messages; its id is how far the reader has come in each topic it asked
for, in their order, so that `Last-Event-ID` resumes all of them at once.
"""

import asyncio
import json
import re
import time

from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from truenav.entrypoints.stream.gateway import TOO_MANY, Connection, Gateway, Turned
from truenav.entrypoints.stream.requests import MOST_TOPICS, Subscribe, read_request
from truenav.platform.problems import problem_response
from truenav.platform.tokens import Unauthenticated

MARK = re.compile(r"([0-9a-f.]{1,40}):(\d{1,15})")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class EventSink:
    """Gathers messages until the connection takes them; knows how far each topic has come."""

    def __init__(self, topics: list[str]) -> None:
        self._marks = dict.fromkeys(topics, "-")
        self._events: list[bytes] = []
        self._size = 0
        self.something = asyncio.Event()
        self.is_closed = False

    def write(self, messages: list[bytes]) -> None:
        """Send messages in one event."""
        for message in messages:
            told = json.loads(message)
            if told.get("topic") in self._marks and "epoch" in told:
                self._marks[told["topic"]] = f"{told['epoch']}:{told['sequence']}"
        mark = "_".join(self._marks.values()).encode()
        event = b"id: %b\ndata: [%b]\n\n" % (mark, b",".join(messages))
        self._events.append(event)
        self._size += len(event)
        self.something.set()

    def backlog(self) -> int:
        """Bytes that wait."""
        return self._size

    def close(self, code: int, reason: str) -> None:
        """Tell why, and end."""
        if not self.is_closed:
            told = {"kind": "closed", "code": code, "reason": reason}
            self._events.append(b"data: [%b]\n\n" % json.dumps(told).encode())
            self.is_closed = True
            self.something.set()

    def take(self) -> bytes:
        """What waits, all of it."""
        taken, self._events, self._size = b"".join(self._events), [], 0
        self.something.clear()
        return taken


async def serve_events(gateway: Gateway, scope: Scope, receive: Receive, send: Send) -> None:
    """One stream of events, from the request to its end."""
    request = Request(scope)
    asked = read_topics(request.query_params, request.headers)
    if asked is None:
        detail = f"name 1 to {MOST_TOPICS} topics"
        answer = problem_response(request, 422, "invalid", detail)
        await answer(scope, receive, send)
        return
    sink = EventSink([position.topic for position in asked.topics])
    try:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        # of another scheme there is no token: an empty one is refused like a forged one
        bearer = token if scheme.lower() == "bearer" else ""
        identity = gateway.state.signer.check(bearer, gateway.state.clock.now())
        connection = await gateway.connect(identity, sink)
    except Unauthenticated as error:
        await problem_response(request, 401, error.code, str(error))(scope, receive, send)
        return
    except Turned as turned:
        is_many = turned.code == TOO_MANY
        status, code = (429, "too_many_connections") if is_many else (503, "live_unavailable")
        await problem_response(request, status, code, turned.reason)(scope, receive, send)
        return
    try:
        await _stream(gateway, connection, sink, asked, receive, send)
    finally:
        await gateway.disconnect(connection)


async def _stream(
    gateway: Gateway,
    connection: Connection,
    sink: EventSink,
    asked: Subscribe,
    receive: Receive,
    send: Send,
) -> None:
    gone = asyncio.create_task(_until_gone(receive))
    subscribing = asyncio.create_task(gateway.subscribe(connection, asked.topics))
    # what fails in a way nobody expected ends the stream instead of leaving it mute
    subscribing.add_done_callback(lambda _: sink.something.set())
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        welcome = f'{{"kind":"welcome","connection_id":"{connection.id}"}}'.encode()
        gateway.hub.send(connection.reader, [welcome])
        is_last = False
        while not is_last:
            something = asyncio.create_task(sink.something.wait())
            await asyncio.wait((something, gone), return_when=asyncio.FIRST_COMPLETED)
            something.cancel()
            if gone.done():
                return
            if subscribing.done():
                subscribing.result()
            is_last = sink.is_closed
            await send({"type": "http.response.body", "body": sink.take(), "more_body": True})
            # it took what it was sent: that is its sign of life
            connection.heard_at = time.monotonic()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        subscribing.cancel()
        await asyncio.gather(gone, subscribing, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def read_topics(query: QueryParams, headers: Headers) -> Subscribe | None:
    """The topics asked for, each from where the last event left it; None for no such request."""
    names = [name for name in query.get("topics", "").split(",") if name]
    marks = headers.get("last-event-id", "").split("_")
    positions = []
    for place, name in enumerate(dict.fromkeys(names)):
        found = MARK.fullmatch(marks[place]) if place < len(marks) else None
        position: dict[str, str | int] = {"topic": name}
        if found is not None:
            position |= {"epoch": found[1], "sequence": int(found[2])}
        positions.append(position)
    asked = read_request(json.dumps({"kind": "subscribe", "topics": positions}))
    return asked if isinstance(asked, Subscribe) else None
