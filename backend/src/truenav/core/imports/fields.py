"""One row of a broker's file: its cells by name, read with the habits of that broker."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from truenav.core.imports.cells import (
    bounded_places,
    is_none,
    read_currency,
    read_date,
    read_instant,
    read_number,
    read_text,
)
from truenav.core.imports.parsed import CellError, Context
from truenav.core.imports.rows import (
    Cells,
    gross_part,
    instrument_ref,
    part,
    signed_quantity,
    unsigned,
)
from truenav.core.imports.table import normalized
from truenav.core.ledger.transactions import (
    AssetClass,
    InstrumentRef,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import CURRENCIES, exact

K = TransactionKind
Read = TypeVar("Read")
ZERO = Decimal(0)
_NUMERIC = re.compile(r"[\s()+-]*\d[\d.,\s\u00a0\u202f]*[)]?", re.ASCII)
# Every cell decides its own mark: some exports mix "26,45" and "-97.93" in one column.
MIXED = "mixed"
CENT = Decimal("0.015")
# A printed rate has five or six digits; what it makes of an amount is off by as little.
RATE_SLACK = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Fields:
    """Cells by normalized name, and what this broker means by a date and a number.

    `decimal_mark` is ".", "," or MIXED; `date_order` as in `read_date`; `printed` is how the file
    prints columns that we call by names of our own.
    """

    number: int
    cells: Cells
    original: dict[str, str]
    context: Context
    date_order: str = "dmy"
    decimal_mark: str = "."
    printed: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """The name as the file prints it, for messages."""
        return self.printed.get(name) or _printed_names(tuple(self.original)).get(name, name)

    def text(self, *names: str, limit: int = 500) -> str | None:
        """What the first of these columns says that says anything."""
        found = (read_text(self.cells.get(name), limit) for name in names)
        return next((text for text in found if text is not None), None)

    def figure(self, *names: str) -> Decimal | None:
        """The number in the first of these columns that is not empty; None when all are.

        Raises:
            CellError: the cell is no number, or can be read in two ways.
        """
        for name in names:
            cell = self.cells.get(name)
            if not is_none(cell):
                return self.number_of(cell, name)
        return None

    def number_of(self, cell: str | None, name: str) -> Decimal | None:
        """A number that stands in the cell of `name`, perhaps among words."""
        return self._told(name, lambda column: self._number(cell, column))

    def _told(self, name: str, read: Callable[[str], Read]) -> Read:
        """Read with our name for the column; the file's own is looked up only for an error."""
        try:
            return read(name)
        except CellError:
            return read(self.column(name))

    def _number(self, cell: str | None, column: str) -> Decimal | None:
        mark = self.decimal_mark
        if mark == MIXED and cell is not None:
            mark = self._mark(cell, column)
        return read_number(cell, column, mark)

    def _mark(self, cell: str, column: str) -> str:
        """The mark of one cell; what the rest of the row proves settles "10,799"."""
        try:
            return mark_of(cell, column)
        except CellError:
            proven = set()
            for other in self.cells.values():
                if _NUMERIC.fullmatch(other) and ("." in other or "," in other):
                    with suppress(CellError):
                        proven.add(mark_of(other, column))
            if len(proven) != 1:
                raise
            return proven.pop()

    def needed(self, *names: str) -> Decimal:
        """A number that the row cannot do without.

        Raises:
            CellError: the cell is empty or no number.
        """
        found = self.figure(*names)
        if found is None:
            column = self.column(names[0])
            raise CellError(column, "cell_missing", f"{column}: a number is needed")
        return found

    def needed_text(self, name: str) -> str:
        """Words that the row cannot do without.

        Raises:
            CellError: the cell is empty.
        """
        found = self.text(name)
        if found is None:
            column = self.column(name)
            raise CellError(column, "cell_missing", f"{column}: needed to tell what happened")
        return found

    def day(self, name: str) -> date:
        """The day in a column.

        Raises:
            CellError: none, or not a day that can be.
        """
        cell, order, today = self.cells.get(name), self.date_order, self.context.today
        return self._told(name, lambda column: read_date(cell, column, order, today))

    def settles(self, name: str) -> date | None:
        """The day of settlement, at most a month ahead; None where the cell is empty.

        Raises:
            CellError: not a day, or too far ahead.
        """
        if self.text(name) is None:
            return None
        cell, order = self.cells.get(name), self.date_order
        latest = self.context.today + timedelta(days=31)
        return self._told(name, lambda column: read_date(cell, column, order, latest))

    def instant(self, name: str, zone: str = "+00:00") -> datetime | None:
        """The time in a column whose zone the broker documents; None when it holds no time."""
        cell = (self.cells.get(name) or "").strip().removesuffix("UTC").strip()
        return read_instant(cell + zone) if ":" in cell else None

    def currency(self, name: str, default: str) -> str:
        """The currency in a column, or the default where it is empty.

        Raises:
            CellError: a code nobody knows.
        """
        cell = self.cells.get(name)
        return self._told(name, lambda column: read_currency(cell, column, default))

    @exact
    def draft(
        self,
        kind: TransactionKind,
        *,
        currency: str,
        net: Decimal | None = None,
        fee: Decimal | None = None,
        tax: Decimal | None = None,
        **more: Any,
    ) -> TransactionDraft:
        """A record of which the file says what moved.

        Args:
            kind: What happened.
            currency: Of `net`, `fee` and `tax`.
            net: Cash after costs; > 0 received, < 0 paid, None when no cash moved.
            fee: > 0 is a cost contained in `net`.
            tax: > 0 is a tax contained in `net`.
            more: Fields of `TransactionDraft`; quantity and price get the ledger's signs.
        """
        quantity = signed_quantity(kind, more.pop("quantity", None))
        more["price"] = unsigned(more.pop("price", None))
        if kind in {K.FEE, K.TAX}:
            cost = part(-net, currency) if net else None
            sides: dict[str, Any] = {"fee": cost} if kind is K.FEE else {"tax": cost}
        else:
            gross = None if net is None else net + (fee or ZERO) + (tax or ZERO)
            sides = {
                "gross": gross_part(gross, currency),
                "fee": part(fee, currency),
                "tax": part(tax, currency),
            }
        return TransactionDraft(
            row_number=self.number,
            kind=kind,
            currency=currency,
            quantity=quantity,
            original=self.original,
            **sides,
            **more,
        )


