"""The whole product as a person runs it: `truenav up` in a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from truenav.entrypoints.supervisor.servers import EmbeddedPostgres
from truenav.entrypoints.supervisor.vault import DATABASE, open_vault

COMMAND = (sys.executable, "-m", "truenav.entrypoints.cli.main")
# a machine with other work takes its time
START_SECONDS = 120.0
PASSWORD = "correct horse battery staple"


def a_free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(holds: Callable[[], Any], seconds: float, what: str) -> Any:
    """Poll until `holds()` is true; its value. Fails with `what` when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


@dataclass(frozen=True)
class Process:
    """One line of the process list."""

    pid: int
    parent: int
    command: str


def processes() -> list[Process]:
    """Everything that runs on this machine."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,command="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = (line.split(None, 3) for line in listed.splitlines())
    return [
        Process(int(row[0]), int(row[1]), row[3])
        for row in rows
        if len(row) == 4 and not row[2].startswith("Z")
    ]


def descendants(pid: int) -> list[Process]:
    """Children of a process, their children, and so on."""
    everything = processes()
    found: list[Process] = []
    wave = {pid}
    while wave:
        children = [process for process in everything if process.parent in wave]
        found += children
        wave = {process.pid for process in children}
    return found


@dataclass
class Stack:
    """One data directory and, while it runs, its supervisor."""

    home: Path
    port: int = field(default_factory=a_free_port)
    environ: Mapping[str, str] = field(default_factory=dict)
    prefix: Sequence[str] = ()
    process: subprocess.Popen[bytes] | None = None
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The address the browser would use."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        """What the supervisor said, over all starts."""
        return self.home.parent / f"{self.home.name}.log"

    @property
    def superuser_dsn(self) -> str:
        """The address of who sees every row: to arrange things, and to look behind them."""
        vault = open_vault(self.home)
        server = EmbeddedPostgres(self.home, vault.superuser)
        return server.dsn("postgres", vault.superuser, DATABASE)

    def environment(self) -> dict[str, str]:
        """Nothing of this machine's own configuration, and no provider is asked."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home.parent),
            "TRUENAV_HOME": str(self.home),
            "TRUENAV_PORT": str(self.port),
            "TRUENAV_DEMO": "0",
            "TRUENAV_OFFLINE": "1",
            "TRUENAV_JOB_LOST_SECONDS": "3",
            **self.environ,
        }

    def run(self, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """One command that ends by itself."""
        return subprocess.run(
            [*self.prefix, *COMMAND, *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def start(self) -> None:
        """Start it and wait until it says where it is."""
        already = self.log.read_text().count("Open http") if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, *COMMAND, "up"],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

        def is_open() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()
            return self.log.read_text().count("Open http") > already

        eventually(is_open, START_SECONDS, "the address is printed")

    @property
    def pid(self) -> int:
        """The supervisor's process."""
        assert self.process is not None
        return self.process.pid

    def child(self, words: str) -> Process:
        """The direct child of the supervisor whose command holds the words; waits for it."""

        def find() -> Process | None:
            supervisors = {self.pid, *(p.pid for p in descendants(self.pid) if " up" in p.command)}
            found = (p for p in descendants(self.pid) if p.parent in supervisors)
            return next((p for p in found if words in p.command), None)

        child = eventually(find, 20, f"a child process {words!r}")
        assert isinstance(child, Process)
        return child

    def kill(self, *victims: Process) -> None:
        """SIGKILL some of ours, and nobody else's: who ended meanwhile is left alone."""
        ours = {process.pid for process in descendants(self.pid)}
        for victim in victims:
            if victim.pid in ours:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(victim.pid, signal.SIGKILL)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            supervisors = [p.pid for p in descendants(self.pid) if p.command.endswith(" up")]
            os.kill(supervisors[0] if supervisors and self.prefix else self.pid, how)
        return self.process.wait(60)

    def wait_ready(self, seconds: float = 120) -> None:
        """Until the API says that it and its servers are ready."""

        def is_ready() -> bool:
            try:
                return httpx.get(f"{self.origin}/ready", timeout=2).status_code == 200
            except httpx.HTTPError:
                return False

        eventually(is_ready, seconds, "ready")


@contextmanager
def a_stack(home: Path, **changes: Any) -> Iterator[Stack]:
    """A stack that is stopped whatever happens."""
    stack = Stack(home, **changes)
    try:
        yield stack
    finally:
        for client in stack.clients:
            client.close()
        if stack.process is not None and stack.process.poll() is None:
            stack.stop()


def _client(stack: Stack, path: str, body: Mapping[str, str], status: int) -> httpx.Client:
    client = httpx.Client(base_url=stack.origin, timeout=30, headers={"Origin": stack.origin})
    stack.clients.append(client)
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


def sign_up(stack: Stack) -> tuple[str, httpx.Client]:
    """A new user, logged in; their address and a client."""
    email = f"{uuid4().hex[:12]}@example.org"
    body = {"email": email, "password": PASSWORD, "display_name": "Ada"}
    return email, _client(stack, "/api/v1/auth/sign-up", body, 201)


def log_in(stack: Stack, email: str) -> httpx.Client:
    """A client of somebody who signed up before."""
    return _client(stack, "/api/v1/auth/log-in", {"email": email, "password": PASSWORD}, 200)


def open_account(client: httpx.Client, name: str = "Brokerage") -> str:
    """An account in dollars; its id."""
    body = {"name": name, "broker": "Charles Schwab", "base_currency": "USD"}
    answer = client.post("/api/v1/accounts", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
