"""Embedded PostgreSQL and Valkey: how each is prepared, started and reached."""

import hashlib
import os
import secrets
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from truenav.entrypoints.supervisor.binaries import postgres_bin, valkey_binary
from truenav.entrypoints.supervisor.children import Child, ChildFailed, wait_until
from truenav.entrypoints.supervisor.privileges import Runner, unprivileged_runner

SUPERUSER = "postgres"
# A Unix socket's path holds 104 characters on macOS, 108 on Linux, file name included.
SOCKET_PATH_LIMIT = 80
LOCK_SECONDS = 60.0
POSTGRES_PORT = 5432  # only names the socket file: TCP is off


def socket_directory(home: Path) -> Path:
    """A short private directory for sockets: under `home`, else in the temporary directory."""
    inside = home / "run"
    if len(str(inside)) <= SOCKET_PATH_LIMIT:
        inside.mkdir(parents=True, exist_ok=True, mode=0o700)
        return inside
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    outside = Path(tempfile.gettempdir()) / f"truenav-{os.getuid()}-{digest}"
    outside.mkdir(parents=True, exist_ok=True, mode=0o700)
    if outside.stat().st_uid not in {os.getuid(), 0}:
        raise ChildFailed(f"{outside} belongs to somebody else")
    return outside


@dataclass(slots=True)
class EmbeddedPostgres:
    """One PostgreSQL cluster under `home`; reached by a Unix socket with SCRAM passwords.

    `start()` prepares the data directory the first time, starts the server as a child of this
    process and waits until it answers; `dsn(...)` is how to reach it; `stop()` ends it.
    """

    home: Path
    password: str
    is_durable: bool = True  # tests of other things may trade durability for speed
    child: Child | None = None

    @property
    def data(self) -> Path:
        """The cluster's own directory."""
        return self.home / "postgres"

    def dsn(
        self,
        user: str = SUPERUSER,
        password: str | None = None,
        database: str = "postgres",
    ) -> str:
        """The address of a database for one role."""
        secret = quote(password if password is not None else self.password, safe="")
        directory = quote(str(socket_directory(self.home)), safe="")
        return f"postgresql://{user}:{secret}@/{database}?host={directory}&port={POSTGRES_PORT}"

    def start(self) -> str:
        """Start it and return the superuser's address."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        runner = unprivileged_runner(self.home, postgres_bin() / "postgres")
        if not (self.data / "PG_VERSION").exists():
            self._initialize(runner)
        self.child = Child(
            name="postgres",
            command=self._command,
            log_file=self.home / "logs" / "postgres.log",
            stop_signal=signal.SIGINT,
            stop_seconds=30,
            prefix=runner.prefix,
            after_restart=self._wait_patiently,
        )
        self.child.start()
        self._wait_patiently()
        return self.dsn()

    def stop(self) -> int | None:
        """Fast shutdown: transactions are rolled back, data are flushed."""
        return self.child.stop() if self.child is not None else None

    def wait_ready(self, seconds: float = 60.0) -> None:
        """Wait until it takes connections; crash recovery may take its time."""
        if self.child is not None:
            wait_until(self._answers, self.child, seconds)

    def _wait_patiently(self) -> None:
        """Wait, starting again while the one before still holds its lock.

        The backends of a killed server notice it only when they next look, and until then nobody
        else may open the data: a moment, or on a busy machine several seconds.
        """
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                self.wait_ready()
            except ChildFailed as error:
                held = any(words in str(error) for words in ("lock file", "still in use"))
                if self.child is None or not held or time.monotonic() > deadline:
                    raise
                time.sleep(0.25)
                self.child.start()
            else:
                return

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialize(self, runner: Runner) -> None:
        self.data.mkdir(exist_ok=True, mode=0o700)
        runner.adopt(self.data)
        if runner.user is not None:
            runner.adopt(socket_directory(self.home))
        word_file = self.home / ".initial-password"
        word_file.touch(mode=0o600)
        word_file.write_text(self.password)
        runner.adopt(word_file)
        try:
            made = subprocess.run(
                [
                    *runner.prefix,
                    str(postgres_bin() / "initdb"),
                    f"--pgdata={self.data}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={word_file}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--data-checksums",
                    *(() if self.is_durable else ("--no-sync",)),
                ],
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
        finally:
            word_file.unlink()
        if made.returncode != 0:
            raise ChildFailed(f"the database could not be created:\n{made.stderr.strip()}")

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_directory(self.home)),
            "unix_socket_permissions": "0700",
            "port": str(POSTGRES_PORT),
            "max_connections": "80",
            "shared_buffers": "128MB",
            "password_encryption": "scram-sha-256",
            "log_min_duration_statement": "-1",
            "log_statement": "none",
            "timezone": "UTC",
            "max_wal_size": "1GB",
            **({} if self.is_durable else {"fsync": "off", "full_page_writes": "off"}),
            **({} if self.is_durable else {"synchronous_commit": "off"}),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(postgres_bin() / "postgres"), "-D", str(self.data), *options]


@dataclass(slots=True)
class EmbeddedValkey:
    """One Valkey under `home`: append-only file, `noeviction`, password, Unix socket only."""

    home: Path
    password: str
    is_durable: bool = True
    child: Child | None = None

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return socket_directory(self.home) / "valkey.sock"

    @property
    def url(self) -> str:
        """Its address for redis-py."""
        return f"unix://{self.socket}?password={quote(self.password, safe='')}"

    def start(self) -> str:
        """Start it and return its address."""
        directory = self.home / "valkey"
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.child = Child(
            name="valkey",
            command=lambda: self._command(directory),
            log_file=self.home / "logs" / "valkey.log",
            before_start=lambda: self.socket.unlink(missing_ok=True),
            after_restart=self.wait_ready,
        )
        self.child.start()
        self.wait_ready()
        return self.url

    def stop(self) -> int | None:
        """Ask it to save and end."""
        return self.child.stop() if self.child is not None else None

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Wait until it answers; loading a large file may take a while."""
        if self.child is not None:
            wait_until(self._answers, self.child, seconds)

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1) as client:
                return bool(client.ping())
        except (RedisError, OSError):
            return False

    def _command(self, directory: Path) -> list[str]:
        # the password goes into a private file: a command line is visible to other users
        configuration = directory / "valkey.conf"
        configuration.write_text(
            f'requirepass "{self.password}"\n'
            "port 0\n"
            f'unixsocket "{self.socket}"\n'
            "unixsocketperm 700\n"
            f'dir "{directory}"\n'
            f"appendonly {'yes' if self.is_durable else 'no'}\n"
            "appendfsync everysec\n"
            'save ""\n'
            "maxmemory 256mb\n"
            "maxmemory-policy noeviction\n"
            "daemonize no\n"
        )
        configuration.chmod(0o600)
        return [str(valkey_binary()), str(configuration)]


def new_password() -> str:
    """A password nobody has to remember."""
    return secrets.token_urlsafe(24)
