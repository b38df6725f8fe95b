"""Where a position comes from: its units by record, its cost by open lot."""

from collections.abc import Iterable
from decimal import Decimal

from truenav.core.explanation import (
    UNITS,
    Node,
    NodeKind,
    constant,
    leaf,
    path,
    product,
    rounded,
    total,
    unknown,
)
from truenav.core.ids import InstrumentId
from truenav.core.ledger.explaining import PAGE, TINY, Trail, lot_cost
from truenav.core.ledger.explaining_records import name_of, ref_of, stated
from truenav.core.ledger.lots import Lot
from truenav.core.ledger.ordering import order_of
from truenav.core.ledger.rules import Action, action_of
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact

ZERO = Decimal(0)


@exact
def position_units(
    records: Iterable[Transaction], value: Decimal, instrument_id: InstrumentId, most: int = 100
) -> Node:
    """Units of an instrument: what every record adds or takes, a split as ratio × what there was.

    Args:
        records: Of the instrument in one account, in any order.
        value: What the ledger keeps; < 0 is owed.
        instrument_id: The instrument.
        most: How many of the newest records are told one by one.
    """
    ordered = sorted(
        (r for r in records if r.instrument_id == instrument_id and (r.quantity or r.ratio)),
        key=order_of,
    )
    shown_from = max(len(ordered) - most, 0)
    running: list[Node] = []
    for number, record in enumerate(ordered):
        running = _after(running, record)
        if number + 1 == shown_from:
            before = total("before", UNITS, running)
            label = f"{shown_from} earlier records"
            running = [leaf(NodeKind.REMAINDER, label, UNITS, before.value or ZERO)]
    made = total("Units", UNITS, running, "what every record adds or takes")
    rest = value - (made.value or ZERO)
    if abs(rest) <= TINY:
        return rounded(made, value).told(page="transactions")
    lost = leaf(NodeKind.EVENT, "Stated but not taken, or a fraction of a unit", UNITS, rest)
    note = "records that take more than is held wait for review"
    return total(made.label, UNITS, (*running, lost.told(note=note)), made.formula)


def _after(running: list[Node], record: Transaction) -> list[Node]:
    if action_of(record) is Action.RESCALE and record.ratio is not None:
        held = total("Units before it", UNITS, running)
        if not held.value:
            return running
        ratio = stated(record, "New units for one", record.ratio, "ratio")
        label = f"After {name_of(record).lower()}"
        return [product(label, UNITS, (held, ratio), "units × ratio").told(ref=ref_of(record))]
    units = record.quantity or ZERO
    return [*running, stated(record, name_of(record), units, UNITS)] if units else running


@exact
def position_cost(trail: Trail, instrument_id: InstrumentId, most: int = 60) -> Node:
    """What the open lots of an instrument cost, each with what it came from; < 0 when short."""
    lots = [lot for lot in trail.lots.values() if lot.instrument_id == instrument_id]
    lots.sort(key=lambda lot: (lot.acquired_date, str(lot.id)))
    if len({lot.currency for lot in lots}) > 1:
        return unknown("Cost", lots[0].currency, "currency_mixed")
    unit = lots[0].currency if lots else UNITS
    told = [_lot_line(trail, lot) for lot in lots[:most]]
    if rest := lots[most:]:
        known = all(lot.is_cost_known for lot in rest)
        label = f"and {len(rest)} more lots"
        value = sum((-lot.cost if lot.is_short else lot.cost for lot in rest), ZERO)
        told.append(
            leaf(NodeKind.REMAINDER, label, unit, value)
            if known
            else unknown(label, unit, "cost_unknown")
        )
    return total("Cost", unit, told, "the cost of every open lot").told(page=PAGE)


def _lot_line(trail: Trail, lot: Lot) -> Node:
    label = f"{lot.quantity.normalize():f} units of {lot.acquired_date.isoformat()}"
    cost = lot_cost(trail, lot.id, lot.cost if lot.is_cost_known else None)
    cost = cost.told(label=label, more=path(f"lots/{lot.id}", figure="cost"))
    if not lot.is_short:
        return cost
    owed = constant(Decimal(-1), "Owed, not held", "ratio")
    return product(f"{label}, short", cost.unit, (cost, owed), "what the short sale brought in")
