"""Routes of the overview, holdings and the NAV series."""

import logging
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from redis.exceptions import RedisError

from truenav.core.ids import TenantId
from truenav.features.marketdata.quotes_api import Desk
from truenav.features.valuation import repository
from truenav.features.valuation.asked import AskedPart, AskedSlice
from truenav.features.valuation.latest import LatestHoldings, given_latest
from truenav.features.valuation.overview import overview_of
from truenav.features.valuation.pages import given_holdings, given_nav, holdings_page, nav_page
from truenav.features.valuation.portfolio_messages import topic_of_portfolio
from truenav.features.valuation.schemas import (
    HoldingsOut,
    NavSeriesOut,
    OverviewOut,
)
from truenav.platform.dependencies import GUARDED, State, Uow
from truenav.platform.live.wanted import want_blocking
from truenav.platform.problems import InvalidFields
from truenav.platform.state import AppState
from truenav.platform.wire import AskedDay, LocalDate

log = logging.getLogger("truenav.live")
router = APIRouter(prefix="/api/v1", tags=["valuation"], responses=GUARDED)
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
Prices = Annotated[
    Literal["close", "latest"], Query(description="The last closes, or the latest trades")
]
MaxPoints = Annotated[int, Query(ge=3, le=10_000)]
ZERO = Decimal(0)


@router.get("/overview", operation_id="getOverview")
async def get_overview(uow: Uow, scope: AskedSlice) -> OverviewOut:
    """NAV, its change, its age and its parts; null figures are explained in `unknowns`."""
    return await overview_of(uow, scope)


@router.get("/holdings", operation_id="listHoldings")
async def list_holdings(
    uow: Uow,
    scope: AskedPart,
    state: State,
    desk: Desk,
    as_of: AskedDay | None = None,
    prices: Prices = "close",
) -> HoldingsOut:
    """Positions with their value as of a day, and cash per currency.

    With `prices=latest` each position of now is valued at the last trade anybody told of, where
    that is newer than its last close. Nobody waits for a provider: what is held is asked for as
    for who listens to the portfolio, and is in a later answer.
    """
    if prices == "latest":
        if as_of is not None:
            raise InvalidFields([("/query/as_of", "the latest trades are of now: name no day")])
        await run_in_threadpool(_look_at, state, uow.tenant_id)
        given = await given_latest(uow, scope)
        latest = LatestHoldings(given)
        latest.see(await desk.held(latest.instrument_ids))
        made = latest.page()
    else:
        made = holdings_page(await given_holdings(uow, scope, as_of))
    busy = await repository.is_recomputing(uow.session)
    return made.model_copy(update={"is_recomputing": busy})


def _look_at(state: AppState, tenant_id: TenantId) -> None:
    """Let whoever brings quotes know that somebody looks at this portfolio."""
    redis = state.queue.redis
    if redis is None:
        return
    try:
        want_blocking(redis, [topic_of_portfolio(tenant_id)])
    except RedisError as error:
        log.info("nobody knows what is looked at: %s", error)


@router.get("/nav", operation_id="getNavSeries")
async def get_nav_series(
    uow: Uow,
    scope: AskedSlice,
    from_date: From = None,
    to_date: To = None,
    max_points: MaxPoints = 1000,
) -> NavSeriesOut:
    """Daily NAV and what was paid in so far; decimated beyond `max_points` days."""
    made = nav_page(await given_nav(uow, scope, (from_date, to_date), max_points))
    busy = await repository.is_recomputing(uow.session)
    return made.model_copy(update={"is_recomputing": busy})
