"""Returns of many parts at once: each the same as by its own request, and none lost for another."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, add_member
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.many_scopes import Body, ask_many, assert_counted, every_scope, params_of
from truenav.features.performance import bulk_api, bulk_schemas
from truenav.features.valuation import many

PATH = "/api/v1/performance/bulk"
FIGURES = (
    "currency", "from_date", "to_date", "day_count", "opening_nav", "closing_nav", "net_flows",
    "gain", "time_weighted", "money_weighted", "conventions", "slice",
)  # fmt: skip


async def asked(client: httpx.AsyncClient, *scopes: Body, **conventions: str) -> Body:
    return await ask_many(client, PATH, *scopes, **conventions)


async def alone(client: httpx.AsyncClient, scope: Body, conventions: Body) -> Body:
    answer = await client.get("/api/v1/performance", params={**params_of(scope), **conventions})
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return {name: found[name] for name in FIGURES}


@pytest.fixture
async def scopes(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> list[Body]:
    return await every_scope(client, admin_connection, work)


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
    slices = [{"asset_classes": ["bond"]}] * (many.MOST_SLICES + 1)
    assert await refused(scopes=slices) == (422, "invalid_request")
    assert await refused(scopes=[{"colour": "red"}]) == (422, "invalid_request")
    too_many: list[Body] = [{}] * (many.MOST_SLICES + 1)
    answer = await client.post(PATH, json={"scopes": too_many, "taxes": "gross"})
    assert answer.status_code == 422
    assert "at most 50 scopes before fees or taxes" in answer.text
    both = {"calculation_version": "2026.1", "fees": "gross"}
    assert await refused(scopes=[{}], **both) == (422, "not_of_that_version")


async def test_too_many_days_are_refused(client: httpx.AsyncClient, scopes: list[Body]) -> None:
    # more than two years each, five hundred times
    answer = await client.post(PATH, json={"scopes": [scopes[0]] * bulk_schemas.MOST_SCOPES})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_days")
    assert answer.json()["params"] == {"most": str(many.MOST_DAYS)}


async def test_questions_a_minute_are_counted(client: httpx.AsyncClient) -> None:
    await assert_counted(client, PATH, bulk_api.BULKS.limit)


async def test_who_may_look_may_ask(
    make_client: ClientMaker, admin_connection: Connection, member: Member
) -> None:
    viewer = make_client(add_member(admin_connection, role="viewer", tenant_id=member.tenant_id))
    found = await asked(viewer, {})
    assert found["items"][0]["figures"]["time_weighted"]["reason"] == "no_capital"
