"""The overview page's request through a real API process, over loopback.

    python bench/overview.py [requests a round]        default: 60

`truenav api` runs as it does under `truenav up`: one process, the application's role, row
security, on embedded PostgreSQL and Valkey. Two portfolios: the demo, and one of 10,000 records
(50 instruments with daily prices, imported and valued as a person's would be). Keep-alive
connections, one and eight; every request is logged in. `gzip` is what a browser asks for;
the others are sent plain.

Against, on the same kind of server in a process of its own (`peers/plain_api.py`): `/ok`, the
least FastAPI can do, and `/orm`, a page of 100 rows by SQLAlchemy objects and `response_model`.

CPU is the server process's own; PostgreSQL's stands beside it. Routes take turns within a round;
medians of three rounds. Goal G1 of docs/performance.md is about our page of 100 transactions.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import monotonic, perf_counter, sleep

import psycopg
from import_db import one_import
from import_parse import made_up_file
from measuring.processes import cpu_of_tree
from measuring.rounds import goal
from measuring.stage import Household, Stage, add_account, free_port, stage
from sqlalchemy import select

from truenav.core.ids import AccountId, TenantId, UserId
from truenav.entrypoints.cli.demo import load_demo
from truenav.entrypoints.supervisor.vault import as_environment
from truenav.features.accounts.tables import AccountRow
from truenav.features.valuation.service import rebuild_nav
from truenav.platform.db import as_psycopg
from truenav.platform.unit_of_work import UnitOfWork

PEER = Path(__file__).parent / "peers" / "plain_api.py"
RECORDS = 10_000
ROUNDS = 3


@dataclass(slots=True)
class Route:
    """One thing to ask for, and what asking took, a figure a round."""

    name: str
    port: int
    path: str
    pid: int
    token: str = ""
    is_zipped: bool = False
    repeat: int = 1  # a cheap answer is asked for more often: processor time comes in ticks
    size: int = 0
    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    def request(self) -> bytes:
        """The bytes a browser would send, or nearly."""
        lines = [f"GET {self.path} HTTP/1.1", f"Host: localhost:{self.port}"]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        if self.is_zipped:
            lines.append("Accept-Encoding: gzip")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


# --- asking -------------------------------------------------------------------------------------


async def ask(route: Route, count: int, took: list[float]) -> None:
    """One keep-alive connection, one request after another."""
    reader, writer = await asyncio.open_connection("127.0.0.1", route.port, limit=1 << 22)
    request = route.request()
    for _ in range(count):
        start = perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{route.name}: {head[:300]!r}")
        length = next(
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        await reader.readexactly(length)
        took.append(perf_counter() - start)
        route.size = length
    writer.close()
    await writer.wait_closed()


async def load(route: Route, count: int, connections: int) -> list[float]:
    """All connections at once; how long each answer took, sorted."""
    took: list[float] = []
    await asyncio.gather(
        *(ask(route, max(count // connections, 1), took) for _ in range(connections))
    )
    return sorted(took)


def one_round(on: Stage, route: Route, count: int, connections: int) -> None:
    """Ask, and remember what it cost."""
    asyncio.run(load(route, 4 * connections, connections))  # warm connections and caches
    server, cpu = on.server_cpu(), cpu_of_tree(route.pid)
    took = asyncio.run(load(route, count * route.repeat, connections))
    route.cpu.append((cpu_of_tree(route.pid) - cpu) / len(took))
    route.server.append((on.server_cpu() - server) / len(took))
    route.p50.append(took[len(took) // 2])
    route.p95.append(took[int(len(took) * 0.95)])


# --- processes ----------------------------------------------------------------------------------


@contextmanager
def process(command: Sequence[str], environ: Mapping[str, str], ready: str) -> Iterator[int]:
    """A server of our own; its id once it answers."""
    with tempfile.TemporaryFile() as log:
        running = subprocess.Popen(command, env=dict(environ), stdout=log, stderr=log)
        try:
            deadline = monotonic() + 60
            while not answers(ready):
                if running.poll() is not None or monotonic() > deadline:
                    log.seek(0)
                    raise SystemExit(f"{command[-1]} did not start: {log.read()[-2000:]!r}")
                sleep(0.05)
            yield running.pid
        finally:
            running.terminate()
            running.wait(20)


def answers(url: str) -> bool:
    """Whether the server is there."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


# --- portfolios ---------------------------------------------------------------------------------


def demo_of(on: Stage) -> Household:
    """The demo, loaded as `truenav up` does."""
    load_demo(on.settings)
    with psycopg.connect(on.admin_dsn) as connection:
        found = connection.execute(
            "SELECT m.tenant_id, m.user_id FROM memberships m JOIN tenants t ON t.id = m.tenant_id"
            " WHERE t.is_demo"
        ).fetchone()
    if found is None:
        raise SystemExit("the demo is not there")
    return Household(TenantId(found[0]), UserId(found[1]))


def large_of(on: Stage) -> Household:
    """A person with 10,000 records, priced and valued."""
    who = on.add_household()
    on.act(who, add_account)
    one_import(on, who, made_up_file(RECORDS))
    price_everything(on.admin_dsn)

    async def value(uow: UnitOfWork) -> None:
        account = (await uow.session.scalars(select(AccountRow.id))).one()
        await rebuild_nav(uow, AccountId(account), date(2010, 1, 1), datetime.now(UTC).date())

    on.act(who, value)
    return who


