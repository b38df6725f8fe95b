"""A page of returns in two halves: what it is worked out from, and the pure working out.

What is given can be kept: the same given and the same version make the same answer, whenever.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.valuation.consolidation import SeriesPoint
from truenav.features.performance.benchmark import Against, against, compared
from truenav.features.performance.benchmarks_schemas import Basis
from truenav.features.performance.costs import costs_by_day
from truenav.features.performance.schemas import PerformanceOut
from truenav.features.performance.service import Measured, Span, index_of, performance_of
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.schemas import SliceOut
from truenav.features.valuation.series import Scope, nav_series
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReturns:
    """Values and flows of each day in one currency, costs and a benchmark where asked for."""

    currency: str
    slice: SliceOut
    as_of: date
    wanted: Wanted
    points: Sequence[SeriesPoint]
    costs: Sequence[Decimal | None] | None
    benchmark: Against | None
    max_points: int


async def given_returns(
    uow: UnitOfWork,
    scope: Scope,
    wanted: Wanted,
    benchmark: tuple[UUID | None, Basis],
    max_points: int,
) -> GivenReturns:
    """What the returns of a span up to the day of the scope are worked out from.

    Raises:
        NotFound: no such benchmark.
    """
    wanted = replace(wanted, is_slice=scope.of is not None)
    last = min(wanted.to_date or scope.as_of, scope.as_of)
    points = await nav_series(uow, scope, wanted.first_day(scope.as_of), last)
    return GivenReturns(
        currency=scope.currency,
        slice=scope.told,
        as_of=scope.as_of,
        wanted=wanted,
        points=points,
        costs=await costs_by_day(uow, scope, points, wanted) if points else None,
        benchmark=await against(uow, scope, points, *benchmark),
        max_points=max_points,
    )


def returns_of(given: GivenReturns) -> PerformanceOut:
    """The page of returns."""
    found = Measured(
        scope=Scope(accounts=(), currency=given.currency, as_of=given.as_of),
        told=given.slice,
        wanted=given.wanted,
        span=Span(given.points),
        index=index_of(given.points, given.wanted, given.costs),
        costs=given.costs,
        is_recomputing=False,
    )
    return performance_of(found, compared(found, given.benchmark), given.max_points)
