"""The overview: one number first, then its change, its age, its cause."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact, to_decimal_places
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.twrr import return_index
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.nav import Unknown
from truenav.core.valuation.series import FxTable
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import reads as ledger_reads
from truenav.features.marketdata.reads import load_market, newest_price_dates
from truenav.features.valuation import repository
from truenav.features.valuation.explain import explained
from truenav.features.valuation.schemas import (
    AllocationItemOut,
    FreshnessOut,
    MoverOut,
    OverviewOut,
)
from truenav.features.valuation.service import (
    Holdings,
    Scope,
    SeriesPoint,
    holdings_of,
    nav_series,
    scope_of,
    total,
)
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)
MOVERS = 5
INCOME_KINDS = {
    TransactionKind.DIVIDEND,
    TransactionKind.INTEREST,
    TransactionKind.CAPITAL_GAIN_DISTRIBUTION,
}


async def overview_of(uow: UnitOfWork, account_id: UUID | None, today: date) -> OverviewOut:
    """Every figure of the overview page, from open lots, prices and stored snapshots."""
    scope = await scope_of(uow, account_id, today)
    holdings = await holdings_of(uow, scope)
    ids = [item.instrument_id for item in holdings.items]
    instruments = await repository.instruments(uow.session, ids)
    series = await nav_series(uow, scope)
    newest = max((await newest_price_dates(uow.session, ids)).values(), default=None)
    previous = _previous_price_date(holdings, newest)
    change = _day_change(series, holdings.nav, previous)
    records = await ledger_reads.live_transactions(uow.session, scope.account_ids)
    income, realized = await _income_and_realized(uow, scope, records)
    contributions = total([point.external_flow for point in series])
    unknowns = [u for item in holdings.items for u in _reasons(item)]
    if series:
        unknowns += [u for u in series[-1].unknowns if u not in unknowns]
    unknowns += [
        Unknown("fx_missing", cash.currency) for cash in holdings.cash if cash.rate is None
    ]
    return OverviewOut(
        as_of=scope.as_of,
        currency=scope.currency,
        account_ids=scope.account_ids,
        nav=places(holdings.nav),
        day_change=places(change),
        day_change_ratio=_over(change, _nav_on(series, previous)),
        previous_date=previous,
        ytd_return_ratio=places(_ytd(series, scope.as_of), 10),
        ytd_start_date=date(scope.as_of.year - 1, 12, 31),
        unrealized_gain=places(total([item.unrealized_gain for item in holdings.items])),
        realized_gain=places(realized),
        income_ytd=places(income),
        net_contributions=places(contributions),
        total_gain=places(_minus(holdings.nav, contributions)),
        first_date=series[0].as_of if series else None,
        cash=places(holdings.cash_value),
        market_value=places(holdings.market_value),
        movers=_movers(holdings.items, instruments),
        allocation_by_instrument=by_instrument(holdings, instruments),
        allocation_by_asset_class=_grouped(
            holdings, lambda item: instruments[item.instrument_id].asset_class
        ),
        allocation_by_currency=_by_currency(holdings),
        freshness=_freshness(holdings, newest),
        unknowns=explained(unknowns, instruments),
        review_count=await ledger_reads.review_count(uow.session, scope.account_ids),
        is_recomputing=await repository.is_recomputing(uow.session),
        is_empty=not records,
    )


def places(value: Decimal | None, count: int = 6) -> Decimal | None:
    """More than enough places for a screen; the exact figure stays in the database."""
    return None if value is None else to_decimal_places(value, count)


def _reasons(item: HoldingValue) -> list[Unknown]:
    return [Unknown(reason, str(item.instrument_id)) for reason in item.reasons]


def _previous_price_date(holdings: Holdings, newest: date | None) -> date | None:
    """The last day before the newest price day on which anything held had a price."""
    if newest is None:
        return None
    found = (series.before(newest) for series in holdings.market.prices.values())
    return max((price.price_date for price in found if price is not None), default=None)


def _nav_on(series: Sequence[SeriesPoint], day: date | None) -> Decimal | None:
    return next((point.nav for point in reversed(series) if point.as_of == day), None)


@exact
def _day_change(
    series: Sequence[SeriesPoint], nav: Decimal | None, previous: date | None
) -> Decimal | None:
    """NAV now minus NAV then minus what was paid in since."""
    before = _nav_on(series, previous)
    if nav is None or before is None or previous is None:
        return None
    flows = total([point.external_flow for point in series if point.as_of > previous])
    return nav - before - flows if flows is not None else None


@exact
def _over(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return to_decimal_places(part / abs(whole), 10)


@exact
def _minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left - right if left is not None and right is not None else None


def _ytd(series: Sequence[SeriesPoint], as_of: date) -> Decimal | None:
    """TWRR since the last day of the year before, or since the first day there is."""
    start = date(as_of.year - 1, 12, 31)
    of_year = [point for point in series if point.as_of >= start]
    index = return_index(
        [point.as_of for point in of_year],
        [point.nav for point in of_year],
        [point.external_flow for point in of_year],
        FlowTiming.START_OF_DAY,
    )
    return index.total


async def _income_and_realized(
    uow: UnitOfWork, scope: Scope, records: Sequence[Transaction]
) -> tuple[Decimal | None, Decimal | None]:
    """Income received this year, gross; gains realized so far: each at its own day's rate."""
    closures = await ledger_reads.closures(uow.session, scope.account_ids)
    days = [closure.closed_date for closure in closures]
    this_year = [
        record
        for record in records
        if record.kind in INCOME_KINDS
        and record.trade_date.year == scope.as_of.year
        and record.trade_date <= scope.as_of
    ]
    days += [record.trade_date for record in this_year]
    if not days:
        return ZERO, ZERO
    currencies = {c.currency for c in closures} | {r.currency for r in this_year} | {scope.currency}
    market = await load_market(uow.session, [], currencies, first_day=min(days), last_day=max(days))
    income = total(
        [
            _converted(
                r.gross.amount if r.gross else ZERO, r.currency, r.trade_date, scope, market.fx
            )
            for r in this_year
        ]
    )
    realized = total(
        [
            _converted(c.gain, c.currency, c.closed_date, scope, market.fx)
            if c.is_cost_known
            else None
            for c in closures
        ]
    )
    return income, realized


