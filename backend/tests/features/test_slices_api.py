"""Every return and risk figure of a part of the portfolio, worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import add_fx_rate, add_instrument, create_account
from tests.conftest import Connection, Kept
from tests.features.conftest import Work
from tests.features.explaining import explain
from tests.features.ledgering import a_record, bought, cash, get, post, reverse, sold
from truenav.core.explanation import walk

D = Decimal
SERIES = (
    "performance", "performance/monthly", "performance/rolling?window=1", "performance/waterfall",
    "risk", "nav",
)  # fmt: skip


class Household:
    """Two accounts in dollars: shares in dollars and in euros, a bond, cash."""

    def __init__(self, first: UUID, second: UUID, share: UUID, bond: UUID, foreign: UUID) -> None:
        self.first, self.second = first, second
        self.share, self.bond, self.foreign = share, bond, foreign


@pytest.fixture
async def household(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    return await kept.built("household", lambda: _household(client, admin_connection, work))


async def _household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    def of(*closes: str, **named: Any) -> UUID:
        days = (date(2026, 2, day) for day in (2, 3, 4, 5))
        return add_instrument(
            admin_connection, prices=dict(zip(days, closes, strict=False)), **named
        )

    share = of("100", "110", "121")
    bond = of("50", "50", "51", asset_class="bond")
    foreign = of("10", "10", "12", currency="CZK")
    for day, rate in ((2, "25"), (3, "25"), (4, "20")):
        add_fx_rate(admin_connection, "CZK", date(2026, 2, day), rate)
        add_fx_rate(admin_connection, "USD", date(2026, 2, day), "1.25")
    first, second = await create_account(client), await create_account(client)
    await post(
        client,
        a_record(first, "deposit", "2026-02-02", gross=cash("5000")),
        a_record(second, "deposit", "2026-02-02", gross=cash("5000")),
        bought(first, share, "2026-02-02", "10", "100", fee=cash("10")),
        bought(second, share, "2026-02-02", "10", "100"),
        bought(second, bond, "2026-02-02", "20", "50"),
        a_record(first, "buy", "2026-02-02", instrument_id=foreign, quantity="100", price="10",
                 currency="CZK", gross=cash("-1000", "CZK")),
        a_record(first, "deposit", "2026-02-02", gross=cash("1000", "CZK"), currency="CZK"),
        a_record(first, "dividend", "2026-02-03", instrument_id=share, gross=cash("20"),
                 tax=cash("5")),
        sold(second, share, "2026-02-04", "10", "121"),
    )  # fmt: skip
    await work(None)
    return Household(first, second, share, bond, foreign)


def returned(found: dict[str, Any]) -> Decimal:
    return D(found["time_weighted"]["ratio"])


@pytest.mark.only_reads
async def test_one_instrument_is_linked_from_what_it_cost(
    client: httpx.AsyncClient, household: Household
) -> None:
    found = await get(client, "performance", instrument_id=str(household.share))
    # 2,010 paid for 2,000; 2,200 and 15 of income; 1,210 sold and 1,210 kept
    expected = D(2000) / D(2010) * D(2215) / D(2000) * D(2420) / D(2200) - 1
    assert returned(found) == expected.quantize(D("1E-10"))
    assert found["opening_nav"] == "0"
    assert (found["net_flows"], found["gain"]) == ("785", "425")
    assert found["conventions"]["flow_timing"] == "in_at_start_out_at_end"
    assert found["slice"] == {
        "account_ids": [], "account_groups": [], "account_tags": [],
        "instrument_ids": [str(household.share)], "asset_classes": [],
        "currencies": [], "is_everything": False,
    }  # fmt: skip
    # paid on the close before 2 February, got back at the ends of the 3rd, the 4th and the last day
    growth = 1 + float(found["money_weighted"]["ratio"])
    days = (date.fromisoformat(found["to_date"]) - date(2026, 2, 1)).days
    got = [(15, 2), (1210, 3), (1210, days)]
    worth = sum(amount * growth ** (-place / days) for amount, place in got)
    assert abs(worth - 2010) < 1e-5


@pytest.mark.only_reads
async def test_costs_of_a_slice_are_added_back_to_it_alone(
    client: httpx.AsyncClient, household: Household
) -> None:
    gross = {"fees": "gross", "taxes": "gross"}
    found = await get(client, "performance", instrument_id=str(household.share), **gross)
    # 10 and 5 were paid: 2,010 of 2,010, then 2,220 of 2,000, then 2,420 of 2,200
    assert returned(found) == D("1.11") * D("1.1") - 1
    bond = await get(client, "performance", instrument_id=str(household.bond), **gross)
    assert returned(bond) == D("0.02")


@pytest.mark.only_reads
async def test_a_class_a_currency_and_several_accounts(
    client: httpx.AsyncClient, household: Household
) -> None:
    bonds = await get(client, "performance", asset_class="bond")
    assert returned(bonds) == D("0.02")
    crowns = await get(client, "performance", currency="CZK", to="2026-02-05")
    # 1,000 crowns are 50 dollars; 1,200 at a better rate are 75; their cash was paid in and out
    assert returned(crowns) == D("0.5")
    assert crowns["currency"] == "USD"
    both = {"account_id": [str(household.first), str(household.second)]}
    several = await client.get("/api/v1/performance", params=both)
    assert several.json()["time_weighted"] == (await get(client, "performance"))["time_weighted"]
    assert several.json()["slice"]["account_ids"] == both["account_id"]
    one = await get(
        client, "performance", instrument_id=str(household.share),
        account_id=str(household.second),
    )  # fmt: skip
    assert returned(one) == D("0.21")
    assert one["to_date"] == "2026-02-04"  # sold: nothing follows


@pytest.mark.only_reads
@pytest.mark.usefixtures("household")
@pytest.mark.parametrize("path", SERIES)
async def test_a_filter_by_everything_is_no_filter(client: httpx.AsyncClient, path: str) -> None:
    whole = await get(client, path)
    joint = "&" if "?" in path else "?"
    every = f"{path}{joint}currency=USD&currency=CZK"
    found = await get(client, every)
    assert found.pop("slice")["is_everything"] is True
    assert whole.pop("slice")["is_everything"] is True
    assert found == whole


@pytest.mark.only_reads
async def test_parts_add_up_to_the_whole(client: httpx.AsyncClient, household: Household) -> None:
    whole = (await get(client, "nav", **{"from": "2026-02-02"}))["items"]
    parts = [
        (await get(client, "nav", **{"from": "2026-02-02", **named}))["items"]
        for named in (
            {"instrument_id": str(household.share)},
            {"asset_class": "bond"},
            {"instrument_id": str(household.foreign)},
            {"asset_class": "cash"},
        )
    ]
    by_day: dict[str, list[dict[str, str]]] = {}
    for part in parts:
        for item in part:
            by_day.setdefault(item["as_of"], []).append(item)
    for day in whole[:3]:
        items = by_day[day["as_of"]]
        assert sum((D(i["nav"]) for i in items), D(0)) == D(day["nav"])
        assert sum((D(i["external_flow"]) for i in items), D(0)) == D(day["external_flow"])


@pytest.mark.only_reads
@pytest.mark.usefixtures("household")
async def test_risk_of_a_slice_is_that_of_its_returns(client: httpx.AsyncClient) -> None:
    found = await get(client, "risk", asset_class="bond")
    assert found["return_count"] == 3
    assert found["slice"]["asset_classes"] == ["bond"]
    assert found["max_drawdown"]["ratio"] == "0"
    assert {i["instrument_id"] for i in found["correlations"]["items"]} == set()


@pytest.mark.only_reads
async def test_months_of_a_slice_link_to_its_return(
    client: httpx.AsyncClient, household: Household
) -> None:
    found = await get(client, "performance/monthly", instrument_id=str(household.bond))
    (year,) = found["years"]
    assert year["whole"]["ratio"] == "0.02"
    assert found["total"]["ratio"] == "0.02"


@pytest.mark.only_reads
@pytest.mark.usefixtures("household")
@pytest.mark.parametrize("path", ["performance", "performance/monthly", "performance/rolling"])
async def test_a_version_that_knew_no_slices_answers_none(
    client: httpx.AsyncClient, household: Household, path: str
) -> None:
    old = {"calculation_version": "2026.1"}
    for part in ({"asset_class": "equity"}, {"instrument_id": str(household.share)}):
        answer = await client.get(f"/api/v1/{path}", params={**old, **part})
        assert (answer.status_code, answer.json()["code"]) == (422, "not_of_that_version"), part
    # filters that leave nothing out are no slice
    whole = {**old, "currency": ["USD", "CZK"]}
    assert (await client.get(f"/api/v1/{path}", params=whole)).status_code == 200


@pytest.mark.only_reads
async def test_what_changed_the_value_of_a_slice(
    client: httpx.AsyncClient, household: Household
) -> None:
    async def bars(**query: str) -> dict[str, str]:
        found = await get(client, "performance/waterfall", to="2026-02-04", **query)
        assert found["reason"] is None
        shown = {bar["bar"]: bar["amount"] for bar in found["bars"] if bar["amount"] != "0"}
        closing = D(found["opening_nav"]) + sum(map(D, shown.values()), D(0))
        assert closing == D(found["closing_nav"])
        assert found["slice"]["is_everything"] is False
        return shown

    # 2,010 paid for 2,000; 15 came of a dividend and 1,210 of the sale, ten are left at 121
    assert await bars(instrument_id=str(household.share)) == {
        "deposits": "2010", "withdrawals": "-1225", "realized": "210", "unrealized": "210",
        "dividends": "20", "fees": "-10", "taxes": "-5",
    }  # fmt: skip
    assert await bars(instrument_id=str(household.share), account_id=str(household.second)) == {
        "deposits": "1000", "withdrawals": "-1210", "realized": "210",
    }  # fmt: skip
    # 100 units of 10 crowns are 50 dollars; 2 crowns each and the rate of the 4th
    assert await bars(instrument_id=str(household.foreign)) == {
        "deposits": "50", "unrealized": "12.5", "fx": "12.5",
    }  # fmt: skip
    assert await bars(asset_class="cash", currency="USD") == {
        "deposits": "11225", "withdrawals": "-3010",
    }  # fmt: skip
    empty = await get(client, "performance/waterfall", asset_class="crypto")
    assert (empty["bars"], empty["reason"]) == ([], "no_capital")


@pytest.mark.only_reads
@pytest.mark.usefixtures("household")
@pytest.mark.parametrize(
    "narrowed",
    ["asset_class=bond", "currency=USD", "{second}&asset_class=equity"],
)
async def test_a_return_of_some_is_never_explained_as_that_of_all(
    client: httpx.AsyncClient, household: Household, narrowed: str
) -> None:
    tail = narrowed.format(second=f"account_id={household.second}")
    page = (await client.get(f"/api/v1/performance?{tail}")).json()
    shown, root = await explain(client, f"performance?figure=time_weighted&{tail}")
    assert shown == page["time_weighted"]["ratio"] is not None
    ways = [node.more for node in walk(root) if node.more is not None]
    assert ways
    assert all(tail in way for way in ways)


async def test_what_was_taken_back_was_never_held(
    client: httpx.AsyncClient, admin_connection: Connection, household: Household, work: Work
) -> None:
    other = add_instrument(admin_connection, asset_class="crypto")
    (wrong,) = await post(client, bought(household.first, other, "2026-02-03", "1", "7"))
    await reverse(client, wrong)
    await work(None)
    found = await client.get(
        "/api/v1/performance?asset_class=equity&asset_class=bond&asset_class=cash"
    )
    assert found.json()["slice"]["is_everything"] is True


async def test_what_is_missing_elsewhere_hides_nothing(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection, work: Work
) -> None:
    unpriced = add_instrument(admin_connection)
    await post(client, bought(household.first, unpriced, "2026-02-03", "1", "7"))
    await work(None)
    assert (await get(client, "performance"))["closing_nav"] is None
    assert returned(await get(client, "performance", asset_class="bond")) == D("0.02")
    missing = await get(client, "nav", instrument_id=str(unpriced))
    assert {u["reason_code"] for u in missing["unknowns"]} == {"price_missing"}


@pytest.mark.only_reads
async def test_a_slice_that_was_never_held_is_empty(
    client: httpx.AsyncClient, household: Household
) -> None:
    found = await get(client, "performance", asset_class="crypto")
    assert (found["items"], found["time_weighted"]["reason"]) == ([], "no_capital")
    unknown = await client.get(f"/api/v1/performance?instrument_id={UUID(int=5)}")
    assert unknown.status_code == 404
    both = f"/api/v1/performance?account_id={household.first}&account_id={UUID(int=5)}"
    assert (await client.get(both)).status_code == 404


@pytest.mark.only_reads
@pytest.mark.usefixtures("household")
async def test_a_slice_as_it_was_known(client: httpx.AsyncClient) -> None:
    named = {"asset_class": "bond"}
    today = await get(client, "performance", **named)
    known = await get(client, "performance", **named, as_known_on="2200-01-01")
    assert known == today
    before = await get(client, "performance", **named, as_known_on="2020-01-01")
    assert before["items"] == []


async def test_accounts_by_group_and_by_tag_and_in_another_currency(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    groups: tuple[tuple[str, list[str], str], ...] = (
        ("Anna", ["ira"], "100"), ("Anna", [], "200"), ("Ben", ["ira", "old"], "400"),
    )  # fmt: skip
    for group, tags, amount in groups:
        account_id = await create_account(client, group_name=group, tags=tags)
        await post(client, a_record(account_id, "deposit", "2026-02-02", gross=cash(amount)))
    await work(None)

    async def worth(**query: str) -> str:
        found = await get(client, "performance", **query)
        return f"{found['closing_nav']} {found['currency']}"

    assert await worth() == "700 USD"
    assert await worth(account_group="Anna") == "300 USD"
    assert await worth(account_tag="ira") == "500 USD"
    assert await worth(account_group="Anna", account_tag="ira") == "100 USD"
    told = (await get(client, "nav", account_tag="old"))["slice"]
    assert (told["account_tags"], told["is_everything"]) == (["old"], True)
    for query in ({"account_group": "Nobody"}, {"account_group": "Ben", "account_tag": "new"}):
        answer = await client.get("/api/v1/performance", params=query)
        assert answer.status_code == 404, answer.text

    # two rupiah a euro
    add_fx_rate(admin_connection, "IDR", date(2026, 2, 2), "2")
    for path in ("performance", "nav", "risk", "attribution", "performance/monthly"):
        answer = await client.get(f"/api/v1/{path}", params={"base_currency": "QQQ"})
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_currency")
    euros = await create_account(client, base_currency="EUR", group_name="Euro")
    record = a_record(euros, "deposit", "2026-02-02", currency="EUR", gross=cash("50", "EUR"))
    await post(client, record)
    await work(None)
    span = {"from": "2026-02-02", "to": "2026-02-02", "account_group": "Euro"}
    assert await worth(**span) == "50 EUR"
    assert await worth(**span, base_currency="IDR") == "100 IDR"
