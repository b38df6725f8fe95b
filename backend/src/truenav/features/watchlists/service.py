"""Watchlists: made, ordered and edited by version. Every change of a list counts one version."""

from collections.abc import Sequence
from uuid import UUID

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.instruments import reads as instruments
from truenav.features.instruments.repository import want_prices
from truenav.features.watchlists import repository
from truenav.features.watchlists.repository import Watched
from truenav.features.watchlists.schemas import (
    MOST_LISTS,
    MOST_WATCHED,
    WatchedOrderIn,
    WatchedOut,
    WatchIn,
    WatchlistOrderIn,
    WatchlistOut,
    WatchlistsOut,
)
from truenav.features.watchlists.tables import WatchlistRow
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.problems import FieldError, InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork


class WatchlistNameTaken(TruenavError):
    """Two lists of one tenant cannot share a name."""

    kind = ErrorKind.CONFLICT
    code = "watchlist_name_taken"


class TooManyWatchlists(TruenavError):
    """More than anybody looks at; remove one first."""

    kind = ErrorKind.CONFLICT
    code = "too_many_watchlists"


class WatchlistFull(TruenavError):
    """More than one list shows; begin another one."""

    kind = ErrorKind.CONFLICT
    code = "watchlist_full"


class AlreadyWatched(TruenavError):
    """An instrument is on a list once."""

    kind = ErrorKind.CONFLICT
    code = "already_watched"


class NoSuchInstrument(NotFound):
    """None of that id that the tenant may know of; says which field named it."""

    def __init__(self) -> None:
        super().__init__("no such instrument")
        self.errors = [FieldError(pointer="/body/instrument_id", detail="no such instrument")]


async def every(uow: UnitOfWork) -> WatchlistsOut:
    """All lists of the tenant, and what is on them."""
    rows, items = await repository.lists(uow.session), await repository.watched(uow.session)
    return WatchlistsOut(items=[_answer(row, items.get(row.id, ())) for row in rows])


def _answer(row: WatchlistRow, items: Sequence[Watched]) -> WatchlistOut:
    return WatchlistOut(
        id=row.id,
        name=row.name,
        version=row.version,
        items=[
            WatchedOut(
                instrument_id=item.instrument_id,
                symbol=item.symbol,
                name=item.name,
                currency=item.currency,
                note=item.note,
            )
            for item in items
        ],
    )


async def create(uow: UnitOfWork, name: str) -> WatchlistOut:
    """A list with nothing on it, the last one.

    Raises:
        WatchlistNameTaken: there is one of that name.
        TooManyWatchlists: there are 50.
    """
    await repository.lock(uow.session, uow.tenant_id)
    rows = await repository.lists(uow.session)
    if len(rows) >= MOST_LISTS:
        raise TooManyWatchlists(f"no more than {MOST_LISTS} watchlists", most=str(MOST_LISTS))
    _refuse_taken(rows, name)
    made = new_id()
    place = rows[-1].place + 1 if rows else 0
    await repository.add(uow.session, uow.tenant_id, made, name, place)
    await record(uow, "watchlist.create", "watchlist", made, new_value={"name": name})
    return await _one(uow, made)


def _refuse_taken(rows: Sequence[WatchlistRow], name: str) -> None:
    if any(row.name == name for row in rows):
        raise WatchlistNameTaken("there is a watchlist of that name", name=name)


async def _one(uow: UnitOfWork, watchlist_id: UUID) -> WatchlistOut:
    row, items = await _seen(uow, watchlist_id, None)
    return _answer(row, items)


async def _seen(
    uow: UnitOfWork, watchlist_id: UUID, version: int | None
) -> tuple[WatchlistRow, list[Watched]]:
    """A list, if it still has the version that was seen (None: whichever it has)."""
    found = [row for row in await repository.lists(uow.session) if row.id == watchlist_id]
    if not found:
        raise NotFound("no such watchlist")
    items = (await repository.watched(uow.session, watchlist_id)).get(watchlist_id, [])
    if version not in {None, found[0].version}:
        current = _answer(found[0], items)
        raise StaleVersion("somebody else changed this list", current.model_dump(mode="json"))
    return found[0], items


async def _opened(
    uow: UnitOfWork, watchlist_id: UUID, version: int | None = None
) -> tuple[WatchlistRow, list[Watched]]:
    """The same, held until commit, so that it can be changed."""
    await repository.lock(uow.session, uow.tenant_id)
    return await _seen(uow, watchlist_id, version)


async def rename(uow: UnitOfWork, watchlist_id: UUID, version: int, name: str) -> WatchlistOut:
    """Call a list something else.

    Raises:
        NotFound: no such list.
        StaleVersion: somebody changed it since; carries the current state.
        WatchlistNameTaken: there is another one of that name.
    """
    row, _ = await _opened(uow, watchlist_id, version)
    old = row.name
    _refuse_taken([r for r in await repository.lists(uow.session) if r.id != watchlist_id], name)
    await repository.rename(uow.session, watchlist_id, name)
    return await _changed(uow, watchlist_id, "rename", old={"name": old}, new={"name": name})


async def remove(uow: UnitOfWork, watchlist_id: UUID, version: int) -> None:
    """Remove a list and what is on it.

    Raises:
        NotFound: no such list.
        StaleVersion: somebody changed it since; carries the current state.
    """
    row, items = await _opened(uow, watchlist_id, version)
    old = {"name": row.name, "instrument_ids": [str(item.instrument_id) for item in items]}
    await repository.remove(uow.session, watchlist_id)
    await record(uow, "watchlist.remove", "watchlist", watchlist_id, old_value=old)


