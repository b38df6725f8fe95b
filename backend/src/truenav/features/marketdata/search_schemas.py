"""Bodies of a search for instruments."""

from typing import Literal

from truenav.features.instruments.schemas import AssetClassName, InstrumentOut
from truenav.platform.wire import Body, CurrencyCode


class FoundOut(Body):
    """An instrument a provider lists that is not among ours; what it does not tell is null."""

    symbol: str
    name: str
    exchange: str | None
    currency: CurrencyCode | None
    asset_class: AssetClassName
    source: str


class AskedOut(Body):
    """A provider that was asked, and how that went: "ok", "empty", or why it could not tell."""

    source: str
    outcome: str


class InstrumentSearchOut(Body):
    """What we have, and what providers list besides; `not_asked` says why none was asked."""

    items: list[InstrumentOut]
    found: list[FoundOut]
    asked: list[AskedOut]
    not_asked: Literal["not_wanted", "offline", "nobody"] | None
