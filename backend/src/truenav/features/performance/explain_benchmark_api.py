"""The route that explains a benchmark beside a portfolio."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.core.explanation import RATIO, unknown
from truenav.features.performance.benchmark import compared
from truenav.features.performance.benchmarks_schemas import Basis
from truenav.features.performance.explain_benchmark import (
    BenchmarkAsked,
    BenchmarkFigure,
    explain_benchmark,
)
from truenav.features.performance.explain_returns import ReturnAsked
from truenav.features.performance.given import given_returns
from truenav.features.performance.service import measured_of
from truenav.features.performance.wanted import WantedReturns
from truenav.features.valuation.asked import AskedNames, AskedSlice, KnownOn
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut, carried, explanation

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)
FEW = 3


@router.get("/benchmarks", operation_id="explainBenchmark")
async def benchmark(  # query parameters are arguments
    uow: Uow,
    scope: AskedSlice,
    ways: AskedNames,
    figure: BenchmarkFigure,
    wanted: WantedReturns,
    benchmark: Annotated[UUID, Query(description="An instrument, or a benchmark of one's own")],
    benchmark_basis: Basis = "total",
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """What a benchmark made over the days of a return, and what the same money became in it."""
    given = await given_returns(uow, scope, wanted, (benchmark, benchmark_basis), FEW)
    found = measured_of(given)
    beside = compared(found, given.benchmark)
    if given.benchmark is None or beside is None or not given.points:
        return explanation(None, unknown("Benchmark", RATIO, "no_capital"))
    asked = BenchmarkAsked(
        beside=ReturnAsked(found=found, ways=ways), other=given.benchmark, compared=beside
    )
    return carried(explain_benchmark(asked, figure), as_known_on=as_known_on)
