"""Contributions of a span by any grouping, and the effects beside a blend of instruments."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.money import exact
from truenav.core.performance.attribution import (
    VERSION,
    AccountParts,
    Contribution,
    GroupDays,
    Grouping,
    Linked,
    average_weight,
    contributions,
    group_days,
    linked_steps,
    own_return,
)
from truenav.core.performance.linking import Steps, coefficients, steps_of, why_not_linked
from truenav.core.valuation.columns import Timeline
from truenav.core.valuation.nav import Market
from truenav.core.valuation.segment_values import (
    Rates,
    rates_by_day,
    segment_values,
    valued_moves,
)
from truenav.core.valuation.segments import Move, Segment
from truenav.core.valuation.slices import Slice, merged
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.performance.attribution_groups import (
    categories_for,
    grouping_by,
    label_of,
    labels_of,
)
from truenav.features.performance.attribution_schemas import (
    AttributionOut,
    By,
    ComparisonOut,
    ContributionOut,
)
from truenav.features.performance.blends import Blend, compared_with_blend
from truenav.features.performance.service import Measured, conventions, measured, rounded
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation import repository
from truenav.features.valuation.explain import explained
from truenav.features.valuation.series import Scope
from truenav.features.valuation.slice_series import held_with_due, market_for, moves_in
from truenav.features.valuation.slicing import everything
from truenav.platform.unit_of_work import UnitOfWork

METHOD = "daily contributions, linked as Cariño against 0"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Grouped:
    """What the groups are; a taxonomy is named by its id."""

    by: By
    taxonomy_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What a scope was made of on the days of a span."""

    accounts: Sequence[AccountParts]
    rates: Mapping[str, Rates]
    count: int


@dataclass(frozen=True, slots=True)
class Told:
    """What was worked out of the groups."""

    found: Mapping[str, Contribution]
    days: Mapping[str, GroupDays]
    linked: Sequence[Linked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What contributions are worked out from; `parts` is None of a span without any day."""

    by: By
    of_span: Measured
    steps: Steps
    reason: str | None
    grouping: Grouping
    labels: Mapping[str, str]
    instruments: Mapping[UUID, InstrumentRow]
    parts: Parts | None


async def gathered(uow: UnitOfWork, scope: Scope, wanted: Wanted, grouped: Grouped) -> Gathered:
    """The linked days of a span, what moved among its segments, and how they are grouped.

    Raises:
        InvalidFields, NotFound: of a taxonomy that is none.
    """
    by = grouped.by
    categories = await categories_for(uow, by, grouped.taxonomy_id)
    of_span = await measured(uow, scope, wanted)
    points = of_span.span.points
    steps = steps_of(points, of_span.wanted.flow_timing, is_slice=of_span.wanted.is_slice)
    of = scope.of or await everything(uow, scope.account_ids)
    instruments = await repository.instruments(uow.session, list(of.instruments))
    parts = None
    if points:
        parts = await _parts(uow, scope, of, (points[0].as_of, points[-1].as_of))
    return Gathered(
        by=by,
        of_span=of_span,
        steps=steps,
        reason=why_not_linked(steps),
        grouping=grouping_by(by, of, instruments, categories),
        labels=labels_of(by, scope, instruments, categories),
        instruments=instruments,
        parts=parts,
    )


async def attribution_of(
    uow: UnitOfWork, scope: Scope, wanted: Wanted, grouped: Grouped, blend: Blend | None
) -> AttributionOut:
    """Every group's part of the return, and the effects beside the blend if one is asked for.

    Raises:
        InvalidFields, NotFound: of a taxonomy, or an instrument of the blend, that is none.
    """
    return (await attributed(uow, await gathered(uow, scope, wanted, grouped), blend))[0]


async def attributed(
    uow: UnitOfWork, given: Gathered, blend: Blend | None
) -> tuple[AttributionOut, Told | None]:
    """The answer, and what was worked out for it.

    Raises:
        NotFound: no such instrument of the blend.
    """
    of_span, steps = given.of_span, given.steps
    if given.parts is None:
        return _answer(of_span, given.by, given.reason, (), None, None), None
    told = await asyncio.to_thread(_told, given.parts, given.grouping, steps)
    comparison = None
    if blend is not None:
        comparison = await compared_with_blend(uow, of_span, steps, told.days, given.labels, blend)
    groups = _groups(of_span, told, given.labels)
    unknowns = {found for one in told.found.values() for found in one.unknowns}
    answer = _answer(of_span, given.by, given.reason, groups, told, comparison)
    unknown = explained(unknowns, given.instruments)
    return answer.model_copy(update={"unknowns": unknown}), told


async def _parts(uow: UnitOfWork, scope: Scope, of: Slice, span: tuple[date, date]) -> Parts:
    first, last = span
    count = (last - first).days + 1
    each: list[tuple[UUID, Timeline, list[Move]]] = []
    for account in scope.accounts:
        held = await held_with_due(uow, account, first, count)
        each.append((account.id, held, await moves_in(uow, account.id, of, first, last)))
    moves = [move for _, _, own in each for move in own]
    held = merged([held for _, held, _ in each])
    market = await market_for(uow, scope.currency, held, moves, of, span)
    return await asyncio.to_thread(_valued, each, market, of, scope.currency, first, count)


def _valued(  # what was held and moved, and how it is told
    each: Sequence[tuple[UUID, Timeline, Sequence[Move]]],
    market: Market,
    of: Slice,
    currency: str,
    first: date,
    count: int,
) -> Parts:
    only: set[Segment] = {*of.instruments, *of.cash}
    accounts = [
        AccountParts(
            account_id,
            segment_values(held, market, only, first_day=first, count=count),
            valued_moves(
                (m for m in moves if of.weight(m.source) or of.weight(m.target)),
                market, currency, first_day=first, count=count,
            ),
        )
        for account_id, held, moves in each
    ]  # fmt: skip
    codes = {v.currency for account in accounts for v in account.values.values() if v.currency}
    rates = rates_by_day(market.fx, codes, currency, first_day=first, count=count)
    return Parts(accounts, rates, count)


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
        ratio, reason = own_return(days, first, last)
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
                return_reason=reason,
                reasons=sorted({unknown.reason_code for unknown in one.unknowns})
                if one.total is None
                else [],
            )
        )
    return sorted(groups, key=lambda g: (-abs(g.contribution_ratio or ZERO), g.key))


@exact
def _answer(
    of_span: Measured,
    by: By,
    reason: str | None,
    groups: Sequence[ContributionOut],
    told: Told | None,
    comparison: ComparisonOut | None,
) -> AttributionOut:
    points, scope = of_span.span.points, of_span.scope
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
        currency=scope.currency,
        as_of=scope.as_of,
        from_date=points[0].as_of if points else None,
        to_date=points[-1].as_of if points else None,
        by=by,
        slice=scope.told,
        total_ratio=rounded(total),
        gain=rounded(gain),
        residual_ratio=rounded(residual),
        reason=reason or (None if residual is not None else "value_unknown"),
        groups=list(groups),
        comparison=comparison,
        unknowns=[],
        method=METHOD,
        conventions=conventions(of_span.index, of_span.wanted),
        calculation_version=VERSION.number,
        is_recomputing=of_span.is_recomputing,
    )
