"""Swissquote: "Date;Order #;Transaction;Symbol;…;Net Amount;Balance;Currency"."""

from collections.abc import Hashable, Sequence
from decimal import Decimal

from truenav.core.imports.fields import Fields, added, minus, security
from truenav.core.imports.pairing import join_conversions
from truenav.core.imports.parsed import ParsedRow
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind

FORMAT = "swissquote_csv"
REQUIRED = (
    "date",
    "order #",
    "transaction",
    "symbol",
    "isin",
    "quantity",
    "unit price",
    "costs",
    "net amount",
    "balance",
    "currency",
)
K, S = TransactionKind, SubKind
WORDS: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "buy": (K.BUY, None),
    "sell": (K.SELL, None),
    "dividend": (K.DIVIDEND, None),
    "capital gain": (K.CAPITAL_GAIN_DISTRIBUTION, None),
    "interests": (K.INTEREST, S.CASH),
    "coupon": (K.INTEREST, S.BOND),
    "custody fees": (K.FEE, S.CUSTODY),
    "fees": (K.FEE, None),
    "fees tax statement": (K.FEE, None),
    "withholding tax": (K.TAX, S.WITHHOLDING),
    "debit": (K.WITHDRAWAL, None),
    "withdrawal": (K.WITHDRAWAL, None),
    "payout": (K.WITHDRAWAL, None),
    "credit": (K.DEPOSIT, None),
    "deposit": (K.DEPOSIT, None),
    "payment": (K.DEPOSIT, None),
    "forex credit": (K.FX_CONVERSION, None),
    "forex debit": (K.FX_CONVERSION, None),
    "fx credit comp.": (K.FX_CONVERSION, None),
    "fx debit comp.": (K.FX_CONVERSION, None),
}


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    """One record, and one more for interest that changes hands with a bond."""
    word = row.needed_text("transaction")
    kind, sub_kind = WORDS.get(word.lower(), (K.UNKNOWN, None))
    currency = row.currency("currency", row.context.default_currency)
    net, costs = row.needed("net amount"), row.figure("costs")
    is_trade = kind in {K.BUY, K.SELL}
    accrued = _accrued(row, kind) if is_trade else None
    # what is kept back from a dividend is tax; the broker takes no fee on it
    is_income = kind in {K.DIVIDEND, K.CAPITAL_GAIN_DISTRIBUTION}
    draft = row.draft(
        kind,
        sub_kind=sub_kind,
        trade_date=row.day("date"),
        currency=currency,
        net=added(net, minus(accrued)),
        fee=None if is_income else costs,
        tax=costs if is_income else None,
        instrument=security(
            row.text("symbol", limit=60),
            currency,
            isin=row.text("isin", limit=12),
            name=row.text("name"),
        ),
        # for all but trades the quantity is 1 and the unit price the amount
        quantity=row.needed("quantity") if is_trade else None,
        price=row.needed("unit price") if is_trade else None,
        note=word,
    )
    if not accrued:
        return [draft]
    interest = row.draft(
        K.INTEREST,
        sub_kind=S.BOND,
        trade_date=draft.trade_date,
        currency=currency,
        net=accrued,
        instrument=draft.instrument,
        note=word,
    )
    return [draft, interest]


def _accrued(row: Fields, kind: TransactionKind) -> Decimal | None:
    """Paid with a purchase (< 0), received with a sale; None for none."""
    size = row.figure("accrued interest")
    if not size:
        return None
    return size.copy_abs().copy_negate() if kind is K.BUY else size.copy_abs()


def _order(row: ParsedRow) -> Hashable:
    """Both legs of a conversion have its order number and its second."""
    return row.original.get("Order #"), row.original.get("Date")


def _paired(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    return join_conversions(rows, _order)


read = reader_of(
    Profile(format=FORMAT, broker="Swissquote", required=REQUIRED, drafts=_drafts, pairing=_paired)
)
