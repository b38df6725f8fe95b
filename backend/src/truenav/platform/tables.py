"""Tables of the house itself: events, work done once, answers to repeat, the audit log."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Id, Instant, Json, Key, Row, TenantKey

# The tenant nobody belongs to: work the installation does for itself.
INSTALLATION = UUID(int=0)


class OutboxRow(Row):
    """Something that happened, stored beside the change it announces, and how its work goes.

    What the installation does for itself, such as fetching prices, belongs to the tenant
    `INSTALLATION`. Nothing but this row says what is left to do: queues may be emptied.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "tenant_id",
            "occurred_at",
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_outbox_occurred_at", text("occurred_at DESC"), text("id DESC")),
        Index("ix_outbox_batch_id", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
        CheckConstraint(
            "park_reason IN ('failed', 'crashed', 'lost', 'unknown')", name="park_reason_known"
        ),
        CheckConstraint("(parked_at IS NULL) = (park_reason IS NULL)", name="parked_for_a_reason"),
    )

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]
    topic: Mapped[str]
    payload: Mapped[Json]
    # what was asked for together: a backfill and its parts
    batch_id: Mapped[Id | None]
    occurred_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    dispatched_at: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    # set by whoever works on it, told every few seconds; left standing by one that died
    running_since: Mapped[Instant | None]
    pulse_at: Mapped[Instant | None]
    failure_count: Mapped[int] = mapped_column(Integer, server_default="0")
    crash_count: Mapped[int] = mapped_column(Integer, server_default="0")
    # queued, and never heard of again
    lost_count: Mapped[int] = mapped_column(Integer, server_default="0")
    last_error: Mapped[str | None]
    # not to be tried again before
    due_at: Mapped[Instant | None]
    # given up, until somebody looks
    parked_at: Mapped[Instant | None]
    park_reason: Mapped[str | None] = mapped_column(String(20))
    alerted_at: Mapped[Instant | None]
    cancelled_at: Mapped[Instant | None]
    done_at: Mapped[Instant | None]


class JobKeyRow(Row):
    """Work whose effect is committed: the row is written in the same transaction.

    `outcome` tells what came of it, for people.
    """

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


class ScheduleEntryRow(Row):
    """How far the schedule has announced an entry; what lies between then and now is caught up."""

    __tablename__ = "schedule_entries"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    # of the last occurrence that was announced
    occurred_at: Mapped[Instant]
    announced_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class CanaryStateRow(Row):
    """What the last look at a portfolio with known answers found, and what people were told."""

    __tablename__ = "canary_states"
    __table_args__ = (
        CheckConstraint("state IN ('ok', 'drifted', 'failed')", name="state_known"),
        CheckConstraint(
            "told_state IN ('ok', 'drifted', 'failed', 'silent')", name="told_state_known"
        ),
    )

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[Instant] = mapped_column(server_default=text("now()"))
    checked_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    duration_ms: Mapped[int] = mapped_column(Integer)
    drifts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    told_state: Mapped[str] = mapped_column(String(10), server_default="ok")
    told_at: Mapped[Instant | None]
