"""Bodies of attribution."""

from datetime import date
from typing import Literal
from uuid import UUID

from truenav.core.performance.blend import Rebalancing
from truenav.features.performance.schemas import ConventionsOut
from truenav.features.valuation.schemas import SliceOut, UnknownOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText

By = Literal["instrument", "asset_class", "currency", "account", "taxonomy"]


class ContributionOut(Body):
    """What a group added to the return: local + currency + cross = contribution.

    `gain` is the same in money. `return_ratio` is the group's own return, and
    `average_weight_ratio` its mean share of the value. Null figures have their `reasons`.
    """

    key: str
    label: str
    gain: DecimalText | None
    contribution_ratio: DecimalText | None
    local_ratio: DecimalText | None
    currency_ratio: DecimalText | None
    cross_ratio: DecimalText | None
    average_weight_ratio: DecimalText | None
    return_ratio: DecimalText | None
    return_reason: str | None
    reasons: list[str]


class EffectsOut(Body):
    """A group beside the benchmark's: what its weight, its holdings and both together did."""

    key: str
    label: str
    instrument_id: UUID | None
    symbol: str | None
    weight_ratio: DecimalText
    benchmark_return_ratio: DecimalText | None
    return_ratio: DecimalText | None
    average_weight_ratio: DecimalText | None
    allocation_ratio: DecimalText
    selection_ratio: DecimalText
    interaction_ratio: DecimalText
    total_ratio: DecimalText


class ComparisonOut(Body):
    """Effects of all groups + residual = the portfolio's return - the benchmark's."""

    rebalancing: Rebalancing
    method: str
    portfolio_ratio: DecimalText | None
    benchmark_ratio: DecimalText | None
    excess_ratio: DecimalText | None
    groups: list[EffectsOut]
    residual_ratio: DecimalText | None
    reason: str | None


class AttributionOut(Body):
    """Contributions + `residual_ratio` = `total_ratio`, the time-weighted return of the span."""

    currency: CurrencyCode
    as_of: date
    from_date: date | None
    to_date: date | None
    by: By
    slice: SliceOut
    total_ratio: DecimalText | None
    gain: DecimalText | None
    residual_ratio: DecimalText | None
    reason: str | None
    groups: list[ContributionOut]
    comparison: ComparisonOut | None
    unknowns: list[UnknownOut]
    method: str
    conventions: ConventionsOut
    calculation_version: str
    is_recomputing: bool


class TradeOut(Body):
    """What one purchase has brought by `to_date`: realized + unrealized + income = total."""

    transaction_id: UUID
    account_id: UUID
    day: date
    kind: str
    instrument_id: UUID | None
    symbol: str | None
    quantity: DecimalText | None
    realized: DecimalText | None
    unrealized: DecimalText | None
    income: DecimalText | None
    total: DecimalText | None
    reasons: list[str]


class TradesOut(Body):
    """Purchases of a span by what they brought; those nobody can value stand in `unknown`.

    `total` is of all `trade_count` of them, null when one is not known.
    """

    currency: CurrencyCode
    as_of: date
    from_date: date | None
    to_date: date | None
    slice: SliceOut
    trade_count: int
    total: DecimalText | None
    best: list[TradeOut]
    worst: list[TradeOut]
    unknown: list[TradeOut]
    calculation_version: str
    is_recomputing: bool
