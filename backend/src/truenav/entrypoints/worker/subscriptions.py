"""The one table that says which jobs follow which event."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from truenav.platform.queue import JobRequest

Payload = Mapping[str, Any]
LOOK = "truenav.features.alerts.jobs.look"
# topic → (queue, function, arguments of the payload the job is given)
TABLE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "alerts.figures_moved": ("default", LOOK, ()),
    "imports.failed": ("default", LOOK, ()),
    "ledger.differed": ("default", LOOK, ()),
    "imports.uploaded": ("high", "truenav.features.imports.jobs.read_import", ("batch_id",)),
    "imports.commit_requested": (
        "high",
        "truenav.features.imports.jobs.commit_import",
        ("batch_id",),
    ),
    "imports.undo_requested": ("high", "truenav.features.imports.jobs.undo_import", ("batch_id",)),
    "imports.cancel_requested": (
        "default",
        "truenav.features.imports.jobs.cancel_import",
        ("batch_id", "version"),
    ),
    "ledger.transactions_posted": (
        "default",
        "truenav.features.alerts.jobs.rebuild_nav",
        ("account_id", "earliest"),
    ),
    "ledger.proof_due": ("low", "truenav.features.ledger.jobs.prove_account", ("account_id",)),
    "ledger.rates_changed": (
        "low",
        "truenav.features.ledger.jobs.rebuild_account",
        ("account_id",),
    ),
    "marketdata.prices_due": (
        "low",
        "truenav.features.marketdata.jobs.fetch_prices",
        ("instrument_id", "day"),
    ),
    "marketdata.events_due": (
        "low",
        "truenav.features.marketdata.jobs.fetch_events",
        ("instrument_id", "day"),
    ),
    "marketdata.span_due": (
        "low",
        "truenav.features.marketdata.jobs.fetch_span",
        ("instrument_id", "first", "last"),
    ),
    "marketdata.backfill_requested": (
        "default",
        "truenav.features.marketdata.jobs.split_backfill",
        ("first", "last", "symbols"),
    ),
    "marketdata.rates_due": ("default", "truenav.features.marketdata.jobs.fetch_rates", ()),
    "marketdata.series_due": ("low", "truenav.features.marketdata.jobs.fetch_series", ()),
    "marketdata.benchmarks_due": (
        "low",
        "truenav.features.marketdata.jobs.list_benchmarks",
        (),
    ),
    "marketdata.own_sources_due": (
        "low",
        "truenav.features.marketdata.jobs.refresh_custom_sources",
        (),
    ),
    "marketdata.retention_due": (
        "low",
        "truenav.features.marketdata.jobs.keep_market_data",
        ("day",),
    ),
    "marketdata.reconciliation_due": (
        "low",
        "truenav.features.marketdata.jobs.reconcile_instrument",
        ("instrument_id", "day"),
    ),
    "operations.canary_due": ("default", "truenav.features.operations.jobs.watch_canary", ()),
    "reports.difference_found": (
        "low",
        "truenav.features.reports.jobs.recheck_report",
        ("report_id",),
    ),
    "valuation.market_changed": (
        "low",
        "truenav.features.alerts.jobs.rebuild_nav",
        ("account_id", "earliest"),
    ),
    "valuation.day_passed": (
        "low",
        "truenav.features.alerts.jobs.rebuild_nav",
        ("account_id", "earliest"),
    ),
}


def jobs_for_event(
    topic: str, tenant_id: UUID, event_id: UUID, payload: Payload
) -> Sequence[JobRequest]:
    """The jobs of one event; ids are deterministic, so queueing twice queues once."""
    found = TABLE.get(topic)
    if found is None:
        return ()
    queue, function, names = found
    arguments = {
        "tenant_id": str(tenant_id),
        "event_id": str(event_id),
        **{name: str(payload[name]) for name in names},
    }
    return (JobRequest(queue, function, arguments, f"event-{event_id}"),)
