"""Routes of watchlists."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from truenav.core.errors import ErrorKind
from truenav.features.watchlists import service
from truenav.features.watchlists.schemas import (
    WatchedOrderIn,
    WatchIn,
    WatchlistIn,
    WatchlistOrderIn,
    WatchlistOut,
    WatchlistPatchIn,
    WatchlistsOut,
    WatchPatchIn,
)
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.problems import problems

router = APIRouter(prefix="/api/v1/watchlists", tags=["watchlists"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
SeenVersion = Annotated[int, Query(ge=1, le=2**31 - 1, description="The one the editor saw")]


@router.get("", operation_id="listWatchlists")
async def list_watchlists(uow: Uow) -> WatchlistsOut:
    """The watchlists of the portfolio in their order, each with what is on it."""
    return await service.every(uow)


@router.post(
    "", operation_id="createWatchlist", status_code=status.HTTP_201_CREATED, responses=CONFLICT
)
async def create_watchlist(
    body: WatchlistIn, request: Request, uow: Uow, idempotency_key: IdempotencyKey = None
) -> WatchlistOut:
    """Make a watchlist, the last one."""

    async def act() -> WatchlistOut:
        return await service.create(uow, body.name)

    return await once(uow, request, idempotency_key, body, WatchlistOut, act)


@router.put("/order", operation_id="reorderWatchlists", responses=CONFLICT)
async def reorder_watchlists(body: WatchlistOrderIn, uow: Uow) -> WatchlistsOut:
    """Put the watchlists into another order."""
    return await service.reorder_lists(uow, body)


@router.patch("/{watchlist_id}", operation_id="renameWatchlist", responses=CONFLICT)
async def rename_watchlist(watchlist_id: UUID, body: WatchlistPatchIn, uow: Uow) -> WatchlistOut:
    """Call a watchlist something else."""
    return await service.rename(uow, watchlist_id, body.version, body.name)


@router.delete(
    "/{watchlist_id}", operation_id="removeWatchlist", status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)  # fmt: skip
async def remove_watchlist(watchlist_id: UUID, version: SeenVersion, uow: Uow) -> None:
    """Remove a watchlist and what is on it."""
    await service.remove(uow, watchlist_id, version)


@router.put("/{watchlist_id}/order", operation_id="reorderWatched", responses=CONFLICT)
async def reorder_watched(watchlist_id: UUID, body: WatchedOrderIn, uow: Uow) -> WatchlistOut:
    """Put what is on a watchlist into another order."""
    return await service.reorder(uow, watchlist_id, body)


@router.post(
    "/{watchlist_id}/items", operation_id="watchInstrument", status_code=status.HTTP_201_CREATED,
    responses=CONFLICT,
)  # fmt: skip
async def watch_instrument(watchlist_id: UUID, body: WatchIn, uow: Uow) -> WatchlistOut:
    """Put an instrument on a watchlist, whatever else changed on it; twice is refused by name."""
    return await service.watch(uow, watchlist_id, body)


@router.patch(
    "/{watchlist_id}/items/{instrument_id}", operation_id="noteWatched", responses=CONFLICT
)
async def note_watched(
    watchlist_id: UUID, instrument_id: UUID, body: WatchPatchIn, uow: Uow
) -> WatchlistOut:
    """Note something beside an instrument on a watchlist."""
    return await service.note(uow, watchlist_id, instrument_id, body.version, body.note)


@router.delete(
    "/{watchlist_id}/items/{instrument_id}", operation_id="unwatchInstrument", responses=CONFLICT
)
async def unwatch_instrument(
    watchlist_id: UUID, instrument_id: UUID, version: SeenVersion, uow: Uow
) -> WatchlistOut:
    """Take an instrument off a watchlist."""
    return await service.unwatch(uow, watchlist_id, instrument_id, version)
