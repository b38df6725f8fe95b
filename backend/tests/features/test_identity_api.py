"""Sign up, log in, stay logged in, log out: through the API, on the real database."""

import asyncio
import json
import time
from datetime import timedelta
from statistics import median
from typing import Any

import httpx
import pytest
from psycopg.rows import dict_row
from sqlalchemy import update
from sqlalchemy.exc import ProgrammingError

from tests.builders import Member, add_member
from tests.conftest import ClientMaker, Connection
from truenav.features.identity.api import COOKIE, LOG_IN
from truenav.features.identity.tables import UserRow
from truenav.platform.audit import GENESIS, chain_hash
from truenav.platform.clock import FakeClock, new_id
from truenav.platform.tables import AuditLogRow
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

PASSWORD = "correct horse battery staple"


def a_person(**changes: Any) -> dict[str, Any]:
    """The body of `POST /auth/sign-up`."""
    return {
        "email": f"{new_id().hex[-12:]}@example.org",
        "password": PASSWORD,
        "display_name": "Ada",
        "base_currency": "EUR",
        **changes,
    }


async def sign_up(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A new person, logged in."""
    person = a_person(**changes)
    answer = await client.post("/api/v1/auth/sign-up", json=person)
    assert answer.status_code == 201, answer.text
    return {**person, **answer.json()}


def refresh_cookie(answer: httpx.Response) -> str:
    """The refresh token an answer sets."""
    return str(answer.cookies[COOKIE])


async def refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    """Present a token, whatever the client's own jar holds."""
    client.cookies.clear()
    return await client.post("/api/v1/auth/refresh", headers={"Cookie": f"{COOKIE}={token}"})


class TestSignUp:
    async def test_a_new_person_has_a_portfolio_of_their_own_and_may_enter(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        made = await sign_up(anonymous_client, email="Ada.Lovelace@example.org")

        me = await anonymous_client.get(
            "/api/v1/me", headers={"Authorization": f"Bearer {made['access_token']}"}
        )

        assert me.status_code == 200
        assert me.json()["user"]["email"] == "Ada.Lovelace@example.org"
        assert me.json()["role"] == "owner"
        assert me.json()["tenant"]["base_currency"] == "EUR"
        assert me.json() == made["me"]

    async def test_the_refresh_token_is_in_a_cookie_no_script_reads(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        answer = await anonymous_client.post("/api/v1/auth/sign-up", json=a_person())

        cookie = answer.headers["set-cookie"]
        assert refresh_cookie(answer) not in answer.text
        for attribute in ("HttpOnly", "SameSite=strict", "Path=/api/v1/auth", "Max-Age=1209600"):
            assert attribute.lower() in cookie.lower()

    async def test_an_address_is_used_once_however_it_is_written(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        made = await sign_up(anonymous_client)

        again = await anonymous_client.post(
            "/api/v1/auth/sign-up", json=a_person(email=made["email"].upper())
        )

        assert (again.status_code, again.json()["code"]) == (409, "email_taken")

    async def test_two_sign_ups_at_once_make_one_user(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        person = a_person()

        answers = await asyncio.gather(
            *(anonymous_client.post("/api/v1/auth/sign-up", json=person) for _ in range(4))
        )

        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]

    @pytest.mark.parametrize(
        "changes",
        [
            {"password": "short"},
            {"email": "no-address"},
            {"email": "a b@example.org"},
            {"email": "a\x00b@example.org"},
            {"display_name": ""},
            {"display_name": "a\x00b"},
            {"display_name": "\ud800"},
            {"base_currency": "usd"},
            {"is_demo": True},
            {"role": "owner"},
        ],
        ids=str,
    )
    async def test_what_cannot_be_is_refused_and_not_echoed(
        self, anonymous_client: httpx.AsyncClient, changes: dict[str, Any]
    ) -> None:
        answer = await anonymous_client.post(
            "/api/v1/auth/sign-up",
            content=json.dumps(a_person(**changes)),  # escapes what no text may hold
            headers={"Content-Type": "application/json"},
        )

        assert answer.status_code == 422, answer.text
        assert PASSWORD not in answer.text
        assert all(str(value) not in answer.text for value in changes.values() if value)

    async def test_a_currency_that_is_none_is_refused(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        answer = await anonymous_client.post(
            "/api/v1/auth/sign-up", json=a_person(base_currency="QQQ")
        )

        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_currency")

    async def test_the_password_is_kept_as_argon2id(
        self, anonymous_client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        made = await sign_up(anonymous_client)

        kept = admin_connection.execute(
            "SELECT password_hash FROM users WHERE email = %s", (made["email"],)
        ).fetchone()

        assert kept is not None
        assert str(kept[0]).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


class TestLogIn:
    async def test_the_right_password_opens_a_session(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        made = await sign_up(anonymous_client)

        answer = await anonymous_client.post(
            "/api/v1/auth/log-in", json={"email": made["email"].upper(), "password": PASSWORD}
        )

        assert answer.status_code == 200
        assert answer.json()["me"] == made["me"]

    async def test_a_wrong_password_and_an_unknown_address_look_the_same(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        made = await sign_up(anonymous_client)

        answers = [
            await anonymous_client.post(
                "/api/v1/auth/log-in", json={"email": email, "password": "wrong password"}
            )
            for email in (made["email"], "nobody@example.org")
        ]

        wrong, unknown = (answer.json() for answer in answers)
        assert [answer.status_code for answer in answers] == [401, 401]
        assert {**wrong, "request_id": ""} == {**unknown, "request_id": ""}

    async def test_nor_does_the_clock_tell_them_apart(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        async def seconds(email: str) -> float:
            started = time.perf_counter()
            await anonymous_client.post(
                "/api/v1/auth/log-in", json={"email": email, "password": "wrong password"}
            )
            return time.perf_counter() - started

        known = [(await sign_up(anonymous_client))["email"] for _ in range(8)]
        unknown = [f"{new_id().hex}@example.org" for _ in range(8)]
        pairs = [(await seconds(a), await seconds(b)) for a, b in zip(known, unknown, strict=True)]

        # hashing takes most of the time of either; without it the second is 10 times faster
        ratio = median(a for a, _ in pairs) / median(b for _, b in pairs)
        assert 0.5 < ratio < 2

    async def test_a_disabled_user_stays_out(
        self, anonymous_client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        made = await sign_up(anonymous_client)
        admin_connection.execute(
            "UPDATE users SET disabled_at = now() WHERE email = %s", (made["email"],)
        )

        answer = await anonymous_client.post(
            "/api/v1/auth/log-in", json={"email": made["email"], "password": PASSWORD}
        )

        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")

    async def test_guessing_is_stopped_and_says_for_how_long(
        self, anonymous_client: httpx.AsyncClient, clock: FakeClock
    ) -> None:
        made = await sign_up(anonymous_client)
        wrong = {"email": made["email"], "password": "wrong password"}
        right = {"email": made["email"], "password": PASSWORD}

        for _ in range(LOG_IN.limit):
            assert (
                await anonymous_client.post("/api/v1/auth/log-in", json=wrong)
            ).status_code == 401
        stopped = await anonymous_client.post("/api/v1/auth/log-in", json=right)
        clock.advance(timedelta(seconds=LOG_IN.seconds + 1))
        later = await anonymous_client.post("/api/v1/auth/log-in", json=right)

        assert stopped.status_code == 429
        assert 0 < int(stopped.headers["Retry-After"]) <= LOG_IN.seconds + 1
        assert later.status_code == 200

    async def test_a_success_clears_the_count(self, anonymous_client: httpx.AsyncClient) -> None:
        made = await sign_up(anonymous_client)
        for _ in range(2):
            for _ in range(LOG_IN.limit - 1):
                await anonymous_client.post(
                    "/api/v1/auth/log-in", json={"email": made["email"], "password": "wrong one"}
                )
            answer = await anonymous_client.post(
                "/api/v1/auth/log-in", json={"email": made["email"], "password": PASSWORD}
            )
            assert answer.status_code == 200


class TestRefresh:
    async def test_each_token_is_good_once(self, anonymous_client: httpx.AsyncClient) -> None:
        first = refresh_cookie(await anonymous_client.post("/api/v1/auth/sign-up", json=a_person()))

        answer = await refresh(anonymous_client, first)
        second = refresh_cookie(answer)

        assert answer.status_code == 200
        assert second != first
        assert (await refresh(anonymous_client, second)).status_code == 200

    async def test_another_tab_within_the_window_gets_nothing_and_ends_nothing(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        first = refresh_cookie(await anonymous_client.post("/api/v1/auth/sign-up", json=a_person()))

        answers = await asyncio.gather(*(refresh(anonymous_client, first) for _ in range(8)))

        winners = [answer for answer in answers if answer.status_code == 200]
        losers = [answer for answer in answers if answer.status_code != 200]
        assert len(winners) == 1
        assert {(a.status_code, a.json()["code"]) for a in losers} == {(409, "refresh_raced")}
        assert all("set-cookie" not in answer.headers for answer in losers)
        assert (await refresh(anonymous_client, refresh_cookie(winners[0]))).status_code == 200

    async def test_reuse_after_the_window_ends_the_whole_family(
        self,
        anonymous_client: httpx.AsyncClient,
        clock: FakeClock,
        admin_connection: Connection,
    ) -> None:
        made = await anonymous_client.post("/api/v1/auth/sign-up", json=a_person())
        stolen = refresh_cookie(made)
        current = refresh_cookie(await refresh(anonymous_client, stolen))
        clock.advance(timedelta(seconds=21))

        thief = await refresh(anonymous_client, stolen)
        owner = await refresh(anonymous_client, current)

        assert (thief.status_code, owner.status_code) == (401, 401)
        noted = admin_connection.execute(
            "SELECT count(*) FROM audit_log WHERE action = 'session.token_reused'"
            " AND tenant_id = %s",
            (made.json()["me"]["tenant"]["id"],),
        ).fetchone()
        assert noted == (1,)

    async def test_another_session_of_the_user_goes_on(
        self, anonymous_client: httpx.AsyncClient, clock: FakeClock
    ) -> None:
        person = a_person()
        stolen = refresh_cookie(await anonymous_client.post("/api/v1/auth/sign-up", json=person))
        phone = refresh_cookie(
            await anonymous_client.post(
                "/api/v1/auth/log-in", json={"email": person["email"], "password": PASSWORD}
            )
        )
        await refresh(anonymous_client, stolen)
        clock.advance(timedelta(seconds=21))
        await refresh(anonymous_client, stolen)

        assert (await refresh(anonymous_client, phone)).status_code == 200

    async def test_an_idle_session_ends(
        self, anonymous_client: httpx.AsyncClient, clock: FakeClock
    ) -> None:
        token = refresh_cookie(await anonymous_client.post("/api/v1/auth/sign-up", json=a_person()))
        clock.advance(timedelta(days=14, seconds=1))

        assert (await refresh(anonymous_client, token)).status_code == 401

    async def test_a_busy_session_ends_after_thirty_days(
        self, anonymous_client: httpx.AsyncClient, clock: FakeClock
    ) -> None:
        token = refresh_cookie(await anonymous_client.post("/api/v1/auth/sign-up", json=a_person()))
        for _ in range(4):
            clock.advance(timedelta(days=7))
            token = refresh_cookie(await refresh(anonymous_client, token))
        clock.advance(timedelta(days=2, seconds=1))

        assert (await refresh(anonymous_client, token)).status_code == 401

    @pytest.mark.parametrize("token", ["", "x", "é", "a" * 4000, "%00", "' OR 1=1"])
    async def test_a_token_that_is_none_is_refused(
        self, anonymous_client: httpx.AsyncClient, token: str
    ) -> None:
        headers = {"Cookie": f"{COOKIE}={token}".encode()}
        answer = await anonymous_client.post("/api/v1/auth/refresh", headers=headers)  # type: ignore[arg-type]  # raw bytes, as a hostile client sends them

        assert answer.status_code == 401

    async def test_only_its_digest_is_kept(
        self, anonymous_client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        token = refresh_cookie(await anonymous_client.post("/api/v1/auth/sign-up", json=a_person()))

        kept = admin_connection.execute("SELECT token_hash FROM refresh_tokens").fetchall()

        assert token not in {str(row[0]) for row in kept}
        assert len(token) >= 43


class TestLogOut:
    async def test_the_session_is_over(self, anonymous_client: httpx.AsyncClient) -> None:
        first = refresh_cookie(await anonymous_client.post("/api/v1/auth/sign-up", json=a_person()))
        second = refresh_cookie(await refresh(anonymous_client, first))
        anonymous_client.cookies.clear()

        answer = await anonymous_client.post(
            "/api/v1/auth/log-out", headers={"Cookie": f"{COOKIE}={second}"}
        )

        assert answer.status_code == 204
        assert f'{COOKIE}=""' in answer.headers["set-cookie"]
        assert (await refresh(anonymous_client, second)).status_code == 401

    async def test_who_is_not_logged_in_may_log_out(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        assert (await anonymous_client.post("/api/v1/auth/log-out")).status_code == 204


class TestDemo:
    async def test_the_demo_is_one_click_where_there_is_one(
        self, anonymous_client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        before = await anonymous_client.get("/api/v1/auth/options")
        refused = await anonymous_client.post("/api/v1/auth/demo")
        add_member(admin_connection, is_demo=True)
        try:
            after = await anonymous_client.get("/api/v1/auth/options")
            opened = await anonymous_client.post("/api/v1/auth/demo")
        finally:
            admin_connection.execute("UPDATE users SET is_demo = false WHERE is_demo")

        assert before.json() == {"is_demo_available": False, "is_sign_up_open": True}
        assert (refused.status_code, refused.json()["code"]) == (404, "demo_unavailable")
        assert after.json()["is_demo_available"] is True
        assert opened.status_code == 200
        assert opened.json()["me"]["tenant"]["is_demo"] is True


class TestOperators:
    async def test_the_first_person_operates_the_installation_and_nobody_after(
        self, anonymous_client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        admin_connection.execute("UPDATE users SET is_operator = false WHERE is_operator")
        first, second = await sign_up(anonymous_client), await sign_up(anonymous_client)

        assert first["me"]["operator_access"] == "full"
        assert second["me"]["operator_access"] == "none"
        token = {"Authorization": f"Bearer {first['access_token']}"}
        me = await anonymous_client.get("/api/v1/me", headers=token)
        assert me.json()["operator_access"] == "full"

    async def test_the_application_cannot_make_an_operator(
        self, sessions: Sessions, member: Member
    ) -> None:
        with pytest.raises(ProgrammingError, match="named from the command line"):
            async with open_unit_of_work(sessions, member.tenant_id, member.user_id) as uow:
                await uow.session.execute(update(UserRow).values(is_operator=True))


class TestAudit:
    async def test_sessions_leave_a_chain_that_verifies(
        self, anonymous_client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        made = await sign_up(anonymous_client)
        for _ in range(3):
            await anonymous_client.post(
                "/api/v1/auth/log-in", json={"email": made["email"], "password": PASSWORD}
            )
        cursor = admin_connection.cursor(row_factory=dict_row)
        rows = cursor.execute(
            "SELECT * FROM audit_log WHERE tenant_id = %s ORDER BY sequence",
            (made["me"]["tenant"]["id"],),
        ).fetchall()

        entries = [AuditLogRow(**row) for row in rows]
        before = [GENESIS, *(entry.hash for entry in entries)]
        assert [entry.action for entry in entries] == ["user.signed_up", *["user.logged_in"] * 3]
        assert [entry.previous_hash for entry in entries] == before[:-1]
        assert [chain_hash(entry) for entry in entries] == before[1:]
        entries[1].action = "user.signed_up"
        assert chain_hash(entries[1]) != entries[1].hash

    async def test_many_at_once_make_one_chain(
        self, make_client: ClientMaker, member: Member, admin_connection: Connection
    ) -> None:
        client = make_client(member)
        bodies = [{"name": f"Account {n}", "base_currency": "USD"} for n in range(12)]

        answers = await asyncio.gather(
            *(
                client.post("/api/v1/accounts", json=body, headers={"Idempotency-Key": str(n)})
                for n, body in enumerate(bodies)
            )
        )

        assert {answer.status_code for answer in answers} == {201}
        found = admin_connection.execute(
            "SELECT sequence FROM audit_log WHERE tenant_id = %s ORDER BY sequence",
            (member.tenant_id,),
        ).fetchall()
        assert [row[0] for row in found] == list(range(1, 13))
