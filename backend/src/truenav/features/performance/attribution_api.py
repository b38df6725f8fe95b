"""Routes of attribution."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from truenav.core.performance.flows import FlowTiming
from truenav.features.performance.attribution import attribution_of
from truenav.features.performance.attribution_given import Grouped
from truenav.features.performance.attribution_schemas import AttributionOut, By, TradesOut
from truenav.features.performance.attribution_trades import trades_of
from truenav.features.performance.blends import Blend, asked_blend
from truenav.features.performance.wanted import Timing, Wanted, WantedSpan
from truenav.features.valuation.asked import AskedSlice
from truenav.platform.dependencies import GUARDED, Uow

router = APIRouter(prefix="/api/v1", tags=["performance"], responses=GUARDED)
Limit = Annotated[int, Query(ge=1, le=200, description="Of the best, and of the worst")]


@router.get("/attribution", operation_id="getAttribution")
async def get_attribution(
    uow: Uow,
    scope: AskedSlice,
    span: WantedSpan,
    blend: Annotated[Blend | None, Depends(asked_blend)],
    by: Annotated[By, Query(description="What the groups are")] = "instrument",
    taxonomy_id: Annotated[
        UUID | None, Query(description="Its top categories are the groups when `by=taxonomy`")
    ] = None,
    flow_timing: Timing = FlowTiming.START_OF_DAY,
) -> AttributionOut:
    """What each group added to the return, in its own currency and by exchange rates."""
    wanted = Wanted(
        from_date=span.from_date, to_date=span.to_date, period=span.period,
        flow_timing=flow_timing,
    )  # fmt: skip
    return await attribution_of(uow, scope, wanted, Grouped(by, taxonomy_id), blend)


@router.get("/attribution/trades", operation_id="listTradeResults")
async def list_trade_results(
    uow: Uow, scope: AskedSlice, span: WantedSpan, limit: Limit = 20
) -> TradesOut:
    """What each purchase of a span has brought: realized, unrealized, and income of its lots."""
    return await trades_of(uow, scope, span, limit)
