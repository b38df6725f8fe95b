"""Killed in the middle of a backfill of 20 instruments and 10 years: nothing lost, nothing twice.

Each trial kills three of five kinds of processes at random moments and touches nothing else. The
usual number of trials is small; `TRUENAV_KILL_TRIALS=20` runs more.
"""

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from redis import Redis

from tests.builders import add_instrument
from tests.entrypoints.stack import Stack, a_stack, descendants, eventually
from tests.loopback import Answer, Asked, loopback
from truenav.entrypoints.supervisor.servers import EmbeddedValkey
from truenav.entrypoints.supervisor.vault import open_vault
from truenav.features.marketdata.backfill import request
from truenav.platform.clock import new_id

pytestmark = pytest.mark.xdist_group("stack")
TRIALS = int(os.environ.get("TRUENAV_KILL_TRIALS", "2"))
KILLS = 3
VICTIMS = ("work horse", "worker", "scheduler", "valkey-server", "postgres -D")
SYMBOLS = [f"KB{chr(ord('A') + n)}" for n in range(20)]
FIRST, LAST = date(2010, 1, 1), date(2019, 12, 31)
DAYS = [
    day for n in range((LAST - FIRST).days + 1) if (day := FIRST + timedelta(days=n)).weekday() < 5
]
EX_DATES = [day for day in DAYS if day.day == 15 and day.month % 3 == 0]


def close_of(symbol: str, day: date) -> Decimal:
    """A price nobody would mistake for another day's or another instrument's."""
    return Decimal(10_000 + SYMBOLS.index(symbol) * 5_000 + day.toordinal() % 4_999) / 100


def tell(asked: Asked) -> Answer:
    """The shape of Tiingo's daily prices; slow enough to be killed while waiting for it."""
    time.sleep(0.15)
    symbol = asked.path.split("/")[3].upper()
    if symbol not in SYMBOLS:
        return Answer(404, b'{"detail": "Not found."}')
    first, last = (date.fromisoformat(asked.query[name]) for name in ("startDate", "endDate"))
    rows = [
        {
            "date": f"{day}T00:00:00.000Z",
            "close": float(close_of(symbol, day)),
            "divCash": 0.25 if day in EX_DATES else 0.0,
            "splitFactor": 1.0,
        }
        for day in DAYS
        if first <= day <= last
    ]
    return Answer(200, json.dumps(rows).encode())


@dataclass
class Place:
    """A running installation, and how to look behind it."""

    stack: Stack

    def connect(self) -> psycopg.Connection[Any]:
        """As the superuser; waits while the server is away."""
        dsn = self.stack.superuser_dsn

        def try_once() -> psycopg.Connection[Any] | None:
            try:
                return psycopg.connect(dsn, autocommit=True, connect_timeout=2)
            except psycopg.OperationalError:
                return None

        connection: psycopg.Connection[Any] = eventually(try_once, 40, "the database answers")
        return connection

    def ask(self, query: Any, values: Any = None) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query, values).fetchall()

    def forget_calls(self) -> None:
        """The provider allows fifty calls an hour; each trial is an hour of its own."""
        valkey = EmbeddedValkey(self.stack.home, open_vault(self.stack.home).redis)
        with Redis.from_url(valkey.url) as redis:
            for key in redis.scan_iter("provider:tiingo*"):
                redis.delete(key)

    def kill(self, victim: str) -> None:
        """End a process of this kind as it is, if there is one now."""
        worker = self.stack.child("--queue low")
        match victim:
            case "work horse":
                self.stack.kill(*descendants(worker.pid))
            case "worker":
                self.stack.kill(worker, *descendants(worker.pid))
            case _:
                self.stack.kill(self.stack.child(victim))


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    directory = Path(tempfile.mkdtemp(prefix="tn-"))
    with loopback(tell) as server:
        environ = {
            "TRUENAV_OFFLINE": "0",
            "TRUENAV_PROVIDERS": "tiingo",
            "TRUENAV_TIINGO_KEY": "key",
            "TRUENAV_TIINGO_BASE_URL": server.url,
            "TRUENAV_ECB_BASE_URL": server.url,
        }
        with a_stack(directory / "home", environ=environ) as stack:
            stack.start()
            made = Place(stack)
            with made.connect() as connection:
                for symbol in SYMBOLS:
                    add_instrument(connection, symbol=symbol)
            yield made
    shutil.rmtree(directory, ignore_errors=True)


def is_over(place: Place, request_id: UUID) -> bool:
    ((open_count, count),) = place.ask(
        "SELECT count(*) FILTER (WHERE done_at IS NULL), count(*) FROM outbox"
        " WHERE id = %(id)s OR batch_id = %(id)s",
        {"id": request_id},
    )
    return bool(count > 1 and open_count == 0)


@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_backfill_survives_kills(place: Place, trial: int) -> None:
    seed = int(os.environ.get("TRUENAV_SEED", str(random.randrange(1_000_000))))
    chance = random.Random(seed + trial)
    place.forget_calls()
    with place.connect() as connection:
        connection.execute("TRUNCATE prices, price_versions, corporate_actions CASCADE")
        request_id = new_id()
        request(connection, request_id, FIRST, LAST, SYMBOLS)

    killed = []
    for victim in chance.sample(VICTIMS, KILLS):
        time.sleep(chance.uniform(0.2, 2.0))
        killed.append(victim)
        place.kill(victim)
    eventually(lambda: is_over(place, request_id), 90, f"seed {seed}: it ends after {killed}")

    prices = place.ask(
        "SELECT i.symbol, p.price_date, p.close FROM prices p"
        " JOIN instruments i ON i.id = p.instrument_id WHERE i.symbol = ANY (%s)",
        (SYMBOLS,),
    )
    assert len(prices) == len(SYMBOLS) * len(DAYS)
    assert all(close == close_of(symbol, day) for symbol, day, close in prices)
    dividends = place.ask(
        "SELECT i.symbol, a.ex_date, a.cash_amount FROM corporate_actions a"
        " JOIN instruments i ON i.id = a.instrument_id"
    )
    assert sorted(dividends) == [
        (symbol, day, Decimal("0.25")) for symbol in SYMBOLS for day in EX_DATES
    ]
    # an effect that happened twice would have raised a version twice
    versions = place.ask("SELECT instrument_id, reason, count(*) FROM price_versions GROUP BY 1, 2")
    assert {(reason, count) for _, reason, count in versions} == {
        ("prices", 2),
        ("event_added", 2),
    }
    assert len(versions) == 2 * len(SYMBOLS)
    parts = place.ask(
        "SELECT o.id, k.outcome FROM outbox o LEFT JOIN job_keys k"
        " ON k.tenant_id = o.tenant_id AND k.key = 'event:' || o.id WHERE o.batch_id = %s",
        (request_id,),
    )
    assert len(parts) == 2 * len(SYMBOLS)
    assert sum(outcome["rows"] for _, outcome in parts) == len(prices)
