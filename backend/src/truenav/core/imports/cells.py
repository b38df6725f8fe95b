"""Cells → numbers, dates and currencies, or a reason why not."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from truenav.core.errors import UnknownCurrency
from truenav.core.imports.parsed import CellError
from truenav.core.money import check_currency, parse_plain_decimal

NONE_WORDS = frozenset({"", "-", "--", "---", "n/a", "na", "null", "none"})
_SYMBOLS = re.compile(r"^(?P<sign>[+-]?)\s*(?:[$€£¥]|CHF|USD|EUR|GBP)?\s*(?P<rest>.*)$", re.DOTALL)
# no-break space, thin space, narrow no-break space, apostrophes: thousands in some countries
_GAPS = dict.fromkeys(map(ord, "\u00a0\u2009\u202f'\u2019 "), None)
_FORMULA_START = ("=", "@", "\t", "\r", "\uff1d")
MAX_CELL = 64
OLDEST = date(1900, 1, 1)


def is_none(text: str | None) -> bool:
    """Whether a cell says nothing: empty, dashes, N/A. That is not zero."""
    return text is None or text.strip().lower() in NONE_WORDS


def read_number(text: str | None, column: str, decimal_mark: str = ".") -> Decimal | None:
    """A number as brokers print it: "$1,234.50", "(200.00)", "12.5-", "-$3"; None for none.

    Raises:
        CellError: anything else; exponents, NaN and formulas included.
    """
    if text is None or is_none(text):
        return None
    cell = text.strip().replace("\u2212", "-")
    if cell.startswith(_FORMULA_START):
        raise CellError(column, "formula", f"{column}: a formula is not a number")
    if len(cell) > MAX_CELL:
        raise CellError(column, "number_too_long", f"{column}: too long for a number")
    negative = False
    if cell.startswith("(") and cell.endswith(")"):
        negative, cell = True, cell[1:-1].strip()
    if cell.endswith("-"):
        negative, cell = True, cell[:-1].strip()
    match = _SYMBOLS.match(cell)
    sign, rest = (match["sign"], match["rest"]) if match else ("", cell)
    if rest.startswith(("-", "+")):  # the sign after the currency: "$-3"
        sign, rest = rest[0] if rest[0] == "-" else sign, rest[1:]
    rest = rest.translate(_GAPS)
    thousands = "," if decimal_mark == "." else "."
    plain = _without_thousands(rest, thousands, decimal_mark)
    try:
        value = parse_plain_decimal(plain if plain[:1] != "." else "0" + plain)
    except ValueError:
        raise CellError(
            column, "not_a_number", f"{column}: {_shown(text)} is not a number"
        ) from None
    return -value if negative != (sign == "-") else value


def _without_thousands(text: str, thousands: str, decimal_mark: str) -> str:
    whole, mark, fraction = text.partition(decimal_mark)
    if thousands in whole:
        groups = whole.split(thousands)
        if not groups[0] or any(len(group) != 3 for group in groups[1:]):
            return "?"  # "1,23": a decimal comma or a typing error; never guessed
        whole = "".join(groups)
    return whole + ("." + fraction if mark else "")


def _shown(text: str) -> str:
    clean = "".join(char if char.isprintable() else "?" for char in text.strip())
    return repr(clean[:24] + ("…" if len(clean) > 24 else ""))


_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[;, T].*)?$", re.ASCII)
_PARTS = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ ,;T].*)?$", re.ASCII)


def read_date(text: str | None, column: str, order: str, today: date) -> date:
    """A calendar day; `order` ("mdy", "dmy", "ymd") settles 03/04/2021.

    Raises:
        CellError: none, two-digit years, days that do not exist, days after tomorrow.
    """
    cell = (text or "").strip()
    if is_none(cell):
        raise CellError(column, "date_missing", f"{column}: a date is needed")
    year, month, day = _date_parts(cell, column, order)
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellError(column, "not_a_date", f"{column}: {_shown(cell)} is not a date") from None
    if found > today + timedelta(days=1):
        raise CellError(column, "date_in_future", f"{column}: {found} lies in the future")
    if found < OLDEST:
        raise CellError(column, "not_a_date", f"{column}: {found} is too long ago")
    return found


def _date_parts(cell: str, column: str, order: str) -> tuple[int, int, int]:
    match = _ISO.match(cell) or _COMPACT.match(cell)
    if match:
        return int(match[1]), int(match[2]), int(match[3])
    match = _PARTS.match(cell)
    if match is None:
        raise CellError(column, "not_a_date", f"{column}: {_shown(cell)} is not a date")
    first, second, year = int(match[1]), int(match[2]), match[3]
    if len(year) == 2:
        raise CellError(
            column,
            "two_digit_year",
            f"{column}: {_shown(cell)} has a year of two digits",
        )
    return (int(year), first, second) if order == "mdy" else (int(year), second, first)


def read_currency(text: str | None, column: str, default: str) -> str:
    """A currency code we know, or the default where the cell is empty.

    Raises:
        CellError: an unknown code.
    """
    if text is None or is_none(text):
        return default
    try:
        return check_currency(text.strip().upper())
    except UnknownCurrency:
        raise CellError(
            column, "unknown_currency", f"{column}: {_shown(text)} is not a currency"
        ) from None


def read_text(text: str | None, limit: int = 500) -> str | None:
    """Trimmed text without control characters; None when it says nothing."""
    if text is None or is_none(text):
        return None
    clean = "".join(char for char in text if char.isprintable() or char == " ")
    return " ".join(clean.split())[:limit] or None


def read_instant(text: str | None) -> datetime | None:
    """An ISO instant that names its zone; None for anything else (a zone is never guessed)."""
    if text is None or len(text) > 40:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
