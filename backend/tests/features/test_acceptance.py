"""What the users of other trackers complained of, asked of every page: peers' reports as tests."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import psycopg
import pytest

from tests.builders import Member, add_fx_rate, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, get, paid, post, priced, sold
from tests.servers import Servers
from truenav.features.marketdata.providers.quotes import Bar, History
from truenav.features.marketdata.storing import store_history
from truenav.platform.clock import FakeClock
from truenav.platform.tokens import TokenSigner

D = Decimal
TODAY = date(2026, 3, 5)


async def returns(client: httpx.AsyncClient, **query: str) -> dict[str, Any]:
    found: dict[str, Any] = await get(client, "performance", **query)
    return found


class TestAccountsThatComeAndGo:
    """Wealthfolio 1414 and 497."""

    async def test_a_second_account_that_starts_with_cash_moves_no_return(
        self, client: httpx.AsyncClient, work: Work, admin_connection: Connection
    ) -> None:
        first = await create_account(client)
        of = priced(admin_connection, {"2025-10-01": "100", "2026-01-05": "110"})
        await post(client, paid(first, "2025-10-01", "1000"),
                   bought(first, of, "2025-10-01", "10", "100"))  # fmt: skip
        await work(None)
        alone = await returns(client)
        assert alone["time_weighted"]["ratio"] == "0.1"

        second = await create_account(client)
        await post(client, paid(second, "2026-02-02", "50000"))
        await work(None)
        both = await returns(client)
        assert both["time_weighted"]["ratio"] == "0.1"
        assert both["conventions"]["broken_on"] is None
        at_join = {item["as_of"]: item["return_ratio"] for item in both["items"]}
        assert at_join["2026-02-01"] == at_join["2026-02-02"] == at_join["2026-02-03"] == "0.1"

    async def test_an_emptied_account_stays_where_its_return_was(
        self, client: httpx.AsyncClient, work: Work, admin_connection: Connection
    ) -> None:
        account_id = await create_account(client)
        of = priced(admin_connection, {"2026-01-05": "100", "2026-01-20": "125"})
        await post(
            client,
            paid(account_id, "2026-01-05", "1000"),
            bought(account_id, of, "2026-01-05", "10", "100"),
            sold(account_id, of, "2026-01-20", "10", "125"),
            paid(account_id, "2026-01-21", "-1250"),
        )
        await work(None)
        found = await returns(client)
        assert (found["time_weighted"]["ratio"], found["closing_nav"]) == ("0.25", "0")
        assert {
            item["return_ratio"] for item in found["items"] if item["as_of"] > "2026-01-20"
        } == {"0.25"}


async def test_a_tiny_beginning_and_a_large_deposit_give_one_sane_figure_everywhere(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    """Wealthfolio 848: a first cent must not turn a deposit into a return of a million percent."""
    account_id = await create_account(client)
    of = priced(admin_connection, {"2025-12-30": "100", "2026-01-05": "100", "2026-02-20": "103"})
    await post(
        client,
        paid(account_id, "2025-12-30", "0.01"),
        paid(account_id, "2026-01-05", "100000"),
        bought(account_id, of, "2026-01-05", "1000", "100"),
    )
    await work(None)
    span = {"from": "2025-12-31"}
    whole = await returns(client, **span)
    # 103,000.01 / 100,000.01, since the cent earned nothing
    assert abs(D(whole["time_weighted"]["ratio"]) - D("0.03")) < D("1E-7")
    overview = await get(client, "overview")
    assert overview["ytd_return_ratio"] == whole["time_weighted"]["ratio"]
    monthly = await get(client, "performance/monthly", **span)
    assert monthly["total"]["ratio"] == whole["time_weighted"]["ratio"]
    assert monthly["years"][0]["whole"]["ratio"] == whole["time_weighted"]["ratio"]
    navs = (await get(client, "nav"))["items"]
    assert navs[-1]["nav"] == whole["closing_nav"] == "103000.01"
    risk = await get(client, "risk", **span)
    assert D(risk["max_drawdown"]["ratio"]) == 0


async def test_a_conversion_at_the_broker_s_rate_is_no_flow(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    """Wealthfolio 1655."""
    add_fx_rate(admin_connection, "ISK", date(2026, 2, 2), "1.10")
    add_fx_rate(admin_connection, "ISK", date(2026, 2, 4), "1.10")
    account_id = await create_account(client, base_currency="ISK")
    of_account = {"account_id": str(account_id)}
    await post(client, paid(account_id, "2026-02-02", "1100", "ISK"))
    await work(None)
    before = await get(client, "overview", **of_account)
    # 1,000 euros at the reference rate; the broker gave 990
    await post(
        client,
        a_record(
            account_id, "fx_conversion", "2026-02-03", gross=cash("-1100", "ISK"), currency="ISK",
            counter=cash("990", "EUR"),
        ),
    )  # fmt: skip
    await work(None)
    after = await get(client, "overview", **of_account)
    assert after["net_contributions"] == before["net_contributions"] == "1100"
    found = await returns(client, **of_account, **{"from": "2026-02-02", "to": "2026-02-04"})
    assert found["net_flows"] == "0"
    # what the broker kept is a loss: 990 x 1.10 of 1,100
    assert found["time_weighted"]["ratio"] == "-0.01"


async def test_a_running_balance_is_the_sum_of_what_came_late_and_together(
    client: httpx.AsyncClient,
) -> None:
    """Ghostfolio 6030 and 7834: entries of the past, several on one day."""
    account_id = await create_account(client)
    for day, amount in (
        ("2026-02-20", "500"), ("2026-02-10", "-20"), ("2026-02-10", "300"), ("2026-02-10", "-20"),
        ("2026-01-05", "100"), ("2026-02-20", "-7.5"),
    ):  # fmt: skip
        await post(client, paid(account_id, day, amount))
    moves = await get(client, "cash/movements", account_id=str(account_id), currency="USD")
    oldest_first = list(reversed(moves["items"]))
    running = D(0)
    for move in oldest_first:
        running += D(move["amount"])
        assert D(move["balance"]) == running
    assert running == D("852.5")
    held = await get(client, "cash", account_id=str(account_id))
    assert [D(item["amount"]) for item in held["items"]] == [running]


@pytest.fixture
def ingest(servers: Servers, database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(servers.dsn(database, "truenav_ingest"), autocommit=True) as connection:
        yield connection


async def test_a_share_in_pence_is_worth_pounds_without_any_rate(
    client: httpx.AsyncClient,
    work: Work,
    admin_connection: Connection,
    ingest: psycopg.Connection[Any],
) -> None:
    """Ghostfolio 5950."""
    account_id = await create_account(client, base_currency="GBP")
    of = add_instrument(admin_connection, currency="GBP")
    told = History(
        currency="GBp",
        bars=[Bar(price_date=date(2026, 3, 2), close=D("1234.5"))],
        events=[],
        basis="raw",
    )
    with ingest.transaction():
        store_history(ingest, of, "tiingo", told, TODAY)
    await post(
        client,
        paid(account_id, "2026-03-02", "1000", "GBP"),
        bought(account_id, of, "2026-03-02", "10", "12.345", currency="GBP"),
    )
    await work(None)
    of_account = {"account_id": str(account_id)}
    (holding,) = (await get(client, "holdings", **of_account))["items"]
    assert (holding["price"], holding["market_value"], holding["fx_rate"]) == (
        "12.345", "123.45", "1",
    )  # fmt: skip
    overview = await get(client, "overview", **of_account)
    assert (overview["nav"], overview["currency"]) == ("1000", "GBP")


@pytest.mark.parametrize("lacking", ["price", "rate"])
async def test_one_unknown_value_makes_the_whole_unknown_and_is_counted(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection, lacking: str
) -> None:
    """Never a partial total, never a rate of 1."""
    account_id = await create_account(client)
    known = priced(admin_connection, {"2026-02-02": "100"})
    other = (
        priced(admin_connection, {})
        if lacking == "price"
        else priced(admin_connection, {"2026-02-02": "50"}, currency="XAF")
    )
    await post(
        client,
        paid(account_id, "2026-02-02", "2000"),
        bought(account_id, known, "2026-02-02", "10", "100"),
        bought(account_id, other, "2026-02-02", "10", "50"),
    )
    await work(None)
    reason = "price_missing" if lacking == "price" else "fx_missing"
    overview = await get(client, "overview")
    holdings = await get(client, "holdings")
    assert overview["nav"] is None
    assert holdings["nav"] is None
    assert {u["reason_code"] for u in overview["unknowns"]} == {reason}
    assert overview["ytd_return_ratio"] is None
    navs = (await get(client, "nav"))["items"]
    assert navs[-1]["nav"] is None
    found = await returns(client)
    assert found["closing_nav"] is None
    assert found["time_weighted"]["ratio"] is None
    waterfall = await get(client, "performance/waterfall")
    assert waterfall["reason"] == "value_unknown"
    assert {u["reason_code"] for u in waterfall["unknowns"]} == {reason}
    by_id = {item["instrument_id"]: item for item in holdings["items"]}
    assert by_id[str(known)]["market_value"] == "1000"
    assert by_id[str(other)]["market_value"] is None
    parts = await get(client, "allocation")
    assert (parts["nav"], parts["unknown_count"]) == (None, 1)
    equity = next(node for node in parts["nodes"] if node["key"] == "equity")
    assert (equity["value"], equity["unknown_count"], equity["holding_count"]) == (None, 1, 2)
    assert {u["reason_code"] for u in parts["unknowns"]} == {reason}
    risk = await get(client, "risk")
    assert {metric["value"] for metric in risk["metrics"]} == {None}
    assert all(metric["reason"] for metric in risk["metrics"])
    attribution = await get(client, "attribution", by="instrument")
    assert attribution["total_ratio"] is None
    assert attribution["reason"]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # half past midnight of the 6th in Sydney, of the 5th in Los Angeles
        (datetime(2026, 3, 5, 13, 30, tzinfo=UTC), "2026-03-06"),
        (datetime(2026, 3, 5, 8, 30, tzinfo=UTC), "2026-03-05"),
    ],
)
async def test_days_agree_wherever_a_person_sits(
    client: httpx.AsyncClient,
    work: Work,
    admin_connection: Connection,
    clock: FakeClock,
    signer: TokenSigner,
    member: Member,
    at: datetime,
    day: str,
) -> None:
    """Ghostfolio 3451 and 7795, Wealthfolio 508 and 667: a trade of today, whose today it is."""
    account_id = await create_account(client)
    of = priced(admin_connection, {"2026-03-04": "100", day: "110"})
    await post(client, paid(account_id, "2026-03-04", "1000"))

    def go_to(instant: datetime) -> None:
        clock.instant = instant
        client.headers.update(member.headers(signer, instant))

    go_to(at)
    await post(client, bought(account_id, of, day, "5", "100"))
    go_to(datetime(2026, 3, 7, 12, tzinfo=UTC))
    await work(None)
    listed = (await get(client, "transactions"))["items"]
    assert {item["trade_date"] for item in listed if item["kind"] == "buy"} == {day}
    navs = {item["as_of"]: item["nav"] for item in (await get(client, "nav"))["items"]}
    # the price of the day counts on the day, and not one before or after
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    assert (navs[before], navs[day]) == ("1000", "1050")
    drawn = {item["as_of"]: item["return_ratio"] for item in (await returns(client))["items"]}
    assert (drawn[before], drawn[day]) == ("0", "0.05")


async def test_a_record_of_tomorrow_is_on_no_page_before(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    """It is noon of the 5th (UTC), and the 6th where records of the 6th come from."""
    account_id = await create_account(client)
    of = priced(admin_connection, {"2026-03-04": "100", "2026-03-05": "100"})
    await post(
        client,
        paid(account_id, "2026-03-04", "1000"),
        bought(account_id, of, "2026-03-04", "5", "100"),
        paid(account_id, "2026-03-06", "700"),
        sold(account_id, of, "2026-03-06", "2", "110"),
    )
    await work(None)
    await _pages_agree(client)
    overview = await get(client, "overview")
    assert (overview["nav"], overview["cash"], overview["later_count"]) == ("1000", "500", 2)
    assert (overview["total_gain"], overview["realized_gain"]) == ("0", "0")
    held = (await get(client, "holdings"))["items"]
    assert [(item["quantity"], item["realized_gain"]) for item in held] == [("5", "0")]


async def _pages_agree(client: httpx.AsyncClient) -> None:
    """Whatever the hour, each page tells the same value of the same day."""
    overview = await get(client, "overview")
    series = await get(client, "nav")
    change = await get(client, "performance/waterfall")
    navs = [
        (overview["as_of"], overview["nav"]),
        *((page["as_of"], page["nav"]) for page in (
            await get(client, "holdings"), await get(client, "allocation"), series["items"][-1],
        )),
        (change["to_date"], change["closing_nav"]),
    ]  # fmt: skip
    assert len(set(navs)) == 1, navs
    assert overview["net_contributions"] == series["items"][-1]["net_contributions"]


async def test_a_dividend_less_its_tax_is_income_tax_and_cash(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    """Wealthfolio 1714, Ghostfolio 3233: 100 gross, 15 withheld, 85 arrive."""
    account_id = await create_account(client)
    of = priced(admin_connection, {"2026-02-02": "100"})
    await post(
        client,
        paid(account_id, "2026-02-02", "1000"),
        bought(account_id, of, "2026-02-02", "10", "100"),
        a_record(account_id, "dividend", "2026-02-10", instrument_id=of, gross=cash("100"),
                 tax=cash("15")),
    )  # fmt: skip
    await work(None)
    overview = await get(client, "overview")
    assert (overview["cash"], overview["income_ytd"], overview["nav"]) == ("85", "100", "1085")
    bars = {
        bar["bar"]: bar["amount"] for bar in (await get(client, "performance/waterfall"))["bars"]
    }
    assert (bars["dividends"], bars["taxes"]) == ("100", "-15")
    # after taxes unless asked: 1,085 of 1,000, and 1,100 before them
    assert (await returns(client))["time_weighted"]["ratio"] == "0.085"
    assert (await returns(client, taxes="gross"))["time_weighted"]["ratio"] == "0.1"


async def test_what_was_delisted_keeps_its_history_and_takes_old_trades(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    """Ghostfolio 6605."""
    account_id = await create_account(client)
    of = priced(admin_connection, {"2026-01-05": "20", "2026-01-06": "21", "2026-01-09": "22"})
    admin_connection.execute(
        "UPDATE instruments SET delisted_on = '2026-01-09', is_listed = true WHERE id = %s", (of,)
    )
    await post(
        client,
        paid(account_id, "2026-01-05", "1000"),
        bought(account_id, of, "2026-01-05", "10", "20"),
        sold(account_id, of, "2026-01-09", "10", "22"),
    )
    await work(None)
    navs = {item["as_of"]: item["nav"] for item in (await get(client, "nav"))["items"]}
    assert (navs["2026-01-05"], navs["2026-01-06"], navs["2026-01-09"]) == ("1000", "1010", "1020")
    assert (await get(client, "overview"))["nav"] == "1020"

    # another old trade, entered today
    await post(client, bought(account_id, of, "2026-01-06", "5", "21"))
    await work(None)
    navs = {item["as_of"]: item["nav"] for item in (await get(client, "nav"))["items"]}
    assert (navs["2026-01-06"], navs["2026-01-09"]) == ("1010", "1025")
    (holding,) = (await get(client, "holdings"))["items"]
    assert (holding["stale_reason"], holding["market_value"]) == ("delisted", "110")


async def test_two_accounts_are_what_one_would_be(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    """The same records in one account or two: one value, one return, one change."""
    closes = {"2026-02-02": "100", "2026-02-10": "110", "2026-02-20": "99"}
    of = priced(admin_connection, closes)
    one = await create_account(client)
    halves = [await create_account(client), await create_account(client)]
    for account_id, units in ((one, "10"), *((half, "5") for half in halves)):
        worth = str(int(units) * 100)
        await post(
            client,
            paid(account_id, "2026-02-02", worth),
            bought(account_id, of, "2026-02-02", units, "100"),
        )
    await work(None)
    alone = await returns(client, account_id=str(one))
    everything = await returns(client)
    assert alone["time_weighted"] == everything["time_weighted"]
    assert D(everything["closing_nav"]) == 2 * D(alone["closing_nav"])
