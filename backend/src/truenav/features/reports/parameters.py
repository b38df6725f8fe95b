"""What a report of each kind can be asked as: the same words as the page it keeps."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from truenav.core.performance.blend import Rebalancing
from truenav.core.performance.flows import Costs, FlowTiming, Gaps
from truenav.core.risk.tails import Quantile
from truenav.features.income.totals import Preset as IncomePeriod
from truenav.features.income.totals import span_of
from truenav.features.marketdata.providers.fred import THREE_MONTH_BILL
from truenav.features.performance.attribution_schemas import By
from truenav.features.performance.benchmarks_schemas import Basis
from truenav.features.performance.blends import Blend, BlendText, Other, asked_blend, asked_other
from truenav.features.performance.wanted import Preset, ReturnVersion, Wanted
from truenav.features.risk.asked import RATE_HIGH, RATE_LOW, Asked, RiskFreeSource
from truenav.features.valuation.scoping import PartIn
from truenav.features.valuation.slicing import Filters
from truenav.platform.wire import AskedDay, Body, DecimalText

MaxPoints = Annotated[int, Field(strict=True, ge=3, le=10_000)]


class OfAccounts(Body):
    """All accounts, or one of them."""

    account_id: UUID | None = None

    @property
    def benchmark_named(self) -> UUID | None:
        """What it is compared with."""
        return None

    @property
    def series(self) -> frozenset[str]:
        """Published series that its figures read whatever it is compared with."""
        return frozenset()


class OfSlice(OfAccounts, PartIn):
    """Several of them, `account_ids` beside the one, groups, tags; or a part of what they hold."""

    def filters(self) -> Filters:
        """As the pages name them."""
        found = super().filters()
        if self.account_id is None:
            return found
        ids = dict.fromkeys((self.account_id, *found.account_ids))
        return replace(found, account_ids=tuple(ids))


class OfSpan(OfAccounts):
    """Days of them."""

    from_date: AskedDay | None = None
    to_date: AskedDay | None = None
    period: Preset | None = None

    def wanted(self) -> Wanted:
        """The span alone."""
        return Wanted(from_date=self.from_date, to_date=self.to_date, period=self.period)


class PerformanceParameters(OfSlice, OfSpan):
    """As the page of returns is asked."""

    kind: Literal["performance"]
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY
    gaps: Gaps = Gaps.BREAK
    fees: Costs = Costs.NET
    taxes: Costs = Costs.NET
    calculation_version: ReturnVersion = "2026.3"
    benchmark: UUID | None = None
    benchmark_basis: Basis = "total"
    max_points: MaxPoints = 1000

    @property
    def benchmark_named(self) -> UUID | None:
        """What it is compared with."""
        return self.benchmark

    def wanted(self) -> Wanted:
        """The span and the conventions."""
        return Wanted(
            from_date=self.from_date, to_date=self.to_date, period=self.period,
            flow_timing=self.flow_timing, gaps=self.gaps, fees=self.fees, taxes=self.taxes,
            calculation_version=self.calculation_version,
        )  # fmt: skip


class RiskParameters(OfSlice, OfSpan):
    """As the page of risk is asked."""

    kind: Literal["risk"]
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY
    gaps: Gaps = Gaps.BREAK
    benchmark_id: UUID | None = None
    confidence: Literal["0.9", "0.95", "0.99"] = "0.95"
    method: Quantile = "linear"
    window: Annotated[int, Field(strict=True, ge=20, le=2520)] = 252
    risk_free_ratio: Annotated[DecimalText, Field(ge=RATE_LOW, le=RATE_HIGH)] = Decimal(0)
    risk_free_source: RiskFreeSource = "given"
    allow_few: Annotated[bool, Field(strict=True)] = False
    max_points: MaxPoints = 1000

    @property
    def benchmark_named(self) -> UUID | None:
        """What it is compared with."""
        return self.benchmark_id

    @property
    def series(self) -> frozenset[str]:
        """Treasury bills, where their yields are the risk-free rate."""
        is_read = self.risk_free_source == "treasury_bill"
        return frozenset({THREE_MONTH_BILL} if is_read else ())

    def asked(self) -> Asked:
        """How risk is to be measured."""
        return Asked(
            float(self.confidence),
            self.method,
            self.window,
            self.risk_free_ratio,
            self.risk_free_source,
            self.allow_few,
            self.flow_timing,
            self.gaps,
        )


class WaterfallParameters(OfSlice, OfSpan):
    """As the change of value is asked."""

    kind: Literal["waterfall"]


class HoldingsParameters(OfSlice):
    """As the page of holdings is asked."""

    kind: Literal["holdings"]
    as_of: AskedDay | None = None


class NavParameters(OfSlice):
    """As the series of values is asked."""

    kind: Literal["nav"]
    from_date: AskedDay | None = None
    to_date: AskedDay | None = None
    max_points: MaxPoints = 1000


class AttributionParameters(OfSlice, OfSpan):
    """As the page of attribution is asked."""

    kind: Literal["attribution"]
    by: By = "instrument"
    taxonomy_id: UUID | None = None
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY
    blend: list[BlendText] = Field(default_factory=list, max_length=20)
    rebalancing: Rebalancing = Rebalancing.MONTHLY
    benchmark: UUID | None = None
    benchmark_basis: Basis = "total"

    @property
    def benchmark_named(self) -> UUID | None:
        """What it is compared with, where it was not made by hand."""
        return self.benchmark

    def wanted(self) -> Wanted:
        """The span, and when its flows count."""
        return replace(super().wanted(), flow_timing=self.flow_timing)

    @property
    def blended(self) -> Blend | None:
        """What was put into groups by hand.

        Raises:
            InvalidFields: it is no blend.
        """
        return asked_blend(self.blend, self.rebalancing)

    @property
    def other(self) -> Other | None:
        """What it is compared with.

        Raises:
            InvalidFields: it is no blend, or a benchmark stands beside one.
        """
        return asked_other(self.blended, self.benchmark, self.benchmark_basis)


class IncomeParameters(OfSlice):
    """As the page of income is asked."""

    kind: Literal["income"]
    from_date: AskedDay | None = None
    to_date: AskedDay | None = None
    period: IncomePeriod = "1Y"

    def span(self, as_of: date) -> tuple[date | None, date | None]:
        """The days of what was received."""
        return span_of(as_of, self.from_date, self.to_date, self.period)


Parameters = Annotated[
    PerformanceParameters
    | RiskParameters
    | WaterfallParameters
    | HoldingsParameters
    | NavParameters
    | AttributionParameters
    | IncomeParameters,
    Field(discriminator="kind"),
]
