"""Bodies of risk."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from truenav.features.risk.conventions_schemas import RiskConventionsOut
from truenav.features.valuation.schemas import SliceOut, is_none
from truenav.platform.wire import Body, CurrencyCode, DecimalText


class InputOut(Body):
    """One number a figure was worked out from."""

    name: str
    value: DecimalText


class MetricOut(Body):
    """A figure with its formula and inputs; null with a reason. `unit` says how to print it."""

    name: str
    value: DecimalText | None
    reason: str | None
    unit: Literal["ratio", "number"]
    formula: str
    return_count: int
    first_date: date | None
    last_date: date | None
    inputs: list[InputOut]


class FallOut(Body):
    """The worst fall of the return index; `recovery_date` is null until it is made good."""

    ratio: DecimalText | None
    reason: str | None
    peak_date: date | None
    trough_date: date | None
    recovery_date: date | None
    days_down: int | None
    days_to_recover: int | None


class BenchmarkOut(Body):
    """In the currency of the scope, by its `basis`; returns of the days both have."""

    benchmark_id: UUID
    symbol: str
    name: str
    basis: Literal["total", "price", "mixed", "index"]
    return_count: int
    first_date: date | None
    last_date: date | None


class TailOut(Body):
    """Returns of one day, a loss negative; `least_count` returns are needed unless asked."""

    window: int
    return_count: int
    least_count: int
    first_date: date | None
    last_date: date | None
    value_at_risk: DecimalText | None
    expected_shortfall: DecimalText | None
    parametric: DecimalText | None
    reason: str | None


class BinOut(Body):
    """Returns from one edge up to the next; the last bin includes its upper edge."""

    from_ratio: DecimalText
    to_ratio: DecimalText
    count: int


class WorstDayOut(Body):
    as_of: date
    return_ratio: DecimalText


class RollingPointOut(Body):
    """Of the window that ends on the day; beta only where the benchmark has the day, too."""

    as_of: date
    volatility: DecimalText | None
    sharpe: DecimalText | None
    value_at_risk: DecimalText | None
    beta: DecimalText | None


class CorrelatedOut(Body):
    instrument_id: UUID
    symbol: str
    name: str


class CorrelationsOut(Body):
    """Rows and columns in the order of `items`: alike ones beside each other."""

    items: list[CorrelatedOut]
    rows: list[list[DecimalText | None]]
    return_count: int
    first_date: date | None
    last_date: date | None
    reason: str | None


class RiskOut(Body):
    """Every figure is of the time-weighted returns of days with a price of their own."""

    currency: CurrencyCode
    from_date: date | None
    to_date: date | None
    return_count: int
    frequency: str
    periods_per_year: int | None
    broken_on: date | None
    broken_reason: str | None
    risk_free_source: Literal["given", "treasury_bill"]
    risk_free_ratio: DecimalText | None
    confidence_ratio: DecimalText
    method: str
    window: int
    calculation_version: str
    slice: SliceOut
    metrics: list[MetricOut]
    max_drawdown: FallOut
    benchmark: BenchmarkOut | None
    past_tail: TailOut
    held_tail: TailOut
    histogram: list[BinOut]
    worst_days: list[WorstDayOut]
    rolling: list[RollingPointOut]
    is_decimated: bool
    correlations: CorrelationsOut
    # not told of what was kept before: its answer stays as it is
    conventions: RiskConventionsOut | None = Field(exclude_if=is_none)
    is_recomputing: bool
