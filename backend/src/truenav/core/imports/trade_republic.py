"""Trade Republic: the export of 2026 with one English header, and the older one in Dutch."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from truenav.core.imports.fields import MIXED, Fields, added, coin, minus, ratio, security
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.rows import is_isin
from truenav.core.ledger.transactions import (
    AssetClass,
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "trade_republic_csv"
OLD_FORMAT = "trade_republic_old_csv"
REQUIRED = (
    "datetime",
    "date",
    "account_type",
    "category",
    "type",
    "asset_class",
    "symbol",
    "shares",
    "price",
    "amount",
    "fee",
    "tax",
    "currency",
    "transaction_id",
)
K, S = TransactionKind, SubKind
TYPES: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "BUY": (K.BUY, None),
    "SELL": (K.SELL, None),
    "DIVIDEND": (K.DIVIDEND, None),
    "DISTRIBUTION": (K.DIVIDEND, None),
    "INTEREST_PAYMENT": (K.INTEREST, S.CASH),
    "TAX_OPTIMIZATION": (K.TAX, S.REFUND),
    "EARNINGS": (K.INTEREST, S.CASH),
    "BENEFITS_SAVEBACK": (K.ADJUSTMENT, S.CASH),
    "REFERRAL": (K.ADJUSTMENT, S.CASH),
    "BONUS": (K.ADJUSTMENT, S.CASH),
}
# By the sign of the amount: money in and out, by transfer or card.
CASH_PARTS = ("TRANSFER", "INPAYMENT", "OUTBOUND", "CARD", "DEPOSIT", "WITHDRAWAL", "REFUND")
ASSETS = {"FUND": AssetClass.FUND, "BOND": AssetClass.BOND, "STOCK": AssetClass.EQUITY}
# Columns of the older export, here in Dutch: date, type, net value, note, ISIN, units, costs, tax.
OLD_NAMES = (
    "datum", "transactietype", "waarde (netto)", "opmerking", "isin", "aantal", "kosten",
    "belasting",
)  # fmt: skip
OLD_WORDS: dict[str, tuple[TransactionKind, SubKind | None]] = {
    **dict.fromkeys(("buy", "aankoop", "kauf"), (K.BUY, None)),
    **dict.fromkeys(("sell", "verkoop", "verkauf"), (K.SELL, None)),
    **dict.fromkeys(("deposit", "storting", "einlage"), (K.DEPOSIT, None)),
    **dict.fromkeys(("removal", "withdrawal", "onttrekking", "entnahme"), (K.WITHDRAWAL, None)),
    **dict.fromkeys(("dividend", "dividende"), (K.DIVIDEND, None)),
    **dict.fromkeys(("interest", "rente", "zinsen"), (K.INTEREST, S.CASH)),
    **dict.fromkeys(("fees", "kosten", "gebühren"), (K.FEE, None)),
    **dict.fromkeys(("taxes", "belasting", "steuern"), (K.TAX, None)),
}


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    """The amount is before fee and tax, which are printed as what they take away."""
    word = row.needed_text("type").upper()
    amount, fee, tax = row.figure("amount"), row.figure("fee"), row.figure("tax")
    shares = row.figure("shares")
    kind, sub_kind = TYPES.get(word, (K.UNKNOWN, None))
    if kind is K.UNKNOWN and any(part in word for part in CASH_PARTS) and amount is not None:
        kind = K.DEPOSIT if amount >= 0 else K.WITHDRAWAL
    if kind is K.UNKNOWN and amount is None and (row.text("category") or "") == "DELIVERY":
        kind = K.TRANSFER_IN if (shares or 0) > 0 else K.TRANSFER_OUT
    is_trade = kind in {K.BUY, K.SELL}
    if is_trade:
        shares, amount = row.needed("shares"), row.needed("amount")
    currency = row.currency("currency", "EUR")
    has_units = is_trade or kind in {K.TRANSFER_IN, K.TRANSFER_OUT}
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            trade_date=row.day("date"),
            traded_at=row.instant("datetime", ""),
            currency=currency,
            net=added(amount, fee, tax),
            fee=minus(fee),
            tax=minus(tax),
            instrument=_instrument(row, currency),
            quantity=shares if has_units else None,
            price=row.figure("price") if is_trade else None,
            broker_reference=row.text("transaction_id", limit=60),
            note=row.text("description") or word,
        )
    ]


def _instrument(row: Fields, currency: str) -> InstrumentRef | None:
    symbol = row.text("symbol", limit=60)
    asset = (row.text("asset_class") or "").upper()
    if symbol is None:
        return None
    if asset == "CRYPTO":
        return coin(symbol, currency)
    isin = symbol if is_isin(symbol) else None
    name = row.text("name")
    return security(symbol, currency, isin=isin, name=name, asset_class=ASSETS.get(asset))


def _old_drafts(row: Fields) -> Sequence[TransactionDraft]:
    word = row.needed_text("transactietype")
    net = row.needed("waarde (netto)")
    kind, sub_kind = OLD_WORDS.get(word.lower(), (K.UNKNOWN, None))
    is_trade = kind in {K.BUY, K.SELL}
    fee, tax = row.figure("kosten"), row.figure("belasting")
    shares = row.needed("aantal") if is_trade else None
    shared: dict[str, Any] = {
        "sub_kind": sub_kind,
        "trade_date": row.day("datum"),
        "currency": "EUR",
        "fee": fee.copy_abs() if fee is not None else None,
        "tax": tax.copy_abs() if tax is not None else None,
    }
    isin = row.text("isin", limit=12)
    named = security(None, "EUR", isin=isin, name=row.text("opmerking")) if isin else None
    note = row.text("opmerking")
    draft = row.draft(kind, net=net, instrument=named, quantity=shares, note=note, **shared)
    if not shares or draft.gross is None:
        return [draft]
    return [replace(draft, price=ratio(draft.gross.amount, shares))]


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Trade Republic",
        required=REQUIRED,
        drafts=_drafts,
        date_order="ymd",
    )
)
read_old = reader_of(
    Profile(
        format=OLD_FORMAT,
        broker="Trade Republic",
        required=OLD_NAMES,
        drafts=_old_drafts,
        date_order="ymd",
        decimal_mark=MIXED,
    )
)
