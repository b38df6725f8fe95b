"""Sign up, log in, stay logged in, log out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.ids import TenantId, UserId
from truenav.features.identity import repository
from truenav.features.identity.passwords import hash_password, verify_password
from truenav.features.identity.tables import (
    MembershipRow,
    RefreshTokenRow,
    TenantRow,
    UserRow,
)
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.tokens import Identity, TokenSigner, Unauthenticated
from truenav.platform.unit_of_work import Sessions, UnitOfWork, identify

REFRESH_LIFETIME = timedelta(days=14)
FAMILY_LIFETIME = timedelta(days=30)
# Two tabs may refresh at once: within this the loser is told to use the winner's cookie.
REUSE_WINDOW = timedelta(seconds=20)


class EmailTaken(TruenavError):
    """Somebody signed up with this address before."""

    kind = ErrorKind.CONFLICT
    code = "email_taken"


class WrongCredentials(TruenavError):
    """Unknown address or wrong password: the two must look the same."""

    kind = ErrorKind.UNAUTHENTICATED
    code = "wrong_credentials"


class RefreshRaced(TruenavError):
    """Another tab refreshed a moment ago; its cookie is the one to use."""

    kind = ErrorKind.CONFLICT
    code = "refresh_raced"


class DemoUnavailable(TruenavError):
    """This installation has no demo."""

    kind = ErrorKind.NOT_FOUND
    code = "demo_unavailable"


@dataclass(frozen=True, slots=True)
class Session:
    """A session just opened or renewed; the refresh token is for the cookie only."""

    access_token: str
    expires_at: datetime
    refresh_token: str
    user: UserRow
    tenant: TenantRow
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOwner:
    """A user and the tenant they will own; without a password nobody logs in as them."""

    email: str
    display_name: str
    tenant_name: str
    base_currency: str
    password_hash: str | None = None
    is_demo: bool = False
    wants_to_operate: bool = False


async def add_owner(uow: UnitOfWork, user_id: UserId, wanted: NewOwner) -> None:
    """Make the user, the unit of work's tenant, and the membership that joins them."""
    uow.session.add(
        UserRow(
            id=user_id,
            email=wanted.email,
            display_name=wanted.display_name,
            password_hash=wanted.password_hash,
            is_demo=wanted.is_demo,
            is_operator=wanted.wants_to_operate,
        )
    )
    uow.session.add(
        TenantRow(
            id=uow.tenant_id,
            name=wanted.tenant_name,
            base_currency=wanted.base_currency,
            is_demo=wanted.is_demo,
        )
    )
    # rows of three tables that name each other: no relationships, so the order is ours
    await uow.session.flush()
    uow.session.add(MembershipRow(tenant_id=uow.tenant_id, user_id=user_id, role="owner"))
    await uow.session.flush()


async def sign_up(
    sessions: Sessions,
    signer: TokenSigner,
    now: datetime,
    *,
    email: str,
    password: str,
    display_name: str,
    base_currency: str,
) -> Session:
    """Make a user with a tenant of their own, and log in.

    Raises:
        EmailTaken: the address is in use.
    """
    password_hash = await hash_password(password)
    user_id, tenant_id = UserId(new_id()), TenantId(new_id())
    try:
        async with sessions.begin() as session:
            await identify(session, tenant_id, user_id)
            if await repository.is_email_taken(session, email):
                raise EmailTaken("this e-mail address is in use")
            uow = UnitOfWork(session, tenant_id, user_id)
            owner = NewOwner(
                email=email,
                display_name=display_name,
                tenant_name=f"{display_name}'s portfolio",
                base_currency=base_currency,
                password_hash=password_hash,
                wants_to_operate=True,  # granted to the first person only
            )
            await add_owner(uow, user_id, owner)
            await record(uow, "user.signed_up", "user", user_id)
            return await _open(session, signer, now, user_id, tenant_id)
    except IntegrityError as error:  # two sign-ups of one address at the same moment
        raise EmailTaken("this e-mail address is in use") from error


