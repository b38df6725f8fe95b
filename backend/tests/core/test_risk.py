"""Risk figures: what must hold for any returns, and every reason for having none."""

from datetime import date, timedelta
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from truenav.core.risk import batch, correlation, pairs, ratios, rolling, samples, tails
from truenav.core.risk.figures import Convention, Figure, known
from truenav.core.risk.held import complete_days, returns_between, weighted_history
from truenav.core.risk.rolling_tails import rolling_value_at_risk
from truenav.core.risk.tails import QUANTILES, Tail

Floats = NDArray[np.float64]
HOW = Convention(least=2)
ANY = Tail(is_small_allowed=True)
START = date(2024, 1, 1)


def returns(least: int = 3, most: int = 60) -> st.SearchStrategy[Floats]:
    """Daily returns that a float tells apart: hundredths of a basis point, -30 % to +30 %."""
    steps = st.integers(-300_000, 300_000)
    return st.lists(steps, min_size=least, max_size=most).map(lambda one: np.array(one) / 1e6)


def pair(least: int = 3) -> st.SearchStrategy[tuple[Floats, Floats]]:
    """Two series of one length."""
    return st.integers(least, 40).flatmap(lambda n: st.tuples(returns(n, n), returns(n, n)))


def same(left: Figure, right: Figure, within: float = 1e-9) -> bool:
    """Both unknown for one reason, or both the same number."""
    if left.value is None or right.value is None:
        return left.value is right.value and left.reason == right.reason
    return left.value == pytest.approx(right.value, rel=within, abs=within)


def near(left: float | None, right: float | None) -> bool:
    """Both None, or the same number but for its last digits."""
    if left is None or right is None:
        return left is right
    return left == pytest.approx(right, rel=1e-6, abs=1e-9)


class TestAnyReturns:
    @given(returns(), st.sampled_from([0.25, 2.0, 10.0]))
    def test_ratios_do_not_change_with_the_scale(self, one: Floats, scale: float) -> None:
        assert same(ratios.sharpe(one, HOW), ratios.sharpe(one * scale, HOW))
        assert same(ratios.sortino(one, HOW), ratios.sortino(one * scale, HOW))
        grown = ratios.volatility(one * scale, HOW).value
        assert grown == pytest.approx((ratios.volatility(one, HOW).value or 0.0) * scale)

    @given(returns(), st.integers(-1000, 1000))
    def test_a_constant_moves_the_mean_and_nothing_else(self, one: Floats, step: int) -> None:
        moved = one + step / 1e5
        assert same(ratios.volatility(one, HOW), ratios.volatility(moved, HOW), 1e-8)
        before, after = ratios.sharpe(one, HOW), ratios.sharpe(moved, HOW)
        assert after.inputs["mean_excess"] == pytest.approx(
            before.inputs["mean_excess"] + step / 1e5, abs=1e-12
        )
        low, moved_low = tails.value_at_risk(one, ANY).value, tails.value_at_risk(moved, ANY).value
        assert moved_low == pytest.approx((low or 0.0) + step / 1e5, abs=1e-12)

    @given(returns(1))
    def test_a_drawdown_is_never_positive_nor_more_than_everything(self, one: Floats) -> None:
        assert -1.0 <= ratios.deepest_fall(one) <= 0.0

    @given(returns(), st.sampled_from(QUANTILES))
    def test_a_higher_confidence_is_no_smaller_loss(
        self, one: Floats, method: tails.Quantile
    ) -> None:
        limits, means = [], []
        for confidence in (0.8, 0.9, 0.95, 0.99):
            tail = Tail(confidence, method, is_small_allowed=True)
            limits.append(tails.value_at_risk(one, tail).value or 0.0)
            means.append(tails.expected_shortfall(one, tail).value or 0.0)
        assert all(b <= a + 1e-12 for a, b in pairwise(limits))
        assert all(mean <= limit + 1e-12 for mean, limit in zip(means, limits, strict=True))

    @given(returns())
    def test_every_return_is_in_one_bin(self, one: Floats) -> None:
        found = tails.histogram(one)
        assert sum(found.counts) == one.size
        assert len(found.edges) == len(found.counts) + 1
        assert found.edges[0] <= one.min()
        assert found.edges[-1] >= one.max()

    @given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
    def test_nothing_is_ever_nan_or_infinite(self, numbers: list[float]) -> None:
        for number in (*numbers, float("nan"), float("inf")):
            found = known(number, n=number)
            assert found.value is None or np.isfinite(found.value)
            assert all(np.isfinite(told) for told in found.inputs.values())


