"""The canary: known answers through the whole stack; what is broken is found, told, and mended."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from tests.conftest import NOON, Connection
from tests.features.conftest import announced, run_request
from tests.features.ledgering import get
from tests.loopback import Answer, Asked, loopback
from tests.servers import Servers
from truenav.core.ledger.methods import METHOD_NAMES
from truenav.core.money import CURRENCIES
from truenav.entrypoints.supervisor.vault import as_environment
from truenav.entrypoints.worker.nightly import announce_canary, announce_due, announce_new_day
from truenav.entrypoints.worker.telling import Teller, canary_message
from truenav.features.marketdata.metrics_api import exposition
from truenav.features.operations.canary_answers import (
    ABROAD_ACCOUNT,
    ABROAD_INSTRUMENT,
    ACCOUNT,
    EXPECTED,
    INSTRUMENT,
    WATCHED,
)
from truenav.platform.alerting import SlackChannel
from truenav.platform.canary import CANARY, NAME, SILENT_AFTER
from truenav.platform.clock import FakeClock
from truenav.platform.jobs import JobContext, configure_jobs
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings, read_settings
from truenav.platform.tables import CanaryStateRow

DUE = "operations.canary_due"
SUMMARY = "operations/jobs/summary"


async def look(connection: Connection) -> dict[str, Any]:
    """Look once, as a worker does; how it is then."""
    (request,) = announced(connection, DUE, tenant_id=CANARY)
    await run_request(request)
    failed = connection.execute(
        "SELECT last_error FROM outbox WHERE tenant_id = %s AND failure_count > 0", (CANARY,)
    ).fetchall()
    assert failed == []
    row = connection.execute(
        "SELECT state, drifts, duration_ms FROM canary_states WHERE name = %s", (NAME,)
    ).fetchone()
    assert row is not None
    return {"state": row[0], "drifts": row[1], "ms": row[2]}


def drifted(found: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    return {one["figure"]: (one["expected"], one["found"]) for one in found["drifts"]}


@contextmanager
def changed(connection: Connection, change: str, back: str) -> Iterator[None]:
    """Something is broken behind everybody's back, and mended afterwards."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(change.encode())
    yield
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(back.encode())


PRICE = f"UPDATE prices SET close = {{}} WHERE instrument_id = '{INSTRUMENT}'"
RECORD = f"UPDATE transactions SET gross_amount = {{}} WHERE account_id = '{ACCOUNT}'"
CURRENCY = f"UPDATE prices SET currency = '{{}}' WHERE instrument_id = '{INSTRUMENT}'"
RATE = "UPDATE fx_rates SET rate = {} WHERE quote_currency = 'XTS'"
ABROAD = f"UPDATE transactions SET {{}} WHERE account_id = '{ABROAD_ACCOUNT}'"
HAVE_ACCOUNTS = """
SELECT c.table_name FROM information_schema.columns c JOIN pg_class k ON k.relname = c.table_name
WHERE c.column_name = 'account_id' AND c.table_schema = 'public' AND k.relkind IN ('r', 'p')
  AND NOT k.relispartition AND k.relnamespace = 'public'::regnamespace
"""
BREAKS = {
    "price": (
        PRICE.format(124) + " AND price_date = '2020-02-25'",
        PRICE.format(125) + " AND price_date = '2020-02-25'",
        # 160 x 124
        ("nav 2020-02-25", ("20000", "19840")),
    ),
    "record": (
        RECORD.format(-4000) + " AND idempotency_key LIKE 'canary-6%'",
        RECORD.format(-5000) + " AND idempotency_key LIKE 'canary-6%'",
        ("cash", ("0", "1000")),
    ),
    # a day without a close in dollars is a day on which nothing has a value
    "currency": (
        CURRENCY.format("CHF"),
        CURRENCY.format("USD"),
        ("market value", ("20000", None)),
    ),
    # 340 are worth 17 at a twentieth, and 10,000 are 500
    "rate": (
        RATE.format(20) + " AND rate_date BETWEEN '2020-01-20' AND '2020-01-31'",
        RATE.format(2) + " AND rate_date BETWEEN '2020-01-20' AND '2020-01-31'",
        ("abroad nav 2020-01-20", ("5170", "517")),
    ),
    "tax withheld": (
        ABROAD.format("tax_amount = 80") + " AND idempotency_key = 'canary-abroad-3'",
        ABROAD.format("tax_amount = 60") + " AND idempotency_key = 'canary-abroad-3'",
        (
            "abroad income",
            (
                "200 before tax, 30 withheld, 170 received",
                "200 before tax, 40 withheld, 160 received",
            ),
        ),
    ),
    # 100 x 4 - 80
    "split": (
        ABROAD.format("ratio = 4, quantity = 300") + " AND idempotency_key = 'canary-abroad-5'",
        ABROAD.format("ratio = 2, quantity = 100") + " AND idempotency_key = 'canary-abroad-5'",
        ("abroad units", ("120", "320")),
    ),
    # 6,000 less 350 is 5,650, in euros 2,260, for what cost 2,000
    "fee of a sale": (
        ABROAD.format("fee_amount = 350") + " AND idempotency_key = 'canary-abroad-6'",
        ABROAD.format("fee_amount = 100") + " AND idempotency_key = 'canary-abroad-6'",
        ("abroad realized gain", ("360", "260")),
    ),
    # 5,650 / 2.5
    "fee": (
        ABROAD.format("gross_amount = -250") + " AND idempotency_key = 'canary-abroad-7'",
        ABROAD.format("gross_amount = -150") + " AND idempotency_key = 'canary-abroad-7'",
        ("abroad cash", ("2300", "2260")),
    ),
}


