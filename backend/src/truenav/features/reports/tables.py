"""Reports: what a page said, kept with everything it was worked out from."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Currency, Day, Id, Instant, Json, Key, Row, TenantKey

KINDS = ("performance", "risk", "waterfall", "holdings", "nav", "attribution", "income")
MOST_INPUTS = 8 * 1024 * 1024  # bytes, compressed
MOST_ANSWER = 4 * 1024 * 1024
KIND_NAMES = ", ".join(f"'{kind}'" for kind in KINDS)


class ReportRow(Row):
    """One answer with its inputs. Only its name ever changes, and `differed_at`.

    `recorded_at` says which records counted. `inputs` (zlib) is canonical JSON of what the pure
    calculation was given; `answer` is canonical JSON of the body. The hashes are of the plain
    bytes. `differed_at` is when a recomputation from the inputs first gave another answer.
    """

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KIND_NAMES})", name="kind_known"),
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name_length"),
        CheckConstraint(f"octet_length(inputs) <= {MOST_INPUTS}", name="inputs_bounded"),
        CheckConstraint(f"octet_length(answer) <= {MOST_ANSWER}", name="answer_bounded"),
        Index("ix_reports_recorded_at", "tenant_id", text("recorded_at DESC"), text("id DESC")),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    kept_by: Mapped[Id | None]
    recorded_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    as_of: Mapped[Day]
    currency: Mapped[Currency]
    parameters: Mapped[Json]
    calculation_versions: Mapped[Json]
    fingerprint: Mapped[Json]
    fingerprint_sha256: Mapped[str] = mapped_column(String(64))
    inputs: Mapped[bytes] = mapped_column(LargeBinary)
    inputs_sha256: Mapped[str] = mapped_column(String(64))
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    answer_sha256: Mapped[str] = mapped_column(String(64))
    differed_at: Mapped[Instant | None]
