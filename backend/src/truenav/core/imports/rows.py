"""What every reader does with a row: build drafts, check them, turn errors into reasons."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from truenav.core.imports.parsed import CellError, ParsedRow, RowStatus
from truenav.core.ledger.cash import part_in_cash_currency
from truenav.core.ledger.transactions import (
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
EXTERNAL_KINDS = frozenset({K.DEPOSIT, K.WITHDRAWAL, K.TRANSFER_IN, K.TRANSFER_OUT})
_CUSIP = re.compile(r"^[0-9A-Z]{8}[0-9]$", re.ASCII)
_ISIN = re.compile(r"^[A-Z]{2}[0-9A-Z]{9}[0-9]$", re.ASCII)
_OCC = re.compile(r"^-?[A-Z.]{1,6}\s*\d{6}[CP]\d+(\.\d+)?$", re.ASCII)
_OPTION_WORDS = re.compile(r"^[A-Z.]{1,6} \d{2}/\d{2}/\d{4} [\d.]+ [CP]$", re.ASCII)


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


def is_option(symbol: str) -> bool:
    """Both ways brokers print an option: OCC code or words."""
    return bool(_OCC.match(symbol) or _OPTION_WORDS.match(symbol))


def instrument_ref(symbol: str | None, name: str | None, currency: str) -> InstrumentRef | None:
    """What a symbol cell refers to: a CUSIP, an ISIN, an option or a ticker; None for none."""
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
    asset_class = AssetClass.EQUITY
    return InstrumentRef(symbol=symbol, name=name, currency=currency, asset_class=asset_class)


def part(amount: Decimal | None, currency: str) -> CashPart | None:
    """A cash part, or None for no amount or zero."""
    return CashPart(amount=amount, currency=currency) if amount else None


def gross_part(amount: Decimal | None, currency: str) -> CashPart | None:
    """The gross part; zero is kept: the broker said so."""
    return CashPart(amount=amount, currency=currency) if amount is not None else None


def with_flow(draft: TransactionDraft) -> TransactionDraft:
    """Mark what crosses the portfolio's edge."""
    return replace(draft, is_external_flow=draft.kind in EXTERNAL_KINDS)


def as_cost(draft: TransactionDraft) -> TransactionDraft:
    """Fees and taxes are parts of their own, so that income and costs add up by kind."""
    if draft.gross is None or draft.kind not in {K.FEE, K.TAX}:
        return draft
    cost = part(draft.gross.amount.copy_negate(), draft.currency)
    if draft.kind is K.FEE:
        return replace(draft, gross=None, fee=draft.fee or cost)
    return replace(draft, gross=None, tax=draft.tax or cost)


@exact
def amount_warning(draft: TransactionDraft) -> tuple[str, str] | None:
    """Check |gross| = quantity × price × multiplier within the rounding of printed figures."""
    if draft.kind not in {K.BUY, K.SELL} or draft.gross is None:
        return None
    if draft.quantity is None or draft.price is None:
        return None
    expected = abs(draft.quantity * draft.price * draft.multiplier)
    stated = abs(part_in_cash_currency(draft.gross))
    # half a unit in the last printed place of price and quantity, plus a cent of the amount
    slack = Decimal("0.015") + abs(draft.quantity * draft.multiplier) * _half_step(draft.price)
    slack += draft.price * draft.multiplier * _half_step(draft.quantity)
    if abs(expected - stated) <= slack:
        return None
    message = f"amount {stated} is not quantity × price {expected.normalize():f}"
    return "amount_mismatch", message


def _half_step(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb(int(exponent) - 1)


RowReader = Callable[[int, Mapping[str, str]], Sequence[TransactionDraft]]


def read_row(number: int, original: Mapping[str, str], reader: RowReader) -> ParsedRow:
    """Run one reader on one row; its errors and skips become the row's reason."""
    try:
        drafts = tuple(with_flow(draft) for draft in reader(number, original))
    except CellError as error:
        return ParsedRow(
            row_number=number,
            status=RowStatus.FAILED,
            reason_code=error.reason_code,
            message=f"row {number}, {error.message}",
            column=error.column,
            original=original,
        )
    except Skip as skip:
        return ParsedRow(
            row_number=number,
            status=RowStatus.SKIPPED,
            reason_code=skip.reason_code,
            message=skip.message,
            original=original,
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


def signed_quantity(kind: TransactionKind, quantity: Decimal | None) -> Decimal | None:
    """Units with the ledger's sign where the kind decides it, else as the file signs them."""
    if quantity is None:
        return None
    if kind is K.BUY or kind is K.TRANSFER_IN:
        return abs(quantity)
    if kind is K.SELL or kind is K.TRANSFER_OUT:
        return -abs(quantity)
    return quantity
