"""What can be held. Shared by all tenants: no row security, written by the ingest role only."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Currency, Day, Exact, Id, Instant, Key, Row, TenantKey, finite


class InstrumentRow(Row):
    """Identity is the id; symbol and exchange are what it is called today."""

    __tablename__ = "instruments"
    __table_args__ = (
        Index("ix_instruments_symbol_exchange", "symbol", "exchange"),
        CheckConstraint(
            "asset_class IN ('equity','fund','bond','option','crypto','cash','other')",
            name="asset_class_known",
        ),
        finite("multiplier", "> 0"),
    )

    id: Mapped[Key]
    symbol: Mapped[str]
    exchange: Mapped[str | None]
    name: Mapped[str]
    asset_class: Mapped[str] = mapped_column(String(20))
    currency: Mapped[Currency]
    multiplier: Mapped[Exact] = mapped_column(server_default="1")
    is_listed: Mapped[bool] = mapped_column(server_default=text("false"))
    provider_symbol: Mapped[str | None]
    wanted_at: Mapped[Instant | None]
    delisted_on: Mapped[Day | None]
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class InstrumentAliasRow(Row):
    """A name an instrument goes by, from one day to another."""

    __tablename__ = "instrument_aliases"
    __table_args__ = (
        CheckConstraint(
            "scheme IN ('symbol','isin','cusip','figi','sedol','name')",
            name="scheme_known",
        ),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="valid_range"),
        Index("ix_instrument_aliases_scheme_value", "scheme", "value"),
    )

    id: Mapped[Key]
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id", ondelete="CASCADE"))
    scheme: Mapped[str] = mapped_column(String(10))
    value: Mapped[str]
    exchange: Mapped[str | None]
    currency: Mapped[str | None]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]


class KeptInstrumentRow(Row):
    """An instrument a tenant added by hand: it may know of it before it has a record of it."""

    __tablename__ = "kept_instruments"

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    instrument_id: Mapped[Id] = mapped_column(
        ForeignKey("instruments.id", ondelete="CASCADE"), primary_key=True
    )
    added_by: Mapped[Id | None]
    added_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
