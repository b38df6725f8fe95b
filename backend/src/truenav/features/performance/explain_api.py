"""The route that explains returns: linked days, flows and their worth, the worst fall."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import TypeAdapter

from truenav.core.explanation import RATIO, unknown
from truenav.core.performance.flows import Costs, FlowTiming, Gaps
from truenav.features.performance.explain_costs import explain_costs
from truenav.features.performance.explain_returns import ReturnAsked, ReturnFigure, explain_return
from truenav.features.performance.explain_within import explain_part, explain_rolling
from truenav.features.performance.months import begun_before
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
    Window,
)
from truenav.features.valuation.asked import AskedNames, AskedSlice, KnownOn, Names
from truenav.features.valuation.series import Scope
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


@dataclass(frozen=True, slots=True)
class Within:
    """A part of the span: between two days, or the months before one."""

    since: date | None
    until: date | None
    on: date | None
    window: int

    def between(self, figure: ReturnFigure) -> tuple[date, date] | None:
        """The two days of a part; None of the whole span.

        Raises:
            InvalidFields: one without the other, or of a figure that has no parts.
        """
        if self.since is None and self.until is None:
            return None
        if self.since is None or self.until is None:
            raise InvalidFields([("/query/since", "name both days, since and until")])
        if figure != "time_weighted":
            raise InvalidFields([("/query/since", "this figure has no parts")])
        return self.since, self.until


def asked_within(
    since: Annotated[
        AskedDay | None, Query(description="Of a part of the span alone: from this day's close")
    ] = None,
    until: Annotated[AskedDay | None, Query(description="To the close of this day")] = None,
    on: Annotated[AskedDay | None, Query(description="The last day of a rolling window")] = None,
    window: Window = 12,
) -> Within:
    """Which part of the span a figure is of."""
    return Within(since, until, on, window)


@router.get("/performance", operation_id="explainPerformance")
async def performance(  # query parameters are arguments
    uow: Uow,
    scope: AskedSlice,
    ways: AskedNames,
    figure: ReturnFigure,
    wanted: Annotated[Wanted, Depends(asked_returns)],
    inside: Annotated[Within, Depends(asked_within)],
    period: Unfolded = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """A return as linked days (a `period` unfolds a year or a month of it), or as flows.

    `costs` are those of one day, named as the period. `since` and `until` name a month or a year
    of the span, whose chain it is told from; `rolling` is of the `window` months before a day.
    """
    if figure == "costs":
        found = await explain_costs(uow, scope, wanted, _day(period))
        return carried(found, as_known_on=as_known_on)
    if period is not None and figure != "time_weighted":
        raise InvalidFields([("/query/period", "this figure has no periods within")])
    part = inside.between(figure)
    if figure == "rolling":
        found = await _rolling(uow, scope, ways, wanted, inside)
        return carried(found, as_known_on=as_known_on)
    of_span = await measured(uow, scope, wanted)
    if not of_span.span.points:
        return explanation(None, unknown("Return", RATIO, "no_capital"))
    asked = ReturnAsked(found=of_span, ways=ways, period=period)
    if part is not None:
        return carried(explain_part(asked, *part), as_known_on=as_known_on)
    page = performance_of(of_span, None, MAX_POINTS)
    return carried(explain_return(asked, figure, page), as_known_on=as_known_on)


async def _rolling(
    uow: Uow, scope: Scope, ways: Names, wanted: Wanted, inside: Within
) -> ExplanationOut:
    if inside.on is None:
        raise InvalidFields([("/query/on", "name the last day of the window")])
    early = begun_before(wanted, wanted.first_day(scope.as_of), inside.window)
    asked = ReturnAsked(found=await measured(uow, scope, early), ways=ways)
    return explain_rolling(asked, inside.window, inside.on)


def _day(period: str | None) -> date:
    try:
        return ASKED_DAY.validate_python(date.fromisoformat(period or ""))
    except ValueError as error:
        raise InvalidFields([("/query/period", "name the day")]) from error
