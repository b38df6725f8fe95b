"""Schwab: "Date, Action, Symbol, Description, Quantity, Price, Fees & Comm, Amount"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from truenav.core.imports.cells import read_currency, read_date, read_number, read_text
from truenav.core.imports.parsed import (
    CellError,
    Context,
    ParsedFile,
    ParsedRow,
    RowStatus,
)
from truenav.core.imports.rows import (
    OPTION_MULTIPLIER,
    Skip,
    as_cost,
    gross_part,
    instrument_ref,
    is_option,
    part,
    read_row,
    signed_quantity,
)
from truenav.core.imports.table import Table, find_table, normalized
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind
from truenav.core.money import exact

FORMAT = "schwab_csv"
REQUIRED = (
    "date",
    "action",
    "symbol",
    "description",
    "quantity",
    "price",
    "fees & comm",
    "amount",
)
K, S = TransactionKind, SubKind
Kinds = tuple[TransactionKind, SubKind | None]
ACTIONS: dict[str, Kinds] = {
    "buy": (K.BUY, None),
    "reinvest shares": (K.BUY, S.REINVESTMENT),
    "buy to cover": (K.BUY, S.SHORT_COVER),
    "buy to open": (K.BUY, S.TO_OPEN),
    "buy to close": (K.BUY, S.TO_CLOSE),
    "sell": (K.SELL, None),
    "sell short": (K.SELL, S.SHORT_OPEN),
    "sell to open": (K.SELL, S.TO_OPEN),
    "sell to close": (K.SELL, S.TO_CLOSE),
    "cash dividend": (K.DIVIDEND, None),
    "qualified dividend": (K.DIVIDEND, S.QUALIFIED),
    "non-qualified div": (K.DIVIDEND, S.ORDINARY),
    "pr yr cash div": (K.DIVIDEND, None),
    "special dividend": (K.DIVIDEND, S.SPECIAL),
    "special qual div": (K.DIVIDEND, S.SPECIAL),
    "special non qual div": (K.DIVIDEND, S.SPECIAL),
    "reinvest dividend": (K.DIVIDEND, S.REINVESTMENT),
    "qual div reinvest": (K.DIVIDEND, S.REINVESTMENT),
    "pr yr div reinvest": (K.DIVIDEND, S.REINVESTMENT),
    "pymt in lieu": (K.DIVIDEND, S.IN_LIEU),
    "stock div dist": (K.DIVIDEND, S.STOCK),
    "long term cap gain": (K.CAPITAL_GAIN_DISTRIBUTION, S.LONG_TERM),
    "long term cap gain reinvest": (K.CAPITAL_GAIN_DISTRIBUTION, S.LONG_TERM),
    "short term cap gain": (K.CAPITAL_GAIN_DISTRIBUTION, S.SHORT_TERM),
    "short term cap gain reinvest": (K.CAPITAL_GAIN_DISTRIBUTION, S.SHORT_TERM),
    "return of capital": (K.RETURN_OF_CAPITAL, None),
    "credit interest": (K.INTEREST, S.CASH),
    "bank interest": (K.INTEREST, S.CASH),
    "bond interest": (K.INTEREST, S.BOND),
    "margin interest": (K.INTEREST, S.MARGIN),
    "advisor fee": (K.FEE, S.ADVISORY),
    "service fee": (K.FEE, None),
    "misc cash entry": (K.ADJUSTMENT, S.CASH),
    "adr mgmt fee": (K.FEE, S.ADR),
    "foreign tax paid": (K.TAX, S.WITHHOLDING),
    "foreign tax reclaim": (K.TAX, S.WITHHOLDING),
    "nra tax adj": (K.TAX, S.WITHHOLDING),
    "nra withholding": (K.TAX, S.WITHHOLDING),
    "stock split": (K.SPLIT, None),
    "reverse split": (K.SPLIT, S.REVERSE),
    "spin-off": (K.SPIN_OFF, None),
    "stock merger": (K.MERGER, S.STOCK),
    "conversion": (K.MERGER, S.STOCK),
    "cash merger": (K.MERGER, S.CASH),
    "cash merger adj": (K.MERGER, S.CASH),
    "cash/stock merger": (K.MERGER, None),
    "full redemption": (K.MERGER, S.MATURITY),
    "full redemption adj": (K.MERGER, S.MATURITY),
    "name change": (K.NAME_CHANGE, None),
    "cash in lieu": (K.CASH_IN_LIEU, None),
    "expired": (K.OPTION_EXPIRY, None),
    "assigned": (K.OPTION_ASSIGNMENT, None),
    "exchange or exercise": (K.OPTION_EXERCISE, None),
}
# Direction by the sign of the amount, or of the quantity for shares.
TRANSFERS = frozenset(
    "wire sent|wire received|wire funds|wire funds received|wire funds adj|moneylink transfer"
    "|moneylink deposit|moneylink adj|funds received|funds paid|internal transfer|journal"
    "|journaled shares|security transfer|atm withdrawal|visa purchase|schwab atm rebate"
    "|check deposit|journaled|transfer".split("|")
)
_AS_OF = re.compile(r"^(?P<posted>\S+) as of (?P<effective>\S+)$")


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read a Schwab export, newest first or oldest first; None when it is not one."""
    table = find_table(text, REQUIRED)
    if table is None:
        return None
    rows = [
        read_row(line.number, table.as_dict(line), lambda n, row: _drafts(n, row, context))
        for line in table.rows
    ]
    return ParsedFile(
        format=FORMAT,
        broker="Schwab",
        encoding=encoding,
        notices=notices,
        header=table.header,
        rows=tuple(_pair_reverse_splits(rows)),
    )


