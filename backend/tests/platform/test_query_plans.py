"""The plans of what people open most, as the application's role, with row security and many rows.

The application itself is asked; every query it sends is explained as the role that sent it. One
tenant in twenty has a fifth of all rows, so reading a whole table is never the better plan.
"""

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from tests.builders import Member, a_key
from tests.conftest import NOON, ORIGIN
from tests.features.ledgering import bought
from tests.servers import Servers
from truenav.core.ids import TenantId, UserId
from truenav.core.ledger.checkpoints import ENGINE_VERSION
from truenav.entrypoints.api.app import create_app
from truenav.entrypoints.worker.sweeping import SWEEP, asked_of_sweep
from truenav.platform.clock import FakeClock
from truenav.platform.settings import Settings
from truenav.platform.state import AppState
from truenav.platform.tokens import TokenSigner

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("query-plans")]

# Row n belongs to tenant `owner(n)`: every fifth to tenant 0, the others to 1 to 19 in turn.
FILL: LiteralString = """
SET session_replication_role = replica;  -- the rows are consistent; no trigger need look
CREATE FUNCTION pg_temp.key(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
  $$ SELECT md5(kind || n)::uuid $$;
CREATE FUNCTION pg_temp.owner(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT CASE WHEN n % 5 = 0 THEN 0 ELSE 1 + n % 19 END $$;
CREATE FUNCTION pg_temp.account(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT pg_temp.owner(n) * 100 + (n / 100) % 4 $$;

INSERT INTO tenants (id, name, base_currency)
SELECT pg_temp.key('tenant', n), 'Household', 'USD' FROM generate_series(0, 1999) n;
INSERT INTO accounts (tenant_id, id, name, broker, base_currency, kind, tax_treatment)
SELECT pg_temp.key('tenant', t), pg_temp.key('account', t * 100 + a), 'Account ' || a, '', 'USD',
       'brokerage', 'taxable'
FROM generate_series(0, 19) t, generate_series(0, 39) a
UNION ALL
SELECT pg_temp.key('tenant', t), pg_temp.key('account', t * 100 + a), 'Account ' || a, '', 'USD',
       'brokerage', 'taxable'
FROM generate_series(20, 1999) t, generate_series(0, 2) a;
INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)
SELECT pg_temp.key('instrument', n), 'T' || n, 'Company ' || n, 'equity', 'USD', n % 2 = 0
FROM generate_series(0, 499) n;
INSERT INTO prices (instrument_id, price_date, source, close, currency)
SELECT pg_temp.key('instrument', n), date '2026-03-04' - d, 'test', 100 + d, 'USD'
FROM generate_series(0, 49) n, generate_series(0, 99) d;
INSERT INTO manual_prices (tenant_id, instrument_id, price_date, close, currency)
SELECT pg_temp.key('tenant', t), pg_temp.key('instrument', n), date '2026-03-04' - d, 100, 'USD'
FROM generate_series(0, 19) t, generate_series(0, 9) n, generate_series(0, 29) d;
INSERT INTO tenant_source_orders (tenant_id, sources)
SELECT id, CASE WHEN id = pg_temp.key('tenant', 0) THEN array['yahoo'] ELSE '{}' END FROM tenants;
INSERT INTO instrument_source_orders (instrument_id, sources)
SELECT pg_temp.key('instrument', n), array['yahoo', 'tiingo'] FROM generate_series(0, 9) n;
INSERT INTO custom_sources (tenant_id, instrument_id, url, price_path, currency)
SELECT pg_temp.key('tenant', t), pg_temp.key('instrument', n), 'https://example.com/', 'p', 'USD'
FROM generate_series(0, 19) t, generate_series(0, 99) n;
INSERT INTO kept_instruments (tenant_id, instrument_id)
SELECT pg_temp.key('tenant', t), pg_temp.key('instrument', n)
FROM generate_series(0, 19) t, generate_series(50, 249) n;
INSERT INTO import_batches (tenant_id, id, account_id, file_name, file_hash, file_size, status)
SELECT pg_temp.key('tenant', pg_temp.owner(n)), pg_temp.key('batch', n),
       pg_temp.key('account', pg_temp.account(n)), 'trades.csv', n::text, 1, 'committed'
FROM generate_series(0, 1999) n;
INSERT INTO import_rows (tenant_id, batch_id, row_number, status, original)
SELECT pg_temp.key('tenant', pg_temp.owner(n / 10)), pg_temp.key('batch', n / 10), n % 10,
       'imported', '{}'
FROM generate_series(0, 19999) n;
INSERT INTO transactions (tenant_id, id, account_id, instrument_id, sequence, kind, trade_date,
                          quantity, price, currency, gross_amount, gross_currency,
                          import_batch_id, reverses_id, idempotency_key)
SELECT pg_temp.key('tenant', pg_temp.owner(n)), pg_temp.key('transaction', n),
       pg_temp.key('account', pg_temp.account(n)), pg_temp.key('instrument', n % 50), n,
       CASE WHEN n % 400 = 399 THEN 'reversal' WHEN n % 10 = 0 THEN 'dividend' ELSE 'buy' END,
       date '2016-01-01' + (n / 12)::int, 1, 100, 'USD', -100, 'USD',
       pg_temp.key('batch', n % 2000),
       CASE WHEN n % 400 = 399 THEN pg_temp.key('transaction', n - 19 * 5) END, n::text
FROM generate_series(0, 39999) n;
INSERT INTO review_notes (tenant_id, transaction_id, reason_code, account_id, message)
SELECT tenant_id, id, 'unknown_action', account_id, '' FROM transactions WHERE sequence % 20 = 3;
INSERT INTO lots (tenant_id, id, account_id, instrument_id, transaction_id, acquired_date,
                  quantity, cost, currency)
SELECT tenant_id, id, account_id, instrument_id, id, trade_date, 1, 100, 'USD'
FROM transactions WHERE kind = 'buy' AND sequence % 2 = 1;
INSERT INTO lot_closures (tenant_id, id, account_id, instrument_id, lot_id, opened_by, closed_by,
                          acquired_date, closed_date, quantity, proceeds, cost, gain, currency,
                          is_long_term)
SELECT tenant_id, id, account_id, instrument_id, id, id, id, trade_date, trade_date + 30, 1, 110,
       100, 10, 'USD', false
FROM transactions WHERE kind = 'buy' AND sequence % 2 = 0;
INSERT INTO positions (tenant_id, account_id, instrument_id, quantity, cost, currency,
                       last_trade_date)
SELECT pg_temp.key('tenant', t), pg_temp.key('account', t * 100 + a),
       pg_temp.key('instrument', i), 10, 1000, 'USD', '2026-01-01'
FROM generate_series(0, 19) t, generate_series(0, 39) a, generate_series(0, 24) i;
INSERT INTO position_changes (tenant_id, account_id, instrument_id, changed_on, quantity)
SELECT tenant_id, account_id, instrument_id, date '2016-01-01' + n, 10
FROM positions, generate_series(0, 2) n;
INSERT INTO own_corporate_actions (tenant_id, id, kind, instrument_id, ex_date)
SELECT pg_temp.key('tenant', t), pg_temp.key('action', t * 1000 + n), 'worthless',
       pg_temp.key('instrument', n % 50), date '2016-01-01' + n
FROM generate_series(0, 19) t, generate_series(0, 199) n;
INSERT INTO corporate_action_decisions (tenant_id, account_id, event_id, status)
SELECT pg_temp.key('tenant', t), pg_temp.key('account', t * 100 + n % 4),
       pg_temp.key('action', t * 1000 + n), 'dismissed'
FROM generate_series(0, 19) t, generate_series(0, 199) n;
INSERT INTO cash_balances (tenant_id, account_id, currency, amount)
SELECT tenant_id, id, currency, 1000 FROM accounts,
       unnest(array['USD', 'EUR', 'CHF', 'GBP', 'JPY']) currency;
INSERT INTO snapshots (tenant_id, account_id, as_of, currency, nav, market_value, cash_value,
                       external_flow, calculation_version)
SELECT pg_temp.key('tenant', t), pg_temp.key('account', t * 100 + a), date '2026-03-05' - d,
       'USD', 1000, 900, 100, 0, '1'
FROM generate_series(0, 19) t, generate_series(0, 3) a, generate_series(0, 399) d;
INSERT INTO outbox (tenant_id, id, topic, payload, dispatched_at, done_at)
SELECT pg_temp.key('tenant', pg_temp.owner(n)), pg_temp.key('event', n),
       'ledger.transactions_posted', '{}', now(), CASE WHEN n % 1000 <> 7 THEN now() END
FROM generate_series(0, 9999) n;
SET session_replication_role = origin;
ANALYZE;
"""
TENANT_TABLES: LiteralString = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'tenant_id'
"""
# What holds too few rows here to tell an index from a scan; none of it is asked for by a list.
UNTOLD = {"memberships", "refresh_tokens"}


@dataclass(frozen=True)
class Sent:
    """One query of the application."""

    statement: str
    parameters: Any


@dataclass(frozen=True)
class Place:
    """A database with many rows, the application on it, and what it sent since the last look."""

    app: FastAPI
    dsn: str
    tenant_tables: frozenset[str]
    ids: dict[str, UUID]
    sent: list[Sent]


def _ids(connection: psycopg.Connection[Any]) -> dict[str, UUID]:
    """Things of tenant 0 that a list can be narrowed to."""
    found: dict[str, UUID] = {}
    for name, key in (
        ("tenant", "tenant0"), ("account", "account1"), ("instrument", "instrument5"),
        ("batch", "batch5"), ("transaction", "transaction100"),
    ):  # fmt: skip
        row = connection.execute("SELECT md5(%s)::uuid", (key,)).fetchone()
        assert row is not None
        found[name] = row[0]
    return found


@pytest.fixture(scope="module")
def filled(servers: Servers) -> Iterator[str]:
    """The name of a database with many rows."""
    name = f"truenav_{secrets.token_hex(6)}"
    servers.create_database(name)
    with psycopg.connect(servers.dsn(name), autocommit=True) as connection:
        connection.execute(FILL)
        connection.execute(
            "INSERT INTO ledger_builds (tenant_id, account_id, engine)"
            " SELECT tenant_id, id, %s FROM accounts",
            (ENGINE_VERSION,),
        )
    yield name
    servers.drop_database(name)


@pytest.fixture(scope="module")
async def place(filled: str, servers: Servers, settings: Settings) -> AsyncIterator[Place]:
    """The application on that database; what it sends is noted."""
    dsn = servers.dsn(filled, "truenav_app")
    with psycopg.connect(servers.dsn(filled), autocommit=True) as connection:
        tables = frozenset(row[0] for row in connection.execute(TENANT_TABLES)) - UNTOLD
        ids = _ids(connection)
    database = replace(settings.database, app=dsn)
    app = create_app(replace(settings, database=database, redis_url=None), FakeClock(NOON))
    sent: list[Sent] = []
    async with app.router.lifespan_context(app):
        state: AppState = app.state.truenav

        @event.listens_for(state.engine.sync_engine, "before_cursor_execute")
        def note(*call: Any) -> None:
            sent.append(Sent(call[2], call[3]))

        yield Place(app, dsn, tables, ids, sent)


@pytest.fixture
async def asking(place: Place, signer: TokenSigner) -> AsyncIterator[httpx.AsyncClient]:
    """Logged in as the tenant with the most rows."""
    member = Member(UserId(UUID(int=1)), TenantId(place.ids["tenant"]), "a@example.org")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=place.app),
        base_url=ORIGIN,
        headers=member.headers(signer, NOON),
    ) as client:
        place.sent.clear()
        yield client


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's node and all below it."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def scans(place: Place, *without: LiteralString) -> dict[str, set[str]]:
    """Tenant table → how the queries sent read it, each explained as the role that sent it.

    `without` names ways of reading that the planner may not use.
    """
    found: dict[str, set[str]] = {}
    with psycopg.connect(place.dsn) as connection:
        for way in without:
            connection.execute(f"SET LOCAL enable_{way} = off")
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(place.ids["tenant"]),))
        for sent in place.sent:
            if sent.statement.lstrip().upper().startswith(("SELECT", "WITH")):
                for node in explained(connection, sent):
                    table = node.get("Relation Name")
                    if table in place.tenant_tables:
                        found.setdefault(table, set()).add(node["Node Type"])
    return found


def explained(connection: psycopg.Connection[Any], sent: Sent) -> Iterator[dict[str, Any]]:
    """The nodes of a query's plan."""
    query = f"EXPLAIN (FORMAT JSON) {sent.statement}".encode()
    row = connection.execute(query, sent.parameters).fetchone()
    assert row is not None
    yield from nodes(row[0][0]["Plan"])


