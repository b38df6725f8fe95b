"""The route of gains: realized, unrealized and income by instrument."""

from typing import Annotated

from fastapi import APIRouter, Query

from truenav.features.gains.schemas import GainsOut
from truenav.features.gains.service import gains_of
from truenav.features.valuation.asked import AskedPart
from truenav.platform.dependencies import GUARDED, Uow

router = APIRouter(prefix="/api/v1", tags=["gains"], responses=GUARDED)
Year = Annotated[int | None, Query(ge=1900, le=2200, description="Since ever unless named")]


@router.get("/gains", operation_id="getGains")
async def get_gains(uow: Uow, scope: AskedPart, year: Year = None) -> GainsOut:
    """Realized gain, unrealized gain and income of each instrument, since ever or of a year."""
    return await gains_of(uow, scope, year)
