"""The route that explains attribution: contributions, and effects beside a benchmark."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from truenav.core.performance.flows import FlowTiming
from truenav.features.performance.attribution_groups import Grouped
from truenav.features.performance.attribution_schemas import By
from truenav.features.performance.blends import Blended, Other, asked_other
from truenav.features.performance.explain_attribution import (
    AttributionAsked,
    AttributionFigure,
    explain_attribution,
)
from truenav.features.performance.explain_trades import TradeFigure, explain_trade
from truenav.features.performance.wanted import From, Timing, To, Unfolded, Wanted
from truenav.features.valuation.asked import AskedNames, AskedSlice, KnownOn
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut, carried

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of a figure is unfolded."""

    key: str | None
    part: str | None
    part_account_id: UUID | None
    period: str | None


def narrowed(
    key: Annotated[str | None, Query(max_length=60, description="The group")] = None,
    part: Annotated[
        str | None, Query(max_length=60, description="An instrument or a currency of the group")
    ] = None,
    part_account_id: Annotated[UUID | None, Query(description="In which account")] = None,
    period: Unfolded = None,
) -> Narrowed:
    """A group, a segment of it in an account, a year or a month."""
    return Narrowed(key, part, part_account_id, period)


def wanted(
    from_date: From = None, to_date: To = None, flow_timing: Timing = FlowTiming.START_OF_DAY
) -> Wanted:
    """The span and its timing."""
    return Wanted(from_date=from_date, to_date=to_date, flow_timing=flow_timing)


@router.get("/attribution", operation_id="explainAttribution")
async def attribution(  # query parameters are arguments
    uow: Uow,
    scope: AskedSlice,
    ways: AskedNames,
    figure: AttributionFigure,
    span: Annotated[Wanted, Depends(wanted)],
    narrow: Annotated[Narrowed, Depends(narrowed)],
    other: Annotated[Other | None, Depends(asked_other)],
    blended: Blended = None,
    by: Annotated[By, Query(description="What the groups are")] = "instrument",
    taxonomy_id: UUID | None = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """A contribution as prices, rates and both, day by day; an effect as weights and returns."""
    asked = AttributionAsked(
        figure=figure,
        grouped=Grouped(by, taxonomy_id),
        wanted=span,
        other=other,
        blended=tuple(blended or ()),
        ways=ways,
        key=narrow.key,
        part=narrow.part,
        part_account_id=narrow.part_account_id,
        period=narrow.period,
    )
    return carried(await explain_attribution(uow, scope, asked), as_known_on=as_known_on)


@router.get("/attribution/trade", operation_id="explainTradeResult")
async def trade(  # query parameters are arguments
    uow: Uow,
    scope: AskedSlice,
    ways: AskedNames,
    transaction_id: UUID,
    figure: TradeFigure = "total",
    to_date: To = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """What a purchase has brought: lots closed and held, and its part of the income."""
    found = await explain_trade(uow, scope, Wanted(to_date=to_date), (transaction_id, figure), ways)
    return carried(found, as_known_on=as_known_on)
