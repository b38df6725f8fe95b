"""Contributions, effects beside a blend, and what purchases brought, worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import a_key, add_fx_rate, add_instrument, create_account
from tests.conftest import Connection, Kept
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, get, post, sold

D = Decimal
SPAN = {"from": "2026-02-02", "to": "2026-02-04"}


class Household:
    """Two accounts in dollars: a share and a bond fund, and what stands for their markets."""

    def __init__(self, first: UUID, second: UUID, share: UUID, bond: UUID, market: UUID) -> None:
        self.first, self.second = first, second
        self.share, self.bond, self.market = share, bond, market


@pytest.fixture
async def household(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    return await kept.built("household", lambda: _household(client, admin_connection, work))


async def _household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    def of(*closes: str, **named: Any) -> UUID:
        days = (date(2026, 2, day) for day in (2, 3, 4))
        prices = dict(zip(days, closes, strict=True))
        return add_instrument(admin_connection, prices=prices, **named)

    share = of("100", "108", "108")
    bond = of("100", "102", "102", asset_class="bond")
    market = of("100", "106", "106")
    first, second = await create_account(client), await create_account(client)
    await post(
        client,
        a_record(first, "deposit", "2026-02-02", gross=cash("600")),
        a_record(second, "deposit", "2026-02-02", gross=cash("400")),
        bought(first, share, "2026-02-02", "6", "100"),
        bought(second, bond, "2026-02-02", "4", "100"),
    )
    await work(None)
    return Household(first, second, share, bond, market)


def by_key(found: dict[str, Any], figure: str = "contribution_ratio") -> dict[str, Any]:
    return {group["key"]: group[figure] for group in found["groups"]}


@pytest.mark.only_reads
async def test_each_group_added_its_weight_times_its_return(
    client: httpx.AsyncClient, household: Household
) -> None:
    found = await get(client, "attribution", by="asset_class", **SPAN)
    assert (found["total_ratio"], found["gain"], found["reason"]) == ("0.056", "56", None)
    assert by_key(found) == {"equity": "0.048", "bond": "0.008", "cash": "0"}
    assert by_key(found, "return_ratio")["equity"] == "0.08"
    assert found["residual_ratio"] == "0"
    assert (
        found["total_ratio"] == (await get(client, "performance", **SPAN))["time_weighted"]["ratio"]
    )
    accounts = await get(client, "attribution", by="account", **SPAN)
    assert by_key(accounts) == {str(household.first): "0.048", str(household.second): "0.008"}
    instruments = await get(client, "attribution", **SPAN)
    assert by_key(instruments)[str(household.share)] == "0.048"
    labels = by_key(instruments, "label")
    assert labels["cash:USD"] == "Cash USD"


@pytest.mark.only_reads
async def test_a_slice_has_contributions_of_its_own(
    client: httpx.AsyncClient, household: Household
) -> None:
    found = await get(client, "attribution", asset_class="equity", **SPAN)
    assert (found["total_ratio"], found["residual_ratio"]) == ("0.08", "0")
    assert by_key(found) == {str(household.share): "0.08"}
    assert found["slice"]["asset_classes"] == ["equity"]
    assert found["conventions"]["flow_timing"] == "in_at_start_out_at_end"


async def test_rates_and_prices_are_told_apart(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    account = await create_account(client, base_currency="EUR")
    for day, rate in ((2, "19"), (3, "20")):  # a rand lost 5 %
        add_fx_rate(admin_connection, "ZAR", date(2026, 2, day), rate)
    prices = {date(2026, 2, 2): "100", date(2026, 2, 3): "110"}
    of = add_instrument(admin_connection, prices=prices, currency="ZAR")
    paid = {"currency": "ZAR", "gross": cash("1900", "ZAR")}
    await post(
        client,
        a_record(account, "deposit", "2026-02-02", **paid),
        a_record(account, "buy", "2026-02-02", instrument_id=of, quantity="19", price="100",
                 currency="ZAR", gross=cash("-1900", "ZAR")),
    )  # fmt: skip
    await work(None)
    asked = {"account_id": str(account), "from": "2026-02-02", "to": "2026-02-03"}
    found = await get(client, "attribution", by="currency", **asked)
    (group,) = found["groups"]
    # 10 % - 5 % - 0.5 % of both together
    assert (group["local_ratio"], group["currency_ratio"], group["cross_ratio"]) == (
        "0.1", "-0.05", "-0.005",
    )  # fmt: skip
    assert (found["total_ratio"], found["residual_ratio"]) == ("0.045", "0")


@pytest.mark.only_reads
async def test_effects_beside_a_blend(client: httpx.AsyncClient, household: Household) -> None:
    # wp .6/.4, wb .5/.5, rp .08/.02, rb .06/.02
    blend = [f"equity:{household.market}:0.5", f"bond:{household.bond}:0.5"]
    asked = {"by": "asset_class", "blend": blend, **SPAN}
    answer = await client.get("/api/v1/attribution", params=asked)
    found = answer.json()["comparison"]
    assert (found["portfolio_ratio"], found["benchmark_ratio"]) == ("0.056", "0.04")
    effects = {
        one["key"]: (one["allocation_ratio"], one["selection_ratio"], one["interaction_ratio"])
        for one in found["groups"]
    }
    assert effects == {"equity": ("0.002", "0.01", "0.002"), "bond": ("0.002", "0", "0")}
    assert (found["excess_ratio"], found["residual_ratio"]) == ("0.016", "0")
    assert found["reason"] is None


def effects_of(found: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    """Allocation, selection and interaction by label."""
    return {
        one["label"]: (one["allocation_ratio"], one["selection_ratio"], one["interaction_ratio"])
        for one in found["groups"]
    }


@pytest.mark.only_reads
async def test_two_instruments_of_a_group_are_their_weights_and_returns(
    client: httpx.AsyncClient, household: Household
) -> None:
    # a quarter each at 6 % and 8 %: half at 7 %, RB 4.5 %
    of, bond = household, household.bond
    blend = [f"equity:{of.market}:0.25", f"equity:{of.share}:0.25", f"bond:{bond}:0.5"]
    asked = {"by": "asset_class", "blend": blend, **SPAN}
    found = (await client.get("/api/v1/attribution", params=asked)).json()["comparison"]
    assert (found["benchmark_ratio"], found["excess_ratio"]) == ("0.045", "0.011")
    assert effects_of(found) == {
        "Equity": ("0.0025", "0.005", "0.001"), "Bond": ("0.0025", "0", "0"),
    }  # fmt: skip
    assert found["residual_ratio"] == "0"
    equity, other = sorted(found["groups"], key=lambda one: one["key"], reverse=True)
    assert (equity["weight_ratio"], equity["benchmark_return_ratio"]) == ("0.5", "0.07")
    assert (equity["instrument_id"], equity["symbol"]) == (None, None)
    members = {
        m["instrument_id"]: (m["weight_ratio"], m["return_ratio"]) for m in equity["members"]
    }
    assert members == {str(of.market): ("0.25", "0.06"), str(of.share): ("0.25", "0.08")}
    assert other["instrument_id"] == str(bond)
    assert "members" not in other
    assert "benchmark" not in found


@pytest.mark.only_reads
async def test_an_instrument_alone_is_a_benchmark_of_one_group(
    client: httpx.AsyncClient, household: Household
) -> None:
    asked = {"benchmark": str(household.market), **SPAN}
    found = (await get(client, "attribution", by="asset_class", **asked))["comparison"]
    # wb 1 and 0, rb 6 %; bonds, which it does not hold, would have returned what it did
    assert (found["benchmark_ratio"], found["excess_ratio"]) == ("0.06", "-0.004")
    assert effects_of(found) == {
        "Equity": ("0", "0.02", "-0.008"), "Bond": ("0", "0", "-0.016"),
    }  # fmt: skip
    assert found["residual_ratio"] == "0"
    named = found["benchmark"]
    assert (named["benchmark_id"], named["basis"]) == (str(household.market), "total")
    assert named["split_members"] == "return_of_the_whole"
    # as the page of returns says of it
    returns = await get(client, "performance", **asked)
    assert returns["benchmark"]["ratio"] == found["benchmark_ratio"]
    each = (await get(client, "attribution", **asked))["comparison"]
    told = {one["key"]: one["interaction_ratio"] for one in each["groups"]}
    assert told == {
        str(household.share): "0.012", str(household.bond): "-0.016", str(household.market): "0",
    }  # fmt: skip
    assert named["symbol"] in {one["label"] for one in each["groups"]}


async def test_a_blend_of_ones_own_goes_by_its_members_and_what_it_adds_a_year(
    client: httpx.AsyncClient, household: Household
) -> None:
    parts = [
        {"instrument_id": str(key), "basis": "total", "weight_ratio": weight}
        for key, weight in (
            (household.market, "0.25"), (household.share, "0.25"), (household.bond, "0.5"),
        )
    ]  # fmt: skip
    for spread, ratio in (("0", "0.045"), ("0.02", None)):
        body = {"name": f"Own {spread}", "rebalancing": "never", "spread_ratio": spread,
                "parts": parts}  # fmt: skip
        made = await client.post("/api/v1/benchmarks", json=body, headers=a_key())
        assert made.status_code == 201, made.text
        asked = {"benchmark": made.json()["id"], **SPAN}
        found = (await get(client, "attribution", by="asset_class", **asked))["comparison"]
        returns = (await get(client, "performance", **asked))["benchmark"]
        assert found["benchmark_ratio"] == returns["ratio"]
        assert found["residual_ratio"] == "0"
        if ratio is not None:
            assert found["benchmark_ratio"] == ratio
            assert effects_of(found)["Equity"] == ("0.0025", "0.005", "0.001")
        assert found["rebalancing"] == "never"


async def test_what_cannot_be_put_into_groups_says_so(
    client: httpx.AsyncClient, household: Household
) -> None:
    series = {"series": "CPIAUCSL", "weight_ratio": "1"}
    body = {"name": "Prices", "parts": [series]}
    made = await client.post("/api/v1/benchmarks", json=body, headers=a_key())
    assert made.status_code == 201, made.text
    prices = made.json()
    both = {"benchmark": str(household.market), "blend": f"equity:{household.market}:1"}
    for asked, word in (
        ({"benchmark": prices["id"]}, "series"),
        ({"benchmark": str(household.market), "by": "account"}, "account"),
        (both, "both"),
    ):
        refused = await client.get("/api/v1/attribution", params={**SPAN, **asked})
        assert refused.status_code == 422, asked
        (error,) = refused.json()["errors"]
        assert error["pointer"] == "/query/benchmark"
        assert word in error["detail"]
    gone = {"benchmark": str(UUID(int=3))}
    assert (await client.get("/api/v1/attribution", params=gone)).status_code == 404
    halves = f"equity:{household.market}:0", f"equity:{household.share}:1"
    refused = await client.get("/api/v1/attribution", params={"blend": halves})
    assert refused.status_code == 422


@pytest.mark.only_reads
async def test_a_span_of_one_day_has_no_effects(
    client: httpx.AsyncClient, household: Household
) -> None:
    day = {"from": "2026-02-04", "to": "2026-02-04"}
    blend = f"equity:{household.market}:1"
    found = await get(client, "attribution", by="asset_class", blend=blend, **day)
    assert (found["total_ratio"], found["groups"]) == ("0", [])
    told = found["comparison"]
    assert (told["portfolio_ratio"], told["benchmark_ratio"], told["groups"]) == ("0", "0", [])


@pytest.mark.parametrize(
    "blend",
    [["equity:{id}:0.5"], ["equity:{id}:0.5", "equity:{id}:0.5"], ["equity:{id}:2"], ["x"],
     ["equity:------------------------------------:1"]],
)  # fmt: skip
@pytest.mark.only_reads
async def test_a_blend_that_is_none_is_refused(
    client: httpx.AsyncClient, household: Household, blend: list[str]
) -> None:
    named = [text.format(id=household.market) for text in blend]
    refused = await client.get("/api/v1/attribution", params={"blend": named})
    assert refused.status_code == 422
    unknown = {"blend": f"equity:{UUID(int=3)}:1"}
    assert (await client.get("/api/v1/attribution", params=unknown)).status_code == 404


@pytest.mark.usefixtures("household")
async def test_a_benchmark_without_prices_says_so(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    unpriced = add_instrument(admin_connection)
    found = await get(client, "attribution", blend=f"equity:{unpriced}:1", **SPAN)
    assert found["comparison"]["reason"] == "price_missing"
    assert found["total_ratio"] == "0.056"


async def test_what_is_not_known_is_not_told(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection, work: Work
) -> None:
    unpriced = add_instrument(admin_connection)
    await post(client, bought(household.first, unpriced, "2026-02-03", "1", "7"))
    await work(None)
    found = await get(client, "attribution", **SPAN)
    assert (found["total_ratio"], found["reason"]) == (None, "value_unknown")
    part = await get(client, "attribution", asset_class="bond", **SPAN)
    assert part["total_ratio"] == "0.02"


async def test_an_empty_portfolio_has_no_parts(client: httpx.AsyncClient) -> None:
    await create_account(client)
    found = await get(client, "attribution")
    assert (found["groups"], found["reason"]) == ([], "no_capital")
    assert (await get(client, "attribution/trades"))["trade_count"] == 0


async def test_purchases_by_what_they_brought(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection, work: Work
) -> None:
    await post(
        client,
        a_record(household.first, "dividend", "2026-02-03", instrument_id=household.share,
                 gross=cash("12"), tax=cash("3")),
        sold(household.first, household.share, "2026-02-04", "2", "108"),
    )  # fmt: skip
    await work(None)
    found = await get(client, "attribution/trades", to="2026-02-04")
    assert found["trade_count"] == 2
    (best,), (worst,) = found["best"], found["worst"]
    assert (best["realized"], best["unrealized"], best["income"], best["total"]) == (
        "16", "32", "9", "57",
    )  # fmt: skip
    assert (worst["total"], worst["symbol"] is not None) == ("8", True)
    assert found["total"] == "65"
    # 1,000 at work throughout; 1,065 in the end, all of it from the two purchases
    assert (found["gain"], found["residual"], found["average_capital"]) == ("65", "0", "1000")
    assert (best["capital_ratio"], worst["capital_ratio"]) == ("0.057", "0.008")
    assert (found["total_ratio"], found["gain_ratio"]) == ("0.065", "0.065")
    bonds = await get(client, "attribution/trades", asset_class="bond", to="2026-02-04")
    assert [one["total"] for one in (*bonds["best"], *bonds["worst"])] == ["8"]
    assert (bonds["gain"], bonds["residual"], bonds["gain_ratio"]) == ("8", "0", "0.02")
    # what was held when the span began is no purchase of it: all of the gain is the rest
    later = await get(client, "attribution/trades", **{"from": "2026-02-02"})
    assert later["trade_count"] == 0
    assert (later["total"], later["residual"], later["gain"]) == ("0", "65", "65")
    assert (later["residual_ratio"], later["gain_ratio"]) == ("0.065", "0.065")
    unpriced = add_instrument(admin_connection)
    await post(client, bought(household.first, unpriced, "2026-02-03", "1", "7"))
    await work(None)
    hidden = await get(client, "attribution/trades", to="2026-02-04")
    assert (hidden["total"], hidden["gain"], hidden["residual"]) == (None, None, None)
    assert hidden["total_ratio"] is hidden["residual_ratio"] is None


async def test_groups_of_a_taxonomy_share_out_what_belongs_to_several(
    client: httpx.AsyncClient, household: Household
) -> None:
    made = await client.post("/api/v1/taxonomies", json={"name": "Mine"}, headers=a_key())
    assert made.status_code == 201, made.text
    path = f"/api/v1/taxonomies/{made.json()['id']}"
    ids: dict[str, str] = {}
    version = made.json()["version"]
    for name, parent in (("Growth", None), ("Chips", "Growth"), ("Safety", None)):
        body = {"version": version, "name": name, "parent_id": ids.get(parent or "")}
        answer = await client.post(f"{path}/categories", json=body)
        assert answer.status_code in {200, 201}, answer.text
        version = answer.json()["version"]
        ids[name] = next(c["id"] for c in answer.json()["categories"] if c["name"] == name)

    def shared(key: UUID, chips: str, safety: str) -> dict[str, Any]:
        weights = [
            {"category_id": ids["Chips"], "weight_ratio": chips},
            {"category_id": ids["Safety"], "weight_ratio": safety},
        ]
        return {"instrument_id": str(key), "weights": weights}

    items = [shared(household.share, "0.75", "0.25"), shared(household.market, "0.6", "0.4")]
    answer = await client.put(f"{path}/assignments", json={"version": version, "items": items})
    assert answer.status_code == 200, answer.text

    query = {**SPAN, "by": "taxonomy", "taxonomy_id": made.json()["id"]}
    found = await get(client, "attribution", **query)
    # three quarters of 4.8 % by way of a category below, a quarter, and the bond in none
    assert by_key(found) == {
        ids["Growth"]: "0.036", ids["Safety"]: "0.012", "uncategorized": "0.008", "cash": "0",
    }  # fmt: skip
    assert by_key(found, "label")[ids["Growth"]] == "Growth"
    assert found["residual_ratio"] == "0"
    beside = await get(client, "attribution", benchmark=str(household.market), **query)
    # 60 and 40 % of the benchmark at 6 %; .45 and .15 of the share at 8 %, and .4 at 2 % in none
    assert effects_of(beside["comparison"]) == {
        "Growth": ("0", "0.012", "-0.003"), "Safety": ("0", "0.008", "-0.005"),
        "Not classified": ("0", "0", "-0.016"),
    }  # fmt: skip
    assert beside["comparison"]["excess_ratio"] == "-0.004"
    for missing, status in (({}, 422), ({"taxonomy_id": str(UUID(int=3))}, 404)):
        answer = await client.get(
            "/api/v1/attribution", params={**SPAN, "by": "taxonomy", **missing}
        )
        assert answer.status_code == status, answer.text
