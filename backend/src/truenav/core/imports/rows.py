"""What every reader does with a row: build drafts, check them, turn errors into reasons."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from truenav.core.imports.parsed import CellError, ParsedRow, RowStatus
from truenav.core.imports.table import Table, normalized
from truenav.core.ledger.cash import part_in_cash_currency
from truenav.core.ledger.transactions import (
    EXTERNAL_KINDS,
    AssetClass,
    CashPart,
    InstrumentRef,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import exact

K = TransactionKind
ZERO = Decimal(0)
OPTION_MULTIPLIER = Decimal(100)
_CUSIP = re.compile(r"^[0-9A-Z]{8}[0-9]$", re.ASCII)
_ISIN = re.compile(r"^[A-Z]{2}[0-9A-Z]{9}[0-9]$", re.ASCII)
# The digit is of an adjusted contract: "AAPL1 210917C00150000".
_OCC = re.compile(r"^-?[A-Z.]{1,6}\d?\s*\d{6}[CP]\d+(\.\d+)?$", re.ASCII)
_OPTION_WORDS = re.compile(r"^[A-Z.]{1,6}\d? \d{2}/\d{2}/\d{4} [\d.]+ [CP]$", re.ASCII)
# NUMERIC(38, 18) holds twenty digits before the point; a computed amount may have more.
TOO_LARGE = Decimal(10) ** 20


class Skip(Exception):
    """A row that is read and deliberately not imported, with its reason."""

    def __init__(self, reason_code: str, message: str) -> None:
        super().__init__(message)
        self.reason_code = reason_code
        self.message = message


def is_cusip(symbol: str) -> bool:
    """Nine characters with digits among them and a check digit at the end."""
    return bool(_CUSIP.match(symbol)) and sum(char.isdigit() for char in symbol) >= 4


def is_isin(text: str) -> bool:
    """Twelve characters: country, nine, check digit."""
    return bool(_ISIN.match(text))


@lru_cache(maxsize=4096)
def is_option(symbol: str) -> bool:
    """Both ways brokers print an option: OCC code or words."""
    return bool(_OCC.match(symbol) or _OPTION_WORDS.match(symbol))


@lru_cache(maxsize=4096)
def instrument_ref(symbol: str | None, name: str | None, currency: str) -> InstrumentRef | None:
    """What a symbol cell refers to: a CUSIP, an ISIN, an option or a ticker; None for none.

    Cached: a file names the same few instruments in all its rows.
    """
    if symbol is None:
        return None
    if is_option(symbol):
        return InstrumentRef(
            symbol=symbol, name=name, currency=currency, asset_class=AssetClass.OPTION
        )
    if is_isin(symbol):
        return InstrumentRef(isin=symbol, symbol=symbol, name=name, currency=currency)
    if is_cusip(symbol):
        return InstrumentRef(cusip=symbol, symbol=symbol, name=name, currency=currency)
    return InstrumentRef(symbol=symbol, name=name, currency=currency, asset_class=AssetClass.EQUITY)


def part(amount: Decimal | None, currency: str) -> CashPart | None:
    """A cash part, or None for no amount or zero."""
    return CashPart(amount=amount, currency=currency) if amount else None


def gross_part(amount: Decimal | None, currency: str) -> CashPart | None:
    """The gross part; zero is kept: the broker said so."""
    return CashPart(amount=amount, currency=currency) if amount is not None else None


def cost(amount: Decimal | None, currency: str) -> CashPart | None:
    """A cost from a file that prints what it takes away as negative."""
    return part(amount.copy_negate(), currency) if amount else None


def unsigned(value: Decimal | None) -> Decimal | None:
    """A price without a sign; `abs` would round to the caller's precision."""
    return value.copy_abs() if value is not None else None


def as_cost(draft: TransactionDraft) -> TransactionDraft:
    """Fees and taxes are parts of their own, so that income and costs add up by kind."""
    if draft.kind not in {K.FEE, K.TAX} or draft.gross is None:
        return draft
    found = cost(draft.gross.amount, draft.currency)
    if draft.kind is K.FEE:
        return replace(draft, gross=None, fee=draft.fee or found)
    return replace(draft, gross=None, tax=draft.tax or found)


