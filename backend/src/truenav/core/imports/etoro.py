"""eToro account activity: two ways of writing numbers in one file, positions by their value."""

from collections.abc import Sequence
from typing import Any

from truenav.core.imports.cells import read_number, read_unit
from truenav.core.imports.fields import MIXED, Fields, ratio, security
from truenav.core.imports.parsed import CellError
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.ledger.transactions import (
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "etoro_csv"
REQUIRED = (
    "date",
    "type",
    "details",
    "amount",
    "units",
    "realized equity change",
    "realized equity",
    "balance",
    "position id",
)
K, S = TransactionKind, SubKind
CURRENCY = "USD"
WORDS: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "open position": (K.BUY, None),
    "position closed": (K.SELL, None),
    "dividend": (K.DIVIDEND, None),
    "interest payment": (K.INTEREST, S.CASH),
    "deposit": (K.DEPOSIT, None),
    "withdraw request": (K.WITHDRAWAL, None),
    "withdraw fee": (K.FEE, None),
    "withdrawal conversion fee": (K.FEE, None),
    "deposit conversion fee": (K.FEE, None),
    "commission": (K.FEE, S.COMMISSION),
    "adjustment": (K.ADJUSTMENT, S.CASH),
    "sdrt": (K.TAX, None),
    "overnight fee": (K.INTEREST, S.MARGIN),
    "overnight refund": (K.INTEREST, S.MARGIN),
    "rollover fee": (K.INTEREST, S.MARGIN),
}


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    word = row.needed_text("type")
    kind, sub_kind = WORDS.get(word.lower(), (K.UNKNOWN, None))
    amount = row.needed("amount")
    is_trade = kind in {K.BUY, K.SELL}
    # the amount of a position is its value: paid when it opens, received when it closes
    net = amount.copy_abs().copy_negate() if kind is K.BUY else amount
    is_contract = (row.text("asset type") or "").upper() == "CFD"
    details = row.text("details")
    shared: dict[str, Any] = {
        "trade_date": row.day("date"),
        "currency": CURRENCY,
        "net": net,
        # a contract for difference is no holding of the share; its cash counts
        "instrument": None if is_contract else _instrument(details),
        "note": f"{word} {details or ''}, position {row.text('position id') or '-'}",
    }
    if is_trade and is_contract:
        return [row.draft(K.UNKNOWN, **shared)]
    if not is_trade:
        return [row.draft(kind, sub_kind=sub_kind, **shared)]
    # units have a point in every language
    units = read_number(row.cells["units"], row.column("units"))
    if not units:
        column = row.column("units")
        raise CellError(column, "cell_missing", f"{column}: a number is needed")
    return [row.draft(kind, quantity=units, price=ratio(amount, units), **shared)]


def _instrument(details: str | None) -> InstrumentRef | None:
    """Name "KER/EUR" KER, priced in euros."""
    symbol, slash, code = (details or "").partition("/")
    if not slash or not symbol or " " in symbol:
        return None
    currency, _ = read_unit(code, "Details", CURRENCY)
    return security(symbol, currency)


read = reader_of(
    Profile(
        format=FORMAT,
        broker="eToro",
        required=REQUIRED,
        drafts=_drafts,
        decimal_mark=MIXED,
    )
)
