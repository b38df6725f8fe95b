"""Rows of an Interactive Brokers Flex query, in XML or CSV: trades, cash, events, transfers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.imports.cells import read_currency, read_date, read_text
from truenav.core.imports.ibkr_words import (
    Kinds,
    corporate_action,
    dividend_kind,
    instrument_in,
    interest_kind,
    number,
    opening,
    option_event,
    with_own_fee,
)
from truenav.core.imports.parsed import CellError, Context
from truenav.core.imports.rows import Cells, Skip, as_cost, cost, gross_part, unsigned
from truenav.core.ledger.transactions import (
    AssetClass,
    CashPart,
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import exact

K, S = TransactionKind, SubKind
ASSET_CLASSES = {
    "STK": AssetClass.EQUITY,
    "FUND": AssetClass.FUND,
    "BOND": AssetClass.BOND,
    "BILL": AssetClass.BOND,
    "OPT": AssetClass.OPTION,
    "FOP": AssetClass.OPTION,
    "CRYPTO": AssetClass.CRYPTO,
}
CASH_TYPES: dict[str, Kinds] = {
    "Dividends": (K.DIVIDEND, None),
    "Payment In Lieu Of Dividends": (K.DIVIDEND, S.IN_LIEU),
    "Withholding Tax": (K.TAX, S.WITHHOLDING),
    "871(m) Withholding": (K.TAX, S.WITHHOLDING),
    "Broker Interest Received": (K.INTEREST, S.CASH),
    "Broker Interest Paid": (K.INTEREST, S.MARGIN),
    "Bond Interest Received": (K.INTEREST, S.BOND),
    "Bond Interest Paid": (K.INTEREST, S.BOND),
    "Other Fees": (K.FEE, None),
    "Broker Fees": (K.FEE, None),
    "Advisor Fees": (K.FEE, S.ADVISORY),
    "Commission Adjustments": (K.FEE, S.COMMISSION),
    "Deposits/Withdrawals": (K.DEPOSIT, None),
    "Deposits & Withdrawals": (K.DEPOSIT, None),
}
# (row number, attributes, cells as the file has them, what else is known) → drafts
FlexReader = Callable[[int, Cells, dict[str, str], Context], Sequence[TransactionDraft]]


def _instrument(row: Cells, currency: str) -> InstrumentRef | None:
    symbol = read_text(row.get("symbol"), 60)
    isin = read_text(row.get("isin"), 12)
    if symbol is None and isin is None:
        return None
    return InstrumentRef(
        symbol=symbol,
        isin=isin,
        cusip=read_text(row.get("cusip"), 9),
        name=read_text(row.get("description")),
        exchange=read_text(row.get("listingExchange"), 20),
        currency=currency,
        asset_class=ASSET_CLASSES.get(row.get("assetCategory", ""), AssetClass.OTHER),
    )


def read_trade(
    row_number: int, row: Cells, original: dict[str, str], context: Context
) -> list[TransactionDraft]:
    """An execution or an order: a trade, a conversion of currencies, or an option's end."""
    currency = read_currency(row.get("currency"), "currency", context.default_currency)
    quantity = _signed(row, number(row.get("quantity"), "quantity"))
    if not quantity:
        raise Skip("no_quantity", "a trade without a quantity")
    price = unsigned(number(row.get("tradePrice"), "tradePrice"))
    multiplier = number(row.get("multiplier"), "multiplier") or Decimal(1)
    commission_currency = read_currency(
        row.get("ibCommissionCurrency"), "ibCommissionCurrency", currency
    )
    column = "tradeDate" if row.get("tradeDate") else "dateTime"
    draft = TransactionDraft(
        row_number=row_number,
        kind=K.BUY if quantity > 0 else K.SELL,
        trade_date=read_date(row.get(column), column, context.date_order, context.today),
        settlement_date=_settlement(row, context),
        instrument=_instrument(row, currency),
        quantity=quantity,
        price=price,
        multiplier=multiplier,
        currency=currency,
        gross=gross_part(_proceeds(row, quantity, price, multiplier), currency),
        fee=cost(number(row.get("ibCommission"), "ibCommission"), commission_currency),
        tax=cost(number(row.get("taxes"), "taxes"), currency),
        broker_reference=read_text(row.get("tradeID"), 60)
        or read_text(row.get("transactionID"), 60),
        source_account=read_text(row.get("accountId"), 40),
        original=original,
    )
    category = row.get("assetCategory", "")
    if category == "CASH":
        return with_own_fee(_conversion(draft, row, quantity))
    if draft.instrument is None:
        return with_own_fee(_unnamed(draft))
    if category in {"OPT", "FOP"}:
        sub_kind = opening(row.get("openCloseIndicator", ""))
        event = option_event(row.get("notes", ""))
        draft = replace(draft, kind=event or draft.kind, sub_kind=sub_kind)
    return with_own_fee(draft)


def _signed(row: Cells, quantity: Decimal | None) -> Decimal | None:
    """Most queries sign the quantity; some leave that to the column Buy/Sell."""
    if quantity is not None and row.get("buySell", "").upper().startswith("SELL"):
        return quantity.copy_abs().copy_negate()
    return quantity


@exact
def _proceeds(
    row: Cells, quantity: Decimal, price: Decimal | None, multiplier: Decimal
) -> Decimal | None:
    """Cash of the trade before costs: stated, or the negative of its value."""
    stated = number(row.get("proceeds"), "proceeds")
    if stated is not None:
        return stated
    value = number(row.get("tradeMoney"), "tradeMoney")
    if value is not None:
        return -value
    return None if price is None else -(quantity * price * multiplier)


