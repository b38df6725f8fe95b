"""The route of the risk of many parts at once."""

from fastapi import APIRouter

from truenav.core.errors import ErrorKind
from truenav.features.risk.bulk import risk_of_many
from truenav.features.risk.bulk_schemas import BulkRiskIn, BulkRiskOut
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

router = APIRouter(prefix="/api/v1", tags=["risk"], responses=GUARDED)
BULKS = Rule("bulk_risk", 12, 60)


@router.post(
    "/risk/bulk",
    operation_id="getBulkRisk",
    responses=problems(ErrorKind.TOO_MANY, ErrorKind.TOO_LARGE),
    openapi_extra=ONLY_READS,
)
async def get_bulk_risk(
    body: BulkRiskIn, uow: Uow, limits: CurrentLimits, clock: CurrentClock
) -> BulkRiskOut:
    """Risk of up to 100 parts of the portfolio, each as its own request would tell it.

    It reads only. What is wrong with a scope stands in its place; 12 requests a minute.
    """
    await limits.count(BULKS)
    return await risk_of_many(uow, body, today(clock))
