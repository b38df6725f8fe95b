"""What a portfolio is worth, worked out by hand: prices, rates, cash, and what is not known."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, add_instrument, add_member, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.explaining import explain
from tests.features.importing import a_symbol, problem
from tests.features.ledgering import a_record, bought, cash, get, post, reverse, sold

TODAY = "2026-03-05"  # of the clock the tests are run by


def day(text: str) -> date:
    """A day of 2026, by month and day."""
    return date.fromisoformat(f"2026-{text}")


def add_rates(connection: Connection, currency: str, rates: Mapping[str, str]) -> None:
    """Units of a currency for one euro, by month and day of 2026; each test has its own one."""
    for when, rate in rates.items():
        connection.execute(
            "INSERT INTO fx_rates (base_currency, quote_currency, rate_date, rate, source)"
            " VALUES ('EUR', %s, %s, %s, 'a-test')",
            (currency, day(when), Decimal(rate)),
        )


@pytest.fixture
def european(admin_connection: Connection) -> Member:
    """The owner of a portfolio in euros."""
    return add_member(admin_connection, base_currency="EUR")


@pytest.fixture
def client(make_client: ClientMaker, european: Member) -> httpx.AsyncClient:
    return make_client(european)


@pytest.fixture
def member(european: Member) -> Member:
    """Whose jobs are done."""
    return european


async def euros(client: httpx.AsyncClient, **changes: Any) -> UUID:
    """An account in euros."""
    return await create_account(client, base_currency="EUR", **changes)


def priced(
    connection: Connection, prices: Mapping[str, str], currency: str = "EUR", symbol: str = ""
) -> UUID:
    """An instrument with its closes of 2026."""
    closes = {day(when): close for when, close in prices.items()}
    return add_instrument(connection, symbol=symbol or a_symbol(), currency=currency, prices=closes)


async def test_nothing_is_worth_nothing(client: httpx.AsyncClient) -> None:
    overview = await get(client, "overview")
    assert (overview["is_empty"], overview["nav"], overview["unknowns"]) == (True, "0", [])
    assert (await get(client, "nav"))["items"] == []
    assert (await get(client, "holdings"))["items"] == []
    assert (await get(client, "performance"))["time_weighted"]["reason"] == "no_capital"


async def test_units_at_the_last_close_and_cash(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await euros(client)
    of = priced(admin_connection, {"02-02": "100", "03-03": "108", "03-04": "110.5"})
    await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", currency="EUR", gross=cash("2000", "EUR")),
        bought(
            account_id, of, "2026-02-02", "10", "100", currency="EUR", fee=cash("5", "EUR")
        ),
        sold(account_id, of, "2026-02-03", "2", "101", currency="EUR"),
        a_record(
            account_id, "dividend", "2026-02-04", currency="EUR", instrument_id=of,
            gross=cash("10", "EUR"), tax=cash("1.5", "EUR"),
        ),
    )  # fmt: skip
    await work(None)
    overview, holdings = await get(client, "overview"), await get(client, "holdings")
    (item,) = holdings["items"]

    # 2000 - 1005 + 202 + 8.50 in cash; 8 × 110.50 in units that cost 8/10 of 1005
    assert (overview["cash"], overview["market_value"], overview["nav"]) == (
        "1205.5", "884", "2089.5",
    )  # fmt: skip
    assert (item["quantity"], item["price"], item["market_value"]) == ("8", "110.5", "884")
    assert (item["cost"], item["unrealized_gain"]) == ("804", "80")
    assert item["unrealized_gain_ratio"] == "0.0995024876"  # 80 / 804
    assert overview["realized_gain"] == item["realized_gain"] == "1"  # 202 - 201
    assert overview["income_ytd"] == "10"  # before tax
    assert (overview["net_contributions"], overview["total_gain"]) == ("2000", "89.5")
    # 8 × (110.50 - 108) since the close before, of a NAV of 1205.50 + 864
    assert (overview["day_change"], overview["previous_date"]) == ("20", "2026-03-03")
    assert overview["day_change_ratio"] == "0.0096641701"
    assert (item["day_change"], item["day_change_ratio"]) == ("20", "0.0231481481")
    assert (holdings["nav"], item["weight_ratio"]) == ("2089.5", "0.4230677196")
    assert (overview["as_of"], overview["freshness"]["newest_price_date"]) == (TODAY, "2026-03-04")


async def test_a_day_change_leaves_out_what_was_paid_in(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await euros(client)
    of = priced(admin_connection, {"03-03": "100", "03-04": "105"})
    await post(
        client,
        bought(account_id, of, "2026-03-02", "10", "100", currency="EUR"),
        a_record(account_id, "deposit", "2026-03-04", currency="EUR", gross=cash("70", "EUR")),
    )
    await work(None)
    assert (await get(client, "overview"))["day_change"] == "50"


async def test_foreign_units_and_cash_at_the_rate_of_the_day(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    add_rates(admin_connection, "PLN", {"02-02": "4.00", "02-09": "4", "02-27": "4.40"})
    account_id = await euros(client)
    of = priced(admin_connection, {"02-02": "40", "03-04": "44"}, "PLN")
    await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", currency="EUR", gross=cash("1000", "EUR")),
        a_record(account_id, "deposit", "2026-02-02", currency="PLN", gross=cash("2440", "PLN")),
        bought(account_id, of, "2026-02-02", "50", "40", currency="PLN"),
    )
    await work(None)
    overview, holdings = await get(client, "overview"), await get(client, "holdings")
    (item,) = holdings["items"]

    # 50 × 44 = 2200 PLN are 500 EUR; 440 PLN are 100 EUR; a rate of six days ago still holds
    assert (item["market_value_local"], item["market_value"]) == ("2200", "500")
    assert (item["currency"], item["fx_rate"]) == ("PLN", "0.227272727273")
    # bought for 2000 PLN when one euro was 4: 500 EUR, so nothing was won
    assert (item["cost"], item["unrealized_gain"]) == ("500", "0")
    assert {c["currency"]: (c["amount"], c["value"]) for c in holdings["cash"]} == {
        "EUR": ("1000", "1000"), "PLN": ("440", "100"),
    }  # fmt: skip
    assert overview["nav"] == "1600"
    assert overview["net_contributions"] == "1610"  # 1000 + 2440 / 4
    by_currency = {s["key"]: s["value"] for s in overview["allocation_by_currency"]}
    assert by_currency == {"EUR": "1000", "PLN": "600"}
    (first,) = (await get(client, "nav", **{"from": "2026-02-02", "to": "2026-02-02"}))["items"]
    assert (first["nav"], first["external_flow"]) == ("1610", "1610")
    # no rate is older than seven days: from 17 to 26 February nobody knows
    unknown = [p["as_of"] for p in (await get(client, "nav"))["items"] if p["nav"] is None]
    assert (unknown[0], unknown[-1], len(unknown)) == ("2026-02-17", "2026-02-26", 10)


async def test_a_missing_rate_makes_a_total_unknown_never_smaller(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    add_rates(admin_connection, "UYU", {"02-02": "400"})
    account_id = await euros(client)
    await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", currency="EUR", gross=cash("1000", "EUR")),
        a_record(account_id, "deposit", "2026-02-02", currency="UYU", gross=cash("4000", "UYU")),
    )
    await work(None)
    overview, holdings = await get(client, "overview"), await get(client, "holdings")

    assert (overview["nav"], overview["cash"], holdings["nav"]) == (None, None, None)
    assert [(u["reason_code"], u["symbol"]) for u in overview["unknowns"]] == [("fx_missing", None)]
    assert overview["unknowns"][0]["message"] == "no exchange rate within seven days for UYU"
    assert {c["currency"]: c["unknown_reasons"] for c in holdings["cash"]} == {
        "EUR": [], "UYU": ["fx_missing"],
    }  # fmt: skip
    points = {p["as_of"]: p["nav"] for p in (await get(client, "nav"))["items"]}
    assert (points["2026-02-09"], points["2026-02-10"]) == ("1010", None)


async def test_a_part_with_something_of_unknown_value_is_told_as_unknown(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await euros(client)
    known, unpriced = priced(admin_connection, {"03-04": "12"}), priced(admin_connection, {})
    await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", currency="EUR", gross=cash("1000", "EUR")),
        bought(account_id, known, "2026-02-02", "10", "10", currency="EUR"),
        bought(account_id, unpriced, "2026-02-02", "1", "7", currency="EUR"),
    )
    await work(None)
    overview = await get(client, "overview")
    parts: dict[str, dict[str, tuple[str | None, int]]] = {
        "instrument": {"cash": ("893", 0), str(known): ("120", 0), str(unpriced): (None, 1)},
        "asset_class": {"cash": ("893", 0), "equity": (None, 1)},
        "currency": {"EUR": (None, 1)},
    }
    for by, expected in parts.items():
        found = overview[f"allocation_by_{by}"]
        told = {part["key"]: (part["value"], part["unknown_count"]) for part in found}
        assert told == expected, by
        assert list(told) == list(expected), by  # the unknown ones last
        nodes = (await get(client, "allocation", by=by, look_through="false"))["nodes"]
        assert {node["key"]: (node["value"], node["unknown_count"]) for node in nodes} == expected
    path = "allocation/node?by=asset_class&key=equity&figure=value&look_through=false"
    assert (await explain(client, path))[0] is None


async def test_a_price_of_long_ago_is_used_and_marked(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await euros(client)
    old = priced(admin_connection, {"02-25": "9", "02-26": "10"})
    fresh = priced(admin_connection, {"02-26": "19", "02-27": "20"})
    await post(
        client,
        bought(account_id, old, "2026-02-26", "1", "10", currency="EUR"),
        bought(account_id, fresh, "2026-02-26", "1", "20", currency="EUR"),
    )
    await work(None)
    at_seven = await get(client, "holdings")  # 26 February is seven days ago
    stale = {i["instrument_id"]: i["is_stale"] for i in at_seven["items"]}
    overview = await get(client, "overview")
    assert stale == {str(old): False, str(fresh): False}
    assert overview["freshness"]["stale_count"] == 0

    older = priced(admin_connection, {"02-24": "4", "02-25": "5"})
    await post(client, bought(account_id, older, "2026-02-25", "1", "5", currency="EUR"))
    await work(None)
    overview, holdings = await get(client, "overview"), await get(client, "holdings")
    (item,) = (i for i in holdings["items"] if i["instrument_id"] == str(older))

    assert (item["is_stale"], item["market_value"], item["day_change"]) == (True, "5", None)
    assert overview["freshness"]["stale_count"] == 1
    assert overview["market_value"] == "35"  # 10 + 20 + 5


async def test_no_price_before_the_first_one_known(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await euros(client)
    of = priced(admin_connection, {"02-04": "10"})
    await post(client, bought(account_id, of, "2026-02-02", "1", "9", currency="EUR"))
    await work(None)
    series = await get(client, "nav", to="2026-02-05")

    assert [p["nav"] for p in series["items"]] == [None, None, "1", "1"]
    (unknown,) = series["unknowns"]
    assert (unknown["reason_code"], unknown["instrument_id"]) == ("price_missing", str(of))
    # it is known by now
    assert (await get(client, "overview"))["unknowns"] == []


async def test_two_accounts_in_two_currencies(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    weekly = ("02-02", "02-09", "02-16", "02-23", "03-02")
    add_rates(admin_connection, "SEK", {**dict.fromkeys(weekly, "11"), "03-04": "10"})
    one = await euros(client)
    other = await create_account(client, base_currency="SEK")
    await post(
        client,
        a_record(one, "deposit", "2026-02-02", currency="EUR", gross=cash("100", "EUR")),
        a_record(other, "deposit", "2026-02-03", currency="SEK", gross=cash("1100", "SEK")),
    )
    await work(None)
    together, alone = await get(client, "nav"), await get(client, "nav", account_id=str(other))
    worth = {p["as_of"]: p["nav"] for p in together["items"]}

    assert (together["currency"], alone["currency"]) == ("EUR", "SEK")
    assert worth["2026-02-02"] == "100"  # the other account had nothing yet
    assert worth["2026-02-03"] == worth["2026-03-03"] == "200"  # + 1100 / 11
    assert worth["2026-03-04"] == worth[TODAY] == "210"  # + 1100 / 10
    assert {p["nav"] for p in alone["items"]} == {"1100"}
    last = together["items"][-1]
    assert last["net_contributions"] == "200"
    overview = await get(client, "overview")
    assert (overview["nav"], overview["total_gain"]) == ("210", "10")
    assert (await get(client, "overview", account_id=str(other)))["nav"] == "1100"
    # 210 / 200: the krona rose, whatever was paid in when
    returns = await get(client, "performance")
    assert returns["time_weighted"]["ratio"] == "0.05"
    own = await get(client, "performance", account_id=str(other))
    assert own["time_weighted"]["ratio"] == "0"


async def test_one_instrument_in_two_accounts_is_one_holding(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    one, other = await euros(client), await euros(client)
    of = priced(admin_connection, {"02-02": "10", "03-04": "12"})
    await post(
        client,
        bought(one, of, "2026-02-02", "3", "10", currency="EUR"),
        bought(other, of, "2026-02-02", "2", "11", currency="EUR"),
    )
    await work(None)
    (item,) = (await get(client, "holdings"))["items"]

    assert (item["quantity"], item["cost"], item["market_value"]) == ("5", "52", "60")
    (own,) = (await get(client, "holdings", account_id=str(other)))["items"]
    assert (own["quantity"], own["unrealized_gain"]) == ("2", "2")


async def test_a_short_position_is_owed(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await euros(client)
    of = priced(admin_connection, {"02-02": "10", "03-04": "12"})
    await post(client, sold(account_id, of, "2026-02-02", "5", "10", currency="EUR"))
    await work(None)
    (item,) = (await get(client, "holdings"))["items"]

    # 50 got, 60 to give back
    assert (item["quantity"], item["market_value"], item["cost"]) == ("-5", "-60", "-50")
    assert (item["unrealized_gain"], item["unrealized_gain_ratio"]) == ("-10", "-0.2")
    assert (await get(client, "overview"))["nav"] == "-10"


async def test_holdings_of_an_earlier_day(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await euros(client)
    of = priced(admin_connection, {"02-02": "10", "02-10": "11", "03-04": "12"})
    await post(
        client,
        bought(account_id, of, "2026-02-02", "5", "10", currency="EUR"),
        sold(account_id, of, "2026-02-12", "4", "11", currency="EUR"),
    )
    await work(None)
    then = await get(client, "holdings", as_of="2026-02-11")
    before = await get(client, "holdings", as_of="2026-02-01")

    assert [(i["quantity"], i["price"], i["market_value"]) for i in then["items"]] == [
        ("5", "11", "55")
    ]
    assert (then["as_of"], then["nav"]) == ("2026-02-11", "5")
    assert (before["items"], before["nav"]) == ([], "0")
    # of tomorrow nothing is known that is not known today
    assert (await get(client, "holdings", as_of="2099-01-01"))["as_of"] == TODAY


async def test_raw_prices_and_units_held_then_survive_a_split(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await euros(client)
    of = priced(admin_connection, {"02-02": "100", "02-10": "51"})
    await post(
        client,
        bought(account_id, of, "2026-02-02", "1", "100", currency="EUR"),
        a_record(account_id, "split", "2026-02-10", instrument_id=of, ratio="2"),
    )
    await work(None)
    worth = {p["as_of"]: p["nav"] for p in (await get(client, "nav"))["items"]}
    assert (worth["2026-02-09"], worth["2026-02-10"]) == ("0", "2")  # 100 - 100, 2 × 51 - 100


async def test_a_reversal_takes_its_days_back(client: httpx.AsyncClient, work: Work) -> None:
    account_id = await euros(client)
    first, _ = await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", currency="EUR", gross=cash("100", "EUR")),
        a_record(account_id, "deposit", "2026-03-04", currency="EUR", gross=cash("10", "EUR")),
    )
    await work(None)
    await reverse(client, first)
    await work(None)
    points = (await get(client, "nav"))["items"]
    assert [(p["as_of"], p["nav"]) for p in points] == [("2026-03-04", "10"), (TODAY, "10")]


async def test_a_series_is_cut_and_thinned(client: httpx.AsyncClient, work: Work) -> None:
    account_id = await euros(client)
    await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", currency="EUR", gross=cash("100", "EUR")),
        a_record(account_id, "deposit", "2026-02-10", currency="EUR", gross=cash("10", "EUR")),
    )
    await work(None)
    cut = await get(client, "nav", **{"from": "2026-02-09", "to": "2026-02-11"})
    thin = await get(client, "nav", max_points="5")
    none = await get(client, "nav", **{"from": "2026-02-11", "to": "2026-02-09"})

    # what was paid in before the cut still counts as paid in
    assert [(p["nav"], p["external_flow"], p["net_contributions"]) for p in cut["items"]] == [
        ("100", "0", "100"), ("110", "10", "110"), ("110", "0", "110"),
    ]  # fmt: skip
    assert (thin["point_count"], thin["is_decimated"], len(thin["items"])) == (32, True, 5)
    assert (thin["items"][0]["as_of"], thin["items"][-1]["as_of"]) == ("2026-02-02", TODAY)
    assert (none["items"], none["from_date"], none["to_date"]) == ([], None, None)


async def test_until_the_worker_has_caught_up_a_page_says_so(
    client: httpx.AsyncClient, work: Work
) -> None:
    account_id = await euros(client)
    await post(client, a_record(account_id, "deposit", currency="EUR", gross=cash("5", "EUR")))
    paths = ("overview", "holdings", "nav", "performance")
    before = [(await get(client, path))["is_recomputing"] for path in paths]
    await work(None)
    after = [(await get(client, path))["is_recomputing"] for path in paths]
    assert (before, after) == ([True] * 4, [False] * 4)


@pytest.mark.parametrize("path", ["overview", "holdings", "nav", "performance"])
async def test_an_account_of_nobody_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    query = {"account_id": "00000000-0000-4000-8000-000000000000"}
    assert problem(await client.get(f"/api/v1/{path}", params=query)) == (404, "not_found")


async def test_a_record_of_tomorrow_counts_from_tomorrow(
    client: httpx.AsyncClient, work: Work
) -> None:
    account_id = await euros(client)
    await post(
        client,
        a_record(account_id, "deposit", "2026-03-06", currency="EUR", gross=cash("5", "EUR")),
    )
    assert await work(None) == ["rebuild_nav"]
    assert (await get(client, "nav"))["items"] == []
