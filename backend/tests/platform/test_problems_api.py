"""Whatever is sent: one error shape, nothing echoed, nothing a bug."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.builders import a_key, a_purchase, an_account
from truenav.platform.problems import PROBLEM_JSON, Problem

ACCOUNTS = "/api/v1/accounts"
TRANSACTIONS = "/api/v1/transactions"
# The amount as it stands in the JSON text, quotes and all.
NOT_AMOUNTS = [
    "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "12.5", "0", "true", "[]", "{}",
    '"NaN"', '"Infinity"', '"1e400"', '"1e1000000"', '"1e3000000"', '"1E5"', '" 1.5"', '"1.5 "',
    '"1_000"', '"1,000.00"', '"1.000,00"', '"\u0661\u0662"', '"\uff11"', '"\u22121"', '"+1"',
    '".5"', '"5."', '"--1"', '""', '"0x1F"', '"\\ud800"', '"1\\u0000"', '"1\\n"',
    '"' + "9" * 21 + '"', '"0.' + "1" * 19 + '"', '"' + "1" * 100_000 + '"',
]  # fmt: skip


async def post_text(client: httpx.AsyncClient, path: str, text: str) -> httpx.Response:
    """Send a body as it stands."""
    headers = {**a_key(), "Content-Type": "application/json"}
    return await client.post(path, content=text.encode("utf-8", "surrogatepass"), headers=headers)


def problem_of(answer: httpx.Response) -> Problem:
    """The problem document of an answer."""
    assert answer.headers["content-type"] == PROBLEM_JSON
    problem = Problem.model_validate(answer.json())
    assert problem.status == answer.status_code
    assert problem.type == f"/problems/{problem.code}"
    assert problem.request_id == answer.headers["X-Request-Id"]
    return problem


class TestRefusedBodies:
    @pytest.mark.parametrize("amount", NOT_AMOUNTS, ids=lambda text: ascii(text)[:24])
    async def test_an_amount_that_is_none_is_refused_with_its_place(
        self, client: httpx.AsyncClient, amount: str
    ) -> None:
        body = a_purchase(uuid4(), uuid4(), quantity="AMOUNT")
        text = json.dumps(body).replace('"AMOUNT"', amount)

        problem = problem_of(await post_text(client, TRANSACTIONS, text))

        assert (problem.status, problem.code) == (422, "invalid_request")
        assert [error.pointer for error in problem.errors] == ["/body/quantity"]
        assert len(amount) < 7 or amount.strip('"') not in problem.model_dump_json()

    @pytest.mark.parametrize(
        "text",
        [
            "", "{", "null", "[]", '"x"', "{}", "NaN", '{"a":' * 100_000, "[" * 100_000,
            "\ud800", '{"name": "\\ud800"}', '{"\\ud800": 1}', '{"name": NaN}', "\x00",
            '{"name": "a", "broker": "\\u0000", "base_currency": "USD"}',
            '{"name": "\\u0000", "base_currency": "USD"}',
            '{"version": ' + "9" * 5000 + "}",
        ],
        ids=lambda text: ascii(text)[:24],
    )  # fmt: skip
    async def test_a_body_that_is_none_is_refused(
        self, client: httpx.AsyncClient, text: str
    ) -> None:
        problem = problem_of(await post_text(client, ACCOUNTS, text))

        assert problem.status in {400, 422}

    async def test_unknown_fields_are_refused_by_name(self, client: httpx.AsyncClient) -> None:
        body = an_account(tenant_id=str(uuid4()), version=7)

        problem = problem_of(await client.post(ACCOUNTS, json=body, headers=a_key()))

        assert {e.pointer for e in problem.errors} == {"/body/tenant_id", "/body/version"}

    async def test_a_pointer_is_a_json_pointer(self, client: httpx.AsyncClient) -> None:
        problem = problem_of(
            await client.post(ACCOUNTS, json={**an_account(), "a/b~c": 1}, headers=a_key())
        )

        assert [error.pointer for error in problem.errors] == ["/body/a~1b~0c"]

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0", "limit=201", "limit=NaN", "limit=1e9", "limit=%00", "cursor=x",
            "cursor=%00", "cursor=W10", "cursor=" + "A" * 700, "cursor=bnVsbA", "cursor=WyIiXQ",
            "cursor=WzFd", "cursor=%F0%9F%98%80", "include_total=maybe",
        ],
    )  # fmt: skip
    async def test_a_query_that_is_none_is_refused(
        self, client: httpx.AsyncClient, query: str
    ) -> None:
        problem = problem_of(await client.get(f"{ACCOUNTS}?{query}"))

        assert problem.status in {400, 422}

    @pytest.mark.parametrize(
        "query", ["query=%00", "query=%25", "query=_", "query='", "query=%ED%A0%80", "query=%FF"]
    )
    async def test_a_search_never_breaks(self, client: httpx.AsyncClient, query: str) -> None:
        answer = await client.get(f"/api/v1/instruments?{query}")

        assert answer.status_code in {200, 422}


class TestFrameworkErrors:
    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("GET", "/api/v1/nothing", 404, "not_found"),
            ("GET", "/api/", 404, "not_found"),
            ("GET", "/api/v2/accounts", 404, "not_found"),
            ("PUT", ACCOUNTS, 405, "method_not_allowed"),
            ("DELETE", "/live", 405, "method_not_allowed"),
            ("POST", "/nothing", 405, "method_not_allowed"),
        ],
    )
    async def test_they_have_the_same_shape(
        self, client: httpx.AsyncClient, method: str, path: str, status: int, code: str
    ) -> None:
        problem = problem_of(await client.request(method, path))

        assert (problem.status, problem.code) == (status, code)

    async def test_who_is_not_logged_in_is_told_how(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        answer = await anonymous_client.get(ACCOUNTS)

        assert problem_of(answer).code == "unauthenticated"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


class TestIdempotency:
    async def test_the_same_key_answers_the_same(self, client: httpx.AsyncClient) -> None:
        key = a_key()

        first = await client.post(ACCOUNTS, json=an_account(), headers=key)
        second = await client.post(ACCOUNTS, json=an_account(), headers=key)
        listed = await client.get(ACCOUNTS)

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert [item["id"] for item in listed.json()["items"]] == [first.json()["id"]]

    async def test_another_body_is_refused(self, client: httpx.AsyncClient) -> None:
        key = a_key()
        await client.post(ACCOUNTS, json=an_account(), headers=key)

        answer = await client.post(ACCOUNTS, json=an_account(name="Other"), headers=key)

        assert (answer.status_code, problem_of(answer).code) == (422, "idempotency_key_reused")

    async def test_no_key_is_refused(self, client: httpx.AsyncClient) -> None:
        answer = await client.post(ACCOUNTS, json=an_account())

        assert (answer.status_code, problem_of(answer).code) == (400, "idempotency_key_missing")

    async def test_a_refused_request_uses_no_key_up(self, client: httpx.AsyncClient) -> None:
        key = a_key()
        refused = await client.post(ACCOUNTS, json=an_account(base_currency="QQQ"), headers=key)

        answer = await client.post(ACCOUNTS, json=an_account(), headers=key)

        assert (refused.status_code, answer.status_code) == (400, 201)

    async def test_the_key_of_another_tenant_is_another_key(
        self, client: httpx.AsyncClient, other_client: httpx.AsyncClient
    ) -> None:
        key = a_key()
        first = await client.post(ACCOUNTS, json=an_account(), headers=key)

        second = await other_client.post(ACCOUNTS, json=an_account(name="B"), headers=key)

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["id"] != second.json()["id"]

    async def test_sixteen_at_once_have_one_effect(self, client: httpx.AsyncClient) -> None:
        key = a_key()

        answers = await asyncio.gather(
            *(client.post(ACCOUNTS, json=an_account(), headers=key) for _ in range(16))
        )

        told = {(a.status_code, a.json().get("code")) for a in answers}
        listed = await client.get(f"{ACCOUNTS}?include_total=true")
        assert told <= {(201, None), (409, "idempotency_key_in_use")}
        assert len({a.json()["id"] for a in answers if a.status_code == 201}) == 1
        assert listed.json()["total_count"] == 1


class TestPages:
    async def test_pages_hold_each_row_once(self, client: httpx.AsyncClient) -> None:
        made = {
            (await client.post(ACCOUNTS, json=an_account(name=f"A{n}"), headers=a_key())).json()[
                "id"
            ]
            for n in range(5)
        }

        seen: list[str] = []
        cursor: str | None = None
        while True:
            query: dict[str, Any] = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            page = (await client.get(ACCOUNTS, params=query)).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
            if not page["has_more"]:
                break

        assert len(seen) == 5
        assert set(seen) == made
        assert cursor is None

    async def test_a_cursor_is_good_for_its_query_only(self, client: httpx.AsyncClient) -> None:
        for n in range(2):
            await client.post(ACCOUNTS, json=an_account(name=f"A{n}"), headers=a_key())
        cursor = (await client.get(f"{ACCOUNTS}?limit=1")).json()["next_cursor"]

        answer = await client.get(f"/api/v1/imports?cursor={cursor}")

        assert (answer.status_code, problem_of(answer).code) == (400, "invalid_cursor")
