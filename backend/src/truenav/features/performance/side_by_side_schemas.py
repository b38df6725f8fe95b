"""What is asked of several benchmarks at once, and the body that answers it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from truenav.features.performance.benchmarks_schemas import Basis
from truenav.features.performance.schemas import (
    BenchmarkOut,
    ConventionsOut,
    DrawdownOut,
    ReturnOut,
)
from truenav.features.valuation.schemas import SliceOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText

MOST = 50


@dataclass(frozen=True, slots=True)
class AskedBenchmarks:
    """Which of them; none means all that are shared or the portfolio's own."""

    ids: tuple[UUID, ...]
    basis: Basis


def asked_benchmarks(
    benchmark: Annotated[
        list[UUID] | None,
        Query(max_length=MOST, description="Benchmarks or instruments; all benchmarks if none"),
    ] = None,
    benchmark_basis: Annotated[
        Basis, Query(description="Of an instrument: dividends reinvested, or its price alone")
    ] = "total",
) -> AskedBenchmarks:
    """The query's words."""
    return AskedBenchmarks(tuple(benchmark or ()), benchmark_basis)


WantedBenchmarks = Annotated[AskedBenchmarks, Depends(asked_benchmarks)]


class ComparedBenchmarkOut(BenchmarkOut):
    """`excess_ratio` is the portfolio's time-weighted return less the benchmark's own."""

    origin: Literal["shared", "own", "instrument"]
    excess_ratio: DecimalText | None
    annualized_excess_ratio: DecimalText | None
    max_drawdown: DrawdownOut


class SideBySideOut(Body):
    """`calculation_version` is that of the comparison; returns say their own."""

    currency: CurrencyCode
    as_of: date
    from_date: date | None
    to_date: date | None
    day_count: int
    closing_nav: DecimalText | None
    time_weighted: ReturnOut
    money_weighted: ReturnOut
    max_drawdown: DrawdownOut
    items: list[ComparedBenchmarkOut]
    conventions: ConventionsOut
    calculation_version: str
    slice: SliceOut
    is_recomputing: bool
