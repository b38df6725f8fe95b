"""What each kind of record does: to units and lots, and which leg its cash stands against."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from truenav.core.ledger.transactions import SubKind, Transaction, TransactionDraft, TransactionKind

K = TransactionKind


class Action(StrEnum):
    """What a record asks of the lots; a closed set the engine has one rule for each of."""

    NONE = "none"
    RECEIVE = "receive"
    DELIVER = "deliver"
    ARRIVE = "arrive"
    DEPART = "depart"
    RESCALE = "rescale"
    LOWER_COST = "lower_cost"
    MOVE_COST = "move_cost"
    EXCHANGE = "exchange"
    CLOSE_FRACTION = "close_fraction"
    FOLD = "fold"
    KEEP = "keep"


class Leg(StrEnum):
    """Where money of a record goes; the legs of a record add up to nothing in each currency."""

    CASH = "cash"
    COST = "cost"
    PROCEEDS = "proceeds"
    INCOME = "income"
    FEE = "fee"
    TAX = "tax"
    FLOW = "flow"
    CLEARING = "clearing"
    SUSPENSE = "suspense"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind's effect, for the engine and, in words, for the documentation.

    `against` is the leg that takes what cash gives. `is_cost_part` says that fees and taxes
    belong to cost and proceeds instead of standing for themselves.
    """

    action: Action
    against: Leg
    cash: str
    units: str
    cost: str
    income: str = "none"
    flow: str = "no"
    is_cost_part: bool = False


RULES: Mapping[TransactionKind, Rule] = {
    K.BUY: Rule(
        Action.RECEIVE, Leg.COST, "- price, fee, tax", "+",
        "+ price, fee, tax; covers short lots first", is_cost_part=True,
    ),
    K.SELL: Rule(
        Action.DELIVER, Leg.PROCEEDS, "+ price - fee, tax", "-",
        "- closed lots; beyond them a short lot opens", is_cost_part=True,
    ),
    K.DIVIDEND: Rule(
        Action.NONE, Leg.INCOME, "+ net of tax", "+ if paid in units",
        "none; units at a stated value: + value; else spread over what is held", "+ gross",
    ),
    K.CAPITAL_GAIN_DISTRIBUTION: Rule(
        Action.NONE, Leg.INCOME, "+ net of tax", "none", "none", "+ gross"
    ),
    K.RETURN_OF_CAPITAL: Rule(
        Action.LOWER_COST, Leg.COST, "+", "none", "- amount; beyond cost it is gain"
    ),
    K.INTEREST: Rule(
        Action.NONE, Leg.INCOME, "+ received, - paid", "none", "none", "+ received, - paid"
    ),
    K.FEE: Rule(Action.NONE, Leg.FEE, "-, a refund +", "none", "none"),
    K.TAX: Rule(Action.NONE, Leg.TAX, "-, a refund +", "none", "none"),
    K.DEPOSIT: Rule(Action.NONE, Leg.FLOW, "+", "none", "none", flow="in"),
    K.WITHDRAWAL: Rule(Action.NONE, Leg.FLOW, "-", "none", "none", flow="out"),
    K.TRANSFER_IN: Rule(
        Action.ARRIVE, Leg.FLOW, "+ if cash", "+ if units", "the lots that travelled, or as stated",
        flow="in, unless linked",
    ),
    K.TRANSFER_OUT: Rule(
        Action.DEPART, Leg.FLOW, "- if cash", "- if units", "- the lots that leave; no gain",
        flow="out, unless linked",
    ),
    K.FX_CONVERSION: Rule(
        Action.NONE, Leg.CLEARING, "- one currency, + the other", "none", "none"
    ),
    K.SPLIT: Rule(Action.RESCALE, Leg.SUSPENSE, "none", "x ratio", "the same, over more units"),
    K.SPIN_OFF: Rule(
        Action.MOVE_COST, Leg.PROCEEDS, "none", "+ of the child",
        "a stated part moves from the parent; taxable: + value", "taxable: + value",
    ),
    K.MERGER: Rule(
        Action.EXCHANGE, Leg.PROCEEDS, "+ if cash is paid", "- old, + new",
        "carried over; with cash: - cash + gain recognized", is_cost_part=True,
    ),
    K.CASH_IN_LIEU: Rule(
        Action.CLOSE_FRACTION, Leg.PROCEEDS, "+", "- the fraction", "- the fraction's lots",
        is_cost_part=True,
    ),
    K.NAME_CHANGE: Rule(Action.EXCHANGE, Leg.SUSPENSE, "none", "- old, + new", "carried over"),
    K.WORTHLESS: Rule(
        Action.DELIVER, Leg.PROCEEDS, "none", "-", "- closed lots; gain on 31 December",
        is_cost_part=True,
    ),
    K.RIGHTS: Rule(
        Action.MOVE_COST, Leg.COST, "none", "+ received, - used or lapsed",
        "none, or a stated part of the parent's; used: into the purchase",
    ),
    K.OPTION_EXPIRY: Rule(
        Action.DELIVER, Leg.PROCEEDS, "none", "to zero", "- closed lots, for nothing",
        is_cost_part=True,
    ),
    K.OPTION_ASSIGNMENT: Rule(
        Action.FOLD, Leg.PROCEEDS, "none", "to zero", "the premium goes into the linked trade",
        is_cost_part=True,
    ),
    K.OPTION_EXERCISE: Rule(
        Action.FOLD, Leg.PROCEEDS, "none", "to zero", "the premium goes into the linked trade",
        is_cost_part=True,
    ),
    K.REWARD: Rule(Action.RECEIVE, Leg.INCOME, "none", "+", "+ value", "+ value"),
    K.ADJUSTMENT: Rule(Action.RECEIVE, Leg.SUSPENSE, "+ or -", "+ or -", "as stated, else unknown"),
    K.REVERSAL: Rule(Action.NONE, Leg.SUSPENSE, "none", "none", "none"),
    K.UNKNOWN: Rule(Action.KEEP, Leg.SUSPENSE, "+ or -", "none", "none"),
}  # fmt: skip


TRADES = frozenset({K.BUY, K.SELL, K.REWARD, K.ADJUSTMENT, K.OPTION_EXPIRY})
LEAVING = frozenset(
    {K.WORTHLESS, K.CASH_IN_LIEU}
)  # units only go; a row that undoes one brings them
REFINED = frozenset({K.DIVIDEND, K.SPIN_OFF, K.RIGHTS, K.TRANSFER_IN, K.TRANSFER_OUT})


def action_of(record: Transaction | TransactionDraft) -> Action:
    """What a record asks of the lots, by its kind, sub-kind and the sign of its units."""
    kind, quantity = record.kind, record.quantity
    if not quantity:
        return RULES[kind].action
    if kind in TRADES:
        return Action.RECEIVE if quantity > 0 else Action.DELIVER
    if kind in LEAVING and quantity > 0:
        return Action.RECEIVE
    if kind in REFINED:
        return _refined(record, quantity)
    return RULES[kind].action


def _refined(record: Transaction | TransactionDraft, quantity: Decimal) -> Action:
    kind = record.kind
    if kind is K.DIVIDEND:
        valued = Action.RECEIVE if quantity > 0 else Action.DELIVER
        return Action.RESCALE if record.price is None else valued
    if kind in {K.TRANSFER_IN, K.TRANSFER_OUT}:
        return Action.ARRIVE if quantity > 0 else Action.DEPART
    if quantity < 0:
        return Action.FOLD if kind is K.RIGHTS else Action.DELIVER
    return Action.RECEIVE if record.sub_kind is SubKind.TAXABLE else Action.MOVE_COST
