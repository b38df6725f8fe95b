"""The declarative base, column types and constraint names every table shares."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    MetaData,
    Numeric,
    String,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Quantities, unit prices, rates and costs keep the scale of their source.
Exact = Annotated[Decimal, mapped_column(Numeric(38, 18))]
Currency = Annotated[str, mapped_column(String(3))]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Day = Annotated[date, mapped_column(Date)]
Id = Annotated[UUID, mapped_column(Uuid)]
TenantKey = Annotated[UUID, mapped_column(Uuid, primary_key=True)]
Key = Annotated[UUID, mapped_column(Uuid, primary_key=True)]
LongText = Annotated[str, mapped_column(Text)]
# None is SQL's null: a JSON null would count as a value that is there
Json = Annotated[dict[str, Any], mapped_column(JSONB(none_as_null=True))]


class Row(DeclarativeBase):
    """A plain record: no relationships, nothing loads lazily."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        Decimal: Numeric(38, 18),
        UUID: Uuid,
        dict[str, Any]: JSONB,
        str: Text,
    }


def finite(column: str, condition: str = "") -> CheckConstraint:
    """A check that also refuses NaN, which PostgreSQL sorts above every number."""
    also = f" AND {column} {condition}" if condition else ""
    return CheckConstraint(f"{column} <> 'NaN'{also}", name=f"{column}_finite")


def make_engine(url: str, *, pool_size: int = 8) -> AsyncEngine:
    """An engine for one role. No prepared statements: they break behind a transaction pooler."""
    return create_async_engine(
        as_psycopg(url),
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=10,
        pool_pre_ping=True,
        # timeouts of statements and locks belong to the role: a pooler refuses start-up options
        connect_args={
            "prepare_threshold": None,
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
        },
    )


def as_psycopg(url: str) -> str:
    """The same address, for SQLAlchemy's psycopg dialect."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def make_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose rows stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
