"""Schwab: "Date, Action, Symbol, Description, Quantity, Price, Fees & Comm, Amount"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from truenav.core.imports.cells import read_currency, read_date, read_number, read_text
from truenav.core.imports.parsed import CellError, Context, ParsedFile, ParsedRow
from truenav.core.imports.rows import (
    OPTION_MULTIPLIER,
    Cells,
    Skip,
    as_cost,
    gross_part,
    instrument_ref,
    is_option,
    part,
    read_table,
    signed_quantity,
    skipped,
    unsigned,
)
from truenav.core.imports.table import find_table
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind
from truenav.core.money import COST_STEP, exact

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
ONE = Decimal(1)
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
    "spec div reinvest": (K.DIVIDEND, S.REINVESTMENT),
    "pr yr special div": (K.DIVIDEND, S.SPECIAL),
    "prior year special div": (K.DIVIDEND, S.SPECIAL),
    "pr yr non qual div": (K.DIVIDEND, S.ORDINARY),
    "qual div": (K.DIVIDEND, S.QUALIFIED),
    "div adjustment": (K.DIVIDEND, None),
    "substitute payment": (K.DIVIDEND, S.IN_LIEU),
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
    "cd interest": (K.INTEREST, S.BOND),
    "interest adj": (K.INTEREST, S.CASH),
    "margin interest": (K.INTEREST, S.MARGIN),
    "margin interest adj": (K.INTEREST, S.MARGIN),
    "advisor fee": (K.FEE, S.ADVISORY),
    "service fee": (K.FEE, None),
    "fee reversal": (K.FEE, None),
    "foreign securities fee": (K.FEE, S.CUSTODY),
    "misc credits": (K.ADJUSTMENT, S.CASH),
    "misc debits": (K.ADJUSTMENT, S.CASH),
    "adjustment": (K.ADJUSTMENT, S.CASH),
    "promotional award": (K.ADJUSTMENT, S.CASH),
    "stock plan activity": (K.REWARD, S.STOCK),
    "misc cash entry": (K.ADJUSTMENT, S.CASH),
    "adr mgmt fee": (K.FEE, S.ADR),
    "foreign tax paid": (K.TAX, S.WITHHOLDING),
    "foreign tax reclaim": (K.TAX, S.WITHHOLDING),
    "nra tax adj": (K.TAX, S.WITHHOLDING),
    "nra withholding": (K.TAX, S.WITHHOLDING),
    "tax withholding": (K.TAX, S.WITHHOLDING),
    "irs withhold adj": (K.TAX, S.WITHHOLDING),
    "stock split": (K.SPLIT, None),
    "reverse split": (K.SPLIT, S.REVERSE),
    "spin-off": (K.SPIN_OFF, None),
    "stock merger": (K.MERGER, S.STOCK),
    "conversion": (K.MERGER, S.STOCK),
    "cash merger": (K.MERGER, S.CASH),
    "cash merger adj": (K.MERGER, S.CASH),
    "cash/stock merger": (K.MERGER, None),
    "cash stock merger": (K.MERGER, None),
    "mandatory reorg exc": (K.MERGER, S.STOCK),
    "tender offer": (K.MERGER, S.CASH),
    "partial redemption": (K.MERGER, S.MATURITY),
    "full redemption": (K.MERGER, S.MATURITY),
    "full redemption adj": (K.MERGER, S.MATURITY),
    "name change": (K.NAME_CHANGE, None),
    "cash in lieu": (K.CASH_IN_LIEU, None),
    "rights distribution": (K.RIGHTS, None),
    "worthless security": (K.WORTHLESS, None),
    "expired": (K.OPTION_EXPIRY, None),
    "assigned": (K.OPTION_ASSIGNMENT, None),
    "exchange or exercise": (K.OPTION_EXERCISE, None),
}
# Direction by the sign of the amount, or of the quantity for shares.
TRANSFERS = frozenset(
    {
        "atm withdrawal",
        "auto s1 credit",
        "auto s1 debit",
        "bill pay",
        "check deposit",
        "funds paid",
        "funds received",
        "internal transfer",
        "journal",
        "journaled",
        "journaled shares",
        "moneylink adj",
        "moneylink deposit",
        "moneylink transfer",
        "schwab atm rebate",
        "security transfer",
        "shares in",
        "shares out",
        "transfer",
        "transfer in",
        "transfer out",
        "visa purchase",
        "wire funds",
        "wire funds adj",
        "wire funds received",
        "wire received",
        "wire sent",
        "wire sent adj",
    }
)
_AS_OF = re.compile(r"(?P<posted>\S+) as of (?P<effective>\S+)")


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read a Schwab export, newest first or oldest first; None when it is not one."""
    table = find_table(text, REQUIRED)
    if table is None:
        return None

    def drafts(number: int, cells: Cells, original: dict[str, str]) -> Sequence[TransactionDraft]:
        return _drafts(number, cells, original, context)

    return ParsedFile(
        format=FORMAT,
        broker="Schwab",
        encoding=encoding,
        notices=notices,
        header=table.header,
        rows=tuple(_pair_reverse_splits(read_table(table, drafts))),
    )


