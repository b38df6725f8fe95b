"""What every provider gives: bars, events, quotes and rates in their own words' place, ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from truenav.platform.gates import Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day of one instrument, in its currency, as traded unless `basis` says otherwise."""

    price_date: date
    close: Decimal
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    volume: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOut:
    """A split (`ratio`) or a cash dividend (`cash_amount` per unit) on its ex-date."""

    ex_date: date
    ratio: Decimal | None = None
    cash_amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Bars oldest first, and the events among them.

    `basis`: raw as traded, adjusted for splits, or for splits and dividends ("total"). `symbol` is
    what the reply says it is of; None where it repeats none.
    """

    currency: str
    bars: Sequence[Bar]
    events: Sequence[EventOut]
    basis: str
    symbol: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The last trade a provider tells of, and how old it may be."""

    symbol: str
    price: Decimal
    currency: str
    as_of: datetime
    source: str
    delay_minutes: int | None
    previous_close: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An instrument a provider knows, for somebody who looks for it."""

    symbol: str
    name: str
    exchange: str | None
    currency: str | None
    asset_class: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What an identifier stands for."""

    figi: str
    symbol: str
    name: str
    exchange: str | None


class Capability(StrEnum):
    """What a provider can be asked for."""

    QUOTE = "quote"
    HISTORY = "history"
    EVENTS = "events"
    FX = "fx"
    SERIES = "series"
    SEARCH = "search"
    IDENTIFIERS = "identifiers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """What may be done with what a provider sends; null days means as long as one likes."""

    may_display: bool
    may_share: bool
    may_export: bool
    may_cache_days: int | None
    attribution: str | None
    terms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """A provider as it describes itself. `basis` is of its history's closes."""

    source: str
    name: str
    capabilities: frozenset[Capability]
    basis: str
    delay_minutes: int | None
    currencies: str
    licence: Licence
    allowances: Sequence[Allowance] = field(default_factory=tuple)
    needs_key: bool = False
    is_personal_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An instrument as providers are asked for it: by the symbol they know it by."""

    symbol: str
    currency: str
    asset_class: str = "equity"


def is_listed_in_dollars(wanted: Wanted) -> bool:
    """A share or a fund that trades in dollars: what providers of the United States know."""
    return wanted.currency == "USD" and wanted.asset_class in {"equity", "fund"}


class Provider(Protocol):
    """Whoever can be asked; what for, its descriptor says."""

    descriptor: Descriptor

    def covers(self, wanted: Wanted) -> bool:
        """Whether it is worth asking: its kind of instrument, in a currency it quotes."""
        ...


class HistoryProvider(Provider, Protocol):
    """Daily history by the provider's own symbol."""

    def history(self, wanted: Wanted, first: date, last: date) -> History:
        """Bars and events between two days."""
        ...


class QuoteProvider(Provider, Protocol):
    """The last trade."""

    def quote(self, wanted: Wanted) -> Quote:
        """The last trade it knows."""
        ...


class SearchProvider(Provider, Protocol):
    """Instruments by name or symbol."""

    def search(self, text: str) -> Sequence[Found]:
        """What it knows by these words."""
        ...
