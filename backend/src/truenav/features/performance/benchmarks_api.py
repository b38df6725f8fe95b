"""Routes of benchmarks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from truenav.core.errors import ErrorKind
from truenav.features.performance import benchmarks
from truenav.features.performance.benchmarks import Benchmark
from truenav.features.performance.benchmarks_schemas import (
    BenchmarkDefinitionOut,
    BenchmarksOut,
    BlendChangeIn,
    BlendIn,
    BlendPartOut,
)
from truenav.features.performance.side_by_side import side_by_side
from truenav.features.performance.side_by_side_schemas import SideBySideOut, WantedBenchmarks
from truenav.features.performance.wanted import WantedReturns
from truenav.features.valuation.asked import AskedSlice
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.problems import problems

router = APIRouter(prefix="/api/v1/benchmarks", tags=["performance"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
Seen = Annotated[int, Query(ge=1, le=2**31 - 1)]


@router.get("", operation_id="listBenchmarks")
async def list_benchmarks(uow: Uow) -> BenchmarksOut:
    """Shared benchmarks and the portfolio's own blends; any instrument is one, too."""
    return BenchmarksOut(items=[_told(found) for found in await benchmarks.all_benchmarks(uow)])


@router.get("/side-by-side", operation_id="compareWithBenchmarks")
async def compare_with_benchmarks(
    uow: Uow, scope: AskedSlice, wanted: WantedReturns, asked: WantedBenchmarks
) -> SideBySideOut:
    """The portfolio, or a part of it, and each benchmark: the same days, the same money."""
    return await side_by_side(uow, scope, wanted, asked)


@router.post(
    "",
    operation_id="createBenchmark",
    status_code=status.HTTP_201_CREATED,
    responses=CONFLICT,
)
async def create_benchmark(
    body: BlendIn, request: Request, uow: Uow, idempotency_key: IdempotencyKey = None
) -> BenchmarkDefinitionOut:
    """Keep a blend of instruments and published series; prices of its parts are followed."""

    async def act() -> BenchmarkDefinitionOut:
        return _told(await benchmarks.create(uow, body))

    return await once(uow, request, idempotency_key, body, BenchmarkDefinitionOut, act)


@router.get("/{benchmark_id}", operation_id="getBenchmark")
async def get_benchmark(benchmark_id: UUID, uow: Uow) -> BenchmarkDefinitionOut:
    """One of the portfolio's own blends."""
    return _told(await benchmarks.find_own(uow, benchmark_id))


@router.put("/{benchmark_id}", operation_id="updateBenchmark", responses=CONFLICT)
async def update_benchmark(
    benchmark_id: UUID, body: BlendChangeIn, uow: Uow
) -> BenchmarkDefinitionOut:
    """Put another definition in its place; `version` is the one the editor saw."""
    return _told(await benchmarks.change(uow, benchmark_id, body))


@router.delete(
    "/{benchmark_id}",
    operation_id="deleteBenchmark",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)
async def delete_benchmark(benchmark_id: UUID, version: Seen, uow: Uow) -> None:
    """Take a blend out; `version` is that of the one that was seen."""
    await benchmarks.remove(uow, benchmark_id, version)


def _told(found: Benchmark) -> BenchmarkDefinitionOut:
    return BenchmarkDefinitionOut(
        id=found.id,
        name=found.name,
        origin="own" if found.origin == "own" else "shared",
        rebalancing=found.rebalancing,
        spread_ratio=found.spread,
        parts=[
            BlendPartOut(
                instrument_id=part.instrument.id if part.instrument is not None else None,
                symbol=part.instrument.symbol if part.instrument is not None else None,
                currency=part.instrument.currency if part.instrument is not None else None,
                series="CPIAUCSL" if part.series == "CPIAUCSL" else None,
                name=part.name,
                basis=part.basis,
                weight_ratio=part.weight,
            )
            for part in found.parts
        ],
        version=found.version,
    )
