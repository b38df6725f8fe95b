"""A report beside the same question today: records, prices, accounts, benchmarks, versions."""

import json
from datetime import date, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import Member, a_key, add_instrument, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, get, post, reverse, sold
from tests.features.reporting import (
    KINDS,
    Household,
    again,
    by_cause,
    keep,
    reported,
    said,
)
from truenav.platform.clock import FakeClock


@pytest.fixture
async def household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    """What reports are of."""
    return await reported(client, admin_connection, work)


async def rebuilt(connection: Connection, work: Work, account: UUID) -> None:
    """Snapshots follow from the prices that stand there now."""
    connection.execute(
        "INSERT INTO outbox (tenant_id, id, topic, payload)"
        " SELECT tenant_id, %s, 'valuation.market_changed', jsonb_build_object("
        "  'account_id', id::text, 'earliest', '2026-01-01') FROM accounts WHERE id = %s",
        (uuid4(), account),
    )
    await work(None)


async def test_a_late_record_is_told_as_such(
    client: httpx.AsyncClient, household: Household, work: Work
) -> None:
    account, of, records = household
    reports = {kind: await keep(client, kind) for kind in KINDS}
    bodies = {kind: await said(client, report) for kind, report in reports.items()}
    posted = await post(client, bought(account, of, "2026-01-20", "3", "56"))
    assert (await reverse(client, records[3])).status_code == 201
    await work(None)
    for kind, report in reports.items():
        found = await again(client, report)
        assert found["is_equal"] is True, kind
        counts = by_cause(found)
        assert (counts["data"], counts["calculation"]) == (0, 0), kind
        # few returns: every figure of risk is unknown, and stays so, but the linked days differ
        assert counts["records"] > 0, kind
        since = found["today"]["since"]
        assert since["record_count"] == 2
        assert posted[0]["id"] in {one["transaction_id"] for one in since["records"]}
        assert {one["kind"] for one in since["records"]} == {"buy", "reversal"}
        assert await said(client, report) == bodies[kind]
    performance = await again(client, reports["performance"])
    (told,) = [c for c in performance["today"]["causes"] if c["cause"] == "records"]
    # figures stand before the days of the chart: 12 more on 3 units, 12.50 less of the dividend
    assert told["differences"][0] == {
        "pointer": "/closing_nav",
        "before": "2192.5",
        "after": "2192",
    }
    holdings = await again(client, reports["holdings"])
    (told,) = [c for c in holdings["today"]["causes"] if c["cause"] == "records"]
    # 16 units became 19
    assert {"pointer": "/items/0/quantity", "before": "16", "after": "19"} in told["differences"]


async def test_a_restated_price_is_told_as_such(
    client: httpx.AsyncClient, household: Household, work: Work, admin_connection: Connection
) -> None:
    account, of, _ = household
    reports = {kind: await keep(client, kind) for kind in ("performance", "holdings", "waterfall")}
    admin_connection.execute(
        "UPDATE prices SET close = 61 WHERE instrument_id = %s AND price_date = '2026-02-10'",
        (of,),
    )
    await rebuilt(admin_connection, work, account)
    for kind, report in reports.items():
        found = await again(client, report)
        assert found["is_equal"] is True, kind
        counts = by_cause(found)
        assert (counts["records"], counts["calculation"]) == (0, 0), kind
        assert counts["data"] > 0, kind
        (changed,) = found["today"]["since"]["instruments"]
        assert changed["instrument_id"] == str(of)
    # 16 x 61 instead of 16 x 60
    (told,) = [c for c in (await again(client, reports["holdings"]))["today"]["causes"]
               if c["cause"] == "data"]  # fmt: skip
    assert {"pointer": "/total_market_value", "before": "960", "after": "976"} in told[
        "differences"
    ]


async def test_another_meaning_of_a_return_is_told_as_such(
    client: httpx.AsyncClient, household: Household, work: Work
) -> None:
    account, of, _ = household
    await post(
        client,
        sold(account, of, "2026-02-11", "16", "60"),
        # 2000 - 1000 + 220 + 12.50 + 960: all of it
        a_record(account, "withdrawal", "2026-02-12", gross=cash("-2192.50")),
        a_record(account, "interest", "2026-02-12", gross=cash("1")),
    )
    await work(None)
    report = await keep(client, "performance", calculation_version="2026.1")
    used = {one["name"]: one for one in report["calculations"]}
    assert (used["twrr"]["version"], used["twrr"]["current_version"]) == ("2026.1", "2026.3")
    found = await again(client, report)
    assert found["is_equal"] is True
    counts = by_cause(found)
    assert (counts["data"], counts["records"]) == (0, 0)
    (told,) = [c for c in found["today"]["causes"] if c["cause"] == "calculation"]
    pointers = {one["pointer"]: one for one in told["differences"]}
    assert pointers["/conventions/broken_on"]["before"] == "2026-02-12"
    assert pointers["/conventions/broken_on"]["after"] is None
    assert [one["name"] for one in found["today"]["since"]["calculations"]] == ["twrr"]


