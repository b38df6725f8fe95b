"""What records say of a change of a slice's value: what moved in and out, and what it bears.

A record's income, fees and taxes are borne by what its cash comes from: its instrument, or the
cash of their currency where it names none; of a conversion by the currency given, of a merger by
what was given, of a spin-off that is income by the parent. So the bars of all segments of a
portfolio add up to those of the portfolio, what moves among them aside.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from truenav.core.ids import TransactionId
from truenav.core.ledger.postings import Posting, postings
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import Transaction, crosses_account
from truenav.core.performance.effects import Bar, Effect, Valuer, bar_of, way_of
from truenav.core.valuation.nav import Unknown
from truenav.core.valuation.segments import (
    OUT_OF_A_PARENT,
    Money,
    Move,
    Segment,
    moves_of,
)
from truenav.core.valuation.slices import Flows, Slice

ZERO, ONE = Decimal(0), Decimal(1)
Payers = Mapping[TransactionId, Mapping[str, Segment]]


def slice_effects(
    records: Sequence[Transaction],
    accrued: set[TransactionId | None],
    of: Slice,
    valuer: Valuer,
    span: tuple[date, date],
) -> Iterator[Effect]:
    """Effects of the records after the first day of a span up to its last one.

    Args:
        records: Live records of one account, all of each day.
        accrued: Records whose income counted when it was due; their cash moves all the same.
        of: The slice.
        valuer: Of amounts of a day.
        span: The first day, whose close is the opening value, and the last.
    """
    within = [r for r in records if span[0] < r.trade_date <= span[1]]
    moved = moves_by_record(within)
    payers = {key: payers_of(moves) for key, moves in moved.items()}
    flows = Flows(valuer.market, valuer.currency)
    for record in within:
        yield from _crossed(record, moved.get(record.id, ()), of, flows)
        if not crosses_account(record) and record.id not in accrued:
            yield from _borne(record, payers.get(record.id, {}), of, valuer)


def moves_by_record(records: Iterable[Transaction]) -> dict[TransactionId, list[Move]]:
    """Moves of one account's records, all of each day, by the record that says so."""
    moved: dict[TransactionId, list[Move]] = {}
    for move in moves_of(records):
        moved.setdefault(move.transaction_id, []).append(move)
    return moved


def payers_of(moves: Iterable[Move]) -> dict[str, Segment]:
    """Where the cash of a record comes from, by its currency."""
    return {
        move.target: move.source
        for move in moves
        if isinstance(move.target, str) and move.source is not None
    }


def _crossed(
    record: Transaction, moves: Sequence[Move], of: Slice, flows: Flows
) -> Iterator[Effect]:
    """What a record brought into the slice or took out of it, on balance."""
    total, sides, reasons = ZERO, list[Bar](), list[Unknown]()
    changes = [(move, of.weight(move.target) - of.weight(move.source)) for move in moves]
    changes = [(move, change) for move, change in changes if change]
    for move, change in changes:
        amount, missing = flows.worth(move)
        if missing is not None:
            sides.append(way_of(record) if crosses_account(record) else _side(move, change))
            reasons.append(missing)
        total += (amount or ZERO) * change
    if reasons:
        yield Effect(sides[0], record.id, record.trade_date, None, tuple(reasons))
    elif changes:
        bar = Bar.DEPOSITS if total > 0 else Bar.WITHDRAWALS if total < 0 else way_of(record)
        yield Effect(bar, record.id, record.trade_date, total)


def _side(move: Move, change: Decimal) -> Bar:
    """Whether something of unknown value went in or out."""
    first = move.parts[0]
    size = first.amount if isinstance(first, Money) else first.quantity
    return Bar.DEPOSITS if size * change > 0 else Bar.WITHDRAWALS


def _borne(
    record: Transaction, payers: Mapping[str, Segment], of: Slice, valuer: Valuer
) -> Iterator[Effect]:
    for segment, effect in borne_effects(record, payers, valuer):
        weight = of.weight(segment)
        if weight:
            yield weighed(effect, weight)


def borne_effects(
    record: Transaction, payers: Mapping[str, Segment], valuer: Valuer
) -> Iterator[tuple[Segment | None, Effect]]:
    """Income, fees and taxes of a record, each with the segment whose they are."""
    for leg in postings(record):
        bar = bar_of(record.kind, leg.leg)
        if bar is not None and leg.currency is not None:
            effect = valuer.of(bar, record.id, record.trade_date, leg.currency, -leg.amount)
            yield bearer(record, leg, payers), effect


def bearer(record: Transaction, leg: Posting, payers: Mapping[str, Segment]) -> Segment | None:
    """The segment whose income or cost a leg of a record is."""
    parent = record.source_instrument_id
    if leg.leg is Leg.INCOME and record.kind in OUT_OF_A_PARENT and parent is not None:
        return parent
    return payers.get(leg.currency or "") or record.instrument_id or leg.currency


def weighed(effect: Effect, weight: Decimal) -> Effect:
    """The part of an effect that belongs to something with a weight of 0 to 1."""
    if weight == ONE or effect.amount is None:
        return effect
    return replace(effect, amount=effect.amount * weight)
