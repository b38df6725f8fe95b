"""The route that explains a change of value, bar by bar."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.features.performance.explain_change import ChangeAsked, ChangeFigure, explain_change
from truenav.features.performance.wanted import From, To, Unfolded, Wanted
from truenav.features.valuation.asked import AskedNames, AskedSlice, KnownOn
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut, carried

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)


@router.get("/value-change", operation_id="explainValueChange")
async def value_change(  # query parameters are arguments
    uow: Uow,
    scope: AskedSlice,
    ways: AskedNames,
    bar: Annotated[ChangeFigure, Query(description="Of the waterfall, or what all add up to")],
    from_date: From = None,
    to_date: To = None,
    period: Unfolded = None,
    held_id: Annotated[
        UUID | None, Query(description="Of `price_result`: what prices did to this instrument")
    ] = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """A bar as its records, or as what prices and rates did; `period` unfolds a year or a month."""
    asked = ChangeAsked(bar=bar, ways=ways, period=period, held_id=held_id)
    wanted = Wanted(from_date=from_date, to_date=to_date)
    return carried(await explain_change(uow, scope, wanted, asked), as_known_on=as_known_on)
