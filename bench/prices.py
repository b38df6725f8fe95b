"""Daily prices in, out and adjusted, against the least that could be done.

    python bench/prices.py [instruments [years]]        default: 500 20

Embedded PostgreSQL, durable, the product's own tables and roles; made-up walks, 252 days a year.

- In (100 of the instruments, 20 years): `store_history`, instrument by instrument, as the feed
  does: staged, compared with what is there, versions and changes noted. `again` stores the same
  once more. `into prices` copies prepared bytes straight into the same table (its keys, checks
  and foreign key, nothing compared). `raw COPY` copies them into a table without any.
- Out (all): `close_matrix`, the bars of the source that counts as a float64 array of instrument ×
  day, as the application's role. `binary COPY` reads id, day and close as fixed records and no
  more; `rows` are what the ledger's valuation reads (`price_series`), on a tenth of them. ADBC, in
  a process of its own, reads the same three columns into Arrow.
- Adjusted (all): splits and dividends applied in arrays, against reading and writing the array
  once, and against `adjusted_closes` in exact decimals, on a tenth.

Goal names of docs/performance.md: P1 (in), P2 (out), P3 (adjusted).
"""

import asyncio
import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter
from uuid import UUID

import numpy as np
import psycopg
from measuring.rounds import goal, in_turn, table
from measuring.stage import Stage, stage

from truenav.features.marketdata.providers.quotes import Bar, History
from truenav.features.marketdata.storing import store_history
from truenav.platform.clock import new_id

LAST = date(2026, 11, 27)
SOURCE = "bench"


def trading_days(count: int) -> list[date]:
    """Weekdays up to the last, oldest first."""
    days: list[date] = []
    day = LAST
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def made_up_history(source: random.Random, days: list[date]) -> History:
    """A walk with open, high, low and volume."""
    bars, level = [], source.uniform(20, 200)
    for day in days:
        level = max(level * (1 + source.gauss(0.0003, 0.015)), 1)
        close, first = round(level, 2), round(level * source.uniform(0.99, 1.01), 2)
        bars.append(
            Bar(
                price_date=day,
                open=Decimal(str(first)),
                high=Decimal(str(round(max(close, first) * 1.004, 2))),
                low=Decimal(str(round(min(close, first) * 0.996, 2))),
                close=Decimal(str(close)),
                volume=Decimal(source.randrange(10_000, 9_000_000)),
            )
        )
    return History(currency="USD", bars=bars, events=[], basis="raw")


def add_instruments(on: Stage, count: int) -> list[UUID]:
    """Shared instruments."""
    ids = [new_id() for _ in range(count)]
    with psycopg.connect(on.admin_dsn) as connection:
        for key in ids:
            connection.execute(
                "INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)"
                " VALUES (%s, %s, 'Made up', 'equity', 'USD', true)",
                (key, f"B{key.hex[-10:].upper()}"),
            )
    return ids


# --- in -----------------------------------------------------------------------------------------

COLUMNS = "instrument_id, price_date, source, basis, open, high, low, close, volume, currency"


def as_text(ids: list[UUID], histories: list[History]) -> bytes:
    """The rows as COPY's text."""
    lines = [
        f"{key}\t{b.price_date}\t{SOURCE}\traw\t{b.open}\t{b.high}\t{b.low}\t{b.close}\t{b.volume}"
        "\tUSD\n"
        for key, history in zip(ids, histories, strict=True)
        for b in history.bars
    ]
    return "".join(lines).encode()


def bring_in(on: Stage, histories: list[History]) -> None:
    """Every way of storing the same rows."""
    rows = sum(len(history.bars) for history in histories)
    newest: list[UUID] = []

    def ours() -> None:
        newest[:] = fresh.pop()
        store()

    def store() -> None:
        with psycopg.connect(on.settings.database.ingest or "", prepare_threshold=None) as c:
            for key, history in zip(newest, histories, strict=True):
                store_history(c, key, SOURCE, history)
                c.commit()

    def copy_into(target: str, told: list[bytes]) -> Callable[[], None]:
        def run() -> None:
            content = told.pop()
            with psycopg.connect(on.admin_dsn) as connection:
                with connection.cursor().copy(f"COPY {target} ({COLUMNS}) FROM STDIN") as copy:
                    copy.write(content)

        return run

    rounds = 3
    fresh = [add_instruments(on, len(histories)) for _ in range(rounds)]
    direct = [as_text(add_instruments(on, len(histories)), histories) for _ in range(rounds)]
    plain = [as_text(fresh[0], histories)] * rounds
    with psycopg.connect(on.admin_dsn) as connection:
        connection.execute(f"CREATE TABLE plain AS SELECT {COLUMNS} FROM prices WITH NO DATA")
    measured = in_turn(
        {
            "store_history": ours,
            "again": store,
            "into prices": copy_into("prices", direct),
            "raw COPY": copy_into("plain", list(plain)),
        },
        rounds,
        on.server_cpu,
    )
    print(f"{rows:,} bars of {len(histories)} instruments into PostgreSQL")
    table(measured, rows)
    mine = measured["store_history"]
    into, raw = mine.times(measured["into prices"], "wall"), mine.times(measured["raw COPY"], "wall")
    print(f"  again: {measured['again'].times(mine, 'wall'):.2f} times the first")
    goal("P1", f"{into:.1f} times COPY into the same table, ≤ 2 wanted", is_met=into <= 2)
    goal("P1", f"{raw:.1f} times COPY into a bare one, ≤ 12 wanted (as H1)", is_met=raw <= 12)


def main() -> None:
    """In, out, adjusted."""
    sizes = [int(text) for text in sys.argv[1:]]
    instruments = sizes[0] if sizes else 500
    years = sizes[1] if len(sizes) > 1 else 20
    source = random.Random(4)
    days = trading_days(252 * years)
    histories = [made_up_history(source, days) for _ in range(min(100, instruments))]
    with stage() as on:
        bring_in(on, histories)


if __name__ == "__main__":
    main()
