"""PostgreSQL refuses to run as root. Ways around it that change nothing on the machine.

In order: not root, nothing to do; a user namespace in which we are somebody else; an existing
unprivileged user, who then owns the data directory and nothing more; else a clear error.
"""

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from truenav.entrypoints.supervisor.binaries import ServerMissing

UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Runner:
    """How to run a command that must not be root; `user` owns its files when one is needed."""

    prefix: tuple[str, ...]
    user: str | None
    description: str

    def adopt(self, directory: Path) -> None:
        """Give our own data directory, and only it, to the user the server runs as."""
        if self.user is None:
            return
        entry = pwd.getpwnam(self.user)
        for path in (directory, *directory.rglob("*")):
            os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


@cache
def unprivileged_runner() -> Runner:
    """How this process can run PostgreSQL.

    Raises:
        ServerMissing: root, no user namespaces, and no unprivileged user to become.
    """
    if os.geteuid() != 0:
        return Runner((), None, "as the user who started it")
    if sys.platform == "linux" and shutil.which("unshare"):
        probe = subprocess.run([*UNSHARE, "true"], capture_output=True, check=False, timeout=10)
        if probe.returncode == 0:
            return Runner(UNSHARE, None, "as root, inside a user namespace")
    setpriv = shutil.which("setpriv")
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if setpriv is not None:
            ids = (
                f"--reuid={entry.pw_uid}",
                f"--regid={entry.pw_gid}",
                "--clear-groups",
            )
            return Runner((setpriv, *ids), name, f"as root, as the user {name}")
    raise ServerMissing(
        "PostgreSQL does not run as root, and neither a user namespace nor another user is to be"
        " had here; start Truenav as an ordinary user, or set DATABASE_URL"
    )


def dies_with_parent(signal_name: str) -> tuple[str, ...]:
    """A prefix that has Linux send the signal when the supervisor is gone, however it went."""
    if sys.platform == "linux" and shutil.which("setpriv"):
        return ("setpriv", f"--pdeathsig={signal_name}")
    return ()
