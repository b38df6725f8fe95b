"""Why income is what the page shows: payments, units × amount, tax expected, rates and prices."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.explanation import (
    RATIO,
    UNITS,
    Node,
    NodeKind,
    Ref,
    capped,
    constant,
    leaf,
    minus,
    path,
    product,
    quotient,
    rounded,
    total,
    unknown,
)
from truenav.core.income.pattern import Distribution, pattern_of
from truenav.core.income.projection import Basis, Expected, IncomeState
from truenav.core.income.received import SEEN, IncomeKind, Payment
from truenav.core.income.yields import Yield, trailing_events
from truenav.core.money import exact
from truenav.core.valuation.explaining import Rates, price_node
from truenav.features.income.coming import seen_of
from truenav.features.income.gathering import Known, Received
from truenav.features.income.measures import Measured
from truenav.features.income.totals import KIND_LABELS, total_of

PAGE = "income"
TOLD = 100
WORDS = {
    None: "Declared",
    Basis.LAST_REGULAR: "Last regular amount",
    Basis.LAST_INTEREST: "Last interest",
    Basis.COUPON: "Coupon, face value × rate ÷ payments a year,",
}
ZERO, ONE = Decimal(0), Decimal(1)
Part = Literal["gross", "withheld", "fee", "net"]
YieldFigure = Literal["trailing", "forward", "on_cost", "trailing_per_unit", "forward_per_unit"]


# --- what was received --------------------------------------------------------------------------


@exact
def received_node(
    received: Received, payments: Sequence[Payment], part: Part, rates: Rates
) -> Node:
    """Every payment at the rate of its day; the newest told one by one."""
    base = received.scope.currency
    lines = [_payment_line(received, one, part, rates) for one in payments[:TOLD]]
    rest, more = payments[TOLD:], None
    if rest:
        left = getattr(total_of(received, rest), part)
        label = f"and {len(rest)} more"
        more = (
            unknown(label, base, "fx_missing")
            if left is None
            else leaf(NodeKind.REMAINDER, label, base, left)
        )
    label = f"Received, {part}"
    made = capped(label, base, lines, more, "each payment at its day's rate")
    return made.told(page=PAGE)


def _payment_line(received: Received, payment: Payment, part: Part, rates: Rates) -> Node:
    name = received.symbol(payment.instrument_id) or KIND_LABELS[payment.kind.value]
    label = f"{name}, {payment.paid_on.isoformat()}"
    ref = Ref(
        transaction_id=payment.id, instrument_id=payment.instrument_id,
        account_id=payment.account_id, day=payment.paid_on,
    )  # fmt: skip
    made = leaf(NodeKind.RECORD, label, payment.currency, getattr(payment, part), ref)
    if part == "net" and (payment.withheld or payment.fee):
        parts = [
            leaf(NodeKind.RECORD, name, payment.currency, amount, ref)
            for name, amount in (
                ("Before tax", payment.gross), ("Tax withheld", payment.withheld),
                ("Fee", payment.fee),
            )
            if amount or name == "Before tax"
        ]  # fmt: skip
        made = minus(label, payment.currency, parts, "before tax − tax − fee").told(ref=ref)
    return rates.converted(made, received.scope.currency, payment.paid_on)


# --- what is to come ----------------------------------------------------------------------------


@exact
def expected_node(known: Known, one: Expected, part: Part, rates: Rates) -> Node:
    """One payment to come, at today's rate."""
    symbol = known.received.symbol(one.instrument_id) or "Interest on cash"
    label = f"{symbol}, {one.day.isoformat()}, {one.state.value}"
    gross = _gross(known, one, label)
    made = gross
    if part == "fee":
        made = constant(ZERO, label, one.currency).told(note="no fee is expected")
    elif part != "gross" and one.withheld:
        day = one.ex_date if one.state is IncomeState.DECLARED else known.scope.as_of
        ratio = seen_of(known, one) or ZERO
        seen = constant(ratio, f"Part withheld in the {SEEN.days} days up to {day.isoformat()}")
        tax = product("Tax expected", one.currency, (gross, seen), "before tax × part withheld")
        made = tax.told(label=label)
        if part == "net":
            made = minus(label, one.currency, (gross, tax), "before tax − tax expected")
    elif part == "withheld":
        made = constant(ZERO, label, one.currency)
    if part in {"withheld", "net"} and not one.is_net_known:
        made = made.told(note="no tax was seen withheld before: this is before tax")
    made = made.told(ref=_ref(one), page=PAGE)
    return rates.converted(made, known.scope.currency, known.scope.as_of)


