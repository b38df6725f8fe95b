"""Why a return is what it is: linked days, flows and their worth, the worst fall."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

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
    rounded,
    shown,
    total,
    unknown,
)
from truenav.core.money import exact
from truenav.core.performance.explaining import (
    Chaining,
    Link,
    Telling,
    day_factor,
    flows_worth,
    growth_of,
    links,
    periods,
)
from truenav.core.performance.flows import DAYS_PER_YEAR, Costs
from truenav.core.performance.mwrr import Mwrr
from truenav.features.performance.schemas import PerformanceOut, ReturnOut
from truenav.features.performance.service import (
    Measured,
    Span,
    placed_flows,
    solved_flows,
    why_unknown,
    why_untold,
)
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.asked import Names
from truenav.platform.explanations import ExplanationOut, explanation

ZERO, ONE = Decimal(0), Decimal(1)
PLACES = 10
TOO_LARGE = "out_of_range"
DAY = len("2024-03-31")
ReturnFigure = Literal[
    "time_weighted",
    "money_weighted",
    "flows_worth",
    "gain",
    "net_flows",
    "max_drawdown",
    "drawdown",
    "time_weighted_yearly",
    "money_weighted_yearly",
    "costs",
    "rolling",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAsked:
    """The span a figure is of, and the part of it that is unfolded."""

    found: Measured
    ways: Names
    period: str | None = None
    # of a part of the span: from the close of one day to that of another
    inside: tuple[date, date] | None = None

    @property
    def span(self) -> Span:
        """Its days."""
        return self.found.span

    @property
    def unit(self) -> str:
        """The currency of its values."""
        return self.found.given.currency

    @property
    def wanted(self) -> Wanted:
        """The conventions, as the page has them."""
        return self.found.wanted

    @property
    def how(self) -> Chaining:
        """How its days are linked."""
        wanted = self.wanted
        return Chaining(timing=wanted.flow_timing, gaps=wanted.gaps, is_slice=wanted.is_slice)

    def links(self) -> tuple[list[Link], Node | None]:
        """Its linked days, and what breaks the chain."""
        found, broken = links(self.span.points, self.how, self.found.given.costs)
        if self.inside is None:
            return found, broken
        since, until = self.inside
        return [link for link in found if since < link.after.as_of <= until], broken

    def where(self, figure: ReturnFigure, period: str | None = None) -> str:
        """Where a figure of the same span, or a part of it, is explained."""
        points, wanted = self.span.points, self.wanted
        asked: dict[str, object] = {
            "figure": figure, "from": points[0].as_of, "to": points[-1].as_of,
            "flow_timing": wanted.flow_timing.value, "gaps": wanted.gaps.value,
            "fees": wanted.fees.value, "taxes": wanted.taxes.value, "period": period, **self.ways,
        }  # fmt: skip
        if self.inside is not None and figure == "time_weighted":
            asked |= dict(zip(("since", "until"), self.inside, strict=True))
        return path("performance", **asked)

    def nav(self, day: date, value: Decimal | None, label: str) -> Node:
        """The NAV of a day, with the way to its explanation."""
        ref = Ref(day=day)
        if value is None:
            return unknown(label, self.unit, "value_unknown", ref)
        # a slice has no snapshot of a day on which there was nothing of it
        more = path("nav", on=day, **self.ways) if value else None
        return leaf(NodeKind.EVENT, label, self.unit, value, ref).told(more=more)

    def flow(self, day: date, value: Decimal | None) -> Node:
        """What was paid in or out on a day, with the way to its records."""
        label, ref = f"Paid in or out on {day.isoformat()}", Ref(day=day)
        more = path("flows", on=day, **self.ways)
        if value is None:
            return unknown(label, self.unit, "value_unknown", ref).told(more=more)
        return leaf(NodeKind.EVENT, label, self.unit, value, ref).told(more=more)

    def cost(self, link: Link) -> Node:
        """What was paid for fees and as tax on a linked day, added back."""
        day, gross = link.after.as_of, Costs.GROSS
        settings = (("fees", self.wanted.fees), ("taxes", self.wanted.taxes))
        words = " and ".join(name for name, setting in settings if setting is gross)
        made = leaf(NodeKind.EVENT, f"Paid for {words}, added back", self.unit, link.cost,
                    Ref(day=day))  # fmt: skip
        is_day = (day - link.before.as_of).days == 1
        return made.told(more=self.where("costs", day.isoformat()) if is_day else None)

    @property
    def telling(self) -> Telling:
        """How the parts of a day are told."""
        return Telling(self.unit, self.nav, self.flow, self.cost)


def explain_return(
    asked: ReturnAsked, figure: ReturnFigure, page: PerformanceOut
) -> ExplanationOut:
    """A figure of the page of returns, and where it comes from."""
    makers: dict[str, Callable[[], ExplanationOut]] = {
        "time_weighted": lambda: _time_weighted(asked, page),
        "money_weighted": lambda: explanation(page.money_weighted.ratio, _money_weighted(asked)),
        "flows_worth": lambda: _all_worth(asked),
        "max_drawdown": lambda: explanation(page.max_drawdown.ratio, _max_drawdown(asked, page)),
        "time_weighted_yearly": lambda: _yearly(asked, page.time_weighted),
        "money_weighted_yearly": lambda: _yearly(asked, page.money_weighted),
        "drawdown": lambda: _last_fall(asked, page),
        "net_flows": lambda: explanation(page.net_flows, shown(_flows(asked), PLACES)),
        "gain": lambda: _gained(asked, page),
    }
    return makers[figure]()


def _gained(asked: ReturnAsked, page: PerformanceOut) -> ExplanationOut:
    first, last = asked.span.points[0], asked.span.points[-1]
    parts = (
        asked.nav(last.as_of, last.nav, f"NAV of {last.as_of.isoformat()}"),
        asked.nav(first.as_of, first.nav, f"NAV of {first.as_of.isoformat()}"),
        _flows(asked),
    )
    made = minus("Gain", asked.unit, parts, "NAV at the end − at the start − paid in")
    return explanation(page.gain, shown(made, PLACES))


@exact
def _flows(asked: ReturnAsked) -> Node:
    lines = [asked.flow(day, amount) for day, amount in asked.span.flows]
    return total("Paid in or out", asked.unit, lines, "day by day")


# --- time-weighted ------------------------------------------------------------------------------


@exact
def _time_weighted(asked: ReturnAsked, page: PerformanceOut) -> ExplanationOut:
    found, broken = asked.links()
    if asked.period is not None:
        root = linked_node(asked, found, f"Growth in {asked.period}", asked.period)
        return explanation(growth_of(within(found, asked.period)), root)
    if broken is not None:
        return explanation(page.time_weighted.ratio, broken)
    if page.time_weighted.reason == TOO_LARGE:
        return explanation(None, unknown("Time-weighted return", RATIO, TOO_LARGE))
    growth = linked_node(asked, found, "Growth of 1")
    made = minus("Time-weighted return", RATIO, (growth, constant(ONE, "less 1")), "growth − 1")
    return explanation(page.time_weighted.ratio, shown(made.told(page="twrr"), PLACES))


def within(found: Sequence[Link], period: str) -> list[Link]:
    """Those of a year, a month or a day."""
    return [link for link in found if link.after.as_of.isoformat().startswith(period)]


@exact
def linked_node(
    asked: ReturnAsked, found: Sequence[Link], label: str, period: str | None = None
) -> Node:
    """Factors by year, month or day, linked; what is inside a year or month is a request away."""
    parts = []
    for name, inside in periods(found, period).items():
        if len(name) == DAY:
            parts.append(day_factor(inside[0], asked.how, asked.telling))
            continue
        growth = growth_of(inside)
        if growth is None or why_untold(growth) is not None:
            parts.append(unknown(name, RATIO, why_untold(growth) or "no_capital"))
            continue
        made = leaf(NodeKind.EVENT, name, RATIO, growth)
        parts.append(made.told(more=asked.where("time_weighted", name)))
    return product(label, RATIO, parts, "the factors of its parts, linked").told(page="twrr")


@exact
def _max_drawdown(asked: ReturnAsked, page: PerformanceOut) -> Node:
    fall = page.max_drawdown
    if fall.ratio is None or fall.peak_date is None or fall.trough_date is None:
        _, broken = asked.links()
        return broken or unknown("Worst fall", RATIO, "no_capital")
    return _fall(asked, "Worst fall", fall.peak_date, fall.trough_date)


@exact
def _yearly(asked: ReturnAsked, of: ReturnOut) -> ExplanationOut:
    """The same growth in every year of the span: to the power of a year over its days."""
    label, days = "Return a year", asked.span.day_count
    if of.annualized_ratio is None or of.ratio is None:
        return explanation(None, unknown(label, RATIO, _why_not_yearly(of, days)))
    made = yearly_node(label, of.ratio, of.annualized_ratio, days)
    return explanation(of.annualized_ratio, made.told(page="twrr"))


@exact
def yearly_node(label: str, ratio: Decimal, yearly: Decimal, days: int) -> Node:
    """What a return of so many days is by the year, from the growth of a year."""
    growth = leaf(NodeKind.EVENT, "Growth of a year", RATIO, ONE + yearly)
    growth = growth.told(note=f"growth of the span, {ONE + ratio:f}, to the power 365/{days}")
    return minus(label, RATIO, (growth, constant(ONE, "less 1")), "growth of a year − 1")


def _why_not_yearly(of: ReturnOut, days: int) -> str:
    if days < DAYS_PER_YEAR:
        return "less_than_a_year"
    if of.ratio is not None:
        return TOO_LARGE
    return (of.reason if of.status == "unknown" else of.status) or "value_unknown"


@exact
def _last_fall(asked: ReturnAsked, page: PerformanceOut) -> ExplanationOut:
    """How far below its last height the growth is on the span's last day."""
    found, broken = asked.links()
    fall = page.items[-1].drawdown_ratio
    if broken is not None or not found or fall is None:
        return explanation(fall, broken or unknown("Below the last high", RATIO, "no_capital"))
    growth, height, peak = ONE, ONE, found[0].before.as_of
    for link in found:
        growth *= link.growth or ZERO
        if growth >= height:
            height, peak = growth, link.after.as_of
    return explanation(fall, _fall(asked, "Below the last high", peak, found[-1].after.as_of))


