"""Why a preview says what it says: trees that come with the answer, for nothing of it is stored."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from truenav.core.explanation import (
    UNITS,
    Node,
    NodeKind,
    Ref,
    capped,
    constant,
    leaf,
    minus,
    product,
    remainder,
    rounded,
    total,
    unknown,
)
from truenav.core.ids import InstrumentId
from truenav.core.ledger.explaining import Trail, lot_cost, lot_units
from truenav.core.ledger.explaining_positions import position_units
from truenav.core.ledger.explaining_records import cash_of
from truenav.core.ledger.lots import Lot, LotClosure
from truenav.core.ledger.transactions import Transaction
from truenav.core.ledger.what_if import WhatIf, WouldClose
from truenav.core.money import exact
from truenav.features.ledger.actions_preview import Change
from truenav.platform.explanations import (
    ExplanationOut,
    KeyedExplanation,
    explanation,
    unlinked,
)

ZERO = Decimal(0)
TOLD = 60


# --- what if I sell -----------------------------------------------------------------------------


@exact
def explain_outcome(found: WhatIf, currency: str) -> dict[str, ExplanationOut]:
    """Gain in all and by term: of every lot its part of the proceeds less its cost."""
    lines = [(part, _would_gain(part, currency)) for part in found.closes]
    short = [line for part, line in lines if not part.is_long_term]
    long = [line for part, line in lines if part.is_long_term]
    named = [
        ("gain", found.gain, [line for _, line in lines]),
        ("short_term_gain", found.short_term_gain, short),
        ("long_term_gain", found.long_term_gain, long),
    ]
    return {
        name: explanation(value, total("Gain", currency, of, "lot by lot").told(page="lots"))
        for name, value, of in named
    }


def _would_gain(part: WouldClose, currency: str) -> Node:
    lot = part.lot
    day = lot.acquired_date.isoformat()
    ref = Ref(transaction_id=lot.opened_by, instrument_id=lot.instrument_id, day=lot.acquired_date)
    brought = leaf(NodeKind.EVENT, "Its part of the proceeds", currency, part.proceeds)
    brought = brought.told(note=f"{lot.quantity:f} units; the last lot takes what rounding leaves")
    if not lot.is_cost_known:
        cost = unknown("Cost", currency, "cost_unknown", ref)
    else:
        cost = leaf(NodeKind.EVENT, f"Cost of {lot.quantity:f} units", currency, lot.cost, ref)
    term = "long-term" if part.is_long_term else "short-term"
    made = minus(f"Lot of {day}", currency, (brought, cost), "proceeds − cost")
    return made.told(ref=ref, note=term)


@exact
def explain_proceeds(
    value: Decimal, factors: Sequence[Decimal], fee: Decimal, currency: str
) -> ExplanationOut:
    """Units × price (× units of a contract) − costs, to the cent. Factors in that order."""
    labels = (("Units", UNITS), ("Price", currency), ("Units of one contract", UNITS))
    named = [
        constant(factor, label, unit)
        for factor, (label, unit) in zip(factors, labels, strict=False)
    ]
    gross = product("Units × price", currency, named)
    parts = (gross, constant(fee, "Costs", currency)) if fee else (gross,)
    made = minus("Proceeds", currency, parts, "units × price − costs")
    return explanation(value, rounded(made, value))


# --- corporate actions --------------------------------------------------------------------------


def explain_change(change: Change) -> list[KeyedExplanation]:
    """Positions, lots, cash and gains with the event's records among the others."""
    found: list[tuple[str, str, ExplanationOut]] = []
    # no record of the event is posted and no lot is as it would be: there is nothing to lead to
    trail, after = change.trail, change.after
    for key, position in after.positions.items():
        units = position_units(trail.records.values(), position.quantity, key)
        found.append(("units", str(key), explanation(position.quantity, units)))
        cost = position.cost if position.is_cost_known else None
        found.append(("cost", str(key), explanation(cost, _cost(change, key, position.currency))))
    for place, lot in enumerate(after.lots):
        found += [(of, str(place), told) for of, told in _lot(trail, lot)]
    for place, lot in enumerate(change.before.lots):
        lines = _lot(change.trail_before, lot)
        found += [(f"{of}_before", str(place), told) for of, told in lines]
    for currency, gain in change.before.realized.items():
        told = _realized(change.closures_before, currency)
        found.append(("realized_before", currency, explanation(gain, told)))
    for currency, amount in after.cash.items():
        told = _cash(change, currency)
        found.append(("cash", currency, explanation(amount, told)))
    for currency, gain in after.realized.items():
        told = _realized(change.closures_after, currency)
        found.append(("realized", currency, explanation(gain, told)))
    for place, closure in enumerate(change.closures):
        gain = closure.gain if closure.is_cost_known else None
        found.append(("gain", str(place), explanation(gain, _gain(closure))))
    return [
        KeyedExplanation(of=of, key=key, explanation=unlinked(told, change.added))
        for of, key, told in found
    ]


