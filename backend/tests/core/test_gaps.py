"""What one series shows by itself."""

from datetime import date, timedelta
from decimal import Decimal

from truenav.core.calendar.exchanges import exchange_days
from truenav.core.marketdata.gaps import FlawKind, find_flaws, no_bars_since

D = Decimal
XNYS = exchange_days("XNYS").is_session


def series(first: date, closes: str) -> tuple[list[date], list[D]]:
    """Closes on the sessions of New York from a day on."""
    values = [D(close) for close in closes.split()]
    days = [d for n in range(400) if XNYS(d := first + timedelta(days=n))][: len(values)]
    return days, values


def told(days: list[date], closes: list[D], **more: list[date]) -> list[tuple[FlawKind, date, int]]:
    return [(f.kind, f.day, f.day_count) for f in find_flaws(days, closes, XNYS, **more)]


def test_a_whole_series_has_no_flaw_over_a_holiday_and_a_weekend() -> None:
    # Thursday 2026-07-02; Friday is Independence Day observed; Monday
    assert told(*series(date(2026, 7, 1), "10 11 12 11")) == []


def test_lost_sessions_are_told_as_one_run_and_closed_days_are_none() -> None:
    days = [date(2026, 7, 1), date(2026, 7, 8), date(2026, 7, 9)]

    assert told(days, [D(10), D(11), D(12)]) == [
        # 07-02, 07-06 and 07-07
        (FlawKind.MISSING_SESSIONS, date(2026, 7, 2), 3)
    ]


def test_a_bar_of_a_closed_day_is_told() -> None:
    days = [date(2026, 7, 2), date(2026, 7, 3), date(2026, 7, 6)]

    assert told(days, [D(10), D(11), D(12)]) == [(FlawKind.CLOSED_DAY, date(2026, 7, 3), 1)]


def test_where_the_calendar_is_unknown_nothing_is_missing_and_nothing_too_many() -> None:
    days = [date(2026, 7, 3), date(2026, 7, 20)]

    assert find_flaws(days, [D(10), D(11)], lambda _day: None) == []


def test_five_equal_closes_are_a_repeat_and_four_are_none() -> None:
    first = date(2026, 3, 2)

    assert told(*series(first, "10 11 11 11 11 12")) == []
    assert told(*series(first, "10 11 11 11 11 11 12")) == [
        (FlawKind.STALE_REPEAT, date(2026, 3, 3), 5)
    ]


def test_a_day_far_out_and_back_is_an_outlier_and_one_that_stays_is_a_leap() -> None:
    first = date(2026, 3, 2)

    assert told(*series(first, "10 11 1100 11 10")) == [(FlawKind.OUTLIER, date(2026, 3, 4), 1)]
    assert told(*series(first, "100 102 51 52 51")) == [(FlawKind.LEAP, date(2026, 3, 4), 1)]
    # a split explains it
    split = [date(2026, 3, 4)]
    assert told(*series(first, "100 102 51 52 51"), event_days=split) == []


def test_silence_counts_the_sessions_of_the_exchange() -> None:
    last = date(2026, 7, 1)

    # 07-02 and then 07-06 … 07-16: ten sessions before Friday the 17th
    ended = no_bars_since(last, date(2026, 7, 17), XNYS, sessions=10)
    assert ended is not None
    assert (ended.kind, ended.day, ended.day_count) == (FlawKind.NO_BARS, last, 10)
    assert no_bars_since(last, date(2026, 7, 16), XNYS, sessions=10) is None
    assert no_bars_since(last, date(2026, 12, 1), lambda _day: None, sessions=10) is None
