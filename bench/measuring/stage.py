"""A throw-away installation: embedded PostgreSQL 18 and Valkey as the product starts them.

Durable, with data checksums and one password per role, in a temporary directory; row security
binds the roles that are measured, as it binds the product's.
"""

import asyncio
import secrets
import shutil
import socket
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from measuring.processes import cpu_of_tree
from truenav.core.ids import TenantId, UserId
from truenav.entrypoints.supervisor.servers import EmbeddedPostgres, EmbeddedValkey
from truenav.entrypoints.supervisor.vault import DATABASE, open_vault, with_addresses
from truenav.features.accounts.schemas import AccountIn
from truenav.features.accounts.service import create_account
from truenav.platform.clock import new_id
from truenav.platform.db import as_psycopg, make_sessions
from truenav.platform.migrations import ensure_database, upgrade
from truenav.platform.settings import Settings, WebSettings
from truenav.platform.tokens import Identity, TokenSigner
from truenav.platform.unit_of_work import UnitOfWork, open_unit_of_work


@dataclass(frozen=True, slots=True)
class Household:
    """A tenant and its owner."""

    tenant_id: TenantId
    user_id: UserId


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything answers."""

    settings: Settings
    admin_dsn: str  # the superuser's, in the product's database
    postgres_pid: int | None

    def server_cpu(self) -> float:
        """Processor seconds of PostgreSQL so far."""
        return cpu_of_tree(self.postgres_pid) if self.postgres_pid is not None else 0.0

    def add_household(self) -> Household:
        """A user with a tenant in dollars."""
        user, tenant = UserId(new_id()), TenantId(new_id())
        with psycopg.connect(self.admin_dsn) as connection:
            connection.execute(
                "INSERT INTO users (id, email, display_name, is_demo)"
                " VALUES (%s, %s, 'Bench', false)",
                (user, f"{secrets.token_hex(6)}@example.org"),
            )
            connection.execute(
                "INSERT INTO tenants (id, name, base_currency, is_demo)"
                " VALUES (%s, 'Household', 'USD', false)",
                (tenant,),
            )
            connection.execute(
                "INSERT INTO memberships (tenant_id, user_id, role) VALUES (%s, %s, 'owner')",
                (tenant, user),
            )
        return Household(tenant, user)

    def token(self, who: Household) -> str:
        """What a logged-in browser sends; good for ten minutes."""
        signer = TokenSigner(self.settings.signing_seed or b"")
        identity = Identity(who.user_id, who.tenant_id, "owner")
        return signer.sign(identity, new_id(), datetime.now(UTC))[0]

    def act(self, who: Household, *steps: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """Each step as a unit of work of its own, as the worker runs a job."""
        asyncio.run(self._act(who, steps))

    async def _act(
        self, who: Household, steps: tuple[Callable[[UnitOfWork], Awaitable[None]], ...]
    ) -> None:
        engine = create_async_engine(
            as_psycopg(self.settings.database.worker or ""),
            poolclass=NullPool,
            connect_args={"prepare_threshold": None},
        )
        try:
            for step in steps:
                sessions = make_sessions(engine)
                async with open_unit_of_work(sessions, who.tenant_id, who.user_id) as uow:
                    await step(uow)
        finally:
            await engine.dispose()


async def add_account(uow: UnitOfWork, name: str = "Brokerage") -> None:
    """An empty account in dollars."""
    await create_account(uow, AccountIn(name=name, broker="schwab", base_currency="USD"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def stage(*, has_valkey: bool = False) -> Iterator[Stage]:
    """Servers with an empty migrated database; gone with everything in them afterwards."""
    # a short path: a socket's name may have 100 characters
    home = Path(tempfile.mkdtemp(prefix="tn-"))
    home.chmod(0o755)  # as root the server runs as somebody else
    vault = open_vault(home)
    postgres = EmbeddedPostgres(home, vault.superuser)
    valkey = EmbeddedValkey(home, vault.redis) if has_valkey else None
    try:
        admin = postgres.start()
        ensure_database(admin, vault.roles, DATABASE)
        addresses = {
            role: postgres.dsn(role, password, DATABASE) for role, password in vault.roles.items()
        }
        upgrade(addresses["truenav_migrator"])
        settings = Settings(home=home, signing_seed=vault.signing_seed, has_demo=False)
        settings = with_addresses(settings, addresses, valkey.start() if valkey else "")
        settings = replace(settings, web=WebSettings(port=free_port(), is_port_fixed=True))
        pid = postgres.child.pid if postgres.child is not None else None
        yield Stage(settings, postgres.dsn(database=DATABASE), pid)
    finally:
        if valkey is not None:
            valkey.stop()
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)
