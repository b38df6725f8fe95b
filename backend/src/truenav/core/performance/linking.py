"""Single-period effects over many periods, so that they add up to what was earned over all."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.performance.day_growth import day_capital, day_growth
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.rules import NEWEST, Rules
from truenav.core.performance.slice_growth import SliceFlow, slice_growth
from truenav.core.valuation.consolidation import SeriesPoint

ZERO, ONE = Decimal(0), Decimal(1)
# of sixty digits so many are left of logarithms that differ by less, and the limit is as near
SAME = Decimal("1E-30")


@dataclass(frozen=True, slots=True)
class Step:
    """From the close of the day numbered `start` to that of `end`: capital at work, and 1 + r.

    A step without capital, or with too little to make a rate of (`is_tiny`), has a capital of 0
    and a growth of 1: what it brought is no rate.
    """

    start: int
    end: int
    capital: Decimal
    growth: Decimal
    is_tiny: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """The linked days of a span; `reason` says why there are none, or where they end."""

    items: tuple[Step, ...]
    reason: str | None = None

    @property
    @exact
    def total(self) -> Decimal | None:
        """The time-weighted return they link to."""
        if self.reason is not None:
            return None
        growth = ONE
        for step in self.items:
            growth *= step.growth
        return growth - ONE


@exact
def steps_of(
    points: Sequence[SeriesPoint], timing: FlowTiming, rules: Rules = NEWEST, *, is_slice: bool
) -> Steps:
    """The days as `return_index` links them; over days of unknown value when nothing flowed.

    Args:
        points: Values and flows, oldest first.
        timing: When a flow counts within its day; a slice has its own.
        rules: Those of the version of the return.
        is_slice: Whether they are of a slice.
    """
    items: list[Step] = []
    before: tuple[int, Decimal] | None = None
    for index, point in enumerate(points):
        value, flow = point.nav, point.external_flow
        if before is None:
            if value is not None and (value > 0 or (is_slice and not value)):
                before = index, value
            continue
        if value is None and flow == ZERO:
            continue
        if value is None or flow is None:
            return Steps(tuple(items), "value_unknown")
        moved = SliceFlow(flow, point.turned) if is_slice else None
        made = _step(before[1], value, flow, moved, timing, rules)
        if made is None:
            is_negative = value < 0 or before[1] < 0
            return Steps(tuple(items), "negative_value" if is_negative else "no_capital")
        capital, growth = made
        is_tiny = rules.is_tiny(capital)
        items.append(Step(before[0], index, ZERO if is_tiny else capital, growth, is_tiny))
        before = index, value
    if before is None:
        return Steps((), rules.unbegun(point.nav for point in points))
    return Steps(tuple(items), "value_unknown" if points[-1].nav is None else None)


def _step(  # a day's figures, and how it is linked
    before: Decimal,
    value: Decimal,
    flow: Decimal,
    moved: SliceFlow | None,
    timing: FlowTiming,
    rules: Rules,
) -> tuple[Decimal, Decimal] | None:
    if moved is None:
        growth = day_growth(before, value, flow, timing, rules=rules)
        return None if growth is None else (day_capital(before, flow, timing, rules), growth)
    growth = slice_growth(before, value, moved, rules=rules)
    if growth is None:
        return (ZERO, ONE) if before >= 0 and value >= 0 else None
    return before + moved.at_start(before), growth


@exact
def coefficients(growth: Sequence[Decimal], beside: Sequence[Decimal] | None = None) -> list[
    Decimal
]:  # fmt: skip
    """What each period's effects are multiplied by so that they add up over all.

        k_t = (ln(1 + R_t) - ln(1 + B_t)) / (R_t - B_t), and k the same of the whole span; k_t / k

    Args:
        growth: 1 + R_t of each period, > 0.
        beside: 1 + B_t of the benchmark, > 0; without one it is 1 throughout, and effects add up
            to the return itself.

    Returns:
        One factor a period. Where R_t = B_t, k_t is its limit, 1 / (1 + R_t).
    Source: D. Cariño, "Combining Attribution Effects over Time", Journal of Performance
    Measurement 3(4), 1999.
    """
    others = beside or [ONE] * len(growth)
    whole, other = ONE, ONE
    for own, of in zip(growth, others, strict=True):
        whole, other = whole * own, other * of
    overall = k_of(whole, other)
    return [k_of(own, of) / overall for own, of in zip(growth, others, strict=True)]


@exact
def k_of(own: Decimal, other: Decimal) -> Decimal:
    """K of a period whose growth is `own`, beside another's; at equal growth its limit."""
    if abs(own - other) <= SAME * own:
        return ONE / own
    return (own.ln() - other.ln()) / (own - other)


def why_not_linked(steps: Steps) -> str | None:
    """Why effects cannot be linked; a total loss has no logarithm."""
    if steps.reason is not None:
        return steps.reason
    return "total_loss" if any(not step.growth for step in steps.items) else None
