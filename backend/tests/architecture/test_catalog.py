"""What the migrated database says of itself: security on every tenant table, keys that hold."""

from dataclasses import dataclass
from typing import LiteralString

import psycopg
import pytest

from truenav.platform.migrations import OWNER, ROLES

Connection = psycopg.Connection[tuple[object, ...]]

# Shared by all tenants on purpose; a new table without a tenant must be named here.
SHARED = {
    "alembic_version",
    "benchmarks",
    "calculation_versions",
    "canary_states",
    "corporate_actions",
    "data_findings",
    "finding_decisions",
    "fx_rates",
    "hourly_bars",
    "instrument_aliases",
    "instrument_source_orders",
    "instruments",
    "market_changes",
    "minute_bars",
    "price_quarantine",
    "price_versions",
    "price_years",
    "prices",
    "reconciliation_reports",
    "reference_series",
    "schedule_entries",
    "ticks",
}
# Written by the scheduler and by what it asks for.
SCHEDULERS = {"canary_states", "market_changes", "schedule_entries"}
# Keyed by themselves, because nobody is known yet when they are asked.
IDENTITY = {"users", "tenants", "refresh_tokens", "memberships"}
SERVING = ("truenav_app", "truenav_worker", "truenav_ingest", "truenav_readonly")
# Functions that run as their owner: each looks up or adds exactly one thing.
DEFINER_FUNCTIONS = {
    "catalogue.add_alias",
    "catalogue.add_instrument",
    "catalogue.decide_finding",
    "catalogue.keep_partitions",
    "catalogue.decide_quarantined",
    "catalogue.rename_instrument",
    "catalogue.set_source_order",
    "catalogue.want_prices",
    "sec.actor",
    "sec.cancel_work",
    "sec.count_work",
    "sec.find_demo",
    "sec.find_login",
    "sec.find_refresh_token",
    "sec.has_operator",
    "sec.look_at_work",
    "sec.may_operate",
    "sec.name_operator",
    "sec.standing_sessions",
    "sec.request_work",
    "sec.retry_work",
    "sec.tenant",
    "sec.watched_by_alerts",
}


@dataclass(frozen=True)
class Table:
    """One table and what row security does for it."""

    name: str
    has_security: bool
    is_forced: bool
    is_partition: bool
    owner: str


def rows(connection: Connection, query: LiteralString) -> list[tuple[object, ...]]:
    """All rows of a query."""
    return connection.execute(query).fetchall()


@pytest.fixture
def tables(admin_connection: Connection) -> dict[str, Table]:
    """Every table and partition of the schema."""
    found = rows(
        admin_connection,
        "SELECT relname, relrowsecurity, relforcerowsecurity, relispartition,"
        " pg_get_userbyid(relowner) FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
    )
    made = [Table(str(r[0]), bool(r[1]), bool(r[2]), bool(r[3]), str(r[4])) for r in found]
    return {table.name: table for table in made}


@pytest.fixture
def tenant_tables(admin_connection: Connection, tables: dict[str, Table]) -> set[str]:
    """Every table that has a `tenant_id`, identity aside."""
    found = rows(
        admin_connection,
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name = 'tenant_id'",
    )
    return {str(row[0]) for row in found if not tables[str(row[0])].is_partition} - IDENTITY


class TestTables:
    def test_every_table_is_a_tenants_or_shared_on_purpose(
        self, tables: dict[str, Table], tenant_tables: set[str]
    ) -> None:
        parents = {table.name for table in tables.values() if not table.is_partition}

        assert parents == tenant_tables | SHARED | IDENTITY
        assert len(tenant_tables) >= 17

    def test_row_security_is_on_and_forced(
        self, tables: dict[str, Table], tenant_tables: set[str]
    ) -> None:
        open_tables = {
            name
            for name in tenant_tables | IDENTITY
            if not (tables[name].has_security and tables[name].is_forced)
        }

        assert open_tables == set()

    def test_every_table_has_a_floor_nobody_can_widen(
        self, admin_connection: Connection, tenant_tables: set[str]
    ) -> None:
        floors = rows(
            admin_connection,
            "SELECT tablename FROM pg_policies WHERE permissive = 'RESTRICTIVE'"
            " AND roles = '{public}' AND cmd = 'ALL' AND qual IS NOT NULL"
            " AND with_check IS NOT NULL",
        )

        assert {str(row[0]) for row in floors} == tenant_tables | IDENTITY

    def test_policies_ask_once_per_query_not_once_per_row(
        self, admin_connection: Connection
    ) -> None:
        policies = rows(
            admin_connection,
            "SELECT tablename, policyname, coalesce(qual, '') || coalesce(with_check, '')"
            " FROM pg_policies",
        )
        bare = [
            (table, policy)
            for table, policy, text in policies
            if str(text).count("sec.") != str(text).count("SELECT sec.")
        ]

        assert bare == []
        assert policies

    def test_owner_of_everything_cannot_log_in(
        self, admin_connection: Connection, tables: dict[str, Table]
    ) -> None:
        logins = rows(
            admin_connection,
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'truenav%' AND rolcanlogin",
        )

        assert {table.owner for table in tables.values()} == {OWNER}
        assert {str(row[0]) for row in logins} == {name for name, may in ROLES.items() if may}


