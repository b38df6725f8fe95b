"""Transfers between own accounts through the API: lots travel, and follow later changes."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import add_fx_rate, add_instrument, create_account
from tests.conftest import Connection
from tests.features.ledgering import a_record, bought, post, send, sold

D = Decimal


async def lots(client: httpx.AsyncClient, instrument_id: UUID, account_id: UUID) -> Any:
    """(acquired, units, cost) of the open lots of one account, and the answer they came in."""
    answer = await client.get(
        "/api/v1/lots", params={"instrument_id": str(instrument_id), "account_id": str(account_id)}
    )
    assert answer.status_code == httpx.codes.OK
    body = answer.json()
    found = [
        (lot["acquired_date"], D(lot["quantity"]), lot["cost"] and D(lot["cost"]))
        for lot in body["open_lots"]
    ]
    return found, body


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


async def test_lots_travel_and_follow_what_is_learned_later_of_the_account_they_left(
    client: httpx.AsyncClient, instrument_id: UUID
) -> None:
    first = await create_account(client, name="First")
    second = await create_account(client, name="Second")
    third = await create_account(client, name="Third")
    link, on = str(uuid4()), str(uuid4())
    await post(
        client,
        bought(first, instrument_id, "2024-03-01", "10", "50"),
        # the end is typed before the beginning
        a_record(
            second, "transfer_in", "2024-06-03", instrument_id=instrument_id, quantity="6",
            link_id=link,
        ),
        a_record(
            first, "transfer_out", "2024-06-03", instrument_id=instrument_id, quantity="-6",
            link_id=link,
        ),
        a_record(
            second, "transfer_out", "2024-07-01", instrument_id=instrument_id, quantity="-6",
            link_id=on,
        ),
        a_record(
            third, "transfer_in", "2024-07-01", instrument_id=instrument_id, quantity="6",
            link_id=on,
        ),
    )  # fmt: skip
    assert (await lots(client, instrument_id, first))[0] == [("2024-03-01", D(4), D(200))]
    assert (await lots(client, instrument_id, third))[0] == [("2024-03-01", D(6), D(300))]

    # an older purchase is found: first in, first out, its units are what left
    await post(client, bought(first, instrument_id, "2023-02-01", "6", "20"))

    assert (await lots(client, instrument_id, first))[0] == [("2024-03-01", D(10), D(500))]
    assert (await lots(client, instrument_id, second))[0] == []
    assert (await lots(client, instrument_id, third))[0] == [("2023-02-01", D(6), D(120))]

    await post(client, sold(third, instrument_id, "2024-08-01", "6", "60"))
    _, body = await lots(client, instrument_id, third)
    assert [(D(c["gain"]), c["term"]) for c in body["closures"]] == [(D(240), "long")]


async def test_a_linked_transfer_is_no_external_flow_and_an_unlinked_one_is(
    client: httpx.AsyncClient, instrument_id: UUID
) -> None:
    account = await create_account(client)
    body = a_record(
        account, "transfer_in", "2024-06-03", instrument_id=instrument_id, quantity="6", price="9"
    )
    linked, unlinked = await post(client, {**body, "link_id": str(uuid4())}, body)
    assert (linked["is_external_flow"], unlinked["is_external_flow"]) == (False, True)


async def test_cost_is_kept_in_the_accounts_currency_at_the_rate_of_each_day(
    client: httpx.AsyncClient, admin_connection: Connection, instrument_id: UUID
) -> None:
    add_fx_rate(admin_connection, "NOK", date(2024, 3, 1), "12.5")
    add_fx_rate(admin_connection, "NOK", date(2024, 8, 1), "10")
    account = await create_account(client, base_currency="EUR")
    await post(
        client,
        {**bought(account, instrument_id, "2024-03-01", "10", "500"), "currency": "NOK"},
        {**sold(account, instrument_id, "2024-08-01", "4", "600"), "currency": "NOK"},
    )
    (closure,) = admin_connection.execute(
        "SELECT account_proceeds, account_cost, tax_proceeds, tax_cost FROM lot_closures"
        " WHERE account_id = %s",
        (account,),
    ).fetchall()
    # 2400 at 10 a euro; 2000 at 12.5
    assert closure == (D(240), D(160), D(240), D(160))
    ((cost,),) = admin_connection.execute(
        "SELECT account_cost FROM lots WHERE account_id = %s", (account,)
    ).fetchall()
    assert cost == D(240)


async def test_a_past_day_shows_the_lots_that_had_travelled_by_then(
    client: httpx.AsyncClient, instrument_id: UUID
) -> None:
    first = await create_account(client, name="First")
    second = await create_account(client, name="Second")
    link = str(uuid4())
    moved = {"instrument_id": instrument_id, "link_id": link}
    await post(
        client,
        bought(first, instrument_id, "2024-03-01", "10", "50"),
        a_record(first, "transfer_out", "2024-06-03", quantity="-6", **moved),
        a_record(second, "transfer_in", "2024-06-03", quantity="6", **moved),
        sold(second, instrument_id, "2024-08-01", "6", "60"),
    )
    answer = await client.get(
        "/api/v1/holdings", params={"account_id": str(second), "as_of": "2024-07-01"}
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    (item,) = answer.json()["items"]
    assert (D(item["quantity"]), D(item["cost"])) == (D(6), D(300))


async def test_a_tax_currency_of_its_own_is_kept_at_its_own_rates(
    client: httpx.AsyncClient, admin_connection: Connection, instrument_id: UUID
) -> None:
    add_fx_rate(admin_connection, "SEK", date(2024, 3, 1), "11")
    account = await create_account(client, base_currency="EUR")
    path = f"/api/v1/accounts/{account}/lot-methods"
    await post(
        client, {**bought(account, instrument_id, "2024-03-01", "10", "50"), "currency": "EUR"}
    )

    wrong = await client.put(path, json={"version": 1, "first": "fifo", "tax_currency": "XXX"})
    assert wrong.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    chosen = await client.put(path, json={"version": 1, "first": "fifo", "tax_currency": "SEK"})
    assert chosen.status_code == httpx.codes.OK, chosen.text

    assert chosen.json()["tax_currency"] == "SEK"
    costs = admin_connection.execute(
        "SELECT account_cost, tax_cost FROM lots WHERE account_id = %s", (account,)
    ).fetchall()
    assert costs == [(D(500), D(5500))]


async def test_carried_lots_are_counted_to_the_last_of_their_digits(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id, instrument_id = await create_account(client), add_instrument(admin_connection)
    # 29 digits in all: one more than decimals have by themselves
    parts = ("0.000000000000000001", "12345678901.123456789012345677")
    lots = [{"acquired_date": "2020-01-02", "quantity": part} for part in parts]
    body = a_record(
        account_id, "transfer_in", "2025-10-02", instrument_id=instrument_id,
        quantity="12345678901.123456789012345678", carried_lots=lots,
    )  # fmt: skip
    (arrived,) = await post(client, body)
    assert arrived["quantity"] == "12345678901.123456789012345678"
    short = {**body, "quantity": "12345678901.123456789012345677"}
    assert (await send(client, short)).status_code == 422
