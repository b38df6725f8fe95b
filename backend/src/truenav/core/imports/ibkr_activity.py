"""Interactive Brokers CSV: sections of "Section,Header|Data|Total,…", each with its own columns."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from truenav.core.imports.cells import read_currency, read_date, read_number, read_text
from truenav.core.imports.parsed import Context, ParsedFile, ParsedRow, RowStatus
from truenav.core.imports.rows import (
    OPTION_MULTIPLIER,
    Skip,
    as_cost,
    gross_part,
    part,
    read_row,
)
from truenav.core.imports.table import Line, normalized, read_lines
from truenav.core.ledger.transactions import (
    AssetClass,
    CashPart,
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import exact

FORMAT = "ibkr_activity_csv"
K, S = TransactionKind, SubKind
ASSET_CLASSES = {
    "stocks": AssetClass.EQUITY,
    "equity and index options": AssetClass.OPTION,
    "bonds": AssetClass.BOND,
    "mutual funds": AssetClass.FUND,
    "crypto": AssetClass.CRYPTO,
}
_NAMED = re.compile(r"^(?P<symbol>[^\s(]+)\s*\((?P<id>[A-Z0-9]{9,12})\)")
_SPLIT = re.compile(r"Split (?P<new>[\d.]+) for (?P<old>[\d.]+)", re.IGNORECASE)
Cells = Mapping[str, str]
Reader = Callable[[int, Cells, Cells, Context], Sequence[TransactionDraft]]


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read an activity statement or a transaction history; None when it is neither."""
    lines = read_lines(text)
    if not any(line.cells[:2] == ("Statement", "Header") for line in lines[:5]):
        return None
    base = _base_currency(lines) or context.default_currency
    context = replace(context, default_currency=base)
    headers: dict[str, tuple[str, ...]] = {}
    rows: list[ParsedRow] = []
    for line in lines:
        if len(line.cells) < 3:
            continue
        section, what = line.cells[0].strip(), line.cells[1].strip()
        if what == "Header":
            headers[section] = tuple(" ".join(cell.split()) for cell in line.cells[2:])
            continue
        reader = SECTIONS.get(section)
        if reader is None:
            continue  # summaries, positions, codes: nothing that happened
        original = dict(zip(headers.get(section, ()), line.cells[2:], strict=False))
        original = {"Section": section, **original}
        if what != "Data":
            rows.append(_skipped(line, original, "total", "the file's own total"))
            continue
        rows.append(read_row(line.number, original, _bound(reader, context)))
    return ParsedFile(
        format=FORMAT,
        broker="Interactive Brokers",
        encoding=encoding,
        notices=notices,
        header=tuple(headers),
        rows=tuple(rows),
        source_accounts=tuple(_accounts(rows)),
    )


def _bound(reader: Reader, context: Context) -> Callable[[int, Cells], Sequence[TransactionDraft]]:
    def run(number: int, row: Cells) -> Sequence[TransactionDraft]:
        return reader(
            number,
            {normalized(name): value for name, value in row.items()},
            row,
            context,
        )

    return run


def _skipped(line: Line, original: Cells, reason_code: str, message: str) -> ParsedRow:
    return ParsedRow(
        row_number=line.number,
        status=RowStatus.SKIPPED,
        reason_code=reason_code,
        message=message,
        original=original,
    )


def _base_currency(lines: Sequence[Line]) -> str | None:
    for line in lines:
        if len(line.cells) >= 4 and line.cells[1] == "Data" and line.cells[2] == "Base Currency":
            return read_currency(line.cells[3], "Base Currency", "USD")
    return None


def _accounts(rows: Sequence[ParsedRow]) -> list[str]:
    return sorted({d.source_account for row in rows for d in row.drafts if d.source_account})


def _trade(number: int, row: Cells, original: Cells, context: Context) -> list[TransactionDraft]:
    kind_of_row = row.get("datadiscriminator", "")
    if kind_of_row and kind_of_row not in {"Order", "Execution"}:
        raise Skip("detail", f"a {kind_of_row} line of an order that is counted once")
    if not row.get("symbol", "").strip() or not row.get("date/time", "").strip():
        raise Skip("subtotal", "a subtotal of the section")
    currency = read_currency(row.get("currency"), "Currency", context.default_currency)
    day = read_date(row.get("date/time"), "Date/Time", "ymd", context.today)
    quantity = read_number(row.get("quantity"), "Quantity")
    price = read_number(row.get("t. price"), "T. Price")
    proceeds = read_number(row.get("proceeds"), "Proceeds")
    commission = read_number(row.get("comm/fee") or row.get("comm in usd"), "Comm/Fee")
    category = row.get("asset category", "").strip().lower()
    if not quantity:
        raise Skip("no_quantity", "a trade without a quantity")
    if category == "forex":
        return [_forex(number, row["symbol"], quantity, proceeds, commission, day, original)]
    is_option = "option" in category
    short_code = {code.strip() for code in row.get("code", "").split(";")}
    kind = K.BUY if quantity > 0 else K.SELL
    sub_kind = None
    if is_option:
        sub_kind = S.TO_OPEN if "O" in short_code else S.TO_CLOSE
    return [
        TransactionDraft(
            row_number=number,
            kind=kind,
            sub_kind=sub_kind,
            trade_date=day,
            instrument=InstrumentRef(
                symbol=row["symbol"].strip(),
                currency=currency,
                asset_class=ASSET_CLASSES.get(category, AssetClass.OTHER),
            ),
            quantity=quantity,
            price=abs(price) if price is not None else None,
            multiplier=OPTION_MULTIPLIER if is_option else Decimal(1),
            currency=currency,
            gross=gross_part(proceeds, currency),
            fee=part(-commission if commission else None, currency),
            original=dict(original),
        )
    ]


