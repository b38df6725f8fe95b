"""Why a portfolio did otherwise than its benchmark: other weights, other holdings, or both.

    allocation = (wp - wb)(rb - RB)   selection = wb (rp - rb)   interaction = (wp - wb)(rp - rb)

of each group and period, with RB the benchmark's own return; linked over periods as Carino.
Source: G. Brinson and N. Fachler, "Measuring Non-US Equity Portfolio Performance", Journal of
Portfolio Management 11(3), 1985.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.performance.attribution import VERSION, GroupDays
from truenav.core.performance.blend import Rebalancing, period_of
from truenav.core.performance.linking import Step, coefficients
from truenav.core.versions import versioned

ZERO, ONE = Decimal(0), Decimal(1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GroupPeriod:
    """A group in one period: weights and returns of the portfolio and of the benchmark.

    A return is None of a group that one of them does not hold.
    """

    own_weight: Decimal
    own_return: Decimal | None
    other_weight: Decimal
    other_return: Decimal | None


@dataclass(frozen=True, slots=True)
class Effects:
    """Parts of the difference, as ratios."""

    allocation: Decimal = ZERO
    selection: Decimal = ZERO
    interaction: Decimal = ZERO

    @property
    @exact
    def total(self) -> Decimal:
        """All three."""
        return self.allocation + self.selection + self.interaction

    @exact
    def plus(self, other: "Effects", factor: Decimal) -> "Effects":
        """These, and others times a factor."""
        return Effects(
            self.allocation + other.allocation * factor,
            self.selection + other.selection * factor,
            self.interaction + other.interaction * factor,
        )


@exact
def brinson_fachler(of: GroupPeriod, benchmark: Decimal) -> Effects:
    """The effects of one group in one period.

    Args:
        of: The group.
        benchmark: RB, the return of the whole benchmark.

    Returns:
        A group the benchmark does not hold returns RB in it, so what it brought is interaction; one
        the portfolio does not hold returns what the benchmark's does, so leaving it out is
        allocation.
    """
    other = benchmark if of.other_return is None else of.other_return
    own = other if of.own_return is None else of.own_return
    over = of.own_weight - of.other_weight
    return Effects(
        over * (other - benchmark), of.other_weight * (own - other), over * (own - other)
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Linked effects of each group; with `residual` they add up to `own` - `benchmark`."""

    groups: Mapping[str, Effects]
    own: Decimal
    benchmark: Decimal
    residual: Decimal


@versioned(VERSION)
@exact
def linked_effects(
    periods: Sequence[Mapping[str, GroupPeriod]], growth: Sequence[Decimal]
) -> Compared:
    """Every group's effects over all periods.

    Args:
        periods: Each group's weights and returns, period by period.
        growth: 1 + the portfolio's own return of each period, > 0.

    Returns:
        The residual is what groups do not tell: what moved between them within a period counts in
        the capital of both.
    """
    benchmarks = [
        sum((g.other_weight * (g.other_return or ZERO) for g in of.values()), ZERO)
        for of in periods
    ]
    factors = coefficients(growth, [ONE + of for of in benchmarks])
    found: dict[str, Effects] = {}
    for of, benchmark, factor in zip(periods, benchmarks, factors, strict=True):
        for key, group in of.items():
            effects = brinson_fachler(group, benchmark)
            found[key] = found.get(key, Effects()).plus(effects, factor)
    own, other = ONE, ONE
    for step, benchmark in zip(growth, benchmarks, strict=True):
        own, other = own * step, other * (ONE + benchmark)
    told = sum((effects.total for effects in found.values()), ZERO)
    return Compared(found, own - ONE, other - ONE, own - other - told)


@dataclass(frozen=True, slots=True)
class Member:
    """What a benchmark has in a group: its weight in the whole, and its level on each day."""

    group: str
    weight: Decimal
    levels: Sequence[Decimal]

    @exact
    def earned(self, step: Step) -> Decimal:
        """Its return of a step."""
        return self.levels[step.end] / self.levels[step.start] - ONE


@exact
def group_periods(
    groups: Mapping[str, GroupDays], members: Sequence[Member], steps: Sequence[Step],
    weights: Sequence[Sequence[Decimal]],
) -> list[dict[str, GroupPeriod]] | None:  # fmt: skip
    """Weights and returns of each step; None when a value or a flow of a group is not known.

    Args:
        groups: The portfolio's, by day.
        members: Of the benchmark. A group of several weighs what they do together, and returns
            what they do by their weights.
        steps: The portfolio's linked days.
        weights: Of each member at the start of each step.
    """
    found = []
    for step, of_members in zip(steps, weights, strict=True):
        others = _others(members, of_members, step)
        period: dict[str, GroupPeriod] = {}
        for key in {*groups, *others}:
            own = _own(groups.get(key), step)
            if own is None:
                return None
            period[key] = GroupPeriod(*own, *others.get(key, (ZERO, None)))
        found.append(period)
    return found


def _others(
    members: Sequence[Member], weights: Sequence[Decimal], step: Step
) -> dict[str, tuple[Decimal, Decimal]]:
    """The benchmark's weight and return of each of its groups."""
    inside: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for member, weight in zip(members, weights, strict=True):
        inside.setdefault(member.group, []).append((weight, member.earned(step)))
    found = {}
    for key, of in inside.items():
        weight = sum((w for w, _ in of), ZERO)
        # one alone may weigh nothing, and has its return all the same
        earned = of[0][1] if len(of) == 1 else sum((w * r for w, r in of), ZERO) / weight
        found[key] = weight, earned
    return found


def _own(of: GroupDays | None, step: Step) -> tuple[Decimal, Decimal | None] | None:
    """A group's weight in the capital at work, and its return; nothing when it has no capital."""
    if of is None or step.capital <= 0:
        return ZERO, None
    before, after = of.values[step.start], of.values[step.end]
    flow = of.flow(step.start + 1, step.end)
    if before is None or after is None or flow is None:
        return None
    capital = before + flow.at_start(before)
    if not capital:
        return ZERO, None
    return capital / step.capital, (after - before - flow.net) / capital


@exact
def member_weights(
    members: Sequence[Member],
    days: Sequence[date],
    steps: Sequence[Step],
    rebalancing: Rebalancing,
) -> list[list[Decimal]]:
    """The weight of each member at the start of each step.

    They drift with the levels from the close of a period's last day to that of the next;
    rebalanced daily they are the targets.
    """
    found: list[list[Decimal]] = []
    base = steps[0].start if steps else 0
    for step in steps:
        at, before = days[step.start] + DAY, days[base] + DAY
        if period_of(at, rebalancing) != period_of(before, rebalancing):
            base = step.start
        worth = [of.weight * of.levels[step.start] / of.levels[base] for of in members]
        whole = sum(worth, ZERO)
        found.append([amount / whole for amount in worth])
    return found
