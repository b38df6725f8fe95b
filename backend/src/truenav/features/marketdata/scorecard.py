"""How a source does beside its answers: how old its newest is, what it took back, what waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.marketdata.quarantine_tables import PriceQuarantineRow
from truenav.features.marketdata.tables import FxRateRow, PriceRow, PriceVersionRow

# A source that told nothing for so long is not described by how long exactly.
LOOKED_BACK = timedelta(days=60)
CORRECTED_WITHIN = timedelta(days=30)
RESTATED = ("prices_restated", "event_restated")


@dataclass(frozen=True, slots=True)
class Score:
    """Of one source: the newest day told, restatements of 30 days, bars that wait for somebody."""

    newest_day: date | None = None
    correction_count: int = 0
    held_count: int = 0


async def scores(session: AsyncSession, day: date) -> Mapping[str, Score]:
    """By source, as of a day; a source without an entry has told nothing lately."""
    since = day - LOOKED_BACK
    newest: dict[str, date] = {}
    for table, column in ((PriceRow, PriceRow.price_date), (FxRateRow, FxRateRow.rate_date)):
        found = select(table.source, func.max(column)).where(column >= since).group_by(table.source)
        for source, last in await session.execute(found):
            newest[source] = max(last, newest.get(source, last))
    corrected = (
        select(PriceVersionRow.source, func.count())
        .where(
            PriceVersionRow.reason.in_(RESTATED),
            PriceVersionRow.changed_at >= day - CORRECTED_WITHIN,
        )
        .group_by(PriceVersionRow.source)
    )
    waiting = (
        select(PriceQuarantineRow.source, func.count())
        .where(PriceQuarantineRow.state == "open")
        .group_by(PriceQuarantineRow.source)
    )
    corrections = {source: int(count) for source, count in await session.execute(corrected)}
    held = {source: int(count) for source, count in await session.execute(waiting)}
    return {
        source: Score(newest.get(source), corrections.get(source, 0), held.get(source, 0))
        for source in {*newest, *corrections, *held}
    }
