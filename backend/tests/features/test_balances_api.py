"""Cash and positions on any day, as traded, as settled and as known; figures by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.ledgering import TRANSACTIONS, a_record, bought, cash, get, post, sold


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client)


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


@pytest.fixture
async def history(client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID) -> list[Any]:
    """A deposit, a purchase before Columbus Day, a sale on it, a conversion, a stated day."""
    return await post(
        client,
        a_record(account_id, "deposit", "2025-10-01", gross=cash("1000")),
        bought(account_id, instrument_id, "2025-10-10", "10", "50", fee=cash("1.5")),
        sold(account_id, instrument_id, "2025-10-13", "4", "60"),
        a_record(
            account_id, "fx_conversion", "2025-10-14", gross=cash("-100"),
            counter=cash("90", "EUR"),
        ),
        a_record(
            account_id, "dividend", "2025-10-15", instrument_id=instrument_id, gross=cash("3"),
            settlement_date="2025-10-31",
        ),
    )  # fmt: skip


async def on(client: httpx.AsyncClient, day: str) -> dict[str, tuple[str, str | None, list[Any]]]:
    """Currency → (as traded, as settled, [(amount, day) still to settle])."""
    found = await get(client, "cash", on=day)
    return {
        item["currency"]: (
            item["amount"], item["settled"],
            [(waiting["amount"], waiting["settles_on"]) for waiting in item["pending"]],
        )
        for item in found["items"]
    }  # fmt: skip


async def test_cash_is_told_as_traded_and_as_settled(
    client: httpx.AsyncClient, history: list[Any]
) -> None:
    assert len(history) == 5
    # 1000 - 501.50; the trade of Friday settles on Tuesday: Monday is Columbus Day
    assert await on(client, "2025-10-10") == {"USD": ("498.5", "1000", [("-501.5", "2025-10-14")])}
    assert await on(client, "2025-10-13") == {
        "USD": ("738.5", "1000", [("-501.5", "2025-10-14"), ("240", "2025-10-14")])
    }
    # spot: two days on which both currencies' banks work
    assert await on(client, "2025-10-14") == {
        "EUR": ("90", "0", [("90", "2025-10-16")]),
        "USD": ("638.5", "738.5", [("-100", "2025-10-16")]),
    }
    assert (await on(client, "2025-10-20"))["USD"] == ("641.5", "638.5", [("3", "2025-10-31")])
    assert (await on(client, "2025-10-31"))["USD"] == ("641.5", "641.5", [])


async def test_a_settlement_no_rule_knows_makes_settled_cash_unknown(
    client: httpx.AsyncClient, account_id: UUID, admin_connection: Connection
) -> None:
    instrument = add_instrument(admin_connection, currency="JPY")
    await post(
        client,
        {
            **bought(account_id, instrument, "2025-10-10", "10", "50"),
            "currency": "JPY",
        },
    )
    (item,) = (await get(client, "cash", on="2025-10-10"))["items"]
    assert (item["amount"], item["settled"]) == ("-500", None)
    assert item["pending"][0]["unknown_reason"] == "settlement_market_unknown"


async def test_what_no_rule_knows_has_settled_once_every_trade_has(
    client: httpx.AsyncClient, account_id: UUID, admin_connection: Connection
) -> None:
    instrument = add_instrument(admin_connection, currency="JPY")
    await post(
        client,
        {**bought(account_id, instrument, "2025-10-10", "10", "50"), "currency": "JPY"},
    )

    async def settled(day: str) -> tuple[list[str], list[str | None]]:
        """Units and cash as settled: both sides of the trade change on one day."""
        held = await get(client, "positions", on=day, basis="settled")
        balances = await get(client, "cash", on=day)
        return [i["quantity"] for i in held["items"]], [c["settled"] for c in balances["items"]]

    assert await settled("2025-10-29") == ([], [None])  # 19 days later: nobody knows
    assert await settled("2025-10-30") == (["10"], ["-500"])


async def test_every_movement_has_the_balance_after_it(
    client: httpx.AsyncClient, account_id: UUID, history: list[Any]
) -> None:
    # back-dated, on a day that has a record
    await post(client, a_record(account_id, "fee", "2025-10-10", fee=cash("0.5")))
    query = {"account_id": str(account_id), "currency": "USD"}

    found = await get(client, "cash/movements", **query)

    balances = [(i["trade_date"], i["amount"], i["balance"]) for i in found["items"]]
    assert balances == [
        ("2025-10-15", "3", "641"),
        ("2025-10-14", "-100", "638"),
        ("2025-10-13", "240", "738"),
        ("2025-10-10", "-0.5", "498"),
        ("2025-10-10", "-501.5", "498.5"),
        ("2025-10-01", "1000", "1000"),
    ]
    first = await get(client, "cash/movements", **query, limit="4")
    rest = await get(client, "cash/movements", **query, limit="4", cursor=first["next_cursor"])
    assert first["items"] + rest["items"] == found["items"]
    until = await get(client, "cash/movements", **query, to="2025-10-09")
    assert [i["balance"] for i in until["items"]] == ["1000"]
    euros = await get(client, "cash/movements", account_id=str(account_id), currency="EUR")
    assert [(i["kind"], i["balance"]) for i in euros["items"]] == [("fx_conversion", "90")]
    assert history[0]["kind"] == "deposit"


async def test_positions_of_a_past_day_as_traded_and_as_settled(
    client: httpx.AsyncClient, history: list[Any]
) -> None:
    async def units(**query: str) -> list[tuple[str, str | None]]:
        found = await get(client, "positions", **query)
        return [(item["quantity"], item["cost"]) for item in found["items"]]

    assert await units(on="2025-10-09") == []
    assert await units(on="2025-10-10") == [("10", "501.5")]
    assert await units(on="2025-10-13", basis="settled") == []
    assert await units(on="2025-10-13") == [("6", "300.9")]
    assert await units(on="2025-10-14", basis="settled") == [("6", "300.9")]
    cash_then = (await get(client, "positions", on="2025-10-13", basis="settled"))["cash"]
    assert [balance["amount"] for balance in cash_then] == ["1000"]
    assert history[1]["kind"] == "buy"


async def test_positions_as_they_were_known_before_a_correction(
    client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
    admin_connection: Connection,
) -> None:
    (first,) = await post(client, bought(account_id, instrument_id, "2025-03-03", "10", "50"))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    # the clock of the database cannot be set: the record is moved a day back instead
    admin_connection.execute("SET session_replication_role = replica")
    admin_connection.execute(
        "UPDATE transactions SET recorded_at = %s WHERE id = %s", (yesterday, first["id"])
    )
    admin_connection.execute("SET session_replication_role = DEFAULT")
    body = bought(account_id, instrument_id, "2025-03-03", "12", "50")
    corrected = await client.put(f"{TRANSACTIONS}/{first['id']}", json=body, headers=a_key())
    assert corrected.status_code == httpx.codes.OK

    async def known(day: datetime) -> tuple[list[str], list[str]]:
        found = await get(client, "positions", on="2026-01-01", as_known_on=day.date().isoformat())
        return [i["quantity"] for i in found["items"]], [c["amount"] for c in found["cash"]]

    assert await known(yesterday) == (["10"], ["-500"])
    assert await known(yesterday + timedelta(days=1)) == (["12"], ["-600"])


@pytest.mark.parametrize("path", ["cash", "positions", "lots", "holdings", "transactions"])
async def test_days_nobody_can_count_around_are_refused_and_named(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID, path: str
) -> None:
    await post(client, bought(account_id, instrument_id, "2025-10-10", "10", "50"))
    names = {"holdings": ("as_of",), "transactions": ("as_known_on",)}.get(
        path, ("on", "as_known_on")
    )
    for name in names:
        for day in ("0001-01-01", "9999-12-31"):
            query = {name: day, **({"instrument_id": str(instrument_id)} if path == "lots" else {})}
            answer = await client.get(f"/api/v1/{path}", params=query)
            assert answer.status_code == 422, answer.text
            assert [e["pointer"] for e in answer.json()["errors"]] == [f"/query/{name}"]
