"""Days on which money and securities do not change hands, by rule, per settlement system.

These are not the days exchanges are closed: on Columbus Day and Veterans Day shares trade in New
York and do not settle, because banks are closed. Days closed without a rule (storms, mourning) are
left out: whether those days settled was decided each time.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus/Jones/Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def nth(year: int, month: int, weekday: int, number: int) -> date:
    """The n-th weekday of a month; the last one for -1."""
    if number < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - DAY
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _us(year: int) -> Iterator[date]:
    """New York: days exchanges or banks are closed (FINRA's schedules of settlement dates)."""
    fixed = [(date(year, 7, 4), True), (date(year, 12, 25), True), (date(year, 1, 1), False)]
    if year >= 2022:
        fixed.append((date(year, 6, 19), True))
    fixed.append((date(year, 11, 11), False))
    for day, closes_friday in fixed:
        if day.weekday() == SUNDAY:
            yield day + DAY
        elif day.weekday() == SATURDAY:
            if closes_friday:  # the exchanges', not the banks' rule
                yield day - DAY
        else:
            yield day
    yield nth(year, 1, MONDAY, 3)  # King Day: banks closed since 1986, exchanges only since 1998
    yield nth(year, 2, MONDAY, 3)
    yield easter(year) - 2 * DAY
    yield nth(year, 5, MONDAY, -1)
    yield nth(year, 9, MONDAY, 1)
    yield nth(year, 10, MONDAY, 2)  # Columbus Day: trades, does not settle
    yield nth(year, 11, THURSDAY, 4)


def _euro(year: int) -> Iterator[date]:
    """TARGET's closing days (European Central Bank, since 2002)."""
    sunday = easter(year)
    yield from (sunday - 2 * DAY, sunday + DAY)
    yield from (date(year, 1, 1), date(year, 5, 1), date(year, 12, 25), date(year, 12, 26))


# Bank holidays of England and Wales that were moved or proclaimed (gov.uk, royal proclamations).
UK_MOVED = {
    date(1995, 5, 1): date(1995, 5, 8),
    date(2002, 5, 27): date(2002, 6, 4),
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}
UK_PROCLAIMED = (
    date(1999, 12, 31), date(2002, 6, 3), date(2011, 4, 29), date(2012, 6, 5), date(2022, 6, 3),
    date(2022, 9, 19), date(2023, 5, 8),
)  # fmt: skip


def _uk(year: int) -> Iterator[date]:
    """Bank holidays of England and Wales."""
    sunday = easter(year)
    new_year = date(year, 1, 1)
    yield new_year + {SATURDAY: 2, SUNDAY: 1}.get(new_year.weekday(), 0) * DAY
    yield from (sunday - 2 * DAY, sunday + DAY)
    for monday in (nth(year, 5, MONDAY, 1), nth(year, 5, MONDAY, -1), nth(year, 8, MONDAY, -1)):
        yield UK_MOVED.get(monday, monday)
    christmas = date(year, 12, 25)
    # substitutes: the first weekdays after, one for each that fell on the weekend
    shift = {SATURDAY: (2, 2), SUNDAY: (2, 0), 4: (0, 2)}.get(christmas.weekday(), (0, 0))
    yield christmas + shift[0] * DAY
    yield christmas + DAY + shift[1] * DAY
    yield from (day for day in UK_PROCLAIMED if day.year == year)


SYSTEMS = {"US": _us, "EU": _euro, "UK": _uk}
# Of the currency's payments: what a conversion settles by.
CURRENCIES = {"USD": "US", "EUR": "EU", "GBP": "UK"}
FIRST_YEAR = {"US": 1990, "EU": 2002, "UK": 1990}


@cache
def _of_year(system: str, year: int) -> frozenset[date]:
    return frozenset(SYSTEMS[system](year))


def settles_on(system: str, day: date) -> bool | None:
    """Whether a settlement system works on a day; None when its holidays are not known."""
    if system == "ANY":
        return True
    if system not in SYSTEMS or day.year < FIRST_YEAR[system]:
        return None
    return day.weekday() < SATURDAY and day not in _of_year(system, day.year)
