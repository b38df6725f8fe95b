"""The ledger through the API: what records do to lots and cash, and what undoes them."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import Member, a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import requested
from tests.features.importing import positions, problem, stored
from tests.features.ledgering import (
    TRANSACTIONS,
    a_record,
    bought,
    cash,
    closures,
    get,
    lots,
    post,
    reverse,
    send,
    sold,
)

Known = tuple[str, str, list[str]]
# kind → what is posted over 10 units bought for 1,000; units then held, cash then, what to review
KINDS: dict[str, tuple[dict[str, Any], Known]] = {
    "buy": ({"quantity": "5", "price": "20"}, ("15", "-1100", [])),
    "sell": ({"quantity": "-5", "gross": cash("100"), "fee": cash("1")}, ("5", "-901", [])),
    "dividend": ({"gross": cash("12.34"), "tax": cash("1.85")}, ("10", "-989.51", [])),
    "capital_gain_distribution": ({"gross": cash("5")}, ("10", "-995", [])),
    "return_of_capital": ({"gross": cash("50")}, ("10", "-950", [])),
    "interest": ({"gross": cash("-1.23"), "instrument_id": None}, ("10", "-1001.23", [])),
    "fee": ({"fee": cash("9.5"), "instrument_id": None}, ("10", "-1009.5", [])),
    "tax": ({"tax": cash("3")}, ("10", "-1003", [])),
    "deposit": ({"gross": cash("500"), "instrument_id": None}, ("10", "-500", [])),
    "withdrawal": ({"gross": cash("-200"), "instrument_id": None}, ("10", "-1200", [])),
    "transfer_in": ({"quantity": "4", "price": "90"}, ("14", "-1000", [])),
    "transfer_out": ({"quantity": "-4"}, ("6", "-1000", [])),
    "split": ({"ratio": "2.5"}, ("25", "-1000", [])),
    "spin_off": ({"quantity": "3"}, ("13", "-1000", ["source_unknown"])),
    "merger": ({"quantity": "-10", "gross": cash("1500")}, ("0", "500", [])),
    "cash_in_lieu": ({"quantity": "-0.5", "gross": cash("60")}, ("9.5", "-940", [])),
    "name_change": ({"quantity": "-10"}, ("0", "-1000", ["exchange_unpaired"])),
    "worthless": ({"quantity": "-10"}, ("0", "-1000", [])),
    "rights": ({"quantity": "2"}, ("12", "-1000", [])),
    "option_expiry": ({"quantity": "-10"}, ("0", "-1000", [])),
    "option_assignment": ({"quantity": "-10"}, ("0", "-1000", ["premium_not_folded"])),
    "option_exercise": ({"quantity": "-10"}, ("0", "-1000", ["premium_not_folded"])),
    "reward": ({"quantity": "1", "price": "100"}, ("11", "-1000", [])),
    "adjustment": ({"gross": cash("5"), "instrument_id": None}, ("10", "-995", [])),
}


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client)


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_a_person_can_post(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID, kind: str
) -> None:
    changes, (units, dollars, review) = KINDS[kind]
    await post(client, bought(account_id, instrument_id, "2026-02-02", "10", "100"))

    (posted,) = await post(
        client, a_record(account_id, kind, **{"instrument_id": instrument_id, **changes})
    )

    assert (posted["kind"], posted["review_reasons"]) == (kind, review)
    held = await positions(client)
    assert held.get(posted["symbol"] or _only_symbol(held), "0") == units
    assert held["USD"] == dollars


def _only_symbol(held: dict[str, str]) -> str:
    (symbol,) = held.keys() - {"USD"}
    return symbol


async def test_a_conversion_moves_both_its_legs(
    client: httpx.AsyncClient, account_id: UUID
) -> None:
    await post(
        client,
        a_record(
            account_id, "fx_conversion",
            gross=cash("-110.50"), counter=cash("100", "EUR"), fee=cash("2"),
        ),
    )  # fmt: skip
    assert await positions(client) == {"USD": "-112.5", "EUR": "100"}


@pytest.mark.parametrize("kind", ["reversal", "unknown"])
async def test_what_only_the_ledger_or_a_file_can_say_is_refused(
    client: httpx.AsyncClient, account_id: UUID, kind: str
) -> None:
    refused = await send(client, a_record(account_id, kind, gross=cash("1")))
    assert problem(refused) == (422, "invalid_fields")
    assert refused.json()["errors"][0]["pointer"] == "/body/kind"


async def test_lots_close_first_in_first_out(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    await post(
        client,
        bought(account_id, instrument_id, "2026-02-02", "100", "10", fee=cash("1")),
        bought(account_id, instrument_id, "2026-02-03", "50", "12"),
        sold(account_id, instrument_id, "2026-02-04", "75", "15"),
        sold(account_id, instrument_id, "2026-02-05", "50", "16", fee=cash("2")),
    )

    # 100 for 1,001 and 50 for 600. 75 × 15 = 1,125 - 750.75; then 798 for 50:
    # 399 - 250.25 for the 25 left of the first, 399 - 300 for 25 of the second
    assert await closures(client, instrument_id) == [
        ("2026-02-04", "2026-02-02", "75", "374.25"),
        ("2026-02-05", "2026-02-02", "25", "148.75"),
        ("2026-02-05", "2026-02-03", "25", "99"),
    ]
    assert await lots(client, instrument_id) == [("2026-02-03", "25", "300")]
    answer = await get(client, "lots", instrument_id=str(instrument_id))
    assert (answer["traded_gain"], answer["currency"]) == ("622", "USD")
    (position,) = (await get(client, "positions"))["items"]
    assert (position["cost"], position["average_cost"]) == ("300", "12")


async def test_selling_more_than_is_held_opens_a_short_lot_and_a_purchase_covers_it(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    _, over = await post(
        client,
        bought(account_id, instrument_id, "2026-02-02", "10", "10"),
        sold(account_id, instrument_id, "2026-02-03", "15", "20"),
    )
    assert over["review_reasons"] == ["sold_more_than_held"]
    assert await lots(client, instrument_id) == [("2026-02-03", "-5", "100")]

    await post(client, bought(account_id, instrument_id, "2026-02-04", "8", "18"))

    # 200 - 100 on the ten; 100 got for the five, 90 paid to cover them; three left for 54
    assert await closures(client, instrument_id) == [
        ("2026-02-03", "2026-02-02", "10", "100"),
        ("2026-02-04", "2026-02-03", "5", "10"),
    ]
    assert await lots(client, instrument_id) == [("2026-02-04", "3", "54")]


async def test_a_split_multiplies_units_and_keeps_cost_and_days(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    await post(
        client,
        bought(account_id, instrument_id, "2026-02-02", "10", "30"),
        a_record(account_id, "split", "2026-02-03", instrument_id=instrument_id, ratio="3"),
        sold(account_id, instrument_id, "2026-02-04", "12", "11"),
    )
    # 30 units for 300; 12 of them cost 120 and bring 132
    assert await closures(client, instrument_id) == [("2026-02-04", "2026-02-02", "12", "12")]
    assert await lots(client, instrument_id) == [("2026-02-02", "18", "180")]


async def test_lots_of_all_accounts_or_of_one(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    other = await create_account(client, name="Other")
    await post(
        client,
        bought(account_id, instrument_id, "2026-02-02", "10", "30"),
        bought(other, instrument_id, "2026-02-03", "1", "30"),
    )
    one = await get(client, "lots", instrument_id=str(instrument_id), account_id=str(other))

    assert [lot["account_name"] for lot in one["open_lots"]] == ["Other"]
    # a sale in one account takes nothing out of the other
    await post(client, sold(other, instrument_id, "2026-02-04", "2", "31"))
    assert await lots(client, instrument_id) == [
        ("2026-02-02", "10", "300"),
        ("2026-02-04", "-1", "31"),
    ]


async def test_a_backdated_purchase_is_sold_first_and_days_are_rebuilt_from_it(
    client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
    member: Member,
    admin_connection: Connection,
) -> None:
    await post(
        client,
        bought(account_id, instrument_id, "2026-02-10", "10", "12"),
        sold(account_id, instrument_id, "2026-02-12", "5", "15"),
    )
    assert await closures(client, instrument_id) == [("2026-02-12", "2026-02-10", "5", "15")]

    await post(client, bought(account_id, instrument_id, "2026-02-05", "10", "10"))

    assert await closures(client, instrument_id) == [("2026-02-12", "2026-02-05", "5", "25")]
    assert await lots(client, instrument_id) == [
        ("2026-02-05", "5", "50"),
        ("2026-02-10", "10", "120"),
    ]
    announced = [job.arguments["earliest"] for job in requested(admin_connection, member)]
    assert announced == ["2026-02-10", "2026-02-12", "2026-02-05"]


async def test_a_reversal_restores_lots_and_cash_and_deletes_nothing(
    client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
    member: Member,
    admin_connection: Connection,
) -> None:
    _, sale = await post(
        client,
        bought(account_id, instrument_id, "2026-02-02", "10", "10", fee=cash("1")),
        sold(account_id, instrument_id, "2026-02-03", "4", "20"),
    )

    answer = await reverse(client, sale)

    assert (answer.status_code, answer.json()["is_reversed"]) == (201, True)
    assert await lots(client, instrument_id) == [("2026-02-02", "10", "101")]
    assert await closures(client, instrument_id) == []
    assert (await positions(client))["USD"] == "-101"
    assert stored(admin_connection, member)["transactions"] == 3
    shown = [r["kind"] for r in (await get(client, "transactions"))["items"]]
    assert shown == ["buy"]
    everything = (await get(client, "transactions", include_reversed="true"))["items"]
    assert [(r["kind"], r["is_reversed"]) for r in everything] == [
        ("reversal", False), ("sell", True), ("buy", False),
    ]  # fmt: skip
    assert everything[0]["reverses_id"] == sale["id"]


async def test_a_record_is_taken_back_once(
    client: httpx.AsyncClient, account_id: UUID, member: Member, admin_connection: Connection
) -> None:
    (paid,) = await post(client, a_record(account_id, "deposit", gross=cash("5")))

    answers = await asyncio.gather(*[reverse(client, paid) for _ in range(3)])

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert problem(await reverse(client, paid)) == (409, "already_reversed")
    everything = (await get(client, "transactions", include_reversed="true"))["items"]
    assert problem(await reverse(client, everything[0])) == (409, "already_reversed")
    assert stored(admin_connection, member)["transactions"] == 2
    assert await positions(client) == {}


async def test_the_same_attempt_again_answers_the_same_record(
    client: httpx.AsyncClient, account_id: UUID, member: Member, admin_connection: Connection
) -> None:
    body, key = a_record(account_id, "deposit", gross=cash("5")), a_key()

    first = await send(client, body, key)
    again = await send(client, body, key)
    other = await send(client, {**body, "gross": cash("6")}, key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert problem(other) == (422, "idempotency_key_reused")
    assert problem(await client.post(TRANSACTIONS, json=body)) == (400, "idempotency_key_missing")
    assert stored(admin_connection, member)["transactions"] == 1


async def test_attempts_at_once_post_one_record(
    client: httpx.AsyncClient, account_id: UUID, member: Member, admin_connection: Connection
) -> None:
    body, key = a_record(account_id, "deposit", gross=cash("5")), a_key()

    answers = await asyncio.gather(*[send(client, body, key) for _ in range(5)])

    # who came while the first was at work is told to come back
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert stored(admin_connection, member)["transactions"] == 1


async def test_two_attempts_with_two_keys_are_two_records(
    client: httpx.AsyncClient, account_id: UUID
) -> None:
    body = a_record(account_id, "deposit", gross=cash("5"))
    await asyncio.gather(*[send(client, body) for _ in range(8)])
    assert await positions(client) == {"USD": "40"}


async def test_accounts_and_instruments_of_nobody_and_of_others_do_not_exist(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
    admin_connection: Connection,
) -> None:
    theirs = await create_account(other_client)
    hidden = add_instrument(admin_connection, is_listed=False)
    for account, instrument in (
        (theirs, instrument_id), (uuid4(), instrument_id), (account_id, hidden),
        (account_id, uuid4()),
    ):  # fmt: skip
        refused = await send(client, bought(account, instrument, "2026-02-02", "1", "1"))
        assert problem(refused) == (404, "not_found")


async def test_money_paid_in_or_out_crosses_the_edge_unless_one_says_otherwise(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    posted = await post(
        client,
        a_record(account_id, "deposit", gross=cash("5")),
        a_record(account_id, "withdrawal", gross=cash("-5")),
        a_record(account_id, "transfer_in", instrument_id=instrument_id, quantity="1", price="1"),
        a_record(account_id, "interest", gross=cash("5")),
        a_record(account_id, "deposit", gross=cash("5"), is_external_flow=False),
    )
    assert [r["is_external_flow"] for r in posted] == [True, True, True, False, False]


async def test_an_option_is_bought_by_the_contract(
    client: httpx.AsyncClient, account_id: UUID, admin_connection: Connection
) -> None:
    option = add_instrument(admin_connection, asset_class="option")
    admin_connection.execute("UPDATE instruments SET multiplier = 100 WHERE id = %s", (option,))

    await post(
        client,
        bought(account_id, option, "2026-02-02", "2", "1.55"),
        bought(account_id, option, "2026-02-03", "1", "1.60", gross=cash("-160")),
    )

    assert await lots(client, option) == [("2026-02-02", "2", "310"), ("2026-02-03", "1", "160")]
