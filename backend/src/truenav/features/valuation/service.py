"""Snapshots rebuilt from the earliest changed day; holdings valued as of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.lots import Lot, LotMethod
from truenav.core.ledger.replay import replay
from truenav.core.money import exact
from truenav.core.valuation.holdings import HoldingValue, value_holding
from truenav.core.valuation.nav import DayValue, Market, Unknown, daily_nav
from truenav.features.accounts.tables import AccountRow
from truenav.features.identity.tables import TenantRow
from truenav.features.ledger import reads as ledger_reads
from truenav.features.marketdata.reads import load_market, valuation_date
from truenav.features.valuation import repository
from truenav.features.valuation.tables import SnapshotRow
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

CALCULATION_VERSION = "2026.1"
ZERO = Decimal(0)


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
            method=LotMethod(account.lot_method),
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
            for unknown in day.unknowns
        ],
        "calculation_version": CALCULATION_VERSION,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPoint:
    """All accounts in scope at the close of one day, in the scope's currency."""

    as_of: date
    nav: Decimal | None
    external_flow: Decimal | None
    cash: Decimal | None
    unknowns: tuple[Unknown, ...]


async def nav_series(
    uow: UnitOfWork, scope: Scope, first: date | None = None, last: date | None = None
) -> list[SeriesPoint]:
    """Daily NAV of the scope from its snapshots, oldest first.

    An account without a snapshot on a day had nothing yet: it counts as zero.
    """
    rows = await repository.snapshots(uow.session, scope.account_ids, first, last)
    currencies = {row.currency for row in rows} | {scope.currency}
    fx = None
    if rows and len(currencies) > 1:
        market = await load_market(
            uow.session, [], currencies, first_day=rows[0].as_of, last_day=rows[-1].as_of
        )
        fx = market.fx
    by_day: dict[date, list[SnapshotRow]] = {}
    for row in rows:
        by_day.setdefault(row.as_of, []).append(row)
    table = fx
    return [
        _point(
            day,
            [
                (row, table.rate(row.currency, scope.currency, day) if table else Decimal(1))
                for row in of_day
            ],
        )
        for day, of_day in by_day.items()
    ]


@exact
def _point(day: date, rows: Sequence[tuple[SnapshotRow, Decimal | None]]) -> SeriesPoint:
    unknowns: set[Unknown] = set()
    totals: dict[str, Decimal | None] = {"nav": ZERO, "external_flow": ZERO, "cash_value": ZERO}
    for row, rate in rows:
        unknowns |= {Unknown(found["reason_code"], found["subject"]) for found in row.unknowns}
        if rate is None:
            unknowns.add(Unknown("fx_missing", row.currency))
        for name, running in totals.items():
            value = getattr(row, name)
            known = value is not None and rate is not None and running is not None
            totals[name] = running + value * rate if known else None
    return SeriesPoint(
        as_of=day,
        nav=totals["nav"],
        external_flow=totals["external_flow"],
        cash=totals["cash_value"],
        unknowns=tuple(sorted(unknowns)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CashValue:
    """Cash in one currency over all accounts in scope; value null without a rate."""

    currency: str
    amount: Decimal
    rate: Decimal | None
    value: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Every position and cash balance of the scope as of a day; totals null when one is."""

    scope: Scope
    items: Sequence[HoldingValue]
    cash: Sequence[CashValue]
    market: Market
    market_value: Decimal | None
    cash_value: Decimal | None

    @property
    @exact
    def nav(self) -> Decimal | None:
        """Market value plus cash."""
        if self.market_value is None or self.cash_value is None:
            return None
        return self.market_value + self.cash_value


async def holdings_of(uow: UnitOfWork, scope: Scope, as_of: date | None = None) -> Holdings:
    """Value the open lots of the scope; of an earlier day by replaying the records to it."""
    day = min(as_of or scope.as_of, scope.as_of)
    lots, cash = await _lots_and_cash(uow, scope, day if day < scope.as_of else None)
    by_instrument: dict[InstrumentId, list[Lot]] = {}
    for lot in lots:
        by_instrument.setdefault(lot.instrument_id, []).append(lot)
    earliest = min((lot.acquired_date for lot in lots), default=day)
    currencies = {scope.currency, *cash, *(lot.currency for lot in lots)}
    market = await load_market(
        uow.session, by_instrument, currencies, first_day=earliest, last_day=day
    )
    return _valued(scope, by_instrument, cash, market, day)


async def _lots_and_cash(
    uow: UnitOfWork, scope: Scope, day: date | None
) -> tuple[list[Lot], dict[str, Decimal]]:
    cash: dict[str, Decimal] = {}
    if day is None:
        for row in await ledger_reads.cash_balances(uow.session, scope.account_ids):
            cash[row.currency] = cash.get(row.currency, ZERO) + row.amount
        return await ledger_reads.open_lots(uow.session, scope.account_ids), cash
    lots: list[Lot] = []
    for account in scope.accounts:
        records = await ledger_reads.live_transactions(uow.session, [account.id])
        state = replay(
            (record for record in records if record.trade_date <= day),
            method=LotMethod(account.lot_method),
        )
        lots.extend(state.open_lots())
        for currency, amount in state.cash.items():
            cash[currency] = cash.get(currency, ZERO) + amount
    return lots, cash


@exact
def _valued(
    scope: Scope,
    by_instrument: dict[InstrumentId, list[Lot]],
    cash: dict[str, Decimal],
    market: Market,
    day: date,
) -> Holdings:
    items = [
        value_holding(instrument_id, lots, market, scope.currency, day)
        for instrument_id, lots in by_instrument.items()
    ]
    balances = []
    for currency, amount in sorted(cash.items()):
        rate = market.fx.rate(currency, scope.currency, day)
        value = amount * rate if rate is not None else None
        balances.append(CashValue(currency=currency, amount=amount, rate=rate, value=value))
    return Holdings(
        scope=scope,
        items=items,
        cash=balances,
        market=market,
        market_value=total([item.market_value for item in items]),
        cash_value=total([balance.value for balance in balances]),
    )


@exact
def total(values: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, or None when one of them is unknown: never a partial total."""
    running = ZERO
    for value in values:
        if value is None:
            return None
        running += value
    return running
