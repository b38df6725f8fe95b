"""Reading replies: JSON with exact numbers, and values that are prices, days and instants."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

from truenav.core.errors import UnknownCurrency
from truenav.platform.http import Answered, BadPayload, NotKnown

P = ParamSpec("P")
T = TypeVar("T")
MAX_PRICE = Decimal("1E12")
LEAST_PRICE = Decimal("1E-12")
MAX_OPTIONAL = Decimal("1E20")  # a volume beyond it is a mistake, and no column holds it


def to_json(found: Answered) -> Any:
    """The document, with every fraction exact.

    Raises:
        BadPayload: HTML, half a document, NaN, Infinity, or a number beyond all bounds.
    """
    try:
        return json.loads(found.content, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise BadPayload("something else than JSON") from error


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")


def shaped(read: Callable[P, T]) -> Callable[P, T]:
    """Turn every surprise about a reply's shape into `BadPayload`, so that nothing is half kept."""

    @wraps(read)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise BadPayload(f"not the documented shape ({type(error).__name__})") from error
        except (UnknownCurrency, ArithmeticError) as error:
            raise BadPayload(str(error)) from error

    return guarded


def in_path(symbol: str) -> str:
    """A symbol as one segment of a path: a slash or a question mark in it leads nowhere else.

    Raises:
        NotKnown: nothing but dots; a path would lose them.
    """
    if not symbol.strip("."):
        raise NotKnown(f"{symbol!r} is no symbol")
    return quote(symbol, safe="")


def decimal(value: Any) -> Decimal:
    """A number of a reply, whatever it is written as.

    Raises:
        BadPayload: none, or not finite.
    """
    if isinstance(value, bool) or value is None:
        raise BadPayload(f"{value!r} is no number")
    try:
        found = Decimal(str(value).strip().removesuffix("%"))
    except InvalidOperation as error:
        raise BadPayload(f"{str(value)[:40]!r} is no number") from error
    if not found.is_finite():
        raise BadPayload(f"{found} is no number")
    return found


def price(value: Any) -> Decimal:
    """A price above zero.

    Raises:
        BadPayload: anything else.
    """
    found = decimal(value)
    if not LEAST_PRICE <= found < MAX_PRICE:
        raise BadPayload(f"{str(value)[:40]} is no price")
    return found


def optional(value: Any) -> Decimal | None:
    """A number that may be missing; one that is none counts as missing."""
    if value is None:
        return None
    try:
        found = decimal(value)
    except BadPayload:
        return None
    return found if 0 <= found < MAX_OPTIONAL else None


def optional_price(value: Any) -> Decimal | None:
    """An open, high or low that may be missing; sources that have none send 0."""
    return optional(value) or None


def day(text: Any) -> date:
    """The calendar day at the head of a date or an instant."""
    return date.fromisoformat(str(text)[:10])


def instant(text: str) -> datetime:
    """An instant with its offset, in UTC; nine digits of a second become six."""
    head, dot, rest = text.partition(".")
    if dot:
        digits = len(rest) - len(rest.lstrip("0123456789"))
        text = f"{head}.{rest[:digits][:6].ljust(6, '0')}{rest[digits:]}"
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return found.astimezone(UTC)
