"""The scope of a page, and its daily series from stored snapshots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from truenav.core.valuation.consolidation import CurrencyDay, SeriesPoint, consolidate
from truenav.core.valuation.segments import Segment
from truenav.core.valuation.slices import ONE, Slice, without_empty_ends
from truenav.features.accounts.tables import AccountRow
from truenav.features.identity.tables import TenantRow
from truenav.features.marketdata.reads import fx_table, valuation_date
from truenav.features.valuation import repository
from truenav.features.valuation.schemas import SliceOut
from truenav.features.valuation.slice_series import slice_by_currency
from truenav.features.valuation.slicing import Filters, told
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which accounts a page is about, in which currency, as of when; and which slice of them.

    `filters` are what the request named. `of` is None when they leave nothing out.
    """

    accounts: Sequence[AccountRow]
    currency: str
    as_of: date
    filters: Filters = field(default_factory=Filters)
    of: Slice | None = None

    @property
    def account_ids(self) -> list[UUID]:
        """Their ids."""
        return [account.id for account in self.accounts]

    @property
    def account_id(self) -> UUID | None:
        """The one account that was named, if one was and nothing else of accounts."""
        named = self.filters
        is_one = len(named.account_ids) == 1 and not named.account_groups and not named.account_tags
        return named.account_ids[0] if is_one else None

    def weight(self, segment: Segment) -> Decimal:
        """The part of an instrument, or of the cash of a currency, that belongs to it."""
        return ONE if self.of is None else self.of.weight(segment)

    @property
    def told(self) -> SliceOut:
        """What an answer says of its slice."""
        return told(self.filters, self.of)


async def scope_of(uow: UnitOfWork, account_id: UUID | None, today: date) -> Scope:
    """All accounts in the tenant's currency, or one in its own.

    Raises:
        NotFound: no such account.
    """
    named = Filters(account_ids=() if account_id is None else (account_id,))
    return await accounts_scope(uow, named, today)


async def accounts_scope(uow: UnitOfWork, filters: Filters, today: date) -> Scope:
    """The same of accounts by id, group or tag; in the tenant's currency unless they share one.

    Raises:
        NotFound: no such account, or none of the group or the tag.
    """
    named = await repository.accounts_named(uow.session, filters.account_ids)
    return scope_among(named, filters, await household_of(uow, today))


@dataclass(frozen=True, slots=True)
class Household:
    """What every scope of a tenant shares."""

    currency: str
    as_of: date


async def household_of(uow: UnitOfWork, today: date) -> Household:
    """The tenant's currency, and the day its values are of."""
    tenant = await uow.session.get_one(TenantRow, uow.tenant_id)
    return Household(tenant.base_currency, await valuation_date(uow.session, uow.tenant_id, today))


def scope_among(known: Sequence[AccountRow], filters: Filters, household: Household) -> Scope:
    """The scope of the accounts that are named, out of those the tenant has.

    Raises:
        NotFound: no such account, or none of the group or the tag.
    """
    wanted = set(filters.account_ids)
    named = [account for account in known if not wanted or account.id in wanted]
    if len(named) < len(wanted):
        raise NotFound("no such account")
    accounts = [account for account in named if filters.has_account(account)]
    if not accounts and (filters.account_groups or filters.account_tags):
        raise NotFound("no account of that group or tag")
    own = {account.base_currency for account in accounts} if filters.is_of_accounts else set()
    return Scope(
        accounts=accounts,
        currency=own.pop() if len(own) == 1 else household.currency,
        as_of=household.as_of,
        filters=filters,
    )


async def nav_series(
    uow: UnitOfWork, scope: Scope, first: date | None = None, last: date | None = None
) -> list[SeriesPoint]:
    """Daily NAV of the scope from its snapshots, oldest first.

    An account without a snapshot on a day had nothing yet: it counts as zero. The series ends
    where the snapshots of the first account end: a day that waits for another account's rebuild
    would look like a loss. Of a slice it is worked out from what was held, and runs from the day
    before there was something to the last day there was, or something was paid.
    """
    ends = await repository.snapshot_ends(uow.session, scope.account_ids)
    if not ends:
        return []
    end = min(last or date.max, *ends.values())
    if scope.of is not None:
        return await _sliced(uow, scope, scope.of, first, end)
    days = await repository.days_by_currency(uow.session, scope.account_ids, first, end)
    return await _consolidated(uow, scope, days)


async def has_day(uow: UnitOfWork, scope: Scope, day: date) -> bool:
    """Whether a day lies within the snapshots of its accounts, or is the one before them."""
    ends = await repository.snapshot_ends(uow.session, scope.account_ids)
    opened = await repository.first_snapshot_date(uow.session, scope.account_ids)
    return opened is not None and opened - timedelta(days=1) <= day <= min(ends.values())


@dataclass(frozen=True, slots=True)
class Stretch:
    """A scope of whole accounts, and the days of it that are asked for."""

    scope: Scope
    first: date | None
    last: date | None


async def nav_series_of_many(
    uow: UnitOfWork, asked: Sequence[Stretch], ends: Mapping[UUID, date]
) -> list[list[SeriesPoint]]:
    """`nav_series` of each; all are read at once.

    Args:
        uow: The unit of work.
        asked: Scopes of whole accounts.
        ends: The last day with a snapshot, of each account of theirs that has one.
    """
    wanted = []
    for number, one in enumerate(asked):
        own = [ends[key] for key in one.scope.account_ids if key in ends]
        end = min(one.last or date.max, *own) if own else date.min
        first = one.first or date.min
        wanted += [(number, key, first, end) for key in one.scope.account_ids if first <= end]
    found = await repository.days_of_scopes(uow.session, wanted)
    return [
        await _consolidated(uow, one.scope, found.get(number, []))
        for number, one in enumerate(asked)
    ]


async def _sliced(
    uow: UnitOfWork, scope: Scope, of: Slice, first: date | None, end: date
) -> list[SeriesPoint]:
    opened = await repository.first_snapshot_date(uow.session, scope.account_ids)
    if opened is None:
        return []
    start = max(first or date.min, opened - timedelta(days=1))
    if start > end:
        return []
    days = await slice_by_currency(uow, scope.accounts, of, start, end)
    return without_empty_ends(await _consolidated(uow, scope, days))


async def series_and_flows(
    uow: UnitOfWork, scope: Scope, first: date | None = None, last: date | None = None
) -> tuple[list[SeriesPoint], list[SeriesPoint]]:
    """`nav_series` of a span and all `flow_points`; a slice is valued once for both."""
    if scope.of is None:
        return await nav_series(uow, scope, first, last), await flow_points(uow, scope)
    every = await nav_series(uow, scope)
    span = [point for point in every if (first or date.min) <= point.as_of <= (last or date.max)]
    return without_empty_ends(span), _flows(every)


def _flows(points: Sequence[SeriesPoint]) -> list[SeriesPoint]:
    return [point for point in points if point.external_flow != 0]


async def flow_points(uow: UnitOfWork, scope: Scope) -> list[SeriesPoint]:
    """Only the days on which money crossed the scope's edge, or may have; oldest first."""
    if scope.of is not None:
        return _flows(await nav_series(uow, scope))
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
