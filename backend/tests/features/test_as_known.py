"""Realized gains as they were known on a day: later corrections have not happened yet."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.ledgering import (
    TRANSACTIONS,
    bought,
    closures,
    get,
    lots,
    post,
    recorded_yesterday,
    sold,
)

NOW = datetime.now(UTC)
YESTERDAY = (NOW - timedelta(days=1)).date().isoformat()
BEFORE = (NOW - timedelta(days=2)).date().isoformat()
TODAY = NOW.date().isoformat()


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client)


async def a_corrected_history(
    client: httpx.AsyncClient, connection: Connection, account_id: UUID
) -> UUID:
    """Bought at 50 and sold at 70; today it turns out that it was bought at 55."""
    instrument = add_instrument(connection)
    first, _ = await post(
        client,
        bought(account_id, instrument, "2024-03-01", "10", "50"),
        sold(account_id, instrument, "2024-05-01", "4", "70"),
    )
    recorded_yesterday(connection, account_id)
    answer = await client.put(
        f"{TRANSACTIONS}/{first['id']}",
        json=bought(account_id, instrument, "2024-03-01", "10", "55"),
        headers=a_key(),
    )
    assert answer.status_code == 200, answer.text
    return instrument


def told(found: dict[str, Any]) -> tuple[list[str], list[str], list[int]]:
    """Gains of the rows, gains of the totals, years."""
    return (
        [item["gain"] for item in found["items"]],
        [total["gain"] for total in found["totals"]],
        found["years"],
    )


async def test_gains_are_those_of_the_records_that_counted_then(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID
) -> None:
    instrument = await a_corrected_history(client, admin_connection, account_id)

    # 4 × (70 - 55), and before the correction 4 × (70 - 50)
    assert told(await get(client, "realized-gains")) == (["60"], ["60"], [2024])
    then = await get(client, "realized-gains", as_known_on=YESTERDAY)
    assert told(then) == (["80"], ["80"], [2024])
    assert told(await get(client, "realized-gains", as_known_on=BEFORE)) == ([], [], [])
    assert told(await get(client, "realized-gains", as_known_on=TODAY)) == (["60"], ["60"], [2024])
    # looking changes nothing
    assert await closures(client, instrument) == [("2024-05-01", "2024-03-01", "4", "60")]
    assert await lots(client, instrument) == [("2024-03-01", "6", "330")]


async def test_filters_pages_and_the_file_know_it_too(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID
) -> None:
    await a_corrected_history(client, admin_connection, account_id)
    other = await create_account(client)
    one = {"account_id": str(account_id), "as_known_on": YESTERDAY}
    assert told(await get(client, "realized-gains", year="2024", **one))[0] == ["80"]
    assert told(await get(client, "realized-gains", year="2023", **one))[0] == []
    assert told(await get(client, "realized-gains", **{**one, "account_id": str(other)}))[0] == []
    page = await get(client, "realized-gains", limit="1", **one)
    assert (page["has_more"], len(page["items"])) == (False, 1)
    file = await client.get("/api/v1/realized-gains.csv", params=one)
    assert ",280,200,80,USD," in file.text


async def test_what_is_held_is_valued_as_it_was_known(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID
) -> None:
    instrument = add_instrument(
        admin_connection, prices={date(2024, 4, 1): "60", date(2024, 5, 2): "70"}
    )
    first, _ = await post(
        client,
        bought(account_id, instrument, "2024-03-01", "10", "50"),
        sold(account_id, instrument, "2024-05-01", "4", "70"),
    )
    recorded_yesterday(admin_connection, account_id)
    answer = await client.put(
        f"{TRANSACTIONS}/{first['id']}",
        json=bought(account_id, instrument, "2024-03-01", "12", "55"),
        headers=a_key(),
    )
    assert answer.status_code == 200, answer.text

    def held(found: dict[str, Any]) -> tuple[list[tuple[str, str]], str]:
        return [(i["quantity"], i["cost"]) for i in found["items"]], found["nav"]

    # today: 8 at 55, 8 × 70 less 660 paid and 280 got; then: 6 at 50, 6 × 70 less 500 and 280
    assert held(await get(client, "holdings")) == ([("8", "440")], "180")
    then = await get(client, "holdings", as_known_on=YESTERDAY)
    assert held(then) == ([("6", "300")], "200")
    # before the sale, at the price of April
    april = {"as_of": "2024-04-02", "as_known_on": YESTERDAY}
    assert held(await get(client, "holdings", **april)) == ([("10", "500")], "100")
    assert held(await get(client, "holdings", as_known_on=BEFORE)) == ([], "0")


async def test_nobody_sees_what_others_knew(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    admin_connection: Connection,
    account_id: UUID,
) -> None:
    await a_corrected_history(client, admin_connection, account_id)
    theirs = await get(other_client, "realized-gains", as_known_on=YESTERDAY)
    assert told(theirs) == ([], [], [])
    answer = await other_client.get(
        "/api/v1/realized-gains",
        params={"account_id": str(account_id), "as_known_on": YESTERDAY},
    )
    assert answer.status_code == 404


async def test_a_day_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/realized-gains", params={"as_known_on": "2024-02-30"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/as_known_on"
