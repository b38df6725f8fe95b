"""Wealthsimple activities: types and sub-types, conversions in two rows, "As of" at the end."""

from collections.abc import Hashable, Sequence
from decimal import Decimal

from truenav.core.imports.cells import is_none
from truenav.core.imports.fields import Fields, security
from truenav.core.imports.pairing import join_conversions, join_split_legs
from truenav.core.imports.parsed import ParsedRow
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.rows import Skip
from truenav.core.ledger.transactions import (
    AssetClass,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "wealthsimple_csv"
REQUIRED = (
    "transaction_date",
    "account_id",
    "activity_type",
    "activity_sub_type",
    "symbol",
    "currency",
    "quantity",
    "unit_price",
    "net_cash_amount",
)
K, S = TransactionKind, SubKind
TYPES: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "dividend": (K.DIVIDEND, None),
    "interest": (K.INTEREST, S.CASH),
    "interestcharge": (K.INTEREST, S.MARGIN),
    "fee": (K.FEE, None),
    "tax": (K.TAX, S.WITHHOLDING),
    "nonresidenttax": (K.TAX, S.WITHHOLDING),
    "fxexchange": (K.FX_CONVERSION, None),
    "reimbursement": (K.ADJUSTMENT, S.CASH),
    "returnofcapital": (K.RETURN_OF_CAPITAL, None),
    "stakingreward": (K.REWARD, S.STAKING),
}
EVENTS: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "consolidation": (K.SPLIT, S.REVERSE),
    "split": (K.SPLIT, None),
    "subdivision": (K.SPLIT, None),
    "spinoff": (K.SPIN_OFF, None),
    "name_change": (K.NAME_CHANGE, None),
    "merger": (K.MERGER, None),
    "stock_dividend": (K.DIVIDEND, S.STOCK),
}
WITH_UNITS = frozenset(
    {
        K.BUY,
        K.SELL,
        K.SPLIT,
        K.SPIN_OFF,
        K.NAME_CHANGE,
        K.MERGER,
        K.TRANSFER_IN,
        K.TRANSFER_OUT,
        K.REWARD,
    }
)


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    first = row.cells["transaction_date"].strip()
    if first.lower().startswith("as of") and is_none(row.cells["activity_type"]):
        raise Skip("footer", "when the file was made")
    word = row.needed_text("activity_type")
    detail = row.text("activity_sub_type") or ""
    net, units = row.figure("net_cash_amount"), row.figure("quantity")
    kind, sub_kind = _kind(word.lower(), detail.lower(), net, units)
    is_trade = kind in {K.BUY, K.SELL}
    if is_trade:
        units, net = row.needed("quantity"), row.needed("net_cash_amount")
    takes_units = kind in WITH_UNITS or sub_kind is S.STOCK
    currency = row.currency("currency", row.context.default_currency)
    is_coin = (row.text("account_type") or "").lower() == "crypto"
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            trade_date=row.day("transaction_date"),
            settlement_date=row.settles("settlement_date"),
            currency=currency,
            net=net,
            fee=row.figure("commission") if is_trade else None,
            instrument=security(
                row.text("symbol", limit=60),
                currency,
                name=row.text("name"),
                asset_class=AssetClass.CRYPTO if is_coin else None,
            ),
            quantity=units if takes_units else None,
            price=row.figure("unit_price") if is_trade else None,
            source_account=row.text("account_id", limit=40),
            note=f"{word} {detail}".strip(),
        )
    ]


def _kind(
    word: str, detail: str, net: Decimal | None, units: Decimal | None
) -> tuple[TransactionKind, SubKind | None]:
    if word == "trade":
        return {"buy": (K.BUY, None), "sell": (K.SELL, None)}.get(detail, (K.UNKNOWN, None))
    if word == "moneymovement":
        return (K.DEPOSIT if (net or 0) >= 0 else K.WITHDRAWAL), None
    if word in {"transfer", "institutionaltransfer", "internaltransfer"}:
        if units:
            return (K.TRANSFER_IN if units > 0 else K.TRANSFER_OUT), S.JOURNAL
        return (K.DEPOSIT if (net or 0) >= 0 else K.WITHDRAWAL), None
    if word == "corporateaction":
        return EVENTS.get(detail, (K.UNKNOWN, None))
    return TYPES.get(word, (K.UNKNOWN, None))


def _exchange(row: ParsedRow) -> Hashable:
    """Both legs are of one account and day."""
    return row.original.get("account_id"), row.original.get("transaction_date")


def _joined(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    return join_split_legs(join_conversions(rows, _exchange))


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Wealthsimple",
        required=REQUIRED,
        drafts=_drafts,
        date_order="ymd",
        pairing=_joined,
    )
)
