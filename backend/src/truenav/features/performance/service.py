"""Returns of a span from stored snapshots, as the settings of a request ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from truenav.core.money import exact, to_decimal_places
from truenav.core.performance import mwrr_2026_1, twrr, twrr_2026_1, twrr_2026_2
from truenav.core.performance.drawdown import drawdowns, max_drawdown
from truenav.core.performance.flows import Costs
from truenav.core.performance.mwrr import VERSION as MWRR
from truenav.core.performance.mwrr import Mwrr, xirr
from truenav.core.performance.twrr import ReturnIndex, annualized, modified_dietz
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.decimation import Thinning, decimate
from truenav.features.performance.costs import costs_by_day
from truenav.features.performance.schemas import (
    BenchmarkOut,
    ConventionsOut,
    DrawdownOut,
    PerformanceOut,
    ReturnOut,
    ReturnPointOut,
    SubPeriodOut,
)
from truenav.features.performance.wanted import Wanted, refuse_unknown_conventions
from truenav.features.valuation import repository
from truenav.features.valuation.holdings import total
from truenav.features.valuation.schemas import SliceOut
from truenav.features.valuation.series import Scope, nav_series
from truenav.platform.unit_of_work import UnitOfWork

PLACES = 10
# of the digits a figure on the wire may have before its point
TOO_LARGE = Decimal("1E20")
TOLD_UP_TO = Decimal(1_000_000)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSpan:
    """What every figure of a span follows from: values and flows of each day, and costs."""

    currency: str
    slice: SliceOut
    as_of: date
    wanted: Wanted
    points: Sequence[SeriesPoint]
    costs: Sequence[Decimal | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A span with the index of its time-weighted return."""

    given: GivenSpan
    index: ReturnIndex
    is_recomputing: bool = False

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(self.given.points)

    @property
    def wanted(self) -> Wanted:
        """As it was asked."""
        return self.given.wanted


@dataclass(frozen=True, slots=True)
class Compared:
    """A benchmark's ratio on each day of a span, and what is told of it."""

    ratios: Sequence[Decimal | None]
    told: BenchmarkOut


async def given_span(uow: UnitOfWork, scope: Scope, wanted: Wanted) -> GivenSpan:
    """What the figures of a span up to the day of the scope are worked out from."""
    points = await nav_series(uow, scope, *wanted.days(scope.as_of))
    return await given_points(uow, scope, wanted, points)


async def given_points(
    uow: UnitOfWork, scope: Scope, wanted: Wanted, points: Sequence[SeriesPoint]
) -> GivenSpan:
    """The same of values and flows that were read.

    Raises:
        NotOfThatVersion: of a slice, in a version that knew none.
    """
    wanted = wanted_of(wanted, scope)
    return GivenSpan(
        currency=scope.currency,
        slice=scope.told,
        as_of=scope.as_of,
        wanted=wanted,
        points=points,
        costs=await costs_by_day(uow, scope, points, wanted) if points else None,
    )


def wanted_of(wanted: Wanted, scope: Scope) -> Wanted:
    """How a scope wants its returns: a slice has its own flow timing.

    Raises:
        NotOfThatVersion: of a slice, in a version that knew none.
    """
    found = replace(wanted, is_slice=scope.of is not None)
    refuse_unknown_conventions(found)
    return found


def measured_of(given: GivenSpan) -> Measured:
    """The same with its index; of nothing but what is given."""
    return Measured(given=given, index=index_of(given.points, given.wanted, given.costs))


async def measured(uow: UnitOfWork, scope: Scope, wanted: Wanted) -> Measured:
    """The index of the span asked for, for pages that nobody keeps."""
    given = await given_span(uow, scope, wanted)
    busy = await repository.is_recomputing(uow.session)
    return replace(measured_of(given), is_recomputing=busy)


