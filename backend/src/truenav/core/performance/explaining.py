"""Returns as figures that prove themselves: linked days, and flows worth nothing in all."""

from collections.abc import Sequence
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
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.twrr import counted_timing, day_growth
from truenav.core.valuation.consolidation import SeriesPoint

ONE = Decimal(1)
ZERO = Decimal(0)
YEARS_FROM = 25  # months; longer spans are told by year


@dataclass(frozen=True, slots=True)
class Link:
    """One linked day: what the day before (or the last known one) ended with, and this one."""

    before: SeriesPoint
    after: SeriesPoint


@exact
def links(points: Sequence[SeriesPoint]) -> tuple[list[Link], Node | None]:
    """The days of a chain, and what breaks it, if something does."""
    found: list[Link] = []
    before: SeriesPoint | None = None
    for point in points:
        if before is None:
            before = point if point.nav is not None and point.nav > 0 else None
            continue
        if point.nav is None and point.external_flow == ZERO:
            continue  # the chain goes on from the last known day
        if point.nav is None or point.external_flow is None:
            return found, _broken(point, "value_unknown")
        found.append(Link(before, point))
        before = point
    return found, None if before is not None else unknown("Return", RATIO, "no_capital")


def _broken(point: SeriesPoint, reason: str) -> Node:
    note = ", ".join(f"{u.reason_code} {u.subject}" for u in point.unknowns)
    label = f"The chain breaks on {point.as_of.isoformat()}"
    return unknown(label, RATIO, reason, Ref(day=point.as_of), note)


@exact
def day_factor(link: Link, timing: FlowTiming, unit: str) -> Node:
    """1 + r of one day: value after over value before, the flow where the timing puts it."""
    before, after = link.before.nav or ZERO, link.after.nav or ZERO
    flow = link.after.external_flow or ZERO
    label, ref = link.after.as_of.isoformat(), Ref(day=link.after.as_of)
    growth = day_growth(before, after, flow, timing)
    timing = counted_timing(before, flow, timing)
    if growth is None:
        return unknown(label, RATIO, "no_capital", ref)
    if (before + flow == ZERO and timing is FlowTiming.START_OF_DAY) or not growth:
        return constant(growth, label).told(ref=ref, note="nothing was invested")
    opened = leaf(NodeKind.EVENT, f"NAV of {link.before.as_of.isoformat()}", unit, before,
                  Ref(day=link.before.as_of))  # fmt: skip
    closed = leaf(NodeKind.EVENT, f"NAV of {label}", unit, after, ref)
    over, under = closed, opened
    if flow:
        paid = leaf(NodeKind.EVENT, "Paid in or out", unit, flow, ref)
        if timing is FlowTiming.START_OF_DAY:
            under = total("NAV and what was paid in", unit, (opened, paid))
        else:
            over = minus("NAV without what was paid in", unit, (closed, paid))
    return quotient(label, RATIO, over, under, "value after ÷ value before").told(ref=ref)


@exact
def growth_of(found: Sequence[Link], timing: FlowTiming) -> Decimal | None:
    """The product of the days' factors; None when one is undefined."""
    growth = ONE
    for link in found:
        step = day_growth(
            link.before.nav or ZERO, link.after.nav or ZERO, link.after.external_flow or ZERO,
            timing,
        )  # fmt: skip
        if step is None:
            return None
        growth *= step
    return growth


def periods(found: Sequence[Link], within: str | None) -> dict[str, list[Link]]:
    """Days by year or by month, or the days of one period: "2024" has months, "2024-03" days."""
    mine = [
        link for link in found if within is None or link.after.as_of.isoformat().startswith(within)
    ]
    months = {link.after.as_of.isoformat()[:7] for link in mine}
    length = 7 if within is not None or len(months) < YEARS_FROM else 4
    if within is not None and len(within) == len("2024-03"):
        length = 10
    grouped: dict[str, list[Link]] = {}
    for link in mine:
        grouped.setdefault(link.after.as_of.isoformat()[:length], []).append(link)
    return grouped


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
