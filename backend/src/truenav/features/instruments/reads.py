"""Which instruments the asking tenant may know of, for the features above."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import literal_column, select, text, union
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.matching import STRONG
from truenav.features.instruments.repository import VISIBLE
from truenav.features.instruments.tables import InstrumentAliasRow, InstrumentRow

OWN = text(
    "(EXISTS (SELECT 1 FROM transactions t WHERE t.instrument_id = instruments.id)"
    " OR EXISTS (SELECT 1 FROM kept_instruments k WHERE k.instrument_id = instruments.id))"
)


async def visible(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, InstrumentRow]:
    """Of some ids, those the asking tenant may know of."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    query = select(InstrumentRow).where(InstrumentRow.id.in_(wanted), VISIBLE)
    return {row.id: row for row in await session.scalars(query)}


async def called(session: AsyncSession, names: Iterable[str]) -> dict[str, list[UUID]]:
    """Who goes by a ticker, ISIN, CUSIP or FIGI today, among what the tenant may know of.

    What the tenant has records of or added goes before what others go by the same name with.
    """
    wanted = sorted(set(names))
    if not wanted:
        return {}
    found: dict[str, list[UUID]] = {}
    for condition in (OWN, VISIBLE):
        missing = [name for name in wanted if name not in found]
        for name, instrument_id in await _called(session, missing, condition):
            found.setdefault(name, []).append(instrument_id)
    return found


async def _called(
    session: AsyncSession, names: Sequence[str], condition: Any
) -> list[tuple[str, UUID]]:
    if not names:
        return []
    alias, table = InstrumentAliasRow, InstrumentRow
    by_symbol = select(table.symbol.label("name"), table.id).where(
        table.symbol.in_(names), condition
    )
    by_alias = (
        select(alias.value.label("name"), table.id)
        .join(table, table.id == alias.instrument_id)
        .where(
            alias.value.in_(names), alias.scheme.in_(STRONG), alias.valid_to.is_(None), condition
        )
    )
    query = union(by_symbol, by_alias).order_by(literal_column("1"), literal_column("2"))
    return [(row[0], row[1]) for row in await session.execute(query)]


async def isins(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The ISIN some instruments go by today; those without one are left out."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    table = InstrumentAliasRow
    query = select(table.instrument_id, table.value).where(
        table.instrument_id.in_(wanted), table.scheme == "isin", table.valid_to.is_(None)
    )
    rows = await session.execute(query.order_by(table.value.desc()))
    return {row.instrument_id: row.value for row in rows}
