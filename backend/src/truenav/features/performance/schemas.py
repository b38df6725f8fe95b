"""Bodies of returns."""

from datetime import date
from typing import Literal
from uuid import UUID

from truenav.features.valuation.schemas import SliceOut, UnknownOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText


class ReturnOut(Body):
    """A ratio for the whole span; `annualized_ratio` only from one year up; null with a reason."""

    ratio: DecimalText | None
    annualized_ratio: DecimalText | None
    status: Literal["ok", "unknown", "no_solution", "several_solutions"]
    reason: str | None
    method: str
    calculation_version: str


class ReturnPointOut(Body):
    as_of: date
    return_ratio: DecimalText | None
    drawdown_ratio: DecimalText | None
    benchmark_ratio: DecimalText | None


class DrawdownOut(Body):
    ratio: DecimalText | None
    peak_date: date | None
    trough_date: date | None
    recovery_date: date | None


class SubPeriodOut(Body):
    """Days, from one close to another, that were not linked as asked; and how they were."""

    from_date: date
    to_date: date
    method: Literal[
        "modified_dietz", "flow_at_end", "flow_at_start", "total_loss", "without_capital",
        "tiny_capital",
    ]  # fmt: skip


class ConventionsOut(Body):
    """How a return was made. After `broken_on` there is none, for `broken_reason`."""

    flow_timing: Literal["start_of_day", "end_of_day", "in_at_start_out_at_end"]
    gaps: Literal["break", "modified_dietz"]
    fees: Literal["net", "gross"]
    taxes: Literal["net", "gross"]
    day_count: str
    annualized_from_days: int
    broken_on: date | None
    broken_reason: str | None
    sub_periods: list[SubPeriodOut]
    calculation_version: str


class BenchmarkOut(Body):
    """A benchmark over the same days, and what the same money would be worth in it.

    `same_flows_difference` is the portfolio's value less that; > 0 is what it did better.
    """

    benchmark_id: UUID
    symbol: str
    name: str
    basis: Literal["total", "price", "mixed", "index"]
    ratio: DecimalText | None
    annualized_ratio: DecimalText | None
    reason: str | None
    same_flows_closing: DecimalText | None
    same_flows_difference: DecimalText | None
    same_flows_ratio: DecimalText | None
    same_flows_reason: str | None


class PerformanceOut(Body):
    """Flows are counted at the start of their day unless asked otherwise, for both returns."""

    currency: CurrencyCode
    as_of: date
    from_date: date | None
    to_date: date | None
    day_count: int
    flow_timing: Literal["start_of_day", "end_of_day", "in_at_start_out_at_end"]
    opening_nav: DecimalText | None
    closing_nav: DecimalText | None
    net_flows: DecimalText | None
    gain: DecimalText | None
    time_weighted: ReturnOut
    money_weighted: ReturnOut
    max_drawdown: DrawdownOut
    items: list[ReturnPointOut]
    benchmark: BenchmarkOut | None
    slice: SliceOut
    conventions: ConventionsOut
    is_decimated: bool
    is_recomputing: bool


class PartOut(Body):
    """A month or a year, from the close before it; `is_partial` when the span cuts it."""

    month: int
    from_date: date
    to_date: date
    ratio: DecimalText | None
    is_partial: bool
    reason: str | None


class YearOut(Body):
    year: int
    months: list[PartOut]
    whole: PartOut


class MonthlyOut(Body):
    currency: CurrencyCode
    as_of: date
    from_date: date | None
    to_date: date | None
    total: ReturnOut
    years: list[YearOut]
    slice: SliceOut
    conventions: ConventionsOut
    is_recomputing: bool


class RollingPointOut(Body):
    as_of: date
    ratio: DecimalText | None
    annualized_ratio: DecimalText | None


class RollingOut(Body):
    """Returns of the same length, one ending on each day; null with a reason without any."""

    currency: CurrencyCode
    as_of: date
    window_months: int
    observation_count: int
    lowest_ratio: DecimalText | None
    median_ratio: DecimalText | None
    highest_ratio: DecimalText | None
    reason: str | None
    items: list[RollingPointOut]
    slice: SliceOut
    conventions: ConventionsOut
    is_decimated: bool
    is_recomputing: bool


BarName = Literal[
    "deposits", "withdrawals", "realized", "unrealized", "dividends", "interest", "other", "fees",
    "taxes", "fx",
]  # fmt: skip


class BarRecordOut(Body):
    """What one record adds to a bar, at the rate of its day.

    Income that is due counts on its ex-date; what is only declared has no record.
    """

    transaction_id: UUID | None
    day: date
    kind: str
    symbol: str | None
    amount: DecimalText | None
    reason: str | None


class BarOut(Body):
    """One bar, signed as it changes the value; the newest of its records, and how many there are.

    `is_remainder` marks what follows from prices and rates and not from records alone.
    """

    bar: BarName
    amount: DecimalText | None
    reasons: list[str]
    is_remainder: bool
    record_count: int
    records: list[BarRecordOut]


class WaterfallOut(Body):
    """Opening value + every bar = closing value, to the last digit.

    `price_result` is realized + unrealized, known even where the cost of some units is not.
    """

    currency: CurrencyCode
    as_of: date
    from_date: date | None
    to_date: date | None
    opening_nav: DecimalText | None
    closing_nav: DecimalText | None
    price_result: DecimalText | None
    bars: list[BarOut]
    reason: str | None
    slice: SliceOut
    unknowns: list[UnknownOut]
    calculation_version: str
    is_recomputing: bool
