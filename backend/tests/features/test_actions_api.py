"""Corporate actions through the API: inbox, preview, apply, reverse, own terms; figures by hand."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import Member, a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.ledgering import a_record, bought, cash, closures, get, lots, post, sold

ACTIONS = "/api/v1/corporate-actions"
DERIVED = ("lots", "lot_closures", "lot_adjustments", "positions", "cash_balances", "review_notes")
Body = dict[str, Any]


def add_event(connection: Connection, instrument_id: UUID, ex_date: str, **values: Any) -> UUID:
    """A shared event, as a provider tells it."""
    event_id = uuid4()
    columns = {"type": "split", "source": "test", **values}
    with connection.transaction():
        connection.execute(
            "INSERT INTO corporate_actions (id, instrument_id, type, ex_date, pay_date, ratio,"
            " cash_amount, currency, source) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                event_id, instrument_id, columns["type"], ex_date, columns.get("pay_date"),
                columns.get("ratio"), columns.get("cash_amount"), columns.get("currency"),
                columns["source"],
            ),
        )  # fmt: skip
    return event_id


def add_dividend(connection: Connection, instrument_id: UUID, ex_date: str, amount: str) -> UUID:
    return add_event(
        connection, instrument_id, ex_date, type="cash_dividend", cash_amount=amount, currency="USD"
    )


async def act(
    client: httpx.AsyncClient, event_id: UUID | str, verb: str, *accounts: Body
) -> httpx.Response:
    """Preview, apply, reverse, dismiss or undismiss; in the accounts named, else in all."""
    return await client.post(
        f"{ACTIONS}/{event_id}/{verb}", json={"accounts": list(accounts)}, headers=a_key()
    )


async def done(client: httpx.AsyncClient, event_id: UUID | str, verb: str, *accounts: Body) -> Any:
    answer = await act(client, event_id, verb, *accounts)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def states(client: httpx.AsyncClient, **query: str) -> list[tuple[str, str, str]]:
    """(ex-date, kind, state) of each event and account, newest first."""
    found = await get(client, "corporate-actions", **query)
    return [
        (item["ex_date"], item["kind"], account["state"])
        for item in found["items"]
        for account in item["accounts"]
    ]


def derived(connection: Connection, member: Member) -> dict[str, list[Any]]:
    """All that follows from a tenant's records, but when it was worked out."""
    found = {}
    for table in DERIVED:
        rows = connection.execute(
            f"SELECT to_jsonb(t) - 'updated_at' FROM {table} t WHERE tenant_id = %s"
            " ORDER BY to_jsonb(t)::text",
            (member.tenant_id,),
        ).fetchall()
        found[table] = [row[0] for row in rows]
    return found


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client, name="Broker")