@pytest.mark.usefixtures("jobs")
async def test_every_known_answer_comes_out(admin_connection: Connection) -> None:
    found = await look(admin_connection)
    assert drifted(found) == {}
    assert found["state"] == "ok"
    # and once more, of the same records
    assert (await look(admin_connection))["state"] == "ok"
    count = admin_connection.execute(
        "SELECT count(*) FROM transactions WHERE tenant_id = %s", (CANARY,)
    ).fetchone()
    assert count == (sum(len(of.records) for of in WATCHED),) == (13,)
    assert len(EXPECTED) == 41


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize("what", BREAKS)
async def test_what_is_broken_is_found_and_what_is_mended_is_well(
    admin_connection: Connection, what: str
) -> None:
    change, back, (figure, figures) = BREAKS[what]
    assert (await look(admin_connection))["state"] == "ok"
    with changed(admin_connection, change, back):
        found = await look(admin_connection)
        assert found["state"] == "drifted"
        assert drifted(found)[figure] == figures
        _, text = canary_message("drifted", found["drifts"], None)
        assert f"{figure}: {figures[0]} expected, {figures[1] or 'nothing'} found" in text
    assert (await look(admin_connection))["state"] == "ok"


@pytest.mark.usefixtures("jobs")
async def test_two_looks_at_once_make_one_portfolio_beside_the_former_one(
    admin_connection: Connection,
) -> None:
    """As an installation is that has the canary of a release before: its records, no others."""
    await look(admin_connection)
    with admin_connection.transaction():
        admin_connection.execute("SET LOCAL session_replication_role = replica")
        for (table,) in admin_connection.execute(HAVE_ACCOUNTS).fetchall():
            gone = f"DELETE FROM {table} WHERE account_id = '{ABROAD_ACCOUNT}'"
            admin_connection.execute(gone.encode())
    requests = [announced(admin_connection, DUE, tenant_id=CANARY)[0] for _ in range(2)]
    await asyncio.gather(*(run_request(request) for request in requests))
    counts = admin_connection.execute(
        "SELECT account_id, count(*) FROM transactions WHERE tenant_id = %s"
        " GROUP BY account_id ORDER BY account_id",
        (CANARY,),
    ).fetchall()
    assert counts == [(ACCOUNT, 6), (ABROAD_ACCOUNT, 7)]
    found = await look(admin_connection)
    assert (found["state"], drifted(found)) == ("ok", {})