def _ref(one: Expected) -> Ref:
    return Ref(instrument_id=one.instrument_id, account_id=one.account_id, day=one.ex_date)


def _gross(known: Known, one: Expected, label: str) -> Node:
    if one.instrument_id is None:
        last = leaf(
            NodeKind.EVENT, "Last interest on this cash", one.currency, one.gross, _ref(one)
        )
        return last.told(label=label)
    held = "at the close before the ex-date" if one.state is IncomeState.DECLARED else "today"
    if one.is_reinvested and one.state is IncomeState.ESTIMATED:
        held = "today, and what reinvested payments buy by then"
    per_unit = one.per_unit or ZERO
    word = WORDS[one.basis]
    parts = [
        leaf(NodeKind.EVENT, f"Units {held}", UNITS, one.units, _ref(one)),
        leaf(NodeKind.EVENT, f"{word} for one unit", one.currency, per_unit, _ref(one)),
    ]
    multiplier = known.holdings.market.multiplier(one.instrument_id)
    if multiplier != ONE and one.kind is not IncomeKind.INTEREST:
        parts.append(constant(multiplier, "Units of one contract", UNITS))
    return rounded(product(label, one.currency, parts, "units × amount"), one.gross)


@exact
def projected_node(
    known: Known,
    found: Sequence[Expected],
    part: Part,
    rates: Rates,
    account_id: UUID | None = None,
) -> Node:
    """The next twelve months, payment by payment; each leads to its own explanation."""
    lines = [
        expected_node(known, one, part, rates).told(more=_where(one, part, account_id))
        for one in found[:TOLD]
    ]
    rest = None
    if found[TOLD:]:
        summed = total("", known.scope.currency, [
            expected_node(known, one, part, rates) for one in found[TOLD:]
        ])  # fmt: skip
        label = f"and {len(found) - TOLD} more"
        rest = (
            unknown(label, summed.unit, "fx_missing")
            if summed.value is None
            else leaf(NodeKind.REMAINDER, label, summed.unit, summed.value)
        )
    made = capped(
        f"Expected in twelve months, {part}", known.scope.currency, lines, rest,
        "declared + estimated",
    )  # fmt: skip
    return made.told(page=PAGE)


def _where(one: Expected, part: Part, account_id: UUID | None) -> str:
    return path(
        "income/payment", paid_in=one.account_id, paid_by=one.instrument_id,
        ex_date=one.ex_date, paid_currency=one.currency, figure=part, account_id=account_id,
    )  # fmt: skip


# --- yields -------------------------------------------------------------------------------------


@exact
def yield_node(known: Known, found: Measured, figure: YieldFigure, rates: Rates) -> Node:
    """A yield of one position, or the cash of a year for one unit of it."""
    yields = {
        "trailing": found.yields.trailing_yield, "forward": found.yields.forward_yield,
        "on_cost": found.yields.yield_on_cost,
    }  # fmt: skip
    if figure in yields and yields[figure].ratio is None:
        return _unknown(found, yields[figure])
    per_unit = _per_unit(known, found, is_forward=figure.startswith("forward"), rates=rates)
    if figure.endswith("per_unit"):
        return per_unit
    if figure == "on_cost":
        earned = _position(known, found, per_unit, rates)
        cost = leaf(
            NodeKind.EVENT, "Cost", known.scope.currency, found.item.cost or ZERO,
            Ref(instrument_id=found.item.instrument_id),
        )  # fmt: skip
        return quotient("Yield on cost", RATIO, earned, cost, "income of a year ÷ cost").told(
            page=PAGE
        )
    item = found.item
    if item.price is None or item.price_currency is None:
        return unknown("Yield", RATIO, "price_missing")
    price = price_node(item.price, item.price_currency, item.instrument_id, known.scope.as_of)
    formula = "cash of a year for one unit ÷ price"
    return quotient("Yield", RATIO, per_unit, price, formula).told(page=PAGE)


