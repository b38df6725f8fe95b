"""Uploads, the rows read from them, and what became of each."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Id, Instant, Json, Key, Row, TenantKey

BATCH_STATUSES = (
    "uploaded",  # stored, waiting to be read
    "reading",
    "needs_mapping",  # a generic CSV whose columns the person must name
    "preview",  # read; nothing posted yet
    "committing",
    "committed",
    "undoing",
    "undone",
    "failed",  # unreadable; nothing posted
    "discarded",
)


class ImportBatchRow(Row):
    """One uploaded file: preview, commit all or nothing, undo as a whole."""

    __tablename__ = "import_batches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(
            "status IN (" + ",".join(f"'{s}'" for s in BATCH_STATUSES) + ")",
            name="status_known",
        ),
        Index("ix_import_batches_created_at", "tenant_id", text("created_at DESC")),
    )

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]
    account_id: Mapped[Id]
    file_name: Mapped[str]
    file_hash: Mapped[str]
    file_size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    format: Mapped[str | None] = mapped_column(String(30))
    broker: Mapped[str | None]
    mapping: Mapped[Json | None]
    status: Mapped[str] = mapped_column(String(20))
    problem_code: Mapped[str | None]
    problem_detail: Mapped[str | None]
    notices: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    row_count: Mapped[int] = mapped_column(Integer, server_default="0")
    imported_count: Mapped[int] = mapped_column(Integer, server_default="0")
    duplicate_count: Mapped[int] = mapped_column(Integer, server_default="0")
    skipped_count: Mapped[int] = mapped_column(Integer, server_default="0")
    failed_count: Mapped[int] = mapped_column(Integer, server_default="0")
    warning_count: Mapped[int] = mapped_column(Integer, server_default="0")
    preview: Mapped[Json | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    created_by: Mapped[Id | None]
    committed_at: Mapped[Instant | None]
    undone_at: Mapped[Instant | None]


class ImportRowRow(Row):
    """One row of a file: imported, duplicate, skipped or failed, each with its reason."""

    __tablename__ = "import_rows"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["import_batches.tenant_id", "import_batches.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(
            "status IN ('imported', 'duplicate', 'skipped', 'failed')",
            name="status_known",
        ),
        Index("ix_import_rows_status", "tenant_id", "batch_id", "status", "row_number"),
    )

    tenant_id: Mapped[TenantKey]
    batch_id: Mapped[Key]
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True, server_default="0")
    status: Mapped[str] = mapped_column(String(10))
    reason_code: Mapped[str | None]
    message: Mapped[str | None]
    column_name: Mapped[str | None]
    idempotency_key: Mapped[str | None]
    draft: Mapped[Json | None]
    original: Mapped[Json]


class ColumnMappingRow(Row):
    """A generic CSV's column mapping, remembered per header signature."""

    __tablename__ = "column_mappings"

    tenant_id: Mapped[TenantKey]
    header_signature: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[Json]
    updated_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
