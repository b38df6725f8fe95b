"""One PostgreSQL and one Valkey for a whole test run, however many workers it has."""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from truenav.entrypoints.supervisor.servers import EmbeddedPostgres, EmbeddedValkey
from truenav.platform.migrations import LOGIN_ROLES, ensure_database, upgrade, with_database

PASSWORD = "only-for-tests"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers of this run answer; `template` is a migrated database to copy."""

    admin_dsn: str
    redis_url: str
    template: str

    def dsn(self, database: str, role: str | None = None) -> str:
        """The address of a database, as the superuser or as one of our roles."""
        dsn = with_database(self.admin_dsn, database)
        return dsn if role is None else as_role(dsn, role)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Copy the migrated template (or another); milliseconds, because nothing is synced."""
        source = sql.Identifier(template or self.template)
        with psycopg.connect(self.admin_dsn, autocommit=True) as connection:
            connection.execute(
                sql.SQL(
                    "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY OWNER truenav_owner"
                ).format(sql.Identifier(name), source)
            )

    def drop_database(self, name: str) -> None:
        """Drop it, whoever is still connected."""
        with psycopg.connect(self.admin_dsn, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def as_role(dsn: str, role: str) -> str:
    """The same address for one of our roles."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(PASSWORD)}@{place}"))


@contextmanager
def borrow_servers(shared: Path) -> Iterator[Servers]:
    """The servers of this run: the first worker starts them, and stops them after the last.

    `shared` is a directory all workers of the run know. Each worker holds a shared lock while it
    uses the servers; the one that started them waits for the exclusive lock before stopping them.
    """
    notes = shared / "servers.json"
    with (shared / "servers.users").open("a+b") as users:
        with (shared / "servers.start").open("a+b") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            started = None if notes.exists() else _start()
            if started is not None:
                notes.write_text(json.dumps(asdict(started.servers)))
            servers = Servers(**json.loads(notes.read_text()))
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield servers
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if started is not None:
                fcntl.flock(users, fcntl.LOCK_EX)
                notes.unlink()
                started.stop()


@dataclass(slots=True)
class _Started:
    servers: Servers
    postgres: EmbeddedPostgres | None
    valkey: EmbeddedValkey | None
    home: Path

    def stop(self) -> None:
        if self.postgres is not None:
            self.postgres.stop()
        else:
            self.servers.drop_database(self.servers.template)
        if self.valkey is not None:
            self.valkey.stop()
        shutil.rmtree(self.home, ignore_errors=True)


def _start() -> _Started:
    # a short path: a socket's may have 100 characters, pytest's own directories are longer
    home = Path(tempfile.mkdtemp(prefix="tn-"))
    admin_dsn = os.environ.get("TRUENAV_TEST_DATABASE_URL")
    redis_url = os.environ.get("TRUENAV_TEST_REDIS_URL")
    postgres = valkey = None
    if admin_dsn is None:
        home.chmod(0o755)  # as root the server runs as somebody else
        postgres = EmbeddedPostgres(home, PASSWORD, is_durable=False)
        admin_dsn = postgres.start()
    if redis_url is None:
        valkey = EmbeddedValkey(home, PASSWORD, is_durable=False)
        redis_url = valkey.start()
    template = f"truenav_template_{secrets.token_hex(4)}"
    ensure_database(admin_dsn, dict.fromkeys(LOGIN_ROLES, PASSWORD), template)
    servers = Servers(admin_dsn, redis_url, template)
    upgrade(servers.dsn(template, "truenav_migrator"))
    return _Started(servers, postgres, valkey, home)
