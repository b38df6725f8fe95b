"""Orders of sources that somebody chose; an empty one is as declared."""

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Id, Instant, Key, Row, TenantKey

FEW = "cardinality(sources) <= 20"


class InstrumentSourceOrderRow(Row):
    """What an operator chose for one instrument, for everybody; written by the catalogue alone."""

    __tablename__ = "instrument_source_orders"
    __table_args__ = (CheckConstraint(FEW, name="sources_few"),)

    instrument_id: Mapped[Key] = mapped_column(ForeignKey("instruments.id", ondelete="CASCADE"))
    sources: Mapped[list[str]] = mapped_column(ARRAY(String(30)))
    version: Mapped[int] = mapped_column(server_default="1")
    set_by: Mapped[Id | None]
    set_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class TenantSourceOrderRow(Row):
    """What a tenant chose for itself, of all instruments."""

    __tablename__ = "tenant_source_orders"
    __table_args__ = (CheckConstraint(FEW, name="sources_few"),)

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    sources: Mapped[list[str]] = mapped_column(ARRAY(String(30)))
    version: Mapped[int] = mapped_column(server_default="1")
    set_by: Mapped[Id | None]
    set_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
