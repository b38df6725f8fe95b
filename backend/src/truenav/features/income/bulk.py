"""Income of many parts at once, each as its own request tells it, one after the other."""

from datetime import date

from truenav.features.income.bulk_schemas import (
    BulkIncomeIn,
    BulkIncomeOut,
    IncomeScopeIn,
    IncomeScopeOut,
)
from truenav.features.income.given import received_page
from truenav.features.income.schemas import IncomeOut
from truenav.features.income.totals import span_of
from truenav.features.valuation.many import each, known_of
from truenav.platform.unit_of_work import UnitOfWork


async def income_of_many(uow: UnitOfWork, body: BulkIncomeIn, today: date) -> BulkIncomeOut:
    """Income of every scope, or what is wrong with it, in the order they were asked in."""
    known = await known_of(uow, today)

    async def told(part: IncomeScopeIn) -> IncomeOut:
        scope = await known.scope(uow, part)
        span = span_of(scope.as_of, part.from_date, part.to_date, part.period)
        return await received_page(uow, scope, span)

    found = await each(body.scopes, told)
    return BulkIncomeOut(
        as_of=known.household.as_of,
        items=[
            IncomeScopeOut(
                index=place,
                ref=part.ref,
                income=found.made.get(place),
                problem=found.problems.get(place),
            )
            for place, part in enumerate(body.scopes)
        ],
        problem_count=len(found.problems),
    )
