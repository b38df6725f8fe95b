"""Bodies of the attribution of many parts of the portfolio at once."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from truenav.core.performance.blend import Rebalancing
from truenav.core.performance.flows import FlowTiming
from truenav.features.performance.attribution_schemas import AttributionOut, By
from truenav.features.performance.benchmarks_schemas import Basis
from truenav.features.performance.blends import PART
from truenav.features.performance.wanted import Preset, Wanted
from truenav.features.valuation.many import ScopeProblemOut, StretchIn
from truenav.platform.wire import Body

BlendText = Annotated[str, StringConstraints(pattern=f"^{PART.pattern}$")]

MOST_SCOPES = 50


class AttributionScopeIn(StretchIn):
    """A part of the portfolio, days of it and a benchmark, as the page of attribution is asked."""

    period: Preset | None = None
    blend: list[BlendText] = Field(default_factory=list, max_length=20)
    rebalancing: Rebalancing = Rebalancing.MONTHLY
    benchmark: UUID | None = None
    benchmark_basis: Basis = "total"


class BulkAttributionIn(Body):
    """At most 50 scopes; one grouping, one flow timing."""

    scopes: list[AttributionScopeIn] = Field(min_length=1, max_length=MOST_SCOPES)
    by: By = "instrument"
    taxonomy_id: UUID | None = None
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY

    def wanted(self, part: AttributionScopeIn) -> Wanted:
        """Its days, and the timing of all."""
        return Wanted(
            from_date=part.from_date, to_date=part.to_date, period=part.period,
            flow_timing=self.flow_timing,
        )  # fmt: skip


class AttributionScopeOut(Body):
    """What `GET /attribution` says of the scope in that place, or what is wrong with it."""

    index: int
    ref: str | None
    attribution: AttributionOut | None
    problem: ScopeProblemOut | None


class BulkAttributionOut(Body):
    as_of: date
    items: list[AttributionScopeOut]
    problem_count: int
