"""Bodies of prices, rates and events."""

from datetime import date
from uuid import UUID

from truenav.platform.wire import Body, CurrencyCode, DecimalText, Instant


class PriceOut(Body):
    """The newest price of an instrument, or null with the reason."""

    instrument_id: UUID
    symbol: str
    price: DecimalText | None
    previous_price: DecimalText | None
    currency: CurrencyCode
    price_date: date | None
    as_of: Instant | None
    source: str | None
    delay_minutes: int | None
    is_stale: bool
    unknown_reason: str | None


class BulkPricesOut(Body):
    items: list[PriceOut]
    not_found: list[str]


class BarOut(Body):
    price_date: date
    open: DecimalText | None
    high: DecimalText | None
    low: DecimalText | None
    close: DecimalText
    volume: DecimalText | None
    source: str


class PriceHistoryOut(Body):
    """Raw closes as traded; `adjusted_close` is derived from the events, split and dividend."""

    instrument_id: UUID
    currency: CurrencyCode
    basis: str
    items: list[BarOut]


class CorporateActionOut(Body):
    id: UUID
    type: str
    ex_date: date
    pay_date: date | None
    ratio: DecimalText | None
    cash_amount: DecimalText | None
    currency: CurrencyCode | None
    source: str
