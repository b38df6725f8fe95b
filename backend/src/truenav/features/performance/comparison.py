"""A portfolio beside a benchmark by groups: what other weights and other holdings did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from truenav.core.money import exact, to_decimal_places
from truenav.core.performance import attribution_2026_1
from truenav.core.performance.attribution import GroupDays, average_weight, own_return
from truenav.core.performance.attribution import linked_steps as placed
from truenav.core.performance.brinson import (
    Compared,
    Effects,
    GroupPeriod,
    group_periods,
    linked_effects,
    member_weights,
)
from truenav.core.performance.linking import Steps, why_not_linked
from truenav.features.performance.attribution_groups import label_of
from truenav.features.performance.attribution_schemas import (
    ComparedWithOut,
    ComparisonOut,
    EffectsOut,
    MemberOut,
)
from truenav.features.performance.blends_given import GivenBlend
from truenav.features.performance.service import PLACES, Measured, rounded, why_untold
from truenav.features.performance.wanted import Wanted

METHOD = "Brinson–Fachler, daily, linked as Cariño"
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Stepwise:
    """Weights and returns of each group in each step, and the weights of the members in them."""

    periods: Sequence[Mapping[str, GroupPeriod]]
    weights: Sequence[Sequence[Decimal]]


def compared_with_blend(
    of_span: Measured,
    steps: Steps,
    groups: Mapping[str, GroupDays],
    labels: Mapping[str, str],
    blend: GivenBlend,
) -> ComparisonOut:
    """What other weights and other holdings did; null with a reason where something is missing."""
    reason = why_not_linked(steps) or _missing(blend, steps)
    if reason is not None:
        return _unknown(blend, reason)
    by_step = stepwise(of_span, steps, groups, blend)
    if by_step is None:
        return _unknown(blend, "value_unknown")
    found = linked_effects(by_step.periods, [step.growth for step in steps.items])
    if not _can_be_told(found):
        return _unknown(blend, "out_of_range")
    return _told(of_span, steps, groups, blend, labels, (by_step, found))


def _can_be_told(found: Compared) -> bool:
    totals = (found.own, found.benchmark, found.residual)
    effects = [
        figure
        for one in found.groups.values()
        for figure in (one.allocation, one.selection, one.interaction, one.total)
    ]
    return not any(why_untold(figure) for figure in (*totals, *effects))


def _missing(blend: GivenBlend, steps: Steps) -> str | None:
    places = [place for step in steps.items for place in (step.start, step.end)]
    known = all(of.levels[place] for of in blend.parts for place in places)
    return None if known else "price_missing"


@exact
def stepwise(
    of_span: Measured, steps: Steps, groups: Mapping[str, GroupDays], blend: GivenBlend
) -> Stepwise | None:
    """Of a blend whose levels are known; None when a value of the portfolio's groups is not."""
    days = [point.as_of for point in of_span.span.points]
    members = blend.members
    weights = member_weights(members, days, steps.items, blend.rebalancing)
    periods = group_periods(groups, members, steps.items, weights)
    return None if periods is None else Stepwise(periods, weights)


@exact
def _told(  # one answer, from what was worked out before
    of_span: Measured,
    steps: Steps,
    groups: Mapping[str, GroupDays],
    blend: GivenBlend,
    labels: Mapping[str, str],
    made: tuple[Stepwise, Compared],
) -> ComparisonOut:
    by_step, found = made
    targets = blend.targets
    # of a span of one day there is no step, and no group did anything
    first, last = (steps.items[0].start, steps.items[-1].end) if steps.items else (0, 0)
    totals = [point.nav for point in of_span.span.points]
    linked = placed(steps.items, [ONE] * len(steps.items))

    def effects(key: str, one: Effects) -> EffectsOut:
        own, members = groups.get(key), _members(blend, key, first, last)
        only = members[0] if len(members) == 1 else None
        return EffectsOut(
            key=key,
            label=labels.get(key) or label_of(key),
            instrument_id=only.instrument_id if only else None,
            symbol=only.symbol if only else None,
            weight_ratio=targets.get(key, Decimal(0)),
            benchmark_return_ratio=only.return_ratio
            if only
            else _linked(by_step, key)
            if members
            else None,
            return_ratio=rounded(group_return(of_span.wanted, own, first, last)[0])
            if own
            else None,
            average_weight_ratio=rounded(average_weight(own, totals, linked)) if own else None,
            allocation_ratio=to_decimal_places(one.allocation, PLACES),
            selection_ratio=to_decimal_places(one.selection, PLACES),
            interaction_ratio=to_decimal_places(one.interaction, PLACES),
            total_ratio=to_decimal_places(one.total, PLACES),
            members=[] if only else members,
        )

    told = [effects(key, one) for key, one in found.groups.items() if key in targets or one.total]
    return ComparisonOut(
        rebalancing=blend.rebalancing,
        method=METHOD,
        portfolio_ratio=rounded(found.own),
        benchmark_ratio=rounded(found.benchmark),
        excess_ratio=rounded(found.own - found.benchmark),
        groups=sorted(told, key=lambda one: (-abs(one.total_ratio), one.key)),
        residual_ratio=rounded(found.residual),
        reason=None,
        benchmark=_benchmark(blend),
    )


def _members(blend: GivenBlend, key: str, first: int, last: int) -> list[MemberOut]:
    found = []
    for part in blend.of(key):
        start, end = part.levels[first], part.levels[last]
        found.append(
            MemberOut(
                instrument_id=part.instrument_id,
                symbol=part.symbol,
                weight_ratio=part.weight,
                return_ratio=rounded(end / start - ONE) if start and end else None,
            )
        )
    return found


def _linked(by_step: Stepwise, key: str) -> Decimal | None:
    """What several members returned together over the span, by their weights of each day."""
    growth = ONE
    for of in by_step.periods:
        growth *= ONE + (of[key].other_return or Decimal(0))
    return rounded(growth - ONE)


def _benchmark(blend: GivenBlend) -> ComparedWithOut | None:
    of = blend.benchmark
    if of is None:
        return None
    return ComparedWithOut(
        benchmark_id=of.benchmark_id, symbol=of.symbol, name=of.name, basis=of.basis,
        split_members="return_of_the_whole",
    )  # fmt: skip


def group_return(
    wanted: Wanted, of: GroupDays, first: int, last: int
) -> tuple[Decimal | None, str | None]:
    """A group's own return as the version of attribution means it, or why there is none."""
    if wanted.parts_version == attribution_2026_1.VERSION.number:
        return attribution_2026_1.own_return(of, first, last)
    return own_return(of, first, last)


def _unknown(blend: GivenBlend, reason: str) -> ComparisonOut:
    return ComparisonOut(
        rebalancing=blend.rebalancing, method=METHOD, portfolio_ratio=None,
        benchmark_ratio=None, excess_ratio=None, groups=[], residual_ratio=None, reason=reason,
        benchmark=_benchmark(blend),
    )  # fmt: skip