def index_of(
    points: Sequence[SeriesPoint], wanted: Wanted, costs: Sequence[Decimal | None] | None
) -> ReturnIndex:
    """Days linked as asked."""
    days = [point.as_of for point in points]
    values = [point.nav for point in points]
    flows = [point.external_flow for point in points]
    if wanted.calculation_version == twrr_2026_1.VERSION.number:
        return twrr_2026_1.return_index(days, values, flows, wanted.flow_timing)
    is_older = wanted.calculation_version == twrr_2026_2.VERSION.number
    return_index = twrr_2026_2.return_index if is_older else twrr.return_index
    turned = [point.turned for point in points] if wanted.is_slice else None
    return return_index(days, values, flows, wanted.flow_timing, wanted.gaps, costs, turned)


def performance_of(
    found: Measured, compared: Compared | None, max_points: int, thinning: Thinning = "extremes"
) -> PerformanceOut:
    """Both returns, the fall, and the series a chart draws."""
    span, growth, wanted = found.span, found.index.growth, found.wanted
    falls = drawdowns(growth)
    net_flows = total([amount for _, amount in span.flows])
    beside = compared.ratios if compared else (None,) * len(growth)
    drawn = [growth, falls, beside] if compared else [growth, falls]
    kept = decimate(drawn, max_points, thinning)
    return PerformanceOut(
        currency=found.given.currency,
        as_of=found.given.as_of,
        from_date=span.points[0].as_of if span.points else None,
        to_date=span.points[-1].as_of if span.points else None,
        day_count=span.day_count,
        flow_timing=wanted.timing_name,
        opening_nav=rounded(span.opening),
        closing_nav=rounded(span.closing),
        net_flows=rounded(net_flows),
        gain=rounded(gain_of(span, net_flows)),
        time_weighted=time_weighted(found, span.day_count),
        money_weighted=money_weighted(span, wanted),
        max_drawdown=drawdown_told(found.index.days, found.index.growth),
        items=[
            ReturnPointOut(
                as_of=span.points[i].as_of,
                return_ratio=rounded(_return(growth[i])),
                drawdown_ratio=rounded(falls[i]),
                benchmark_ratio=rounded(beside[i]),
            )
            for i in kept
        ],
        benchmark=compared.told if compared else None,
        conventions=conventions(found.index, wanted),
        slice=found.given.slice,
        is_decimated=len(kept) < len(span.points),
        is_recomputing=found.is_recomputing,
    )


def conventions(index: ReturnIndex, wanted: Wanted) -> ConventionsOut:
    """How the figures were made, and where the chain differs from how it was asked."""
    return ConventionsOut(
        flow_timing=wanted.timing_name,
        gaps=wanted.gaps.value,
        fees=wanted.fees.value,
        taxes=wanted.taxes.value,
        day_count="actual/365",
        annualized_from_days=365,
        broken_on=index.broken_on,
        broken_reason=index.reason,
        sub_periods=[
            SubPeriodOut(from_date=part.since, to_date=part.until, method=part.method)
            for part in index.methods
        ],
        calculation_version=wanted.calculation_version,
    )


def rounded(value: Decimal | None) -> Decimal | None:
    """A figure at the places of the wire; None of one too large to be told."""
    if value is None or abs(value) >= TOO_LARGE:
        return None
    return to_decimal_places(value, PLACES)


def why_untold(value: Decimal | None) -> str | None:
    """Why a figure that is known is not told; None of one that is told, or not known."""
    return "out_of_range" if value is not None and rounded(value) is None else None


@exact
def _return(growth: Decimal | None) -> Decimal | None:
    return None if growth is None else growth - 1


@exact
def gain_of(span: Span, net_flows: Decimal | None) -> Decimal | None:
    """What a span earned; None when an end or a flow of it is unknown."""
    if span.opening is None or span.closing is None or net_flows is None:
        return None
    return span.closing - span.opening - net_flows


def time_weighted(found: Measured, day_count: int) -> ReturnOut:
    """What the chain ends with, or why it ends with nothing."""
    index = found.index
    ratio, reason = index.total, index.why_none
    if why_untold(ratio) is not None:
        ratio, reason = None, why_untold(ratio)
    return ReturnOut(
        ratio=rounded(ratio),
        annualized_ratio=rounded(annualized(ratio, day_count)) if ratio is not None else None,
        status="ok" if ratio is not None else "unknown",
        reason=reason,
        method="daily linking",
        calculation_version=found.wanted.calculation_version,
    )


