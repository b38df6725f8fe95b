"""Routes of identity. The refresh token lives in a cookie that only these routes receive."""

from fastapi import APIRouter, Request, Response, status

from truenav.core.errors import ErrorKind
from truenav.core.money import check_currency
from truenav.features.identity import repository, service
from truenav.features.identity.operators import operator_access
from truenav.features.identity.schemas import (
    AuthOptionsOut,
    LogInIn,
    MeOut,
    SessionOut,
    SignUpIn,
    TenantOut,
    UserOut,
)
from truenav.platform.dependencies import (
    GUARDED,
    CurrentClock,
    CurrentIdentity,
    State,
    Uow,
)
from truenav.platform.limits import Rule
from truenav.platform.problems import NotFound, problems
from truenav.platform.state import AppState
from truenav.platform.tokens import Unauthenticated

router = APIRouter(prefix="/api/v1", tags=["identity"])
COOKIE = "truenav_refresh"
COOKIE_PATH = "/api/v1/auth"
OPEN = problems(ErrorKind.INVALID, ErrorKind.UNPROCESSABLE, ErrorKind.TOO_MANY)
# Guessing is slowed per address and account, and per address over all accounts.
LOG_IN = Rule("log_in", limit=10, seconds=900)
LOG_IN_ANYWHERE = Rule("log_in_anywhere", limit=100, seconds=900)
SIGN_UP = Rule("sign_up", limit=60, seconds=3600)
OPEN_DEMO = Rule("open_demo", limit=200, seconds=600)


def _remember(response: Response, state: AppState, token: str) -> None:
    origin = state.settings.web.public_origin or ""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(service.REFRESH_LIFETIME.total_seconds()),
        path=COOKIE_PATH,
        httponly=True,
        samesite="strict",
        secure=origin.startswith("https://"),
    )


def _answer(response: Response, state: AppState, session: service.Session) -> SessionOut:
    _remember(response, state, session.refresh_token)
    me = MeOut(
        user=UserOut.model_validate(session.user),
        tenant=TenantOut.model_validate(session.tenant),
        role=session.role,  # type: ignore[arg-type]  # the table's check allows no other
        operator_access=operator_access(session.user, is_hosted=state.settings.is_hosted),
    )
    return SessionOut(access_token=session.access_token, expires_at=session.expires_at, me=me)


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"


@router.get("/auth/options", operation_id="getAuthOptions")
async def get_options(state: State) -> AuthOptionsOut:
    """What the sign-in page may offer."""
    has_demo = state.settings.has_demo and await service.has_demo(state.sessions)
    return AuthOptionsOut(is_demo_available=has_demo, is_sign_up_open=True)


@router.post(
    "/auth/sign-up",
    operation_id="signUp",
    status_code=status.HTTP_201_CREATED,
    responses={**OPEN, **problems(ErrorKind.CONFLICT)},
)
async def sign_up(
    body: SignUpIn,
    request: Request,
    response: Response,
    state: State,
    clock: CurrentClock,
) -> SessionOut:
    """Make a user with a portfolio of their own, and log in."""
    await state.limits.count(SIGN_UP, _address(request))
    session = await service.sign_up(
        state.sessions,
        state.signer,
        clock.now(),
        email=body.email,
        password=body.password.get_secret_value(),
        display_name=body.display_name,
        base_currency=check_currency(body.base_currency),
    )
    return _answer(response, state, session)


@router.post(
    "/auth/log-in",
    operation_id="logIn",
    responses={**OPEN, **problems(ErrorKind.UNAUTHENTICATED)},
)
async def log_in(
    body: LogInIn,
    request: Request,
    response: Response,
    state: State,
    clock: CurrentClock,
) -> SessionOut:
    """Open a session with an e-mail address and a password."""
    key = f"{_address(request)} {body.email.lower()}"
    await state.limits.count(LOG_IN_ANYWHERE, _address(request))
    await state.limits.count(LOG_IN, key)
    session = await service.log_in(
        state.sessions,
        state.signer,
        clock.now(),
        email=body.email,
        password=body.password.get_secret_value(),
    )
    await state.limits.forget(LOG_IN, key)
    return _answer(response, state, session)


@router.post(
    "/auth/demo",
    operation_id="openDemo",
    responses={**OPEN, **problems(ErrorKind.NOT_FOUND)},
)
async def open_demo(
    request: Request, response: Response, state: State, clock: CurrentClock
) -> SessionOut:
    """Open a session of the demo, where the installation has one."""
    await state.limits.count(OPEN_DEMO, _address(request))
    if not state.settings.has_demo:
        raise service.DemoUnavailable("this installation has no demo")
    session = await service.open_demo(state.sessions, state.signer, clock.now())
    return _answer(response, state, session)


@router.post(
    "/auth/refresh",
    operation_id="refreshSession",
    responses={**OPEN, **problems(ErrorKind.UNAUTHENTICATED, ErrorKind.CONFLICT)},
)
async def refresh(
    request: Request, response: Response, state: State, clock: CurrentClock
) -> SessionOut:
    """Exchange the refresh cookie for the next one and a new access token."""
    token = request.cookies.get(COOKIE)
    if token is None:
        raise Unauthenticated("log in first")
    session = await service.refresh(state.sessions, state.signer, clock.now(), token)
    return _answer(response, state, session)


@router.post("/auth/log-out", operation_id="logOut", status_code=status.HTTP_204_NO_CONTENT)
async def log_out(request: Request, response: Response, state: State, clock: CurrentClock) -> None:
    """End the session on this and every tab."""
    await service.log_out(state.sessions, clock.now(), request.cookies.get(COOKIE))
    response.delete_cookie(COOKIE, path=COOKIE_PATH)


@router.get("/me", operation_id="getMe", responses=GUARDED)
async def get_me(uow: Uow, state: State, identity: CurrentIdentity) -> MeOut:
    """Who is logged in, and where."""
    found = await repository.user_and_tenant(uow.session, identity.user_id, identity.tenant_id)
    if found is None:
        raise NotFound("no such user")
    user, tenant, role = found
    return MeOut(
        user=UserOut.model_validate(user),
        tenant=TenantOut.model_validate(tenant),
        role=role,  # type: ignore[arg-type]  # the table's check allows no other
        operator_access=operator_access(user, is_hosted=state.settings.is_hosted),
    )
