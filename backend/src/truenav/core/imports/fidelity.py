"""Fidelity: "Run Date, [Account, Account Number,] Action, Symbol, …"; free-text actions."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.imports.cells import read_currency, read_date, read_number, read_text
from truenav.core.imports.parsed import CellError, Context, ParsedFile
from truenav.core.imports.rows import (
    OPTION_MULTIPLIER,
    Cells,
    Skip,
    as_cost,
    gross_part,
    instrument_ref,
    is_cusip,
    is_option,
    part,
    read_table,
    signed_quantity,
    source_accounts,
    unsigned,
)
from truenav.core.imports.table import find_table
from truenav.core.ledger.transactions import (
    AssetClass,
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import CURRENCIES, exact

FORMAT = "fidelity_csv"
REQUIRED = ("run date", "action", "symbol")
K, S = TransactionKind, SubKind
# First match wins: more words before fewer. Free text, so it is matched by how it starts.
ACTIONS: tuple[tuple[str, TransactionKind, SubKind | None], ...] = (
    ("YOU BOUGHT OPENING", K.BUY, S.TO_OPEN),
    ("YOU BOUGHT CLOSING", K.BUY, S.TO_CLOSE),
    ("YOU BOUGHT SHORT COVER", K.BUY, S.SHORT_COVER),
    ("YOU BOUGHT", K.BUY, None),
    ("YOU SOLD OPENING", K.SELL, S.TO_OPEN),
    ("YOU SOLD CLOSING", K.SELL, S.TO_CLOSE),
    ("YOU SOLD SHORT SALE", K.SELL, S.SHORT_OPEN),
    ("YOU SOLD", K.SELL, None),
    ("REINVESTMENT", K.BUY, S.REINVESTMENT),
    ("REINVEST ", K.BUY, S.REINVESTMENT),
    ("DIVIDEND RECEIVED", K.DIVIDEND, None),
    ("QUALIFIED DIVIDEND", K.DIVIDEND, S.QUALIFIED),
    ("PAYMENT IN LIEU", K.DIVIDEND, S.IN_LIEU),
    ("IN LIEU OF FRX SHARE", K.CASH_IN_LIEU, None),
    ("LONG-TERM CAP GAIN", K.CAPITAL_GAIN_DISTRIBUTION, S.LONG_TERM),
    ("SHORT-TERM CAP GAIN", K.CAPITAL_GAIN_DISTRIBUTION, S.SHORT_TERM),
    ("RETURN OF CAPITAL", K.RETURN_OF_CAPITAL, None),
    ("RTN OF CAPITAL", K.RETURN_OF_CAPITAL, None),
    ("INTEREST EARNED", K.INTEREST, S.CASH),
    ("MUNI EXEMPT INT", K.INTEREST, S.BOND),
    ("INTEREST", K.INTEREST, S.BOND),
    ("MARGIN INTEREST", K.INTEREST, S.MARGIN),
    ("FOREIGN TAX PAID", K.TAX, S.WITHHOLDING),
    ("NON-RESIDENT TAX", K.TAX, S.WITHHOLDING),
    ("FED TAX W/H", K.TAX, S.WITHHOLDING),
    ("STATE TAX W/H", K.TAX, S.WITHHOLDING),
    ("ADVISORY FEE", K.FEE, S.ADVISORY),
    ("FEE CHARGED", K.FEE, None),
    ("FOREIGN CUSTODY FEE", K.FEE, S.CUSTODY),
    ("REDEMPTION PAYOUT", K.SELL, S.MATURITY),
    ("REDEMPTION FROM CORE", K.SELL, None),
    ("PURCHASE INTO CORE", K.BUY, None),
    ("MERGER", K.MERGER, None),
    ("DISTRIBUTION", K.SPIN_OFF, None),
    ("STOCK SPLIT", K.SPLIT, None),
    ("REVERSE SPLIT", K.SPLIT, S.REVERSE),
    ("EXPIRED", K.OPTION_EXPIRY, None),
    ("ASSIGNED", K.OPTION_ASSIGNMENT, None),
    ("EXERCISED", K.OPTION_EXERCISE, None),
    ("NAME CHANGE", K.NAME_CHANGE, None),
)
_CASH_MOVES = re.compile(
    r"DIRECT\s*DEPOSIT|DIRECT\s*DEBIT|ELECTRONIC FUNDS TRANSFER|TRANSFER(RED|OF)|TRANSFER OF ASSETS"
    r"|WIRE TRANSFER|CHECK (RECEIVED|PAID)|CASH CONTRIBUTION|CONTRIBUTION|NORMAL DISTR|DEBIT CARD"
    r"|DEPOSIT|WITHDRAWAL|BILL PAYMENT|ROLLOVER|ROTH CONVERSION|JOURNALED"
)


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read a Fidelity history of one or several accounts; None when it is not one."""
    table = find_table(text, REQUIRED)
    if table is None:
        return None

    def drafts(number: int, cells: Cells, original: dict[str, str]) -> Sequence[TransactionDraft]:
        return _drafts(number, cells, original, context)

    rows = read_table(table, drafts)
    return ParsedFile(
        format=FORMAT,
        broker="Fidelity",
        encoding=encoding,
        notices=notices,
        header=table.header,
        rows=tuple(rows),
        source_accounts=source_accounts(rows),
    )