class TestWindows:
    @settings(max_examples=40)
    @given(pair(8), st.integers(2, 8))
    def test_rolling_is_the_same_as_sliced(self, both: tuple[Floats, Floats], window: int) -> None:
        one, other = both
        slices = [slice(i, i + window) for i in range(one.size - window + 1)]
        for found, wanted in (
            (rolling.rolling_volatility(one, window, HOW),
             [ratios.volatility(one[s], HOW).value for s in slices]),
            (rolling.rolling_sharpe(one, window, HOW),
             [ratios.sharpe(one[s], HOW).value for s in slices]),
            (rolling.rolling_fall(one, window), [ratios.deepest_fall(one[s]) for s in slices]),
            (rolling.rolling_beta(one, other, window),
             [pairs.beta(one[s], other[s], HOW).value for s in slices]),
        ):  # fmt: skip
            assert len(found) == len(wanted)
            assert all(near(a, b) for a, b in zip(found, wanted, strict=True))

    @settings(max_examples=40)
    @given(pair(5), st.integers(1, 45))
    def test_rolling_tails_are_numpys_quantiles(
        self, both: tuple[Floats, Floats], window: int
    ) -> None:
        found = rolling_value_at_risk(np.array(both), window, (0.95, 0.5, 0.99))
        assert found.shape[2] == max(0, both[0].size - window + 1)
        for row, series in enumerate(both):
            for start in range(found.shape[2]):
                part = series[start : start + window]
                assert (
                    found[:, row, start].tolist() == np.quantile(part, [0.05, 0.5, 0.01]).tolist()
                )

    def test_without_one_whole_window_there_is_nothing(self) -> None:
        one = np.array([0.01, 0.02])
        assert rolling.rolling_volatility(one, 3, HOW) == []
        assert rolling.rolling_sharpe(one, 3, HOW) == []
        assert rolling.rolling_beta(one, one, 3) == []
        assert rolling.rolling_fall(one, 3) == []

    def test_a_window_that_did_not_vary_has_no_ratio(self) -> None:
        one = np.array([0.01, 0.01, 0.01, 0.02])
        found = rolling.rolling_sharpe(one, 3, HOW)
        assert found[0] is None
        assert found[1] is not None


class TestPairs:
    @given(returns())
    def test_a_series_beside_itself(self, one: Floats) -> None:
        found = pairs.beta(one, one, HOW)
        if found.value is None:
            assert found.reason == "benchmark_constant"
            return
        assert found.value == pytest.approx(1.0)
        assert pairs.correlation(one, one, HOW).value == pytest.approx(1.0)
        assert pairs.r_squared(one, one, HOW).value == pytest.approx(1.0)
        assert pairs.alpha(one, one, HOW).value == pytest.approx(0.0, abs=1e-9)
        assert pairs.tracking_error(one, one, HOW).value == 0.0
        assert pairs.information_ratio(one, one, HOW).reason == "same_as_benchmark"

    @given(pair())
    def test_beta_times_deviation_is_correlation(self, both: tuple[Floats, Floats]) -> None:
        found = pairs.beta(*both, HOW)
        if found.value is None or not found.inputs["deviation"]:
            return
        ratio = found.inputs["benchmark_deviation"] / found.inputs["deviation"]
        assert found.value * ratio == pytest.approx(found.inputs["correlation"], abs=1e-9)

    def test_information_ratio_by_hand(self) -> None:
        # active returns 1, 3 basis points: mean 2, deviation sqrt(2)
        one, other = np.array([0.0002, 0.0005]), np.array([0.0001, 0.0002])
        found = pairs.information_ratio(one, other, HOW)
        assert found.value == pytest.approx(2 / sqrt(2) * sqrt(252))
        error = pairs.tracking_error(one, other, HOW)
        assert error.value == pytest.approx(0.0001 * sqrt(2) * sqrt(252))

    def test_reasons(self) -> None:
        one, flat = np.array([0.01, -0.01, 0.02]), np.zeros(3)
        rising: Floats = np.array([0.01, 0.01, 0.02])
        assert pairs.beta(one, flat, HOW).reason == "benchmark_constant"
        assert pairs.correlation(flat, one, HOW).reason == "no_variation"
        assert pairs.r_squared(flat, one, HOW).reason == "no_variation"
        assert pairs.beta(flat, one, HOW).value == 0.0
        few = Convention()
        for figure in (pairs.beta, pairs.alpha, pairs.correlation, pairs.tracking_error,
                       pairs.information_ratio, pairs.alpha_of_annual_returns):  # fmt: skip
            assert figure(one, one, few).reason == "too_few_returns"
        assert pairs.capture(one, one, few, is_up=True).reason == "too_few_returns"
        assert pairs.capture(one, rising, HOW, is_up=False).reason == "benchmark_never_fell"
        assert pairs.capture(one, -rising, HOW, is_up=True).reason == "benchmark_never_rose"
        assert pairs.alpha_of_annual_returns(one, one, HOW).reason == "less_than_a_year"
        assert pairs.alpha_of_annual_returns(one, flat, HOW).reason == "benchmark_constant"
        with pytest.raises(ValueError, match="paired"):
            pairs.beta(one, one[:2], HOW)

    def test_a_day_that_lost_everything_is_captured_whole(self) -> None:
        one, other = np.array([-1.0, 0.1]), np.array([-0.5, 0.1])
        assert pairs.capture(one, other, HOW, is_up=False).value == pytest.approx(2.0)

    def test_rises_too_small_to_tell_from_nothing(self) -> None:
        tiny = np.array([1e-17, 1e-17])
        found = pairs.capture(np.array([0.1, 0.1]), tiny, HOW, is_up=True)
        assert found.reason == "benchmark_constant"


