"""Prices and events through the API: raw, adjusted, missing, in bulk."""

from datetime import date
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import add_instrument
from tests.conftest import Connection

# As traded: two for one on 09-30, 0.50 on 10-01. Adjusted for the split the first two halve; for
# the dividend too all before 10-01 is lower by 1 - 0.50 / 103.
RAW = {
    date(2025, 9, 26): "200", date(2025, 9, 29): "204", date(2025, 9, 30): "103",
    date(2025, 10, 1): "102.5", date(2025, 10, 2): "104",
}  # fmt: skip


def add_action(
    connection: Connection, instrument_id: UUID, kind: str, day: date, *,
    ratio: str | None = None, cash: str | None = None, currency: str | None = None,
) -> None:  # fmt: skip
    connection.execute(
        "INSERT INTO corporate_actions"
        " (id, instrument_id, type, ex_date, ratio, cash_amount, currency, source)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, 'test')",
        (uuid4(), instrument_id, kind, day, ratio, cash, currency),
    )


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    made = add_instrument(admin_connection, prices=RAW)
    add_action(admin_connection, made, "split", date(2025, 9, 30), ratio="2")
    add_action(admin_connection, made, "dividend", date(2025, 10, 1), cash="0.50", currency="USD")
    return made


async def closes(client: httpx.AsyncClient, instrument_id: UUID, **params: str) -> list[str]:
    answer = await client.get(f"/api/v1/instruments/{instrument_id}/prices", params=params)
    assert answer.status_code == 200, answer.text
    return [f"{float(item['close']):.6f}" for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        ("raw", ["200.000000", "204.000000", "103.000000", "102.500000", "104.000000"]),
        ("split", ["100.000000", "102.000000", "103.000000", "102.500000", "104.000000"]),
        ("total", ["99.514563", "101.504854", "102.500000", "102.500000", "104.000000"]),
    ],
)
async def test_a_series_is_as_traded_or_adjusted(
    client: httpx.AsyncClient, instrument_id: UUID, basis: str, expected: list[str]
) -> None:
    assert await closes(client, instrument_id, basis=basis) == expected


async def test_days_outside_the_range_still_adjust_what_is_in_it(
    client: httpx.AsyncClient, instrument_id: UUID
) -> None:
    asked = {"basis": "split", "from": "2025-09-29", "to": "2025-09-29"}
    assert await closes(client, instrument_id, **asked) == ["102.000000"]


async def test_a_dividend_in_another_currency_refuses_the_series(
    client: httpx.AsyncClient, instrument_id: UUID, admin_connection: Connection
) -> None:
    add_action(
        admin_connection, instrument_id, "special", date(2025, 10, 2), cash="1", currency="EUR"
    )
    answer = await client.get(
        f"/api/v1/instruments/{instrument_id}/prices", params={"basis": "total"}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "adjustment_undefined"
    assert len(await closes(client, instrument_id, basis="split")) == 5


async def test_events_are_told_oldest_first(client: httpx.AsyncClient, instrument_id: UUID) -> None:
    body = (await client.get(f"/api/v1/instruments/{instrument_id}/corporate-actions")).json()
    told = [(one["type"], one["ex_date"], one["cash_amount"] is None) for one in body]
    assert told == [("split", "2025-09-30", True), ("dividend", "2025-10-01", False)]


async def test_many_at_once_by_symbol_and_id_with_what_is_missing(
    client: httpx.AsyncClient, instrument_id: UUID, admin_connection: Connection
) -> None:
    unpriced = add_instrument(admin_connection)
    row = admin_connection.execute(
        "SELECT symbol FROM instruments WHERE id = %s", (unpriced,)
    ).fetchone()
    assert row is not None
    stranger = uuid4()
    params = {"symbols": f"{row[0]},NOSUCH", "instrument_ids": f"{instrument_id},{stranger}"}
    body = (await client.get("/api/v1/prices/bulk", params=params)).json()
    by_id = {item["instrument_id"]: item for item in body["items"]}
    priced = by_id[str(instrument_id)]
    assert (float(priced["price"]), float(priced["previous_price"])) == (104, 102.5)
    assert (priced["price_date"], priced["is_stale"]) == ("2025-10-02", True)
    missing = by_id[str(unpriced)]
    assert (missing["price"], missing["unknown_reason"]) == (None, "price_missing")
    assert sorted(body["not_found"]) == sorted(["NOSUCH", str(stranger)])


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "symbols"),
        ({"symbols": ",".join(f"S{number}" for number in range(501))}, "symbols"),
        ({"instrument_ids": "not-an-id"}, "instrument_ids"),
    ],
)
async def test_a_question_that_cannot_be_answered_names_the_field(
    client: httpx.AsyncClient, params: dict[str, str], field: str
) -> None:
    answer = await client.get("/api/v1/prices/bulk", params=params)
    assert answer.status_code == 422
    assert field in answer.text


async def test_five_hundred_at_once(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = [add_instrument(admin_connection) for _ in range(499)]
    made.append(add_instrument(admin_connection, prices={date(2026, 3, 4): "7.25"}))

    answer = await client.get(
        "/api/v1/prices/bulk", params={"instrument_ids": ",".join(map(str, made))}
    )

    items = answer.json()["items"]
    assert {item["instrument_id"] for item in items} == set(map(str, made))
    assert [item["price"] for item in items if item["price"] is not None] == ["7.25"]


async def test_an_unlisted_instrument_has_no_prices_for_others(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    private = add_instrument(admin_connection, prices=RAW, is_listed=False)
    for path in ("prices", "corporate-actions"):
        answer = await client.get(f"/api/v1/instruments/{private}/{path}")
        assert answer.status_code == 404
    body = await client.get("/api/v1/prices/bulk", params={"instrument_ids": str(private)})
    assert body.json()["not_found"] == [str(private)]