async def test_a_report_of_an_earlier_day_is_asked_about_that_day(
    client: httpx.AsyncClient,
    household: Household,
    work: Work,
    clock: FakeClock,
    member: Member,
    make_client: ClientMaker,
) -> None:
    account, of, _ = household
    reports = {kind: await keep(client, kind) for kind in KINDS}
    clock.advance(timedelta(days=30))
    later = make_client(member)
    # of a day after the reports: none of theirs
    await post(later, bought(account, of, "2026-03-20", "1", "60"))
    await work(None)
    for kind, report in reports.items():
        found = await again(later, report)
        assert found["is_equal"] is True, kind
        assert by_cause(found) == {"data": 0, "records": 0, "calculation": 0}, kind
        assert found["today"]["since"]["record_count"] == 1


async def test_what_a_blend_is_made_of_stands_in_the_fingerprint(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection
) -> None:
    _, of, _ = household
    others = [add_instrument(admin_connection, prices={date(2026, 1, 5): "10"}) for _ in range(2)]
    weights = [
        {"instrument_id": str(other), "basis": "price", "weight_ratio": "0.5"} for other in others
    ]
    blend = {"name": "Half and half", "rebalancing": "monthly", "spread_ratio": "0"}
    path = "/api/v1/benchmarks"
    made = await client.post(path, json={**blend, "parts": weights}, headers=a_key())
    assert made.status_code == 201, made.text
    report = await keep(client, "performance", benchmark=made.json()["id"])
    detail = await get(client, f"reports/{report['id']}")
    named = {one["instrument_id"] for one in detail["fingerprint"]["instruments"]}
    assert named == {str(one) for one in (of, *others)}
    admin_connection.execute(
        "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
        " VALUES (%s, '2026-01-06', 'test', 11, 'USD')",
        (others[0],),
    )
    since = (await again(client, report))["today"]["since"]
    assert [one["instrument_id"] for one in since["instruments"]] == [str(others[0])]
    assert since["benchmark"] is None
    weights[0]["weight_ratio"], weights[1]["weight_ratio"] = "0.4", "0.6"
    body = {**blend, "version": 1, "parts": weights}
    changed = await client.put(f"{path}/{made.json()['id']}", json=body)
    assert changed.status_code == 200, changed.text
    assert (await again(client, report))["today"]["since"]["benchmark"] == "Half and half"
    gone = await client.delete(f"{path}/{made.json()['id']}", params={"version": 2})
    assert gone.status_code == 204
    today = (await again(client, report))["today"]
    assert (today["reason"], today["since"]["record_count"]) == ("benchmark_gone", 0)


async def test_accounts_that_came_and_went_are_told(
    client: httpx.AsyncClient, household: Household
) -> None:
    account, _, _ = household
    going = await create_account(client, name="Going")
    report = await keep(client, "waterfall")
    assert (await client.delete(f"/api/v1/accounts/{going}")).status_code == 204
    coming = await create_account(client, name="Coming")
    since = (await again(client, report))["today"]["since"]
    assert (since["joined_accounts"], since["left_accounts"]) == (["Coming"], ["Going"])
    of_two = await keep(client, "waterfall", account_ids=[str(account), str(coming)])
    page = await client.get(
        "/api/v1/performance/waterfall", params={"account_id": [str(account), str(coming)]}
    )
    assert json.loads(await said(client, of_two)) == page.json()
    told = (await again(client, of_two))["today"]["since"]
    assert (told["joined_accounts"], told["left_accounts"]) == ([], [])


async def test_an_account_that_is_gone_leaves_what_was_said(client: httpx.AsyncClient) -> None:
    account = await create_account(client)
    report = await keep(client, "nav", account_id=str(account))
    assert (await client.delete(f"/api/v1/accounts/{account}")).status_code == 204
    found = await again(client, report)
    assert (found["is_equal"], found["today"]["reason"]) == (True, "account_gone")
