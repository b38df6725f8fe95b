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
from truenav.features.valuation.many import of_each
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork


async def income_of_many(uow: UnitOfWork, body: BulkIncomeIn, today: date) -> BulkIncomeOut:
    """Income of every scope, or what is wrong with it, in the order they were asked in."""

    async def told(scope: Scope, part: IncomeScopeIn) -> IncomeOut:
        span = span_of(scope.as_of, part.from_date, part.to_date, part.period)
        return await received_page(uow, scope, span)

    as_of, found = await of_each(uow, body.scopes, today, told)
    return BulkIncomeOut(
        as_of=as_of,
        items=[IncomeScopeOut(**place, income=made) for place, made in found.in_order(body.scopes)],
        problem_count=len(found.problems),
    )
