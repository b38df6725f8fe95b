"""How a request wants risk to be measured."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Query

from truenav.core.performance.flows import FlowTiming, Gaps
from truenav.core.risk.tails import Quantile, Tail
from truenav.features.performance.wanted import Bridged, Timing
from truenav.platform.wire import DecimalText

# versions of the return that risk is measured of
LinkedVersion = Literal["2026.2", "2026.3"]
RiskVersion = Literal["2026.1", "2026.2"]
RiskFreeSource = Literal["given", "treasury_bill"]
Confidence = Literal["0.9", "0.95", "0.99"]
RATE_LOW, RATE_HIGH = Decimal("-0.5"), Decimal(1)
WINDOW_LOW, WINDOW_HIGH = 20, 2520


@dataclass(frozen=True, slots=True)
class Asked:
    """How risk is measured, as the request says."""

    confidence: float
    method: Quantile
    window: int
    rate: Decimal
    source: RiskFreeSource
    is_small_allowed: bool
    # as the page of returns is asked; usual ones in reports that were kept without them
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY
    gaps: Gaps = Gaps.BREAK

    @property
    def tail(self) -> Tail:
        """The same for tails."""
        return Tail(self.confidence, self.method, self.is_small_allowed)


def asked(
    confidence: Annotated[
        Confidence, Query(description="Level of value at risk, as a ratio")
    ] = "0.95",
    method: Annotated[Quantile, Query(description="Rule of quantiles, by NumPy's names")] = (
        "linear"
    ),
    window: Annotated[
        int, Query(ge=WINDOW_LOW, le=WINDOW_HIGH, description="Newest returns looked at")
    ] = 252,
    risk_free_ratio: Annotated[
        DecimalText, Query(ge=RATE_LOW, le=RATE_HIGH, description="A year; 0 unless given")
    ] = Decimal(0),
    risk_free_source: Annotated[
        RiskFreeSource,
        Query(description="The rate given, or yields of three-month Treasury bills, day by day"),
    ] = "given",
    flow_timing: Timing = FlowTiming.START_OF_DAY,
    gaps: Bridged = Gaps.BREAK,
    *,
    allow_few: Annotated[
        bool, Query(description="Measure tails of fewer than 100 (beyond 95 %: 250) returns, too")
    ] = False,
) -> Asked:
    """Confidence, rule, window and risk-free rate of a request; how its returns are linked."""
    return Asked(
        float(confidence), method, window, risk_free_ratio, risk_free_source, allow_few,
        flow_timing, gaps,
    )  # fmt: skip
