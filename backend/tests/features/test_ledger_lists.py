"""Lists of records: filters, pages that hold while records are added, cursors that are checked."""

import base64
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import add_instrument, create_account
from tests.conftest import Connection
from tests.features.importing import problem
from tests.features.ledgering import a_record, bought, cash, get, post, reverse

NO_ID = "0" * 32
LISTS = ["transactions", "imports", "instruments", "accounts"]


async def ids(client: httpx.AsyncClient, **query: str) -> list[str]:
    """Ids of a first page."""
    return [item["id"] for item in (await get(client, "transactions", **query))["items"]]


async def all_pages(client: httpx.AsyncClient, **query: str) -> list[list[str]]:
    """Ids, page by page."""
    pages: list[list[str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await get(client, "transactions", **query, **cursor)
        pages.append([item["id"] for item in page["items"]])
        assert page["has_more"] is (page["next_cursor"] is not None)
        if not page["has_more"]:
            return pages
        cursor = {"cursor": page["next_cursor"]}


async def test_newest_first_and_of_one_day_the_last_posted_first(
    client: httpx.AsyncClient,
) -> None:
    account_id = await create_account(client)
    days = ["2026-02-03", "2026-02-05", "2026-02-03", "2026-02-04"]
    made = await post(
        client, *[a_record(account_id, "deposit", day, gross=cash("1")) for day in days]
    )
    assert await ids(client) == [made[index]["id"] for index in (1, 3, 2, 0)]


async def test_pages_hold_every_record_once_while_others_are_posted(
    client: httpx.AsyncClient,
) -> None:
    account_id = await create_account(client)
    bodies = [a_record(account_id, "deposit", gross=cash(str(n))) for n in range(1, 8)]
    made = [record["id"] for record in await post(client, *bodies)]

    first = await get(client, "transactions", limit="3", include_total="true")
    # newer than everything, and older than everything
    await post(client, a_record(account_id, "deposit", "2026-03-01", gross=cash("1")))
    second = await get(client, "transactions", limit="3", cursor=first["next_cursor"])
    (old,) = await post(client, a_record(account_id, "deposit", "2026-01-01", gross=cash("1")))
    third = await get(client, "transactions", limit="3", cursor=second["next_cursor"])

    seen = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert seen == [*reversed(made), old["id"]]
    assert (first["total_count"], second["total_count"]) == (7, None)
    assert [page["has_more"] for page in (first, second, third)] == [True, True, False]


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 4), (2, [2, 2]), (3, [3, 1]), (4, [4])])
async def test_a_full_last_page_is_the_last(
    client: httpx.AsyncClient, limit: int, sizes: list[int]
) -> None:
    account_id = await create_account(client)
    await post(client, *[a_record(account_id, "deposit", gross=cash("1"))] * 4)
    assert [len(page) for page in await all_pages(client, limit=str(limit))] == sizes


async def test_filters(client: httpx.AsyncClient, admin_connection: Connection) -> None:
    one, other = await create_account(client), await create_account(client)
    listed, unheard = add_instrument(admin_connection), add_instrument(admin_connection)
    made = await post(
        client,
        bought(one, listed, "2026-02-02", "10", "10"),  # 0
        a_record(one, "deposit", "2026-02-03", gross=cash("5")),  # 1
        bought(other, listed, "2026-02-04", "1", "10"),  # 2
        a_record(other, "spin_off", "2026-02-05", instrument_id=listed, quantity="1"),  # 3
        a_record(other, "deposit", "2026-02-06", gross=cash("7")),  # 4
    )
    await reverse(client, made[4])
    expected: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [3, 2, 1, 0]),
        ({"account_id": one}, [1, 0]),
        ({"account_id": uuid4()}, []),
        ({"instrument_id": listed}, [3, 2, 0]),
        ({"instrument_id": unheard}, []),
        ({"kind": "buy"}, [2, 0]),
        ({"kind": "deposit"}, [1]),
        ({"kind": "deposit", "include_reversed": "true"}, [4, 1]),
        ({"from": "2026-02-03"}, [3, 2, 1]),
        ({"to": "2026-02-03"}, [1, 0]),
        ({"from": "2026-02-03", "to": "2026-02-04"}, [2, 1]),
        ({"from": "2026-02-04", "to": "2026-02-03"}, []),
        ({"needs_review": "true"}, [3]),
        ({"account_id": other, "kind": "buy", "from": "2026-02-04"}, [2]),
    ]
    for query, numbers in expected:
        plain = {name: str(value) for name, value in query.items()}
        page = await get(client, "transactions", include_total="true", **plain)
        found = [item["id"] for item in page["items"]]
        assert found == [made[number]["id"] for number in numbers], query
        assert page["total_count"] == len(numbers)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "gift"), ("from", "03/02/2026"), ("to", "2026-02-30"), ("account_id", "mine"),
        ("needs_review", "maybe"), ("import_batch_id", "1"), ("limit", "0"), ("limit", "201"),
    ],
)  # fmt: skip
async def test_a_filter_that_says_nothing_is_refused(
    client: httpx.AsyncClient, name: str, value: str
) -> None:
    answer = await client.get("/api/v1/transactions", params={name: value})
    assert problem(answer) == (422, "invalid_request")
    place = f"/query/{name}/0" if name == "kind" else f"/query/{name}"  # one of several
    assert [error["pointer"] for error in answer.json()["errors"]] == [place]


def forged(cursor: str, *key: object) -> str:
    """A cursor that passes for one of the query, but leads nowhere."""
    seal = json.loads(base64.urlsafe_b64decode(cursor + "=="))[0]
    plain = json.dumps([seal, *key]).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


@pytest.mark.parametrize(
    "key",
    [
        ["yesterday", NO_ID], ["2026-02-03", "no id"], ["2026-02-30", NO_ID],
        ["\0", "\0"], ["\ud800", "\ud800"], ["²", "²"], ["9" * 90, "9" * 90], ["2026-02-03"],
        [1, 2], [None, None],
    ],
    ids=str,
)  # fmt: skip
async def test_a_damaged_cursor_is_refused(
    client: httpx.AsyncClient, admin_connection: Connection, key: list[object]
) -> None:
    account_id, _ = await create_account(client), await create_account(client)
    await post(client, *[a_record(account_id, "deposit", gross=cash("1"))] * 2)
    for _ in range(2):
        add_instrument(admin_connection)
        uploaded = await client.post(
            "/api/v1/imports",
            params={"account_id": str(account_id), "file_name": "a.csv"},
            content=b"a",
        )
        assert uploaded.status_code == 202
    for path in LISTS:
        cursor = (await get(client, path, limit="1"))["next_cursor"]
        if path == "instruments" and key[1:] == [NO_ID]:
            continue  # they are sorted by symbol, and that may be anything

        answer = await client.get(f"/api/v1/{path}", params={"cursor": forged(cursor, *key)})

        assert problem(answer) == (400, "invalid_cursor"), path


async def test_a_cursor_of_another_filter_is_refused(client: httpx.AsyncClient) -> None:
    account_id: UUID = await create_account(client)
    await post(client, *[a_record(account_id, "deposit", gross=cash("1"))] * 2)
    cursor = (await get(client, "transactions", limit="1"))["next_cursor"]

    query = {"cursor": cursor, "kind": "deposit"}
    answer = await client.get("/api/v1/transactions", params=query)

    assert problem(answer) == (400, "invalid_cursor")
