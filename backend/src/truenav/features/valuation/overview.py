"""The overview: one number first, then its change, its age, its cause."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.money import exact
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.twrr import return_index
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.nav import Unknown
from truenav.core.valuation.series import FxTable
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.reads import DatedAmount
from truenav.features.marketdata.reads import fx_table_on
from truenav.features.valuation import repository
from truenav.features.valuation.allocation import places, ratio_of
from truenav.features.valuation.earned import (
    converted_days,
    gain_of,
    income_by_day,
    realized_by_day,
)
from truenav.features.valuation.explain import explained
from truenav.features.valuation.holdings import Holdings, holdings_of, missing_rates, total
from truenav.features.valuation.parts import CASH, RECEIVABLE, Breakdown, cut_by, looking_at
from truenav.features.valuation.schemas import (
    AllocationItemOut,
    FreshnessOut,
    MoverOut,
    OverviewOut,
)
from truenav.features.valuation.series import Scope, series_and_flows
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)
MOVERS = 5
MONEY = (CASH, RECEIVABLE)


async def overview_of(uow: UnitOfWork, scope: Scope) -> OverviewOut:
    """Every figure of the overview page, from open lots, prices and stored snapshots."""
    holdings = await holdings_of(uow, scope)
    ids = [item.instrument_id for item in holdings.items]
    instruments = await repository.instruments(uow.session, ids)
    newest = max((i.price.price_date for i in holdings.items if i.price), default=None)
    previous = _previous_price_date(holdings, newest)
    year_start = date(scope.as_of.year - 1, 12, 31)
    series, flows = await series_and_flows(uow, scope, min(previous or year_start, year_start))
    change = _day_change(series, holdings.nav, previous)
    looking = await looking_at(uow, holdings, look_through=False)
    contributions = total([point.external_flow for point in flows])
    income, realized = await _income_and_realized(uow, scope)
    later = await ledger_reads.records_after(uow.session, scope.account_ids, scope.as_of)
    return OverviewOut(
        as_of=scope.as_of,
        currency=scope.currency,
        account_ids=scope.account_ids,
        slice=scope.told,
        nav=places(holdings.nav),
        day_change=places(change),
        day_change_ratio=ratio_of(change, _nav_on(series, previous)),
        previous_date=previous,
        ytd_return_ratio=places(_ytd(series, year_start, is_slice=scope.of is not None), 10),
        ytd_start_date=year_start,
        unrealized_gain=places(total([item.unrealized_gain for item in holdings.items])),
        realized_gain=places(realized),
        income_ytd=places(income),
        net_contributions=places(contributions),
        total_gain=places(_minus(holdings.nav, contributions)),
        first_date=await _first_date(uow, scope, flows),
        cash=places(holdings.cash_value),
        receivable=places(holdings.receivable_value),
        market_value=places(holdings.market_value),
        movers=_movers(holdings.items, instruments),
        allocation_by_instrument=_allocation(await cut_by(uow, holdings, "instrument", looking)),
        allocation_by_asset_class=_allocation(await cut_by(uow, holdings, "asset_class", looking)),
        allocation_by_currency=_allocation(await cut_by(uow, holdings, "currency", looking)),
        freshness=_freshness(holdings, newest),
        unknowns=explained(_unknowns(holdings, series, flows), instruments),
        review_count=await ledger_reads.review_count(uow.session, scope.account_ids),
        later_count=sum(later.values()),
        is_recomputing=await repository.is_recomputing(uow.session),
        is_empty=not await ledger_reads.has_records(uow.session, scope.account_ids),
    )


def _unknowns(
    holdings: Holdings, series: Sequence[SeriesPoint], flows: Sequence[SeriesPoint]
) -> list[Unknown]:
    """Reasons of every null figure: positions, cash, today's snapshot, and unknown flows."""
    found = [u for item in holdings.items for u in _reasons(item)]
    found += [Unknown("fx_missing", cash.currency) for cash in holdings.cash if cash.rate is None]
    found += missing_rates(holdings)
    points = [*series[-1:], *(point for point in flows if point.external_flow is None)]
    return list(dict.fromkeys([*found, *(u for point in points for u in point.unknowns)]))


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
def _minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left - right if left is not None and right is not None else None


async def _first_date(uow: UnitOfWork, scope: Scope, flows: Sequence[SeriesPoint]) -> date | None:
    """The first day with a value; of a slice the one on which something first came into it."""
    if scope.of is not None:
        return flows[0].as_of if flows else None
    return await repository.first_snapshot_date(uow.session, scope.account_ids)


def _ytd(series: Sequence[SeriesPoint], year_start: date, *, is_slice: bool) -> Decimal | None:
    """TWRR since the last day of the year before, or since the first day there is."""
    of_year = [point for point in series if point.as_of >= year_start]
    index = return_index(
        [point.as_of for point in of_year],
        [point.nav for point in of_year],
        [point.external_flow for point in of_year],
        FlowTiming.START_OF_DAY,
        turned=[point.turned for point in of_year] if is_slice else None,
    )
    return index.total


async def _income_and_realized(
    uow: UnitOfWork, scope: Scope
) -> tuple[Decimal | None, Decimal | None]:
    """Income received this year, gross; gains realized so far: each at its own day's rate.

    Of a gain each leg is, as `/gains` tells it.
    """
    year = scope.as_of.year
    received = await income_by_day(uow, scope, date(year, 1, 1), scope.as_of)
    realized = await realized_by_day(uow, scope)
    foreign = [item for item in received if item.currency != scope.currency]
    codes, days = converted_days(realized)
    codes |= {item.currency for item in foreign}
    fx = await fx_table_on(
        uow.session,
        {scope.currency, *codes} if codes else (),
        days | {item.day for item in foreign},
    )
    gains = [gain_of(item, scope.currency, fx) for item in realized]
    return _converted(received, scope.currency, fx), total(gains)


@exact
def _converted(items: Sequence[DatedAmount], currency: str, fx: FxTable) -> Decimal | None:
    running = ZERO
    for item in items:
        rate = fx.rate(item.currency, currency, item.day)
        if item.amount is None or rate is None:
            return None
        running += item.amount * rate
    return running


def _allocation(found: Breakdown) -> list[AllocationItemOut]:
    """Parts of a built-in cut, largest first, and last those of unknown value."""
    holdings = found.holdings
    moved = {str(item.instrument_id): item.day_change_ratio for item in holdings.items}
    items = [
        AllocationItemOut(
            key=key,
            label=found.tree.labels[key],
            asset_class=_class_of(found, key),
            value=places(made.value),
            weight_ratio=ratio_of(made.value, holdings.nav),
            day_change_ratio=places(moved.get(key), 10),
            unknown_count=made.unknown_count,
        )
        for key, made in found.parts.sums.items()
        if made.value is None or made.value or key not in MONEY
    ]
    return sorted(items, key=lambda item: (item.value is None, -(item.value or ZERO), item.label))


def _class_of(found: Breakdown, key: str) -> str:
    """What a part is, as colors go by it."""
    if key in MONEY:
        return CASH
    if found.by != "instrument":
        return key if found.by == "asset_class" else found.by
    row = found.instruments.get(UUID(key))
    return row.asset_class if row is not None else ""


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