@exact
def money_weighted(span: Span, wanted: Wanted) -> ReturnOut:
    """The investor's side: the opening value and deposits are paid in, the closing value is got."""
    reason = why_not_solved(span, wanted)
    if reason is not None:
        return unknown_return(reason, wanted.rate_version)
    return solved(solved_flows(span, wanted), wanted.rate_version)


def why_not_solved(span: Span, wanted: Wanted) -> str | None:
    """Why no rate is searched; None when one is."""
    if Costs.GROSS in {wanted.fees, wanted.taxes}:
        return "gross_is_time_weighted"
    return why_unknown(span)


@exact
def placed_flows(span: Span, wanted: Wanted) -> list[tuple[int, Decimal]]:
    """(day of the span, amount) of every flow, deposits > 0.

    The opening value stands at the end of its day; a flow at the start of a day stands at the end
    of the day before.
    """
    first = span.points[0].as_of
    return [
        (max((day - first).days - wanted.days_early(amount or ZERO), 0), amount or ZERO)
        for day, amount in span.flows
    ]


@exact
def solved_flows(span: Span, wanted: Wanted) -> Mwrr:
    """The rate at which a span of known values adds up to nothing."""
    if wanted.rate_version == mwrr_2026_1.VERSION.number:
        return mwrr_2026_1.xirr(*asked_flows(span, wanted))
    return xirr(*asked_flows(span, wanted))


@exact
def asked_flows(span: Span, wanted: Wanted) -> tuple[list[tuple[date, Decimal]], Decimal | None]:
    """Flows from the investor's side of a span of known values, and a guess at their return."""
    opening, closing = span.opening or ZERO, span.closing or ZERO
    first, last = span.points[0].as_of, span.points[-1].as_of
    dated = placed_flows(span, wanted)
    flows = [(first, -opening), (last, closing)]
    flows += [(date.fromordinal(first.toordinal() + place), -amount) for place, amount in dated]
    guess = modified_dietz(opening, closing, dated, span.day_count) if span.day_count else None
    return flows, guess


def why_unknown(span: Span) -> str | None:
    """Why no money-weighted return can be worked out; None when one can."""
    if not span.points:
        return "no_capital"
    if span.opening is None or span.closing is None:
        return "value_unknown"
    if any(amount is None for _, amount in span.flows):
        return "value_unknown"
    return None


def unknown_return(reason: str, version: str = MWRR.number) -> ReturnOut:
    """No money-weighted return, and why."""
    return ReturnOut(
        ratio=None,
        annualized_ratio=None,
        status="unknown",
        reason=reason,
        method="XIRR",
        calculation_version=version,
    )


def solved(found: Mwrr, version: str = MWRR.number) -> ReturnOut:
    """What the search found, other rates in words."""
    reasons = {
        "no_solution": "no rate makes these flows add up",
        "several_solutions": "several rates solve it: "
        + ", ".join(_percent(root) for root in found.roots),
    }
    reason = why_untold(found.period_ratio)
    if reason is not None:
        return unknown_return(reason, version)
    return ReturnOut(
        ratio=rounded(found.period_ratio),
        annualized_ratio=rounded(found.annualized_ratio),
        status=found.status.value,
        reason=reasons.get(found.status.value),
        method="XIRR, actual/365",
        calculation_version=version,
    )


def _percent(root: Decimal) -> str:
    """A yearly rate in words: of a few days it can have hundreds of digits, which tell nothing."""
    if root > TOLD_UP_TO:
        return f"more than {TOLD_UP_TO * 100:,} %"
    return f"{to_decimal_places(root * 100, 2)} %"


def drawdown_told(days: Sequence[date], growth: Sequence[Decimal | None]) -> DrawdownOut:
    """The worst fall of a series that grew from 1."""
    found = max_drawdown(days, growth)
    return DrawdownOut(
        ratio=rounded(found.ratio) if found else None,
        peak_date=found.peak_date if found else None,
        trough_date=found.trough_date if found else None,
        recovery_date=found.recovery_date if found else None,
    )
