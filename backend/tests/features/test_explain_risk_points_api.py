"""Points of the charts of risk explained: windows, bars and pairs come to what the page shows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from tests.builders import add_instrument, create_account
from tests.conftest import Connection, Kept
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, bought, cash, paid, post, recorded_yesterday
from tests.features.risking import FIRST, walk, weekdays
from tests.features.test_explain_risk_api import COUNT, Query, moves, page
from truenav.core.explanation import Node
from truenav.core.explanation import walk as nodes

D = Decimal
MEASURES = ("volatility", "sharpe", "value_at_risk", "beta")


class Spread:
    """Four holdings: two move, one never does, one is new; something to compare with."""

    def __init__(self, account: UUID, held: dict[str, UUID], market: UUID) -> None:
        self.account, self.held, self.market = account, held, market

    @property
    def asked(self) -> Query:
        """The page of it."""
        return {"account_id": [str(self.account)], "benchmark_id": [str(self.market)]}


@pytest.fixture
async def spread(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Spread:
    return await kept.built("spread", lambda: _spread(client, admin_connection, work))


async def _spread(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> Spread:
    days = weekdays(COUNT + 1)

    def of(symbol: str, prices: dict[date, str]) -> UUID:
        return add_instrument(admin_connection, symbol=symbol, currency="EUR", prices=prices)

    long = walk(moves(7))
    held = {
        "MOVES": of("MOVES", long),
        # without a close on one day of the others
        "OTHER": of("OTHER", {d: c for d, c in walk(moves(11)).items() if d != days[200]}),
        "STILL": of("STILL", dict.fromkeys(days, "100")),
        "NEW": of("NEW", {day: long[day] for day in days[-20:]}),
    }
    market = of("MARKET", {d: c for d, c in walk(moves(13)).items() if d != days[-5]})
    account = await create_account(client, base_currency="EUR", tax_currency="EUR")
    euro = {"currency": "EUR"}
    first, late = FIRST.isoformat(), days[-20].isoformat()
    await post(
        client,
        paid(account, first, "3000", "EUR"),
        bought(account, held["MOVES"], first, "9", "100", **euro),
        bought(account, held["OTHER"], first, "5", "100", **euro),
        bought(account, held["STILL"], first, "3", "100", **euro),
        paid(account, days[60].isoformat(), "500", "EUR"),
        a_record(account, "dividend", days[80].isoformat(), instrument_id=held["MOVES"],
                 gross=cash("20", "EUR"), **euro),
        bought(account, held["NEW"], late, "1", long[days[-20]], **euro),
    )  # fmt: skip
    await work(None)
    return Spread(account, held, market)


async def told(client: httpx.AsyncClient, endpoint: str, asked: Query) -> tuple[str | None, Node]:
    return await explain(client, f"risk/{endpoint}?{urlencode(asked, doseq=True)}")


# --- windows ------------------------------------------------------------------------------------


async def windows_agree(client: httpx.AsyncClient, asked: Query, most: int = 3) -> set[str]:
    """Points from all over the line are explained as shown; the reasons of the unknown ones."""
    points = (await page(client, asked))["rolling"]
    reasons = set()
    for point in points[:: max(len(points) // most, 1)][:-1] + points[-5:-3]:
        for figure in MEASURES:
            query = {**asked, "figure": [figure], "on": [point["as_of"]]}
            shown, root = await told(client, "window", query)
            assert shown == point[figure], (figure, point)
            assert (root.value is None) == (shown is None)
            reasons |= {f"{figure}: {root.unknown_reason}"} if shown is None else set()
    return reasons


@pytest.mark.only_reads
async def test_windows_are_explained_as_shown(client: httpx.AsyncClient, spread: Spread) -> None:
    asked = {**spread.asked, "risk_free_ratio": ["0.02"], "max_points": ["10000"]}
    # the market has no close on one of the last days
    assert await windows_agree(client, asked) == {"beta: price_missing"}


@pytest.mark.only_reads
async def test_windows_of_a_slice_by_other_rules(client: httpx.AsyncClient, spread: Spread) -> None:
    asked: Query = {
        "instrument_id": [str(spread.held["MOVES"])], "base_currency": ["EUR"],
        "window": ["100"], "method": ["averaged_inverted_cdf"], "max_points": ["10000"],
    }  # fmt: skip
    assert await windows_agree(client, asked, 2) == {"beta: no_benchmark"}
    still: Query = {**asked, "instrument_id": [str(spread.held["STILL"])], "window": ["50"]}
    # fewer than a tail needs, and no variation
    assert await windows_agree(client, still, 1) == {
        "beta: no_benchmark", "value_at_risk: too_few_returns", "sharpe: no_variation",
    }  # fmt: skip


@pytest.mark.only_reads
async def test_bills_nobody_published_make_each_window_unknown(
    client: httpx.AsyncClient, admin_connection: Connection, spread: Spread
) -> None:
    admin_connection.execute("DELETE FROM reference_series")  # they are everybody's
    asked: Query = {**spread.asked, "risk_free_source": ["treasury_bill"]}
    assert await windows_agree(client, asked, 1) == {
        "sharpe: series_missing", "beta: price_missing"
    }  # fmt: skip


@pytest.mark.only_reads
async def test_a_window_is_the_figure_of_a_span_of_its_returns(
    client: httpx.AsyncClient, spread: Spread
) -> None:
    """The window that ends with the span tells the same days as the figure of its tail does."""
    query = urlencode({**spread.asked, "figure": ["value_at_risk"]}, doseq=True)
    figure, whole = await explain(client, f"risk?{query}")
    last = (await page(client, spread.asked))["rolling"][-1]["as_of"]
    shown, root = await told(
        client, "window", {**spread.asked, "figure": ["value_at_risk"], "on": [last]}
    )
    assert (shown, root.value, root.note) == (figure, whole.value, whole.note)
    assert [part.label for part in nodes(root)][1:] == [part.label for part in nodes(whole)][1:]


@pytest.mark.only_reads
async def test_sums_of_a_window_are_unfolded_to_their_days(
    client: httpx.AsyncClient, spread: Spread
) -> None:
    days = weekdays(COUNT + 1)
    query = {**spread.asked, "figure": ["volatility"], "on": [days[-1].isoformat()]}
    path = f"risk/window?{urlencode(query, doseq=True)}"
    _, followed = await explain_all(client, path, 3)
    assert followed == 3
    _, root = await explain(client, path)
    (month,) = [n for n in nodes(root) if n.more is not None and "period=2025-03" in n.more]
    _, march = await explain(client, month.more or "")
    assert len(march.children) == 21  # weekdays of March 2025
    first = next(node for node in nodes(march) if node.label.startswith("Return of 2025-03-"))
    assert first.more is not None
    assert "/explain/performance" in first.more


@pytest.mark.only_reads
async def test_a_day_on_which_no_window_ends_says_why(
    client: httpx.AsyncClient, spread: Spread
) -> None:
    saturday = next(
        FIRST + timedelta(n) for n in range(400, 410) if (FIRST + timedelta(n)).weekday() == 5
    )
    for on, why in ((saturday, "price_missing"), (weekdays(100)[-1], "too_few_returns")):
        asked = {**spread.asked, "figure": ["beta"], "on": [on.isoformat()]}
        shown, root = await told(client, "window", asked)
        assert (shown, root.unknown_reason) == (None, why)


# --- bars ---------------------------------------------------------------------------------------


@pytest.mark.only_reads
async def test_every_bar_is_explained_by_its_days(
    client: httpx.AsyncClient, spread: Spread
) -> None:
    for part in ({}, {"instrument_id": [str(spread.held["OTHER"])]}):
        asked: Query = {**spread.asked, **part, "window": ["60"]}
        bars = (await page(client, asked))["histogram"]
        days = []
        for number, bar in enumerate(bars, 1):
            shown, root = await told(client, "histogram", {**asked, "bar": [str(number)]})
            assert (D(shown or "-1"), root.value) == (bar["count"], bar["count"])
            assert f"bar {number} of {len(bars)}" in root.note
            for day in root.children:
                assert day.value is not None
                # the page's edges have ten places
                assert D(bar["from_ratio"]) - D("1E-10") <= day.value
                assert day.value <= D(bar["to_ratio"]) + D("1E-10")
                days.append(day.label)
        # each of the newest returns is in one bar, none in two
        assert len(days) == len(set(days)) == 60


@pytest.mark.only_reads
async def test_a_return_in_a_bar_leads_to_its_days(
    client: httpx.AsyncClient, spread: Spread
) -> None:
    bars = (await page(client, spread.asked))["histogram"]
    fullest = max(range(len(bars)), key=lambda place: bars[place]["count"]) + 1
    query = urlencode({**spread.asked, "bar": [str(fullest)]}, doseq=True)
    _, followed = await explain_all(client, f"risk/histogram?{query}", 5)
    assert followed == 5


@pytest.mark.only_reads
async def test_a_bar_that_is_not_there_holds_nothing(
    client: httpx.AsyncClient, spread: Spread
) -> None:
    shown, root = await told(client, "histogram", {**spread.asked, "bar": ["900"]})
    assert (shown, root.unknown_reason) == (None, "too_few_returns")


# --- pairs --------------------------------------------------------------------------------------


async def matrix(client: httpx.AsyncClient, asked: Query) -> dict[tuple[str, str], Any]:
    """(figure of the page, root of its tree) of each pair, by symbols."""
    found = (await page(client, asked))["correlations"]
    items, cells = found["items"], {}
    for place, (left, row) in enumerate(zip(items, found["rows"], strict=True)):
        for right, value in list(zip(items, row, strict=True))[place:]:
            query = {
                **asked, "left_id": [left["instrument_id"]], "right_id": [right["instrument_id"]],
            }  # fmt: skip
            shown, root = await told(client, "correlation", query)
            assert shown == value, (left, right)
            cells[left["symbol"], right["symbol"]] = root
            cells[right["symbol"], left["symbol"]] = root
    return cells


@pytest.mark.only_reads
async def test_every_cell_is_explained_also_where_it_is_unknown(
    client: httpx.AsyncClient, spread: Spread
) -> None:
    cells = await matrix(client, spread.asked)
    assert len(cells) == 16
    root = cells["MOVES", "OTHER"]
    # what float64 leaves over stands beside the exact one
    exact, rest = root.children
    assert (rest.label, exact.formula) == ("Rounding", "covariance ÷ (deviation × deviation)")
    covariance, both = exact.children
    assert (covariance.label, both.label) == ("Covariance", "Both deviations")
    # 252 returns, without the two that the day without a close belongs to
    assert (exact.note, covariance.children[1].value) == ("250 days both have a return", 249)
    assert cells["NEW", "MOVES"].unknown_reason == "too_few_returns"
    assert cells["NEW", "NEW"].unknown_reason == "too_few_returns"
    assert cells["STILL", "MOVES"].unknown_reason == "no_variation"
    assert cells["STILL", "STILL"].unknown_reason == "no_variation"
    assert cells["OTHER", "OTHER"].value == 1


@pytest.mark.only_reads
async def test_sums_of_a_pair_are_unfolded_to_prices(
    client: httpx.AsyncClient, spread: Spread
) -> None:
    asked: Query = {
        **spread.asked, "left_id": [str(spread.held["MOVES"])],
        "right_id": [str(spread.held["OTHER"])],
    }  # fmt: skip
    path = f"risk/correlation?{urlencode(asked, doseq=True)}"
    _, followed = await explain_all(client, path, 4)
    assert followed == 4
    _, root = await explain(client, path)
    (month,) = [
        node for node in nodes(root)
        if node.more is not None and "part=products&period=2025-11" in node.more
    ]  # fmt: skip
    _, days = await explain(client, month.more or "")
    assert len(days.children) == 20  # weekdays of November 2025
    levels = [n for n in nodes(days.children[0]) if n.label.startswith("Level")]
    assert len(levels) == 4
    assert all(node.ref.instrument_id is not None for node in levels)


@pytest.mark.only_reads
async def test_of_one_holding_there_is_no_pair_and_of_others_none_is_told(
    client: httpx.AsyncClient, spread: Spread
) -> None:
    ids: Query = {"left_id": [str(spread.held["NEW"])], "right_id": [str(spread.market)]}
    one: Query = {"instrument_id": [str(spread.held["NEW"])], "base_currency": ["EUR"], **ids}
    _, root = await told(client, "correlation", one)
    assert root.unknown_reason == "fewer_than_two_holdings"
    query = urlencode({**spread.asked, **ids}, doseq=True)
    answer = await client.get(f"/api/v1/explain/risk/correlation?{query}")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/query/right_id"]


# --- as it was known ----------------------------------------------------------------------------


async def test_as_it_was_known_before_a_late_purchase(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    first, second = (
        add_instrument(admin_connection, currency="EUR", prices=walk(moves(seed)))
        for seed in (17, 19)
    )
    account = await create_account(client, base_currency="EUR", tax_currency="EUR")
    euro, began = {"currency": "EUR"}, FIRST.isoformat()
    await post(
        client,
        paid(account, began, "3000", "EUR"),
        bought(account, first, began, "9", "100", **euro),
        bought(account, second, began, "2", "100", **euro),
    )
    recorded_yesterday(admin_connection, account)
    await post(client, bought(account, second, began, "10", "100", **euro))
    await work(None)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    now: Query = {"account_id": [str(account)], "window": ["60"]}
    known: Query = {**now, "as_known_on": [yesterday]}
    found = await page(client, known)
    assert found["rolling"] != (await page(client, now))["rolling"]

    last = found["rolling"][-1]
    for asked in (now, known):
        of = (await page(client, asked))["rolling"][-1]["volatility"]
        window = {**asked, "figure": ["volatility"], "on": [last["as_of"]]}
        shown, root = await told(client, "window", window)
        assert shown == of
        ways = [node.more or "" for node in nodes(root) if node.more is not None]
        assert ways
        assert {f"as_known_on={yesterday}" in way for way in ways} == {asked is known}
    for number, bar in list(enumerate(found["histogram"], 1))[::4]:
        shown, _ = await told(client, "histogram", {**known, "bar": [str(number)]})
        assert D(shown or "-1") == bar["count"]
    pair = {"left_id": [str(first)], "right_id": [str(second)]}
    shown, _ = await told(client, "correlation", {**known, **pair})
    assert shown == found["correlations"]["rows"][0][1]
