"""What a tenant set of its checks; a check that has no row is as it comes."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Exact, Id, Instant, Row, TenantKey, finite


class CheckSettingRow(Row):
    """One check's threshold, whether it is asked at all, and what it needs to know besides."""

    __tablename__ = "check_settings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "taxonomy_id"],
            ["taxonomies.tenant_id", "taxonomies.id"],
            ondelete="SET NULL (taxonomy_id)",
        ),
        finite("threshold", ">= 0"),
        finite("amount", "> 0"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    is_enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    threshold: Mapped[Exact]
    taxonomy_id: Mapped[Id | None]
    amount: Mapped[Exact | None]
    version: Mapped[int] = mapped_column(server_default="1")
    set_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