STORED = "UPDATE snapshots SET {} WHERE account_id = '{}' AND as_of = '{}'"
LOT = f"UPDATE lots SET cost = {{}} WHERE account_id = '{ABROAD_ACCOUNT}' AND quantity = 120"
SAME = "receivable value 0, external flow 0"
KEPT = {
    # a day among the known answers, and one that is not: 160 x 125
    "nav": (
        STORED.format("nav = 1", ACCOUNT, "2020-02-21"),
        STORED.format("nav = 16000", ACCOUNT, "2020-02-21"),
        "kept snapshot 2020-02-21, first of 1 that differ",
        f"nav 16000, market value 16000, cash value 0, {SAME}",
        f"nav 1, market value 16000, cash value 0, {SAME}",
    ),
    "cash": (
        STORED.format("cash_value = 2301", ABROAD_ACCOUNT, "2020-02-24"),
        STORED.format("cash_value = 2300", ABROAD_ACCOUNT, "2020-02-24"),
        "abroad kept snapshot 2020-02-24, first of 1 that differ",
        f"nav 5900, market value 3600, cash value 2300, {SAME}",
        f"nav 5900, market value 3600, cash value 2301, {SAME}",
    ),
    "lots": (
        LOT.format(5999),
        LOT.format(6000),
        "abroad kept lots",
        "2020-01-06: 120 for 6000",
        "2020-01-06: 120 for 5999",
    ),
}


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize("what", KEPT)
async def test_what_is_kept_and_what_is_rebuilt_beside_it_must_agree(
    admin_connection: Connection, what: str
) -> None:
    change, back, figure, expected, kept = KEPT[what]
    assert (await look(admin_connection))["state"] == "ok"
    with changed(admin_connection, change, back):
        # it is told for as long as it is so: nobody mends it without knowing why
        for _ in range(2):
            found = await look(admin_connection)
            assert found["state"] == "drifted"
            assert drifted(found) == {figure: (expected, kept)}
            _, text = canary_message("drifted", found["drifts"], None)
            assert f"{figure}: {expected} expected, {kept} found" in text
    assert (await look(admin_connection))["state"] == "ok"


@pytest.mark.usefixtures("jobs")
async def test_snapshots_that_are_gone_are_told_and_built_anew_where_all_are(
    admin_connection: Connection,
) -> None:
    await look(admin_connection)
    gone = f"DELETE FROM snapshots WHERE account_id = '{ACCOUNT}'"
    admin_connection.execute((gone + " AND as_of >= '2020-02-21'").encode())
    found = await look(admin_connection)
    (figures,) = drifted(found).items()
    assert figures == (
        # 21 to 25 February
        "kept snapshot 2020-02-21, first of 5 that differ",
        (f"nav 16000, market value 16000, cash value 0, {SAME}", None),
    )
    admin_connection.execute(gone.encode())
    assert (await look(admin_connection))["state"] == "ok"
    count = admin_connection.execute(
        "SELECT count(*) FROM snapshots WHERE account_id = %s", (ACCOUNT,)
    ).fetchone()
    # 6 January to 25 February
    assert count == (51,)


@pytest.fixture
def asking_the_api(
    live_place: str, settings: Settings, clock: FakeClock, job_queue: JobQueue
) -> None:
    """A worker that knows where the API answers."""
    assert settings.database.worker is not None
    chosen = replace(settings, api_url=f"http://{live_place}")
    configure_jobs(JobContext(settings.database.worker, job_queue, clock, None, chosen))


@pytest.mark.usefixtures("asking_the_api")
async def test_the_running_api_is_asked_with_a_session_that_only_looks(
    admin_connection: Connection,
) -> None:
    for _ in range(2):
        found = await look(admin_connection)
        assert (found["state"], drifted(found)) == ("ok", {})
    change, back, _, _, _ = KEPT["nav"]
    with changed(admin_connection, change, back):
        figures = drifted(await look(admin_connection))
        assert figures["nav 2020-02-21 asked over HTTP"] == ("16000", "1")
    change, back, (_, income) = BREAKS["tax withheld"]
    with changed(admin_connection, change, back):
        assert drifted(await look(admin_connection))["abroad income asked over HTTP"] == income
    found = await look(admin_connection)
    assert (found["state"], drifted(found)) == ("ok", {})


