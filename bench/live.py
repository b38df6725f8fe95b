"""Quotes to many screens: from publishing in Valkey to their arrival, and what it costs.

    python bench/live.py [clients [quotes a second [seconds]]]      default: 1000 50 10

Each client listens to 20 of 500 instruments. Servers are measured in turn, each a process of its
own, clients in another:

- the gateway as it runs (numbers, positions, bounded queues, cohorts); who may listen to what is
  answered without a database;
- a FastAPI endpoint with a loop over its sockets, as tutorials have it: no numbers, no bounds;
- the raw limit: each quote written to each transport, by nobody's rules.

`told` is the share of (quotes published x who listens) that arrived: the gateway leaves out quotes
that were overtaken within a flush, and says so by their numbers. Goals F1, F2 and F4 of
docs/performance.md. 10,000 clients need `ulimit -n` above 10,100.
"""

import contextlib
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measuring.processes import cpu_of_tree
from redis import Redis

from truenav.core.ids import TenantId, UserId
from truenav.entrypoints.supervisor.servers import EmbeddedValkey
from truenav.platform.clock import new_id
from truenav.platform.live.places import PLACES
from truenav.platform.live.publishing import NUMBERED, LiveMessage
from truenav.platform.live.tickets import issue_ticket
from truenav.platform.tokens import Identity

HERE = Path(__file__).resolve().parent
TOPICS, EACH, SAMPLED = 500, 20, 200
TELL = "return tell(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[3], ARGV[4])"
NAMES = {"raw": "raw limit", "product": "gateway", "manager": "FastAPI loop over sockets"}


def main() -> None:
    """Measure each server in turn."""
    given = [int(word) for word in sys.argv[1:4]]
    clients, rate, seconds = [*given, *(1000, 50, 10)[len(given) :]]
    print(f"{clients} clients, {EACH} of {TOPICS} instruments each, {rate} quotes/s, {seconds} s")
    print(f"{'':26}{'p50':>7}{'p95':>7}{'p99':>7}  told  us/quote  KiB/client  connecting")
    with tempfile.TemporaryDirectory(prefix="tn-") as directory:
        valkey = EmbeddedValkey(Path(directory), "only-for-measuring", is_durable=False)
        url = valkey.start()
        try:
            for kind, name in NAMES.items():
                print(row(name, measure(kind, url, directory, clients, rate, seconds)))
        finally:
            valkey.stop()


def measure(
    kind: str, url: str, directory: str, clients: int, rate: int, seconds: int
) -> dict[str, float]:
    """One server, from its start to its end."""
    with Redis.from_url(url) as redis:
        redis.flushall()
        names = [f"instrument:{new_id()}" for _ in range(TOPICS)]
        rng = random.Random(20261130)
        wanted = Path(directory) / "wanted.jsonl"
        listeners: dict[str, int] = dict.fromkeys(names, 0)
        lines = []
        user, tenant = UserId(new_id()), TenantId(new_id())
        for number in range(clients):
            if number % PLACES == 0:
                user = UserId(new_id())
            chosen = rng.sample(names, EACH)
            for name in chosen:
                listeners[name] += 1
            lines.append(json.dumps([issue_ticket(redis, Identity(user, tenant, "owner")), chosen]))
        for key in redis.scan_iter("live:ticket:*", count=1000):
            redis.expire(key, 600)  # of thousands the last may be let in late
        wanted.write_text("\n".join(lines))
        with serving(kind, url) as (server, port):
            empty = memory_of(server.pid)
            confirmed = clients * EACH if kind == "product" else 0
            with listening(port, clients, confirmed, wanted) as heard:
                ready = json.loads(heard.stdout.readline())
                if ready["ready"] < clients:
                    raise SystemExit(f"only {ready['ready']} of {clients} could connect")
                time.sleep(1.0)
                full = memory_of(server.pid)
                told = publish(redis, heard, server.pid, names, listeners, rate, seconds)
                if told["lost"]:
                    raise SystemExit(f"{told['lost']} connections were lost")
    late = told["late"]
    return {
        **{f"p{n}": late[min(int(len(late) * n / 100), len(late) - 1)] / 1e6 for n in (50, 95, 99)},
        "told": told["quotes"] / told["expected"],
        "cpu": told["cpu"] / told["quotes"] * 1e6,
        "memory": (full - empty) / clients,
        "seconds": ready["seconds"],
    }


def publish(
    redis: Redis,
    heard: Any,
    pid: int,
    names: list[str],
    listeners: dict[str, int],
    rate: int,
    seconds: int,
) -> dict[str, Any]:
    """Publish at an even pace; what was heard of it."""
    rng = random.Random(7)
    tell = redis.register_script(NUMBERED + TELL)
    say(heard)
    before, expected = cpu_of_tree(pid), 0
    started = time.monotonic()
    for number in range(rate * seconds):
        due = started + number / rate
        time.sleep(max(due - time.monotonic(), 0))
        name = rng.choice(names)
        expected += listeners[name]
        data = {
            "price": f"{rng.uniform(1, 900):.4f}",
            "previous_close": "100.25",
            "currency": "USD",
            "as_of": "2026-03-05T16:00:00Z",
            "source": "tiingo",
            "delay_minutes": 15,
            "stamp": str(time.monotonic_ns()),
        }
        message = LiveMessage(name, "quote", data)
        tell(keys=message.keys, args=message.arguments)
    time.sleep(1.5)
    cpu = cpu_of_tree(pid) - before
    told: dict[str, Any] = say(heard)
    return {**told, "cpu": cpu, "expected": expected}


def say(heard: Any) -> Any:
    """Go on, and hear the answer."""
    heard.stdin.write("\n")
    heard.stdin.flush()
    return json.loads(heard.stdout.readline())


@contextlib.contextmanager
def serving(kind: str, url: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(HERE / "peers" / "live_servers.py"), kind, str(port), url]
    with subprocess.Popen(command, text=True) as server:
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            time.sleep(0.5)
            yield server, port
        finally:
            server.kill()


@contextlib.contextmanager
def listening(
    port: int, clients: int, confirmed: int, wanted: Path
) -> Iterator[subprocess.Popen[str]]:
    """All clients, in one process."""
    command = [sys.executable, "-m", "measuring.listeners", str(port), str(clients),
               str(min(SAMPLED, clients)), str(confirmed), str(wanted)]  # fmt: skip
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, cwd=HERE) as heard:
        try:
            yield heard
        finally:
            heard.kill()


def memory_of(pid: int) -> float:
    """KiB a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def row(name: str, found: dict[str, float]) -> str:
    """One line of the table; times in milliseconds."""
    late = "".join(f"{found[key]:7.1f}" for key in ("p50", "p95", "p99"))
    return (
        f"{name:26}{late}{found['told']:6.1%}{found['cpu']:10.1f}{found['memory']:12.1f}"
        f"{found['seconds']:10.1f} s"
    )


if __name__ == "__main__":
    main()