@exact
def amount_warning(draft: TransactionDraft) -> tuple[str, str] | None:
    """Check |gross| = quantity * price * multiplier within the rounding of printed figures."""
    if draft.kind not in {K.BUY, K.SELL} or draft.gross is None:
        return None
    if draft.quantity is None or draft.price is None:
        return None
    expected = abs(draft.quantity * draft.price * draft.multiplier)
    stated = abs(part_in_cash_currency(draft.gross))
    # a cent of the amount, and half a unit in the last place of what may have been rounded:
    # prices to cents or finer, fractions of a unit; a whole number of units is exact
    price_places = min(_exponent(draft.price), -2)
    slack = Decimal("0.015") + abs(draft.quantity * draft.multiplier) * _half_of(price_places)
    if _exponent(draft.quantity) < 0:
        slack += draft.price * draft.multiplier * _half_of(_exponent(draft.quantity))
    if abs(expected - stated) <= slack:
        return None
    return "amount_mismatch", f"amount {stated:f} is not quantity * price = {expected:f}"


def _exponent(value: Decimal) -> int:
    return int(value.as_tuple().exponent)


@lru_cache(maxsize=64)
def _half_of(exponent: int) -> Decimal:
    """Half of one unit in a decimal place: 0.005 for -2."""
    return Decimal(5).scaleb(exponent - 1)


def _check_size(draft: TransactionDraft) -> None:
    for figure in (draft.quantity, draft.price, draft.ratio):
        if figure is not None and not -TOO_LARGE < figure < TOO_LARGE:
            raise CellError(None, "number_too_large", "a figure is too large to keep")
    for found in (draft.gross, draft.fee, draft.tax, draft.counter):
        if found is not None and not -TOO_LARGE < found.amount < TOO_LARGE:
            raise CellError(None, "number_too_large", "an amount is too large to keep")


Cells = Mapping[str, str]
# (row number, cells by normalized column name, cells as the file has them) → drafts
RowReader = Callable[[int, Cells, dict[str, str]], Sequence[TransactionDraft]]


def read_table(table: Table, reader: RowReader) -> list[ParsedRow]:
    """Run one reader on every row of a table.

    A row with more cells than the header is refused unless the reader skips it: an amount such as
    1,000.00 without quotes moves every cell after it.
    """
    keys = {name: normalized(name) for name in table.header}
    rows = []
    for line in table.rows:
        original = table.as_dict(line)
        cells = {keys.get(name, name): value for name, value in original.items()}
        row = read_row(line.number, cells, original, reader)
        if row.status is RowStatus.IMPORTED and table.has_surplus(line):
            message = f"{len(line.cells)} cells under {len(table.header)} columns"
            error = CellError(None, "too_many_cells", message)
            row = _failed(line.number, original, error)
        rows.append(row)
    return rows


def read_row(number: int, cells: Cells, original: dict[str, str], reader: RowReader) -> ParsedRow:
    """Run one reader on one row; its errors and skips become the row's reason."""
    try:
        drafts = tuple(reader(number, cells, original))
        for draft in drafts:
            _check_size(draft)
    except CellError as error:
        return _failed(number, original, error)
    except Skip as skip:
        return skipped(number, original, skip.reason_code, skip.message)
    drafts = tuple(
        replace(draft, is_external_flow=True) if draft.kind in EXTERNAL_KINDS else draft
        for draft in drafts
    )
    warning = next((w for w in map(amount_warning, drafts) if w is not None), None)
    if any(draft.kind is K.UNKNOWN for draft in drafts):
        warning = "unknown_action", "an action we do not know; kept for review"
    reason_code, message = warning if warning is not None else (None, None)
    return ParsedRow(
        row_number=number,
        status=RowStatus.IMPORTED,
        drafts=drafts,
        reason_code=reason_code,
        message=message,
        original=original,
    )


def _failed(number: int, original: Cells, error: CellError) -> ParsedRow:
    return ParsedRow(
        row_number=number,
        status=RowStatus.FAILED,
        reason_code=error.reason_code,
        message=f"row {number}, {error.message}",
        column=error.column,
        original=original,
    )


def skipped(number: int, original: Cells, reason_code: str, message: str) -> ParsedRow:
    """A row that is read and not imported, with its reason."""
    return ParsedRow(
        row_number=number,
        status=RowStatus.SKIPPED,
        reason_code=reason_code,
        message=message,
        original=original,
    )


def source_accounts(rows: Sequence[ParsedRow]) -> tuple[str, ...]:
    """The accounts the file names, sorted."""
    named = {draft.source_account for row in rows for draft in row.drafts}
    return tuple(sorted(account for account in named if account))


def signed_quantity(kind: TransactionKind, quantity: Decimal | None) -> Decimal | None:
    """Units with the ledger's sign where the kind decides it, else as the file signs them."""
    if quantity is None:
        return None
    if kind in {K.BUY, K.TRANSFER_IN}:
        return quantity.copy_abs()
    if kind in {K.SELL, K.TRANSFER_OUT}:
        return quantity.copy_abs().copy_negate()
    return quantity
