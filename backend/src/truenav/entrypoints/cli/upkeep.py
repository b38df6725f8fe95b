"""Commands that do one thing to the installation and end."""

import shutil
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import psycopg

from truenav.core.errors import TruenavError
from truenav.entrypoints.cli.demo import load_demo
from truenav.entrypoints.supervisor.servers import EmbeddedPostgres, socket_directory
from truenav.entrypoints.supervisor.up import as_role, only_copy, say
from truenav.entrypoints.supervisor.vault import DATABASE, open_vault, with_addresses
from truenav.platform.migrations import (
    LOGIN_ROLES,
    current,
    downgrade,
    ensure_database,
    upgrade,
)
from truenav.platform.settings import Settings


class NotConfirmed(TruenavError):
    """Deleting data needs to be said twice."""

    code = "not_confirmed"


def run(settings: Settings, arguments: Namespace, environ: Mapping[str, str]) -> int:
    """Run one of demo, migrate, reset."""
    match arguments.command:
        case "reset":
            return _reset(settings, confirmed=arguments.yes)
        case "migrate":
            with database(settings, _passwords(environ)) as opened:
                return _migrate(opened, arguments.down)
        case _:
            with database(settings) as opened:
                upgrade(opened.database.migrator or "")
                load_demo(opened)
                say("the demo portfolio is loaded")
                return 0


def _passwords(environ: Mapping[str, str]) -> dict[str, str]:
    """Passwords the operator chose for our roles, where processes run on several machines."""
    told = {role: environ.get(f"{role.upper()}_PASSWORD") for role in LOGIN_ROLES}
    return {role: word for role, word in told.items() if word}


@contextmanager
def database(settings: Settings, passwords: Mapping[str, str] | None = None) -> Iterator[Settings]:
    """The settings with an address for every role; the embedded server runs meanwhile."""
    vault = open_vault(settings.home)
    vault = replace(vault, roles={**vault.roles, **(passwords or {})})
    if settings.database.admin is not None:
        admin = settings.database.admin
        ensure_database(admin, vault.roles, DATABASE)
        addresses = {r: as_role(admin, r, word, DATABASE) for r, word in vault.roles.items()}
        yield _complete(settings, addresses, vault.signing_seed)
        return
    with only_copy(settings.home):
        server = EmbeddedPostgres(settings.home, vault.superuser)
        try:
            ensure_database(server.start(), vault.roles, DATABASE)
            addresses = {r: server.dsn(r, word, DATABASE) for r, word in vault.roles.items()}
            yield _complete(settings, addresses, vault.signing_seed)
        finally:
            server.stop()


@contextmanager
def role_dsn(settings: Settings, role: str) -> Iterator[str]:
    """A role's address: of the running installation, else of one started for this."""
    if settings.database.admin is None:
        vault = open_vault(settings.home)
        server = EmbeddedPostgres(settings.home, vault.superuser)
        dsn = server.dsn(role, vault.roles[role], DATABASE)
        try:
            psycopg.connect(dsn, connect_timeout=2).close()
        except psycopg.OperationalError:
            pass  # not running: it is started below, for as long as this takes
        else:
            yield dsn
            return
    with database(settings) as opened:
        opened_as = {
            "truenav_app": opened.database.app,
            "truenav_migrator": opened.database.migrator,
            "truenav_worker": opened.database.worker,
        }
        yield opened_as[role] or ""


def _complete(settings: Settings, addresses: Mapping[str, str], seed: bytes) -> Settings:
    named = with_addresses(settings, addresses, settings.redis_url or "")
    return replace(named, redis_url=settings.redis_url, signing_seed=seed)


def _migrate(settings: Settings, down: str | None) -> int:
    dsn = settings.database.migrator or ""
    if down is not None:
        downgrade(dsn, down)
    else:
        upgrade(dsn)
    say(f"the schema is at revision {current(dsn) or 'none'}")
    return 0


def _reset(settings: Settings, *, confirmed: bool) -> int:
    if settings.database.admin is not None:
        raise NotConfirmed("the data are on your own server; drop the database there")
    if not confirmed:
        raise NotConfirmed(f"this deletes everything in {settings.home}; say --yes to do it")
    if not settings.home.exists():
        say("nothing to delete")
        return 0
    with only_copy(settings.home):
        outside = socket_directory(settings.home)
        for name in ("postgres", "valkey", "run", "logs"):
            shutil.rmtree(settings.home / name, ignore_errors=True)
        (settings.home / "secrets.json").unlink(missing_ok=True)
        if not outside.is_relative_to(settings.home):
            shutil.rmtree(outside, ignore_errors=True)
    say(f"deleted the data in {settings.home}")
    return 0
