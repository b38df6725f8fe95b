"""What follows from an account's records: lots, closures, positions, cash, and what to look at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.amounts import Amounts
from truenav.core.ledger.book import LotBook
from truenav.core.ledger.lots import Lot, LotAdjustment, LotClosure
from truenav.core.ledger.transactions import CarriedLot
from truenav.core.money import exact

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Returning:
    """What units cost that left a pool and come back into it with a later purchase."""

    cost: Amounts
    is_cost_known: bool

    def __add__(self, more: "Returning") -> "Returning":
        return Returning(self.cost + more.cost, self.is_cost_known and more.is_cost_known)


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """A record the engine kept but could not fully interpret."""

    transaction_id: TransactionId
    reason_code: str
    message: str


@dataclass(frozen=True, slots=True)
class Position:
    """Units (< 0 is short) and cost of one instrument, in the currency it was traded in."""

    instrument_id: InstrumentId
    quantity: Decimal
    cost: Decimal
    currency: str
    is_cost_known: bool


@dataclass(slots=True)
class LedgerState:
    """Everything that follows from the records of one account up to `through`, inclusive."""

    books: dict[InstrumentId, LotBook] = field(default_factory=dict)
    closures: list[LotClosure] = field(default_factory=list)
    adjustments: list[LotAdjustment] = field(default_factory=list)
    cash: dict[str, Decimal] = field(default_factory=dict)
    notes: list[ReviewNote] = field(default_factory=list)
    last_trade_dates: dict[InstrumentId, date] = field(default_factory=dict)
    # units at the end of each day an instrument has records on, < 0 when short
    units_on: dict[tuple[InstrumentId, date], Decimal] = field(default_factory=dict)
    through: date | None = None
    # a part of a unit that a split left, until cash in lieu closes it
    fractions: dict[InstrumentId, Decimal] = field(default_factory=dict)
    # what left under a link, for the account it arrives in
    departures: dict[tuple[UUID, InstrumentId], tuple[CarriedLot, ...]] = field(
        default_factory=dict
    )
    # cost of units a UK sale took from the pool that a purchase within 30 days puts back
    deferred: dict[TransactionId, Returning] = field(default_factory=dict)

    def copy(self) -> "LedgerState":
        """An independent state to continue from; the lots themselves are immutable."""
        return LedgerState(
            {instrument_id: book.copy() for instrument_id, book in self.books.items()},
            list(self.closures),
            list(self.adjustments),
            dict(self.cash),
            list(self.notes),
            dict(self.last_trade_dates),
            dict(self.units_on),
            self.through,
            dict(self.fractions),
            dict(self.departures),
            dict(self.deferred),
        )

    def absorb(self, other: "LedgerState") -> None:
        """Add what followed from other records of the account, of instruments not yet in here."""
        self.books.update(other.books)
        self.closures += other.closures
        self.adjustments += other.adjustments
        for currency, amount in other.cash.items():
            self.cash[currency] = self.cash.get(currency, ZERO) + amount
        self.notes += other.notes
        self.last_trade_dates.update(other.last_trade_dates)
        self.units_on.update(other.units_on)
        self.fractions.update(other.fractions)
        self.departures.update(other.departures)
        self.deferred.update(other.deferred)
        days = [day for day in (self.through, other.through) if day is not None]
        self.through = max(days, default=None)

    def goes_on_like(self, other: "LedgerState") -> bool:
        """Whether later records would do the same to both; what was realized does not matter."""

        def lots(state: "LedgerState") -> dict[InstrumentId, list[Lot]]:
            return {key: list(book) for key, book in state.books.items() if book}

        return lots(self) == lots(other) and (
            (self.last_trade_dates, self.fractions, self.departures, self.deferred)
            == (other.last_trade_dates, other.fractions, other.departures, other.deferred)
        )

    def book(self, instrument_id: InstrumentId) -> LotBook:
        """The book of one instrument, made empty if there is none yet."""
        book = self.books.get(instrument_id)
        if book is None:
            book = self.books[instrument_id] = LotBook()
        return book

    def open_lots(self) -> Iterator[Lot]:
        """Every open lot, oldest first within its instrument."""
        for book in self.books.values():
            yield from book

    def quantity(self, instrument_id: InstrumentId) -> Decimal:
        """Units held, < 0 when short."""
        book = self.books.get(instrument_id)
        if book is None:
            return ZERO
        return book.units.copy_negate() if book.is_short else book.units

    @exact
    def positions(self) -> list[Position]:
        """One position per instrument with open lots. The cost of a short position is < 0."""
        found = []
        for instrument_id, book in self.books.items():
            if not book:
                continue
            sign = -1 if book.is_short else 1
            found.append(
                Position(
                    instrument_id,
                    sign * book.units,
                    sign * sum((lot.cost for lot in book), ZERO),
                    next(iter(book)).currency,
                    all(lot.is_cost_known for lot in book),
                )
            )
        return found
