"""PostgreSQL refuses to run as root. Ways around it that change nothing on the machine.

In order: not root, nothing to do; a user namespace in which we are somebody else; an existing
unprivileged user, who then owns the data directory and nothing more; else a clear error. Where
that user may not enter the directories the server and its data lie in (a checkout below /root in
a container), it is given this one power of root's, and no other.
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

MAY_ENTER = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
CANDIDATES = ("postgres", "nobody")
NO_WAY = (
    "PostgreSQL does not run as root, and neither a user namespace nor another user is to be"
    " had here; start Truenav as an ordinary user, or set DATABASE_URL"
)


@dataclass(frozen=True, slots=True)
class Runner:
    """How to run a command that must not be root; `user` owns its files when one is needed."""

    prefix: tuple[str, ...]
    user: str | None
    description: str

    def adopt(self, path: Path) -> None:
        """Give a file, or a directory with what is in it, to the user the server runs as."""
        if self.user is None:
            return
        entry = pwd.getpwnam(self.user)
        for owned in (path, *path.rglob("*")):
            os.chown(owned, entry.pw_uid, entry.pw_gid, follow_symlinks=False)

    def succeeds(self, *command: str) -> bool:
        """Whether a command runs this way, and well."""
        try:
            made = subprocess.run(
                [*self.prefix, *command], capture_output=True, check=False, timeout=10
            )
        except OSError:
            return False
        return made.returncode == 0


@cache
def unprivileged_runner(home: Path, server: Path) -> Runner:
    """How this process can run PostgreSQL.

    Args:
        home: The directory the data lie below; it exists. A user who takes over must be able to
            pass through it, so others may then enter it (not list it).
        server: The program to run.

    Raises:
        ServerMissing: root, no user namespaces, and no unprivileged user to become.
    """
    if os.geteuid() != 0:
        return Runner((), None, "as the user who started it")
    if sys.platform == "linux" and shutil.which("unshare"):
        apart = Runner(UNSHARE, None, "as root, inside a user namespace")
        if apart.succeeds(str(server), "--version"):
            return apart
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ServerMissing(NO_WAY)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        ids = (f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
        plain = Runner((setpriv, *ids), name, f"as root, as the user {name}")
        if plain.succeeds(str(server), "--version") and _opens_way(home, plain):
            return plain
        entering = Runner(
            (setpriv, *ids, *MAY_ENTER), name, f"as root, as the user {name} who may enter {home}"
        )
        if entering.succeeds(str(server), "--version"):
            return entering
    raise ServerMissing(NO_WAY)


def _opens_way(home: Path, runner: Runner) -> bool:
    """Let the user pass through `home`; False, and as before, if the way there is closed."""
    mode = home.stat().st_mode & 0o777
    home.chmod(mode | 0o011)
    if runner.succeeds("/bin/sh", "-c", 'cd "$0"', str(home)):
        return True
    home.chmod(mode)
    return False


def dies_with_parent(signal_name: str) -> tuple[str, ...]:
    """A prefix that has Linux send the signal when the supervisor is gone, however it went."""
    if sys.platform == "linux" and shutil.which("setpriv"):
        return ("setpriv", f"--pdeathsig={signal_name}")
    return ()
