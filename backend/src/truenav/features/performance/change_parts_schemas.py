"""Bodies of what the bars of prices and rates are made of, and of the records behind a bar."""

from datetime import date
from uuid import UUID

from truenav.features.performance.schemas import BarRecordOut
from truenav.features.valuation.schemas import SliceOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText


class PricePartOut(Body):
    """One instrument: opening + moved + borne + what prices and rates did = closing.

    `moved` is what came in less what left, at the rate of each day: purchases with their costs,
    sales after them, income paid out. `borne` is the income, fees and taxes that are its own.
    `unrealized` is the price result less what was realized of it.
    """

    instrument_id: UUID
    symbol: str
    instrument_name: str
    opening_value: DecimalText | None
    moved: DecimalText | None
    borne: DecimalText | None
    price_result: DecimalText | None
    rate_result: DecimalText | None
    closing_value: DecimalText | None
    realized: DecimalText | None
    unrealized: DecimalText | None


class RatePartOut(Body):
    """What was held in one currency at both ends, in that currency, and what its rate did to it.

    `rate_result` adds up what was held each day times the change of the rate; `converted` is what
    conversions out of it cost against the reference rate. `amount` is both.
    """

    currency: CurrencyCode
    opening_amount: DecimalText | None
    opening_rate: DecimalText | None
    closing_amount: DecimalText | None
    closing_rate: DecimalText | None
    rate_result: DecimalText | None
    converted: DecimalText | None
    amount: DecimalText | None


class ChangePartsOut(Body):
    """The bars of prices and rates, part by part, the largest first.

    Parts and `…_rest` add up to the bar to the last digit. The rest is of records that name no
    instrument, and what rounding leaves; null where a part or the bar is.
    """

    currency: CurrencyCode
    from_date: date | None
    to_date: date | None
    unrealized: DecimalText | None
    unrealized_rest: DecimalText | None
    instruments: list[PricePartOut]
    fx: DecimalText | None
    fx_rest: DecimalText | None
    currencies: list[RatePartOut]
    reason: str | None
    slice: SliceOut
    calculation_version: str


class BarRecordsOut(Body):
    """Records of one bar, the newest first."""

    items: list[BarRecordOut]
    total_count: int
    next_cursor: str | None
    has_more: bool
