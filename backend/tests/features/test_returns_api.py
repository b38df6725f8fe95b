"""Months, windows, benchmarks, costs and bars of small portfolios, worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx

from tests.builders import add_fx_rate, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, get, paid, post, priced, sold

D = Decimal


def bars(found: dict[str, Any]) -> dict[str, str | None]:
    """The bars that are not zero."""
    return {bar["bar"]: bar["amount"] for bar in found["bars"] if bar["amount"] != "0"}


def adds_up(found: dict[str, Any]) -> bool:
    """Opening + bars = closing, to the last digit of what was answered."""
    total = D(found["opening_nav"]) + sum((D(bar["amount"]) for bar in found["bars"]), D(0))
    return total == D(found["closing_nav"])


async def test_bars_of_a_month_and_the_records_behind_them(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    of = priced(admin_connection, {"2026-02-02": "100", "2026-02-10": "130", "2026-02-20": "120"})
    posted = await post(
        client,
        paid(account_id, "2026-02-02", "2000"),
        bought(account_id, of, "2026-02-02", "10", "100"),
        sold(account_id, of, "2026-02-10", "4", "130", fee=cash("3")),
        a_record(account_id, "dividend", "2026-02-11", instrument_id=of, gross=cash("60"),
                 tax=cash("9")),
        paid(account_id, "2026-02-12", "-250"),
    )  # fmt: skip
    await work(None)
    found = await get(client, "performance/waterfall", **{"from": "2026-02-02", "to": "2026-02-20"})
    # 4 x 30 realized before the fee; 6 x 20 on what is left
    assert bars(found) == {
        "withdrawals": "-250", "realized": "120", "unrealized": "120", "dividends": "60",
        "fees": "-3", "taxes": "-9",
    }  # fmt: skip
    assert (found["opening_nav"], found["closing_nav"]) == ("2000", "2038")
    assert found["price_result"] == "240"
    assert adds_up(found)
    behind = {bar["bar"]: [r["transaction_id"] for r in bar["records"]] for bar in found["bars"]}
    assert behind["realized"] == behind["fees"] == [posted[2]["id"]]
    assert behind["dividends"] == behind["taxes"] == [posted[3]["id"]]
    assert behind["withdrawals"] == [posted[4]["id"]]
    assert behind["unrealized"] == []


async def test_rates_stand_in_a_bar_of_their_own(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client, base_currency="EUR")
    for day, rate in (("2026-02-02", "20"), ("2026-02-03", "16")):
        add_fx_rate(admin_connection, "MXN", date.fromisoformat(day), rate)
    of = priced(admin_connection, {"2026-02-02": "100", "2026-02-03": "110"}, "MXN")
    await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", gross=cash("1000", "MXN"), currency="MXN"),
        a_record(account_id, "buy", "2026-02-02", instrument_id=of, quantity="10", price="100",
                 currency="MXN", gross=cash("-1000", "MXN")),
    )  # fmt: skip
    await work(None)
    found = await get(
        client, "performance/waterfall", account_id=str(account_id),
        **{"from": "2026-02-02", "to": "2026-02-03"},
    )  # fmt: skip
    # 1,000 pesos were 50 euro and became 62.50; the 100 gained count at 16
    assert (found["opening_nav"], found["closing_nav"]) == ("50", "68.75")
    assert bars(found) == {"unrealized": "6.25", "fx": "12.5"}
    assert adds_up(found)


async def test_a_missing_price_hides_the_bars_that_need_it_and_says_so(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    of = priced(admin_connection, {})
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        bought(account_id, of, "2026-02-03", "1", "90"),
        paid(account_id, "2026-02-04", "5"),
    )
    await work(None)
    found = await get(client, "performance/waterfall")
    assert bars(found) == {"deposits": "5", "unrealized": None, "fx": None}
    assert (found["closing_nav"], found["reason"]) == (None, "value_unknown")
    assert [u["reason_code"] for u in found["unknowns"]] == ["price_missing"]


async def test_an_empty_portfolio_has_no_bars(client: httpx.AsyncClient) -> None:
    await create_account(client)
    assert (await get(client, "performance/waterfall"))["reason"] == "no_capital"
    assert (await get(client, "performance/monthly"))["years"] == []
    rolling = await get(client, "performance/rolling")
    assert (rolling["items"], rolling["reason"]) == ([], "span_shorter_than_window")


async def test_months_and_years_link_to_the_whole(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    of = priced(
        admin_connection,
        {"2025-11-28": "100", "2025-12-15": "110", "2026-01-15": "99", "2026-02-16": "108.9"},
    )
    await post(
        client,
        paid(account_id, "2025-11-28", "1000"),
        bought(account_id, of, "2025-11-28", "10", "100"),
        paid(account_id, "2026-01-16", "990"),
        bought(account_id, of, "2026-01-16", "10", "99"),
    )
    await work(None)
    found = await get(client, "performance/monthly", to="2026-02-20")
    told = {
        (year["year"], month["month"]): (month["ratio"], month["is_partial"])
        for year in found["years"]
        for month in year["months"]
    }
    # +10 % in December, -10 % in January whatever was paid in, +10 % in February
    assert told == {
        (2025, 11): ("0", True), (2025, 12): ("0.1", False),
        (2026, 1): ("-0.1", False), (2026, 2): ("0.1", True),
    }  # fmt: skip
    assert [year["whole"]["ratio"] for year in found["years"]] == ["-0.01", "0.1"]
    assert found["total"]["ratio"] == "0.089"
    # a filter that leaves everything in is no filter
    for path in ("performance", "performance/monthly", "performance/waterfall"):
        whole = await get(client, path)
        of_one = await get(client, path, account_id=str(account_id))
        assert of_one.pop("slice")["account_ids"] == [str(account_id)]
        assert whole.pop("slice")["account_ids"] == []
        assert of_one == whole, path


async def test_rolling_windows(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    of = priced(admin_connection, {"2026-01-05": "100", "2026-02-05": "120", "2026-03-05": "90"})
    await post(
        client,
        paid(account_id, "2026-01-05", "1000"),
        bought(account_id, of, "2026-01-05", "10", "100"),
    )
    await work(None)
    found = await get(client, "performance/rolling", window="1")
    by_day = {item["as_of"]: item["ratio"] for item in found["items"]}
    assert by_day["2026-02-05"] == "0.2"
    assert by_day["2026-03-05"] == "-0.25"
    assert min(by_day) == "2026-02-05"
    assert (found["lowest_ratio"], found["highest_ratio"]) == ("-0.25", "0.2")
    assert found["observation_count"] == len(by_day) == 29
    # windows that end within a span may begin before it
    late = await get(client, "performance/rolling", window="1", **{"from": "2026-03-05"})
    assert [item["ratio"] for item in late["items"]] == ["-0.25"]


async def test_a_benchmark_over_the_same_days_and_the_same_money_in_it(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    of = priced(admin_connection, {"2026-02-02": "100", "2026-02-03": "110", "2026-02-04": "121"})
    other = priced(admin_connection, {"2026-02-02": "50", "2026-02-03": "50", "2026-02-04": "60"})
    # 2 a unit on the 4th: 60 + 2 of 50 less 2 is 25 % with its dividend, 20 % without
    admin_connection.execute(
        "INSERT INTO corporate_actions (id, instrument_id, type, ex_date, cash_amount, currency,"
        " source) VALUES (gen_random_uuid(), %s, 'cash_dividend', '2026-02-04', 2, 'USD', 'test')",
        (other,),
    )
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        bought(account_id, of, "2026-02-02", "10", "100"),
        paid(account_id, "2026-02-04", "480"),
    )
    await work(None)
    span = {"from": "2026-02-02", "to": "2026-02-04"}
    found = await get(client, "performance", **span, benchmark=str(other))
    beside = found["benchmark"]
    assert (beside["basis"], beside["ratio"]) == ("total", "0.25")
    assert [item["benchmark_ratio"] for item in found["items"]] == ["0", "0", "0.25"]
    # 1,000 and the 480 of the 4th, from its start, in the benchmark: 1,480 x 1.25
    assert beside["same_flows_closing"] == "1850"
    assert beside["same_flows_difference"] == "-160"  # 1,210 + 480 less 1,850
    assert (await get(client, "performance", **span))["benchmark"] is None

    none = priced(admin_connection, {})
    without = (await get(client, "performance", **span, benchmark=str(none)))["benchmark"]
    assert (without["ratio"], without["reason"]) == (None, "price_missing")
    assert without["same_flows_reason"] == "price_missing"


async def test_fees_and_taxes_are_added_back_when_asked(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    of = priced(admin_connection, {"2026-02-02": "100"})
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        a_record(account_id, "fee", "2026-02-03", gross=cash("-100")),
        a_record(account_id, "dividend", "2026-02-04", instrument_id=of, gross=cash("180"),
                 tax=cash("90")),
    )  # fmt: skip
    await work(None)
    span = {"from": "2026-02-02", "to": "2026-02-04"}
    told = {}
    for fees in ("net", "gross"):
        for taxes in ("net", "gross"):
            found = await get(client, "performance", **span, fees=fees, taxes=taxes)
            told[fees, taxes] = found["time_weighted"]["ratio"]
            assert found["conventions"]["fees"] == fees
    # 0.9 or 1 on the first day, x 990/900 or 1,080/900 on the second
    assert told == {
        ("net", "net"): "-0.01", ("gross", "net"): "0.1",
        ("net", "gross"): "0.08", ("gross", "gross"): "0.2",
    }  # fmt: skip


async def test_a_gap_is_bridged_by_modified_dietz_when_asked_and_said_so(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    of = priced(admin_connection, {"2026-02-04": "110"})
    await post(
        client,
        paid(account_id, "2026-02-02", "100"),
        bought(account_id, of, "2026-02-03", "1", "100"),  # without a price before the 4th
        paid(account_id, "2026-02-03", "100"),
    )
    await work(None)
    span = {"from": "2026-02-02", "to": "2026-02-04"}
    broken = await get(client, "performance", **span)
    assert broken["time_weighted"]["reason"] == "value_unknown"
    bridged = await get(client, "performance", **span, gaps="modified_dietz")
    # (210 - 100 - 100) / (100 + 100 x 2/2)
    assert bridged["time_weighted"]["ratio"] == "0.05"
    assert bridged["conventions"]["sub_periods"] == [
        {"from_date": "2026-02-02", "to_date": "2026-02-04", "method": "modified_dietz"}
    ]


async def test_accounts_that_join_and_empty_do_not_move_the_return(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    first, second = await create_account(client), await create_account(client)
    of = priced(admin_connection, {"2026-02-02": "100", "2026-02-03": "110", "2026-02-06": "110"})
    await post(
        client,
        paid(first, "2026-02-02", "1000"),
        bought(first, of, "2026-02-02", "10", "100"),
        paid(second, "2026-02-05", "5000"),
        paid(second, "2026-02-06", "-5000"),
        sold(first, of, "2026-02-09", "10", "121"),
        paid(first, "2026-02-09", "-1210"),
    )
    await work(None)
    joined = await get(client, "performance", **{"from": "2026-02-02", "to": "2026-02-06"})
    assert joined["time_weighted"]["ratio"] == "0.1"
    emptied = await get(client, "performance")
    # sold at 121 on the day it was withdrawn, and flat since
    assert emptied["time_weighted"]["ratio"] == "0.21"
    assert [part["method"] for part in emptied["conventions"]["sub_periods"]] == ["flow_at_end"]
    assert emptied["items"][-1]["return_ratio"] == "0.21"


async def test_a_period_ends_where_it_is_asked_to(client: httpx.AsyncClient, work: Work) -> None:
    account_id = await create_account(client)
    await post(client, paid(account_id, "2024-01-15", "1000"))
    await work(None)
    starts = {
        period: (await get(client, "performance", period=period, to="2026-03-01"))["from_date"]
        for period in ("1M", "3M", "YTD", "1Y", "Max")
    }
    assert starts == {
        "1M": "2026-02-01", "3M": "2025-12-01", "YTD": "2025-12-31", "1Y": "2025-03-01",
        "Max": "2024-01-15",
    }  # fmt: skip