class TestKeys:
    def test_primary_keys_and_unique_keys_begin_with_the_tenant(
        self, admin_connection: Connection, tenant_tables: set[str]
    ) -> None:
        keys = rows(
            admin_connection,
            "SELECT c.relname, i.relname, a.attname FROM pg_index x"
            " JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]"
            " WHERE x.indisunique AND c.relnamespace = 'public'::regnamespace",
        )
        wrong = [(t, i) for t, i, first in keys if t in tenant_tables and first != "tenant_id"]

        assert wrong == []

    def test_foreign_keys_between_tenant_tables_carry_the_tenant(
        self, admin_connection: Connection, tenant_tables: set[str]
    ) -> None:
        found = rows(
            admin_connection,
            "SELECT conrelid::regclass::text, confrelid::regclass::text, conname,"
            " (SELECT array_agg(a.attname) FROM pg_attribute a"
            "  WHERE a.attrelid = conrelid AND a.attnum = ANY (conkey))"
            " FROM pg_constraint WHERE contype = 'f'",
        )
        crossing = [
            (name, columns)
            for table, target, name, columns in found
            if table in tenant_tables
            and target in tenant_tables
            and "tenant_id" not in list(columns)  # type: ignore[call-overload]  # an array
        ]

        assert crossing == []
        assert len([1 for t, f, *_ in found if t in tenant_tables and f in tenant_tables]) >= 10

    def test_no_amount_can_be_not_a_number(
        self, admin_connection: Connection, tables: dict[str, Table]
    ) -> None:
        columns = rows(
            admin_connection,
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'numeric'",
        )
        checks = rows(
            admin_connection,
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace = 'public'::regnamespace",
        )
        unchecked = [
            (table, column)
            for table, column in columns
            if not tables[str(table)].is_partition
            and not any(
                table == checked and f"{column} <> 'NaN'" in str(text) for checked, text in checks
            )
        ]

        assert unchecked == []


class TestGrants:
    def test_nobody_may_use_a_partition_directly(
        self, admin_connection: Connection, tables: dict[str, Table]
    ) -> None:
        granted = rows(
            admin_connection,
            "SELECT table_name, grantee FROM information_schema.role_table_grants"
            f" WHERE table_schema = 'public' AND grantee <> '{OWNER}'",
        )
        partitions = [row for row in granted if tables[str(row[0])].is_partition]

        assert partitions == []

    def test_serving_roles_own_nothing_and_may_bypass_nothing(
        self, admin_connection: Connection
    ) -> None:
        unsafe = rows(
            admin_connection,
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'truenav%'"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)",
        )
        members = rows(
            admin_connection,
            "SELECT pg_get_userbyid(member) FROM pg_auth_members"
            f" WHERE roleid = '{OWNER}'::regrole AND NOT (SELECT rolsuper FROM pg_roles"
            "  WHERE oid = member)",
        )

        assert unsafe == []
        assert members == [("truenav_migrator",)]

    @pytest.mark.parametrize("table", ["transactions", "audit_log"])
    def test_ledger_and_audit_only_grow(self, admin_connection: Connection, table: str) -> None:
        granted = admin_connection.execute(
            "SELECT DISTINCT grantee, privilege_type FROM information_schema.role_table_grants"
            " WHERE table_name = %s AND grantee = ANY (%s)",
            (table, list(SERVING)),
        ).fetchall()

        assert {str(kind) for _, kind in granted} == {"SELECT", "INSERT"}

    def test_nobody_may_truncate_or_add_triggers(self, admin_connection: Connection) -> None:
        granted = rows(
            admin_connection,
            "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
            " WHERE table_schema = 'public' AND privilege_type IN"
            f" ('TRUNCATE', 'TRIGGER', 'REFERENCES') AND grantee <> '{OWNER}'",
        )

        assert granted == []

    def test_market_data_is_written_by_ingest_alone(self, admin_connection: Connection) -> None:
        granted = admin_connection.execute(
            "SELECT DISTINCT grantee FROM information_schema.role_table_grants"
            " WHERE table_name = ANY (%s) AND privilege_type <> 'SELECT' AND grantee <> %s",
            (list(SHARED - SCHEDULERS), OWNER),
        ).fetchall()

        assert granted == [("truenav_ingest",)]

    def test_the_public_has_no_rights(self, admin_connection: Connection) -> None:
        granted = rows(
            admin_connection,
            "SELECT table_name FROM information_schema.role_table_grants"
            " WHERE grantee = 'PUBLIC' AND table_schema = 'public'"
            " UNION ALL SELECT routine_name FROM information_schema.role_routine_grants"
            " WHERE grantee = 'PUBLIC' AND routine_schema IN ('sec', 'catalogue', 'public')",
        )
        schema = admin_connection.execute(
            "SELECT has_schema_privilege('truenav_app', 'public', 'CREATE')"
        ).fetchone()

        assert granted == []
        assert schema == (False,)

    def test_definer_functions_are_known_and_pin_their_search_path(
        self, admin_connection: Connection
    ) -> None:
        found = rows(
            admin_connection,
            "SELECT n.nspname || '.' || p.proname, p.proconfig, p.provolatile FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE p.prosecdef AND n.nspname NOT LIKE 'pg_%'",
        )

        assert {str(row[0]) for row in found} == DEFINER_FUNCTIONS
        assert {str(row[1]) for row in found} == {"['search_path=pg_catalog, pg_temp']"}
        volatile = {str(row[0]) for row in found if row[2] != "s"}
        assert volatile == {
            "catalogue.add_alias",
            "catalogue.add_instrument",
            "catalogue.decide_finding",
            "catalogue.keep_partitions",
            "catalogue.decide_quarantined",
            "catalogue.rename_instrument",
            "catalogue.set_source_order",
            "catalogue.want_prices",
            "sec.cancel_work",
            "sec.name_operator",
            "sec.request_work",
            "sec.retry_work",
        }

    def test_there_are_no_views_that_look_past_row_security(
        self, admin_connection: Connection
    ) -> None:
        views = rows(
            admin_connection,
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('v', 'm')"
            " AND NOT coalesce(reloptions @> '{security_invoker=true}', false)",
        )

        assert views == []