def _plain(cells: Cells) -> dict[str, str]:
    """Cells by plain name ("Price ($)" is "price"), moved back where the export moved them.

    Some exports name Quantity, Currency, Price in the header and print Currency, Price, Quantity.
    """
    plain = {name.replace(" ($)", ""): value for name, value in cells.items()}
    if plain.get("quantity", "").strip() in CURRENCIES and {"currency", "price"} <= plain.keys():
        currency, price, quantity = plain["quantity"], plain["currency"], plain["price"]
        plain.update(currency=currency, price=price, quantity=quantity)
    return plain


def _drafts(
    number: int, row: Cells, original: dict[str, str], context: Context
) -> Sequence[TransactionDraft]:
    cells = _plain(row)
    action = read_text(cells["action"])
    if action is None and not cells["symbol"].strip():
        # the disclaimer and "Date downloaded" at the end: one long cell and no action
        raise Skip("footer", "no action: part of the file's closing text")
    trade_date = read_date(cells["run date"], "Run Date", "mdy", context.today)
    if action is None:
        raise CellError("Action", "cell_missing", "Action: needed to tell what happened")
    currency = read_currency(cells.get("currency"), "Currency", "USD")
    symbol = read_text(cells["symbol"], 60)
    quantity = read_number(cells.get("quantity"), "Quantity") or None
    price = read_number(cells.get("price"), "Price")
    amount = read_number(cells.get("amount"), "Amount")
    commission = read_number(cells.get("commission"), "Commission")
    fees = _sum(commission, read_number(cells.get("fees"), "Fees"))
    kind, sub_kind = _kind(action.upper(), amount, quantity)
    if kind in {K.BUY, K.SELL} and (quantity is None or not symbol):
        column = "Quantity" if quantity is None else "Symbol"
        raise CellError(column, "cell_missing", f"{column}: needed for {action[:40]!r}")
    accrued = _accrued(read_number(cells.get("accrued interest"), "Accrued Interest"), kind)
    instrument = _instrument(symbol, read_text(cells.get("description")), currency, action)
    is_bond = instrument is not None and instrument.asset_class is AssetClass.BOND
    if is_bond and price is not None and not _is_per_unit(quantity, price, amount):
        price = _per_unit(price)  # bonds are quoted per 100 of face value
    draft = TransactionDraft(
        row_number=number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=trade_date,
        settlement_date=_settlement(cells.get("settlement date"), context),
        instrument=instrument,
        quantity=signed_quantity(kind, quantity),
        price=unsigned(price),
        multiplier=OPTION_MULTIPLIER if symbol and is_option(symbol) else Decimal(1),
        currency=currency,
        gross=gross_part(_gross(amount, fees, accrued), currency),
        fee=part(fees, currency),
        source_account=read_text(cells.get("account number"), 40)
        or read_text(cells.get("account"), 40),
        note=action,
        original=original,
    )
    draft = as_cost(draft)
    return [draft, *_accrued_interest(draft, accrued)]


def _instrument(
    symbol: str | None, name: str | None, currency: str, action: str
) -> InstrumentRef | None:
    """An option loses its leading minus; a CUSIP with a percentage in the text is a bond."""
    if symbol is not None and is_option(symbol):
        symbol = symbol.lstrip("-")
    found = instrument_ref(symbol, name, currency)
    if found is not None and symbol is not None and is_cusip(symbol) and "%" in action:
        return replace(found, asset_class=AssetClass.BOND)
    return found


def _settlement(cell: str | None, context: Context) -> date | None:
    """Settlement lies a few days after the trade; a month is room enough."""
    if read_text(cell) is None:
        return None
    latest = context.today + timedelta(days=31)
    return read_date(cell, "Settlement Date", "mdy", latest)


def _accrued(amount: Decimal | None, kind: TransactionKind) -> Decimal | None:
    """Interest changing hands with a bond, with the sign of its cash: paid when buying."""
    if not amount or kind not in {K.BUY, K.SELL}:
        return None
    size = amount.copy_abs()
    return size.copy_negate() if kind is K.BUY else size


def _accrued_interest(
    draft: TransactionDraft, accrued: Decimal | None
) -> Sequence[TransactionDraft]:
    """Interest paid to a bond's seller, or received from its buyer, is interest, not price."""
    if accrued is None:
        return ()
    interest = replace(
        draft,
        kind=K.INTEREST,
        sub_kind=S.BOND,
        quantity=None,
        price=None,
        gross=gross_part(accrued, draft.currency),
        fee=None,
    )
    return (interest,)


def _kind(
    action: str, amount: Decimal | None, quantity: Decimal | None
) -> tuple[TransactionKind, SubKind | None]:
    for start, kind, sub_kind in ACTIONS:
        if action.startswith(start):
            return kind, sub_kind
    if _CASH_MOVES.search(action):
        if quantity:
            return (K.TRANSFER_IN if quantity > 0 else K.TRANSFER_OUT), SubKind.JOURNAL
        return (K.DEPOSIT if (amount or 0) >= 0 else K.WITHDRAWAL), None
    return K.UNKNOWN, None


@exact
def _sum(*amounts: Decimal | None) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


@exact
def _gross(amount: Decimal | None, fees: Decimal | None, accrued: Decimal | None) -> Decimal | None:
    """Amount is what moved; costs and accrued interest are taken out of it."""
    if amount is None:
        return None
    return amount + (fees or Decimal(0)) - (accrued or Decimal(0))


@exact
def _is_per_unit(quantity: Decimal | None, price: Decimal, amount: Decimal | None) -> bool:
    """A redemption is printed at price 1 per unit of face value rather than at 100."""
    if quantity is None or amount is None:
        return False
    return abs(quantity * price) == abs(amount)


@exact
def _per_unit(price: Decimal) -> Decimal:
    return price / 100
