"""Calculations and their versions, as the database and the API tell them."""

from datetime import UTC, date
from decimal import Decimal
from typing import get_args

import httpx

from tests.builders import add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, cash, get, post
from truenav.core.calculations import CALCULATIONS, CURRENT
from truenav.core.explanation import walk
from truenav.features.performance.wanted import ReturnVersion, Wanted

D = Decimal


def test_the_database_lists_what_the_code_computes(admin_connection: Connection) -> None:
    rows = admin_connection.execute(
        "SELECT name, version, introduced_at, note FROM calculation_versions"
    ).fetchall()
    stored = {
        (name, number, at.astimezone(UTC).date(), note)  # type: ignore[attr-defined]  # an instant
        for name, number, at, note in rows
    }
    assert stored == {
        (known.version.name, known.version.number, known.version.since, known.version.change)
        for one in CALCULATIONS
        for known in one.versions
    }


def test_what_can_be_asked_for_is_what_is_live() -> None:
    (of,) = [one for one in CALCULATIONS if one.name == "twrr"]
    live = [known.version.number for known in of.versions if known.is_live]
    assert sorted(live) == sorted(get_args(ReturnVersion))
    assert Wanted().calculation_version == CURRENT["twrr"]


async def emptied(client: httpx.AsyncClient, connection: Connection, work: Work) -> None:
    """100 paid in, all of it taken out, 200 paid in again and worth 210 by a purchase."""
    account = await create_account(client)
    of = add_instrument(
        connection, prices={date(2026, 2, 5): "20", date(2026, 2, 6): "21", date(2026, 2, 3): "20"}
    )
    await post(
        client,
        a_record(account, "deposit", "2026-02-02", gross=cash("100")),
        a_record(account, "interest", "2026-02-03", gross=cash("10")),
        a_record(account, "withdrawal", "2026-02-03", gross=cash("-110")),
        a_record(account, "deposit", "2026-02-05", gross=cash("200")),
        a_record(account, "buy", "2026-02-05", instrument_id=of, quantity="10", price="20"),
    )
    await work(None)


