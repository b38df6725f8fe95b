"""Risk figures against published ones: see `cases.py` for the sources."""

import numpy as np
import pytest

from tests.golden.risk import cases
from tests.golden.risk.cases import SERIES, Floats
from truenav.core.risk.correlation import correlation_matrix
from truenav.core.risk.figures import Convention, deviation
from truenav.core.risk.pairs import (
    alpha,
    alpha_of_annual_returns,
    beta,
    capture,
    correlation,
    fitted,
    information_ratio,
    r_squared,
)
from truenav.core.risk.ratios import (
    annual_return,
    calmar,
    deepest_fall,
    downside_deviation,
    sharpe,
    sortino,
    volatility,
)
from truenav.core.risk.rolling import rolling_beta, rolling_fall, rolling_sharpe
from truenav.core.risk.tails import Tail, expected_shortfall, value_at_risk

PLACES = 5e-9  # the eight places of the source


def how(periods: float = 252, rate: float = 0.0) -> Convention:
    return Convention(periods=periods, rate=rate, least=2)


def close(found: float | None, wanted: float, within: float = PLACES) -> bool:
    assert found is not None
    return abs(found - wanted) <= within * max(1.0, abs(wanted))


@pytest.mark.parametrize(("name", "periods", "wanted"), cases.VOLATILITY)
def test_volatility(name: str, periods: int, wanted: float) -> None:
    assert close(volatility(SERIES[name], how(periods)).value, wanted)


@pytest.mark.parametrize(("name", "periods", "wanted"), cases.ANNUAL_RETURN)
def test_annual_return(name: str, periods: int, wanted: float) -> None:
    found = annual_return(SERIES[name], how(periods), is_short_allowed=True)
    assert close(found.value, wanted)


@pytest.mark.parametrize(("name", "periods", "wanted"), cases.CALMAR)
def test_calmar(name: str, periods: int, wanted: float) -> None:
    assert close(calmar(SERIES[name], how(periods), is_short_allowed=True).value, wanted)


@pytest.mark.parametrize(("name", "wanted"), cases.FALL)
def test_maximum_drawdown(name: str, wanted: float) -> None:
    assert close(deepest_fall(SERIES[name]), wanted)


@pytest.mark.parametrize(("name", "rate", "wanted"), cases.SHARPE)
def test_sharpe(name: str, rate: float, wanted: float) -> None:
    assert close(sharpe(SERIES[name], how(rate=rate)).value, wanted)


@pytest.mark.parametrize(("name", "floor", "periods", "wanted"), cases.DOWNSIDE)
def test_downside_deviation(name: str, floor: float, periods: int, wanted: float) -> None:
    assert close(downside_deviation(SERIES[name], how(periods), floor).value, wanted)


@pytest.mark.parametrize(("name", "floor", "periods", "wanted"), cases.SORTINO)
def test_sortino(name: str, floor: float, periods: int, wanted: float) -> None:
    assert close(sortino(SERIES[name], how(periods), floor).value, wanted)


@pytest.mark.parametrize(("name", "benchmark", "periods", "wanted"), cases.INFORMATION)
def test_information_ratio(name: str, benchmark: Floats, periods: int, wanted: float) -> None:
    assert close(information_ratio(SERIES[name], benchmark, how(periods)).value, wanted)


@pytest.mark.parametrize(("returns", "share", "wanted"), cases.QUANTILES)
def test_value_at_risk(returns: tuple[float, ...], share: float, wanted: float) -> None:
    tail = Tail(confidence=1 - share, is_small_allowed=True)
    assert close(value_at_risk(np.array(returns), tail).value, wanted)


def test_expected_shortfall_is_the_mean_of_what_is_at_or_below() -> None:
    # at 20 % of the six values the limit is 81, and 1 and 81 are at or below it
    tail = Tail(confidence=0.8, is_small_allowed=True)
    found = expected_shortfall(np.array([1.0, 81.0, 82.0, 83.0, 84.0, 85.0]), tail)
    assert found.value == 41.0
    assert found.inputs["tail_n"] == 2


