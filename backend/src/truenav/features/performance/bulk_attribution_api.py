"""The route of the attribution of many parts at once."""

from fastapi import APIRouter

from truenav.core.errors import ErrorKind
from truenav.features.performance.bulk_attribution import attribution_of_many
from truenav.features.performance.bulk_attribution_schemas import (
    BulkAttributionIn,
    BulkAttributionOut,
)
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
BULKS = Rule("bulk_attribution", 12, 60)


@router.post(
    "/attribution/bulk",
    operation_id="getBulkAttribution",
    responses=problems(ErrorKind.TOO_MANY),
    openapi_extra=ONLY_READS,
)
async def get_bulk_attribution(
    body: BulkAttributionIn, uow: Uow, limits: CurrentLimits, clock: CurrentClock
) -> BulkAttributionOut:
    """Contributions of up to 50 parts of the portfolio, each as its own request would tell them.

    It reads only. What is wrong with a scope stands in its place; 12 requests a minute.
    """
    await limits.count(BULKS)
    return await attribution_of_many(uow, body, today(clock))
