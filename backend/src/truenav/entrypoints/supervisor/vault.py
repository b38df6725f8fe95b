"""Passwords and keys of one installation: made once, kept in a file only its owner may read."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from truenav.core.errors import TruenavError
from truenav.entrypoints.supervisor.servers import new_password
from truenav.platform.migrations import LOGIN_ROLES
from truenav.platform.settings import DatabaseSettings, Settings

FILE = "secrets.json"
DATABASE = "truenav"


class VaultDamaged(TruenavError):
    """The secrets file cannot be read; the data cannot be opened without it."""

    code = "vault_damaged"


@dataclass(frozen=True, slots=True)
class Vault:
    """What an installation keeps to itself."""

    superuser: str
    redis: str
    roles: Mapping[str, str]
    signing_seed: bytes


def open_vault(home: Path) -> Vault:
    """Read the secrets, making what is missing (a newer version may need more).

    Raises:
        VaultDamaged: the file is there but is not ours.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / FILE
    kept: dict[str, str] = {}
    if path.exists():
        try:
            kept = dict(json.loads(path.read_text()))
        except (ValueError, TypeError) as error:
            raise VaultDamaged(f"{path} is damaged; restore it from a backup") from error
    wanted = dict(kept)
    for name in ("superuser", "redis", *LOGIN_ROLES):
        wanted.setdefault(name, new_password())
    wanted.setdefault("signing_seed", secrets.token_hex(32))
    if wanted != kept:
        _write(path, wanted)
    return Vault(
        superuser=wanted["superuser"],
        redis=wanted["redis"],
        roles={name: wanted[name] for name in LOGIN_ROLES},
        signing_seed=bytes.fromhex(wanted["signing_seed"]),
    )


def _write(path: Path, values: Mapping[str, str]) -> None:
    """Write beside, then move: a crash leaves the old file or the new one, never half."""
    beside = path.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(values, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def with_addresses(settings: Settings, dsn_of: Mapping[str, str], redis_url: str) -> Settings:
    """The settings with an address for each role, keeping those the operator named."""
    database = settings.database
    return replace(
        settings,
        database=DatabaseSettings(
            admin=database.admin,
            app=database.app or dsn_of["truenav_app"],
            worker=database.worker or dsn_of["truenav_worker"],
            ingest=database.ingest or dsn_of["truenav_ingest"],
            migrator=database.migrator or dsn_of["truenav_migrator"],
        ),
        redis_url=redis_url,
    )


def as_environment(settings: Settings, base: Mapping[str, str]) -> dict[str, str]:
    """What a child process is told, in the same words an operator would use."""
    told = {
        "TRUENAV_HOME": str(settings.home),
        "TRUENAV_APP_DATABASE_URL": settings.database.app,
        "TRUENAV_WORKER_DATABASE_URL": settings.database.worker,
        "TRUENAV_INGEST_DATABASE_URL": settings.database.ingest,
        "REDIS_URL": settings.redis_url,
        "TRUENAV_HOST": settings.web.host,
        "TRUENAV_PORT": str(settings.web.port),
        "TRUENAV_API_URL": settings.api_url,
        "TRUENAV_DEMO": "1" if settings.has_demo else "0",
        "TRUENAV_SIGNING_KEY": settings.signing_seed.hex() if settings.signing_seed else None,
    }
    kept = {name: value for name, value in base.items() if name != "DATABASE_URL"}
    # one request on one core: on all of them a product of matrices costs half again as much
    threads = {"OPENBLAS_NUM_THREADS": "1"}
    return {**threads, **kept, **{name: value for name, value in told.items() if value is not None}}
