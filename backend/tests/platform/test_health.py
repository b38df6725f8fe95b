"""Liveness, readiness and the summary."""

import httpx


class TestHealth:
    async def test_live_asks_nothing(self, anonymous_client: httpx.AsyncClient) -> None:
        answer = await anonymous_client.get("/live")

        assert (answer.status_code, answer.json()) == (200, {"status": "alive"})

    async def test_ready_checks_database_schema_role_and_redis(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        answer = await anonymous_client.get("/ready")

        assert answer.status_code == 200, answer.text
        assert answer.json()["checks"] == {
            "database": True,
            "migrations": True,
            "role": True,
            "redis": True,
        }
