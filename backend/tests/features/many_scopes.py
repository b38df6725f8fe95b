"""Scopes of every sort, for routes that answer many of them in one question."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from tests.builders import add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, post
from tests.features.test_taxonomies_api import change, grown, put

Body = dict[str, Any]
# the body's word, and the page's
WORDS = {
    "account_ids": "account_id", "account_groups": "account_group", "account_tags": "account_tag",
    "instrument_ids": "instrument_id", "asset_classes": "asset_class", "currencies": "currency",
    "category_ids": "category_id", "from_date": "from", "to_date": "to",
}  # fmt: skip


def params_of(scope: Body) -> Body:
    """The scope as the address of its own page names it."""
    return {WORDS.get(name, name): value for name, value in scope.items() if name != "ref"}


async def ask_many(client: httpx.AsyncClient, path: str, *scopes: Body, **said: Any) -> Body:
    """The answer to a question about several scopes."""
    answer = await client.post(path, json={"scopes": list(scopes), **said})
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


async def assert_counted(client: httpx.AsyncClient, path: str, limit: int) -> None:
    """So many questions a minute are answered, and the next one is told when to come again."""
    await client.post(path, json={"scopes": []})  # not counted: it was no question
    for _ in range(limit):
        await ask_many(client, path, {"account_ids": [str(UUID(int=5))]})
    answer = await client.post(path, json={"scopes": [{}]})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert int(answer.headers["Retry-After"]) > 0


async def every_scope(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> list[Body]:
    """Every sort of scope of three accounts: two in use for years and months, one empty."""
    old = {"2024-01-02": "50", "2025-01-02": "60", "2026-01-02": "66", "2026-02-10": "72"}
    share, bond = (
        add_instrument(
            admin_connection, asset_class=kind,
            prices={date.fromisoformat(day): close for day, close in old.items()},
        )
        for kind in ("equity", "bond")
    )  # fmt: skip
    first = await create_account(client, group_name="Anna", tags=["ira"])
    second = await create_account(client, group_name="Ben")
    empty = await create_account(client)
    await post(
        client,
        a_record(first, "deposit", "2024-01-02", gross=cash("1000")),
        bought(first, share, "2024-01-02", "10", "50", fee=cash("3")),
        a_record(first, "deposit", "2025-03-03", gross=cash("250")),
        a_record(first, "withdrawal", "2026-01-15", gross=cash("-100")),
        a_record(second, "deposit", "2026-01-05", gross=cash("900")),
        bought(second, bond, "2026-01-05", "7", "66"),
    )
    await work(None)
    made, ids = await grown(client, "Technology")
    body = {"version": made["version"], "items": [put(share, (ids["Technology"], "0.6"))]}
    await change(client, "PUT", f"{made['id']}/assignments", body)
    accounts = [str(first), str(second)]
    return [
        {},
        {"account_ids": accounts[:1], "ref": "first"},
        {"account_ids": accounts[1:], "period": "YTD"},
        {"account_ids": accounts, "from_date": "2025-01-02", "to_date": "2026-02-01"},
        {"account_ids": [str(empty)], "period": "YTD"},
        {"account_groups": ["Ben"], "period": "1M"},
        {"account_tags": ["ira"], "period": "1Y"},
        {"instrument_ids": [str(share)]},
        {"asset_classes": ["bond", "cash"], "account_groups": ["Ben"]},
        {"currencies": ["USD"]},
        {"category_ids": [ids["Technology"]], "period": "3Y"},
    ]  # fmt: skip
