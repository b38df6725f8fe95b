"""Months back from a day, by the calendar on the wall."""

from datetime import date

import pytest

from truenav.core.calendar.months import months_before


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), 0, date(2026, 3, 31)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
        (date(1, 2, 1), 1, date(1, 1, 1)),
        (date(1, 1, 31), 1, date.min),  # there is no year before the first
    ],
)
def test_the_same_day_of_an_earlier_month_or_its_last(
    day: date, months: int, expected: date
) -> None:
    assert months_before(day, months) == expected
