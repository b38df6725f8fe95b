"""Snapshots: the stored NAV of one account on one day."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import (
    Currency,
    Day,
    Exact,
    Instant,
    Key,
    Row,
    TenantKey,
    finite,
)


class SnapshotRow(Row):
    """NAV in the account's base currency; null with its reasons when something is unknown."""

    __tablename__ = "snapshots"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            ondelete="CASCADE",
        ),
        finite("nav"),
        finite("market_value"),
        finite("cash_value"),
        finite("receivable_value"),
        finite("external_flow"),
        CheckConstraint("nav IS NOT NULL OR unknown_count > 0", name="unknown_has_reason"),
    )

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    as_of: Mapped[Day] = mapped_column(primary_key=True)
    currency: Mapped[Currency]
    nav: Mapped[Exact | None]
    market_value: Mapped[Exact | None]
    cash_value: Mapped[Exact | None]
    receivable_value: Mapped[Exact | None]
    external_flow: Mapped[Exact | None]
    stale_count: Mapped[int] = mapped_column(Integer, server_default="0")
    unknown_count: Mapped[int] = mapped_column(Integer, server_default="0")
    unknowns: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default=text("'[]'"))
    calculation_version: Mapped[str] = mapped_column(String(20))
    computed_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class ValuationStateRow(Row):
    """From which day on an account's snapshots must be rebuilt; null when they are current."""

    __tablename__ = "valuation_states"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            ondelete="CASCADE",
        ),
    )

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    dirty_from: Mapped[Day | None]
    rebuilt_at: Mapped[Instant | None]
