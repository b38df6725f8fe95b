"""What is asked of risk: a figure, a point of a window, a bar or a pair, and its ways on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from truenav.core.explanation import RATIO, Node, path, unknown
from truenav.core.money import exact
from truenav.core.risk.explaining import PAGE, Sums
from truenav.features.valuation.asked import Names
from truenav.features.valuation.explain_overview import near
from truenav.platform.explanations import ExplanationOut, explanation

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
    """Where a figure is explained, how it is measured, and which of its sums is unfolded.

    `named` says which figure of the endpoint it is.
    """

    endpoint: str
    named: Mapping[str, object]
    part: str | None
    period: str | None
    # what the ways on ask for: the portfolio, and the page's own settings
    ways: Names
    settings: Mapping[str, object]
    # how returns are linked, where it is not as usual
    linked: Mapping[str, object]

    def where(self, part: str, period: str) -> str:
        """Where a part of a sum is explained."""
        asked: dict[str, object] = {
            **self.named, **self.settings, "part": part, "period": period, **self.ways,
        }  # fmt: skip
        return path(self.endpoint, **asked)

    def other(self, figure: Literal["annual_return", "max_drawdown"]) -> str:
        """Where another figure of the same page is explained."""
        asked: dict[str, object] = {"figure": figure, **self.settings, **self.ways}
        return path("risk", **asked)

    def days(self, first: date, last: date) -> str:
        """Where the return from one day to another is explained."""
        asked: dict[str, object] = {"from": first, "to": last, **self.linked, **self.ways}
        return path("performance", figure="time_weighted", **asked)


@exact
def answered(
    asked: RiskAsked,
    name: str,
    shown: tuple[Decimal | None, str | None],
    make: Callable[[Sums], Node],
) -> ExplanationOut:
    """A figure as the page shows it and its tree, or the sum of it that is asked for.

    Args:
        asked: What is asked.
        name: What the figure is.
        shown: The page's figure, and its reason where there is none.
        make: The tree of a figure that is known.
    """
    figure, reason = shown
    if figure is None:
        root = unknown(name, RATIO, reason or "value_unknown").told(page=PAGE)
        return explanation(None, root)
    found: list[Node] = []
    node = make(Sums(asked.where, asked.part, asked.period, found))
    if asked.part is not None:
        part = found[0] if found else unknown(name, RATIO, "value_unknown")
        return explanation(part.value, part)
    return explanation(figure, near(node.told(label=name, page=PAGE), figure))
