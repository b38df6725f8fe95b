"""The route of the allocation of many parts at once."""

from fastapi import APIRouter

from truenav.core.errors import ErrorKind
from truenav.features.valuation.bulk_parts import parts_of_many
from truenav.features.valuation.bulk_parts_schemas import BulkAllocationIn, BulkAllocationOut
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

router = APIRouter(prefix="/api/v1", tags=["valuation"], responses=GUARDED)
BULKS = Rule("bulk_allocation", 12, 60)


@router.post(
    "/allocation/bulk",
    operation_id="getBulkAllocation",
    responses=problems(ErrorKind.TOO_MANY),
    openapi_extra=ONLY_READS,
)
async def get_bulk_allocation(
    body: BulkAllocationIn, uow: Uow, limits: CurrentLimits, clock: CurrentClock
) -> BulkAllocationOut:
    """What up to 100 parts of the portfolio hold, each as its own request would tell it.

    It reads only. What is wrong with a scope stands in its place; 12 requests a minute.
    """
    await limits.count(BULKS)
    return await parts_of_many(uow, body, today(clock))
