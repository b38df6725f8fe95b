"""What the page of risk is worked out from, in values that can be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from truenav.core.performance import twrr, twrr_2026_2
from truenav.core.performance.twrr import ReturnIndex
from truenav.core.risk.figures import Floats
from truenav.core.risk.risk_free import MAX_AGE_DAYS, RiskFree, yield_of_discount
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.decimation import Thinning
from truenav.core.valuation.series import FxTable
from truenav.features.marketdata.providers.fred import THREE_MONTH_BILL
from truenav.features.marketdata.reference_series import series_between
from truenav.features.performance.benchmark_levels import benchmark_levels
from truenav.features.performance.benchmarks import BlendBasis, find_benchmark
from truenav.features.risk import repository
from truenav.features.risk.asked import Asked, LinkedVersion, RiskVersion
from truenav.features.risk.market import Levels
from truenav.features.risk.tails import Held, held_today
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.explain import Named
from truenav.features.valuation.holdings import holdings_of
from truenav.features.valuation.schemas import SliceOut
from truenav.features.valuation.series import Scope, nav_series
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class GivenBenchmark:
    """Levels of a benchmark on days of its own, in the currency of the scope."""

    benchmark_id: UUID
    symbol: str
    name: str
    basis: BlendBasis
    days: Sequence[date]
    levels: Sequence[float]


@dataclass(frozen=True, slots=True)
class GivenHeld:
    """Shares of what is held, and its levels on past days; None where one is unknown."""

    instrument_ids: Sequence[UUID]
    weights: Sequence[float]
    days: Sequence[date]
    levels: Sequence[Sequence[float | None]]
    reason: str | None

    def as_arrays(self) -> Held:
        """The same for NumPy."""
        values = np.array(
            [[np.nan if v is None else v for v in row] for row in self.levels], np.float64
        ).reshape(len(self.levels), len(self.days))
        levels = Levels(self.instrument_ids, self.days, values, FxTable({}))
        return Held(self.instrument_ids, np.array(self.weights, np.float64), levels, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRisk:
    """Values and flows of each day, days with a price, a benchmark, and what is held.

    `bills` are yields of Treasury bills, None where a rate is given instead.
    """

    currency: str
    slice: SliceOut
    how: Asked
    points: Sequence[SeriesPoint]
    priced: Sequence[date]
    benchmark: GivenBenchmark | None
    bills: RiskFree | None
    held: GivenHeld
    names: Mapping[UUID, Named]
    max_points: int
    thinning: Thinning = "triangles"
    # what was kept before answers told it has none
    as_of: date | None = None
    # of the return, and of risk itself; only kept reports have old ones
    return_version: LinkedVersion = "2026.3"
    risk_version: RiskVersion = "2026.2"

    @property
    def index(self) -> ReturnIndex:
        """The linked returns, as the page of returns has them."""
        is_older = self.return_version == twrr_2026_2.VERSION.number
        return_index = twrr_2026_2.return_index if is_older else twrr.return_index
        return return_index(
            [point.as_of for point in self.points],
            [point.nav for point in self.points],
            [point.external_flow for point in self.points],
            self.how.flow_timing,
            self.how.gaps,
            turned=None if self.slice.is_everything else [point.turned for point in self.points],
        )


async def given_risk(  # a scope, how, of which days, beside what, and how much of it
    uow: UnitOfWork,
    scope: Scope,
    how: Asked,
    span: tuple[date | None, date | None],
    benchmark_id: UUID | None,
    max_points: int,
) -> GivenRisk:
    """What the risk of a span is worked out from.

    Raises:
        NotFound: no such benchmark.
    """
    points = await nav_series(uow, scope, *span)
    priced: set[date] = set()
    if points:
        priced = await repository.priced_days(
            uow.session,
            scope.account_ids,
            points[0].as_of,
            points[-1].as_of,
            list(scope.of.instruments) if scope.of is not None else None,
        )
    held = await held_today(uow, await holdings_of(uow, scope), how.window)
    rows = await valuation.instruments(uow.session, list(held.instrument_ids))
    return GivenRisk(
        currency=scope.currency,
        slice=scope.told,
        how=how,
        points=points,
        priced=sorted(priced),
        benchmark=await _benchmark(uow, scope, points, benchmark_id),
        bills=await _bills(uow, points) if how.source == "treasury_bill" else None,
        held=GivenHeld(
            list(held.instrument_ids),
            [float(weight) for weight in held.weights],
            list(held.levels.days),
            _listed(held.levels.values),
            held.reason,
        ),
        names={key: Named(row.symbol, row.name) for key, row in rows.items()},
        max_points=max_points,
        thinning="extremes",
        as_of=scope.as_of,
    )


async def _benchmark(
    uow: UnitOfWork, scope: Scope, points: Sequence[SeriesPoint], benchmark_id: UUID | None
) -> GivenBenchmark | None:
    """Only days on which every part has a close of its own: nothing is carried over."""
    if benchmark_id is None:
        return None
    benchmark = await find_benchmark(uow, benchmark_id)
    days = [point.as_of for point in points]
    found = await benchmark_levels(uow, benchmark, scope.currency, days)
    known = [
        (day, float(level))
        for day, level in zip(days, found.values, strict=True)
        if level is not None and day in found.own_days
    ]
    return GivenBenchmark(
        benchmark.id, benchmark.symbol, benchmark.name, benchmark.basis,
        [day for day, _ in known], [level for _, level in known],
    )  # fmt: skip


async def _bills(uow: UnitOfWork, points: Sequence[SeriesPoint]) -> RiskFree:
    """Yields of three-month Treasury bills around these days."""
    if not points:
        return RiskFree([], [])
    first = points[0].as_of - timedelta(days=MAX_AGE_DAYS + 1)
    found = await series_between(uow.session, THREE_MONTH_BILL, first, points[-1].as_of)
    return RiskFree(
        [day for day, _ in found],
        [yield_of_discount(float(value) / 100) for _, value in found],
    )


def _listed(values: Floats) -> list[list[float | None]]:
    return [[None if np.isnan(v) else float(v) for v in row] for row in values]
