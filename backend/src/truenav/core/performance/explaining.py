"""Returns as figures that prove themselves: linked days, and flows worth nothing in all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.explanation import (
    RATE,
    RATIO,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    product,
    quotient,
    total,
    unknown,
)
from truenav.core.money import exact
from truenav.core.performance.day_growth import counted_timing, day_capital, day_growth
from truenav.core.performance.flows import FlowTiming, Gaps, days_early
from truenav.core.performance.rules import NEWEST
from truenav.core.performance.slice_growth import SliceFlow, slice_growth
from truenav.core.performance.twrr import average_capital, modified_dietz
from truenav.core.unfolding import grouped
from truenav.core.valuation.consolidation import SeriesPoint

ONE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chaining:
    """How days are linked; a slice has its own timing."""

    timing: FlowTiming = FlowTiming.START_OF_DAY
    gaps: Gaps = Gaps.BREAK
    is_slice: bool = False

    def days_early(self, amount: Decimal) -> int:
        """1 for what counts from the start of its day, which is the end of the day before."""
        return days_early(amount, self.timing, is_slice=self.is_slice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One linked day: what the day before (or the last known one) ended with, and this one.

    `cost` was paid on its days and is added back. `waiting` are flows of days of unknown value:
    with any the days are one sub-period by Modified Dietz.
    """

    before: SeriesPoint
    after: SeriesPoint
    growth: Decimal | None
    cost: Decimal = ZERO
    waiting: tuple[tuple[date, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """How values, flows and costs of a day are told, with the ways to their explanations."""

    unit: str
    nav: Callable[[date, Decimal, str], Node]
    flow: Callable[[date, Decimal], Node]
    cost: Callable[[Link], Node]


@exact
def links(
    points: Sequence[SeriesPoint],
    how: Chaining,
    costs: Sequence[Decimal | None] | None = None,
) -> tuple[list[Link], Node | None]:
    """The days of a chain, and what breaks it, if something does."""
    found: list[Link] = []
    before: SeriesPoint | None = None
    waiting: list[tuple[date, Decimal, Decimal]] = []
    for index, point in enumerate(points):
        cost = costs[index] if costs is not None else ZERO
        if before is None:
            before = point if _begins(point, how) else None
            continue
        flow = point.external_flow
        if flow is None or cost is None or (point.nav is None and flow and how.gaps is Gaps.BREAK):
            return found, _broken(point, "value_unknown")
        if point.nav is None:
            waiting.append((point.as_of, flow, cost))
            continue
        link = _link(before, point, how, waiting, cost)
        if link.growth is None:
            is_negative = point.nav < 0 or (before.nav or ZERO) < 0
            return found, _broken(point, "negative_value" if is_negative else "no_capital")
        found.append(link)
        before, waiting = point, []
    if before is None:
        return found, _unbegun(points)
    return found, _broken(points[-1], "value_unknown") if points[-1].nav is None else None


def _unbegun(points: Sequence[SeriesPoint]) -> Node:
    """Why a chain never began, and the first day nobody knows the value of, if that is why."""
    reason = NEWEST.unbegun(point.nav for point in points)
    missing = next((point for point in points if point.nav is None), None)
    if reason != "value_unknown" or missing is None:
        return unknown("Return", RATIO, reason)
    label = f"The value of {missing.as_of.isoformat()} is not known"
    return unknown(label, RATIO, reason, Ref(day=missing.as_of), _noted(missing))


def _begins(point: SeriesPoint, how: Chaining) -> bool:
    return point.nav is not None and (point.nav > 0 or (how.is_slice and not point.nav))


def _link(
    before: SeriesPoint,
    after: SeriesPoint,
    how: Chaining,
    waiting: Sequence[tuple[date, Decimal, Decimal]],
    cost: Decimal,
) -> Link:
    cost += sum((paid for _, _, paid in waiting), ZERO)
    flows = tuple((day, amount) for day, amount, _ in waiting if amount)
    made = Link(before=before, after=after, growth=None, cost=cost, waiting=flows)
    return Link(before=before, after=after, growth=_growth(made, how), cost=cost, waiting=flows)


def _growth(link: Link, how: Chaining) -> Decimal | None:
    before, after = link.before.nav or ZERO, link.after.nav or ZERO
    flow = link.after.external_flow or ZERO
    if link.waiting:
        days, kept = (link.after.as_of - link.before.as_of).days, after + link.cost
        if kept >= 0 and NEWEST.is_tiny(average_capital(before, _placed(link, how), days)):
            return ONE
        ratio = modified_dietz(before, kept, _placed(link, how), days)
        return ONE + ratio if ratio is not None and ratio >= -1 else None
    if how.is_slice:
        step = slice_growth(before, after, SliceFlow(flow, link.after.turned), link.cost)
        return ONE if step is None and after >= 0 and before >= 0 else step
    return day_growth(before, after, flow, how.timing, link.cost)


def _placed(link: Link, how: Chaining) -> list[tuple[int, Decimal]]:
    """(day of the sub-period, amount) of each flow."""
    flows = [*link.waiting, (link.after.as_of, link.after.external_flow or ZERO)]
    return [
        ((day - link.before.as_of).days - how.days_early(amount), amount) for day, amount in flows
    ]


def _broken(point: SeriesPoint, reason: str) -> Node:
    label = f"The chain breaks on {point.as_of.isoformat()}"
    return unknown(label, RATIO, reason, Ref(day=point.as_of), _noted(point))


def _noted(point: SeriesPoint) -> str:
    return ", ".join(f"{u.reason_code} {u.subject}" for u in point.unknowns)


@exact
def _capital(link: Link, how: Chaining) -> Decimal:
    """What a link's result is divided by."""
    before, flow = link.before.nav or ZERO, link.after.external_flow or ZERO
    if link.waiting:
        days = (link.after.as_of - link.before.as_of).days
        return average_capital(before, _placed(link, how), days)
    if how.is_slice:
        return before + SliceFlow(flow, link.after.turned).at_start(before)
    return day_capital(before, flow, how.timing)


# --- one day ------------------------------------------------------------------------------------


@exact
def day_factor(link: Link, how: Chaining, tell: Telling) -> Node:
    """1 + r of one day: value after over value before, the flow where it counts."""
    label, ref = link.after.as_of.isoformat(), Ref(day=link.after.as_of)
    if link.growth is None:
        return unknown(label, RATIO, "no_capital", ref)
    if NEWEST.is_tiny(_capital(link, how)):
        note = f"less than one {tell.unit} was at work, which is too little for a rate"
        return constant(link.growth, label).told(ref=ref, note=note, page="twrr")
    if link.waiting:
        return _bridged(link, how, tell).told(label=label, ref=ref)
    over, under = _sides(link, how, tell)
    made = quotient(label, RATIO, over, under, "value after ÷ value before")
    if made.value != link.growth:
        note = "no rate of anything" if how.is_slice else "nothing was invested"
        return constant(link.growth, label).told(ref=ref, note=note)
    return made.told(ref=ref)


def _sides(link: Link, how: Chaining, tell: Telling) -> tuple[Node, Node]:
    before, after = link.before.nav or ZERO, link.after.nav or ZERO
    flow, day = link.after.external_flow or ZERO, link.after.as_of
    closed = tell.nav(day, after, f"NAV of {day.isoformat()}")
    opened = tell.nav(link.before.as_of, before, f"NAV of {link.before.as_of.isoformat()}")
    after_parts, before_parts = [closed], [opened]
    if link.cost:
        after_parts.append(tell.cost(link))
    if how.is_slice:
        went_in, came_out = _in_and_out(link, tell)
        if came_out is not None:
            after_parts.append(came_out)
        if went_in is not None:
            before_parts.append(went_in)
    elif flow and counted_timing(before, flow, how.timing) is FlowTiming.START_OF_DAY:
        before_parts.append(tell.flow(day, flow))
    elif flow:
        kept = _summed("NAV before costs", tell.unit, after_parts)
        over = minus("NAV without what was paid in", tell.unit, (kept, tell.flow(day, flow)))
        return over, opened
    return (
        _summed("NAV, and what left it", tell.unit, after_parts),
        _summed("NAV and what was paid in", tell.unit, before_parts),
    )


def _summed(label: str, unit: str, parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else total(label, unit, parts)


def _in_and_out(link: Link, tell: Telling) -> tuple[Node | None, Node | None]:
    """What counts from the start of a slice's day, and what at its end."""
    net, day = link.after.external_flow or ZERO, link.after.as_of
    added = SliceFlow(net, link.after.turned).at_start(link.before.nav or ZERO)
    left = added - net
    ref = Ref(day=day)
    note = f"in less out of the day is {net:f}; {link.after.turned:f} turned within parts"
    if added and not left:
        return tell.flow(day, net), None
    if left and not added:
        turned = constant(-ONE, "it left")
        came_out = product("Came out, at the end", tell.unit, (tell.flow(day, net), turned))
        return None, came_out.told(ref=ref)
    if not added:
        return None, None
    return (
        leaf(NodeKind.EVENT, "Went in, from the start", tell.unit, added, ref).told(note=note),
        leaf(NodeKind.EVENT, "Came out, at the end", tell.unit, left, ref).told(note=note),
    )


def _bridged(link: Link, how: Chaining, tell: Telling) -> Node:
    """Days of unknown value on which money moved: gain over average capital."""
    since, until = link.before.as_of, link.after.as_of
    days = (until - since).days
    closed = [tell.nav(until, link.after.nav or ZERO, f"NAV of {until.isoformat()}")]
    if link.cost:
        closed.append(tell.cost(link))
    opened = tell.nav(since, link.before.nav or ZERO, f"NAV of {since.isoformat()}")
    dated = [*link.waiting, (until, link.after.external_flow or ZERO)]
    flows, weighted = [], [opened]
    for (place, amount), (day, _) in zip(_placed(link, how), dated, strict=True):
        if not amount:
            continue
        flows.append(tell.flow(day, amount))
        left = constant(Decimal(days - place), "days it was there")
        share = quotient("Part of the days", RATIO, left, constant(Decimal(days), "days"))
        label = f"Flow of {day.isoformat()}"
        weighted.append(product(label, tell.unit, (tell.flow(day, amount), share), "flow × part"))
    kept = _summed("NAV before costs", tell.unit, closed)
    gain = minus("Gain", tell.unit, (kept, opened, *flows), "NAV after − NAV before − flows")
    capital = total("Average capital", tell.unit, weighted, "NAV before + flow × part of the days")
    ratio = quotient("Modified Dietz", RATIO, gain, capital, "gain ÷ average capital")
    note = "values between were not known"
    return total("", RATIO, (constant(ONE, "1"), ratio), "1 + gain ÷ average capital").told(
        note=note, page="twrr"
    )


@exact
def growth_of(found: Sequence[Link]) -> Decimal | None:
    """The product of the days' factors; None when one is undefined."""
    growth = ONE
    for link in found:
        if link.growth is None:
            return None
        growth *= link.growth
    return growth


def periods(found: Sequence[Link], period: str | None) -> dict[str, list[Link]]:
    """Days by year or by month, or the days of one period: "2024" has months, "2024-03" days."""
    return grouped(found, lambda link: link.after.as_of, period)


@exact
def flows_worth(
    flows: Sequence[tuple[date, Decimal, str]], growth: Decimal, day_count: int, unit: str
) -> Node:
    """Every flow at what it is worth on the first day, if the span grows so: nothing in all.

    Args:
        flows: (day, amount from the investor's side, label); the first is the opening value.
        growth: 1 + the return of the whole span.
        day_count: Days of the span, at least one.
        unit: Currency.
    """
    first = flows[0][0]
    told = []
    for day, amount, label in flows:
        place = (day - first).days
        factor = growth ** (Decimal(-place) / Decimal(day_count))
        paid = leaf(NodeKind.EVENT, label, unit, amount, Ref(day=day))
        worth = constant(factor, f"growth to the power −{place}/{day_count}", RATE)
        told.append(product(label, unit, (paid, worth), "flow × discount").told(ref=Ref(day=day)))
    return total("Worth of all flows on the first day", unit, told, "adds up to nothing").told(
        page="mwrr"
    )
