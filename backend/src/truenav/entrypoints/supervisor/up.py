"""`truenav up`: servers, schema, demo, processes, one address; and all of it down again."""

import contextlib
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import FrameType
from urllib.parse import quote, urlsplit

from truenav.core.errors import TruenavError
from truenav.entrypoints.supervisor.children import Child, ChildFailed, Watchdog, wait_until
from truenav.entrypoints.supervisor.servers import EmbeddedPostgres, EmbeddedValkey
from truenav.entrypoints.supervisor.vault import (
    DATABASE,
    Vault,
    as_environment,
    open_vault,
    with_addresses,
)
from truenav.platform.migrations import ensure_database, upgrade
from truenav.platform.queue import QUEUES
from truenav.platform.settings import Settings

READY_SECONDS = 60.0
POLL_SECONDS = 0.2


class AlreadyRunning(TruenavError):
    """Another copy owns this data directory."""

    code = "already_running"


class PortTaken(TruenavError):
    """The port that was asked for is in use."""

    code = "port_taken"


def say(text: str) -> None:
    """One line for the person who started it."""
    print(text, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is done and how long it took."""
    started = time.monotonic()
    yield
    say(f"  {what:<44}{time.monotonic() - started:5.1f} s")


@contextlib.contextmanager
def only_copy(home: Path) -> Iterator[Callable[[str], None]]:
    """Own the data directory until the end of the block; the lock dies with the process.

    Raises:
        AlreadyRunning: somebody else owns it; the message says who and where.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            who = file.read().strip() or "another process"
            raise AlreadyRunning(f"Truenav is running already with {home}: {who}") from error

        def note(text: str) -> None:
            file.seek(0)
            file.truncate()
            file.write(text)
            file.flush()

        note(f"process {os.getpid()}")
        yield note


class Up:
    """One run of the whole product."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self.settings = settings
        self.environ = environ
        self.vault: Vault = open_vault(settings.home)
        self.children: list[Child] = []
        self.watchdog = Watchdog()
        self.is_stopping = False
        self.postgres: EmbeddedPostgres | None = None

    def start(self) -> str:
        """Start everything, in order; the address to open."""
        home = self.settings.home
        admin = self.settings.database.admin
        redis_url = self.settings.redis_url
        if admin is None:
            self.postgres = EmbeddedPostgres(home, self.vault.superuser)
            with step("PostgreSQL"):
                admin = self.postgres.start()
            self._own(self.postgres.child)
        if redis_url is None:
            valkey = EmbeddedValkey(home, self.vault.redis)
            with step("Valkey"):
                redis_url = valkey.start()
            self._own(valkey.child)
        addresses = self._addresses(admin)
        settings = with_addresses(self.settings, addresses, redis_url)
        settings = replace(
            settings,
            signing_seed=settings.signing_seed or self.vault.signing_seed,
            web=replace(settings.web, port=free_port(settings)),
        )
        if settings.api_url is None and settings.web.host in {"127.0.0.1", "localhost"}:
            settings = replace(settings, api_url=f"http://127.0.0.1:{settings.web.port}")
        with step("Database schema"):
            ensure_database(admin, self.vault.roles, DATABASE)
            upgrade(settings.database.migrator or addresses["truenav_migrator"])
        self.settings = settings
        if settings.has_demo:
            with step("Demo portfolio"):
                # loaded by name: the demo's data packages are needed only here
                import_module("truenav.entrypoints.cli.demo").load_demo(settings)
        with step("API, workers, scheduler, quote feed"):
            self._start_processes()
        return self.address

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        web = self.settings.web
        host = "localhost" if web.host in {"127.0.0.1", "0.0.0.0", "::"} else web.host  # noqa: S104
        return web.public_origin or f"http://{host}:{web.port}"

    def _addresses(self, admin: str) -> dict[str, str]:
        if self.postgres is not None:
            return {
                role: self.postgres.dsn(role, password, DATABASE)
                for role, password in self.vault.roles.items()
            }
        return {
            role: as_role(admin, role, password, DATABASE)
            for role, password in self.vault.roles.items()
        }

    def _start_processes(self) -> None:
        environ = as_environment(self.settings, self.environ)
        for name, arguments in commands(self.settings).items():
            child = Child(
                name=name,
                command=lambda arguments=arguments: [  # type: ignore[misc]
                    sys.executable,
                    "-m",
                    "truenav.entrypoints.cli.main",
                    *arguments,
                ],
                log_file=self.settings.home / "logs" / f"{name}.log",
                environ=environ,
                is_essential=name == "api",
            )
            child.start()
            self._own(child)
            if name == "api":
                wait_until(self._is_ready, child, READY_SECONDS)

    def _own(self, child: Child | None) -> None:
        if child is not None:
            self.children.append(child)
            self.watchdog.tell(child)

    def _is_ready(self) -> bool:
        url = f"http://127.0.0.1:{self.settings.web.port}/ready"
        if self.settings.web.host not in {"127.0.0.1", "0.0.0.0", "localhost"}:  # noqa: S104
            url = f"http://{self.settings.web.host}:{self.settings.web.port}/ready"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def watch(self) -> None:
        """Restart whatever dies, until told to stop."""
        while not self.is_stopping:
            for child in self.children:
                if child.is_due() and not self.is_stopping:
                    say(f"  {child.name} ended unexpectedly; starting it again")
                    if child.restart():
                        self.watchdog.tell(child)
                    else:
                        say(f"  {child.name} keeps dying (see {child.log_file}); pausing it")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop in reverse order: who uses a server ends before it."""
        self.is_stopping = True
        processes = [child for child in self.children if child.name not in {"postgres", "valkey"}]
        for child in processes:
            if child.process is not None and child.pid is not None:
                child.process.terminate()  # all at once; each is waited for below
        for child in reversed(self.children):
            child.stop()
        self.watchdog.close()

    def kill(self) -> None:
        """The second Ctrl-C: end now. The servers recover from it at the next start."""
        for child in self.children:
            child.stop(force=True)


def commands(settings: Settings) -> dict[str, list[str]]:
    """What runs beside the servers, by name: each worker has one queue (ruling 27)."""
    workers = {
        f"worker-{queue}" + (f"-{number}" if number > 1 else ""): ["worker", "--queue", queue]
        for queue in QUEUES
        for number in range(1, settings.workers.get(queue, 1) + 1)
    }
    return {"api": ["api"], **workers, "scheduler": ["scheduler"], "feed": ["feed"]}


def free_port(settings: Settings) -> int:
    """The port asked for, or the next free one after the usual.

    Raises:
        PortTaken: it was asked for by name and is in use.
    """
    first = settings.web.port
    for port in range(first, first + (1 if settings.web.is_port_fixed else 50)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.web.host, port))
            except OSError:
                continue
            return port
    raise PortTaken(f"port {first} is in use; set TRUENAV_PORT to another one")


def as_role(admin: str, role: str, password: str, database: str) -> str:
    """The address of the operator's server for one of our roles."""
    parts = urlsplit(admin)
    host = parts.netloc.rpartition("@")[2]
    user = f"{quote(role, safe='')}:{quote(password, safe='')}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{user}@{host}/{database}{query}"


def run(settings: Settings, environ: Mapping[str, str]) -> int:
    """Run until Ctrl-C or TERM; 0 after a clean stop."""
    say(f"Truenav, data in {settings.home}")
    with only_copy(settings.home) as note:
        up = Up(settings, environ)
        handle_signals(up)
        try:
            address = up.start()
            note(f"process {os.getpid()} at {address}")
            say(f"\n  Open {address}\n  Ctrl-C stops it.\n")
            up.watch()
        except KeyboardInterrupt:
            say("\n  Stopping…")
        except ChildFailed as error:
            say(f"\n{error}")
            return 1
        finally:
            up.stop()
        say("  Stopped; nothing was lost.")
    return 0


def handle_signals(up: Up) -> None:
    """The first signal stops in order, the second at once."""

    def end(_number: int, _frame: FrameType | None) -> None:
        if up.is_stopping:
            up.kill()
            os._exit(130)
        up.is_stopping = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
