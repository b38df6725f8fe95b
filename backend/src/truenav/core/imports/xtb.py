"""XTB cash operations: units and price stand only in the comment, "OPEN BUY 34/42.5 @ 11.7"."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from truenav.core.imports.fields import Fields, product, ratio, security
from truenav.core.imports.parsed import ParsedRow, RowStatus
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.rows import skipped
from truenav.core.imports.table import Table, normalized
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind
from truenav.core.money import exact

FORMAT = "xtb_csv"
REQUIRED = ("id", "type", "time", "symbol", "comment", "amount")
K, S = TransactionKind, SubKind
# After the slash stand the units of the whole order, of which this row is a part.
_TRADE = re.compile(
    r"(?P<side>OPEN|CLOSE) BUY (?P<units>[\d.]+)(?:/[\d.]+)? @ (?P<price>[\d.]+)", re.ASCII
)
_PER_SHARE = re.compile(r".+ [A-Z]{3} [\d.]+/ ?SHR", re.ASCII)
_STOCK = re.compile(r"stock|etf|a[cç][oõ]es|akcj|acciones|aktien|actions|azioni", re.IGNORECASE)
_OWN_TYPE = re.compile(r"Stocks?/ETF |Free[- ]funds |Profit/Loss ", re.ASCII)
# Part of the type → kind, the first that is found.
WORDS: tuple[tuple[str, TransactionKind, SubKind | None], ...] = (
    ("interests tax", K.TAX, None),
    ("interest tax", K.TAX, None),
    ("free funds interest", K.INTEREST, S.CASH),
    ("free-funds interest", K.INTEREST, S.CASH),
    ("withholding tax", K.TAX, S.WITHHOLDING),
    ("stamp duty", K.TAX, None),
    ("sec fee", K.FEE, None),
    ("commission", K.FEE, S.COMMISSION),
    ("spin off", K.CASH_IN_LIEU, None),
)
CASH_MOVES = frozenset({"deposit", "withdrawal", "transfer", "ike deposit", "subaccount transfer"})


def _is_own(table: Table) -> bool:
    """The six names could stand in anybody's header; the comments and types tell."""
    at = [normalized(name) for name in table.header]
    comments = table.column(table.header[at.index("comment")])
    types = table.column(table.header[at.index("type")])
    return any(_TRADE.fullmatch(cell) or _PER_SHARE.fullmatch(cell) for cell in comments) or any(
        _OWN_TYPE.match(cell) for cell in types
    )


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    word = row.needed_text("type")
    comment, net = row.text("comment") or "", row.needed("amount")
    # the file names no currency: it is the account's
    currency = row.context.default_currency
    symbol = row.text("symbol", limit=60)
    shared: dict[str, Any] = {
        "trade_date": row.day("time"),
        "currency": currency,
        "net": net,
        "instrument": security(symbol, currency) if symbol is not None else None,
        "broker_reference": row.text("id", limit=60),
        "note": f"{word}: {comment}" if comment else word,
    }
    trade = _TRADE.fullmatch(comment)
    if trade is not None and _STOCK.search(word):
        units = row.number_of(trade["units"], "comment") or Decimal(0)
        price = row.number_of(trade["price"], "comment") or Decimal(0)
        kind = K.BUY if trade["side"] == "OPEN" else K.SELL
        in_cash = _price(units, price, net)
        return [row.draft(kind, quantity=units, price=in_cash, **shared)]
    kind, sub_kind = _kind(word.lower(), comment, net)
    if kind is K.UNKNOWN and symbol is not None:
        # a contract for difference is no holding of what its symbol names
        shared |= {"instrument": None, "note": f"{word} {symbol}: {comment}"}
    return [row.draft(kind, sub_kind=sub_kind, **shared)]


@exact
def _price(units: Decimal, price: Decimal, net: Decimal) -> Decimal | None:
    """The printed price when it is in the account's currency, else what was paid per unit.

    No rate is printed, so a price in another currency cannot be checked.
    """
    if not units:
        return None
    is_same = abs(product(units, price) - abs(net)) <= Decimal("0.02") + units * Decimal("0.00005")
    return price if is_same else ratio(net, units)


def _kind(word: str, comment: str, net: Decimal) -> tuple[TransactionKind, SubKind | None]:
    """By the type; positions in contracts for difference are kept for a person."""
    if word in CASH_MOVES:
        return (K.DEPOSIT if net >= 0 else K.WITHDRAWAL), None
    if word.startswith("divid"):
        return (K.DIVIDEND if _PER_SHARE.fullmatch(comment) else K.UNKNOWN), None
    found = ((kind, sub) for part, kind, sub in WORDS if part in word)
    return next(found, (K.UNKNOWN, None))


def _once_each(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """A row with the id and all cells of an earlier one is that operation again."""
    found: list[ParsedRow] = []
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        first = seen.setdefault(tuple(row.original.values()), row.row_number)
        if row.status is RowStatus.IMPORTED and first != row.row_number:
            message = f"the same operation, with the same id, as in row {first}"
            found.append(skipped(row.row_number, row.original, "repeated", message))
        else:
            found.append(row)
    return found


read = reader_of(
    Profile(
        format=FORMAT,
        broker="XTB",
        required=REQUIRED,
        drafts=_drafts,
        pairing=_once_each,
        is_own=_is_own,
    )
)