LISTS = {
    "/api/v1/accounts?include_total=true": {"accounts"},
    "/api/v1/transactions": {"transactions", "review_notes"},
    "/api/v1/transactions?include_total=true&include_reversed=true": {"transactions"},
    "/api/v1/transactions?account_id={account}": {"transactions"},
    "/api/v1/transactions?instrument_id={instrument}": {"transactions"},
    "/api/v1/transactions?kind=dividend&from=2020-01-01&to=2020-12-31": {"transactions"},
    "/api/v1/transactions?import_batch_id={batch}": {"transactions"},
    "/api/v1/transactions?needs_review=true": {"transactions", "review_notes"},
    "/api/v1/transactions/marks": {"transactions"},
    "/api/v1/transactions/marks?account_id={account}&kind=buy": {"transactions"},
    "/api/v1/transactions/marks?text=company 4&needs_review=true": {"transactions"},
    "/api/v1/transactions/{transaction}": {"transactions"},
    "/api/v1/positions": {"positions", "cash_balances"},
    "/api/v1/positions?account_id={account}": {"positions", "cash_balances"},
    "/api/v1/lots?instrument_id={instrument}": {"lots", "lot_closures"},
    "/api/v1/holdings": {"lots", "cash_balances", "outbox"},
    "/api/v1/source-order": {"tenant_source_orders"},
    "/api/v1/instruments/{instrument}/custom-source": {"custom_sources"},
    "/api/v1/instruments/{instrument}/prices": {"tenant_source_orders", "manual_prices"},
    "/api/v1/overview": {"snapshots", "lots", "lot_closures", "transactions", "outbox"},
    "/api/v1/overview?account_id={account}": {"snapshots", "lots", "lot_closures"},
    "/api/v1/nav": {"snapshots"},
    "/api/v1/nav?account_id={account}&from=2026-01-01": {"snapshots"},
    "/api/v1/performance": {"snapshots"},
    "/api/v1/imports": {"import_batches"},
    "/api/v1/imports/{batch}/rows": {"import_batches", "import_rows"},
    "/api/v1/instruments": {"transactions", "kept_instruments"},
    "/api/v1/instruments/search?q=company 4": {"transactions", "kept_instruments"},
    "/api/v1/instruments?query=company 4": {"transactions"},
    "/api/v1/instruments/{instrument}": {"transactions"},
    "/api/v1/prices/bulk?instrument_ids={instrument}": {"transactions"},
}