def is_schwab(table: Table) -> bool:
    """Whether a header is Schwab's."""
    return set(REQUIRED) <= {normalized(name) for name in table.header}


def _drafts(number: int, row: Mapping[str, str], context: Context) -> Sequence[TransactionDraft]:
    cells = {normalized(name): value for name, value in row.items()}
    if cells["date"].strip().lower().startswith("transactions total"):
        raise Skip("footer", "the file's own total")
    trade_date, settlement_date = _dates(cells["date"], context)
    currency = read_currency(cells.get("currency"), "Currency", "USD")
    action = read_text(cells["action"]) or ""
    symbol = read_text(cells["symbol"], 60)
    quantity = read_number(cells["quantity"], "Quantity")
    price = read_number(cells["price"], "Price")
    fee = read_number(cells["fees & comm"], "Fees & Comm")
    amount = read_number(cells["amount"], "Amount")
    if not action and amount is None and quantity is None:
        raise Skip("blank", "a row without an action, a quantity or an amount")
    kind, sub_kind = _kind(action.lower(), amount, quantity)
    if kind in {K.BUY, K.SELL} and (quantity is None or not symbol):
        column = "Quantity" if quantity is None else "Symbol"
        raise CellError(column, "cell_missing", f"{column}: needed for {action!r}")
    draft = TransactionDraft(
        row_number=number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=trade_date,
        settlement_date=settlement_date,
        instrument=instrument_ref(symbol, read_text(cells["description"]), currency),
        quantity=signed_quantity(kind, quantity),
        price=abs(price) if price is not None else None,
        multiplier=OPTION_MULTIPLIER if symbol and is_option(symbol) else Decimal(1),
        currency=currency,
        gross=gross_part(_gross(amount, fee), currency),
        fee=part(fee, currency),
        note=action or None,
        original=dict(row),
    )
    return [as_cost(draft)]


@exact
def _gross(amount: Decimal | None, fee: Decimal | None) -> Decimal | None:
    return None if amount is None else amount + (fee or Decimal(0))


def _kind(action: str, amount: Decimal | None, quantity: Decimal | None) -> Kinds:
    if action in TRANSFERS:
        if quantity:
            return (K.TRANSFER_IN if quantity > 0 else K.TRANSFER_OUT), SubKind.JOURNAL
        return (K.DEPOSIT if (amount or 0) >= 0 else K.WITHDRAWAL), None
    return ACTIONS.get(action, (K.UNKNOWN, None))


def _dates(cell: str, context: Context) -> tuple[date, date | None]:
    """The day it took effect; "posted as of effective" keeps the posting day as settlement."""
    match = _AS_OF.match(cell.strip())
    if match is None:
        return read_date(cell, "Date", "mdy", context.today), None
    posted = read_date(match["posted"], "Date", "mdy", context.today)
    return read_date(match["effective"], "Date", "mdy", context.today), posted


def _pair_reverse_splits(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """A reverse split is printed as new shares in and old shares (by CUSIP) out: one split."""
    paired = list(rows)
    legs: dict[date, list[int]] = {}
    for index, row in enumerate(rows):
        if row.drafts and row.drafts[0].kind is K.SPLIT and row.drafts[0].sub_kind is S.REVERSE:
            legs.setdefault(row.drafts[0].trade_date, []).append(index)
    for indexes in legs.values():
        into = [i for i in indexes if (rows[i].drafts[0].quantity or 0) > 0]
        out = [i for i in indexes if (rows[i].drafts[0].quantity or 0) < 0]
        if len(into) != 1 or len(out) != 1:
            continue
        new, old = rows[into[0]].drafts[0], rows[out[0]].drafts[0]
        if not new.quantity or not old.quantity:
            continue
        split = replace(new, ratio=_ratio(new.quantity, -old.quantity), quantity=None)
        paired[into[0]] = replace(rows[into[0]], drafts=(split,))
        paired[out[0]] = replace(
            rows[out[0]],
            status=RowStatus.SKIPPED,
            drafts=(),
            reason_code="paired",
            message=f"the old shares of the split in row {rows[into[0]].row_number}",
        )
    return paired


@exact
def _ratio(new: Decimal, old: Decimal) -> Decimal:
    return (new / old).quantize(Decimal("1E-18"))
