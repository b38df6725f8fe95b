"""The routes that explain risk: figures, points of windows, bars of the histogram, pairs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from truenav.core.explanation import RATIO, unknown
from truenav.core.performance.flows import FlowTiming, Gaps
from truenav.features.performance.explain_returns import ReturnAsked, ReturnFigure, explain_return
from truenav.features.performance.service import measured, performance_of
from truenav.features.performance.wanted import From, To, Unfolded, Wanted
from truenav.features.risk.asked import Asked, asked
from truenav.features.risk.explain_asked import RiskAsked, RiskFigure
from truenav.features.risk.explain_pairs import explain_pair
from truenav.features.risk.explain_points import RollingFigure, explain_bar, explain_window
from truenav.features.risk.explaining import Of, explain_risk
from truenav.features.risk.given import GivenRisk, given_risk
from truenav.features.valuation.asked import AskedNames, AskedSlice, KnownOn, Names
from truenav.features.valuation.series import Scope
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut, carried, explanation
from truenav.platform.wire import AskedDay

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)
FEW = 3  # points of windows where none is explained
EVERY = 1_000_000
OF_RETURNS: dict[str, ReturnFigure] = {
    "annual_return": "time_weighted_yearly", "max_drawdown": "max_drawdown",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page of risk a request asks about, and the part of a sum it wants told."""

    scope: Scope
    ways: Names
    how: Asked
    span: tuple[date | None, date | None]
    benchmark_id: UUID | None
    part: str | None
    period: str | None
    known_on: date | None

    async def explained(
        self,
        uow: Uow,
        explain: Callable[[GivenRisk, RiskAsked], ExplanationOut],
        endpoint: str,
        max_points: int = FEW,
        /,
        **named: object,
    ) -> ExplanationOut:
        """What a function tells of it, aside: a long history takes a while, others wait."""
        given = await given_risk(
            uow, self.scope, self.how, self.span, self.benchmark_id, max_points
        )
        one = RiskAsked(
            endpoint=endpoint, named=named, part=self.part, period=self.period, ways=self.ways,
            settings=self._settings(), linked=linked(self.how),
        )  # fmt: skip
        return self.carried(await asyncio.to_thread(explain, given, one))

    def carried(self, answer: ExplanationOut) -> ExplanationOut:
        """The answer, whose ways on are of the same records."""
        return carried(answer, as_known_on=self.known_on)

    def _settings(self) -> dict[str, object]:
        """The page's own settings, for the ways on."""
        how = self.how
        return {
            "confidence": how.confidence, "method": how.method, "window": how.window,
            "risk_free_ratio": f"{how.rate:f}" if how.rate != Decimal(0) else None,
            "risk_free_source": how.source, "allow_few": "true" if how.is_small_allowed else None,
            "from": self.span[0], "to": self.span[1], "benchmark_id": self.benchmark_id,
            **linked(how),
        }  # fmt: skip


def linked(how: Asked) -> dict[str, object]:
    """How returns are linked, where it is not as usual."""
    is_usual = how.flow_timing is FlowTiming.START_OF_DAY, how.gaps is Gaps.BREAK
    return {
        "flow_timing": None if is_usual[0] else how.flow_timing.value,
        "gaps": None if is_usual[1] else how.gaps.value,
    }


def asked_span(from_date: From = None, to_date: To = None) -> tuple[date | None, date | None]:
    """Between which days."""
    return from_date, to_date


def asked_page(  # query parameters are arguments
    scope: AskedSlice,
    ways: AskedNames,
    how: Annotated[Asked, Depends(asked)],
    span: Annotated[tuple[date | None, date | None], Depends(asked_span)],
    benchmark_id: UUID | None = None,
    part: Annotated[
        str | None, Query(pattern="^[a-z_]{1,30}$", description="Which of its sums is unfolded")
    ] = None,
    period: Unfolded = None,
    as_known_on: KnownOn = None,
) -> Page:
    """The page of risk by its own words."""
    return Page(
        scope=scope, ways=ways, how=how, span=span, benchmark_id=benchmark_id, part=part,
        period=period, known_on=as_known_on,
    )  # fmt: skip


OfPage = Annotated[Page, Depends(asked_page)]


@router.get("/risk", operation_id="explainRisk")
async def risk(
    uow: Uow,
    page: OfPage,
    figure: RiskFigure,
    of: Annotated[Of, Query(description="Of tails: the past, or what is held today")] = "past",
) -> ExplanationOut:
    """A figure of risk as sums over returns, each with the days it is made of."""
    of_returns = OF_RETURNS.get(figure)
    if of_returns is not None:
        return page.carried(await _of_returns(uow, page, of_returns))
    return await page.explained(
        uow, lambda given, one: explain_risk(given, one, figure, of), "risk", figure=figure, of=of
    )


@router.get("/risk/window", operation_id="explainRiskWindow")
async def window(
    uow: Uow,
    page: OfPage,
    figure: RollingFigure,
    on: Annotated[AskedDay, Query(description="The day the window ends on")],
) -> ExplanationOut:
    """A figure of one window, as that of a span of just these returns."""
    return await page.explained(
        uow, lambda given, one: explain_window(given, one, figure, on), "risk/window", EVERY,
        figure=figure, on=on,
    )  # fmt: skip


@router.get("/risk/histogram", operation_id="explainRiskHistogram")
async def histogram(
    uow: Uow,
    page: OfPage,
    bar: Annotated[int, Query(ge=1, le=1000, description="Its number; the lowest returns are 1")],
) -> ExplanationOut:
    """How many returns lie in a bar, which they are, and the days they are of."""
    return await page.explained(
        uow, lambda given, one: explain_bar(given, one, bar), "risk/histogram", bar=bar
    )


@router.get("/risk/correlation", operation_id="explainRiskCorrelation")
async def correlation(uow: Uow, page: OfPage, left_id: UUID, right_id: UUID) -> ExplanationOut:
    """The correlation of two holdings: covariance over both deviations, day by day."""
    return await page.explained(
        uow, lambda given, one: explain_pair(given, one, (left_id, right_id)), "risk/correlation",
        left_id=left_id, right_id=right_id,
    )  # fmt: skip


async def _of_returns(uow: Uow, page: Page, figure: ReturnFigure) -> ExplanationOut:
    """A figure the page of returns has, too, and explains."""
    wanted = Wanted(
        from_date=page.span[0],
        to_date=page.span[1],
        flow_timing=page.how.flow_timing,
        gaps=page.how.gaps,
    )
    of_span = await measured(uow, page.scope, wanted)
    if not of_span.span.points:
        return explanation(None, unknown("Return", RATIO, "no_capital"))
    shown = performance_of(of_span, None, FEW)
    return explain_return(ReturnAsked(found=of_span, ways=page.ways), figure, shown)
