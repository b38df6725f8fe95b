"""SQL of taxonomies and of what funds are made of."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import CategoryId
from truenav.core.taxonomies.tree import Category, Content
from truenav.features.taxonomies.tables import (
    FundCompositionRow,
    FundPartRow,
    TaxonomyAssignmentRow,
    TaxonomyCategoryRow,
    TaxonomyRow,
)
from truenav.platform.bulk import insert_rows

ANEW = {"populate_existing": True}


async def find(session: AsyncSession, taxonomy_id: UUID) -> TaxonomyRow | None:
    """One taxonomy of the asking tenant."""
    query = select(TaxonomyRow).where(TaxonomyRow.id == taxonomy_id)
    return await session.scalar(query, execution_options=ANEW)


async def all_taxonomies(session: AsyncSession) -> Sequence[TaxonomyRow]:
    """Those of the asking tenant, oldest first."""
    query = select(TaxonomyRow).order_by(TaxonomyRow.created_at, TaxonomyRow.id)
    return (await session.scalars(query)).all()


async def homes(session: AsyncSession, category_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The taxonomy of each category that there is."""
    table = TaxonomyCategoryRow
    query = select(table.id, table.taxonomy_id).where(table.id.in_(category_ids))
    return {row.id: row.taxonomy_id for row in await session.execute(query)}


async def counts(session: AsyncSession) -> dict[UUID, tuple[int, int]]:
    """Per taxonomy: how many categories, and how many instruments are in one."""
    category, assignment = TaxonomyCategoryRow, TaxonomyAssignmentRow
    categories = await session.execute(
        select(category.taxonomy_id, func.count()).group_by(category.taxonomy_id)
    )
    assigned = await session.execute(
        select(assignment.taxonomy_id, func.count(assignment.instrument_id.distinct())).group_by(
            assignment.taxonomy_id
        )
    )
    instruments: dict[UUID, int] = {row[0]: row[1] for row in assigned}
    return {row[0]: (row[1], instruments.get(row[0], 0)) for row in categories}


async def content(session: AsyncSession, taxonomy_id: UUID) -> Content:
    """Everything one taxonomy holds."""
    category, assignment = TaxonomyCategoryRow, TaxonomyAssignmentRow
    rows = await session.execute(
        select(
            category.id, category.parent_id, category.name, category.position,
            category.color_index,
        ).where(category.taxonomy_id == taxonomy_id)
    )  # fmt: skip
    categories = {
        CategoryId(row.id): Category(
            id=CategoryId(row.id),
            parent_id=CategoryId(row.parent_id) if row.parent_id is not None else None,
            name=row.name,
            position=row.position,
            color_index=row.color_index,
        )
        for row in rows
    }
    assigned = await session.execute(
        select(assignment.instrument_id, assignment.category_id, assignment.weight_ratio)
        .where(assignment.taxonomy_id == taxonomy_id)
        .order_by(assignment.instrument_id, assignment.category_id)
    )
    weights: dict[UUID, dict[CategoryId, Decimal]] = {}
    for row in assigned:
        weights.setdefault(row.instrument_id, {})[CategoryId(row.category_id)] = row.weight_ratio
    return Content(categories, weights)


async def change(
    session: AsyncSession, taxonomy_id: UUID, version: int, values: Mapping[str, Any]
) -> bool:
    """Count one more version, if it still has the one that was seen; holds the row until commit."""
    statement = (
        update(TaxonomyRow)
        .where(TaxonomyRow.id == taxonomy_id, TaxonomyRow.version == version)
        .values(**values, version=version + 1)
        .returning(TaxonomyRow.id)
    )
    options = {"synchronize_session": False}
    return await session.scalar(statement, execution_options=options) is not None


async def remove(session: AsyncSession, taxonomy_id: UUID, version: int) -> bool:
    """Delete a taxonomy with all in it, if it still has the version that was seen."""
    statement = (
        delete(TaxonomyRow)
        .where(TaxonomyRow.id == taxonomy_id, TaxonomyRow.version == version)
        .returning(TaxonomyRow.id)
    )
    return await session.scalar(statement) is not None


