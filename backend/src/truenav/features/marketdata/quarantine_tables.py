"""Bars that were not stored as they came, and what became of them. Shared by all tenants."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Currency, Day, Id, Instant, Json, Key, Row


class PriceQuarantineRow(Row):
    """One bar held back (open until somebody decides) or refused (rejected by rule).

    `bar` holds the figures as received, in `currency`; null when `bar_count` bars were refused
    together, from `day` on. `close_told` tells two closes of one day apart. `decided_by` is null
    where a rule or a second source decided, and `decision_note` says so.
    """

    __tablename__ = "price_quarantine"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'rejected')", name="state_known"),
        CheckConstraint("state <> 'open' OR bar IS NOT NULL", name="open_has_a_bar"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_when"),
        UniqueConstraint("instrument_id", "source", "day", "reason", "close_told"),
        Index("ix_price_quarantine_state_id", "state", "id"),
    )

    id: Mapped[Key]
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(30))
    day: Mapped[Day]
    reason: Mapped[str] = mapped_column(String(30))
    close_told: Mapped[str] = mapped_column(String(60))
    bar_count: Mapped[int] = mapped_column(server_default="1")
    bar: Mapped[Json | None]
    currency: Mapped[Currency]
    detail: Mapped[str]
    state: Mapped[str] = mapped_column(String(10), server_default="open")
    first_seen: Mapped[Day]
    last_seen: Mapped[Day]
    decided_by: Mapped[Id | None]
    decided_at: Mapped[Instant | None]
    decision_note: Mapped[str | None]