def _unknown(found: Measured, one: Yield) -> Node:
    ref = Ref(instrument_id=found.item.instrument_id)
    return unknown("Yield", RATIO, one.reason or "value_unknown", ref)


def _per_unit(known: Known, found: Measured, *, is_forward: bool, rates: Rates) -> Node:
    item = found.item
    history = known.histories[item.instrument_id].events
    unit = item.price_currency or known.scope.currency
    value = found.yields.forward if is_forward else found.yields.trailing
    if value is None:
        one = found.yields.forward_yield if is_forward else found.yields.trailing_yield
        return unknown("Cash of a year for one unit", unit, one.reason or "value_unknown")
    pattern = pattern_of(history)
    if is_forward and pattern is not None:
        last = _event(known, item.instrument_id, pattern.last, unit, rates)
        count = constant(Decimal(pattern.frequency), "Regular payments in a year", UNITS)
        return product("Cash of a year for one unit", unit, (last, count), "last × how many")
    lines = [
        _event(known, item.instrument_id, one, unit, rates)
        for one in trailing_events(history, known.scope.as_of)
    ]
    return total("Cash of a year for one unit", unit, lines, "regular payments of 365 days")


def _event(known: Known, instrument_id: UUID, event: Distribution, unit: str, rates: Rates) -> Node:
    ref = Ref(instrument_id=instrument_id, day=event.ex_date)
    label = f"Ex {event.ex_date.isoformat()}, for a unit of today"
    made = leaf(NodeKind.EVENT, label, event.currency, event.per_unit, ref)
    return rates.converted(made, unit, known.scope.as_of)


def _position(known: Known, found: Measured, per_unit: Node, rates: Rates) -> Node:
    item, base = found.item, known.scope.currency
    ref = Ref(instrument_id=item.instrument_id)
    parts = [per_unit, leaf(NodeKind.EVENT, "Units", UNITS, item.quantity, ref)]
    multiplier = known.holdings.market.multiplier(item.instrument_id)
    if multiplier != ONE:
        parts.append(constant(multiplier, "Units of one contract", UNITS))
    if per_unit.unit != base:
        parts.append(rates.node(per_unit.unit, base, known.scope.as_of))
    label = known.received.symbol(item.instrument_id) or "Income of a year"
    return product(label, base, parts, "units × cash of a year × rate").told(ref=ref)


@exact
def whole_yield_node(
    known: Known, parts: Sequence[Measured], figure: Literal["trailing", "forward", "on_cost"],
    rates: Rates,
) -> Node:  # fmt: skip
    """Income of a year of every position over what they are worth, or cost."""
    base = known.scope.currency
    earned, sizes = [], []
    for found in parts:
        name = known.received.symbol(found.item.instrument_id) or "Holding"
        ref = Ref(instrument_id=found.item.instrument_id)
        size = found.item.cost if figure == "on_cost" else found.item.market_value
        sizes.append(
            unknown(name, base, "value_unknown", ref)
            if size is None
            else leaf(NodeKind.EVENT, name, base, size, ref)
        )
        per_unit = _per_unit(known, found, is_forward=figure == "forward", rates=rates)
        if per_unit.value is not None:
            earned.append(_position(known, found, per_unit, rates))
        elif per_unit.unknown_reason == "fx_missing":
            earned.append(unknown(name, base, "fx_missing", ref))
    over = total("Income of a year", base, earned, "position by position")
    under = total("Cost" if figure == "on_cost" else "Market value", base, sizes)
    return quotient("Yield", RATIO, over, under, "income of a year ÷ the whole").told(page=PAGE)
