"""Reports of attribution and of income: what they were sorted by and beside, and what changed."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import a_key, add_instrument
from tests.conftest import Connection
from tests.features.acting import add_event
from tests.features.conftest import Work
from tests.features.ledgering import get
from tests.features.reporting import (
    REPORTS,
    Household,
    again,
    by_cause,
    keep,
    reported,
    said,
)
from tests.features.test_taxonomies_api import change, grown, put


@pytest.fixture
async def household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    """What reports are of."""
    return await reported(client, admin_connection, work)


async def sorted_by(client: httpx.AsyncClient, of: UUID) -> tuple[dict[str, Any], dict[str, str]]:
    """A taxonomy of two categories in which the instrument is in the first one."""
    made, ids = await grown(client, "Core", "Play")
    body = {"version": made["version"], "items": [put(of, (ids["Core"], "1"))]}
    return await change(client, "PUT", f"{made['id']}/assignments", body), ids


async def test_effects_beside_a_blend_are_kept_with_what_stands_for_each_group(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection
) -> None:
    closes = {date(2026, 1, 5): "10", date(2026, 2, 10): "11"}
    other = add_instrument(admin_connection, prices=closes)
    blend = [f"equity:{other}:0.9", f"cash:{other}:0.1"]
    report = await keep(client, "attribution", by="asset_class", blend=blend)
    answer = await client.get("/api/v1/attribution", params={"by": "asset_class", "blend": blend})
    told = json.loads(await said(client, report))
    assert told == answer.json()
    assert told["comparison"]["benchmark_ratio"] == "0.1"
    detail = await get(client, f"reports/{report['id']}")
    named = {one["instrument_id"] for one in detail["fingerprint"]["instruments"]}
    assert named == {str(household[1]), str(other)}
    admin_connection.execute(
        "UPDATE prices SET close = 12 WHERE instrument_id = %s AND price_date = '2026-02-10'",
        (other,),
    )
    found = await again(client, report)
    assert (found["is_equal"], by_cause(found)["records"]) == (True, 0)
    assert by_cause(found)["data"] > 0
    since = found["today"]["since"]
    assert [one["instrument_id"] for one in since["instruments"]] == [str(other)]


async def test_effects_beside_a_benchmark_are_kept_with_what_it_is_made_of(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection
) -> None:
    closes = {date(2026, 1, 5): "10", date(2026, 2, 10): "11"}
    other = add_instrument(admin_connection, prices=closes)
    parts = [
        {"instrument_id": str(key), "basis": "total", "weight_ratio": "0.5"}
        for key in (other, household[1])
    ]
    body: dict[str, Any] = {
        "name": "Halves", "rebalancing": "never", "spread_ratio": "0", "parts": parts,
    }  # fmt: skip
    made = await client.post("/api/v1/benchmarks", json=body, headers=a_key())
    assert made.status_code == 201, made.text
    asked = {"by": "asset_class", "benchmark": made.json()["id"]}
    report = await keep(client, "attribution", **asked)
    told = json.loads(await said(client, report))
    assert told == (await client.get("/api/v1/attribution", params=asked)).json()
    assert told["comparison"]["benchmark"]["name"] == "Halves"
    (equity,) = (one for one in told["comparison"]["groups"] if one["key"] == "equity")
    assert {one["instrument_id"] for one in equity["members"]} == {str(other), str(household[1])}
    body = {**body, "rebalancing": "daily", "version": 1}
    path = f"/api/v1/benchmarks/{made.json()['id']}"
    assert (await client.put(path, json=body)).status_code == 200
    found = await again(client, report)
    assert found["is_equal"] is True
    assert found["today"]["since"]["benchmark"] == "Halves"
    gone = await client.delete(path, params={"version": 2})
    assert gone.status_code == 204
    assert (await again(client, report))["today"]["reason"] == "benchmark_gone"


async def test_what_is_no_blend_or_no_taxonomy_is_not_kept(
    client: httpx.AsyncClient, household: Household
) -> None:
    for parameters in (
        {"blend": [f"equity:{household[1]}:0.9"]},
        {"blend": ["equity:nothing:1"]},
        {"benchmark": str(household[1]), "by": "account"},
        {"benchmark": str(household[1]), "blend": [f"equity:{household[1]}:1"]},
        {"by": "taxonomy"},
    ):
        body = {"name": "No", "parameters": {"kind": "attribution", **parameters}}
        answer = await client.post(REPORTS, json=body, headers=a_key())
        assert answer.status_code == 422, parameters
    body = {
        "name": "No",
        "parameters": {"kind": "attribution", "by": "taxonomy", "taxonomy_id": str(UUID(int=3))},
    }
    assert (await client.post(REPORTS, json=body, headers=a_key())).status_code == 404


async def test_a_taxonomy_that_sorts_otherwise_is_told_and_one_that_is_gone_too(
    client: httpx.AsyncClient, household: Household
) -> None:
    of = household[1]
    made, ids = await sorted_by(client, of)
    report = await keep(client, "attribution", by="taxonomy", taxonomy_id=made["id"])
    groups = {g["label"] for g in json.loads(await said(client, report))["groups"]}
    assert "Core" in groups
    found = await again(client, report)
    assert (found["today"]["is_equal"], found["today"]["since"]["taxonomy"]) == (True, None)
    body = {"version": made["version"], "items": [put(of, (ids["Play"], "1"))]}
    made = await change(client, "PUT", f"{made['id']}/assignments", body)
    found = await again(client, report)
    assert (found["is_equal"], by_cause(found)["records"]) == (True, 0)
    assert by_cause(found)["data"] > 0
    assert found["today"]["since"]["taxonomy"] == "Own"
    gone = await client.delete(
        f"/api/v1/taxonomies/{made['id']}", params={"version": made["version"]}
    )
    assert gone.status_code == 204, gone.text
    today = (await again(client, report))["today"]
    assert (today["reason"], today["since"]["record_count"]) == ("taxonomy_gone", 0)


async def test_what_is_done_with_income_and_what_is_declared_since_are_told(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection
) -> None:
    account, of, _ = household
    report = await keep(client, "income", period="Max")
    told = json.loads(await said(client, report))
    assert told["received"]["total"]["gross"] == "12.5"
    assert told["projection"]["declared"]["count"] == 0
    body = {"account_id": str(account), "handling": "reinvest"}
    put_back = await client.put("/api/v1/income/preferences", json=body)
    assert put_back.status_code == 200, put_back.text
    found = await again(client, report)
    assert (found["is_equal"], by_cause(found)["records"]) == (True, 0)
    assert found["today"]["since"]["is_preferred_otherwise"] is True
    assert found["today"]["since"]["instruments"] == []
    # 16 units are held: 16 more to come in April
    add_event(
        admin_connection, of, "2026-04-10", type="cash_dividend", cash_amount="1", currency="USD",
        pay_date="2026-04-20",
    )  # fmt: skip
    # as the source that tells it has it written
    admin_connection.execute(
        "INSERT INTO price_versions (instrument_id, version, reason, source, earliest,"
        " changed_count) VALUES (%s, 1, 'event_added', 'test', '2026-04-10', 1)",
        (of,),
    )
    found = await again(client, report)
    (data,) = [c for c in found["today"]["causes"] if c["cause"] == "data"]
    moved = {one["pointer"]: (one["before"], one["after"]) for one in data["differences"]}
    assert moved["/projection/declared/gross"] == ("0", "16")
    assert [one["instrument_id"] for one in found["today"]["since"]["instruments"]] == [str(of)]


async def test_income_of_a_part_is_kept_as_its_page_says_it(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection
) -> None:
    of = household[1]
    add_event(
        admin_connection, of, "2026-04-10", type="cash_dividend", cash_amount="1", currency="USD",
        pay_date="2026-04-20",
    )  # fmt: skip
    made, ids = await grown(client, "Half")
    body = {"version": made["version"], "items": [put(of, (ids["Half"], "0.5"))]}
    made = await change(client, "PUT", f"{made['id']}/assignments", body)
    for name, kept_as, value, gross, declared in (
        # of 12.50, and of 1 for each of 16
        ("category_id", "category_ids", ids["Half"], "6.25", "8"),
        ("instrument_id", "instrument_ids", str(of), "12.5", "16"),
        ("asset_class", "asset_classes", "cash", "0", "0"),
    ):
        named = {name: value}
        report = await keep(client, "income", period="Max", **{kept_as: [value]})
        told = json.loads(await said(client, report))
        for part, path in (
            ("received", "income?period=Max&"), ("projection", "income/projection?"),
            ("yields", "income/yields?"),
        ):  # fmt: skip
            page = await get(client, f"{path}{httpx.QueryParams(named)}")
            assert told[part] == page, (named, part)
        assert told["received"]["total"]["gross"] == gross
        assert told["projection"]["declared"]["gross"] == declared
        assert told["received"]["slice"]["is_everything"] is False
        found = await again(client, report)
        assert (found["is_equal"], found["today"]["is_equal"]) == (True, True)
    half = await keep(client, "income", period="Max", category_ids=[ids["Half"]])
    body = {"version": made["version"], "items": [put(of, (ids["Half"], "0.75"))]}
    await change(client, "PUT", f"{made['id']}/assignments", body)
    found = await again(client, half)
    assert (found["is_equal"], by_cause(found)["records"]) == (True, 0)
    assert found["today"]["since"]["reclassified"] == ["Own"]
    (data,) = [c for c in found["today"]["causes"] if c["cause"] == "data"]
    moved = {one["pointer"]: (one["before"], one["after"]) for one in data["differences"]}
    assert moved["/received/total/gross"] == ("6.25", "9.375")


async def test_what_a_taxonomy_puts_in_the_part_a_report_is_of_is_told_as_a_cause(
    client: httpx.AsyncClient, household: Household
) -> None:
    of = household[1]
    made, ids = await sorted_by(client, of)
    core = await keep(client, "holdings", category_ids=[ids["Core"]])
    rest = await keep(client, "nav", unclassified_in=[made["id"]])
    for report in (core, rest):
        today = (await again(client, report))["today"]
        assert (today["is_equal"], today["since"]["reclassified"]) == (True, [])
    body = {"version": made["version"], "items": [put(of, (ids["Core"], "0.75"))]}
    made = await change(client, "PUT", f"{made['id']}/assignments", body)
    for report in (core, rest):
        found = await again(client, report)
        assert (found["is_equal"], by_cause(found)["records"]) == (True, 0)
        assert by_cause(found)["data"] > 0
        since = found["today"]["since"]
        assert (since["reclassified"], since["taxonomy"]) == (["Own"], None)
    # 12 of the 16 units that were all of it
    (told,) = [one for one in (await again(client, core))["today"]["causes"]
               if one["cause"] == "data"]  # fmt: skip
    assert {"pointer": "/items/0/quantity", "before": "16", "after": "12"} in told["differences"]
    gone = await client.delete(
        f"/api/v1/taxonomies/{made['id']}", params={"version": made["version"]}
    )
    assert gone.status_code == 204, gone.text
    for report in (core, rest):
        found = await again(client, report)
        assert (found["is_equal"], found["today"]["reason"]) == (True, "taxonomy_gone")
        assert found["today"]["since"]["record_count"] == 0


async def test_an_instrument_and_a_version_that_cannot_be_asked_about_are_named(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection
) -> None:
    other = add_instrument(admin_connection, prices={})
    report = await keep(client, "nav", instrument_ids=[str(household[1]), str(other)])
    admin_connection.execute("DELETE FROM instruments WHERE id = %s", (other,))
    found = await again(client, report)
    assert (found["is_equal"], found["today"]["reason"]) == (True, "instrument_gone")
    # as it could be asked for before the first version refused parts of accounts
    report = await keep(client, "performance", instrument_ids=[str(household[1])])
    admin_connection.execute(
        "UPDATE reports SET parameters = parameters || %s::jsonb WHERE id = %s",
        ('{"calculation_version": "2026.1"}', report["id"]),
    )
    found = await again(client, report)
    assert (found["is_equal"], found["today"]["reason"]) == (True, "not_of_that_version")
