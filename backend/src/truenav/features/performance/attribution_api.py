"""Routes of attribution, also of many parts at once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from truenav.core.errors import ErrorKind
from truenav.core.performance.flows import FlowTiming
from truenav.features.performance.attribution import attribution_of
from truenav.features.performance.attribution_groups import Grouped
from truenav.features.performance.attribution_schemas import AttributionOut, By, TradesOut
from truenav.features.performance.attribution_trades import trades_of
from truenav.features.performance.blends import Other, asked_other
from truenav.features.performance.bulk_attribution import attribution_of_many
from truenav.features.performance.bulk_attribution_schemas import (
    BulkAttributionIn,
    BulkAttributionOut,
)
from truenav.features.performance.wanted import Timing, Wanted, WantedSpan
from truenav.features.valuation.asked import AskedSlice
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, ONLY_READS, CurrentClock, CurrentLimits, Uow
from truenav.platform.limits import Rule
from truenav.platform.problems import problems

router = APIRouter(prefix="/api/v1", tags=["performance"], responses=GUARDED)
BULKS = Rule("bulk_attribution", 12, 60)
Limit = Annotated[int, Query(ge=1, le=200, description="Of the best, and of the worst")]


@router.get("/attribution", operation_id="getAttribution")
async def get_attribution(
    uow: Uow,
    scope: AskedSlice,
    span: WantedSpan,
    other: Annotated[Other | None, Depends(asked_other)],
    by: Annotated[By, Query(description="What the groups are")] = "instrument",
    taxonomy_id: Annotated[
        UUID | None, Query(description="Its top categories are the groups when `by=taxonomy`")
    ] = None,
    flow_timing: Timing = FlowTiming.START_OF_DAY,
) -> AttributionOut:
    """What each group added to the return, by prices and rates; effects beside a benchmark."""
    wanted = Wanted(
        from_date=span.from_date, to_date=span.to_date, period=span.period,
        flow_timing=flow_timing,
    )  # fmt: skip
    return await attribution_of(uow, scope, wanted, Grouped(by, taxonomy_id), other)


@router.post(
    "/attribution/bulk",
    operation_id="getBulkAttribution",
    responses=problems(ErrorKind.TOO_MANY),
    openapi_extra=ONLY_READS,
)
async def get_bulk_attribution(
    body: BulkAttributionIn, uow: Uow, limits: CurrentLimits, clock: CurrentClock
) -> BulkAttributionOut:
    """Contributions of up to 50 parts of the portfolio, each as its own request would tell them.

    It reads only. What is wrong with a scope stands in its place; 12 requests a minute.
    """
    await limits.count(BULKS)
    return await attribution_of_many(uow, body, today(clock))


@router.get("/attribution/trades", operation_id="listTradeResults")
async def list_trade_results(
    uow: Uow, scope: AskedSlice, span: WantedSpan, limit: Limit = 20
) -> TradesOut:
    """What each purchase of a span has brought: realized, unrealized, and income of its lots."""
    return await trades_of(uow, scope, span, limit)
