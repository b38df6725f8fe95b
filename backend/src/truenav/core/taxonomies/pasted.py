"""Classifications and parts of funds pasted as text, line by line; nothing is guessed."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from truenav.core.money import exact, parse_plain_decimal
from truenav.core.taxonomies.tree import is_weight

MOST_LINES = 5_000
PATH_SIGN = ">"
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line, counted from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ClassLine:
    """An instrument as it is called, the names down to its category, and its weight there."""

    line: int
    instrument: str
    path: tuple[str, ...]
    weight: Decimal


@dataclass(frozen=True, slots=True)
class PartLine:
    """An instrument as it is called, and its weight in the fund."""

    line: int
    instrument: str
    weight: Decimal


def read_classes(text: str) -> tuple[list[ClassLine], list[Fault]]:
    """Read lines of `instrument, category > category, weight`; a weight left out is the whole.

    Comma, semicolon or tab between the cells, quotes as in CSV; a weight is a ratio (0.25) or a
    percentage (25 %). Empty lines, and a first line that ends with `weight`, `weight_ratio` or
    `category`, are passed over.
    """
    found: list[ClassLine] = []
    faults: list[Fault] = []
    for number, cells in _lines(text, faults):
        try:
            found.append(_class_line(number, cells))
        except ValueError as error:
            faults.append(Fault(number, str(error)))
    return found, faults


def read_parts(text: str) -> tuple[list[PartLine], list[Fault]]:
    """Read lines of `instrument, weight`, as `read_classes` does."""
    found: list[PartLine] = []
    faults: list[Fault] = []
    for number, cells in _lines(text, faults):
        try:
            found.append(_part_line(number, cells))
        except ValueError as error:
            faults.append(Fault(number, str(error)))
    return found, faults


def _class_line(number: int, cells: list[str]) -> ClassLine:
    if len(cells) not in {2, 3} or not cells[0]:
        raise ValueError("a line is an instrument, a category and a weight")
    path = tuple(name.strip() for name in cells[1].split(PATH_SIGN))
    if not all(1 <= len(name) <= 80 and name.isprintable() for name in path):
        raise ValueError("a category has a name of 1 to 80 signs")
    weight = read_weight(cells[2]) if len(cells) == 3 and cells[2] else Decimal(1)
    return ClassLine(number, cells[0], path, weight)


def _part_line(number: int, cells: list[str]) -> PartLine:
    if len(cells) != 2 or not cells[0]:
        raise ValueError("a line is an instrument and a weight")
    return PartLine(number, cells[0], read_weight(cells[1]))


def _lines(text: str, faults: list[Fault]) -> Sequence[tuple[int, list[str]]]:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        faults.append(Fault(MOST_LINES + 1, f"no more than {MOST_LINES} lines at once"))
        return []
    made = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        separator = next((sign for sign in "\t;" if sign in line), ",")
        cells = next(csv.reader(io.StringIO(line), delimiter=separator), [])
        stripped = [cell.strip() for cell in cells]
        is_heading = number == 1 and stripped[-1].casefold() in {
            "weight",
            "weight_ratio",
            "category",
        }
        if not is_heading:
            made.append((number, stripped))
    return made


@exact
def read_weight(text: str) -> Decimal:
    """A ratio such as 0.25, or a percentage such as 25 %.

    Raises:
        ValueError: no plain number, or none above 0 and up to the whole, with 8 places.
    """
    plain = text.strip()
    is_percent = plain.endswith("%")
    try:
        number = parse_plain_decimal(plain.removesuffix("%"))
    except ValueError:
        raise ValueError("a weight is a ratio such as 0.25, or 25 %") from None
    weight = number / HUNDRED if is_percent else number
    if not is_weight(weight):
        raise ValueError("a weight is above 0 and at most 1, or 100 %, with 8 places")
    return weight