async def test_the_first_meaning_of_a_return_can_be_asked_for(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    await emptied(client, admin_connection, work)
    span = {"from": "2026-02-02", "to": "2026-02-06"}
    now = await get(client, "performance", **span)
    # 110 / 100 on the day it was emptied, 210 / 200 on the last
    assert now["time_weighted"]["ratio"] == "0.155"
    assert now["time_weighted"]["calculation_version"] == "2026.3"
    assert now["money_weighted"]["calculation_version"] == "2026.2"
    then = await get(client, "performance", **span, calculation_version="2026.1")
    assert then["time_weighted"]["ratio"] is None
    assert then["time_weighted"]["reason"] == "no_capital"
    assert then["conventions"]["broken_on"] == "2026-02-03"
    for part in ("time_weighted", "conventions"):
        assert then[part]["calculation_version"] == "2026.1"
    # +10, -200 and +210 two days apart: 11 % and 1,789 % in two days, a year of which nobody says
    assert then["money_weighted"] == now["money_weighted"]
    assert now["money_weighted"]["status"] == "several_solutions"
    assert now["money_weighted"]["reason"].endswith("more than 100,000,000 %")
    monthly = await get(client, "performance/monthly", **span, calculation_version="2026.1")
    assert monthly["conventions"]["calculation_version"] == "2026.1"


async def test_an_old_version_has_no_new_conventions(client: httpx.AsyncClient) -> None:
    query = {"calculation_version": "2026.1", "gaps": "modified_dietz"}
    answer = await client.get("/api/v1/performance", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_of_that_version")
    answer = await client.get("/api/v1/performance", params={"calculation_version": "2019.1"})
    assert answer.status_code == 422


async def left_with_cents(client: httpx.AsyncClient, work: Work) -> str:
    """1,000 paid in, all but 3 cents taken out, which earn 10; filled up to 1,000, they earn 50."""
    account = await create_account(client)
    await post(
        client,
        a_record(account, "deposit", "2026-02-02", gross=cash("1000")),
        a_record(account, "withdrawal", "2026-02-03", gross=cash("-999.97")),
        a_record(account, "interest", "2026-02-04", gross=cash("0.10")),
        a_record(account, "deposit", "2026-02-05", gross=cash("999.87")),
        a_record(account, "interest", "2026-02-06", gross=cash("50")),
    )
    await work(None)
    return str(account)


async def test_cents_that_earn_cents_are_no_hundreds_of_percent(
    client: httpx.AsyncClient, work: Work
) -> None:
    await left_with_cents(client, work)
    span = {"from": "2026-02-02", "to": "2026-02-06"}
    now = await get(client, "performance", **span)
    assert now["time_weighted"]["ratio"] == "0.05"
    assert now["gain"] == "50.1"
    assert now["max_drawdown"]["ratio"] == "0"
    assert now["conventions"]["sub_periods"] == [
        {"from_date": "2026-02-02", "to_date": "2026-02-03", "method": "flow_at_end"},
        {"from_date": "2026-02-03", "to_date": "2026-02-04", "method": "tiny_capital"},
    ]
    monthly = await get(client, "performance/monthly", **span)
    assert monthly["years"][0]["months"][0]["ratio"] == "0.05"
    then = await get(client, "performance", **span, calculation_version="2026.2")
    # 13 / 3 of 3 cents, and 5 % after that
    assert then["time_weighted"]["ratio"] == "3.55"
    assert then["conventions"]["sub_periods"] == []
    assert then["conventions"]["calculation_version"] == "2026.2"


async def test_parts_of_a_return_add_up_with_a_day_of_cents_between(
    client: httpx.AsyncClient, work: Work
) -> None:
    await left_with_cents(client, work)
    span = {"from": "2026-02-02", "to": "2026-02-06"}
    found = await get(client, "attribution", **span)
    assert (found["total_ratio"], found["residual_ratio"]) == ("0.05", "0")
    (cash_part,) = found["groups"]
    # all it earned in money, and in rates what it earned on the last day
    assert (cash_part["gain"], cash_part["contribution_ratio"]) == ("50.1", "0.05")
    assert cash_part["return_ratio"] == "0.05"
    assert found["calculation_version"] == "2026.2"


async def test_a_day_of_cents_is_explained(client: httpx.AsyncClient, work: Work) -> None:
    await left_with_cents(client, work)
    span = "from=2026-02-02&to=2026-02-06"
    figure, root = await explain(client, f"performance?figure=time_weighted&period=2026-02&{span}")
    (day,) = [one for one in walk(root) if one.label == "2026-02-04"]
    assert (figure, day.value, day.children) == ("1.05", D(1), ())
    assert day.note == "less than one USD was at work, which is too little for a rate"
    for of in ("performance?figure=time_weighted", "attribution?figure=contribution&key=cash:USD"):
        shown, followed = await explain_all(client, f"{of}&{span}")
        assert (shown, followed > 0) == ("0.05", True), of
    _, root = await explain(client, f"attribution?figure=gain&key=cash:USD&{span}")
    assert root.value == D("50.1")


async def test_what_is_unknown_from_the_first_day_to_the_last_says_so(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    account = await create_account(client)
    of = add_instrument(admin_connection, prices={})
    moved = a_record(account, "transfer_in", "2026-02-02", instrument_id=of, quantity="3")
    await post(client, moved)
    await work(None)
    span = {"from": "2026-02-02", "to": "2026-02-04"}
    found = await get(client, "performance", **span)
    told = found["time_weighted"]
    assert (told["ratio"], told["reason"]) == (None, "value_unknown")
    assert found["conventions"]["broken_on"] is None
    then = await get(client, "performance", **span, calculation_version="2026.2")
    assert then["time_weighted"]["reason"] == "no_capital"
    parts = await get(client, "attribution", **span)
    assert parts["reason"] == "value_unknown"
    (unknown,) = parts["unknowns"]
    assert (unknown["reason_code"], unknown["instrument_id"]) == ("price_missing", str(of))
    asked = "figure=time_weighted&from=2026-02-02&to=2026-02-04"
    figure, root = await explain(client, f"performance?{asked}")
    assert (figure, root.unknown_reason) == (None, "value_unknown")
    assert root.label == "The value of 2026-02-02 is not known"
    monthly = await get(client, "performance/monthly", **span)
    assert monthly["years"][0]["whole"]["reason"] == "value_unknown"
    rolling = await get(client, "performance/rolling", window="1")
    assert (rolling["items"] != [], rolling["reason"]) == (True, "value_unknown")
    risk = await get(client, "risk", **span)
    assert risk["max_drawdown"]["reason"] == "value_unknown"
    yearly = next(one for one in risk["metrics"] if one["name"] == "annual_return")
    assert yearly["reason"] == "value_unknown"
