"""What runs here: binaries and versions, ports, disk, and whether the roles are safe."""

import platform
import shutil
import socket
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

import truenav
from truenav.core.errors import TruenavError
from truenav.entrypoints.cli.upkeep import database
from truenav.entrypoints.supervisor.binaries import postgres_bin, valkey_binary
from truenav.entrypoints.supervisor.privileges import unprivileged_runner
from truenav.entrypoints.supervisor.up import AlreadyRunning, say
from truenav.platform.migrations import ROLES, current, head
from truenav.platform.settings import Settings

ENOUGH_DISK = 1024**3


def run(settings: Settings, _arguments: Namespace, _environ: Mapping[str, str]) -> int:
    """Print every check; 1 when one fails."""
    say(f"Truenav {truenav.__version__}, Python {platform.python_version()}, {platform.platform()}")
    results = [
        _check("data directory", lambda: str(settings.home)),
        _check("free disk", lambda: _disk(settings.home)),
        _check("PostgreSQL", lambda: _version(postgres_bin() / "postgres", "--version")),
        _check("Valkey", lambda: _version(valkey_binary(), "--version")),
        _check("runs as", lambda: _runs_as(settings.home)),
        _check("Node", _node),
        _check("port", lambda: _port(settings)),
        _check("user interface", lambda: _interface(settings)),
        _check("database", lambda: _database(settings)),
    ]
    return 0 if all(results) else 1


def _check(name: str, look: Callable[[], str]) -> bool:
    try:
        found = look()
    except (TruenavError, OSError, psycopg.Error) as error:
        say(f"  FAIL  {name:<16}{error}")
        return False
    say(f"  ok    {name:<16}{found}")
    return True


class Unhealthy(TruenavError):
    """A check that did not hold."""

    code = "unhealthy"


def _version(binary: Path, flag: str) -> str:
    found = subprocess.run([binary, flag], capture_output=True, text=True, check=True, timeout=10)
    return f"{found.stdout.strip()} ({binary})"


def _runs_as(home: Path) -> str:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return unprivileged_runner(home, postgres_bin() / "postgres").description


def _disk(home: Path) -> str:
    existing = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < ENOUGH_DISK:
        raise Unhealthy(f"only {free // 1024**2} MB left where {home} is")
    return f"{free // 1024**3} GB"


def _node() -> str:
    beside = Path(sys.executable).with_name("node")
    found = str(beside) if beside.exists() else shutil.which("node")
    if found is None:
        return "not installed (needed only to build the user interface)"
    return _version(Path(found), "--version")


def _port(settings: Settings) -> str:
    with socket.socket() as probe:
        free = probe.connect_ex((settings.web.host, settings.web.port)) != 0
    return f"{settings.web.port} {'is free' if free else 'is in use (another one is taken by up)'}"


def _interface(settings: Settings) -> str:
    directory = settings.web.ui_directory
    if directory is None or not (directory / "index.html").is_file():
        raise Unhealthy("has not been built: run `make run`, or set TRUENAV_UI_DIR")
    return str(directory)


def _database(settings: Settings) -> str:
    try:
        with database(settings) as opened:
            dsn = opened.database.migrator or ""
            return f"{_roles(dsn)}; schema {current(dsn) or 'not made yet'}, newest {head()}"
    except AlreadyRunning as error:
        return f"in use: {error}"


def _roles(dsn: str) -> str:
    """Every role exists, none may bypass row security, the application's own nothing."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper OR rolbypassrls, (SELECT count(*) FROM pg_tables"
            " WHERE tableowner = rolname) FROM pg_roles WHERE rolname = ANY(%s)",
            (list(ROLES),),
        ).fetchall()
    found = {name: (unsafe, owned) for name, unsafe, owned in rows}
    missing = sorted(set(ROLES) - set(found))
    if missing:
        raise Unhealthy(f"roles are missing: {', '.join(missing)}")
    unsafe = sorted(name for name, (is_unsafe, _) in found.items() if is_unsafe)
    owners = sorted(n for n, (_, owned) in found.items() if owned and n != "truenav_owner")
    if unsafe or owners:
        raise Unhealthy(f"roles that could see too much: {', '.join({*unsafe, *owners})}")
    return f"{len(found)} roles, none may bypass row security"
