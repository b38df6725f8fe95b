"""Coinbase transactions: a currency sign in every number, conversions told in a note."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from truenav.core.imports.fields import (
    Fields,
    coin,
    is_money,
    minus,
    ratio,
)
from truenav.core.imports.parsed import CellError
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind

FORMAT = "coinbase_csv"
REQUIRED = ("timestamp", "transaction type", "asset", "quantity transacted", "subtotal", "notes")
K, S = TransactionKind, SubKind
WORDS: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "buy": (K.BUY, None),
    "advanced trade buy": (K.BUY, None),
    "advance trade buy": (K.BUY, None),
    "sell": (K.SELL, None),
    "advanced trade sell": (K.SELL, None),
    "advance trade sell": (K.SELL, None),
    "send": (K.TRANSFER_OUT, None),
    "withdrawal": (K.TRANSFER_OUT, None),
    "pro deposit": (K.TRANSFER_OUT, S.JOURNAL),
    "exchange deposit": (K.TRANSFER_OUT, S.JOURNAL),
    "receive": (K.TRANSFER_IN, None),
    "deposit": (K.TRANSFER_IN, None),
    "pro withdrawal": (K.TRANSFER_IN, S.JOURNAL),
    "exchange withdrawal": (K.TRANSFER_IN, S.JOURNAL),
    "staking income": (K.REWARD, S.STAKING),
    "reward income": (K.REWARD, S.STAKING),
    "rewards income": (K.REWARD, S.STAKING),
    "inflation reward": (K.REWARD, S.STAKING),
    "learning reward": (K.REWARD, S.BONUS),
    "coinbase earn": (K.REWARD, S.BONUS),
    "airdrop": (K.REWARD, S.AIRDROP),
}
_CONVERTED = re.compile(
    r"Converted (?P<given>[\d.,]+) (?P<from>\S+) to (?P<got>[\d.,]+) (?P<to>\S+)", re.ASCII
)


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    word = row.needed_text("transaction type")
    kind, sub_kind = WORDS.get(word.lower(), (K.UNKNOWN, None))
    asset = row.needed_text("asset").upper()
    currency = row.currency(
        "price currency" if "price currency" in row.cells else "spot price currency",
        row.context.default_currency,
    )
    shared: dict[str, Any] = {
        "trade_date": row.day("timestamp"),
        "traded_at": row.instant("timestamp"),
        "broker_reference": row.text("id", limit=60),
        "note": row.text("notes") or word,
    }
    units = row.needed("quantity transacted")
    if word.lower() == "convert":
        return _converted(row, currency, shared)
    if is_money(asset):
        is_in = kind is K.TRANSFER_IN
        known = kind in {K.TRANSFER_IN, K.TRANSFER_OUT}
        money = (K.DEPOSIT if is_in else K.WITHDRAWAL) if known else K.UNKNOWN
        moved = units.copy_abs() if is_in or not known else units.copy_abs().copy_negate()
        return [row.draft(money, currency=asset, net=moved, **shared)]
    price = row.figure("price at transaction", "spot price at transaction")
    net: Decimal | None = None
    fee: Decimal | None = None
    if kind in {K.BUY, K.SELL}:
        total = row.needed(
            "total (inclusive of fees and/or spread)", "total (inclusive of fees)"
        ).copy_abs()
        net = total.copy_negate() if kind is K.BUY else total
        fee = row.figure("fees and/or spread", "fees")
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            currency=currency,
            net=net,
            fee=fee,
            instrument=coin(asset, currency),
            quantity=None if kind is K.UNKNOWN else units,
            # what a coin was worth when it came from elsewhere is not what it cost
            price=price if kind in {K.BUY, K.SELL, K.REWARD} else None,
            **shared,
        )
    ]


def _converted(row: Fields, currency: str, shared: dict[str, Any]) -> Sequence[TransactionDraft]:
    """A sale and a purchase for the same money, so that none is left or missing."""
    match = _CONVERTED.search(row.text("notes") or "")
    if match is None:
        column = row.column("notes")
        message = f"{column}: it does not say what was converted into what"
        raise CellError(column, "not_understood", message)
    value = row.needed("subtotal").copy_abs()
    given, got = (_units(row, match[name]) for name in ("given", "got"))
    sale = row.draft(
        K.SELL,
        currency=currency,
        net=value,
        instrument=coin(match["from"].upper(), currency),
        quantity=given,
        price=ratio(value, given),
        **shared,
    )
    purchase = row.draft(
        K.BUY,
        currency=currency,
        net=minus(value),
        instrument=coin(match["to"].upper(), currency),
        quantity=got,
        price=ratio(value, got),
        **shared,
    )
    return [sale, purchase]


def _units(row: Fields, text: str) -> Decimal:
    units = row.number_of(text, "notes")
    if not units:
        column = row.column("notes")
        raise CellError(column, "cell_missing", f"{column}: how many units were converted")
    return units


read = reader_of(
    Profile(format=FORMAT, broker="Coinbase", required=REQUIRED, drafts=_drafts, date_order="ymd")
)
