"""Finding an instrument: among those one may know, and, when asked for, at providers."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Annotated, get_args

from fastapi import APIRouter, Query

from truenav.core.errors import ErrorKind
from truenav.core.instrument_codes import is_isin
from truenav.features.instruments import repository
from truenav.features.instruments.schemas import AssetClassName, InstrumentOut
from truenav.features.marketdata.chain import Attempt, DataProviderChain
from truenav.features.marketdata.providers import openfigi
from truenav.features.marketdata.providers.configured import configured
from truenav.features.marketdata.providers.openfigi import OpenFigiProvider
from truenav.features.marketdata.providers.quotes import Capability, Found
from truenav.features.marketdata.search_schemas import AskedOut, FoundOut, InstrumentSearchOut
from truenav.platform.clock import Clock
from truenav.platform.dependencies import (
    GUARDED,
    CurrentClock,
    CurrentIdentity,
    CurrentLimits,
    State,
)
from truenav.platform.gates import Gate, MemoryGate, SharedGate
from truenav.platform.http import Fetcher
from truenav.platform.limits import Rule
from truenav.platform.pages import PageRequest
from truenav.platform.problems import problems
from truenav.platform.settings import Settings
from truenav.platform.state import AppState
from truenav.platform.unit_of_work import open_unit_of_work

router = APIRouter(prefix="/api/v1/instruments", tags=["instruments"], responses=GUARDED)
Wanted = Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]*$")]
MOST = 30
DEADLINE_SECONDS = 5.0  # somebody waits
# The nightly prices need the same allowance, which of a free plan is fifty calls an hour.
SEARCHES = Rule("search_providers", limit=20, seconds=3600)
SEARCHERS = ThreadPoolExecutor(2, thread_name_prefix="search")
LOCAL = MemoryGate()  # where there is no Redis to share one
CLASSES = frozenset(get_args(AssetClassName))


@router.get("/search", operation_id="searchInstruments", responses=problems(ErrorKind.TOO_MANY))
async def search_instruments(
    q: Wanted,
    state: State,
    identity: CurrentIdentity,
    limits: CurrentLimits,
    clock: CurrentClock,
    ask_providers: bool = False,  # a query parameter, by name
) -> InstrumentSearchOut:
    """Instruments by symbol or name: ours, and with `ask_providers` what providers list besides."""
    # a transaction of its own: none is kept open while a provider takes its time
    async with open_unit_of_work(state.sessions, identity.tenant_id, identity.user_id) as uow:
        rows = await repository.page(uow.session, q.strip(), PageRequest(None, MOST, ""))
        items = [InstrumentOut.model_validate(row) for row in rows[:MOST]]
    if not ask_providers or state.settings.providers.is_offline:
        why = "offline" if ask_providers else "not_wanted"
        return InstrumentSearchOut.model_validate(
            {"items": items, "found": [], "asked": [], "not_asked": why}
        )
    await limits.count(SEARCHES)
    found, attempts = await asyncio.get_running_loop().run_in_executor(
        SEARCHERS, _ask, state.settings, _gate(state), clock, q.strip()
    )
    known = {(item.symbol, item.currency) for item in items}
    return InstrumentSearchOut(
        items=items,
        found=[_found(one) for one in found if (one.symbol, one.currency) not in known][:MOST],
        asked=[AskedOut(source=one.source, outcome=one.outcome) for one in attempts],
        not_asked=None if attempts else "nobody",
    )


def _gate(state: AppState) -> Gate:
    redis = state.queue.redis
    return SharedGate(redis) if redis is not None else LOCAL


def _ask(
    settings: Settings, gate: Gate, clock: Clock, words: str
) -> tuple[Sequence[Found], Sequence[Attempt]]:
    with (
        configured(settings, gate, clock, deadline_seconds=DEADLINE_SECONDS) as providers,
        closing(_identifying(settings, gate)) as fetcher,
    ):
        able = [one for one in providers if Capability.SEARCH in one.descriptor.capabilities]
        # of identifiers alone: it has nothing to say about words
        others = [OpenFigiProvider(fetcher)] if is_isin(words.upper()) else []
        return DataProviderChain(able).search(words, others)


def _identifying(settings: Settings, gate: Gate) -> Fetcher:
    chosen = settings.providers
    key = chosen.keys.get(openfigi.SOURCE)
    return Fetcher(
        openfigi.SOURCE,
        chosen.base_urls.get(openfigi.SOURCE, openfigi.BASE_URL),
        headers={"X-OPENFIGI-APIKEY": key} if key else {},
        allowances=openfigi.DESCRIPTOR.allowances,
        gate=gate,
        deadline_seconds=DEADLINE_SECONDS,
    )


def _found(one: Found) -> FoundOut:
    return FoundOut.model_validate(
        {
            "symbol": one.symbol,
            "name": one.name,
            "exchange": one.exchange,
            "currency": one.currency,
            "asset_class": one.asset_class if one.asset_class in CLASSES else "other",
            "source": one.source,
        }
    )
