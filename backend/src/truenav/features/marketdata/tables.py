"""Prices, rates and events as they were published. Shared; written by the ingest role only."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import (
    Currency,
    Day,
    Exact,
    Id,
    Instant,
    Json,
    Key,
    Row,
    TenantKey,
    finite,
)


class PriceRow(Row):
    """One day's bar as traded. Partitioned by year; a hypertable where TimescaleDB is present."""

    __tablename__ = "prices"
    __table_args__ = (
        finite("close", "> 0"),
        finite("open", "> 0"),
        finite("high", "> 0"),
        finite("low", "> 0"),
        finite("volume", ">= 0"),
        CheckConstraint("basis IN ('raw', 'split', 'total')", name="basis_known"),
        {"postgresql_partition_by": "RANGE (price_date)"},
    )

    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"), primary_key=True)
    price_date: Mapped[Day] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    basis: Mapped[str] = mapped_column(String(10), server_default="raw")
    open: Mapped[Exact | None]
    high: Mapped[Exact | None]
    low: Mapped[Exact | None]
    close: Mapped[Exact]
    volume: Mapped[Exact | None]
    currency: Mapped[Currency]
    as_of: Mapped[Instant | None]
    received_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class PriceYearRow(Row):
    """The closes of one year that one source told of an instrument, packed; see packing.py.

    Derived from `prices`: whole numbers of 10^-`places`, by days since 1970-01-01, as they were
    at the data version `version`.
    """

    __tablename__ = "price_years"
    __table_args__ = (
        CheckConstraint(
            "cardinality(days) = cardinality(closes) AND cardinality(days) > 0",
            name="close_for_each_day",
        ),
        CheckConstraint(
            "array_position(days, NULL) IS NULL AND array_position(closes, NULL) IS NULL",
            name="nothing_missing",
        ),
        CheckConstraint("0 < ALL (closes)", name="close_positive"),
        CheckConstraint("places BETWEEN 0 AND 18", name="places_kept"),
        CheckConstraint(
            "make_date(year, 1, 1) - DATE '1970-01-01' <= ALL (days)"
            " AND make_date(year, 12, 31) - DATE '1970-01-01' >= ALL (days)",
            name="days_of_year",
        ),
    )

    instrument_id: Mapped[Id] = mapped_column(
        ForeignKey("instruments.id", ondelete="CASCADE"), primary_key=True
    )
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    basis: Mapped[str] = mapped_column(String(10), primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    version: Mapped[int]
    places: Mapped[int]
    days: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    closes: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class FxRateRow(Row):
    """Units of `quote_currency` for one unit of `base_currency` on a day."""

    __tablename__ = "fx_rates"
    __table_args__ = (
        finite("rate", "> 0"),
        CheckConstraint("base_currency <> quote_currency", name="currencies_differ"),
        Index("ix_fx_rates_quote_currency_rate_date", "quote_currency", "rate_date"),
    )

    base_currency: Mapped[Currency] = mapped_column(primary_key=True)
    quote_currency: Mapped[Currency] = mapped_column(primary_key=True)
    rate_date: Mapped[Day] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    rate: Mapped[Exact]
    received_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class ReferenceSeriesRow(Row):
    """A value of a published series on a day: a yield in percent, an index of consumer prices."""

    __tablename__ = "reference_series"
    __table_args__ = (finite("value"),)

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value_date: Mapped[Day] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[Exact]
    received_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class MarketChangeRow(Row):
    """New or restated closes of an instrument, or rates of a currency, that nobody was told of yet.

    A queue: written with the prices, taken by the scheduler, which asks for the snapshots that
    follow from them.
    """

    __tablename__ = "market_changes"
    __table_args__ = (
        CheckConstraint("num_nonnulls(instrument_id, currency) = 1", name="about_one_thing"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    instrument_id: Mapped[Id | None] = mapped_column(
        ForeignKey("instruments.id", ondelete="CASCADE"), index=True
    )
    currency: Mapped[str | None] = mapped_column(String(3))
    earliest: Mapped[Day]
    occurred_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class PriceVersionRow(Row):
    """One change of an instrument's prices or events: series derived before it are out of date.

    The highest version of an instrument is its data version; 0 when nothing was ever stored.
    Written in the transaction that makes the change.
    """

    __tablename__ = "price_versions"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('prices', 'prices_restated', 'event_added', 'event_restated', 'override')",
            name="reason_known",
        ),
    )

    instrument_id: Mapped[Id] = mapped_column(
        ForeignKey("instruments.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(String(30))
    earliest: Mapped[Day]
    changed_count: Mapped[int]
    changed_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class ManualPriceRow(Row):
    """A price a tenant set, or fetched by a URL of its own; for it, it counts before all others."""

    __tablename__ = "manual_prices"
    __table_args__ = (
        finite("close", "> 0"),
        CheckConstraint("source IN ('manual', 'custom')", name="source_known"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"), primary_key=True)
    price_date: Mapped[Day] = mapped_column(primary_key=True)
    close: Mapped[Exact]
    currency: Mapped[Currency]
    source: Mapped[str] = mapped_column(String(10), server_default="manual")
    note: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    set_by: Mapped[Id | None]
    set_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class CorporateActionRow(Row):
    """A split, dividend or other event of an instrument, with its true dates and amounts."""

    __tablename__ = "corporate_actions"
    __table_args__ = (
        finite("ratio", "> 0"),
        finite("cash_amount", ">= 0"),
        UniqueConstraint("instrument_id", "type", "ex_date", "source"),
    )

    id: Mapped[Key]
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"))
    type: Mapped[str] = mapped_column(String(30))
    ex_date: Mapped[Day]
    record_date: Mapped[Day | None]
    pay_date: Mapped[Day | None]
    ratio: Mapped[Exact | None]
    cash_amount: Mapped[Exact | None]
    currency: Mapped[str | None]
    source: Mapped[str] = mapped_column(String(30))
    details: Mapped[Json | None]


class BenchmarkRow(Row):
    """A series to compare with, flagged price or total return."""

    __tablename__ = "benchmarks"
    __table_args__ = (
        CheckConstraint("return_basis IN ('price', 'total')", name="return_basis_known"),
        CheckConstraint("num_nonnulls(instrument_id, series) = 1", name="one_source"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    instrument_id: Mapped[Id | None] = mapped_column(ForeignKey("instruments.id"))
    series: Mapped[str | None] = mapped_column(String(30))
    return_basis: Mapped[str] = mapped_column(String(10), server_default="total")
    currency: Mapped[Currency]
