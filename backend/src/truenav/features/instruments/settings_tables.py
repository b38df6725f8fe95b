"""What a tenant says of an instrument that no feed tells: its kind of share, its coupon."""

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Day, Exact, Id, Instant, Row, TenantKey, finite


class InstrumentSettingsRow(Row):
    """At most one word of each; a coupon is said as a whole or not at all."""

    __tablename__ = "instrument_settings"
    __table_args__ = (
        CheckConstraint("share_kind IN ('common', 'preferred')", name="share_kind_known"),
        CheckConstraint("coupons_per_year IN (1, 2, 4, 12)", name="coupons_per_year_known"),
        CheckConstraint(
            "num_nulls(coupon_ratio, face_value, coupons_per_year, matures_on) IN (0, 4)",
            name="coupon_whole",
        ),
        finite("coupon_ratio", ">= 0 AND coupon_ratio <= 1"),
        finite("face_value", "> 0"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    instrument_id: Mapped[Id] = mapped_column(
        ForeignKey("instruments.id", ondelete="CASCADE"), primary_key=True
    )
    share_kind: Mapped[str | None] = mapped_column(String(10))
    coupon_ratio: Mapped[Exact | None]
    face_value: Mapped[Exact | None]
    coupons_per_year: Mapped[int | None] = mapped_column(Integer)
    matures_on: Mapped[Day | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    changed_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    changed_by: Mapped[Id | None]
