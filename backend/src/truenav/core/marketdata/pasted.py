"""Prices pasted as text: a day and a close on each line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.money import parse_plain_decimal

MOST_LINES = 20_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PasteFault:
    """What is wrong with a line, counted from 1."""

    line: int
    message: str


def read_pasted(text: str, today: date) -> tuple[dict[date, Decimal], Sequence[PasteFault]]:
    """Read lines of `day,close`; (close by day, faults).

    Days are ISO (2026-03-05), closes plain decimals with a point, above zero; comma, semicolon or
    tab between them. Empty lines and one heading line are passed over; a day may stand once.
    Nothing is guessed: 1,234.50 or 05/03/2026 is a fault.
    """
    found: dict[date, Decimal] = {}
    faults: list[PasteFault] = []
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        return {}, [PasteFault(MOST_LINES + 1, f"no more than {MOST_LINES} lines at once")]
    for number, line in enumerate(lines, 1):
        if not line.strip() or (number == 1 and not any(c.isdigit() for c in line)):
            continue
        try:
            day, close = _read_line(line, today)
        except ValueError as error:
            faults.append(PasteFault(number, str(error)))
            continue
        if day in found:
            faults.append(PasteFault(number, f"{day} stands twice"))
        found[day] = close
    if not found and not faults:
        faults.append(PasteFault(1, "there is no price in it"))
    return found, faults


def _read_line(line: str, today: date) -> tuple[date, Decimal]:
    cells = [cell.strip().strip('"') for cell in re.split(r"[,;\t]", line)]
    if len(cells) != 2:
        raise ValueError("a line is a day and a close, such as 2026-03-05,104.50")
    if _DAY.fullmatch(cells[0]) is None:
        raise ValueError("a day is written 2026-03-05")
    try:
        day = date.fromisoformat(cells[0])
    except ValueError:
        raise ValueError(f"there is no {cells[0]}") from None
    check_price_day(day, today)
    try:
        close = parse_plain_decimal(cells[1])
    except ValueError:
        raise ValueError("a close is a plain number such as 104.50") from None
    if close <= 0:
        raise ValueError("a close is above zero")
    return day, close


def check_price_day(day: date, today: date) -> None:
    """Refuse days no price can be of.

    Raises:
        ValueError: before 1900, or in the future.
    """
    if day < date(1900, 1, 1):
        raise ValueError("a price is of a day from 1900 on")
    if day > today:
        raise ValueError("a price is of today or an earlier day")
