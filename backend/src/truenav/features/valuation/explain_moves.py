"""What went into a slice and came out of it on a day, move by move."""

from collections.abc import Mapping, Sequence
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
from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.explaining_records import name_of, ref_of
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact
from truenav.core.valuation.explaining import Rates, price_node
from truenav.core.valuation.nav import Market
from truenav.core.valuation.segments import Move, Part, Segment, Units, moves_of
from truenav.core.valuation.slices import Slice
from truenav.features.ledger import reads as ledger_reads
from truenav.features.marketdata.rates import with_sources
from truenav.features.marketdata.reads import market_on
from truenav.features.valuation import repository
from truenav.features.valuation.explain_overview import near
from truenav.features.valuation.series import Scope, nav_series
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.unit_of_work import UnitOfWork

ZERO, ONE = Decimal(0), Decimal(1)
EDGE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesOfDay:
    """Moves of one day across the edge of a slice, and what they are told with.

    `records` are the day's, by what a move says it is of.
    """

    of: Slice
    moves: Sequence[Move]
    records: Mapping[TransactionId, Transaction]
    market: Market
    rates: Rates
    currency: str
    symbols: Mapping[UUID, str]


async def explain_moves(uow: UnitOfWork, scope: Scope, of: Slice, day: date) -> ExplanationOut:
    """What went into a slice of the scope less what came out of it on a day."""
    points = await nav_series(uow, scope, day, day)
    kept = points[0].external_flow if points else ZERO
    found = await _moves(uow, scope, of, day)
    lines = [_line(found, move) for move in found.moves]
    made = total("Went in or out", scope.currency, lines, "move by move: in less out")
    return explanation(kept, near(made, kept).told(ref=Ref(day=day), page="slices"))


async def _moves(uow: UnitOfWork, scope: Scope, of: Slice, day: date) -> MovesOfDay:
    moves: list[Move] = []
    records: dict[TransactionId, Transaction] = {}
    for account_id in scope.account_ids:
        posted = await ledger_reads.records_of_day(uow.session, [account_id], day)
        records.update((record.id, record) for record in posted)
        moves += [m for m in moves_of(posted) if of.weight(m.target) != of.weight(m.source)]
    parts = [part for move in moves for part in (*move.parts, *move.otherwise)]
    held: set[InstrumentId] = {part.instrument_id for part in parts if isinstance(part, Units)}
    named = {seg for m in moves for seg in (m.source, m.target) if not isinstance(seg, str)}
    codes = {part.currency for part in parts if not isinstance(part, Units)}
    market = await market_on(uow.session, held, {scope.currency, *codes}, day=day)
    rows = await repository.instruments(uow.session, [key for key in named if key is not None])
    return MovesOfDay(
        of=of,
        moves=moves,
        records=records,
        market=market,
        rates=await with_sources(uow.session, market.fx),
        currency=scope.currency,
        symbols={key: row.symbol for key, row in rows.items()},
    )


@exact
def _line(found: MovesOfDay, move: Move) -> Node:
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


def _name(found: MovesOfDay, segment: Segment | None) -> str:
    if segment is None:
        return EDGE
    if isinstance(segment, str):
        return f"{segment} cash"
    return found.symbols.get(segment, "holding")


def _worth(found: MovesOfDay, move: Move, ref: Ref) -> Node:
    """All parts at their day's close and rate; what counts otherwise where a close is missing."""
    parts = [_part(found, part, move.day, ref) for part in move.parts]
    if any(part.unknown_reason == "price_missing" for part in parts) and move.otherwise:
        parts = [_part(found, part, move.day, ref) for part in move.otherwise]
    if len(parts) == 1:
        return parts[0]
    return total("Worth", found.currency, parts, "what it is made of").told(ref=ref)


def _part(found: MovesOfDay, part: Part, day: date, ref: Ref) -> Node:
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
