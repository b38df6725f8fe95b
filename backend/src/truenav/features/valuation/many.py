"""Many parts of the portfolio in one question: each is read as its own request would read it.

What is wrong with one is told in its place and loses no other.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Self, TypedDict, TypeVar

from pydantic import Field, model_validator

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.accounts.tables import AccountRow
from truenav.features.valuation import repository
from truenav.features.valuation.scoping import PartIn, in_currency, narrowed
from truenav.features.valuation.series import Household, Scope, household_of, scope_among
from truenav.platform.problems import printable
from truenav.platform.unit_of_work import UnitOfWork
from truenav.platform.wire import AskedDay, Body

MOST_SLICES = 50
MOST_DAYS = 250_000  # of all scopes together: 500 days, sixteen months, of each of 500
Part = TypeVar("Part", bound="RefPartIn")
Made = TypeVar("Made")


class TooManyDays(TruenavError):
    """More days than one answer is made from."""

    kind = ErrorKind.TOO_LARGE
    code = "too_many_days"


class RefPartIn(PartIn):
    """A part of the portfolio; `ref` comes back with its answer."""

    ref: str | None = Field(default=None, max_length=100)


class StretchIn(RefPartIn):
    """A part of the portfolio and days of it; `ref` comes back with its answer."""

    from_date: AskedDay | None = None
    to_date: AskedDay | None = None


class ScopeProblemOut(Body):
    """Why a scope has no answer, by the code its own request would have been refused with."""

    code: str
    detail: str
    params: dict[str, str]


class Place(TypedDict):
    """Which part an answer is of, and what is wrong with it."""

    index: int
    ref: str | None
    problem: ScopeProblemOut | None


class ManyScopesIn(Body):
    """A question about several scopes, few of them of a part of what is in accounts."""

    scopes: Sequence[PartIn]

    @model_validator(mode="after")
    def few_slices(self) -> Self:
        """A slice is read from records, which takes a while."""
        if sum(scope.filters().is_of_segments for scope in self.scopes) > MOST_SLICES:
            raise ValueError(f"at most {MOST_SLICES} scopes of a part of what is in accounts")
        return self


def counted(day_count: int, points: Sequence[object]) -> int:
    """Days so far with these.

    Raises:
        TooManyDays: ask for fewer scopes, or for less of each.
    """
    if day_count + len(points) > MOST_DAYS:
        raise TooManyDays("ask for fewer scopes, or for less of each", most=str(MOST_DAYS))
    return day_count + len(points)


@dataclass(frozen=True, slots=True)
class Known:
    """What every scope of a tenant is read from, and is read once."""

    household: Household
    accounts: Sequence[AccountRow]

    async def scope(self, uow: UnitOfWork, part: PartIn) -> Scope:
        """As `asked_slice` reads a request.

        Raises:
            NotFound: no such account, instrument, category or taxonomy.
            UnknownCurrency: the base currency is none.
        """
        whole = scope_among(self.accounts, part.filters(), self.household)
        return await narrowed(uow, in_currency(whole, part.base_currency))


@dataclass(frozen=True, slots=True)
class Answers(Generic[Made]):
    """What was made of each part, by its place, and what was wrong with the others."""

    made: dict[int, Made] = field(default_factory=dict)
    problems: dict[int, ScopeProblemOut] = field(default_factory=dict)

    def in_order(self, parts: Sequence[RefPartIn]) -> Iterator[tuple[Place, Made | None]]:
        """Each place and what was made of it, in the order the parts were asked in."""
        for index, part in enumerate(parts):
            problem = self.problems.get(index)
            yield {"index": index, "ref": part.ref, "problem": problem}, self.made.get(index)


async def of_each(
    uow: UnitOfWork,
    parts: Sequence[Part],
    today: date,
    make: Callable[[Scope, Part], Awaitable[Made]],
) -> tuple[date, Answers[Made]]:
    """The day values are of, and what is made of each: one after the other, on one connection.

    Raises:
        TooManyDays: that is wrong with the question as a whole.
    """
    household = await household_of(uow, today)
    known = Known(household, await repository.accounts_named(uow.session, []))
    answers: Answers[Made] = Answers()
    for place, part in enumerate(parts):
        try:
            answers.made[place] = await make(await known.scope(uow, part), part)
        except TooManyDays:
            raise
        except TruenavError as error:
            answers.problems[place] = _problem(error)
    return household.as_of, answers


def _problem(error: TruenavError) -> ScopeProblemOut:
    return ScopeProblemOut(
        code=error.code,
        detail=printable(str(error)),
        params={name: printable(value) for name, value in error.params.items()},
    )
