"""Routes of a tenant's own sources of prices."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.marketdata import custom, custom_sources
from truenav.features.marketdata.api import visible
from truenav.features.marketdata.custom_reading import Recipe
from truenav.features.marketdata.custom_schemas import (
    CustomSourceIn,
    CustomSourceOut,
    CustomSourceStateOut,
    CustomSourceTriedOut,
    CustomSourceTryIn,
)
from truenav.platform.clock import today
from truenav.platform.dependencies import (
    GUARDED,
    CurrentClock,
    CurrentIdentity,
    CurrentLimits,
    State,
    Uow,
)
from truenav.platform.limits import Rule
from truenav.platform.outbound import OutboundRules, outbound_for
from truenav.platform.problems import problems
from truenav.platform.settings import ProviderSettings
from truenav.platform.unit_of_work import open_unit_of_work

router = APIRouter(
    prefix="/api/v1/instruments/{instrument_id}/custom-source",
    tags=["marketdata"],
    responses=GUARDED,
)
CONFLICT = problems(ErrorKind.CONFLICT)
Seen = Annotated[int, Query(ge=1, le=2**31 - 1)]
TRIES = Rule("try_source", limit=30, seconds=600)
# Somebody's slow host keeps threads of its own busy, not those that everybody waits for.
FETCHERS = ThreadPoolExecutor(4, thread_name_prefix="outbound")


class Offline(TruenavError):
    """This installation fetches nothing."""

    kind = ErrorKind.UNAVAILABLE
    code = "offline"


@router.get("", operation_id="getCustomSource")
async def get_custom_source(instrument_id: UUID, uow: Uow) -> CustomSourceStateOut:
    """Where the portfolio fetches its own prices of an instrument from, and how that went."""
    await visible(uow, instrument_id)
    found = await custom_sources.find(uow.session, instrument_id)
    return CustomSourceStateOut(
        source=CustomSourceOut.model_validate(found) if found is not None else None
    )


@router.put("", operation_id="setCustomSource", responses=CONFLICT)
async def set_custom_source(
    instrument_id: UUID, body: CustomSourceIn, uow: Uow, state: State
) -> CustomSourceOut:
    """Fetch prices of an instrument from a URL once a day; they count as the portfolio's own."""
    instrument = await visible(uow, instrument_id)
    recipe = _recipe(body)
    custom.check(recipe, instrument.currency, _rules(state.settings.providers))
    return CustomSourceOut.model_validate(await custom.save(uow, instrument, recipe, body.version))


@router.delete(
    "",
    operation_id="removeCustomSource",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)
async def remove_custom_source(instrument_id: UUID, version: Seen, uow: Uow) -> None:
    """Fetch no more; prices it told stay. `version` is that of the source one saw."""
    await custom.remove(uow, await visible(uow, instrument_id), version)


@router.post("/test", operation_id="tryCustomSource", responses=problems(ErrorKind.TOO_MANY))
async def try_custom_source(
    instrument_id: UUID,
    body: CustomSourceTryIn,
    state: State,
    identity: CurrentIdentity,
    limits: CurrentLimits,
    clock: CurrentClock,
) -> CustomSourceTriedOut:
    """Fetch now and tell what would be read; nothing is stored."""
    # a transaction of its own: none is kept open while somebody's host takes its time
    async with open_unit_of_work(state.sessions, identity.tenant_id, identity.user_id) as uow:
        currency = (await visible(uow, instrument_id)).currency
    recipe = _recipe(body)
    custom.check(recipe, currency, _rules(state.settings.providers))
    outbound = outbound_for(state.settings.providers)
    if outbound is None:
        raise Offline("this installation is offline")
    await limits.count(TRIES)
    read = await asyncio.get_running_loop().run_in_executor(
        FETCHERS, custom.read_now, outbound, recipe, currency, today(clock)
    )
    return CustomSourceTriedOut(price=read.price, currency=currency, price_date=read.price_date)


def _rules(settings: ProviderSettings) -> OutboundRules:
    return OutboundRules(may_reach_loopback=settings.may_reach_loopback)


def _recipe(body: CustomSourceTryIn) -> Recipe:
    return Recipe(
        url=body.url, price_path=body.price_path, date_path=body.date_path,
        currency_path=body.currency_path, currency=body.currency, factor=body.factor,
    )  # fmt: skip
