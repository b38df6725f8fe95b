"""Bringing prices, rates and events in, through the ingest role; each step safe to repeat."""

import logging
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from truenav.core.calendar.exchanges import CalendarUnknown, exchange_days, mic_of
from truenav.core.calendar.sessions import session_on
from truenav.features.instruments.catalogue import ASKABLE
from truenav.features.marketdata.chain import NOT_COVERED, DataProviderChain, NobodyAnswered
from truenav.features.marketdata.providers.bundled import ECB_SOURCE, bundled_rates
from truenav.features.marketdata.providers.configured import configured
from truenav.features.marketdata.providers.ecb import (
    NINETY_DAYS,
    WHOLE_HISTORY,
    EcbProvider,
)
from truenav.features.marketdata.providers.quotes import Bar, History, Wanted
from truenav.features.marketdata.repository import store_fx_rates
from truenav.features.marketdata.storing import store_history
from truenav.platform.clock import Clock, today
from truenav.platform.gates import Gate, MemoryGate
from truenav.platform.http import Fetcher
from truenav.platform.settings import ProviderSettings, Settings

log = logging.getLogger("truenav.marketdata")
OVERLAP = timedelta(days=10)
NINETY_DAYS_LESS_A_FEW = timedelta(days=80)
LONG_AGO = date(1990, 1, 1)
Connection = psycopg.Connection[Any]


def store_bundled_rates(connection: Connection) -> None:
    """Give an empty installation the rates that came with it; no network is needed."""
    # the canary has rates of its own from the first migration on
    known = "SELECT 1 FROM fx_rates WHERE source <> 'canary' LIMIT 1"
    if connection.execute(known).fetchone() is None:
        store_fx_rates(connection, bundled_rates(), ECB_SOURCE)
        connection.commit()


def refresh_rates(
    connection: Connection,
    providers: ProviderSettings,
    clock: Clock,
    *,
    gate: Gate | None = None,
) -> int:
    """Fetch the ECB's rates when the newest stored one is not of a recent day; how many are new.

    Raises:
        TruenavError: the bank cannot be asked, or what it says cannot be read. The caller commits.
    """
    newest = connection.execute(
        "SELECT max(rate_date) FROM fx_rates WHERE source <> 'canary'"
    ).fetchone()
    since = newest[0] if newest is not None else None
    if since is not None and today(clock) - since < timedelta(days=1):
        return 0
    # the short file leaves no gap only if ours ends within it
    is_recent = since is not None and today(clock) - since < NINETY_DAYS_LESS_A_FEW
    path = NINETY_DAYS if is_recent else WHOLE_HISTORY
    fetcher = Fetcher("ecb", providers.ecb_base_url, gate=gate)
    try:
        stored = store_fx_rates(connection, EcbProvider(fetcher).rates(path), EcbProvider.source)
    finally:
        fetcher.close()
    log.info("stored %d new rates of the ECB", stored)
    return stored


def refresh_prices(
    connection: Connection,
    settings: Settings,
    clock: Clock,
    stop: threading.Event,
    tried: set[UUID] | None = None,
    *,
    gate: Gate | None = None,
    only_new: bool = False,
) -> set[UUID]:
    """Fetch the history of every instrument that somebody holds, from where ours ends.

    Those in `tried` are left out, and what was asked for is added to it: between two rounds only
    instruments that are new are asked for. `only_new` leaves out those of which closes are stored:
    what a day closed at is the schedule's work.

    Returns:
        Those nobody could tell of now, who may be asked again.
    """
    later: set[UUID] = set()
    tried = set() if tried is None else tried
    with configured(settings, gate if gate is not None else MemoryGate(), clock) as providers:
        if not providers:
            log.info("no provider may be asked for prices")
            return later
        chain = DataProviderChain(providers)
        for held in _wanted(connection, chain.sources, tried):
            if stop.is_set():
                break
            if only_new and held.newest is not None:
                continue
            tried.add(held.id)
            try:
                fetch_newest(connection, chain, held, clock.now())
            except NobodyAnswered as error:
                log.info("no prices of %s: %s", held.wanted.symbol, error)
                if error.may_answer_later:
                    later.add(held.id)
            connection.commit()  # what was refused on the way is on file, too
    return later


