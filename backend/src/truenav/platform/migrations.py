"""Roles, the database, and its schema: made and upgraded from code, quickly when nothing is due."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from psycopg import sql
from sqlalchemy import create_engine, text

from truenav.core.errors import TruenavError
from truenav.platform.db import as_psycopg
from truenav.platform.revisions import SCRIPTS

OWNER = "truenav_owner"
# name → may log in. Nobody here is a superuser, may bypass row security, or owns a table.
ROLES: dict[str, bool] = {
    OWNER: False,
    "truenav_migrator": True,
    "truenav_app": True,
    "truenav_worker": True,
    "truenav_ingest": True,
    "truenav_readonly": False,
    "truenav_backup": True,
}
# What no statement of a role may exceed; set on the role, because a pooler passes no options on.
TIMEOUTS = {
    "truenav_app": {
        "statement_timeout": "60s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
    },
    "truenav_worker": {"statement_timeout": "15min", "lock_timeout": "60s"},
    "truenav_ingest": {"statement_timeout": "15min", "lock_timeout": "60s"},
}
# Row security is not copied to the chunks of TimescaleDB: nobody may go past their table. Only who
# made the extension may revoke this; the owner of our tables did not.
CLOSE_CHUNKS = """
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = '_timescaledb_internal'
             AND pg_has_role(nspowner, 'USAGE')) THEN
    REVOKE USAGE ON SCHEMA _timescaledb_internal FROM PUBLIC;
    GRANT USAGE ON SCHEMA _timescaledb_internal TO truenav_owner;
  END IF;
END $$
"""
LOGIN_ROLES = tuple(name for name, may_log_in in ROLES.items() if may_log_in)


def ensure_database(admin_dsn: str, passwords: Mapping[str, str], database: str) -> None:
    """Make the roles and the database if they are missing; set the passwords. Repeatable.

    Args:
        admin_dsn: A role that may create roles and databases.
        passwords: By role name, for every role that may log in.
        database: Name of the database; the owner role will own it.
    """
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for name, may_log_in in ROLES.items():
            role = sql.Identifier(name)
            verb = sql.SQL("ALTER ROLE" if name in known else "CREATE ROLE")
            options = sql.SQL("NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS ")
            if name in known:
                options = sql.SQL("")  # an admin that is no superuser may not restate them
            login = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(passwords[name])) if (
                may_log_in and name in passwords
            ) else sql.SQL("NOLOGIN" if not may_log_in else "LOGIN")  # fmt: skip
            connection.execute(sql.SQL("{} {} {}{}").format(verb, role, options, login))
        _set_timeouts(connection)
        connection.execute(
            sql.SQL("GRANT {} TO {}").format(
                sql.Identifier(OWNER), sql.Identifier("truenav_migrator")
            )
        )
        # the admin must be a member to hand the database over
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
        exists = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (database,)
        ).fetchone()
        if exists is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )
    with psycopg.connect(with_database(admin_dsn, database), autocommit=True) as connection:
        connection.execute(CLOSE_CHUNKS)


def _set_timeouts(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    for role, limits in TIMEOUTS.items():
        for name, value in limits.items():
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(
                    sql.Identifier(role), sql.Identifier(name), sql.Literal(value)
                )
            )


class UnknownRevision(TruenavError):
    """A revision the migrations do not have."""

    code = "unknown_revision"


def with_database(dsn: str, database: str) -> str:
    """The same address, another database."""
    parts = urlsplit(dsn)
    # urlunsplit drops an empty host; a socket address has one
    return urlunsplit(parts._replace(path=f"/{database}")) if parts.netloc else dsn


def configuration(dsn: str) -> Config:
    """Alembic's settings, without a file."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = as_psycopg(dsn)
    return config


def head() -> str:
    """The newest revision this code knows."""
    found = ScriptDirectory(str(SCRIPTS)).get_current_head()
    if found is None:
        raise RuntimeError(f"no migrations in {SCRIPTS}")
    return found


def current(dsn: str) -> str | None:
    """The revision a database is at; None before the first."""
    engine = create_engine(as_psycopg(dsn))
    try:
        with engine.connect() as connection:
            exists = connection.scalar(text("SELECT to_regclass('public.alembic_version')"))
            if exists is None:
                return None
            found = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return str(found) if found is not None else None
    finally:
        engine.dispose()


def upgrade(dsn: str, revision: str = "head") -> None:
    """Bring the schema up; does next to nothing when it is there already.

    Raises:
        UnknownRevision: the database is at one we do not know: a newer program made it.
    """
    if revision == "head" and current(dsn) == head():
        return
    try:
        command.upgrade(configuration(dsn), revision)
    except CommandError as error:
        raise UnknownRevision(
            f"the database is at revision {current(dsn)!r}, which this version of Truenav does not"
            " know; a newer one was used here"
        ) from error


def downgrade(dsn: str, revision: str) -> None:
    """Take the schema down to a revision, `base` for none.

    Raises:
        UnknownRevision: there is no such revision.
    """
    try:
        command.downgrade(configuration(dsn), revision)
    except CommandError as error:
        raise UnknownRevision(f"cannot go down to {revision!r}: {error}") from error
