"""Positions, lots and cash of a part of the portfolio; figures by hand."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import add_instrument, create_account
from tests.conftest import Connection, Kept
from tests.features.ledgering import (
    a_record,
    bought,
    cash,
    get,
    post,
    recorded_yesterday,
    reverse,
    sold,
)
from tests.features.test_as_known import BEFORE, YESTERDAY
from tests.features.test_taxonomies_api import change, grown, put

Found = dict[str, Any]


class Household:
    """A fund that is 60 % technology in two accounts, a bond in one; dollars, and some euros."""

    def __init__(self, first: UUID, second: UUID, fund: UUID, bond: UUID, names: Found) -> None:
        self.first, self.second, self.fund, self.bond = first, second, fund, bond
        self.technology: str = names["Technology"]


@pytest.fixture
async def household(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection
) -> Household:
    return await kept.built("parts of lots", lambda: _household(client, admin_connection))


async def _household(client: httpx.AsyncClient, connection: Connection) -> Household:
    fund = add_instrument(connection, asset_class="fund")
    bond = add_instrument(connection, asset_class="bond")
    first = await create_account(client)
    second = await create_account(client, group_name="Anna", tags=["ira"])
    await post(
        client,
        a_record(first, "deposit", "2026-02-02", gross=cash("5000")),
        a_record(first, "deposit", "2026-02-02", gross=cash("30", "EUR"), currency="EUR"),
        bought(first, fund, "2026-02-02", "10", "100"),
        bought(first, bond, "2026-02-02", "20", "50"),
        sold(first, fund, "2026-02-03", "4", "110"),
        a_record(second, "deposit", "2026-02-02", gross=cash("1000")),
        bought(second, fund, "2026-02-02", "2", "100"),
    )
    made, names = await grown(client, "Technology", "Health")
    items = [put(fund, (names["Technology"], "0.6"), (names["Health"], "0.4"))]
    body = {"version": made["version"], "items": items}
    await change(client, "PUT", f"{made['id']}/assignments", body)
    return Household(first, second, fund, bond, names)


def held(found: Found, *accounts: UUID) -> list[tuple[int, str, str, str, str]]:
    """(which account, units, cost, cost per unit, weight) by account."""
    order = [str(account_id) for account_id in accounts]
    return sorted(
        (
            order.index(item["account_id"]), item["quantity"], item["cost"], item["average_cost"],
            item["weight_ratio"],
        )
        for item in found["items"]
    )  # fmt: skip


@pytest.mark.only_reads
async def test_positions_of_a_class_a_category_and_a_currency(
    client: httpx.AsyncClient, household: Household
) -> None:
    both = household.first, household.second
    bonds = await get(client, "positions", asset_class="bond")
    assert held(bonds, *both) == [(0, "20", "1000", "50", "1")]
    assert (bonds["cash"], bonds["slice"]["asset_classes"]) == ([], ["bond"])
    assert bonds["slice"]["is_everything"] is False
    # 0.6 of 6 units that cost 600, and of 2 that cost 200
    named = {"category_id": household.technology}
    expected = [(0, "3.6", "360", "100", "0.6"), (1, "1.2", "120", "100", "0.6")]
    assert held(await get(client, "positions", **named), *both) == expected
    of_day = await get(client, "positions", **named, on="2026-02-02")
    assert held(of_day, *both) == [(0, "6", "600", "100", "0.6"), expected[1]]
    euros = await get(client, "positions", currency="EUR")
    assert euros["items"] == []
    assert [(item["currency"], item["amount"]) for item in euros["cash"]] == [("EUR", "30")]
    anna = await get(client, "positions", account_group="Anna", asset_class="fund")
    assert held(anna, *both) == [(1, "2", "200", "100", "1")]


@pytest.mark.only_reads
@pytest.mark.usefixtures("household")
@pytest.mark.parametrize(
    "path", ["positions", "positions?on=2026-02-03", "cash", "cash?on=2026-02-03"]
)
async def test_a_filter_by_everything_is_no_filter(client: httpx.AsyncClient, path: str) -> None:
    whole = await get(client, path)
    every = f"{path}{'&' if '?' in path else '?'}currency=USD&currency=EUR"
    found = await get(client, every)
    assert found.pop("slice")["is_everything"] is True
    assert whole.pop("slice")["is_everything"] is True
    assert found == whole
    assert whole["items"]


@pytest.mark.only_reads
async def test_cash_of_a_part(client: httpx.AsyncClient, household: Household) -> None:
    async def balances(**query: str) -> list[tuple[str, str]]:
        found = await get(client, "cash", **query)
        return sorted((item["currency"], item["amount"]) for item in found["items"])

    # 5,000 - 1,000 - 1,000 + 440, and 1,000 - 200
    assert await balances() == [("EUR", "30"), ("USD", "3440"), ("USD", "800")]
    assert await balances(currency="EUR") == [("EUR", "30")]
    assert await balances(asset_class="cash", account_tag="ira") == [("USD", "800")]
    assert await balances(account_id=str(household.second)) == [("USD", "800")]
    # cash is in no category and of no other class
    assert await balances(category_id=household.technology) == []
    assert await balances(asset_class="fund") == []
    assert await balances(instrument_id=str(household.fund)) == []


@pytest.mark.only_reads
async def test_lots_of_a_part_are_that_part_of_each(
    client: httpx.AsyncClient, household: Household
) -> None:
    fund = {"instrument_id": str(household.fund)}
    found = await get(client, "lots", **fund, category_id=household.technology)
    lots = [(lot["quantity"], lot["cost"], lot["cost_per_unit"]) for lot in found["open_lots"]]
    assert sorted(lots) == [("1.2", "120", "100"), ("3.6", "360", "100")]
    (closure,) = found["closures"]
    told = [closure[name] for name in ("quantity", "proceeds", "cost", "gain")]
    # 0.6 of 4 units sold for 440 that cost 400
    assert told == ["2.4", "264", "240", "24"]
    assert (found["closure_count"], found["traded_gain"]) == (1, "24")
    assert (found["weight_ratio"], found["slice"]["category_ids"]) == (
        "0.6", [household.technology],
    )  # fmt: skip
    whole = await get(client, "lots", **fund)
    assert [whole["weight_ratio"], whole["traded_gain"]] == ["1", "40"]
    same = await get(client, "lots", **fund, asset_class="fund", currency="USD")
    assert [same[name] for name in ("open_lots", "closures")] == [
        whole[name] for name in ("open_lots", "closures")
    ]
    anna = await get(client, "lots", **fund, account_tag="ira")
    assert [lot["account_id"] for lot in anna["open_lots"]] == [str(household.second)]
    assert (anna["closures"], anna["traded_gain"]) == ([], "0")


@pytest.mark.only_reads
async def test_what_is_not_in_the_part_has_no_lots_there(
    client: httpx.AsyncClient, household: Household
) -> None:
    fund = {"instrument_id": str(household.fund)}
    found = await get(client, "lots", **fund, asset_class="bond")
    assert (found["open_lots"], found["closures"], found["weight_ratio"]) == ([], [], "0")
    assert (found["closure_count"], found["traded_gain"]) == (0, "0")
    bond = await get(
        client, "lots", instrument_id=str(household.bond), category_id=household.technology
    )
    assert (bond["open_lots"], bond["weight_ratio"]) == ([], "0")


@pytest.mark.only_reads
async def test_lots_are_of_one_instrument(client: httpx.AsyncClient, household: Household) -> None:
    for named in ([], [str(household.fund), str(household.bond)]):
        answer = await client.get("/api/v1/lots", params={"instrument_id": named})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_fields")
        assert answer.json()["errors"] == [
            {"pointer": "/query/instrument_id", "detail": "name one instrument"}
        ]


async def test_a_part_is_of_what_was_known_to_be_held(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    coin = add_instrument(admin_connection, asset_class="crypto")
    (wrong,) = await post(client, bought(account_id, coin, "2026-02-02", "3", "7"))
    recorded_yesterday(admin_connection, account_id)
    await reverse(client, wrong)
    named = {"asset_class": "crypto"}
    now = await get(client, "positions", **named)
    assert now["items"] == []
    then = await get(client, "positions", **named, as_known_on=YESTERDAY)
    assert held(then, account_id) == [(0, "3", "21", "7", "1")]
    before = await get(client, "positions", **named, as_known_on=BEFORE)
    assert before["items"] == []
    # the dollars that paid for it are no part of crypto
    assert then["cash"] == []
    paid = await get(client, "cash", currency="USD", as_known_on=YESTERDAY)
    assert [item["amount"] for item in paid["items"]] == ["-21"]
