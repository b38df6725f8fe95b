"""Vanguard UK: "Date, Details, Amount, Balance", units and name inside Details, two tables."""

import re
from collections import deque
from collections.abc import Sequence
from decimal import Decimal

from truenav.core.imports.fields import Fields, ratio, security
from truenav.core.imports.pairing import paired
from truenav.core.imports.parsed import CellError, ParsedRow, RowStatus
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.rows import Skip
from truenav.core.imports.table import Table
from truenav.core.ledger.transactions import (
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "vanguard_uk_csv"
REQUIRED = ("date", "details", "amount", "balance")
K, S = TransactionKind, SubKind
CURRENCY = "GBP"
_TRADE = re.compile(
    r"(?P<side>Bought|Sold) (?P<units>[\d,]*\.?\d+) (?P<name>.+?)(?: \((?P<symbol>[A-Z0-9.]+)\))?",
    re.ASCII,
)
_DIVIDEND = re.compile(r"(?:Reversal of )?DIV: (?P<symbol>[^ .]+)\S* @ [A-Z]{3} [\d.]+", re.ASCII)
_OWN = re.compile(r"(Bought|Sold) [\d,.]+ |DIV: |Cash Account Interest|Account Fee for the period")
_SECOND_HEADER = ("date", "investmentname", "transactiondetails")
SECOND = "Investment transaction: "
_TOTALS = frozenset({"balance", "cost"})


def _is_own(table: Table) -> bool:
    """A bank's statement has the same four columns; the wording tells."""
    return any(_OWN.match(cell.strip()) for cell in table.column(table.header[1]))


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    first, second, third = (list(row.original.values()) + [""] * 3)[:3]
    if first.strip().lower() in _TOTALS:
        raise Skip("footer", "the file's own total")
    if (first.strip().lower(), second.strip().lower(), third.strip().lower()) == _SECOND_HEADER:
        raise Skip("header", "the header of the second table")
    if not row.text("amount", "details"):
        raise Skip("title", "the title of the second table")
    in_second = _TRADE.fullmatch(third.strip())
    if in_second is not None:
        return [_of_second_table(row, in_second)]
    details = row.needed_text("details")
    day, net = row.day("date"), row.needed("amount")
    trade = _TRADE.fullmatch(details)
    if trade is not None:
        kind = K.BUY if trade["side"] == "Bought" else K.SELL
        units = _units(row, trade["units"])
        draft = row.draft(
            kind,
            trade_date=day,
            currency=CURRENCY,
            net=net,
            instrument=_instrument(trade),
            quantity=units,
            # no commission is taken; a second table has a price, but is not in every export
            price=ratio(net, units),
            note=details,
        )
        return [draft]
    dividend = _DIVIDEND.fullmatch(details)
    kind, sub_kind = (K.DIVIDEND, None) if dividend is not None else _kind(details.lower(), net)
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            trade_date=day,
            currency=CURRENCY,
            net=net,
            instrument=security(dividend["symbol"], CURRENCY) if dividend is not None else None,
            note=details,
        )
    ]


def _kind(details: str, net: Decimal) -> tuple[TransactionKind, SubKind | None]:
    if "fee" in details:
        return K.FEE, S.CUSTODY
    if "interest" in details:
        return K.INTEREST, S.CASH
    if re.search(r"deposit|payment|withdrawal|transfer|contribution", details):
        return (K.DEPOSIT if net >= 0 else K.WITHDRAWAL), None
    return K.UNKNOWN, None


def _instrument(trade: re.Match[str]) -> InstrumentRef | None:
    name = trade["name"].replace("–", "-")  # one export writes the same fund both ways
    return security(trade["symbol"], CURRENCY, name=name)


def _units(row: Fields, text: str) -> Decimal:
    units = row.number_of(text, "details")
    if not units:
        column = row.column("details")
        raise CellError(column, "cell_missing", f"{column}: how many units were traded")
    return units


def _of_second_table(row: Fields, trade: re.Match[str]) -> TransactionDraft:
    """Date, InvestmentName, TransactionDetails, Quantity, Price, Cost.

    The first table tells the same trade with its cash; without it this row stands for itself.
    """
    cells = [*row.original.values(), *[""] * 6]
    units, cost = _units(row, cells[3]), row.number_of(cells[5], "cost")
    if cost is None:
        raise CellError("Cost", "cell_missing", "Cost: a number is needed")
    is_buy = trade["side"] == "Bought"
    return row.draft(
        K.BUY if is_buy else K.SELL,
        trade_date=row.day("date"),
        currency=CURRENCY,
        net=cost.copy_negate() if is_buy else cost,
        instrument=_instrument(trade),
        quantity=units,
        price=row.number_of(cells[4], "price"),
        note=SECOND + trade.group(),
    )


def _joined(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """Leave out the trades of the second table that the first one has."""
    found = list(rows)
    first: dict[str, deque[int]] = {}
    for index, row in enumerate(rows):
        if row.status is not RowStatus.IMPORTED or row.drafts[0].kind not in {K.BUY, K.SELL}:
            continue
        words = (row.drafts[0].note or "").replace("–", "-")
        if not words.startswith(SECOND):
            first.setdefault(words, deque()).append(index)
        elif first.get(words.removeprefix(SECOND)):
            other = first[words.removeprefix(SECOND)].popleft()
            found[index] = paired(row, rows[other], "the trade, with its cash,")
    return found


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Vanguard UK",
        required=REQUIRED,
        drafts=_drafts,
        pairing=_joined,
        is_own=_is_own,
    )
)
