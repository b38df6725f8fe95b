"""Many people at one account at once: no edit is lost, nothing is sold twice."""

import asyncio
from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work, requested, run_request
from tests.features.importing import (
    IMPORTS,
    a_symbol,
    fills,
    look,
    positions,
    preview,
    problem,
)
from tests.features.ledgering import TRANSACTIONS, Body, bought, get, lots, post, send, sold

D = Decimal
AT_ONCE = 12


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client)


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


async def all_at_once(*requests: Any) -> list[httpx.Response]:
    """Send them together, a dozen at a time: as many as one server answers at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(request: Any) -> httpx.Response:
        async with gate:
            answer: httpx.Response = await request
            return answer

    return await asyncio.gather(*(one(request) for request in requests))


@pytest.mark.slow
async def test_a_thousand_edits_at_once_lose_none(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    def edits(number: int) -> Body:
        """Ten purchases: of one unit, on one of a hundred days."""
        day = f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        create = {"op": "create", "body": bought(account_id, instrument_id, day, "1", "10")}
        return {"operations": [create] * 10}

    async def until_taken(number: int) -> httpx.Response:
        """Who is told that the database is busy sends the same again, by the same key."""
        key = a_key()
        while True:
            answer = await client.post(f"{TRANSACTIONS}/bulk", json=edits(number), headers=key)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer

    answers = await all_at_once(*(until_taken(number) for number in range(100)))

    assert Counter(answer.status_code for answer in answers) == {httpx.codes.OK: 100}
    ids = {r["record"]["id"] for answer in answers for r in answer.json()["results"]}
    assert len(ids) == 1000
    assert sum(D(lot[1]) for lot in await lots(client, instrument_id)) == D(1000)
    (cash,) = (await get(client, "positions"))["cash"]
    assert cash["amount"] == "-10000"


async def test_what_is_held_is_sold_once_however_many_sell_it(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    await post(client, bought(account_id, instrument_id, "2024-03-01", "10", "50"))
    path = f"/api/v1/accounts/{account_id}/lot-methods"
    await client.put(path, json={"version": 1, "first": "fifo", "oversell": "refuse"})

    answers = await all_at_once(
        *(send(client, sold(account_id, instrument_id, "2024-04-01", "3", "60")) for _ in range(24))
    )

    counted = Counter(answer.status_code for answer in answers)
    assert counted == {httpx.codes.CREATED: 3, httpx.codes.CONFLICT: 21}
    refused = {problem(a) for a in answers if a.status_code == httpx.codes.CONFLICT}
    assert refused == {(409, "oversold")}
    assert await lots(client, instrument_id) == [("2024-03-01", "1", "50")]


async def test_of_many_corrections_of_one_record_one_wins_and_the_others_see_it(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    (first,) = await post(client, bought(account_id, instrument_id, "2024-03-01", "10", "50"))

    answers = await all_at_once(
        *(
            client.put(
                f"{TRANSACTIONS}/{first['id']}",
                json=bought(account_id, instrument_id, "2024-03-01", str(units), "50"),
                headers=a_key(),
            )
            for units in range(11, 31)
        )
    )

    (won,) = [answer.json() for answer in answers if answer.status_code == httpx.codes.OK]
    others = [answer for answer in answers if answer.status_code != httpx.codes.OK]
    assert {problem(answer) for answer in others} == {(409, "stale_version")}
    assert {answer.json()["current"]["id"] for answer in others} == {won["id"]}
    assert [lot[1] for lot in await lots(client, instrument_id)] == [won["quantity"]]


async def test_transfers_both_ways_between_two_accounts_do_not_wait_for_each_other(
    client: httpx.AsyncClient, instrument_id: UUID
) -> None:
    first = await create_account(client, name="First")
    second = await create_account(client, name="Second")
    await post(
        client,
        bought(first, instrument_id, "2024-01-02", "100", "10"),
        bought(second, instrument_id, "2024-01-02", "100", "10"),
    )

    def moved(source: UUID, target: UUID, link: int) -> Body:
        ends = (("transfer_out", source, "-1"), ("transfer_in", target, "1"))
        return {
            "operations": [
                {
                    "op": "create",
                    "body": {
                        "account_id": str(account), "kind": kind, "trade_date": "2024-02-01",
                        "currency": "USD", "instrument_id": str(instrument_id),
                        "quantity": quantity, "link_id": str(UUID(int=link)),
                    },
                }
                for kind, account, quantity in ends
            ]
        }  # fmt: skip

    answers = await all_at_once(
        *(
            client.post(
                f"{TRANSACTIONS}/bulk",
                json=moved(*pair, 100 + number),
                headers=a_key(),
            )
            for number, pair in enumerate([(first, second), (second, first)] * 10)
        )
    )

    assert Counter(answer.status_code for answer in answers) == {httpx.codes.OK: 20}
    held = (await get(client, "positions"))["items"]
    assert [(item["quantity"], item["cost"]) for item in held] == [("100", "1000")] * 2


async def test_two_imports_into_one_account_go_one_after_the_other(
    client: httpx.AsyncClient,
    work: Work,
    account_id: UUID,
    member: Member,
    admin_connection: Connection,
) -> None:
    # overlapping files, both looked at before either was committed
    symbol = a_symbol()
    batches = [
        await preview(client, work, account_id, content)
        for content in (fills(symbol, 40), fills(symbol, 70))
    ]
    for batch in batches:
        answer = await client.post(f"{IMPORTS}/{batch['id']}/commit")
        assert answer.status_code == 202, answer.text

    waiting = requested(admin_connection, member)
    assert len(waiting) == 2
    await asyncio.gather(*map(run_request, waiting))
    await work(None)

    found = [await look(client, batch) for batch in batches]
    assert [batch["status"] for batch in found] == ["committed", "committed"]
    # whoever came second found the other's rows there: seventy fills in all, none twice
    assert sum(batch["imported_count"] for batch in found) == 70
    assert await positions(client) == {symbol: "70", "USD": "-1400"}
