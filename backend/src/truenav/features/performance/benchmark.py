"""An instrument as a benchmark: its total return in the portfolio's currency, day by day."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from truenav.core.marketdata.adjustment import AdjustmentUndefined, PriceBasis
from truenav.core.money import exact, to_decimal_places
from truenav.core.performance.benchmark import SameFlows, growth_since, same_flows
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.mwrr import xirr
from truenav.core.performance.twrr import annualized
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.series import FxTable, PriceSeries
from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.reads import fx_table
from truenav.features.marketdata.series import history_of
from truenav.features.performance.schemas import BenchmarkOut
from truenav.features.performance.service import Compared, Measured
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.series import Scope
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

PLACES = 10


async def compared_with(
    uow: UnitOfWork, found: Measured, instrument_id: UUID | None
) -> Compared | None:
    """The benchmark a request names, beside the portfolio's days; None when it names none.

    Raises:
        NotFound: no such instrument.
    """
    if instrument_id is None:
        return None
    instrument = await find_visible(uow.session, instrument_id)
    if instrument is None:
        raise NotFound("no such instrument")
    points = found.span.points
    days = [point.as_of for point in points]
    levels, reason = await total_levels(uow, found.scope, instrument, days)
    ratios = growth_since(levels, found.index.growth)
    return Compared(ratios, _told(instrument, found.wanted, points, levels, ratios, reason))


async def total_levels(
    uow: UnitOfWork, scope: Scope, instrument: InstrumentRow, days: Sequence[date]
) -> tuple[list[Decimal | None], str | None]:
    """Total-return closes in the scope's currency; the last close counts until the next."""
    if not days:
        return [], "no_capital"
    try:
        history = await history_of(
            uow.session, instrument.id, instrument.currency, PriceBasis.TOTAL
        )
    except AdjustmentUndefined:
        return [None] * len(days), "adjustment_undefined"
    fx = await fx_table(
        uow.session,
        {history.currency, scope.currency} if history.currency != scope.currency else (),
        first_day=days[0],
        last_day=days[-1],
    )
    series = PriceSeries(
        history.currency, [bar.price_date for bar in history.bars], list(history.closes)
    )
    levels = _converted(series, fx, scope.currency, days)
    has_prices = any(series.at(day) is not None for day in (days[0], days[-1]))
    reason = None if levels[-1] is not None else "fx_missing" if has_prices else "price_missing"
    return levels, reason


@exact
def _converted(
    series: PriceSeries, fx: FxTable, currency: str, days: Sequence[date]
) -> list[Decimal | None]:
    found: list[Decimal | None] = []
    for day in days:
        price, rate = series.at(day), fx.rate(series.currency, currency, day)
        found.append(price.close * rate if price is not None and rate is not None else None)
    return found


def _told(  # one answer, from what was worked out before
    instrument: InstrumentRow,
    wanted: Wanted,
    points: Sequence[SeriesPoint],
    levels: Sequence[Decimal | None],
    ratios: Sequence[Decimal | None],
    reason: str | None,
) -> BenchmarkOut:
    ratio = ratios[-1] if ratios else None
    days = (points[-1].as_of - points[0].as_of).days if points else 0
    same = _same_money(wanted, points, levels)
    return BenchmarkOut(
        instrument_id=instrument.id,
        symbol=instrument.symbol,
        name=instrument.name,
        basis="total",
        ratio=_rounded(ratio),
        annualized_ratio=_rounded(annualized(ratio, days)) if ratio is not None else None,
        reason=None if ratio is not None else reason or "price_missing",
        same_flows_closing=_rounded(same.closing),
        same_flows_difference=_rounded(_less(points[-1].nav if points else None, same.closing)),
        same_flows_ratio=_rounded(_earned(wanted, points, same)),
        same_flows_reason=same.reason,
    )


def _same_money(
    wanted: Wanted, points: Sequence[SeriesPoint], levels: Sequence[Decimal | None]
) -> SameFlows:
    flows = [point.external_flow for point in points[1:]]
    if not points or points[0].nav is None or None in flows:
        return SameFlows(None, "value_unknown")
    placed = [
        (place - wanted.days_early(amount), amount)
        for place, amount in enumerate(flows, 1)
        if amount
    ]
    return same_flows(levels, points[0].nav, placed, FlowTiming.END_OF_DAY)


@exact
def _earned(wanted: Wanted, points: Sequence[SeriesPoint], same: SameFlows) -> Decimal | None:
    """The money-weighted return of the same flows in the benchmark, of the span."""
    if same.closing is None or not points or points[0].nav is None:
        return None
    first, last = points[0].as_of, points[-1].as_of
    flows = [(first, -points[0].nav), (last, same.closing)]
    flows += [
        (
            max(point.as_of - timedelta(days=wanted.days_early(point.external_flow)), first),
            -point.external_flow,
        )
        for point in points[1:]
        if point.external_flow
    ]
    return xirr(flows).period_ratio


@exact
def _less(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left - right if left is not None and right is not None else None


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else to_decimal_places(value, PLACES)
