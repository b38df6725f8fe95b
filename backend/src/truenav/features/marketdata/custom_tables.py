"""Where a tenant fetches its own prices of an instrument from."""

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Day, Exact, Id, Instant, Row, TenantKey, finite


class CustomSourceRow(Row):
    """A URL, and where in its JSON document the price stands; one for an instrument.

    The currency is fixed (a minor unit such as GBp is allowed) or stands in the document, too.
    `version` counts what people change; what the last fetch found leaves it as it is.
    """

    __tablename__ = "custom_sources"
    __table_args__ = (
        finite("factor", "> 0"),
        finite("last_price", "> 0"),
        CheckConstraint("num_nonnulls(currency, currency_path) = 1", name="one_currency"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"), primary_key=True)
    url: Mapped[str]
    price_path: Mapped[str]
    date_path: Mapped[str | None]
    currency_path: Mapped[str | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    factor: Mapped[Exact] = mapped_column(server_default="1")
    version: Mapped[int] = mapped_column(server_default="1")
    set_by: Mapped[Id | None]
    set_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    tried_at: Mapped[Instant | None]
    last_error: Mapped[str | None]
    last_price: Mapped[Exact | None]
    last_price_date: Mapped[Day | None]
    last_read_at: Mapped[Instant | None]
