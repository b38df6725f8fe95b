"""Where a realized gain comes from: the part of the sale, and the part of the lot."""

from decimal import Decimal
from uuid import UUID

from truenav.core.explanation import UNITS, Node, NodeKind, leaf, minus, rounded, total, unknown
from truenav.core.ids import LotId
from truenav.core.ledger.bookkeeper import own_lot_id
from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.explaining import (
    PAGE,
    TINY,
    Trail,
    before,
    birth_of,
    lot_cost,
    opener_of,
    opening,
    opening_units,
    premium_of,
    share_of,
    steps_of,
)
from truenav.core.ledger.explaining_records import cost_of, proceeds_node, ref_of, stated
from truenav.core.ledger.lots import (
    AdjustmentKind,
    ClosureKind,
    LotAdjustment,
    LotClosure,
)
from truenav.core.ledger.rules import Action, action_of
from truenav.core.ledger.trades import proceeds_of
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact

ZERO = Decimal(0)


@exact
def closure_gain(trail: Trail, closure_id: UUID) -> Node:
    """Proceeds less cost; unknown while the cost is."""
    closure = trail.closures[closure_id]
    parts = (closure_proceeds(trail, closure_id), closure_cost(trail, closure_id))
    return minus("Gain", closure.currency, parts, "proceeds − cost").told(
        ref=ref_of(trail.records[closure.closed_by]), page=PAGE
    )


@exact
def closure_proceeds(trail: Trail, closure_id: UUID) -> Node:
    """What closing brought in: its units' part of the sale; of a short, of what it sold for."""
    closure = trail.closures[closure_id]
    if closure.is_short:
        return _closed_part(trail, closure, closure.proceeds, "Proceeds of the short sale")
    return _record_part(trail, closure, closure.proceeds, "Proceeds")


@exact
def closure_cost(trail: Trail, closure_id: UUID) -> Node:
    """What the units had cost; of a short, what covering took."""
    closure = trail.closures[closure_id]
    record = trail.records[closure.closed_by]
    if not closure.is_cost_known:
        opened = opener_of(trail, closure.lot_id)
        at = ref_of(opened) if opened is not None else ref_of(record)
        return unknown("Cost", closure.currency, "cost_unknown", at)
    if closure.is_short:
        return _record_part(trail, closure, closure.cost, "Cost of covering")
    if closure.kind is not ClosureKind.CLOSED:
        label = "Cash that lowered the cost instead"
        return leaf(NodeKind.EVENT, label, closure.currency, closure.cost, ref_of(record))
    return _closed_part(trail, closure, closure.cost, "Cost")


@exact
def lot_before(trail: Trail, gone: LotAdjustment) -> Node:
    """What a lot stood at just before an event."""
    return lot_cost(trail, gone.lot_id, gone.cost_before, until=trail.records[gone.caused_by])


@exact
def lot_taken(trail: Trail, gone: LotAdjustment) -> Node:
    """What an event that is no sale took out of a lot: a transfer, an exchange, an exercise."""
    record, currency = trail.records[gone.caused_by], lot_before(trail, gone).unit
    return _lot_part(
        trail, gone.lot_id, record, gone.quantity_before,
        leaf(NodeKind.EVENT, "Cost that left", currency, gone.cost_before, ref_of(record)),
    )  # fmt: skip


@exact
def closure_units(trail: Trail, closure_id: UUID) -> Node:
    """Units of a lot that a record closed: its own, less what it took from other lots."""
    closure = trail.closures[closure_id]
    record = trail.records[closure.closed_by]
    plain = leaf(NodeKind.EVENT, "Units closed", UNITS, closure.quantity, ref_of(record))
    if closure.kind is not ClosureKind.CLOSED or not record.quantity:
        return plain
    stated_units = stated(record, "Units of the record", abs(record.quantity), UNITS)
    others = [
        leaf(NodeKind.EVENT, f"Taken from the lot of {c.acquired_date.isoformat()}", UNITS,
             c.quantity, ref_of(record))
        for key, c in trail.closures.items()
        if key != closure_id and c.closed_by == record.id and c.kind is ClosureKind.CLOSED
    ]  # fmt: skip
    made = minus("Units closed", UNITS, (stated_units, *others), "units − those of other lots")
    return _agreeing(made, closure.quantity, plain, "Units closed")


