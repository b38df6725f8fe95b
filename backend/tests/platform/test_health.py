"""Liveness, readiness and the summary; and a role that could see everything is refused."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import psycopg
import pytest

from tests.conftest import ORIGIN
from tests.servers import Servers
from truenav.entrypoints.api.app import create_app
from truenav.entrypoints.api.health import UnsafeRole
from truenav.platform import migrations
from truenav.platform.settings import Settings, SettingsError

ALL_WELL = {"database": True, "migrations": True, "role": True, "redis": True}
NOWHERE = "unix:///nonexistent/valkey.sock"


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An application started with these settings."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client,
    ):
        yield client


def at(settings: Settings, dsn: str) -> Settings:
    """The same settings, another database."""
    return replace(settings, database=replace(settings.database, app=dsn))


class TestHealth:
    async def test_live_asks_nothing(self, anonymous_client: httpx.AsyncClient) -> None:
        answer = await anonymous_client.get("/live")

        assert (answer.status_code, answer.json()) == (200, {"status": "alive"})

    @pytest.mark.parametrize("path", ["/ready", "/health"])
    async def test_all_is_well(self, anonymous_client: httpx.AsyncClient, path: str) -> None:
        answer = await anonymous_client.get(path)

        assert (answer.status_code, answer.json()["status"]) == (200, "healthy")
        assert answer.json()["checks"] == ALL_WELL
        assert answer.json()["timestamp"] == "2026-03-05T12:00:00Z"

    async def test_without_redis_it_serves_on_and_says_so(self, settings: Settings) -> None:
        async with serving(replace(settings, redis_url=NOWHERE)) as client:
            answer = await client.get("/ready")
            signed_up = await client.post(
                "/api/v1/auth/log-in", json={"email": "a@example.org", "password": "x" * 12}
            )

        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert answer.json()["checks"] == {**ALL_WELL, "redis": False}
        assert signed_up.status_code == 401

    async def test_an_older_schema_is_not_ready(
        self, settings: Settings, servers: Servers, fresh_database: Callable[[], str]
    ) -> None:
        name = fresh_database()
        migrations.downgrade(servers.dsn(name, "truenav_migrator"), "-1")

        async with serving(at(settings, servers.dsn(name, "truenav_app"))) as client:
            answer = await client.get("/ready")

        assert (answer.status_code, answer.json()["status"]) == (503, "unhealthy")
        assert answer.json()["checks"] == {**ALL_WELL, "migrations": False}

    async def test_without_its_database_it_lives_but_is_not_ready(
        self, settings: Settings, servers: Servers, fresh_database: Callable[[], str]
    ) -> None:
        name = fresh_database()
        async with serving(at(settings, servers.dsn(name, "truenav_app"))) as client:
            servers.drop_database(name)
            alive = await client.get("/live")
            ready = await client.get("/ready")
            work = await client.post(
                "/api/v1/auth/log-in", json={"email": "a@example.org", "password": "x" * 12}
            )

        assert (alive.status_code, ready.status_code) == (200, 503)
        assert ready.json()["checks"] == {"database": False, "redis": True}
        assert (work.status_code, work.json()["code"]) == (503, "database_unavailable")
        assert work.headers["Retry-After"] == "1"


class TestStart:
    @pytest.mark.parametrize("role", [None, "truenav_migrator"])
    async def test_a_role_that_could_see_everything_is_refused(
        self, settings: Settings, servers: Servers, database: str, role: str | None
    ) -> None:
        with pytest.raises(UnsafeRole, match="row security"):
            async with serving(at(settings, servers.dsn(database, role))):
                pass

    async def test_so_is_one_that_becomes_so_later(
        self, settings: Settings, servers: Servers, fresh_database: Callable[[], str]
    ) -> None:
        name = fresh_database()
        with psycopg.connect(servers.dsn(name), autocommit=True) as connection:
            connection.execute("CREATE ROLE later_unsafe LOGIN PASSWORD 'only-for-tests'")
            connection.execute("GRANT truenav_app TO later_unsafe")
            try:
                dsn = servers.dsn(name, "later_unsafe")
                async with serving(at(settings, dsn)) as client:
                    before = await client.get("/ready")
                    connection.execute("ALTER ROLE later_unsafe BYPASSRLS")
                    after = await client.get("/ready")
            finally:
                connection.execute("DROP ROLE later_unsafe")

        assert (before.status_code, after.status_code) == (200, 503)
        assert after.json()["checks"]["role"] is False

    @pytest.mark.parametrize("missing", ["database", "key"])
    async def test_nothing_starts_without_database_or_key(
        self, settings: Settings, missing: str
    ) -> None:
        changed = (
            replace(settings, database=replace(settings.database, app=None))
            if missing == "database"
            else replace(settings, signing_seed=None)
        )
        with pytest.raises(SettingsError):
            async with serving(changed):
                pass
