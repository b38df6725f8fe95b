"""Bodies of sign-up, log-in and who-am-I."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from truenav.platform.wire import LINE_PATTERN, Body, CurrencyCode, Instant

Email = Annotated[str, Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Password = Annotated[SecretStr, Field(min_length=12, max_length=200)]


class SignUpIn(Body):
    email: Email
    password: Password
    display_name: Annotated[str, Field(min_length=1, max_length=120, pattern=LINE_PATTERN)]
    base_currency: CurrencyCode = "USD"


class LogInIn(Body):
    email: Email
    password: Annotated[SecretStr, Field(min_length=1, max_length=200)]


class UserOut(Body):
    id: UUID
    email: str
    display_name: str
    is_demo: bool


class TenantOut(Body):
    id: UUID
    name: str
    base_currency: CurrencyCode
    is_demo: bool


class MeOut(Body):
    user: UserOut
    tenant: TenantOut
    role: Literal["owner", "editor", "viewer"]
    # What the user may do to the installation itself, not to anybody's portfolio.
    operator_access: Literal["none", "look", "full"]


class SessionOut(Body):
    """The access token lives in memory only; the refresh token is in an HttpOnly cookie."""

    access_token: str
    expires_at: Instant
    me: MeOut


class AuthOptionsOut(Body):
    is_demo_available: bool
    is_sign_up_open: bool


class LiveTicketOut(Body):
    """Opens one live connection, once, for so many seconds."""

    ticket: str
    lifetime_seconds: int
