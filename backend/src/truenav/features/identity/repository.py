"""SQL of identity; the lookups before anybody is known go through `sec` functions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.identity.tables import (
    MembershipRow,
    RefreshTokenRow,
    TenantRow,
    UserRow,
)


async def find_login(session: AsyncSession, email: str) -> Row[tuple[UUID, str, bool]] | None:
    """(user id, password hash, disabled) of an address."""
    query = text("SELECT user_id, password_hash, is_disabled FROM sec.find_login(:email)")
    return (await session.execute(query, {"email": email})).one_or_none()


async def find_demo(session: AsyncSession) -> Row[tuple[UUID, UUID]] | None:
    """(user id, tenant id) of the demo."""
    return (
        await session.execute(text("SELECT user_id, tenant_id FROM sec.find_demo()"))
    ).one_or_none()


async def find_refresh_token(
    session: AsyncSession, token_hash: str
) -> Row[tuple[UUID, UUID, UUID, UUID]] | None:
    """(id, user id, tenant id, family id) of a token, used or not."""
    query = text("SELECT id, user_id, tenant_id, family_id FROM sec.find_refresh_token(:hash)")
    return (await session.execute(query, {"hash": token_hash})).one_or_none()


async def memberships_of(session: AsyncSession, user_id: UUID) -> Sequence[MembershipRow]:
    """Where the user belongs, oldest first."""
    query = (
        select(MembershipRow)
        .where(MembershipRow.user_id == user_id)
        .order_by(MembershipRow.created_at)
    )
    return (await session.scalars(query)).all()


async def user_and_tenant(
    session: AsyncSession, user_id: UUID, tenant_id: UUID
) -> tuple[UserRow, TenantRow, str] | None:
    """The asking user, the tenant and the role in it."""
    query = (
        select(UserRow, TenantRow, MembershipRow.role)
        .join(MembershipRow, MembershipRow.user_id == UserRow.id)
        .join(TenantRow, TenantRow.id == MembershipRow.tenant_id)
        .where(
            UserRow.id == user_id,
            TenantRow.id == tenant_id,
            UserRow.disabled_at.is_(None),
        )
        # a trigger decides whether a new user operates the installation
        .execution_options(populate_existing=True)
    )
    found = (await session.execute(query)).one_or_none()
    return (found[0], found[1], found[2]) if found is not None else None


async def use_refresh_token(session: AsyncSession, token_id: UUID, now: datetime) -> bool:
    """Mark a token used; False when it was used, revoked or expired. Atomic."""
    statement = (
        update(RefreshTokenRow)
        .where(
            RefreshTokenRow.id == token_id,
            RefreshTokenRow.used_at.is_(None),
            RefreshTokenRow.revoked_at.is_(None),
            RefreshTokenRow.expires_at > now,
            RefreshTokenRow.family_expires_at > now,
        )
        .values(used_at=now)
        .returning(RefreshTokenRow.id)
    )
    return await session.scalar(statement) is not None


async def revoke_family(session: AsyncSession, family_id: UUID, now: datetime) -> None:
    """End every token of a chain."""
    await session.execute(
        update(RefreshTokenRow)
        .where(RefreshTokenRow.family_id == family_id, RefreshTokenRow.revoked_at.is_(None))
        .values(revoked_at=now)
    )


async def forget_expired(session: AsyncSession, user_id: UUID, now: datetime) -> None:
    """Delete tokens whose whole chain has ended: they prove nothing any more."""
    await session.execute(
        delete(RefreshTokenRow).where(
            RefreshTokenRow.user_id == user_id, RefreshTokenRow.family_expires_at < now
        )
    )


async def is_email_taken(session: AsyncSession, email: str) -> bool:
    """Whether somebody has signed up with an address."""
    query = select(func.count()).select_from(text("sec.find_login(:email)").bindparams(email=email))
    return bool(await session.scalar(query))


async def standing_sessions(
    session: AsyncSession, session_ids: Sequence[UUID], now: datetime
) -> Sequence[Row[tuple[UUID, UUID, UUID, str]]]:
    """(session id, user id, tenant id, role) of those that were neither ended nor outlived."""
    query = text(
        "SELECT session_id, user_id, tenant_id, role FROM sec.standing_sessions(:ids, :now)"
    )
    return (await session.execute(query, {"ids": list(session_ids), "now": now})).all()
