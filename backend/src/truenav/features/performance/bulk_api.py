"""The route of returns of many parts at once."""

from fastapi import APIRouter

from truenav.core.errors import ErrorKind
from truenav.features.performance.bulk import returns_of_many
from truenav.features.performance.bulk_schemas import BulkIn, BulkOut
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

router = APIRouter(prefix="/api/v1", tags=["performance"], responses=GUARDED)
BULKS = Rule("bulk_performance", 60, 60)


@router.post(
    "/performance/bulk",
    operation_id="getBulkPerformance",
    responses=problems(ErrorKind.TOO_MANY, ErrorKind.TOO_LARGE),
    openapi_extra=ONLY_READS,
)
async def get_bulk_performance(
    body: BulkIn, uow: Uow, limits: CurrentLimits, clock: CurrentClock
) -> BulkOut:
    """Returns of up to 500 parts of the portfolio, each as its own request would tell them.

    It reads only. What is wrong with a scope stands in its place; 60 requests a minute.
    """
    await limits.count(BULKS)
    return await returns_of_many(uow, body, today(clock))
