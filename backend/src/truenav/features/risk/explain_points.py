"""Why a point of a chart of risk is what it is: a window that rolls, a bar of the histogram."""

from datetime import date
from decimal import Decimal
from typing import Literal

from truenav.core.explanation import RATIO, Node, unknown
from truenav.core.risk.explaining import Sums, Told, beta_node
from truenav.core.risk.explaining_tails import bar_node, quantile_node
from truenav.features.risk.answer import risk_of
from truenav.features.risk.explain_asked import NAMES, RiskAsked, answered
from truenav.features.risk.explaining import OWN, sampled
from truenav.features.risk.given import GivenRisk
from truenav.features.risk.schemas import RollingPointOut
from truenav.features.risk.told_returns import joined_returns, newest, past_returns
from truenav.platform.explanations import ExplanationOut

RollingFigure = Literal["volatility", "sharpe", "value_at_risk", "beta"]


# --- windows ------------------------------------------------------------------------------------


def explain_window(
    given: GivenRisk, asked: RiskAsked, figure: RollingFigure, on: date
) -> ExplanationOut:
    """A figure of the window that ends on a day, as that of a span of just these returns."""
    point = next((one for one in risk_of(given).rolling if one.as_of == on), None)

    def make(sums: Sums) -> Node:
        measured, how = sampled(given), given.how
        own = _window(past_returns(measured.of, asked), on, how.window)
        if figure == "value_at_risk":
            return quantile_node(own, how.tail)
        if figure == "beta" and given.benchmark is not None:
            both = joined_returns(given.benchmark, measured.of, asked)
            portfolio, market = (_window(told, on, how.window) for told in both)
            return beta_node(portfolio, market, sums)
        return OWN[figure](own, measured.periods, measured.free, sums)

    name = f"{NAMES[figure]} of {given.how.window} returns, to {on.isoformat()}"
    shown = (None, _why_no_window(given, on)) if point is None else _shown(given, point, figure)
    return answered(asked, name, shown, make)


def _window(told: Told, last: date, count: int) -> Told:
    return newest(told.at([place for place, day in enumerate(told.days) if day <= last]), count)


def _shown(
    given: GivenRisk, point: RollingPointOut, figure: RollingFigure
) -> tuple[Decimal | None, str | None]:
    value: Decimal | None = getattr(point, figure)
    return value, None if value is not None else _why_none(given, point.as_of, figure)


def _why_no_window(given: GivenRisk, on: date) -> str:
    days = sampled(given).of.sample.days
    if on not in days:
        return "price_missing"
    is_whole = sum(day <= on for day in days) >= given.how.window
    return "irregular_days" if is_whole else "too_few_returns"


def _why_none(given: GivenRisk, on: date, figure: RollingFigure) -> str:
    """Why a window has no such figure; the page of windows tells no reasons."""
    if figure == "value_at_risk":
        return "too_few_returns"
    if figure == "beta":
        return _why_no_beta(given, on)
    measured = sampled(given)
    sample = measured.of.sample
    is_free_known = measured.free.of_periods(sample.days, measured.of.frequency.periods) is not None
    return "no_variation" if is_free_known else "series_missing"


def _why_no_beta(given: GivenRisk, on: date) -> str:
    other = given.benchmark
    if other is None:
        return "no_benchmark"
    if on not in other.days:
        return "price_missing"
    days = [day for day in sampled(given).of.levels if day in set(other.days) and day <= on]
    # of n days there are n - 1 returns between them
    return "benchmark_constant" if len(days) > given.how.window else "too_few_returns"


# --- bars ---------------------------------------------------------------------------------------


def explain_bar(given: GivenRisk, asked: RiskAsked, number: int) -> ExplanationOut:
    """How many returns lie in a bar of the histogram, numbered from 1, and which they are."""
    bars, window = risk_of(given).histogram, given.how.window
    has_bar = number <= len(bars)
    count = Decimal(bars[number - 1].count) if has_bar else None

    def make(sums: Sums) -> Node:
        of = sampled(given).of
        told, floats = newest(past_returns(of, asked), window), of.sample.returns[-window:]
        made = bar_node(told, number, floats, sums)
        return made if made is not None else unknown("Returns", RATIO, "too_few_returns")

    return answered(asked, "Returns in the bar", (count, "too_few_returns"), make)
