"""Returns of small portfolios, against published examples and figures worked out by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.importing import problem
from tests.features.ledgering import a_record, bought, cash, get, paid, post


def day(text: str) -> date:
    """A day of 2026, by month and day."""
    return date.fromisoformat(f"2026-{text}")


def priced(connection: Connection, prices: Mapping[str, str]) -> UUID:
    """An instrument with its closes of 2026."""
    return add_instrument(connection, prices={day(when): close for when, close in prices.items()})


async def returns(client: httpx.AsyncClient, **query: str) -> Any:
    """What the page of returns says."""
    return await get(client, "performance", **query)


def ratio(of: dict[str, Any], places: int = 10) -> str | None:
    """A ratio as text, rounded."""
    return None if of["ratio"] is None else f"{float(of['ratio']):.{places}f}"


async def test_the_published_example_of_flow_timing(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    # 1,000, then 500 paid in, then 1,650 at the close: 10 % when the flow is there from the start
    # of its day, 15 % when it comes at the end (Bacon 2008; GIPS 2020)
    account_id = await create_account(client)
    of = priced(admin_connection, {"02-02": "100", "02-03": "110"})
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        bought(account_id, of, "2026-02-02", "10", "100"),
        paid(account_id, "2026-02-03", "500"),
        bought(account_id, of, "2026-02-03", "5", "100"),
    )
    await work(None)
    span = {"from": "2026-02-02", "to": "2026-02-03"}
    start = await returns(client, **span)
    end = await returns(client, **span, flow_timing="end_of_day")

    assert (start["flow_timing"], end["flow_timing"]) == ("start_of_day", "end_of_day")
    assert (start["time_weighted"]["ratio"], end["time_weighted"]["ratio"]) == ("0.1", "0.15")
    # of one day both kinds of return are the same, with the same timing
    assert (ratio(start["money_weighted"]), ratio(end["money_weighted"])) == (
        "0.1000000000", "0.1500000000",
    )  # fmt: skip
    assert [start[name] for name in ("opening_nav", "closing_nav", "net_flows", "gain")] == [
        "1000", "1650", "500", "150",
    ]  # fmt: skip
    assert start["day_count"] == 1
    assert start["time_weighted"]["annualized_ratio"] is None  # only from a year up


async def test_the_dated_example_of_a_money_weighted_return(
    client: httpx.AsyncClient, work: Work
) -> None:
    # -10,000 on 2025-01-01, -5,000 on 04-01, +2,000 on 10-01, +14,500 on 2026-01-01: 11.3355039 %
    account_id = await create_account(client)
    await post(
        client,
        paid(account_id, "2025-01-01", "10000"),
        paid(account_id, "2025-04-01", "5000"),
        paid(account_id, "2025-10-01", "-2000"),
        a_record(account_id, "interest", "2026-01-01", gross=cash("1500")),
    )
    await work(None)
    found = await returns(
        client, **{"from": "2025-01-01", "to": "2026-01-01"}, flow_timing="end_of_day"
    )

    assert (found["day_count"], found["closing_nav"], found["gain"]) == (365, "14500", "1500")
    money = found["money_weighted"]
    assert (money["status"], money["reason"]) == ("ok", None)
    assert f"{float(money['annualized_ratio']):.9f}" == "0.113355039"
    # nothing was earned before the last day, on 13,000: 1500 / 13000, of exactly one year
    assert found["time_weighted"]["ratio"] == "0.1153846154"
    assert found["time_weighted"]["annualized_ratio"] == "0.1153846154"


async def test_time_weighted_returns_are_linked_over_flows(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    # +10 %, then -20 %, then +25 % on whatever is there: 1.1 × 0.8 × 1.25 = 1.1
    account_id = await create_account(client)
    of = priced(admin_connection, {"02-02": "100", "02-03": "110", "02-04": "88", "02-05": "110"})
    await post(
        client,
        paid(account_id, "2026-02-02", "100"),
        bought(account_id, of, "2026-02-02", "1", "100"),
        paid(account_id, "2026-02-04", "990"),
        bought(account_id, of, "2026-02-04", "9", "110"),  # at the close before
    )
    await work(None)
    found = await returns(client, **{"from": "2026-02-02", "to": "2026-02-05"})

    assert found["time_weighted"]["ratio"] == "0.1"
    assert [item["return_ratio"] for item in found["items"]] == ["0", "0.1", "-0.12", "0.1"]
    # 10 × 110 = 1100 of which 990 were paid in at the end of 3 February: nothing was won by more
    # money, so the two differ: 100 (1 + r)³ + 990 (1 + r)² = 1100 for a day's r
    daily = (1 + float(found["money_weighted"]["ratio"])) ** (1 / 3)
    assert abs(100 * daily**3 + 990 * daily**2 - 1100) < 1e-6


async def test_the_worst_fall_and_when_it_was_made_good(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    closes = ["100", "120", "90", "96", "125"]
    account_id = await create_account(client)
    of = priced(
        admin_connection, {f"02-{number:02}": close for number, close in enumerate(closes, 2)}
    )
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        bought(account_id, of, "2026-02-02", "10", "100"),
    )
    await work(None)

    whole = await returns(client)
    cut = await returns(client, to="2026-02-05")

    # 90 / 120 - 1, from the second day to the third
    assert whole["max_drawdown"] == {
        "ratio": "-0.25", "peak_date": "2026-02-03", "trough_date": "2026-02-04",
        "recovery_date": "2026-02-06",
    }  # fmt: skip
    assert cut["max_drawdown"]["recovery_date"] is None
    assert [item["drawdown_ratio"] for item in cut["items"]] == ["0", "0", "-0.25", "-0.2"]


async def test_a_withdrawal_is_no_drawdown(client: httpx.AsyncClient, work: Work) -> None:
    account_id = await create_account(client)
    await post(
        client, paid(account_id, "2026-02-02", "1000"), paid(account_id, "2026-02-04", "-900")
    )
    await work(None)
    found = await returns(client)
    assert (found["max_drawdown"]["ratio"], found["time_weighted"]["ratio"]) == ("0", "0")
    assert found["gain"] == "0"


@pytest.mark.parametrize(
    ("query", "first", "last", "figures"),
    [
        # opening NAV, closing NAV, paid in between; a flow of the first day is in its NAV
        ({"from": "2026-02-03"}, "2026-02-03", "2026-03-05", ("1500", "1650", "0")),
        ({"to": "2026-02-03"}, "2026-02-02", "2026-02-03", ("1000", "1500", "500")),
        ({"from": "2026-02-02", "to": "2026-02-02"}, "2026-02-02", "2026-02-02",
         ("1000", "1000", "0")),
        # before there was anything, and after today
        ({"from": "2020-01-01", "to": "2030-01-01"}, "2026-02-02", "2026-03-05",
         ("1000", "1650", "500")),
    ],
)  # fmt: skip
async def test_a_span_begins_and_ends_where_one_says(
    client: httpx.AsyncClient,
    work: Work,
    query: dict[str, str],
    first: str,
    last: str,
    figures: Sequence[str],
) -> None:
    account_id = await create_account(client)
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        paid(account_id, "2026-02-03", "500"),
        a_record(account_id, "interest", "2026-02-04", gross=cash("150")),
    )
    await work(None)
    found = await returns(client, **query)

    assert (found["from_date"], found["to_date"]) == (first, last)
    assert [found[name] for name in ("opening_nav", "closing_nav", "net_flows")] == list(figures)


@pytest.mark.parametrize(
    "query",
    [{"to": "2026-02-01"}, {"from": "2026-03-06"}],
    ids=str,
)
async def test_a_span_without_a_day_has_no_return_and_says_why(
    client: httpx.AsyncClient, work: Work, query: dict[str, str]
) -> None:
    account_id = await create_account(client)
    await post(client, paid(account_id, "2026-02-02", "1000"))
    await work(None)
    found = await returns(client, **query)

    assert (found["from_date"], found["items"], found["day_count"]) == (None, [], 0)
    for kind in ("time_weighted", "money_weighted"):
        assert (found[kind]["ratio"], found[kind]["status"], found[kind]["reason"]) == (
            None, "unknown", "no_capital",
        )  # fmt: skip


async def test_a_span_that_ends_before_it_begins_is_refused(client: httpx.AsyncClient) -> None:
    query = {"from": "2026-02-20", "to": "2026-02-10"}
    answer = await client.get("/api/v1/performance", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_fields")
    assert answer.json()["errors"] == [
        {"pointer": "/query/to", "detail": "a span cannot end before it begins"}
    ]


async def test_a_flow_that_meets_an_unknown_value_breaks_the_return(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    of = priced(admin_connection, {"02-05": "100"})
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        bought(account_id, of, "2026-02-03", "1", "90"),  # its price is not known before the 5th
        paid(account_id, "2026-02-04", "1"),
    )
    await work(None)
    broken = await returns(client)
    after = await returns(client, **{"from": "2026-02-05"})

    assert (broken["time_weighted"]["ratio"], broken["time_weighted"]["reason"]) == (
        None, "value_unknown",
    )  # fmt: skip
    assert after["time_weighted"]["ratio"] == "0"


async def test_a_gap_without_a_flow_is_bridged(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    of = priced(admin_connection, {"02-05": "190"})
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        bought(account_id, of, "2026-02-03", "1", "90"),
    )
    await work(None)
    found = await returns(client, to="2026-02-05")

    assert [item["return_ratio"] for item in found["items"]] == ["0", None, None, "0.1"]
    assert found["time_weighted"]["ratio"] == "0.1"  # 910 + 190 of 1000


async def test_money_that_is_gone_has_no_rate(client: httpx.AsyncClient, work: Work) -> None:
    account_id = await create_account(client)
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        a_record(account_id, "fee", "2026-02-04", fee=cash("1000")),
    )
    await work(None)
    found = await returns(client)

    assert found["time_weighted"]["ratio"] == "-1"
    money = found["money_weighted"]
    assert (money["ratio"], money["status"]) == (None, "no_solution")
    assert money["reason"] == "no rate makes these flows add up"


@pytest.mark.parametrize(
    "query", [{"flow_timing": "noon"}, {"from": "1.2.2026"}, {"max_points": "2"}], ids=str
)
async def test_what_no_span_can_be_is_refused(
    client: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await client.get("/api/v1/performance", params=query)
    assert problem(answer) == (422, "invalid_request")
    assert answer.json()["errors"][0]["pointer"] == f"/query/{next(iter(query))}"
