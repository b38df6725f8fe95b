"""Queue entry points of market data: text in, one transaction each, safe to run twice.

All of it is work of the installation itself: prices, rates and events belong to no tenant.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg

from truenav.features.marketdata import custom, ingest
from truenav.features.marketdata.backfill import split
from truenav.features.marketdata.benchmarks import ensure_benchmarks
from truenav.features.marketdata.chain import DataProviderChain, NobodyAnswered
from truenav.features.marketdata.packing import pack_years
from truenav.features.marketdata.providers import fred
from truenav.features.marketdata.providers.configured import configured
from truenav.features.marketdata.reconciling import reconcile
from truenav.features.marketdata.reference_series import refresh_series
from truenav.features.marketdata.retention import keep
from truenav.platform.attempts import Attempt, Connection, Postponed
from truenav.platform.clock import today
from truenav.platform.gates import Gate, MemoryGate, SharedGate
from truenav.platform.jobs import (
    JobsMisconfigured,
    job_context,
    run_fetching_job,
    run_installation_job,
)
from truenav.platform.settings import Settings
from truenav.platform.unit_of_work import UnitOfWork

Outcome = Mapping[str, Any]
Ask = Callable[[Connection, DataProviderChain, ingest.Held], Outcome]
# Dividends and splits of the past are restated within months, if at all.
RESTATED_WITHIN = timedelta(days=800)


def _settings() -> Settings:
    found = job_context().settings
    if found is None:
        raise JobsMisconfigured("this job needs the settings of the process")
    return found


def _gate() -> Gate:
    """Shared with whoever else asks."""
    redis = job_context().queue.redis
    return SharedGate(redis) if redis is not None else MemoryGate()


@contextmanager
def _chain() -> Iterator[DataProviderChain]:
    with configured(_settings(), _gate(), job_context().clock) as providers:
        yield DataProviderChain(providers)


def fetch_prices(tenant_id: str, event_id: str, instrument_id: str, day: str) -> None:
    """Store the closes of an instrument from where the stored ones end: those of a day, and since.

    `day` is what it is asked for; where it runs later, more has come.
    """
    del day

    def act(connection: Connection, chain: DataProviderChain, held: ingest.Held) -> Outcome:
        return asdict(ingest.fetch_newest(connection, chain, held, job_context().clock.now()))

    _ask_providers(tenant_id, event_id, instrument_id, act)


def fetch_events(tenant_id: str, event_id: str, instrument_id: str, day: str) -> None:
    """Ask once more for what is long stored: a late split, a restated dividend or close."""

    def act(connection: Connection, chain: DataProviderChain, held: ingest.Held) -> Outcome:
        last = date.fromisoformat(day)
        first = last - RESTATED_WITHIN
        now = job_context().clock.now()
        return asdict(ingest.fetch_between(connection, chain, held, (first, last), now))

    _ask_providers(tenant_id, event_id, instrument_id, act)


def fetch_span(tenant_id: str, event_id: str, instrument_id: str, first: str, last: str) -> None:
    """Store what is told of an instrument between two days: a part of a backfill."""

    def act(connection: Connection, chain: DataProviderChain, held: ingest.Held) -> Outcome:
        span = date.fromisoformat(first), date.fromisoformat(last)
        now = job_context().clock.now()
        return asdict(ingest.fetch_between(connection, chain, held, span, now))

    _ask_providers(tenant_id, event_id, instrument_id, act)


def split_backfill(tenant_id: str, event_id: str, first: str, last: str, symbols: str) -> None:
    """Turn a request for a backfill into its parts, each an event of its own."""

    def act(connection: Connection, made: Attempt) -> Outcome:
        span = date.fromisoformat(first), date.fromisoformat(last)
        wanted = symbols.split() or None
        return {"parts": split(connection, UUID(event_id), *span, wanted, made.tell)}

    run_installation_job(tenant_id, event_id, act)


def fetch_rates(tenant_id: str, event_id: str) -> None:
    """Store the newest rates of the European Central Bank."""

    def act(connection: Connection, _: Attempt) -> Outcome:
        providers, clock = _settings().providers, job_context().clock
        if providers.is_offline:
            return {"rows": 0, "reason": "offline"}
        return {"rows": ingest.refresh_rates(connection, providers, clock, gate=_gate())}

    run_installation_job(tenant_id, event_id, act)


def fetch_series(tenant_id: str, event_id: str) -> None:
    """Store the newest yields and consumer prices, where there is a key for them."""

    def act(connection: Connection, _: Attempt) -> Outcome:
        providers, day = _settings().providers, today(job_context().clock)
        if providers.is_offline or not providers.keys.get(fred.SOURCE):
            return {"rows": 0, "reason": "offline" if providers.is_offline else "no_key"}
        return {"rows": refresh_series(connection, providers, _gate(), day)}

    run_installation_job(tenant_id, event_id, act)


def list_benchmarks(tenant_id: str, event_id: str) -> None:
    """See to it that what portfolios are compared with is known and followed."""
    run_installation_job(
        tenant_id, event_id, lambda connection, _: {"rows": ensure_benchmarks(connection)}
    )


def reconcile_instrument(tenant_id: str, event_id: str, instrument_id: str, day: str) -> None:
    """Look an instrument through as of a day: gaps, leaps, what its sources tell differently."""

    def act(connection: Connection, _: Attempt) -> Outcome:
        found = reconcile(connection, UUID(instrument_id), date.fromisoformat(day))
        return {"findings": found}

    run_installation_job(tenant_id, event_id, act)


def keep_market_data(tenant_id: str, event_id: str, day: str) -> None:
    """Coarser bars of what is too old to be kept as it is, and past years of closes packed."""

    def act(_: Connection, made: Attempt) -> Outcome:
        with psycopg.connect(job_context().ingest_url or "", prepare_threshold=None) as connection:
            on = date.fromisoformat(day)
            kept = keep(connection, on, made.stop)
            return {**asdict(kept), "instruments_packed": pack_years(connection, on, made.stop)}

    run_installation_job(tenant_id, event_id, act)


def _ask_providers(tenant_id: str, event_id: str, instrument_id: str, act: Ask) -> None:
    """Run what asks the chain for one instrument.

    That nobody knows it is an answer; that somebody could not answer is a failure, tried again;
    that somebody must not be asked yet is neither: the work waits until then.
    """

    def asked(connection: Connection, _: Attempt) -> Outcome:
        with _chain() as chain:
            held = ingest.find_held(connection, UUID(instrument_id), chain.sources)
            if held is None:
                return {"reason": "no_instrument"}
            try:
                found = act(connection, chain, held)
            except NobodyAnswered as error:
                # what was refused on the way stays on file, whenever this is tried again
                connection.commit()
                if error.until is not None:
                    seconds = error.until - job_context().clock.now().timestamp()
                    raise Postponed(str(error), seconds) from error
                if error.may_answer_later:
                    raise
                return {"reason": error.code, "detail": str(error), "rows": 0}
            return found

    run_installation_job(tenant_id, event_id, asked)


def refresh_custom_sources(tenant_id: str, event_id: str) -> None:
    """Fetch the prices of a tenant's own sources, and keep what they told, once for the event.

    Fetched before the transaction begins; run again before it ends, it fetches again and keeps one.
    """
    context = job_context()

    def fetch(due: Sequence[custom.Due]) -> Sequence[custom.Outcome]:
        if context.outbound is None:
            return []
        return custom.fetch_all(context.outbound, due, today(context.clock))

    async def act(outcomes: Sequence[custom.Outcome], uow: UnitOfWork) -> None:
        await custom.store(uow, outcomes, context.clock.now())

    run_fetching_job(tenant_id, event_id, custom.list_due, fetch, act)
