"""The bars of a change of value as figures that prove themselves: record by record, at its rate.

The way here is not the waterfall's: what a bar holds is asked of it, how much is worked out from
the records' own cash, legs and lots.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from truenav.core.explanation import Node, NodeKind, Ref, leaf, total
from truenav.core.ids import TransactionId
from truenav.core.ledger.explaining import Trail
from truenav.core.ledger.explaining_gains import closure_gain
from truenav.core.ledger.explaining_records import name_of, ref_of
from truenav.core.ledger.methods import POOLING, LotMethod, MethodPolicy
from truenav.core.ledger.replay import replay
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import Transaction, crosses_account
from truenav.core.money import exact
from truenav.core.performance.effects import Bar, Effect
from truenav.core.performance.explaining_records import (
    Change,
    borne_nodes,
    crossing_nodes,
    part_node,
)
from truenav.core.performance.waterfall import Books, before_costs
from truenav.core.unfolding import Term, told
from truenav.core.valuation.receivables import Receivable

ZERO = Decimal(0)
LEGS: Final[Mapping[Bar, frozenset[Leg]]] = {
    Bar.DIVIDENDS: frozenset({Leg.INCOME}),
    Bar.INTEREST: frozenset({Leg.INCOME}),
    Bar.OTHER: frozenset({Leg.INCOME, Leg.CLEARING, Leg.SUSPENSE, Leg.FLOW}),
    Bar.FEES: frozenset({Leg.FEE}),
    Bar.TAXES: frozenset({Leg.TAX}),
    Bar.FX: frozenset({Leg.CLEARING}),
}
FLOWS: Final = frozenset({Bar.DEPOSITS, Bar.WITHDRAWALS})


@exact
def bar_terms(change: Change, effects: Sequence[Effect], bar: Bar) -> list[Term]:
    """What the records and the income due of a bar add to it, in order of day.

    Args:
        change: The records, and what they are valued with.
        effects: Of the waterfall: which records a bar holds.
        bar: Any; of `fx` only what conversions cost, of `unrealized` nothing.
    """
    records = change.records
    found: dict[tuple[date, UUID | int], Node] = {}
    realized = _realized(change) if bar is Bar.REALIZED else {}
    for place, effect in enumerate(effects):
        if effect.bar is not bar:
            continue
        if effect.due is not None:
            weight = change.weight(effect.due.instrument_id)
            found[effect.day, place] = part_node(due_node(change, effect.due, bar), weight)
        elif effect.transaction_id is not None:
            record = records[effect.transaction_id]
            key = effect.day, record.id
            if key not in found:
                is_gain = bar is Bar.REALIZED
                found[key] = realized[record.id] if is_gain else _of_record(change, record, bar)
    return [told(node, day) for (day, _), node in sorted(found.items(), key=_order)]


def _order(item: tuple[tuple[date, UUID | int], Node]) -> tuple[date, str]:
    return item[0][0], str(item[0][1])


def _of_record(change: Change, record: Transaction, bar: Bar) -> Node:
    if bar in FLOWS:
        ends = [record, *_other_ends(change, record)]
        parts = [node for end in ends for node in crossing_nodes(change, end)]
        formula = "cash, and units at the day's close"
        return _named(record, change, parts, formula if change.of is None else "move by move")
    return _named(
        record, change, borne_nodes(change, record, LEGS[bar]), "amount × rate of its day"
    )


def _other_ends(change: Change, record: Transaction) -> list[Transaction]:
    """Of a transfer between these accounts what arrived differs from what left: both are told."""
    if record.link_id is None or not crosses_account(record):
        return []
    return [
        other
        for other in change.records.values()
        if other.link_id == record.link_id
        and change.has(other)
        and other.account_id != record.account_id
        and crosses_account(other)
    ]


def _named(record: Transaction, change: Change, parts: Sequence[Node], formula: str) -> Node:
    label = name_of(record)
    if record.instrument_id is not None:
        label = f"{change.name(record.instrument_id)}: {label}"
    if len(parts) == 1:
        return parts[0].told(label=label)
    made = total(label, change.currency, parts, formula)
    return made.told(ref=ref_of(record))


@exact
def due_node(change: Change, one: Receivable, bar: Bar) -> Node:
    """A part of income on its ex-date: before tax, the tax, or the fee, as it changes the value."""
    words, amount = {
        Bar.DIVIDENDS: ("before tax", one.gross),
        Bar.TAXES: ("tax", -one.withheld),
    }.get(bar, ("fee", -one.fee))
    return due_amount(change, one, words, amount, one.since)


def due_amount(change: Change, one: Receivable, words: str, amount: Decimal, day: date) -> Node:
    """An amount of income due, at the rate of a day."""
    ref = Ref(
        transaction_id=one.transaction_id, instrument_id=one.instrument_id,
        account_id=one.account_id, day=day,
    )  # fmt: skip
    label = f"{change.name(one.instrument_id)}, ex {one.since.isoformat()}: {words}"
    kind = NodeKind.EVENT if one.transaction_id is None else NodeKind.RECORD
    stated = leaf(kind, label, one.currency, amount, ref)
    return change.rates.converted(stated, change.currency, day)


# --- realized -----------------------------------------------------------------------------------


def _realized(change: Change) -> dict[TransactionId, Node]:
    """What each record realized, before costs: lot by lot, at the rate of its day."""
    found: dict[TransactionId, list[Node]] = {}
    for books in change.books:
        trail = _trail(books)
        for key, closure in trail.closures.items():
            weight = change.weight(closure.instrument_id)
            if weight and change.first_day < closure.closed_date <= change.last_day:
                gain = without_ways(closure_gain(trail, key))
                made = change.rates.converted(gain, change.currency, closure.closed_date)
                if not closure.is_cost_known:
                    made = made.told(unknown_reason="cost_unknown")
                label = f"Lot of {closure.acquired_date.isoformat()}"
                made = part_node(made.told(label=label), weight)
                found.setdefault(closure.closed_by, []).append(made)
    records = change.records
    return {
        key: _named(records[key], change, parts, "lot by lot, before fees and taxes")
        for key, parts in found.items()
    }


def _trail(books: Books) -> Trail:
    """What lots came from had dealing been free: fees and taxes have bars of their own."""
    return trail_of([before_costs(record) for record in books.records], books.method)


def trail_of(records: Sequence[Transaction], method: LotMethod | MethodPolicy) -> Trail:
    """What the lots of an account's records came from, by numbers instead of stored ids."""
    state = replay(records, method=method)
    used = {method} if isinstance(method, LotMethod) else {
        method.first, *(changed for _, changed in method.changes)
    }  # fmt: skip
    return Trail(
        records={record.id: record for record in records},
        lots={lot.id: lot for lot in state.open_lots()},
        closures={UUID(int=place): made for place, made in enumerate(state.closures)},
        adjustments=state.adjustments,
        is_pooled=bool(used & POOLING) or any(r.lot_method in POOLING for r in records),
    )


def without_ways(node: Node) -> Node:
    """The same tree without ways on: the stored lots and gains are those after costs."""
    return replace(node, more=None, children=tuple(without_ways(one) for one in node.children))
