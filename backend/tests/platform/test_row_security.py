"""Row security, asked in plain SQL as the roles that serve: no tenant, no rows."""

from collections.abc import Iterator
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.builders import Member, a_key, a_purchase, add_instrument, add_member, create_account
from tests.conftest import Connection
from tests.platform.furnishing import count, fill, speak_as, tenant_tables
from tests.servers import Servers
from truenav.platform.clock import new_id

IDENTITY = ("users", "tenants", "memberships", "refresh_tokens")
# What a careless or hostile caller may put where a tenant's id belongs.
FORGED = (
    "",
    " ",
    "null",
    "0",
    "not-a-uuid",
    "00000000-0000-0000-0000-000000000000",
    "' OR true --",
    "{tenant}'",
    "{tenant},{tenant}",
    "{{{tenant}}}",
    "{upper}",
    " {tenant}",
    "{tenant}\n",
)
PRIVILEGE, CHECK, FOREIGN_KEY, UNIQUE = "42501", "23514", "23503", "23505"


@pytest.fixture
def app_role(servers: Servers, database: str) -> Iterator[Connection]:
    """The application's role, in a transaction that is never committed."""
    with psycopg.connect(servers.dsn(database, "truenav_app")) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def worker_role(servers: Servers, database: str) -> Iterator[Connection]:
    """The worker's role, the same way."""
    with psycopg.connect(servers.dsn(database, "truenav_worker")) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
async def furnished(
    client: httpx.AsyncClient, member: Member, admin_connection: Connection
) -> dict[str, UUID]:
    """A tenant with at least one row in every tenant table."""
    account_id = await create_account(client)
    instrument_id = add_instrument(admin_connection)
    posted = await client.post(
        "/api/v1/transactions", json=a_purchase(account_id, instrument_id), headers=a_key()
    )
    assert posted.status_code == 201, posted.text
    ids = {"tenant_id": member.tenant_id, "account_id": account_id}
    ids |= {"instrument_id": instrument_id, "transaction_id": UUID(posted.json()["id"])}
    for name in ("batch_id", "row_id"):
        ids[name] = new_id()
    fill(admin_connection, ids, member)
    return ids


class TestReading:
    async def test_the_tenant_sees_its_rows_everywhere(
        self, furnished: dict[str, UUID], member: Member, app_role: Connection
    ) -> None:
        speak_as(app_role, furnished["tenant_id"], member.user_id)

        assert [t for t in tenant_tables(app_role) if not count(app_role, t)] == []

    async def test_without_a_tenant_every_table_is_empty(
        self, furnished: dict[str, UUID], app_role: Connection, worker_role: Connection
    ) -> None:
        tables = tenant_tables(app_role)
        across = {"memberships", "outbox", "job_keys"}  # the dispatcher's, and no amounts in them

        assert {t: n for t in (*tables, "users") if (n := count(app_role, t))} == {}
        allowed = [t for t in tables if t not in {*across, "refresh_tokens"}]
        assert {t: n for t in allowed if (n := count(worker_role, t))} == {}
        assert furnished

    async def test_another_tenant_sees_none_of_them(
        self, furnished: dict[str, UUID], other_member: Member, app_role: Connection
    ) -> None:
        speak_as(app_role, other_member.tenant_id, other_member.user_id)
        theirs = sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s")

        seen = {
            table: app_role.execute(
                theirs.format(sql.Identifier(table)), (furnished["tenant_id"],)
            ).fetchone()
            for table in tenant_tables(app_role)
        }

        assert set(seen.values()) == {(0,)}

    @pytest.mark.parametrize("forged", FORGED)
    async def test_a_forged_tenant_is_no_tenant(
        self, furnished: dict[str, UUID], app_role: Connection, forged: str
    ) -> None:
        tenant = str(furnished["tenant_id"])
        text = forged.replace("{tenant}", tenant).replace("{upper}", tenant.upper())
        text = text.replace("{{", "{").replace("}}", "}")
        speak_as(app_role, text, text)

        assert {t: n for t in tenant_tables(app_role) if (n := count(app_role, t))} == {}

    async def test_the_tenant_ends_with_its_transaction(
        self, furnished: dict[str, UUID], app_role: Connection
    ) -> None:
        speak_as(app_role, furnished["tenant_id"])
        before = count(app_role, "transactions")
        app_role.commit()

        assert (before, count(app_role, "transactions")) == (1, 0)

    async def test_row_security_cannot_be_switched_off(
        self, furnished: dict[str, UUID], app_role: Connection
    ) -> None:
        app_role.execute("SET LOCAL row_security = off")

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            count(app_role, "accounts")
        assert furnished

    async def test_even_the_owner_is_bound(
        self, furnished: dict[str, UUID], owner_connection: Connection
    ) -> None:
        assert count(owner_connection, "transactions") == 0
        assert furnished

    async def test_partitions_are_closed(self, app_role: Connection) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_role.execute("SELECT 1 FROM prices_2012")


