"""Routes of returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query

from truenav.core.money import exact, to_decimal_places
from truenav.core.performance.drawdown import drawdowns, max_drawdown
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.mwrr import Mwrr, xirr
from truenav.core.performance.twrr import ReturnIndex, annualized, modified_dietz, return_index
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.decimation import decimate
from truenav.features.performance.schemas import (
    DrawdownOut,
    PerformanceOut,
    ReturnOut,
    ReturnPointOut,
)
from truenav.features.valuation import repository
from truenav.features.valuation.asked import AskedHistory
from truenav.features.valuation.holdings import total
from truenav.features.valuation.series import nav_series
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.wire import LocalDate

router = APIRouter(prefix="/api/v1", tags=["performance"], responses=GUARDED)
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
MaxPoints = Annotated[int, Query(ge=3, le=10_000)]
PLACES = 10
VERSION = "2026.1"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Span:
    """The days asked for. The first point's own flow lies before the span: its NAV holds it."""

    points: Sequence[SeriesPoint]

    @property
    def opening(self) -> Decimal | None:
        """NAV the span begins with."""
        return self.points[0].nav if self.points else None

    @property
    def closing(self) -> Decimal | None:
        """NAV the span ends with."""
        return self.points[-1].nav if self.points else None

    @property
    def day_count(self) -> int:
        """Calendar days from the first point to the last."""
        return (self.points[-1].as_of - self.points[0].as_of).days if self.points else 0

    @property
    def flows(self) -> list[tuple[date, Decimal | None]]:
        """External flows within the span, deposits > 0."""
        return [(p.as_of, p.external_flow) for p in self.points[1:] if p.external_flow != 0]


@router.get("/performance", operation_id="getPerformance")
async def get_performance(
    uow: Uow,
    scope: AskedHistory,
    from_date: From = None,
    to_date: To = None,
    max_points: MaxPoints = 1000,
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY,
) -> PerformanceOut:
    """Time- and money-weighted return of a span, with the same flow timing, and drawdown."""
    span = Span(await nav_series(uow, scope, from_date, to_date))
    index = return_index(
        [point.as_of for point in span.points],
        [point.nav for point in span.points],
        [point.external_flow for point in span.points],
        flow_timing,
    )
    growth = index.growth
    falls = drawdowns(growth)
    kept = decimate(growth, max_points)
    net_flows = total([amount for _, amount in span.flows])
    return PerformanceOut(
        currency=scope.currency,
        from_date=span.points[0].as_of if span.points else None,
        to_date=span.points[-1].as_of if span.points else None,
        day_count=span.day_count,
        flow_timing=flow_timing.value,
        opening_nav=_places(span.opening),
        closing_nav=_places(span.closing),
        net_flows=_places(net_flows),
        gain=_places(_gain(span, net_flows)),
        time_weighted=_time_weighted(index, span.day_count),
        money_weighted=_money_weighted(span, flow_timing),
        max_drawdown=_max_drawdown(index),
        items=[
            ReturnPointOut(
                as_of=span.points[i].as_of,
                return_ratio=_places(_return(growth[i])),
                drawdown_ratio=_places(falls[i]),
            )
            for i in kept
        ],
        is_decimated=len(kept) < len(span.points),
        is_recomputing=await repository.is_recomputing(uow.session),
    )


def _places(value: Decimal | None) -> Decimal | None:
    return None if value is None else to_decimal_places(value, PLACES)


@exact
def _return(growth: Decimal | None) -> Decimal | None:
    return None if growth is None else growth - 1


@exact
def _gain(span: Span, net_flows: Decimal | None) -> Decimal | None:
    if span.opening is None or span.closing is None or net_flows is None:
        return None
    return span.closing - span.opening - net_flows


def _time_weighted(index: ReturnIndex, day_count: int) -> ReturnOut:
    ratio = index.total
    reason = index.reason
    if ratio is None and reason is None:
        reason = "no_capital" if not index.growth or index.growth[-1] is None else None
    return ReturnOut(
        ratio=_places(ratio),
        annualized_ratio=_places(annualized(ratio, day_count)) if ratio is not None else None,
        status="ok" if ratio is not None else "unknown",
        reason=reason,
        method="daily linking",
        calculation_version=VERSION,
    )


@exact
def _money_weighted(span: Span, timing: FlowTiming) -> ReturnOut:
    """The investor's side: the opening value and deposits are paid in, the closing value is got."""
    reason = why_unknown(span)
    if reason is not None or span.opening is None or span.closing is None:
        return _unknown(reason or "value_unknown")
    return _solved(solved_flows(span, timing))


@exact
def placed_flows(span: Span, timing: FlowTiming) -> list[tuple[int, Decimal]]:
    """(day of the span, amount) of every flow, deposits > 0.

    The opening value stands at the end of its day; a flow at the start of a day stands at the end
    of the day before.
    """
    shift = 0 if timing is FlowTiming.END_OF_DAY else 1
    first = span.points[0].as_of
    return [(max((day - first).days - shift, 0), amount or ZERO) for day, amount in span.flows]


@exact
def solved_flows(span: Span, timing: FlowTiming) -> Mwrr:
    """The rate at which a span of known values adds up to nothing."""
    opening, closing = span.opening or ZERO, span.closing or ZERO
    first, last = span.points[0].as_of, span.points[-1].as_of
    dated = placed_flows(span, timing)
    flows = [(first, -opening), (last, closing)]
    flows += [(date.fromordinal(first.toordinal() + place), -amount) for place, amount in dated]
    guess = modified_dietz(opening, closing, dated, span.day_count) if span.day_count else None
    return xirr(flows, guess)


def why_unknown(span: Span) -> str | None:
    """Why no money-weighted return can be worked out; None when one can."""
    if not span.points:
        return "no_capital"
    if span.opening is None or span.closing is None:
        return "value_unknown"
    if any(amount is None for _, amount in span.flows):
        return "value_unknown"
    return None


def _unknown(reason: str) -> ReturnOut:
    return ReturnOut(
        ratio=None,
        annualized_ratio=None,
        status="unknown",
        reason=reason,
        method="XIRR",
        calculation_version=VERSION,
    )


def _solved(found: Mwrr) -> ReturnOut:
    reasons = {
        "no_solution": "no rate makes these flows add up",
        "several_solutions": "several rates solve it: "
        + ", ".join(f"{to_decimal_places(root * 100, 2)} %" for root in found.roots),
    }
    return ReturnOut(
        ratio=_places(found.period_ratio),
        annualized_ratio=_places(found.annualized_ratio),
        status=found.status.value,
        reason=reasons.get(found.status.value),
        method="XIRR, actual/365",
        calculation_version=VERSION,
    )


def _max_drawdown(index: ReturnIndex) -> DrawdownOut:
    found = max_drawdown(index.days, index.growth)
    return DrawdownOut(
        ratio=_places(found.ratio) if found else None,
        peak_date=found.peak_date if found else None,
        trough_date=found.trough_date if found else None,
        recovery_date=found.recovery_date if found else None,
    )
