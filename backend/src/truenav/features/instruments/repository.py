"""SQL of instruments: shared reading, adding through the catalogue's functions only."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.matching import STRONG
from truenav.features.instruments.tables import (
    InstrumentAliasRow,
    InstrumentRow,
    KeptInstrumentRow,
)
from truenav.platform.pages import PageRequest

# What a tenant may see: listed instruments, those it has records of, those it added (ADR 14). Row
# security restricts `transactions` and `kept_instruments` to the asking tenant.
VISIBLE = text(
    "(instruments.is_listed OR EXISTS (SELECT 1 FROM transactions t"
    " WHERE t.instrument_id = instruments.id) OR EXISTS (SELECT 1 FROM kept_instruments k"
    " WHERE k.instrument_id = instruments.id))"
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


async def keep(
    session: AsyncSession, tenant_id: UUID, instrument_id: UUID, user_id: UUID | None
) -> None:
    """The tenant may know of it from now on; again is the same."""
    row = {"tenant_id": tenant_id, "instrument_id": instrument_id, "added_by": user_id}
    await session.execute(insert(KeptInstrumentRow).values(**row).on_conflict_do_nothing())


async def count_kept(session: AsyncSession) -> int:
    """How many the tenant added."""
    return await session.scalar(select(func.count()).select_from(KeptInstrumentRow)) or 0


async def kept_among(session: AsyncSession, instrument_ids: Iterable[UUID]) -> set[UUID]:
    """Those of some instruments that the tenant added itself."""
    ids = list(instrument_ids)
    if not ids:
        return set()
    query = select(KeptInstrumentRow.instrument_id).where(KeptInstrumentRow.instrument_id.in_(ids))
    return set(await session.scalars(query))


async def find_holder(
    session: AsyncSession,
    scheme: str,
    value: str,
    *,
    exchange: str | None = None,
    currency: str | None = None,
) -> UUID | None:
    """Who goes by a name today, on an exchange and in a currency if they are told."""
    table = InstrumentAliasRow
    query = select(table.instrument_id).where(
        table.scheme == scheme, table.value == value, table.valid_to.is_(None)
    )
    if exchange is not None:
        query = query.where(table.exchange == exchange, table.currency == currency)
    return await session.scalar(query.order_by(table.instrument_id).limit(1))


async def find_known_symbol(session: AsyncSession, symbol: str, currency: str) -> UUID | None:
    """The instrument the tenant may know of by its ticker of today."""
    query = (
        select(InstrumentRow.id)
        .where(InstrumentRow.symbol == symbol, InstrumentRow.currency == currency, VISIBLE)
        .order_by(InstrumentRow.id)
        .limit(1)
    )
    return await session.scalar(query)


async def identifiers_of(session: AsyncSession, instrument_id: UUID, scheme: str) -> list[str]:
    """Names of one kind an instrument goes by today."""
    table = InstrumentAliasRow
    query = select(table.value).where(
        table.instrument_id == instrument_id, table.scheme == scheme, table.valid_to.is_(None)
    )
    return list(await session.scalars(query))


async def symbol_of(session: AsyncSession, instrument_id: UUID) -> str | None:
    """What an instrument is called today, whoever holds it."""
    query = select(InstrumentRow.symbol).where(InstrumentRow.id == instrument_id)
    return await session.scalar(query)
