"""Every figure of the pages, explained: equal to the page, adding up, with a way to the records."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import add_fx_rate, add_instrument, add_member, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all, labels
from tests.features.importing import problem
from tests.features.ledgering import a_record, bought, cash, get, post, sold
from truenav.core.explanation import walk

D = Decimal
TODAY = "2026-03-05"  # of the clock the tests are run by


def day(text: str) -> date:
    return date.fromisoformat(text)


class Portfolio:
    """An account in dollars with a split, a spin-off and a short, and one that holds lira."""

    def __init__(self, account: UUID, foreign: UUID, instruments: dict[str, UUID]) -> None:
        self.account, self.foreign, self.of = account, foreign, instruments


@pytest.fixture
def rates(admin_connection: Connection) -> Iterator[None]:
    """Dollars and lira for one euro; rates are everybody's, so they are taken away again."""
    source = "a-explanation"
    for code, rate in (("USD", "1.25"), ("TRY", "4")):
        for when in ("2026-01-05", "2026-02-02", "2026-02-27", "2026-03-04", "2026-03-05"):
            admin_connection.execute(
                "INSERT INTO fx_rates (base_currency, quote_currency, rate_date, rate, source)"
                " VALUES ('EUR', %s, %s, %s, %s)",
                (code, day(when), D(rate), source),
            )
    yield
    admin_connection.execute("DELETE FROM fx_rates WHERE source = %s", (source,))


@pytest.fixture
async def portfolio(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work, rates: None
) -> Portfolio:
    del rates

    def listed(currency: str = "USD", **closes: str) -> UUID:
        prices = {day(f"2026-{when[1:3]}-{when[3:]}"): close for when, close in closes.items()}
        return add_instrument(admin_connection, currency=currency, prices=prices)

    of = {
        "split": listed(d0105="80", d0202="20", d0304="24", d0305="25"),
        "short": listed(d0105="10", d0304="9", d0305="8"),
        "parent": listed(d0105="50", d0304="52", d0305="51"),
        "child": listed(d0202="4", d0304="5", d0305="6"),
        "turkish": listed("TRY", d0105="100", d0304="118", d0305="120"),
    }
    account = await create_account(client)
    foreign = await create_account(client, base_currency="TRY", tax_currency="TRY")
    await post(
        client,
        a_record(account, "deposit", "2026-01-05", gross=cash("10000")),
        bought(account, of["split"], "2026-01-05", "10", "80", fee=cash("5")),
        bought(account, of["split"], "2026-01-12", "3", "81.55", fee=cash("1.01")),
        a_record(account, "split", "2026-02-02", instrument_id=of["split"], ratio="4"),
        sold(account, of["split"], "2026-02-27", "45", "21", fee=cash("3")),
        sold(account, of["short"], "2026-01-05", "30", "10", fee=cash("2"), sub_kind="short_open"),
        bought(account, of["short"], "2026-02-27", "10", "9", fee=cash("1")),
        bought(account, of["parent"], "2026-01-05", "7", "50"),
        a_record(
            account, "spin_off", "2026-02-02", instrument_id=of["child"], quantity="7",
            source_instrument_id=of["parent"], basis_fraction="0.1",
        ),
        a_record(
            account, "dividend", "2026-02-02", instrument_id=of["parent"], gross=cash("7"),
            tax=cash("1.05"),
        ),
        a_record(foreign, "deposit", "2026-01-05", currency="TRY", gross=cash("5000", "TRY")),
        bought(foreign, of["turkish"], "2026-01-05", "20", "100", currency="TRY"),
        sold(foreign, of["turkish"], "2026-02-27", "5", "110", currency="TRY"),
    )  # fmt: skip
    await work(None)
    return Portfolio(account, foreign, of)