class TestOneSeries:
    def test_reasons(self) -> None:
        one, flat = np.array([0.01, 0.02, 0.01]), np.full(3, 0.01)
        for figure in (ratios.volatility, ratios.sharpe, ratios.sortino,
                       ratios.downside_deviation):  # fmt: skip
            assert figure(one, Convention()).reason == "too_few_returns"
        assert ratios.volatility(flat, HOW).value == 0.0
        assert ratios.sharpe(flat, HOW).reason == "no_variation"
        assert ratios.sortino(one, HOW).reason == "no_shortfall"
        assert ratios.annual_return(one, HOW).reason == "less_than_a_year"
        assert ratios.annual_return(np.empty(0), HOW).reason == "too_few_returns"
        assert ratios.calmar(one, HOW).reason == "less_than_a_year"
        assert ratios.calmar(one, HOW, is_short_allowed=True).reason == "no_drawdown"

    def test_a_total_loss(self) -> None:
        lost = samples.sample_of([START + timedelta(n) for n in range(4)], [1.0, 2.0, 0.0, 0.0])
        assert lost.returns.tolist() == [1.0, -1.0]
        assert ratios.deepest_fall(lost.returns) == -1.0
        yearly = ratios.annual_return(lost.returns, HOW, is_short_allowed=True)
        assert yearly.value == -1.0
        assert ratios.calmar(lost.returns, HOW, is_short_allowed=True).reason == "total_loss"

    def test_a_growth_no_number_can_hold(self) -> None:
        found = ratios.annual_return(np.array([1e5, 1e5]), HOW, is_short_allowed=True)
        assert found.reason == "out_of_range"

    def test_the_risk_free_rate_of_a_day_compounds_to_the_year(self) -> None:
        how = Convention(rate=0.05)
        assert (1 + how.period_rate) ** 252 == pytest.approx(1.05)
        earned = np.array([0.02, 0.0]) + how.period_rate
        assert ratios.sharpe(earned, Convention(rate=0.05, least=2)).value == pytest.approx(
            0.01 / (0.01 * sqrt(2)) * sqrt(252)
        )

    def test_parametric_value_at_risk(self) -> None:
        # mean 0, deviation 1 %: at 95 % the normal quantile is 1.6448536
        one = np.array([0.01, -0.01]) / sqrt(2)
        found = tails.parametric_value_at_risk(one, ANY)
        assert found.value == pytest.approx(-0.016448536, abs=1e-9)
        assert tails.parametric_value_at_risk(one, Tail()).reason == "too_few_returns"

    @pytest.mark.parametrize(("confidence", "least"), [(0.9, 100), (0.95, 100), (0.99, 250)])
    def test_a_tail_of_too_few_is_refused_unless_asked(self, confidence: float, least: int) -> None:
        one = np.linspace(-0.02, 0.02, least - 1)
        refused = tails.value_at_risk(one, Tail(confidence))
        assert (refused.value, refused.reason) == (None, "too_few_returns")
        assert tails.expected_shortfall(one, Tail(confidence)).reason == "too_few_returns"
        assert tails.value_at_risk(one, Tail(confidence, is_small_allowed=True)).value
        assert tails.value_at_risk(np.append(one, 0.0), Tail(confidence)).value

    def test_a_constant_series_fills_one_bin(self) -> None:
        assert tails.histogram(np.zeros(5)).counts == (5,)
        assert tails.histogram(np.empty(0)) == tails.Histogram((), ())


