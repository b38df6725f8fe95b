"""Bodies of transactions, positions and lots."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.transactions import SubKind, TransactionKind
from truenav.features.accounts.schemas import Oversell
from truenav.platform.explanations import ExplanationOut
from truenav.platform.wire import (
    LINE_PATTERN,
    Body,
    CurrencyCode,
    DecimalText,
    Instant,
    LocalDate,
    Version,
)


class CashPartIn(Body):
    """An amount; `rate`, units of the record's currency for one of its own, where they differ."""

    amount: DecimalText
    currency: CurrencyCode
    rate: DecimalText | None = None


class CashPartOut(Body):
    amount: DecimalText
    currency: CurrencyCode
    rate: DecimalText


class LotChoiceIn(Body):
    """Units of one lot."""

    lot_id: UUID
    quantity: DecimalText


class CarriedLotIn(Body):
    """A lot that units bring along; `cost` is the whole lot's, null when nobody knows."""

    acquired_date: LocalDate
    quantity: DecimalText
    cost: DecimalText | None = None


class TransactionIn(Body):
    """One record to post. Signs as in the ledger: quantity + in, gross + received, costs > 0.

    Left out, `gross` of a trade is quantity × price, and `is_external_flow` follows the kind; a
    linked transfer is none. `link_id` is any id that records which belong together share.
    `source_instrument_id` is what units came out of, `basis_fraction` the part of its cost.
    """

    account_id: UUID
    kind: TransactionKind
    sub_kind: SubKind | None = None
    trade_date: LocalDate
    settlement_date: LocalDate | None = None
    ex_date: LocalDate | None = None
    record_date: LocalDate | None = None
    pay_date: LocalDate | None = None
    instrument_id: UUID | None = None
    quantity: DecimalText | None = None
    price: DecimalText | None = None
    ratio: DecimalText | None = None
    currency: CurrencyCode
    gross: CashPartIn | None = None
    fee: CashPartIn | None = None
    tax: CashPartIn | None = None
    counter: CashPartIn | None = None
    is_external_flow: bool | None = None
    lot_method: LotMethod | None = None
    lot_choices: Annotated[list[LotChoiceIn], Field(max_length=500, default_factory=list)]
    link_id: UUID | None = None
    source_instrument_id: UUID | None = None
    basis_fraction: DecimalText | None = None
    acquired_date: LocalDate | None = None
    carried_lots: Annotated[list[CarriedLotIn], Field(max_length=500, default_factory=list)]
    note: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] | None = None


class TransactionOut(Body):
    id: UUID
    account_id: UUID
    account_name: str
    instrument_id: UUID | None
    symbol: str | None
    instrument_name: str | None
    kind: TransactionKind
    sub_kind: SubKind | None
    trade_date: date
    settlement_date: date | None
    ex_date: date | None
    record_date: date | None
    pay_date: date | None
    quantity: DecimalText | None
    price: DecimalText | None
    ratio: DecimalText | None
    currency: CurrencyCode
    gross: CashPartOut | None
    fee: CashPartOut | None
    tax: CashPartOut | None
    counter: CashPartOut | None
    net_amount: DecimalText | None
    is_external_flow: bool
    is_reversed: bool
    reverses_id: UUID | None
    replaces_id: UUID | None
    chain_id: UUID
    link_id: UUID | None
    source_instrument_id: UUID | None
    basis_fraction: DecimalText | None
    acquired_date: date | None
    import_batch_id: UUID | None
    import_row_number: int | None
    broker_reference: str | None
    note: str | None
    review_reasons: list[str]
    recorded_at: Instant
    lot_method: LotMethod | None
    lot_choices: list[LotChoiceIn]
    carried_lots: list[CarriedLotIn]


class TransactionDetailOut(TransactionOut):
    original: dict[str, str] | None


class OperationIn(Body):
    """One change of the records: `id` names the record, `body` what is new.

    `client_ref` comes back with the outcome, for who asked to find it again.
    """

    op: Literal["create", "correct", "reverse", "restore"]
    id: UUID | None = None
    body: TransactionIn | None = None
    client_ref: Annotated[str, Field(max_length=64, pattern=LINE_PATTERN)] | None = None


class OperationsIn(Body):
    """Changes in order; all of them happen, or none."""

    operations: Annotated[list[OperationIn], Field(min_length=1, max_length=1000)]


class OperationOut(Body):
    """The record an operation was about: the new one, or the one that was taken back."""

    client_ref: str | None
    op: Literal["create", "correct", "reverse", "restore"]
    record: TransactionOut


class OperationsOut(Body):
    results: list[OperationOut]


class TransactionVersionOut(Body):
    """One record of a chain; null ends say that it counts today."""

    record: TransactionOut
    recorded_by: UUID | None
    ended_at: Instant | None
    ended_by: UUID | None


