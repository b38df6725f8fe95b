"""Row security, asked in plain SQL as the roles that serve: no tenant, no rows."""

from collections.abc import Iterator
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.builders import Member, a_key, a_purchase, add_instrument, add_member, create_account
from tests.conftest import Connection
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


def tenant_tables(connection: Connection) -> list[str]:
    """Every table with a tenant, from the catalog: a new one is covered at once."""
    found = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
    ).fetchall()
    return [str(row[0]) for row in found]


def count(connection: Connection, table: str) -> int:
    """Rows of a table, as this connection sees them."""
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    found = connection.execute(query).fetchone()
    assert found is not None
    return int(str(found[0]))


def speak_as(connection: Connection, tenant: object, user: object = "") -> None:
    """What the unit of work does first."""
    connection.execute(
        "SELECT set_config('app.tenant', %s, true), set_config('app.user', %s, true)",
        (str(tenant), str(user)),
    )


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


def fill(connection: Connection, ids: dict[str, UUID], member: Member) -> None:
    """One row in each table the API did not fill."""
    values = {**ids, "user_id": member.user_id, "hash": new_id().hex}
    values["part_id"] = add_instrument(connection)
    for statement in (
        (
            "INSERT INTO import_batches (tenant_id, id, account_id, file_name, file_hash,"
            " file_size,"
            " status) VALUES (%(tenant_id)s, %(batch_id)s, %(account_id)s, 'a.csv', 'h', 1,"
            " 'preview')"
        ),
        (
            "INSERT INTO import_rows (tenant_id, batch_id, row_number, status, original)"
            " VALUES (%(tenant_id)s, %(batch_id)s, 1, 'imported', '{}')"
        ),
        (
            "INSERT INTO column_mappings (tenant_id, header_signature, mapping)"
            " VALUES (%(tenant_id)s, 's', '{}')"
        ),
        "INSERT INTO job_keys (tenant_id, key) VALUES (%(tenant_id)s, 'k')",
        (
            "INSERT INTO lot_method_changes (tenant_id, account_id, begins_on, lot_method)"
            " VALUES (%(tenant_id)s, %(account_id)s, '2012-03-05', 'hifo')"
        ),
        (
            "INSERT INTO ledger_proofs (tenant_id, account_id, proved_on, row_count,"
            " difference_count, differences)"
            " VALUES (%(tenant_id)s, %(account_id)s, '2012-03-05', 0, 0, '[]')"
        ),
        (
            "INSERT INTO ledger_builds (tenant_id, account_id, engine)"
            " VALUES (%(tenant_id)s, %(account_id)s, '1') ON CONFLICT DO NOTHING"
        ),
        (
            "INSERT INTO ledger_checkpoints (tenant_id, account_id, group_id, through,"
            " instrument_ids, record_count, state)"
            " VALUES (%(tenant_id)s, %(account_id)s, %(row_id)s, '2012-03-05', '{}', 1, '{}')"
        ),
        (
            "INSERT INTO position_changes (tenant_id, account_id, instrument_id, changed_on,"
            " quantity) VALUES (%(tenant_id)s, %(account_id)s, %(instrument_id)s, '2012-03-05', 1)"
            " ON CONFLICT DO NOTHING"
        ),
        (
            "INSERT INTO manual_prices (tenant_id, instrument_id, price_date, close, currency)"
            " VALUES (%(tenant_id)s, %(instrument_id)s, '2024-01-02', 1, 'USD')"
        ),
        (
            "INSERT INTO tenant_source_orders (tenant_id, sources)"
            " VALUES (%(tenant_id)s, '{yahoo}') ON CONFLICT DO NOTHING"
        ),
        (
            "INSERT INTO kept_instruments (tenant_id, instrument_id)"
            " VALUES (%(tenant_id)s, %(instrument_id)s)"
        ),
        ("INSERT INTO taxonomies (tenant_id, id, name) VALUES (%(tenant_id)s, %(row_id)s, 't')"),
        (
            "INSERT INTO taxonomy_categories (tenant_id, id, taxonomy_id, name, position,"
            " color_index) VALUES (%(tenant_id)s, %(row_id)s, %(row_id)s, 'c', 0, 0)"
        ),
        (
            "INSERT INTO taxonomy_assignments (tenant_id, taxonomy_id, instrument_id, category_id,"
            " weight_ratio)"
            " VALUES (%(tenant_id)s, %(row_id)s, %(instrument_id)s, %(row_id)s, 1)"
        ),
        (
            "INSERT INTO check_settings (tenant_id, code, threshold)"
            " VALUES (%(tenant_id)s, 'fees', 0)"
        ),
        (
            "INSERT INTO fund_compositions (tenant_id, instrument_id, as_of)"
            " VALUES (%(tenant_id)s, %(instrument_id)s, '2012-03-05')"
        ),
        (
            "INSERT INTO fund_parts (tenant_id, instrument_id, part_id, weight_ratio)"
            " VALUES (%(tenant_id)s, %(instrument_id)s, %(part_id)s, 1)"
        ),
        (
            "INSERT INTO custom_sources (tenant_id, instrument_id, url, price_path, currency)"
            " VALUES (%(tenant_id)s, %(instrument_id)s, 'https://example.com/', 'price', 'USD')"
        ),
        (
            "INSERT INTO own_corporate_actions (tenant_id, id, kind, instrument_id, ex_date)"
            " VALUES (%(tenant_id)s, %(row_id)s, 'worthless', %(instrument_id)s, '2012-03-05')"
        ),
        (
            "INSERT INTO corporate_action_decisions (tenant_id, account_id, event_id, status)"
            " VALUES (%(tenant_id)s, %(account_id)s, %(row_id)s, 'dismissed')"
        ),
        (
            "INSERT INTO own_benchmarks (tenant_id, id, name, rebalancing)"
            " VALUES (%(tenant_id)s, %(row_id)s, 'A blend', 'never')"
        ),
        (
            "INSERT INTO own_benchmark_parts (tenant_id, benchmark_id, position, instrument_id,"
            " basis, weight_ratio)"
            " VALUES (%(tenant_id)s, %(row_id)s, 0, %(instrument_id)s, 'total', 1)"
        ),
        (
            "INSERT INTO income_preferences (tenant_id, id, account_id, handling)"
            " VALUES (%(tenant_id)s, %(row_id)s, %(account_id)s, 'cash')"
        ),
        (
            "INSERT INTO transferred_lots (tenant_id, link_id, instrument_id, account_id, lots)"
            " VALUES (%(tenant_id)s, %(batch_id)s, %(instrument_id)s, %(account_id)s, '[]')"
        ),
        (
            "INSERT INTO reports (tenant_id, id, kind, name, as_of, currency, parameters,"
            " calculation_versions, fingerprint, fingerprint_sha256, inputs, inputs_sha256, answer,"
            " answer_sha256) VALUES (%(tenant_id)s, %(row_id)s, 'nav', 'Kept', '2012-03-05', 'USD',"
            " '{}', '{}', '{}', '', '', '', '', '')"
        ),
        (
            "INSERT INTO valuation_states (tenant_id, account_id) VALUES (%(tenant_id)s,"
            " %(account_id)s) ON CONFLICT DO NOTHING"
        ),
        (
            "INSERT INTO snapshots (tenant_id, account_id, as_of, currency, nav,"
            " calculation_version)"
            " VALUES (%(tenant_id)s, %(account_id)s, '2012-03-05', 'USD', 1, '1')"
        ),
        (
            "INSERT INTO lot_closures (tenant_id, id, account_id, instrument_id, lot_id, opened_by,"
            " closed_by, acquired_date, closed_date, quantity, proceeds, cost, gain, currency,"
            " is_long_term) VALUES (%(tenant_id)s, %(row_id)s, %(account_id)s, %(instrument_id)s,"
            " %(row_id)s, %(transaction_id)s, %(transaction_id)s, '2012-03-05',"
            " '2012-03-06', 1, 1, 1,"
            " 0, 'USD', false)"
        ),
        (
            "INSERT INTO lot_adjustments (tenant_id, id, account_id, instrument_id, lot_id,"
            " caused_by,"
            " kind, adjusted_date, quantity_before, quantity_after, cost_before, cost_after)"
            " VALUES (%(tenant_id)s, %(row_id)s, %(account_id)s, %(instrument_id)s, %(row_id)s,"
            " %(transaction_id)s, 'split', '2012-03-05', 1, 2, 1, 1)"
        ),
        (
            "INSERT INTO review_notes (tenant_id, transaction_id, reason_code, account_id, message)"
            " VALUES (%(tenant_id)s, %(transaction_id)s, 'r', %(account_id)s, 'm')"
        ),
        (
            "INSERT INTO cash_balances (tenant_id, account_id, currency, amount)"
            " VALUES (%(tenant_id)s, %(account_id)s, 'CHF', 1)"
        ),
        (
            "INSERT INTO refresh_tokens (id, user_id, tenant_id, family_id, token_hash, expires_at,"
            " family_expires_at) VALUES (%(row_id)s, %(user_id)s, %(tenant_id)s,"
            " %(row_id)s, %(hash)s,"
            " now() + '1 day', now() + '1 day')"
        ),
    ):
        connection.execute(statement, values)


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
