"""A price that comes late, or is restated, reaches the snapshots that were stored without it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.builders import (
    Member,
    a_key,
    a_purchase,
    add_instrument,
    add_member,
    create_account,
)
from tests.conftest import ClientMaker, Connection
from tests.servers import Servers
from truenav.entrypoints.worker.market_changes import announce_market_changes
from truenav.features.marketdata.repository import store_fx_rates, store_prices


@pytest.fixture
def ingest(servers: Servers, database: str) -> Iterator[Connection]:
    """What the quote feed writes through."""
    dsn = servers.dsn(database, "truenav_ingest")
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def scheduler(servers: Servers, database: str) -> Iterator[Connection]:
    """What the scheduler reads and tells through; nothing is waiting in it."""
    dsn = servers.dsn(database, "truenav_worker")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM market_changes")
        yield connection


def store_close(
    ingest: Connection, instrument_id: UUID, day: date, close: str, source: str = "yahoo"
) -> int:
    with ingest.transaction():
        bar = (instrument_id, day, source, "raw", None, None, None, Decimal(close), None, "USD")
        return store_prices(ingest, [bar])


def announced(connection: Connection, member: Member) -> list[tuple[str, str]]:
    """(account, earliest) of the announcements a tenant got, in order."""
    rows = connection.execute(
        "SELECT payload->>'account_id', payload->>'earliest' FROM outbox"
        " WHERE tenant_id = %s AND topic = 'valuation.market_changed' ORDER BY occurred_at, id",
        (member.tenant_id,),
    ).fetchall()
    return [(str(account), str(day)) for account, day in rows]


async def buy(client: httpx.AsyncClient, instrument_id: UUID, **changes: object) -> UUID:
    account_id = await create_account(client, **changes)
    body = a_purchase(account_id, instrument_id)
    answer = await client.post("/api/v1/transactions", json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    return account_id


async def test_a_late_price_is_told_to_the_accounts_that_hold_the_instrument_from_its_day(
    client: httpx.AsyncClient,
    member: Member,
    other_client: httpx.AsyncClient,
    other_member: Member,
    admin_connection: Connection,
    ingest: Connection,
    scheduler: Connection,
) -> None:
    held, unrelated = add_instrument(admin_connection), add_instrument(admin_connection)
    account_id = await buy(client, held)  # on 2012-03-05
    await buy(other_client, unrelated)

    assert store_close(ingest, held, date(2012, 4, 2), "101") == 1
    assert announce_market_changes(scheduler) == 1

    assert announced(admin_connection, member) == [(str(account_id), "2012-04-02")]
    assert announced(admin_connection, other_member) == []
    assert announce_market_changes(scheduler) == 0  # told once


async def test_prices_before_the_first_trade_count_from_the_trade_on(
    client: httpx.AsyncClient,
    member: Member,
    admin_connection: Connection,
    ingest: Connection,
    scheduler: Connection,
) -> None:
    held = add_instrument(admin_connection)
    account_id = await buy(client, held)

    store_close(ingest, held, date(1999, 1, 4), "7")
    announce_market_changes(scheduler)

    assert announced(admin_connection, member) == [(str(account_id), "2012-03-05")]


async def test_a_restated_close_is_a_change_and_the_same_close_again_is_none(
    client: httpx.AsyncClient,
    member: Member,
    admin_connection: Connection,
    ingest: Connection,
    scheduler: Connection,
) -> None:
    held = add_instrument(admin_connection)
    await buy(client, held)
    day = date(2012, 4, 2)

    store_close(ingest, held, day, "101")
    announce_market_changes(scheduler)
    assert store_close(ingest, held, day, "101.00") == 0
    assert announce_market_changes(scheduler) == 0
    assert store_close(ingest, held, day, "99") == 1
    assert announce_market_changes(scheduler) == 1

    assert len(announced(admin_connection, member)) == 2


async def test_new_rates_are_told_to_accounts_with_foreign_money_only(
    client: httpx.AsyncClient,
    member: Member,
    admin_connection: Connection,
    ingest: Connection,
    scheduler: Connection,
) -> None:
    held = add_instrument(admin_connection)  # traded in USD
    at_home = await buy(client, held, base_currency="USD")
    deposit = {
        "account_id": str(at_home), "kind": "deposit", "trade_date": "2012-03-01",
        "currency": "USD", "gross": {"amount": "5000", "currency": "USD"},
    }  # fmt: skip
    paid_in = await client.post("/api/v1/transactions", json=deposit, headers=a_key())
    assert paid_in.status_code == 201, paid_in.text
    abroad = await buy(client, held, base_currency="EUR")

    with ingest.transaction():
        store_fx_rates(ingest, [("USD", date(2031, 5, 6), Decimal("1.25"))], "ecb")
    announce_market_changes(scheduler)

    assert announced(admin_connection, member) == [(str(abroad), "2031-05-06")]


async def test_a_rate_that_comes_late_asks_for_the_costs_that_need_it(
    client: httpx.AsyncClient,
    member: Member,
    admin_connection: Connection,
    ingest: Connection,
    scheduler: Connection,
) -> None:
    held = add_instrument(admin_connection)  # traded in USD
    abroad = await buy(client, held, base_currency="EUR")

    def asked() -> list[tuple[object, ...]]:
        return admin_connection.execute(
            "SELECT payload ->> 'account_id' FROM outbox"
            " WHERE tenant_id = %s AND topic = 'ledger.rates_changed'",
            (member.tenant_id,),
        ).fetchall()

    with ingest.transaction():  # after the last record: no cost can need it
        store_fx_rates(ingest, [("USD", date(2031, 5, 7), Decimal("1.26"))], "ecb")
    announce_market_changes(scheduler)
    assert asked() == []

    with ingest.transaction():
        store_fx_rates(ingest, [("USD", date(2001, 5, 7), Decimal("1.26"))], "ecb")
    announce_market_changes(scheduler)
    assert asked() == [(str(abroad),)]


async def test_a_late_rate_of_the_tax_currency_asks_for_the_costs_too(
    client: httpx.AsyncClient,
    member: Member,
    admin_connection: Connection,
    ingest: Connection,
    scheduler: Connection,
) -> None:
    held = add_instrument(admin_connection)  # traded in USD, as the account's totals are
    taxed_abroad = await buy(client, held, base_currency="USD", tax_currency="CAD")
    await buy(client, held, base_currency="USD")

    with ingest.transaction():
        store_fx_rates(ingest, [("CAD", date(2001, 5, 8), Decimal("1.36"))], "ecb")
    announce_market_changes(scheduler)

    asked = admin_connection.execute(
        "SELECT payload ->> 'account_id' FROM outbox"
        " WHERE tenant_id = %s AND topic = 'ledger.rates_changed'",
        (member.tenant_id,),
    ).fetchall()
    assert asked == [(str(taxed_abroad),)]


async def test_posting_says_whose_prices_are_wanted_and_the_demos_postings_do_not(
    client: httpx.AsyncClient,
    make_client: ClientMaker,
    admin_connection: Connection,
) -> None:
    held, of_demo = add_instrument(admin_connection), add_instrument(admin_connection)
    await buy(client, held)
    visitor = add_member(admin_connection, is_demo=True)
    try:
        await buy(make_client(visitor), of_demo)
    finally:  # other tests begin without a demo
        admin_connection.execute("UPDATE users SET is_demo = false WHERE is_demo")

    wanted = admin_connection.execute(
        "SELECT id FROM instruments WHERE id = ANY (%s) AND wanted_at IS NOT NULL",
        ([held, of_demo],),
    ).fetchall()

    assert wanted == [(held,)]
