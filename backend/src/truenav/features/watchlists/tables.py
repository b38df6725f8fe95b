"""Watchlists of a tenant, and the instruments on them."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Instant, Key, Row, TenantKey


class WatchlistRow(Row):
    """One list. `version` counts every change of it and of anything on it."""

    __tablename__ = "watchlists"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        # judged once a statement is done: a new order is one statement
        UniqueConstraint("tenant_id", "place", deferrable=True, initially="IMMEDIATE"),
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),
        CheckConstraint("place >= 0", name="place_counts"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    id: Mapped[Key]
    name: Mapped[str]
    place: Mapped[int]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class WatchlistItemRow(Row):
    """An instrument on a list, once; what stands after what is told by `place`, gaps and all."""

    __tablename__ = "watchlist_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "watchlist_id"],
            ["watchlists.tenant_id", "watchlists.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint(
            "tenant_id", "watchlist_id", "place", deferrable=True, initially="IMMEDIATE"
        ),
        CheckConstraint("length(note) <= 500", name="note_length"),
        CheckConstraint("place >= 0", name="place_counts"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    watchlist_id: Mapped[Key]
    instrument_id: Mapped[Key] = mapped_column(ForeignKey("instruments.id"))
    place: Mapped[int]
    note: Mapped[str] = mapped_column(server_default="")
    added_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
