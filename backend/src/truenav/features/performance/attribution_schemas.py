"""Bodies of attribution."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from truenav.core.performance.blend import Rebalancing
from truenav.features.performance.schemas import ConventionsOut
from truenav.features.valuation.schemas import SliceOut, UnknownOut, is_empty, is_none
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


class MemberOut(Body):
    """A member of the benchmark in a group; `weight_ratio` is what of the whole it is there."""

    instrument_id: UUID
    symbol: str
    weight_ratio: DecimalText
    return_ratio: DecimalText | None


class EffectsOut(Body):
    """A group beside the benchmark's: what its weight, its holdings and both together did.

    `instrument_id` and `symbol` are of the one member the benchmark has in it; several are
    `members`, and their return is by their weights.
    """

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
    # not told of one member: reports kept before there could be several stay as they are
    members: list[MemberOut] = Field(default_factory=list, exclude_if=is_empty)


class ComparedWithOut(Body):
    """The benchmark whose members were put into the groups.

    `split_members`: one that belongs to several groups returns in each what it returns in all.
    """

    benchmark_id: UUID
    symbol: str
    name: str
    basis: Literal["total", "price", "mixed", "index"]
    split_members: Literal["return_of_the_whole"]


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
    # not told of instruments that were put into groups by hand
    benchmark: ComparedWithOut | None = Field(default=None, exclude_if=is_none)


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
    """What one purchase has brought by `to_date`: realized + unrealized + income = total.

    `capital_ratio` is the total over the average capital of the span.
    """

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
    capital_ratio: DecimalText | None
    reasons: list[str]


class TradesOut(Body):
    """Purchases of a span by what they brought; those nobody can value stand in `unknown`.

    `total` is of all `trade_count` of them, null when one is not known. total + residual = gain of
    the span; ratios are amounts over `average_capital`, so that of the gain is its return by
    Modified Dietz. The residual is what no purchase of the span brought: of lots held before, of
    cash, costs of their own, income due.
    """

    currency: CurrencyCode
    as_of: date
    from_date: date | None
    to_date: date | None
    slice: SliceOut
    trade_count: int
    total: DecimalText | None
    total_ratio: DecimalText | None
    residual: DecimalText | None
    residual_ratio: DecimalText | None
    gain: DecimalText | None
    gain_ratio: DecimalText | None
    average_capital: DecimalText | None
    best: list[TradeOut]
    worst: list[TradeOut]
    unknown: list[TradeOut]
    calculation_version: str
    is_recomputing: bool
