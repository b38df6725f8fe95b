"""Bodies of the overview, holdings and the NAV series."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from truenav.platform.wire import Body, CurrencyCode, DecimalText, Instant


class UnknownOut(Body):
    """Why a figure is null: what is missing, and for what."""

    reason_code: str
    message: str
    instrument_id: UUID | None
    symbol: str | None
    count: int


def is_empty(names: Sequence[object]) -> bool:
    """Whether a list names nothing."""
    return not names


def is_none(value: object) -> bool:
    """Whether there is nothing."""
    return value is None


class SliceOut(Body):
    """The part of the portfolio an answer is of; an empty list leaves nothing out.

    `is_everything` says that it leaves out nothing at all of the accounts.
    """

    account_ids: list[UUID]
    account_groups: list[str]
    account_tags: list[str]
    instrument_ids: list[UUID]
    asset_classes: list[str]
    currencies: list[CurrencyCode]
    # not told where none is named: reports kept before there were such filters stay as they are
    category_ids: list[UUID] = Field(default_factory=list, exclude_if=is_empty)
    unclassified_in: list[UUID] = Field(default_factory=list, exclude_if=is_empty)
    is_everything: bool


class FreshnessOut(Body):
    newest_price_date: date | None
    newest_as_of: Instant | None
    sources: list[str]
    delay_minutes: int | None
    instrument_count: int
    stale_count: int
    missing_count: int


class MoverOut(Body):
    instrument_id: UUID
    symbol: str
    name: str
    day_change: DecimalText
    day_change_ratio: DecimalText | None


class AllocationItemOut(Body):
    """One slice; `key` is the instrument id, asset class or currency. Short positions are < 0.

    `value` is null as soon as a part of it is unknown; `unknown_count` of its holdings are.
    """

    key: str
    label: str
    asset_class: str
    value: DecimalText | None
    weight_ratio: DecimalText | None
    day_change_ratio: DecimalText | None
    unknown_count: int


class OverviewOut(Body):
    """Figures in `currency`; every null figure is explained in `unknowns`.

    `later_count` records are of days after `as_of`, and count from those days on.
    """

    as_of: date
    currency: CurrencyCode
    account_ids: list[UUID]
    slice: SliceOut
    nav: DecimalText | None
    day_change: DecimalText | None
    day_change_ratio: DecimalText | None
    previous_date: date | None
    ytd_return_ratio: DecimalText | None
    ytd_start_date: date | None
    unrealized_gain: DecimalText | None
    realized_gain: DecimalText | None
    income_ytd: DecimalText | None
    net_contributions: DecimalText | None
    total_gain: DecimalText | None
    first_date: date | None
    cash: DecimalText | None
    receivable: DecimalText | None
    market_value: DecimalText | None
    movers: list[MoverOut]
    allocation_by_instrument: list[AllocationItemOut]
    allocation_by_asset_class: list[AllocationItemOut]
    allocation_by_currency: list[AllocationItemOut]
    freshness: FreshnessOut
    unknowns: list[UnknownOut]
    review_count: int
    later_count: int
    is_recomputing: bool
    is_empty: bool


class HoldingOut(Body):
    """A position with its market value in the scope's currency; null figures carry a reason."""

    instrument_id: UUID
    symbol: str
    name: str
    asset_class: str
    currency: CurrencyCode
    quantity: DecimalText
    price: DecimalText | None
    price_date: date | None
    price_source: str | None
    is_stale: bool
    stale_reason: Literal["old", "delisted"] | None
    fx_rate: DecimalText | None
    market_value: DecimalText | None
    market_value_local: DecimalText | None
    weight_ratio: DecimalText | None
    cost: DecimalText | None
    unrealized_gain: DecimalText | None
    unrealized_gain_ratio: DecimalText | None
    day_change: DecimalText | None
    day_change_ratio: DecimalText | None
    realized_gain: DecimalText | None
    unknown_reasons: list[str]
    # of a position valued at the latest trade; of a stored close its day says it all
    price_as_of: Instant | None = Field(default=None, exclude_if=is_none)
    delay_minutes: int | None = Field(default=None, exclude_if=is_none)


class CashHoldingOut(Body):
    currency: CurrencyCode
    amount: DecimalText
    fx_rate: DecimalText | None
    value: DecimalText | None
    weight_ratio: DecimalText | None
    unknown_reasons: list[str]


class ReceivableOut(Body):
    """Income whose ex-date has passed and whose cash has not come, after tax.

    It has a record that is of a later day, or, only declared, an event; then it counts no more from
    `until` on, and the tax is what was seen before.
    """

    account_id: UUID
    instrument_id: UUID
    symbol: str | None
    ex_date: date
    until: date
    currency: CurrencyCode
    gross: DecimalText
    withheld: DecimalText
    net: DecimalText
    value: DecimalText | None
    transaction_id: UUID | None
    event_id: UUID | None
    unknown_reasons: list[str]


class LatestOut(Body):
    """How many positions are valued at a trade newer than their last close, and how new those are.

    `delay_minutes` is how late the latest of their sources tells; null when none says.
    """

    count: int
    newest_as_of: Instant | None
    oldest_as_of: Instant | None
    delay_minutes: int | None
    sources: list[str]


class HoldingsOut(Body):
    as_of: date
    currency: CurrencyCode
    # not told by reports kept before holdings could be of a part; the page always tells it
    slice: SliceOut | None = Field(exclude_if=is_none)
    items: list[HoldingOut]
    cash: list[CashHoldingOut]
    receivables: list[ReceivableOut]
    total_market_value: DecimalText | None
    total_cash: DecimalText | None
    total_receivable: DecimalText | None
    receivable_weight_ratio: DecimalText | None
    nav: DecimalText | None
    total_unrealized_gain: DecimalText | None
    total_day_change: DecimalText | None
    valued_count: int
    unknowns: list[UnknownOut]
    is_recomputing: bool
    # told where the latest prices were asked for
    latest: LatestOut | None = Field(default=None, exclude_if=is_none)


class NavPointOut(Body):
    as_of: date
    nav: DecimalText | None
    external_flow: DecimalText | None
    net_contributions: DecimalText | None


class NavSeriesOut(Body):
    """Daily NAV; beyond `max_points` days the points are decimated, first and last kept."""

    currency: CurrencyCode
    from_date: date | None
    to_date: date | None
    point_count: int
    is_decimated: bool
    items: list[NavPointOut]
    slice: SliceOut
    unknowns: list[UnknownOut]
    is_recomputing: bool


Scope = Literal["all", "account"]
