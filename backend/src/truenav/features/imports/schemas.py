"""Bodies of uploads, previews and their rows."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from truenav.platform.explanations import KeyedExplanation
from truenav.platform.wire import Body, CurrencyCode, DecimalText, Instant

BatchStatus = Literal[
    "uploaded", "reading", "needs_mapping", "preview", "committing", "committed",
    "undoing", "undone", "failed", "discarded",
]  # fmt: skip
RowStatus = Literal["imported", "duplicate", "skipped", "failed"]


class ProgressOut(Body):
    """How far the running step is; null when nothing runs.

    `is_given_up`: it was tried again and again in vain, and waits for a person.
    """

    step: Literal["reading", "committing", "undoing"]
    done: int
    total: int | None
    is_given_up: bool


class NewInstrumentOut(Body):
    symbol: str | None
    isin: str | None
    name: str | None
    currency: CurrencyCode


class CashChangeOut(Body):
    currency: CurrencyCode
    amount: DecimalText


class PreviewOut(Body):
    """What a commit would do; NAV figures are null with a reason while a price is missing."""

    transaction_count: int
    first_trade_date: str | None
    last_trade_date: str | None
    new_instruments: list[NewInstrumentOut]
    cash_changes: list[CashChangeOut]
    kinds: dict[str, int]
    nav_before: DecimalText | None
    nav_after: DecimalText | None
    nav_currency: CurrencyCode
    unknown_reasons: list[str]
    # of "cash" by currency, of "nav_before" and "nav_after"
    explanations: list[KeyedExplanation]


class MappingQuestionOut(Body):
    """For a generic CSV: its header, sample rows, and the mapping we would suggest."""

    header: list[str]
    sample: list[list[str]]
    suggested: dict[str, Any]
    problems: list[str]


class MappingIn(Body):
    """Column names of the file by field, and how to read them; remembered for this header."""

    columns: Annotated[dict[str, str], Field(max_length=40)]
    kinds: Annotated[dict[str, str], Field(max_length=200)] = Field(default_factory=dict)
    date_order: Literal["ymd", "dmy", "mdy"] | None = None
    decimal_mark: Literal[".", ","] | None = None
    default_currency: CurrencyCode | None = None


class ImportBatchOut(Body):
    id: UUID
    account_id: UUID
    account_name: str
    file_name: str
    file_size: int
    format: str | None
    broker: str | None
    status: BatchStatus
    progress: ProgressOut | None
    problem_code: str | None
    problem_detail: str | None
    notices: list[str]
    row_count: int
    imported_count: int
    duplicate_count: int
    skipped_count: int
    failed_count: int
    warning_count: int
    preview: PreviewOut | None
    mapping_question: MappingQuestionOut | None
    version: int
    created_at: Instant
    committed_at: Instant | None
    undone_at: Instant | None


class ImportBatchPageOut(Body):
    items: list[ImportBatchOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None


class DraftOut(Body):
    """What the row becomes in the ledger."""

    kind: str
    sub_kind: str | None
    trade_date: str
    symbol: str | None
    quantity: DecimalText | None
    price: DecimalText | None
    net_amount: DecimalText | None
    currency: CurrencyCode


class ImportRowOut(Body):
    row_number: int
    ordinal: int
    status: RowStatus
    reason_code: str | None
    message: str | None
    column_name: str | None
    draft: DraftOut | None
    original: dict[str, str]


class ImportRowPageOut(Body):
    items: list[ImportRowOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None