@exact
def _fall(asked: ReturnAsked, label: str, peak: date, trough: date) -> Node:
    found, _ = asked.links()

    def level(day: date, name: str) -> Node:
        growth = growth_of([link for link in found if link.after.as_of <= day])
        label = f"Growth of 1 {name}, {day.isoformat()}"
        if growth is None:
            return unknown(label, RATIO, "no_capital")
        return leaf(NodeKind.EVENT, label, RATIO, growth, Ref(day=day))

    parts = (level(trough, "at the lowest"), level(peak, "at its height"))
    kept = quotient("What was left", RATIO, *parts, "lowest ÷ height")
    made = minus(label, RATIO, (kept, constant(ONE, "less 1")), "what was left − 1")
    return shown(made.told(page="twrr"), PLACES)


# --- money-weighted -----------------------------------------------------------------------------


@exact
def _solution(asked: ReturnAsked) -> Mwrr | Node:
    label = "Money-weighted return"
    if Costs.GROSS in {asked.wanted.fees, asked.wanted.taxes}:
        return unknown(label, RATIO, "gross_is_time_weighted")
    reason = why_unknown(asked.span)
    if reason is not None:
        return unknown(label, RATIO, reason)
    found = solved_flows(asked.span, asked.wanted)
    if found.period_ratio is None:
        return unknown(label, RATIO, "no_solution")
    if why_untold(found.period_ratio) is not None:
        return unknown(label, RATIO, TOO_LARGE)
    return found


