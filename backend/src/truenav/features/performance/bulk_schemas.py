"""Bodies of returns of many parts of the portfolio at once."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from truenav.core.ledger.transactions import AssetClass
from truenav.core.performance.flows import Costs, FlowTiming, Gaps
from truenav.features.performance.schemas import ReturnOut
from truenav.features.performance.wanted import Preset, ReturnVersion, Wanted
from truenav.features.valuation.schemas import SliceOut
from truenav.features.valuation.slicing import Filters
from truenav.platform.wire import AskedDay, Body, CurrencyCode, DecimalText

MOST_SCOPES = 500
MOST_SLICES = 50
Names = Annotated[list[str], Field(default_factory=list, max_length=50)]
Ids = Annotated[list[UUID], Field(default_factory=list, max_length=100)]


class ScopeIn(Body):
    """A part of the portfolio and a span of it, as the page of returns is asked.

    `ref` comes back with its answer.
    """

    ref: str | None = Field(default=None, max_length=100)
    account_ids: Ids
    account_groups: Names
    account_tags: Names
    base_currency: CurrencyCode | None = None
    instrument_ids: Ids
    asset_classes: list[AssetClass] = Field(default_factory=list, max_length=20)
    currencies: list[CurrencyCode] = Field(default_factory=list, max_length=100)
    category_ids: Ids
    unclassified_in: list[UUID] = Field(default_factory=list, max_length=20)
    from_date: AskedDay | None = None
    to_date: AskedDay | None = None
    period: Preset | None = None

    def filters(self) -> Filters:
        """As the pages name them."""
        return Filters(
            account_ids=tuple(dict.fromkeys(self.account_ids)),
            account_groups=tuple(dict.fromkeys(self.account_groups)),
            account_tags=tuple(dict.fromkeys(self.account_tags)),
            instrument_ids=tuple(dict.fromkeys(self.instrument_ids)),
            asset_classes=tuple(dict.fromkeys(self.asset_classes)),
            currencies=tuple(dict.fromkeys(self.currencies)),
            category_ids=tuple(dict.fromkeys(self.category_ids)),
            unclassified_in=tuple(dict.fromkeys(self.unclassified_in)),
        )


class BulkIn(Body):
    """At most 500 scopes, 50 of them of a part of what is in accounts; one set of conventions."""

    scopes: list[ScopeIn] = Field(min_length=1, max_length=MOST_SCOPES)
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY
    gaps: Gaps = Gaps.BREAK
    fees: Costs = Costs.NET
    taxes: Costs = Costs.NET
    calculation_version: ReturnVersion = "2026.2"

    @model_validator(mode="after")
    def few_slices(self) -> Self:
        """A slice is worked out from its records, which takes a while."""
        if sum(scope.filters().is_of_segments for scope in self.scopes) > MOST_SLICES:
            raise ValueError(f"at most {MOST_SLICES} scopes of a part of what is in accounts")
        return self

    def wanted(self, scope: ScopeIn) -> Wanted:
        """The span of one, by the conventions of all."""
        return Wanted(
            from_date=scope.from_date, to_date=scope.to_date, period=scope.period,
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
    slice: SliceOut


class ScopeProblemOut(Body):
    """Why a scope has no answer, by the code its own request would have been refused with."""

    code: str
    detail: str
    params: dict[str, str]


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
