"""In which order records of one day take effect; `replay` says why."""

from decimal import Decimal
from enum import IntEnum
from typing import Any

from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind

K = TransactionKind
ZERO = Decimal(0)


class Phase(IntEnum):
    """Parts of a day, in order."""

    SPLIT = 1
    OPEN = 2
    CLOSE = 3
    EXCHANGE = 4
    CASH = 5


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


OPENING_KINDS = frozenset({K.BUY, K.TRANSFER_IN, K.SPIN_OFF, K.RIGHTS, K.REWARD})
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
EXCHANGE_KINDS = frozenset({K.MERGER, K.NAME_CHANGE})


def phase_of(record: Transaction) -> Phase:
    """The part of the day a record belongs to."""
    if record.kind is K.SPLIT or (record.kind is K.DIVIDEND and record.quantity):
        return Phase.SPLIT
    if record.sub_kind is SubKind.SHORT_OPEN:
        return Phase.OPEN
    if record.sub_kind is SubKind.SHORT_COVER:
        return Phase.CLOSE
    if record.kind in OPENING_KINDS:
        return Phase.OPEN
    if record.kind in CLOSING_KINDS:
        return Phase.CLOSE
    if record.kind in EXCHANGE_KINDS:
        return Phase.EXCHANGE
    if record.kind is K.ADJUSTMENT and record.quantity:
        return Phase.OPEN if record.quantity > 0 else Phase.CLOSE
    return Phase.CASH
