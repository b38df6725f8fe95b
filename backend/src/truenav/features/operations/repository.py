"""SQL of the jobs page. Work of all tenants is seen through functions that ask who looks."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.tables import InstrumentRow
from truenav.platform.pages import PageRequest
from truenav.platform.tables import ScheduleEntryRow

LOOK = text(
    "SELECT * FROM sec.look_at_work(:state, CAST(:kinds AS text[]), :batch_id, :id,"
    " CAST(:before_at AS timestamptz), CAST(:before_id AS uuid), :most)"
)


async def find_work(
    session: AsyncSession,
    page: PageRequest,
    *,
    state: str | None = None,
    kinds: Sequence[str] = (),
    batch_id: UUID | None = None,
) -> Sequence[Row[Any]]:
    """Work of every tenant and of the installation, the newest first; none for who may not look."""
    before_at, before_id = page.after if page.after is not None else (None, None)
    values = {
        "state": state, "kinds": list(kinds) or None, "batch_id": batch_id, "id": None,
        "before_at": before_at, "before_id": before_id, "most": page.limit + 1,
    }  # fmt: skip
    return (await session.execute(LOOK, values)).all()


async def get_work(session: AsyncSession, job_id: UUID) -> Row[Any] | None:
    """One piece of work."""
    values = {
        "state": None, "kinds": None, "batch_id": None, "id": job_id,
        "before_at": None, "before_id": None, "most": 1,
    }  # fmt: skip
    return (await session.execute(LOOK, values)).one_or_none()


async def count_work(session: AsyncSession) -> Sequence[Row[Any]]:
    """(topic, batch_id, state, work_count, oldest, newest) of what is open or ended lately."""
    return (await session.execute(text("SELECT * FROM sec.count_work(NULL)"))).all()


async def count_parts(session: AsyncSession, batch_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """The same for the parts of batches, each batch apart, with what came of them."""
    statement = text("SELECT * FROM sec.count_work(CAST(:batch_ids AS uuid[]))")
    return (await session.execute(statement, {"batch_ids": list(batch_ids)})).all()


async def retry(session: AsyncSession, tenant_id: UUID, job_id: UUID) -> bool:
    """Begin again; False when there is nothing that was given up or cancelled."""
    statement = text("SELECT sec.retry_work(:tenant_id, :id)")
    return bool(await session.scalar(statement, {"tenant_id": tenant_id, "id": job_id}))


async def cancel(session: AsyncSession, tenant_id: UUID, job_id: UUID) -> int:
    """Have it not done; how many pieces of work that were."""
    statement = text("SELECT sec.cancel_work(:tenant_id, :id, NULL)")
    return int(await session.scalar(statement, {"tenant_id": tenant_id, "id": job_id}) or 0)


async def cancel_batch(session: AsyncSession, batch_id: UUID) -> int:
    """The same for all parts of a batch."""
    statement = text("SELECT sec.cancel_work(NULL, NULL, :batch_id)")
    return int(await session.scalar(statement, {"batch_id": batch_id}) or 0)


async def request(
    session: AsyncSession, job_id: UUID, topic: str, payload: Mapping[str, str]
) -> bool:
    """Ask the installation for work."""
    statement = text("SELECT sec.request_work(:id, :topic, CAST(:payload AS jsonb))")
    values = {"id": job_id, "topic": topic, "payload": json.dumps(dict(payload))}
    return bool(await session.scalar(statement, values))


async def schedule_entries(session: AsyncSession) -> Sequence[ScheduleEntryRow]:
    """How far the schedule is."""
    return (await session.scalars(select(ScheduleEntryRow).order_by(ScheduleEntryRow.name))).all()


async def symbols(session: AsyncSession, instrument_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Symbols by instrument."""
    ids = list(instrument_ids)
    if not ids:
        return {}
    query = select(InstrumentRow.id, InstrumentRow.symbol).where(InstrumentRow.id.in_(ids))
    return {row[0]: row[1] for row in await session.execute(query)}
