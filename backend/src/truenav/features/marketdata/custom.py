"""A tenant's own source of an instrument's price: a URL and where in its document the price stands.

What it tells is a price of the tenant's own, like one set by hand, and never a shared one. A day
that has a price set by hand keeps it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from truenav.core.errors import TruenavError, UnknownCurrency
from truenav.core.marketdata.json_path import PathRefused, read_path
from truenav.core.marketdata.selection import CUSTOM
from truenav.core.money import major_unit
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata import custom_sources, own_prices
from truenav.features.marketdata.custom_reading import Reading, Recipe, read_document
from truenav.features.marketdata.custom_tables import CustomSourceRow
from truenav.features.marketdata.manual import announce
from truenav.platform.attempts import described
from truenav.platform.audit import record
from truenav.platform.outbound import AddressRefused, Outbound, OutboundRules, read_url
from truenav.platform.problems import InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

MOST_SOURCES = 200  # of one tenant
ROUND_SECONDS = 240.0  # of one round of fetching; who is left out is first in the next


def check(recipe: Recipe, currency: str, rules: OutboundRules) -> None:
    """Refuse what cannot work before anything is fetched.

    Raises:
        InvalidFields: the URL, a path, the currency or the factor, each told beside its field.
    """
    wrong: list[tuple[str, str]] = []
    try:
        read_url(recipe.url, rules)
    except AddressRefused as error:
        wrong.append(("/body/url", str(error)))
    for name in ("price_path", "date_path", "currency_path"):
        try:
            read_path(getattr(recipe, name) or "")
        except PathRefused as error:
            wrong.append((f"/body/{name}", str(error)))
    if recipe.factor <= 0:
        wrong.append(("/body/factor", "a factor is above zero"))
    if (recipe.currency is None) == (recipe.currency_path is None):
        wrong.append(("/body/currency", "name the currency, or where it stands"))
    elif recipe.currency is not None and _major(recipe.currency) != currency:
        wrong.append(("/body/currency", f"the instrument is priced in {currency}"))
    if wrong:
        raise InvalidFields(wrong)


def _major(code: str) -> str | None:
    try:
        return major_unit(code)[0]
    except UnknownCurrency:
        return None


def read_now(outbound: Outbound, recipe: Recipe, currency: str, today: date) -> Reading:
    """Fetch the document and read it; nothing is stored.

    Raises:
        AddressRefused, FetchFailed: nothing was fetched.
        SourceUnreadable, NothingThere: nothing was read.
    """
    return read_document(outbound.fetch(recipe.url), recipe, currency, today)


async def save(
    uow: UnitOfWork, instrument: InstrumentRow, recipe: Recipe, version: int | None
) -> CustomSourceRow:
    """Set up, or change, the tenant's source of an instrument; checked before.

    Raises:
        StaleVersion: it is another by now than the one that was seen.
        InvalidFields: the tenant has as many as one may have.
    """
    values = {**asdict(recipe), "set_by": uow.user_id}
    if version is None:
        if await custom_sources.count(uow.session) >= MOST_SOURCES:
            raise InvalidFields([("/body/url", f"there are {MOST_SOURCES} sources already")])
        row = {**values, "tenant_id": uow.tenant_id, "instrument_id": instrument.id}
        done = await custom_sources.add(uow.session, row)
    else:
        # what the other source told last is not what this one tells
        fresh = dict.fromkeys(
            ("tried_at", "last_error", "last_price", "last_price_date", "last_read_at")
        )
        done = await custom_sources.change(uow.session, instrument.id, version, {**values, **fresh})
    stored = await custom_sources.find(uow.session, instrument.id)
    if not done or stored is None:
        seen = {"version": stored.version if stored is not None else None}
        raise StaleVersion("the source is another by now", seen)
    # without its URL: a key may stand in it
    await record(
        uow, "custom_source.set", "instrument", instrument.id,
        new_value={"price_path": recipe.price_path, "version": stored.version},
    )  # fmt: skip
    return stored


async def remove(uow: UnitOfWork, instrument: InstrumentRow, version: int) -> None:
    """Take the tenant's source of an instrument out; what it told stays.

    Raises:
        NotFound: there is none.
        StaleVersion: it is another by now than the one that was seen.
    """
    stored = await custom_sources.find(uow.session, instrument.id)
    if stored is None:
        raise NotFound("no source of your own")
    if not await custom_sources.remove(uow.session, instrument.id, version):
        raise StaleVersion("the source is another by now", {"version": stored.version})
    await record(
        uow, "custom_source.remove", "instrument", instrument.id,
        old_value={"version": version},
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A source to fetch, as it was when it was looked up."""

    instrument_id: UUID
    version: int
    recipe: Recipe
    currency: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fetch found: a reading, or why there is none."""

    due: Due
    reading: Reading | None
    error: str | None


async def list_due(uow: UnitOfWork) -> Sequence[Due]:
    """The tenant's sources, who waited longest first."""
    return [
        Due(
            instrument_id=row.CustomSourceRow.instrument_id,
            version=row.CustomSourceRow.version,
            recipe=recipe_of(row.CustomSourceRow),
            currency=row.currency,
        )
        for row in await custom_sources.due(uow.session, MOST_SOURCES)
    ]


