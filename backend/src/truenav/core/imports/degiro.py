"""DEGIRO account statement: two columns without a name, many languages, an order over rows."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from decimal import Decimal

from truenav.core.imports import degiro_words as words
from truenav.core.imports.cells import read_number, read_unit
from truenav.core.imports.fields import MIXED, Fields, product, security
from truenav.core.imports.pairing import grouped, join_conversions, only_draft, paired
from truenav.core.imports.parsed import CellError, ParsedRow, RowStatus
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.rows import Skip, part
from truenav.core.imports.table import (
    DELIMITERS,
    Table,
    normalized,
    read_head,
    read_lines,
    table_below,
)
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind
from truenav.core.money import exact

FORMAT = "degiro_account_csv"
K, S = TransactionKind, SubKind
# By place: the names are in the language of the export, and two are empty.
NAMES = (
    "date",
    "time",
    "value date",
    "product",
    "isin",
    "description",
    "fx",
    "currency",
    "amount",
    "balance currency",
    "balance",
    "order id",
)
# How much of an order's id is looked at: exports break it over two lines after this many.
ID_LENGTH = 18


def _find(text: str) -> Table | None:
    for delimiter in DELIMITERS:
        for index, line in enumerate(read_head(text, delimiter)):
            names = [normalized(cell) for cell in line.cells]
            if len(names) < 11 or names[8] or names[10]:
                continue
            if names[0] in words.DATE_WORDS and names[4] in words.ISIN_WORDS:
                return table_below(read_lines(text, delimiter), index)
    return None


def _drafts(printed: Fields) -> Sequence[TransactionDraft]:
    columns = dict(zip(NAMES, printed.original, strict=False))
    row = replace(printed, cells=_named(printed), printed=columns)
    if row.text("date") is None and row.text("order id") is not None:
        raise Skip("continuation", "the rest of an order id that was broken over two lines")
    text = _repaired(row.needed_text("description"))
    day = row.day("date")
    if words.SWEEP.search(text):
        raise Skip("cash_sweep", "money on its way to the cash account or back; it cancels out")
    amount = row.figure("amount")
    if amount is None:
        raise Skip("no_amount", "a row without an amount")
    currency = row.currency("currency", row.context.default_currency)
    trade = None if words.MONEY_FUND.search(text) else words.TRADE.fullmatch(text)
    instrument = security(None, currency, isin=row.text("isin", limit=12), name=row.text("product"))
    if trade is not None:
        event, side = trade["event"] or "", trade["side"].lower()
        units, price = _figures(row, trade["units"], trade["price"], trade["unit"], amount)
        if side in words.SELL_WORDS:
            units = units.copy_negate()
        kind, sub_kind = _trade_kind(event, units, amount)
        draft = row.draft(
            kind,
            sub_kind=sub_kind,
            trade_date=day,
            currency=currency,
            net=amount if amount or kind in {K.BUY, K.SELL} else None,
            instrument=instrument,
            quantity=units,
            price=price if kind in {K.BUY, K.SELL} else None,
            note=text,
        )
        return [draft]
    kind, sub_kind = _kind(text, amount)
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            trade_date=day,
            currency=currency,
            net=amount,
            instrument=None if kind is K.FX_CONVERSION else instrument,
            note=text,
        )
    ]


def _named(row: Fields) -> dict[str, str]:
    cells = dict(zip(NAMES, row.cells.values(), strict=False))
    return {**dict.fromkeys(NAMES, ""), **cells}


def _repaired(text: str) -> str:
    """Undo "CrÃ©dito": UTF-8 read as Latin-1 somewhere before us."""
    try:
        return text.encode("latin-1").decode("utf-8") if "Ã" in text else text
    except UnicodeError:
        return text


def _trade_kind(
    event: str, units: Decimal, amount: Decimal
) -> tuple[TransactionKind, SubKind | None]:
    """A purchase for nothing is an event: units paid as a dividend, or a new name."""
    if not event or amount:
        return (K.BUY if units > 0 else K.SELL), None
    if "dividend" in event.lower():
        return K.DIVIDEND, S.STOCK
    return K.NAME_CHANGE, None


def _kind(text: str, amount: Decimal) -> tuple[TransactionKind, SubKind | None]:
    if words.CONVERSION.search(text):
        return K.FX_CONVERSION, None
    for pattern, kind, sub_kind in words.WORDS:
        if pattern.search(text):
            return kind, sub_kind
    if words.CASH_MOVE.search(text):
        return (K.DEPOSIT if amount >= 0 else K.WITHDRAWAL), None
    return K.UNKNOWN, None


@exact
def _figures(
    row: Fields, units: str, price: str, unit: str, amount: Decimal
) -> tuple[Decimal, Decimal]:
    """Units and price out of a description, each in either way of writing numbers.

    "5,416" can be five or five thousand: what fits the amount is right.

    Raises:
        CellError: nothing fits, or more than one reading does.
    """
    column = row.column("description")
    _, factor = read_unit(unit, column, row.context.default_currency)
    readings = {
        (one, product(two, factor)) for one in _ways(units, column) for two in _ways(price, column)
    }
    if not amount:
        readings = {(found, Decimal(0)) for found, _ in readings}  # an event has no price
    elif len(readings) > 1:
        close = [(u, p) for u, p in readings if abs(u * p - abs(amount)) <= _slack(amount, u)]
        readings = set(close)
    if len(readings) != 1:
        message = f"{column}: {units!r} @ {price!r} can be read in more than one way"
        raise CellError(column, "number_ambiguous", message)
    return readings.pop()


@exact
def _slack(amount: Decimal, units: Decimal) -> Decimal:
    return Decimal("0.01") + abs(amount) * Decimal("0.002") + units * Decimal("0.0005")


def _ways(text: str, column: str) -> set[Decimal]:
    found = set()
    for mark in ".,":
        thousands = "," if mark == "." else "."
        if text.startswith(f"0{thousands}"):
            continue  # no thousands begin with a nought
        try:
            number = read_number(text.strip(), column, mark)
        except CellError:
            continue
        if number is not None:
            found.add(number)
    if not found:
        raise CellError(column, "not_a_number", f"{column}: {text[:24]!r} is not a number")
    return found


def _cells(row: ParsedRow) -> dict[str, str]:
    return dict(zip(NAMES, row.original.values(), strict=False))


def _order(row: ParsedRow) -> Hashable:
    """The order; what has none (a dividend that is exchanged) goes by its minute."""
    cells = _cells(row)
    order = cells.get("order id", "").strip()
    return order[:ID_LENGTH] if order else (cells.get("date"), cells.get("time"))


def _joined(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    return _with_commissions(join_conversions(rows, _order))


def _with_commissions(rows: list[ParsedRow]) -> list[ParsedRow]:
    """A commission in the trade's own currency belongs to its cost; in another it stands alone."""
    with_order = [
        i
        for i, row in enumerate(rows)
        if row.status is RowStatus.IMPORTED and _cells(row).get("order id", "").strip()
    ]
    for group in grouped(rows, with_order, _order):
        trades = [i for i in group if rows[i].drafts[0].kind in {K.BUY, K.SELL}]
        for index in group:
            fee = only_draft(rows[index], K.FEE)
            if fee is None or not trades or fee.fee is None:
                continue
            trade = rows[trades[0]].drafts[0]
            if trade.currency == fee.currency and trade.fee is None:
                together = replace(trade, fee=part(fee.fee.amount, fee.currency))
                rows[trades[0]] = replace(rows[trades[0]], drafts=(together,))
                rows[index] = paired(rows[index], rows[trades[0]], "the commission of the trade")
    return rows


read = reader_of(
    Profile(
        format=FORMAT,
        broker="DEGIRO",
        required=(),
        drafts=_drafts,
        decimal_mark=MIXED,
        pairing=_joined,
        find=_find,
    )
)
