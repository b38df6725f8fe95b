"""The schema: from code, up and down on data, the same as the tables the code declares."""

import importlib
import re
import time
from collections.abc import Callable
from decimal import Decimal

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, create_engine

from tests.architecture.source import modules
from tests.builders import add_instrument, add_member
from tests.servers import PASSWORD, Servers
from truenav.platform import migrations
from truenav.platform.clock import new_id
from truenav.platform.db import Row, as_psycopg
from truenav.platform.migrations import (
    LOGIN_ROLES,
    UnknownRevision,
    configuration,
    current,
    head,
    upgrade,
)

FreshDatabase = Callable[[], str]


@pytest.fixture(scope="module", autouse=True)
def every_table() -> None:
    """All tables are declared, also in a worker in which nobody needed them yet."""
    for module in modules():
        if module.path.name.endswith("tables.py"):
            importlib.import_module(module.name)


def revisions() -> list[str]:
    """All revisions, newest first, as the code knows them."""
    found = ScriptDirectory.from_config(configuration("postgresql://"))
    return [script.revision for script in found.walk_revisions()]


def seed(dsn: str) -> str:
    """A tenant with an account and a price; returns what must survive."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        member = add_member(connection)
        instrument_id = add_instrument(connection)
        connection.execute(
            "INSERT INTO accounts (tenant_id, id, name, broker, base_currency, kind, tax_treatment)"
            " VALUES (%s, %s, 'Kept', '', 'USD', 'brokerage', 'taxable')",
            (member.tenant_id, new_id()),
        )
        connection.execute(
            "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
            " VALUES (%s, '2012-03-05', 'test', 1.000000000000000001, 'USD'),"
            " (%s, '1901-01-02', 'test', 2, 'USD')",
            (instrument_id, instrument_id),
        )
    return fingerprint(dsn)


def fingerprint(dsn: str) -> str:
    """What the seeded rows hold."""
    with psycopg.connect(dsn) as connection:
        accounts = connection.execute("SELECT tenant_id, id, name FROM accounts").fetchall()
        prices = connection.execute("SELECT close, price_date FROM prices ORDER BY 2").fetchall()
    return f"{accounts} {prices}"


class TestMigrations:
    def test_there_is_one_head(self) -> None:
        assert revisions()[0] == head()
        assert len(revisions()) == len(set(revisions()))

    def test_down_to_each_revision_and_up_again_keeps_the_data(
        self, servers: Servers, fresh_database: FreshDatabase
    ) -> None:
        name = fresh_database()
        before = seed(servers.dsn(name))
        migrator = servers.dsn(name, "truenav_migrator")

        for revision in revisions()[1:]:
            migrations.downgrade(migrator, revision)
            assert current(migrator) == revision
            assert fingerprint(servers.dsn(name)) == before
        upgrade(migrator)

        assert (current(migrator), fingerprint(servers.dsn(name))) == (head(), before)
        assert str(Decimal("1.000000000000000001")) in before

    def test_down_to_nothing_leaves_nothing(
        self, servers: Servers, fresh_database: FreshDatabase
    ) -> None:
        name = fresh_database()
        migrator = servers.dsn(name, "truenav_migrator")

        migrations.downgrade(migrator, "base")

        with psycopg.connect(servers.dsn(name)) as connection:
            left = connection.execute(
                "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname IN ('public', 'sec', 'catalogue') AND relkind IN ('r', 'p')"
            ).fetchall()
            schemas = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname IN ('sec', 'catalogue')"
            ).fetchall()
        assert (left, schemas) == ([("alembic_version",)], [])
        upgrade(migrator)
        assert current(migrator) == head()

    def test_the_schema_is_what_the_tables_declare(self, servers: Servers, database: str) -> None:
        def is_ours(name: str | None, kind: str, _parents: object) -> bool:
            parts = r"(prices|ticks|minute_bars|hourly_bars)_(\d.*|other)"
            return kind != "table" or not re.fullmatch(parts, str(name))

        engine = create_engine(as_psycopg(servers.dsn(database)))
        options = {"compare_server_default": False, "include_name": is_ours}
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=options)
            differences = compare_metadata(context, Row.metadata)
        engine.dispose()

        assert differences == []

    def test_a_check_stands_in_the_tables_and_in_the_schema(
        self, servers: Servers, database: str
    ) -> None:
        declared = {
            (table.name, str(check.name))
            for table in Row.metadata.sorted_tables
            for check in table.constraints
            if isinstance(check, CheckConstraint)
        }
        with psycopg.connect(servers.dsn(database)) as connection:
            found = connection.execute(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint c"
                " JOIN pg_class t ON t.oid = conrelid WHERE contype = 'c' AND NOT relispartition"
                " AND connamespace = 'public'::regnamespace"
            ).fetchall()

        assert {(str(table), str(name)) for table, name in found} == declared

    def test_nothing_to_do_takes_no_time(self, servers: Servers, database: str) -> None:
        migrator = servers.dsn(database, "truenav_migrator")
        upgrade(migrator)
        started = time.perf_counter()

        upgrade(migrator)

        assert time.perf_counter() - started < 0.3


class TestEnsureDatabase:
    def test_it_can_run_again(self, servers: Servers, database: str) -> None:
        for _ in range(2):
            migrations.ensure_database(
                servers.admin_dsn, dict.fromkeys(LOGIN_ROLES, PASSWORD), database
            )

        with psycopg.connect(servers.dsn(database, "truenav_app")) as connection:
            found = connection.execute("SHOW statement_timeout").fetchone()
        assert found == ("1min",)

    def test_an_administrator_need_not_be_a_superuser(self, servers: Servers) -> None:
        """As on hosted PostgreSQL: roles and databases may be made, row security not bypassed."""
        name = f"truenav_{new_id().hex[-12:]}"
        with psycopg.connect(servers.admin_dsn, autocommit=True) as connection:
            connection.execute(
                f"CREATE ROLE half_admin_{name} LOGIN CREATEROLE CREATEDB PASSWORD '{PASSWORD}'"
            )
            # the roles exist in this cluster; on a new one this administrator would make them
            for role in migrations.ROLES:
                connection.execute(f"GRANT {role} TO half_admin_{name} WITH ADMIN OPTION")
        from_name = servers.admin_dsn.replace("postgres:", f"half_admin_{name}:", 1)
        half_admin = from_name.replace("postgresql://postgres", f"postgresql://half_admin_{name}")
        try:
            migrations.ensure_database(half_admin, dict.fromkeys(LOGIN_ROLES, PASSWORD), name)
            upgrade(servers.dsn(name, "truenav_migrator"))
            assert current(servers.dsn(name, "truenav_migrator")) == head()
        finally:
            servers.drop_database(name)
            with psycopg.connect(servers.admin_dsn, autocommit=True) as connection:
                connection.execute(f"DROP OWNED BY half_admin_{name}")
                connection.execute(f"DROP ROLE half_admin_{name}")


@pytest.mark.parametrize("host", ["/tmp/a b", "127.0.0.1"])
def test_another_database_at_the_same_address(host: str) -> None:
    found = migrations.with_database(f"postgresql://u:p@/one?host={host}", "two")

    assert found == f"postgresql://u:p@/two?host={host}"


def test_a_database_of_a_newer_program_is_refused_and_left_alone(
    servers: Servers, fresh_database: FreshDatabase
) -> None:
    name = fresh_database()
    with psycopg.connect(servers.dsn(name), autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '29991231_2359'")

    with pytest.raises(UnknownRevision, match="a newer one was used here"):
        upgrade(servers.dsn(name, "truenav_migrator"))

    assert current(servers.dsn(name, "truenav_migrator")) == "29991231_2359"
