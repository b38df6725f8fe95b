"""Bodies of prices, rates and events."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from truenav.platform.wire import Body, CurrencyCode, DecimalText, Instant, Version


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
    """Closes as traded, or derived from them and the events; volume in units of the last day.

    `data_version` rises whenever a price or an event of the instrument changes: a series derived
    at an earlier one is out of date. A tenant's own prices are not counted in it.
    """

    instrument_id: UUID
    currency: CurrencyCode
    basis: str
    data_version: int
    items: list[BarOut]


class PriceVersionOut(Body):
    """One change: adjusted closes from `earliest` on are others than before it."""

    version: int
    reason: Literal["prices", "prices_restated", "event_added", "event_restated", "override"]
    source: str
    earliest: date
    changed_count: int
    changed_at: Instant


class ManualPriceOut(Body):
    """A price the tenant set itself ("manual"), or that its own URL told ("custom")."""

    price_date: date
    close: DecimalText
    currency: CurrencyCode
    source: Literal["manual", "custom"]
    note: str | None
    version: int
    set_at: Instant


class ManualPricePageOut(Body):
    items: list[ManualPriceOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None


class ManualPriceIn(Body):
    """`version` is that of the price to replace; null sets the price of a day that has none."""

    close: DecimalText
    currency: CurrencyCode
    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] | None = None
    version: Version | None = None


class ManualPastedIn(Body):
    """Lines of `date,close` (or semicolon, or tab), a heading allowed; all are stored or none."""

    text: Annotated[str, Field(min_length=1, max_length=400_000, pattern=r"^[^\x00]*$")]
    currency: CurrencyCode


class PasteFaultOut(Body):
    line: int
    message: str


class ManualPastedOut(Body):
    stored_count: int
    replaced_count: int
    unchanged_count: int
    faults: list[PasteFaultOut]


class CorporateActionOut(Body):
    id: UUID
    type: str
    ex_date: date
    pay_date: date | None
    ratio: DecimalText | None
    cash_amount: DecimalText | None
    currency: CurrencyCode | None
    source: str