def _forex(
    number: int,
    pair: str,
    quantity: Decimal,
    proceeds: Decimal | None,
    commission: Decimal | None,
    day: date,
    original: Cells,
) -> TransactionDraft:
    base, _, quote = pair.strip().partition(".")
    base = read_currency(base, "Symbol", base)
    quote = read_currency(quote, "Symbol", quote)
    return TransactionDraft(
        row_number=number,
        kind=K.FX_CONVERSION,
        trade_date=day,
        currency=quote,
        gross=gross_part(proceeds, quote),
        fee=part(-commission if commission else None, quote),
        counter=CashPart(amount=quantity, currency=base),
        original=dict(original),
    )


def _cash(
    number: int,
    row: Cells,
    original: Cells,
    context: Context,
    *,
    kind: TransactionKind,
    sub_kind: SubKind | None,
) -> list[TransactionDraft]:
    """One row of a section of plain cash amounts."""
    currency_cell = row.get("currency", "").strip()
    if currency_cell.lower().startswith("total") or not currency_cell:
        raise Skip("subtotal", "a subtotal of the section")
    date_column = next((name for name in ("date", "settle date") if row.get(name)), "date")
    description = read_text(row.get("description") or row.get("subtitle"))
    amount = read_number(row.get("amount"), "Amount")
    currency = read_currency(currency_cell, "Currency", context.default_currency)
    if kind is K.DEPOSIT and (amount or 0) < 0:
        kind = K.WITHDRAWAL
    if kind is K.DIVIDEND and description:
        kind, sub_kind = _dividend(description)
    draft = TransactionDraft(
        row_number=number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=read_date(row.get(date_column), date_column.title(), "ymd", context.today),
        instrument=instrument_in(description, currency) if kind in WITH_INSTRUMENT else None,
        currency=currency,
        gross=gross_part(amount, currency),
        note=description,
        source_account=read_text(row.get("account"), 40),
        original=dict(original),
    )
    return [as_cost(draft)]


WITH_INSTRUMENT = frozenset({K.DIVIDEND, K.TAX, K.RETURN_OF_CAPITAL})


def _dividend(description: str) -> tuple[TransactionKind, SubKind | None]:
    text = description.lower()
    if "return of capital" in text:
        return K.RETURN_OF_CAPITAL, None
    if "payment in lieu" in text:
        return K.DIVIDEND, S.IN_LIEU
    return K.DIVIDEND, S.ORDINARY if "ordinary" in text else None


def instrument_in(description: str | None, currency: str) -> InstrumentRef | None:
    """The instrument a description begins with: "VT(US9220427424) Cash Dividend …"."""
    match = _NAMED.match(description or "")
    if match is None:
        return None
    identifier = match["id"]
    return InstrumentRef(
        symbol=match["symbol"],
        isin=identifier if len(identifier) == 12 else None,
        currency=currency,
        asset_class=AssetClass.EQUITY,
    )


def _corporate_action(
    number: int, row: Cells, original: Cells, context: Context
) -> list[TransactionDraft]:
    if row.get("asset category", "").lower().startswith("total"):
        raise Skip("subtotal", "a subtotal of the section")
    currency = read_currency(row.get("currency"), "Currency", context.default_currency)
    description = read_text(row.get("description")) or ""
    quantity = read_number(row.get("quantity"), "Quantity")
    proceeds = read_number(row.get("proceeds"), "Proceeds")
    kind, sub_kind, ratio = corporate_action(description, quantity)
    column = "date/time" if row.get("date/time") else "report date"
    return [
        TransactionDraft(
            row_number=number,
            kind=kind,
            sub_kind=sub_kind,
            trade_date=read_date(row.get(column), column.title(), "ymd", context.today),
            instrument=instrument_in(description, currency),
            quantity=None if ratio is not None else quantity,
            ratio=ratio,
            currency=currency,
            gross=gross_part(proceeds or None, currency),
            note=description or None,
            original=dict(original),
        )
    ]


