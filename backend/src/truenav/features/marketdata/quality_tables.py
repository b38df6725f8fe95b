"""What is odd about the market data, and what an operator decided of it. Shared by all tenants."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Day, Id, Instant, Json, Key, Row

KINDS = (
    "'missing_split', 'missed_dividend', 'ex_date_off', 'minor_units', 'other_basis',"
    " 'stale_repeat', 'missing_day', 'restated', 'missing_sessions', 'closed_day', 'outlier',"
    " 'leap', 'no_bars'"
)


class ReconciliationReportRow(Row):
    """One instrument looked through on one day; `sources` holds what each source covers.

    `session_count` is of the exchange between first and last bar; null where its calendar is not
    known. With one source nothing is compared, and `compared_count` says so.
    """

    __tablename__ = "reconciliation_reports"

    instrument_id: Mapped[Id] = mapped_column(
        ForeignKey("instruments.id", ondelete="CASCADE"), primary_key=True
    )
    ran_on: Mapped[Day] = mapped_column(primary_key=True)
    first_day: Mapped[Day | None]
    last_day: Mapped[Day | None]
    bar_count: Mapped[int]
    session_count: Mapped[int | None]
    compared_count: Mapped[int]
    finding_count: Mapped[int]
    data_version: Mapped[int]
    sources: Mapped[Json]
    ran_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class DataFindingRow(Row):
    """One thing that is odd, found again until it is gone or somebody decided.

    `source` is the other source, or empty when the series shows it by itself. `words` are the
    prices, events and days that taking its word over would store.
    """

    __tablename__ = "data_findings"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KINDS})", name="kind_known"),
        CheckConstraint(
            "status IN ('open', 'accepted', 'overridden', 'gone')", name="status_known"
        ),
        UniqueConstraint("instrument_id", "kind", "day", "source"),
        Index("ix_data_findings_status_id", "status", "id"),
    )

    id: Mapped[Key]
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    day: Mapped[Day]
    last_day: Mapped[Day]
    day_count: Mapped[int]
    source: Mapped[str] = mapped_column(String(30))
    ours: Mapped[str | None]
    theirs: Mapped[str | None]
    note: Mapped[str]
    words: Mapped[list[Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(String(12), server_default="open")
    first_seen: Mapped[Day]
    last_seen: Mapped[Day]


class FindingDecisionRow(Row):
    """What an operator decided of a finding, when and why; only ever added to."""

    __tablename__ = "finding_decisions"
    __table_args__ = (
        CheckConstraint("decision IN ('accepted', 'overridden')", name="decision_known"),
    )

    id: Mapped[Key]
    finding_id: Mapped[Id] = mapped_column(
        ForeignKey("data_findings.id", ondelete="CASCADE"), index=True
    )
    decision: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str]
    decided_by: Mapped[Id]
    ours: Mapped[str | None]
    theirs: Mapped[str | None]
    decided_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
