"""The route that explains risk."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from truenav.core.explanation import RATIO, unknown
from truenav.core.performance.flows import FlowTiming, Gaps
from truenav.features.performance.explain_returns import ReturnAsked, ReturnFigure, explain_return
from truenav.features.performance.service import measured, performance_of
from truenav.features.performance.wanted import From, To, Unfolded, Wanted
from truenav.features.risk.asked import Asked, asked
from truenav.features.risk.explaining import RiskAsked, RiskFigure, explain_risk
from truenav.features.risk.given import given_risk
from truenav.features.valuation.asked import AskedNames, AskedSlice, KnownOn, Names
from truenav.features.valuation.series import Scope
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut, carried, explanation

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)
FEW = 3  # points of windows: they are not explained
OF_RETURNS: dict[str, ReturnFigure] = {
    "annual_return": "time_weighted_yearly", "max_drawdown": "max_drawdown",
}  # fmt: skip


@router.get("/risk", operation_id="explainRisk")
async def risk(  # query parameters are arguments
    uow: Uow,
    scope: AskedSlice,
    ways: AskedNames,
    how: Annotated[Asked, Depends(asked)],
    figure: RiskFigure,
    of: Annotated[
        Literal["past", "held"], Query(description="Of tails: the past, or what is held today")
    ] = "past",
    from_date: From = None,
    to_date: To = None,
    benchmark_id: UUID | None = None,
    part: Annotated[
        str | None, Query(pattern="^[a-z_]{1,30}$", description="Which of its sums is unfolded")
    ] = None,
    period: Unfolded = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """A figure of risk as sums over returns, each with the days it is made of."""
    of_returns = OF_RETURNS.get(figure)
    if of_returns is not None:
        wanted = Wanted(
            from_date=from_date, to_date=to_date, flow_timing=how.flow_timing, gaps=how.gaps
        )
        found = await _of_returns(uow, scope, ways, wanted, of_returns)
        return carried(found, as_known_on=as_known_on)
    given = await given_risk(uow, scope, how, (from_date, to_date), benchmark_id, FEW)
    one = RiskAsked(
        figure=figure,
        of=of,
        part=part,
        period=period,
        ways=ways,
        settings=_settings(how, (from_date, to_date), benchmark_id),
        linked=_linked(how),
    )
    # a long history takes a while, and others wait for the loop
    return carried(await asyncio.to_thread(explain_risk, given, one), as_known_on=as_known_on)


async def _of_returns(
    uow: Uow,
    scope: Scope,
    ways: Names,
    wanted: Wanted,
    figure: ReturnFigure,
) -> ExplanationOut:
    """A figure the page of returns has, too, and explains."""
    of_span = await measured(uow, scope, wanted)
    if not of_span.span.points:
        return explanation(None, unknown("Return", RATIO, "no_capital"))
    page = performance_of(of_span, None, FEW)
    return explain_return(ReturnAsked(found=of_span, ways=ways), figure, page)


def _settings(
    how: Asked, span: tuple[date | None, date | None], benchmark_id: UUID | None
) -> dict[str, object]:
    """The page's own settings, for the ways on."""
    return {
        "confidence": how.confidence, "method": how.method, "window": how.window,
        "risk_free_ratio": f"{how.rate:f}" if how.rate != Decimal(0) else None,
        "risk_free_source": how.source, "allow_few": "true" if how.is_small_allowed else None,
        "from": span[0], "to": span[1], "benchmark_id": benchmark_id, **_linked(how),
    }  # fmt: skip


def _linked(how: Asked) -> dict[str, object]:
    """How returns are linked, where it is not as usual."""
    is_usual = how.flow_timing is FlowTiming.START_OF_DAY, how.gaps is Gaps.BREAK
    return {
        "flow_timing": None if is_usual[0] else how.flow_timing.value,
        "gaps": None if is_usual[1] else how.gaps.value,
    }
