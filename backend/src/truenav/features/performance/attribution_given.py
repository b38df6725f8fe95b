"""What a page of attribution is worked out from, in values that can be kept."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from truenav.core.performance.attribution import AccountParts
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
from truenav.features.performance.attribution_groups import (
    Categories,
    Classed,
    Grouped,
    categories_for,
    labels_of,
)
from truenav.features.performance.attribution_schemas import By
from truenav.features.performance.blends import Other
from truenav.features.performance.blends_given import GivenBlend, given_other
from truenav.features.performance.service import GivenSpan, given_span
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation import repository
from truenav.features.valuation.series import Scope
from truenav.features.valuation.slice_series import held_with_due, market_for, moves_in
from truenav.features.valuation.slicing import everything
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Parts:
    """What a scope was made of on the days of a span."""

    accounts: Sequence[AccountParts]
    rates: Mapping[str, Rates]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAttribution:
    """A span, its parts day by day, what they are and to which groups they belong; a benchmark."""

    span: GivenSpan
    by: By
    of: Slice
    parts: Parts
    instruments: Mapping[UUID, Classed]
    categories: Categories | None
    labels: Mapping[str, str]
    blend: GivenBlend | None


async def given_attribution(
    uow: UnitOfWork, scope: Scope, wanted: Wanted, grouped: Grouped, other: Other | None
) -> GivenAttribution:
    """What every group's part of the return follows from.

    Raises:
        InvalidFields, NotFound: of a taxonomy, or what is compared with, that is none or cannot be
            put into these groups.
    """
    categories = await categories_for(uow, grouped.by, grouped.taxonomy_id, scope.filters.chosen)
    span = await given_span(uow, scope, wanted)
    of = scope.of or await everything(uow, scope.account_ids)
    rows = await repository.instruments(uow.session, list(of.instruments))
    instruments = {
        key: Classed(row.symbol, row.name, row.asset_class, row.currency)
        for key, row in rows.items()
    }
    parts = Parts([], {}, 0)
    if span.points:
        parts = await _parts(uow, scope, of, (span.points[0].as_of, span.points[-1].as_of))
    days = [point.as_of for point in span.points]
    beside = None
    labels = labels_of(grouped.by, scope, instruments, categories)
    if other is not None:
        beside = await given_other(uow, scope.currency, days, other, grouped)
        if grouped.by == "instrument" and beside.benchmark is not None:
            labels = {**{part.group: part.symbol for part in beside.parts}, **labels}
    return GivenAttribution(
        span=span,
        by=grouped.by,
        of=of,
        parts=parts,
        instruments=instruments,
        categories=categories,
        labels=labels,
        blend=beside,
    )


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
