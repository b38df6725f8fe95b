"""Bodies of instruments."""

from datetime import date
from typing import Literal
from uuid import UUID

from truenav.platform.wire import Body, CurrencyCode, DecimalText


class InstrumentAliasOut(Body):
    scheme: Literal["symbol", "isin", "cusip", "figi", "sedol", "name"]
    value: str
    valid_from: date
    valid_to: date | None


class InstrumentOut(Body):
    id: UUID
    symbol: str
    exchange: str | None
    name: str
    asset_class: Literal["equity", "fund", "bond", "option", "crypto", "cash", "other"]
    currency: CurrencyCode
    multiplier: DecimalText
    is_listed: bool


class InstrumentDetailOut(InstrumentOut):
    """With all its names, and the day it was delisted; its history stays."""

    delisted_on: date | None
    aliases: list[InstrumentAliasOut]


class InstrumentPageOut(Body):
    items: list[InstrumentOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None
