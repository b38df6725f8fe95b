"""Benchmarks a tenant made itself: blends of instruments and published series."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Exact, Id, Instant, Key, Row, TenantKey, finite


class OwnBenchmarkRow(Row):
    """A named blend, how it is brought back to its weights, and what is added to it a year."""

    __tablename__ = "own_benchmarks"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name_length"),
        CheckConstraint(
            "rebalancing IN ('never', 'daily', 'monthly', 'quarterly', 'yearly')",
            name="rebalancing_known",
        ),
        finite("spread_ratio", "BETWEEN -0.5 AND 1"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    id: Mapped[Key]
    name: Mapped[str]
    rebalancing: Mapped[str] = mapped_column(String(10))
    spread_ratio: Mapped[Exact] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class OwnBenchmarkPartRow(Row):
    """One part of a blend: an instrument, or a published series such as consumer prices."""

    __tablename__ = "own_benchmark_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "benchmark_id"],
            ["own_benchmarks.tenant_id", "own_benchmarks.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("num_nonnulls(instrument_id, series) = 1", name="one_source"),
        CheckConstraint("basis IN ('total', 'price')", name="basis_known"),
        finite("weight_ratio", "> 0"),
    )

    tenant_id: Mapped[TenantKey]
    benchmark_id: Mapped[Key]
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    instrument_id: Mapped[Id | None] = mapped_column(ForeignKey("instruments.id"))
    series: Mapped[str | None] = mapped_column(String(30))
    basis: Mapped[str] = mapped_column(String(10))
    weight_ratio: Mapped[Exact]
