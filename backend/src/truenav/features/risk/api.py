"""The route of risk."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from truenav.features.performance.wanted import WantedSpan
from truenav.features.risk.answer import risk_of
from truenav.features.risk.asked import Asked, asked
from truenav.features.risk.given import given_risk
from truenav.features.risk.schemas import RiskOut
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.asked import AskedSlice
from truenav.platform.dependencies import GUARDED, Uow

router = APIRouter(prefix="/api/v1", tags=["risk"], responses=GUARDED)


@router.get("/risk", operation_id="getRisk")
async def get_risk(
    uow: Uow,
    scope: AskedSlice,
    span: WantedSpan,
    how: Annotated[Asked, Depends(asked)],
    benchmark_id: UUID | None = None,
    max_points: Annotated[int, Query(ge=3, le=10_000)] = 1000,
) -> RiskOut:
    """Volatility, ratios, drawdown, tails, windows and correlations of a span."""
    days = span.days(scope.as_of)
    given = await given_risk(uow, scope, how, days, benchmark_id, max_points)
    busy = await valuation.is_recomputing(uow.session)
    return risk_of(given).model_copy(update={"is_recomputing": busy})
