"""Returns: published examples first, then what must hold for any flows."""

from datetime import date, timedelta
from decimal import Decimal, localcontext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from truenav.core.errors import UndefinedReturn
from truenav.core.performance.drawdown import max_drawdown
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.mwrr import MwrrStatus, xirr
from truenav.core.performance.twrr import (
    annualized,
    modified_dietz,
    return_index,
    time_weighted_return,
)

D = Decimal
START = date(2025, 1, 1)


def days(count: int) -> list[date]:
    return [START + timedelta(days=n) for n in range(count)]


class TestTimeWeighted:
    def test_flow_at_the_start_or_at_the_end_of_its_day(self) -> None:
        # 1,000, then 500 paid in, then 1,650 at the close: 10 % or 15 %
        values, flows = [D(1000), D(1650)], [D(0), D(500)]
        start = return_index(days(2), values, flows, FlowTiming.START_OF_DAY)
        end = return_index(days(2), values, flows, FlowTiming.END_OF_DAY)
        assert start.total == D("0.1")
        assert end.total == D("0.15")
        assert time_weighted_return(values, [D(500)]) == D("0.1")

    def test_modified_dietz_with_the_flow_on_day_ten_of_thirty(self) -> None:
        assert modified_dietz(D(1000), D(1650), [(10, D(500))], 30) == D("0.1125")

    def test_a_total_loss_is_minus_one_hundred_percent(self) -> None:
        assert return_index(days(2), [D(100), D(0)], [D(0), D(0)]).total == D(-1)

    def test_capital_out_of_nothing_has_no_return(self) -> None:
        with pytest.raises(UndefinedReturn):
            time_weighted_return([D(0), D(10)], [D(0)])
        index = return_index(days(3), [D(100), D(0), D(10)], [D(0), D(0), D(0)])
        assert index.total is None
        assert index.reason == "no_capital"
        assert index.broken_on == START + timedelta(days=2)

    def test_an_unknown_day_is_a_gap_not_a_break(self) -> None:
        index = return_index(days(3), [D(100), None, D(121)], [D(0), D(0), D(0)])
        assert index.growth == (D(1), None, D("1.21"))

    def test_a_flow_on_an_unknown_day_breaks_the_chain(self) -> None:
        index = return_index(days(3), [D(100), None, D(121)], [D(0), D(5), D(0)])
        assert index.total is None
        assert index.reason == "value_unknown"

    def test_only_a_year_is_annualized(self) -> None:
        assert annualized(D("0.1"), 364) is None
        assert annualized(D("0.21"), 730) == D("0.1")

    @given(st.lists(st.integers(1, 10**6), min_size=2, max_size=20))
    def test_without_flows_it_is_end_over_beginning(self, cents: list[int]) -> None:
        values = [D(value) for value in cents]
        total = time_weighted_return(values, [D(0)] * (len(values) - 1))
        assert abs(total - (values[-1] / values[0] - 1)) < D("1E-20")


