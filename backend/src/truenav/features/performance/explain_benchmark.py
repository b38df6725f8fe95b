"""Why a benchmark beside a portfolio made what it made, and what the same money became in it."""

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
from truenav.features.performance.benchmark import ONE, PLACES, Against, trades_of
from truenav.features.performance.explain_returns import ReturnAsked
from truenav.features.performance.schemas import BenchmarkOut
from truenav.platform.explanations import ExplanationOut, explanation

BenchmarkFigure = Literal["ratio", "same_flows_closing", "same_flows_difference"]
PAGE = "benchmarks"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkAsked:
    """A benchmark beside the span of a portfolio, and what the page says of it."""

    beside: ReturnAsked
    other: Against
    told: BenchmarkOut

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
    """A figure of the benchmark, as the page of returns shows it."""
    told = asked.told
    if figure == "ratio":
        return explanation(told.ratio, _ratio(asked))
    if figure == "same_flows_closing":
        return explanation(told.same_flows_closing, shown(_closing(asked), PLACES))
    return explanation(told.same_flows_difference, shown(_difference(asked), PLACES))


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
