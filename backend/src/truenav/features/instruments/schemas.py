"""Bodies of instruments."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from truenav.platform.wire import LINE_PATTERN, Body, CurrencyCode, DecimalText, LocalDate

AssetClassName = Literal["equity", "fund", "bond", "option", "crypto", "cash", "other"]
# No space at either end: nobody would find it again.
Ticker = Annotated[
    str, Field(max_length=40, pattern=r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$")
]
Exchange = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,12}$")]


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
    asset_class: AssetClassName
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


class InstrumentIn(Body):
    """An instrument to add by hand; nobody else sees it by that."""

    symbol: Ticker
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=LINE_PATTERN)]
    exchange: Exchange | None = None
    currency: CurrencyCode
    asset_class: AssetClassName
    isin: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")] | None = None


class RenameIn(Body):
    """Another ticker from a day on."""

    symbol: Ticker
    from_date: LocalDate
