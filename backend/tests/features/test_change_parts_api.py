"""What the bars of prices and rates are made of, and all records of a bar; figures by hand."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import add_fx_rate, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, get, paid, post, priced, sold

D = Decimal
SPAN = {"from": "2026-02-02", "to": "2026-02-20", "base_currency": "EUR"}


class World:
    """Shares in euros and in kwacha, and kwacha in cash."""

    def __init__(self, account_id: UUID, share: UUID, other: UUID) -> None:
        self.account_id, self.share, self.other = account_id, share, other


@pytest.fixture
async def world(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> World:
    # a kwacha was 0.04 euro, then 0.05
    for at, rate in ((2, "25"), (10, "25"), (12, "20"), (18, "20")):
        add_fx_rate(admin_connection, "ZMW", date(2026, 2, at), rate)
    account_id = await create_account(client, base_currency="EUR", tax_currency="EUR")
    share = priced(admin_connection, {"2026-02-02": "100", "2026-02-10": "130"}, "EUR")
    other = priced(admin_connection, {"2026-02-02": "20", "2026-02-10": "22"}, "ZMW")
    euro: dict[str, Any] = {"currency": "EUR"}
    kwacha: dict[str, Any] = {"currency": "ZMW"}
    await post(
        client,
        paid(account_id, "2026-02-02", "2000", "EUR"),
        paid(account_id, "2026-02-02", "1000", "ZMW"),
        bought(account_id, share, "2026-02-02", "10", "100", **euro),
        bought(account_id, other, "2026-02-05", "10", "20", **kwacha),
        sold(account_id, share, "2026-02-10", "4", "130", fee=cash("3", "EUR"), **euro),
        a_record(account_id, "dividend", "2026-02-11", instrument_id=share,
                 gross=cash("60", "EUR"), tax=cash("9", "EUR"), **euro),
        paid(account_id, "2026-02-12", "100", "EUR"),
        paid(account_id, "2026-02-12", "60", "EUR"),
        paid(account_id, "2026-02-13", "50", "EUR"),
    )  # fmt: skip
    await work(None)
    return World(account_id, share, other)


def row(found: dict[str, Any], instrument_id: UUID) -> dict[str, Any]:
    (only,) = [one for one in found["instruments"] if one["instrument_id"] == str(instrument_id)]
    return {name: value for name, value in only.items() if name.endswith(
        ("value", "moved", "borne", "result", "realized")
    )}  # fmt: skip


async def test_prices_and_rates_part_by_part(client: httpx.AsyncClient, world: World) -> None:
    found = await get(client, "performance/waterfall/parts", **SPAN)
    # 517 and 51 came out; 60 less 9 of income, 3 of a fee; 10 units gained 30 each, 4 realized it
    assert row(found, world.share) == {
        "opening_value": "1000", "moved": "-568", "borne": "48", "price_result": "300",
        "rate_result": "0", "closing_value": "780", "realized": "120", "unrealized": "180",
    }  # fmt: skip
    # 200 kwacha at 0.04; 20 more at 0.04; 220 × 0.01 of the rate
    assert row(found, world.other) == {
        "opening_value": "0", "moved": "8", "borne": "0", "price_result": "0.8",
        "rate_result": "2.2", "closing_value": "11", "realized": "0", "unrealized": "0.8",
    }  # fmt: skip
    assert found["currencies"] == [
        {
            "currency": "ZMW", "opening_amount": "1000", "opening_rate": "0.04",
            "closing_amount": "1020", "closing_rate": "0.05", "rate_result": "10.2",
            "converted": "0", "amount": "10.2",
        }
    ]  # fmt: skip
    assert (found["unrealized_rest"], found["fx_rest"]) == ("0", "0")


@pytest.mark.usefixtures("world")
async def test_parts_come_to_the_bars_and_are_the_slices_of_their_instruments(
    client: httpx.AsyncClient,
) -> None:
    for asked in ({}, {"base_currency": "ZMW"}, {"asset_class": "equity"}):
        page = await get(client, "performance/waterfall", **{**SPAN, **asked})
        bars = {bar["bar"]: bar["amount"] for bar in page["bars"]}
        found = await get(client, "performance/waterfall/parts", **{**SPAN, **asked})
        assert (found["unrealized"], found["fx"]) == (bars["unrealized"], bars["fx"])
        sums = D(found["unrealized_rest"]) + sum(D(i["unrealized"]) for i in found["instruments"])
        assert sums == D(bars["unrealized"])
        assert D(found["fx_rest"]) + sum(D(c["amount"]) for c in found["currencies"]) == D(
            bars["fx"]
        )
        for part in found["instruments"]:
            of_one = await get(
                client, "performance/waterfall", **{**SPAN, **asked},
                instrument_id=part["instrument_id"],
            )  # fmt: skip
            told = {bar["bar"]: bar["amount"] for bar in of_one["bars"]}
            for mine, bar in (("unrealized", "unrealized"), ("rate_result", "fx")):
                assert abs(D(part[mine]) - D(told[bar])) <= D("1E-9")


@pytest.mark.usefixtures("world")
async def test_records_of_a_bar_page_on_to_the_last(client: httpx.AsyncClient) -> None:
    found: list[dict[str, Any]] = []
    query: dict[str, str] = {**SPAN, "bar": "deposits", "limit": "1"}
    while True:
        page = await get(client, "performance/waterfall/records", **query)
        found += page["items"]
        assert page["total_count"] == 3
        if not page["has_more"]:
            break
        query["cursor"] = page["next_cursor"]
    whole = await get(client, "performance/waterfall", **SPAN)
    (deposits,) = [bar for bar in whole["bars"] if bar["bar"] == "deposits"]
    assert found[0]["amount"] == "50"
    assert {one["amount"] for one in found[1:]} == {"100", "60"}
    assert sorted(found, key=str) == sorted(deposits["records"], key=str)
    other = {**query, "bar": "fees"}
    answer = await client.get("/api/v1/performance/waterfall/records", params=other)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


async def test_before_anything_was_held_there_are_no_parts(client: httpx.AsyncClient) -> None:
    found = await get(client, "performance/waterfall/parts")
    assert (found["instruments"], found["currencies"], found["reason"]) == ([], [], "no_capital")
    assert (found["unrealized"], found["unrealized_rest"], found["fx_rest"]) == (None, None, None)
