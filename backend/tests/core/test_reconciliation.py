"""Two sources side by side: each kind of difference with its likely cause."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from truenav.core.marketdata.adjustment import PriceEvent
from truenav.core.marketdata.reconciliation import (
    Cause,
    Told,
    compare,
    worst_adjusted_difference,
)

D = Decimal
FIRST = date(2026, 9, 28)


def day(place: int) -> date:
    return FIRST + timedelta(days=place)


def told(source: str, closes: str, *events: PriceEvent) -> Told:
    """Closes from Monday 2026-09-28 on; "-" for a day without one."""
    return Told(
        source,
        {day(n): D(c) for n, c in enumerate(closes.split()) if c != "-"},
        events,
    )


def causes(ours: Told, theirs: Told) -> list[tuple[Cause, date, int]]:
    return [(d.cause, d.day, d.day_count) for d in compare(ours, theirs)]


SPLIT = PriceEvent(day(2), ratio=D(2))
RAW = "200 204 103 102.5 104"


def test_sources_that_agree_within_the_tolerance_differ_in_nothing() -> None:
    ours = told("a", RAW, SPLIT, PriceEvent(day(3), cash_amount=D("0.50")))
    theirs = told("b", "200.9 203.2 103.4 102.1 104", SPLIT,
                  PriceEvent(day(3), cash_amount=D("0.504")))  # fmt: skip

    assert compare(ours, theirs) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        # the other source knows a split we were not told
        (told("a", RAW), told("b", RAW, SPLIT), [(Cause.MISSING_SPLIT, day(2), 1)]),
        # nobody tells a split, but the other's closes before day 2 are half of ours
        (told("a", RAW), told("b", "100 102 103 102.5 104"), [(Cause.MISSING_SPLIT, day(0), 2)]),
        # both know it, and the other gives adjusted closes
        (
            told("a", RAW, SPLIT),
            told("b", "100 102 103 102.5 104", SPLIT),
            [(Cause.OTHER_BASIS, day(0), 2)],
        ),
        (
            told("a", RAW),
            told("b", RAW, PriceEvent(day(3), cash_amount=D(1))),
            [(Cause.MISSED_DIVIDEND, day(3), 1)],
        ),
        (
            told("a", RAW, PriceEvent(day(2), cash_amount=D(1))),
            told("b", RAW, PriceEvent(day(3), cash_amount=D(1))),
            [(Cause.EX_DATE_OFF, day(2), 1)],
        ),
        (
            told("a", RAW, PriceEvent(day(3), cash_amount=D(1))),
            told("b", RAW, PriceEvent(day(3), cash_amount=D("1.5"))),
            [(Cause.RESTATED, day(3), 1)],
        ),
        (
            told("a", RAW, PriceEvent(day(3), cash_amount=D("0.05"))),
            told("b", RAW, PriceEvent(day(3), cash_amount=D(5))),
            [(Cause.MINOR_UNITS, day(3), 1)],
        ),
        # pence for pounds, in the middle of the series
        (
            told("a", "2.00 2.04 2.03 2.05"),
            told("b", "2.00 204 203 2.05"),
            [(Cause.MINOR_UNITS, day(1), 2)],
        ),
        (told("a", "10 10 12"), told("b", "10 11 12"), [(Cause.STALE_REPEAT, day(1), 1)]),
        (told("a", "10 11 12"), told("b", "10 10 12"), [(Cause.STALE_REPEAT, day(1), 1)]),
        (told("a", "10 - 12"), told("b", "10 11 12"), [(Cause.MISSING_DAY, day(1), 1)]),
        (told("a", "10 11 12"), told("b", "10 11.3 12"), [(Cause.RESTATED, day(1), 1)]),
        # beyond what both cover nothing is missing
        (told("a", "- - 10 11"), told("b", "8 9 10 11"), []),
    ],
)
def test_the_likely_cause(
    ours: Told, theirs: Told, expected: list[tuple[Cause, date, int]]
) -> None:
    assert causes(ours, theirs) == expected


def test_what_taking_the_other_word_over_would_mean() -> None:
    mine, other = PriceEvent(day(2), cash_amount=D(1)), PriceEvent(day(3), cash_amount=D(1))
    (shifted,) = compare(told("a", RAW, mine), told("b", RAW, other))
    (lost,) = compare(told("a", "10 - 12"), told("b", "10 11 12"))
    (too_many,) = compare(told("a", RAW, mine), told("b", RAW))

    assert (shifted.struck_out, shifted.events) == ((mine,), (other,))
    assert (lost.closes, lost.ours, lost.theirs) == ({day(1): D(11)}, None, "11")
    assert (too_many.struck_out, too_many.events) == ((mine,), ())


def test_the_adjusted_series_are_compared_as_a_whole() -> None:
    paid = PriceEvent(day(3), cash_amount=D("1.03"))

    same = worst_adjusted_difference(told("a", RAW, SPLIT), told("b", RAW, SPLIT))
    # a dividend of 1 % before day 3 lowers what was before it by 1 %
    other = worst_adjusted_difference(told("a", RAW, SPLIT), told("b", RAW, SPLIT, paid))

    assert same == 0
    assert other is not None
    assert other.quantize(D("1E-9")) == D("0.01")
    assert worst_adjusted_difference(told("a", "10"), told("b", "10")) is None
