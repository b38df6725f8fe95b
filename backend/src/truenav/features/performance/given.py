"""A page of returns in two halves: what it is worked out from, and the pure working out.

What is given can be kept: the same given and the same version make the same answer, whenever.
"""

from dataclasses import dataclass
from uuid import UUID

from truenav.core.valuation.decimation import Thinning
from truenav.features.performance.benchmark import Against, against, compared
from truenav.features.performance.benchmarks_schemas import Basis
from truenav.features.performance.schemas import PerformanceOut
from truenav.features.performance.service import (
    GivenSpan,
    given_span,
    measured_of,
    performance_of,
)
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReturns(GivenSpan):
    """A span, and a benchmark where one was asked for."""

    benchmark: Against | None
    max_points: int
    thinning: Thinning = "triangles"


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
    span = await given_span(uow, scope, wanted)
    return GivenReturns(
        currency=span.currency,
        slice=span.slice,
        as_of=span.as_of,
        wanted=span.wanted,
        points=span.points,
        costs=span.costs,
        benchmark=await against(uow, scope, span.points, *benchmark),
        max_points=max_points,
        thinning="extremes",
    )


def returns_of(given: GivenReturns) -> PerformanceOut:
    """The page of returns."""
    found = measured_of(given)
    return performance_of(found, compared(found, given.benchmark), given.max_points, given.thinning)
