"""Accounts through the API: what may be said of one, who wins when two change it, what stays."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import (
    Member,
    a_key,
    a_purchase,
    add_instrument,
    add_member,
    an_account,
    create_account,
)
from tests.conftest import ClientMaker, Connection
from tests.features.importing import a_file, a_symbol, problem, upload

ACCOUNTS = "/api/v1/accounts"
KINDS = ["brokerage", "retirement", "cash", "crypto", "other"]
TREATMENTS = ["taxable", "tax_deferred", "tax_free"]


async def create(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    """One attempt with a key of its own."""
    return await client.post(ACCOUNTS, json=an_account(**changes), headers=a_key())


async def created(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """The body of an account that was opened."""
    answer = await create(client, **changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def names_listed(client: httpx.AsyncClient, **query: str) -> list[str]:
    """Names on the first page."""
    answer = await client.get(ACCOUNTS, params=query)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


def audited(connection: Connection, member: Member) -> list[tuple[object, ...]]:
    """What the audit log holds of a tenant, in order."""
    return connection.execute(
        "SELECT action, entity_id, user_id, old_value->>'name', new_value->>'name'"
        " FROM audit_log WHERE tenant_id = %s ORDER BY sequence",
        (member.tenant_id,),
    ).fetchall()


async def test_an_account_says_what_was_asked_for_and_is_found_again(
    client: httpx.AsyncClient,
) -> None:
    wanted = {
        "name": "Depot Zürich",
        "broker": "interactive_brokers",
        "base_currency": "CHF",
        "kind": "retirement",
        "tax_treatment": "tax_deferred",
        "lot_method": "fifo",
    }
    answer = await client.post(ACCOUNTS, json=wanted, headers=a_key())
    body = answer.json()
    found = await client.get(f"{ACCOUNTS}/{body['id']}")

    assert answer.status_code == 201
    assert {name: body[name] for name in wanted} == wanted
    assert (body["version"], body["closed_at"]) == (1, None)
    assert found.json() == body


async def test_what_is_left_out_has_a_default(client: httpx.AsyncClient) -> None:
    body = {"name": "Plain", "base_currency": "USD"}
    made = (await client.post(ACCOUNTS, json=body, headers=a_key())).json()

    assert (made["broker"], made["kind"], made["tax_treatment"], made["lot_method"]) == (
        "",
        "brokerage",
        "taxable",
        "fifo",
    )


@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_and_treatment_is_kept(
    client: httpx.AsyncClient, kind: str, treatment: str
) -> None:
    made = await created(client, kind=kind, tax_treatment=treatment)

    assert (made["kind"], made["tax_treatment"]) == (kind, treatment)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "\u2003\u00a0"),  # blank to the eye: an em space, a no-break space
        ("name", "n" * 121),
        ("name", "two\nlines"),
        ("name", None),
        ("name", 7),
        ("broker", "b" * 81),
        ("broker", "\x7f"),
        ("group_name", "g" * 61),
        ("group_name", "two\nlines"),
        ("tags", ["t" * 31]),
        ("tags", ["one, two"]),
        ("tags", [" "]),
        ("tags", [str(number) for number in range(21)]),
        ("tags", "retirement"),
        ("base_currency", "usd"),
        ("base_currency", "US"),
        ("base_currency", "USDX"),
        ("base_currency", ""),
        ("kind", "Brokerage"),
        ("kind", "margin"),
        ("tax_treatment", "none"),
        ("lot_method", "random"),
    ],
)
async def test_a_wrong_value_is_refused_and_named(
    client: httpx.AsyncClient, field: str, value: object
) -> None:
    answer = await create(client, **{field: value})

    assert problem(answer) == (422, "invalid_request")
    # the first of a list stands at /body/tags/0
    named = {"/".join(error["pointer"].split("/")[:3]) for error in answer.json()["errors"]}
    assert named == {f"/body/{field}"}
    assert await names_listed(client) == []


async def test_names_of_the_greatest_length_are_kept_whatever_they_are_written_in(
    client: httpx.AsyncClient,
) -> None:
    for name in ("n" * 120, "ж" * 120, "\U0001f4b0" * 120):
        assert (await created(client, name=name))["name"] == name


async def test_spaces_around_a_name_do_not_make_it_another_name(client: httpx.AsyncClient) -> None:
    await created(client, name="Savings")

    assert problem(await create(client, name="  Savings ")) == (409, "account_name_taken")
    assert (await created(client, name=" Old savings "))["name"] == "Old savings"


@pytest.mark.parametrize("code", ["XXX", "QQQ", "GBX", "BTC"])
async def test_a_currency_that_is_none_is_told_by_its_code(
    client: httpx.AsyncClient, code: str
) -> None:
    answer = await create(client, base_currency=code)

    assert problem(answer) == (400, "unknown_currency")
    assert answer.json()["params"] == {"currency": code}


async def test_a_name_is_one_accounts_only_within_a_tenant(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient
) -> None:
    await created(client, name="Main")

    assert problem(await create(client, name="Main")) == (409, "account_name_taken")
    assert (await create(other_client, name="Main")).status_code == 201


async def test_of_two_that_ask_for_one_name_at_once_one_gets_it(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(create(client, name="Main") for _ in range(6)))

    told = sorted(answer.json().get("code", "") for answer in answers)
    assert told == ["", *["account_name_taken"] * 5]
    assert await names_listed(client) == ["Main"]


async def test_a_change_names_the_version_it_saw_and_makes_the_next(
    client: httpx.AsyncClient,
) -> None:
    made = await created(client, name="Old", broker="schwab")
    path = f"{ACCOUNTS}/{made['id']}"
    change = {
        "version": 1, "name": "New", "broker": "fidelity",
        "kind": "retirement", "tax_treatment": "tax_free",
    }  # fmt: skip

    answer = await client.patch(path, json=change)

    assert answer.status_code == 200
    assert answer.json() == {**made, **change, "version": 2}
    assert (await client.get(path)).json() == answer.json()


async def test_what_a_change_does_not_name_stays(client: httpx.AsyncClient) -> None:
    made = await created(client, name="Old", broker="schwab", kind="crypto")

    answer = await client.patch(
        f"{ACCOUNTS}/{made['id']}", json={"version": 1, "name": None, "broker": ""}
    )

    assert answer.json() == {**made, "broker": "", "version": 2}


async def test_accounts_are_ordered_by_one_group_and_any_tags(client: httpx.AsyncClient) -> None:
    plain = await created(client, name="Plain")
    assert (plain["group_name"], plain["tags"]) == ("", [])
    made = await created(client, name="Old", group_name=" Anna ", tags=["long term", "ira", "ira"])
    assert (made["group_name"], made["tags"]) == ("Anna", ["long term", "ira"])

    path = f"{ACCOUNTS}/{made['id']}"
    answer = await client.patch(path, json={"version": 1, "tags": ["b", "a"]})
    assert (answer.json()["group_name"], answer.json()["tags"]) == ("Anna", ["b", "a"])
    answer = await client.patch(path, json={"version": 2, "group_name": "", "tags": []})
    assert (answer.json()["group_name"], answer.json()["tags"]) == ("", [])


async def test_a_change_of_an_older_version_is_told_what_is_there_now(
    client: httpx.AsyncClient,
) -> None:
    made = await created(client, name="First")
    path = f"{ACCOUNTS}/{made['id']}"
    now = (await client.patch(path, json={"version": 1, "name": "Second"})).json()

    answer = await client.patch(path, json={"version": 1, "name": "Third"})

    assert problem(answer) == (409, "stale_version")
    assert answer.json()["current"] == now
    assert (await client.get(path)).json()["name"] == "Second"


async def test_of_changes_of_the_same_version_at_once_one_wins(client: httpx.AsyncClient) -> None:
    made = await created(client)
    path = f"{ACCOUNTS}/{made['id']}"

    answers = await asyncio.gather(
        *(client.patch(path, json={"version": 1, "name": f"Name {n}"}) for n in range(6))
    )

    won = [answer.json()["name"] for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code != 200} == {
        "stale_version"
    }
    found = (await client.get(path)).json()
    assert (found["name"], found["version"]) == (won[0], 2)


async def test_a_change_to_a_taken_name_changes_nothing(client: httpx.AsyncClient) -> None:
    await created(client, name="Taken")
    made = await created(client, name="Mine")
    path = f"{ACCOUNTS}/{made['id']}"

    answer = await client.patch(path, json={"version": 1, "name": "Taken", "broker": "else"})

    assert problem(answer) == (409, "account_name_taken")
    assert (await client.get(path)).json() == made


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"name": "N"}, {"/body/version"}),
        ({"version": "1"}, {"/body/version"}),
        ({"version": 0}, {"/body/version"}),
        ({"version": 2**31}, {"/body/version"}),
        ({"version": 1, "name": " "}, {"/body/name"}),
        ({"version": 1, "kind": "margin"}, {"/body/kind"}),
        # what valuations rest on cannot be changed under them
        ({"version": 1, "base_currency": "EUR"}, {"/body/base_currency"}),
        ({"version": 1, "lot_method": "fifo"}, {"/body/lot_method"}),
        ({"version": 1, "id": str(uuid4())}, {"/body/id"}),
    ],
)
async def test_a_change_that_cannot_be_is_refused_and_named(
    client: httpx.AsyncClient, change: dict[str, Any], pointers: set[str]
) -> None:
    made = await created(client)
    path = f"{ACCOUNTS}/{made['id']}"

    answer = await client.patch(path, json=change)

    assert problem(answer) == (422, "invalid_request")
    assert {error["pointer"] for error in answer.json()["errors"]} == pointers
    assert (await client.get(path)).json() == made


async def test_an_empty_account_is_removed_and_its_name_is_free_again(
    client: httpx.AsyncClient,
) -> None:
    made = await created(client, name="Passing")
    path = f"{ACCOUNTS}/{made['id']}"

    answer = await client.delete(path)

    assert (answer.status_code, answer.content) == (204, b"")
    for gone in (await client.get(path), await client.delete(path)):
        assert problem(gone) == (404, "not_found")
    assert problem(await client.patch(path, json={"version": 1})) == (404, "not_found")
    assert (await create(client, name="Passing")).status_code == 201


async def test_an_account_with_records_stays_even_when_they_were_taken_back(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    body = a_purchase(account_id, add_instrument(admin_connection))
    posted = await client.post("/api/v1/transactions", json=body, headers=a_key())
    path = f"{ACCOUNTS}/{account_id}"

    assert problem(await client.delete(path)) == (409, "account_not_empty")
    reversed_ = await client.post(
        f"/api/v1/transactions/{posted.json()['id']}/reverse", headers=a_key()
    )
    assert reversed_.status_code == 201, reversed_.text
    assert problem(await client.delete(path)) == (409, "account_not_empty")
    assert (await client.get(path)).status_code == 200


async def test_an_upload_that_was_never_committed_goes_with_its_account(
    client: httpx.AsyncClient,
) -> None:
    account_id = await create_account(client)
    batch = await upload(client, account_id, a_file(a_symbol()))

    assert (await client.delete(f"{ACCOUNTS}/{account_id}")).status_code == 204
    assert problem(await client.get(f"/api/v1/imports/{batch['id']}")) == (404, "not_found")


async def test_pages_are_in_the_order_of_opening_and_count_all(client: httpx.AsyncClient) -> None:
    names = [f"Account {n}" for n in range(5)]
    for name in names:
        await created(client, name=name)

    page = (await client.get(ACCOUNTS, params={"limit": 2, "include_total": True})).json()
    rest = (await client.get(ACCOUNTS, params={"cursor": page["next_cursor"]})).json()

    assert [item["name"] for item in page["items"]] == names[:2]
    assert (page["has_more"], page["total_count"]) == (True, 5)
    assert [item["name"] for item in rest["items"]] == names[2:]
    assert (rest["has_more"], rest["next_cursor"], rest["total_count"]) == (False, None, None)


async def test_what_is_opened_or_removed_between_pages_shifts_no_row(
    client: httpx.AsyncClient,
) -> None:
    made = [await created(client, name=f"Account {n}") for n in range(4)]
    first = (await client.get(ACCOUNTS, params={"limit": 2})).json()

    await client.delete(f"{ACCOUNTS}/{made[0]['id']}")  # an offset would now skip Account 2
    await created(client, name="Account 4")

    rest = await names_listed(client, cursor=first["next_cursor"])
    assert rest == ["Account 2", "Account 3", "Account 4"]


async def test_a_viewer_looks_and_changes_nothing(
    client: httpx.AsyncClient,
    member: Member,
    make_client: ClientMaker,
    admin_connection: Connection,
) -> None:
    made = await created(client, name="Shared")
    path = f"{ACCOUNTS}/{made['id']}"
    viewer = make_client(
        add_member(admin_connection, role="viewer", tenant_id=UUID(str(member.tenant_id)))
    )

    assert await names_listed(viewer) == ["Shared"]
    for refused in (
        await create(viewer, name="Mine"),
        await viewer.patch(path, json={"version": 1, "name": "Mine"}),
        await viewer.delete(path),
    ):
        assert problem(refused) == (403, "forbidden")
    assert (await client.get(path)).json() == made


async def test_every_change_is_in_the_audit_log_and_a_refused_one_is_not(
    client: httpx.AsyncClient, member: Member, admin_connection: Connection
) -> None:
    made = await created(client, name="Old")
    path, account_id, who = f"{ACCOUNTS}/{made['id']}", UUID(made["id"]), member.user_id
    await client.patch(path, json={"version": 1, "name": "New"})
    await client.patch(path, json={"version": 1, "name": "Refused"})
    await client.delete(path)

    assert audited(admin_connection, member) == [
        ("account.created", account_id, who, None, "Old"),
        ("account.changed", account_id, who, "Old", "New"),
        ("account.removed", account_id, who, "New", None),
    ]
