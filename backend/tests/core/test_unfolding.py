"""Long sums by year, month and day: what a period is grouped by, and when it is told whole."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from truenav.core.explanation import NodeKind, constant, leaf
from truenav.core.performance.explaining import Chaining, links, periods
from truenav.core.performance.flows import FlowTiming, days_early
from truenav.core.unfolding import Term, grouped, unfolded
from truenav.core.valuation.consolidation import SeriesPoint

D = Decimal


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=place) for place in range(count)]


def itself(day: date) -> date:
    return day


@pytest.mark.parametrize(
    ("count", "period", "names"),
    [
        (400, None, {7}),  # fourteen months
        (800, None, {4}),  # 27 months
        (800, "2024", {7}),
        (800, "2024-03", {10}),
        (800, "2024-03-05", {10}),
    ],
)
def test_a_span_is_grouped_by_what_is_just_below_it(
    count: int, period: str | None, names: set[int]
) -> None:
    found = grouped(days(date(2024, 1, 1), count), itself, period)
    assert {len(name) for name in found} == names
    inside = [day for of in found.values() for day in of]
    assert inside == [d for d in days(date(2024, 1, 1), count) if str(d).startswith(period or "")]


def test_a_day_of_a_return_is_one_day() -> None:
    points = [
        SeriesPoint(as_of=day, nav=D(100 + place), external_flow=D(0), unknowns=())
        for place, day in enumerate(days(date(2026, 1, 12), 3))
    ]
    found, broken = links(points, Chaining())
    assert broken is None
    (name,) = periods(found, "2026-01-13")
    assert name == "2026-01-13"
    assert list(periods(found, "2026-01")) == ["2026-01-13", "2026-01-14"]
    assert list(periods(found, "2026")) == ["2026-01"]


def test_a_short_sum_is_told_at_once_and_a_long_one_by_month() -> None:
    def made(count: int) -> list[Term]:
        return [
            Term(day, D(1), lambda day=day: leaf(NodeKind.EVENT, str(day), "EUR", D(1)))  # type: ignore[misc]
            for day in days(date(2024, 1, 1), count)
        ]

    short = unfolded("Sum", "EUR", made(60), None, lambda period: period)
    assert (short.value, len(short.children)) == (D(60), 60)
    long = unfolded("Sum", "EUR", made(61), None, lambda period: period)
    assert [(part.label, part.value) for part in long.children] == [
        ("2024-01", D(31)), ("2024-02", D(29)), ("2024-03", D(1))
    ]  # fmt: skip
    assert constant(D(61), "").value == long.value


@pytest.mark.parametrize(
    ("amount", "timing", "is_slice", "early"),
    [
        ("5", FlowTiming.START_OF_DAY, False, 1),
        ("-5", FlowTiming.START_OF_DAY, False, 1),
        ("5", FlowTiming.END_OF_DAY, False, 0),
        ("5", FlowTiming.END_OF_DAY, True, 1),
        ("-5", FlowTiming.START_OF_DAY, True, 0),
    ],
)
def test_when_a_flow_counts(amount: str, timing: FlowTiming, is_slice: bool, early: int) -> None:
    assert days_early(D(amount), timing, is_slice=is_slice) == early
