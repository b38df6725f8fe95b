"""Parqet activities: semicolons, decimal comma, tax and fee beside the gross amount."""

from collections.abc import Sequence
from decimal import Decimal

from truenav.core.imports.fields import Fields, added, minus, security
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.ledger.transactions import (
    AssetClass,
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "parqet_csv"
REQUIRED = (
    "datetime",
    "date",
    "price",
    "shares",
    "amount",
    "tax",
    "fee",
    "type",
    "assettype",
    "identifier",
    "currency",
    "holdingname",
)
K, S = TransactionKind, SubKind
TYPES: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "buy": (K.BUY, None),
    "sell": (K.SELL, None),
    "dividend": (K.DIVIDEND, None),
    "interest": (K.INTEREST, S.CASH),
    "transferin": (K.TRANSFER_IN, None),
    "transferout": (K.TRANSFER_OUT, None),
    "fee": (K.FEE, None),
    "tax": (K.TAX, None),
}
ASSETS = {
    "crypto": AssetClass.CRYPTO,
    "security": AssetClass.EQUITY,
}
UNITS = frozenset({K.BUY, K.SELL, K.TRANSFER_IN, K.TRANSFER_OUT})


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    word = row.needed_text("type")
    kind, sub_kind = TYPES.get(word.lower(), (K.UNKNOWN, None))
    is_cash = (row.text("assettype") or "").lower() == "cash"
    if is_cash and kind in {K.TRANSFER_IN, K.TRANSFER_OUT}:
        kind = K.DEPOSIT if kind is K.TRANSFER_IN else K.WITHDRAWAL
    amount, fee, tax = row.needed("amount"), row.figure("fee"), row.figure("tax")
    has_units = kind in UNITS
    moves_no_cash = kind in {K.TRANSFER_IN, K.TRANSFER_OUT}
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            trade_date=row.day("date"),
            traded_at=row.instant("datetime", ""),
            currency=row.currency("currency", row.context.default_currency),
            net=None if moves_no_cash else _net(kind, amount, fee, tax),
            fee=fee,
            tax=tax,
            instrument=None if is_cash else _instrument(row),
            quantity=row.needed("shares") if has_units else None,
            price=row.figure("price") if has_units else None,
            source_account=row.text("holding", limit=40),
            note=word,
        )
    ]


def _net(
    kind: TransactionKind, amount: Decimal, fee: Decimal | None, tax: Decimal | None
) -> Decimal | None:
    """The amount is before costs and has no sign; a loss makes the tax a refund (< 0)."""
    is_paid = kind in {K.BUY, K.WITHDRAWAL, K.FEE, K.TAX}
    gross = amount.copy_abs().copy_negate() if is_paid else amount
    return gross if kind in {K.FEE, K.TAX} else added(gross, minus(fee), minus(tax))


def _instrument(row: Fields) -> InstrumentRef | None:
    identifier = row.text("identifier", limit=60)
    currency = row.currency("currency", row.context.default_currency)
    asset = ASSETS.get((row.text("assettype") or "").lower())
    return security(identifier, currency, name=row.text("holdingname"), asset_class=asset)


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Parqet",
        required=REQUIRED,
        drafts=_drafts,
        decimal_mark=",",
    )
)
