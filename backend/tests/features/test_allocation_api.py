"""Parts of the whole, worked out by hand: cuts, categories, funds looked through, what is owed."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, a_key, add_instrument, add_member, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all
from tests.features.importing import a_symbol, problem
from tests.features.ledgering import a_record, bought, cash, get, post, sold
from tests.features.test_valuation_api import add_rates, day
from truenav.core.calculations import CURRENT

D = Decimal
Body = dict[str, Any]


@pytest.fixture
def member(admin_connection: Connection) -> Member:
    """The owner of a portfolio in euros."""
    return add_member(admin_connection, base_currency="EUR")


@pytest.fixture
def client(make_client: ClientMaker, member: Member) -> httpx.AsyncClient:
    return make_client(member)


def priced(connection: Connection, close: str | None, currency: str = "EUR", **more: Any) -> UUID:
    """An instrument with one close, or with none."""
    prices = {day("03-04"): close} if close is not None else None
    return add_instrument(connection, symbol=a_symbol(), currency=currency, prices=prices, **more)


async def funded(client: httpx.AsyncClient, amount: str = "1000", **more: Any) -> UUID:
    """An account in euros with cash in it."""
    account_id = await create_account(client, base_currency="EUR", **more)
    paid = cash(amount, "EUR")
    await post(client, a_record(account_id, "deposit", "2026-02-02", currency="EUR", gross=paid))
    return account_id


async def taxonomy(client: httpx.AsyncClient, lines: str) -> str:
    """A taxonomy made of pasted lines."""
    made = await client.post("/api/v1/taxonomies", json={"name": "Own"}, headers=a_key())
    path = f"/api/v1/taxonomies/{made.json()['id']}"
    done = await client.post(f"{path}/classify", json={"version": 1, "text": lines})
    assert done.json()["is_done"], done.text
    return str(made.json()["id"])


async def symbol_of(client: httpx.AsyncClient, instrument_id: UUID) -> str:
    return str((await get(client, f"instruments/{instrument_id}"))["symbol"])


def values(answer: Body) -> dict[str, str | None]:
    """Value by label."""
    return {node["label"]: node["value"] for node in answer["nodes"]}


async def test_built_in_cuts(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    add_rates(admin_connection, "NOK", {"03-04": "10"})
    first, second = await funded(client, "1000", name="First"), await funded(client, name="Second")
    share = priced(admin_connection, "50")
    foreign = priced(admin_connection, "200", "NOK", asset_class="fund")
    await post(
        client,
        bought(first, share, "2026-02-02", "10", "40", currency="EUR"),
        bought(second, share, "2026-02-02", "5", "40", currency="EUR"),
        bought(second, foreign, "2026-02-02", "10", "200", currency="NOK"),
    )
    await work(None)
    # shares 15 × 50 = 750; fund 10 × 200 ÷ 10 = 200; cash 600 + 800 EUR, -2000 NOK = -200 EUR
    by_class = await get(client, "allocation")
    assert by_class["nav"] == "2150"
    assert values(by_class) == {"Equity": "750", "Fund": "200", "Cash": "1200"}
    weights = [D(node["weight_ratio"]) for node in by_class["nodes"]]
    assert abs(sum(weights, D(0)) - 1) < D("1E-9")
    owed = next(node for node in by_class["nodes"] if node["key"] == "cash")
    assert (owed["negative_value"], owed["holding_count"]) == ("-200", 2)
    assert values(await get(client, "allocation", by="currency")) == {"EUR": "2150", "NOK": "0"}
    # 600 + 500; 800 + 250 + 200 - 200
    by_account = await get(client, "allocation", by="account")
    assert values(by_account) == {"First": "1100", "Second": "1050"}
    one = await get(client, "allocation", by="account", account_id=str(first))
    assert (one["nav"], values(one)) == ("1100", {"First": "1100"})
    by_holding = await get(client, "allocation", by="instrument")
    assert [node["value"] for node in by_holding["nodes"]] == ["1200", "750", "200"]


async def test_categories_with_a_fund_looked_through(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await funded(client, "1300")
    fund = priced(admin_connection, "100", asset_class="fund")
    bank, steel = priced(admin_connection, "10"), priced(admin_connection, None, "CHF")
    await post(
        client,
        bought(account_id, fund, "2026-02-02", "10", "100", currency="EUR"),
        bought(account_id, bank, "2026-02-02", "10", "10", currency="EUR"),
    )
    await work(None)
    names = [await symbol_of(client, one) for one in (fund, bank, steel)]
    own = await taxonomy(
        client,
        f"{names[0]},Funds,0.5\n{names[1]},Shares>Banks,1\n{names[2]},Shares>Steel,0.8",
    )
    parts = [
        {"instrument_id": str(bank), "weight_ratio": "0.3"},
        {"instrument_id": str(steel), "weight_ratio": "0.5"},
    ]
    stated = await client.put(
        f"/api/v1/instruments/{fund}/composition", json={"as_of": "2026-02-27", "parts": parts}
    )
    assert stated.status_code == 200, stated.text
    found = await get(client, "allocation", by=own)
    # fund 1000: 0.3 banks, 0.4 steel, 0.3 left: half of it "Funds", half nobody knows
    assert values(found) == {
        "Shares": "800", "Banks": "400", "Steel": "400", "Funds": "150",
        "Not classified": "150", "Cash": "200",
    }  # fmt: skip
    assert (found["nav"], found["looked_through_count"]) == ("1300", 1)
    blind = await get(client, "allocation", by=own, look_through="false")
    assert values(blind) == {
        "Shares": "100", "Banks": "100", "Funds": "500", "Not classified": "500", "Cash": "200",
    }  # fmt: skip
    # half of the fund is Swiss francs, whether or not a part is held or has a price
    by_currency = await get(client, "allocation", by="currency")
    assert values(by_currency) == {"EUR": "800", "CHF": "500"}
    shares = next(node for node in found["nodes"] if node["label"] == "Shares")
    figure, _ = await explain(client, f"allocation/node?by={own}&key={shares['key']}")
    assert figure == "800"
    for key in ("value", "weight_ratio"):
        for node in found["nodes"]:
            path = f"allocation/node?by={own}&key={node['key']}&figure={key}"
            assert (await explain_all(client, path, most=8))[0] == node[key]


async def test_a_missing_price_makes_its_node_and_the_total_unknown(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await funded(client)
    known, unpriced = priced(admin_connection, "10"), priced(admin_connection, None)
    await post(
        client,
        bought(account_id, known, "2026-02-02", "10", "10", currency="EUR"),
        bought(account_id, unpriced, "2026-02-02", "1", "10", currency="EUR"),
    )
    await work(None)
    names = [await symbol_of(client, one) for one in (known, unpriced)]
    own = await taxonomy(client, f"{names[0]},Shares>Banks\n{names[1]},Shares>Steel")
    found = await get(client, "allocation", by=own)

    assert (found["nav"], found["unknown_count"]) == (None, 1)
    assert values(found) == {"Shares": None, "Banks": "100", "Steel": None, "Cash": "890"}
    assert {node["weight_ratio"] for node in found["nodes"]} == {None}
    counts = {node["label"]: node["unknown_count"] for node in found["nodes"]}
    assert counts == {"Shares": 1, "Banks": 0, "Steel": 1, "Cash": 0}
    assert [(u["reason_code"], u["symbol"]) for u in found["unknowns"]] == [
        ("price_missing", names[1])
    ]


async def test_what_is_owed_is_subtracted_and_told(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await funded(client)
    long, short = priced(admin_connection, "10"), priced(admin_connection, "20")
    await post(
        client,
        bought(account_id, long, "2026-02-02", "10", "10", currency="EUR"),
        sold(account_id, short, "2026-02-02", "2", "20", currency="EUR"),
    )
    await work(None)
    equity = next(n for n in (await get(client, "allocation"))["nodes"] if n["key"] == "equity")

    assert (equity["value"], equity["negative_value"], equity["holding_count"]) == ("60", "-40", 2)


async def test_an_earlier_day_and_what_is_not_there(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await funded(client)
    share = priced(admin_connection, "10")
    await post(client, bought(account_id, share, "2026-03-04", "10", "10", currency="EUR"))
    await work(None)
    before = await get(client, "allocation", by="account", as_of="2026-03-03")
    now = await get(client, "allocation", by="account", as_of="2026-03-04")

    assert (before["nav"], [h["label"] for h in before["holdings"]]) == ("1000", ["EUR cash"])
    assert (now["nav"], len(now["holdings"])) == ("1000", 2)
    assert now["conventions"]["calculation_version"] == CURRENT["valuation"]
    nobody = "00000000-0000-4000-8000-000000000000"
    absent = await client.get("/api/v1/allocation", params={"by": nobody})
    assert problem(absent) == (404, "not_found")
    path = "/api/v1/explain/allocation/node"
    empty = await client.get(path, params={"by": "currency", "key": "JPY"})
    assert problem(empty) == (404, "not_found")
    assert (await get(client, "allocation", by="account", account_id=str(account_id)))[
        "is_recomputing"
    ] is False
