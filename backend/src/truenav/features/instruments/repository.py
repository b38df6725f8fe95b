"""SQL of instruments: shared reading, adding through the catalogue's functions only."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.matching import STRONG
from truenav.features.instruments.tables import InstrumentAliasRow, InstrumentRow
from truenav.platform.pages import PageRequest

# What a tenant may see: listed instruments, and those it has records of (ADR 14). Row security
# restricts `transactions` to the asking tenant.
VISIBLE = text(
    "(instruments.is_listed OR EXISTS (SELECT 1 FROM transactions t"
    " WHERE t.instrument_id = instruments.id))"
)


async def find_visible(session: AsyncSession, instrument_id: UUID) -> InstrumentRow | None:
    """One instrument, if the asking tenant may know of it."""
    query = select(InstrumentRow).where(InstrumentRow.id == instrument_id, VISIBLE)
    return await session.scalar(query)


async def aliases_of(session: AsyncSession, instrument_id: UUID) -> Sequence[InstrumentAliasRow]:
    """What it is and was called."""
    query = (
        select(InstrumentAliasRow)
        .where(InstrumentAliasRow.instrument_id == instrument_id)
        .order_by(InstrumentAliasRow.scheme, InstrumentAliasRow.valid_from)
    )
    return (await session.scalars(query)).all()


async def page(
    session: AsyncSession, words: str | None, page: PageRequest
) -> Sequence[InstrumentRow]:
    """Visible instruments whose symbol or name holds the words, by symbol."""
    query = (
        select(InstrumentRow)
        .where(VISIBLE)
        .order_by(InstrumentRow.symbol, InstrumentRow.id)
        .limit(page.limit + 1)
    )
    if words:
        pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(
            or_(InstrumentRow.symbol.ilike(pattern), InstrumentRow.name.ilike(pattern))
        )
    if page.after is not None:
        position = tuple_(InstrumentRow.symbol, InstrumentRow.id)
        query = query.where(position > page.after)
    return (await session.scalars(query)).all()


async def find_aliases(
    session: AsyncSession, names: set[tuple[str, str]], on: date
) -> Sequence[InstrumentAliasRow]:
    """Aliases valid on a day, for many (scheme, value) pairs in one query."""
    if not names:
        return []
    query = select(InstrumentAliasRow).where(
        tuple_(InstrumentAliasRow.scheme, InstrumentAliasRow.value).in_(list(names)), _valid(on)
    )
    return (await session.scalars(query)).all()


async def find_retired(
    session: AsyncSession, names: set[tuple[str, str]], on: date
) -> Sequence[InstrumentAliasRow]:
    """Aliases that ended by a day, for many (scheme, value) pairs: the newest of each."""
    if not names:
        return []
    table = InstrumentAliasRow
    query = (
        select(table)
        .where(tuple_(table.scheme, table.value).in_(list(names)), table.valid_to <= on)
        .order_by(table.scheme, table.value, table.currency, table.valid_to.desc(), table.id)
        .ext(distinct_on(table.scheme, table.value, table.currency))
    )
    return (await session.scalars(query)).all()


async def find_identifiers(
    session: AsyncSession, instrument_ids: Iterable[UUID], on: date
) -> Sequence[InstrumentAliasRow]:
    """ISINs, CUSIPs and FIGIs of some instruments."""
    ids = list(instrument_ids)
    if not ids:
        return []
    query = select(InstrumentAliasRow).where(
        InstrumentAliasRow.instrument_id.in_(ids),
        InstrumentAliasRow.scheme.in_(STRONG),
        _valid(on),
    )
    return (await session.scalars(query)).all()


def _valid(on: date) -> ColumnElement[bool]:
    return and_(
        InstrumentAliasRow.valid_from <= on,
        or_(InstrumentAliasRow.valid_to.is_(None), InstrumentAliasRow.valid_to > on),
    )


async def want_prices(session: AsyncSession, instrument_ids: Iterable[UUID]) -> None:
    """Say that the asking tenant follows these; the demo's wishes are not counted."""
    ids = sorted(set(instrument_ids))
    if ids:
        await session.execute(text("SELECT catalogue.want_prices(:ids)"), {"ids": ids})


async def lock_catalogue(session: AsyncSession) -> None:
    """One adder at a time, until commit: two imports must not add the same instrument twice."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("catalogue"))))


async def add_instruments(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add instruments: id, symbol, exchange, name, asset_class, currency."""
    statement = text(
        "SELECT catalogue.add_instrument(:id, :symbol, :exchange, :name, :asset_class, :currency,"
        " :multiplier)"
    )
    if rows:
        await session.execute(statement, [{"multiplier": Decimal(1), **row} for row in rows])


async def add_aliases(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add aliases: id, instrument_id, scheme, value, exchange, currency, valid_from."""
    statement = text(
        "SELECT catalogue.add_alias(:id, :instrument_id, :scheme, :value, :exchange, :currency,"
        " :valid_from)"
    )
    if rows:
        await session.execute(statement, list(rows))
