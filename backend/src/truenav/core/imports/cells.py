"""Cells → numbers, dates and currencies, or a reason why not."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from truenav.core.errors import UnknownCurrency
from truenav.core.imports.parsed import CellError
from truenav.core.money import COST_STEP, MINOR_UNITS, check_currency, exact, major_unit

NONE_WORDS = frozenset({"", "-", "--", "---", "n/a", "na", "null", "none"})
# Longest first, so that "US$" is not taken for "S$".
_MONEY_SIGNS = (
    "US$", "CA$", "AU$", "HK$", "NZ$", "CHF", "USD", "EUR", "GBP", "CAD", "AUD", "JPY", "SEK",
    "A$", "C$", "S$", "R$", "kr", "zł", "$", "€", "£", "¥", "₹",
)  # fmt: skip
# A cell as almost every broker prints it; read without looking further.
_PLAIN = re.compile(r"(-?)\$?(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(\.\d{1,18})?", re.ASCII)
# Thousands: the other mark, no-break spaces, thin spaces, apostrophes. One kind per number.
_GAPS = "\u00a0\u2009\u202f'\u2019 "
_FORMULA_START = ("=", "@", "\t", "\r", "\uff1d")
MAX_CELL = 64
MAX_WHOLE_DIGITS = 15
OLDEST = date(1900, 1, 1)


def is_none(text: str | None) -> bool:
    """Whether a cell says nothing: empty, dashes, N/A. That is not zero."""
    return not text or text.strip().lower() in NONE_WORDS


def read_number(text: str | None, column: str, decimal_mark: str = ".") -> Decimal | None:
    """A number as brokers print it: "$1,234.50", "(200.00)", "12.5-", "-$3"; None for none.

    More than 18 decimal places are rounded half up to 18.

    Raises:
        CellError: anything else; exponents, NaN, formulas, two signs, over 15 whole digits.
    """
    if not text:
        return None
    if decimal_mark == ".":
        plain = _PLAIN.fullmatch(text)
        if plain is not None:
            return Decimal(plain[1] + plain[2].replace(",", "") + (plain[3] or ""))
    if is_none(text):
        return None
    cell = text.strip(" \u00a0").replace("\u2212", "-")
    if cell.startswith(_FORMULA_START):
        raise CellError(column, "formula", f"{column}: a formula is not a number")
    if len(cell) > MAX_CELL:
        raise CellError(column, "number_too_long", f"{column}: too long for a number")
    signs, digits = _unwrapped(cell)
    plain_text = _plain_digits(digits, decimal_mark)
    if plain_text is None or len(signs) > 1:
        raise CellError(column, "not_a_number", f"{column}: {_shown(text)} is not a number")
    if len(plain_text.partition(".")[0].lstrip("0")) > MAX_WHOLE_DIGITS:
        raise CellError(column, "number_too_large", f"{column}: {_shown(text)} is too large")
    value = bounded_places(Decimal(plain_text))
    return value.copy_negate() if signs == "-" else value


def _unwrapped(cell: str) -> tuple[str, str]:
    """Take signs, brackets and one currency sign off a number; (signs, what is left)."""
    signs, money_signs = "", 1
    while cell:
        if cell[0] in "+-":
            signs, cell = signs + cell[0], cell[1:].strip()
        elif cell[-1] in "+-":
            signs, cell = signs + cell[-1], cell[:-1].strip()
        elif cell[0] == "(" and cell[-1] == ")":
            signs, cell = signs + "-", cell[1:-1].strip()
        elif money_signs and cell.startswith(_MONEY_SIGNS):
            sign = next(sign for sign in _MONEY_SIGNS if cell.startswith(sign))
            money_signs, cell = 0, cell.removeprefix(sign).strip()
        elif money_signs and cell.endswith(_MONEY_SIGNS):
            sign = next(sign for sign in _MONEY_SIGNS if cell.endswith(sign))
            money_signs, cell = 0, cell.removesuffix(sign).strip()
        else:
            break
    return signs, cell


@lru_cache(maxsize=4)
def _number_pattern(decimal_mark: str) -> re.Pattern[str]:
    thousands = re.escape(("," if decimal_mark == "." else ".") + _GAPS)
    mark = re.escape(decimal_mark)
    return re.compile(
        rf"(?P<whole>\d+|\d{{1,3}}(?P<gap>[{thousands}])\d{{3}}(?:(?P=gap)\d{{3}})*|(?={mark}\d))"
        rf"(?:{mark}(?P<fraction>\d*))?",
        re.ASCII,
    )


def _plain_digits(text: str, decimal_mark: str) -> str | None:
    """Digits with a point; None when the groups of thousands do not add up ("1,23")."""
    match = _number_pattern(decimal_mark).fullmatch(text)
    if match is None:
        return None
    whole = match["whole"].replace(match["gap"], "") if match["gap"] else match["whole"]
    return f"{whole or '0'}.{match['fraction'] or '0'}" if match["fraction"] else whole


@exact
def bounded_places(value: Decimal) -> Decimal:
    """At most 18 decimal places, the last rounded half up; other values stay as they are."""
    exponent = value.as_tuple().exponent
    is_fine = isinstance(exponent, int) and exponent >= -18
    return value if is_fine else value.quantize(COST_STEP, ROUND_HALF_UP)


def _shown(text: str) -> str:
    clean = "".join(char if char.isprintable() else "?" for char in text.strip())
    return repr(clean[:24] + ("…" if len(clean) > 24 else ""))


# What may follow a day in its cell: a time.
_TIME = r"(?:[T ,;].*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.]?)(\d{{2}})\2(\d{{2}}){_TIME}", re.ASCII | re.DOTALL)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([/.\-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_DAY_NAME_YEAR = re.compile(rf"(\d{{1,2}})[ -]([A-Za-z]{{3,9}})\.?[ -](\d{{4}}){_TIME}", re.ASCII)
_NAME_DAY_YEAR = re.compile(rf"([A-Za-z]{{3,9}})\.? (\d{{1,2}}),? (\d{{4}}){_TIME}", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_date(text: str | None, column: str, order: str, today: date) -> date:
    """A calendar day; `order` ("mdy", "dmy", "ymd") settles 03/04/2021.

    With "ymd" a day such as 03/04/2021 is refused unless a number above 12 settles it.

    Raises:
        CellError: none, two-digit years, days that do not exist, days after tomorrow.
    """
    cell = (text or "").strip()
    if is_none(cell):
        raise CellError(column, "date_missing", f"{column}: a date is needed")
    try:
        found = calendar_day(cell[: MAX_CELL + 1], order)
    except _NotADay as reason:
        message = f"{column}: {_shown(cell)} {reason.words}"
        raise CellError(column, reason.code, message) from None
    if found > today + timedelta(days=1):
        raise CellError(column, "date_in_future", f"{column}: {found} lies in the future")
    if found < OLDEST:
        raise CellError(column, "not_a_date", f"{column}: {found} is too long ago")
    return found


class _NotADay(Exception):
    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


@lru_cache(maxsize=8192)
def calendar_day(cell: str, order: str) -> date:
    """The day a cell names. A file names the same days again and again, hence the cache."""
    if len(cell) > MAX_CELL:
        raise _NotADay("not_a_date", "is not a date")
    year, month, day = _date_parts(cell, order)
    try:
        return date(year, month, day)
    except ValueError:
        raise _NotADay("not_a_date", "is not a date") from None


def _date_parts(cell: str, order: str) -> tuple[int, int, int]:
    match = _YEAR_FIRST.fullmatch(cell)
    if match:
        return int(match[1]), int(match[3]), int(match[4])
    match = _YEAR_LAST.fullmatch(cell)
    if match:
        if len(match[4]) == 2:
            raise _NotADay("two_digit_year", "has a year of two digits")
        return _ordered(int(match[1]), int(match[3]), int(match[4]), order)
    match = _DAY_NAME_YEAR.fullmatch(cell)
    if match:
        return int(match[3]), _month(match[2]), int(match[1])
    match = _NAME_DAY_YEAR.fullmatch(cell)
    if match:
        return int(match[3]), _month(match[1]), int(match[2])
    raise _NotADay("not_a_date", "is not a date")


def _ordered(first: int, second: int, year: int, order: str) -> tuple[int, int, int]:
    if order == "ymd":
        if first <= 12 and second <= 12 and first != second:
            raise _NotADay("date_ambiguous", "does not say which number is the day")
        order = "dmy" if first > 12 else "mdy"
    return (year, first, second) if order == "mdy" else (year, second, first)


def _month(name: str) -> int:
    start = name[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else 0


def date_order(cells: list[str]) -> tuple[str, bool]:
    """Evidence of a whole column: a number above 12 proves which place is the day.

    Returns:
        ("ymd" | "dmy" | "mdy", whether it is proven). Contradicting proofs prove nothing.
    """
    day_first = month_first = is_open = False
    for cell in cells:
        match = _YEAR_LAST.fullmatch(cell.strip())
        if match is not None:
            is_open = True
            day_first = day_first or int(match[1]) > 12
            month_first = month_first or int(match[3]) > 12
    if not is_open:
        return "ymd", True
    if day_first:
        return "dmy", not month_first
    return "mdy", month_first


def read_currency(text: str | None, column: str, default: str) -> str:
    """A currency code we know, or the default where the cell is empty.

    Raises:
        CellError: an unknown code, or a minor unit such as GBX.
    """
    currency, factor = read_unit(text, column, default)
    if factor != 1:
        raise CellError(
            column, "unknown_currency", f"{column}: {_shown(text or '')} is not a currency"
        )
    return currency


def read_unit(text: str | None, column: str, default: str) -> tuple[str, Decimal]:
    """(currency, factor): "GBX" is (GBP, 0.01); the default where the cell is empty.

    Raises:
        CellError: an unknown code.
    """
    cell = (text or "").strip()
    if is_none(cell):
        return default, Decimal(1)
    try:
        return (
            major_unit(cell) if cell in MINOR_UNITS else (check_currency(cell.upper()), Decimal(1))
        )
    except UnknownCurrency:
        raise CellError(
            column, "unknown_currency", f"{column}: {_shown(cell)} is not a currency"
        ) from None


def read_text(text: str | None, limit: int = 500) -> str | None:
    """Trimmed text without control characters; None when it says nothing."""
    if text is None or is_none(text):
        return None
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())[:limit] or None


def read_instant(text: str | None) -> datetime | None:
    """An ISO instant that names its zone; None for anything else (a zone is never guessed)."""
    if text is None or len(text) > 40:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