class TransactionHistoryOut(Body):
    """Every record that stood in one place, the oldest first."""

    chain_id: UUID
    versions: list[TransactionVersionOut]


class TransactionPageOut(Body):
    items: list[TransactionOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None


class TransactionMarksOut(Body):
    """The length of a list and the cursor of every n-th record of it, the newest first."""

    total_count: int
    every: int
    cursors: list[str]


class PositionOut(Body):
    """Of an instrument that belongs to what was asked for in part, that part (`weight_ratio`)."""

    account_id: UUID
    instrument_id: UUID
    symbol: str
    instrument_name: str
    quantity: DecimalText
    cost: DecimalText | None
    average_cost: DecimalText | None
    weight_ratio: DecimalText
    currency: CurrencyCode
    unknown_reason: str | None
    last_trade_date: date


class CashBalanceOut(Body):
    account_id: UUID
    currency: CurrencyCode
    amount: DecimalText


class LedgerDifference(Body):
    """A stored row that is not what the records say: where, and which columns."""

    table: str
    key: str
    what: str


class LedgerProofOut(Body):
    """The last time an account was rebuilt from nothing and compared; a difference is a bug."""

    account_id: UUID
    proved_on: date
    checked_at: Instant
    row_count: int
    difference_count: int
    differences: list[LedgerDifference]


class LedgerProofsOut(Body):
    items: list[LedgerProofOut]


class LotOut(Body):
    id: UUID
    account_id: UUID
    account_name: str
    instrument_id: UUID
    transaction_id: UUID
    acquired_date: date
    quantity: DecimalText
    cost: DecimalText | None
    cost_per_unit: DecimalText | None
    currency: CurrencyCode
    is_short: bool
    is_long_term: bool
    unknown_reason: str | None


class LotClosureOut(Body):
    id: UUID
    account_id: UUID
    account_name: str
    lot_id: UUID
    closed_by: UUID
    acquired_date: date
    closed_date: date
    quantity: DecimalText
    proceeds: DecimalText
    cost: DecimalText | None
    gain: DecimalText | None
    currency: CurrencyCode
    is_short: bool
    term: Literal["short", "long"]
    unknown_reason: str | None


class WhatIfIn(Body):
    """A sale to think about: units > 0, price a unit, costs > 0, and lots it would name."""

    account_id: UUID
    instrument_id: UUID
    quantity: DecimalText
    price: DecimalText
    fee: DecimalText = Decimal(0)
    day: LocalDate | None = None
    lot_choices: Annotated[list[LotChoiceIn], Field(max_length=500, default_factory=list)]


class WouldCloseOut(Body):
    lot_id: UUID
    transaction_id: UUID
    acquired_date: date
    quantity: DecimalText
    cost: DecimalText | None
    proceeds: DecimalText
    gain: DecimalText | None
    term: Literal["short", "long"]


class GainsExplained(Body):
    """Where the gains of one outcome come from; its parts stand in the order of `closes`."""

    gain: ExplanationOut
    short_term_gain: ExplanationOut
    long_term_gain: ExplanationOut


class WhatIfOut(Body):
    """One method; gains by term, null when a cost is unknown."""

    method: LotMethod | None
    gain: DecimalText | None
    short_term_gain: DecimalText | None
    long_term_gain: DecimalText | None
    closes: list[WouldCloseOut]
    explained: GainsExplained


class WhatIfSoldOut(Body):
    """A sale nobody made, in the currency of the lots; `account_method` is what would hold.

    `identify_by` is the last day to tell the broker which lots; null when no rule says when the
    sale would settle.
    """

    account_id: UUID
    instrument_id: UUID
    quantity: DecimalText
    proceeds: DecimalText
    currency: CurrencyCode
    day: date
    identify_by: date | None
    account_method: LotMethod
    proceeds_explained: ExplanationOut
    outcomes: list[WhatIfOut]


class LotMethodChange(Body):
    begins_on: LocalDate
    lot_method: LotMethod


class LotMethodsIn(Body):
    """`version` is the account's as the editor saw it.

    `tax_currency` is what gains are reported in; left out, the account's own currency. `oversell`
    says what a sale of more than is held does. `base_currency` left out stays; it can only be
    changed while no record counts.
    """

    version: Version
    first: LotMethod
    base_currency: CurrencyCode | None = None
    tax_currency: CurrencyCode | None = None
    oversell: Oversell = "open_short"
    changes: Annotated[list[LotMethodChange], Field(max_length=50, default_factory=list)]


class LotMethodsOut(Body):
    """`has_records` says that the base currency can no longer be changed."""

    version: int
    first: LotMethod
    base_currency: CurrencyCode
    has_records: bool
    tax_currency: CurrencyCode | None
    oversell: Oversell
    changes: list[LotMethodChange]
