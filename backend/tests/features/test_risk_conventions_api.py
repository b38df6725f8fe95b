"""How risk was measured: days, flows and rates as on the page of returns, and told."""

from datetime import date

import httpx
import pytest

from tests.builders import add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.importing import problem
from tests.features.ledgering import bought, get, paid, post
from tests.features.risking import DOWN, FIRST, UP, invested, risk, value, walk, weekdays


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
