"""Reading the sample files, and the short form in which expectations are written by hand."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from truenav.core.imports.parsed import ColumnMapping, ParsedFile, ParsedRow, RowStatus
from truenav.core.imports.reading import read_file
from truenav.core.ledger.transactions import CashPart, TransactionDraft

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 1, 2)
SCHWAB_HEADER = "Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount"


def read(content: str | bytes, mapping: ColumnMapping | None = None) -> ParsedFile:
    """Read text or bytes as a file uploaded on 2 January 2026 to an account in dollars."""
    plain = content.encode() if isinstance(content, str) else content
    return read_file(plain, default_currency="USD", today=TODAY, mapping=mapping)


def sample(name: str) -> ParsedFile:
    """Read one of the files beside this module."""
    return read((FILES / name).read_bytes())


def broker_file(name: str, currency: str = "USD") -> ParsedFile:
    """Read one of the files of other brokers, uploaded at the end of 2026."""
    return read_as(broker_bytes(name), currency)


def broker_bytes(name: str) -> bytes:
    """One of the files of other brokers."""
    return (FILES / "brokers" / name).read_bytes()


def read_as(content: bytes, currency: str) -> ParsedFile:
    """Read bytes at the end of 2026 into an account of that currency."""
    return read_file(content, default_currency=currency, today=date(2026, 12, 31))


def row(file: ParsedFile, number: int) -> ParsedRow:
    """The row of that number."""
    (found,) = (row for row in file.rows if row.row_number == number)
    return found


def drafts(file: ParsedFile) -> list[TransactionDraft]:
    """All drafts, in the order of the file."""
    return [draft for row in file.rows for draft in row.drafts]


def schwab_row(cells: str) -> ParsedRow:
    """The only row of a Schwab file."""
    (found,) = read(f"{SCHWAB_HEADER}\n{cells}\n").rows
    return found


def said(draft: TransactionDraft) -> str:
    """A draft in one line: kind date symbol units@price | gross fee tax.

    A field that is not stated is "-"; figures carry no trailing zeros.
    """
    kind = draft.kind.value + (f"/{draft.sub_kind.value}" if draft.sub_kind else "")
    ref = draft.instrument
    symbol = (ref.symbol or ref.isin or ref.name) if ref is not None else None
    units = f"{plain(draft.quantity)}@{plain(draft.price)}"
    if draft.multiplier != 1:
        units += f"x{plain(draft.multiplier)}"
    if draft.ratio is not None:
        units += f" ratio {plain(draft.ratio)}"
    money = f"{amount(draft.gross)} {amount(draft.fee)} {amount(draft.tax)}"
    line = f"{kind} {draft.trade_date} {symbol or '-'} {units} | {money}"
    return line + (f" for {amount(draft.counter)}" if draft.counter else "")


def plain(value: Decimal | None) -> str:
    """A figure without trailing zeros; "-" for none."""
    if value is None:
        return "-"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(part: CashPart | None) -> str:
    """An amount and its currency; "-" for none."""
    return f"{plain(part.amount)}{part.currency}" if part is not None else "-"


def told(file: ParsedFile) -> dict[int, list[str]]:
    """Row number → its drafts in short form, or why it has none."""
    return {
        row.row_number: [said(draft) for draft in row.drafts]
        or [f"{row.status.value} {row.reason_code}"]
        for row in file.rows
    }


def counts(file: ParsedFile) -> dict[RowStatus, int]:
    """How many rows ended how."""
    return {status: sum(row.status is status for row in file.rows) for status in RowStatus}
