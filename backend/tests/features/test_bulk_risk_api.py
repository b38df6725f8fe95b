"""Risk of many parts at once: each the same as by its own request, and none lost for another."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, add_instrument, add_member, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.many_scopes import Body, ask_many, assert_counted, every_scope, params_of
from tests.features.risking import DOWN, UP, invested, walk
from truenav.features.risk import bulk_api, bulk_schemas
from truenav.features.valuation import many

PATH = "/api/v1/risk/bulk"


async def asked(client: httpx.AsyncClient, *scopes: Body, **settings: Any) -> Body:
    return await ask_many(client, PATH, *scopes, **settings)


async def alone(client: httpx.AsyncClient, scope: Body, settings: Body) -> Body:
    answer = await client.get("/api/v1/risk", params={**params_of(scope), **settings})
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


@pytest.fixture
async def scopes(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> list[Body]:
    """Every sort of scope, one of them beside a benchmark."""
    found = await every_scope(client, admin_connection, work)
    benchmark = add_instrument(admin_connection, symbol="HALF", prices=walk([UP / 2] * 300))
    found[1] = {**found[1], "benchmark_id": str(benchmark)}
    return found


@pytest.mark.parametrize(
    "how",
    [
        {},
        {
            "confidence": "0.9", "method": "hazen", "window": 20, "risk_free_ratio": "0.02",
            "allow_few": True, "max_points": 5,
        },
        {"risk_free_source": "treasury_bill"},
        {"flow_timing": "end_of_day", "gaps": "modified_dietz"},
    ],
)  # fmt: skip
async def test_each_scope_is_what_its_own_request_tells(
    client: httpx.AsyncClient, scopes: list[Body], how: Body
) -> None:
    found = await asked(client, *scopes, **how)
    assert found["problem_count"] == 0
    assert [item["index"] for item in found["items"]] == list(range(len(scopes)))
    for scope, item in zip(scopes, found["items"], strict=True):
        assert item["risk"] == await alone(client, scope, how), scope
        assert (item["ref"], item["problem"]) == (scope.get("ref"), None)


async def test_figures_by_hand_of_a_whole_and_a_slice(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    # all of it is in one instrument that goes up and down by 1 %: the slice is as the whole
    own = add_instrument(admin_connection, prices=walk([UP, DOWN] * 150))
    account_id = await invested(client, own)
    empty = await create_account(client)
    await work(None)

    found = await asked(
        client,
        {"account_ids": [str(account_id)]},
        {"instrument_ids": [str(own)]},
        {"account_ids": [str(empty)]},
    )

    whole, part, nothing = (item["risk"] for item in found["items"])
    # a slice begins on the day before it held something: a day more, and nothing earned on it
    assert (whole["return_count"], part["return_count"]) == (300, 301)
    for one in (whole, part):
        assert float(one["past_tail"]["value_at_risk"]) == pytest.approx(-0.01, abs=1e-9)
    assert (whole["slice"]["is_everything"], part["slice"]["is_everything"]) == (True, False)
    assert (nothing["return_count"], nothing["max_drawdown"]["reason"]) == (0, "no_capital")


async def test_what_is_wrong_with_one_loses_no_other(
    client: httpx.AsyncClient,
    make_client: ClientMaker,
    admin_connection: Connection,
    scopes: list[Body],
) -> None:
    stranger = make_client(add_member(admin_connection))
    foreign = await create_account(stranger)
    wrong: list[tuple[Body, str]] = [
        ({"account_ids": [str(UUID(int=5))]}, "not_found"),
        ({"account_ids": [str(foreign)]}, "not_found"),
        ({"account_groups": ["Nobody"]}, "not_found"),
        ({"instrument_ids": [str(UUID(int=5))]}, "not_found"),
        ({"category_ids": [str(UUID(int=5))]}, "not_found"),
        ({"benchmark_id": str(UUID(int=5))}, "not_found"),
        ({"base_currency": "QQQ"}, "unknown_currency"),
    ]
    found = await asked(client, scopes[0], *(scope for scope, _ in wrong), scopes[7])
    items = found["items"]
    assert found["problem_count"] == len(wrong)
    assert [item["problem"]["code"] for item in items[1:-1]] == [code for _, code in wrong]
    assert [item["risk"] for item in items[1:-1]] == [None] * len(wrong)
    assert items[0]["risk"] == await alone(client, scopes[0], {})
    assert items[-1]["risk"] == await alone(client, scopes[7], {})
    # the account is there: to who it belongs
    there = await asked(stranger, {"account_ids": [str(foreign)]})
    assert there["problem_count"] == 0


async def test_a_bad_request_is_refused_as_a_whole(client: httpx.AsyncClient) -> None:
    async def refused(**body: Any) -> str:
        answer = await client.post(PATH, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        return answer.text

    await refused(scopes=[])
    most = bulk_schemas.MOST_SCOPES
    assert f"at most {most} items" in await refused(scopes=[{}] * (most + 1))
    slices = [{"asset_classes": ["bond"]}] * (many.MOST_SLICES + 1)
    told = f"at most {many.MOST_SLICES} scopes of a part of what is in accounts"
    assert told in await refused(scopes=slices)
    await refused(scopes=[{"period": "fortnight"}])
    await refused(scopes=[{}], confidence="0.8")
    await refused(scopes=[{}], window=19)
    await refused(scopes=[{}], risk_free_ratio="1.5")
    await refused(scopes=[{}], max_points=bulk_schemas.MOST_POINTS + 1)


async def test_too_many_days_are_refused(
    client: httpx.AsyncClient, scopes: list[Body], monkeypatch: pytest.MonkeyPatch
) -> None:
    # one scope has fewer days than that, and all of them together more
    monkeypatch.setattr(many, "MOST_DAYS", 1000)
    assert (await asked(client, scopes[0]))["problem_count"] == 0
    answer = await client.post(PATH, json={"scopes": scopes})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_days")
    assert answer.json()["params"] == {"most": "1000"}


async def test_questions_a_minute_are_counted(client: httpx.AsyncClient) -> None:
    await assert_counted(client, PATH, bulk_api.BULKS.limit)


async def test_who_may_look_may_ask(
    make_client: ClientMaker, admin_connection: Connection, member: Member
) -> None:
    viewer = make_client(add_member(admin_connection, role="viewer", tenant_id=member.tenant_id))
    found = await asked(viewer, {})
    assert found["items"][0]["risk"]["return_count"] == 0