@pytest.mark.parametrize("path", LISTS)
async def test_no_list_reads_a_whole_table_of_all_tenants(
    path: str, place: Place, asking: httpx.AsyncClient
) -> None:
    answer = await asking.get(path.format(**place.ids))
    found = scans(place)

    assert answer.status_code == 200, answer.text
    assert found.keys() >= LISTS[path], "the list did not ask what it is thought to ask"
    assert {table: how for table, how in found.items() if "Seq Scan" in how} == {}


async def test_a_later_page_begins_where_it_is_told(
    place: Place, asking: httpx.AsyncClient
) -> None:
    first = (await asking.get("/api/v1/transactions?limit=200")).json()
    place.sent.clear()

    second = await asking.get("/api/v1/transactions", params={"cursor": first["next_cursor"]})
    (paged,) = [sent for sent in place.sent if "LIMIT" in sent.statement]
    with psycopg.connect(place.dsn) as connection:
        plan = list(explained(connection, paged))

    assert len(second.json()["items"]) == 50
    # it walks the index in the list's own order; a sort would mean that every record of the tenant
    # is read before the first of the page is known
    (walked,) = [node for node in plan if node.get("Alias") == "transactions"]
    assert (walked["Node Type"], walked["Index Name"]) == ("Index Scan", "ix_transactions_trade")
    assert "trade_date" in walked["Index Cond"]
    assert "Sort" not in {node["Node Type"] for node in plan}


