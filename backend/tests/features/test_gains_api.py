"""Realized gains: rows, terms, totals, currencies, and the file."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import add_fx_rate, add_instrument, create_account
from tests.conftest import Connection
from tests.features.importing import problem
from tests.features.ledgering import a_record, bought, cash, get, post, sold

D = Decimal


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client, name="=Main")


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


async def a_history(client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID) -> None:
    """Two lots, sales in two years, worthless at last."""
    await post(
        client,
        bought(account_id, instrument_id, "2021-03-01", "10", "50", fee=cash("5")),
        bought(account_id, instrument_id, "2022-11-01", "10", "60"),
        # 12 at 70 less 6: 834; 69.5 a unit; 10 of the first lot (505), 2 of the second (120)
        sold(account_id, instrument_id, "2023-02-01", "12", "70", fee=cash("6")),
        a_record(account_id, "worthless", "2024-03-01", instrument_id=instrument_id, quantity="-8"),
    )


def figures(item: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        item[name] for name in ("gain_date", "quantity", "proceeds", "cost", "gain", "term")
    )


async def test_each_sale_shows_every_lot_it_closed_with_its_term(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    await a_history(client, account_id, instrument_id)

    found = await get(client, "realized-gains")

    assert sorted(figures(item) for item in found["items"]) == [
        ("2023-02-01", "10", "695", "505", "190", "long"),
        ("2023-02-01", "2", "139", "120", "19", "short"),
        ("2024-12-31", "8", "0", "480", "-480", "long"),
    ]
    assert found["items"][0]["closed_date"] == "2024-03-01"
    assert found["years"] == [2024, 2023]
    totals = {t["term"]: (t["count"], t["proceeds"], t["cost"], t["gain"]) for t in found["totals"]}
    assert totals == {"short": (1, "139", "120", "19"), "long": (2, "695", "985", "-290")}


async def test_a_year_a_term_and_pages_leave_what_they_say(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    await a_history(client, account_id, instrument_id)

    of_year = await get(client, "realized-gains", year="2023", term="long")
    assert [figures(item)[4] for item in of_year["items"]] == ["190"]
    assert [total["gain"] for total in of_year["totals"]] == ["190"]
    first = await get(client, "realized-gains", limit="2")
    assert len(first["items"]) == 2
    assert first["has_more"]
    rest = await get(client, "realized-gains", limit="2", cursor=first["next_cursor"])
    assert len(rest["items"]) == 1
    assert not rest["has_more"]
    assert len(rest["totals"]) == 2
    both = await client.get("/api/v1/realized-gains", params={"year": "2023", "from": "2023-01-01"})
    assert problem(both) == (422, "invalid_fields")


async def test_the_currencys_part_of_a_gain_stands_apart(
    client: httpx.AsyncClient, admin_connection: Connection, instrument_id: UUID
) -> None:
    add_fx_rate(admin_connection, "PLN", date(2023, 3, 1), "5")
    add_fx_rate(admin_connection, "PLN", date(2023, 8, 1), "4")
    account = await create_account(client, base_currency="EUR")
    await post(
        client,
        {**bought(account, instrument_id, "2023-03-01", "10", "50"), "currency": "PLN"},
        {**sold(account, instrument_id, "2023-08-01", "10", "60"), "currency": "PLN"},
    )
    (item,) = (await get(client, "realized-gains"))["items"]
    # 600 / 4 - 500 / 5 = 50; of it 100 / 4 = 25 come from the price
    assert (item["gain"], item["tax_gain"], item["currency_effect"]) == ("100", "50", "25")
    assert item["tax_currency"] == "EUR"


async def test_an_unknown_cost_or_rate_makes_totals_unknown_and_is_counted(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    await a_history(client, account_id, instrument_id)
    await post(
        client,
        a_record(
            account_id, "transfer_in", "2025-01-02", instrument_id=instrument_id, quantity="5"
        ),
        sold(account_id, instrument_id, "2025-02-03", "5", "10"),
    )
    found = await get(client, "realized-gains")
    newest = found["items"][0]
    assert (newest["cost"], newest["gain"], newest["unknown_reason"]) == (
        None,
        None,
        "cost_unknown",
    )
    by_term = {total["term"]: total for total in found["totals"]}
    assert by_term["short"]["gain"] is None
    assert (by_term["short"]["unknown_count"], by_term["long"]["unknown_count"]) == (1, 0)


async def test_the_file_holds_the_same_and_no_formula(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    await a_history(client, account_id, instrument_id)

    answer = await client.get("/api/v1/realized-gains.csv", params={"year": "2024"})

    assert answer.status_code == httpx.codes.OK
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["account_name"], row["gain"], row["gain_date"]) == ("'=Main", "-480", "2024-12-31")
    empty = await client.get("/api/v1/realized-gains.csv", params={"year": "1999"})
    assert len(empty.text.splitlines()) == 1
