"""Child processes that are owned: restarted when they die, stopped in order, never orphaned."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from truenav.core.errors import TruenavError
from truenav.entrypoints.supervisor.privileges import dies_with_parent

LOG_LIMIT = 8 * 1024 * 1024
# A child that dies this often within a minute has a reason that restarting will not cure.
MAX_RESTARTS_A_MINUTE = 6
PAUSE_SECONDS = 60.0


class ChildFailed(TruenavError):
    """A process that does not start or does not stay; the message ends with its last words."""

    code = "child_failed"


@dataclass(slots=True)
class Child:
    """One process and how to have it again."""

    name: str
    command: Callable[[], Sequence[str]]
    log_file: Path
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0
    environ: Mapping[str, str] | None = None
    prefix: tuple[str, ...] = ()
    before_start: Callable[[], None] | None = None
    after_restart: Callable[[], None] | None = None
    # Without it nothing works: when it keeps dying everything stops. Others are tried again later.
    is_essential: bool = True
    not_before: float = 0.0
    process: subprocess.Popen[bytes] | None = None
    restarts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it; it dies with us."""
        if self.before_start is not None:
            self.before_start()
        rotate(self.log_file)
        name = self.stop_signal.name.removeprefix("SIG")
        command = [*self.prefix, *dies_with_parent(name), *self.command()]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environ) if self.environ is not None else None,
                # its own group: Ctrl-C reaches us alone, and we stop the rest in order
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        """The running process, if there is one."""
        alive = self.process is not None and self.process.poll() is None
        return self.process.pid if alive and self.process is not None else None

    def has_died(self) -> bool:
        """Whether it was started and is gone."""
        return self.process is not None and self.process.poll() is not None

    def is_due(self) -> bool:
        """Whether it is to be started again now."""
        return self.has_died() and time.monotonic() >= self.not_before

    def restart(self) -> bool:
        """Start it again; False when it keeps dying and is left alone for a while.

        Raises:
            ChildFailed: it is essential, and dies again and again.
        """
        now = time.monotonic()
        self.restarts = [moment for moment in self.restarts if now - moment < 60]
        self.restarts.append(now)
        if len(self.restarts) > MAX_RESTARTS_A_MINUTE and not self.is_essential:
            self.not_before = now + PAUSE_SECONDS
            self.restarts.clear()
            return False
        if len(self.restarts) > MAX_RESTARTS_A_MINUTE:
            raise ChildFailed(f"{self.name} keeps dying; its last words:\n{self.last_words()}")
        time.sleep(min(2.0, 0.1 * 2 ** (len(self.restarts) - 1)))
        self.start()
        if self.after_restart is not None:
            self.after_restart()
        return True

    def stop(self, *, force: bool = False) -> int | None:
        """Ask it to end, insist after a while; its exit status."""
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process is not None else None
        self.process.send_signal(signal.SIGKILL if force else self.stop_signal)
        try:
            return self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(5)

    def last_words(self, count: int = 15) -> str:
        """The end of its log."""
        if not self.log_file.exists():
            return "(nothing)"
        lines = self.log_file.read_text(errors="replace").splitlines()[-count:]
        return "\n".join(f"  {line}" for line in lines)


def rotate(log_file: Path) -> None:
    """Keep one older log; a log never grows without end across starts."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    if log_file.exists() and log_file.stat().st_size > LOG_LIMIT:
        log_file.replace(log_file.with_suffix(".1.log"))


class Watchdog:
    """Where the kernel cannot tie children to us (macOS): a process that watches our pipe end."""

    def __init__(self, *, is_needed: bool | None = None) -> None:
        self._pipe: IO[bytes] | None = None
        if not (is_needed if is_needed is not None else not dies_with_parent("TERM")):
            return
        self._process = subprocess.Popen(
            [sys.executable, "-m", "truenav.entrypoints.supervisor.watchdog"],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._pipe = self._process.stdin

    def tell(self, child: Child) -> None:
        """Name a child to be signalled when we are gone."""
        if self._pipe is not None and child.pid is not None:
            self._pipe.write(f"{child.pid} {child.stop_signal.value}\n".encode())
            self._pipe.flush()

    def close(self) -> None:
        """Everything was stopped in order; nothing is left to signal."""
        if self._pipe is not None:
            self._pipe.write(b"done\n")
            self._pipe.close()
            self._process.wait(5)


def wait_until(
    is_ready: Callable[[], bool], child: Child, seconds: float, *, what: str = "ready"
) -> None:
    """Poll until ready.

    Raises:
        ChildFailed: it died, or the time ran out; with its last words.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_ready():
            return
        if child.has_died():
            raise ChildFailed(f"{child.name} did not start:\n{child.last_words()}")
        time.sleep(0.02)
    raise ChildFailed(f"{child.name} was not {what} within {seconds:.0f} s:\n{child.last_words()}")


def is_running(pid: int) -> bool:
    """Whether a process of that id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