@pytest.mark.parametrize("path", ["marks", "marks?account_id={account}", "marks?kind=dividend"])
async def test_a_list_is_marked_from_the_index_alone(
    path: str, place: Place, filled: str, servers: Servers, asking: httpx.AsyncClient
) -> None:
    with psycopg.connect(servers.dsn(filled), autocommit=True) as connection:
        connection.execute("VACUUM transactions")  # as autovacuum does: says which rows all see
    answer = await asking.get(f"/api/v1/transactions/{path}".format(**place.ids))
    (marked,) = [sent for sent in place.sent if "row_number" in sent.statement]
    with psycopg.connect(place.dsn) as connection:
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(place.ids["tenant"]),))
        plan = list(explained(connection, marked))

    assert answer.json()["total_count"] > 0
    reading = {node["Node Type"] for node in plan if node.get("Relation Name") == "transactions"}
    assert reading == {"Index Only Scan"}


def test_the_scheduler_reads_open_events_only(place: Place, servers: Servers, filled: str) -> None:
    with psycopg.connect(servers.dsn(filled, "truenav_worker")) as connection:
        plan = list(explained(connection, Sent(SWEEP, asked_of_sweep(NOON, 60))))
        later = asked_of_sweep(datetime.now(UTC) + timedelta(days=1), 60)
        open_ones = connection.execute(SWEEP, later).fetchall()

    (read,) = [node for node in plan if node.get("Relation Name") == "outbox"]
    assert read["Node Type"] != "Seq Scan"
    assert len(open_ones) == 10  # of 10,000
    del place


