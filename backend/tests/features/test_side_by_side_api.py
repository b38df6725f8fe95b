"""Every benchmark beside a portfolio: the same days, the same money, what was made of them."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import a_key, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, get, post
from tests.features.test_benchmarks_api import SPAN, priced

PATH = "benchmarks/side-by-side"


async def portfolio(client: httpx.AsyncClient, connection: Connection, work: Work) -> UUID:
    """1,000 in something that goes to 1,100, 990 and 1,210; its account."""
    account_id = await create_account(client)
    of = priced(connection, "100", "110", "99", "121")
    await post(
        client,
        a_record(account_id, "deposit", "2026-01-30", gross=cash("1000")),
        bought(account_id, of, "2026-01-30", "10", "100"),
    )
    await work(None)
    return account_id


async def side_by_side(
    client: httpx.AsyncClient, benchmarks: list[UUID], **asked: str
) -> dict[str, Any]:
    answer = await client.get(
        f"/api/v1/{PATH}", params={**asked, "benchmark": [str(of) for of in benchmarks]}
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_each_benchmark_over_the_same_days(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    await portfolio(client, admin_connection, work)
    better = priced(admin_connection, "50", "55", "60", "65")
    dips = priced(admin_connection, "100", "80", "90", "100")
    told = await side_by_side(client, [better, dips, better], **SPAN)

    assert (told["closing_nav"], told["day_count"]) == ("1210", 3)
    assert told["time_weighted"]["ratio"] == "0.21"
    assert told["max_drawdown"] == {
        "ratio": "-0.1", "peak_date": "2026-01-31", "trough_date": "2026-02-01",
        "recovery_date": "2026-02-02",
    }  # fmt: skip
    assert (told["conventions"]["flow_timing"], told["calculation_version"]) == (
        "start_of_day",
        "2026.1",
    )
    first, second = told["items"]
    # 1,000 in it would be 1,300: 90 more than there is
    assert (first["benchmark_id"], first["ratio"], first["excess_ratio"]) == (
        str(better), "0.3", "-0.09",
    )  # fmt: skip
    assert (first["same_flows_closing"], first["same_flows_difference"]) == ("1300", "-90")
    assert (first["origin"], first["basis"]) == ("instrument", "total")
    assert first["max_drawdown"]["ratio"] == "0"
    assert (first["annualized_ratio"], first["annualized_excess_ratio"]) == (None, None)
    assert (second["ratio"], second["excess_ratio"]) == ("0", "0.21")
    assert second["max_drawdown"] == {
        "ratio": "-0.2", "peak_date": "2026-01-30", "trough_date": "2026-01-31",
        "recovery_date": "2026-02-02",
    }  # fmt: skip


async def test_what_is_not_known_says_why_and_hides_no_other(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    await portfolio(client, admin_connection, work)
    known = priced(admin_connection, "10", "10", "10", "11")
    unknown = priced(admin_connection)
    told = await side_by_side(client, [unknown, known], **SPAN)
    first, second = told["items"]
    assert (first["ratio"], first["excess_ratio"], first["reason"]) == (None, None, "price_missing")
    assert first["max_drawdown"]["ratio"] is None
    assert (second["ratio"], second["reason"]) == ("0.1", None)


@pytest.mark.parametrize(
    "conventions", [{}, {"flow_timing": "end_of_day"}, {"benchmark_basis": "price"}]
)
async def test_it_is_what_the_page_of_returns_says_of_each(
    client: httpx.AsyncClient,
    work: Work,
    admin_connection: Connection,
    conventions: dict[str, str],
) -> None:
    account_id = await portfolio(client, admin_connection, work)
    await post(client, a_record(account_id, "deposit", "2026-02-01", gross=cash("250")))
    await work(None)
    others = [
        priced(admin_connection, "50", "55", "60", "65"),
        priced(admin_connection, "8", "6", "7", "9"),
    ]
    for part in (
        {},
        {"account_id": str(account_id)},
        {"asset_class": "equity"},
        {"asset_class": "bond"},
    ):
        asked = {**SPAN, **conventions, **part}
        told = await side_by_side(client, others, **asked)
        for of, item in zip(others, told["items"], strict=True):
            page = await get(client, "performance", **asked, benchmark=str(of))
            assert {name: item[name] for name in page["benchmark"]} == page["benchmark"]
            for name in ("time_weighted", "money_weighted", "max_drawdown", "closing_nav", "slice"):
                assert told[name] == page[name]


async def test_without_a_name_it_is_all_there_are_to_choose_from(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    await portfolio(client, admin_connection, work)
    of = priced(admin_connection, "10", "20", "20", "40")
    body = {"name": "Mine", "parts": [{"instrument_id": str(of), "weight_ratio": "1"}]}
    answer = await client.post("/api/v1/benchmarks", json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    told = await side_by_side(client, [], **SPAN)
    listed = (await get(client, "benchmarks"))["items"]
    assert [item["benchmark_id"] for item in told["items"]] == [item["id"] for item in listed]
    (mine,) = (item for item in told["items"] if item["origin"] == "own")
    assert (mine["name"], mine["ratio"], mine["excess_ratio"]) == ("Mine", "3", "-2.79")


async def test_an_empty_portfolio_has_nothing_beside_it(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    told = await side_by_side(client, [priced(admin_connection, "1", "1", "1", "1")], **SPAN)
    assert (told["from_date"], told["time_weighted"]["reason"]) == (None, "no_capital")
    assert told["items"][0]["ratio"] is None


async def test_what_cannot_be_is_refused(client: httpx.AsyncClient) -> None:
    unknown = await client.get(f"/api/v1/{PATH}", params={"benchmark": str(uuid4())})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    many = await client.get(f"/api/v1/{PATH}", params={"benchmark": [str(uuid4())] * 51})
    assert many.status_code == 422
    assert many.json()["errors"][0]["pointer"] == "/query/benchmark"
