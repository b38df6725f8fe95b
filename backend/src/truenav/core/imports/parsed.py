"""What reading a file gives: rows with their drafts or reasons, and what to ask the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from truenav.core.ledger.transactions import TransactionDraft


class RowStatus(StrEnum):
    """Rows read = imported + skipped + failed; nothing is lost without a word."""

    IMPORTED = "imported"
    SKIPPED = "skipped"
    FAILED = "failed"


class CellError(Exception):
    """One cell that cannot be read; becomes a failed row, never a failed file."""

    def __init__(self, column: str | None, reason_code: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.reason_code = reason_code
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRow:
    """One row of a file.

    `row_number` is the line it starts on, from 1. An imported row has drafts; its `reason_code`
    is then a warning. A skipped or failed row has a reason and no drafts.
    """

    row_number: int
    status: RowStatus
    drafts: tuple[TransactionDraft, ...] = ()
    reason_code: str | None = None
    message: str | None = None
    column: str | None = None
    original: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """How to read a CSV of no known broker: field → column, the file's word → kind."""

    columns: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None
    decimal_mark: str | None = None
    default_currency: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for storage."""
        return {
            "columns": dict(self.columns),
            "kinds": dict(self.kinds),
            "date_order": self.date_order,
            "decimal_mark": self.decimal_mark,
            "default_currency": self.default_currency,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "ColumnMapping":
        """The mapping `to_dict` wrote."""
        return cls(
            columns=dict(plain.get("columns", {})),
            kinds=dict(plain.get("kinds", {})),
            date_order=plain.get("date_order"),
            decimal_mark=plain.get("decimal_mark"),
            default_currency=plain.get("default_currency"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingQuestion:
    """A file whose columns a person must name: its header, some rows, our suggestion."""

    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    suggested: ColumnMapping
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """Everything read from one file. With a `question` there are no rows yet."""

    format: str
    broker: str
    encoding: str
    notices: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[ParsedRow, ...] = ()
    source_accounts: tuple[str, ...] = ()
    question: MappingQuestion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a reader may know besides the file."""

    today: date
    default_currency: str
    mapping: ColumnMapping | None = None
    date_order: str = "ymd"