@exact
def _money_weighted(asked: ReturnAsked) -> Node:
    found = _solution(asked)
    if isinstance(found, Node):
        return found
    growth = leaf(NodeKind.EVENT, "Growth of 1 over the span", RATIO,
                  ONE + (found.period_ratio or ZERO))  # fmt: skip
    growth = growth.told(
        note=f"solved for: at this growth the flows are worth nothing in all;"
        f" a year: {(found.rate or ZERO) * 100:.4f} %"
    )
    worth = _worth_at(asked, found)
    proof = quotient(
        "Check: the flows at that growth", RATIO, worth,
        asked.nav(asked.span.points[-1].as_of, asked.span.closing, "NAV at the end"),
        "their worth on the first day ÷ NAV; nothing",
    )  # fmt: skip
    parts = [growth, constant(ONE, "less 1")]
    if worth.value == ZERO and proof.value is not None:
        parts.append(proof)
    made = minus("Money-weighted return", RATIO, parts, "growth − 1")
    return shown(made.told(page="mwrr"), PLACES)


def _all_worth(asked: ReturnAsked) -> ExplanationOut:
    node = _flows_worth(asked)
    return explanation(None if node.value is None else ZERO, node)


@exact
def _flows_worth(asked: ReturnAsked) -> Node:
    found = _solution(asked)
    return found if isinstance(found, Node) else _worth_at(asked, found)


@exact
def _worth_at(asked: ReturnAsked, found: Mwrr) -> Node:
    points, opening = asked.span.points, asked.span.opening or ZERO
    first, last = points[0].as_of, points[-1].as_of
    flows = [(first, -opening, f"NAV of {first.isoformat()}, put in")]
    for (place, amount), (day, _) in zip(
        placed_flows(asked.span, asked.wanted), asked.span.flows, strict=True
    ):
        label = f"Paid in or out on {day.isoformat()}"
        flows.append((first + timedelta(days=place), -amount, label))
    flows.append((last, asked.span.closing or ZERO, f"NAV of {last.isoformat()}, got out"))
    node = flows_worth(flows, ONE + (found.period_ratio or ZERO), asked.span.day_count, asked.unit)
    return rounded(node, ZERO) if node.value is not None and abs(node.value) < Decimal(
        "0.000001"
    ) else node  # fmt: skip
