"""Real servers, the real application role, the whole stack; only the clock is set by hand.

A test that touches data works as a fresh tenant of its own, and what it commits stays: row
security keeps tests apart as it keeps customers apart. Shared tables (instruments, prices) grow,
so a test names its instruments itself or takes the name `add_instrument` makes up. A test that
needs everything empty asks for `fresh_database`; tests that only read may share what they read.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import hypothesis
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql
from redis import Redis

from tests.builders import Member, add_member
from tests.servers import Servers, borrow_servers
from truenav.entrypoints.api.app import create_app
from truenav.platform.clock import FakeClock
from truenav.platform.db import make_engine, make_sessions
from truenav.platform.migrations import OWNER
from truenav.platform.settings import DatabaseSettings, ProviderSettings, Settings, WebSettings
from truenav.platform.tokens import TokenSigner
from truenav.platform.unit_of_work import Sessions

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
SEED = bytes(range(32))
ORIGIN = "http://localhost"
Connection = psycopg.Connection[tuple[object, ...]]
T = TypeVar("T")
# how long an example takes says how busy a machine is, not whether the product is right
hypothesis.settings.register_profile(
    "busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy")
ClientMaker = Callable[[Member | None], httpx.AsyncClient]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Servers]:
    """PostgreSQL and Valkey, one of each for all workers."""
    base = tmp_path_factory.getbasetemp()
    with borrow_servers(base if worker_id == "master" else base.parent) as found:
        yield found


@pytest.fixture(scope="session")
def database(servers: Servers) -> Iterator[str]:
    """The name of this worker's own migrated database."""
    name = f"truenav_{secrets.token_hex(6)}"
    servers.create_database(name)
    yield name
    servers.drop_database(name)


@pytest.fixture
def fresh_database(servers: Servers) -> Iterator[Callable[[], str]]:
    """Makes databases with nothing in them but the schema; each call another one."""
    with ExitStack() as stack:

        def make() -> str:
            name = f"truenav_{secrets.token_hex(6)}"
            servers.create_database(name)
            stack.callback(servers.drop_database, name)
            return name

        yield make


async def _sessions(dsn: str) -> AsyncIterator[Sessions]:
    engine = make_engine(dsn)
    yield make_sessions(engine)
    await engine.dispose()


@pytest.fixture(scope="session")
async def sessions(servers: Servers, database: str) -> AsyncIterator[Sessions]:
    """Sessions of the application role."""
    async for made in _sessions(servers.dsn(database, "truenav_app")):
        yield made


@pytest.fixture(scope="session")
async def worker_sessions(servers: Servers, database: str) -> AsyncIterator[Sessions]:
    """Sessions of the worker role."""
    async for made in _sessions(servers.dsn(database, "truenav_worker")):
        yield made


@pytest.fixture(scope="session")
async def ingest_sessions(servers: Servers, database: str) -> AsyncIterator[Sessions]:
    """Sessions of the role that writes market data."""
    async for made in _sessions(servers.dsn(database, "truenav_ingest")):
        yield made


@pytest.fixture
def admin_connection(servers: Servers, database: str) -> Iterator[Connection]:
    """The superuser, who sees every row: for arranging a test and for looking behind it."""
    with psycopg.connect(servers.dsn(database), autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner_connection(servers: Servers, database: str) -> Iterator[Connection]:
    """The role that owns the tables, as migrations run; row security binds it too."""
    dsn = servers.dsn(database, "truenav_migrator")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
        yield connection


@pytest.fixture(scope="session")
def session_redis_url(servers: Servers, worker_id: str) -> str:
    """This worker's own Redis database."""
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) % 16
    return f"{servers.redis_url}{'&' if '?' in servers.redis_url else '?'}db={number}"


@pytest.fixture
def redis_url(session_redis_url: str) -> str:
    """The same, empty."""
    with Redis.from_url(session_redis_url) as client:
        client.flushdb()
    return session_redis_url


@pytest.fixture(scope="session")
def session_clock() -> FakeClock:
    """The one clock of the application under test."""
    return FakeClock(NOON)


@pytest.fixture
def clock(session_clock: FakeClock) -> FakeClock:
    """The same, set back to where tests begin."""
    session_clock.instant = NOON
    return session_clock


@pytest.fixture(scope="session")
def settings(
    servers: Servers,
    database: str,
    session_redis_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    """Settings of the application under test."""
    home: Path = tmp_path_factory.mktemp("home")
    return Settings(
        home=home,
        database=DatabaseSettings(
            admin=servers.dsn(database),
            app=servers.dsn(database, "truenav_app"),
            worker=servers.dsn(database, "truenav_worker"),
            ingest=servers.dsn(database, "truenav_ingest"),
            migrator=servers.dsn(database, "truenav_migrator"),
        ),
        redis_url=session_redis_url,
        web=WebSettings(ui_directory=home / "ui"),
        # nobody answers there: a test that wants a provider brings its own
        providers=ProviderSettings(yahoo_base_url="http://127.0.0.1:9"),
        signing_seed=SEED,
    )


@pytest.fixture(scope="session")
async def session_app(settings: Settings, session_clock: FakeClock) -> AsyncIterator[FastAPI]:
    """The application, started once per worker."""
    made = create_app(settings, session_clock)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
def app(session_app: FastAPI, clock: FakeClock, redis_url: str) -> FastAPI:
    """The application, with its clock and its Redis as tests begin."""
    del clock, redis_url
    session_app.state.truenav.limits.forget_all()
    return session_app


@pytest.fixture(scope="session")
def signer() -> TokenSigner:
    """Signs what the application accepts."""
    return TokenSigner(SEED)


class Kept:
    """What is made once for all who ask for it here."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What bears a name, made when it is asked for first."""
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

    async def built(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """The same of what takes requests and jobs to make."""
        if name not in self._made:
            self._made[name] = await make()
        found: T = self._made[name]
        return found


@pytest.fixture(scope="module")
def module_kept() -> Kept:
    """Shared by the tests of a module that only read."""
    return Kept()


@pytest.fixture
def kept(request: pytest.FixtureRequest, module_kept: Kept) -> Kept:
    """A test's own; with others where it is marked `only_reads`, unless `only_reads(False)`."""
    mark = request.node.get_closest_marker("only_reads")
    return module_kept if mark is not None and mark.args != (False,) else Kept()


@pytest.fixture
def member(admin_connection: Connection, kept: Kept) -> Member:
    """The owner of a fresh tenant."""
    return kept.once("member", lambda: add_member(admin_connection))


@pytest.fixture
def other_member(admin_connection: Connection) -> Member:
    """The owner of another one."""
    return add_member(admin_connection)


@pytest.fixture
async def make_client(
    app: FastAPI, signer: TokenSigner, clock: FakeClock
) -> AsyncIterator[ClientMaker]:
    """Makes clients that are logged in as a member, or as nobody."""
    made: list[httpx.AsyncClient] = []

    def make(who: Member | None) -> httpx.AsyncClient:
        headers = who.headers(signer, clock.now()) if who is not None else {}
        transport = httpx.ASGITransport(app=app)
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
        made.append(client)
        return client

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def client(make_client: ClientMaker, member: Member) -> httpx.AsyncClient:
    """Logged in as the owner of a fresh tenant."""
    return make_client(member)


@pytest.fixture
def other_client(make_client: ClientMaker, other_member: Member) -> httpx.AsyncClient:
    """Logged in as the owner of another tenant."""
    return make_client(other_member)


@pytest.fixture
def anonymous_client(make_client: ClientMaker) -> httpx.AsyncClient:
    """Not logged in."""
    return make_client(None)
