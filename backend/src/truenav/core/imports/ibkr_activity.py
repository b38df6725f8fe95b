"""Interactive Brokers CSV: sections of "Section,Header|Data|Total,…", each with its own columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from truenav.core.imports.cells import read_currency, read_date, read_text
from truenav.core.imports.ibkr_words import (
    Kinds,
    base_currency,
    corporate_action,
    dividend_kind,
    instrument_in,
    instrument_moved,
    interest_kind,
    number,
    opening,
    option_event,
    pair_splits,
    with_own_fee,
)
from truenav.core.imports.parsed import CellError, Context, ParsedFile, ParsedRow
from truenav.core.imports.rows import (
    OPTION_MULTIPLIER,
    Cells,
    Skip,
    as_cost,
    cost,
    gross_part,
    is_cusip,
    is_isin,
    read_row,
    signed_quantity,
    skipped,
    source_accounts,
    unsigned,
)
from truenav.core.imports.table import Line, normalized, read_head, read_lines
from truenav.core.ledger.transactions import (
    AssetClass,
    CashPart,
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "ibkr_activity_csv"
K, S = TransactionKind, SubKind
ASSET_CLASSES = {
    "stocks": AssetClass.EQUITY,
    "equity and index options": AssetClass.OPTION,
    "bonds": AssetClass.BOND,
    "mutual funds": AssetClass.FUND,
    "crypto": AssetClass.CRYPTO,
}
# Sections that state what is, not what happened. Any other section we do not read is reported.
STATES = frozenset(
    {
        "Account Information",
        "Base Currency Exchange Rate",
        "Cash Report",
        "Change in Dividend Accruals",
        "Change in NAV",
        "Codes",
        "Collateral for Customer Borrowing",
        "Commission Details",
        "Financial Instrument Information",
        "Forex Balances",
        "Interest Accruals",
        "Location of Customer Assets, Positions and Money",
        "Mark-to-Market Performance Summary",
        "Month & Year to Date Performance Summary",
        "Net Asset Value",
        "Net Stock Position Summary",
        "Notes/Legal Notes",
        "Open Dividend Accruals",
        "Open Positions",
        "Realized & Unrealized Performance Summary",
        "Statement",
        "Summary",
    }
)


@dataclass(frozen=True, slots=True)
class _Statement:
    """What the whole file tells about each of its rows."""

    today: date
    currency: str
    counted_level: str = "Order"
    instruments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


Reader = Callable[[int, Cells, dict[str, str], _Statement], list[TransactionDraft]]


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read an activity statement or a transaction history; None when it is neither."""
    head = read_head(text, ",", 5)
    if not any(line.cells[:2] == ("Statement", "Header") for line in head):
        return None
    records = list(_records(read_lines(text)))
    statement = _statement(records, context)
    rows = [row for record in records if (row := _read_record(record, statement)) is not None]
    return ParsedFile(
        format=FORMAT,
        broker="Interactive Brokers",
        encoding=encoding,
        notices=notices,
        header=tuple(dict.fromkeys(record.section for record in records)),
        rows=tuple(pair_splits(rows)),
        source_accounts=source_accounts(rows),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    section: str
    what: str
    original: dict[str, str]
    has_surplus: bool

    def cells(self) -> dict[str, str]:
        """Cells by normalized name; the first of two columns of one name."""
        found: dict[str, str] = {}
        for name, value in self.original.items():
            found.setdefault(normalized(name), value)
        return found


def _records(lines: Sequence[Line]) -> Sequence[_Record]:
    headers: dict[str, tuple[str, ...]] = {}
    records = []
    for line in lines:
        if len(line.cells) < 3:
            continue
        section, what = line.cells[0].strip(), line.cells[1].strip()
        if what == "Header":
            headers[section] = tuple(" ".join(cell.split()) for cell in line.cells[2:])
            continue
        header = headers.get(section, ())
        original = {"Section": section, **dict(zip(header, line.cells[2:], strict=False))}
        surplus = any(cell.strip() for cell in line.cells[2 + len(header) :])
        records.append(_Record(line.number, section, what, original, surplus))
    return records


def _statement(records: Sequence[_Record], context: Context) -> _Statement:
    currency, levels = context.default_currency, set()
    instruments: dict[str, Mapping[str, str]] = {}
    for record in records:
        row = record.original
        if row.get("Field Name") == "Base Currency":
            currency = base_currency(row.get("Field Value")) or currency
        if record.section == "Trades" and record.what == "Data":
            levels.add(row.get("DataDiscriminator", ""))
        if record.section == "Financial Instrument Information":
            for symbol in row.get("Symbol", "").split(","):
                instruments.setdefault(symbol.strip(), record.cells())
    # orders where they are listed; executions where only these are
    counted = next((level for level in ("Order", "Trade", "Execution") if level in levels), "")
    return _Statement(context.today, currency, counted, instruments)


def _read_record(record: _Record, statement: _Statement) -> ParsedRow | None:
    reader = SECTIONS.get(record.section)
    number_, original = record.number, record.original
    if reader is None:
        if record.section in STATES or record.what != "Data":
            return None
        message = f"the section {record.section[:60]!r} is not read"
        return skipped(number_, original, "section_not_read", message)
    if record.what != "Data":
        return skipped(number_, original, "total", "the file's own total")

    def drafts(number: int, cells: Cells, original: dict[str, str]) -> list[TransactionDraft]:
        found = reader(number, cells, original, statement)
        if record.has_surplus:
            raise CellError(None, "too_many_cells", "more cells than columns")
        return found

    return read_row(number_, record.cells(), original, drafts)


def _instrument(symbol: str, category: str, currency: str, file: _Statement) -> InstrumentRef:
    known = file.instruments.get(symbol, {})
    identifier = known.get("security id", "").strip()
    return InstrumentRef(
        symbol=symbol,
        isin=identifier if is_isin(identifier) else None,
        cusip=identifier if is_cusip(identifier) else None,
        name=read_text(known.get("description")),
        exchange=read_text(known.get("listing exch"), 20),
        currency=currency,
        asset_class=ASSET_CLASSES.get(category, AssetClass.OTHER),
    )


def _trade(
    row_number: int, row: Cells, original: dict[str, str], file: _Statement
) -> list[TransactionDraft]:
    level = row.get("datadiscriminator", "")
    symbol = read_text(row.get("symbol"), 60)
    if level != file.counted_level:
        raise Skip("detail", f"a {level} line of a trade that is counted once")
    if symbol is None or not row.get("date/time", "").strip():
        raise Skip("subtotal", "a subtotal of the section")
    currency = read_currency(row.get("currency"), "Currency", file.currency)
    quantity = number(row.get("quantity"), "Quantity")
    if not quantity:
        raise Skip("no_quantity", "a trade without a quantity")
    draft = TransactionDraft(
        row_number=row_number,
        kind=K.BUY if quantity > 0 else K.SELL,
        trade_date=read_date(row.get("date/time"), "Date/Time", "ymd", file.today),
        currency=currency,
        gross=gross_part(number(row.get("proceeds"), "Proceeds"), currency),
        fee=_commission(row, currency),
        source_account=read_text(row.get("account"), 40),
        original=original,
    )
    category = row.get("asset category", "").strip().lower()
    if category == "forex":
        return with_own_fee(_conversion(draft, symbol, quantity))
    traded = replace(
        draft,
        instrument=_instrument(symbol, category, currency, file),
        quantity=quantity,
        price=unsigned(number(row.get("t. price"), "T. Price")),
        multiplier=_multiplier(symbol, category, file),
    )
    if "option" in category:
        codes = row.get("code", "")
        kind = option_event(codes) or traded.kind
        traded = replace(traded, kind=kind, sub_kind=opening(codes))
    return with_own_fee(traded)


def _commission(row: Cells, currency: str) -> CashPart | None:
    """Costs of a trade; the column "Comm in USD" is in the currency it names."""
    own = number(row.get("comm/fee"), "Comm/Fee")
    if own is not None:
        return cost(own, currency)
    for name, cell in row.items():
        if name.startswith("comm in "):
            stated = read_currency(name.removeprefix("comm in "), name, currency)
            return cost(number(cell, name), stated)
    return None


def _multiplier(symbol: str, category: str, file: _Statement) -> Decimal:
    stated = number(file.instruments.get(symbol, {}).get("multiplier"), "Multiplier")
    return stated or (OPTION_MULTIPLIER if "option" in category else Decimal(1))


def _conversion(draft: TransactionDraft, pair: str, quantity: Decimal) -> TransactionDraft:
    """Of "EUR.USD" the quantity is in the first currency, the proceeds in the second."""
    base, _, quote = pair.partition(".")
    quote = read_currency(quote, "Symbol", draft.currency)
    gross = gross_part(draft.gross.amount, quote) if draft.gross else None
    counter = CashPart(amount=quantity, currency=read_currency(base, "Symbol", quote))
    return replace(draft, kind=K.FX_CONVERSION, currency=quote, gross=gross, counter=counter)


def _cash_section(kind: TransactionKind, sub_kind: SubKind | None = None) -> Reader:
    def run(
        row_number: int, row: Cells, original: dict[str, str], file: _Statement
    ) -> list[TransactionDraft]:
        return [_cash(row_number, row, original, file, (kind, sub_kind))]

    return run


def _cash(
    row_number: int, row: Cells, original: dict[str, str], file: _Statement, kinds: Kinds
) -> TransactionDraft:
    """One row of a section of plain cash amounts."""
    dates = (name for name in ("date", "settle date", "date/time") if row.get(name, "").strip())
    date_column = next(dates, None)
    is_total = any(cell.lower().startswith("total") for cell in list(row.values())[1:3])
    if date_column is None or is_total:
        raise Skip("subtotal", "a subtotal of the section")
    kind, sub_kind = kinds
    description = read_text(row.get("description") or row.get("subtitle"))
    amount = number(row.get("amount"), "Amount")
    currency = read_currency(row.get("currency"), "Currency", file.currency)
    if kind is K.DEPOSIT and (amount or 0) < 0:
        kind = K.WITHDRAWAL
    if kind is K.DIVIDEND and sub_kind is None:
        kind, sub_kind = dividend_kind(description)
    if kind is K.INTEREST:
        sub_kind = interest_kind(description, sub_kind)
    named = kind in {K.DIVIDEND, K.TAX, K.RETURN_OF_CAPITAL}
    draft = TransactionDraft(
        row_number=row_number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=read_date(row[date_column], date_column.title(), "ymd", file.today),
        instrument=instrument_in(description, currency) if named else None,
        currency=currency,
        gross=gross_part(amount, currency),
        note=description,
        source_account=read_text(row.get("account"), 40),
        original=original,
    )
    return as_cost(draft)


def _corporate_action(
    row_number: int, row: Cells, original: dict[str, str], file: _Statement
) -> list[TransactionDraft]:
    if row.get("asset category", "").lower().startswith("total"):
        raise Skip("subtotal", "a subtotal of the section")
    currency = read_currency(row.get("currency"), "Currency", file.currency)
    description = read_text(row.get("description")) or ""
    quantity = number(row.get("quantity"), "Quantity")
    proceeds = number(row.get("proceeds"), "Proceeds")
    kind, sub_kind, ratio = corporate_action(description, quantity)
    column = "date/time" if row.get("date/time") else "report date"
    draft = TransactionDraft(
        row_number=row_number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=read_date(row.get(column), column.title(), "ymd", file.today),
        instrument=instrument_moved(description, currency),
        quantity=quantity,
        ratio=ratio,
        currency=currency,
        gross=gross_part(proceeds or None, currency),
        note=description or None,
        source_account=read_text(row.get("account"), 40),
        original=original,
    )
    return [draft]


def _transfer(
    row_number: int, row: Cells, original: dict[str, str], file: _Statement
) -> list[TransactionDraft]:
    """Units or cash that came from, or went to, another broker or account."""
    if not row.get("date", "").strip():
        raise Skip("subtotal", "a subtotal of the section")
    currency = read_currency(row.get("currency"), "Currency", file.currency)
    quantity = number(row.get("qty"), "Qty")
    amount = number(row.get("cash amount"), "Cash Amount")
    symbol = read_text(row.get("symbol"), 60)
    is_in = row.get("direction", "").strip().lower() != "out"
    draft = TransactionDraft(
        row_number=row_number,
        kind=K.TRANSFER_IN if is_in else K.TRANSFER_OUT,
        trade_date=read_date(row.get("date"), "Date", "ymd", file.today),
        currency=currency,
        note=read_text(" ".join((row.get("type", ""), row.get("xfer company", "")))),
        source_account=read_text(row.get("account"), 40),
        original=original,
    )
    drafts = []
    if quantity and symbol is not None:
        category = row.get("asset category", "").strip().lower()
        units = quantity.copy_abs()
        moved = replace(
            draft,
            instrument=_instrument(symbol, category, currency, file),
            quantity=units if is_in else units.copy_negate(),
            price=unsigned(number(row.get("xfer price"), "Xfer Price") or None),
            multiplier=_multiplier(symbol, category, file),
        )
        drafts.append(moved)
    if amount:
        kind = K.DEPOSIT if amount > 0 else K.WITHDRAWAL
        drafts.append(replace(draft, kind=kind, gross=gross_part(amount, currency)))
    if not drafts:
        raise Skip("no_quantity", "a transfer of neither units nor cash")
    return drafts


HISTORY_TYPES: dict[str, Kinds] = {
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


def _history(
    row_number: int, row: Cells, original: dict[str, str], file: _Statement
) -> list[TransactionDraft]:
    """One row of the "Transaction History" report: amounts in the base currency."""
    currency = file.currency
    kind, sub_kind = HISTORY_TYPES.get(
        row.get("transaction type", "").strip().lower(), (K.UNKNOWN, None)
    )
    description = read_text(row.get("description"))
    symbol = read_text(row.get("symbol"), 60)
    is_trade = kind in {K.BUY, K.SELL}
    instrument = instrument_in(description, currency)
    if instrument is None and symbol is not None and is_trade:
        instrument = InstrumentRef(
            symbol=symbol, name=description, currency=currency, asset_class=AssetClass.EQUITY
        )
    quantity = number(row.get("quantity"), "Quantity")
    if is_trade and (quantity is None or instrument is None):
        column = "Quantity" if quantity is None else "Symbol"
        raise CellError(column, "cell_missing", f"{column}: needed to buy or sell")
    # newer reports name the currency of the price; in another one it is no price of ours
    price_is_ours = read_currency(row.get("price currency"), "Price Currency", currency) == currency
    commission = number(row.get("commission"), "Commission")
    draft = TransactionDraft(
        row_number=row_number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=read_date(row.get("date"), "Date", "ymd", file.today),
        instrument=instrument,
        quantity=signed_quantity(kind, quantity) if is_trade else None,
        price=unsigned(number(row.get("price"), "Price")) if is_trade and price_is_ours else None,
        currency=currency,
        gross=gross_part(number(row.get("gross amount"), "Gross Amount"), currency),
        fee=cost(commission, currency),
        note=description,
        source_account=read_text(row.get("account"), 40),
        original=original,
    )
    return [as_cost(draft)]


SECTIONS: dict[str, Reader] = {
    "Trades": _trade,
    "Dividends": _cash_section(K.DIVIDEND),
    "Withholding Tax": _cash_section(K.TAX, S.WITHHOLDING),
    "Fees": _cash_section(K.FEE),
    "Other Fees": _cash_section(K.FEE),
    "Advisor Fees": _cash_section(K.FEE, S.ADVISORY),
    "Transaction Fees": _cash_section(K.FEE, S.COMMISSION),
    "Commission Adjustments": _cash_section(K.FEE, S.COMMISSION),
    "Sales Tax": _cash_section(K.TAX),
    "Interest": _cash_section(K.INTEREST, S.CASH),
    "Broker Interest Paid": _cash_section(K.INTEREST, S.MARGIN),
    "Broker Interest Received": _cash_section(K.INTEREST, S.CASH),
    "Bond Interest Received": _cash_section(K.INTEREST, S.BOND),
    "Deposits & Withdrawals": _cash_section(K.DEPOSIT),
    "Payment In Lieu Of Dividends": _cash_section(K.DIVIDEND, S.IN_LIEU),
    "Corporate Actions": _corporate_action,
    "Transfers": _transfer,
    "Transaction History": _history,
}
