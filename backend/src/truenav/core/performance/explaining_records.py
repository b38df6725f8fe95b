"""What one record says of a change of value, as figures that prove themselves.

Of whole accounts it is what crossed their edge, and every leg and all cash of the record. Of a
slice it is what moved into it or out of it, the legs that it bears, and the cash that is its own,
each by the part that belongs there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from truenav.core.explanation import Node, NodeKind, constant, leaf, product
from truenav.core.ids import TransactionId
from truenav.core.ledger.explaining_records import ref_of
from truenav.core.ledger.postings import postings
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import Transaction, crosses_account
from truenav.core.money import exact
from truenav.core.performance.slice_effects import bearer, moves_by_record, payers_of
from truenav.core.performance.waterfall import Books
from truenav.core.valuation.explaining import Rates
from truenav.core.valuation.explaining_flows import cash_legs, crossing
from truenav.core.valuation.explaining_moves import Moving, move_node
from truenav.core.valuation.nav import Market
from truenav.core.valuation.segments import Move, Segment
from truenav.core.valuation.slices import Slice

ZERO, ONE = Decimal(0), Decimal(1)
WORDS: Final[Mapping[Leg, str]] = {
    Leg.INCOME: "Income before tax",
    Leg.CLEARING: "What was converted, or has no other end",
    Leg.SUSPENSE: "What no other line holds",
    Leg.FLOW: "What came from outside",
    Leg.FEE: "Fee",
    Leg.TAX: "Tax",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change of value is explained with: records, prices, rates with their sources.

    `of` is a slice of what the accounts hold, None of all of it. Records and moves are found by
    the id of the record; moves of a slice alone.
    """

    books: Sequence[Books]
    market: Market
    rates: Rates
    currency: str
    first_day: date
    last_day: date
    symbols: Mapping[UUID, str] = field(default_factory=dict)
    of: Slice | None = None
    records: Mapping[TransactionId, Transaction] = field(init=False, repr=False)
    moves: Mapping[TransactionId, Sequence[Move]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        records = {record.id: record for books in self.books for record in books.records}
        moves: dict[TransactionId, Sequence[Move]] = {}
        if self.of is not None:
            for books in self.books:
                moves.update(moves_by_record(r for r in books.records if self.has(r)))
        object.__setattr__(self, "records", records)
        object.__setattr__(self, "moves", moves)

    @property
    def count(self) -> int:
        """Days, both ends included."""
        return (self.last_day - self.first_day).days + 1

    def has(self, record: Transaction) -> bool:
        """Whether a record lies within the span: what is of its first day is in the opening."""
        return self.first_day < record.trade_date <= self.last_day

    def name(self, instrument_id: UUID | None) -> str:
        """What an instrument is called."""
        return self.symbols.get(instrument_id, "Holding") if instrument_id else "Holding"

    def weight(self, segment: Segment | None) -> Decimal:
        """The part of a segment that the change is of."""
        return ONE if self.of is None else self.of.weight(segment)


@exact
def part_node(node: Node, weight: Decimal) -> Node:
    """The part of a figure that belongs to a slice."""
    if weight == ONE:
        return node
    part = constant(weight, "Part that belongs here")
    return product(node.label, node.unit, (node, part), "the whole × its part").told(ref=node.ref)


@exact
def crossing_nodes(change: Change, record: Transaction) -> list[Node]:
    """What a record brought across the edge, or took out."""
    if change.of is None:
        if not crosses_account(record):
            return []
        return crossing(record, change.market, change.rates, change.currency)
    moving = Moving(
        of=change.of, records=change.records, market=change.market, rates=change.rates,
        currency=change.currency, symbols=change.symbols,
    )  # fmt: skip
    return [
        move_node(moving, move)
        for move in change.moves.get(record.id, ())
        if change.weight(move.target) != change.weight(move.source)
    ]


@exact
def borne_nodes(change: Change, record: Transaction, legs: Collection[Leg]) -> list[Node]:
    """Some legs of a record as they change the value, at the rate of its day."""
    payers = payers_of(change.moves.get(record.id, ()))
    found = []
    for leg in postings(record):
        if leg.leg not in legs or leg.currency is None:
            continue
        weight = ONE if change.of is None else change.weight(bearer(record, leg, payers))
        if weight:
            label = WORDS.get(leg.leg, leg.leg.value)
            stated = leaf(NodeKind.RECORD, label, leg.currency, -leg.amount, ref_of(record))
            made = change.rates.converted(stated, change.currency, record.trade_date)
            found.append(part_node(made, weight))
    return found


@exact
def cash_nodes(change: Change, record: Transaction) -> list[Node]:
    """What a record did to cash, leg by leg."""
    return [
        part_node(
            change.rates.converted(leg, change.currency, record.trade_date),
            change.weight(leg.unit),
        )
        for leg in cash_legs(record)
        if change.weight(leg.unit)
    ]