def _drafts(
    number: int, cells: Cells, original: dict[str, str], context: Context
) -> Sequence[TransactionDraft]:
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
        price=unsigned(price),
        multiplier=OPTION_MULTIPLIER if symbol and is_option(symbol) else Decimal(1),
        currency=currency,
        gross=gross_part(_gross(amount, fee), currency),
        fee=part(fee, currency),
        note=action or None,
        original=original,
    )
    return [as_cost(draft)]


@exact
def _gross(amount: Decimal | None, fee: Decimal | None) -> Decimal | None:
    return amount + fee if amount is not None and fee is not None else amount


def _kind(action: str, amount: Decimal | None, quantity: Decimal | None) -> Kinds:
    if action in TRANSFERS:
        if quantity:
            return (K.TRANSFER_IN if quantity > 0 else K.TRANSFER_OUT), SubKind.JOURNAL
        return (K.DEPOSIT if (amount or 0) >= 0 else K.WITHDRAWAL), None
    return ACTIONS.get(action, (K.UNKNOWN, None))


def _dates(cell: str, context: Context) -> tuple[date, date | None]:
    """The day it took effect; "posted as of effective" keeps the posting day as settlement."""
    match = _AS_OF.fullmatch(cell.strip())
    if match is None:
        return read_date(cell, "Date", "mdy", context.today), None
    posted = read_date(match["posted"], "Date", "mdy", context.today)
    return read_date(match["effective"], "Date", "mdy", context.today), posted


def _pair_reverse_splits(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """A reverse split is printed as new shares in and old shares (by CUSIP) out: one split.

    A leg in without its leg out would count as units received; it is kept for review instead.
    """
    paired = list(rows)
    into: dict[date, dict[str, list[int]]] = {}
    out: dict[date, dict[str, list[int]]] = {}
    for index, row in enumerate(rows):
        if row.drafts and row.drafts[0].kind is K.SPLIT and row.drafts[0].sub_kind is S.REVERSE:
            draft = row.drafts[0]
            side = into if (draft.quantity or 0) > 0 else out
            side.setdefault(draft.trade_date, {}).setdefault(_event(draft), []).append(index)
    for day, by_name in into.items():
        old_legs = out.get(day, {})
        is_only_pair = _count(by_name) == _count(old_legs) == 1
        for name, indexes in by_name.items():
            olds = next(iter(old_legs.values())) if is_only_pair else old_legs.get(name, [])
            for index in indexes:
                _pair(paired, index, olds.pop() if olds else None)
    return paired


def _event(draft: TransactionDraft) -> str:
    """What both legs' names begin with: "TONIX PHARMA HLDGS XXXREVERSE SPLIT EFF: …"."""
    name = (draft.instrument.name if draft.instrument else None) or ""
    return name.partition(" XXX")[0][:12]


def _count(legs: Mapping[str, Sequence[int]]) -> int:
    return sum(map(len, legs.values()))


def _pair(rows: list[ParsedRow], index: int, old_index: int | None) -> None:
    new = rows[index].drafts[0]
    if old_index is None or not new.quantity:
        unknown = replace(new, kind=K.UNKNOWN)
        message = "a reverse split whose old shares are not in the file"
        rows[index] = replace(
            rows[index], drafts=(unknown,), reason_code="unpaired_split", message=message
        )
        return
    old = rows[old_index].drafts[0]
    split = replace(new, ratio=_ratio(new.quantity, old.quantity or ONE), quantity=None)
    rows[index] = replace(rows[index], drafts=(split,))
    message = f"the old shares of the split in row {new.row_number}"
    rows[old_index] = skipped(old.row_number, old.original, "paired", message)


@exact
def _ratio(new: Decimal, old: Decimal) -> Decimal:
    return abs(new / old).quantize(COST_STEP)
