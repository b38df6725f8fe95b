"""Returns of many parts of the portfolio at once: read together, solved abreast.

Each has the figures its own request would have, to the digit. What is wrong with one is told in
its place and loses no other.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.performance.mwrr import Mwrr
from truenav.core.performance.mwrr_batch import xirr_each
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.features.accounts.tables import AccountRow
from truenav.features.performance.bulk_schemas import (
    BulkIn,
    BulkOut,
    ScopeFiguresOut,
    ScopeIn,
    ScopeOut,
    ScopeProblemOut,
)
from truenav.features.performance.schemas import ReturnOut
from truenav.features.performance.service import (
    Measured,
    asked_flows,
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
from truenav.features.valuation.scoping import in_currency, narrowed
from truenav.features.valuation.series import (
    Household,
    Scope,
    Stretch,
    household_of,
    nav_series,
    nav_series_of_many,
    scope_among,
)
from truenav.platform.problems import printable
from truenav.platform.unit_of_work import UnitOfWork

MOST_DAYS = 250_000  # of all scopes together: 500 days, sixteen months, of each of 500
AT_ONCE = 50  # scopes that are read by one query


class TooManyDays(TruenavError):
    """More days than one answer is made from."""

    kind = ErrorKind.TOO_LARGE
    code = "too_many_days"


@dataclass(frozen=True, slots=True)
class Asked:
    """A scope that there is, and what is wanted of it."""

    index: int
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
    refuse_unknown_conventions(body.wanted(body.scopes[0]))
    household = await household_of(uow, today)
    known = await repository.accounts_named(uow.session, [])
    is_busy = await repository.is_recomputing(uow.session)
    found: list[Asked] = []
    problems: dict[int, TruenavError] = {}
    for index, scope in enumerate(body.scopes):
        try:
            found.append(await _asked(uow, index, (scope, body.wanted(scope)), known, household))
        except TruenavError as error:
            problems[index] = error
    made = {
        one.index: measured_of(await given_points(uow, one.scope, one.wanted, points))
        for one, points in zip(found, await _points(uow, found), strict=True)
    }
    # thousands of days take a while, and others wait for the loop
    figures = await asyncio.to_thread(_figures, made)
    return BulkOut(
        as_of=household.as_of,
        items=[
            ScopeOut(
                index=index,
                ref=scope.ref,
                figures=figures.get(index),
                problem=_problem(problems[index]) if index in problems else None,
            )
            for index, scope in enumerate(body.scopes)
        ],
        problem_count=len(problems),
        is_recomputing=is_busy,
    )


async def _asked(
    uow: UnitOfWork,
    index: int,
    one: tuple[ScopeIn, Wanted],
    known: Sequence[AccountRow],
    household: Household,
) -> Asked:
    """As `asked_slice` reads a request."""
    named, wanted = one
    whole = scope_among(known, named.filters(), household)
    scope = await narrowed(uow, in_currency(whole, named.base_currency))
    return Asked(index, scope, wanted_of(wanted, scope))


async def _points(uow: UnitOfWork, asked: Sequence[Asked]) -> list[list[SeriesPoint]]:
    """Values and flows of each: of whole accounts many at once, of slices one by one."""
    found: dict[int, list[SeriesPoint]] = {}
    day_count = 0
    whole = [one for one in asked if one.scope.of is None]
    account_ids = {key for one in whole for key in one.scope.account_ids}
    ends: Mapping[UUID, date] = await repository.snapshot_ends(uow.session, list(account_ids))
    for start in range(0, len(whole), AT_ONCE):
        part = whole[start : start + AT_ONCE]
        series = await nav_series_of_many(uow, [one.stretch for one in part], ends)
        for one, points in zip(part, series, strict=True):
            found[one.index] = points
            day_count = _counted(day_count, points)
    for one in asked:
        if one.index not in found:
            asked_for = one.stretch
            points = await nav_series(uow, one.scope, asked_for.first, asked_for.last)
            found[one.index] = points
            day_count = _counted(day_count, points)
    return [found[one.index] for one in asked]


def _counted(day_count: int, points: Sequence[SeriesPoint]) -> int:
    if day_count + len(points) > MOST_DAYS:
        raise TooManyDays("ask for fewer scopes, or for less of each", most=str(MOST_DAYS))
    return day_count + len(points)


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
        slice=found.given.slice,
    )


def _problem(error: TruenavError) -> ScopeProblemOut:
    return ScopeProblemOut(
        code=error.code,
        detail=printable(str(error)),
        params={name: printable(value) for name, value in error.params.items()},
    )
