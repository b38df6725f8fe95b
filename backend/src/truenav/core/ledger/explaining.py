"""Where lots, gains and positions come from: records, and what events and sales did to each lot.

The way here is not the engine's: a lot is what its record opened it with, changed by every event
and sale that names it. Both must come to the same figure; where records do not tell it (units
pooled at an average), the tree says so in a node of its own instead of hiding it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from truenav.core.explanation import (
    UNITS,
    Node,
    NodeKind,
    leaf,
    minus,
    path,
    product,
    quotient,
    rounded,
    total,
    unknown,
)
from truenav.core.ids import LotId, TransactionId
from truenav.core.ledger.bookkeeper import own_lot_id
from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.explaining_records import (
    cost_of,
    name_of,
    proceeds_node,
    ref_of,
    stated,
    worth,
)
from truenav.core.ledger.lots import AdjustmentKind, ClosureKind, Lot, LotAdjustment, LotClosure
from truenav.core.ledger.ordering import order_of
from truenav.core.ledger.rules import Action, action_of
from truenav.core.ledger.trades import proceeds_of
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact

K = TransactionKind
ZERO = Decimal(0)
TINY = Decimal("1E-12")  # remainders of dividing at 18 places, over as many lots as there can be
PAGE = "lots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What the lots of one account came from.

    `records` are those the rows name, and those linked with them; `closures` by their ids.
    `is_pooled` says that the account averages its lots, by which no row tells what moved.
    """

    records: Mapping[TransactionId, Transaction]
    lots: Mapping[LotId, Lot]
    closures: Mapping[UUID, LotClosure]
    adjustments: Sequence[LotAdjustment]
    is_pooled: bool = False

    def closed_by(self, record_id: TransactionId) -> list[LotClosure]:
        """Units one record closed."""
        return [
            c for c in self.closures.values()
            if c.closed_by == record_id and c.kind is ClosureKind.CLOSED
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a lot after it was opened; changes with their sign."""

    label: str
    units: Decimal
    cost: Decimal
    record: Transaction
    more: str | None = None


def steps_of(trail: Trail, lot_id: LotId) -> list[Step]:
    """Sales and events of a lot in the order they took effect, its opening left out."""
    found = [
        _sold(closure_id, closure, trail.records[closure.closed_by])
        for closure_id, closure in trail.closures.items()
        if closure.lot_id == lot_id and closure.kind is ClosureKind.CLOSED
    ]
    found += [
        Step(
            _words(made.kind),
            made.quantity_after - made.quantity_before,
            made.cost_after - made.cost_before,
            trail.records[made.caused_by],
        )
        for made in trail.adjustments
        if made.lot_id == lot_id and not _opens(made)
    ]
    found += _covered_on_arrival(trail, lot_id)
    return sorted(found, key=lambda step: order_of(step.record))


ARRIVING = frozenset({AdjustmentKind.MERGER, AdjustmentKind.NAME_CHANGE})


def _covered_on_arrival(trail: Trail, lot_id: LotId) -> list[Step]:
    """What of a lot that an event brought went to cover units owed: the first to come, first."""
    found: list[Step] = []
    for mine in trail.adjustments:
        if mine.lot_id != lot_id or not mine.quantity_after:
            continue
        if not _opens(mine) and mine.kind not in ARRIVING:
            continue
        owed = sum(
            (
                c.quantity
                for c in trail.closed_by(mine.caused_by)
                if c.is_short and c.instrument_id == mine.instrument_id
            ),
            ZERO,
        )
        for other in _arrivals_with(trail, mine) if owed else ():
            taken = min(other.quantity_after, owed)
            owed -= taken
            if other.lot_id == lot_id and taken:
                cost = other.cost_after * taken / other.quantity_after
                record = trail.records[mine.caused_by]
                found.append(Step("Went to cover units that were owed", -taken, -cost, record))
    return found


def _arrivals_with(trail: Trail, mine: LotAdjustment) -> list[LotAdjustment]:
    """Lots the same record brought, in the order they came."""
    return [
        a
        for a in trail.adjustments
        if a.caused_by == mine.caused_by
        and a.instrument_id == mine.instrument_id
        and a.quantity_after
        and (_opens(a) or a.kind in ARRIVING)
    ]


def _sold(closure_id: UUID, closure: LotClosure, record: Transaction) -> Step:
    gone = closure.proceeds if closure.is_short else closure.cost
    verb = "Covered" if closure.is_short else "Sold"
    figure = "proceeds" if closure.is_short else "cost"
    return Step(
        f"{verb} by {name_of(record).lower()}", -closure.quantity, -gone, record,
        path(f"closures/{closure_id}", figure=figure),
    )  # fmt: skip


def _words(kind: AdjustmentKind) -> str:
    return kind.value.replace("_", " ").capitalize()


def _opens(made: LotAdjustment) -> bool:
    return not made.quantity_before and bool(made.quantity_after)


# --- one lot ------------------------------------------------------------------------------------


@exact
def lot_cost(
    trail: Trail, lot_id: LotId, value: Decimal | None, *, until: Transaction | None = None
) -> Node:
    """The cost of a lot (what a short sale brought in): what opened it, and what changed it since.

    Args:
        trail: What happened in the account.
        lot_id: The lot, open or closed.
        value: What the ledger keeps as its cost; None when unknown.
        until: Only what took effect before this record.
    """
    opened = opening(trail, lot_id)
    unit, steps = opened.unit, before(steps_of(trail, lot_id), until)
    label = "Cost of the lot" if until is None else "Cost of the lot before it"
    if value is None or opened.value is None:
        note = "" if value is None else "averaged with units of known cost"
        return unknown(label, unit, "cost_unknown", opened.ref, opened.note or note)
    changed = [_change(step, step.cost, unit) for step in steps if step.cost]
    if not changed and abs(opened.value - value) <= TINY:
        return rounded(opened, value, label)
    made = total(label, unit, (opened, *changed), "what opened it, and what changed it since")
    return _reconciled(trail, made, value).told(page=PAGE)


@exact
def lot_units(
    trail: Trail, lot_id: LotId, value: Decimal, *, until: Transaction | None = None
) -> Node:
    """The units of a lot, > 0: as opened, then every split, sale and transfer."""
    first = opening_units(trail, lot_id)
    changed = [
        _change(replace(step, more=None), step.units, UNITS)
        for step in before(steps_of(trail, lot_id), until)
        if step.units
    ]
    made = total("Units of the lot", UNITS, (first, *changed), "as opened, and what changed since")
    return _reconciled(trail, made, value).told(page=PAGE)


def before(steps: Sequence[Step], until: Transaction | None) -> list[Step]:
    """Steps that took effect before a record; all of them without one."""
    if until is None:
        return list(steps)
    return [step for step in steps if order_of(step.record) < order_of(until)]


def _change(step: Step, value: Decimal, unit: str) -> Node:
    made = leaf(NodeKind.EVENT, step.label, unit, value, ref_of(step.record))
    return made.told(more=step.more)


def _reconciled(trail: Trail, made: Node, value: Decimal) -> Node:
    """`made` brought to what the ledger keeps: a digit of rounding, or a pool, told as such."""
    if made.value is None:
        return made
    rest = value - made.value
    if abs(rest) <= TINY:
        return rounded(made, value)
    label, note = (
        ("Averaged with the other units", "an average cost moves between lots at every sale")
        if trail.is_pooled
        else ("Not told apart", "the records do not say which of several lots this belongs to")
    )
    moved = leaf(NodeKind.EVENT, label, made.unit, rest).told(note=note)
    return total(made.label, made.unit, (*made.children, moved), made.formula)


def birth_of(trail: Trail, lot_id: LotId) -> LotAdjustment | None:
    """The event a lot came out of; None when a record opened it by itself."""
    found = (made for made in trail.adjustments if made.lot_id == lot_id and _opens(made))
    return next(found, None)


def opener_of(trail: Trail, lot_id: LotId) -> Transaction | None:
    """The record a lot was opened by; None when nothing tells of such a lot."""
    birth = birth_of(trail, lot_id)
    if birth is not None:
        return trail.records.get(birth.caused_by)
    lot = trail.lots.get(lot_id)
    if lot is not None:
        return trail.records.get(lot.opened_by)
    named = (c.opened_by for c in trail.closures.values() if c.lot_id == lot_id)
    opened_by = next(named, None)
    return trail.records.get(opened_by) if opened_by is not None else _own(trail, lot_id)


def _own(trail: Trail, lot_id: LotId) -> Transaction | None:
    return next((r for r in trail.records.values() if own_lot_id(r) == lot_id), None)


def opening(trail: Trail, lot_id: LotId) -> Node:
    """What a lot cost (or a short sale brought in) when its record opened it, in its currency."""
    record = opener_of(trail, lot_id)
    if record is None:
        return unknown("Opening", UNITS, "record_missing")
    birth = birth_of(trail, lot_id)
    if birth is not None:
        return _born(trail, birth, record)
    if own_lot_id(record) != lot_id:
        return _matched_part(trail, lot_id, record)
    if record.quantity is not None and record.quantity < 0:
        return _opened_short(trail, record)
    return _opened_long(trail, record)


def _opened_long(trail: Trail, record: Transaction) -> Node:
    cost = worth(record) if action_of(record) is Action.EXCHANGE else cost_of(record)
    parts = [premium.told(label="Premium of what was exercised") for premium in
             premium_of(trail, record)]  # fmt: skip
    covered = [c for c in trail.closed_by(record.id) if c.is_short]
    parts += [
        leaf(NodeKind.EVENT, "Went to cover units that were owed", cost.unit, c.cost, cost.ref)
        for c in covered
    ]
    parts += [
        leaf(NodeKind.EVENT, "Matched with a sale (30-day rule)", cost.unit, c.cost, cost.ref)
        for c in _matched(trail, record)
    ]
    label = "Cost of what was opened"
    return minus(label, cost.unit, (cost, *parts)).told(ref=cost.ref) if parts else cost


def _opened_short(trail: Trail, record: Transaction) -> Node:
    first: Node = proceeds_node(record, proceeds_of(record))
    premium = premium_of(trail, record)
    if premium:
        first = total("Proceeds with premium", first.unit, (first, *premium))
    closed = [
        leaf(NodeKind.EVENT, "Part that closed units held", first.unit, c.proceeds, first.ref)
        for c in trail.closed_by(record.id)
        if not c.is_short
    ]
    label = "Proceeds of what was opened short"
    return minus(label, first.unit, (first, *closed)).told(ref=first.ref) if closed else first


def opening_units(trail: Trail, lot_id: LotId) -> Node:
    """How many units, > 0, a lot was opened with."""
    record = opener_of(trail, lot_id)
    if record is None:
        return unknown("Units", UNITS, "record_missing")
    birth = birth_of(trail, lot_id)
    if birth is not None:
        return leaf(
            NodeKind.EVENT, f"Units by {name_of(record).lower()}", UNITS, birth.quantity_after,
            ref_of(record),
        )  # fmt: skip
    units = stated(
        record, f"Units of {name_of(record).lower()}", abs(record.quantity or ZERO), UNITS
    )
    is_short = (record.quantity or ZERO) < 0
    closed = [c.quantity for c in trail.closed_by(record.id) if c.is_short != is_short]
    gone = _gone_at_once(trail, record, closed)
    gone += [
        leaf(NodeKind.EVENT, "Matched with a sale of the day", UNITS, c.quantity, ref_of(record))
        for c in _matched(trail, record)
        if c.closed_date == record.trade_date
    ]
    return minus("Units opened", UNITS, (units, *gone)).told(ref=units.ref) if gone else units


def _gone_at_once(trail: Trail, record: Transaction, closed: Sequence[Decimal]) -> list[Node]:
    """Units of a record that opened no lot of its own: lots they came with, and what they covered.

    Lots that came along cover what is owed first, so of what was covered only the rest is told.
    """
    own = [
        made.quantity_after
        for made in trail.adjustments
        if made.caused_by == record.id
        and made.kind is AdjustmentKind.TRANSFERRED_IN
        and _opens(made)
    ]
    if not own:
        return [
            leaf(NodeKind.EVENT, "Covered or closed at once", UNITS, units, ref_of(record))
            for units in closed
        ]
    arrived = sum(own, ZERO)
    rest = max(sum(closed, ZERO) - arrived, ZERO)
    parts = (("Came as lots of their own", arrived), ("Covered or closed at once", rest))
    return [
        leaf(NodeKind.EVENT, label, UNITS, units, ref_of(record)) for label, units in parts if units
    ]


def _matched(trail: Trail, record: Transaction) -> list[LotClosure]:
    """Parts of a purchase that a UK sale was matched with: they never stood in the book."""
    births = {made.lot_id for made in trail.adjustments if _opens(made)}
    own = own_lot_id(record)
    return [
        c for c in trail.closures.values()
        if c.opened_by == record.id and c.lot_id != own and c.lot_id not in births
    ]  # fmt: skip


def _matched_part(trail: Trail, lot_id: LotId, record: Transaction) -> Node:
    units = next((c.quantity for c in trail.closures.values() if c.lot_id == lot_id), ZERO)
    return share_of(cost_of(record), units, abs(record.quantity or ZERO), "Part of the purchase")


def premium_of(trail: Trail, record: Transaction) -> list[Node]:
    """What options or rights used for this trade add to its cash; of the link's first trade."""
    link = record.link_id
    if link is None or record.kind not in {K.BUY, K.SELL}:
        return []
    linked = [r for r in trail.records.values() if r.link_id == link]
    trades = sorted((r for r in linked if r.kind in {K.BUY, K.SELL}), key=order_of)
    if trades[0].id != record.id:
        return []
    used = {AdjustmentKind.OPTION_FOLDED, AdjustmentKind.RIGHTS_USED}
    found: list[Node] = []
    for other in linked:
        lots = [a for a in trail.adjustments if a.caused_by == other.id and a.kind in used]
        cash = net_cash(other)
        if lots and cash:
            found.append(stated(other, f"Cash of {name_of(other).lower()}", cash, record.currency))
        sign = 1 if (other.quantity or ZERO) > 0 else -1
        found += [
            leaf(
                NodeKind.EVENT, _words(a.kind), record.currency, sign * a.cost_before,
                ref_of(other),
            ).told(more=path(f"lots/{a.lot_id}", figure="taken", by=other.id))
            for a in lots
        ]  # fmt: skip
    return [total("Premium", record.currency, found)] if found else []


def _born(trail: Trail, birth: LotAdjustment, record: Transaction) -> Node:
    """A lot that came out of another: a spin-off's part of the cost, or as it travelled."""
    label = f"Cost that came with {name_of(record).lower()}"
    unit = _currency(trail, birth, record)
    made = leaf(NodeKind.EVENT, label, unit, birth.cost_after, ref_of(record))
    if birth.kind is not AdjustmentKind.SPIN_OFF:
        return made.told(more=_came_from(trail, birth, record))
    parent = next(
        (a for a in trail.adjustments
         if a.lot_id == birth.source_lot_id and a.caused_by == record.id), None
    )  # fmt: skip
    if parent is None or record.basis_fraction is None:
        return made
    before_it = path(f"lots/{parent.lot_id}", figure="before", by=record.id)
    cost = leaf(NodeKind.EVENT, "Cost of the parent's lot", unit, parent.cost_before, made.ref)
    part = stated(record, "Part of the cost that moves", record.basis_fraction, "ratio")
    moved = product(label, unit, (cost.told(more=before_it), part), "cost × part")
    if moved.value is None or abs(moved.value - birth.cost_after) > TINY:
        return made
    return rounded(moved, birth.cost_after).told(ref=made.ref)


def _came_from(trail: Trail, birth: LotAdjustment, record: Transaction) -> str | None:
    """Where the lot that this one was is explained, if it came whole, with its cost."""
    for gone in trail.adjustments:
        same_link = record.link_id is not None and (
            trail.records[gone.caused_by].link_id == record.link_id
        )
        if not (gone.caused_by == record.id or same_link) or gone.quantity_after:
            continue
        named = birth.source_lot_id in {None, gone.lot_id}
        if named and (gone.cost_before, gone.lot_id) != (ZERO, birth.lot_id) and (
            gone.cost_before == birth.cost_after
        ):  # fmt: skip
            return path(f"lots/{gone.lot_id}", figure="taken", by=gone.caused_by)
    return None


def _currency(trail: Trail, birth: LotAdjustment, record: Transaction) -> str:
    lot = trail.lots.get(birth.lot_id)
    if lot is not None:
        return lot.currency
    named = (c.currency for c in trail.closures.values() if c.lot_id == birth.lot_id)
    return next(named, record.currency)


def share_of(whole: Node, part: Decimal, units: Decimal, label: str) -> Node:
    """`whole` × part / units; the whole itself when the part is all of it."""
    if part == units:
        return whole
    ratio = quotient(
        "Part of the units", "ratio",
        leaf(NodeKind.EVENT, "Units", UNITS, part),
        leaf(NodeKind.EVENT, "of all units", UNITS, units),
        "units ÷ all units",
    )  # fmt: skip
    return product(label, whole.unit, (whole, ratio), "in proportion to units")
