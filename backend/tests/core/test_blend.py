"""Blends of series: weights that drift, weights brought back, and parts that are unknown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.performance.blend import Part, Rebalancing, blended, with_spread

D = Decimal
FIRST = date(2026, 1, 30)
LEVELS = st.integers(1, 10_000).map(lambda cents: D(cents) / 100)


def days(count: int, first: date = FIRST) -> list[date]:
    return [first + timedelta(days=place) for place in range(count)]


def part(weight: str, *levels: str | None) -> Part:
    return Part(D(weight), [D(level) if level is not None else None for level in levels])


def test_weights_drift_until_the_end_of_a_month() -> None:
    # 30 January, 31 January, 1 and 2 February; the first doubles in January, then again
    parts = [part("0.5", "100", "200", "200", "400"), part("0.5", "10", "10", "10", "10")]
    # held: 0.5 x 2 + 0.5, then 0.5 x 4 + 0.5
    assert blended(days(4), parts, Rebalancing.NEVER) == [D(1), D("1.5"), D("1.5"), D("2.5")]
    # brought back to halves of 1.5 on the 31st: 0.75 x 2 + 0.75
    assert blended(days(4), parts, Rebalancing.MONTHLY) == [D(1), D("1.5"), D("1.5"), D("2.25")]
    # a quarter and a year end later
    for late in (Rebalancing.QUARTERLY, Rebalancing.YEARLY):
        assert blended(days(4), parts, late)[-1] == D("2.5")
    assert blended(days(4), parts, Rebalancing.DAILY)[-1] == D("2.25")


def test_each_period_ends_where_the_calendar_says() -> None:
    ends = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2)]
    parts = [part("0.5", "1", "1", "2"), part("0.5", "1", "3", "3")]
    # on the 31st nothing has moved; without a new beginning on the 1st 0.5 x 2 + 0.5 x 3
    assert blended(ends, parts, Rebalancing.YEARLY)[-1] == D("2.5")
    quarter = [date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)]
    # halves of 2 on 31 March: 1 x 2 + 1 x 1
    assert blended(quarter, parts, Rebalancing.QUARTERLY)[-1] == D(3)


def test_it_begins_with_the_last_part_and_an_unknown_day_is_unknown() -> None:
    parts = [part("0.25", None, "4", None, "8"), part("0.75", "1", "1", "1", "1")]
    assert blended(days(4), parts, Rebalancing.NEVER) == [None, D(1), None, D("1.25")]


def test_what_cannot_be_brought_back_on_the_day_is_on_the_next_known_one() -> None:
    # the 31st is unknown: halves again on 1 February, at 1.5
    parts = [part("0.5", "1", None, "2", "4"), part("0.5", "1", "1", "1", "1")]
    assert blended(days(4), parts, Rebalancing.MONTHLY) == [D(1), None, D("1.5"), D("2.25")]


@pytest.mark.parametrize("weights", [("0.5", "0.4"), ("1.5", "-0.5"), ()])
def test_weights_that_are_none_are_refused(weights: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        blended(days(1), [part(weight, "1") for weight in weights], Rebalancing.NEVER)


def test_a_spread_is_earned_by_the_calendar() -> None:
    # 365 days of 3 % on prices that stand still
    held = with_spread([date(2025, 1, 1), date(2026, 1, 1)], [D(100), D(100)], D("0.03"))
    assert held == [D(100), D(103)]
    assert with_spread([date(2025, 1, 1)], [None], D("0.03")) == [None]
    assert with_spread([], [], D("0.03")) == []


@given(st.lists(LEVELS, min_size=2, max_size=40), st.sampled_from(Rebalancing))
def test_parts_that_move_alike_are_one_series(levels: list[Decimal], when: Rebalancing) -> None:
    parts = [Part(D("0.3"), levels), Part(D("0.7"), [level * 7 for level in levels])]
    found = blended(days(len(levels)), parts, when)
    for level, of in zip(levels, found, strict=True):
        assert of is not None
        # the test divides with 28 digits
        assert abs(of - level / levels[0]) < D("1E-25") * of


@given(
    st.lists(st.tuples(LEVELS, LEVELS), min_size=2, max_size=40),
    st.sampled_from(Rebalancing),
    st.integers(1, 50),
)
def test_the_size_of_a_part_s_levels_is_of_no_matter(
    levels: list[tuple[Decimal, Decimal]], when: Rebalancing, factor: int
) -> None:
    first, second = [a for a, _ in levels], [b for _, b in levels]
    one = blended(days(len(levels)), [Part(D("0.4"), first), Part(D("0.6"), second)], when)
    scaled = [Part(D("0.4"), [a * factor for a in first]), Part(D("0.6"), second)]
    other = blended(days(len(levels)), scaled, when)
    assert all(
        a is not None and b is not None and abs(a - b) < D("1E-40") * a
        for a, b in zip(one, other, strict=True)
    )


@given(st.lists(st.tuples(LEVELS, LEVELS), min_size=2, max_size=30))
def test_a_day_of_a_daily_blend_is_the_weighted_return_of_its_parts(
    levels: list[tuple[Decimal, Decimal]],
) -> None:
    first, second = [a for a, _ in levels], [b for _, b in levels]
    found = blended(
        days(len(levels)), [Part(D("0.4"), first), Part(D("0.6"), second)], Rebalancing.DAILY
    )
    for place in range(1, len(levels)):
        before, after = found[place - 1], found[place]
        assert before is not None
        assert after is not None
        by_hand = D("0.4") * first[place] / first[place - 1]
        by_hand += D("0.6") * second[place] / second[place - 1]
        assert abs(after - before * by_hand) < D("1E-20") * after
