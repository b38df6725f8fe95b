"""Risk of small portfolios whose figures can be worked out by hand."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import add_fx_rate, add_instrument, create_account
from tests.conftest import Connection
from tests.features.acting import own
from tests.features.conftest import Work
from tests.features.importing import problem
from tests.features.ledgering import a_record, bought, cash, get, paid, post, sold
from truenav.core.money import exact
from truenav.core.performance.twrr import return_index
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.features.risk.figures import decimal_of
from truenav.features.risk.portfolio import returns_on

D = Decimal
FIRST = date(2024, 12, 2)
UP, DOWN = D("0.01"), D("-0.01")


def weekdays(count: int) -> list[date]:
    """From a Monday on."""
    days = (FIRST + timedelta(n) for n in range(count * 2))
    return [day for day in days if day.weekday() < 5][:count]


@exact
def walk(steps: Sequence[Decimal]) -> dict[date, str]:
    """Closes from 100 on that move by these returns, a weekday each."""
    level, closes = D(100), [D(100)]
    for step in steps:
        level *= 1 + step
        closes.append(level)
    days = weekdays(len(closes))
    return {day: f"{close:.18f}" for day, close in zip(days, closes, strict=True)}


async def invested(client: httpx.AsyncClient, instrument_id: UUID, **account: Any) -> UUID:
    """An account that put all of its 1,000 into ten units on the first day."""
    account_id = await create_account(client, **account)
    await post(
        client,
        a_record(account_id, "deposit", FIRST.isoformat(), gross=cash("1000")),
        bought(account_id, instrument_id, FIRST.isoformat(), "10", "100"),
    )
    return account_id


async def risk(client: httpx.AsyncClient, **query: str) -> Any:
    """What the page of risk says, its metrics by name."""
    body = await get(client, "risk", **query)
    body["by_name"] = {metric["name"]: metric for metric in body["metrics"]}
    return body


def value(of: Any, name: str) -> float | None:
    """One metric as a number."""
    text = of["by_name"][name]["value"]
    return None if text is None else float(text)


async def test_a_year_of_one_percent_up_and_down(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    moves = [UP, DOWN] * 150
    half = [move / 2 for move in moves]
    own = add_instrument(admin_connection, prices=walk(moves))
    benchmark = add_instrument(admin_connection, symbol="HALF", prices=walk(half))
    await invested(client, own)
    await work(None)

    found = await risk(client, benchmark_id=str(benchmark))

    assert (found["frequency"], found["periods_per_year"]) == ("daily", 252)
    assert found["return_count"] == 300
    # 300 returns of one size around a mean of nothing
    spread = 0.01 * sqrt(300 / 299)
    assert value(found, "volatility") == pytest.approx(spread * sqrt(252), abs=1e-9)
    assert value(found, "downside_deviation") == pytest.approx(
        0.01 * sqrt(0.5) * sqrt(252), abs=1e-9
    )
    assert value(found, "sharpe") == pytest.approx(0.0, abs=1e-9)
    assert value(found, "beta") == pytest.approx(2.0, abs=1e-9)
    assert value(found, "correlation") == pytest.approx(1.0, abs=1e-9)
    assert value(found, "alpha") == pytest.approx(0.0, abs=1e-9)
    assert value(found, "up_capture") == pytest.approx(2.0, abs=1e-9)
    assert value(found, "down_capture") == pytest.approx(2.0, abs=1e-9)
    assert value(found, "tracking_error") == pytest.approx(spread / 2 * sqrt(252), abs=1e-9)
    inputs = {i["name"]: float(i["value"]) for i in found["by_name"]["volatility"]["inputs"]}
    assert inputs == {"n": 300, "deviation": pytest.approx(spread, abs=1e-9), "periods": 252}
    assert (found["benchmark"]["symbol"], found["benchmark"]["return_count"]) == ("HALF", 300)

    tail = found["past_tail"]
    assert (tail["return_count"], tail["reason"]) == (252, None)
    assert [float(tail[name]) for name in ("value_at_risk", "expected_shortfall")] == [-0.01, -0.01]
    assert sum(bin_["count"] for bin_ in found["histogram"]) == 252
    assert [float(day["return_ratio"]) for day in found["worst_days"]] == [-0.01] * 10
    assert found["worst_days"][0]["as_of"] == weekdays(3)[2].isoformat()
    # 300 returns have 49 windows of 252
    assert len(found["rolling"]) == 49
    window_spread = 0.01 * sqrt(252 / 251) * sqrt(252)
    assert float(found["rolling"][-1]["volatility"]) == pytest.approx(window_spread, abs=1e-9)
    # every second day the index makes a little less than before: 0.9999 each time
    assert float(found["max_drawdown"]["ratio"]) == pytest.approx(0.9999**149 * 0.99 - 1, abs=1e-9)
    assert found["max_drawdown"]["recovery_date"] is None


async def test_half_of_it_in_cash_today_is_half_of_todays_risk(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    own = add_instrument(admin_connection, prices=walk([UP, DOWN] * 150))
    account_id = await invested(client, own)
    last = weekdays(301)[-1].isoformat()
    close = walk([UP, DOWN] * 150)[weekdays(301)[-1]]
    await post(client, sold(account_id, own, last, "5", close))
    await work(None)

    found = await risk(client, confidence="0.99")

    assert float(found["past_tail"]["value_at_risk"]) == pytest.approx(-0.01, abs=1e-8)
    assert float(found["held_tail"]["value_at_risk"]) == pytest.approx(-0.005, abs=1e-6)
    assert found["held_tail"]["return_count"] == 252
    assert found["correlations"]["reason"] == "fewer_than_two_holdings"


async def test_income_due_in_another_currency_moves_with_its_rate(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    days = weekdays(329)  # until 5 March 2026, today
    own_id = add_instrument(admin_connection, currency="EUR", prices=dict.fromkeys(days, "100"))
    for place, day in enumerate(days):
        add_fx_rate(admin_connection, "VND", day, "1.01" if place % 2 else "1")
    account_id = await create_account(client, base_currency="EUR")
    await post(
        client,
        a_record(
            account_id, "deposit", FIRST.isoformat(), currency="EUR", gross=cash("1000", "EUR")
        ),
        bought(account_id, own_id, FIRST.isoformat(), "10", "100", currency="EUR"),
    )
    # as much is due as is held: 10 times 100, at a rate of 1 today
    await own(
        client, own_id, "cash_dividend", ex_date="2026-03-04", pay_date="2026-03-20",
        cash_amount="100", currency="VND",
    )  # fmt: skip
    await work(None)

    found = await risk(client, account_id=str(account_id))

    # half of it: 1 / 1.01 - 1 on every second day
    assert float(found["held_tail"]["value_at_risk"]) == pytest.approx(-0.005 / 1.01, abs=1e-9)


async def test_too_few_returns_are_refused_unless_asked(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    own = add_instrument(admin_connection, prices=walk([UP, DOWN] * 25))
    await invested(client, own)
    await work(None)

    refused = await risk(client)
    asked = await risk(client, allow_few="true")

    assert refused["past_tail"]["value_at_risk"] is None
    assert refused["past_tail"]["reason"] == "too_few_returns"
    assert (refused["past_tail"]["return_count"], refused["past_tail"]["least_count"]) == (50, 100)
    assert float(asked["past_tail"]["value_at_risk"]) == pytest.approx(-0.01, abs=1e-9)
    assert refused["by_name"]["beta"]["reason"] == "no_benchmark"
    assert refused["rolling"] == []
    # twenty-nine returns are too few for anything, and fifty are not
    short = await risk(client, to=weekdays(30)[-1].isoformat())
    assert value(refused, "volatility") is not None
    assert short["by_name"]["volatility"]["reason"] == "too_few_returns"


async def test_nothing_yet_has_no_risk_and_says_why(client: httpx.AsyncClient) -> None:
    await create_account(client)

    found = await risk(client)

    assert found["return_count"] == 0
    assert {m["value"] for m in found["metrics"]} == {None}
    assert all(m["reason"] for m in found["metrics"])
    assert found["max_drawdown"]["reason"] == "no_capital"
    assert found["held_tail"]["reason"] == "nothing_held"
    assert (found["histogram"], found["worst_days"], found["rolling"]) == ([], [], [])


async def test_deposits_are_no_returns_and_weekends_no_days(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    own = add_instrument(admin_connection, prices=walk([UP, DOWN] * 25))
    account_id = await invested(client, own)
    await work(None)
    before = await risk(client, to=weekdays(51)[-1].isoformat())
    # a Saturday, into cash: what is invested stays what it was, so only later returns halve
    saturday = FIRST + timedelta(12)
    await post(client, a_record(account_id, "deposit", saturday.isoformat(), gross=cash("5")))
    await work(None)
    after = await risk(client, to=weekdays(51)[-1].isoformat())

    assert before["return_count"] == after["return_count"] == 50
    assert value(after, "volatility") == pytest.approx(value(before, "volatility"), rel=0.01)


async def test_holdings_that_move_together_stand_beside_each_other(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    together, against = [UP, DOWN] * 40, [DOWN, UP] * 40
    names = {}
    account_id = await create_account(client)
    await post(client, a_record(account_id, "deposit", FIRST.isoformat(), gross=cash("6000")))
    for symbol, units, moves in (("AAA", "30", together), ("BBB", "20", against),
                                 ("CCC", "10", together)):  # fmt: skip
        names[symbol] = add_instrument(admin_connection, symbol=symbol, prices=walk(moves))
        await post(client, bought(account_id, names[symbol], FIRST.isoformat(), units, "100"))
    await work(None)

    found = (await risk(client, window="500"))["correlations"]

    order = [item["symbol"] for item in found["items"]]
    assert sorted(order[:2]) == ["AAA", "CCC"]
    rows = [[float(value) for value in row] for row in found["rows"]]
    for row, wanted in zip(rows, [[1, 1, -1], [1, 1, -1], [-1, -1, 1]], strict=True):
        assert row == pytest.approx(wanted, abs=1e-6)
    assert found["return_count"] == 80


async def test_a_benchmark_is_taken_in_the_currency_of_the_scope(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    # the benchmark stands still in euros, and the euro moves by one percent against the dollar
    moves = [UP, DOWN] * 20
    own = add_instrument(admin_connection, prices=walk(moves))
    still = add_instrument(
        admin_connection, currency="EUR", prices=dict.fromkeys(weekdays(41), "50")
    )
    for day, close in walk(moves).items():
        add_fx_rate(admin_connection, "USD", day, close)
    account_id = await invested(client, own)
    await work(None)

    found = await risk(client, account_id=str(account_id), benchmark_id=str(still))

    assert value(found, "beta") == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("timing", "total", "fall"),
    [
        # 1,650 of 1,000 and 500 paid in; 1,650 of that and 330 paid in; then a fifth more:
        # 1650/1500 × 1650/1980 × 1980/1650, and the worst is 1650/1980 - 1
        ("start_of_day", 1.1, 1 / 1.2 - 1),
        # (1650 - 500)/1000 × (1650 - 330)/1650 × 1.2, and the worst is 1320/1650 - 1
        ("end_of_day", 1.104, -0.2),
    ],
)
async def test_flows_count_on_this_page_when_they_count_on_that_of_returns(
    client: httpx.AsyncClient,
    work: Work,
    admin_connection: Connection,
    timing: str,
    total: float,
    fall: float,
) -> None:
    closes = {"2025-02-03": "100", "2025-02-04": "110", "2025-02-05": "88", "2026-02-20": "110"}
    of = add_instrument(
        admin_connection, prices={date.fromisoformat(day): close for day, close in closes.items()}
    )
    account_id = await create_account(client)
    await post(
        client,
        paid(account_id, "2025-02-03", "1000"),
        bought(account_id, of, "2025-02-03", "10", "100"),
        paid(account_id, "2025-02-04", "500"),
        bought(account_id, of, "2025-02-04", "5", "100"),
        paid(account_id, "2025-02-05", "330"),
    )
    await work(None)

    found = await risk(client, flow_timing=timing)
    page = await get(client, "performance", flow_timing=timing)

    # 15 at 110 and 330 in cash since 20 February 2026: 395 days until today, 5 March
    assert page["day_count"] == 395
    assert float(found["max_drawdown"]["ratio"]) == pytest.approx(fall, abs=1e-9)
    assert value(found, "annual_return") == pytest.approx(total ** (365 / 395) - 1, abs=1e-9)
    assert found["max_drawdown"]["ratio"] == page["max_drawdown"]["ratio"]
    yearly = page["time_weighted"]["annualized_ratio"]
    assert found["by_name"]["annual_return"]["value"] == yearly
    shown = {"max_drawdown": page["max_drawdown"]["ratio"], "annual_return": yearly}
    for figure, ratio in shown.items():
        told = await get(client, "explain/risk", figure=figure, flow_timing=timing)
        assert (told["figure"], told["is_equal"]) == (ratio, True), figure
    # the first of three returns is explained with the same timing
    told = await get(
        client, "explain/performance", figure="time_weighted", flow_timing=timing,
        **{"from": "2025-02-03", "to": "2025-02-04"},
    )  # fmt: skip
    assert float(told["figure"]) == pytest.approx(0.15 if timing == "end_of_day" else 0.1)


async def test_how_it_was_measured_is_told(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    moves = [UP, DOWN] * 150
    first, second = (add_instrument(admin_connection, prices=walk(moves)) for _ in range(2))
    # the benchmark has a price on every second day only
    half = {day: close for place, (day, close) in enumerate(walk(moves).items()) if place % 2}
    benchmark = add_instrument(admin_connection, symbol="HALF", prices=half)
    account_id = await create_account(client)
    day = FIRST.isoformat()
    await post(
        client,
        paid(account_id, day, "1000"),
        bought(account_id, first, day, "5", "100"),
        bought(account_id, second, day, "5", "100"),
    )
    await work(None)

    told = (await risk(client, benchmark_id=str(benchmark), method="hazen", window="63"))[
        "conventions"
    ]

    assert (told["as_of"], told["day_count"], told["annualized_from_days"]) == (
        "2026-03-05", "actual/365", 365,
    )  # fmt: skip
    assert (told["flow_timing"], told["gaps"]) == ("start_of_day", "break")
    assert (told["loss_sign"], told["tail_horizon"]) == ("negative", "one_return")
    assert (told["quantile_method"], told["risk_free_currency"]) == ("hazen", "USD")
    assert {one["name"] for one in told["formulas"]} == {
        "value_at_risk", "expected_shortfall", "parametric", "max_drawdown",
    }  # fmt: skip
    measured = {
        one["of"]: (one["frequency"], one["window"], one["return_count"])
        for one in told["measures"]
    }
    # what is held is looked at for 124 days before today, 5 March: on 61 weekdays from 3 November
    # to 26 January it had prices. 150 days of the benchmark have 149 returns between them, most of
    # them two weekdays apart
    assert measured == {
        "portfolio": ("daily", None, 300),
        "benchmark": ("daily", None, 149),
        "past_tail": ("daily", 63, 63),
        "held_tail": ("daily", 63, 60),
        "correlations": ("daily", 63, 60),
    }
    ends = {one["of"]: one["last_date"] for one in told["measures"]}
    assert ends.pop("benchmark") == weekdays(300)[-1].isoformat()
    assert set(ends.values()) == {weekdays(301)[-1].isoformat()}
    # of a part, in what it holds alone, flows have a timing of their own; nothing pairs
    part = (await risk(client, instrument_id=str(first)))["conventions"]
    assert part["flow_timing"] == "in_at_start_out_at_end"
    pairs = next(one for one in part["measures"] if one["of"] == "correlations")
    assert (pairs["return_count"], pairs["frequency"]) == (0, "irregular")


async def test_bills_are_of_dollars_whatever_the_currency_of_the_page(
    client: httpx.AsyncClient,
) -> None:
    await create_account(client, base_currency="EUR")
    bills = await risk(client, risk_free_source="treasury_bill", base_currency="EUR")
    given = await risk(client, base_currency="EUR")

    assert (bills["currency"], bills["conventions"]["risk_free_currency"]) == ("EUR", "USD")
    # a rate of one's own is taken as one of the page's currency
    assert given["conventions"]["risk_free_currency"] == "EUR"


async def test_a_period_is_the_same_days_as_on_the_page_of_returns(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    own_id = add_instrument(admin_connection, prices=walk([UP, DOWN] * 150))
    await invested(client, own_id)
    await work(None)
    asked: list[dict[str, str]] = [
        {"period": "1Y"},
        {"period": "YTD"},
        {"period": "3M", "to": "2025-12-31"},
        {"from": "2025-01-15", "to": "2025-06-30"},
    ]
    for query in asked:
        found, page = await risk(client, **query), await get(client, "performance", **query)
        days = [found[name] for name in ("from_date", "to_date")]
        assert days == [page[name] for name in ("from_date", "to_date")], query
        assert found["max_drawdown"]["ratio"] == page["max_drawdown"]["ratio"], query
    # the last of them begins and ends as asked
    assert days == ["2025-01-15", "2025-06-30"]


async def test_a_span_that_ends_before_it_begins_is_refused(client: httpx.AsyncClient) -> None:
    for path in ("risk", "performance", "performance/monthly", "performance/waterfall",
                 "attribution"):  # fmt: skip
        answer = await client.get(
            f"/api/v1/{path}", params={"from": "2026-02-02", "to": "2026-02-01"}
        )
        assert problem(answer) == (422, "invalid_fields"), path
        assert answer.json()["errors"] == [
            {"pointer": "/query/to", "detail": "a span cannot end before it begins"}
        ]


async def test_records_as_they_were_known(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    own = add_instrument(admin_connection, prices=walk([UP, DOWN] * 25))
    await invested(client, own)
    await work(None)

    found = await risk(client, as_known_on="2020-01-01")

    assert found["return_count"] == 0
    assert found["held_tail"]["reason"] == "nothing_held"


@pytest.mark.parametrize(
    "query",
    [
        {"confidence": "0.5"},
        {"method": "guess"},
        {"window": "5"},
        {"risk_free_ratio": "2"},
        {"risk_free_ratio": "NaN"},
        {"max_points": "1"},
    ],
)
async def test_what_cannot_be_measured_is_refused(
    client: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await client.get("/api/v1/risk", params=query)
    assert answer.status_code == 422, answer.text


async def test_an_unknown_benchmark_is_not_found(client: httpx.AsyncClient) -> None:
    missing = "0190a000-0000-7000-8000-0000000000ff"
    answer = await client.get("/api/v1/risk", params={"benchmark_id": missing})
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_never_leaves(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        decimal_of(number)


def test_days_without_anything_invested_are_no_days_without_risk() -> None:
    # Monday to Wednesday; on Tuesday all of it was paid out, on Wednesday 50 paid in became 55
    days = [FIRST + timedelta(n) for n in range(3)]
    values, flows = [D(100), D(0), D(55)], [D(0), D(-100), D(50)]
    points = [SeriesPoint(*one) for one in zip(days, values, flows, strict=True)]
    found = returns_on(points, return_index(days, values, flows), set())

    assert found.sample.days == (days[2],)
    assert found.sample.returns == pytest.approx([0.1])


def test_a_total_loss_is_the_last_return() -> None:
    days = [FIRST + timedelta(n) for n in range(3)]
    values, flows = [D(100), D(0), D(0)], [D(0), D(0), D(0)]
    points = [SeriesPoint(*one) for one in zip(days, values, flows, strict=True)]
    found = returns_on(points, return_index(days, values, flows), set(days))

    assert found.sample.returns.tolist() == [-1.0]
    assert found.drawdown is not None
    assert found.drawdown.ratio == D(-1)


async def test_cash_may_earn_what_treasury_bills_yielded(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    admin_connection.execute("DELETE FROM reference_series")  # they are everybody's
    own = add_instrument(admin_connection, prices=walk([UP, DOWN] * 150))
    await invested(client, own)
    await work(None)

    unknown = await risk(client, risk_free_source="treasury_bill")
    assert unknown["by_name"]["sharpe"]["reason"] == "series_missing"
    assert (unknown["risk_free_ratio"], unknown["rolling"][0]["sharpe"]) == (None, None)
    assert value(unknown, "volatility") is not None

    for day in weekdays(301):
        admin_connection.execute(
            "INSERT INTO reference_series (name, value_date, source, value)"
            " VALUES ('DTB3', %s, 'fred', 5)",
            (day - timedelta(days=1),),
        )
    found = await risk(client, risk_free_source="treasury_bill")
    # a discount of 5 % yields 5.23413 % a year, earned in 252 parts
    assert float(found["risk_free_ratio"]) == pytest.approx(0.0523413, abs=1e-6)
    daily = 1.0523413 ** (1 / 252) - 1
    spread = 0.01 * sqrt(300 / 299)
    assert value(found, "sharpe") == pytest.approx(-daily / spread * sqrt(252), abs=1e-5)
    last = 0.01 * sqrt(252 / 251)
    assert float(found["rolling"][-1]["sharpe"]) == pytest.approx(
        -daily / last * sqrt(252), abs=1e-5
    )
    given = await risk(client, risk_free_ratio="0.0523413")
    assert value(given, "sharpe") == pytest.approx(value(found, "sharpe"), abs=1e-6)


async def test_beta_and_value_at_risk_of_each_window(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    moves = [UP, DOWN] * 150
    own = add_instrument(admin_connection, prices=walk(moves))
    half = add_instrument(admin_connection, prices=walk([move / 2 for move in moves]))
    await invested(client, own)
    await work(None)
    for method in ("linear", "inverted_cdf"):
        found = await risk(client, benchmark_id=str(half), window="200", method=method)
        assert len(found["rolling"]) == 101
        for point in found["rolling"]:
            assert float(point["beta"]) == pytest.approx(2.0, abs=1e-9)
            assert float(point["value_at_risk"]) == pytest.approx(-0.01, abs=1e-9)
    # 60 returns say nothing of the worst twentieth; beside nothing there is no beta
    short = await risk(client, window="60")
    assert {point["value_at_risk"] for point in short["rolling"]} == {None}
    assert {point["beta"] for point in short["rolling"]} == {None}
