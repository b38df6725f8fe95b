"""The route that explains returns: linked days, flows and their worth, the worst fall."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import TypeAdapter

from truenav.core.explanation import RATIO, unknown
from truenav.core.performance.flows import Costs, FlowTiming, Gaps
from truenav.features.performance.explain_costs import explain_costs
from truenav.features.performance.explain_returns import ReturnAsked, ReturnFigure, explain_return
from truenav.features.performance.service import measured, performance_of
from truenav.features.performance.wanted import (
    Bridged,
    Fees,
    From,
    Taxes,
    Timing,
    To,
    Unfolded,
    Wanted,
)
from truenav.features.valuation.asked import AskedNames, AskedSlice, KnownOn
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut, carried, explanation
from truenav.platform.problems import InvalidFields
from truenav.platform.wire import AskedDay

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)
MAX_POINTS = 1000
ASKED_DAY: TypeAdapter[date] = TypeAdapter(AskedDay)


def asked_returns(
    from_date: From = None,
    to_date: To = None,
    flow_timing: Timing = FlowTiming.START_OF_DAY,
    gaps: Bridged = Gaps.BREAK,
    fees: Fees = Costs.NET,
    taxes: Taxes = Costs.NET,
) -> Wanted:
    """A span and its conventions, as the newest version means them."""
    return Wanted(
        from_date=from_date, to_date=to_date, flow_timing=flow_timing, gaps=gaps, fees=fees,
        taxes=taxes,
    )  # fmt: skip


@router.get("/performance", operation_id="explainPerformance")
async def performance(  # query parameters are arguments
    uow: Uow,
    scope: AskedSlice,
    ways: AskedNames,
    figure: ReturnFigure,
    wanted: Annotated[Wanted, Depends(asked_returns)],
    period: Unfolded = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """A return as linked days (a `period` unfolds a year or a month of it), or as flows.

    `costs` are those of one day, named as the period.
    """
    if figure == "costs":
        found = await explain_costs(uow, scope, wanted, _day(period))
        return carried(found, as_known_on=as_known_on)
    if period is not None and figure != "time_weighted":
        raise InvalidFields([("/query/period", "this figure has no periods within")])
    of_span = await measured(uow, scope, wanted)
    if not of_span.span.points:
        return explanation(None, unknown("Return", RATIO, "no_capital"))
    asked = ReturnAsked(found=of_span, ways=ways, period=period)
    page = performance_of(of_span, None, MAX_POINTS)
    return carried(explain_return(asked, figure, page), as_known_on=as_known_on)


def _day(period: str | None) -> date:
    try:
        return ASKED_DAY.validate_python(date.fromisoformat(period or ""))
    except ValueError as error:
        raise InvalidFields([("/query/period", "name the day")]) from error
