"""Schwab equity awards (JSON): shares that vest, their sale, taxes and money sent on."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from truenav.core.imports.cells import read_date
from truenav.core.imports.fields import Fields, security
from truenav.core.imports.json_rows import JsonProfile, read_records
from truenav.core.imports.parsed import Context, ParsedFile
from truenav.core.imports.rows import Skip
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind

FORMAT = "schwab_awards_json"
REQUIRED = frozenset({"Date", "Action", "Symbol", "Quantity", "Amount", "TransactionDetails"})
K, S = TransactionKind, SubKind
CURRENCY = "USD"
SALES = frozenset({"sale", "quick sale", "forced quick sell", "sell"})
WORDS: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "dividend": (K.DIVIDEND, None),
    "tax withholding": (K.TAX, S.WITHHOLDING),
    "tax reversal": (K.TAX, S.WITHHOLDING),
    "wire transfer": (K.WITHDRAWAL, None),
    "journal": (K.WITHDRAWAL, None),
    "service fee": (K.FEE, None),
}
_DETAILS = "transactiondetails.0.details."


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read an equity awards export; None when it is not one."""
    return read_records(_PROFILE, text, encoding, notices, context)


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    action = row.needed_text("action")
    units, amount = row.figure("quantity"), row.figure("amount")
    symbol = row.text("symbol", limit=60)
    shared: dict[str, Any] = {
        "trade_date": row.day("date"),
        "currency": CURRENCY,
        "instrument": security(symbol, CURRENCY) if symbol is not None else None,
        "note": f"{action}: {row.text('description') or ''}",
    }
    word = action.lower()
    if word == "lapse":
        raise Skip("information", "what was vested; the deposit says what arrived")
    if word == "deposit":
        return [_vested(row, shared)]
    if word in SALES:
        units, amount = row.needed("quantity"), row.needed("amount")
        fee, price = row.figure("feesandcommissions"), row.figure(f"{_DETAILS}saleprice")
        return [row.draft(K.SELL, net=amount, fee=fee, quantity=units, price=price, **shared)]
    kind, sub_kind = WORDS.get(word, (K.UNKNOWN, None))
    if kind is K.WITHDRAWAL:
        return [_sent(row, units, amount, shared)]
    return [row.draft(kind, sub_kind=sub_kind, net=amount, **shared)]


def _vested(row: Fields, shared: dict[str, Any]) -> TransactionDraft:
    """Shares worth their price on the day they vested, which is when holding begins.

    A purchase plan's shares were paid out of wages; what they cost is not the account's to say.
    """
    vest_day = row.cells.get(f"{_DETAILS}vestdate")
    price = row.figure(f"{_DETAILS}vestfairmarketvalue")
    if not vest_day:
        return row.draft(K.TRANSFER_IN, quantity=row.needed("quantity"), **shared)
    return row.draft(
        K.REWARD,
        sub_kind=S.VEST,
        quantity=row.needed("quantity"),
        price=price,
        acquired_date=read_date(vest_day, "VestDate", "mdy", row.context.today),
        **shared,
    )


def _sent(
    row: Fields, units: Decimal | None, amount: Decimal | None, shared: dict[str, Any]
) -> TransactionDraft:
    """Money or shares journaled to another account, or back from it."""
    if units:
        kind = K.TRANSFER_IN if units > 0 else K.TRANSFER_OUT
        return row.draft(kind, sub_kind=S.JOURNAL, quantity=units, **shared)
    net = amount if amount is not None else row.needed("amount")
    kind = K.DEPOSIT if net >= 0 else K.WITHDRAWAL
    return row.draft(kind, net=net, **{**shared, "instrument": None})


_PROFILE = JsonProfile(
    format=FORMAT,
    broker="Schwab equity awards",
    records="Transactions",
    required=REQUIRED,
    drafts=_drafts,
    date_order="mdy",
)
