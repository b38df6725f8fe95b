"""Avanza: Swedish, semicolons, decimal comma; prices in the instrument's own currency."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from truenav.core.imports.fields import Fields, price_in_cash, security
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind

FORMAT = "avanza_csv"
REQUIRED = (
    "datum",
    "konto",
    "typ av transaktion",
    "värdepapper/beskrivning",
    "antal",
    "kurs",
    "belopp",
)
K, S = TransactionKind, SubKind
WORDS: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "köp": (K.BUY, None),
    "sälj": (K.SELL, None),
    "utdelning": (K.DIVIDEND, None),
    "insättning": (K.DEPOSIT, None),
    "uttag": (K.WITHDRAWAL, None),
    "ränta": (K.INTEREST, S.CASH),
    "utländsk källskatt": (K.TAX, S.WITHHOLDING),
    "prelskatt": (K.TAX, S.WITHHOLDING),
    "preliminärskatt": (K.TAX, S.WITHHOLDING),
    "avkastningsskatt": (K.TAX, None),
    "split": (K.SPLIT, None),
}


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    word = row.needed_text("typ av transaktion")
    words = row.text("värdepapper/beskrivning")
    net, units = row.figure("belopp"), row.figure("antal")
    kind, sub_kind = _kind(word.lower(), (words or "").lower(), net, units)
    currency = row.currency(
        "transaktionsvaluta" if "transaktionsvaluta" in row.cells else "valuta", "SEK"
    )
    isin = row.text("isin", limit=12)
    shared: dict[str, Any] = {
        "sub_kind": sub_kind,
        "trade_date": row.day("datum"),
        "currency": currency,
        "instrument": security(
            None, row.currency("instrumentvaluta", currency), isin=isin, name=words
        )
        if isin is not None or kind in {K.BUY, K.SELL, K.DIVIDEND}
        else None,
        "source_account": row.text("konto", limit=40),
        "note": f"{word}: {words}" if words else word,
    }
    if kind in {K.BUY, K.SELL}:
        return [_trade(row, kind, currency, shared)]
    has_units = kind in {K.MERGER, K.SPLIT}
    return [row.draft(kind, net=net, quantity=units if has_units else None, **shared)]


def _kind(
    word: str, words: str, net: Decimal | None, units: Decimal | None
) -> tuple[TransactionKind, SubKind | None]:
    """What "Övrigt" is: all the rest: units exchanged, a tax, a refund."""
    if word != "övrigt":
        return WORDS.get(word, (K.UNKNOWN, None))
    if units is not None and net is None:
        return K.MERGER, S.STOCK
    if "skatt" in words:
        return K.TAX, None
    if "avgift" in words:
        return K.FEE, None
    return K.UNKNOWN, None


def _trade(
    row: Fields, kind: TransactionKind, currency: str, shared: dict[str, Any]
) -> TransactionDraft:
    units, net = row.needed("antal"), row.needed("belopp")
    fee = row.figure("courtage (sek)", "courtage")
    draft = row.draft(kind, net=net, fee=fee, quantity=units, **shared)
    price, rate = row.needed("kurs"), row.figure("valutakurs")
    own = row.currency("instrumentvaluta", currency)
    if own == currency:
        return replace(draft, price=price.copy_abs())
    gross = draft.gross.amount if draft.gross is not None else None
    return replace(draft, price=price_in_cash(units, price, rate, gross))


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Avanza",
        required=REQUIRED,
        drafts=_drafts,
        date_order="ymd",
        decimal_mark=",",
    )
)
