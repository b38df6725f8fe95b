"""Why a figure of risk is what it is: the returns behind it, and the days they are of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

import numpy as np

from truenav.core.explanation import (
    RATIO,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    path,
    product,
    quotient,
    total,
    unknown,
)
from truenav.core.money import exact
from truenav.core.risk.explaining import (
    PAGE,
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
from truenav.core.risk.held import complete_days, weighted_history
from truenav.core.risk.risk_free import RiskFree
from truenav.core.risk.risk_free import constant as constant_rate
from truenav.core.risk.samples import Sample, frequency_of
from truenav.features.risk.answer import risk_of
from truenav.features.risk.given import GivenBenchmark, GivenRisk
from truenav.features.risk.metrics import Joined, joined
from truenav.features.risk.portfolio import PortfolioReturns, returns_on
from truenav.features.risk.schemas import RiskOut
from truenav.features.valuation.asked import Names
from truenav.features.valuation.explain_overview import near
from truenav.platform.explanations import ExplanationOut, explanation

ZERO = Decimal(0)
Metric = Literal[
    "volatility", "downside_deviation", "sharpe", "sortino", "calmar", "beta", "alpha",
    "correlation", "r_squared", "tracking_error", "information_ratio", "up_capture",
    "down_capture",
]  # fmt: skip
TailFigure = Literal["value_at_risk", "expected_shortfall", "parametric"]
RiskFigure = Metric | TailFigure | Literal["annual_return", "max_drawdown"]
TAILS: frozenset[str] = frozenset({"value_at_risk", "expected_shortfall", "parametric"})
NAMES: dict[str, str] = {
    "volatility": "Volatility", "downside_deviation": "Downside deviation", "sharpe": "Sharpe",
    "sortino": "Sortino", "calmar": "Calmar", "beta": "Beta", "alpha": "Alpha",
    "correlation": "Correlation", "r_squared": "R²", "tracking_error": "Tracking error",
    "information_ratio": "Information ratio", "up_capture": "Up capture",
    "down_capture": "Down capture", "value_at_risk": "Value at risk",
    "expected_shortfall": "Expected shortfall",
    "parametric": "Value at risk, if returns were normal",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAsked:
    """A figure of the page, how it is measured, and which of its sums is unfolded."""

    figure: RiskFigure
    of: Literal["past", "held"]
    part: str | None
    period: str | None
    # what the ways on ask for: the portfolio, and the page's own settings
    ways: Names
    settings: dict[str, object]
    # how returns are linked, where it is not as usual
    linked: dict[str, object]

    def where(self, part: str, period: str) -> str:
        """Where a part of a sum is explained."""
        asked: dict[str, object] = {
            "figure": self.figure, "of": self.of, **self.settings, "part": part, "period": period,
            **self.ways,
        }  # fmt: skip
        return path("risk", **asked)

    def other(self, figure: Literal["annual_return", "max_drawdown"]) -> str:
        """Where another figure of the same page is explained."""
        asked: dict[str, object] = {"figure": figure, **self.settings, **self.ways}
        return path("risk", **asked)

    def days(self, first: date, last: date) -> str:
        """Where the return from one day to another is explained."""
        asked: dict[str, object] = {"from": first, "to": last, **self.linked, **self.ways}
        return path("performance", figure="time_weighted", **asked)


@exact
def explain_risk(given: GivenRisk, asked: RiskAsked) -> ExplanationOut:
    """The figure as the page shows it, and where it comes from."""
    page = risk_of(given)
    figure, reason = _shown(page, asked)
    if figure is None:
        root = unknown(NAMES[asked.figure], RATIO, reason or "value_unknown").told(page=PAGE)
        return explanation(None, root)
    found: list[Node] = []
    sums = Sums(asked.where, asked.part, asked.period, found)
    node = _node(given, asked, sums)
    if asked.part is not None:
        part = found[0] if found else unknown(NAMES[asked.figure], RATIO, "value_unknown")
        return explanation(part.value, part)
    return explanation(figure, near(node.told(label=NAMES[asked.figure], page=PAGE), figure))


def _shown(page: RiskOut, asked: RiskAsked) -> tuple[Decimal | None, str | None]:
    if asked.figure in TAILS:
        tail = page.past_tail if asked.of == "past" else page.held_tail
        value: Decimal | None = getattr(tail, asked.figure)
        return value, tail.reason
    metric = next(one for one in page.metrics if one.name == asked.figure)
    return metric.value, metric.reason


def _node(given: GivenRisk, asked: RiskAsked, sums: Sums) -> Node:
    of = returns_on(given.points, given.index, set(given.priced))
    free = constant_rate(float(given.how.rate)) if given.bills is None else given.bills
    if asked.figure in TAILS:
        return _tail(of, given, asked, sums)
    if asked.figure == "calmar":
        return _calmar(of, asked)
    if given.benchmark is not None and asked.figure not in OWN:
        return _beside(given.benchmark, of, free, asked, sums)
    return OWN[asked.figure](_past(of, asked), _periods(of), free, sums)


def _tail(of: PortfolioReturns, given: GivenRisk, asked: RiskAsked, sums: Sums) -> Node:
    tail, window = given.how.tail, given.how.window
    if asked.of == "held":
        held = given.held.as_arrays()
        told, floats = _held(given), weighted_history(held.levels.values, held.weights)
    else:
        told, floats = _past(of, asked), of.sample.returns
    told, floats = _last(told, window), floats[-window:]
    if asked.figure == "value_at_risk":
        return quantile_node(told, tail)
    if asked.figure == "expected_shortfall":
        return shortfall_beyond(told, tail, floats)
    return parametric_node(told, tail, sums)


def _last(told: Told, count: int) -> Told:
    first = max(len(told.days) - count, 0)
    return Told(told.name, told.days[first:], told.values[first:], lambda i: told.make(first + i))


def _periods(of: PortfolioReturns) -> Decimal:
    return decimal_of(of.frequency.periods)


# --- the portfolio's own ------------------------------------------------------------------------


def _past(of: PortfolioReturns, asked: RiskAsked) -> Told:
    return _returns(of.sample, list(of.levels), asked)


def _returns(sample: Sample, levels: Sequence[date], asked: RiskAsked) -> Told:
    """Each return from level to level, with the way to the days it is made of."""
    values = [decimal_of(value) for value in sample.returns]

    def make(place: int) -> Node:
        first, last = levels[place], levels[place + 1]
        label = f"Return of {last.isoformat()}"
        made = leaf(NodeKind.EVENT, label, RATIO, values[place], Ref(day=last))
        note = "" if (last - first).days == 1 else f"since {first.isoformat()}"
        return made.told(more=asked.days(first, last), note=note)

    return Told("returns", sample.days, values, make)


def _excess(told: Told, periods: Decimal, free: RiskFree) -> Told:
    """Returns less the risk-free rate of their own periods."""
    rates = free.of_periods(told.days, float(periods))
    values = [decimal_of(rate) for rate in rates] if rates is not None else [ZERO] * len(told.days)

    def make(place: int) -> Node:
        made = leaf(NodeKind.RATE, "Risk-free rate of the period", RATIO, values[place])
        yearly_rate = free.on(told.days[place])
        return made.told(note=f"{yearly_rate} a year" if yearly_rate is not None else "")

    other = Told("risk-free rates", told.days, values, make)
    return told.less(other, f"{told.name} less risk-free", "return − risk-free")


Own = Callable[[Told, Decimal, RiskFree, Sums], Node]


def _volatility(told: Told, periods: Decimal, _: RiskFree, sums: Sums) -> Node:
    return yearly(deviation_node(told, sums), periods, "Volatility")


def _downside(told: Told, periods: Decimal, _: RiskFree, sums: Sums) -> Node:
    return yearly(shortfall_node(told, sums), periods, "Downside deviation")


def _sharpe(told: Told, periods: Decimal, free: RiskFree, sums: Sums) -> Node:
    beyond = _excess(told, periods, free)
    mean, spread = mean_node(beyond, sums), deviation_node(beyond, sums)
    return over_deviation(mean, spread, periods, "Sharpe")


def _sortino(told: Told, periods: Decimal, free: RiskFree, sums: Sums) -> Node:
    beyond = _excess(told, periods, free)
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
    other: GivenBenchmark, of: PortfolioReturns, free: RiskFree, asked: RiskAsked, sums: Sums
) -> Node:
    levels = dict(zip(other.days, other.levels, strict=True))
    both = joined(of.levels, levels)
    days = [day for day in sorted(of.levels) if day in levels]
    own, market = _returns(both.own, days, asked), _market(both, days, levels, other.symbol)
    periods = decimal_of(frequency_of(both.own.days).periods)
    figure = asked.figure
    if figure == "alpha":
        return alpha_node(
            _excess(own, periods, free), _excess(market, periods, free), periods, sums
        )
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


@exact
def _market(both: Joined, days: Sequence[date], levels: dict[date, float], symbol: str) -> Told:
    """Returns of the benchmark between the days both have."""
    exact_levels = [decimal_of(levels[day]) for day in days]
    count = len(both.other.days)

    def make(place: int) -> Node:
        first, last = days[place], days[place + 1]
        over, under = (
            leaf(NodeKind.EVENT, f"{symbol} on {day.isoformat()}", RATIO, level, Ref(day=day))
            for day, level in ((last, exact_levels[place + 1]), (first, exact_levels[place]))
        )
        grown = quotient("Growth", RATIO, over, under, "level after ÷ level before")
        label = f"Benchmark's return of {last.isoformat()}"
        less = constant(Decimal(1), "less 1")
        return minus(label, RATIO, (grown, less), "growth − 1").told(ref=Ref(day=last))

    values = [exact_levels[i + 1] / exact_levels[i] - 1 for i in range(count)]
    return Told("benchmark's returns", both.other.days, values, make)


# --- held today ---------------------------------------------------------------------------------


@exact
def _held(given: GivenRisk) -> Told:
    """Today's weights on past days: each instrument's return times its weight."""
    held = given.held.as_arrays()
    columns = complete_days(held.levels.values)
    days = [held.levels.days[column] for column in columns]
    kept = np.asarray(held.levels.values)[:, columns]
    levels = [[decimal_of(value) for value in row] for row in kept]
    weights = [decimal_of(weight) for weight in held.weights]

    def grown(row: int, place: int) -> Decimal:
        return levels[row][place + 1] / levels[row][place] - 1

    def make(place: int) -> Node:
        lines = [
            _line(given, row, weights[row], (levels[row][place + 1], levels[row][place]))
            for row in range(len(weights))
        ]
        day = days[place + 1]
        label = f"Return of {day.isoformat()}, of what is held today"
        return total(label, RATIO, lines, "weight × return").told(ref=Ref(day=day))

    values = [
        sum((weights[row] * grown(row, place) for row in range(len(weights))), ZERO)
        for place in range(len(days) - 1)
    ]
    return Told("returns", days[1:], values, make)


@exact
def _line(given: GivenRisk, row: int, weight: Decimal, levels: tuple[Decimal, Decimal]) -> Node:
    ids = given.held.instrument_ids
    instrument_id: UUID | None = ids[row] if row < len(ids) else None
    named = given.names.get(instrument_id) if instrument_id is not None else None
    label = named.symbol if named is not None else "Cash and income in another currency"
    ref = Ref(instrument_id=instrument_id)
    over, under = (
        leaf(NodeKind.EVENT, name, RATIO, level, ref)
        for name, level in zip(("Level after", "Level before"), levels, strict=True)
    )
    growth = quotient("Growth", RATIO, over, under, "level after ÷ level before")
    less = constant(Decimal(1), "less 1")
    moved = minus("Return", RATIO, (growth, less), "growth − 1")
    share = leaf(NodeKind.EVENT, "Weight today", RATIO, weight, ref)
    return product(label, RATIO, (share, moved), "weight × return").told(ref=ref)
