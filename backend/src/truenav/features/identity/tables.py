"""Who may come in: users, the tenants they belong to, and the sessions they hold."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Currency, Id, Instant, Key, Row, TenantKey


class UserRow(Row):
    """A person who can log in; belongs to tenants through memberships."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email_lower", text("lower(email)"), unique=True),
        CheckConstraint("length(email) BETWEEN 3 AND 320", name="email_length"),
    )

    id: Mapped[Key]
    email: Mapped[str]
    display_name: Mapped[str]
    password_hash: Mapped[str | None]
    is_demo: Mapped[bool] = mapped_column(server_default=text("false"))
    # Looks after the installation itself. A trigger grants the wish to the first user only.
    is_operator: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    disabled_at: Mapped[Instant | None]


class TenantRow(Row):
    """A household or an adviser's client: the edge nothing leaks across."""

    __tablename__ = "tenants"

    id: Mapped[Key]
    name: Mapped[str]
    base_currency: Mapped[Currency]
    is_demo: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class MembershipRow(Row):
    """Which user may do what in which tenant."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role IN ('owner', 'editor', 'viewer')", name="role_known"),
        Index("ix_memberships_user_id", "user_id"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    user_id: Mapped[Key] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class RefreshTokenRow(Row):
    """One link of a rotating chain; only the SHA-256 of the token is kept."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_refresh_tokens_user_id_family_id", "user_id", "family_id"),
        Index("ix_refresh_tokens_family_id", "family_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    tenant_id: Mapped[Id] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    family_id: Mapped[Id]
    token_hash: Mapped[str]
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    expires_at: Mapped[Instant]
    family_expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
