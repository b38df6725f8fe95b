"""SQL of what was held back: reads, and the one function that decides."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.quarantine_tables import PriceQuarantineRow
from truenav.platform.pages import PageRequest

Held = Row[PriceQuarantineRow, str]


async def held(
    session: AsyncSession,
    page: PageRequest,
    *,
    instrument_id: UUID | None,
    source: str | None,
    state: str | None,
) -> Sequence[Held]:
    """(bar, symbol), the newest first."""
    query = (
        select(PriceQuarantineRow, InstrumentRow.symbol)
        .join(InstrumentRow, InstrumentRow.id == PriceQuarantineRow.instrument_id)
        .order_by(PriceQuarantineRow.id.desc())
        .limit(page.limit + 1)
    )
    if instrument_id is not None:
        query = query.where(PriceQuarantineRow.instrument_id == instrument_id)
    if source is not None:
        query = query.where(PriceQuarantineRow.source == source)
    if state is not None:
        query = query.where(PriceQuarantineRow.state == state)
    if page.after is not None:
        query = query.where(PriceQuarantineRow.id < page.after[0])
    return (await session.execute(query)).all()


async def find_held(session: AsyncSession, held_id: UUID) -> Held | None:
    """(bar, symbol), as it is now."""
    query = (
        select(PriceQuarantineRow, InstrumentRow.symbol)
        .join(InstrumentRow, InstrumentRow.id == PriceQuarantineRow.instrument_id)
        .where(PriceQuarantineRow.id == held_id)
    )
    options = {"populate_existing": True}
    return (await session.execute(query, execution_options=options)).one_or_none()


async def decide(session: AsyncSession, held_id: UUID, decision: str, reason: str) -> bool:
    """Decide as the user who asks; False when it is decided by now. Accepting stores the bar."""
    statement = text("SELECT catalogue.decide_quarantined(:id, :decision, :reason)")
    values = {"id": held_id, "decision": decision, "reason": reason}
    return bool(await session.scalar(statement, values))
