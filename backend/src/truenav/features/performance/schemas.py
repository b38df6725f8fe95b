"""Bodies of returns."""

from datetime import date
from typing import Literal

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


class DrawdownOut(Body):
    ratio: DecimalText | None
    peak_date: date | None
    trough_date: date | None
    recovery_date: date | None


class PerformanceOut(Body):
    """Flows are counted at the start of their day, for both returns alike."""

    currency: CurrencyCode
    from_date: date | None
    to_date: date | None
    day_count: int
    flow_timing: Literal["start_of_day", "end_of_day"]
    opening_nav: DecimalText | None
    closing_nav: DecimalText | None
    net_flows: DecimalText | None
    gain: DecimalText | None
    time_weighted: ReturnOut
    money_weighted: ReturnOut
    max_drawdown: DrawdownOut
    items: list[ReturnPointOut]
    is_decimated: bool
    is_recomputing: bool