class TestWriting:
    async def test_rows_cannot_be_put_into_another_tenant(
        self, furnished: dict[str, UUID], other_member: Member, app_role: Connection
    ) -> None:
        speak_as(app_role, other_member.tenant_id)

        with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
            app_role.execute(
                "INSERT INTO column_mappings (tenant_id, header_signature, mapping)"
                " VALUES (%s, 'x', '{}')",
                (furnished["tenant_id"],),
            )
        assert refused.value.sqlstate == PRIVILEGE

    async def test_a_foreign_account_and_no_account_are_refused_alike(
        self, furnished: dict[str, UUID], other_member: Member, app_role: Connection
    ) -> None:
        told = []
        for account_id in (furnished["account_id"], new_id()):
            speak_as(app_role, other_member.tenant_id)
            with pytest.raises(psycopg.errors.ForeignKeyViolation) as refused:
                app_role.execute(
                    "INSERT INTO cash_balances (tenant_id, account_id, currency, amount)"
                    " VALUES (%s, %s, 'USD', 1)",
                    (other_member.tenant_id, account_id),
                )
            told.append(str(refused.value).replace(str(account_id), "…"))
            app_role.rollback()

        assert told[0] == told[1]

    async def test_the_same_key_in_two_tenants_is_two_keys(
        self, other_member: Member, member: Member, app_role: Connection
    ) -> None:
        stored = []
        for tenant in (member.tenant_id, other_member.tenant_id):
            speak_as(app_role, tenant)
            done = app_role.execute(
                "INSERT INTO idempotency_keys (tenant_id, key, method, path, request_hash)"
                " VALUES (%s, 'same', 'POST', '/', 'h') ON CONFLICT DO NOTHING",
                (tenant,),
            )
            stored.append(done.rowcount)

        assert stored == [1, 1]

    async def test_updates_and_deletes_reach_nobody_else(
        self, furnished: dict[str, UUID], other_member: Member, app_role: Connection
    ) -> None:
        speak_as(app_role, other_member.tenant_id)

        changed = app_role.execute("UPDATE accounts SET name = 'taken'").rowcount
        removed = app_role.execute("DELETE FROM positions").rowcount

        assert (changed, removed) == (0, 0)
        assert furnished

    @pytest.mark.parametrize("table", ["transactions", "audit_log"])
    @pytest.mark.parametrize("verb", ["UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}"])
    async def test_records_cannot_be_changed_by_the_application(
        self, app_role: Connection, table: str, verb: str
    ) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_role.execute(sql.SQL(verb).format(sql.Identifier(table)))

    @pytest.mark.parametrize("table", ["transactions", "audit_log"])
    @pytest.mark.parametrize(
        "statement",
        ["UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
    )
    async def test_nor_by_the_superuser_in_passing(
        self,
        furnished: dict[str, UUID],
        admin_connection: Connection,
        table: str,
        statement: str,
    ) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            admin_connection.execute(sql.SQL(statement).format(sql.Identifier(table)))
        assert furnished

    async def test_an_account_with_records_cannot_be_removed(
        self, furnished: dict[str, UUID], app_role: Connection
    ) -> None:
        speak_as(app_role, furnished["tenant_id"])

        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            app_role.execute("DELETE FROM accounts")

    async def test_who_writes_market_data_sees_and_does_no_tenants_work(
        self, servers: Servers, database: str, furnished: dict[str, UUID]
    ) -> None:
        tenant_id = furnished["tenant_id"]
        with psycopg.connect(servers.dsn(database, "truenav_ingest")) as ingest:
            speak_as(ingest, tenant_id)
            for table in ("outbox", "job_keys"):
                assert count(ingest, table) == 0
            assert ingest.execute("UPDATE outbox SET done_at = now()").rowcount == 0
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ingest.execute(
                    "INSERT INTO outbox (tenant_id, id, topic, payload)"
                    " VALUES (%s, gen_random_uuid(), 'imports.undo_requested', '{}')",
                    (tenant_id,),
                )

    @pytest.mark.parametrize("price", ["NaN", "Infinity", "-1"])
    async def test_prices_are_numbers(
        self, servers: Servers, database: str, price: str, admin_connection: Connection
    ) -> None:
        instrument_id = add_instrument(admin_connection)
        dsn = servers.dsn(database, "truenav_ingest")
        with (
            psycopg.connect(dsn) as ingest,
            pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.NumericValueOutOfRange)),
        ):
            ingest.execute(
                "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
                " VALUES (%s, '2012-03-05', 'test', %s::numeric, 'USD')",
                (instrument_id, price),
            )


