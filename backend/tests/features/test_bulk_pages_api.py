"""Income, allocation and attribution of many parts at once: each as its own request tells it."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import add_member, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, cash, post
from tests.features.many_scopes import Body, ask_many, assert_counted, every_scope, params_of
from truenav.features.income import api as income_api
from truenav.features.performance import attribution_api
from truenav.features.valuation import many, parts_api

PAGES = {
    "income": income_api.BULKS,
    "allocation": parts_api.BULKS,
    "attribution": attribution_api.BULKS,
}
MOST = {"income": 100, "allocation": 100, "attribution": 50}
DAYS = ("period", "from_date", "to_date")


def fitting(page: str, scope: Body) -> Body:
    """What of a scope the page knows: an allocation is of a day, income of no single month."""
    if page == "allocation":
        return {name: value for name, value in scope.items() if name not in DAYS}
    if page == "income" and scope.get("period") == "1M":
        return {**scope, "period": "Max"}
    return scope


async def alone(client: httpx.AsyncClient, page: str, scope: Body, how: Body) -> Body:
    answer = await client.get(f"/api/v1/{page}", params={**params_of(scope), **how})
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


@pytest.mark.parametrize(
    ("page", "how"),
    [
        ("income", {}),
        ("allocation", {}),
        ("allocation", {"by": "currency", "as_of": "2026-01-10"}),
        ("attribution", {}),
        ("attribution", {"by": "asset_class", "flow_timing": "end_of_day"}),
    ],
)
async def test_each_scope_is_what_its_own_request_tells(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work, page: str, how: Body
) -> None:
    scopes = [fitting(page, scope) for scope in await every_scope(client, admin_connection, work)]
    found = await ask_many(client, f"/api/v1/{page}/bulk", *scopes, **how)
    assert found["problem_count"] == 0
    assert [item["index"] for item in found["items"]] == list(range(len(scopes)))
    for scope, item in zip(scopes, found["items"], strict=True):
        assert item[page] == await alone(client, page, scope, how), scope
        assert (item["ref"], item["problem"]) == (scope.get("ref"), None)


async def test_a_blend_and_figures_by_hand(client: httpx.AsyncClient, work: Work) -> None:
    account_id = await create_account(client)
    await post(
        client,
        a_record(account_id, "deposit", "2026-01-05", gross=cash("100")),
        a_record(account_id, "interest", "2026-02-05", gross=cash("7")),
    )
    await work(None)
    income = await ask_many(client, "/api/v1/income/bulk", {"period": "Max"})
    assert income["items"][0]["income"]["total"]["net"] == "7"
    parts = await ask_many(client, "/api/v1/allocation/bulk", {"account_ids": [str(account_id)]})
    assert parts["items"][0]["allocation"]["nav"] == "107"
    made = await ask_many(
        client, "/api/v1/attribution/bulk", {}, {"blend": [f"cash:{UUID(int=5)}:1"]}
    )
    assert made["items"][0]["attribution"]["total_ratio"] == "0.07"
    assert made["items"][1]["problem"]["code"] == "not_found"
    path, named = "/api/v1/attribution/bulk", {"benchmark": str(UUID(int=5))}
    beside = await ask_many(client, path, {}, named, by="asset_class")
    assert beside["items"][0]["attribution"]["comparison"] is None
    assert beside["items"][1]["problem"]["code"] == "not_found"


@pytest.mark.parametrize("page", PAGES)
async def test_what_is_wrong_with_one_loses_no_other(
    client: httpx.AsyncClient, make_client: ClientMaker, admin_connection: Connection, page: str
) -> None:
    stranger = make_client(add_member(admin_connection))
    foreign = await create_account(stranger)
    wrong: list[tuple[Body, str]] = [
        ({"account_ids": [str(foreign)]}, "not_found"),
        ({"account_groups": ["Nobody"]}, "not_found"),
        ({"instrument_ids": [str(UUID(int=5))]}, "not_found"),
        ({"base_currency": "QQQ"}, "unknown_currency"),
    ]
    path = f"/api/v1/{page}/bulk"
    found = await ask_many(client, path, {}, *(scope for scope, _ in wrong), {"ref": "last"})
    items = found["items"]
    assert found["problem_count"] == len(wrong)
    assert [item["problem"]["code"] for item in items[1:-1]] == [code for _, code in wrong]
    assert [item[page] for item in items[1:-1]] == [None] * len(wrong)
    assert (items[-1]["ref"], items[-1]["problem"]) == ("last", None)
    assert items[0][page] == items[-1][page] == await alone(client, page, {}, {})


@pytest.mark.parametrize("page", PAGES)
async def test_a_bad_request_is_refused_as_a_whole(client: httpx.AsyncClient, page: str) -> None:
    slices = [{"asset_classes": ["bond"]}] * (many.MOST_SLICES + 1)
    wrong: list[Body] = [
        {"scopes": []},
        {"scopes": [{}] * (MOST[page] + 1)},
        {"scopes": slices},
        {"scopes": [{"nonsense": 1}]},
    ]
    for body in wrong:
        answer = await client.post(f"/api/v1/{page}/bulk", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("page", PAGES)
async def test_questions_a_minute_are_counted(client: httpx.AsyncClient, page: str) -> None:
    rule: Any = PAGES[page]
    await assert_counted(client, f"/api/v1/{page}/bulk", rule.limit)
