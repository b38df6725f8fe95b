"""SQL of the data quality page: reads, and the one function that decides."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.quality_tables import (
    DataFindingRow,
    FindingDecisionRow,
    ReconciliationReportRow,
)
from truenav.platform.clock import new_id
from truenav.platform.pages import PageRequest


async def coverage(
    session: AsyncSession, words: str | None, page: PageRequest, *, is_open_only: bool
) -> Sequence[Row[Any]]:
    """(report, instrument, findings open) of every instrument that was looked at, by symbol."""
    report = (
        select(ReconciliationReportRow)
        .order_by(ReconciliationReportRow.instrument_id, ReconciliationReportRow.ran_on.desc())
        .ext(distinct_on(ReconciliationReportRow.instrument_id))
        .subquery("report")
    )
    waiting = (
        select(func.count())
        .where(DataFindingRow.instrument_id == InstrumentRow.id, DataFindingRow.status == "open")
        .scalar_subquery()
    )
    query = (
        select(report, InstrumentRow, waiting.label("open_count"))
        .join(InstrumentRow, InstrumentRow.id == report.c.instrument_id)
        .order_by(InstrumentRow.symbol, InstrumentRow.id)
        .limit(page.limit + 1)
    )
    if words:
        query = query.where(_named(words))
    if is_open_only:
        query = query.where(waiting > 0)
    if page.after is not None:
        query = query.where(tuple_(InstrumentRow.symbol, InstrumentRow.id) > page.after)
    return (await session.execute(query)).all()


def _named(words: str) -> Any:
    return or_(
        InstrumentRow.symbol.icontains(words, autoescape=True),
        InstrumentRow.name.icontains(words, autoescape=True),
    )


async def is_instrument(session: AsyncSession, instrument_id: UUID) -> bool:
    """Whether there is such an instrument, whoever holds it."""
    query = select(InstrumentRow.id).where(InstrumentRow.id == instrument_id)
    return await session.scalar(query) is not None


async def findings(
    session: AsyncSession,
    page: PageRequest,
    *,
    instrument_id: UUID | None,
    kinds: Sequence[str],
    status: str | None,
) -> Sequence[Row[DataFindingRow, str]]:
    """(finding, symbol), the newest first."""
    query = (
        select(DataFindingRow, InstrumentRow.symbol)
        .join(InstrumentRow, InstrumentRow.id == DataFindingRow.instrument_id)
        .order_by(DataFindingRow.id.desc())
        .limit(page.limit + 1)
    )
    if instrument_id is not None:
        query = query.where(DataFindingRow.instrument_id == instrument_id)
    if kinds:
        query = query.where(DataFindingRow.kind.in_(kinds))
    if status is not None:
        query = query.where(DataFindingRow.status == status)
    if page.after is not None:
        query = query.where(DataFindingRow.id < page.after[0])
    return (await session.execute(query)).all()


async def finding(session: AsyncSession, finding_id: UUID) -> Row[DataFindingRow, str] | None:
    """(finding, symbol), as it is now."""
    query = (
        select(DataFindingRow, InstrumentRow.symbol)
        .join(InstrumentRow, InstrumentRow.id == DataFindingRow.instrument_id)
        .where(DataFindingRow.id == finding_id)
    )
    options = {"populate_existing": True}
    return (await session.execute(query, execution_options=options)).one_or_none()


async def decisions(
    session: AsyncSession, finding_ids: Sequence[UUID]
) -> dict[UUID, list[FindingDecisionRow]]:
    """What was decided of findings, the newest first."""
    query = (
        select(FindingDecisionRow)
        .where(FindingDecisionRow.finding_id.in_(finding_ids))
        .order_by(FindingDecisionRow.decided_at.desc(), FindingDecisionRow.id.desc())
    )
    found: dict[UUID, list[FindingDecisionRow]] = {}
    for row in await session.scalars(query):
        found.setdefault(row.finding_id, []).append(row)
    return found


async def decide(session: AsyncSession, finding_id: UUID, decision: str, reason: str) -> bool:
    """Decide an open finding as the user who asks; False when it is decided or gone by now."""
    statement = text("SELECT catalogue.decide_finding(:id, :decision_id, :decision, :reason)")
    values = {"id": finding_id, "decision_id": new_id(), "decision": decision, "reason": reason}
    return bool(await session.scalar(statement, values))
