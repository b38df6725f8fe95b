"""Metrics: off without a token, and with it for nobody else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pytest

from truenav.entrypoints.api.app import create_app
from truenav.features.marketdata.metrics_api import exposition
from truenav.features.marketdata.providers import tiingo, yahoo
from truenav.features.marketdata.scorecard import Card, Score
from truenav.platform.clock import FakeClock
from truenav.platform.gates import Allowance, GateState
from truenav.platform.settings import Settings, SettingsError, read_settings

TOKEN = "only-for-prometheus"
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.fixture
async def scraper(
    settings: Settings, clock: FakeClock, redis_url: str
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at the door of an application that has a token."""
    del redis_url
    app = create_app(replace(settings, metrics_token=TOKEN), clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://localhost"
        ) as client,
    ):
        yield client


async def test_with_the_token_it_is_text_for_prometheus(scraper: httpx.AsyncClient) -> None:
    answer = await scraper.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'truenav_provider_breaker_open{source="tiingo"} 0.0' in lines
    assert 'truenav_provider_quota_limit{source="tiingo",window_seconds="3600"} 50.0' in lines


@pytest.mark.parametrize("given", [None, "Bearer another", "Basic x", f"Bearer {TOKEN}x"])
async def test_another_token_opens_nothing(scraper: httpx.AsyncClient, given: str | None) -> None:
    headers = {"Authorization": given} if given is not None else {}
    answer = await scraper.get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert "truenav_provider" not in answer.text


async def test_without_a_token_there_are_none(
    client: httpx.AsyncClient, anonymous_client: httpx.AsyncClient
) -> None:
    for somebody in (client, anonymous_client):
        assert (await somebody.get("/metrics")).status_code == 404


def test_each_figure_has_its_sample_and_what_is_unknown_has_none() -> None:
    gate = GateState(
        failures=3, open_until=1.0, paused_until=None, used=[(Allowance(50, 3600), 4)],
        outcomes={"ok": 7, "bad_payload": 2}, latencies=[], last_error=None, last_success_at=None,
    )  # fmt: skip
    score = Score(date(2026, 3, 3), correction_count=5, held_count=1)
    told = exposition(
        [
            Card(tiingo.DESCRIPTOR, gate, score, datetime(2026, 3, 5, 11, 58, tzinfo=UTC)),
            Card(yahoo.DESCRIPTOR, replace(gate, outcomes={}, used=[]), Score(), None),
        ],
        NOW,
    ).decode()
    samples = {line for line in told.splitlines() if not line.startswith("#")}
    assert samples == {
        'truenav_provider_outcomes{outcome="ok",source="tiingo"} 7.0',
        'truenav_provider_outcomes{outcome="bad_payload",source="tiingo"} 2.0',
        'truenav_provider_breaker_open{source="tiingo"} 1.0',
        'truenav_provider_breaker_open{source="yahoo"} 1.0',
        'truenav_provider_paused{source="tiingo"} 0.0',
        'truenav_provider_paused{source="yahoo"} 0.0',
        'truenav_provider_quota_used{source="tiingo",window_seconds="3600"} 4.0',
        'truenav_provider_quota_limit{source="tiingo",window_seconds="3600"} 50.0',
        'truenav_provider_newest_close_age_days{source="tiingo"} 2.0',
        'truenav_provider_newest_quote_age_seconds{source="tiingo"} 120.0',
        'truenav_provider_corrections{source="tiingo"} 5.0',
        'truenav_provider_corrections{source="yahoo"} 0.0',
        'truenav_provider_held_bars{source="tiingo"} 1.0',
        'truenav_provider_held_bars{source="yahoo"} 0.0',
    }


def test_the_token_is_kept_from_view_and_long_enough() -> None:
    found = read_settings({"TRUENAV_METRICS_TOKEN": TOKEN})
    assert found.metrics_token == TOKEN
    assert TOKEN not in repr(found)
    with pytest.raises(SettingsError, match="too short"):
        read_settings({"TRUENAV_METRICS_TOKEN": "short"})