@dataclass(frozen=True, slots=True)
class Held:
    """An instrument as it is asked for, and the newest day its sources told of."""

    id: UUID
    wanted: Wanted
    exchange: str | None
    newest: date | None
    # who is asked before the others
    before: Sequence[str]

    def is_over(self, bar: Bar, now: datetime) -> bool:
        """False of a session that goes on: it has no close yet. What is to come is judged later."""
        mic = mic_of(self.exchange, self.wanted.currency)
        if self.wanted.asset_class == "crypto":
            return bar.price_date != now.date()
        if mic is None:
            return True
        try:
            days = exchange_days(mic)
            session = session_on(days, bar.price_date)
        except CalendarUnknown:
            return True
        is_today = now.astimezone(days.zone).date() == bar.price_date
        return not is_today or session is None or session.closes_at <= now


def find_held(connection: Connection, instrument_id: UUID, sources: Sequence[str]) -> Held | None:
    """One instrument; None when there is none of this id."""
    row = connection.execute(
        f"{HELD} WHERE i.id = %(id)s",  # our text
        {"asked": list(sources), "id": instrument_id},
    ).fetchone()
    return _held(row) if row is not None else None


@dataclass(frozen=True, slots=True)
class Fetched:
    """Who told, how many bars were new or different, and why those before could not tell."""

    source: str
    rows: int
    passed_over: Sequence[str]


def fetch_newest(
    connection: Connection, chain: DataProviderChain, held: Held, now: datetime
) -> Fetched:
    """Store what came since the newest stored day, and a few days before it once more.

    The caller commits, also when nobody told anything: what was refused on the way is on file.

    Raises:
        NobodyAnswered: no provider has any that may be stored.
    """
    first = (held.newest - OVERLAP) if held.newest else LONG_AGO
    return fetch_between(connection, chain, held, (first, now.date()), now)


def fetch_between(
    connection: Connection,
    chain: DataProviderChain,
    held: Held,
    span: tuple[date, date],
    now: datetime,
) -> Fetched:
    """Store what is told of a span of days; as `fetch_newest`."""
    changed = 0

    def take(source: str, found: History) -> None:
        nonlocal changed
        closed = replace(found, bars=[bar for bar in found.bars if held.is_over(bar, now)])
        changed = store_history(connection, held.id, source, closed, now.date())

    told = chain.history(held.wanted, *span, take, held.before)
    asked = [one for one in told.attempts[:-1] if one.outcome != NOT_COVERED]
    return Fetched(told.source, changed, [f"{one.source}: {one.outcome}" for one in asked])


# Where an operator put a source before the others, its own history counts, not that of the others:
# it is asked for from the beginning.
HELD = """
SELECT i.id, coalesce(i.provider_symbol, i.symbol), i.currency, i.asset_class, i.exchange,
  (SELECT max(p.price_date) FROM prices p WHERE p.instrument_id = i.id
     AND p.source = ANY (coalesce((SELECT ARRAY[named.source]
       FROM unnest(o.sources) WITH ORDINALITY named(source, place)
       WHERE named.source = ANY (%(asked)s) ORDER BY named.place LIMIT 1), %(asked)s::text[]))),
  coalesce(o.sources, '{}')
FROM instruments i LEFT JOIN instrument_source_orders o ON o.instrument_id = i.id
"""


def _held(row: tuple[Any, ...]) -> Held:
    wanted = Wanted(symbol=row[1], currency=row[2], asset_class=row[3])
    return Held(row[0], wanted, row[4], row[5], row[6])


def _wanted(
    connection: Connection, sources: Sequence[str], tried: Collection[UUID]
) -> Sequence[Held]:
    """What somebody holds and has a ticker; an ISIN or a CUSIP is no symbol a provider knows."""
    rows = connection.execute(
        f"{HELD} WHERE i.wanted_at IS NOT NULL"  # our text
        f" AND {ASKABLE} AND i.id <> ALL (%(tried)s)"
        " ORDER BY i.wanted_at DESC, i.id LIMIT 200",
        {"asked": list(sources), "tried": list(tried)},
    )
    return [_held(row) for row in rows.fetchall()]
