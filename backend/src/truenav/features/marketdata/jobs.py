"""Queue entry points of market data: text in, one transaction, safe to run twice."""

from datetime import date
from uuid import UUID

import psycopg

from truenav.features.marketdata.reconciling import reconcile
from truenav.platform.jobs import job_context


def reconcile_instrument(instrument_id: str, day: str) -> None:
    """Look an instrument through as of a day: gaps, leaps, what its sources tell differently."""
    with psycopg.connect(job_context().ingest_url or "", prepare_threshold=None) as connection:
        reconcile(connection, UUID(instrument_id), date.fromisoformat(day))