class TestCatalogue:
    async def test_the_application_adds_instruments_only_through_the_door(
        self, app_role: Connection, worker_role: Connection
    ) -> None:
        for role in (app_role, worker_role):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                role.execute(
                    "INSERT INTO instruments (id, symbol, name, asset_class, currency)"
                    " VALUES (gen_random_uuid(), 'X', 'X', 'equity', 'USD')"
                )
            role.rollback()
            instrument_id = new_id()
            role.execute(
                "SELECT catalogue.add_instrument(%s, 'X', NULL, 'X Inc.', 'equity', 'USD', 1)",
                (instrument_id,),
            )
            found = role.execute("SELECT symbol FROM instruments WHERE id = %s", (instrument_id,))
            assert found.fetchone() == ("X",)

    @pytest.mark.parametrize(
        ("symbol", "currency", "multiplier"),
        [("", "USD", "1"), ("X" * 81, "USD", "1"), ("X", "usd", "1"), ("X", "USD", "NaN")],
    )
    async def test_the_door_checks_what_it_lets_in(
        self, app_role: Connection, symbol: str, currency: str, multiplier: str
    ) -> None:
        with pytest.raises(psycopg.errors.CheckViolation):
            app_role.execute(
                "SELECT catalogue.add_instrument(%s, %s, NULL, 'X', 'equity', %s, %s::numeric)",
                (new_id(), symbol, currency, multiplier),
            )

    async def test_the_search_path_cannot_be_turned_against_it(
        self, furnished: dict[str, UUID], app_role: Connection
    ) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_role.execute("CREATE FUNCTION public.current_setting(text, boolean) RETURNS text"
                             " LANGUAGE sql AS $$ SELECT 'x' $$")  # fmt: skip
        assert furnished


class TestLookups:
    async def test_an_unknown_visitor_finds_one_login_and_nothing_else(
        self, member: Member, app_role: Connection
    ) -> None:
        found = app_role.execute(
            "SELECT user_id FROM sec.find_login(%s)", (member.email.upper(),)
        ).fetchall()

        assert found == [(member.user_id,)]
        assert count(app_role, "users") == 0

    async def test_worker_and_ingest_may_not_ask_for_logins(self, worker_role: Connection) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            worker_role.execute("SELECT * FROM sec.find_login('x')")

    async def test_a_user_sees_the_memberships_of_others_in_no_other_tenant(
        self, admin_connection: Connection, app_role: Connection
    ) -> None:
        ada, bob = add_member(admin_connection), add_member(admin_connection)
        speak_as(app_role, "", ada.user_id)

        found = app_role.execute("SELECT tenant_id FROM memberships").fetchall()

        assert found == [(ada.tenant_id,)]
        assert bob.tenant_id != ada.tenant_id
