"""What endpoints ask for: who asks, how often, the unit of work, the clock."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from truenav.core.errors import ErrorKind
from truenav.core.ids import TenantId
from truenav.platform.clock import Clock
from truenav.platform.limits import AttemptLimits, Rule
from truenav.platform.outbox import enqueue_announced
from truenav.platform.problems import problems, request_id_of
from truenav.platform.state import AppState
from truenav.platform.tokens import Forbidden, Identity, Unauthenticated
from truenav.platform.unit_of_work import UnitOfWork, open_unit_of_work

bearer = HTTPBearer(auto_error=False, description="A ten-minute access token")
# `openapi_extra` of a route that changes nothing though it is asked by POST: its question is too
# long for an address, or its answer must stand in no cache
ONLY_READS = {"x-only-reads": True}
READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What every route that needs a session can answer.
GUARDED = problems(
    ErrorKind.INVALID,
    ErrorKind.UNAUTHENTICATED,
    ErrorKind.FORBIDDEN,
    ErrorKind.NOT_FOUND,
    ErrorKind.UNPROCESSABLE,
    ErrorKind.UNAVAILABLE,
)


def app_state(request: Request) -> AppState:
    """What `create_app` made once."""
    return cast(AppState, request.app.state.truenav)


State = Annotated[AppState, Depends(app_state)]


def current_identity(
    request: Request,
    state: State,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Identity:
    """Who asks; a viewer may only read."""
    if credentials is None:
        raise Unauthenticated("log in first")
    identity = state.signer.check(credentials.credentials, state.clock.now())
    if not identity.may_write and not _only_reads(request):
        raise Forbidden("your role in this portfolio is to look, not to change")
    return identity


def _only_reads(request: Request) -> bool:
    if request.method in READ_METHODS:
        return True
    asked = getattr(request.scope.get("route"), "openapi_extra", None) or {}
    return asked.get("x-only-reads") is True


CurrentIdentity = Annotated[Identity, Depends(current_identity)]


def current_clock(state: State) -> Clock:
    """The clock of the process."""
    return state.clock


CurrentClock = Annotated[Clock, Depends(current_clock)]


@dataclass(frozen=True, slots=True)
class TenantLimits:
    """How often a portfolio may ask for what takes a while, whoever of its members asks.

    Routes count for themselves: a question that is refused for its form costs nothing.
    """

    limits: AttemptLimits
    tenant_id: TenantId

    async def count(self, rule: Rule) -> None:
        """Count one attempt.

        Raises:
            TooManyAttempts: the portfolio has used its attempts up.
        """
        await self.limits.count(rule, str(self.tenant_id))


def current_limits(state: State, identity: CurrentIdentity) -> TenantLimits:
    """Those of the portfolio that asks."""
    return TenantLimits(state.limits, identity.tenant_id)


CurrentLimits = Annotated[TenantLimits, Depends(current_limits)]


async def provide_uow(
    request: Request, state: State, identity: CurrentIdentity
) -> AsyncIterator[UnitOfWork]:
    """Open the request's unit of work, as the tenant of the user who asks."""
    request_id = request_id_of(request)
    async with open_unit_of_work(
        state.sessions, identity.tenant_id, identity.user_id, request_id
    ) as uow:
        yield uow
    await enqueue_announced(state, uow)


# scope="function": commit before the answer leaves. The default commits after it has left.
Uow = Annotated[UnitOfWork, Depends(provide_uow, scope="function")]
