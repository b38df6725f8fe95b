"""Routes that explain values: NAV, holdings, and the overview's figures."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.features.valuation.asked import AskedPart, AskedSlice, AskedWays
from truenav.features.valuation.explain_moves import explain_moves
from truenav.features.valuation.explain_overview import (
    OverviewAsked,
    OverviewFigure,
    explain_flows,
    explain_nav,
    explain_overview,
)
from truenav.features.valuation.explain_values import (
    HoldingFigure,
    TotalFigure,
    explain_holding,
    explain_total,
    told_of,
)
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut
from truenav.platform.wire import LocalDate

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)
Day = Annotated[LocalDate, Query(description="The day explained")]


@router.get("/holdings", operation_id="explainTotal")
async def total(
    uow: Uow,
    scope: AskedPart,
    ways: AskedWays,
    figure: TotalFigure = "nav",
    as_of: LocalDate | None = None,
) -> ExplanationOut:
    """A total of all holdings: accounts, then units × price × rate, and cash × rate."""
    return ways.carried(explain_total(await told_of(uow, scope, as_of), figure))


@router.get("/holdings/{instrument_id}", operation_id="explainHolding")
async def holding(
    instrument_id: UUID,
    uow: Uow,
    scope: AskedPart,
    ways: AskedWays,
    figure: HoldingFigure = "market_value",
    as_of: LocalDate | None = None,
) -> ExplanationOut:
    """A figure of one holding: its lots, its price and source, its rate."""
    told = await told_of(uow, scope, as_of)
    return ways.carried(explain_holding(told, instrument_id, figure))


@router.get("/overview", operation_id="explainOverview")
async def overview(
    uow: Uow,
    scope: AskedSlice,
    ways: AskedWays,
    figure: OverviewFigure,
    before: LocalDate | None = None,
) -> ExplanationOut:
    """A figure of the overview; `before` goes on with what a long list left out."""
    asked = OverviewAsked(scope=scope, figure=figure, before=before)
    return ways.carried(await explain_overview(uow, asked))


@router.get("/nav", operation_id="explainNav")
async def nav(uow: Uow, scope: AskedSlice, ways: AskedWays, on: Day) -> ExplanationOut:
    """The NAV of a past day, from the records up to it and that day's prices and rates."""
    return ways.carried(await explain_nav(uow, scope, on))


@router.get("/flows", operation_id="explainFlows")
async def flows(uow: Uow, scope: AskedSlice, ways: AskedWays, on: Day) -> ExplanationOut:
    """What was paid in or out on a day, record by record; of a slice, move by move."""
    if scope.of is None:
        return ways.carried(await explain_flows(uow, scope, on))
    return ways.carried(await explain_moves(uow, scope, scope.of, on))
