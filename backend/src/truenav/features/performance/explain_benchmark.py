"""Why a benchmark beside a portfolio made what it made, and what the same money became in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from truenav.core.explanation import (
    RATIO,
    UNITS,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    product,
    quotient,
    shown,
    total,
    unknown,
)
from truenav.core.money import exact
from truenav.features.performance.benchmark import (
    ONE,
    PLACES,
    Against,
    excess_of,
    grown,
    trades_of,
)
from truenav.features.performance.explain_returns import ReturnAsked, yearly_node
from truenav.features.performance.schemas import BenchmarkOut
from truenav.features.performance.service import Compared, drawdown_told, time_weighted
from truenav.platform.explanations import ExplanationOut, explanation

BenchmarkFigure = Literal[
    "ratio", "annualized_ratio", "excess_ratio", "max_drawdown", "same_flows_closing",
    "same_flows_difference",
]  # fmt: skip
PAGE = "benchmarks"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkAsked:
    """A benchmark beside the span of a portfolio, and what the page says of it."""

    beside: ReturnAsked
    other: Against
    compared: Compared

    @property
    def told(self) -> BenchmarkOut:
        """What the page says of it."""
        return self.compared.told

    @property
    def unit(self) -> str:
        """The currency of values."""
        return self.beside.unit

    def day(self, place: int) -> date:
        """A day of the span."""
        return self.beside.span.points[place].as_of

    def level(self, place: int) -> Node:
        """What the benchmark stood at on a day, in the currency of the portfolio."""
        on = self.day(place)
        label, value = f"{self.other.symbol} on {on.isoformat()}", self.other.levels[place]
        if value is None:
            return unknown(label, UNITS, "price_missing", Ref(day=on))
        return leaf(NodeKind.PRICE, label, UNITS, value, Ref(day=on))

    def growth(self, place: int) -> Node:
        """What it became of 1 from a day to the last."""
        label = f"{self.other.symbol} since {self.day(place).isoformat()}"
        last = len(self.other.levels) - 1
        return quotient(label, RATIO, self.level(last), self.level(place), "level ÷ level then")


def explain_benchmark(asked: BenchmarkAsked, figure: BenchmarkFigure) -> ExplanationOut:
    """A figure of the benchmark, as the page of returns or that of benchmarks shows it."""
    told = asked.told
    makers: dict[BenchmarkFigure, Callable[[], ExplanationOut]] = {
        "ratio": lambda: explanation(told.ratio, _ratio(asked)),
        "annualized_ratio": lambda: _yearly(asked),
        "excess_ratio": lambda: _excess(asked),
        "max_drawdown": lambda: _worst_fall(asked),
        "same_flows_closing": lambda: explanation(
            told.same_flows_closing, shown(_closing(asked), PLACES)
        ),
        "same_flows_difference": lambda: explanation(
            told.same_flows_difference, shown(_difference(asked), PLACES)
        ),
    }
    return makers[figure]()


@exact
def _ratio(asked: BenchmarkAsked) -> Node:
    label = f"Return of {asked.other.symbol}"
    growth = asked.beside.found.index.growth
    start = next((place for place, known in enumerate(growth) if known is not None), None)
    if start is None or asked.told.ratio is None:
        return unknown(label, RATIO, asked.told.reason or "no_capital")
    parts = (asked.growth(start), constant(ONE, "What it began with"))
    return shown(minus(label, RATIO, parts, "growth − 1"), PLACES).told(page=PAGE)


@exact
def _yearly(asked: BenchmarkAsked) -> ExplanationOut:
    """The same growth in every year of the span: to the power of a year over its days."""
    told, days = asked.told, asked.beside.span.day_count
    label = f"Return of {asked.other.symbol} a year"
    if told.annualized_ratio is None or told.ratio is None:
        return explanation(None, unknown(label, RATIO, told.reason or "less_than_a_year"))
    made = yearly_node(label, told.ratio, told.annualized_ratio, days)
    return explanation(told.annualized_ratio, made.told(page=PAGE))


@exact
def _excess(asked: BenchmarkAsked) -> ExplanationOut:
    """The portfolio's time-weighted return less the benchmark's, both as the page shows them."""
    beside, label = asked.beside, f"More than {asked.other.symbol}"
    own = time_weighted(beside.found, beside.span.day_count)
    if own.ratio is None:
        return explanation(None, unknown(label, RATIO, own.reason or "no_capital"))
    portfolio = leaf(NodeKind.EVENT, "Return of the portfolio", RATIO, own.ratio)
    parts = (portfolio.told(more=beside.where("time_weighted")), _ratio(asked))
    made = minus(label, RATIO, parts, "return of the portfolio − of the benchmark")
    return explanation(excess_of(own.ratio, asked.told.ratio), made.told(page=PAGE))


@exact
def _worst_fall(asked: BenchmarkAsked) -> ExplanationOut:
    label, points = f"Worst fall of {asked.other.symbol}", asked.beside.span.points
    days = [point.as_of for point in points]
    fall = drawdown_told(days, grown(asked.compared.ratios))
    if fall.ratio is None or fall.peak_date is None or fall.trough_date is None:
        return explanation(None, unknown(label, RATIO, asked.told.reason or "no_capital"))
    peak, trough = days.index(fall.peak_date), days.index(fall.trough_date)
    left = quotient(
        f"What was left on {fall.trough_date.isoformat()}", RATIO,
        asked.level(trough), asked.level(peak), "level at the low ÷ level at the high",
    )  # fmt: skip
    made = minus(label, RATIO, (left, constant(ONE, "What it fell from")), "what was left − 1")
    return explanation(fall.ratio, shown(made, PLACES).told(page=PAGE))


@exact
def _closing(asked: BenchmarkAsked) -> Node:
    label = f"The same money in {asked.other.symbol}"
    reason = asked.told.same_flows_reason
    if reason is not None:
        return unknown(label, asked.unit, reason)
    points, beside = asked.beside.span.points, asked.beside
    first = points[0]
    lines = [
        product(
            f"What was there on {first.as_of.isoformat()}",
            asked.unit,
            (beside.nav(first.as_of, first.nav, "Net asset value"), asked.growth(0)),
            "put into it at the start",
        )
    ]
    for place, bought, amount in trades_of(beside.wanted, points):
        on = asked.day(place)
        deed = "Paid in" if amount > 0 else "Taken out"
        lines.append(
            product(
                f"{deed} on {on.isoformat()}",
                asked.unit,
                (beside.flow(on, amount), asked.growth(bought)),
                "× growth since",
            )
        )
    return total(label, asked.unit, lines, "each amount × growth since").told(page=PAGE)


@exact
def _difference(asked: BenchmarkAsked) -> Node:
    last = asked.beside.span.points[-1]
    own = asked.beside.nav(last.as_of, last.nav, f"NAV of {last.as_of.isoformat()}")
    label = f"More than in {asked.other.symbol}"
    return minus(label, asked.unit, (own, _closing(asked)), "NAV − the same money in it")