class TestEmpyricalPairs:
    def test_alpha_and_beta(self) -> None:
        other = cases.NEGATIVE[1:]
        assert close(beta(cases.MIXED, other, how()).value, -0.71296296296296313)
        per_day = alpha(cases.MIXED, other, how()).inputs["alpha_per_period"]
        # the source compounds the daily alpha
        assert close((1 + per_day) ** 252 - 1, -0.9997853834885004)

    def test_alpha_and_beta_where_both_rose(self) -> None:
        other = cases.POSITIVE[1:]
        assert close(beta(cases.MIXED, other, how()).value, 0.4285714285)
        per_day = alpha(cases.MIXED, other, how()).inputs["alpha_per_period"]
        assert close((1 + per_day) ** 252 - 1, 0.432961242076658)

    @pytest.mark.parametrize(("sign", "wanted"), [(1.0, 1.0), (-1.0, -1.0)])
    def test_alpha_and_beta_beside_itself(self, sign: float, wanted: float) -> None:
        assert close(beta(cases.MIXED, sign * cases.MIXED, how()).value, wanted)
        assert close(alpha(cases.MIXED, sign * cases.MIXED, how()).value, 0.0)

    @pytest.mark.parametrize(
        ("returns", "is_up", "wanted"),
        [
            (cases.ALL_NEGATIVE, False, 0.99956025703798634),
            (cases.POSITIVE, False, -11.27400221),
            (cases.POSITIVE, True, 0.0076167762),
            (cases.ALL_NEGATIVE, True, -0.0004336328),
        ],
    )
    def test_capture_of_annualized_returns(
        self, returns: Floats, is_up: bool, wanted: float
    ) -> None:
        found = capture(returns[1:], cases.MIXED, how(), is_up=is_up, powers=252)
        assert close(found.value, wanted, 5e-8)


class TestEmpyricalWindows:
    def test_sharpe(self) -> None:
        assert rolling_sharpe(cases.MIXED, 6, how()) == pytest.approx(
            [8.22784105, 8.22784105, -3.1374751], abs=1e-8
        )
        assert rolling_sharpe(cases.NEGATIVE, 6, how()) == pytest.approx(
            [-18.09162052, -26.79897486, -26.69138263, -25.72298838], abs=1e-8
        )

    def test_maximum_drawdown(self) -> None:
        assert rolling_fall(cases.NEGATIVE, 6) == pytest.approx(
            [-0.2282, -0.2745, -0.2899, -0.2747], abs=5e-5
        )

    def test_beta(self) -> None:
        assert rolling_beta(cases.MIXED, cases.NEGATIVE[1:], 6) == pytest.approx(
            [-0.76156584, -0.61682243, -0.41311475], abs=1e-8
        )


class TestBacon:
    def test_downside_deviation(self) -> None:
        found = downside_deviation(cases.BACON, how(1), 0.005)
        assert close(found.value, 0.02553674, 5e-9)

    def test_sortino_without_annualizing(self) -> None:
        # Kappa of order 2 is Sortino's ratio; the documentation expects 0.157
        found = sortino(cases.BACON, how(1), 0.005)
        assert close(found.value, 0.157, 5e-4)

    def test_jensens_alpha_of_annual_returns(self) -> None:
        found = alpha_of_annual_returns(cases.BACON, cases.BACON_BENCHMARK, how(12))
        assert close(found.value, -0.01416944, 5e-9)

    def test_maximum_drawdown_worked_by_hand(self) -> None:
        # from the end of month 13 to the end of month 18
        wanted = 0.963 * 0.939 * 1.017 * 0.951 * 0.978 - 1
        assert close(deepest_fall(cases.BACON), wanted, 1e-12)

    def test_fama_beta_is_the_ratio_of_both_deviations(self) -> None:
        # the documentation expects 1.03
        inputs = beta(cases.BACON, cases.BACON_BENCHMARK, how(12)).inputs
        assert close(inputs["deviation"] / inputs["benchmark_deviation"], 1.03, 5e-3)


class TestNist:
    def test_the_norris_line(self) -> None:
        line = fitted(cases.NORRIS[:, 0], cases.NORRIS[:, 1], how(1))
        assert not isinstance(line, str)
        assert close(line.slope, 1.00211681802045, 1e-13)
        assert close(line.intercept, -0.262323073774029, 1e-11)
        squared = r_squared(cases.NORRIS[:, 0], cases.NORRIS[:, 1], how(1))
        assert close(squared.value, 0.999993745883712, 1e-14)

    @pytest.mark.parametrize(("values", "wanted"), cases.NUM_ACC)
    def test_standard_deviations(self, values: Floats, wanted: float) -> None:
        assert close(deviation(values), wanted, 1e-8)


@pytest.mark.parametrize(("x", "y"), cases.ANSCOMBE)
def test_anscombes_quartet(x: tuple[float, ...], y: tuple[float, ...]) -> None:
    benchmark, returns = np.array(x, float), np.array(y)
    line = fitted(returns, benchmark, how(1))
    assert not isinstance(line, str)
    assert round(line.slope, 2) == 0.50
    assert round(line.intercept, 1) == 3.0
    found = correlation(returns, benchmark, how(1)).value
    assert close(found, 0.816, 1e-3)
    assert close(r_squared(returns, benchmark, how(1)).value, 0.67, 5e-3)
    matrix = correlation_matrix(np.array([returns, benchmark]), least=2)
    assert close(float(matrix[0, 1]), found or 0.0, 1e-12)
