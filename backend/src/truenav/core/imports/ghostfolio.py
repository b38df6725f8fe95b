"""Ghostfolio's own export (JSON): activities, with accounts and names beside them."""

from collections.abc import Sequence
from typing import Any

from truenav.core.imports.fields import Fields, added, minus, product, security
from truenav.core.imports.json_rows import JsonProfile, read_records
from truenav.core.imports.parsed import Context, ParsedFile
from truenav.core.imports.rows import Skip
from truenav.core.ledger.transactions import (
    AssetClass,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "ghostfolio_json"
REQUIRED = frozenset({"currency", "date", "fee", "quantity", "symbol", "type", "unitPrice"})
K, S = TransactionKind, SubKind
TYPES: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "BUY": (K.BUY, None),
    "SELL": (K.SELL, None),
    "DIVIDEND": (K.DIVIDEND, None),
    "INTEREST": (K.INTEREST, S.CASH),
    "FEE": (K.FEE, None),
    # valuables are entered at what they are worth; they are bought like the rest
    "ITEM": (K.BUY, None),
}
COINS = frozenset({"COINGECKO"})
# Names of things entered by hand are ids there.
_ID_LENGTH = 36


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read a Ghostfolio export; None when it is not one."""
    return read_records(_PROFILE, text, encoding, notices, context)


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    word = row.needed_text("type").upper()
    if word == "LIABILITY":
        raise Skip("liability", "a debt entered by hand is no record of an account")
    kind, sub_kind = TYPES.get(word, (K.UNKNOWN, None))
    units, price = row.needed("quantity"), row.needed("unitprice")
    fee = row.figure("fee")
    currency = row.currency("currency", row.context.default_currency)
    value = product(units, price)
    shared: dict[str, Any] = {
        "trade_date": row.day("date"),
        "traded_at": row.instant("date", ""),
        "currency": currency,
        "source_account": row.text("accountid", limit=40),
        "note": row.text("comment") or word,
    }
    if kind is K.FEE:
        return [row.draft(kind, net=minus(fee or value), **shared)]
    symbol = row.needed_text("symbol")
    source = (row.text("datasource") or "").upper()
    is_id = source == "MANUAL" and len(symbol) == _ID_LENGTH
    instrument = security(
        None if is_id else symbol,
        currency,
        name=symbol if is_id and kind is not K.INTEREST else None,
        asset_class=AssetClass.CRYPTO if source in COINS else None,
    )
    is_trade = kind in {K.BUY, K.SELL}
    gross = minus(value) if kind is K.BUY else value
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            net=added(gross, minus(fee)),
            fee=fee,
            instrument=instrument,
            quantity=units if is_trade else None,
            price=price if is_trade else None,
            **shared,
        )
    ]


_PROFILE = JsonProfile(
    format=FORMAT,
    broker="Ghostfolio",
    records="activities",
    required=REQUIRED,
    drafts=_drafts,
    date_order="ymd",
)
