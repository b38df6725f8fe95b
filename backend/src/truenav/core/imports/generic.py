"""Any CSV: a person (or we, from its header) says which column is what, and what its words mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from truenav.core.errors import UnreadableFile
from truenav.core.imports.cells import (
    bounded_places,
    date_order,
    read_date,
    read_instant,
    read_number,
    read_text,
    read_unit,
)
from truenav.core.imports.column_mapping import (
    ALIASES,
    KIND_WORDS,
    MAPPABLE_KINDS,
    NEEDED,
    decimal_mark,
    suggest,
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
    Cells,
    as_cost,
    gross_part,
    instrument_ref,
    is_option,
    part,
    read_table,
    signed_quantity,
    source_accounts,
    unsigned,
)
from truenav.core.imports.table import (
    HEADER_WITHIN,
    Table,
    find_delimiter,
    normalized,
    read_lines,
    table_below,
)
from truenav.core.ledger.transactions import InstrumentRef, TransactionDraft, TransactionKind
from truenav.core.money import exact

FORMAT = "generic_csv"
K = TransactionKind
ZERO = Decimal(0)
WITH_UNITS = frozenset({K.BUY, K.SELL, K.TRANSFER_IN, K.TRANSFER_OUT, K.SPIN_OFF, K.REWARD})
CASH_ONLY = frozenset({K.DEPOSIT, K.WITHDRAWAL})
WITHOUT_CASH = frozenset({K.SPLIT, K.SPIN_OFF, K.TRANSFER_IN, K.TRANSFER_OUT})
PAID_OUT = frozenset({K.BUY, K.WITHDRAWAL})
RECEIVED = frozenset({K.SELL, K.DEPOSIT})


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
        format=FORMAT, broker="", encoding=encoding, notices=notices, header=table.header
    )
    if mapping is None:
        question = MappingQuestion(
            header=table.header,
            sample=tuple(line.cells for line in table.rows[:8]),
            suggested=suggested,
            problems=tuple(problems),
        )
        return replace(file, question=question)
    plan = _plan(mapping, table, context)

    def drafts(number: int, _: Cells, original: dict[str, str]) -> Sequence[TransactionDraft]:
        return _drafts(number, original, plan)

    rows = read_table(table, drafts)
    return replace(file, rows=tuple(rows), source_accounts=source_accounts(rows))


def _table(text: str) -> Table:
    lines = read_lines(text, find_delimiter(text))
    wide = [line for line in lines if len(line.cells) > 1 and not line.is_blank]
    if not wide:
        raise UnreadableFile("no table found: a CSV needs a header line and at least two columns")
    known = {alias for aliases in ALIASES.values() for alias in aliases}

    def score(line_cells: Sequence[str]) -> int:
        return sum(normalized(cell) in known for cell in line_cells)

    header = max(wide[:HEADER_WITHIN], key=lambda line: score(line.cells))
    if not score(header.cells):
        header = wide[0]
    return table_below(lines, lines.index(header))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A mapping with nothing left open."""

    columns: Mapping[str, str]
    kinds: Mapping[str, TransactionKind]
    date_order: str
    decimal_mark: str
    currency: str
    context: Context

    def cell(self, row: Cells, field: str) -> str | None:
        """The cell of a field; None where the file has no such column."""
        column = self.columns.get(field)
        return row.get(column) if column is not None else None

    def number(self, row: Cells, field: str, factor: Decimal = Decimal(1)) -> Decimal | None:
        """A number in the currency's major unit."""
        column = self.columns.get(field, field)
        value = read_number(self.cell(row, field), column, self.decimal_mark)
        return value if value is None or factor == 1 else _scaled(value, factor)


def _plan(mapping: ColumnMapping, table: Table, context: Context) -> _Plan:
    missing = sorted(set(mapping.columns.values()) - set(table.header))
    if missing:
        raise UnreadableFile(f"columns named in the mapping are not in the file: {missing}")
    absent = [need for need in NEEDED if need not in mapping.columns]
    if absent:
        raise UnreadableFile(f"the mapping does not say which column is the {' or '.join(absent)}")
    unknown = sorted(word for word in mapping.kinds.values() if word not in MAPPABLE_KINDS)
    if unknown:
        raise UnreadableFile(f"the mapping names kinds that do not exist: {unknown}")
    order = mapping.date_order
    if order is None:
        order, is_proven = date_order(table.column(mapping.columns["date"]))
        order = order if is_proven else "ymd"
    return _Plan(
        columns=mapping.columns,
        kinds={
            **KIND_WORDS,
            **{normalized(word): K(kind) for word, kind in mapping.kinds.items()},
        },
        date_order=order,
        decimal_mark=mapping.decimal_mark or decimal_mark(table, dict(mapping.columns))[0],
        currency=mapping.default_currency or context.default_currency,
        context=context,
    )


