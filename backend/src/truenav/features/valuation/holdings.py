"""Positions and cash valued as of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from truenav.core.ids import InstrumentId
from truenav.core.ledger.lots import Lot
from truenav.core.money import exact
from truenav.core.valuation.holdings import HoldingValue, value_holding
from truenav.core.valuation.nav import Market, Unknown
from truenav.core.valuation.receivables import Receivable
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.rebuilding import replay_account
from truenav.features.marketdata.reads import market_on
from truenav.features.valuation.receivables import receivables_of
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashValue:
    """Cash in one currency over all accounts in scope; value null without a rate."""

    currency: str
    amount: Decimal
    rate: Decimal | None
    value: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueValue:
    """Income due at the close of a day; value null without a rate."""

    due: Receivable
    rate: Decimal | None
    value: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Every position, cash balance and income due of the scope as of a day.

    Totals are null when one of them is.
    """

    scope: Scope
    day: date
    items: Sequence[HoldingValue]
    cash: Sequence[CashValue]
    receivables: Sequence[DueValue]
    market: Market
    market_value: Decimal | None
    cash_value: Decimal | None
    receivable_value: Decimal | None

    @property
    @exact
    def nav(self) -> Decimal | None:
        """Market value plus cash plus income due."""
        return total([self.market_value, self.cash_value, self.receivable_value])


async def holdings_of(uow: UnitOfWork, scope: Scope, as_of: date | None = None) -> Holdings:
    """Value the open lots of the scope; of an earlier day by replaying the records to it."""
    day = min(as_of or scope.as_of, scope.as_of)
    return valued(scope, *await lots_and_market(uow, scope, day), day)


async def lots_and_market(
    uow: UnitOfWork, scope: Scope, day: date
) -> tuple[dict[InstrumentId, list[Lot]], tuple[dict[str, Decimal], Sequence[Receivable]], Market]:
    """Open lots by instrument, cash per currency and income due, and prices and rates for them."""
    is_past = day < scope.as_of
    lots, cash = await lots_and_cash(uow, scope, day if is_past else None)
    by_instrument: dict[InstrumentId, list[Lot]] = {}
    for lot in lots:
        by_instrument.setdefault(lot.instrument_id, []).append(lot)
    due = await receivables_of(uow, scope.accounts, (day, day), scope.as_of)
    market = await market_on(
        uow.session,
        by_instrument,
        {
            scope.currency,
            *cash,
            *(lot.currency for lot in lots),
            *(one.currency for one in due),
        },
        day=day,
        fx_days={lot.acquired_date for lot in lots if lot.currency != scope.currency},
    )
    return by_instrument, (cash, due), market


async def lots_and_cash(
    uow: UnitOfWork, scope: Scope, day: date | None
) -> tuple[list[Lot], dict[str, Decimal]]:
    """Open lots and cash per currency, now or (by replaying the records to it) on a day."""
    cash: dict[str, Decimal] = {}
    if day is None:
        for row in await ledger_reads.cash_balances(uow.session, scope.account_ids):
            cash[row.currency] = cash.get(row.currency, ZERO) + row.amount
        return await ledger_reads.open_lots(uow.session, scope.account_ids), cash
    lots: list[Lot] = []
    for account in scope.accounts:
        state = await replay_account(uow.session, account, through=day)
        lots.extend(state.open_lots())
        for currency, amount in state.cash.items():
            cash[currency] = cash.get(currency, ZERO) + amount
    return lots, cash


@exact
def valued(
    scope: Scope,
    by_instrument: Mapping[InstrumentId, Sequence[Lot]],
    besides: tuple[Mapping[str, Decimal], Sequence[Receivable]],
    market: Market,
    day: date,
) -> Holdings:
    """The same lots, cash and income due at the same prices and rates have the same value."""
    cash, due = besides
    items = [
        value_holding(instrument_id, lots, market, scope.currency, day)
        for instrument_id, lots in by_instrument.items()
    ]
    balances = []
    for currency, amount in sorted(cash.items()):
        rate = market.fx.rate(currency, scope.currency, day)
        value = amount * rate if rate is not None else None
        balances.append(CashValue(currency=currency, amount=amount, rate=rate, value=value))
    receivables = []
    for one in due:
        rate = market.fx.rate(one.currency, scope.currency, day)
        value = one.net * rate if rate is not None else None
        receivables.append(DueValue(due=one, rate=rate, value=value))
    return Holdings(
        scope=scope,
        day=day,
        items=items,
        cash=balances,
        receivables=receivables,
        market=market,
        market_value=total([item.market_value for item in items]),
        cash_value=total([balance.value for balance in balances]),
        receivable_value=total([one.value for one in receivables]),
    )


def missing_rates(holdings: Holdings) -> list[Unknown]:
    """Why income due has no value."""
    missing = {one.due.currency for one in holdings.receivables if one.rate is None}
    return [Unknown("fx_missing", currency) for currency in sorted(missing)]


@exact
def part_of(holdings: Holdings) -> Holdings:
    """What of the holdings belongs to the scope's slice; all of it without one."""
    of = holdings.scope.of
    if of is None:
        return holdings
    items = [
        _scaled(item, of.weight(item.instrument_id))
        for item in holdings.items
        if of.weight(item.instrument_id)
    ]
    due = [
        DueValue(due=one.due, rate=one.rate, value=_times(one.value, weight))
        for one in holdings.receivables
        if (weight := of.weight(one.due.instrument_id))
    ]
    cash = [
        replace(balance, amount=balance.amount * weight, value=_times(balance.value, weight))
        for balance in holdings.cash
        if (weight := of.weight(balance.currency))
    ]
    return replace(
        holdings,
        items=items,
        cash=cash,
        receivables=due,
        market_value=total([item.market_value for item in items]),
        cash_value=total([balance.value for balance in cash]),
        receivable_value=total([one.value for one in due]),
    )


def _scaled(item: HoldingValue, weight: Decimal) -> HoldingValue:
    return replace(
        item,
        quantity=item.quantity * weight,
        market_value_local=_times(item.market_value_local, weight),
        market_value=_times(item.market_value, weight),
        cost=_times(item.cost, weight),
        day_change=_times(item.day_change, weight),
        previous_value=_times(item.previous_value, weight),
    )


def _times(value: Decimal | None, weight: Decimal) -> Decimal | None:
    return None if value is None else value * weight


@exact
def total(values: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, or None when one of them is unknown: never a partial total."""
    running = ZERO
    for value in values:
        if value is None:
            return None
        running += value
    return running
