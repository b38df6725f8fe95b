"""How each source does: how it answers, how old its newest is, what it took back, what waits."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.marketdata.providers import csv_folder, ecb, fred, openfigi
from truenav.features.marketdata.providers.configured import ENTRIES
from truenav.features.marketdata.providers.quotes import Descriptor
from truenav.features.marketdata.quarantine_tables import PriceQuarantineRow
from truenav.features.marketdata.quoting import QuoteDesk
from truenav.features.marketdata.tables import FxRateRow, PriceRow, PriceVersionRow
from truenav.platform.gates import Gate, GateState, MemoryGate, SharedGate
from truenav.platform.settings import Settings
from truenav.platform.state import AppState

# A source that told nothing for so long is not described by how long exactly.
LOOKED_BACK = timedelta(days=60)
CORRECTED_WITHIN = timedelta(days=30)
RESTATED = ("prices_restated", "event_restated")
DESCRIPTORS = {
    **{source: entry.descriptor for source, entry in ENTRIES.items()},
    csv_folder.SOURCE: csv_folder.DESCRIPTOR,
    ecb.DESCRIPTOR.source: ecb.DESCRIPTOR,
    fred.SOURCE: fred.DESCRIPTOR,
    openfigi.SOURCE: openfigi.DESCRIPTOR,
}


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


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one provider."""

    descriptor: Descriptor
    gate: GateState
    score: Score
    quoted_at: datetime | None


def named_sources(settings: Settings) -> Sequence[str]:
    """Who the settings name, in order, and the bank for rates."""
    return [*settings.providers.order, ecb.DESCRIPTOR.source, fred.SOURCE, openfigi.SOURCE]


def gate_of(state: AppState) -> Gate:
    """What the feed keeps in Redis; without one its own state cannot be seen from here."""
    redis = state.queue.redis
    return SharedGate(redis) if redis is not None else MemoryGate()


async def cards(
    session: AsyncSession, state: AppState, desk: QuoteDesk, now: datetime
) -> Sequence[Card]:
    """One for each provider there is, those the settings name first and in their order."""
    named = named_sources(state.settings)
    sources = [*named, *(source for source in DESCRIPTORS if source not in named)]
    told = await scores(session, now.date())
    gate, instant = gate_of(state), now.timestamp()
    # redis-py blocks
    states = await asyncio.to_thread(
        lambda: [gate.state(s, DESCRIPTORS[s].allowances, instant) for s in sources]
    )
    quoted = await asyncio.to_thread(desk.last_good.newest_by_source, sources)
    return [
        Card(DESCRIPTORS[source], known, told.get(source, Score()), quoted.get(source))
        for source, known in zip(sources, states, strict=True)
    ]
