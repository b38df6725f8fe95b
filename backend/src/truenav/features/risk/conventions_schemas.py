"""Bodies of how figures of risk were made."""

from datetime import date
from typing import Literal

from truenav.platform.wire import Body, CurrencyCode

Measured = Literal["portfolio", "benchmark", "past_tail", "held_tail", "correlations"]


class FormulaOut(Body):
    """How a figure that is no metric is worked out."""

    name: str
    formula: str


class MeasureOut(Body):
    """Which returns a part of the page is of; `window` is null where all of the span count."""

    of: Measured
    frequency: str
    periods_per_year: int | None
    window: int | None
    return_count: int
    first_date: date | None
    last_date: date | None


class RiskConventionsOut(Body):
    """Of a tail: `loss_sign` says that a loss is below zero, `tail_horizon` that of one return.

    `risk_free_currency` is that of the rate; yields of Treasury bills are of US dollars, whatever
    the currency of the page.
    """

    as_of: date
    flow_timing: Literal["start_of_day", "end_of_day", "in_at_start_out_at_end"]
    gaps: Literal["break", "modified_dietz"]
    day_count: str
    annualized_from_days: int
    loss_sign: Literal["negative"]
    tail_horizon: Literal["one_return"]
    quantile_method: str
    risk_free_currency: CurrencyCode
    formulas: list[FormulaOut]
    measures: list[MeasureOut]
