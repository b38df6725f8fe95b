"""Risk of small portfolios whose figures can be worked out by hand."""

from datetime import timedelta
from math import sqrt

import httpx
import pytest

from tests.builders import add_fx_rate, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, post
from tests.features.risking import DOWN, FIRST, UP, invested, risk, value, walk, weekdays


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
