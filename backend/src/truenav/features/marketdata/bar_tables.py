"""What happened within a day. Shared; written by the ingest role; how long it stays: retention.py.

Partitioned by month (hours by year), made ahead by `catalogue.keep_partitions`; hypertables where
TimescaleDB is present.
"""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Currency, Exact, Id, Instant, Row, finite


class TickRow(Row):
    """One trade, or one quote where a source tells no trades; `sequence` orders an instant's."""

    __tablename__ = "ticks"
    __table_args__ = (
        finite("price", "> 0"),
        finite("volume", ">= 0"),
        # rows come in the order of time: what is old is found by a few pages of index
        Index("ix_ticks_at", "at", postgresql_using="brin"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"), primary_key=True)
    at: Mapped[Instant] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, server_default="0")
    price: Mapped[Exact]
    volume: Mapped[Exact | None]
    currency: Mapped[Currency]
    received_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class _Bar:
    """The columns of a bar.

    A bar some source told itself (`is_told`) counts as it is. One that was folded keeps the
    instants of its open and close, so that what comes late finds its place.
    """

    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"), primary_key=True)
    at: Mapped[Instant] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    open: Mapped[Exact]
    high: Mapped[Exact]
    low: Mapped[Exact]
    close: Mapped[Exact]
    volume: Mapped[Exact | None]
    opened_at: Mapped[Instant]
    closed_at: Mapped[Instant]
    is_told: Mapped[bool] = mapped_column(Boolean)


def _checks() -> tuple[CheckConstraint, ...]:
    return (
        finite("open", "> 0"),
        finite("high", "> 0"),
        finite("low", "> 0"),
        finite("close", "> 0"),
        finite("volume", ">= 0"),
        CheckConstraint(
            "low <= least(open, close) AND high >= greatest(open, close)", name="within_range"
        ),
        CheckConstraint("opened_at <= closed_at", name="opened_first"),
    )


class MinuteBarRow(_Bar, Row):
    """One minute, by its start in UTC."""

    __tablename__ = "minute_bars"
    __table_args__ = (
        *_checks(),
        Index("ix_minute_bars_at", "at", postgresql_using="brin"),
        {"postgresql_partition_by": "RANGE (at)"},
    )


class HourlyBarRow(_Bar, Row):
    """One hour, by its start in UTC. Stays for ever."""

    __tablename__ = "hourly_bars"
    __table_args__ = (*_checks(), {"postgresql_partition_by": "RANGE (at)"})
