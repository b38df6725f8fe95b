"""Returns, values and contributions of a category of a taxonomy, worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import add_instrument, create_account
from tests.conftest import Connection, Kept
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, bought, cash, get, post
from tests.features.test_taxonomies_api import change, grown, make, put

D = Decimal
TO = "2026-02-04"


class Sorted:
    """One account with a fund, a share and a bond; sectors, and regions of the fund alone."""

    def __init__(self, account_id: UUID, sectors: dict[str, str], regions: dict[str, str]) -> None:
        self.account_id = account_id
        self.sectors, self.regions = sectors, regions


@pytest.fixture
async def held(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Sorted:
    return await kept.built("held", lambda: _held(client, admin_connection, work))


async def _held(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> Sorted:
    def of(*closes: str, **named: Any) -> UUID:
        days = (date(2026, 2, day) for day in (2, 3, 4))
        prices = dict(zip(days, closes, strict=True))
        return add_instrument(admin_connection, prices=prices, **named)

    fund = of("100", "110", "121", asset_class="fund")
    share, bond = of("40", "44", "44"), of("50", "50", "51", asset_class="bond")
    account_id = await create_account(client)
    await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", gross=cash("5000")),
        bought(account_id, fund, "2026-02-02", "10", "100"),
        bought(account_id, share, "2026-02-02", "5", "40"),
        bought(account_id, bond, "2026-02-02", "20", "50"),
        a_record(account_id, "dividend", "2026-02-03", instrument_id=fund, gross=cash("20"),
                 tax=cash("5")),
    )  # fmt: skip
    await work(None)
    made, sectors = await grown(client, "Technology", "Chips", "Health")
    path = f"{made['id']}/categories/{sectors['Chips']}"
    place = {"parent_id": sectors["Technology"], "position": 0}
    made = await change(client, "PATCH", path, {"version": made["version"], "place": place})
    # 0.6 of the fund is technology, chips among it; 0.15 of it nobody classified
    items = [
        put(fund, (sectors["Technology"], "0.4"), (sectors["Chips"], "0.2"),
            (sectors["Health"], "0.25")),
        put(share, (sectors["Health"], "1")),
    ]  # fmt: skip
    body = {"version": made["version"], "items": items}
    await change(client, "PUT", f"{made['id']}/assignments", body)
    other = await make(client, "Places")
    other = await change(
        client, "POST", f"{other['id']}/categories", {"version": 1, "name": "Europe"}
    )
    europe = other["categories"][0]["id"]
    body = {"version": other["version"], "items": [put(fund, (europe, "0.5"))]}
    await change(client, "PUT", f"{other['id']}/assignments", body)
    return Sorted(
        account_id, {**sectors, "": made["id"]}, {"Europe": europe, "": other["id"]}
    )  # fmt: skip


def ratio(found: dict[str, Any]) -> Decimal:
    return D(found["time_weighted"]["ratio"])


def stored(value: Decimal) -> Decimal:
    return value.quantize(D("1E-10"))


@pytest.mark.only_reads
async def test_an_instrument_counts_by_its_weight(client: httpx.AsyncClient, held: Sorted) -> None:
    named = {"category_id": held.sectors["Technology"], "to": TO}
    found = await get(client, "performance", **named)
    # 600 of 1,000 went in; 660 on the 3rd, and 9 of the dividend after tax; 726 on the 4th
    assert ratio(found) == stored(D(669) / 600 * D(726) / 660 - 1)
    assert (found["closing_nav"], found["net_flows"], found["gain"]) == ("726", "591", "135")
    assert found["slice"]["category_ids"] == [held.sectors["Technology"]]
    assert found["slice"]["is_everything"] is False
    assert found["conventions"]["flow_timing"] == "in_at_start_out_at_end"
    gross = await get(client, "performance", **named, taxes="gross")
    assert ratio(gross) == stored(D(672) / 600 * D(726) / 660 - 1)
    months = await get(client, "performance/monthly", **named)
    assert months["total"]["ratio"] == found["time_weighted"]["ratio"]
    change_of = await get(client, "performance/waterfall", **named)
    assert {bar["bar"]: bar["amount"] for bar in change_of["bars"] if bar["amount"] != "0"} == {
        "deposits": "600", "withdrawals": "-9", "dividends": "12", "taxes": "-3",
        "unrealized": "126",
    }  # fmt: skip
    chips = await get(client, "performance", category_id=held.sectors["Chips"], to=TO)
    assert chips["closing_nav"] == "242"
    # every weight of an instrument has the same return; what it is worth differs
    assert ratio(chips) == ratio(found)
    risk = await get(client, "risk", **named)
    assert risk["max_drawdown"]["ratio"] == "0"


@pytest.mark.only_reads
async def test_categories_of_one_tree_widen_and_of_two_narrow(
    client: httpx.AsyncClient, held: Sorted
) -> None:
    async def worth(*category_ids: str, **query: str) -> str:
        params: dict[str, str | list[str]] = {"category_id": list(category_ids), "to": TO, **query}
        answer = await client.get("/api/v1/performance", params=params)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["closing_nav"])

    technology, health = held.sectors["Technology"], held.sectors["Health"]
    # 0.25 of 1,210 and five shares at 44
    assert await worth(health) == "522.5"
    assert await worth(technology, health) == "1248.5"
    # below technology already
    assert await worth(technology, held.sectors["Chips"]) == "726"
    assert await worth(held.regions["Europe"]) == "605"
    # half of that part is taken to be in Europe, as half of the whole is
    assert await worth(technology, held.regions["Europe"]) == "363"
    # 0.15 of the fund, and the bond
    assert await worth(unclassified_in=held.sectors[""]) == "1201.5"
    assert await worth(technology, unclassified_in=held.sectors[""]) == "1927.5"
    assert await worth(technology, asset_class="fund") == "726"
    assert await worth(health, asset_class="equity") == "220"
    assert await worth(health, account_id=str(held.account_id)) == "522.5"


@pytest.mark.only_reads
async def test_categories_the_unclassified_and_cash_add_up_to_the_whole(
    client: httpx.AsyncClient, held: Sorted
) -> None:
    whole = (await get(client, "nav", **{"from": "2026-02-02", "to": TO}))["items"]
    for name in ("nav", "external_flow"):
        sums = dict.fromkeys((item["as_of"] for item in whole), D(0))
        for part in (
            {"category_id": held.sectors["Technology"]},
            {"category_id": held.sectors["Health"]},
            {"unclassified_in": held.sectors[""]},
            {"asset_class": "cash"},
        ):
            for item in (await get(client, "nav", **{"from": "2026-02-02", "to": TO}, **part))[
                "items"
            ]:
                if item["as_of"] in sums:
                    sums[item["as_of"]] += D(item[name])
        assert sums == {item["as_of"]: D(item[name]) for item in whole}


@pytest.mark.only_reads
async def test_a_slice_has_the_gain_that_attribution_tells_of_its_category(
    client: httpx.AsyncClient, held: Sorted
) -> None:
    groups = (await get(client, "attribution", by="taxonomy", taxonomy_id=held.sectors[""], to=TO))[
        "groups"
    ]
    gains = {group["label"]: group["gain"] for group in groups}
    assert gains["Technology"] == "135"
    for name in ("Technology", "Health"):
        found = await get(client, "performance", category_id=held.sectors[name], to=TO)
        assert found["gain"] == gains[name]
    of_slice = await get(
        client, "attribution", by="instrument", category_id=held.sectors["Technology"], to=TO
    )
    assert [group["gain"] for group in of_slice["groups"]] == ["135"]


@pytest.mark.only_reads
@pytest.mark.parametrize(
    ("names", "values"),
    [
        # 0.4 of the fund is technology itself, 0.2 of it chips: of 726 that is 484 and 242
        (("Technology",), {"Technology": ("726", "484"), "Chips": ("242", "242")}),
        (("Chips",), {"Technology": ("242", "0"), "Chips": ("242", "242")}),
        # a quarter of 1,210, and five shares at 44
        (("Health",), {"Health": ("522.5", "522.5")}),
        (("",), {"Not classified": ("1201.5", "1201.5")}),
        (("Health", ""), {"Health": ("522.5", "522.5"), "Not classified": ("1201.5", "1201.5")}),
    ],
)
async def test_a_category_by_its_own_taxonomy_is_all_in_it(
    client: httpx.AsyncClient,
    held: Sorted,
    names: tuple[str, ...],
    values: dict[str, tuple[str, str]],
) -> None:
    named: dict[str, list[str]] = {"category_id": [], "unclassified_in": []}
    for name in names:
        named["category_id" if name else "unclassified_in"].append(held.sectors[name])
    params: dict[str, str | list[str]] = {**named, "by": held.sectors[""], "as_of": TO}
    answer = await client.get("/api/v1/allocation", params=params)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    found = {node["label"]: (node["value"], node["own_value"]) for node in page["nodes"]}
    assert found == values
    tops = [node for node in page["nodes"] if node["level"] == 1]
    assert sum(D(node["value"]) for node in tops) == D(page["nav"])
    words = httpx.QueryParams(params)
    for node in page["nodes"]:
        path = f"allocation/node?key={node['key']}&{words}"
        assert (await explain_all(client, path))[0] == node["value"]


async def test_a_fund_that_is_not_looked_through_is_where_it_is_put(
    client: httpx.AsyncClient, held: Sorted
) -> None:
    """Its parts say that it is in Europe, and nothing says so of itself."""
    (share,) = [
        item["instrument_id"]
        for item in (await get(client, "holdings", as_of=TO))["items"]
        if item["market_value"] == "220"
    ]
    (fund,) = [
        item["instrument_id"]
        for item in (await get(client, "holdings", as_of=TO))["items"]
        if item["market_value"] == "1210"
    ]
    tree = await get(client, f"taxonomies/{held.regions['']}")
    items = [put(UUID(share), (held.regions["Europe"], "1")), put(UUID(fund))]
    body = {"version": tree["version"], "items": items}
    await change(client, "PUT", f"{held.regions['']}/assignments", body)
    parts = {"as_of": TO, "parts": [{"instrument_id": share, "weight_ratio": "0.1"}]}
    answer = await client.put(f"/api/v1/instruments/{fund}/composition", json=parts)
    assert answer.status_code == 200, answer.text
    query = {"category_id": held.regions["Europe"], "by": held.regions[""], "as_of": TO}
    # the share, and a tenth of the fund
    seen = {
        node["label"]: node["value"] for node in (await get(client, "allocation", **query))["nodes"]
    }
    assert seen == {"Europe": "341"}
    plain = await get(client, "allocation", **query, look_through="false")
    assert {node["label"]: node["value"] for node in plain["nodes"]} == {
        "Europe": "220", "Not classified": "121",
    }  # fmt: skip


@pytest.mark.only_reads
async def test_attribution_of_a_category_by_its_own_taxonomy_is_all_in_it(
    client: httpx.AsyncClient, held: Sorted
) -> None:
    query = {"by": "taxonomy", "taxonomy_id": held.sectors[""], "to": TO}
    of = held.sectors["Technology"]
    page = await get(client, "attribution", **query, category_id=of)
    # 135 of 135, though technology is 0.6 of the fund; nothing of health is in the slice
    told = [(group["label"], group["gain"]) for group in page["groups"]]
    assert (told, page["gain"], page["residual_ratio"]) == ([("Technology", "135")], "135", "0")
    (group,) = page["groups"]
    assert (group["contribution_ratio"], group["average_weight_ratio"]) == (
        page["total_ratio"], "1",
    )  # fmt: skip
    figure, _ = await explain(
        client,
        f"attribution?figure=contribution&key={of}&category_id={of}&{httpx.QueryParams(query)}",
    )
    assert figure == group["contribution_ratio"]
    # of another taxonomy half of the part is in Europe, as half of the whole is
    places = {**query, "taxonomy_id": held.regions[""]}
    of_other = await get(client, "attribution", **places, category_id=of)
    assert {group["label"]: group["gain"] for group in of_other["groups"]} == {
        "Europe": "67.5", "Not classified": "67.5",
    }  # fmt: skip


async def test_what_is_removed_is_said_so(client: httpx.AsyncClient, held: Sorted) -> None:
    tree = await get(client, f"taxonomies/{held.sectors['']}")
    path = f"{tree['id']}/categories/{held.sectors['Chips']}"
    await change(client, "DELETE", path, version=str(tree["version"]))
    for query, words in (
        ({"category_id": held.sectors["Chips"]}, "no such category"),
        ({"unclassified_in": held.sectors["Chips"]}, "no such taxonomy"),
    ):
        answer = await client.get("/api/v1/performance", params=query)
        assert (answer.status_code, answer.json()["detail"]) == (404, words)


@pytest.mark.parametrize("kind", ["performance", "waterfall"])
async def test_a_report_is_kept_of_a_category(
    client: httpx.AsyncClient, held: Sorted, kind: str
) -> None:
    parameters = {
        "kind": kind, "to_date": TO, "category_ids": [held.sectors["Technology"]],
    }  # fmt: skip
    kept = await client.post(
        "/api/v1/reports",
        json={"name": "Technology", "parameters": parameters},
        headers={"Idempotency-Key": "kept"},
    )
    assert kept.status_code == 201, kept.text
    body = await get(client, f"reports/{kept.json()['id']}/body")
    assert (body["closing_nav"], body["slice"]["category_ids"]) == (
        "726", parameters["category_ids"],
    )  # fmt: skip
    again = await client.post(f"/api/v1/reports/{kept.json()['id']}/recompute")
    assert (again.json()["is_equal"], again.json()["today"]["is_equal"]) == (True, True)
