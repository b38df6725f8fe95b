"""The route of income of many parts at once."""

from fastapi import APIRouter

from truenav.core.errors import ErrorKind
from truenav.features.income.bulk import income_of_many
from truenav.features.income.bulk_schemas import BulkIncomeIn, BulkIncomeOut
from truenav.platform.clock import today
from truenav.platform.dependencies import (
    GUARDED,
    ONLY_READS,
    CurrentClock,
    CurrentLimits,
    Uow,
)
from truenav.platform.limits import Rule
from truenav.platform.problems import problems

router = APIRouter(prefix="/api/v1", tags=["income"], responses=GUARDED)
BULKS = Rule("bulk_income", 12, 60)


@router.post(
    "/income/bulk",
    operation_id="getBulkIncome",
    responses=problems(ErrorKind.TOO_MANY),
    openapi_extra=ONLY_READS,
)
async def get_bulk_income(
    body: BulkIncomeIn, uow: Uow, limits: CurrentLimits, clock: CurrentClock
) -> BulkIncomeOut:
    """Income received by up to 100 parts of the portfolio, each as its own request would tell it.

    It reads only. What is wrong with a scope stands in its place; 12 requests a minute.
    """
    await limits.count(BULKS)
    return await income_of_many(uow, body, today(clock))
