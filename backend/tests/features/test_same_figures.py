"""One filter, one part: every page of it shows the same figures, worked out by hand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, add_fx_rate, add_instrument, add_member, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all, labels
from tests.features.importing import problem
from tests.features.ledgering import a_record, bought, cash, get, post, sold
from tests.features.reporting import again, keep, said
from tests.features.test_taxonomies_api import change, grown, put

D = Decimal
Query = Mapping[str, str | Sequence[str]]
PAGES = ("performance", "risk", "nav", "holdings", "overview", "allocation", "income",
         "income/calendar", "income/projection", "income/yields")  # fmt: skip


@pytest.fixture
def member(admin_connection: Connection) -> Member:
    """The owner of a portfolio in euros."""
    return add_member(admin_connection, base_currency="EUR")


@pytest.fixture
def client(make_client: ClientMaker, member: Member) -> httpx.AsyncClient:
    return make_client(member)


@dataclass(frozen=True)
class Household:
    """Three accounts of two people, and what is in them; half of the share is steady."""

    first: UUID
    second: UUID
    ben: UUID
    share: UUID
    bond: UUID
    foreign: UUID
    steady: str


@pytest.fixture
async def household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    """Five reais a euro, whatever the day."""

    def of(before: str, now: str, **named: Any) -> UUID:
        days = date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
        prices = dict(zip(days, (before, before, before, now), strict=True))
        return add_instrument(admin_connection, prices=prices, **{"currency": "EUR", **named})

    for day in (date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)):
        add_fx_rate(admin_connection, "BRL", day, "5")
    share, bond = of("100", "110"), of("42", "42", asset_class="bond")
    foreign = of("50", "60", currency="BRL")
    first = await create_account(client, base_currency="EUR", group_name="Anna", tags=["ira"])
    second = await create_account(client, base_currency="EUR", group_name="Anna")
    ben = await create_account(
        client, base_currency="EUR", group_name="Ben", tags=["ira", "old"]
    )  # fmt: skip

    def put_in(account_id: UUID, amount: str, currency: str = "EUR") -> dict[str, Any]:
        return a_record(
            account_id, "deposit", "2026-02-02", currency=currency, gross=cash(amount, currency)
        )

    def buys(account_id: UUID, what: UUID, count: str, price: str, code: str = "EUR") -> Any:
        return bought(account_id, what, "2026-02-02", count, price, currency=code)

    euros = {"currency": "EUR"}
    await post(
        client,
        put_in(first, "1000"), put_in(second, "1000"), put_in(ben, "500"),
        put_in(ben, "500", "BRL"),
        buys(first, share, "6", "100"), buys(second, share, "2", "100"),
        buys(second, bond, "10", "40"), buys(ben, foreign, "10", "50", "BRL"),
        a_record(first, "dividend", "2026-03-02", instrument_id=share, gross=cash("20", "EUR"),
                 **euros),
        a_record(second, "interest", "2026-03-02", gross=cash("7", "EUR"), **euros),
        sold(first, share, "2026-03-03", "1", "120", **euros),
    )  # fmt: skip
    await work(None)
    made, categories = await grown(client, "Steady")
    steady = categories["Steady"]
    items = [put(share, (steady, "0.5")), put(bond, (steady, "1"))]
    await change(
        client, "PUT", f"{made['id']}/assignments", {"version": made["version"], "items": items}
    )
    return Household(first, second, ben, share, bond, foreign, steady)


# 7 shares at 110, 10 bonds at 42, 10 foreign at 60 reais; cash 540 + 407 + 500
WORTH: list[tuple[dict[str, list[str]], str]] = [
    ({}, "2757"),
    ({"account_id": ["{first}", "{second}"]}, "2137"),
    ({"account_group": ["Anna"]}, "2137"),
    ({"account_tag": ["ira"]}, "1710"),
    ({"account_tag": ["ira"], "instrument_id": ["{share}"]}, "550"),
    ({"asset_class": ["bond"]}, "420"),
    ({"asset_class": ["cash"]}, "1447"),
    ({"asset_class": ["equity", "bond"]}, "1310"),
    ({"currency": ["BRL"]}, "120"),
    ({"asset_class": ["equity"], "currency": ["EUR"]}, "770"),
    ({"base_currency": ["BRL"]}, "13785"),
    ({"asset_class": ["bond"], "base_currency": ["BRL"]}, "2100"),
    ({"asset_class": ["crypto"]}, "0"),
    # half of the shares, and the bonds
    ({"category_id": ["{steady}"]}, "805"),
    ({"category_id": ["{steady}"], "account_tag": ["ira"]}, "275"),
]


def filled(named: Mapping[str, Sequence[str]], of: Household) -> dict[str, list[str]]:
    names = {"first": of.first, "second": of.second, "share": of.share, "steady": of.steady}
    return {key: [text.format(**names) for text in values] for key, values in named.items()}


async def ask(client: httpx.AsyncClient, path: str, query: Query, **more: str) -> Any:
    answer = await client.get(f"/api/v1/{path}", params={**query, **more})
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return answer.json()


@pytest.mark.parametrize(("named", "worth"), WORTH)
async def test_every_page_of_the_same_part_is_worth_the_same(
    client: httpx.AsyncClient, household: Household, named: dict[str, list[str]], worth: str
) -> None:
    query = filled(named, household)
    for path in ("holdings", "overview"):
        assert (await ask(client, path, query))["nav"] == worth, path
    overview = await ask(client, "overview", query)
    for by in ("asset_class", "currency", "account", "instrument"):
        nodes = (await ask(client, "allocation", query, by=by))["nodes"]
        assert sum((D(node["value"]) for node in nodes), D(0)) == D(worth), by
        if by != "account":
            parts = {part["key"]: part["value"] for part in overview[f"allocation_by_{by}"]}
            held = {node["key"]: node["value"] for node in nodes}
            # cash that comes to nothing has no part on the overview
            assert parts == {key: value for key, value in held.items() if key in parts}, by
            assert {value for key, value in held.items() if key not in parts} <= {"0"}, by
    days = (await ask(client, "nav", query))["items"]
    closing = (await ask(client, "performance", query))["closing_nav"]
    if worth != "0":
        assert (days[-1]["nav"], closing) == (worth, worth)
    words = httpx.QueryParams(query)
    assert (await explain_all(client, f"holdings?figure=nav&{words}", most=9))[0] == worth


async def test_one_account_of_a_group_is_explained_as_that_account(
    client: httpx.AsyncClient, household: Household
) -> None:
    """Anna has two more shares in her other account."""
    for named in ({"account_group": "Anna"}, {"account_tag": "ira"}):
        words = httpx.QueryParams({"account_id": str(household.first), **named})
        shown, ways = await explain_all(client, f"holdings?figure=cost&{words}")
        # five shares at 100
        assert (shown, ways > 0) == ("500", True), named
        days, ways = await explain_all(client, f"overview?figure=net_contributions&{words}")
        assert (days, ways > 0) == ("1000", True), named


async def test_a_part_of_a_holding_leads_to_nothing_that_tells_all_of_it(
    client: httpx.AsyncClient, household: Household
) -> None:
    words = httpx.QueryParams({"category_id": household.steady})
    # seven shares that cost 100 each, valued at 110: half of it
    for figure, expected in (
        ("quantity", "3.5"), ("cost", "350"), ("market_value", "385"), ("unrealized_gain", "35"),
    ):  # fmt: skip
        path = f"holdings/{household.share}?figure={figure}&{words}"
        assert await explain_all(client, path) == (expected, 0), figure
    # the bond is in it as a whole: its lot and its records tell the same
    for figure, expected in (("quantity", "10"), ("cost", "400")):
        shown, ways = await explain_all(
            client, f"holdings/{household.bond}?figure={figure}&{words}"
        )
        assert (shown, ways > 0) == (expected, True), figure
    assert (await explain_all(client, f"holdings?figure=cost&{words}"))[0] == "750"


async def test_the_overview_and_gains_of_a_category(
    client: httpx.AsyncClient, household: Household
) -> None:
    query = {"category_id": household.steady}
    page, gains = await get(client, "overview", **query), await get(client, "gains", **query)
    # half of 800 paid for eight, of 120 got for one and of 20 of income; 400 for the bonds
    figures = {
        "nav": "805", "realized_gain": "10", "unrealized_gain": "55", "income_ytd": "10",
        "net_contributions": "730", "total_gain": "75", "day_change": "35",
    }  # fmt: skip
    assert {name: page[name] for name in figures} == figures
    words = httpx.QueryParams(query)
    for name in ("realized_gain", "income_ytd", "net_contributions", "total_gain", "day_change"):
        assert (await explain_all(client, f"overview?figure={name}&{words}"))[0] == figures[name]
    total = gains["total"]
    assert (total["realized"]["gain"], total["unrealized"]["gain"]) == ("10", "55")
    assert (total["income"]["net"], total["total"]) == ("10", "75")


async def test_every_page_says_which_part_it_is_of(
    client: httpx.AsyncClient, household: Household
) -> None:
    query = {"account_tag": "ira", "instrument_id": str(household.share), "base_currency": "BRL"}
    told = {path: (await ask(client, path, query))["slice"] for path in PAGES}
    assert all(of == told["performance"] for of in told.values())
    assert told["income"]["is_everything"] is False
    words = httpx.QueryParams(query)
    assert (await explain_all(client, f"holdings?figure=nav&{words}", most=20))[0] == "2750"


async def test_the_overview_of_an_instrument(
    client: httpx.AsyncClient, household: Household
) -> None:
    query = {"instrument_id": str(household.share)}
    page = await get(client, "overview", **query)
    # 600 + 200 paid for eight, 120 got for one and 20 of income; 7 of them gained 10 each
    figures = {
        "nav": "770", "realized_gain": "20", "unrealized_gain": "70", "income_ytd": "20",
        "net_contributions": "660", "total_gain": "110", "day_change": "70",
        "day_change_ratio": "0.1", "cash": "0", "first_date": "2026-02-02",
    }  # fmt: skip
    assert {name: page[name] for name in figures} == figures
    year = await get(client, "performance", **query, **{"from": page["ytd_start_date"]})
    assert page["ytd_return_ratio"] == year["time_weighted"]["ratio"] is not None
    words = httpx.QueryParams(query)
    for name in ("realized_gain", "income_ytd", "net_contributions", "total_gain", "day_change"):
        shown, _ = await explain_all(client, f"overview?figure={name}&{words}")
        assert shown == figures[name], name
    # eight for 600 and 200
    assert (await explain_all(client, f"flows?on=2026-02-02&{words}"))[0] == "800"
    cash_alone = await get(client, "overview", asset_class="cash")
    assert (cash_alone["income_ytd"], cash_alone["realized_gain"]) == ("7", "0")


async def test_holdings_of_a_part_weigh_what_they_are_of_it(
    client: httpx.AsyncClient, household: Household
) -> None:
    query = {"account_tag": "ira", "asset_class": "equity"}
    page = await get(client, "holdings", **query)
    told = [(item["instrument_id"], item["market_value"], item["quantity"], item["realized_gain"])
            for item in page["items"]]  # fmt: skip
    assert told == [
        (str(household.share), "550", "5", "20"), (str(household.foreign), "120", "10", "0")
    ]  # fmt: skip
    assert page["cash"] == []
    # 550 and 120 of 670
    weights = [D(item["weight_ratio"]) for item in page["items"]]
    assert weights == [(D(550) / 670).quantize(D("1E-10")), (D(120) / 670).quantize(D("1E-10"))]
    words = httpx.QueryParams(query)
    path = f"holdings/{household.share}?figure=weight_ratio&{words}"
    assert (await explain_all(client, path))[0] == page["items"][0]["weight_ratio"]
    past = await get(client, "holdings", **query, as_of="2026-03-02")
    # six shares at 100 before one was sold, and 10 at 50 reais
    assert past["nav"] == "700"
    assert [item["quantity"] for item in past["items"]] == ["6", "10"]


async def test_parts_of_a_part_are_explained_as_such(
    client: httpx.AsyncClient, household: Household
) -> None:
    query = {"account_group": "Anna", "asset_class": ["equity", "cash"], "base_currency": "BRL"}
    words = httpx.QueryParams(query)
    page = await ask(client, "allocation", query)
    assert {node["key"]: node["value"] for node in page["nodes"]} == {
        "equity": "3850", "cash": "4735"
    }  # fmt: skip
    for node in page["nodes"]:
        path = f"allocation/node?key={node['key']}&{words}"
        assert (await explain_all(client, path))[0] == node["value"]
        weight, _ = await explain(client, f"{path}&figure=weight_ratio")
        assert weight == node["weight_ratio"]
    _, root = await explain(client, f"allocation/node?key=cash:EUR&{words}")
    assert [D(value) for _, value in labels(root)] == [2700, 2035]
    missing = await client.get(f"/api/v1/explain/allocation/node?key=bond&{words}")
    assert problem(missing) == (404, "not_found")
    assert household.share != household.bond


@pytest.mark.parametrize(
    ("named", "received"),
    [
        ({}, "27"),
        ({"account_id": ["{first}", "{second}"]}, "27"),
        ({"account_group": ["Ben"]}, "0"),
        ({"account_tag": ["ira"]}, "20"),
        ({"instrument_id": ["{share}"]}, "20"),
        ({"asset_class": ["equity"]}, "20"),
        ({"asset_class": ["cash"]}, "7"),
        ({"asset_class": ["bond"]}, "0"),
        ({"currency": ["EUR"], "base_currency": ["BRL"]}, "135"),
        ({"category_id": ["{steady}"]}, "10"),
    ],
)
async def test_income_is_that_of_the_part(
    client: httpx.AsyncClient, household: Household, named: dict[str, list[str]], received: str
) -> None:
    query = filled(named, household)
    page = await ask(client, "income", query, period="Max")
    assert page["total"]["net"] == received
    for groups in ("kinds", "months", "years", "instruments", "accounts"):
        nets = [D(group["amounts"]["net"]) for group in page[groups]]
        assert sum(nets, D(0)) == D(received), groups
    calendar = await ask(client, "income/calendar", query)
    assert sum((D(month["paid"]) for month in calendar["months"]), D(0)) == D(received)
    assert (await ask(client, "overview", query))["income_ytd"] == received
    shown, _ = await explain_all(client, f"income?period=Max&{httpx.QueryParams(query)}", most=9)
    assert shown == received
    held = {item["instrument_id"]: item["market_value"]
            for item in (await ask(client, "income/yields", query))["items"]}  # fmt: skip
    assert held == {item["instrument_id"]: item["market_value"]
                    for item in (await ask(client, "holdings", query))["items"]}  # fmt: skip


async def test_what_is_expected_is_that_of_the_part(
    client: httpx.AsyncClient, household: Household, work: Work
) -> None:
    """One bond paid 2 in one March and 4 in the next: eleven are held now."""
    account, euros = household.second, {"currency": "EUR"}
    await post(
        client,
        a_record(account, "deposit", "2024-01-02", gross=cash("100", "EUR"), **euros),
        bought(account, household.bond, "2024-01-03", "1", "40", **euros),
        *(
            a_record(account, "dividend", day, instrument_id=household.bond,
                     gross=cash(amount, "EUR"), **euros)
            for day, amount in (("2024-03-11", "2"), ("2025-03-10", "4"))
        ),
    )  # fmt: skip
    await work(None)
    bonds = {"asset_class": "bond", "account_group": "Anna"}
    page = await get(client, "income/projection", **bonds)
    assert page["total"]["net"] == "44"
    assert [one["instrument_id"] for one in page["instruments"]] == [str(household.bond)]
    in_reais = await get(client, "income/projection", **bonds, base_currency="BRL")
    assert (in_reais["total"]["net"], in_reais["currency"]) == ("220", "BRL")
    for other in ({"account_group": "Ben"}, {"currency": "BRL"}):
        assert (await get(client, "income/projection", **other))["total"]["net"] == "0"
    whole = await get(client, "income/projection")
    shares = await get(client, "income/projection", instrument_id=str(household.share))
    # the 7 that were paid on cash are expected to go on
    on_cash = await get(client, "income/projection", asset_class="cash")
    assert on_cash["total"]["net"] == "7"
    assert D(whole["total"]["net"]) == 44 + D(shares["total"]["net"]) + 7
    words = httpx.QueryParams(bonds)
    shown, ways = await explain_all(client, f"income/projection?{words}")
    assert (shown, ways > 0) == ("44", True)
    calendar = await get(client, "income/calendar", **bonds)
    assert {item["instrument_id"] for item in calendar["items"]} == {str(household.bond)}
    yields = await get(client, "income/yields", **bonds)
    # 4 a bond of 42
    assert yields["forward"]["ratio"] == str((D(4) / 42).quantize(D("1E-10")))
    assert (await explain(client, f"income/yields?figure=forward&{words}"))[0] == str(
        yields["forward"]["ratio"]
    )


@pytest.mark.parametrize("path", PAGES)
async def test_unknown_names_are_refused_alike(
    client: httpx.AsyncClient, household: Household, path: str
) -> None:
    nobody = UUID(int=7)
    for query, answer in (
        ({"account_id": [str(household.first), str(nobody)]}, (404, "not_found")),
        ({"account_group": "Nobody"}, (404, "not_found")),
        ({"account_tag": "new"}, (404, "not_found")),
        ({"account_group": "Ben", "account_tag": "new"}, (404, "not_found")),
        ({"instrument_id": str(nobody)}, (404, "not_found")),
        ({"base_currency": "QQQ"}, (400, "unknown_currency")),
    ):
        refused = await client.get(f"/api/v1/{path}", params=query)
        assert problem(refused) == answer, query


async def test_a_report_of_holdings_keeps_the_part(
    client: httpx.AsyncClient, household: Household
) -> None:
    named = {"asset_classes": ["bond"], "account_groups": ["Anna"], "base_currency": "BRL"}
    report = await keep(client, "holdings", **named)
    kept = json.loads(await said(client, report))
    assert (kept["nav"], kept["slice"]["asset_classes"]) == ("2100", ["bond"])
    assert [item["instrument_id"] for item in kept["items"]] == [str(household.bond)]
    assert (await again(client, report))["is_equal"] is True