def _conversion(draft: TransactionDraft, row: Cells, quantity: Decimal) -> TransactionDraft:
    base = row.get("symbol", "").partition(".")[0]
    counter = CashPart(amount=quantity, currency=read_currency(base, "symbol", draft.currency))
    return replace(
        draft,
        kind=K.FX_CONVERSION,
        instrument=None,
        quantity=None,
        price=None,
        multiplier=Decimal(1),
        counter=counter,
    )


def _unnamed(draft: TransactionDraft) -> TransactionDraft:
    """A query without the column Symbol does not say which currency was exchanged."""
    note = "no symbol: a conversion? Add Symbol and AssetClass to the query"
    return replace(draft, kind=K.UNKNOWN, quantity=None, price=None, note=note)


def _settlement(row: Cells, context: Context) -> date | None:
    cell = row.get("settleDateTarget")
    if not cell:
        return None
    latest = context.today + timedelta(days=31)
    return read_date(cell, "settleDateTarget", context.date_order, latest)


def read_cash(
    row_number: int, row: Cells, original: dict[str, str], context: Context
) -> list[TransactionDraft]:
    """A dividend, tax, interest, fee, deposit or withdrawal."""
    currency = read_currency(row.get("currency"), "currency", context.default_currency)
    kind, sub_kind = CASH_TYPES.get(row.get("type", ""), (K.UNKNOWN, None))
    amount = number(row.get("amount"), "amount")
    description = read_text(row.get("description"))
    if amount is None:
        raise CellError("amount", "cell_missing", "amount: needed for a movement of cash")
    if kind is K.DEPOSIT and amount < 0:
        kind = K.WITHDRAWAL
    if kind is K.DIVIDEND and sub_kind is None:
        kind, sub_kind = dividend_kind(description)
    if kind is K.INTEREST and amount < 0:
        sub_kind = interest_kind(description, sub_kind)
    columns = ("dateTime", "settleDate", "reportDate")
    column = next((name for name in columns if row.get(name)), "dateTime")
    draft = TransactionDraft(
        row_number=row_number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=read_date(row.get(column), column, context.date_order, context.today),
        instrument=_instrument_of_cash(row, currency, description),
        currency=currency,
        gross=gross_part(amount, currency),
        broker_reference=read_text(row.get("transactionID"), 60),
        note=description,
        source_account=read_text(row.get("accountId"), 40),
        original=original,
    )
    return [as_cost(draft)]


def _instrument_of_cash(row: Cells, currency: str, description: str | None) -> InstrumentRef | None:
    """The ticker stands in the description where the query has only the ISIN.

    The description of a cash row tells what happened; it is no name of the instrument.
    """
    found = _instrument({**row, "description": ""}, currency)
    named = instrument_in(description, currency)
    if found is None or named is None or found.symbol is not None:
        return found or named
    return replace(named, isin=found.isin or named.isin)


def read_corporate_action(
    row_number: int, row: Cells, original: dict[str, str], context: Context
) -> list[TransactionDraft]:
    """One leg of a split, merger, spin-off or change of name."""
    currency = read_currency(row.get("currency"), "currency", context.default_currency)
    description = read_text(row.get("description")) or ""
    quantity = number(row.get("quantity"), "quantity")
    proceeds = number(row.get("proceeds"), "proceeds")
    kind, sub_kind, ratio = corporate_action(description, quantity)
    column = "dateTime" if row.get("dateTime") else "reportDate"
    draft = TransactionDraft(
        row_number=row_number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=read_date(row.get(column), column, context.date_order, context.today),
        instrument=_instrument(row, currency),
        quantity=quantity,
        ratio=ratio,
        currency=currency,
        gross=gross_part(proceeds or None, currency),
        broker_reference=read_text(row.get("transactionID"), 60),
        note=description or None,
        source_account=read_text(row.get("accountId"), 40),
        original=original,
    )
    return [draft]


def read_transfer(
    row_number: int, row: Cells, original: dict[str, str], context: Context
) -> list[TransactionDraft]:
    """Units or cash that came from, or went to, another broker or account."""
    currency = read_currency(row.get("currency"), "currency", context.default_currency)
    quantity = number(row.get("quantity"), "quantity")
    amount = number(row.get("cashTransfer"), "cashTransfer")
    is_in = row.get("direction", "").strip().upper() != "OUT"
    column = "date" if row.get("date") else "dateTime" if row.get("dateTime") else "reportDate"
    draft = TransactionDraft(
        row_number=row_number,
        kind=K.TRANSFER_IN if is_in else K.TRANSFER_OUT,
        trade_date=read_date(row.get(column), column, context.date_order, context.today),
        currency=currency,
        broker_reference=read_text(row.get("transactionID"), 60),
        note=read_text(row.get("type")),
        source_account=read_text(row.get("accountId"), 40),
        original=original,
    )
    drafts = []
    instrument = _instrument(row, currency)
    if quantity and instrument is not None and row.get("assetCategory") != "CASH":
        units = quantity.copy_abs()
        moved = replace(
            draft,
            instrument=instrument,
            quantity=units if is_in else units.copy_negate(),
            price=unsigned(number(row.get("transferPrice"), "transferPrice") or None),
            multiplier=number(row.get("multiplier"), "multiplier") or Decimal(1),
        )
        drafts.append(moved)
    if amount:
        size = amount.copy_abs()
        gross = gross_part(size if is_in else size.copy_negate(), currency)
        drafts.append(replace(draft, kind=K.DEPOSIT if is_in else K.WITHDRAWAL, gross=gross))
    if not drafts:
        raise Skip("no_quantity", "a transfer of neither units nor cash")
    return drafts