def _drafts(number: int, row: dict[str, str], plan: _Plan) -> Sequence[TransactionDraft]:
    kind = plan.kinds.get(normalized(plan.cell(row, "kind") or ""), K.UNKNOWN)
    column = plan.columns.get("currency", "currency")
    currency, factor = read_unit(plan.cell(row, "currency"), column, plan.currency)
    quantity = plan.number(row, "quantity")
    price, amount, fee, tax = (
        plan.number(row, field, factor) for field in ("price", "amount", "fee", "tax")
    )
    instrument = _instrument(row, plan, currency, kind)
    if kind in {K.BUY, K.SELL}:
        _need(quantity, "quantity", plan)
        _need(instrument, "symbol", plan)
    symbol = instrument.symbol if instrument is not None else None
    multiplier = OPTION_MULTIPLIER if symbol and is_option(symbol) else Decimal(1)
    day = read_date(
        plan.cell(row, "date"), plan.columns["date"], plan.date_order, plan.context.today
    )
    value = _value(quantity, price, multiplier)
    draft = TransactionDraft(
        row_number=number,
        kind=kind,
        trade_date=day,
        traded_at=read_instant(plan.cell(row, "date")),
        instrument=instrument,
        quantity=signed_quantity(kind, quantity) if kind in WITH_UNITS else None,
        price=unsigned(price) if kind in WITH_UNITS else None,
        multiplier=multiplier,
        ratio=_ratio(quantity, plan) if kind is K.SPLIT else None,
        currency=currency,
        gross=gross_part(_gross(kind, amount, value, (fee or ZERO, tax or ZERO)), currency),
        fee=part(fee, currency),
        tax=part(tax, currency),
        broker_reference=read_text(plan.cell(row, "reference"), 60),
        source_account=read_text(plan.cell(row, "account"), 40),
        note=read_text(plan.cell(row, "note")),
        original=row,
    )
    return [as_cost(draft)]


def _instrument(
    row: Cells, plan: _Plan, currency: str, kind: TransactionKind
) -> InstrumentRef | None:
    """By symbol, else by ISIN, else by name. Text in the symbol column of a fee names no units."""
    symbol = read_text(plan.cell(row, "symbol"), 60)
    isin = read_text(plan.cell(row, "isin"), 12)
    name = read_text(plan.cell(row, "name"))
    if kind in CASH_ONLY:
        return None
    if kind not in WITH_UNITS and isin is None and (symbol is None or " " in symbol):
        return None
    found = instrument_ref(symbol or isin, name, currency)
    if found is None:
        return InstrumentRef(name=name, currency=currency) if name is not None else None
    return replace(found, isin=isin) if isin is not None else found


def _need(value: object, field: str, plan: _Plan) -> None:
    if value is None:
        column = plan.columns.get(field, field)
        raise CellError(column, "cell_missing", f"{column}: needed to buy or sell")


def _ratio(quantity: Decimal | None, plan: _Plan) -> Decimal:
    if quantity is None or quantity <= 0:
        column = plan.columns.get("quantity", "quantity")
        raise CellError(column, "cell_missing", f"{column}: a split needs new units per old unit")
    return quantity


@exact
def _scaled(value: Decimal, factor: Decimal) -> Decimal:
    return value * factor


@exact
def _value(quantity: Decimal | None, price: Decimal | None, multiplier: Decimal) -> Decimal | None:
    if quantity is None or price is None:
        return None
    return bounded_places(abs(quantity * price * multiplier))


@exact
def _gross(
    kind: TransactionKind,
    amount: Decimal | None,
    value: Decimal | None,
    costs: tuple[Decimal, Decimal],
) -> Decimal | None:
    """Gross with the ledger's sign, from the stated amount or from units * price.

    An amount that equals units * price is before costs; any other is what moved, after costs.
    """
    if kind in WITHOUT_CASH:
        return None
    stated = amount if amount is not None else value
    if stated is None:
        return None
    if kind in {K.FEE, K.TAX}:
        return -abs(stated)
    is_gross = amount is None or (value is not None and abs(abs(amount) - value) < Decimal("0.005"))
    added = ZERO if is_gross else sum(costs, ZERO)
    if kind in PAID_OUT:
        return -abs(stated) + added
    if kind in RECEIVED:
        return abs(stated) + added
    return stated + added
