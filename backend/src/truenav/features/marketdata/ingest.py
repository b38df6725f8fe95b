"""Bringing prices, rates and events in, through the ingest role; each step safe to repeat."""

import logging
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg

from truenav.core.errors import TruenavError
from truenav.features.marketdata.chain import DataProviderChain
from truenav.features.marketdata.providers.bundled import ECB_SOURCE, bundled_rates
from truenav.features.marketdata.providers.configured import configured
from truenav.features.marketdata.providers.ecb import (
    NINETY_DAYS,
    WHOLE_HISTORY,
    EcbProvider,
)
from truenav.features.marketdata.providers.quotes import Wanted
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
    if connection.execute("SELECT 1 FROM fx_rates LIMIT 1").fetchone() is None:
        store_fx_rates(connection, bundled_rates(), ECB_SOURCE)
        connection.commit()


def refresh_rates(
    connection: Connection,
    providers: ProviderSettings,
    clock: Clock,
    *,
    gate: Gate | None = None,
) -> None:
    """Fetch the ECB's rates when the newest stored one is not of a recent day."""
    newest = connection.execute("SELECT max(rate_date) FROM fx_rates").fetchone()
    since = newest[0] if newest is not None else None
    if since is not None and today(clock) - since < timedelta(days=1):
        return
    # the short file leaves no gap only if ours ends within it
    is_recent = since is not None and today(clock) - since < NINETY_DAYS_LESS_A_FEW
    path = NINETY_DAYS if is_recent else WHOLE_HISTORY
    fetcher = Fetcher("ecb", providers.ecb_base_url, gate=gate)
    try:
        stored = store_fx_rates(connection, EcbProvider(fetcher).rates(path), EcbProvider.source)
        connection.commit()
        log.info("stored %d new rates of the ECB", stored)
    except TruenavError as error:
        connection.rollback()
        log.warning("rates not refreshed: %s", error)
    finally:
        fetcher.close()


def refresh_prices(
    connection: Connection,
    settings: Settings,
    clock: Clock,
    stop: threading.Event,
    tried: set[UUID] | None = None,
    *,
    gate: Gate | None = None,
) -> None:
    """Fetch the history of every instrument that somebody holds, from where ours ends.

    Those in `tried` are left out, and what was asked for is added to it: between two rounds only
    instruments that are new are asked for.
    """
    tried = set() if tried is None else tried
    with configured(settings, gate if gate is not None else MemoryGate(), clock) as providers:
        if not providers:
            log.info("no provider may be asked for prices")
            return
        chain = DataProviderChain(providers)
        for due in _wanted(connection, chain.sources, tried):
            if stop.is_set():
                return
            tried.add(due.instrument_id)
            first = (due.newest - OVERLAP) if due.newest else LONG_AGO
            try:
                told = chain.history(due.wanted, first, today(clock), due.before)
                store_history(connection, due.instrument_id, told.source, told.value)
                connection.commit()
            except TruenavError as error:
                connection.rollback()
                log.info("no prices of %s: %s", due.wanted.symbol, error)


@dataclass(frozen=True, slots=True)
class _Due:
    """An instrument to ask for, the last day its source told of, and who is asked first."""

    instrument_id: UUID
    wanted: Wanted
    newest: date | None
    before: Sequence[str]


# Where an operator put a source before the others, its own history counts, not that of the others:
# it is asked for from the beginning.
WANTED = """
SELECT i.id, coalesce(i.provider_symbol, i.symbol), i.currency, i.asset_class,
  (SELECT max(p.price_date) FROM prices p WHERE p.instrument_id = i.id
     AND p.source = ANY (coalesce((SELECT ARRAY[named.source]
       FROM unnest(o.sources) WITH ORDINALITY named(source, place)
       WHERE named.source = ANY (%(asked)s) ORDER BY named.place LIMIT 1), %(asked)s::text[]))),
  coalesce(o.sources, '{}')
FROM instruments i LEFT JOIN instrument_source_orders o ON o.instrument_id = i.id
WHERE i.wanted_at IS NOT NULL AND i.asset_class IN ('equity', 'fund', 'crypto')
  AND i.symbol ~ '^[A-Z][A-Z0-9.-]{0,9}$' AND i.id <> ALL (%(tried)s)
ORDER BY i.wanted_at DESC, i.id LIMIT 200
"""


def _wanted(
    connection: Connection, sources: Sequence[str], tried: Collection[UUID]
) -> Sequence[_Due]:
    """What somebody holds and has a ticker; an ISIN or a CUSIP is no symbol a provider knows."""
    rows = connection.execute(WANTED, {"asked": list(sources), "tried": list(tried)})
    return [
        _Due(row[0], Wanted(symbol=row[1], currency=row[2], asset_class=row[3]), row[4], row[5])
        for row in rows.fetchall()
    ]
