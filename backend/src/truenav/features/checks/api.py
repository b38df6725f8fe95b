"""Routes of checks."""

from fastapi import APIRouter

from truenav.core.checks.rules import Code
from truenav.core.errors import ErrorKind
from truenav.features.checks.schemas import CheckIn, ChecksOut
from truenav.features.checks.service import checks_of, set_check
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.problems import problems

router = APIRouter(prefix="/api/v1/checks", tags=["checks"], responses=GUARDED)


@router.get("", operation_id="getChecks")
async def get_checks(uow: Uow, clock: CurrentClock) -> ChecksOut:
    """Rules of thumb about the whole portfolio: each with its figure, threshold and verdict."""
    return await checks_of(uow, today(clock))


@router.put("/{code}", operation_id="setCheck", responses=problems(ErrorKind.CONFLICT))
async def change_check(code: Code, body: CheckIn, uow: Uow, clock: CurrentClock) -> ChecksOut:
    """Set one check; every one is answered, as it is then."""
    await set_check(uow, code, body)
    return await checks_of(uow, today(clock))
