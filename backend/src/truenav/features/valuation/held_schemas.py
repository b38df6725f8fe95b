"""Bodies of what is held by the records alone: positions, cash, lots."""

from datetime import date
from uuid import UUID

from truenav.core.ledger.transactions import TransactionKind
from truenav.features.ledger.schemas import CashBalanceOut, LotClosureOut, LotOut, PositionOut
from truenav.features.valuation.schemas import SliceOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText


class PositionsOut(Body):
    """Positions and cash at the end of a day; without one asked for, of every record there is."""

    on: date
    items: list[PositionOut]
    cash: list[CashBalanceOut]
    slice: SliceOut


class PendingCashOut(Body):
    """Cash that has moved and not yet settled; `settles_on` is null when no rule says when."""

    transaction_id: UUID
    kind: TransactionKind
    symbol: str | None
    trade_date: date
    amount: DecimalText
    settles_on: date | None
    rule: str
    unknown_reason: str | None


class CashOnOut(Body):
    """One currency of one account: as traded, and as settled (null when that is not known)."""

    account_id: UUID
    account_name: str
    currency: CurrencyCode
    amount: DecimalText
    settled: DecimalText | None
    pending: list[PendingCashOut]


class CashOut(Body):
    """Cash at the end of a day; none belongs to an instrument or a category."""

    on: date
    items: list[CashOnOut]
    slice: SliceOut


class LotsOut(Body):
    """Open lots and the newest closures of one instrument; realized gains page through all.

    `traded_gain` is what every closure realized, in the currency it was traded in; null while one
    cost is unknown, or where there are several such currencies. `/gains` tells it in any currency.
    Where the instrument belongs to what was asked for in part (`weight_ratio`), units, costs,
    proceeds and gains are that part of each lot; where it does not at all, there are none.
    """

    on: date
    instrument_id: UUID
    symbol: str
    instrument_name: str
    weight_ratio: DecimalText
    open_lots: list[LotOut]
    closures: list[LotClosureOut]
    closure_count: int
    traded_gain: DecimalText | None
    currency: CurrencyCode
    slice: SliceOut
