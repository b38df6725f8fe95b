"""From changed prices and rates to the accounts whose stored snapshots follow from them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import psycopg

from truenav.features.marketdata.repository import (
    MarketChange,
    forget_market_changes,
    market_changes,
)
from truenav.platform.outbox import announce

# An account is touched by the prices of what it holds, and by the rates of its own currency, of the
# one its gains are reported in, of those it moved cash in, and of those its instruments are traded
# in. Its lots are touched by rates of days on or before its records: a record takes the last rate
# up to its day.
TOUCHED = """
SELECT t.account_id, min(greatest(t.trade_date, c.earliest)), false
FROM transactions t
JOIN instruments i ON i.id = t.instrument_id
JOIN unnest(%(instruments)s::uuid[], %(instrument_days)s::date[]) AS c(instrument_id, earliest)
  ON c.instrument_id = i.id
GROUP BY t.account_id
UNION ALL
SELECT t.account_id, min(greatest(t.trade_date, c.earliest)), bool_or(t.trade_date >= c.earliest)
FROM transactions t
JOIN accounts a ON a.tenant_id = t.tenant_id AND a.id = t.account_id
LEFT JOIN instruments i ON i.id = t.instrument_id
JOIN unnest(%(currencies)s::text[], %(currency_days)s::date[]) AS c(currency, earliest)
  ON c.currency IN (a.base_currency, a.tax_currency, t.currency, t.counter_currency, i.currency)
WHERE a.base_currency <> t.currency OR a.tax_currency <> t.currency
   OR a.base_currency <> t.counter_currency OR a.base_currency <> i.currency
GROUP BY t.account_id
"""
# Of what is held the values are rebuilt, and rules look then.
WATCHED = """
SELECT 1 FROM alert_rules
WHERE is_enabled AND removed_at IS NULL AND instrument_id = ANY (%s) LIMIT 1
"""


def announce_market_changes(connection: psycopg.Connection[Any]) -> int:
    """Ask for the snapshots that follow from new prices and rates; how many accounts were told.

    The demo's prices do not change. Ending half-way repeats the announcement, and a rebuild asked
    for twice gives the same snapshots; only when every tenant was told are the changes taken out.
    """
    changes = market_changes(connection)
    if not changes:
        return 0
    tenants = connection.execute("SELECT id FROM tenants WHERE NOT is_demo ORDER BY id").fetchall()
    told = sum(_tell(connection, tenant_id, changes) for (tenant_id,) in tenants)
    forget_market_changes(connection, changes)
    return told


def _tell(
    connection: psycopg.Connection[Any], tenant_id: UUID, changes: Sequence[MarketChange]
) -> int:
    prices = [change for change in changes if change.instrument_id is not None]
    rates = [change for change in changes if change.currency is not None]
    batch = f"market {changes[0].id}-{changes[-1].id}"
    with connection.transaction():
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(tenant_id),))
        found = connection.execute(
            TOUCHED,
            {
                "instruments": [change.instrument_id for change in prices],
                "instrument_days": [change.earliest for change in prices],
                "currencies": [change.currency for change in rates],
                "currency_days": [change.earliest for change in rates],
            },
        ).fetchall()
        earliest: dict[UUID, date] = {}
        for account_id, day, _ in found:
            earliest[account_id] = min(day, earliest.get(account_id, day))
        repriced = {account_id for account_id, _, has_records_since in found if has_records_since}
        for topic, account_ids in (
            ("valuation.market_changed", earliest.keys()),
            ("ledger.rates_changed", repriced),
        ):
            for account_id in account_ids:
                day = earliest[account_id].isoformat()
                payload = {"account_id": str(account_id), "earliest": day}
                event_id = uuid5(account_id, f"{topic} {batch}")
                announce(connection, tenant_id, event_id, topic, payload)
        watched = [change.instrument_id for change in prices]
        if connection.execute(WATCHED, (watched,)).fetchone() is not None:
            event_id = uuid5(tenant_id, f"alerts.figures_moved {batch}")
            announce(connection, tenant_id, event_id, "alerts.figures_moved", {})
    return len(earliest)
