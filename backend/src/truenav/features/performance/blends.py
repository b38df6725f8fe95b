"""A benchmark made of instruments, one a group: its weights, its levels, and what differs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query

from truenav.core.money import exact, to_decimal_places
from truenav.core.performance import attribution_2026_1
from truenav.core.performance.attribution import GroupDays, average_weight, own_return
from truenav.core.performance.attribution import linked_steps as placed
from truenav.core.performance.blend import Rebalancing
from truenav.core.performance.brinson import (
    Compared,
    Effects,
    GroupPeriod,
    blend_weights,
    group_periods,
    linked_effects,
)
from truenav.core.performance.linking import Steps, why_not_linked
from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.performance.attribution_groups import label_of
from truenav.features.performance.attribution_schemas import ComparisonOut, EffectsOut
from truenav.features.performance.benchmark_levels import benchmark_levels
from truenav.features.performance.benchmarks import of_instrument
from truenav.features.performance.service import PLACES, Measured, rounded, why_untold
from truenav.features.performance.wanted import Wanted
from truenav.platform.problems import InvalidFields, NotFound
from truenav.platform.unit_of_work import UnitOfWork

METHOD = "Brinson–Fachler, daily, linked as Cariño"
PART = re.compile(r"([A-Za-z0-9_:-]{1,60}):([0-9a-f-]{36}):(0(?:\.\d{1,6})?|1(?:\.0{1,6})?)")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class BlendPart:
    """The instrument that stands for a group, and its weight."""

    group: str
    instrument_id: UUID
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Blend:
    """Parts whose weights add up to 1, and when they return to them."""

    parts: Sequence[BlendPart]
    rebalancing: Rebalancing


@dataclass(frozen=True, slots=True)
class GivenPart:
    """One part with what its instrument is called, and its levels on the days of a span."""

    group: str
    instrument_id: UUID
    symbol: str
    weight: Decimal
    levels: Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class GivenBlend:
    """A blend with everything a comparison with it reads."""

    parts: Sequence[GivenPart]
    rebalancing: Rebalancing

    @property
    def targets(self) -> dict[str, Decimal]:
        """The weight of each group."""
        return {part.group: part.weight for part in self.parts}

    @property
    def levels(self) -> dict[str, Sequence[Decimal | None]]:
        """The levels of each group."""
        return {part.group: part.levels for part in self.parts}


BlendText = Annotated[
    str,
    Query(pattern=f"^{PART.pattern}$"),
]
Blended = Annotated[
    list[BlendText] | None,
    Query(
        alias="blend",
        max_length=20,
        description="The benchmark: `group:instrument id:weight`, once a group; weights add up"
        " to 1. Groups are named as in the answer, such as `equity` by asset class",
    ),
]
Balanced = Annotated[Rebalancing, Query(description="When the benchmark returns to its weights")]


def asked_blend(
    blended: Blended = None, rebalancing: Balanced = Rebalancing.MONTHLY
) -> Blend | None:
    """The benchmark of a request; None without one.

    Raises:
        InvalidFields: a group is named twice, or weights do not add up to 1.
    """
    parts = [_part(text) for text in blended or ()]
    if not parts:
        return None
    if len({part.group for part in parts}) < len(parts):
        raise _refused("name each group once")
    if sum((part.weight for part in parts), Decimal(0)) != ONE:
        raise _refused("weights add up to 1")
    return Blend(parts, rebalancing)


def _part(text: str) -> BlendPart:
    found = PART.fullmatch(text)
    if found is None:
        raise _refused("name a group, an instrument's id and a weight")
    try:
        return BlendPart(found[1], UUID(found[2]), Decimal(found[3]))
    except ValueError as error:
        raise _refused("name an instrument by its id") from error


def _refused(detail: str) -> InvalidFields:
    return InvalidFields([("/query/blend", detail)])


async def given_blend(
    uow: UnitOfWork, currency: str, days: Sequence[date], blend: Blend
) -> GivenBlend:
    """What stands for each group, and what it was worth.

    Raises:
        NotFound: no such instrument.
    """
    parts = []
    for part, row in zip(blend.parts, await stand_ins(uow, blend), strict=True):
        found = await benchmark_levels(uow, of_instrument(row), currency, days)
        parts.append(GivenPart(part.group, row.id, row.symbol, part.weight, found.values))
    return GivenBlend(parts, blend.rebalancing)


async def stand_ins(uow: UnitOfWork, blend: Blend) -> list[InstrumentRow]:
    """The instruments of a blend, in its order.

    Raises:
        NotFound: no such instrument.
    """
    rows = []
    for part in blend.parts:
        row = await find_visible(uow.session, part.instrument_id)
        if row is None:
            raise NotFound("no such instrument")
        rows.append(row)
    return rows


def compared_with_blend(
    of_span: Measured,
    steps: Steps,
    groups: Mapping[str, GroupDays],
    labels: Mapping[str, str],
    blend: GivenBlend,
) -> ComparisonOut:
    """What other weights and other holdings did; null with a reason where something is missing."""
    reason = why_not_linked(steps) or _missing(blend.levels, steps)
    if reason is not None:
        return _unknown(blend, reason)
    made = _compared(of_span, steps, groups, blend)
    if made is None:
        return _unknown(blend, "value_unknown")
    if not _can_be_told(made):
        return _unknown(blend, "out_of_range")
    return _told(of_span, steps, groups, blend, labels, made)


def _can_be_told(found: Compared) -> bool:
    totals = (found.own, found.benchmark, found.residual)
    effects = [
        figure
        for one in found.groups.values()
        for figure in (one.allocation, one.selection, one.interaction, one.total)
    ]
    return not any(why_untold(figure) for figure in (*totals, *effects))


def _missing(levels: Mapping[str, Sequence[Decimal | None]], steps: Steps) -> str | None:
    places = [place for step in steps.items for place in (step.start, step.end)]
    known = all(of[place] for of in levels.values() for place in places)
    return None if known else "price_missing"


@exact
def _compared(
    of_span: Measured,
    steps: Steps,
    groups: Mapping[str, GroupDays],
    blend: GivenBlend,
) -> Compared | None:
    periods = periods_of(of_span, steps, groups, blend)
    if periods is None:
        return None
    return linked_effects(periods, [step.growth for step in steps.items])


@exact
def periods_of(
    of_span: Measured, steps: Steps, groups: Mapping[str, GroupDays], blend: GivenBlend
) -> list[dict[str, GroupPeriod]] | None:
    """Weights and returns of each group in each step; None when one of the portfolio's is unknown.

    The levels are known on every day a step begins or ends with.
    """
    days = [point.as_of for point in of_span.span.points]
    known = {key: [level or ONE for level in of] for key, of in blend.levels.items()}
    weights = blend_weights(blend.targets, known, days, steps.items, blend.rebalancing)
    return group_periods(groups, known, steps.items, weights)


@exact
def _told(  # one answer, from what was worked out before
    of_span: Measured,
    steps: Steps,
    groups: Mapping[str, GroupDays],
    blend: GivenBlend,
    labels: Mapping[str, str],
    found: Compared,
) -> ComparisonOut:
    parts, targets = {part.group: part for part in blend.parts}, blend.targets
    # of a span of one day there is no step, and no group did anything
    first, last = (steps.items[0].start, steps.items[-1].end) if steps.items else (0, 0)
    totals = [point.nav for point in of_span.span.points]
    linked = placed(steps.items, [ONE] * len(steps.items))

    def effects(key: str, one: Effects) -> EffectsOut:
        own, part = groups.get(key), parts.get(key)
        start, end = (part.levels[first], part.levels[last]) if part else (None, None)
        return EffectsOut(
            key=key,
            label=labels.get(key) or label_of(key),
            instrument_id=part.instrument_id if part else None,
            symbol=part.symbol if part else None,
            weight_ratio=targets.get(key, Decimal(0)),
            benchmark_return_ratio=rounded(end / start - ONE) if start and end else None,
            return_ratio=rounded(group_return(of_span.wanted, own, first, last)[0])
            if own
            else None,
            average_weight_ratio=rounded(average_weight(own, totals, linked)) if own else None,
            allocation_ratio=to_decimal_places(one.allocation, PLACES),
            selection_ratio=to_decimal_places(one.selection, PLACES),
            interaction_ratio=to_decimal_places(one.interaction, PLACES),
            total_ratio=to_decimal_places(one.total, PLACES),
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
    )


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
    )  # fmt: skip
