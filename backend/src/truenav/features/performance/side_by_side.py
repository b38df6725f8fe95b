"""Every benchmark beside a portfolio: the same days, the same money, the same conventions."""

from collections.abc import Sequence

from truenav.core.performance.benchmark import VERSION
from truenav.features.performance.benchmark import compared, excess_of, grown, levelled
from truenav.features.performance.benchmarks import Benchmark, all_benchmarks, find_benchmark
from truenav.features.performance.schemas import BenchmarkOut
from truenav.features.performance.service import (
    Compared,
    Measured,
    conventions,
    drawdown_told,
    measured,
    money_weighted,
    rounded,
    time_weighted,
)
from truenav.features.performance.side_by_side_schemas import (
    AskedBenchmarks,
    ComparedBenchmarkOut,
    SideBySideOut,
)
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork


async def side_by_side(
    uow: UnitOfWork, scope: Scope, wanted: Wanted, asked: AskedBenchmarks
) -> SideBySideOut:
    """The portfolio and each benchmark over the days of a span.

    Raises:
        NotFound: a benchmark asked for is nothing the tenant may know of.
    """
    found = await measured(uow, scope, wanted)
    points = found.span.points
    items = []
    for benchmark in await _of(uow, asked):
        other = compared(found, await levelled(uow, scope, points, benchmark))
        if other is not None:
            items.append(_item(found, other, benchmark))
    return SideBySideOut(
        currency=found.given.currency,
        as_of=found.given.as_of,
        from_date=points[0].as_of if points else None,
        to_date=points[-1].as_of if points else None,
        day_count=found.span.day_count,
        closing_nav=rounded(found.span.closing),
        time_weighted=time_weighted(found, found.span.day_count),
        money_weighted=money_weighted(found.span, found.wanted),
        max_drawdown=drawdown_told(found.index.days, found.index.growth),
        items=items,
        conventions=conventions(found.index, found.wanted),
        calculation_version=VERSION.number,
        slice=found.given.slice,
        is_recomputing=found.is_recomputing,
    )


async def _of(uow: UnitOfWork, asked: AskedBenchmarks) -> Sequence[Benchmark]:
    """Those named, as often as once; all there are to choose from where none is."""
    if not asked.ids:
        return await all_benchmarks(uow)
    return [await find_benchmark(uow, of, asked.basis) for of in dict.fromkeys(asked.ids)]


def _item(found: Measured, other: Compared, benchmark: Benchmark) -> ComparedBenchmarkOut:
    told: BenchmarkOut = other.told
    own = time_weighted(found, found.span.day_count)
    return ComparedBenchmarkOut(
        **told.model_dump(),
        origin=benchmark.origin,
        excess_ratio=excess_of(own.ratio, told.ratio),
        annualized_excess_ratio=excess_of(own.annualized_ratio, told.annualized_ratio),
        max_drawdown=drawdown_told(found.index.days, grown(other.ratios)),
    )
