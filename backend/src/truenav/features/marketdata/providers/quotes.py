"""What every provider gives: bars and events in their own words' place, ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


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
    """Bars oldest first, and the events among them. `basis`: raw, or adjusted for splits."""

    currency: str
    bars: Sequence[Bar]
    events: Sequence[EventOut]
    basis: str


class HistoryProvider(Protocol):
    """Daily history by the provider's own symbol."""

    source: str

    def history(self, symbol: str, first: date, last: date) -> History:
        """Bars and events between two days."""
        ...
