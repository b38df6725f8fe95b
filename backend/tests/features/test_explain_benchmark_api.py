"""A benchmark beside a portfolio says where it comes from: levels, and what each amount became."""

from datetime import date
from uuid import UUID

import httpx
import pytest

from tests.builders import add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, bought, cash, get, post
from tests.features.test_benchmarks_api import SPAN, beside, portfolio, priced

TAIL = "&".join(f"{name}={value}" for name, value in SPAN.items())


async def test_each_figure_is_the_page_s(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    # 1,000 that stand still, 110 paid in on the third day, beside what rose by 10 % twice: bought
    # at 100 and at the close before the deposit, 110, it is (10 + 1) × 121 = 1,331
    account_id = await create_account(client)
    of = priced(admin_connection, "100", "100", "100", "100")
    await post(
        client,
        a_record(account_id, "deposit", "2026-01-30", gross=cash("1000")),
        bought(account_id, of, "2026-01-30", "10", "100"),
        a_record(account_id, "deposit", "2026-02-01", gross=cash("110")),
    )
    await work(None)
    other = priced(admin_connection, "100", "110", "110", "121")
    told = await beside(client, other)
    wanted = {"ratio": "0.21", "same_flows_closing": "1331", "same_flows_difference": "-221"}
    for figure, value in wanted.items():
        path = f"benchmarks?figure={figure}&benchmark={other}&{TAIL}"
        shown, ways = await explain_all(client, path)
        assert told[figure] == shown == value
        assert ways or figure == "ratio"


async def test_the_figures_of_the_comparison_are_the_page_s(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    account_id = await create_account(client)
    # 1,000 that become 1,500 in two years, beside what falls from 120 to 90 and ends at 144
    last = date(2026, 2, 2)
    days = [date(2024, 2, 3), date(2024, 9, 2), date(2025, 1, 2), last]
    of, other = (
        add_instrument(admin_connection, prices=dict(zip(days, closes, strict=True)))
        for closes in (["100", "100", "100", "150"], ["100", "120", "90", "144"])
    )
    await post(
        client,
        a_record(account_id, "deposit", "2024-02-03", gross=cash("1000")),
        bought(account_id, of, "2024-02-03", "10", "100"),
    )
    await work(None)
    span = {"from": days[0].isoformat(), "to": last.isoformat()}
    page = await get(client, "benchmarks/side-by-side", **span, benchmark=str(other))
    (told,) = page["items"]
    assert (page["day_count"], told["excess_ratio"]) == (730, "0.06")
    # 1.44 over 730 days is 1.2 a year; 1.5 is 1.2247448714
    assert (told["annualized_ratio"], told["annualized_excess_ratio"]) == ("0.2", "0.0247448714")
    assert told["max_drawdown"]["ratio"] == "-0.25"
    for figure, value in {
        "annualized_ratio": "0.2", "excess_ratio": "0.06", "max_drawdown": "-0.25",
    }.items():  # fmt: skip
        tail = "&".join(f"{name}={day}" for name, day in span.items())
        shown, _ = await explain_all(client, f"benchmarks?figure={figure}&benchmark={other}&{tail}")
        assert shown == value


async def test_a_benchmark_without_prices(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    await portfolio(client, admin_connection, work)
    other = priced(admin_connection)
    for figure in (
        "ratio", "annualized_ratio", "excess_ratio", "max_drawdown", "same_flows_closing",
        "same_flows_difference",
    ):  # fmt: skip
        path = f"benchmarks?figure={figure}&benchmark={other}&{TAIL}"
        shown, root = await explain(client, path)
        assert shown is None
        assert root.value is None


@pytest.mark.parametrize(("words", "status"), [(f"&benchmark={UUID(int=5)}", 404), ("", 422)])
async def test_no_such_benchmark(client: httpx.AsyncClient, words: str, status: int) -> None:
    answer = await client.get(f"/api/v1/explain/benchmarks?figure=ratio{words}")
    assert answer.status_code == status
