"""What went into a slice and came out of it on a day, move by move."""

from datetime import date
from decimal import Decimal

from truenav.core.explanation import Ref, total
from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.transactions import Transaction
from truenav.core.valuation.explaining_moves import Moving, move_node
from truenav.core.valuation.segments import Move, Units, moves_of
from truenav.core.valuation.slices import Slice
from truenav.features.ledger import reads as ledger_reads
from truenav.features.marketdata.rates import with_sources
from truenav.features.marketdata.reads import market_on
from truenav.features.valuation import repository
from truenav.features.valuation.explain_overview import near
from truenav.features.valuation.series import Scope, nav_series
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)


async def explain_moves(uow: UnitOfWork, scope: Scope, of: Slice, day: date) -> ExplanationOut:
    """What went into a slice of the scope less what came out of it on a day."""
    points = await nav_series(uow, scope, day, day)
    kept = points[0].external_flow if points else ZERO
    found, moves = await _moves(uow, scope, of, day)
    lines = [move_node(found, move) for move in moves]
    made = total("Went in or out", scope.currency, lines, "move by move: in less out")
    return explanation(kept, near(made, kept).told(ref=Ref(day=day), page="slices"))


async def _moves(uow: UnitOfWork, scope: Scope, of: Slice, day: date) -> tuple[Moving, list[Move]]:
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
    found = Moving(
        of=of,
        records=records,
        market=market,
        rates=await with_sources(uow.session, market.fx),
        currency=scope.currency,
        symbols={key: row.symbol for key, row in rows.items()},
    )
    return found, moves
