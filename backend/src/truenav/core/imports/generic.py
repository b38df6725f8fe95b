"""Any CSV: a person (or we, from its header) says which column is what, and what its words mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from truenav.core.errors import UnreadableFile
from truenav.core.imports.cells import (
    is_none,
    read_currency,
    read_date,
    read_instant,
    read_number,
    read_text,
)
from truenav.core.imports.parsed import (
    CellError,
    ColumnMapping,
    Context,
    MappingQuestion,
    ParsedFile,
)
from truenav.core.imports.rows import (
    OPTION_MULTIPLIER,
    as_cost,
    gross_part,
    instrument_ref,
    is_option,
    part,
    read_row,
    signed_quantity,
)
from truenav.core.imports.table import (
    Table,
    find_delimiter,
    normalized,
    read_lines,
    table_below,
)
from truenav.core.ledger.transactions import TransactionDraft, TransactionKind
from truenav.core.money import exact

FORMAT = "generic_csv"
K = TransactionKind
ALIASES: dict[str, tuple[str, ...]] = {
    "date": (
        "date",
        "trade date",
        "tradedate",
        "transaction date",
        "datetime",
        "datum",
        "time",
    ),
    "kind": (
        "type",
        "kind",
        "action",
        "activity type",
        "activitytype",
        "transaction type",
        "side",
    ),
    "symbol": ("symbol", "ticker", "ticker symbol", "code", "instrument"),
    "isin": ("isin",),
    "name": ("name", "security name", "description", "product"),
    "quantity": ("quantity", "shares", "units", "qty", "no. of shares"),
    "price": (
        "price",
        "unit price",
        "unitprice",
        "unit_price",
        "price per share",
        "quote",
    ),
    "amount": ("amount", "total", "value", "net amount", "net_amount", "total amount"),
    "fee": ("fee", "fees", "commission", "costs"),
    "tax": ("tax", "taxes", "withholding tax"),
    "currency": ("currency", "ccy", "transaction currency", "currencyprimary"),
    "account": ("account", "account number", "account id", "accountid"),
    "note": ("note", "notes", "comment"),
    "reference": ("id", "transaction id", "transaction_id", "reference", "order id"),
}
KIND_WORDS: dict[str, TransactionKind] = {
    **{kind.value: kind for kind in K if kind not in {K.REVERSAL, K.UNKNOWN}},
    **{kind.value.replace("_", " "): kind for kind in K if kind not in {K.REVERSAL, K.UNKNOWN}},
    "bought": K.BUY,
    "purchase": K.BUY,
    "b": K.BUY,
    "sold": K.SELL,
    "sale": K.SELL,
    "s": K.SELL,
    "div": K.DIVIDEND,
    "dividends": K.DIVIDEND,
    "distribution": K.DIVIDEND,
    "fees": K.FEE,
    "taxes": K.TAX,
    "withholding tax": K.TAX,
    "removal": K.WITHDRAWAL,
    "contribution": K.DEPOSIT,
    "stock split": K.SPLIT,
    "delivery (inbound)": K.TRANSFER_IN,
    "delivery (outbound)": K.TRANSFER_OUT,
}
NEEDED = ("date", "kind")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{4}", re.ASCII)


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile:
    """Read with the mapping given, or ask for one.

    Raises:
        UnreadableFile: no table with at least two columns is found.
    """
    table = _table(text)
    suggested, problems = suggest(table, context.default_currency)
    mapping = context.mapping
    if mapping is None and not problems:
        mapping = suggested
    file = ParsedFile(
        format=FORMAT,
        broker="",
        encoding=encoding,
        notices=notices,
        header=table.header,
    )
    if mapping is None:
        sample = tuple(line.cells for line in table.rows[:8])
        question = MappingQuestion(
            header=table.header,
            sample=sample,
            suggested=suggested,
            problems=tuple(problems),
        )
        return replace(file, question=question)
    mapping = _completed(mapping, table)
    rows = [
        read_row(
            line.number,
            table.as_dict(line),
            lambda n, row: _drafts(n, row, mapping, context),
        )
        for line in table.rows
    ]
    accounts = {d.source_account for row in rows for d in row.drafts if d.source_account}
    return replace(file, rows=tuple(rows), source_accounts=tuple(sorted(accounts)))


def _table(text: str) -> Table:
    lines = read_lines(text, find_delimiter(text))
    wide = [line for line in lines if len(line.cells) > 1 and not line.is_blank]
    if not wide:
        raise UnreadableFile("no table found: a CSV needs a header line and at least two columns")
    known = {alias for aliases in ALIASES.values() for alias in aliases}

    def score(line_cells: Sequence[str]) -> int:
        return sum(normalized(cell) in known for cell in line_cells)

    header = max(wide[:40], key=lambda line: score(line.cells))
    if not score(header.cells):
        header = wide[0]
    return table_below(lines, lines.index(header))


def suggest(table: Table, default_currency: str) -> tuple[ColumnMapping, list[str]]:
    """The mapping the header suggests, and what keeps it from being used as it is."""
    columns: dict[str, str] = {}
    for field, aliases in ALIASES.items():
        by_name = {normalized(name): name for name in table.header}
        found = next((by_name[alias] for alias in aliases if alias in by_name), None)
        if found is not None and found not in columns.values():
            columns[field] = found
    problems = [f"no column was recognized as the {need}" for need in NEEDED if need not in columns]
    if "amount" not in columns and not {"quantity", "price"} <= columns.keys():
        problems.append("neither an amount nor quantity and price were recognized")
    mapping = ColumnMapping(columns=columns, default_currency=default_currency)
    words = _kind_words(table, columns)
    if words:
        problems.append("unknown words in the kind column: " + ", ".join(words[:8]))
    order, is_certain = _date_order(table, columns.get("date"))
    if not is_certain:
        problems.append("day and month cannot be told apart in the date column")
    mark, is_certain = _decimal_mark(table, columns)
    if not is_certain:
        problems.append("the decimal mark cannot be told from the numbers")
    return replace(mapping, date_order=order, decimal_mark=mark), problems


def _kind_words(table: Table, columns: Mapping[str, str]) -> list[str]:
    if "kind" not in columns:
        return []
    words = {normalized(table.as_dict(line).get(columns["kind"], "")) for line in table.rows}
    return sorted(word for word in words if word and word not in KIND_WORDS)


def _date_order(table: Table, column: str | None) -> tuple[str, bool]:
    """Evidence of the whole column: a number above 12 proves which place is the day."""
    first_max = second_max = 0
    for line in table.rows:
        match = _DAY_FIRST.match(table.as_dict(line).get(column or "", "").strip())
        if match:
            first_max = max(first_max, int(match[1]))
            second_max = max(second_max, int(match[2]))
    if first_max == 0:
        return "ymd", True
    if first_max > 12:
        return "dmy", True
    return "mdy", second_max > 12


def _decimal_mark(table: Table, columns: Mapping[str, str]) -> tuple[str, bool]:
    """Evidence of all numbers: the last of two marks is decimal; "1,234" alone proves nothing."""
    votes = {".": 0, ",": 0}
    unsure = False
    names = [columns[f] for f in ("quantity", "price", "amount", "fee", "tax") if f in columns]
    for line in table.rows:
        row = table.as_dict(line)
        for name in names:
            cell = re.sub(r"[^0-9.,]", "", row.get(name, ""))
            dot, comma = cell.rfind("."), cell.rfind(",")
            if dot >= 0 and comma >= 0:
                votes["." if dot > comma else ","] += 1
            elif max(dot, comma) >= 0:
                mark = "." if dot >= 0 else ","
                is_group = cell.count(mark) > 1 or len(cell) - cell.rfind(mark) - 1 == 3
                if not is_group:
                    votes[mark] += 1
                elif mark == ",":
                    unsure = True
    if votes["."] and votes[","]:
        return ".", False
    if votes[","]:
        return ",", True
    return ".", bool(votes["."]) or not unsure


def _completed(mapping: ColumnMapping, table: Table) -> ColumnMapping:
    missing = sorted(set(mapping.columns.values()) - set(table.header))
    if missing:
        raise UnreadableFile("columns named in the mapping are not in the file: " + str(missing))
    absent = [need for need in NEEDED if need not in mapping.columns]
    if absent:
        raise UnreadableFile("the mapping does not say which column is the " + " or ".join(absent))
    mark = mapping.decimal_mark or _decimal_mark(table, mapping.columns)[0]
    order = mapping.date_order or _date_order(table, mapping.columns["date"])[0]
    return replace(mapping, decimal_mark=mark, date_order=order)


def _drafts(
    number: int, row: Mapping[str, str], mapping: ColumnMapping, context: Context
) -> Sequence[TransactionDraft]:
    def cell(field: str) -> str | None:
        column = mapping.columns.get(field)
        return row.get(column) if column is not None else None

    def number_in(field: str) -> Decimal | None:
        column = mapping.columns.get(field)
        mark = mapping.decimal_mark or "."
        return read_number(row.get(column), column, mark) if column is not None else None

    kind = _kind(cell("kind"), mapping)
    default = mapping.default_currency or context.default_currency
    currency = read_currency(cell("currency"), mapping.columns.get("currency", ""), default)
    symbol = read_text(cell("symbol"), 60) or read_text(cell("isin"), 12)
    quantity, price, fee, tax = map(number_in, ("quantity", "price", "fee", "tax"))
    if kind in {K.BUY, K.SELL}:
        _need(quantity, "quantity", mapping)
        _need(symbol, "symbol", mapping)
    multiplier = OPTION_MULTIPLIER if symbol and is_option(symbol) else Decimal(1)
    instrument = instrument_ref(symbol, read_text(cell("name")), currency)
    isin = read_text(cell("isin"), 12)
    if instrument is not None and isin is not None:
        instrument = replace(instrument, isin=isin)
    draft = TransactionDraft(
        row_number=number,
        kind=kind,
        trade_date=read_date(
            cell("date"),
            mapping.columns["date"],
            mapping.date_order or "ymd",
            context.today,
        ),
        traded_at=read_instant(cell("date")),
        instrument=None if kind in CASH_ONLY else instrument,
        quantity=signed_quantity(kind, quantity) if kind in WITH_UNITS else None,
        price=abs(price) if price is not None and kind in WITH_UNITS else None,
        multiplier=multiplier,
        ratio=quantity if kind is K.SPLIT else None,
        currency=currency,
        gross=gross_part(
            _gross(kind, number_in("amount"), quantity, price, multiplier, fee, tax),
            currency,
        ),
        fee=part(fee, currency),
        tax=part(tax, currency),
        broker_reference=read_text(cell("reference"), 60),
        source_account=read_text(cell("account"), 40),
        note=read_text(cell("note")),
        original=dict(row),
    )
    return [as_cost(draft)]


WITH_UNITS = frozenset({K.BUY, K.SELL, K.TRANSFER_IN, K.TRANSFER_OUT, K.SPIN_OFF, K.REWARD})
CASH_ONLY = frozenset({K.DEPOSIT, K.WITHDRAWAL, K.INTEREST})
PAID_OUT = frozenset({K.BUY, K.WITHDRAWAL, K.FEE, K.TAX})


def _kind(word: str | None, mapping: ColumnMapping) -> TransactionKind:
    plain = normalized(word or "")
    named = {normalized(key): value for key, value in mapping.kinds.items()}.get(plain)
    if named is not None:
        return K(named) if named in set(K) else K.UNKNOWN
    return KIND_WORDS.get(plain, K.UNKNOWN)


def _need(value: object, field: str, mapping: ColumnMapping) -> None:
    if value is None or (isinstance(value, str) and is_none(value)):
        column = mapping.columns.get(field, field)
        raise CellError(column, "cell_missing", f"{column}: needed to buy or sell")


@exact
def _gross(
    kind: TransactionKind,
    amount: Decimal | None,
    quantity: Decimal | None,
    price: Decimal | None,
    multiplier: Decimal,
    fee: Decimal | None,
    tax: Decimal | None,
) -> Decimal | None:
    """Gross with the ledger's sign: units × price where stated, else amount plus costs."""
    if kind in {K.SPLIT, K.SPIN_OFF, K.TRANSFER_IN, K.TRANSFER_OUT}:
        return None
    if kind in {K.BUY, K.SELL} and quantity is not None and price is not None and amount is None:
        value = abs(quantity * price * multiplier)
        return -value if kind is K.BUY else value
    if amount is None:
        if quantity is None or price is None:
            return None
        amount = quantity * price
    costs = (fee or Decimal(0)) + (tax or Decimal(0))
    if kind in {K.FEE, K.TAX}:
        return -abs(amount)
    if kind in PAID_OUT:
        return -abs(amount) + costs
    if kind in {K.SELL, K.DEPOSIT}:
        return abs(amount) + costs
    return amount + costs