@exact
def _converted(
    amount: Decimal, currency: str, day: date, scope: Scope, fx: FxTable
) -> Decimal | None:
    rate = fx.rate(currency, scope.currency, day)
    return amount * rate if rate is not None else None


def _movers(
    items: Sequence[HoldingValue], instruments: Mapping[UUID, InstrumentRow]
) -> list[MoverOut]:
    moved = [(abs(item.day_change), item) for item in items if item.day_change]
    moved.sort(key=lambda pair: (-pair[0], str(pair[1].instrument_id)))
    return [
        MoverOut(
            instrument_id=item.instrument_id,
            symbol=instruments[item.instrument_id].symbol,
            name=instruments[item.instrument_id].name,
            day_change=places(item.day_change) or ZERO,
            day_change_ratio=places(item.day_change_ratio, 10),
        )
        for _, item in moved[:MOVERS]
    ]


def by_instrument(
    holdings: Holdings, instruments: Mapping[UUID, InstrumentRow]
) -> list[AllocationItemOut]:
    """Each position and the cash, largest first; unknown values are left to `unknowns`."""
    slices = [
        AllocationItemOut(
            key=str(item.instrument_id),
            label=instruments[item.instrument_id].symbol,
            asset_class=instruments[item.instrument_id].asset_class,
            value=places(item.market_value) or ZERO,
            weight_ratio=_over(item.market_value, holdings.nav),
            day_change_ratio=places(item.day_change_ratio, 10),
        )
        for item in holdings.items
        if item.market_value is not None
    ]
    return _largest_first([*slices, *_cash_slice(holdings)])


def _cash_slice(holdings: Holdings) -> list[AllocationItemOut]:
    if not holdings.cash_value:
        return []
    return [_slice("cash", "Cash", "cash", holdings.cash_value, holdings)]


def _slice(
    key: str, label: str, asset_class: str, value: Decimal, holdings: Holdings
) -> AllocationItemOut:
    return AllocationItemOut(
        key=key,
        label=label,
        asset_class=asset_class,
        value=places(value) or ZERO,
        weight_ratio=_over(value, holdings.nav),
        day_change_ratio=None,
    )


def _largest_first(slices: Sequence[AllocationItemOut]) -> list[AllocationItemOut]:
    return sorted(slices, key=lambda item: (-item.value, item.label))


@exact
def _grouped(holdings: Holdings, group: Callable[[HoldingValue], str]) -> list[AllocationItemOut]:
    sums: dict[str, Decimal] = {}
    for item in holdings.items:
        if item.market_value is not None:
            sums[group(item)] = sums.get(group(item), ZERO) + item.market_value
    slices = [
        _slice(name, name.capitalize(), name, value, holdings) for name, value in sums.items()
    ]
    return _largest_first([*slices, *_cash_slice(holdings)])


@exact
def _by_currency(holdings: Holdings) -> list[AllocationItemOut]:
    sums: dict[str, Decimal] = {}
    for item in holdings.items:
        if item.market_value is not None and item.price_currency is not None:
            currency = item.price_currency
            sums[currency] = sums.get(currency, ZERO) + item.market_value
    for cash in holdings.cash:
        if cash.value is not None:
            sums[cash.currency] = sums.get(cash.currency, ZERO) + cash.value
    return _largest_first(
        [_slice(name, name, "currency", value, holdings) for name, value in sums.items()]
    )


def _freshness(holdings: Holdings, newest: date | None) -> FreshnessOut:
    prices = [item.price for item in holdings.items if item.price is not None]
    return FreshnessOut(
        newest_price_date=newest,
        newest_as_of=None,
        sources=sorted({price.source for price in prices}),
        delay_minutes=None,
        instrument_count=len(holdings.items),
        stale_count=sum(item.is_stale for item in holdings.items),
        missing_count=sum(item.price is None for item in holdings.items),
    )
