"""Routes of the overview, holdings and the NAV series."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.core.valuation.decimation import decimate
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.nav import Unknown
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import reads as ledger_reads
from truenav.features.valuation import repository
from truenav.features.valuation.allocation import places, ratio_of
from truenav.features.valuation.asked import AskedHistory, AskedScope
from truenav.features.valuation.explain import as_id, explained
from truenav.features.valuation.holdings import (
    DueValue,
    Holdings,
    holdings_of,
    missing_rates,
    total,
)
from truenav.features.valuation.overview import overview_of
from truenav.features.valuation.schemas import (
    CashHoldingOut,
    HoldingOut,
    HoldingsOut,
    NavPointOut,
    NavSeriesOut,
    OverviewOut,
    ReceivableOut,
)
from truenav.features.valuation.series import flow_points, nav_series
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.wire import AskedDay, LocalDate

router = APIRouter(prefix="/api/v1", tags=["valuation"], responses=GUARDED)
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
MaxPoints = Annotated[int, Query(ge=3, le=10_000)]
ZERO = Decimal(0)


@router.get("/overview", operation_id="getOverview")
async def get_overview(uow: Uow, scope: AskedHistory) -> OverviewOut:
    """NAV, its change, its age and its parts; null figures are explained in `unknowns`."""
    return await overview_of(uow, scope)


@router.get("/holdings", operation_id="listHoldings")
async def list_holdings(uow: Uow, scope: AskedScope, as_of: AskedDay | None = None) -> HoldingsOut:
    """Positions with their value as of a day, and cash per currency."""
    holdings = await holdings_of(uow, scope, as_of)
    ids = [item.instrument_id for item in holdings.items]
    ids += [one.due.instrument_id for one in holdings.receivables]
    instruments = await repository.instruments(uow.session, ids)
    realized = await ledger_reads.realized_by_instrument(uow.session, scope.account_ids)
    unknowns = [
        Unknown(reason, str(item.instrument_id))
        for item in holdings.items
        for reason in item.reasons
    ]
    unknowns += [Unknown("fx_missing", c.currency) for c in holdings.cash if c.rate is None]
    unknowns += missing_rates(holdings)
    items = [
        _holding(item, instruments[item.instrument_id], holdings, realized)
        for item in holdings.items
    ]
    items.sort(key=lambda item: (-(item.market_value or ZERO), item.symbol))
    return HoldingsOut(
        as_of=min(as_of or scope.as_of, scope.as_of),
        currency=scope.currency,
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
        receivables=[_receivable(one, instruments) for one in holdings.receivables],
        total_market_value=places(holdings.market_value),
        total_cash=places(holdings.cash_value),
        total_receivable=places(holdings.receivable_value),
        receivable_weight_ratio=ratio_of(holdings.receivable_value, holdings.nav),
        nav=places(holdings.nav),
        total_unrealized_gain=places(total([i.unrealized_gain for i in holdings.items])),
        total_day_change=places(total([i.day_change for i in holdings.items])),
        valued_count=sum(item.market_value is not None for item in holdings.items),
        unknowns=explained(unknowns, instruments),
        is_recomputing=await repository.is_recomputing(uow.session),
    )


def _receivable(found: DueValue, instruments: Mapping[UUID, InstrumentRow]) -> ReceivableOut:
    due = found.due
    row = instruments.get(due.instrument_id)
    return ReceivableOut(
        account_id=due.account_id,
        instrument_id=due.instrument_id,
        symbol=row.symbol if row is not None else None,
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
    instrument: InstrumentRow,
    holdings: Holdings,
    realized: Mapping[UUID, Decimal | None],
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
        realized_gain=places(realized.get(item.instrument_id, ZERO)),
        unknown_reasons=list(item.reasons),
    )


def _stale_reason(
    item: HoldingValue, instrument: InstrumentRow, day: date
) -> Literal["old", "delisted"] | None:
    """Why a price is no current one: its instrument was delisted since, or it is simply old."""
    if item.price is None:
        return None
    if instrument.delisted_on is not None and instrument.delisted_on < day:
        return "delisted"
    return "old" if item.is_stale else None


@router.get("/nav", operation_id="getNavSeries")
async def get_nav_series(
    uow: Uow,
    scope: AskedHistory,
    from_date: From = None,
    to_date: To = None,
    max_points: MaxPoints = 1000,
) -> NavSeriesOut:
    """Daily NAV and what was paid in so far; decimated beyond `max_points` days."""
    series = await nav_series(uow, scope, from_date, to_date)
    first = series[0].as_of if series else None
    earlier = [p for p in await flow_points(uow, scope) if first and p.as_of < first]
    contributed = total([point.external_flow for point in earlier])
    points = []
    for point in series:
        contributed = total([contributed, point.external_flow])
        points.append((point, contributed))
    kept = decimate([point.nav for point, _ in points], max_points)
    unknowns = {unknown for point, _ in points for unknown in point.unknowns}
    ids = [found for unknown in unknowns if (found := as_id(unknown.subject)) is not None]
    return NavSeriesOut(
        currency=scope.currency,
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
        unknowns=explained(unknowns, await repository.instruments(uow.session, ids)),
        is_recomputing=await repository.is_recomputing(uow.session),
    )