class TestMoneyWeighted:
    def test_the_dated_example(self) -> None:
        found = xirr(
            [
                (date(2025, 1, 1), D(-10000)),
                (date(2025, 4, 1), D(-5000)),
                (date(2025, 10, 1), D(2000)),
                (date(2026, 1, 1), D(14500)),
            ]
        )
        assert found.status is MwrrStatus.OK
        assert found.rate is not None
        assert round(found.rate, 9) == D("0.113355039")

    def test_two_solutions_are_both_told(self) -> None:
        flows = [
            (date(2021, 1, 1), D(-100)),
            (date(2022, 1, 1), D(230)),
            (date(2023, 1, 1), D(-132)),
        ]
        found = xirr(flows)
        assert found.status is MwrrStatus.SEVERAL_SOLUTIONS
        assert [round(root, 12) for root in found.roots] == [D("0.1"), D("0.2")]
        # 1.19 × 1.19 - 1 over the two years
        nearer = xirr(flows, guess=D("0.4161")).rate
        assert nearer is not None
        assert round(nearer, 12) == D("0.2")

    def test_of_several_the_one_nearest_to_the_return_of_the_whole_span_is_shown(self) -> None:
        # in all eight years 13.5 % a year are 176 %, 81 % are 11,600 %
        years = {0: -100, 1: 2000, 2: -2000, 4: -5000, 8: 8000}
        flows = [(START + timedelta(days=365 * at), D(amount)) for at, amount in years.items()]
        found = xirr(flows, guess=D("1.23"))
        assert [round(root, 4) for root in found.roots] == [D("0.1352"), D("0.8124"), D("17.9365")]
        assert found.rate == found.roots[0]
        assert xirr(flows, guess=D(100)).rate == found.roots[1]
        assert xirr(flows, guess=D(-2)).rate == found.roots[0]

    # (1 - 1.11 v)(1 - 1.13 v) = 1 - 2.24 v + 1.2543 v²; (1 - 1.12 v)² ends with 1.2544
    @pytest.mark.parametrize(
        ("last", "roots"),
        [("125.43", ["0.11", "0.13"]), ("125.44", ["0.12"]), ("125.4401", [])],
        ids=["two near each other", "touched", "missed by a hair"],
    )
    def test_rates_near_each_other_are_found(self, last: str, roots: list[str]) -> None:
        amounts = [D(-100), D(224), -D(last)]
        found = xirr([(START + timedelta(days=365 * i), a) for i, a in enumerate(amounts)])
        assert [round(root, 12) for root in found.roots] == [D(root) for root in roots]

    @given(st.sets(st.integers(-90, 300), min_size=1, max_size=4), st.sampled_from([1, -1]))
    def test_every_rate_is_found(self, percents: set[int], sign: int) -> None:
        """Of flows a year apart that were multiplied out of their rates."""
        amounts = [D(sign)]
        for percent in percents:
            growth = 1 + D(percent) / 100
            padded = [*amounts, D(0)]
            amounts = [
                one - growth * before for one, before in zip(padded, [D(0), *amounts], strict=True)
            ]
        found = xirr([(START + timedelta(days=365 * i), a) for i, a in enumerate(amounts)])
        assert [round(root, 12) for root in found.roots] == [D(p) / 100 for p in sorted(percents)]

    def test_money_that_only_goes_in_has_no_rate(self) -> None:
        found = xirr([(START, D(-100)), (START + timedelta(days=30), D(-5))])
        assert found.status is MwrrStatus.NO_SOLUTION
        assert found.rate is None

    def test_under_a_year_only_the_period_is_shown(self) -> None:
        found = xirr([(START, D(-100)), (START + timedelta(days=73), D(110))])
        assert found.annualized_ratio is None
        assert found.period_ratio is not None
        assert round(found.period_ratio, 12) == D("0.1")

    @pytest.mark.parametrize("worth", ["1.1", "96", "99.999", "104", "110", "250", "9999"])
    def test_what_happened_in_a_day_has_a_rate_however_large_it_is_a_year(self, worth: str) -> None:
        # 110 for 100 are 10 % a day and 1.3 quadrillion a year
        found = xirr([(START, D(-100)), (START + timedelta(days=1), D(worth))])
        assert found.status is MwrrStatus.OK
        assert found.period_ratio is not None
        assert round(found.period_ratio, 12) == D(worth) / 100 - 1

    @given(
        st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 10**6)), min_size=1, max_size=20),
        st.integers(1, 10**8),
    )
    @example(
        [(0, 1024), (0, 1024), (1, 4209), (74, 3000), (3000, 968382), (2614, 103454), (2691, 8003)],
        1,
    )
    @example([(0, 1024)], 1)
    def test_the_rate_makes_the_flows_add_up(self, paid: list[tuple[int, int]], worth: int) -> None:
        flows = [(START + timedelta(days=day), D(-amount)) for day, amount in paid]
        flows.append((START + timedelta(days=3650), D(worth)))
        found = xirr(flows)
        if found.rate is None:
            return
        first = min(day for day, _ in flows)
        with localcontext(prec=60):  # powers of ten years lose more digits than the usual 28
            growth = 1 + found.rate
            years = [(D((day - first).days) / 365, amount) for day, amount in flows]
            total = sum((amount / growth**when for when, amount in years), D(0))
            slope = sum((amount * when / growth ** (when + 1) for when, amount in years), D(0))
            # a rate is solved to 18 digits: near -100 % the last of them moves the total by much
            assert abs(total) <= abs(slope) * D("2E-18")


def test_the_worst_fall_and_its_dates() -> None:
    growth = [D(100), D(120), D(90), D(96), D(125)]
    found = max_drawdown(days(5), growth)
    assert found is not None
    assert found.ratio == D("-0.25")
    assert (found.peak_date, found.trough_date, found.recovery_date) == (
        START + timedelta(days=1),
        START + timedelta(days=2),
        START + timedelta(days=4),
    )


def test_a_month_thinned_to_its_end_returns_something_else() -> None:
    """Why snapshots stay daily (ADR 28): 100, +10 % to 110, a deposit of 110, then −10 % to 198."""
    every_day = time_weighted_return([D(100), D(110), D(198)], [D(0), D(110)])
    only_the_end = time_weighted_return([D(100), D(198)], [D(110)])

    assert every_day == D("-0.01")  # 1.1 × 0.9 − 1
    assert only_the_end.quantize(D("0.0001")) == D("-0.0571")  # 198 / 210 − 1
