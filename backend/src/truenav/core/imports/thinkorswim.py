"""thinkorswim account statement: sections below each other; cash has its running balance."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from truenav.core.imports.fields import Fields, added, minus, security
from truenav.core.imports.parsed import ParsedRow, RowStatus
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.rows import Skip, skipped
from truenav.core.ledger.transactions import (
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "thinkorswim_csv"
REQUIRED = (
    "date",
    "time",
    "type",
    "ref #",
    "description",
    "misc fees",
    "commissions & fees",
    "amount",
    "balance",
)
K, S = TransactionKind, SubKind
CURRENCY = "USD"
_SHORT_DAY = re.compile(r"(\d{1,2}/\d{1,2}/)(\d{2})", re.ASCII)
_TRADE = re.compile(
    r"(?:\S+ )*?(?P<side>BOT|SOLD) (?P<units>[+-]?[\d,.]+) (?P<what>.+?) @(?P<price>[\d,.]+)"
    r"(?: .*)?",
    re.ASCII,
)
_OPTION = re.compile(
    r"(?P<root>[A-Z.]{1,6}\d?) (?P<size>\d+)(?: \([^)]*\))? (?P<day>\d{1,2}) (?P<month>[A-Z]{3})"
    r" (?P<year>\d{2}) (?P<strike>[\d.]+) (?P<right>CALL|PUT)",
    re.ASCII,
)
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
INCOME: tuple[tuple[str, TransactionKind, SubKind | None], ...] = (
    ("QUALIFIED DIVIDEND", K.DIVIDEND, S.QUALIFIED),
    ("ORDINARY DIVIDEND", K.DIVIDEND, S.ORDINARY),
    ("NON-TAXABLE DIVIDEND", K.RETURN_OF_CAPITAL, None),
    ("RETURN OF CAPITAL", K.RETURN_OF_CAPITAL, None),
    ("LONG TERM GAIN", K.CAPITAL_GAIN_DISTRIBUTION, S.LONG_TERM),
    ("SHORT TERM CAPITAL GAIN", K.CAPITAL_GAIN_DISTRIBUTION, S.SHORT_TERM),
    ("FOREIGN TAX WITHHELD", K.TAX, S.WITHHOLDING),
    ("BACKUP WITHHOLDING", K.TAX, S.WITHHOLDING),
    ("ADR FEE", K.FEE, S.ADR),
    ("MARGIN INTEREST", K.INTEREST, S.MARGIN),
    ("INTEREST", K.INTEREST, S.CASH),
    ("DIVIDEND", K.DIVIDEND, None),
)
_MOVES = re.compile(r"FUNDS|TRANSFER|ACH|WIRE|CLIENT REQUESTED|DEPOSIT|DISBURSEMENT|DIRECT DEBIT")


def _drafts(printed: Fields) -> Sequence[TransactionDraft]:
    cells = dict(printed.cells)
    cells["date"] = _SHORT_DAY.sub(r"\g<1>20\2", cells["date"].strip())
    row = replace(printed, cells=cells)
    word = (row.text("type") or "").upper()
    if not word:
        raise Skip("footer", "the file's own total, or the title of another section")
    day = row.day("date")
    if word == "BAL":
        raise Skip("opening_balance", "what was there before; records before this file tell it")
    text, amount = row.needed_text("description"), row.needed("amount")
    # both are printed as what they take away; the amount is before them
    fee = added(minus(row.figure("misc fees")), minus(row.figure("commissions & fees")))
    shared: dict[str, Any] = {
        "trade_date": day,
        "currency": CURRENCY,
        "net": added(amount, minus(fee)),
        "broker_reference": _reference(row),
        "note": text,
    }
    trade = _TRADE.fullmatch(text) if word == "TRD" else None
    if trade is not None:
        return [_trade(row, trade, fee, shared)]
    kind, sub_kind = _kind(word, text.upper(), amount)
    name = text.partition("~")[2].strip()
    is_unknown = kind is K.UNKNOWN
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            fee=None if is_unknown else fee,
            instrument=security(name, CURRENCY) if name and " " not in name else None,
            **shared,
        )
    ]


def _trade(
    row: Fields, trade: re.Match[str], fee: Decimal | None, shared: dict[str, Any]
) -> TransactionDraft:
    option = _OPTION.fullmatch(trade["what"])
    return row.draft(
        K.BUY if trade["side"] == "BOT" else K.SELL,
        fee=fee,
        instrument=_option(option) or security(trade["what"], CURRENCY),
        quantity=row.number_of(trade["units"], "description"),
        price=row.number_of(trade["price"], "description"),
        multiplier=Decimal(option["size"]) if option is not None else Decimal(1),
        **shared,
    )


def _option(match: re.Match[str] | None) -> InstrumentRef | None:
    """Name "ORB 100 19 DEC 25 45 CALL" as "ORB 12/19/2025 45 C"."""
    if match is None or match["month"] not in _MONTHS:
        return None
    month = _MONTHS.index(match["month"]) + 1
    day = f"{month:02}/{int(match['day']):02}/20{match['year']}"
    return security(f"{match['root']} {day} {match['strike']} {match['right'][0]}", CURRENCY)


def _reference(row: Fields) -> str | None:
    """The id inside of `="100000001"`, which keeps a spreadsheet from rounding it."""
    found = row.text("ref #", limit=60)
    return found.strip('="') or None if found is not None else None


def _kind(word: str, text: str, amount: Decimal) -> tuple[TransactionKind, SubKind | None]:
    if word in {"DOI", "INT"}:
        found = ((kind, sub) for start, kind, sub in INCOME if start in text)
        return next(found, (K.UNKNOWN, None))
    if word in {"EFN", "WIN", "WOU"} or (word in {"JRN", "CRC"} and _MOVES.search(text)):
        return (K.DEPOSIT if amount >= 0 else K.WITHDRAWAL), None
    if word == "JRN":
        return K.ADJUSTMENT, S.CASH
    # assignments, exercises and corporate actions (RAD) do not tell their units
    return K.UNKNOWN, None


def _cash_section(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """Only the first section is of cash; what follows repeats its trades or sums them up."""
    found, is_over = [], False
    for row in rows:
        cells = row.original
        starts_other = not cells.get("DATE", "").strip() or not cells.get("TIME", "").strip()
        is_over = is_over or (starts_other and row.status is not RowStatus.IMPORTED)
        message = "another section of the statement, which repeats or sums up"
        is_other = is_over and row.reason_code != "footer"
        found.append(skipped(row.row_number, cells, "other_section", message) if is_other else row)
    return found


read = reader_of(
    Profile(
        format=FORMAT,
        broker="thinkorswim",
        required=REQUIRED,
        drafts=_drafts,
        date_order="mdy",
        pairing=_cash_section,
    )
)