async def store(
    session: AsyncSession, tenant_id: UUID, taxonomy_id: UUID, before: Content, after: Content
) -> bool:
    """Write what differs: new and changed rows first, then without the rows that are gone.

    False, and nothing more is written, when a category's id stands in another taxonomy.
    """
    mine: dict[str, Any] = {"tenant_id": tenant_id, "taxonomy_id": taxonomy_id}
    categories = [
        {
            **mine, "id": c.id, "parent_id": c.parent_id, "name": c.name,
            "position": c.position, "color_index": c.color_index,
        }
        for key, c in after.categories.items()
        if before.categories.get(key) != c
    ]  # fmt: skip
    old, new = _pairs(before), _pairs(after)
    assignments = [
        {**mine, "instrument_id": key[0], "category_id": key[1], "weight_ratio": weight}
        for key, weight in new.items()
        if old.get(key) != weight
    ]
    if not await _upsert(session, TaxonomyCategoryRow, ("tenant_id", "id"), categories):
        return False
    keys = ("tenant_id", "taxonomy_id", "instrument_id", "category_id")
    await _upsert(session, TaxonomyAssignmentRow, keys, assignments)
    table = TaxonomyAssignmentRow
    if gone := [key for key in old if key not in new]:
        await session.execute(
            delete(table).where(
                table.taxonomy_id == taxonomy_id,
                tuple_(table.instrument_id, table.category_id).in_(gone),
            )
        )
    if lost := [key for key in before.categories if key not in after.categories]:
        category = TaxonomyCategoryRow
        await session.execute(
            delete(category).where(category.taxonomy_id == taxonomy_id, category.id.in_(lost))
        )
    return True


def _pairs(held: Content) -> dict[tuple[UUID, UUID], Decimal]:
    return {
        (instrument_id, key): weight
        for instrument_id, parts in held.weights.items()
        for key, weight in parts.items()
    }


async def _upsert(
    session: AsyncSession, table: Any, keys: Sequence[str], rows: Sequence[dict[str, Any]]
) -> bool:
    # one statement for all of a batch: a child may come before its parent
    for start in range(0, len(rows), 500):
        batch = rows[start : start + 500]
        statement = insert(table).values(batch)
        written = statement.excluded
        changing = statement.on_conflict_do_update(
            index_elements=keys,
            set_={name: written[name] for name in batch[0] if name not in (*keys, "taxonomy_id")},
            # a row of another taxonomy is never taken from it
            where=table.taxonomy_id == written.taxonomy_id,
        ).returning(table.taxonomy_id)
        if len((await session.scalars(changing)).all()) < len(batch):
            return False
    return True


# --- funds --------------------------------------------------------------------------------------


async def lock_compositions(session: AsyncSession, tenant_id: UUID) -> None:
    """One writer of a tenant at a time: a chain of funds must not become a ring between two."""
    key = func.hashtextextended(f"compositions:{tenant_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def composition(session: AsyncSession, instrument_id: UUID) -> FundCompositionRow | None:
    """What is stated of a fund."""
    table = FundCompositionRow
    query = select(table).where(table.instrument_id == instrument_id)
    return await session.scalar(query, execution_options=ANEW)


async def parts(session: AsyncSession) -> dict[UUID, dict[UUID, Decimal]]:
    """Fund → part → ratio, of the asking tenant."""
    table = FundPartRow
    query = select(table.instrument_id, table.part_id, table.weight_ratio)
    found: dict[UUID, dict[UUID, Decimal]] = {}
    for row in await session.execute(query.order_by(table.weight_ratio.desc(), table.part_id)):
        found.setdefault(row.instrument_id, {})[row.part_id] = row.weight_ratio
    return found


async def state_composition(
    session: AsyncSession, tenant_id: UUID, instrument_id: UUID, as_of: date, version: int | None
) -> bool:
    """State it anew, if it still has the version that was seen (None: nothing is stated)."""
    table = FundCompositionRow
    if version is None:
        row = {"tenant_id": tenant_id, "instrument_id": instrument_id, "as_of": as_of}
        adding = insert(table).values(**row).on_conflict_do_nothing().returning(table.version)
        return await session.scalar(adding) is not None
    changing = (
        update(table)
        .where(table.instrument_id == instrument_id, table.version == version)
        .values(as_of=as_of, version=version + 1, set_at=func.now())
        .returning(table.version)
    )
    options = {"synchronize_session": False}
    return await session.scalar(changing, execution_options=options) is not None


async def replace_parts(
    session: AsyncSession, tenant_id: UUID, instrument_id: UUID, parts: Mapping[UUID, Decimal]
) -> None:
    """Put other parts in the place of those a fund has."""
    table = FundPartRow
    await session.execute(delete(table).where(table.instrument_id == instrument_id))
    rows = [
        {
            "tenant_id": tenant_id, "instrument_id": instrument_id, "part_id": part_id,
            "weight_ratio": weight,
        }
        for part_id, weight in parts.items()
    ]  # fmt: skip
    await insert_rows(session, FundPartRow, rows)


async def remove_composition(session: AsyncSession, instrument_id: UUID, version: int) -> bool:
    """Delete what is stated of a fund, if it still has the version that was seen."""
    table = FundCompositionRow
    statement = (
        delete(table)
        .where(table.instrument_id == instrument_id, table.version == version)
        .returning(table.version)
    )
    return await session.scalar(statement) is not None
