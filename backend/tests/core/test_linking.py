"""Linked returns: what does not depend on flows, and what is said when something does."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from truenav.core.money import exact
from truenav.core.performance.explaining import Chaining, growth_of, links
from truenav.core.performance.flows import FlowTiming, Gaps
from truenav.core.performance.mwrr import MwrrStatus, finished, terms_of, xirr
from truenav.core.performance.mwrr_batch import near_rates, xirr_each, xirr_many
from truenav.core.performance.twrr import ReturnIndex, return_index
from truenav.core.valuation.consolidation import SeriesPoint

D = Decimal
START = date(2025, 1, 1)
NEAR = D("1E-24")
TIMINGS = [*FlowTiming]
moves = st.lists(st.decimals("0.5", "2", places=4), min_size=2, max_size=15)
flows = st.lists(st.integers(0, 10**6), min_size=15, max_size=15)


def days(count: int) -> list[date]:
    return [START + timedelta(days=n) for n in range(count)]


@exact
def invested(
    growth: Sequence[Decimal], paid: Sequence[int], timing: FlowTiming, opening: int = 1_000_000
) -> tuple[list[Decimal], list[Decimal]]:
    """Values and flows of money that grows so, whatever is paid in.

    Halved on each of fifteen days, 33,000 and more do not fall below one unit of the currency.
    """
    values, amounts = [D(opening)], [D(0)]
    for step, amount in zip(growth, paid, strict=False):
        is_start = timing is FlowTiming.START_OF_DAY
        before = values[-1] + amount if is_start else values[-1]
        values.append(before * step + (0 if is_start else amount))
        amounts.append(D(amount))
    return values, amounts


def of(
    values: Sequence[Decimal | None],
    amounts: Sequence[Decimal | None],
    timing: FlowTiming = FlowTiming.START_OF_DAY,
    gaps: Gaps = Gaps.BREAK,
) -> ReturnIndex:
    return return_index(days(len(values)), values, amounts, timing, gaps)


def total(index: ReturnIndex) -> Decimal:
    assert index.total is not None
    return index.total


@pytest.mark.parametrize("timing", TIMINGS)
@given(growth=moves, paid=flows, other=flows)
def test_the_size_of_flows_does_not_matter(
    timing: FlowTiming, growth: list[Decimal], paid: list[int], other: list[int]
) -> None:
    one = of(*invested(growth, paid, timing), timing)
    two = of(*invested(growth, other, timing, opening=70_000), timing)
    assert abs(total(one) - total(two)) < NEAR


@pytest.mark.parametrize("timing", TIMINGS)
@given(growth=moves, paid=flows, scale=st.integers(2, 1000))
def test_the_size_of_the_portfolio_does_not_matter(
    timing: FlowTiming, growth: list[Decimal], paid: list[int], scale: int
) -> None:
    values, amounts = invested(growth, paid, timing)
    larger = of([v * scale for v in values], [a * scale for a in amounts], timing)
    assert abs(total(larger) - total(of(values, amounts, timing))) < NEAR


@given(growth=moves, paid=flows, cut=st.integers(1, 14))
def test_parts_linked_are_the_whole(growth: list[Decimal], paid: list[int], cut: int) -> None:
    values, amounts = invested(growth, paid, FlowTiming.START_OF_DAY)
    cut = min(cut, len(values) - 1)
    first = total(of(values[: cut + 1], amounts[: cut + 1]))
    second = total(of(values[cut:], amounts[cut:]))
    assert abs((1 + first) * (1 + second) - 1 - total(of(values, amounts))) < NEAR


def test_an_account_that_joins_later_does_not_jump() -> None:
    # 100 that grew 10 %; then 900 come in cash and nothing moves: still 10 %
    index = of([D(100), D(110), D(1010), D(1010)], [D(0), D(0), D(900), D(0)])
    assert index.total == D("0.1")


def test_a_tiny_beginning_does_not_make_a_large_deposit_a_gain() -> None:
    index = of([D("0.01"), D(10000), D(10100)], [D(0), D("9999.99"), D(0)])
    assert index.total == D("0.01")


class TestEmptied:
    def test_everything_sold_higher_and_taken_out_counts_at_the_end_of_its_day(self) -> None:
        # 1,000 sold for 1,050 and withdrawn: 5 %, and flat while nothing is there
        index = of([D(1000), D(0), D(0)], [D(0), D(-1050), D(0)])
        assert index.total == D("0.05")
        assert [(m.until, m.method) for m in index.methods] == [
            (START + timedelta(days=1), "flow_at_end")
        ]

    def test_what_comes_to_an_empty_portfolio_counts_from_the_start(self) -> None:
        values, amounts = [D(100), D(0), D(220)], [D(0), D(-100), D(200)]
        index = of(values, amounts, FlowTiming.END_OF_DAY)
        assert index.total == D("0.1")
        assert [m.method for m in index.methods] == ["flow_at_start"]

    def test_explained_days_give_the_same(self) -> None:
        amounts = [D(0), D(-1050), D(100), D(0)]
        values = [D(1000), D(0), D(100), D(102)]
        points = [SeriesPoint(d, v, a) for d, v, a in zip(days(4), values, amounts, strict=True)]
        found, broken = links(points, Chaining())
        assert broken is None
        growth = growth_of(found)
        assert growth is not None
        assert growth - 1 == of(values, amounts).total == D("0.071")


class TestBreaks:
    def test_more_owed_than_there_was(self) -> None:
        index = of([D(100), D(-20), D(50)], [D(0), D(0), D(0)])
        assert (index.total, index.reason) == (None, "negative_value")

    def test_a_total_loss_is_told_and_ends_at_minus_one_hundred(self) -> None:
        index = of([D(100), D(0), D(50)], [D(0), D(0), D(50)])
        assert index.total == D(-1)
        assert [m.method for m in index.methods] == ["total_loss"]

    def test_an_unknown_flow_breaks_even_a_bridged_chain(self) -> None:
        index = of([D(100), D(110)], [D(0), None], gaps=Gaps.MODIFIED_DIETZ)
        assert (index.total, index.reason) == (None, "value_unknown")


class TestGaps:
    def test_days_linked_again_after_a_bridge(self) -> None:
        # 100; unknown with 100 paid in; 220 after two days: (220 - 200) / (100 + 100 x 2/2)
        values = [D(100), None, D(220), D(242)]
        index = of(values, [D(0), D(100), D(0), D(0)], gaps=Gaps.MODIFIED_DIETZ)
        assert index.total == D("1.1") * D("1.1") - 1
        assert [(m.since, m.until) for m in index.methods] == [(days(1)[0], days(3)[2])]

    def test_a_gap_without_a_flow_needs_no_bridge(self) -> None:
        index = of([D(100), None, D(121)], [D(0), D(0), D(0)], gaps=Gaps.MODIFIED_DIETZ)
        assert (index.total, index.methods) == (D("0.21"), ())


class TestGross:
    def test_what_was_paid_for_fees_is_added_back(self) -> None:
        # 100 would be 110 and then 121; a fee of 10 on the first day leaves 100, then 110
        index = return_index(
            days(3), [D(100), D(100), D(110)], [D(0)] * 3, costs=[D(0), D(10), D(0)]
        )
        assert index.total == D("0.21")

    def test_an_unknown_cost_leaves_the_gross_return_unknown(self) -> None:
        index = return_index(days(2), [D(100), D(100)], [D(0)] * 2, costs=[D(0), None])
        assert index.reason == "value_unknown"


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 2000), st.integers(-999, 999)), max_size=6), max_size=4
    )
)
# both are nothing at the highest rate only because all that is left of them is: neither has a rate
@example([[(0, 0), (548, -1)]])
@example([[(0, -1), (548, 10**10)]])
def test_abreast_is_what_each_is_alone(portfolios: list[list[tuple[int, int]]]) -> None:
    dated = [[(START + timedelta(days=n), D(a)) for n, a in one] for one in portfolios]
    for abreast, flows_of_one in zip(xirr_many(dated), dated, strict=True):
        alone = xirr(flows_of_one)
        assert abreast.status is alone.status
        assert abreast.day_count == alone.day_count
        if alone.status is MwrrStatus.OK:
            assert abreast.rate is not None
            assert alone.rate is not None
            assert abs(abreast.rate - alone.rate) <= D("1E-9") * (1 + abs(alone.rate))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 4000), st.integers(0, 10**6),
            st.lists(st.tuples(st.integers(0, 4000), st.integers(-9999, 9999)), max_size=8),
            st.integers(-10, 10**6),
        ),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_each_abreast_is_what_it_is_alone_to_the_digit(
    told: list[tuple[int, int, list[tuple[int, int]], int]],
) -> None:
    portfolios = []
    for days_held, opening, flows, closing in told:
        dated = [(START, D(-opening)), (START + timedelta(days=days_held), D(closing))]
        dated += [(START + timedelta(days=n % (days_held + 1)), D(a) / 7) for n, a in flows]
        portfolios.append(dated)
    guesses = [None, D("0.07"), D(0), D(5), D("-0.5")][: len(portfolios)]
    for abreast, flows_of_one, guess in zip(
        xirr_each(portfolios, guesses), portfolios, guesses, strict=True
    ):
        alone = xirr(flows_of_one, guess)
        assert (abreast.status, abreast.day_count) == (alone.status, alone.day_count)
        assert len(abreast.roots) == len(alone.roots)
        for name in ("rate", "annualized_ratio", "period_ratio"):
            one, other = getattr(abreast, name), getattr(alone, name)
            assert (one is None) == (other is None)
            # ten places are shown; these agree to fifteen, as large as they are
            assert one is None or abs(one - other) <= D("1E-15") * (1 + abs(other))


def test_most_are_found_abreast() -> None:
    # an account of a year and one of three months, with a deposit each: nothing is searched alone
    for days_held in (365, 90):
        end = START + timedelta(days=days_held)
        terms, count = terms_of([(START, D(-1000)), (START + timedelta(days=9), D(-50)),
                                 (end, D(1100))])  # fmt: skip
        near = near_rates([(terms, count)])
        assert set(near) == {0}
        assert finished(terms, count, near[0]) is not None


def test_what_newton_cannot_finish_is_searched_alone() -> None:
    terms, count = terms_of([(START, D(-100)), (START + timedelta(days=365), D(110))])
    assert finished(terms, count, D(10) ** 5) is None
    found = finished(terms, count, D("0.09"))
    assert found is not None
    assert found.rate is not None
    assert abs(found.rate - D("0.1")) < D("1E-30")
