"""From which day on a sale is long-term, on the days where calendars bite."""

from datetime import date, timedelta

import pytest

from truenav.core.ledger.lots import long_term_from


def test_a_day_before_the_last_of_a_leap_february_has_no_namesake_a_year_later() -> None:
    # The holding period begins on 2024-02-29; a year of it is full at the end of 2025-02-28.
    assert long_term_from(date(2024, 2, 28)) == date(2025, 3, 1)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2100])
def test_every_day_of_a_year_has_a_first_long_term_day(year: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=index) for index in range(366)]

    begins = [long_term_from(day) for day in days]

    # More than one year: 365 days and one more, or 366 and one more with a leap day between.
    assert all((begin - day).days in {366, 367} for day, begin in zip(days, begins, strict=True))
    assert begins == sorted(begins)
