"""Routes of checks."""

from fastapi import APIRouter

from truenav.core.checks.rules import Code
from truenav.core.errors import ErrorKind
from truenav.features.checks.schemas import CheckIn, ChecksOut
from truenav.features.checks.service import checks_of, set_check
from truenav.features.valuation.asked import AskedSlice
from truenav.features.valuation.series import scope_of
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.problems import problems

router = APIRouter(prefix="/api/v1/checks", tags=["checks"], responses=GUARDED)


@router.get("", operation_id="getChecks")
async def get_checks(uow: Uow, scope: AskedSlice) -> ChecksOut:
    """Rules of thumb about the portfolio or a part: each with its figure, threshold, verdict."""
    return await checks_of(uow, scope)


@router.put("/{code}", operation_id="setCheck", responses=problems(ErrorKind.CONFLICT))
async def change_check(code: Code, body: CheckIn, uow: Uow, clock: CurrentClock) -> ChecksOut:
    """Set one check; every one is answered, as it is then of the whole portfolio."""
    await set_check(uow, code, body)
    return await checks_of(uow, await scope_of(uow, None, today(clock)))
