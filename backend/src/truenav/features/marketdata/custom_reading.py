"""What a JSON document says an instrument costs, by the words of who set the source up."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from truenav.core.errors import ErrorKind, TruenavError, UnknownCurrency
from truenav.core.marketdata.json_path import follow, read_path
from truenav.core.marketdata.pasted import check_price_day
from truenav.core.money import exact, kept, major_unit
from truenav.features.marketdata.manual import AHEAD
from truenav.features.marketdata.providers.reading import LEAST_PRICE, MAX_PRICE, to_json
from truenav.platform.http import Answered, BadPayload

_NUMBER = re.compile(r"\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
_CODE = re.compile(r"[A-Za-z]{3}", re.ASCII)
# Seconds since 1970 stay below it for three thousand years; milliseconds passed it in 1973.
MILLISECONDS_FROM = Decimal(100_000_000_000)


class SourceUnreadable(TruenavError):
    """The document has no price where one was looked for; the message says what it has."""

    kind = ErrorKind.UNPROCESSABLE
    code = "source_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Where a price stands, in which currency, and by what to multiply it.

    One of `currency` (a minor unit such as GBp is allowed) and `currency_path` is told.
    """

    url: str
    price_path: str
    date_path: str | None
    currency_path: str | None
    currency: str | None
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """A close above zero in the instrument's currency, and the day it is of."""

    price: Decimal
    price_date: date


def read_document(body: bytes, recipe: Recipe, currency: str, today: date) -> Reading:
    """The price a document tells.

    Args:
        body: The document; numbers are read as written, never as binary fractions.
        recipe: Where to look.
        currency: The instrument's.
        today: The day a price is of when the document tells none (UTC).

    Raises:
        SourceUnreadable: no JSON, no number, another currency, a day that no price is of.
        NothingThere: a path leads nowhere.
    """
    try:
        document = to_json(Answered(200, body, None))
    except BadPayload as error:
        raise SourceUnreadable("the answer is no JSON document") from error
    factor = recipe.factor * _unit(document, recipe, currency)
    price = _price(follow(document, read_path(recipe.price_path)), factor)
    if recipe.date_path is None:
        return Reading(price, today)
    return Reading(price, _day(follow(document, read_path(recipe.date_path)), today))


def _unit(document: Any, recipe: Recipe, currency: str) -> Decimal:
    """What makes the document's unit the instrument's currency: 1, or 0.01 of pence."""
    code = recipe.currency
    if recipe.currency_path is not None:
        found = follow(document, read_path(recipe.currency_path))
        code = found if isinstance(found, str) and _CODE.fullmatch(found) else None
    try:
        told, factor = major_unit(code or "?")
    except UnknownCurrency as error:
        raise SourceUnreadable(f"{(code or 'what stands there')[:12]!r} is no currency") from error
    if told != currency:
        raise SourceUnreadable(f"the price is in {told}, the instrument in {currency}")
    return factor


@exact
def _price(value: Any, factor: Decimal) -> Decimal:
    text = _plain(value)
    if text is None or _NUMBER.fullmatch(text) is None:
        raise SourceUnreadable(f"{_shown(value)} is no price; a price is a number above zero")
    found = kept(min(Decimal(text), MAX_PRICE) * factor)
    if not LEAST_PRICE <= found < MAX_PRICE:
        raise SourceUnreadable(f"{text} times {factor:f} is no price")
    return found


def _plain(value: Any) -> str | None:
    """A number or text as written; None for anything else, and for what is too long to be one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    text = str(value).strip()
    return text if len(text) <= 90 else None


def _day(value: Any, today: date) -> date:
    text = _plain(value) or ""
    try:
        if _DAY.match(text):
            found = date.fromisoformat(text[:10])
        elif _NUMBER.fullmatch(text):
            found = _since_1970(Decimal(text))
        else:
            raise SourceUnreadable(f"{_shown(value)} is no day; a day is written 2026-03-05")
        check_price_day(found, today + AHEAD)
    except (ValueError, OverflowError, OSError) as error:
        raise SourceUnreadable(f"{_shown(value)}: {error}") from error
    return found


def _since_1970(seconds: Decimal) -> date:
    whole = seconds / 1000 if seconds >= MILLISECONDS_FROM else seconds
    return datetime.fromtimestamp(int(whole), UTC).date()


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "an object"
    return repr(value)[:60] if not isinstance(value, Decimal) else str(value)[:60]
