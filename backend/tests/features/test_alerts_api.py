"""Rules of alerts: made, changed, snoozed and removed; alerts: read and put away; one's own."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import Member, a_key, add_instrument, add_member, create_account
from tests.conftest import NOON, ClientMaker, Connection
from tests.features.alerting import (
    ALERTS,
    RULES,
    Body,
    a_rule,
    alerts,
    asked,
    done,
    rises_to,
    unread,
)
from tests.features.importing import problem
from truenav.features.alerts.schemas import MOST_RULES
from truenav.platform.clock import new_id


async def rules(client: httpx.AsyncClient) -> list[Body]:
    items: list[Body] = done(await client.get(RULES))["items"]
    return items


async def changed(client: httpx.AsyncClient, rule: Body, **fields: Any) -> httpx.Response:
    names = ("version", "direction", "threshold", "window_days", "cool_down_minutes", "is_enabled")
    kept = {name: rule[name] for name in names}
    return await client.patch(f"{RULES}/{rule['id']}", json={**kept, **fields})


def tell(connection: Connection, member: Member, rule: Body, count: int = 1) -> list[UUID]:
    """What a rule told, a minute apart; the last one is the newest."""
    made = []
    for minute in range(count):
        made.append(new_id())
        connection.execute(
            "INSERT INTO alerts (tenant_id, id, rule_id, occurrence, kind, as_of, fired_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (
                member.tenant_id, made[-1], rule["id"], str(minute), rule["kind"], NOON,
                NOON + timedelta(minutes=minute),
            ),
        )  # fmt: skip
    return made


class TestRules:
    async def test_a_rule_says_what_it_is_about_and_waits(
        self, client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        about = add_instrument(
            admin_connection, symbol="RULED", prices={NOON.date() - timedelta(1): "95"}
        )

        made = await rises_to(client, about, "100.50", cool_down_minutes=5)

        assert made["symbol"] == "RULED"
        assert (made["threshold"], made["currency"], made["direction"]) == ("100.5", "USD", "above")
        assert (made["side"], made["fired_count"], made["version"]) == ("waiting", 0, 1)
        assert await rules(client) == [made]

    async def test_a_price_past_its_threshold_has_crossed_nothing(
        self, client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        about = add_instrument(admin_connection, prices={NOON.date() - timedelta(1): "120"})

        assert (await rises_to(client, about, "100"))["side"] == "past"
        falls = await a_rule(
            client, "price", instrument_id=about, direction="below", threshold="100"
        )
        assert falls["side"] == "waiting"

    async def test_of_what_has_no_price_nobody_knows_where_it_stands(
        self, client: httpx.AsyncClient, instrument: UUID
    ) -> None:
        assert (await rises_to(client, instrument, "100"))["side"] is None

    @pytest.mark.parametrize(
        ("kind", "fields", "pointer"),
        [
            ("price", {"direction": "above", "threshold": "1"}, "/body/instrument_id"),
            ("price", {"instrument": True, "threshold": "1"}, "/body/direction"),
            ("price", {"instrument": True, "direction": "above"}, "/body/threshold"),
            (
                "price",
                {"instrument": True, "direction": "above", "threshold": "0"},
                "/body/threshold",
            ),
            (
                "price",
                {"instrument": True, "direction": "above", "threshold": "1", "window_days": 1},
                "/body/window_days",
            ),
            (
                "price_change",
                {"instrument": True, "direction": "above", "threshold": "0.05"},
                "/body/window_days",
            ),
            (
                "price_change",
                {"instrument": True, "direction": "below", "threshold": "0.05", "window_days": 1},
                "/body/threshold",
            ),
            (
                "price_change",
                {"instrument": True, "direction": "above", "threshold": "-0.05", "window_days": 1},
                "/body/threshold",
            ),
            (
                "nav",
                {"instrument": True, "direction": "above", "threshold": "1"},
                "/body/instrument_id",
            ),
            ("dividend", {"threshold": "1"}, "/body/threshold"),
            ("dividend", {"account": True}, "/body/account_id"),
            ("stale_price", {}, "/body/window_days"),
            ("import_failed", {"direction": "above"}, "/body/direction"),
        ],
    )
    async def test_what_a_kind_does_not_take_is_named(
        self,
        client: httpx.AsyncClient,
        instrument: UUID,
        kind: str,
        fields: dict[str, Any],
        pointer: str,
    ) -> None:
        given = dict(fields)
        if given.pop("instrument", False):
            given["instrument_id"] = instrument
        if given.pop("account", False):
            given["account_id"] = await create_account(client)

        answer = await asked(client, kind, **given)

        assert problem(answer) == (422, "invalid_fields")
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]

    async def test_what_nobody_may_know_of_is_not_found_by_its_field(
        self,
        client: httpx.AsyncClient,
        admin_connection: Connection,
        other_client: httpx.AsyncClient,
    ) -> None:
        hidden = add_instrument(admin_connection, is_listed=False)
        others = await create_account(other_client)

        of_price = await asked(
            client, "price", instrument_id=hidden, direction="above", threshold="1"
        )
        of_value = await asked(client, "nav", account_id=others, direction="above", threshold="1")

        assert problem(of_price) == problem(of_value) == (404, "not_found")
        assert of_price.json()["errors"][0]["pointer"] == "/body/instrument_id"
        assert of_value.json()["errors"][0]["pointer"] == "/body/account_id"

    async def test_another_line_begins_anew_and_a_longer_pause_does_not(
        self, client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        about = add_instrument(admin_connection, prices={NOON.date() - timedelta(1): "95"})
        made = await rises_to(client, about, "100")

        paused = done(await changed(client, made, cool_down_minutes=600))
        lower = done(await changed(client, paused, threshold="90"))

        assert (paused["side"], paused["cool_down_minutes"]) == ("waiting", 600)
        assert (lower["side"], lower["threshold"], lower["version"]) == ("past", "90", 3)

    async def test_who_did_not_see_the_last_change_is_told_how_it_stands(
        self, client: httpx.AsyncClient, instrument: UUID
    ) -> None:
        made = await rises_to(client, instrument, "100")
        now = done(await changed(client, made, threshold="110"))

        again = await changed(client, made, threshold="120")
        gone = await client.delete(f"{RULES}/{made['id']}", params={"version": 1})

        assert problem(again) == problem(gone) == (409, "stale_version")
        assert again.json()["current"] == gone.json()["current"] == now

    async def test_a_rule_sleeps_for_a_while_and_can_be_woken(
        self, client: httpx.AsyncClient, instrument: UUID
    ) -> None:
        made = await rises_to(client, instrument, "100")
        path = f"{RULES}/{made['id']}/snooze"

        slept = done(await client.post(path, json={"snooze": "week"}))
        woken = done(await client.post(path, json={"snooze": None}))

        assert slept["snoozed_until"] == "2026-03-12T12:00:00Z"
        assert woken["snoozed_until"] is None
        refused = await client.post(path, json={"snooze": "year"})
        assert problem(refused) == (422, "invalid_request")

    async def test_a_removed_rule_is_gone_and_what_it_told_stays(
        self,
        client: httpx.AsyncClient,
        member: Member,
        admin_connection: Connection,
        instrument: UUID,
    ) -> None:
        made = await rises_to(client, instrument, "100")
        tell(admin_connection, member, made)

        answer = await client.delete(f"{RULES}/{made['id']}", params={"version": 1})

        assert answer.status_code == 204
        assert await rules(client) == []
        assert [one["rule_id"] for one in await alerts(client)] == [made["id"]]
        assert problem(await changed(client, made)) == (404, "not_found")

    async def test_there_is_an_end_to_rules(
        self, client: httpx.AsyncClient, member: Member, admin_connection: Connection
    ) -> None:
        admin_connection.execute(
            "INSERT INTO alert_rules (tenant_id, id, kind) SELECT %s, gen_random_uuid(),"
            " 'dividend' FROM generate_series(1, %s)",
            (member.tenant_id, MOST_RULES),
        )

        assert problem(await asked(client, "dividend")) == (409, "too_many_alert_rules")

    async def test_the_same_attempt_makes_one_rule(
        self, client: httpx.AsyncClient, instrument: UUID
    ) -> None:
        body = {
            "kind": "price", "instrument_id": str(instrument), "direction": "above",
            "threshold": "1",
        }  # fmt: skip
        key = a_key()

        first = done(await client.post(RULES, json=body, headers=key))
        second = done(await client.post(RULES, json=body, headers=key))

        assert first["id"] == second["id"]
        assert len(await rules(client)) == 1

    async def test_who_may_only_look_changes_nothing(
        self,
        client: httpx.AsyncClient,
        member: Member,
        admin_connection: Connection,
        make_client: ClientMaker,
        instrument: UUID,
    ) -> None:
        made = await rises_to(client, instrument, "100")
        (told,) = tell(admin_connection, member, made)
        viewer = make_client(
            add_member(admin_connection, role="viewer", tenant_id=member.tenant_id)
        )

        assert await rules(viewer) == [made]
        assert len(await alerts(viewer)) == 1
        for refused in (
            await asked(viewer, "dividend"),
            await changed(viewer, made),
            await viewer.post(f"{ALERTS}/{told}/dismiss"),
            await viewer.post(f"{ALERTS}/read", json={"alert_ids": [str(told)]}),
        ):
            assert problem(refused) == (403, "forbidden")

    async def test_each_change_is_in_the_audit_log(
        self,
        client: httpx.AsyncClient,
        member: Member,
        admin_connection: Connection,
        instrument: UUID,
    ) -> None:
        made = await rises_to(client, instrument, "100")
        (told,) = tell(admin_connection, member, made)
        now = done(await changed(client, made, is_enabled=False))
        path = f"{RULES}/{made['id']}"
        slept = done(await client.post(f"{path}/snooze", json={"snooze": "hour"}))
        await client.delete(path, params={"version": slept["version"]})
        await client.post(f"{ALERTS}/{told}/dismiss")

        rows = admin_connection.execute(
            "SELECT action FROM audit_log WHERE tenant_id = %s AND action LIKE 'alert%%'"
            " ORDER BY sequence",
            (member.tenant_id,),
        ).fetchall()
        assert [row[0] for row in rows] == [
            "alert_rule.create", "alert_rule.change", "alert_rule.snooze", "alert_rule.remove",
            "alert.dismiss",
        ]  # fmt: skip
        assert now["is_enabled"] is False


class TestAlerts:
    async def test_they_come_in_pages_the_newest_first(
        self,
        client: httpx.AsyncClient,
        member: Member,
        admin_connection: Connection,
        instrument: UUID,
    ) -> None:
        made = await rises_to(client, instrument, "100")
        told = [str(one) for one in tell(admin_connection, member, made, 5)]

        first = done(await client.get(ALERTS, params={"limit": 3}))
        second = done(await client.get(ALERTS, params={"limit": 3, "cursor": first["next_cursor"]}))

        assert [one["id"] for one in first["items"] + second["items"]] == told[::-1]
        assert (first["has_more"], second["has_more"]) == (True, False)
        assert first["unread_count"] == 5

    async def test_what_was_read_counts_no_more_and_what_was_put_away_is_history(
        self,
        client: httpx.AsyncClient,
        member: Member,
        admin_connection: Connection,
        instrument: UUID,
    ) -> None:
        made = await rises_to(client, instrument, "100")
        first, second, third = (str(one) for one in tell(admin_connection, member, made, 3))

        left = done(await client.post(f"{ALERTS}/read", json={"alert_ids": [first]}))
        gone = done(await client.post(f"{ALERTS}/{second}/dismiss"))

        assert left == {"unread_count": 2}
        assert (gone["read_at"], gone["dismissed_at"]) == ("2026-03-05T12:00:00Z",) * 2
        assert await unread(client) == 1
        still_open = await alerts(client, only_open=True)
        assert [one["id"] for one in still_open] == [third, first]
        assert len(await alerts(client)) == 3
        assert problem(await client.post(f"{ALERTS}/{uuid4()}/dismiss")) == (404, "not_found")

    async def test_nobody_reads_or_puts_away_those_of_others(
        self,
        client: httpx.AsyncClient,
        member: Member,
        other_client: httpx.AsyncClient,
        admin_connection: Connection,
        instrument: UUID,
    ) -> None:
        made = await rises_to(client, instrument, "100")
        (told,) = tell(admin_connection, member, made)

        assert await alerts(other_client) == await rules(other_client) == []
        assert problem(await other_client.post(f"{ALERTS}/{told}/dismiss")) == (404, "not_found")
        await other_client.post(f"{ALERTS}/read", json={"alert_ids": [str(told)]})
        assert await unread(client) == 1
