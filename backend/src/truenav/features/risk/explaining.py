"""Why a figure of risk is what it is: the returns behind it, and the days they are of."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from truenav.core.explanation import (
    RATIO,
    Node,
    NodeKind,
    constant,
    leaf,
    product,
    quotient,
)
from truenav.core.money import exact
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
    shortfall_node,
    yearly,
)
from truenav.core.risk.explaining_tails import parametric_node, quantile_node, shortfall_beyond
from truenav.core.risk.held import weighted_history
from truenav.core.risk.risk_free import RiskFree
from truenav.core.risk.risk_free import constant as constant_rate
from truenav.core.risk.samples import frequency_of
from truenav.features.risk.answer import risk_of
from truenav.features.risk.explain_asked import (
    NAMES,
    TAILS,
    RiskAsked,
    RiskFigure,
    answered,
)
from truenav.features.risk.given import GivenBenchmark, GivenRisk
from truenav.features.risk.portfolio import PortfolioReturns, returns_on
from truenav.features.risk.schemas import RiskOut
from truenav.features.risk.told_returns import (
    excess_returns,
    held_returns,
    joined_returns,
    newest,
    past_returns,
)
from truenav.platform.explanations import ExplanationOut

ZERO = Decimal(0)
Of = Literal["past", "held"]


@dataclass(frozen=True, slots=True)
class Sampled:
    """The portfolio's returns, and what cash would have earned meanwhile."""

    of: PortfolioReturns
    free: RiskFree

    @property
    def periods(self) -> Decimal:
        """How many of them make a year."""
        return decimal_of(self.of.frequency.periods)


def sampled(given: GivenRisk) -> Sampled:
    """The returns that the page measures."""
    free = constant_rate(float(given.how.rate)) if given.bills is None else given.bills
    priced = set(given.priced)
    return Sampled(returns_on(given.points, given.index, priced, given.risk_version), free)


def explain_risk(given: GivenRisk, asked: RiskAsked, figure: RiskFigure, of: Of) -> ExplanationOut:
    """A figure of the whole span as the page shows it, and where it comes from."""

    def make(sums: Sums) -> Node:
        measured = sampled(given)
        if figure in TAILS:
            return _tail(measured.of, given, asked, (figure, of), sums)
        if figure == "calmar":
            return _calmar(measured.of, asked)
        if given.benchmark is not None and figure not in OWN:
            return _beside(given.benchmark, measured, asked, figure, sums)
        told = past_returns(measured.of, asked)
        return OWN[figure](told, measured.periods, measured.free, sums)

    return answered(asked, NAMES[figure], _shown(risk_of(given), figure, of), make)


def _shown(page: RiskOut, figure: RiskFigure, of: Of) -> tuple[Decimal | None, str | None]:
    if figure in TAILS:
        tail = page.past_tail if of == "past" else page.held_tail
        value: Decimal | None = getattr(tail, figure)
        return value, tail.reason
    metric = next(one for one in page.metrics if one.name == figure)
    return metric.value, metric.reason


def _tail(
    of: PortfolioReturns, given: GivenRisk, asked: RiskAsked, which: tuple[RiskFigure, Of],
    sums: Sums,
) -> Node:  # fmt: skip
    tail, window = given.how.tail, given.how.window
    if which[1] == "held":
        held = given.held.as_arrays()
        told, floats = held_returns(given), weighted_history(held.levels.values, held.weights)
    else:
        told, floats = past_returns(of, asked), of.sample.returns
    told, floats = newest(told, window), floats[-window:]
    if which[0] == "value_at_risk":
        return quantile_node(told, tail)
    if which[0] == "expected_shortfall":
        return shortfall_beyond(told, tail, floats)
    return parametric_node(told, tail, sums)


# --- the portfolio's own ------------------------------------------------------------------------


Own = Callable[[Told, Decimal, RiskFree, Sums], Node]


def _volatility(told: Told, periods: Decimal, _: RiskFree, sums: Sums) -> Node:
    return yearly(deviation_node(told, sums), periods, "Volatility")


def _downside(told: Told, periods: Decimal, _: RiskFree, sums: Sums) -> Node:
    return yearly(shortfall_node(told, sums), periods, "Downside deviation")


def _sharpe(told: Told, periods: Decimal, free: RiskFree, sums: Sums) -> Node:
    beyond = excess_returns(told, periods, free)
    mean, spread = mean_node(beyond, sums), deviation_node(beyond, sums)
    return over_deviation(mean, spread, periods, "Sharpe")


def _sortino(told: Told, periods: Decimal, free: RiskFree, sums: Sums) -> Node:
    beyond = excess_returns(told, periods, free)
    mean, short = mean_node(beyond, sums), shortfall_node(beyond, sums)
    return over_deviation(mean, short, periods, "Sortino")


OWN: dict[str, Own] = {
    "volatility": _volatility,
    "downside_deviation": _downside,
    "sharpe": _sharpe,
    "sortino": _sortino,
}


@exact
def _calmar(of: PortfolioReturns, asked: RiskAsked) -> Node:
    """The return a year over the size of the worst fall, before either is rounded."""
    fall = of.drawdown.ratio if of.drawdown is not None else ZERO
    worst = leaf(NodeKind.EVENT, "Worst fall", RATIO, fall).told(more=asked.other("max_drawdown"))
    parts = (worst, constant(Decimal(-1), "its size"))
    size = product("Size of the worst fall", RATIO, parts, "a fall is below nothing")
    over = leaf(NodeKind.EVENT, "Return a year", RATIO, of.annual_return or ZERO)
    over = over.told(more=asked.other("annual_return"))
    return quotient("Calmar", RATIO, over, size, "return a year ÷ size of the worst fall")


# --- beside a benchmark -------------------------------------------------------------------------


def _beside(
    other: GivenBenchmark, measured: Sampled, asked: RiskAsked, figure: RiskFigure, sums: Sums
) -> Node:
    own, market = joined_returns(other, measured.of, asked)
    periods = decimal_of(frequency_of(own.days).periods)
    if figure == "alpha":
        free = measured.free
        beyond = excess_returns(own, periods, free), excess_returns(market, periods, free)
        return alpha_node(*beyond, periods, sums)
    if figure in {"tracking_error", "information_ratio"}:
        active = own.less(market, "active returns", "return − benchmark's return")
        spread = deviation_node(active, sums)
        if figure == "tracking_error":
            return yearly(spread, periods, "Tracking error")
        return over_deviation(mean_node(active, sums), spread, periods, "Information ratio")
    if figure in {"up_capture", "down_capture"}:
        return capture_node(own, market, is_up=figure == "up_capture")
    if figure == "beta":
        return beta_node(own, market, sums)
    correlation = correlation_node(own, market, sums)
    if figure == "correlation":
        return correlation
    return product("R²", RATIO, (correlation, correlation), "correlation × correlation")
