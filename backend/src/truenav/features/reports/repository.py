"""SQL of reports, and of what their fingerprints are of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from truenav.features.ledger.tables import TransactionRow
from truenav.features.marketdata.tables import PriceVersionRow
from truenav.features.reports.tables import ReportRow
from truenav.platform.pages import PageRequest

SIZES = (
    func.octet_length(ReportRow.inputs).label("inputs_size"),
    func.octet_length(ReportRow.answer).label("answer_size"),
)
WITHOUT_BYTES = (defer(ReportRow.inputs), defer(ReportRow.answer))


async def room(session: AsyncSession) -> tuple[int, int]:
    """(reports, bytes) the tenant keeps."""
    query = select(func.count(), func.coalesce(func.sum(SIZES[0].element + SIZES[1].element), 0))
    found = (await session.execute(query.select_from(ReportRow))).one()
    return found[0], int(found[1])


async def page(
    session: AsyncSession,
    page: PageRequest,
    *,
    kind: str | None,
    before: datetime | None,
) -> Sequence[Any]:
    """(report without its bytes, their sizes), the newest first; recorded before an instant."""
    query = (
        select(ReportRow, *SIZES)
        .options(*WITHOUT_BYTES)
        .order_by(ReportRow.recorded_at.desc(), ReportRow.id.desc())
        .limit(page.limit + 1)
    )
    if kind is not None:
        query = query.where(ReportRow.kind == kind)
    if before is not None:
        query = query.where(ReportRow.recorded_at < before)
    if page.after is not None:
        query = query.where(tuple_(ReportRow.recorded_at, ReportRow.id) < page.after)
    return (await session.execute(query)).all()


async def find(session: AsyncSession, report_id: UUID) -> Any | None:
    """(report without its bytes, their sizes)."""
    query = select(ReportRow, *SIZES).options(*WITHOUT_BYTES).where(ReportRow.id == report_id)
    query = query.execution_options(populate_existing=True)
    return (await session.execute(query)).one_or_none()


async def find_whole(session: AsyncSession, report_id: UUID) -> ReportRow | None:
    """A report with its bytes."""
    query = select(ReportRow).where(ReportRow.id == report_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def rename(session: AsyncSession, report_id: UUID, version: int, name: str) -> bool:
    """Name it, if it has the version that was seen."""
    statement = (
        update(ReportRow)
        .where(ReportRow.id == report_id, ReportRow.version == version)
        .values(name=name, version=version + 1)
        .returning(ReportRow.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def mark_differed(session: AsyncSession, report_id: UUID) -> bool:
    """Remember the first time it was not what its inputs say; False when it was known."""
    statement = (
        update(ReportRow)
        .where(ReportRow.id == report_id, ReportRow.differed_at.is_(None))
        .values(differed_at=func.now())
        .returning(ReportRow.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def remove(session: AsyncSession, report_id: UUID) -> bool:
    """Forget it; False when there is none."""
    statement = delete(ReportRow).where(ReportRow.id == report_id).returning(ReportRow.id)
    return await session.scalar(statement) is not None


async def now(session: AsyncSession) -> datetime:
    """When this transaction began, by the clock that says when records were recorded."""
    return (await session.execute(select(func.now()))).scalar_one()


@dataclass(frozen=True, slots=True)
class Recorded:
    """How far the records of an account go: reversals are records, too."""

    last_sequence: int
    record_count: int
    first_day: date


async def recorded(session: AsyncSession, account_ids: Sequence[UUID]) -> dict[UUID, Recorded]:
    """By account; one without records is in none."""
    query = (
        select(
            TransactionRow.account_id,
            func.max(TransactionRow.sequence),
            func.count(),
            func.min(TransactionRow.trade_date),
        )
        .where(TransactionRow.account_id.in_(account_ids))
        .group_by(TransactionRow.account_id)
    )
    return {row[0]: Recorded(*row[1:]) for row in await session.execute(query)}


async def later_records(
    session: AsyncSession, after: Mapping[UUID, int], most: int
) -> tuple[Sequence[Any], int]:
    """(account_id, sequence, id, kind, trade_date, recorded_at) of what was recorded since.

    The newest first, at most so many; and how many there are.
    """
    query = text(
        "SELECT t.account_id, t.sequence, t.id, t.kind, t.trade_date, t.recorded_at,"
        " count(*) OVER () AS total"
        " FROM transactions t JOIN unnest(CAST(:ids AS uuid[]), CAST(:last AS bigint[]))"
        " AS kept(account_id, last) ON kept.account_id = t.account_id AND t.sequence > kept.last"
        " ORDER BY t.recorded_at DESC, t.account_id, t.sequence DESC LIMIT :most"
    )
    values = {"ids": list(after), "last": list(after.values()), "most": most}
    found = (await session.execute(query, values)).all()
    return found, found[0].total if found else 0


async def data_versions(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, int]:
    """The data version of each instrument; one of which nothing was stored is in none."""
    query = (
        select(PriceVersionRow.instrument_id, func.max(PriceVersionRow.version))
        .where(PriceVersionRow.instrument_id.in_(ids))
        .group_by(PriceVersionRow.instrument_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def has_new_events(
    session: AsyncSession, instrument_id: UUID, since: int, through: date
) -> bool:
    """Whether an event of days up to one was added or restated after a data version."""
    query = select(PriceVersionRow.version).where(
        PriceVersionRow.instrument_id == instrument_id,
        PriceVersionRow.version > since,
        PriceVersionRow.earliest <= through,
        PriceVersionRow.reason.like("event%"),
    )
    return await session.scalar(query.limit(1)) is not None