def recipe_of(row: CustomSourceRow) -> Recipe:
    """The recipe as it is stored."""
    return Recipe(
        url=row.url, price_path=row.price_path, date_path=row.date_path,
        currency_path=row.currency_path, currency=row.currency, factor=row.factor,
    )  # fmt: skip


def fetch_all(
    outbound: Outbound,
    due: Sequence[Due],
    today: date,
    now: Callable[[], float] = time.monotonic,
) -> list[Outcome]:
    """Fetch one after another, until the time of a round is over; an error is an outcome."""
    ends = now() + ROUND_SECONDS
    found = []
    for one in due:
        if now() >= ends:
            break
        try:
            reading = read_now(outbound, one.recipe, one.currency, today)
        except TruenavError as error:
            found.append(Outcome(one, None, described(error)))
        else:
            found.append(Outcome(one, reading, None))
    return found


async def store(uow: UnitOfWork, outcomes: Sequence[Outcome], at: datetime) -> None:
    """Keep what was found: prices of the tenant's own, and beside each source how it went."""
    for outcome in outcomes:
        due, reading = outcome.due, outcome.reading
        told: dict[str, Any] = {"last_error": outcome.error}
        if reading is not None:
            told |= {
                "last_price": reading.price, "last_price_date": reading.price_date,
                "last_read_at": at,
            }  # fmt: skip
        is_same = await custom_sources.note(uow.session, due.instrument_id, due.version, at, told)
        if is_same and reading is not None:
            await _price(uow, due, reading)


async def _price(uow: UnitOfWork, due: Due, reading: Reading) -> None:
    """Set the day's own price, unless it was set by hand or is as it was."""
    session, day = uow.session, reading.price_date
    values = {
        "close": reading.price, "currency": due.currency, "source": CUSTOM,
        "note": None, "set_by": None,
    }  # fmt: skip
    row = {
        **values, "tenant_id": uow.tenant_id, "instrument_id": due.instrument_id, "price_date": day,
    }  # fmt: skip
    if not await own_prices.add(session, [row]):
        stored = await own_prices.find(session, due.instrument_id, day)
        if stored is None or stored.source != CUSTOM or stored.close == reading.price:
            return
        if not await own_prices.change(session, due.instrument_id, day, stored.version, values):
            return
    await record(
        uow, "custom_source.price", "instrument", due.instrument_id,
        new_value={"price_date": day.isoformat(), "close": f"{reading.price:f}"},
    )  # fmt: skip
    await announce(uow, due.instrument_id, day)
