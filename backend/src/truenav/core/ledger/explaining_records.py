"""What one record states, as figures: its cash, what it cost, what it brought in."""

from collections.abc import Sequence
from decimal import Decimal

from truenav.core.explanation import (
    RATE,
    UNITS,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    product,
    rounded,
    total,
    unknown,
)
from truenav.core.ledger.cash import net_cash, part_in_cash_currency
from truenav.core.ledger.trades import cost_of_receipt
from truenav.core.ledger.transactions import CashPart, Transaction, TransactionKind
from truenav.core.money import exact, quantize

K = TransactionKind
ZERO = Decimal(0)
ONE = Decimal(1)
PAGE = "transactions"


def ref_of(record: Transaction) -> Ref:
    """Where a record is found."""
    return Ref(
        transaction_id=record.id,
        instrument_id=record.instrument_id,
        account_id=record.account_id,
        day=record.trade_date,
    )


def name_of(record: Transaction) -> str:
    """The kind and the day, as a label."""
    return f"{record.kind.value.replace('_', ' ').capitalize()} of {record.trade_date.isoformat()}"


def stated(record: Transaction, label: str, value: Decimal, unit: str) -> Node:
    """A figure of the record as it stands in it."""
    return leaf(NodeKind.RECORD, label, unit, value, ref_of(record))


def _part(record: Transaction, label: str, part: CashPart) -> Node:
    """One part of the cash in the record's currency, at the rate the record states."""
    if part.rate == ONE:
        return stated(record, label, part.amount, record.currency)
    rate = stated(record, f"{record.currency} for one {part.currency}, as stated", part.rate, RATE)
    amount = stated(record, label, part.amount, part.currency)
    return product(label, record.currency, (amount, rate), "amount × the record's own rate")


@exact
def cash_of(record: Transaction, leg: int = 0) -> Node:
    """The change of cash: gross − fee − tax at the minor unit, or the other leg of a conversion."""
    if leg and record.counter is not None:
        counter = record.counter
        amount = stated(record, "Other leg of the conversion", counter.amount, counter.currency)
        return rounded(amount, quantize(counter.amount, counter.currency), name_of(record))
    gross = record.gross
    first = (
        _part(record, "Gross amount", gross)
        if gross is not None
        else constant(ZERO, "No gross amount is stated", record.currency)
    )
    less = [
        _part(record, label, part)
        for label, part in (("Fee", record.fee), ("Tax", record.tax))
        if part is not None and part.amount
    ]
    made = minus("Cash", record.currency, (first, *less), "gross − fee − tax")
    return rounded(made, net_cash(record), name_of(record)).told(ref=ref_of(record), page=PAGE)


@exact
def worth(record: Transaction, label: str = "Units × price") -> Node:
    """Units at the stated price and multiplier; unknown without a price."""
    if record.price is None or record.quantity is None:
        return unknown(label, record.currency, "cost_unknown", ref_of(record), "no price is stated")
    parts = [
        stated(record, "Units", abs(record.quantity), UNITS),
        stated(record, "Price", record.price, record.currency),
    ]
    if record.multiplier != ONE:
        parts.append(stated(record, "Units of one contract", record.multiplier, UNITS))
    return product(label, record.currency, parts, "units × price")


def _amount(record: Transaction, sign: int) -> Node:
    """The gross amount as > 0, told as units × price where that is what it is."""
    gross = part_in_cash_currency(record.gross) * sign
    by_price = worth(record, "Gross amount")
    if by_price.value is not None and quantize(by_price.value, record.currency) == gross:
        return rounded(by_price, gross)
    made = stated(record, "Gross amount, as stated", gross, record.currency)
    if by_price.value is None:
        return made
    return made.told(note=f"units × price would be {by_price.value:f}")


@exact
def cost_of(record: Transaction) -> Node:
    """What units received cost in all, as `trades.cost_of_receipt` has it."""
    value = cost_of_receipt(record)
    label = f"Cost by {name_of(record).lower()}"
    if value is None:
        note = "the record states no amount and no price"
        return unknown(label, record.currency, "cost_unknown", ref_of(record), note)
    if record.kind is not K.BUY:
        made = constant(ZERO, label, record.currency) if not value else worth(record, label)
        return made.told(ref=ref_of(record))
    first = _amount(record, -1) if record.gross is not None else worth(record)
    return _with_costs(record, label, first, ONE, value)


@exact
def proceeds_node(record: Transaction, value: Decimal) -> Node:
    """What units given bring in all: `value` is what `trades.proceeds_of` has."""
    label = f"Proceeds of {name_of(record).lower()}"
    if record.gross is not None:
        first = _amount(record, 1)
    elif record.kind is K.SELL and record.price is not None:
        first = worth(record)
    else:
        first = constant(ZERO, "Nothing was paid", record.currency)
    return _with_costs(record, label, first, -ONE, value)


def _with_costs(
    record: Transaction, label: str, first: Node, sign: Decimal, value: Decimal
) -> Node:
    """Fee and tax added to a cost (sign 1) or taken from proceeds (sign −1)."""
    parts: Sequence[Node] = [
        _part(record, name, part)
        for name, part in (("Fee", record.fee), ("Tax", record.tax))
        if part is not None and part.amount
    ]
    if not parts:
        return rounded(first, value, label).told(ref=ref_of(record), page=PAGE)
    made = (
        total(label, record.currency, (first, *parts), "amount + fee + tax")
        if sign > 0
        else minus(label, record.currency, (first, *parts), "amount − fee − tax")
    )
    return rounded(made, value, label).told(ref=ref_of(record), page=PAGE)
