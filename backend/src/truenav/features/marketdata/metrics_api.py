"""What is known of the providers, for Prometheus: with a token of its own, or not at all."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.security import HTTPAuthorizationCredentials
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from truenav.features.marketdata.quotes_api import Desk
from truenav.features.marketdata.scorecard import Card, cards
from truenav.platform import canary
from truenav.platform.dependencies import State, bearer
from truenav.platform.problems import NotFound
from truenav.platform.tables import CanaryStateRow
from truenav.platform.tokens import Unauthenticated

# No part of the product's contract: who reads it is a machine of the operator's.
router = APIRouter(include_in_schema=False)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


@router.get("/metrics", operation_id="getMetrics")
async def get_metrics(state: State, desk: Desk, credentials: Credentials) -> Response:
    """Outcomes, breakers, quotas, staleness and corrections of each provider, as text.

    Raises:
        NotFound: no token is set, so there is nothing here.
        Unauthenticated: another token, or none.
    """
    expected = state.settings.metrics_token
    if expected is None:
        raise NotFound("metrics are off")
    given = credentials.credentials if credentials is not None else ""
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Unauthenticated("this needs the token of TRUENAV_METRICS_TOKEN")
    now = state.clock.now()
    async with state.sessions.begin() as session:
        known = await cards(session, state, desk, now)
        watched = await canary.read(session)
    return Response(exposition(known, now, watched), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def exposition(
    known: Sequence[Card], now: datetime, watched: CanaryStateRow | None = None
) -> bytes:
    """The text Prometheus reads; an age that is not known has no sample."""
    registry = CollectorRegistry()

    def gauge(name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"truenav_provider_{name}", about, ["source", *labels], registry=registry)

    outcomes = gauge("outcomes", "Attempts in the last day or so, by how they went", "outcome")
    is_open = gauge("breaker_open", "1 while it is left alone after failures")
    is_paused = gauge("paused", "1 while it asked to be left alone")
    used = gauge("quota_used", "Calls spent in the current window", "window_seconds")
    limit = gauge("quota_limit", "Calls allowed in a window", "window_seconds")
    close_age = gauge("newest_close_age_days", "Days since the newest close or rate it told")
    quote_age = gauge("newest_quote_age_seconds", "Seconds since its newest quote was traded")
    corrections = gauge("corrections", "Closes or events restated in 30 days, by change")
    held = gauge("held_bars", "Bars that wait for an operator")
    for card in known:
        source = card.descriptor.source
        for outcome, count in card.gate.outcomes.items():
            outcomes.labels(source, outcome).set(count)
        is_open.labels(source).set(card.gate.open_until is not None)
        is_paused.labels(source).set(card.gate.paused_until is not None)
        for allowance, count in card.gate.used:
            used.labels(source, str(allowance.seconds)).set(count)
            limit.labels(source, str(allowance.seconds)).set(allowance.calls)
        if card.score.newest_day is not None:
            close_age.labels(source).set((now.date() - card.score.newest_day).days)
        if card.quoted_at is not None:
            quote_age.labels(source).set((now - card.quoted_at).total_seconds())
        corrections.labels(source).set(card.score.correction_count)
        held.labels(source).set(card.score.held_count)
    if watched is not None:
        _watch(registry, watched, now)
    return generate_latest(registry)


def _watch(registry: CollectorRegistry, watched: CanaryStateRow, now: datetime) -> None:
    """How the portfolio with known answers is."""
    found = canary.condition(watched.state, watched.checked_at, now)
    about = "1 for how the portfolio with known answers is, 0 for how it is not"
    states = Gauge("truenav_canary", about, ["state"], registry=registry)
    for state in ("ok", "drifted", "failed", "silent"):
        states.labels(state).set(state == found)
    age = Gauge("truenav_canary_age_seconds", "Since the last look", registry=registry)
    age.set((now - watched.checked_at).total_seconds())
    cost = Gauge("truenav_canary_seconds", "What the last look took", registry=registry)
    cost.set(watched.duration_ms / 1000)