@exact
def corporate_action(
    description: str, quantity: Decimal | None
) -> tuple[TransactionKind, SubKind | None, Decimal | None]:
    """Kind, sub-kind and split ratio that a description states."""
    text = description.lower()
    split = _SPLIT.search(description)
    if split and "spinoff" not in text:
        ratio = Decimal(split["new"]) / Decimal(split["old"])
        return (
            K.SPLIT,
            None if ratio > 1 else S.REVERSE,
            ratio.quantize(Decimal("1E-18")),
        )
    for word, kind, sub_kind in (
        ("spinoff", K.SPIN_OFF, None),
        ("spin-off", K.SPIN_OFF, None),
        ("stock dividend", K.DIVIDEND, S.STOCK),
        ("merged", K.MERGER, None),
        ("tendered", K.MERGER, None),
        ("cusip/isin change", K.NAME_CHANGE, None),
        ("rights issue", K.RIGHTS, None),
        ("delisted", K.WORTHLESS, None),
        ("matured", K.SELL, S.MATURITY),
    ):
        if word in text:
            return kind, sub_kind, None
    return (K.UNKNOWN if not quantity else K.ADJUSTMENT), None, None


HISTORY_TYPES: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "buy": (K.BUY, None),
    "sell": (K.SELL, None),
    "dividend": (K.DIVIDEND, None),
    "payment in lieu": (K.DIVIDEND, S.IN_LIEU),
    "foreign tax withholding": (K.TAX, S.WITHHOLDING),
    "credit interest": (K.INTEREST, S.CASH),
    "debit interest": (K.INTEREST, S.MARGIN),
    "bond interest": (K.INTEREST, S.BOND),
    "deposit": (K.DEPOSIT, None),
    "withdrawal": (K.WITHDRAWAL, None),
    "other fee": (K.FEE, None),
    "commission adjustment": (K.FEE, S.COMMISSION),
    "sales tax": (K.TAX, None),
    "adjustment": (K.ADJUSTMENT, S.CASH),
    "forex trade component": (K.ADJUSTMENT, S.CASH),
}


def _history(number: int, row: Cells, original: Cells, context: Context) -> list[TransactionDraft]:
    """One row of the "Transaction History" report: amounts in the base currency."""
    currency = context.default_currency
    kind, sub_kind = HISTORY_TYPES.get(row.get("transaction type", "").lower(), (K.UNKNOWN, None))
    description = read_text(row.get("description"))
    symbol = read_text(row.get("symbol"), 60)
    quantity = read_number(row.get("quantity"), "Quantity")
    commission = read_number(row.get("commission"), "Commission")
    gross = read_number(_bounded_scale(row.get("gross amount")), "Gross Amount")
    is_trade = kind in {K.BUY, K.SELL}
    instrument = instrument_in(description, currency)
    if instrument is None and symbol is not None and is_trade:
        instrument = InstrumentRef(
            symbol=symbol,
            name=description,
            currency=currency,
            asset_class=AssetClass.EQUITY,
        )
    draft = TransactionDraft(
        row_number=number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=read_date(row.get("date"), "Date", "ymd", context.today),
        instrument=instrument,
        quantity=quantity if is_trade else None,
        price=read_number(row.get("price"), "Price") if is_trade else None,
        currency=currency,
        gross=gross_part(gross, currency),
        fee=part(-commission if commission else None, currency),
        note=description,
        source_account=read_text(row.get("account"), 40),
        original=dict(original),
    )
    return [as_cost(draft)]


_SMALL_EXPONENT = re.compile(r"^-?\d\.?\d{0,20}E-\d{1,2}$", re.ASCII)


def _bounded_scale(text: str | None) -> str | None:
    """Interactive Brokers prints tiny rests as "-2.6E-4"; a bounded negative exponent is safe."""
    if text is not None and _SMALL_EXPONENT.match(text.strip()):
        return format(Decimal(text.strip()).quantize(Decimal("1E-18")), "f")
    return text


def _cash_section(kind: TransactionKind, sub_kind: SubKind | None = None) -> Reader:
    def run(number: int, row: Cells, original: Cells, context: Context) -> list[TransactionDraft]:
        return _cash(number, row, original, context, kind=kind, sub_kind=sub_kind)

    return run


SECTIONS: dict[str, Reader] = {
    "Trades": _trade,
    "Dividends": _cash_section(K.DIVIDEND),
    "Withholding Tax": _cash_section(K.TAX, S.WITHHOLDING),
    "Fees": _cash_section(K.FEE),
    "Other Fees": _cash_section(K.FEE),
    "Transaction Fees": _cash_section(K.FEE, S.COMMISSION),
    "Interest": _cash_section(K.INTEREST, S.CASH),
    "Bond Interest Received": _cash_section(K.INTEREST, S.BOND),
    "Deposits & Withdrawals": _cash_section(K.DEPOSIT),
    "Payment In Lieu Of Dividends": _cash_section(K.DIVIDEND, S.IN_LIEU),
    "Corporate Actions": _corporate_action,
    "Transaction History": _history,
}