@exact
def _cost(change: Change, key: InstrumentId, currency: str) -> Node:
    lots = [lot for lot in change.after.lots if lot.instrument_id == key]
    lines = []
    for lot in lots[:TOLD]:
        cost = lot.cost if lot.is_cost_known else None
        made = lot_cost(change.trail, lot.id, cost)
        label = f"Lot of {lot.acquired_date.isoformat()}"
        if lot.is_short:
            made = minus(label, currency, (constant(ZERO, "Owed", currency), made))
        lines.append(made.told(label=label))
    older, rest = lots[TOLD:], None
    if older:
        is_known = all(lot.is_cost_known for lot in older)
        value = sum((-lot.cost if lot.is_short else lot.cost for lot in older), ZERO)
        rest = remainder(len(older), currency, value if is_known else None, "", "cost_unknown")
    return capped("Cost", currency, lines, rest, "lot by lot").told(page="lots")


def _lot(trail: Trail, lot: Lot) -> Iterable[tuple[str, ExplanationOut]]:
    cost = lot.cost if lot.is_cost_known else None
    yield "lot_units", explanation(lot.quantity, lot_units(trail, lot.id, lot.quantity))
    yield "lot_cost", explanation(cost, lot_cost(trail, lot.id, cost))


@exact
def _cash(change: Change, currency: str) -> Node:
    before = change.before.cash.get(currency, ZERO)
    now = leaf(NodeKind.EVENT, "Cash without the event", currency, before)
    lines = [now]
    lines += [
        node
        for record in change.added.values()
        for node in _legs(record)
        if node.unit == currency and node.value
    ]
    return total("Cash", currency, lines, "cash now, and what the event's records move")


def _legs(record: Transaction) -> Iterable[Node]:
    if any((record.gross, record.fee, record.tax)):
        yield cash_of(record)
    if record.counter is not None:
        yield cash_of(record, 1)


@exact
def _realized(closures: Sequence[LotClosure], currency: str) -> Node:
    mine = [closure for closure in closures if closure.currency == currency]
    mine.sort(key=lambda closure: closure.closed_date, reverse=True)
    lines = [_gain(closure) for closure in mine[:TOLD]]
    older = mine[TOLD:]
    rest = None
    if older:
        is_known = all(closure.is_cost_known for closure in older)
        value = sum((closure.gain for closure in older), ZERO) if is_known else None
        rest = remainder(len(older), currency, value, "", "cost_unknown")
    return capped("Realized", currency, lines, rest, "gain by gain, the newest first")


@exact
def _gain(closure: LotClosure) -> Node:
    currency, label = closure.currency, f"Realized on {closure.closed_date.isoformat()}"
    ref = Ref(instrument_id=closure.instrument_id, day=closure.closed_date)
    brought = leaf(NodeKind.EVENT, "Proceeds", currency, closure.proceeds)
    if closure.is_cost_known:
        cost = leaf(NodeKind.EVENT, "Cost", currency, closure.cost)
    else:
        cost = unknown("Cost", currency, "cost_unknown", ref)
    made = minus(label, currency, (brought, cost), "proceeds − cost")
    return made.told(ref=ref, note=f"acquired on {closure.acquired_date.isoformat()}")
