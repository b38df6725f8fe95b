"""Bodies of the risk of many parts of the portfolio at once."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from truenav.core.performance.flows import FlowTiming, Gaps
from truenav.core.risk.tails import Quantile
from truenav.features.performance.wanted import Preset, Wanted, wanted_span
from truenav.features.risk.asked import (
    RATE_HIGH,
    RATE_LOW,
    WINDOW_HIGH,
    WINDOW_LOW,
    Asked,
    Confidence,
    RiskFreeSource,
    asked,
)
from truenav.features.risk.schemas import RiskOut
from truenav.features.valuation.many import ManyScopesIn, ScopeProblemOut, StretchIn
from truenav.platform.wire import Body, DecimalText

MOST_SCOPES = 100
MOST_POINTS = 1000


class RiskScopeIn(StretchIn):
    """A part of the portfolio, days of it and a benchmark, as the page of risk is asked.

    `ref` comes back with its answer.
    """

    period: Preset | None = None
    benchmark_id: UUID | None = None

    @property
    def wanted(self) -> Wanted:
        """Its days."""
        return wanted_span(self.from_date, self.to_date, self.period)


class BulkRiskIn(ManyScopesIn):
    """At most 100 scopes, 50 of them of a part of what is in accounts; one set of settings."""

    scopes: list[RiskScopeIn] = Field(min_length=1, max_length=MOST_SCOPES)
    confidence: Confidence = "0.95"
    method: Quantile = "linear"
    window: int = Field(default=252, ge=WINDOW_LOW, le=WINDOW_HIGH)
    risk_free_ratio: Annotated[DecimalText, Field(ge=RATE_LOW, le=RATE_HIGH)] = Decimal(0)
    risk_free_source: RiskFreeSource = "given"
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY
    gaps: Gaps = Gaps.BREAK
    allow_few: bool = False
    max_points: int = Field(default=MOST_POINTS, ge=3, le=MOST_POINTS)

    @property
    def how(self) -> Asked:
        """As the page of risk is asked."""
        return asked(
            self.confidence, self.method, self.window, self.risk_free_ratio,
            self.risk_free_source, self.flow_timing, self.gaps, allow_few=self.allow_few,
        )  # fmt: skip


class RiskScopeOut(Body):
    """What `GET /risk` says of the scope in that place, or what is wrong with it."""

    index: int
    ref: str | None
    risk: RiskOut | None
    problem: ScopeProblemOut | None


class BulkRiskOut(Body):
    as_of: date
    items: list[RiskScopeOut]
    problem_count: int
    is_recomputing: bool
