"""The nightly proof: silent while all agrees, loud when a stored row does not."""

import logging
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.builders import Member, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import run_request
from tests.features.ledgering import a_record, bought, cash, get, post, sold
from truenav.entrypoints.worker.nightly import announce_proofs
from truenav.entrypoints.worker.subscriptions import jobs_for_event

TODAY = datetime(2026, 3, 5, 12, tzinfo=UTC)


async def prove(connection: Connection, member: Member) -> list[tuple[Any, ...]]:
    """Ask for tonight's proofs and do them; (rows compared, differences) of each account."""
    with psycopg.connect(connection.info.dsn, password=connection.info.password) as other:
        announce_proofs(other, TODAY.date())
        announce_proofs(other, TODAY.date())  # asking twice asks once
        other.commit()
    events: list[tuple[Any, ...]] = connection.execute(
        "SELECT id, topic, payload FROM outbox WHERE tenant_id = %s AND topic = 'ledger.proof_due'",
        (member.tenant_id,),
    ).fetchall()
    for event_id, topic, payload in events:
        for request in jobs_for_event(topic, member.tenant_id, event_id, payload):
            await run_request(request)
    return connection.execute(
        "SELECT row_count, difference_count, differences FROM ledger_proofs WHERE tenant_id = %s",
        (member.tenant_id,),
    ).fetchall()


@pytest.fixture
async def account_id(client: httpx.AsyncClient, admin_connection: Connection) -> UUID:
    account = await create_account(client)
    instrument = add_instrument(admin_connection)
    await post(
        client,
        bought(account, instrument, "2024-03-01", "10", "50"),
        sold(account, instrument, "2024-04-01", "4", "60"),
        a_record(account, "deposit", "2024-01-02", gross=cash("1000")),
    )
    return account


async def test_what_agrees_is_written_down_and_nothing_is_said(
    jobs: None,
    account_id: UUID,
    member: Member,
    admin_connection: Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert (jobs, account_id.version) == (None, 7)  # what the test is about is there
    # a lot, a closure, a position, its two days, a balance
    assert await prove(admin_connection, member) == [(6, 0, [])]
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_a_row_that_was_changed_is_an_alert_and_is_not_repaired(
    jobs: None,
    client: httpx.AsyncClient,
    account_id: UUID,
    member: Member,
    admin_connection: Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert jobs is None
    admin_connection.execute(
        "UPDATE lots SET cost = cost + 0.000000000000000001 WHERE account_id = %s", (account_id,)
    )
    admin_connection.execute("DELETE FROM cash_balances WHERE account_id = %s", (account_id,))

    ((compared, count, differences),) = await prove(admin_connection, member)

    assert (compared, count) == (6, 2)
    assert sorted((d["table"], d["what"]) for d in differences) == [
        ("cash_balances", "missing"), ("lots", "cost"),
    ]  # fmt: skip
    assert "differs from its records in 2 rows" in caplog.text
    assert (await get(client, "positions"))["cash"] == []
    (proof,) = (await get(client, "ledger/proofs"))["items"]
    assert (proof["account_id"], proof["difference_count"]) == (str(account_id), 2)
