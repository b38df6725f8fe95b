"""Pages of values in two halves: what they are worked out from, and the pure working out.

What is given can be kept: the same given make the same answer, whenever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.lots import Lot
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.decimation import Thinning, decimate
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.nav import Market, Unknown
from truenav.core.valuation.receivables import Receivable
from truenav.features.ledger.gains import GainFilter
from truenav.features.valuation import repository
from truenav.features.valuation.allocation import places, ratio_of
from truenav.features.valuation.earned import realized_sum_of_each
from truenav.features.valuation.explain import Named, as_id, explained
from truenav.features.valuation.holdings import (
    DueValue,
    Holdings,
    lots_and_market,
    missing_rates,
    total,
    valued,
)
from truenav.features.valuation.schemas import (
    CashHoldingOut,
    HoldingOut,
    HoldingsOut,
    NavPointOut,
    NavSeriesOut,
    ReceivableOut,
    SliceOut,
)
from truenav.features.valuation.series import Scope, series_and_flows
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Called(Named):
    """What an instrument is, as a page of holdings tells it."""

    asset_class: str
    currency: str
    delisted_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenHoldings:
    """Open lots, cash and income due of a day, prices and rates, and what was realized so far."""

    currency: str
    day: date
    lots: Mapping[InstrumentId, Sequence[Lot]]
    cash: Mapping[str, Decimal]
    due: Sequence[Receivable]
    market: Market
    realized: Mapping[UUID, Decimal | None]
    names: Mapping[UUID, Called]
    # None in what was kept before holdings could be of a part
    slice: SliceOut | None = None
    # none in what was kept while gains were told in the currency of their trades
    realized_reasons: Mapping[UUID, Sequence[str]] = field(default_factory=dict)


async def given_holdings(uow: UnitOfWork, scope: Scope, as_of: date | None) -> GivenHoldings:
    """What the holdings of a day are valued from."""
    day = min(as_of or scope.as_of, scope.as_of)
    lots, (cash, due), market = await lots_and_market(uow, scope, day)
    closed = GainFilter(closed_by=day)
    realized = await realized_sum_of_each(uow, scope, closed)
    rows = await repository.instruments(
        uow.session, [*lots, *(one.instrument_id for one in due if one.instrument_id not in lots)]
    )
    return GivenHoldings(
        currency=scope.currency,
        slice=scope.told,
        day=day,
        lots=lots,
        cash=cash,
        due=due,
        market=market,
        realized={key: gain.gain for key, gain in realized.items()},
        realized_reasons={key: gain.reasons for key, gain in realized.items() if gain.reasons},
        names={
            key: Called(row.symbol, row.name, row.asset_class, row.currency, row.delisted_on)
            for key, row in rows.items()
        },
    )


def holdings_page(given: GivenHoldings) -> HoldingsOut:
    """The page of holdings."""
    scope = Scope(accounts=(), currency=given.currency, as_of=given.day)
    besides = (given.cash, given.due)
    return told_of(given, valued(scope, given.lots, besides, given.market, given.day))


def told_of(given: GivenHoldings, holdings: Holdings) -> HoldingsOut:
    """The same of positions that are valued already."""
    unknowns = [
        Unknown(reason, str(item.instrument_id))
        for item in holdings.items
        for reason in item.reasons
    ]
    unknowns += [Unknown("fx_missing", c.currency) for c in holdings.cash if c.rate is None]
    unknowns += missing_rates(holdings)
    items = [
        _holding(item, given.names[item.instrument_id], holdings, given) for item in holdings.items
    ]
    items.sort(key=lambda item: (-(item.market_value or ZERO), item.symbol))
    return HoldingsOut(
        as_of=given.day,
        currency=given.currency,
        slice=given.slice,
        items=items,
        cash=[
            CashHoldingOut(
                currency=cash.currency,
                amount=cash.amount,
                fx_rate=places(cash.rate, 12),
                value=places(cash.value),
                weight_ratio=ratio_of(cash.value, holdings.nav),
                unknown_reasons=[] if cash.rate is not None else ["fx_missing"],
            )
            for cash in holdings.cash
        ],
        receivables=[_receivable(one, given.names) for one in holdings.receivables],
        total_market_value=places(holdings.market_value),
        total_cash=places(holdings.cash_value),
        total_receivable=places(holdings.receivable_value),
        receivable_weight_ratio=ratio_of(holdings.receivable_value, holdings.nav),
        nav=places(holdings.nav),
        total_unrealized_gain=places(total([i.unrealized_gain for i in holdings.items])),
        total_day_change=places(total([i.day_change for i in holdings.items])),
        valued_count=sum(item.market_value is not None for item in holdings.items),
        unknowns=explained(unknowns, given.names),
        is_recomputing=False,
    )


def _receivable(found: DueValue, names: Mapping[UUID, Called]) -> ReceivableOut:
    due = found.due
    named = names.get(due.instrument_id)
    return ReceivableOut(
        account_id=due.account_id,
        instrument_id=due.instrument_id,
        symbol=named.symbol if named is not None else None,
        ex_date=due.since,
        until=due.until,
        currency=due.currency,
        gross=places(due.gross) or ZERO,
        withheld=places(due.withheld) or ZERO,
        net=places(due.net) or ZERO,
        value=places(found.value),
        transaction_id=due.transaction_id,
        event_id=due.event_id,
        unknown_reasons=[] if found.rate is not None else ["fx_missing"],
    )


def _holding(
    item: HoldingValue,
    instrument: Called,
    holdings: Holdings,
    given: GivenHoldings,
) -> HoldingOut:
    reason = _stale_reason(item, instrument, holdings.day)
    return HoldingOut(
        instrument_id=item.instrument_id,
        symbol=instrument.symbol,
        name=instrument.name,
        asset_class=instrument.asset_class,
        currency=item.price_currency or instrument.currency,
        quantity=item.quantity,
        price=item.price.close if item.price else None,
        price_date=item.price.price_date if item.price else None,
        price_source=item.price.source if item.price else None,
        is_stale=reason is not None,
        stale_reason=reason,
        fx_rate=places(item.fx_rate, 12),
        market_value=places(item.market_value),
        market_value_local=places(item.market_value_local),
        weight_ratio=ratio_of(item.market_value, holdings.nav),
        cost=places(item.cost),
        unrealized_gain=places(item.unrealized_gain),
        unrealized_gain_ratio=places(item.unrealized_gain_ratio, 10),
        day_change=places(item.day_change),
        day_change_ratio=places(item.day_change_ratio, 10),
        realized_gain=places(given.realized.get(item.instrument_id, ZERO)),
        unknown_reasons=list(
            dict.fromkeys((*item.reasons, *given.realized_reasons.get(item.instrument_id, ())))
        ),
    )


def _stale_reason(
    item: HoldingValue, instrument: Called, day: date
) -> Literal["old", "delisted"] | None:
    """Why a price is no current one: its instrument was delisted since, or it is simply old."""
    if item.price is None:
        return None
    if instrument.delisted_on is not None and instrument.delisted_on < day:
        return "delisted"
    return "old" if item.is_stale else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenNav:
    """Values and flows of each day, and what was paid in before the first; None: not known."""

    currency: str
    slice: SliceOut
    points: Sequence[SeriesPoint]
    paid_before: Decimal | None
    names: Mapping[UUID, Named]
    max_points: int
    thinning: Thinning = "triangles"


async def given_nav(
    uow: UnitOfWork, scope: Scope, span: tuple[date | None, date | None], max_points: int
) -> GivenNav:
    """What a series of values is told from."""
    points, flows = await series_and_flows(uow, scope, *span)
    first = points[0].as_of if points else None
    earlier = [point for point in flows if first and point.as_of < first]
    unknowns = {unknown for point in points for unknown in point.unknowns}
    ids = [found for unknown in unknowns if (found := as_id(unknown.subject)) is not None]
    rows = await repository.instruments(uow.session, ids)
    return GivenNav(
        currency=scope.currency,
        slice=scope.told,
        points=points,
        paid_before=total([point.external_flow for point in earlier]),
        names={key: Named(row.symbol, row.name) for key, row in rows.items()},
        max_points=max_points,
        thinning="extremes",
    )


def nav_page(given: GivenNav) -> NavSeriesOut:
    """Daily NAV and what was paid in so far."""
    contributed = given.paid_before
    points = []
    for point in given.points:
        contributed = total([contributed, point.external_flow])
        points.append((point, contributed))
    drawn = [[point.nav for point, _ in points], [paid for _, paid in points]]
    kept = decimate(drawn, given.max_points, given.thinning)
    unknowns = {unknown for point, _ in points for unknown in point.unknowns}
    return NavSeriesOut(
        currency=given.currency,
        from_date=points[0][0].as_of if points else None,
        to_date=points[-1][0].as_of if points else None,
        point_count=len(points),
        is_decimated=len(kept) < len(points),
        items=[
            NavPointOut(
                as_of=points[index][0].as_of,
                nav=places(points[index][0].nav),
                external_flow=places(points[index][0].external_flow),
                net_contributions=places(points[index][1]),
            )
            for index in kept
        ],
        slice=given.slice,
        unknowns=explained(unknowns, given.names),
        is_recomputing=False,
    )