async def log_in(
    sessions: Sessions, signer: TokenSigner, now: datetime, *, email: str, password: str
) -> Session:
    """Open a session in the tenant the user joined first.

    Raises:
        WrongCredentials: whatever was wrong.
    """
    async with sessions.begin() as session:
        found = await repository.find_login(session, email)
    # between two units of work: nobody else waits for a connection while a password is hashed
    matches = await verify_password(found.password_hash if found else None, password)
    if found is None or not matches or found.is_disabled:
        raise WrongCredentials("the e-mail address or the password is wrong")
    user_id = UserId(found.user_id)
    async with sessions.begin() as session:
        await identify(session, None, user_id)
        memberships = await repository.memberships_of(session, user_id)
        if not memberships:
            raise WrongCredentials("the e-mail address or the password is wrong")
        tenant_id = TenantId(memberships[0].tenant_id)
        await identify(session, tenant_id, user_id)
        await repository.forget_expired(session, user_id, now)
        await record(UnitOfWork(session, tenant_id, user_id), "user.logged_in", "user", user_id)
        return await _open(session, signer, now, user_id, tenant_id)


async def open_demo(sessions: Sessions, signer: TokenSigner, now: datetime) -> Session:
    """Open a session of the demo user.

    Raises:
        DemoUnavailable: none was loaded.
    """
    async with sessions.begin() as session:
        found = await repository.find_demo(session)
        if found is None:
            raise DemoUnavailable("this installation has no demo")
        user_id, tenant_id = UserId(found.user_id), TenantId(found.tenant_id)
        await identify(session, tenant_id, user_id)
        return await _open(session, signer, now, user_id, tenant_id)


async def has_demo(sessions: Sessions) -> bool:
    """Whether the demo was loaded."""
    async with sessions.begin() as session:
        return await repository.find_demo(session) is not None


async def refresh(sessions: Sessions, signer: TokenSigner, now: datetime, token: str) -> Session:
    """Exchange a refresh token for the next one and a new access token.

    Raises:
        Unauthenticated: unknown, expired or revoked; or used before, which ends its whole family.
        RefreshRaced: used by another tab within the last seconds.
    """
    reused_family: UUID | None = None
    async with sessions.begin() as session:
        found = await repository.find_refresh_token(session, _digest(token))
        if found is None:
            raise Unauthenticated("log in first")
        user_id, tenant_id = UserId(found.user_id), TenantId(found.tenant_id)
        await identify(session, tenant_id, user_id)
        if await repository.use_refresh_token(session, found.id, now):
            old = await session.get_one(RefreshTokenRow, found.id)
            return await _open(
                session,
                signer,
                now,
                user_id,
                tenant_id,
                family=(old.family_id, old.family_expires_at),
            )
        old = await session.get_one(RefreshTokenRow, found.id)
        raced = old.used_at is not None and now - old.used_at < REUSE_WINDOW
        if raced and old.revoked_at is None:
            raise RefreshRaced("another tab has just refreshed")
        if old.used_at is not None:
            reused_family = old.family_id
    if reused_family is not None:
        # a unit of its own: the refusal below must not roll the revocation back
        async with sessions.begin() as session:
            await identify(session, tenant_id, user_id)
            await repository.revoke_family(session, reused_family, now)
            uow = UnitOfWork(session, tenant_id, user_id)
            await record(uow, "session.token_reused", "session", reused_family)
    raise Unauthenticated("log in first")


async def log_out(sessions: Sessions, now: datetime, token: str | None) -> None:
    """End the session's whole chain of tokens; unknown tokens are nobody's business."""
    if token is None:
        return
    async with sessions.begin() as session:
        found = await repository.find_refresh_token(session, _digest(token))
        if found is None:
            return
        await identify(session, TenantId(found.tenant_id), UserId(found.user_id))
        await repository.revoke_family(session, found.family_id, now)


async def _open(
    session: AsyncSession,
    signer: TokenSigner,
    now: datetime,
    user_id: UserId,
    tenant_id: TenantId,
    family: tuple[UUID, datetime] | None = None,
) -> Session:
    found = await repository.user_and_tenant(session, user_id, tenant_id)
    if found is None:
        raise Unauthenticated("log in first")
    user, tenant, role = found
    token = secrets.token_urlsafe(32)
    family_id, family_expires_at = family or (new_id(), now + FAMILY_LIFETIME)
    session.add(
        RefreshTokenRow(
            id=new_id(),
            user_id=user_id,
            tenant_id=tenant_id,
            family_id=family_id,
            token_hash=_digest(token),
            expires_at=min(now + REFRESH_LIFETIME, family_expires_at),
            family_expires_at=family_expires_at,
        )
    )
    identity = Identity(user_id, tenant_id, role, family_id)
    access_token, expires_at = signer.sign(identity, new_id(), now)
    return Session(access_token, expires_at, token, user, tenant, role)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
