"""What a report of each kind can be asked as: the same words as the page it keeps."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from truenav.core.ledger.transactions import AssetClass
from truenav.core.performance.flows import Costs, FlowTiming, Gaps
from truenav.core.risk.tails import Quantile
from truenav.features.performance.benchmarks_schemas import Basis
from truenav.features.performance.wanted import Preset, ReturnVersion, Wanted
from truenav.features.risk.asked import RATE_HIGH, RATE_LOW, Asked, RiskFreeSource
from truenav.features.valuation.slicing import Filters
from truenav.platform.wire import AskedDay, Body, CurrencyCode, DecimalText

MaxPoints = Annotated[int, Field(strict=True, ge=3, le=10_000)]


class OfAccounts(Body):
    """All accounts, or one of them."""

    account_id: UUID | None = None


class OfSomeAccounts(OfAccounts):
    """Several of them: `account_ids` beside the one, or those of groups and with tags."""

    account_ids: list[UUID] = Field(default_factory=list, max_length=100)
    account_groups: list[str] = Field(default_factory=list, max_length=50)
    account_tags: list[str] = Field(default_factory=list, max_length=50)
    base_currency: CurrencyCode | None = None

    def filters(self) -> Filters:
        """As the pages name them."""
        ids = [*([self.account_id] if self.account_id is not None else []), *self.account_ids]
        return Filters(
            account_ids=tuple(dict.fromkeys(ids)),
            account_groups=tuple(dict.fromkeys(self.account_groups)),
            account_tags=tuple(dict.fromkeys(self.account_tags)),
        )


class OfSlice(OfSomeAccounts):
    """A part of what is in them: each list widens it, together they narrow it."""

    instrument_ids: list[UUID] = Field(default_factory=list, max_length=100)
    asset_classes: list[AssetClass] = Field(default_factory=list, max_length=20)
    currencies: list[CurrencyCode] = Field(default_factory=list, max_length=100)

    def filters(self) -> Filters:
        """As the pages name them."""
        return replace(
            super().filters(),
            instrument_ids=tuple(dict.fromkeys(self.instrument_ids)),
            asset_classes=tuple(dict.fromkeys(self.asset_classes)),
            currencies=tuple(dict.fromkeys(self.currencies)),
        )


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
    calculation_version: ReturnVersion = "2026.2"
    benchmark: UUID | None = None
    benchmark_basis: Basis = "total"
    max_points: MaxPoints = 1000

    def wanted(self) -> Wanted:
        """The span and the conventions."""
        return Wanted(
            from_date=self.from_date, to_date=self.to_date, period=self.period,
            flow_timing=self.flow_timing, gaps=self.gaps, fees=self.fees, taxes=self.taxes,
            calculation_version=self.calculation_version,
        )  # fmt: skip


class RiskParameters(OfSlice):
    """As the page of risk is asked."""

    kind: Literal["risk"]
    from_date: AskedDay | None = None
    to_date: AskedDay | None = None
    benchmark_id: UUID | None = None
    confidence: Literal["0.9", "0.95", "0.99"] = "0.95"
    method: Quantile = "linear"
    window: Annotated[int, Field(strict=True, ge=20, le=2520)] = 252
    risk_free_ratio: Annotated[DecimalText, Field(ge=RATE_LOW, le=RATE_HIGH)] = Decimal(0)
    risk_free_source: RiskFreeSource = "given"
    allow_few: Annotated[bool, Field(strict=True)] = False
    max_points: MaxPoints = 1000

    def asked(self) -> Asked:
        """How risk is to be measured."""
        return Asked(
            float(self.confidence),
            self.method,
            self.window,
            self.risk_free_ratio,
            self.risk_free_source,
            self.allow_few,
        )


class WaterfallParameters(OfSomeAccounts, OfSpan):
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


Parameters = Annotated[
    PerformanceParameters
    | RiskParameters
    | WaterfallParameters
    | HoldingsParameters
    | NavParameters,
    Field(discriminator="kind"),
]