@pytest.mark.usefixtures("jobs")
async def test_an_api_that_does_not_answer_is_told(
    admin_connection: Connection,
    settings: Settings,
    clock: FakeClock,
    job_queue: JobQueue,
) -> None:
    await look(admin_connection)
    assert settings.database.worker is not None
    with loopback(Answer(status=500)) as server:
        chosen = replace(settings, api_url=server.url)
        configure_jobs(JobContext(settings.database.worker, job_queue, clock, None, chosen))
        found = await look(admin_connection)
    assert found["state"] == "drifted"
    ((expected, told),) = drifted(found).values()
    assert (expected, (told or "").startswith("HTTPStatusError")) == ("answers", True)


@pytest.mark.usefixtures("jobs")
async def test_what_cannot_be_worked_out_is_told_as_such(admin_connection: Connection) -> None:
    await look(admin_connection)
    gone = "UPDATE accounts SET lot_method = '{}' WHERE id = '" + str(ACCOUNT) + "'"
    constraint = "ALTER TABLE accounts DROP CONSTRAINT ck_accounts_lot_method_known"
    admin_connection.execute(constraint.encode())
    try:
        with changed(admin_connection, gone.format("nobody"), gone.format("fifo")):
            found = await look(admin_connection)
            assert (found["state"], list(drifted(found))) == ("failed", ["ValueError"])
        assert (await look(admin_connection))["state"] == "ok"
    finally:
        # what is there is read by other tests
        known = (
            "ALTER TABLE accounts ADD CONSTRAINT ck_accounts_lot_method_known"
            f" CHECK (lot_method IN ({METHOD_NAMES}))"
        )
        admin_connection.execute(known.encode())


@pytest.mark.usefixtures("jobs")
async def test_it_stands_on_the_jobs_page_and_nobody_can_find_it(
    operator: httpx.AsyncClient, admin_connection: Connection
) -> None:
    await look(admin_connection)
    # the clock of the test stands still, the database's does not
    admin_connection.execute("UPDATE canary_states SET checked_at = %s", (NOON,))
    told = (await get(operator, SUMMARY))["canary"]
    assert (told["state"], told["drifts"]) == ("ok", [])
    admin_connection.execute(
        "UPDATE canary_states SET checked_at = %s", (NOON - SILENT_AFTER - timedelta(seconds=1),)
    )
    assert (await get(operator, SUMMARY))["canary"]["state"] == "silent"
    for query in ("canary", "truenav"):
        assert (await get(operator, "instruments/search", q=query))["items"] == []
        listed = await get(operator, "instruments", query=query)
        found = {one["id"] for one in listed["items"]}
        assert found.isdisjoint(str(of.instrument) for of in WATCHED)
    for of in WATCHED:
        assert (await operator.get(f"/api/v1/instruments/{of.instrument}")).status_code == 404
        assert (await operator.get(f"/api/v1/accounts/{of.account}")).status_code == 404
    members = admin_connection.execute(
        "SELECT count(*) FROM memberships WHERE tenant_id = %s", (CANARY,)
    ).fetchone()
    wanted = admin_connection.execute(
        "SELECT count(wanted_at) FROM instruments WHERE id IN (%s, %s)",
        (INSTRUMENT, ABROAD_INSTRUMENT),
    ).fetchone()
    assert (members, wanted) == ((0,), (0,))
    # nor is anybody's record in the currency whose rates are its own
    assert "XTS" not in CURRENCIES


@pytest.mark.usefixtures("jobs")
async def test_a_drift_is_told_once_and_so_is_its_end(
    admin_connection: Connection, servers: Servers, database: str
) -> None:
    posted: list[str] = []

    def take(asked: Asked) -> Answer:
        posted.append(json.loads(asked.body)["text"])
        return Answer()

    change, back, _ = BREAKS["price"]
    await look(admin_connection)
    now = datetime.now(UTC)
    with (
        loopback(take) as server,
        psycopg.connect(servers.dsn(database, "truenav_worker"), autocommit=True) as worker,
    ):
        teller = Teller([SlackChannel(server.url)], "https://truenav.example")
        assert teller.tell_of_canary(worker, now) is None
        with changed(admin_connection, change, back):
            await look(admin_connection)
            assert teller.tell_of_canary(worker, now) == "drifted"
            assert teller.tell_of_canary(worker, now) is None
        await look(admin_connection)
        assert teller.tell_of_canary(worker, now) == "ok"
        # nobody looks for longer than twenty minutes, and this has led for as long
        late = datetime.now(UTC) + SILENT_AFTER + timedelta(minutes=1)
        assert Teller(teller.channels).tell_of_canary(worker, late) is None
        assert teller.tell_of_canary(worker, late) == "silent"
        await look(admin_connection)
        assert teller.tell_of_canary(worker, datetime.now(UTC)) == "ok"
    assert len(posted) == 4
    assert "nav 2020-02-25: 20000 expected, 19840 found" in posted[0]
    assert "https://truenav.example/operations/jobs" in posted[0]
    assert "well again" in posted[1]