def _closed_part(trail: Trail, closure: LotClosure, value: Decimal, label: str) -> Node:
    """The closed units' part of what the lot stood at just before."""
    record = trail.records[closure.closed_by]
    plain = leaf(NodeKind.EVENT, label, closure.currency, value, ref_of(record)).told(page=PAGE)
    return _lot_part(trail, closure.lot_id, record, closure.quantity, plain)


def _lot_part(
    trail: Trail, lot_id: LotId, record: Transaction, quantity: Decimal, plain: Node
) -> Node:
    """So many units' part of a lot before a record; `plain` where the rows do not tell it."""
    value, label = plain.value or ZERO, plain.label
    if opener_of(trail, lot_id) is None:
        return plain
    steps = before(steps_of(trail, lot_id), record)
    opened, units = opening(trail, lot_id), opening_units(trail, lot_id)
    if opened.value is None or units.value is None:
        return plain
    opener = opener_of(trail, lot_id)
    is_matched = birth_of(trail, lot_id) is None and (
        opener is not None and own_lot_id(opener) != lot_id
    )
    cost = opened.value + sum((step.cost for step in steps), ZERO)
    held = quantity if is_matched else units.value + sum((s.units for s in steps), ZERO)
    then = lot_cost(trail, lot_id, cost, until=record)
    return _agreeing(share_of(then, quantity, held, label), value, plain, label)


def _record_part(trail: Trail, closure: LotClosure, value: Decimal, label: str) -> Node:
    """The closed units' part of what the closing record paid or brought in."""
    record = trail.records[closure.closed_by]
    plain = leaf(NodeKind.EVENT, label, closure.currency, value, ref_of(record)).told(page=PAGE)
    if closure.kind is ClosureKind.CAPITAL_RETURNED:
        return _excess(trail, closure, record, plain)
    if closure.kind is ClosureKind.BOOT:
        return plain.told(note="the lot's part of the cash paid beside the units")
    taken = action_of(record)
    if taken in {Action.EXCHANGE, Action.NONE}:
        return plain.told(note="what came for the units: cash, and units at their stated value")
    whole = cost_of(record) if closure.is_short else proceeds_node(record, proceeds_of(record))
    premium = premium_of(trail, record)
    if premium:
        maker = minus if closure.is_short else total
        whole = maker(f"{whole.label} with premium", whole.unit, (whole, *premium))
    closed = sum((c.quantity for c in trail.closed_by(record.id)), ZERO)
    units = abs(record.quantity) if record.quantity else closed
    return _agreeing(share_of(whole, closure.quantity, units, label), value, plain, label)


def _excess(trail: Trail, closure: LotClosure, record: Transaction, plain: Node) -> Node:
    """Capital returned beyond what the lot had cost."""
    returned = [
        a for a in trail.adjustments
        if a.caused_by == record.id and a.kind is AdjustmentKind.RETURN_OF_CAPITAL
    ]  # fmt: skip
    mine = next((a for a in returned if a.lot_id == closure.lot_id), None)
    amount = net_cash(record)
    if mine is None or amount is None:
        return plain
    whole = stated(record, "Capital returned", amount, closure.currency)
    share = share_of(
        whole, mine.quantity_before, sum((a.quantity_before for a in returned), ZERO), "Its part"
    )
    cost = leaf(NodeKind.EVENT, "Cost of the lot before it", closure.currency, mine.cost_before,
                plain.ref)  # fmt: skip
    made = minus(plain.label, closure.currency, (share, cost), "capital returned − cost")
    return _agreeing(made, closure.proceeds, plain, plain.label)


def _agreeing(made: Node, value: Decimal, plain: Node, label: str) -> Node:
    """What was worked out, if it is what the ledger keeps; else the kept figure, as such."""
    if made.value is None or abs(made.value - value) > TINY:
        return plain
    return rounded(made, value, label).told(ref=plain.ref, page=PAGE)
