"""Bodies of returns of many parts of the portfolio at once."""

from dataclasses import replace
from datetime import date
from typing import Self

from pydantic import Field, model_validator

from truenav.core.performance.flows import Costs, FlowTiming, Gaps
from truenav.features.performance.schemas import ConventionsOut, ReturnOut
from truenav.features.performance.wanted import Preset, ReturnVersion, Wanted, wanted_span
from truenav.features.valuation.many import (
    MOST_SLICES,
    ManyScopesIn,
    ScopeProblemOut,
    StretchIn,
)
from truenav.features.valuation.schemas import SliceOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText

MOST_SCOPES = 500


class ScopeIn(StretchIn):
    """A part of the portfolio and a span of it, as the page of returns is asked.

    `ref` comes back with its answer.
    """

    period: Preset | None = None


class BulkIn(ManyScopesIn):
    """At most 500 scopes, 50 of them of a part of what is in accounts; one set of conventions.

    Before fees or taxes each is as much work: at most 50 in all.
    """

    scopes: list[ScopeIn] = Field(min_length=1, max_length=MOST_SCOPES)
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY
    gaps: Gaps = Gaps.BREAK
    fees: Costs = Costs.NET
    taxes: Costs = Costs.NET
    calculation_version: ReturnVersion = "2026.3"

    @model_validator(mode="after")
    def few_before_costs(self) -> Self:
        """What was paid in costs is read from records as well."""
        if Costs.GROSS in {self.fees, self.taxes} and len(self.scopes) > MOST_SLICES:
            raise ValueError(f"at most {MOST_SLICES} scopes before fees or taxes")
        return self

    def wanted(self, scope: ScopeIn) -> Wanted:
        """The span of one, by the conventions of all."""
        return replace(
            wanted_span(scope.from_date, scope.to_date, scope.period),
            flow_timing=self.flow_timing, gaps=self.gaps, fees=self.fees, taxes=self.taxes,
            calculation_version=self.calculation_version,
        )  # fmt: skip


class ScopeFiguresOut(Body):
    """What `GET /performance` says of it, without the series."""

    currency: CurrencyCode
    from_date: date | None
    to_date: date | None
    day_count: int
    opening_nav: DecimalText | None
    closing_nav: DecimalText | None
    net_flows: DecimalText | None
    gain: DecimalText | None
    time_weighted: ReturnOut
    money_weighted: ReturnOut
    conventions: ConventionsOut
    slice: SliceOut


class ScopeOut(Body):
    """The answer of the scope in that place: figures, or what is wrong with it."""

    index: int
    ref: str | None
    figures: ScopeFiguresOut | None
    problem: ScopeProblemOut | None


class BulkOut(Body):
    as_of: date
    items: list[ScopeOut]
    problem_count: int
    is_recomputing: bool