def price_everything(dsn: str) -> None:
    """Closes of every business day until yesterday for what has none."""
    last = datetime.now(UTC).date() - timedelta(days=1)
    first = date(2010, 1, 1)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    with psycopg.connect(dsn) as connection:
        ids = connection.execute(
            "SELECT id FROM instruments WHERE symbol LIKE 'SYM%' ORDER BY symbol"
        ).fetchall()
        with connection.cursor().copy(
            "COPY prices (instrument_id, price_date, source, close, currency) FROM STDIN"
        ) as copy:
            for number, (instrument,) in enumerate(ids):
                for index, day in enumerate(days):
                    if day.weekday() < 5:
                        close = Decimal(5000 + 7 * number + index % 990) / 100
                        copy.write_row((instrument, day, "bench", close, "USD"))
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ANALYZE")


def fill_peer(dsn: str) -> None:
    """100,000 rows of 500 accounts."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE peer_transactions (id bigserial PRIMARY KEY, account_id int NOT NULL,"
            " instrument_id int NOT NULL, side text NOT NULL, quantity numeric(20,8) NOT NULL,"
            " price numeric(20,8) NOT NULL, fee numeric(20,8) NOT NULL, trade_date date NOT NULL,"
            " note text)"
        )
        connection.execute(
            "INSERT INTO peer_transactions (account_id, instrument_id, side, quantity, price, fee,"
            " trade_date, note) SELECT n % 500, n % 50, 'BUY', n % 97 + 1, 100 + n % 313, 1.25,"
            " date '2010-01-01' + n % 5000, CASE WHEN n % 10 = 0 THEN 'note' END"
            " FROM generate_series(1, 100000) n"
        )
        connection.execute(
            "CREATE INDEX ON peer_transactions (account_id, trade_date DESC, id DESC)"
        )
        connection.execute("VACUUM ANALYZE peer_transactions")


# --- what is printed ----------------------------------------------------------------------------


def report(routes: Sequence[Route], connections: int) -> None:
    """One line per route, then the ratios."""
    print(f"{connections} connection{'s' if connections > 1 else ''}")
    print(
        f"  {'':30} {'p50 ms':>8} {'p95 ms':>8} {'CPU ms':>8} {'× /ok':>7} {'× /orm':>7}"
        f" {'database ms':>12} {'bytes':>8}"
    )
    by_name = {route.name: route for route in routes}
    for route in routes:
        cpu = statistics.median(route.cpu)
        over = [cpu / max(statistics.median(by_name[name].cpu), 1e-9) for name in ("/ok", "/orm")]
        print(
            f"  {route.name:30} {statistics.median(route.p50) * 1e3:8.2f}"
            f" {statistics.median(route.p95) * 1e3:8.2f} {cpu * 1e3:8.2f} {over[0]:7.1f}"
            f" {over[1]:7.2f} {statistics.median(route.server) * 1e3:12.2f} {route.size:8,}"
        )
    if connections == 8:
        ours, orm = by_name["transactions, 100 rows"], by_name["/orm"]
        ratio = statistics.median(orm.cpu) / max(statistics.median(ours.cpu), 1e-9)
        goal("G1", f"/orm costs {ratio:.2f} times our page's CPU, ≥ 5 wanted", is_met=ratio >= 5)
        ratio = statistics.median(ours.p95) / statistics.median(orm.p95)
        goal("G1", f"our p95 is {ratio:.2f} times /orm's, ≤ 0.1 wanted", is_met=ratio <= 0.1)


def main() -> None:
    """Portfolios, processes, load."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with stage(has_valkey=True) as on:
        demo, large = demo_of(on), large_of(on)
        fill_peer(on.admin_dsn)
        port, peer_port = on.settings.web.port, free_port()
        environ = as_environment(on.settings, os.environ)
        api = [sys.executable, "-m", "truenav.entrypoints.cli.main", "api"]
        peer = [sys.executable, str(PEER), str(peer_port)]
        peer_environ = {**os.environ, "BENCH_DATABASE_URL": as_psycopg(on.admin_dsn)}
        with (
            process(api, environ, f"http://127.0.0.1:{port}/ready") as pid,
            process(peer, peer_environ, f"http://127.0.0.1:{peer_port}/ok") as peer_pid,
        ):
            print(f"{count} requests a round, medians of {ROUNDS} rounds")
            for connections in (1, 8):
                path = "/api/v1/overview"
                of_demo, of_large = on.token(demo), on.token(large)
                routes = [
                    Route("/ok", peer_port, "/ok", peer_pid, repeat=20),
                    Route("/orm", peer_port, "/orm", peer_pid, repeat=3),
                    Route("overview, demo", port, path, pid, of_demo),
                    Route("overview, 10,000 records", port, path, pid, of_large),
                    Route("overview, 10,000, gzip", port, path, pid, of_large, is_zipped=True),
                    Route(
                        "transactions, 100 rows",
                        port,
                        "/api/v1/transactions?limit=100",
                        pid,
                        of_large,
                    ),
                ]
                for _ in range(ROUNDS):
                    for route in routes:
                        one_round(on, route, count, connections)
                report(routes, connections)


if __name__ == "__main__":
    main()
