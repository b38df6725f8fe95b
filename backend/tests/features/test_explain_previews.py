"""Figures of what is not posted yet come with their explanations; balances after each movement."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.acting import add_event, done, own
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all, kept, labels, told
from tests.features.importing import a_symbol, preview, schwab
from tests.features.ledgering import a_record, bought, cash, get, post, sold
from truenav.core.explanation import walk

D = Decimal


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client)


async def test_the_balance_after_a_movement_is_the_evening_before_and_its_day(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID
) -> None:
    paper = add_instrument(admin_connection)
    await post(
        client,
        a_record(account_id, "deposit", "2026-01-05", gross=cash("1000")),
        bought(account_id, paper, "2026-01-06", "4", "50", fee=cash("1")),
        sold(account_id, paper, "2026-01-06", "1", "60"),
        a_record(account_id, "withdrawal", "2026-01-07", gross=cash("-9")),
    )
    query = f"account_id={account_id}&currency=USD"
    page = await get(client, "cash/movements", account_id=str(account_id), currency="USD")
    for item in page["items"]:
        path = f"cash/movement?{query}&transaction_id={item['transaction_id']}"
        assert (await explain_all(client, path))[0] == item["balance"]
        assert (await explain(client, f"{path}&figure=amount"))[0] == item["amount"]
    # 1,000 the evening before, 201 paid, 60 got
    sale = page["items"][1]
    path = f"cash/movement?{query}&transaction_id={sale['transaction_id']}"
    shown, root = await explain(client, path)
    assert shown == "859"
    assert [value for _, value in labels(root)] == ["1000", "-201", "60"]
    elsewhere = await client.get(f"/api/v1/explain/{path.replace('USD', 'EUR')}")
    assert elsewhere.status_code == 404


async def test_falls_of_every_day_of_the_table(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, work: Work
) -> None:
    closes = {"2026-02-02": "10", "2026-02-03": "12", "2026-02-04": "9", "2026-02-05": "11"}
    prices = {date.fromisoformat(on): close for on, close in closes.items()}
    paper = add_instrument(admin_connection, prices=prices)
    await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", gross=cash("100")),
        bought(account_id, paper, "2026-02-02", "10", "10"),
    )
    await work(None)
    page = await get(client, "performance", to="2026-02-05")
    falls = {item["as_of"]: item["drawdown_ratio"] for item in page["items"]}
    assert [falls[on] for on in ("2026-02-03", "2026-02-04")] == ["0", "-0.25"]  # 9 of 12
    for on, fall in falls.items():
        if on == "2026-02-02":
            continue  # nothing is linked on the first day
        shown, _ = await explain(client, f"performance?figure=drawdown&from=2026-02-02&to={on}")
        assert shown == fall
        shown, _ = await explain(client, f"performance?figure=time_weighted&to={on}")
        assert shown == next(i["return_ratio"] for i in page["items"] if i["as_of"] == on)


async def test_what_a_sale_would_realize(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID
) -> None:
    paper = add_instrument(admin_connection)
    await post(
        client,
        bought(account_id, paper, "2024-01-02", "10", "10"),
        bought(account_id, paper, "2026-02-02", "10", "30"),
    )
    body = {
        "account_id": str(account_id), "instrument_id": str(paper), "quantity": "15",
        "price": "20", "fee": "3", "day": "2026-03-02",
    }  # fmt: skip
    answer = await client.post("/api/v1/lots/what-if", json=body, headers=a_key())
    found = answer.json()
    # 15 × 20 − 3
    assert told(found["proceeds_explained"])[0] == found["proceeds"] == "297"
    for outcome in found["outcomes"]:
        for figure in ("gain", "short_term_gain", "long_term_gain"):
            shown, root = told(outcome["explained"][figure])
            assert shown == outcome[figure]
        _, root = told(outcome["explained"]["gain"])
        assert [str(part.value) for part in root.children] == [
            close["gain"] for close in outcome["closes"]
        ]


def accounts_of(answer: Any) -> dict[tuple[str, str], str | None]:
    (account,) = answer["accounts"]
    return kept(account["explanations"])


async def test_both_sides_of_an_event(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID
) -> None:
    paper = add_instrument(admin_connection)
    await post(
        client,
        a_record(account_id, "deposit", "2024-01-02", gross=cash("2000")),
        bought(account_id, paper, "2024-01-02", "105", "10"),
    )
    event = await own(client, paper, "reverse_split", old_units="10", new_units="1",
                      fraction_price="95", currency="USD")  # fmt: skip
    answer = await done(client, event["id"], "preview")
    # 105 for 1,050: 10.5, of which the half is paid 47.50 and cost 50
    assert accounts_of(answer) == {
        ("units", str(paper)): "10",
        ("cost", str(paper)): "1000",
        ("lot_units", "0"): "10",
        ("lot_cost", "0"): "1000",
        ("cash", "USD"): "997.5",
        ("realized", "USD"): "-2.5",
        ("gain", "0"): "-2.5",
        ("lot_units_before", "0"): "105",
        ("lot_cost_before", "0"): "1050",
    }
    # nothing leads to records that are none
    (account,) = answer["accounts"]
    posted = {item["id"] for item in (await get(client, "transactions"))["items"]}
    for one in account["explanations"]:
        for node in walk(told(one["explanation"])[1]):
            assert node.more is None
            assert node.ref.transaction_id is None or str(node.ref.transaction_id) in posted


async def test_a_late_split_is_told_with_the_sales_after_it(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID
) -> None:
    paper = add_instrument(admin_connection)
    event = add_event(admin_connection, paper, "2024-06-10", ratio="2")
    await post(client, bought(account_id, paper, "2024-01-02", "10", "100"))
    await post(client, sold(account_id, paper, "2024-07-01", "10", "60"))
    found = accounts_of(await done(client, event, "preview"))
    assert (found["realized_before", "USD"], found["realized", "USD"]) == ("-400", "100")
    assert (found["units", str(paper)], found["cost", str(paper)]) == ("10", "500")


async def test_what_a_file_would_bring(
    client: httpx.AsyncClient, work: Work, account_id: UUID
) -> None:
    symbol = a_symbol()
    await post(client, a_record(account_id, "deposit", "2024-01-02", gross=cash("500")))
    file = schwab(
        "01/05/2024|MoneyLink Transfer||Tfr BANK||||$1000.00",
        "01/08/2024|MoneyLink Transfer||Tfr BANK||||$200.00",
        f"01/09/2024|Buy|{symbol}|SOMETHING INC|10|$50.00|$1.00|-$501.00",
    )
    batch = await preview(client, work, account_id, file)
    found = kept(batch["preview"]["explanations"])
    # 1,200 − 501; 500 now; then a position nobody knows a price of
    assert found == {
        ("cash", "USD"): "699",
        ("nav_before", "USD"): "500",
        ("nav_after", "USD"): None,
    }
    by_kind = told(batch["preview"]["explanations"][0]["explanation"])[1]
    assert labels(by_kind) == [("Buy, 1 record", "-501"), ("Deposit, 2 records", "1200")]
    nav = next(one for one in batch["preview"]["explanations"] if one["of"] == "nav_after")
    first = nav["explanation"]["root"]["children"][0]
    assert (first["label"], first["value"]) == (symbol, None)


async def test_a_return_a_year_is_explained_from_a_year_on(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, work: Work
) -> None:
    prices = {date(2024, 1, 2): "100", date(2026, 1, 1): "121"}
    paper = add_instrument(admin_connection, prices=prices)
    await post(
        client,
        a_record(account_id, "deposit", "2024-01-02", gross=cash("100")),
        bought(account_id, paper, "2024-01-02", "1", "100"),
    )
    await work(None)
    # 730 days from the one to the other: 10 % a year
    page = await get(client, "performance", to="2026-01-01")
    assert page["time_weighted"]["annualized_ratio"] == "0.1"
    for method in ("time_weighted", "money_weighted"):
        shown, _ = await explain(client, f"performance?figure={method}_yearly&to=2026-01-01")
        assert shown == page[method]["annualized_ratio"] is not None
    shown, root = await explain(client, "performance?figure=time_weighted_yearly&to=2024-06-01")
    assert (shown, root.unknown_reason) == (None, "less_than_a_year")
