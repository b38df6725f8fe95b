"""Bodies of watchlists."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from truenav.platform.wire import LINE_PATTERN, Body, CurrencyCode, Version

MOST_LISTS = 50
MOST_WATCHED = 500  # on one list
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=LINE_PATTERN),
]
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500, pattern=LINE_PATTERN)
]
Place = Annotated[int, Field(strict=True, ge=0, le=MOST_WATCHED)]


class WatchedOut(Body):
    """An instrument on a list; without a note `note` is empty."""

    instrument_id: UUID
    symbol: str
    name: str
    currency: CurrencyCode
    note: str


class WatchlistOut(Body):
    """One list and what is on it, in its order."""

    id: UUID
    name: str
    version: int
    items: list[WatchedOut]


class WatchlistsOut(Body):
    """Every list, in their order."""

    items: list[WatchlistOut]


class WatchlistIn(Body):
    name: Name


class WatchlistPatchIn(Body):
    """`version` is the one the editor saw."""

    version: Version
    name: Name


class SeenWatchlistIn(Body):
    id: UUID
    version: Version


class WatchlistOrderIn(Body):
    """Every list there is, in the order wanted, each with the version that was seen."""

    items: Annotated[list[SeenWatchlistIn], Field(max_length=MOST_LISTS)]


class WatchIn(Body):
    """`place` counts from the top, beginning with 0; without one it is put at the end."""

    instrument_id: UUID
    note: Note = ""
    place: Place | None = None


class WatchPatchIn(Body):
    version: Version
    note: Note


class WatchedOrderIn(Body):
    """Every instrument on the list, in the order wanted."""

    version: Version
    instrument_ids: Annotated[list[UUID], Field(max_length=MOST_WATCHED)]