async def test_totals_are_accounts_holdings_prices_and_rates(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    page = await get(client, "holdings")
    figures = {
        "nav": "nav", "market_value": "total_market_value", "cash": "total_cash",
        "unrealized_gain": "total_unrealized_gain", "day_change": "total_day_change",
    }  # fmt: skip
    for figure, name in figures.items():
        shown, followed = await explain_all(client, f"holdings?figure={figure}")
        assert shown == page[name] is not None
        assert followed or figure == "day_change"
    assert await explain_all(client, "holdings?figure=cost")
    past = await get(client, "holdings", as_of="2026-02-27")
    shown, _ = await explain_all(client, "holdings?figure=nav&as_of=2026-02-27")
    assert shown == past["nav"] is not None

    _, root = await explain(client, "holdings?figure=nav")
    assert len(root.children) == 2
    assert {n.ref.source for n in walk(root) if n.kind == "price"} == {"test"}
    assert {n.ref.source for n in walk(root) if n.kind == "rate"} == {"a-explanation"}
    assert str(portfolio.account) in {str(n.ref.account_id) for n in walk(root)}


async def test_every_figure_of_every_holding(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    for account in (None, portfolio.account, portfolio.foreign):
        scope = {} if account is None else {"account_id": str(account)}
        page = await get(client, "holdings", **scope)
        assert page["items"]
        for item in page["items"]:
            for figure in (
                "quantity", "price", "market_value", "cost", "unrealized_gain", "day_change",
                "unrealized_gain_ratio", "day_change_ratio", "weight_ratio",
            ):  # fmt: skip
                tail = "".join(f"&{name}={value}" for name, value in scope.items())
                path = f"holdings/{item['instrument_id']}?figure={figure}{tail}"
                shown, _ = await explain_all(client, path, most=12)
                assert shown == item[figure] is not None


async def test_the_overviews_changes_flows_income_and_gains(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    for account in (None, portfolio.foreign):
        scope = {} if account is None else {"account_id": str(account)}
        tail = "".join(f"&{name}={value}" for name, value in scope.items())
        page = await get(client, "overview", **scope)
        for figure in (
            "day_change", "day_change_ratio", "realized_gain", "income_ytd", "net_contributions",
            "total_gain",
        ):  # fmt: skip
            shown, _ = await explain_all(client, f"overview?figure={figure}{tail}")
            assert shown == page[figure] is not None, figure
        for when in ("2026-01-05", "2026-02-27", page["as_of"]):
            days = {"from": when, "to": when, **scope}
            nav = (await client.get("/api/v1/nav", params=days)).json()
            shown, root = await explain(client, f"nav?on={when}{tail}")
            assert D(shown or 0).quantize(D("1E-6")) == D(nav["items"][0]["nav"])
            assert root.children


async def test_parts_of_the_allocation(client: httpx.AsyncClient, portfolio: Portfolio) -> None:
    assert portfolio.of
    page = await get(client, "overview")
    cuts = {"asset_class": "allocation_by_asset_class", "currency": "allocation_by_currency"}
    for cut, name in cuts.items():
        assert len(page[name]) > 1
        for item in page[name]:
            shown, _ = await explain_all(
                client, f"allocation/node?by={cut}&key={item['key']}&look_through=false"
            )
            assert shown == item["value"]
            weight = f"allocation/node?by={cut}&key={item['key']}&look_through=false"
            weight += "&figure=weight_ratio"
            assert (await explain(client, weight))[0] == item["weight_ratio"]
    for held in (await get(client, "holdings"))["cash"]:
        shown, _ = await explain_all(client, f"allocation/node?key=cash:{held['currency']}")
        assert shown == held["value"] is not None
    nothing = await client.get("/api/v1/explain/allocation/node?by=currency&key=JPY")
    assert problem(nothing) == (404, "not_found")


async def test_the_return_of_the_year_is_the_overviews(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    assert portfolio.of
    page = await get(client, "overview")
    path = f"performance?figure=time_weighted&from={page['ytd_start_date']}"
    assert (await explain_all(client, path))[0] == page["ytd_return_ratio"] is not None


async def test_positions_lots_and_gains_lead_to_records(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    """Bought 10 + 3, × 4 = 52, sold 45: the first lot (805), and 5 of the 12 of the second."""
    of = portfolio.of["split"]
    position = f"position?account_id={portfolio.account}&instrument_id={of}"
    units, root = await explain(client, f"{position}&figure=quantity")
    assert (units, [value for _, value in labels(root)]) == ("7", ["52", "-45"])
    for figure in ("cost", "average_cost"):
        await explain_all(client, f"{position}&figure={figure}")
    before = f"{position}&on=2026-02-01"
    assert (await explain(client, f"{before}&figure=quantity"))[0] == "13"
    assert (await explain(client, f"{before}&figure=cost"))[0] == "1050.66"
    assert (await explain(client, f"{position}&as_known_on=2020-01-01"))[0] == "0"

    page = await get(client, "lots", instrument_id=str(of))
    (lot,) = page["open_lots"]
    for figure in ("cost", "quantity", "cost_per_unit"):
        shown, _ = await explain_all(client, f"lots/{lot['id']}?figure={figure}")
        assert shown == lot[figure]
    _, root = await explain(client, f"lots/{lot['id']}")
    assert next(value for _, value in labels(root)) == "245.66"
    assert len(page["closures"]) == 2
    for closure in page["closures"]:
        for figure in ("gain", "quantity", "proceeds", "cost"):
            shown, _ = await explain_all(client, f"closures/{closure['id']}?figure={figure}")
            assert shown == closure[figure]
    path = f"realized-gains?instrument_id={of}&in_currency=USD&basis=traded"
    assert (await explain_all(client, path))[0] == page["traded_gain"]


async def test_shorts_and_spin_offs_are_told(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    """Sold 30 at 10 less 2: 298; a third of it against 91. The child took a tenth of 350."""
    page = await get(client, "lots", instrument_id=str(portfolio.of["short"]))
    (closure,) = page["closures"]
    _, root = await explain(client, f"closures/{closure['id']}")
    assert [D(v).quantize(D("0.01")) for _, v in labels(root)] == [D("99.33"), D("91.00")]
    child = await get(client, "lots", instrument_id=str(portfolio.of["child"]))
    (lot,) = child["open_lots"]
    shown, followed = await explain_all(client, f"lots/{lot['id']}")
    assert (shown, followed) == ("35", 1)
    _, root = await explain(client, f"lots/{lot['id']}")
    assert labels(root) == [
        ("Cost of the parent's lot", "350"),
        ("Part of the cost that moves", "0.1"),
    ]


async def test_gains_in_the_tax_currency_and_their_totals(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    for account in (portfolio.account, portfolio.foreign):
        page = await get(client, "realized-gains", account_id=str(account))
        for item in page["items"]:
            for figure in ("tax_gain", "tax_proceeds", "tax_cost", "currency_effect", "gain"):
                shown, _ = await explain_all(client, f"closures/{item['id']}?figure={figure}")
                assert shown == item[figure] is not None
        for total in page["totals"]:
            for figure in ("gain", "proceeds", "cost"):
                path = (
                    f"realized-gains?account_id={account}&term={total['term']}"
                    f"&in_currency={total['currency']}&figure={figure}"
                )
                assert (await explain_all(client, path))[0] == total[figure] is not None


async def test_foreign_gains_are_converted_at_each_days_rate(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    """Bought at 100 × 0.25, sold at 120 × 0.5 (CZK 4, then 2, for a euro): 60 − 25 = 35."""
    add_fx_rate(admin_connection, "CZK", day("2024-02-05"), "4")
    add_fx_rate(admin_connection, "CZK", day("2024-06-05"), "2")
    account = await create_account(client, base_currency="EUR")
    paper = add_instrument(admin_connection, currency="CZK")
    await post(
        client,
        bought(account, paper, "2024-02-05", "1", "100", currency="CZK"),
        sold(account, paper, "2024-06-05", "1", "120", currency="CZK"),
    )
    (item,) = (await get(client, "realized-gains", account_id=str(account)))["items"]
    shown, root = await explain(client, f"closures/{item['id']}?figure=tax_gain")
    assert (shown, [value for _, value in labels(root)]) == ("35", ["60", "25"])
    assert [n.value for n in walk(root) if n.kind == "rate"] == [D(2), D(4)]
    # 35 − 20 × 0.5
    assert (await explain(client, f"closures/{item['id']}?figure=currency_effect"))[0] == "25"


async def test_cash_is_every_movement_and_what_has_not_settled(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    for on in ("2026-02-27", "2026-03-02", TODAY):
        page = await get(client, "cash", on=on, account_id=str(portfolio.account))
        for item in page["items"]:
            query = f"account_id={portfolio.account}&currency={item['currency']}&on={on}"
            for figure in ("amount", "settled"):
                shown, _ = await explain_all(client, f"cash?{query}&figure={figure}")
                assert shown == item[figure] is not None
    shown, root = await explain(client, f"cash?{query}&from=2026-02-01")
    assert shown == page["items"][0]["amount"]
    assert labels(root)[0][0] == "Balance on 2026-01-31"
    assert (await explain_all(client, f"cash?{query}&from=2026-02-01"))[1] == 1
    assert (await explain(client, f"cash?account_id={portfolio.account}&currency=JPY"))[0] == "0"


async def test_a_long_list_is_told_in_pages_that_add_up(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    """60 purchases and sales of one unit, a dollar of gain each."""
    account, paper = await create_account(client), add_instrument(admin_connection)
    body = [bought(account, paper, "2025-01-02", "60", "1")]
    body += [
        sold(account, paper, f"2025-{1 + n // 28:02d}-{3 + n % 25:02d}", "1", "2")
        for n in range(60)
    ]
    await post(client, *body)
    path = f"realized-gains?account_id={account}&in_currency=USD"
    shown, root = await explain(client, path)
    assert (shown, len(root.children)) == ("60", 51)
    assert root.children[-1].label == "and 10 more"
    assert (await explain_all(client, path, most=80))[1] > 50
    shown, root = await explain(client, f"cash?account_id={account}&currency=USD")
    assert shown == "60"
    sales = next(group for group in root.children if group.label == "Sell")
    assert (len(sales.children), sales.children[-1].label) == (21, "and 40 more")
    assert sales.children[-1].more is not None
    _, rest = await explain(client, sales.children[-1].more)
    assert (len(rest.children), rest.value) == (40, D(80))


async def test_returns_are_linked_days_and_flows_worth_nothing(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    assert portfolio.of
    for timing in ("start_of_day", "end_of_day"):
        page = await get(client, "performance", flow_timing=timing)
        tail = f"&flow_timing={timing}"
        for figure, shown in (
            ("time_weighted", page["time_weighted"]["ratio"]),
            ("money_weighted", page["money_weighted"]["ratio"]),
            ("gain", page["gain"]),
            ("net_flows", page["net_flows"]),
            ("max_drawdown", page["max_drawdown"]["ratio"]),
            ("flows_worth", "0"),
        ):
            found, _ = await explain_all(client, f"performance?figure={figure}{tail}", most=12)
            assert found == shown is not None, figure


@pytest.fixture
async def unpriced(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> Any:
    account = await create_account(client)
    paper = add_instrument(admin_connection, currency="SEK")
    await post(
        client,
        bought(account, paper, "2026-02-02", "2", "10", currency="SEK"),
        a_record(account, "transfer_in", "2026-02-03", instrument_id=paper, quantity="5"),
        sold(account, paper, "2026-02-04", "3", "10", currency="SEK"),
    )
    await work(None)
    return account, paper


async def test_unknown_figures_say_what_is_missing(
    client: httpx.AsyncClient, unpriced: tuple[UUID, UUID]
) -> None:
    account, paper = unpriced
    for path in (
        "holdings?figure=nav", f"holdings/{paper}?figure=market_value",
        f"holdings/{paper}?figure=cost", f"holdings/{paper}?figure=unrealized_gain",
        "overview?figure=total_gain", f"holdings/{paper}?figure=day_change",
        f"position?account_id={account}&instrument_id={paper}&figure=cost",
        f"realized-gains?account_id={account}&in_currency=USD",
    ):  # fmt: skip
        shown, root = await explain(client, path)
        assert shown is None, path
        reasons = {n.unknown_reason for n in walk(root)} - {None}
        assert reasons & {"price_missing", "cost_unknown", "fx_missing"}, path


async def test_another_tenant_sees_nothing(
    client: httpx.AsyncClient,
    portfolio: Portfolio,
    make_client: ClientMaker,
    admin_connection: Connection,
) -> None:
    lots = await get(client, "lots", instrument_id=str(portfolio.of["split"]))
    other = make_client(add_member(admin_connection))
    lot, closure = lots["open_lots"][0]["id"], lots["closures"][0]["id"]
    account, paper = portfolio.account, portfolio.of["split"]
    for path in (
        f"lots/{lot}", f"closures/{closure}", f"cash?account_id={account}&currency=USD",
        f"cash/movements?account_id={account}&currency=USD&kind=buy&on={TODAY}",
        f"position?account_id={account}&instrument_id={paper}",
        f"holdings?account_id={account}", f"holdings/{paper}",
            f"nav?on={TODAY}&account_id={account}",
        f"flows?on={TODAY}&account_id={account}", f"performance?figure=gain&account_id={account}",
        f"overview?figure=day_change&account_id={account}",
        f"realized-gains?account_id={account}&in_currency=USD",
    ):  # fmt: skip
        assert problem(await other.get(f"/api/v1/explain/{path}")) == (404, "not_found")
    _, root = await explain(other, "holdings?figure=nav")
    assert (root.value, root.children) == (D(0), ())


async def test_bad_questions_are_refused_by_name(
    client: httpx.AsyncClient, portfolio: Portfolio
) -> None:
    lots = await get(client, "lots", instrument_id=str(portfolio.of["split"]))
    lot = lots["open_lots"][0]["id"]
    nobody = uuid4()
    for path in (f"lots/{nobody}", f"closures/{nobody}", f"holdings/{nobody}",
                 f"lots/{lot}?figure=taken&by={nobody}",
                 f"position?account_id={portfolio.account}&instrument_id={nobody}"):  # fmt: skip
        assert problem(await client.get(f"/api/v1/explain/{path}")) == (404, "not_found")
    refused = await client.get(f"/api/v1/explain/lots/{lot}", params={"figure": "taken"})
    assert refused.json()["errors"][0]["pointer"] == "/query/by"
    for path in ("lots/x", f"lots/{lot}?figure=price", "overview?figure=nothing", "nav?on=today",
                 "performance?figure=time_weighted&period=2024-13",
                 f"cash?account_id={portfolio.account}&currency=usd"):  # fmt: skip
        assert (await client.get(f"/api/v1/explain/{path}")).status_code == 422
    account = f"account_id={portfolio.account}&currency=USD"
    for path in (f"cash?{account}&on=0001-01-01&figure=settled", f"cash?{account}&from=0001-01-01",
                 f"cash?{account}&as_known_on=9999-12-31", "holdings?figure=nav&as_of=0001-01-01",
                 "flows?on=0001-01-01", "flows?on=9999-12-31"):  # fmt: skip
        await explain(client, path)
    path = "/api/v1/explain/realized-gains?in_currency=USD&cursor=x"
    assert problem(await client.get(path)) == (400, "invalid_cursor")


async def test_an_empty_portfolio_has_nothing_to_explain(client: httpx.AsyncClient) -> None:
    assert (await explain(client, "holdings?figure=nav"))[0] == "0"
    _, root = await explain(client, "performance?figure=time_weighted")
    assert root.unknown_reason == "no_capital"
    _, root = await explain(client, "overview?figure=day_change")
    assert root.unknown_reason == "no_earlier_price"
