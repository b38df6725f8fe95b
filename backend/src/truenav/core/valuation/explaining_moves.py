"""What went into a slice and came out of it, move by move, as figures that prove themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.explanation import (
    UNITS,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    product,
    total,
    unknown,
)
from truenav.core.ids import TransactionId
from truenav.core.ledger.explaining_records import name_of, ref_of
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact
from truenav.core.valuation.explaining import Rates, price_node
from truenav.core.valuation.nav import Market
from truenav.core.valuation.segments import Move, Part, Segment, Units
from truenav.core.valuation.slices import Slice

ONE = Decimal(1)
EDGE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What moves across the edge of a slice are told with; `records` by what a move is of."""

    of: Slice
    records: Mapping[TransactionId, Transaction]
    market: Market
    rates: Rates
    currency: str
    symbols: Mapping[UUID, str]


@exact
def move_node(found: Moving, move: Move) -> Node:
    """What a move brought into the slice: its worth × how much more of it belongs there."""
    record = found.records[move.transaction_id]
    weight = found.of.weight(move.target) - found.of.weight(move.source)
    ref = ref_of(record)
    worth = _worth(found, move, ref)
    way = f"{_name(found, move.source)} → {_name(found, move.target)}"
    label = f"{name_of(record)}: {way}"
    if weight == ONE:
        return worth.told(label=label)
    sign = constant(weight, "it leaves" if weight == -ONE else "part that belongs here")
    return product(label, found.currency, (worth, sign), "worth × part").told(ref=ref)


def _name(found: Moving, segment: Segment | None) -> str:
    if segment is None:
        return EDGE
    if isinstance(segment, str):
        return f"{segment} cash"
    return found.symbols.get(segment, "holding")


def _worth(found: Moving, move: Move, ref: Ref) -> Node:
    """All parts at their day's close and rate; what counts otherwise where a close is missing."""
    parts = [_part(found, part, move.day, ref) for part in move.parts]
    if any(part.unknown_reason == "price_missing" for part in parts) and move.otherwise:
        parts = [_part(found, part, move.day, ref) for part in move.otherwise]
    if len(parts) == 1:
        return parts[0]
    return total("Worth", found.currency, parts, "what it is made of").told(ref=ref)


def _part(found: Moving, part: Part, day: date, ref: Ref) -> Node:
    if not isinstance(part, Units):
        cash = leaf(NodeKind.RECORD, "Cash", part.currency, part.amount, ref)
        return found.rates.converted(cash, found.currency, day)
    series = found.market.prices.get(part.instrument_id)
    price = series.at(day) if series is not None else None
    if series is None or price is None:
        of = Ref(instrument_id=part.instrument_id, day=day)
        return unknown("Units", found.currency, "price_missing", of)
    units = [leaf(NodeKind.RECORD, "Units", UNITS, part.quantity, ref)]
    multiplier = found.market.multiplier(part.instrument_id)
    if multiplier != ONE:
        units.append(constant(multiplier, "Units of one contract", UNITS))
    close = price_node(price, series.currency, part.instrument_id, day)
    worth = product("Units at the close", series.currency, (*units, close), "units × close")
    return found.rates.converted(worth.told(ref=ref), found.currency, day)
