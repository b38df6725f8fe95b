"""What a purchase has brought as figures that prove themselves: lots closed, lots held, income."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.explanation import (
    RATIO,
    UNITS,
    Node,
    NodeKind,
    leaf,
    minus,
    product,
    quotient,
    total,
    unknown,
)
from truenav.core.ids import TransactionId
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.explaining import Trail, lot_cost
from truenav.core.ledger.explaining_gains import closure_cost, closure_proceeds
from truenav.core.ledger.explaining_records import name_of, ref_of
from truenav.core.ledger.lots import Lot, LotClosure
from truenav.core.ledger.methods import LotMethod, MethodPolicy
from truenav.core.ledger.replay import replay
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact
from truenav.core.performance.explaining_change import trail_of, without_ways
from truenav.core.performance.trades import Share, TradeResult
from truenav.core.valuation.explaining import Valuing
from truenav.core.valuation.explaining_flows import cash_legs

ZERO, ONE = Decimal(0), Decimal(1)
NEAR = Decimal("1E-9")  # what 18 stored places can differ by, over many parts of a cost
TradePart = Literal["realized", "unrealized", "income"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A record that opened lots, the account's records up to a day, and what values them."""

    record: Transaction
    records: Sequence[Transaction]
    method: LotMethod | MethodPolicy
    valuing: Valuing
    result: TradeResult


@exact
def trade_part(of: Bought, part: TradePart) -> Node:
    """One part of what the record's lots brought, in the currency of the valuation."""
    currency = of.valuing.currency
    if part == "income":
        lines = [_income(of, share) for share in of.result.shares]
        return total("Income", currency, lines, "record by record: cash × part of the units")
    within = [r for r in of.records if r.trade_date <= of.valuing.as_of]
    trail = trail_of(within, of.method)
    fx = of.valuing.market.fx
    rates = CostCurrencies((currency,), lambda day, base, to: fx.rate(base, to, day))
    state = replay(within, method=of.method, currencies=rates)
    if part == "realized":
        mine = [
            _closed(of, trail, UUID(int=place), closure)
            for place, closure in enumerate(state.closures)
            if closure.opened_by == of.record.id
        ]
        return total("Realized", currency, mine, "lot by lot: proceeds − cost")
    lots = [lot for lot in state.open_lots() if lot.opened_by == of.record.id]
    return total("Unrealized", currency, [_open(of, trail, lot) for lot in lots],
                 "lot by lot: value − cost")  # fmt: skip


def _closed(of: Bought, trail: Trail, key: UUID, closure: LotClosure) -> Node:
    (proceeds_in,), (cost_in,) = closure.proceeds_in, closure.cost_in
    record = trail.records[closure.closed_by]
    sold, paid = closure.closed_date, closure.acquired_date
    if closure.is_short:
        sold, paid = paid, sold
    proceeds = _at(of, closure_proceeds(trail, key), proceeds_in, sold)
    cost = _at(of, closure_cost(trail, key), cost_in, paid)
    made = minus(name_of(record), of.valuing.currency, (proceeds, cost), "proceeds − cost")
    return made.told(ref=ref_of(record))


def _open(of: Bought, trail: Trail, lot: Lot) -> Node:
    value = of.valuing.value(lot.instrument_id, lot.quantity, "Value")
    known = lot.cost if lot.is_cost_known else None
    cost = _at(of, lot_cost(trail, lot.id, known), lot.costs[0], lot.acquired_date)
    parts = (cost, value) if lot.is_short else (value, cost)
    formula = "sold for − value" if lot.is_short else "value − cost"
    label = f"{lot.quantity.normalize():f} units held"
    return minus(label, of.valuing.currency, parts, formula).told(ref=value.ref)


def _at(of: Bought, node: Node, kept: Decimal | None, day: date) -> Node:
    """A cost or proceeds at the rate of its day; as kept where its parts are of several days."""
    node, currency = without_ways(node), of.valuing.currency
    if node.value is None or node.unit == currency:
        return node if node.unit == currency else unknown(
            node.label, currency, node.unknown_reason or "cost_unknown", node.ref
        )  # fmt: skip
    if kept is None:
        return unknown(node.label, currency, "fx_missing", node.ref)
    made = of.valuing.rates.converted(node, currency, day)
    if made.value is not None and abs(made.value - kept) <= NEAR:
        return made
    note = f"{node.value:f} {node.unit}, its parts each at the rate of its own day"
    return leaf(NodeKind.EVENT, node.label, currency, kept, node.ref).told(note=note)


def _income(of: Bought, share: Share) -> Node:
    record = share.record
    cash = [
        of.valuing.rates.converted(leg, of.valuing.currency, record.trade_date)
        for leg in cash_legs(record)
    ]
    whole = cash[0] if len(cash) == 1 else total("Cash", of.valuing.currency, cash)
    if share.quantity == share.units:
        return whole.told(label=name_of(record))
    ref = ref_of(record)
    part = quotient(
        "Part of the units", RATIO,
        leaf(NodeKind.EVENT, "of this purchase", UNITS, share.quantity, ref),
        leaf(NodeKind.EVENT, "of all units", UNITS, share.units, ref),
    )  # fmt: skip
    made = product(name_of(record), of.valuing.currency, (whole, part), "cash × part of the units")
    return made.told(ref=ref)


def opener(records: Sequence[Transaction], key: UUID) -> Transaction | None:
    """A record by its id."""
    return next((record for record in records if record.id == TransactionId(key)), None)
