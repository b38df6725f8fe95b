"""Corporate actions through the API: taken back, set aside, with own terms; nobody else's."""

import asyncio
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.acting import (
    ACTIONS,
    Body,
    act,
    add_dividend,
    add_event,
    derived,
    done,
    own,
    states,
)
from tests.features.ledgering import bought, get, lots, post, sold

# every kind, with terms for 105 units of ZQX bought at 10 and KID beside it
KINDS: list[tuple[str, Body]] = [
    ("forward_split", {"old_units": "2", "new_units": "3"}),
    ("reverse_split", {"old_units": "10", "new_units": "1", "fraction_price": "95",
                       "currency": "USD"}),
    ("stock_dividend", {"old_units": "100", "new_units": "5"}),
    ("cash_dividend", {"cash_amount": "0.3", "currency": "USD", "pay_date": "2024-06-28"}),
    ("special_dividend", {"cash_amount": "3", "currency": "USD"}),
    ("return_of_capital", {"cash_amount": "12", "currency": "USD"}),
    ("spin_off", {"old_units": "4", "new_units": "1", "basis_fraction": "0.1",
                  "fraction_price": "40", "currency": "USD", "new_instrument_id": "kid"}),
    ("rights", {"old_units": "10", "new_units": "1", "new_instrument_id": "kid"}),
    ("stock_merger", {"old_units": "2", "new_units": "1", "fraction_price": "30",
                      "currency": "USD", "new_instrument_id": "kid"}),
    ("cash_merger", {"cash_amount": "15", "currency": "USD"}),
    ("stock_and_cash_merger", {"old_units": "1", "new_units": "1", "new_fair_value": "12",
                               "cash_amount": "3", "currency": "USD", "new_instrument_id": "kid"}),
    ("name_change", {"new_instrument_id": "kid"}),
    ("redemption", {"cash_amount": "11", "currency": "USD"}),
    ("maturity", {"cash_amount": "11", "currency": "USD", "accrued_interest": "0.2"}),
    ("worthless", {}),
]  # fmt: skip


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client, name="Broker")


