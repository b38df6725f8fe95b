"""Liveness touches nothing; readiness asks the database; the summary tells both."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from truenav.core.errors import TruenavError
from truenav.platform.dependencies import State
from truenav.platform.revisions import newest_revision
from truenav.platform.state import AppState
from truenav.platform.wire import Body, Instant

router = APIRouter(tags=["health"])
CHECK_SECONDS = 3.0
IS_SAFE_ROLE = text(
    "SELECT NOT (rolsuper OR rolbypassrls OR EXISTS ("
    "  SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    "  AND pg_has_role(current_user, relowner, 'MEMBER')))"
    " FROM pg_roles WHERE rolname = current_user"
)


class UnsafeRole(TruenavError):
    """The API's database role could read every tenant's rows."""

    code = "unsafe_role"


class AliveOut(Body):
    """The process answers; nothing else was asked."""

    status: Literal["alive"]


class HealthOut(Body):
    """`degraded`: works, without the job queue."""

    status: Literal["healthy", "degraded", "unhealthy"]
    checks: dict[str, bool]
    timestamp: Instant


async def refuse_unsafe_role(engine: AsyncEngine) -> None:
    """Start only as a role that row security holds for.

    Raises:
        UnsafeRole: a superuser, one that may bypass row security, or one that may own tables.
    """
    async with engine.connect() as connection:
        if not await connection.scalar(IS_SAFE_ROLE):
            raise UnsafeRole(
                "the database role may bypass row security; the API refuses to start with it"
            )


async def _check_database(state: AppState) -> dict[str, bool]:
    try:
        async with asyncio.timeout(CHECK_SECONDS), state.engine.connect() as connection:
            is_safe = bool(await connection.scalar(IS_SAFE_ROLE))
            revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    except (SQLAlchemyError, TimeoutError, OSError):
        return {"database": False}
    is_current = revision == await asyncio.to_thread(newest_revision)
    return {"database": True, "migrations": is_current, "role": is_safe}


async def _summary(state: AppState) -> HealthOut:
    checks, has_redis = await asyncio.gather(
        _check_database(state), asyncio.to_thread(state.queue.ping)
    )
    status: Literal["healthy", "degraded", "unhealthy"] = "healthy" if has_redis else "degraded"
    return HealthOut(
        status=status if all(checks.values()) else "unhealthy",
        checks={**checks, "redis": has_redis},
        timestamp=state.clock.now(),
    )


@router.get("/live", operation_id="getLiveness")
async def get_liveness() -> AliveOut:
    """The process answers."""
    return AliveOut(status="alive")


@router.get("/ready", operation_id="getReadiness", responses={503: {"model": HealthOut}})
async def get_readiness(state: State, response: Response) -> HealthOut:
    """The database answers and has the schema this code knows; Redis may be away."""
    found = await _summary(state)
    response.status_code = 503 if found.status == "unhealthy" else 200
    return found


@router.get("/health", operation_id="getHealth", responses={503: {"model": HealthOut}})
async def get_health(state: State, response: Response) -> HealthOut:
    """Everything at a glance."""
    return await get_readiness(state, response)
