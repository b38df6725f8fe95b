"""Tables of the house itself: events, work done once, answers to repeat, the audit log."""

from sqlalchemy import BigInteger, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Id, Instant, Json, Key, Row, TenantKey


class OutboxRow(Row):
    """An event, stored beside the change it announces; `done_at`, with the work that follows."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "tenant_id",
            "occurred_at",
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]
    topic: Mapped[str]
    payload: Mapped[Json]
    occurred_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    dispatched_at: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    done_at: Mapped[Instant | None]


class JobKeyRow(Row):
    """Work whose effect is committed: the row is written in the same transaction."""

    __tablename__ = "job_keys"

    tenant_id: Mapped[TenantKey]
    key: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    outcome: Mapped[Json | None]


class IdempotencyKeyRow(Row):
    """The stored answer of a request that carried an Idempotency-Key."""

    __tablename__ = "idempotency_keys"

    tenant_id: Mapped[TenantKey]
    key: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str]
    path: Mapped[str]
    request_hash: Mapped[str]
    status: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[Json | None]
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class AuditLogRow(Row):
    """Append-only: who did what to which row, hash-chained per tenant."""

    __tablename__ = "audit_log"

    tenant_id: Mapped[TenantKey]
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[Id]
    user_id: Mapped[Id | None]
    action: Mapped[str]
    entity_type: Mapped[str]
    entity_id: Mapped[Id | None]
    old_value: Mapped[Json | None]
    new_value: Mapped[Json | None]
    request_id: Mapped[str | None]
    occurred_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    previous_hash: Mapped[str]
    hash: Mapped[str]