async def reorder_lists(uow: UnitOfWork, body: WatchlistOrderIn) -> WatchlistsOut:
    """Put the lists into another order; those that move count a version.

    Raises:
        InvalidFields: a list stands twice.
        StaleVersion: these are not all the lists there are, or one was changed since.
    """
    wanted = [item.id for item in body.items]
    if len(set(wanted)) < len(wanted):
        raise InvalidFields([("/body/items", "a list stands once")])
    await repository.lock(uow.session, uow.tenant_id)
    before = await every(uow)
    seen = {item.id: item.version for item in body.items}
    if seen != {row.id: row.version for row in before.items}:
        raise StaleVersion("somebody else changed the lists", before.model_dump(mode="json"))
    moved = [a for a, b in zip(wanted, before.items, strict=True) if a != b.id]
    await repository.arrange_lists(uow.session, wanted)
    await repository.count_version(uow.session, *moved)
    order = {"watchlist_ids": [str(key) for key in wanted]}
    await record(uow, "watchlist.reorder_lists", "watchlist", None, new_value=order)
    return await every(uow)


async def watch(uow: UnitOfWork, watchlist_id: UUID, body: WatchIn) -> WatchlistOut:
    """Put an instrument on a list; its prices are followed from now on.

    Raises:
        NotFound: no such list, or no such instrument that the tenant may know of.
        AlreadyWatched: it is on the list.
        WatchlistFull: there are 500 on it.
    """
    _, items = await _opened(uow, watchlist_id)
    known = await instruments.visible(uow.session, [body.instrument_id])
    if body.instrument_id not in known:
        raise NoSuchInstrument
    symbol = known[body.instrument_id].symbol
    if any(item.instrument_id == body.instrument_id for item in items):
        raise AlreadyWatched(f"{symbol} is on this list already", symbol=symbol)
    if len(items) >= MOST_WATCHED:
        raise WatchlistFull(f"no more than {MOST_WATCHED} on a list", most=str(MOST_WATCHED))
    last = items[-1].place + 1 if items else 0
    await repository.watch(
        uow.session, uow.tenant_id, watchlist_id, body.instrument_id, body.note, last
    )
    if body.place is not None and body.place < len(items):
        order = [item.instrument_id for item in items]
        order.insert(body.place, body.instrument_id)
        await repository.arrange(uow.session, watchlist_id, order)
    await want_prices(uow.session, [body.instrument_id])
    new = body.model_dump(mode="json")
    return await _changed(uow, watchlist_id, "watch", new=new)


async def _changed(
    uow: UnitOfWork,
    watchlist_id: UUID,
    said: str,
    *,
    old: dict[str, object] | None = None,
    new: dict[str, object] | None = None,
) -> WatchlistOut:
    await repository.count_version(uow.session, watchlist_id)
    await record(uow, f"watchlist.{said}", "watchlist", watchlist_id, old_value=old, new_value=new)
    return await _one(uow, watchlist_id)


def _item(items: Sequence[Watched], instrument_id: UUID) -> Watched:
    found = [item for item in items if item.instrument_id == instrument_id]
    if not found:
        raise NotFound("no such instrument on this list")
    return found[0]


async def note(
    uow: UnitOfWork, watchlist_id: UUID, instrument_id: UUID, version: int, text: str
) -> WatchlistOut:
    """Note something else beside an instrument; nothing at all is a note, too.

    Raises:
        NotFound: no such list, or the instrument is not on it.
        StaleVersion: somebody changed the list since; carries the current state.
    """
    _, items = await _opened(uow, watchlist_id, version)
    old = _item(items, instrument_id).note
    await repository.note(uow.session, watchlist_id, instrument_id, text)
    key = str(instrument_id)
    return await _changed(
        uow, watchlist_id, "note",
        old={"instrument_id": key, "note": old}, new={"instrument_id": key, "note": text},
    )  # fmt: skip


async def unwatch(
    uow: UnitOfWork, watchlist_id: UUID, instrument_id: UUID, version: int
) -> WatchlistOut:
    """Take an instrument off a list.

    Raises:
        NotFound: no such list, or the instrument is not on it.
        StaleVersion: somebody changed the list since; carries the current state.
    """
    _, items = await _opened(uow, watchlist_id, version)
    gone = _item(items, instrument_id)
    await repository.unwatch(uow.session, watchlist_id, instrument_id)
    old: dict[str, object] = {"instrument_id": str(instrument_id), "note": gone.note}
    return await _changed(uow, watchlist_id, "unwatch", old=old)


async def reorder(uow: UnitOfWork, watchlist_id: UUID, body: WatchedOrderIn) -> WatchlistOut:
    """Put what is on a list into another order.

    Raises:
        NotFound: no such list.
        StaleVersion: somebody changed the list since; carries the current state.
        InvalidFields: these are not the instruments on the list, each once.
    """
    _, items = await _opened(uow, watchlist_id, body.version)
    old = [item.instrument_id for item in items]
    if sorted(body.instrument_ids) != sorted(old):
        detail = "name every instrument on the list once"
        raise InvalidFields([("/body/instrument_ids", detail)])
    await repository.arrange(uow.session, watchlist_id, body.instrument_ids)
    return await _changed(
        uow, watchlist_id, "reorder",
        old={"instrument_ids": [str(key) for key in old]},
        new={"instrument_ids": [str(key) for key in body.instrument_ids]},
    )  # fmt: skip
