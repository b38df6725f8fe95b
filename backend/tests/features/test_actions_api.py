"""Corporate actions through the API: inbox, preview, apply, reverse, own terms; figures by hand."""

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
from tests.features.ledgering import a_record, bought, cash, closures, get, lots, post, sold


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
