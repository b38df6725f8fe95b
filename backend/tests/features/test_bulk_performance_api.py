"""Returns of many parts at once: each the same as by its own request, and none lost for another."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, add_instrument, add_member, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, post
from tests.features.test_taxonomies_api import change, grown, put
from truenav.features.performance import bulk, bulk_api, bulk_schemas

Body = dict[str, Any]
PATH = "/api/v1/performance/bulk"
FIGURES = (
    "currency", "from_date", "to_date", "day_count", "opening_nav", "closing_nav", "net_flows",
    "gain", "time_weighted", "money_weighted", "slice",
)  # fmt: skip
# the body's word, and the page's
WORDS = {
    "account_ids": "account_id", "account_groups": "account_group", "account_tags": "account_tag",
    "instrument_ids": "instrument_id", "asset_classes": "asset_class", "currencies": "currency",
    "category_ids": "category_id", "from_date": "from", "to_date": "to",
}  # fmt: skip


async def asked(client: httpx.AsyncClient, *scopes: Body, **conventions: str) -> Body:
    answer = await client.post(PATH, json={"scopes": list(scopes), **conventions})
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


async def alone(client: httpx.AsyncClient, scope: Body, conventions: Body) -> Body:
    params = {WORDS.get(name, name): value for name, value in scope.items() if name != "ref"}
    answer = await client.get("/api/v1/performance", params={**params, **conventions})
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return {name: found[name] for name in FIGURES}


@pytest.fixture
async def scopes(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> list[Body]:
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


@pytest.mark.parametrize(
    "conventions",
    [{}, {"fees": "gross"}, {"flow_timing": "end_of_day", "gaps": "modified_dietz"}],
)
async def test_each_scope_is_what_its_own_request_tells(
    client: httpx.AsyncClient, scopes: list[Body], conventions: Body
) -> None:
    found = await asked(client, *scopes, **conventions)
    assert found["problem_count"] == 0
    assert [item["index"] for item in found["items"]] == list(range(len(scopes)))
    for scope, item in zip(scopes, found["items"], strict=True):
        assert item["figures"] == await alone(client, scope, conventions), scope
        assert (item["ref"], item["problem"]) == (scope.get("ref"), None)


async def test_a_version_that_knew_no_slices_refuses_them_alone(
    client: httpx.AsyncClient, scopes: list[Body]
) -> None:
    old = {"calculation_version": "2026.1"}
    found = await asked(client, *scopes, **old)
    # one instrument, and a category that has three fifths of it: the others leave nothing out
    refused = {7: "not_of_that_version", 10: "not_of_that_version"}
    told = {item["index"]: item["problem"]["code"] for item in found["items"] if item["problem"]}
    assert (told, found["problem_count"]) == (refused, 2)
    for scope, item in zip(scopes, found["items"], strict=True):
        if item["index"] not in refused:
            assert item["figures"] == await alone(client, scope, old), scope


async def test_figures_by_hand(client: httpx.AsyncClient, scopes: list[Body]) -> None:
    found = await asked(client, scopes[2])
    figures = found["items"][0]["figures"]
    # 7 bonds at 66 of 900, worth 72 each: 42 more
    assert (figures["closing_nav"], figures["gain"]) == ("942", "42")
    assert figures["time_weighted"]["ratio"] == "0.0466666667"
    assert figures["money_weighted"]["ratio"] == "0.0466666667"


async def test_what_is_wrong_with_one_loses_no_other(
    client: httpx.AsyncClient, scopes: list[Body]
) -> None:
    wrong: list[tuple[Body, str]] = [
        ({"account_ids": [str(UUID(int=5))]}, "not_found"),
        ({"account_groups": ["Nobody"]}, "not_found"),
        ({"instrument_ids": [str(UUID(int=5))]}, "not_found"),
        ({"category_ids": [str(UUID(int=5))]}, "not_found"),
        ({"base_currency": "QQQ"}, "unknown_currency"),
    ]
    found = await asked(client, scopes[0], *(scope for scope, _ in wrong), scopes[1])
    items = found["items"]
    assert found["problem_count"] == len(wrong)
    assert [item["problem"]["code"] for item in items[1:-1]] == [code for _, code in wrong]
    assert [item["figures"] for item in items[1:-1]] == [None] * len(wrong)
    assert items[0]["figures"] == await alone(client, scopes[0], {})
    assert items[-1]["figures"] == await alone(client, scopes[1], {})


async def test_a_bad_request_is_refused_as_a_whole(client: httpx.AsyncClient) -> None:
    async def refused(**body: Any) -> tuple[int, str]:
        answer = await client.post(PATH, json=body)
        return answer.status_code, answer.json()["code"]

    assert await refused(scopes=[]) == (422, "invalid_request")
    assert await refused(scopes=[{}] * (bulk_schemas.MOST_SCOPES + 1)) == (422, "invalid_request")
    slices = [{"asset_classes": ["bond"]}] * (bulk_schemas.MOST_SLICES + 1)
    assert await refused(scopes=slices) == (422, "invalid_request")
    assert await refused(scopes=[{"colour": "red"}]) == (422, "invalid_request")
    many: list[Body] = [{}] * (bulk_schemas.MOST_SLICES + 1)
    answer = await client.post(PATH, json={"scopes": many, "taxes": "gross"})
    assert answer.status_code == 422
    assert "at most 50 scopes before fees or taxes" in answer.text
    both = {"calculation_version": "2026.1", "fees": "gross"}
    assert await refused(scopes=[{}], **both) == (422, "not_of_that_version")


async def test_too_many_days_are_refused(client: httpx.AsyncClient, scopes: list[Body]) -> None:
    # more than two years each, five hundred times
    answer = await client.post(PATH, json={"scopes": [scopes[0]] * bulk_schemas.MOST_SCOPES})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_days")
    assert answer.json()["params"] == {"most": str(bulk.MOST_DAYS)}


async def test_questions_a_minute_are_counted(client: httpx.AsyncClient) -> None:
    await client.post(PATH, json={"scopes": []})  # not counted: it was no question
    for _ in range(bulk_api.BULKS.limit):
        await asked(client, {"account_ids": [str(UUID(int=5))]})
    answer = await client.post(PATH, json={"scopes": [{}]})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert int(answer.headers["Retry-After"]) > 0


async def test_who_may_look_may_ask(
    make_client: ClientMaker, admin_connection: Connection, member: Member
) -> None:
    viewer = make_client(add_member(admin_connection, role="viewer", tenant_id=member.tenant_id))
    found = await asked(viewer, {})
    assert found["items"][0]["figures"]["time_weighted"]["reason"] == "no_capital"
