"""SQL of benchmarks: shared ones are read, a tenant's own are kept."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.tables import BenchmarkRow
from truenav.features.performance.benchmark_tables import OwnBenchmarkPartRow, OwnBenchmarkRow

Parts = Sequence[Row[OwnBenchmarkPartRow, InstrumentRow | None]]


async def shared(session: AsyncSession) -> Sequence[Row[BenchmarkRow, InstrumentRow | None]]:
    """(benchmark, its instrument) of all there are for everybody, by name."""
    query = (
        select(BenchmarkRow, InstrumentRow)
        .join(InstrumentRow, InstrumentRow.id == BenchmarkRow.instrument_id, isouter=True)
        .order_by(BenchmarkRow.name, BenchmarkRow.id)
    )
    return (await session.execute(query)).all()


async def own(session: AsyncSession, benchmark_id: UUID | None = None) -> list[OwnBenchmarkRow]:
    """The tenant's, by name; only the one named, when one is."""
    table = OwnBenchmarkRow
    query = select(table).order_by(table.name, table.id)
    if benchmark_id is not None:
        query = query.where(table.id == benchmark_id)
    fresh = {"populate_existing": True}
    return list((await session.scalars(query, execution_options=fresh)).all())


async def parts_of(session: AsyncSession, benchmark_ids: Sequence[UUID]) -> Parts:
    """(part, its instrument) of some of the tenant's benchmarks, in their order."""
    table = OwnBenchmarkPartRow
    query = (
        select(table, InstrumentRow)
        .join(InstrumentRow, InstrumentRow.id == table.instrument_id, isouter=True)
        .where(table.benchmark_id.in_(benchmark_ids))
        .order_by(table.benchmark_id, table.position)
    )
    return (await session.execute(query)).all()


async def count(session: AsyncSession) -> int:
    """How many the tenant has."""
    return await session.scalar(select(func.count()).select_from(OwnBenchmarkRow)) or 0


async def add(session: AsyncSession, row: OwnBenchmarkRow, parts: Sequence[dict[str, Any]]) -> None:
    """Keep a new one; a taken name is refused here and not at the commit."""
    session.add(row)
    await session.flush()
    await _add_parts(session, row.tenant_id, row.id, parts)


async def change(
    session: AsyncSession,
    benchmark_id: UUID,
    version: int,
    values: dict[str, Any],
    parts: Sequence[dict[str, Any]],
) -> bool:
    """Put another definition in the place of one somebody saw; False when it is another by now."""
    table = OwnBenchmarkRow
    statement = (
        update(table)
        .where(table.id == benchmark_id, table.version == version)
        .values(**values, version=table.version + 1)
        .returning(table.tenant_id)
    )
    plain: dict[str, Any] = {"synchronize_session": False}
    tenant_id = await session.scalar(statement, execution_options=plain)
    if tenant_id is None:
        return False
    await session.execute(
        delete(OwnBenchmarkPartRow).where(OwnBenchmarkPartRow.benchmark_id == benchmark_id)
    )
    await _add_parts(session, tenant_id, benchmark_id, parts)
    return True


async def remove(session: AsyncSession, benchmark_id: UUID, version: int) -> bool:
    """Take one out that somebody saw; False when it is another by now."""
    table = OwnBenchmarkRow
    statement = (
        delete(table)
        .where(table.id == benchmark_id, table.version == version)
        .returning(table.version)
    )
    plain: dict[str, Any] = {"synchronize_session": False}
    return await session.scalar(statement, execution_options=plain) is not None


async def _add_parts(
    session: AsyncSession, tenant_id: UUID, benchmark_id: UUID, parts: Sequence[dict[str, Any]]
) -> None:
    session.add_all(
        OwnBenchmarkPartRow(tenant_id=tenant_id, benchmark_id=benchmark_id, position=place, **part)
        for place, part in enumerate(parts)
    )
    await session.flush()
