"""A benchmark beside a portfolio, and the same money put into it, over the same days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from truenav.core.money import exact, to_decimal_places
from truenav.core.performance.benchmark import SameFlows, growth_since, same_flows
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.mwrr import xirr
from truenav.core.performance.twrr import annualized
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.features.performance.benchmark_levels import benchmark_levels
from truenav.features.performance.benchmarks import Benchmark, BlendBasis, find_benchmark
from truenav.features.performance.benchmarks_schemas import Basis
from truenav.features.performance.schemas import BenchmarkOut
from truenav.features.performance.service import Compared, Measured
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

PLACES = 10
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Against:
    """A benchmark's levels on the days of a span, in the currency of the scope."""

    benchmark_id: UUID
    symbol: str
    name: str
    basis: BlendBasis
    levels: Sequence[Decimal | None]
    reason: str | None


async def against(  # a scope, which of its days, beside what
    uow: UnitOfWork,
    scope: Scope,
    points: Sequence[SeriesPoint],
    benchmark_id: UUID | None,
    basis: Basis = "total",
) -> Against | None:
    """What a comparison is worked out from; None when no benchmark is named.

    Raises:
        NotFound: no such benchmark.
    """
    if benchmark_id is None:
        return None
    return await levelled(uow, scope, points, await find_benchmark(uow, benchmark_id, basis))


async def levelled(
    uow: UnitOfWork, scope: Scope, points: Sequence[SeriesPoint], benchmark: Benchmark
) -> Against:
    """The same of a benchmark that was found."""
    days = [point.as_of for point in points]
    found = await benchmark_levels(uow, benchmark, scope.currency, days)
    return Against(
        benchmark.id, benchmark.symbol, benchmark.name, benchmark.basis, found.values, found.reason
    )


def compared(found: Measured, other: Against | None) -> Compared | None:
    """The comparison itself."""
    if other is None:
        return None
    ratios = growth_since(other.levels, found.index.growth)
    return Compared(ratios, _told(other, found.wanted, found.span.points, ratios))


def _told(
    other: Against,
    wanted: Wanted,
    points: Sequence[SeriesPoint],
    ratios: Sequence[Decimal | None],
) -> BenchmarkOut:
    ratio = ratios[-1] if ratios else None
    days = (points[-1].as_of - points[0].as_of).days if points else 0
    same = _same_money(wanted, points, other.levels)
    return BenchmarkOut(
        benchmark_id=other.benchmark_id,
        symbol=other.symbol,
        name=other.name,
        basis=other.basis,
        ratio=_rounded(ratio),
        annualized_ratio=_rounded(annualized(ratio, days)) if ratio is not None else None,
        reason=None if ratio is not None else other.reason or "price_missing",
        same_flows_closing=_rounded(same.closing),
        same_flows_difference=_rounded(_less(points[-1].nav if points else None, same.closing)),
        same_flows_ratio=_rounded(_earned(wanted, points, same)),
        same_flows_reason=same.reason,
    )


def _same_money(
    wanted: Wanted, points: Sequence[SeriesPoint], levels: Sequence[Decimal | None]
) -> SameFlows:
    if not points or points[0].nav is None or None in [p.external_flow for p in points[1:]]:
        return SameFlows(None, "value_unknown")
    placed = [(bought, amount) for _, bought, amount in trades_of(wanted, points)]
    return same_flows(levels, points[0].nav, placed, FlowTiming.END_OF_DAY)


def trades_of(wanted: Wanted, points: Sequence[SeriesPoint]) -> list[tuple[int, int, Decimal]]:
    """(day of the flow, day at whose close it trades, amount) of each flow, days by place."""
    return [
        (place, max(place - wanted.days_early(point.external_flow), 0), point.external_flow)
        for place, point in enumerate(points[1:], 1)
        if point.external_flow
    ]


@exact
def _earned(wanted: Wanted, points: Sequence[SeriesPoint], same: SameFlows) -> Decimal | None:
    """The money-weighted return of the same flows in the benchmark, of the span."""
    if same.closing is None or not points or points[0].nav is None:
        return None
    first, last = points[0].as_of, points[-1].as_of
    flows = [(first, -points[0].nav), (last, same.closing)]
    flows += [
        (
            max(point.as_of - timedelta(days=wanted.days_early(point.external_flow)), first),
            -point.external_flow,
        )
        for point in points[1:]
        if point.external_flow
    ]
    return xirr(flows).period_ratio


@exact
def grown(ratios: Sequence[Decimal | None]) -> list[Decimal | None]:
    """Growth of 1 from returns since the same day."""
    return [None if ratio is None else ONE + ratio for ratio in ratios]


@exact
def excess_of(own: Decimal | None, other: Decimal | None) -> Decimal | None:
    """A portfolio's return less a benchmark's, both as they are told; > 0 is better than it."""
    return _rounded(_less(own, other))


@exact
def _less(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left - right if left is not None and right is not None else None


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else to_decimal_places(value, PLACES)
