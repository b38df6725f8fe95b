"""Statistics told as sums and roots: equal to the page's own functions, proving themselves."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truenav.core.explanation import (
    Node,
    NodeKind,
    constant,
    count_of,
    faults,
    leaf,
    root_of,
    unknown,
    walk,
)
from truenav.core.money import exact
from truenav.core.risk import pairs, ratios
from truenav.core.risk.correlation import correlation_matrix
from truenav.core.risk.explaining import (
    Sums,
    Told,
    alpha_node,
    beta_node,
    capture_node,
    correlation_node,
    decimal_of,
    deviation_node,
    mean_node,
    over_deviation,
    pair_node,
    shortfall_node,
    yearly,
)
from truenav.core.risk.explaining_tails import (
    bar_node,
    parametric_node,
    quantile_node,
    shortfall_beyond,
)
from truenav.core.risk.figures import Convention, Figure, known
from truenav.core.risk.tails import (
    QUANTILES,
    Tail,
    expected_shortfall,
    histogram,
    parametric_value_at_risk,
    value_at_risk,
)

D = Decimal
HOW = Convention(least=2)
PERIODS = D(252)
FIRST = date(2024, 1, 1)
SUMS = Sums(lambda part, period: f"{part} {period}")
returns = st.lists(
    st.floats(-0.2, 0.2).map(lambda r: round(r, 6)), min_size=3, max_size=150
)  # fmt: skip


def series(values: list[float], name: str = "returns") -> Told:
    days = [FIRST + timedelta(days=place) for place in range(len(values))]
    exactly = [decimal_of(value) for value in values]

    def make(place: int) -> Node:
        return leaf(NodeKind.EVENT, f"Return of {days[place]}", "ratio", exactly[place])

    return Told(name, days, exactly, make)


def agrees(node: Node, figure: Figure, within: str = "1E-9") -> None:
    """The tree proves itself and comes to the figure; both are unknown, or neither.

    Where returns do not vary, floats leave a trace of the digits they lack, and figures are told
    to be of no variation that exact ones are still known of.
    """
    assert faults(node) == []
    if figure.value is None or node.value is None:
        is_of_no_variation = figure.value is None and figure.reason == "no_variation"
        are_unknown = figure.value is None and node.value is None
        assert is_of_no_variation or are_unknown, (figure, node.unknown_reason)
        return
    size = max(D(1), abs(decimal_of(figure.value)))
    with_digits = exact(lambda: abs((node.value or D(0)) - decimal_of(figure.value or 0.0)))
    assert with_digits() <= D(within) * size


def test_a_year_of_three_returns_by_hand() -> None:
    """1 %, -1 %, 3 %: mean 1 %, squares 0 + 4 + 4 of a hundredth of a percent, n - 1 is 2."""
    told = series([0.01, -0.01, 0.03])
    spread = deviation_node(told, SUMS)
    assert (mean_node(told, SUMS).value, spread.value) == (D("0.01"), D("0.02"))
    (variance,) = spread.children
    assert [part.value for part in variance.children] == [D("0.0008"), D(2)]
    node = yearly(spread, D(4), "Volatility")
    assert (node.value, faults(node)) == (D("0.04"), [])
    # (-1 %)^2 over three
    (mean,) = shortfall_node(told, SUMS).children
    assert mean.children[0].value == D("0.0001")
    assert mean.children[1].value == D(3)


def test_a_root_is_checked() -> None:
    node = root_of("root", "ratio", constant(D(2), "two"))
    assert faults(node) == []
    assert faults(node.told(value=D("1.4142")))
    assert faults(node.told(children=()))


@settings(max_examples=40)
@given(returns)
def test_figures_of_one_series(values: list[float]) -> None:
    told, found = series(values), np.array(values)
    agrees(yearly(deviation_node(told, SUMS), PERIODS, ""), ratios.volatility(found, HOW))
    agrees(yearly(shortfall_node(told, SUMS), PERIODS, ""), ratios.downside_deviation(found, HOW))
    mean, spread = mean_node(told, SUMS), deviation_node(told, SUMS)
    if spread.value is not None and spread.value > D("1E-9"):
        agrees(over_deviation(mean, spread, PERIODS, ""), ratios.sharpe(found, HOW))
    short = shortfall_node(told, SUMS)
    if short.value is not None and short.value > D("1E-9"):
        agrees(over_deviation(mean, short, PERIODS, ""), ratios.sortino(found, HOW))


@settings(max_examples=40)
@given(returns, st.integers(0, 2**32 - 1))
def test_figures_beside_a_benchmark(values: list[float], seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0.0005, 0.01, len(values)).round(6)
    own, other, found = series(values), series(noise.tolist(), "others"), np.array(values)
    agrees(beta_node(own, other, SUMS), pairs.beta(found, noise, HOW), "1E-8")
    agrees(alpha_node(own, other, PERIODS, SUMS), pairs.alpha(found, noise, HOW), "1E-8")
    if np.std(found) > 1e-6:
        agrees(correlation_node(own, other, SUMS), pairs.correlation(found, noise, HOW), "1E-8")
    for is_up in (True, False):
        figure = pairs.capture(found, noise, HOW, is_up=is_up)
        if figure.value is not None:
            agrees(capture_node(own, other, is_up=is_up), figure, "1E-7")
    active = own.less(other, "active", "own − other")
    agrees(
        yearly(deviation_node(active, SUMS), PERIODS, ""), pairs.tracking_error(found, noise, HOW)
    )


@settings(max_examples=120)
@given(returns, st.sampled_from(QUANTILES), st.sampled_from([0.9, 0.95, 0.99]))
def test_tails_by_every_rule(values: list[float], method: str, confidence: float) -> None:
    tail = Tail(confidence, method, is_small_allowed=True)  # type: ignore[arg-type]
    told, found = series(values), np.array(values)
    agrees(quantile_node(told, tail), value_at_risk(found, tail), "1E-14")
    agrees(shortfall_beyond(told, tail, found), expected_shortfall(found, tail), "1E-14")
    agrees(parametric_node(told, tail, SUMS), parametric_value_at_risk(found, tail))


@pytest.mark.parametrize("method", QUANTILES)
def test_places_of_every_length_are_numpys(method: str) -> None:
    for count in range(2, 300):
        values = [round(-0.1 + 0.0007 * place, 6) for place in range(count)]
        for confidence in (0.9, 0.95, 0.99):
            tail = Tail(confidence, method, is_small_allowed=True)  # type: ignore[arg-type]
            node = quantile_node(series(values), tail)
            wanted = np.quantile(np.array(values), tail.share, method=tail.method)
            assert abs(float(node.value or 0) - wanted) < 1e-12, (count, confidence)


def test_every_return_beyond_is_told() -> None:
    values = [0.01, -0.05, 0.02, -0.03, 0.0, 0.015, -0.01, 0.005, 0.03, 0.001]
    tail = Tail(0.9, "higher", is_small_allowed=True)
    told = series(values)
    limit, beyond = quantile_node(told, tail), shortfall_beyond(told, tail, np.array(values))
    # the place 0.9 of nine distances: the second lowest, and the two at or below it
    assert limit.value == D("-0.03")
    added, count = beyond.children
    assert [part.value for part in added.children] == [D("-0.05"), D("-0.03")]
    assert (count.value, beyond.value) == (D(2), D("-0.04"))
    agrees(beyond, expected_shortfall(np.array(values), tail))
    assert faults(limit) == []


def test_the_sum_that_is_asked_for_is_told_by_its_period() -> None:
    values = [0.001 * (place % 7 - 3) for place in range(120)]
    found: list[Node] = []
    sums = Sums(lambda part, period: f"{part} {period}", "squares", "2024-02", found)
    whole = deviation_node(series(values), sums)
    months = {n.more: n.value for n in walk(whole) if n.more is not None}
    (february,) = found
    assert months["squares 2024-02"] == february.value
    assert (len(february.children), faults(february)) == (29, [])


def test_a_bar_counts_the_returns_between_its_edges_by_hand() -> None:
    """From -4 % to 4 % in eight bars of 1 % each; a return at an edge belongs above it."""
    values = [-0.04, 0.04, -0.035, 0.005, 0.0078125, 0.03125]
    told, found = series(values), np.array(values)
    bars = [bar_node(told, number, found, SUMS) for number in range(1, 9)]
    assert [None if bar is None else bar.value for bar in bars] == [2, 0, 0, 0, 2, 0, 0, 2]
    assert all(bar is not None and faults(bar) == [] for bar in bars)
    lowest = bars[0]
    assert lowest is not None
    assert [part.value for part in lowest.children] == [D("-0.04"), D("-0.035")]
    assert bar_node(told, 9, found, SUMS) is None
    assert bar_node(told, 0, found, SUMS) is None


@settings(max_examples=60)
@given(st.lists(st.integers(-40, 40).map(lambda n: n / 400), min_size=1, max_size=150))
def test_every_return_is_in_one_bar(values: list[float]) -> None:
    told, found = series(values), np.array(values)
    counts = histogram(found).counts
    told_values: list[Decimal] = []
    for number, count in enumerate(counts, 1):
        months: list[Node] = []
        for month in {day.isoformat()[:7] for day in told.days}:
            sums = Sums(SUMS.where, "days", month, months)
            whole = bar_node(told, number, found, sums)
            assert whole is not None
            assert (whole.value, faults(whole)) == (D(count), [])
        assert sum(int(month.value or 0) for month in months) == count
        told_values += [part.value or D(0) for month in months for part in month.children]
    assert sorted(told_values) == sorted(told.values)


def test_a_long_bar_is_told_by_month() -> None:
    """91 returns of nothing from January to March: too many to be told one by one."""
    values = [0.0] * 91
    bar = bar_node(series(values), 1, np.array(values), SUMS)
    assert bar is not None
    assert [(part.label, part.value, part.more) for part in bar.children] == [
        ("2024-01", D(31), "days 2024-01"), ("2024-02", D(29), "days 2024-02"),
        ("2024-03", D(31), "days 2024-03"),
    ]  # fmt: skip
    assert faults(bar) == []


def test_a_count_is_of_its_parts_whatever_they_are() -> None:
    parts = [constant(D(5), "five"), unknown("nobody knows", "ratio", "price_missing")]
    node = count_of("two", parts)
    assert (node.value, faults(node)) == (D(2), [])
    assert faults(node.told(value=D(3)))


def test_a_pair_by_hand() -> None:
    """2, 0, 1 % and 1, 0, 2 %: means of 1 %, products 0, 1, 0, squares 1, 1, 0 twice: a half."""
    left, right = series([0.02, 0.0, 0.01]), series([0.01, 0.0, 0.02], "others")
    node = pair_node(left, right, SUMS)
    covariance, deviations = node.children
    assert (covariance.value, node.value) == (D("0.00005"), D("0.5"))
    assert [part.value for part in deviations.children] == [D("0.01"), D("0.01")]
    assert (node.note, faults(node)) == ("3 days both have a return", [])


@settings(max_examples=40)
@given(returns, st.integers(0, 2**32 - 1))
def test_a_pair_is_the_cell_of_the_matrix(values: list[float], seed: int) -> None:
    other = np.random.default_rng(seed).normal(0.0005, 0.01, len(values)).round(6)
    matrix = correlation_matrix(np.array([values, other.tolist()]), 3)
    if np.std(values) <= 1e-6:
        return
    node = pair_node(series(values), series(other.tolist(), "others"), SUMS)
    agrees(node, known(float(matrix[0, 1])), "1E-8")
    agrees(pair_node(series(values), series(values), SUMS), known(float(matrix[0, 0])), "1E-8")
