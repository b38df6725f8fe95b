"""The transactions grid's requests over a list of 1,000,000 records.

    python bench/grid.py [records]        default: 1,000,000

A real `truenav api` process over loopback, the application's role, row security, embedded
PostgreSQL; one tenant holds all the records, in ten accounts, and a hundredth of them were taken
back, so that the list has to leave out reversals and what they reverse.

A page: 200 records from the middle of the list, by the mark that leads there. Limit: the same 200
rows, keyset and columns of the one table, in SQL on a kept connection. Peer: what a grid without
marks does, OFFSET to the same place. The ids of all three must agree.

Marks: the count and the cursor of every 200th record. Limit: `count(*)` of the same records, which
any grid with a scroll bar must ask for. The counts must agree.

Candidates take turns within a round; medians of seven rounds, each the mean of a few requests.
"""

import json
import os
import sys
import urllib.request
from collections.abc import Callable
from time import perf_counter
from typing import Any, LiteralString

import psycopg
from measuring.processes import cpu_of_tree
from measuring.rounds import Cost, goal, in_turn, table
from measuring.stage import Household, Stage, stage
from overview import process

from truenav.entrypoints.supervisor.vault import as_environment
from truenav.platform.db import as_psycopg

ROUNDS, PAGE = 7, 200
FILL: LiteralString = """
SET session_replication_role = replica;
INSERT INTO accounts (tenant_id, id, name, broker, base_currency, kind, tax_treatment)
SELECT %(tenant)s, md5('account' || n)::uuid, 'Account ' || n, '', 'USD', 'brokerage', 'taxable'
FROM generate_series(0, 9) n;
INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)
SELECT md5('instrument' || n)::uuid, 'T' || n, 'Company ' || n, 'equity', 'USD', true
FROM generate_series(0, 99) n;
INSERT INTO transactions (tenant_id, id, account_id, instrument_id, sequence, kind, trade_date,
                          quantity, price, currency, gross_amount, gross_currency, reverses_id,
                          idempotency_key)
SELECT %(tenant)s, md5('record' || n)::uuid, md5('account' || n %% 10)::uuid,
       md5('instrument' || n %% 100)::uuid, n,
       CASE WHEN n %% 100 = 99 THEN 'reversal' ELSE 'buy' END, date '2006-01-01' + (n / 140)::int,
       1 + n %% 97, 100, 'USD', -100 * (1 + n %% 97), 'USD',
       CASE WHEN n %% 100 = 99 THEN md5('record' || n - 10)::uuid END, n::text
FROM generate_series(0, %(last)s) n;
"""
LIVE: LiteralString = """
FROM transactions t WHERE kind <> 'reversal' AND NOT EXISTS (
  SELECT FROM transactions r
  WHERE r.tenant_id = t.tenant_id AND r.reverses_id = t.id AND r.reverses_id IS NOT NULL)
"""
ORDER: LiteralString = " ORDER BY trade_date DESC, id DESC LIMIT 200"