@lru_cache(maxsize=64)
def _printed_names(columns: tuple[str, ...]) -> Mapping[str, str]:
    return {normalized(column): column for column in reversed(columns)}


def mark_of(cell: str, column: str) -> str:
    """The decimal mark of one number on its own evidence.

    With both marks the last one is it; a mark that comes twice parts thousands.

    Raises:
        CellError: "1.234" and "1,234" can be read in two ways.
    """
    points, commas = cell.count("."), cell.count(",")
    if points and commas:
        return "." if cell.rfind(".") > cell.rfind(",") else ","
    if points > 1 or (not points and not commas):
        return "," if points else "."
    if commas > 1:
        return "."
    mark = "." if points else ","
    whole, _, fraction = cell.strip(" \u00a0()+-").partition(mark)
    digits = "".join(char for char in whole if char.isdigit())
    if len(fraction) == 3 and fraction.isdigit() and 0 < len(digits) <= 3 and digits != "0":
        message = f"{column}: {cell.strip()[:24]!r} can be read in two ways"
        raise CellError(column, "number_ambiguous", message)
    return mark


def security(
    symbol: str | None,
    currency: str,
    *,
    isin: str | None = None,
    name: str | None = None,
    asset_class: AssetClass | None = None,
) -> InstrumentRef | None:
    """What a file names by symbol, ISIN or name alone; None when it names nothing.

    Raises:
        Nothing: an ISIN that is not one is kept as the broker wrote it.
    """
    found = instrument_ref(symbol or isin, name, currency)
    if found is None:
        if name is None:
            return None
        found = InstrumentRef(name=name, currency=currency)
    return InstrumentRef(
        symbol=found.symbol,
        isin=isin or found.isin,
        cusip=found.cusip,
        name=found.name,
        currency=found.currency,
        asset_class=asset_class or found.asset_class,
    )


def coin(symbol: str, currency: str) -> InstrumentRef:
    """A coin, priced in the account's currency."""
    return InstrumentRef(symbol=symbol, currency=currency, asset_class=AssetClass.CRYPTO)


def is_money(code: str) -> bool:
    """Whether a code means money and not a coin."""
    return code in CURRENCIES


@exact
def price_in_cash(
    quantity: Decimal, price: Decimal | None, per_price: Decimal | None, gross: Decimal | None
) -> Decimal | None:
    """The price per unit in the currency of the cash, of a trade priced in another one.

    Args:
        quantity: Units.
        price: As printed, in the other currency.
        per_price: Cash currency for one unit of the price's currency.
        gross: What the units cost in cash.

    Returns:
        What was paid per unit when it agrees with price * rate as well as a printed rate can;
        else price * rate, so that the row is flagged as not adding up.
    """
    if price is None or per_price is None or not quantity:
        return None
    stated = price * per_price
    if gross is None:
        return bounded_places(stated)
    off = abs(abs(quantity) * stated - abs(gross))
    if off <= CENT + RATE_SLACK * abs(gross):
        return bounded_places(abs(gross) / abs(quantity))
    return bounded_places(stated)


@exact
def product(*factors: Decimal) -> Decimal:
    """Factors multiplied, at most 18 decimal places."""
    found = Decimal(1)
    for factor in factors:
        found *= factor
    return bounded_places(found)


@exact
def ratio(numerator: Decimal, denominator: Decimal) -> Decimal:
    """|numerator / denominator| at 18 decimal places; the denominator is not zero."""
    return bounded_places(abs(numerator / denominator))


@exact
def added(*amounts: Decimal | None) -> Decimal | None:
    """The sum of what is known; None when nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, ZERO) if known else None


@exact
def minus(amount: Decimal | None) -> Decimal | None:
    """The amount with the other sign."""
    return -amount if amount is not None else None
