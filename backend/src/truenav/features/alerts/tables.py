"""Rules of alerts, and what they told."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Day, Exact, Id, Instant, Key, Row, TenantKey, finite

LEVELS = ("price", "price_change", "nav", "nav_change")
EVENTS = ("dividend", "stale_price", "import_failed", "ledger_break")
KINDS = ", ".join(f"'{kind}'" for kind in (*LEVELS, *EVENTS))


class AlertRuleRow(Row):
    """What a tenant wants to be told of, and where the rule stands.

    `side`, `seen_at`, `fired_at` and `fired_count` are what it remembers (core/alerts/crossing.py);
    of a rule that waits for an event only `fired_at` and `fired_count` say something. A removed
    rule stays, so that what it told is explained.
    """

    __tablename__ = "alert_rules"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            ondelete="CASCADE",
        ),
        finite("threshold"),
        CheckConstraint(f"kind IN ({KINDS})", name="kind_known"),
        CheckConstraint("direction IN ('above', 'below')", name="direction_known"),
        CheckConstraint("side IN ('waiting', 'past')", name="side_known"),
        CheckConstraint("cool_down_minutes BETWEEN 0 AND 10080", name="cool_down_within_a_week"),
        CheckConstraint("window_days BETWEEN 1 AND 366", name="window_within_a_year"),
        CheckConstraint(
            "(kind IN ('price', 'price_change', 'nav', 'nav_change')) = (threshold IS NOT NULL)"
            " AND (threshold IS NULL) = (direction IS NULL)",
            name="line_where_one_is_watched",
        ),
        CheckConstraint(
            "(kind IN ('price_change', 'nav_change', 'stale_price')) = (window_days IS NOT NULL)",
            name="window_where_one_counts",
        ),
        CheckConstraint(
            "CASE WHEN kind IN ('price', 'price_change')"
            " THEN instrument_id IS NOT NULL AND account_id IS NULL"
            " WHEN kind IN ('dividend', 'stale_price') THEN account_id IS NULL"
            " ELSE instrument_id IS NULL END",
            name="about_what_its_kind_is_about",
        ),
        Index(
            "ix_alert_rules_watched",
            "instrument_id",
            postgresql_where=text("is_enabled AND removed_at IS NULL"),
        ),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    instrument_id: Mapped[Id | None] = mapped_column(ForeignKey("instruments.id"))
    # the whole household where none is named
    account_id: Mapped[Id | None]
    direction: Mapped[str | None] = mapped_column(String(5))
    threshold: Mapped[Exact | None]
    # of a threshold that is an amount
    currency: Mapped[str | None] = mapped_column(String(3))
    window_days: Mapped[int | None]
    cool_down_minutes: Mapped[int] = mapped_column(server_default="60")
    is_enabled: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    snoozed_until: Mapped[Instant | None]
    removed_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    # by a person; what the rule sees does not count
    changed_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    side: Mapped[str | None] = mapped_column(String(10))
    seen_at: Mapped[Instant | None]
    fired_at: Mapped[Instant | None]
    fired_count: Mapped[int] = mapped_column(server_default="0")


class AlertRow(Row):
    """What a rule told, once for each occurrence, with what it saw then."""

    __tablename__ = "alerts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "rule_id"],
            ["alert_rules.tenant_id", "alert_rules.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("tenant_id", "rule_id", "occurrence"),
        finite("threshold"),
        finite("value"),
        CheckConstraint(f"kind IN ({KINDS})", name="kind_known"),
        CheckConstraint("direction IN ('above', 'below')", name="direction_known"),
        CheckConstraint("dismissed_at IS NULL OR read_at IS NOT NULL", name="dismissed_is_read"),
        Index("ix_alerts_fired_at", "tenant_id", text("fired_at DESC"), text("id DESC")),
        Index("ix_alerts_unread", "tenant_id", postgresql_where=text("read_at IS NULL")),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    id: Mapped[Key]
    rule_id: Mapped[Id]
    # which crossing it was, or what the event was about: what makes it one and the same
    occurrence: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    instrument_id: Mapped[Id | None] = mapped_column(ForeignKey("instruments.id"))
    account_id: Mapped[Id | None]
    direction: Mapped[str | None] = mapped_column(String(5))
    threshold: Mapped[Exact | None]
    window_days: Mapped[int | None]
    value: Mapped[Exact | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    as_of: Mapped[Instant]
    source: Mapped[str | None]
    # an ex-date, or the day of the last price
    on_date: Mapped[Day | None]
    # what a file was called
    subject: Mapped[str | None]
    subject_id: Mapped[Id | None]
    fired_at: Mapped[Instant]
    read_at: Mapped[Instant | None]
    dismissed_at: Mapped[Instant | None]