def fill(on: Stage, who: Household, count: int) -> None:
    """Every record, and the statistics and visibility that autovacuum would see to."""
    with psycopg.connect(
        on.admin_dsn, autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as connection:
        connection.execute(FILL, {"tenant": who.tenant_id, "last": count - 1})
        connection.execute("VACUUM ANALYZE")


class Asking:
    """One way in for each candidate, and what a turn of it cost."""

    def __init__(self, on: Stage, who: Household, pid: int, connection: Any) -> None:
        self.on, self.pid, self.connection = on, pid, connection
        self.root = f"http://127.0.0.1:{on.settings.web.port}/api/v1/transactions"
        self.headers = {"Authorization": f"Bearer {on.token(who)}"}

    def api(self, path: str) -> Any:
        """What our server answers."""
        request = urllib.request.Request(self.root + path, headers=self.headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def sql(self, query: LiteralString, *values: object) -> list[Any]:
        """What the database answers."""
        found: list[Any] = self.connection.execute(query, values).fetchall()
        return found

    def turn(self, act: Callable[[], object], repeat: int) -> Callable[[], Cost]:
        """Ask a few times; CPU is the API's own, zero where it is not asked."""

        def run() -> Cost:
            cpu, server, start = cpu_of_tree(self.pid), self.on.server_cpu(), perf_counter()
            for _ in range(repeat):
                act()
            wall = perf_counter() - start
            return Cost(
                (cpu_of_tree(self.pid) - cpu) / repeat,
                wall / repeat,
                (self.on.server_cpu() - server) / repeat,
            )

        return run


def compare(ask: Asking, count: int) -> None:
    """The page and the marks, each against its limit and its peer."""
    marks = ask.api(f"/marks?every={PAGE}")
    total, cursors = marks["total_count"], marks["cursors"]
    middle = len(cursors) // 2
    (last,) = ask.api(f"?limit=1&cursor={cursors[middle - 1]}")["items"]
    before = (middle * PAGE) - 1
    (place,) = ask.sql("SELECT trade_date, id " + LIVE + ORDER + " OFFSET %s", before)[:1]

    def ours() -> list[str]:
        page = ask.api(f"?limit={PAGE}&cursor={cursors[middle - 1]}")
        return [item["id"] for item in page["items"]]

    def keyset() -> list[str]:
        rows = ask.sql("SELECT * " + LIVE + " AND (trade_date, id) < (%s, %s)" + ORDER, *place)
        return [str(row[1]) for row in rows]

    def offset() -> list[str]:
        rows = ask.sql("SELECT * " + LIVE + ORDER + " OFFSET %s", middle * PAGE)
        return [str(row[1]) for row in rows]

    def counted() -> int:
        return int(ask.sql("SELECT count(*) " + LIVE)[0][0])

    if not (ours() == keyset() == offset() and counted() == total and ours()[0] == last["id"]):
        raise SystemExit("the answers differ")
    print(f"{count:,} records, {total:,} in the list, {len(cursors):,} marks; page {middle:,}")
    measured = in_turn(
        {
            "page by its mark, API": ask.turn(ours, 10),
            "the same rows by keyset, SQL": ask.turn(keyset, 10),
            "the same rows by OFFSET, SQL": ask.turn(offset, 2),
            "marks, API": ask.turn(lambda: ask.api(f"/marks?every={PAGE}"), 2),
            "count of the list, SQL": ask.turn(counted, 2),
        },
        ROUNDS,
    )
    table(measured, PAGE)
    page, least, peer, marked, least_count = measured.values()
    ratio = peer.times(page, "wall")
    goal("K1", f"OFFSET takes {ratio:.1f} times our whole page, ≥ 5 wanted", is_met=ratio >= 5)
    print(f"      our page takes {page.times(least, 'wall'):.1f} times the bare rows")
    ratio = marked.times(least_count, "wall")
    goal("K2", f"marks take {ratio:.1f} times the count alone, ≤ 4 wanted", is_met=ratio <= 4)


def main() -> None:
    """Fill, start, compare."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with stage(has_valkey=True) as on:
        who = on.add_household()
        fill(on, who, count)
        api = [sys.executable, "-m", "truenav.entrypoints.cli.main", "api"]
        environ = as_environment(on.settings, os.environ)
        ready = f"http://127.0.0.1:{on.settings.web.port}/ready"
        with (
            process(api, environ, ready) as pid,
            psycopg.connect(plain_dsn(on)) as connection,
        ):
            connection.execute("SELECT set_config('app.tenant', %s, false)", (str(who.tenant_id),))
            connection.row_factory = psycopg.rows.tuple_row
            compare(Asking(on, who, pid, connection), count)


def plain_dsn(on: Stage) -> str:
    """The application's own way in: row security binds what is asked there."""
    return as_psycopg(on.settings.database.app or "").replace("postgresql+psycopg", "postgresql")


if __name__ == "__main__":
    main()
