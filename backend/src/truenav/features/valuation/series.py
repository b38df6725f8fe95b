"""The scope of a page, and its daily series from stored snapshots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from truenav.core.valuation.consolidation import CurrencyDay, SeriesPoint, consolidate
from truenav.features.accounts.tables import AccountRow
from truenav.features.identity.tables import TenantRow
from truenav.features.marketdata.reads import fx_table, valuation_date
from truenav.features.valuation import repository
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which accounts a page is about, in which currency, as of when."""

    accounts: Sequence[AccountRow]
    currency: str
    as_of: date

    @property
    def account_ids(self) -> list[UUID]:
        """Their ids."""
        return [account.id for account in self.accounts]


async def scope_of(uow: UnitOfWork, account_id: UUID | None, today: date) -> Scope:
    """All accounts in the tenant's currency, or one in its own.

    Raises:
        NotFound: no such account.
    """
    accounts = await repository.accounts_in_scope(uow.session, account_id)
    if account_id is not None and not accounts:
        raise NotFound("no such account")
    tenant = await uow.session.get_one(TenantRow, uow.tenant_id)
    currency = accounts[0].base_currency if account_id is not None else tenant.base_currency
    as_of = await valuation_date(uow.session, uow.tenant_id, today)
    return Scope(accounts=accounts, currency=currency, as_of=as_of)


async def nav_series(
    uow: UnitOfWork, scope: Scope, first: date | None = None, last: date | None = None
) -> list[SeriesPoint]:
    """Daily NAV of the scope from its snapshots, oldest first.

    An account without a snapshot on a day had nothing yet: it counts as zero. The series ends
    where the snapshots of the first account end: a day that waits for another account's rebuild
    would look like a loss.
    """
    ends = await repository.snapshot_ends(uow.session, scope.account_ids)
    if not ends:
        return []
    end = min(ends.values())
    days = await repository.days_by_currency(
        uow.session, scope.account_ids, first, min(last or end, end)
    )
    return await _consolidated(uow, scope, days)


async def flow_points(uow: UnitOfWork, scope: Scope) -> list[SeriesPoint]:
    """Only the days on which money crossed the scope's edge, or may have; oldest first."""
    days = await repository.days_by_currency(uow.session, scope.account_ids, only_flows=True)
    return await _consolidated(uow, scope, days)


async def _consolidated(
    uow: UnitOfWork, scope: Scope, days: Sequence[CurrencyDay]
) -> list[SeriesPoint]:
    if not days:
        return []
    foreign = {day.currency for day in days} - {scope.currency}
    fx = await fx_table(
        uow.session,
        {*foreign, scope.currency} if foreign else (),
        first_day=days[0].as_of,
        last_day=days[-1].as_of,
    )
    return consolidate(days, fx, scope.currency)