@pytest.fixture
def zqx(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


@pytest.fixture
def kid(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


class TestInbox:
    async def test_a_split_of_what_is_held_waits(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
        add_event(admin_connection, zqx, "2023-12-29", ratio="2")  # before anything was held
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        (found,) = (await get(client, "corporate-actions"))["items"]
        assert found["id"] == str(event)
        assert (found["kind"], found["old_units"], found["new_units"]) == (
            "forward_split",
            "1",
            "10",
        )
        (account,) = found["accounts"]
        assert account["account_name"] == "Broker"
        assert (account["state"], account["units"], account["units_after"]) == (
            "pending", "12", "120",
        )  # fmt: skip

    async def test_units_bought_on_the_ex_date_have_no_part_in_it(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        add_dividend(admin_connection, zqx, "2024-06-10", "0.50")
        await post(client, bought(account_id, zqx, "2024-06-07", "10", "5"))
        await post(client, bought(account_id, zqx, "2024-06-10", "90", "5"))
        (found,) = (await get(client, "corporate-actions"))["items"]
        assert found["accounts"][0]["cash_amount"] == "5"
        assert found["accounts"][0]["warnings"] == ["pay_date_unknown"]

    async def test_what_the_broker_recorded_is_never_applied_twice(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        split = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
        paid = add_dividend(admin_connection, zqx, "2024-09-05", "0.25")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        await post(
            client,
            a_record(account_id, "split", "2024-06-11", instrument_id=zqx, ratio="10"),
            a_record(account_id, "dividend", "2024-09-20", instrument_id=zqx, gross=cash("30")),
        )
        assert await states(client) == [
            ("2024-09-05", "cash_dividend", "recorded"),
            ("2024-06-10", "forward_split", "recorded"),
        ]
        for event in (split, paid):
            refused = await act(client, event, "apply", {"account_id": str(account_id)})
            assert (refused.status_code, refused.json()["code"]) == (409, "action_not_pending")
        assert (await act(client, split, "apply")).status_code == 409

    async def test_a_dividend_net_of_tax_is_said_to_resemble_it(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        add_dividend(admin_connection, zqx, "2024-09-05", "1")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        await post(
            client,
            a_record(account_id, "dividend", "2024-09-20", instrument_id=zqx, gross=cash("10.20")),
        )
        (found,) = (await get(client, "corporate-actions"))["items"]
        assert "similar_record" in found["accounts"][0]["warnings"]
        assert len(found["accounts"][0]["transaction_ids"]) == 1

    async def test_what_was_announced_is_upcoming(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        # tests live on 2026-03-05
        event = add_event(admin_connection, zqx, "2026-04-01", ratio="2")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        assert await states(client) == [("2026-04-01", "forward_split", "upcoming")]
        assert (await act(client, event, "apply")).status_code == 409

    async def test_two_sources_tell_one_event(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        add_event(admin_connection, zqx, "2024-06-10", ratio="10", source="b")
        add_event(admin_connection, zqx, "2024-06-10", ratio="10", source="a")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        assert await states(client) == [("2024-06-10", "forward_split", "pending")]

    async def test_filters_and_pages(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID,
        kid: UUID,
    ) -> None:  # fmt: skip
        for month in ("03", "06", "09"):
            add_dividend(admin_connection, zqx, f"2024-{month}-05", "1")
        add_event(admin_connection, kid, "2024-05-01", ratio="2")
        other = await create_account(client)
        await post(client, bought(account_id, zqx, "2024-01-02", "1", "5"))
        await post(client, bought(other, kid, "2024-01-02", "1", "5"))
        first = await get(client, "corporate-actions", limit="3", include_total="true")
        assert (len(first["items"]), first["has_more"], first["total_count"]) == (3, True, 4)
        rest = await get(client, "corporate-actions", limit="3", cursor=first["next_cursor"])
        days = [item["ex_date"] for item in first["items"] + rest["items"]]
        assert days == ["2024-09-05", "2024-06-05", "2024-05-01", "2024-03-05"]
        assert rest["has_more"] is False
        assert len(await states(client, account_id=str(other))) == 1
        assert len(await states(client, instrument_id=str(zqx))) == 3
        assert len(await states(client, **{"from": "2024-05-01", "to": "2024-06-05"})) == 2
        assert await states(client, state="applied") == []
        assert len(await states(client, state="pending")) == 4

    async def test_what_is_told_without_its_terms_is_no_event(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        add_event(admin_connection, zqx, "2024-06-10")
        add_event(admin_connection, zqx, "2024-07-10", ratio="1")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        assert await states(client) == []


class TestPreview:
    async def test_it_shows_both_sides_and_writes_nothing(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID,
        member: Member,
    ) -> None:  # fmt: skip
        # 105 at 10, 1 for 10 with 95 a unit for the half: 10 at 100.00 and a loss of 2.50
        await post(client, bought(account_id, zqx, "2024-01-02", "105", "10"))
        event = await own(client, zqx, "reverse_split", old_units="10", new_units="1",
                          fraction_price="95", currency="USD")  # fmt: skip
        before = derived(admin_connection, member)
        (account,) = (await done(client, event["id"], "preview"))["accounts"]
        assert [(r["kind"], r["quantity"], r["amount"]) for r in account["records"]] == [
            ("split", None, None),
            ("cash_in_lieu", "-0.5", "47.5"),
        ]
        (position,) = account["positions"]
        assert (position["quantity_before"], position["quantity_after"]) == ("105", "10")
        assert (position["cost_before"], position["cost_after"]) == ("1050", "1000")
        assert account["cash"] == [{"currency": "USD", "before": "-1050", "after": "-1002.5"}]
        assert [(g["proceeds"], g["cost"], g["gain"]) for g in account["gains"]] == [
            ("47.5", "50", "-2.5")
        ]
        assert account["realized"] == [{"currency": "USD", "before": "0", "after": "-2.5"}]
        assert [lot["quantity"] for lot in account["lots_before"]] == ["105"]
        assert [lot["quantity"] for lot in account["lots_after"]] == ["10"]
        assert derived(admin_connection, member) == before

    async def test_a_late_split_changes_what_later_sales_gained(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        # 10 at 100, 1 to 2, then 10 of 20 sold at 60: cost 500, gain 100; without the split -400
        event = add_event(admin_connection, zqx, "2024-06-10", ratio="2")
        await post(client, bought(account_id, zqx, "2024-01-02", "10", "100"))
        await post(client, sold(account_id, zqx, "2024-07-01", "10", "60"))
        (account,) = (await done(client, event, "preview"))["accounts"]
        assert account["realized"] == [{"currency": "USD", "before": "-400", "after": "100"}]


async def own(client: httpx.AsyncClient, instrument_id: UUID, kind: str, **terms: Any) -> Any:
    """An event of the tenant's own, on 2024-06-10 unless said otherwise."""
    body = {"kind": kind, "instrument_id": str(instrument_id), "ex_date": "2024-06-10", **terms}
    answer = await client.post(ACTIONS, json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    return answer.json()


class TestApply:
    async def test_lots_follow_and_a_second_time_is_refused(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        answer = await done(client, event, "apply")
        (account,) = answer["accounts"]
        assert account["state"] == "applied"
        assert len(account["transaction_ids"]) == 1
        assert await lots(client, zqx) == [("2024-01-02", "120", "6000")]
        assert (await act(client, event, "apply")).status_code == 409

    async def test_the_same_key_answers_the_same_and_acts_once(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        key = a_key()
        path = f"{ACTIONS}/{event}/apply"
        body: Body = {"accounts": []}
        first, again = [await client.post(path, json=body, headers=key) for _ in "12"]
        assert first.json() == again.json()
        assert await lots(client, zqx) == [("2024-01-02", "120", "6000")]

    async def test_accounts_named_are_the_only_ones_and_all_is_all(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = add_event(admin_connection, zqx, "2024-06-10", ratio="2")
        other = await create_account(client, name="Zweite")
        await post(client, bought(account_id, zqx, "2024-01-02", "1", "5"))
        await post(client, bought(other, zqx, "2024-01-03", "3", "5"))
        await done(client, event, "apply", {"account_id": str(other)})
        assert [state for _, _, state in await states(client)] == ["pending", "applied"]
        await done(client, event, "apply")
        assert await lots(client, zqx) == [("2024-01-02", "2", "5"), ("2024-01-03", "6", "15")]

    async def test_it_is_the_same_as_posting_the_records_by_hand(
        self, client: httpx.AsyncClient, other_client: httpx.AsyncClient, kid: UUID, zqx: UUID
    ) -> None:
        hand = await create_account(other_client)
        mine = await create_account(client)
        for who, account in ((client, mine), (other_client, hand)):
            await post(
                who,
                bought(account, zqx, "2024-01-02", "100", "60"),
                bought(account, zqx, "2024-02-01", "20", "75"),
                sold(account, zqx, "2024-07-01", "50", "80"),
            )
        event = await own(client, zqx, "spin_off", old_units="4", new_units="1",
                          new_instrument_id=str(kid), basis_fraction="0.1")  # fmt: skip
        await done(client, event["id"], "apply")
        await post(
            other_client,
            a_record(hand, "spin_off", "2024-06-10", instrument_id=kid, quantity="30",
                     source_instrument_id=zqx, basis_fraction="0.1"),
        )  # fmt: skip
        for instrument in (zqx, kid):
            assert await lots(client, instrument) == await lots(other_client, instrument)
            assert await closures(client, instrument) == await closures(other_client, instrument)
        assert await lots(client, kid) == [("2024-01-02", "25", "600"), ("2024-02-01", "5", "150")]

    async def test_a_tender_of_some_units(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        await post(client, bought(account_id, zqx, "2024-01-02", "100", "10"))
        event = await own(client, zqx, "tender", cash_amount="15", currency="USD")
        some = {"account_id": str(account_id), "units": "40"}
        too_many = await act(client, event["id"], "apply", {**some, "units": "101"})
        assert too_many.json()["errors"][0]["pointer"] == "/body/accounts/0/units"
        await done(client, event["id"], "apply", some)
        assert await lots(client, zqx) == [("2024-01-02", "60", "600")]
        assert [gain for *_, gain in await closures(client, zqx)] == ["200"]

    async def test_a_broker_file_that_comes_later_is_noticed(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = add_dividend(admin_connection, zqx, "2024-09-05", "1")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        await done(client, event, "apply")
        await post(
            client,
            a_record(account_id, "dividend", "2024-09-20", instrument_id=zqx, gross=cash("12")),
        )
        (found,) = (await get(client, "corporate-actions"))["items"]
        assert found["accounts"][0]["state"] == "applied"
        assert found["accounts"][0]["warnings"] == ["also_recorded"]

    async def test_a_later_event_waits_for_an_earlier_one(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        split = add_event(admin_connection, zqx, "2024-06-10", ratio="10")
        paid = add_dividend(admin_connection, zqx, "2024-09-05", "1")
        await post(client, bought(account_id, zqx, "2024-01-02", "12", "500"))
        later = (await get(client, f"corporate-actions/{paid}"))["accounts"][0]
        assert "earlier_pending" in later["warnings"]
        await done(client, split, "apply")
        later = (await get(client, f"corporate-actions/{paid}"))["accounts"][0]
        assert (later["cash_amount"], later["warnings"]) == ("120", ["pay_date_unknown"])


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