class TestSamples:
    @pytest.mark.parametrize(
        ("days", "name", "periods"),
        [
            ([START + timedelta(n) for n in range(60) if n % 7 < 5], "daily", 252),
            ([START + timedelta(n) for n in range(60)], "every day", 365),
            ([START + timedelta(7 * n) for n in range(9)], "weekly", 52),
            ([date(2024, month, 1) for month in range(1, 13)], "monthly", 12),
            ([START + timedelta(90 * n) for n in range(9)], "irregular", 0),
            ([START], "irregular", 0),
        ],
    )
    def test_frequency(self, days: list[date], name: str, periods: float) -> None:
        found = samples.frequency_of(days)
        assert (found.name, found.periods) == (name, periods)

    def test_levels_to_returns_and_the_newest_of_them(self) -> None:
        days = [START + timedelta(n) for n in range(3)]
        made = samples.sample_of(days, [1.0, 1.1, 0.99])
        assert made.days == tuple(days[1:])
        assert made.returns == pytest.approx([0.1, -0.1])
        assert made.last(1).days == (days[2],)
        assert samples.sample_of(days[:1], [1.0]).days == ()
        assert samples.common_days(days, days[1:]) == days[1:]
        with pytest.raises(ValueError, match="one day per return"):
            samples.Sample((START,), np.empty(0))


class TestCorrelations:
    @given(pair(5))
    def test_symmetric_with_a_unit_diagonal(self, both: tuple[Floats, Floats]) -> None:
        found = correlation.correlation_matrix(np.array([*both, both[0]]), least=2)
        assert np.array_equal(found, found.T, equal_nan=True)
        for row, value in enumerate(np.diagonal(found)):
            assert value == 1.0 or (np.isnan(value) and np.isnan(found[row]).all())
        one = pairs.correlation(*both, HOW)
        if one.value is not None:
            assert found[0, 1] == pytest.approx(one.value, abs=1e-9)
            assert found[0, 2] == pytest.approx(1.0)

    @given(pair(6))
    def test_missing_days_are_left_out_pair_by_pair(self, both: tuple[Floats, Floats]) -> None:
        holed = np.array(both)
        holed[1, 0] = np.nan
        found = correlation.correlation_matrix(holed, least=2)
        wanted = correlation.correlation_matrix(np.array([both[0][1:], both[1][1:]]), least=2)
        assert np.allclose(found[0, 1], wanted[0, 1], equal_nan=True)

    @given(st.integers(2, 6), st.integers(2, 30), st.randoms(use_true_random=False))
    def test_products_of_matrices_tell_what_each_pair_tells_alone(
        self, count: int, days: int, source: Any
    ) -> None:
        """Levels far above what varies, flat stretches and holes included."""
        level = source.choice([0.0, 0.001, 1.0, 50.0])
        steps = source.choice([2, 1000])
        rows = np.array(
            [[level + source.randrange(steps) / 1e4 for _ in range(days)] for _ in range(count)]
        )
        if source.random() < 0.8:
            holes = [source.random() < 0.2 for _ in range(rows.size)]
            rows[np.reshape(holes, rows.shape)] = np.nan
        found = correlation.correlation_matrix(rows, least=2)
        assert np.array_equal(found, found.T, equal_nan=True)
        for left in range(count):
            for right in range(left):
                both = rows[[left, right]][:, ~np.isnan(rows[[left, right]]).any(axis=0)]
                wanted = np.nan
                if both.shape[1] > 1 and np.all(np.ptp(both, axis=1) > 0):
                    wanted = float(np.corrcoef(both)[0, 1])
                assert np.isclose(found[left, right], wanted, rtol=0, atol=1e-9, equal_nan=True)

    def test_a_series_that_stands_still_on_the_common_days_has_no_correlation(self) -> None:
        rows = np.array([[0.1, 0.1, 0.1, 0.1, 0.4], [0.1, 0.3, 0.2, 0.4, np.nan]])
        found = correlation.correlation_matrix(rows, least=2)
        assert np.isnan(found[0, 1])
        assert found[0, 0] == found[1, 1] == 1.0

    def test_a_level_does_not_hide_what_varies(self) -> None:
        # 1, 2, 3, 4 against 2, 1, 4, 3: covariance 3/4, variances 5/4: 0.6; a million on top
        rows = np.array([[1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0]])
        for shift in (0.0, 1e6):
            assert correlation.correlation_matrix(rows + shift, least=2)[0, 1] == pytest.approx(
                0.6, abs=1e-12
            )

    def test_too_few_common_days_are_unknown(self) -> None:
        one = np.array([[0.01, 0.02, np.nan, 0.01], [0.01, np.nan, 0.03, 0.02]])
        assert np.isnan(correlation.correlation_matrix(one, least=3)[0, 1])
        assert np.isnan(correlation.correlation_matrix(np.zeros((2, 3)), least=9)).all()
        assert np.isnan(correlation.correlation_matrix(np.zeros((2, 1)))).all()
        assert correlation.in_order(np.array([[1.0, np.nan], [np.nan, 1.0]]), [1, 0]) == [
            [1.0, None], [None, 1.0],
        ]  # fmt: skip

    def test_alike_ones_stand_beside_each_other(self) -> None:
        # 0 and 2 are alike, 1 and 3 are alike: worked by hand, 0-2 at .9 before 1-3 at .8
        matrix = np.array(
            [[1, 0.1, 0.9, 0.0], [0.1, 1, 0.2, 0.8], [0.9, 0.2, 1, 0.1], [0.0, 0.8, 0.1, 1]]
        )
        assert correlation.clustered_order(matrix) == [0, 2, 1, 3]
        assert correlation.clustered_order(np.empty((0, 0))) == []

    @given(st.integers(1, 8), st.randoms(use_true_random=False))
    def test_the_order_holds_every_row_once(self, count: int, source: Any) -> None:
        matrix = np.array([[source.uniform(-1, 1) for _ in range(count)] for _ in range(count)])
        found = correlation.clustered_order((matrix + matrix.T) / 2)
        assert sorted(found) == list(range(count))


