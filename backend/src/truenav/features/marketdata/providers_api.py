"""Routes of the providers' health: for who operates the installation."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import quantiles
from typing import Annotated

from fastapi import APIRouter, Path

from truenav.features.identity.operators import Operator
from truenav.features.marketdata.providers import csv_folder
from truenav.features.marketdata.providers.configured import has_key, may_serve
from truenav.features.marketdata.providers.quotes import Descriptor
from truenav.features.marketdata.providers_schemas import (
    NotAsked,
    ProviderLimitOut,
    ProviderOut,
    ProvidersOut,
)
from truenav.features.marketdata.quotes_api import Desk
from truenav.features.marketdata.scorecard import (
    DESCRIPTORS,
    Card,
    cards,
    gate_of,
    named_sources,
)
from truenav.platform.dependencies import GUARDED, CurrentClock, State, Uow
from truenav.platform.problems import NotFound
from truenav.platform.settings import Settings

router = APIRouter(prefix="/api/v1/operations/providers", tags=["operations"], responses=GUARDED)
SourceName = Annotated[str, Path(pattern=r"^[a-z_]{2,30}$")]


@router.get("", operation_id="listProviders")
async def list_providers(
    uow: Uow, state: State, clock: CurrentClock, operator: Operator, desk: Desk
) -> ProvidersOut:
    """Who is asked for prices and rates, in order, how they answer, and how old their newest is."""
    del operator
    named = named_sources(state.settings)
    items = [
        _out(card, state.settings, clock.now(), is_named=card.descriptor.source in named)
        for card in await cards(uow.session, state, desk, clock.now())
    ]
    return ProvidersOut(items=items, is_shared=state.queue.redis is not None)


@router.post("/{source}/reset", operation_id="resetProvider", status_code=204)
async def reset_provider(source: SourceName, state: State, operator: Operator) -> None:
    """Forget failures and pauses of a provider: it may be asked again at once."""
    del operator
    if source not in DESCRIPTORS:
        raise NotFound("no such provider")
    await asyncio.to_thread(gate_of(state).reset, source)


def _out(card: Card, settings: Settings, now: datetime, *, is_named: bool) -> ProviderOut:
    descriptor, known, score = card.descriptor, card.gate, card.score
    until = known.paused_until or known.open_until
    calls = sum(known.outcomes.values())
    return ProviderOut(
        source=descriptor.source,
        name=descriptor.name,
        not_asked=why_not(descriptor, settings, is_named=is_named),
        needs_key=descriptor.needs_key,
        has_key=bool(settings.providers.keys.get(descriptor.source)),
        terms=descriptor.licence.terms,
        attribution=descriptor.licence.attribution,
        state="paused" if known.paused_until else "open" if known.open_until else "closed",
        until=_instant(until),
        failure_count=known.failures,
        call_count=calls,
        success_count=known.outcomes.get("ok", 0),
        latency_p95_ms=_p95(known.latencies),
        last_error=known.last_error,
        last_success_at=_instant(known.last_success_at),
        newest_day=score.newest_day,
        newest_quote_at=card.quoted_at,
        correction_count=score.correction_count,
        held_count=score.held_count,
        limits=[
            ProviderLimitOut(
                calls=allowance.calls,
                seconds=allowance.seconds,
                used=used,
                resets_at=_reset(now, allowance.seconds),
            )
            for allowance, used in known.used
        ],
    )


def why_not(descriptor: Descriptor, settings: Settings, *, is_named: bool) -> NotAsked | None:
    """Why a provider is not asked by this installation; None when it is."""
    if settings.providers.is_offline:
        return "offline"
    if not is_named:
        return "not_named"
    if descriptor.source == csv_folder.SOURCE and settings.providers.csv_folder is None:
        return "no_folder"
    if not may_serve(descriptor, settings):
        return "terms"
    return None if has_key(descriptor, settings) else "no_key"


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _reset(now: datetime, seconds: int) -> datetime:
    """When the current window of an allowance ends."""
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)


def _p95(latencies: Sequence[float]) -> int | None:
    found = sorted(latencies)
    if not found:
        return None
    return round((quantiles(found, n=20)[-1] if len(found) > 1 else found[0]) * 1000)
