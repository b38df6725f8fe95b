"""Robinhood activity: trans codes, a CUSIP below the name, a footer longer than the header."""

import re
from collections.abc import Sequence
from decimal import Decimal

from truenav.core.imports.cells import is_none
from truenav.core.imports.fields import Fields, security
from truenav.core.imports.pairing import join_split_legs
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.rows import OPTION_MULTIPLIER, Skip
from truenav.core.ledger.transactions import (
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "robinhood_csv"
REQUIRED = (
    "activity date",
    "process date",
    "settle date",
    "instrument",
    "description",
    "trans code",
    "quantity",
    "price",
    "amount",
)
K, S = TransactionKind, SubKind
CURRENCY = "USD"
CODES: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "buy": (K.BUY, None),
    "sell": (K.SELL, None),
    "bto": (K.BUY, S.TO_OPEN),
    "btc": (K.BUY, S.TO_CLOSE),
    "sto": (K.SELL, S.TO_OPEN),
    "stc": (K.SELL, S.TO_CLOSE),
    "cdiv": (K.DIVIDEND, None),
    "mdiv": (K.DIVIDEND, S.IN_LIEU),
    "nrat": (K.TAX, S.WITHHOLDING),
    "dtax": (K.TAX, S.WITHHOLDING),
    "int": (K.INTEREST, S.CASH),
    "slip": (K.INTEREST, S.LENDING),
    "mint": (K.INTEREST, S.MARGIN),
    "gold": (K.FEE, None),
    "afee": (K.FEE, S.ADR),
    "dfee": (K.FEE, S.ADR),
    "spl": (K.SPLIT, None),
    "spr": (K.SPLIT, S.REVERSE),
    "soff": (K.SPIN_OFF, None),
    "cil": (K.CASH_IN_LIEU, None),
    "rec": (K.REWARD, S.STOCK),
    "misc": (K.ADJUSTMENT, S.CASH),
    "gdbp": (K.ADJUSTMENT, S.CASH),
}
CASH_CODES = frozenset({"ach", "rtp", "wire", "itrf", "xent_cc", "xent", "dcf", "achcd"})
UNITS = frozenset({K.BUY, K.SELL, K.SPLIT, K.SPIN_OFF, K.REWARD})
_OPTION = re.compile(
    r"(?P<root>[A-Z.]{1,6}\d?) (?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})"
    r" (?P<right>Call|Put) \$(?P<strike>[\d,.]+)",
    re.ASCII,
)
_CUSIP_LINE = re.compile(r" CUSIP: .*", re.DOTALL)


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    if is_none(row.cells["activity date"]) and is_none(row.cells["trans code"]):
        raise Skip("footer", "the file's closing text")
    code = row.needed_text("trans code")
    words = row.text("description") or ""
    net = row.figure("amount")
    units = _units(row)
    kind, sub_kind = _kind(code.lower(), net, units)
    if kind is K.BUY and "Dividend Reinvestment" in words:
        sub_kind = S.REINVESTMENT
    if kind in {K.BUY, K.SELL}:
        units, net = row.needed("quantity"), row.needed("amount")
    option = _OPTION.search(words) if sub_kind in {S.TO_OPEN, S.TO_CLOSE} else None
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            trade_date=row.day("activity date"),
            settlement_date=row.settles("settle date"),
            currency=CURRENCY,
            net=net,
            instrument=_option(option) or _named(row, words),
            quantity=units if kind in UNITS or kind in {K.TRANSFER_IN, K.TRANSFER_OUT} else None,
            price=row.figure("price") if kind in {K.BUY, K.SELL} else None,
            multiplier=OPTION_MULTIPLIER if option is not None else Decimal(1),
            note=f"{code}: {words}",
        )
    ]


def _units(row: Fields) -> Decimal | None:
    """Units with a sign: "27S" is 27 units taken away."""
    cell = (row.cells["quantity"] or "").strip()
    taken = cell.removesuffix("S")
    units = row.number_of(taken, "quantity")
    return units.copy_negate() if units is not None and taken != cell else units


def _kind(
    code: str, net: Decimal | None, units: Decimal | None
) -> tuple[TransactionKind, SubKind | None]:
    if code in {"acats", "acati", "acato"} and units:
        return (K.TRANSFER_IN if units > 0 else K.TRANSFER_OUT), None
    if code in CASH_CODES:
        return (K.DEPOSIT if (net or 0) >= 0 else K.WITHDRAWAL), None
    # expiries and assignments do not say which side was held: kept for a person
    return CODES.get(code, (K.UNKNOWN, None))


def _named(row: Fields, words: str) -> InstrumentRef | None:
    symbol = row.text("instrument", limit=60)
    if symbol is None:
        return None
    return security(symbol, CURRENCY, name=_CUSIP_LINE.sub("", words) or None)


def _option(match: re.Match[str] | None) -> InstrumentRef | None:
    """Name "ORB 8/21/2026 Call $45.00" as "ORB 08/21/2026 45.00 C"."""
    if match is None:
        return None
    day = f"{int(match['month']):02}/{int(match['day']):02}/{match['year']}"
    return security(f"{match['root']} {day} {match['strike']} {match['right'][0]}", CURRENCY)


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Robinhood",
        required=REQUIRED,
        drafts=_drafts,
        date_order="mdy",
        pairing=join_split_legs,
    )
)