@pytest.fixture
def zqx(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


@pytest.fixture
def kid(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


class TestReverse:
    @pytest.mark.parametrize(("kind", "terms"), KINDS, ids=[kind for kind, _ in KINDS])
    async def test_undone_is_as_if_it_had_never_happened(
        self, client: httpx.AsyncClient, admin_connection: Connection, member: Member,
        account_id: UUID, zqx: UUID, kid: UUID, kind: str, terms: Body,
    ) -> None:  # fmt: skip
        await post(
            client,
            bought(account_id, zqx, "2024-01-02", "95", "10"),
            bought(account_id, zqx, "2024-02-02", "10", "11"),
            bought(account_id, zqx, "2024-08-02", "10", "11"),
            sold(account_id, zqx, "2024-08-05", "7", "12"),
        )
        before = derived(admin_connection, member)
        named = {k: str(kid) if v == "kid" else v for k, v in terms.items()}
        event = await own(client, zqx, kind, **named)
        applied = await done(client, event["id"], "apply")
        assert applied["accounts"][0]["state"] == "applied"
        assert derived(admin_connection, member) != before
        undone = await done(client, event["id"], "reverse")
        assert undone["accounts"][0]["state"] == "pending"
        assert undone["accounts"][0]["was_reversed"] is True
        assert derived(admin_connection, member) == before
        # and it can be done again
        await done(client, event["id"], "apply")

    async def test_what_is_not_applied_cannot_be_reversed(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        assert (await act(client, event, "reverse")).status_code == 409

    async def test_records_taken_back_one_by_one_let_it_wait_again(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        applied = await done(client, event, "apply")
        (record,) = applied["accounts"][0]["transaction_ids"]
        await client.post(f"/api/v1/transactions/{record}/reverse", headers=a_key())
        assert await states(client) == [("2024-06-10", "forward_split", "pending")]


class TestDismiss:
    async def test_dismissed_and_brought_back(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        await done(client, event, "dismiss")
        assert await states(client) == [("2024-06-10", "forward_split", "dismissed")]
        assert await states(client, state="pending") == []
        assert (await act(client, event, "apply")).status_code == 409
        await done(client, event, "undismiss")
        assert await states(client) == [("2024-06-10", "forward_split", "pending")]
        assert (await act(client, event, "undismiss")).status_code == 409


class TestOwnTerms:
    async def test_terms_take_the_place_of_a_shared_events_and_go_again(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = add_dividend(admin_connection, zqx, "2024-09-05", "1")
        await post(client, bought(account_id, zqx, "2024-01-02", "10", "5"))
        terms = {
            "kind": "return_of_capital", "instrument_id": str(zqx), "ex_date": "2024-09-05",
            "cash_amount": "2", "currency": "USD",
        }  # fmt: skip
        path = f"{ACTIONS}/{event}"
        changed = await client.put(path, json=terms, headers=a_key())
        assert changed.status_code == 200, changed.text
        body = changed.json()
        assert (body["kind"], body["is_overridden"], body["version"]) == (
            "return_of_capital", True, 1,
        )  # fmt: skip
        stale = await client.put(path, json=terms, headers=a_key())
        assert (stale.status_code, stale.json()["current"]) == (409, {"version": 1})
        await done(client, event, "apply")
        assert await lots(client, zqx) == [("2024-01-02", "10", "30")]
        refused = await client.put(path, json={**terms, "version": 1}, headers=a_key())
        assert (refused.status_code, refused.json()["code"]) == (409, "action_in_use")
        assert (await client.delete(path)).status_code == 409
        await done(client, event, "reverse")
        assert (await client.delete(path)).status_code == 204
        assert (await get(client, f"corporate-actions/{event}"))["kind"] == "cash_dividend"
        assert (await client.delete(path)).status_code == 404

    async def test_wrong_terms_are_named(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        await post(client, bought(account_id, zqx, "2024-01-02", "10", "5"))
        body = {"kind": "spin_off", "instrument_id": str(zqx), "ex_date": "2024-09-05",
                "old_units": "0", "new_units": "1", "cash_amount": "1"}  # fmt: skip
        answer = await client.post(ACTIONS, json=body, headers=a_key())
        assert answer.status_code == 422
        assert {error["pointer"] for error in answer.json()["errors"]} == {
            "/body/new_instrument_id", "/body/old_units", "/body/cash_amount",
        }  # fmt: skip

    async def test_an_event_of_nothing_held_is_listed_and_removed(
        self, client: httpx.AsyncClient, zqx: UUID
    ) -> None:
        event = await own(client, zqx, "worthless", note="told by letter")
        assert (event["is_own"], event["accounts"], event["note"]) == (True, [], "told by letter")
        assert len((await get(client, "corporate-actions"))["items"]) == 1
        assert (await client.delete(f"{ACTIONS}/{event['id']}")).status_code == 204
        assert (await get(client, "corporate-actions"))["items"] == []


class TestTenants:
    async def test_own_events_terms_and_decisions_are_nobody_elses(
        self, client: httpx.AsyncClient, other_client: httpx.AsyncClient,
        admin_connection: Connection, zqx: UUID,
    ) -> None:  # fmt: skip
        event = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
        for who in (client, other_client):
            await post(who, bought(await create_account(who), zqx, "2024-01-02", "12", "500"))
        await done(client, event, "dismiss")
        mine = await own(client, zqx, "worthless", ex_date="2025-01-02")
        terms = {"kind": "forward_split", "instrument_id": str(zqx), "ex_date": "2024-06-10",
                 "old_units": "1", "new_units": "20"}  # fmt: skip
        assert (
            await client.put(f"{ACTIONS}/{event}", json=terms, headers=a_key())
        ).status_code == 200
        (seen,) = (await get(other_client, "corporate-actions"))["items"]
        assert (seen["new_units"], seen["accounts"][0]["state"]) == ("10", "pending")
        for verb in ("preview", "apply", "reverse", "dismiss"):
            assert (await act(other_client, mine["id"], verb)).status_code == 404


async def test_applied_by_two_at_once_it_happens_once(
    client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
) -> None:
    event = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
    await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
    answers = await asyncio.gather(*(act(client, event, "apply") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    assert await lots(client, zqx) == [("2024-01-02", "120", "6000")]
