"""Calculations and their versions, as the database and the API tell them."""

from datetime import UTC, date
from typing import get_args

import httpx

from tests.builders import add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, cash, get, post
from truenav.core.calculations import CALCULATIONS, CURRENT
from truenav.features.performance.wanted import ReturnVersion, Wanted


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


async def test_both_meanings_of_a_return_can_be_asked_for(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    await emptied(client, admin_connection, work)
    span = {"from": "2026-02-02", "to": "2026-02-06"}
    now = await get(client, "performance", **span)
    # 110 / 100 on the day it was emptied, 210 / 200 on the last
    assert now["time_weighted"]["ratio"] == "0.155"
    assert now["time_weighted"]["calculation_version"] == "2026.2"
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
