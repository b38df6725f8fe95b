"""Routes of the overview, holdings and the NAV series."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query

from truenav.features.valuation import repository
from truenav.features.valuation.asked import AskedPart, AskedSlice
from truenav.features.valuation.overview import overview_of
from truenav.features.valuation.pages import given_holdings, given_nav, holdings_page, nav_page
from truenav.features.valuation.schemas import (
    HoldingsOut,
    NavSeriesOut,
    OverviewOut,
)
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.wire import AskedDay, LocalDate

router = APIRouter(prefix="/api/v1", tags=["valuation"], responses=GUARDED)
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
MaxPoints = Annotated[int, Query(ge=3, le=10_000)]
ZERO = Decimal(0)


@router.get("/overview", operation_id="getOverview")
async def get_overview(uow: Uow, scope: AskedSlice) -> OverviewOut:
    """NAV, its change, its age and its parts; null figures are explained in `unknowns`."""
    return await overview_of(uow, scope)


@router.get("/holdings", operation_id="listHoldings")
async def list_holdings(uow: Uow, scope: AskedPart, as_of: AskedDay | None = None) -> HoldingsOut:
    """Positions with their value as of a day, and cash per currency."""
    made = holdings_page(await given_holdings(uow, scope, as_of))
    busy = await repository.is_recomputing(uow.session)
    return made.model_copy(update={"is_recomputing": busy})


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