@pytest.mark.usefixtures("jobs")
async def test_an_alert_that_nobody_took_is_told_again(
    admin_connection: Connection, servers: Servers, database: str
) -> None:
    change, back, _ = BREAKS["price"]
    now = datetime.now(UTC)
    answers = iter([Answer(status=500), Answer(), Answer()])
    with (
        loopback(lambda _: next(answers)) as server,
        psycopg.connect(servers.dsn(database, "truenav_worker"), autocommit=True) as worker,
    ):
        teller = Teller([SlackChannel(server.url)])
        with changed(admin_connection, change, back):
            await look(admin_connection)
            assert teller.tell_of_canary(worker, now) is None
            assert teller.tell_of_canary(worker, now) is None  # not at once
            assert teller.tell_of_canary(worker, now + timedelta(minutes=2)) == "drifted"
        await look(admin_connection)
        assert teller.tell_of_canary(worker, now + timedelta(minutes=2)) == "ok"


@pytest.mark.usefixtures("jobs")
async def test_it_is_asked_for_every_five_minutes_and_old_looks_are_forgotten(
    admin_connection: Connection, servers: Servers, database: str, settings: Settings
) -> None:
    await look(admin_connection)
    with psycopg.connect(servers.dsn(database, "truenav_worker"), autocommit=True) as worker:
        chosen = replace(settings, providers=replace(settings.providers, is_offline=True))
        asked = [
            "canary" in announce_due(worker, chosen, NOON + timedelta(minutes=n))
            for n in (0, 4, 5, 9, 10)
        ]
        assert asked == [True, False, True, False, True]
        admin_connection.execute(
            "UPDATE outbox SET done_at = %s WHERE tenant_id = %s AND topic = %s",
            (NOON - timedelta(days=2), CANARY, DUE),
        )
        announce_canary(worker, NOON + timedelta(minutes=15))
        (left,) = admin_connection.execute(
            "SELECT count(*) FROM outbox WHERE tenant_id = %s AND topic = %s", (CANARY, DUE)
        ).fetchall()
        assert left == (1,)
        announce_new_day(worker, NOON.date())
        days = admin_connection.execute(
            "SELECT count(*) FROM outbox WHERE tenant_id = %s AND topic = 'valuation.day_passed'",
            (CANARY,),
        ).fetchone()
        assert days == (0,)


def test_other_processes_are_told_where_the_api_answers(settings: Settings) -> None:
    told = as_environment(replace(settings, api_url="http://127.0.0.1:8432"), {})
    assert told["TRUENAV_API_URL"] == "http://127.0.0.1:8432"
    assert read_settings({**told, "TRUENAV_API_URL": "http://api:8432/"}).api_url == (
        "http://api:8432"
    )
    assert "TRUENAV_API_URL" not in as_environment(settings, {})


async def test_only_an_operator_is_told_how_it_is(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/api/v1/{SUMMARY}")).status_code == 403


@pytest.mark.parametrize(("age", "state"), [(0, "drifted"), (21, "silent")])
def test_the_metrics_say_how_it_is(age: int, state: str) -> None:
    row = CanaryStateRow(
        name=NAME, state="drifted", since=NOON, checked_at=NOON, duration_ms=160, drifts=[]
    )
    told = exposition([], NOON + timedelta(minutes=age), row).decode()
    assert f'truenav_canary{{state="{state}"}} 1.0' in told
    assert told.count("} 1.0") == 1
    assert f"truenav_canary_age_seconds {age * 60.0}" in told
    assert "truenav_canary_seconds 0.16" in told
    assert "truenav_canary" not in exposition([], NOON).decode()
