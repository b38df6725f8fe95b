"""Keyset pages: a cursor is the last row's sort key, opaque, and good for one query only."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Query

from truenav.core.errors import ErrorKind, TruenavError

T = TypeVar("T")
MAX_LIMIT = 200
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
CursorText = Annotated[str | None, Query(max_length=600)]
IncludeTotal = Annotated[bool, Query()]


class InvalidCursor(TruenavError):
    """A cursor that is damaged, or belongs to another query."""

    kind = ErrorKind.INVALID
    code = "invalid_cursor"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Where to go on and how many rows; `scope` names the query the cursor belongs to."""

    after: tuple[Any, ...] | None
    limit: int
    scope: str


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page and the cursor of the next."""

    next_cursor: str | None
    has_more: bool


def _seal(scope: str) -> str:
    return hashlib.sha256(scope.encode()).hexdigest()[:12]


def encode_cursor(scope: str, key: Sequence[str]) -> str:
    """base64url JSON of the last row's key and the query it belongs to."""
    plain = json.dumps([_seal(scope), *key], separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def plain_text(part: str) -> str:
    """A text the database can compare with.

    Raises:
        ValueError: it holds what PostgreSQL stores in no text.
    """
    if "\0" in part.encode().decode():  # a lone surrogate ends here too
        raise ValueError("not a text of ours")
    return part


def text_instant(part: str) -> datetime:
    """An instant as a cursor holds it.

    Raises:
        ValueError: no instant, or one without a zone.
    """
    found = datetime.fromisoformat(part)
    if found.tzinfo is None:
        raise ValueError("an instant has a zone")
    return found


def row_number(part: str) -> int:
    """The number of a row.

    Raises:
        ValueError: no whole number that a row can have.
    """
    if not (part.isascii() and part.isdigit() and len(part) < 10):
        raise ValueError("not a row number")
    return int(part)


def page_request(
    cursor: str | None, limit: int, scope: str, readers: Sequence[Callable[[str], Any]]
) -> PageRequest:
    """Read a cursor; each part of its key by its own reader, which raises ValueError.

    Raises:
        InvalidCursor: damaged, or made by another query.
    """
    if cursor is None:
        return PageRequest(None, limit, scope)
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        seal, *key = plain
    except (ValueError, binascii.Error, TypeError, RecursionError) as error:
        raise InvalidCursor("the cursor is damaged") from error
    if seal != _seal(scope):
        raise InvalidCursor("the cursor belongs to another query")
    if not all(isinstance(part, str) for part in key):
        raise InvalidCursor("the cursor is damaged")
    try:
        after = tuple(read(part) for read, part in zip(readers, key, strict=True))
    except ValueError as error:
        raise InvalidCursor("the cursor is damaged") from error
    return PageRequest(after, limit, scope)


def cut_page(
    rows: Sequence[T], page: PageRequest, key: Callable[[T], Sequence[str]]
) -> tuple[Sequence[T], Page]:
    """Cut off the extra row a query fetched beyond `limit`; it means there is a next page."""
    has_more = len(rows) > page.limit
    kept = rows[: page.limit]
    cursor = encode_cursor(page.scope, key(kept[-1])) if has_more else None
    return kept, Page(cursor, has_more)
