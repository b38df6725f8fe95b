"""Corrections: chains of records, versions, undo, many at once, and what was known when."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx
import pytest

from tests.builders import a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.importing import problem
from tests.features.ledgering import (
    TRANSACTIONS,
    Body,
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

D = Decimal


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client)


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


async def correct(client: httpx.AsyncClient, record: Any, body: Body) -> httpx.Response:
    return await client.put(f"{TRANSACTIONS}/{record['id']}", json=body, headers=a_key())


async def restore(client: httpx.AsyncClient, record: Any) -> httpx.Response:
    return await client.post(f"{TRANSACTIONS}/{record['id']}/restore", headers=a_key())


async def bulk(client: httpx.AsyncClient, *operations: Body) -> httpx.Response:
    body = {"operations": list(operations)}
    return await client.post(f"{TRANSACTIONS}/bulk", json=body, headers=a_key())


async def test_a_correction_stands_in_the_place_of_what_it_corrects(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    (first,) = await post(client, bought(account_id, instrument_id, "2024-03-01", "10", "50"))

    answer = await correct(
        client, first, bought(account_id, instrument_id, "2024-03-04", "12", "49")
    )

    assert answer.status_code == httpx.codes.OK, answer.text
    second = answer.json()
    assert (second["replaces_id"], second["chain_id"]) == (first["id"], first["id"])
    assert await lots(client, instrument_id) == [("2024-03-04", "12", "588")]
    listed = await get(client, "transactions")
    assert [item["id"] for item in listed["items"]] == [second["id"]]
    history = await get(client, f"transactions/{second['id']}/history")
    said = [(v["record"]["id"], v["ended_at"] is None) for v in history["versions"]]
    assert said == [(first["id"], False), (second["id"], True)]


async def test_who_corrects_what_no_longer_counts_is_shown_what_does(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    (first,) = await post(client, bought(account_id, instrument_id, "2024-03-01", "10", "50"))
    body = bought(account_id, instrument_id, "2024-03-01", "11", "50")
    second = (await correct(client, first, body)).json()

    late = await correct(client, first, {**body, "note": "mine"})
    assert problem(late) == (409, "stale_version")
    assert late.json()["current"]["id"] == second["id"]
    assert late.json()["current"]["quantity"] == "11"

    await reverse(client, second)
    gone = await correct(client, second, body)
    assert problem(gone) == (409, "stale_version")
    assert gone.json()["current"] == {"id": None, "chain_id": first["id"]}
    assert await lots(client, instrument_id) == []


async def test_a_deleted_record_comes_back_and_only_once(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    (first,) = await post(
        client, bought(account_id, instrument_id, "2024-03-01", "10", "50", fee=cash("1.5"))
    )
    before = await lots(client, instrument_id)
    await reverse(client, first)

    answer = await restore(client, first)

    assert answer.status_code == httpx.codes.CREATED, answer.text
    again = answer.json()
    assert (again["chain_id"], again["fee"], again["note"]) == (
        first["id"], first["fee"], first["note"],
    )  # fmt: skip
    assert await lots(client, instrument_id) == before
    assert problem(await restore(client, first)) == (409, "stale_version")


async def test_a_sale_keeps_the_lot_it_names_when_its_purchase_is_corrected(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    first, second = await post(
        client,
        bought(account_id, instrument_id, "2024-03-01", "10", "50"),
        bought(account_id, instrument_id, "2024-04-01", "10", "60"),
    )
    named = [{"lot_id": str(uuid5(UUID(second["id"]), "lot")), "quantity": "4"}]
    await post(client, sold(account_id, instrument_id, "2024-05-01", "4", "70", lot_choices=named))
    assert await closures(client, instrument_id) == [("2024-05-01", "2024-04-01", "4", "40")]

    body = bought(account_id, instrument_id, "2024-04-02", "10", "61")
    assert (await correct(client, second, body)).status_code == httpx.codes.OK

    assert await closures(client, instrument_id) == [("2024-05-01", "2024-04-02", "4", "36")]
    assert first["review_reasons"] == []


async def test_many_changes_happen_together_and_come_back_by_their_names(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    first, second, third = await post(
        client,
        *(bought(account_id, instrument_id, f"2024-03-0{n}", "10", "50") for n in (1, 2, 3)),
    )
    await reverse(client, third)

    answer = await bulk(
        client,
        {"op": "reverse", "id": first["id"], "client_ref": "row 1"},
        {
            "op": "correct", "id": second["id"],
            "body": bought(account_id, instrument_id, "2024-03-02", "20", "50"),
        },
        {"op": "restore", "id": third["id"]},
        {
            "op": "create", "client_ref": "new",
            "body": bought(account_id, instrument_id, "2024-03-04", "1", "9"),
        },
    )  # fmt: skip

    assert answer.status_code == httpx.codes.OK, answer.text
    results = answer.json()["results"]
    assert [result["client_ref"] for result in results] == ["row 1", None, None, "new"]
    assert results[0]["record"]["is_reversed"] is True
    assert await lots(client, instrument_id) == [
        ("2024-03-02", "20", "1000"), ("2024-03-03", "10", "500"), ("2024-03-04", "1", "9"),
    ]  # fmt: skip


async def test_one_wrong_change_undoes_all_and_is_named_by_its_place(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    (first,) = await post(client, bought(account_id, instrument_id, "2024-03-01", "10", "50"))
    fine: Body = {
        "op": "create", "body": bought(account_id, instrument_id, "2024-03-04", "1", "9")
    }  # fmt: skip
    wrong = {"op": "create", "body": bought(account_id, instrument_id, "2024-03-04", "-1", "9")}
    nameless = {"op": "reverse"}

    answer = await bulk(client, {"op": "reverse", "id": first["id"]}, fine, wrong, nameless)
    assert problem(answer) == (422, "invalid_fields")
    assert [error["pointer"] for error in answer.json()["errors"]] == [
        "/body/operations/2/body/quantity", "/body/operations/3/id",
    ]  # fmt: skip
    unknown = await bulk(client, fine, {"op": "reverse", "id": str(uuid4())})
    assert problem(unknown) == (404, "not_found")
    twice = await bulk(client, *[{"op": "reverse", "id": first["id"]}] * 2)
    assert problem(twice) == (409, "stale_version")

    assert await lots(client, instrument_id) == [("2024-03-01", "10", "500")]


async def test_undo_of_everything_is_as_if_it_never_happened(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    first, second = await post(
        client,
        bought(account_id, instrument_id, "2024-03-01", "10", "50"),
        sold(account_id, instrument_id, "2024-05-01", "4", "70"),
    )
    before = await lots(client, instrument_id), await closures(client, instrument_id)

    changed = (
        await correct(client, first, bought(account_id, instrument_id, "2024-04-09", "8", "5"))
    ).json()
    await reverse(client, second)
    (added,) = await post(client, sold(account_id, instrument_id, "2024-06-01", "3", "1"))
    # undone in the opposite order
    await reverse(client, added)
    await restore(client, second)
    back = bought(account_id, instrument_id, "2024-03-01", "10", "50")
    assert (await correct(client, changed, back)).status_code == httpx.codes.OK

    assert (await lots(client, instrument_id), await closures(client, instrument_id)) == before


async def test_an_account_may_refuse_to_sell_what_it_does_not_hold(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    path = f"/api/v1/accounts/{account_id}/lot-methods"
    first, _ = await post(
        client,
        bought(account_id, instrument_id, "2024-03-01", "10", "50"),
        # before the setting: stays, and blocks nothing
        sold(account_id, instrument_id, "2024-02-01", "1", "50"),
    )
    chosen = await client.put(path, json={"version": 1, "first": "fifo", "oversell": "refuse"})
    assert chosen.status_code == httpx.codes.OK, chosen.text

    too_many = await send(client, sold(account_id, instrument_id, "2024-05-01", "10", "70"))
    assert problem(too_many) == (409, "oversold")
    assert too_many.json()["params"]["trade_date"] == "2024-05-01"
    (kept,) = await post(client, sold(account_id, instrument_id, "2024-05-01", "9", "70"))
    assert kept["review_reasons"] == []
    # neither can what was sold be taken away from under it
    assert problem(await reverse(client, first)) == (409, "oversold")
    less = bought(account_id, instrument_id, "2024-03-01", "9", "50")
    assert problem(await correct(client, first, less)) == (409, "oversold")

    assert [lot[1] for lot in await lots(client, instrument_id)] == []
    assert len((await get(client, "transactions"))["items"]) == 3


async def test_a_callers_key_is_no_generation_of_another(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    bodies = [bought(account_id, instrument_id, f"2024-03-0{n}", "1", "50") for n in (1, 2)]
    first = (await send(client, bodies[0], {"Idempotency-Key": "mine"})).json()
    second = await send(client, bodies[1], {"Idempotency-Key": "mine~2"})
    assert second.status_code == 201, second.text
    # the next generation of the first's key is its own
    changed = bought(account_id, instrument_id, "2024-03-01", "1", "51")
    assert (await correct(client, first, changed)).status_code == 200
    again = bought(account_id, instrument_id, "2024-03-02", "1", "52")
    assert (await correct(client, second.json(), again)).status_code == 200
    assert [lot[2] for lot in await lots(client, instrument_id)] == ["51", "52"]


async def test_the_list_can_be_asked_as_it_was_known_on_a_day(
    client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
    admin_connection: Connection,
) -> None:
    (first,) = await post(client, bought(account_id, instrument_id, "2024-03-01", "10", "50"))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    # the clock of the database cannot be set: the record is moved a day back instead
    admin_connection.execute("SET session_replication_role = replica")
    admin_connection.execute(
        "UPDATE transactions SET recorded_at = %s WHERE id = %s", (yesterday, first["id"])
    )
    admin_connection.execute("SET session_replication_role = DEFAULT")
    second = (
        await correct(client, first, bought(account_id, instrument_id, "2024-03-01", "11", "50"))
    ).json()

    async def known(day: datetime) -> list[str]:
        found = await get(client, "transactions", as_known_on=day.date().isoformat())
        return [item["id"] for item in found["items"]]

    assert await known(yesterday) == [first["id"]]
    assert await known(yesterday + timedelta(days=1)) == [second["id"]]
    assert await known(yesterday - timedelta(days=1)) == []


async def test_the_list_finds_words_and_several_kinds(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    purchase, deposit, fee = await post(
        client,
        bought(account_id, instrument_id, "2024-03-01", "10", "50", note="from 100% of the bonus"),
        a_record(account_id, "deposit", "2024-03-02", gross=cash("5")),
        a_record(account_id, "fee", "2024-03-03", fee=cash("5"), note="custody 2024"),
    )
    symbol = purchase["symbol"]

    async def found(**query: str) -> list[str]:
        return [item["id"] for item in (await get(client, "transactions", **query))["items"]]

    assert await found(text="BONUS") == [purchase["id"]]
    assert await found(text="100%") == [purchase["id"]]
    assert await found(text="1_0%") == []  # no wildcards
    assert await found(text=symbol.lower()) == [purchase["id"]]
    answer = await client.get(TRANSACTIONS, params={"kind": ["fee", "deposit"]})
    assert [item["id"] for item in answer.json()["items"]] == [fee["id"], deposit["id"]]
