"""The levels of a benchmark on the days of a portfolio, in its currency."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from truenav.core.marketdata.adjustment import AdjustmentUndefined, PriceBasis
from truenav.core.money import exact
from truenav.core.performance.blend import Part, blended, with_spread
from truenav.core.valuation.series import FxTable, PriceSeries
from truenav.features.marketdata.reads import fx_table
from truenav.features.marketdata.reference_series import LONG_AGO, series_between
from truenav.features.marketdata.series import history_of
from truenav.features.performance.benchmarks import Benchmark, Component
from truenav.platform.unit_of_work import UnitOfWork

BASES = {"total": PriceBasis.TOTAL, "price": PriceBasis.SPLIT}


@dataclass(frozen=True, slots=True)
class Levels:
    """One level per day, the last close until the next; None where unknown, for `reason`.

    `own_days` are those on which every part has a close, or a published value, of its own:
    statistics beside a portfolio are made of them alone.
    """

    values: Sequence[Decimal | None]
    reason: str | None = None
    own_days: frozenset[date] = field(default_factory=frozenset)


async def benchmark_levels(
    uow: UnitOfWork, benchmark: Benchmark, currency: str, days: Sequence[date]
) -> Levels:
    """A blend's level is 1 on the first day all its parts are known; one part keeps its own."""
    if not days:
        return Levels([], "no_capital")
    parts = [await part_levels(uow, part, currency, days) for part in benchmark.parts]
    reasons = [part.reason for part in parts if part.reason is not None]
    own_days = frozenset[date].intersection(*(part.own_days for part in parts))
    if len(parts) == 1:
        values = parts[0].values
    else:
        weighted = [
            Part(component.weight, part.values)
            for component, part in zip(benchmark.parts, parts, strict=True)
        ]
        values = blended(days, weighted, benchmark.rebalancing)
    values = with_spread(days, values, benchmark.spread)
    return Levels(values, reasons[0] if reasons else None, own_days)


async def part_levels(
    uow: UnitOfWork, part: Component, currency: str, days: Sequence[date]
) -> Levels:
    """The levels of one part of a benchmark on some days."""
    if not days:
        return Levels([], "no_capital")
    if part.series is not None:
        return await _published(uow, part.series, days)
    if part.instrument is None:
        return Levels([None] * len(days), "price_missing")
    try:
        history = await history_of(
            uow.session, part.instrument.id, part.instrument.currency, BASES[part.basis]
        )
    except AdjustmentUndefined:
        return Levels([None] * len(days), "adjustment_undefined")
    fx = await fx_table(
        uow.session,
        {history.currency, currency} if history.currency != currency else (),
        first_day=days[0],
        last_day=days[-1],
    )
    dates = [bar.price_date for bar in history.bars]
    series = PriceSeries(history.currency, dates, list(history.closes))
    values = _converted(series, fx, currency, days)
    has_prices = any(series.at(day) is not None for day in (days[0], days[-1]))
    reason = None if values[-1] is not None else "fx_missing" if has_prices else "price_missing"
    return Levels(values, reason, frozenset(dates))


async def _published(uow: UnitOfWork, name: str, days: Sequence[date]) -> Levels:
    """A published series steps on the days it is of; it has no currency to convert."""
    found = await series_between(uow.session, name, LONG_AGO, days[-1])
    dates = [day for day, _ in found]
    series = PriceSeries("", dates, [value for _, value in found])
    prices = [series.at(day) for day in days]
    values = [price.close if price is not None else None for price in prices]
    return Levels(values, None if values[-1] is not None else "series_missing", frozenset(dates))


@exact
def _converted(
    series: PriceSeries, fx: FxTable, currency: str, days: Sequence[date]
) -> list[Decimal | None]:
    found: list[Decimal | None] = []
    for day in days:
        price, rate = series.at(day), fx.rate(series.currency, currency, day)
        found.append(price.close * rate if price is not None and rate is not None else None)
    return found
