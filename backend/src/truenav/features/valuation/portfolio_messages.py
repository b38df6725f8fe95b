"""Live messages of a whole portfolio: its value at the latest trades, on "portfolio:<tenant>".

Every message is the whole: whoever hears the newest knows all, and needs none before it.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from truenav.core.ids import TenantId
from truenav.features.valuation.schemas import HoldingsOut, LatestOut
from truenav.platform.live.publishing import LiveMessage
from truenav.platform.live.topics import id_in
from truenav.platform.wire import Body, CurrencyCode, DecimalText, Instant

PORTFOLIO: Literal["portfolio"] = "portfolio"


class PositionTold(Body):
    """What moves of a position, named as the page of holdings names it."""

    instrument_id: UUID
    price: DecimalText | None
    price_date: date | None
    price_source: str | None
    price_as_of: Instant | None
    delay_minutes: int | None
    is_stale: bool
    fx_rate: DecimalText | None
    market_value: DecimalText | None
    market_value_local: DecimalText | None
    weight_ratio: DecimalText | None
    unrealized_gain: DecimalText | None
    unrealized_gain_ratio: DecimalText | None
    day_change: DecimalText | None
    day_change_ratio: DecimalText | None


class CashTold(Body):
    """Its share moves with the rest."""

    currency: CurrencyCode
    weight_ratio: DecimalText | None


class PortfolioTold(Body):
    """All accounts, in the tenant's currency: what moves of `/holdings?prices=latest`."""

    as_of: date
    currency: CurrencyCode
    nav: DecimalText | None
    total_market_value: DecimalText | None
    total_day_change: DecimalText | None
    total_unrealized_gain: DecimalText | None
    receivable_weight_ratio: DecimalText | None
    valued_count: int
    latest: LatestOut
    items: list[PositionTold]
    cash: list[CashTold]


def topic_of_portfolio(tenant_id: TenantId) -> str:
    """Where a tenant hears what all it has is worth now."""
    return f"{PORTFOLIO}:{tenant_id}"


def tenant_of(topic: str) -> TenantId | None:
    """The tenant whose portfolio a topic tells; None for a topic of something else."""
    key = id_in(topic, PORTFOLIO)
    return None if key is None else TenantId(key)


def told_of_page(tenant_id: TenantId, page: HoldingsOut) -> LiveMessage:
    """The page as a message."""
    told = PortfolioTold.model_validate(page, from_attributes=True)
    return LiveMessage(topic_of_portfolio(tenant_id), PORTFOLIO, told.model_dump(mode="json"))
