"""Queue entry points of market data: text in, one transaction, safe to run twice."""

from datetime import date
from uuid import UUID

import psycopg

from truenav.features.marketdata import custom
from truenav.features.marketdata.reconciling import reconcile
from truenav.platform.clock import today
from truenav.platform.jobs import job_context, look, run_job
from truenav.platform.unit_of_work import UnitOfWork


def reconcile_instrument(instrument_id: str, day: str) -> None:
    """Look an instrument through as of a day: gaps, leaps, what its sources tell differently."""
    with psycopg.connect(job_context().ingest_url or "", prepare_threshold=None) as connection:
        reconcile(connection, UUID(instrument_id), date.fromisoformat(day))


def refresh_custom_sources(tenant_id: str, event_id: str) -> None:
    """Fetch the prices of a tenant's own sources, and keep what they told, once for the event.

    Fetched before the transaction begins; run again before it ends, it fetches again and keeps one.
    """
    context = job_context()
    due = look(tenant_id, event_id, custom.list_due)
    if due is None:
        return
    outcomes = (
        custom.fetch_all(context.outbound, due, today(context.clock)) if context.outbound else []
    )

    async def act(uow: UnitOfWork) -> None:
        await custom.store(uow, outcomes, context.clock.now())

    run_job(tenant_id, event_id, act)