def test_a_scan_would_be_noticed(place: Place) -> None:
    place.sent[:] = [
        Sent("SELECT id FROM transactions WHERE account_id = %(id)s", {"id": place.ids["account"]})
    ]

    assert "Seq Scan" not in scans(place)["transactions"]
    assert scans(place, "indexscan", "bitmapscan") == {"transactions": {"Seq Scan"}}


# last: it leaves a record and an event behind
async def test_a_posting_reads_what_it_touches_and_no_more(
    place: Place, asking: httpx.AsyncClient
) -> None:
    body = bought(place.ids["account"], place.ids["instrument"], "2026-03-04", "1", "100")
    answer = await asking.post("/api/v1/transactions", json=body, headers=a_key())
    found = scans(place)

    assert answer.status_code == 201, answer.text
    assert found.keys() >= {"transactions", "accounts"}
    # nothing that is derived is read to work out a record more; a few tables are empty here
    few = {"ledger_builds", "ledger_checkpoints", "lot_method_changes", "transferred_lots"}
    whole = {table: how for table, how in found.items() if "Seq Scan" in how}
    assert whole.keys() <= few
    with psycopg.connect(place.dsn) as connection:
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(place.ids["tenant"]),))
        (after,) = [s for s in place.sent if "unnest" in s.statement and "cut" in s.statement]
        reads = [n for n in explained(connection, after) if n.get("Alias") == "transactions"]
    assert [read.get("Index Name") for read in reads] == [
        "ix_transactions_account_id_instrument_id_trade_date"
    ]
