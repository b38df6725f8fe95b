"""Accounts: where a broker keeps what a tenant owns."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from truenav.core.ledger.methods import METHOD_NAMES
from truenav.platform.db import Currency, Instant, Key, Row, TenantKey


class AccountRow(Row):
    """One account at one broker; `version` guards concurrent edits."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint(
            "kind IN ('brokerage', 'retirement', 'cash', 'crypto', 'other')",
            name="kind_known",
        ),
        CheckConstraint(
            "tax_treatment IN ('taxable', 'tax_deferred', 'tax_free')",
            name="tax_treatment_known",
        ),
        CheckConstraint(f"lot_method IN ({METHOD_NAMES})", name="lot_method_known"),
        CheckConstraint("oversell IN ('open_short', 'refuse')", name="oversell_known"),
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name_length"),
        CheckConstraint("length(group_name) <= 60", name="group_name_length"),
        CheckConstraint("cardinality(tags) <= 20", name="tags_count"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    id: Mapped[Key]
    name: Mapped[str]
    broker: Mapped[str]
    # a household's own order: one group or none, any number of tags
    group_name: Mapped[str] = mapped_column(server_default="")
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    base_currency: Mapped[Currency]
    kind: Mapped[str] = mapped_column(String(20))
    tax_treatment: Mapped[str] = mapped_column(String(20))
    lot_method: Mapped[str] = mapped_column(String(20), server_default="fifo")
    tax_currency: Mapped[str | None] = mapped_column(String(3))
    oversell: Mapped[str] = mapped_column(String(20), server_default="open_short")
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    closed_at: Mapped[Instant | None]
