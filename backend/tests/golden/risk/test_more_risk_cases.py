"""Risk figures against those of ubique and of spreadsheets: see `more.py` for the sources."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.golden.risk import more
from tests.golden.risk.more import THREE
from truenav.core.risk.figures import Convention, Floats, deviation
from truenav.core.risk.pairs import (
    Line,
    alpha,
    correlation,
    fitted,
    information_ratio,
    r_squared,
    tracking_error,
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
from truenav.core.risk.tails import (
    Quantile,
    Tail,
    expected_shortfall,
    parametric_value_at_risk,
    value_at_risk,
)

Numbers = tuple[float, ...]
PLACES = 6e-7  # six decimals
ALL_DIGITS = 1e-12


def within(wanted: float) -> float:
    """Six decimals as the README rounds them, or every digit where more are printed."""
    return PLACES if round(wanted, 6) == wanted else ALL_DIGITS


def tail(share: float, method: Quantile = "linear") -> Tail:
    return Tail(confidence=1 - share, method=method, is_small_allowed=True)


SINGLE: dict[str, Callable[[Floats, Convention, float], float | None]] = {
    "volatility": lambda r, how, _: volatility(r, how).value,
    "annual_return": lambda r, how, _: annual_return(r, how, is_short_allowed=True).value,
    "calmar": lambda r, how, _: calmar(r, how, is_short_allowed=True).value,
    "deepest_fall": lambda r, _how, _: deepest_fall(r),
    "sharpe": lambda r, how, _: sharpe(r, how).value,
    "sortino": lambda r, how, floor: sortino(r, how, floor).value,
    "downside_deviation": lambda r, how, floor: downside_deviation(r, how, floor).value,
    "parametric_var": lambda r, _how, _: parametric_value_at_risk(r, tail(0.05)).value,
    "expected_shortfall": lambda r, _how, _: expected_shortfall(r, tail(0.05, "hazen")).value,
}
PAIRED = {
    "tracking_error": tracking_error,
    "information_ratio": information_ratio,
    "alpha": alpha,
}


@pytest.mark.parametrize(("figure", "name", "periods", "rate", "wanted"), more.SINGLE)
def test_one_series(figure: str, name: str, periods: int, rate: float, wanted: float) -> None:
    how = Convention(periods=periods, rate=rate, least=2)
    found = SINGLE[figure](THREE[name], how, rate)
    assert found == pytest.approx(wanted, rel=0, abs=within(wanted))


@pytest.mark.parametrize(("figure", "name", "benchmark", "wanted"), more.PAIRED)
def test_beside_another(figure: str, name: str, benchmark: str, wanted: float) -> None:
    how = Convention(periods=more.ONCE, least=2)
    found = PAIRED[figure](THREE[name], THREE[benchmark], how).value
    assert found == pytest.approx(wanted, rel=0, abs=within(wanted))


@pytest.mark.parametrize(("name", "share", "wanted"), more.HAZEN)
def test_quantiles_by_hazens_rule(name: str, share: float, wanted: float) -> None:
    found = value_at_risk(THREE[name], tail(share, "hazen")).value
    assert found == pytest.approx(wanted, rel=0, abs=ALL_DIGITS)


@pytest.mark.parametrize(("values", "share", "wanted"), more.PERCENTILES)
def test_percentiles(values: Numbers, share: float, wanted: float) -> None:
    found = value_at_risk(np.array(values, float), tail(share)).value
    assert found == pytest.approx(wanted, rel=0, abs=ALL_DIGITS)


def line(y: Numbers, x: Numbers) -> Line:
    found = fitted(np.array(y, float), np.array(x, float), Convention(1, least=2))
    assert isinstance(found, Line)
    return found


@pytest.mark.parametrize(("y", "x", "wanted"), more.SLOPES)
def test_slopes(y: Numbers, x: Numbers, wanted: float) -> None:
    assert line(y, x).slope == pytest.approx(wanted, rel=0, abs=ALL_DIGITS)


@pytest.mark.parametrize(("y", "x", "wanted"), more.INTERCEPTS)
def test_intercepts(y: Numbers, x: Numbers, wanted: float) -> None:
    assert line(y, x).intercept == pytest.approx(wanted, rel=0, abs=ALL_DIGITS)


@pytest.mark.parametrize(("y", "x", "wanted"), more.SQUARES)
def test_squares(y: Numbers, x: Numbers, wanted: float) -> None:
    found = r_squared(np.array(y, float), np.array(x, float), Convention(1, least=2))
    assert found.value == pytest.approx(wanted, rel=0, abs=ALL_DIGITS)


@pytest.mark.parametrize(("y", "x", "wanted"), more.CORRELATIONS)
def test_correlations(y: Numbers, x: Numbers, wanted: float) -> None:
    found = correlation(np.array(y, float), np.array(x, float), Convention(1, least=2))
    assert found.value == pytest.approx(wanted, rel=0, abs=ALL_DIGITS)


def test_a_standard_deviation() -> None:
    values, wanted = more.DEVIATION
    assert deviation(np.array(values, float)) == pytest.approx(wanted, rel=0, abs=ALL_DIGITS)
