"""Snapshots rebuilt from the earliest changed day."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from truenav.core.ids import AccountId
from truenav.core.ledger.cash import cash_effects
from truenav.core.valuation.nav import VERSION, DayValue, value_days
from truenav.core.valuation.receivables import LONGEST
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.as_known import lay_over, show_as_known
from truenav.features.ledger.service import ensure_built
from truenav.features.marketdata.reads import load_market, valuation_date
from truenav.features.valuation import repository
from truenav.features.valuation.held import held_by
from truenav.features.valuation.messages import rebuilt
from truenav.features.valuation.receivables import receivables_of
from truenav.features.valuation.tables import SnapshotRow
from truenav.platform.unit_of_work import UnitOfWork

CALCULATION_VERSION = VERSION.number
# A portfolio without any prices lacks all of them every day; the count says how many there were.
REASONS_KEPT = 20


async def rebuild_nav(uow: UnitOfWork, account_id: AccountId, since: date, today: date) -> int:
    """Recompute the snapshots of one account from `since` on; safe to repeat.

    Returns:
        How many days were stored. None are kept for an account without records.
    """
    await repository.lock_valuation(uow.session, account_id)
    accounts = await repository.accounts_in_scope(uow.session, account_id)
    if not accounts:
        return 0
    account = accounts[0]
    last_day = await valuation_date(uow.session, uow.tenant_id, today)
    newest = await repository.newest_snapshot_date(uow.session, account_id)
    since = await _reaching_back(uow, account, since, last_day)
    opened = await ledger_reads.first_record_date(uow.session, account_id)
    rows: list[dict[str, object]] = []
    first_day = since
    if opened is not None:
        # no gap: from where the stored snapshots end, or from the first record
        first_day = max(opened, min(since, newest or opened))
        await ensure_built(uow, account_id)
        rows = await _snapshots(uow, account, first_day, last_day)
    replaced_from = min(since, first_day)
    await repository.replace_snapshots(uow.session, account_id, replaced_from, rows)
    await repository.mark_rebuilt(uow.session, uow.tenant_id, account_id)
    uow.tell(rebuilt(uow.tenant_id, account_id, replaced_from))
    return len(rows)


async def _reaching_back(uow: UnitOfWork, account: AccountRow, since: date, last_day: date) -> date:
    """The first day that may differ: income is due before the day its record is of.

    Snapshots of another version of the calculation are rebuilt with whatever else is.
    """
    stored = await repository.first_to_redo(
        uow.session, account.id, since, since - LONGEST, CALCULATION_VERSION
    )
    # what ends on the day was due on the one before
    span = (since - timedelta(days=1), max(since, last_day))
    due = await receivables_of(uow, [account], span, last_day)
    return min([since, *(one.since for one in due), *([stored] if stored else [])])


async def show_values_as_known(
    uow: UnitOfWork,
    accounts: Sequence[AccountRow],
    known_before: datetime,
    last_day: date,
    *,
    through: date | None = None,
) -> None:
    """Until the unit of work ends, show these accounts and their snapshots as they were known.

    Units and cash are those of the records that counted then, up to the day `through` if one is
    given; prices and rates are today's.
    """
    await show_as_known(uow, [account.id for account in accounts], known_before, through=through)
    rows: list[dict[str, object]] = []
    for account in accounts:
        opened = await ledger_reads.first_record_date(uow.session, account.id)
        if opened is not None:
            rows += await _snapshots(uow, account, opened, last_day)
    await lay_over(uow.session, SnapshotRow, rows)


async def _snapshots(
    uow: UnitOfWork, account: AccountRow, first_day: date, last_day: date
) -> list[dict[str, object]]:
    """The account's value on each day of a span, from what the ledger has worked out."""
    count = (last_day - first_day).days + 1
    held = await held_by(uow, account.id, first_day, count)
    for record in await ledger_reads.flows_since(uow.session, account.id, first_day):
        index = (record.trade_date - first_day).days
        if index < count:
            held.flows.setdefault(index, []).append(record)
    held.due = await receivables_of(uow, [account], (first_day, last_day), last_day)
    flows = [record for of_day in held.flows.values() for record in of_day]
    market = await load_market(
        uow.session,
        held.units.keys() | {r.instrument_id for r in flows if r.instrument_id is not None},
        {
            account.base_currency,
            *held.cash,
            *(one.currency for one in held.due),
            *(currency for record in flows for currency, _ in cash_effects(record)),
        },
        first_day=first_day,
        last_day=last_day,
    )
    # years of days take a while, and a request for what was known waits among others
    days = await asyncio.to_thread(
        value_days,
        held,
        market,
        account.base_currency,
        first_day=first_day,
        count=max(count, 0),
    )
    return [_snapshot(uow.tenant_id, account, day) for day in days]


def _snapshot(tenant_id: UUID, account: AccountRow, day: DayValue) -> dict[str, object]:
    return {
        "tenant_id": tenant_id,
        "account_id": account.id,
        "as_of": day.as_of,
        "currency": account.base_currency,
        "nav": day.nav,
        "market_value": day.market_value,
        "cash_value": day.cash_value,
        "receivable_value": day.receivable_value,
        "external_flow": day.external_flow,
        "stale_count": day.stale_count,
        "unknown_count": len(day.unknowns),
        "unknowns": [
            {"reason_code": unknown.reason_code, "subject": unknown.subject}
            for unknown in day.unknowns[:REASONS_KEPT]
        ],
        "calculation_version": VERSION.number,
    }
