"""In which order records of one day take effect; `replay` says why."""

from decimal import Decimal
from enum import IntEnum
from typing import Any

from truenav.core.ledger.rules import Action, action_of
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind

K = TransactionKind
ZERO = Decimal(0)


class Phase(IntEnum):
    """Parts of a day, in order."""

    SPLIT = 1
    OPEN = 2
    FOLD = 3
    LINKED_TRADE = 4
    DEPART = 5
    CLOSE = 6
    EXCHANGE = 7
    CASH = 8


def order_of(record: Transaction) -> tuple[Any, ...]:
    """Sort key: day, phase, time where stated, content, and last the place in the account."""
    timed = record.traded_at is not None
    return (
        record.trade_date,
        phase_of(record),
        not timed,
        record.traded_at.isoformat() if record.traded_at is not None else "",
        str(record.instrument_id or ""),
        record.price or ZERO,
        record.quantity or ZERO,
        record.gross.amount if record.gross is not None else ZERO,
        record.sequence,
    )


CLOSING_KINDS = frozenset(
    {
        K.SELL,
        K.TRANSFER_OUT,
        K.WORTHLESS,
        K.CASH_IN_LIEU,
        K.OPTION_EXPIRY,
        K.OPTION_ASSIGNMENT,
        K.OPTION_EXERCISE,
    }
)
PHASES = {
    Action.ARRIVE: Phase.OPEN,
    Action.DEPART: Phase.DEPART,
    Action.RESCALE: Phase.SPLIT,
    Action.MOVE_COST: Phase.SPLIT,
    Action.LOWER_COST: Phase.CASH,
    Action.EXCHANGE: Phase.EXCHANGE,
    Action.CLOSE_FRACTION: Phase.CLOSE,
    Action.FOLD: Phase.FOLD,
    Action.NONE: Phase.CASH,
    Action.KEEP: Phase.CASH,
}


def phase_of(record: Transaction) -> Phase:
    """The part of the day a record belongs to."""
    is_trade = record.kind in {K.BUY, K.SELL}
    if record.sub_kind is SubKind.SHORT_OPEN and is_trade:
        # a short sale an option led to waits for the option's premium
        return Phase.OPEN if record.link_id is None else Phase.LINKED_TRADE
    if record.sub_kind is SubKind.SHORT_COVER and is_trade:
        return Phase.CLOSE
    action = action_of(record)
    if action in PHASES:
        return PHASES[action]
    if record.kind in CLOSING_KINDS or not record.quantity:
        return Phase.CLOSE
    if record.quantity < 0:
        return Phase.CLOSE
    return Phase.LINKED_TRADE if record.link_id is not None else Phase.OPEN