class TestHoldings:
    def test_weights_times_history_by_hand(self) -> None:
        # half in one that gained 10 then lost 10 %, a quarter in one that stood still: 5, -5 %
        levels = np.array([[100.0, 110.0, 99.0], [50.0, 50.0, 50.0]])
        assert weighted_history(levels, np.array([0.5, 0.25])) == pytest.approx([0.05, -0.05])

    def test_days_without_a_price_are_left_out(self) -> None:
        levels = np.array([[100.0, 110.0, 121.0], [50.0, np.nan, 60.0]])
        assert weighted_history(levels, np.array([0.5, 0.5])) == pytest.approx([0.205])
        assert complete_days(levels) == [0, 2]
        assert np.isnan(returns_between(levels)[1]).all()
        assert returns_between(levels[:, :1]).shape == (2, 0)


class TestMany:
    @settings(max_examples=40)
    @given(pair(4))
    def test_a_batch_gives_what_one_by_one_gives(self, both: tuple[Floats, Floats]) -> None:
        how = Convention(rate=0.02, least=2)
        found = batch.measures_of(np.array(both), both[1], how)
        tail = Tail(is_small_allowed=True)
        for row, one in enumerate(both):
            for many, figure in (
                (found.volatility, ratios.volatility(one, how)),
                (found.sharpe, ratios.sharpe(one, how)),
                (found.sortino, ratios.sortino(one, how)),
                (found.beta, pairs.beta(one, both[1], how)),
                (found.value_at_risk, tails.value_at_risk(one, tail)),
            ):
                wanted = np.nan if figure.value is None else figure.value
                assert many[row] == pytest.approx(wanted, rel=1e-9, abs=1e-9, nan_ok=True)
            assert found.max_drawdown[row] == pytest.approx(ratios.deepest_fall(one), abs=1e-12)

    def test_too_few_are_not_numbers(self) -> None:
        found = batch.measures_of(np.zeros((2, 5)), np.zeros(5), Convention())
        assert np.isnan(found.volatility).all()
