"""Contributions of a span by any grouping, and the effects beside a blend of instruments."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.performance import attribution_2026_1
from truenav.core.performance.attribution import (
    Contribution,
    GroupDays,
    Grouping,
    Linked,
    average_weight,
    contributions,
    group_days,
    linked_steps,
)
from truenav.core.performance.linking import Steps, coefficients, steps_of, why_not_linked
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.features.performance.attribution_given import (
    GivenAttribution,
    Parts,
    given_attribution,
)
from truenav.features.performance.attribution_groups import Grouped, grouping_by, label_of
from truenav.features.performance.attribution_schemas import (
    AttributionOut,
    By,
    ComparisonOut,
    ContributionOut,
)
from truenav.features.performance.blends import Other
from truenav.features.performance.comparison import compared_with_blend, group_return
from truenav.features.performance.service import (
    Measured,
    conventions,
    measured_of,
    rounded,
    why_untold,
)
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation import repository
from truenav.features.valuation.explain import explained
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

METHOD = "daily contributions, linked as Cariño against 0"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Told:
    """What was worked out of the groups."""

    found: Mapping[str, Contribution]
    days: Mapping[str, GroupDays]
    linked: Sequence[Linked]


@dataclass(frozen=True, slots=True)
class Worked:
    """The linked days of a span, how its segments are grouped, and what the groups did."""

    of_span: Measured
    steps: Steps
    grouping: Grouping
    told: Told


async def attribution_of(
    uow: UnitOfWork, scope: Scope, wanted: Wanted, grouped: Grouped, other: Other | None
) -> AttributionOut:
    """Every group's part of the return, and the effects beside a benchmark if one is asked for.

    Raises:
        InvalidFields, NotFound: of a taxonomy, or what is compared with, that is none or cannot be
            put into these groups.
    """
    given = await given_attribution(uow, scope, wanted, grouped, other)
    busy = await repository.is_recomputing(uow.session)
    # years of days take a while, and others wait for the loop
    made = await asyncio.to_thread(attribution_from, given)
    return made.model_copy(update={"is_recomputing": busy})


def attribution_from(given: GivenAttribution) -> AttributionOut:
    """The page of attribution; of nothing but what is given."""
    return worked_out(given)[0]


def worked_out(given: GivenAttribution) -> tuple[AttributionOut, Worked | None]:
    """The same, and what was worked out on the way; None of a span without any day."""
    of_span, by = measured_of(given.span), given.by
    points = given.span.points
    wanted = of_span.wanted
    steps = steps_of(points, wanted.flow_timing, wanted.rules, is_slice=wanted.is_slice)
    reason = why_not_linked(steps)
    if not points:
        return _answer(of_span, by, reason, (), None, None), None
    grouping = grouping_by(by, given.of, given.instruments, given.categories)
    told = _told(given.parts, grouping, steps)
    comparison = None
    if given.blend is not None:
        comparison = compared_with_blend(of_span, steps, told.days, given.labels, given.blend)
    groups = _groups(of_span, told, given.labels)
    unknowns = {found for one in told.found.values() for found in one.unknowns}
    if reason == "value_unknown" and wanted.parts_version != attribution_2026_1.VERSION.number:
        unknowns |= {of for point in points if _is_unknown(point) for of in point.unknowns}
    answer = _answer(of_span, by, reason, groups, told, comparison)
    answer = answer.model_copy(update={"unknowns": explained(unknowns, given.instruments)})
    return answer, Worked(of_span, steps, grouping, told)


def _is_unknown(point: SeriesPoint) -> bool:
    return point.nav is None or point.external_flow is None


@exact
def _told(parts: Parts, grouping: Grouping, steps: Steps) -> Told:
    linked: list[Linked] = []
    if why_not_linked(steps) is None:
        factors = coefficients([step.growth for step in steps.items])
        linked = linked_steps(steps.items, factors)
    found = contributions(parts.accounts, parts.rates, grouping, linked)
    return Told(found, group_days(parts.accounts, parts.rates, grouping, parts.count), linked)


@exact
def _groups(of_span: Measured, told: Told, labels: Mapping[str, str]) -> list[ContributionOut]:
    if not told.linked:
        return []
    first, last = told.linked[0].step.start, told.linked[-1].step.end
    totals = [point.nav for point in of_span.span.points]
    groups = []
    for key, one in told.found.items():
        days = told.days[key]
        ratio, reason = group_return(of_span.wanted, days, first, last)
        if not one.gain and ratio is None and reason == "no_capital" and not days.net:
            continue  # nothing of it was there in this span
        groups.append(
            ContributionOut(
                key=key,
                label=labels.get(key) or label_of(key),
                gain=rounded(one.gain),
                contribution_ratio=rounded(one.total),
                local_ratio=rounded(one.local),
                currency_ratio=rounded(one.currency),
                cross_ratio=rounded(one.cross),
                average_weight_ratio=rounded(average_weight(days, totals, told.linked)),
                return_ratio=rounded(ratio),
                return_reason=why_untold(ratio) or reason,
                reasons=_reasons(one),
            )
        )
    return sorted(groups, key=lambda g: (-abs(g.contribution_ratio or ZERO), g.key))


def _reasons(of: Contribution) -> list[str]:
    if of.total is None:
        return sorted({unknown.reason_code for unknown in of.unknowns})
    parts = (of.total, of.local, of.currency, of.cross)
    return ["out_of_range"] if any(why_untold(part) for part in parts) else []


@exact
def _answer(
    of_span: Measured,
    by: By,
    reason: str | None,
    groups: Sequence[ContributionOut],
    told: Told | None,
    comparison: ComparisonOut | None,
) -> AttributionOut:
    points, given = of_span.span.points, of_span.given
    total = of_span.index.total if reason is None else None
    sums = [one.total for one in told.found.values()] if told and reason is None else [None]
    known = [amount for amount in sums if amount is not None]
    residual = None
    if total is not None and len(known) == len(sums):
        residual = total - sum(known, ZERO)
    gains = [one.gain for one in told.found.values()] if told and reason is None else [None]
    gain = None
    if None not in gains:
        gain = sum((amount for amount in gains if amount is not None), ZERO)
    return AttributionOut(
        currency=given.currency,
        as_of=given.as_of,
        from_date=points[0].as_of if points else None,
        to_date=points[-1].as_of if points else None,
        by=by,
        slice=given.slice,
        total_ratio=rounded(total),
        gain=rounded(gain),
        residual_ratio=rounded(residual),
        reason=reason or why_untold(total) or (None if residual is not None else "value_unknown"),
        groups=list(groups),
        comparison=comparison,
        unknowns=[],
        method=METHOD,
        conventions=conventions(of_span.index, of_span.wanted),
        calculation_version=of_span.wanted.parts_version,
        is_recomputing=of_span.is_recomputing,
    )
