"""Positions and cash valued as of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.lots import Lot
from truenav.core.money import exact
from truenav.core.valuation.holdings import HoldingValue, value_holding
from truenav.core.valuation.nav import Market, Unknown
from truenav.core.valuation.receivables import Receivable
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.rebuilding import replay_account
from truenav.features.marketdata.reads import market_on
from truenav.features.valuation.receivables import receivables_of
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

ZERO, ONE = Decimal(0), Decimal(1)


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
    """Open lots by instrument, cash per currency and income due, and prices and rates for them.

    Of a slice they are those that belong to it, so whatever is worked out from them is its own.
    """
    lots, cash = await lots_and_cash(uow, scope, day)
    by_instrument: dict[InstrumentId, list[Lot]] = {}
    for lot in lots:
        by_instrument.setdefault(lot.instrument_id, []).append(lot)
    due = [
        one if weight == ONE else one.part(weight)
        for one in await receivables_of(uow, scope.accounts, (day, day), scope.as_of)
        if (weight := scope.weight(one.instrument_id))
    ]
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
    uow: UnitOfWork, scope: Scope, day: date
) -> tuple[list[Lot], dict[str, Decimal]]:
    """Open lots and cash per currency on a day."""
    current, replayed = await _split(uow, scope, day)
    cash: dict[str, Decimal] = {}
    lots = await ledger_reads.open_lots(uow.session, current) if current else []
    for row in await ledger_reads.cash_balances(uow.session, current) if current else ():
        cash[row.currency] = cash.get(row.currency, ZERO) + row.amount
    for account in replayed:
        state = await replay_account(uow.session, account, through=day)
        lots.extend(state.open_lots())
        for currency, amount in state.cash.items():
            cash[currency] = cash.get(currency, ZERO) + amount
    return _part(scope, lots, cash)


async def _split(
    uow: UnitOfWork, scope: Scope, day: date
) -> tuple[list[UUID], Sequence[AccountRow]]:
    """Accounts that hold now what they held on a day, and those whose records say what it was.

    A record may be of tomorrow: a day that has begun where a person sits counts from its own day.
    """
    if day < scope.as_of:
        return [], scope.accounts
    later = await ledger_reads.records_after(uow.session, scope.account_ids, day)
    return (
        [key for key in scope.account_ids if key not in later],
        [account for account in scope.accounts if account.id in later],
    )


@exact
def _part(
    scope: Scope, lots: Sequence[Lot], cash: Mapping[str, Decimal]
) -> tuple[list[Lot], dict[str, Decimal]]:
    """What of them belongs to the scope."""
    mine = [
        lot if weight == ONE else replace(
            lot, quantity=lot.quantity * weight, cost=lot.cost * weight
        )
        for lot in lots
        if (weight := scope.weight(lot.instrument_id))
    ]  # fmt: skip
    return mine, {
        currency: amount * weight
        for currency, amount in cash.items()
        if (weight := scope.weight(currency))
    }


@dataclass(frozen=True, slots=True)
class AccountLines:
    """Units and cash of each account in scope: what of them belongs to it."""

    positions: Sequence[tuple[UUID, InstrumentId, Decimal]]
    cash: Sequence[tuple[UUID, str, Decimal]]


async def account_lines(uow: UnitOfWork, scope: Scope, day: date | None = None) -> AccountLines:
    """The same account by account: now, or on a day."""
    current, replayed = await _split(uow, scope, day if day is not None else scope.as_of)
    positions: list[tuple[UUID, UUID, Decimal]] = []
    cash: list[tuple[UUID, str, Decimal]] = []
    if current:
        for row in await ledger_reads.position_rows(uow.session, current):
            found = row[0]
            positions.append((found.account_id, found.instrument_id, found.quantity))
        balances = await ledger_reads.cash_balances(uow.session, current)
        cash = [(balance.account_id, balance.currency, balance.amount) for balance in balances]
    for account in replayed:
        state = await replay_account(uow.session, account, through=day or scope.as_of)
        for lot in state.open_lots():
            units = -lot.quantity if lot.is_short else lot.quantity
            positions.append((account.id, lot.instrument_id, units))
        cash += [(account.id, code, amount) for code, amount in state.cash.items()]
    return _own(scope, positions, cash)


@exact
def _own(
    scope: Scope,
    positions: Sequence[tuple[UUID, UUID, Decimal]],
    cash: Sequence[tuple[UUID, str, Decimal]],
) -> AccountLines:
    return AccountLines(
        [
            (account_id, key, units * weight)
            for account_id, instrument_id, units in positions
            if (weight := scope.weight(key := InstrumentId(instrument_id)))
        ],
        [
            (account_id, currency, amount * weight)
            for account_id, currency, amount in cash
            if (weight := scope.weight(currency))
        ],
    )


@exact
def valued(
    scope: Scope,
    by_instrument: Mapping[InstrumentId, Sequence[Lot]],
    besides: tuple[Mapping[str, Decimal], Sequence[Receivable]],
    market: Market,
    day: date,
) -> Holdings:
    """The same lots, cash and income due at the same prices and rates have the same value."""
    items = [
        value_holding(instrument_id, lots, market, scope.currency, day)
        for instrument_id, lots in by_instrument.items()
    ]
    return with_items(scope, items, besides, market, day)


@exact
def with_items(
    scope: Scope,
    items: Sequence[HoldingValue],
    besides: tuple[Mapping[str, Decimal], Sequence[Receivable]],
    market: Market,
    day: date,
) -> Holdings:
    """The same of positions that are valued already."""
    cash, due = besides
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
def total(values: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, or None when one of them is unknown: never a partial total."""
    running = ZERO
    for value in values:
        if value is None:
            return None
        running += value
    return running
