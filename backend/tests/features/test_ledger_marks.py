"""Marks: cursors into the middle of a list, for who shows a part of it."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.importing import problem
from tests.features.ledgering import TRANSACTIONS, Body, a_record, bought, cash, get, reverse

MARKS = "transactions/marks"


async def post_many(client: httpx.AsyncClient, bodies: list[Body]) -> list[dict[str, Any]]:
    """All at once; what was answered, in order."""
    answer = await client.post(
        f"{TRANSACTIONS}/bulk",
        json={"operations": [{"op": "create", "body": body} for body in bodies]},
        headers=a_key(),
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    return [result["record"] for result in answer.json()["results"]]


def deposits(account_id: UUID, count: int) -> list[Body]:
    """On four days, so that many share one."""
    return [
        a_record(account_id, "deposit", f"2026-02-0{1 + n % 4}", gross=cash(str(n + 1)))
        for n in range(count)
    ]


async def from_mark(client: httpx.AsyncClient, cursor: str | None, **query: str) -> list[str]:
    """Ids of the page a mark leads to."""
    at = {} if cursor is None else {"cursor": cursor}
    page = await get(client, "transactions", limit="200", **query, **at)
    return [item["id"] for item in page["items"]]


async def test_marks_cut_a_list_into_pages_without_a_gap_or_an_overlap(
    client: httpx.AsyncClient,
) -> None:
    account_id = await create_account(client)
    made = await post_many(client, deposits(account_id, 450))
    # newest day first, within it the newest id
    expected = sorted(((record["trade_date"], record["id"]) for record in made), reverse=True)

    marks = await get(client, MARKS, every="200")

    assert (marks["total_count"], marks["every"], len(marks["cursors"])) == (450, 200, 2)
    pages = [await from_mark(client, cursor) for cursor in (None, *marks["cursors"])]
    assert [len(page) for page in pages] == [200, 200, 50]
    assert [one for page in pages for one in page] == [one for _, one in expected]


@pytest.mark.parametrize(
    ("count", "every", "cursors"),
    [(0, 200, 0), (1, 200, 0), (200, 200, 0), (201, 200, 1), (400, 200, 1), (401, 300, 1)],
)
async def test_the_end_of_a_list_is_no_mark(
    client: httpx.AsyncClient, count: int, every: int, cursors: int
) -> None:
    account_id = await create_account(client)
    if count:
        await post_many(client, deposits(account_id, count))
    marks = await get(client, MARKS, every=str(every))
    assert (marks["total_count"], len(marks["cursors"])) == (count, cursors)


async def test_marks_are_of_the_list_with_the_same_filter(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    one, other = await create_account(client), await create_account(client)
    instrument = add_instrument(admin_connection)
    made = await post_many(client, deposits(one, 250))
    await post_many(
        client,
        [
            bought(other, instrument, "2026-02-09", "1", "1", note="a gift of Ann"),
            a_record(other, "spin_off", "2026-02-09", instrument_id=instrument, quantity="1"),
        ],
    )
    await reverse(client, made[0])
    counts: list[tuple[dict[str, str], int]] = [
        ({}, 251),
        ({"account_id": str(one)}, 249),
        ({"account_id": str(one), "include_reversed": "true"}, 251),
        ({"instrument_id": str(instrument)}, 2),
        ({"kind": "buy"}, 1),
        ({"text": "gift of"}, 1),
        ({"needs_review": "true"}, 1),
        ({"from": "2026-02-02", "to": "2026-02-03"}, 125),
        ({"as_known_on": "2020-01-01"}, 0),
    ]
    for query, count in counts:
        assert (await get(client, MARKS, **query))["total_count"] == count, query
        listed = await get(client, "transactions", include_total="true", **query)
        assert listed["total_count"] == count, query

    narrowed = {"account_id": str(one)}
    (cursor,) = (await get(client, MARKS, **narrowed))["cursors"]
    assert len(await from_mark(client, cursor, **narrowed)) == 49
    strange = await client.get(TRANSACTIONS, params={"cursor": cursor})
    assert problem(strange) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("every", "0"), ("every", "199"), ("every", "100001"), ("every", "many"), ("every", ""),
        ("from", "yesterday"), ("account_id", "mine"), ("as_known_on", "2026-02-30"),
    ],
)  # fmt: skip
async def test_what_cannot_be_marked_is_refused_by_name(
    client: httpx.AsyncClient, name: str, value: str
) -> None:
    answer = await client.get(f"/api/v1/{MARKS}", params={name: value})
    assert problem(answer) == (422, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/query/{name}"]


async def test_nobody_elses_records_are_counted(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient
) -> None:
    account_id = await create_account(client)
    await post_many(client, deposits(account_id, 201))
    for query in ({}, {"account_id": str(account_id)}):
        marks = await get(other_client, MARKS, **query)
        assert (marks["total_count"], marks["cursors"]) == (0, [])
    assert (await get(client, MARKS))["total_count"] == 201
