"""Snapshots rebuilt from the earliest changed day."""

from datetime import date
from uuid import UUID

from truenav.core.ids import AccountId
from truenav.core.ledger.cash import cash_effects
from truenav.core.valuation.nav import DayValue, daily_nav
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import reads as ledger_reads
from truenav.features.marketdata.reads import load_market, valuation_date
from truenav.features.valuation import repository
from truenav.platform.unit_of_work import UnitOfWork

CALCULATION_VERSION = "2026.1"
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
    records = await ledger_reads.live_transactions(uow.session, [account_id])
    last_day = await valuation_date(uow.session, uow.tenant_id, today)
    newest = await repository.newest_snapshot_date(uow.session, account_id)
    rows: list[dict[str, object]] = []
    first_day = since
    if records:
        opened = min(record.trade_date for record in records)
        # no gap: from where the stored snapshots end, or from the first record
        first_day = max(opened, min(since, newest or opened))
        market = await load_market(
            uow.session,
            {r.instrument_id for r in records if r.instrument_id is not None},
            {account.base_currency, *(c for r in records for c, _ in cash_effects(r))},
            first_day=first_day,
            last_day=last_day,
        )
        days = daily_nav(
            records, market, account.base_currency, first_day=first_day, last_day=last_day,
        )  # fmt: skip
        rows = [_snapshot(uow.tenant_id, account, day) for day in days]
    replaced_from = min(since, first_day)
    await repository.replace_snapshots(uow.session, account_id, replaced_from, rows)
    await repository.mark_rebuilt(uow.session, uow.tenant_id, account_id)
    return len(rows)


def _snapshot(tenant_id: UUID, account: AccountRow, day: DayValue) -> dict[str, object]:
    return {
        "tenant_id": tenant_id,
        "account_id": account.id,
        "as_of": day.as_of,
        "currency": account.base_currency,
        "nav": day.nav,
        "market_value": day.market_value,
        "cash_value": day.cash_value,
        "external_flow": day.external_flow,
        "stale_count": day.stale_count,
        "unknown_count": len(day.unknowns),
        "unknowns": [
            {"reason_code": unknown.reason_code, "subject": unknown.subject}
            for unknown in day.unknowns[:REASONS_KEPT]
        ],
        "calculation_version": CALCULATION_VERSION,
    }
