"""SQL of watchlists."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.tables import InstrumentRow
from truenav.features.watchlists.tables import WatchlistItemRow, WatchlistRow

ANEW = {"populate_existing": True}
UNSEEN = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Watched:
    """An instrument on a list."""

    instrument_id: UUID
    symbol: str
    name: str
    currency: str
    note: str
    place: int


async def lock(session: AsyncSession, tenant_id: UUID) -> None:
    """One writer of a tenant's lists at a time, until commit: places and counts hold."""
    key = func.hashtextextended(f"watchlists:{tenant_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def lists(session: AsyncSession) -> Sequence[WatchlistRow]:
    """Those of the asking tenant, in their order."""
    query = select(WatchlistRow).order_by(WatchlistRow.place)
    return (await session.scalars(query, execution_options=ANEW)).all()


async def watched(
    session: AsyncSession, watchlist_id: UUID | None = None
) -> dict[UUID, list[Watched]]:
    """What is on each list, or on one, in order; a list with nothing on it is left out."""
    item, instrument = WatchlistItemRow, InstrumentRow
    query = (
        select(
            item.watchlist_id, instrument.id, instrument.symbol, instrument.name,
            instrument.currency, item.note, item.place,
        )
        .join(instrument, instrument.id == item.instrument_id)
        .order_by(item.watchlist_id, item.place)
    )  # fmt: skip
    if watchlist_id is not None:
        query = query.where(item.watchlist_id == watchlist_id)
    found: dict[UUID, list[Watched]] = {}
    for row in await session.execute(query):
        found.setdefault(row[0], []).append(Watched(*row[1:]))
    return found


async def add(
    session: AsyncSession, tenant_id: UUID, watchlist_id: UUID, name: str, place: int
) -> None:
    """A list with nothing on it."""
    values = {"tenant_id": tenant_id, "id": watchlist_id, "name": name, "place": place}
    await session.execute(insert(WatchlistRow).values(**values))


async def count_version(session: AsyncSession, *watchlist_ids: UUID) -> None:
    """One version more of each."""
    table = WatchlistRow
    counting = update(table).where(table.id.in_(watchlist_ids)).values(version=table.version + 1)
    await session.execute(counting, execution_options=UNSEEN)


async def rename(session: AsyncSession, watchlist_id: UUID, name: str) -> None:
    """Call a list something else."""
    naming = update(WatchlistRow).where(WatchlistRow.id == watchlist_id).values(name=name)
    await session.execute(naming, execution_options=UNSEEN)


async def remove(session: AsyncSession, watchlist_id: UUID) -> None:
    """Delete a list with what is on it."""
    deleting = delete(WatchlistRow).where(WatchlistRow.id == watchlist_id)
    await session.execute(deleting, execution_options=UNSEEN)


async def arrange_lists(session: AsyncSession, watchlist_ids: Sequence[UUID]) -> None:
    """Give the lists the places of this order."""
    table = WatchlistRow
    places = {key: place for place, key in enumerate(watchlist_ids)}
    if places:
        placing = (
            update(table).where(table.id.in_(places)).values(place=case(places, value=table.id))
        )
        await session.execute(placing, execution_options=UNSEEN)


async def watch(
    session: AsyncSession,
    tenant_id: UUID,
    watchlist_id: UUID,
    instrument_id: UUID,
    note: str,
    place: int,
) -> None:
    """Put an instrument on a list, at a place that is free."""
    values = {
        "tenant_id": tenant_id, "watchlist_id": watchlist_id, "instrument_id": instrument_id,
        "note": note, "place": place,
    }  # fmt: skip
    await session.execute(insert(WatchlistItemRow).values(**values))


async def note(session: AsyncSession, watchlist_id: UUID, instrument_id: UUID, text: str) -> None:
    """Note something else beside an instrument."""
    table = WatchlistItemRow
    mine = (table.watchlist_id == watchlist_id) & (table.instrument_id == instrument_id)
    await session.execute(update(table).where(mine).values(note=text), execution_options=UNSEEN)


async def unwatch(session: AsyncSession, watchlist_id: UUID, instrument_id: UUID) -> None:
    """Take an instrument off a list."""
    table = WatchlistItemRow
    mine = (table.watchlist_id == watchlist_id) & (table.instrument_id == instrument_id)
    await session.execute(delete(table).where(mine), execution_options=UNSEEN)


async def arrange(
    session: AsyncSession, watchlist_id: UUID, instrument_ids: Sequence[UUID]
) -> None:
    """Give all that is on a list the places of this order."""
    table = WatchlistItemRow
    places = {key: place for place, key in enumerate(instrument_ids)}
    if places:
        placing = (
            update(table)
            .where(table.watchlist_id == watchlist_id)
            .values(place=case(places, value=table.instrument_id))
        )
        await session.execute(placing, execution_options=UNSEEN)
