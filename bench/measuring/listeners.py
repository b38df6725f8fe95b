"""Many WebSocket clients in one process: counts what it is told, and how late, of a sample.

    python -m measuring.listeners <port> <clients> <sampled> <confirmed> <tickets file>

`confirmed` is how many subscriptions the server confirms in all. Each line of the file is a ticket
and the topics of one client, as JSON. Prints a line of JSON when all are subscribed (`ready`: how
many, `seconds`: how long it took), `{}` when a first line on its standard input has it begin to
count, and what was heard since (`quotes`, `lost`, `reloads`, `late`) after a second one.
"""

import asyncio
import json
import random
import sys
import time
from typing import cast

import uvloop

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
QUOTE = b'"kind":"quote"'
CONFIRMED = b'"kind":"subscribed"'
RELOADED = b'"kind":"reload"'
STAMP = b'"stamp":"'


class Client(asyncio.Protocol):
    """One connection; what it cannot do in a few lines it does not do."""

    def __init__(self, port: int, ticket: str, topics: list[str], told: "Told") -> None:
        self._handshake = (
            f"GET /ws/market_data HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n"
            f"Sec-WebSocket-Protocol: truenav.live.1, ticket.{ticket}\r\n\r\n"
        ).encode()
        asked = {"kind": "subscribe", "topics": [{"topic": topic} for topic in topics]}
        self._subscribe = masked(json.dumps(asked).encode())
        self._told = told
        self._is_open = False
        self._rest = b""
        # up to where stamps of the rest were told: they were as late as when they came
        self._read = 0
        self._transport: asyncio.Transport | None = None
        self.is_sampled = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is one in all but name
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._handshake)

    def data_received(self, data: bytes) -> None:
        if not self._is_open:
            self._is_open = b"\r\n\r\n" in data
            if self._is_open and self._transport is not None:
                self._transport.write(self._subscribe)
                self._told.opened += 1
            return
        now = time.monotonic_ns()
        self._told.confirmed += data.count(CONFIRMED)
        self._told.reloads += data.count(RELOADED)
        data = self._rest + data
        self._told.quotes += data.count(QUOTE)
        if self.is_sampled:
            start = self._read
            while (start := data.find(STAMP, start)) >= 0:
                start += len(STAMP)
                end = data.find(b'"', start)
                if end < 0:
                    break
                self._told.late.append(now - int(data[start:end]))
                self._read = end
        # a mark that was cut in two is whole with what comes next; a whole one is not seen twice
        size = len(data)
        self._rest = data[max(data.rfind(b"{"), len(data) - 400) :] if data[-1:] != b"]" else b""
        self._told.quotes -= self._rest.count(QUOTE)
        self._read = max(self._read - (size - len(self._rest)), 0)

    def connection_lost(self, _error: Exception | None) -> None:
        self._told.lost += 1


class Told:
    """What all clients of this process heard."""

    def __init__(self) -> None:
        self.opened = self.confirmed = self.quotes = self.lost = self.reloads = 0
        self.late: list[int] = []


def masked(body: bytes) -> bytes:
    """A text frame from a client, masked with zeros."""
    size = len(body)
    head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + bytes(4) + body


async def main() -> None:
    """Connect, subscribe, listen, and tell."""
    port, count, sampled, confirmed = (int(word) for word in sys.argv[1:5])
    with open(sys.argv[5], encoding="utf-8") as lines:  # noqa: PTH123, ASYNC230 - a script's own file
        wanted = [json.loads(line) for line in lines][:count]
    told, clients = Told(), []
    loop = asyncio.get_running_loop()
    started = time.monotonic()
    gate = asyncio.Semaphore(100)

    async def connect(ticket: str, topics: list[str]) -> None:
        async with gate:
            client = Client(port, ticket, topics, told)
            await loop.create_connection(lambda: client, "127.0.0.1", port)
            clients.append(client)
            await asyncio.sleep(0)

    await asyncio.gather(*(connect(ticket, topics) for ticket, topics in wanted))
    while told.lost == 0 and time.monotonic() - started < 180:
        # one that was cut in two between reads is let pass
        if told.opened == count and told.confirmed >= confirmed * 0.999:
            break
        await asyncio.sleep(0.05)
    print(json.dumps({"ready": told.opened, "seconds": time.monotonic() - started}), flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    told.quotes = told.reloads = 0
    for client in random.Random(7).sample(clients, sampled):
        client.is_sampled = True
    print("{}", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    late = sorted(told.late)
    print(
        json.dumps(
            {"quotes": told.quotes, "lost": told.lost, "reloads": told.reloads, "late": late}
        ),
        flush=True,
    )


if __name__ == "__main__":
    uvloop.run(main())
