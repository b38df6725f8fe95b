"""Routes of returns."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.core.performance.effects import Bar
from truenav.features.performance.benchmarks_schemas import Basis
from truenav.features.performance.change_parts import bar_records_of, change_parts_of
from truenav.features.performance.change_parts_schemas import BarRecordsOut, ChangePartsOut
from truenav.features.performance.changes import waterfall_of
from truenav.features.performance.given import given_returns, returns_of
from truenav.features.performance.months import begun_before, monthly_of, rolling_of
from truenav.features.performance.schemas import (
    MonthlyOut,
    PerformanceOut,
    RollingOut,
    WaterfallOut,
)
from truenav.features.performance.service import measured
from truenav.features.performance.wanted import WantedReturns, WantedSpan, Window
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.asked import AskedSlice
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.pages import CursorText, Limit

router = APIRouter(prefix="/api/v1", tags=["performance"], responses=GUARDED)
MaxPoints = Annotated[int, Query(ge=3, le=10_000)]
Benchmark = Annotated[
    UUID | None, Query(description="A benchmark to compare with, shared or own, or an instrument")
]
AskedBasis = Annotated[
    Basis,
    Query(description="Of an instrument as a benchmark: dividends reinvested, or its price alone"),
]


@router.get("/performance", operation_id="getPerformance")
async def get_performance(
    uow: Uow,
    scope: AskedSlice,
    wanted: WantedReturns,
    max_points: MaxPoints = 1000,
    benchmark: Benchmark = None,
    benchmark_basis: AskedBasis = "total",
) -> PerformanceOut:
    """Time- and money-weighted return of a span, with the same flow timing, and drawdown."""
    given = await given_returns(uow, scope, wanted, (benchmark, benchmark_basis), max_points)
    busy = await valuation.is_recomputing(uow.session)
    return returns_of(given).model_copy(update={"is_recomputing": busy})


@router.get("/performance/waterfall", operation_id="getValueChange")
async def get_value_change(uow: Uow, scope: AskedSlice, wanted: WantedSpan) -> WaterfallOut:
    """What made the first value into the last: bars that add up, each with its records."""
    return await waterfall_of(uow, scope, wanted)


@router.get("/performance/waterfall/parts", operation_id="getValueChangeParts")
async def get_value_change_parts(uow: Uow, scope: AskedSlice, wanted: WantedSpan) -> ChangePartsOut:
    """What prices did to each instrument, and rates to what was held in each currency."""
    return await change_parts_of(uow, scope, wanted)


@router.get("/performance/waterfall/records", operation_id="listValueChangeRecords")
async def list_value_change_records(
    uow: Uow,
    scope: AskedSlice,
    wanted: WantedSpan,
    bar: Bar,
    cursor: CursorText = None,
    limit: Limit = 100,
) -> BarRecordsOut:
    """Every record of one bar, the newest first; the waterfall itself tells the newest 200."""
    return await bar_records_of(uow, scope, wanted, bar, cursor, limit)


@router.get("/performance/monthly", operation_id="getMonthlyReturns")
async def get_monthly_returns(uow: Uow, scope: AskedSlice, wanted: WantedReturns) -> MonthlyOut:
    """Time-weighted return of every month and year of a span."""
    return monthly_of(await measured(uow, scope, wanted))


@router.get("/performance/rolling", operation_id="getRollingReturns")
async def get_rolling_returns(
    uow: Uow,
    scope: AskedSlice,
    wanted: WantedReturns,
    window: Window = 12,
    max_points: MaxPoints = 1000,
) -> RollingOut:
    """Time-weighted return of the months before each day of a span; they may begin before it."""
    first = wanted.first_day(scope.as_of)
    early = begun_before(wanted, first, window)
    return rolling_of(await measured(uow, scope, early), window, max_points, first)
