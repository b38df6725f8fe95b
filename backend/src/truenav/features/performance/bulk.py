"""Returns of many parts of the portfolio at once: read together, solved abreast.

Each has the figures its own request would have, to the digit. What is wrong with one is told in
its place and loses no other.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.performance.mwrr import Mwrr
from truenav.core.performance.mwrr_batch import xirr_each
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.features.performance.bulk_schemas import (
    BulkIn,
    BulkOut,
    ScopeFiguresOut,
    ScopeIn,
    ScopeOut,
)
from truenav.features.performance.schemas import ReturnOut
from truenav.features.performance.service import (
    Measured,
    asked_flows,
    conventions,
    gain_of,
    given_points,
    measured_of,
    rounded,
    solved,
    time_weighted,
    unknown_return,
    wanted_of,
    why_not_solved,
)
from truenav.features.performance.wanted import Wanted, refuse_unknown_conventions
from truenav.features.valuation import repository
from truenav.features.valuation.holdings import total
from truenav.features.valuation.many import Answers, counted, of_each
from truenav.features.valuation.series import Scope, Stretch, nav_series, nav_series_of_many
from truenav.platform.unit_of_work import UnitOfWork

AT_ONCE = 50  # scopes that are read by one query


@dataclass(frozen=True, slots=True)
class Asked:
    """A scope that there is, and what is wanted of it."""

    scope: Scope
    wanted: Wanted

    @property
    def stretch(self) -> Stretch:
        """Its days."""
        return Stretch(self.scope, self.wanted.first_day(self.scope.as_of), self.wanted.to_date)


async def returns_of_many(uow: UnitOfWork, body: BulkIn, today: date) -> BulkOut:
    """Figures of every scope, or what is wrong with it, in the order they were asked in.

    Raises:
        TooManyDays: ask for fewer scopes, or for less of each.
        NotOfThatVersion: a convention that came with a later version.
    """
    refuse_unknown_conventions(body.wanted(ScopeIn()))
    is_busy = await repository.is_recomputing(uow.session)

    async def asked(scope: Scope, part: ScopeIn) -> Asked:
        return Asked(scope, wanted_of(body.wanted(part), scope))

    as_of, found = await of_each(uow, body.scopes, today, asked)
    points = await _points(uow, found.made)
    made = {
        place: measured_of(await given_points(uow, one.scope, one.wanted, points[place]))
        for place, one in found.made.items()
    }
    # thousands of days take a while, and others wait for the loop
    told = Answers(await asyncio.to_thread(_figures, made), found.problems)
    return BulkOut(
        as_of=as_of,
        items=[ScopeOut(**place, figures=one) for place, one in told.in_order(body.scopes)],
        problem_count=len(found.problems),
        is_recomputing=is_busy,
    )


async def _points(uow: UnitOfWork, asked: Mapping[int, Asked]) -> dict[int, list[SeriesPoint]]:
    """Values and flows of each: of whole accounts many at once, of slices one by one."""
    found: dict[int, list[SeriesPoint]] = {}
    day_count = 0
    whole = [(place, one.stretch) for place, one in asked.items() if one.scope.of is None]
    account_ids = {key for _, one in whole for key in one.scope.account_ids}
    ends: Mapping[UUID, date] = await repository.snapshot_ends(uow.session, list(account_ids))
    for start in range(0, len(whole), AT_ONCE):
        part = whole[start : start + AT_ONCE]
        series = await nav_series_of_many(uow, [stretch for _, stretch in part], ends)
        for (place, _), points in zip(part, series, strict=True):
            found[place] = points
            day_count = counted(day_count, points)
    for place, one in asked.items():
        if one.scope.of is not None:
            days = one.stretch
            found[place] = await nav_series(uow, one.scope, days.first, days.last)
            day_count = counted(day_count, found[place])
    return found


def _figures(made: Mapping[int, Measured]) -> dict[int, ScopeFiguresOut]:
    rates = _rates(made)
    return {index: _told(one, rates[index]) for index, one in made.items()}


def _rates(made: Mapping[int, Measured]) -> dict[int, ReturnOut]:
    """Money-weighted returns, all that can be solved abreast."""
    rates: dict[int, ReturnOut] = {}
    solvable: list[int] = []
    flows: list[list[tuple[date, Decimal]]] = []
    guesses: list[Decimal | None] = []
    for index, one in made.items():
        reason = why_not_solved(one.span, one.wanted)
        if reason is not None:
            rates[index] = unknown_return(reason)
            continue
        dated, guess = asked_flows(one.span, one.wanted)
        solvable.append(index)
        flows.append(dated)
        guesses.append(guess)
    answers: list[Mwrr] = xirr_each(flows, guesses)
    rates.update({index: solved(one) for index, one in zip(solvable, answers, strict=True)})
    return rates


def _told(found: Measured, money_weighted: ReturnOut) -> ScopeFiguresOut:
    span = found.span
    net_flows = total([amount for _, amount in span.flows])
    return ScopeFiguresOut(
        currency=found.given.currency,
        from_date=span.points[0].as_of if span.points else None,
        to_date=span.points[-1].as_of if span.points else None,
        day_count=span.day_count,
        opening_nav=rounded(span.opening),
        closing_nav=rounded(span.closing),
        net_flows=rounded(net_flows),
        gain=rounded(gain_of(span, net_flows)),
        time_weighted=time_weighted(found, span.day_count),
        money_weighted=money_weighted,
        conventions=conventions(found.index, found.wanted),
        slice=found.given.slice,
    )
