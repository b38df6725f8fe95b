"""What the page of risk is worked out from, in values that can be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from truenav.core.risk.figures import Floats
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.series import FxTable
from truenav.features.instruments.repository import find_visible
from truenav.features.risk import repository
from truenav.features.risk.asked import Asked
from truenav.features.risk.market import Levels, levels_in
from truenav.features.risk.tails import Held, held_today
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.explain import Named
from truenav.features.valuation.holdings import holdings_of
from truenav.features.valuation.series import Scope, nav_series
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class GivenBenchmark:
    """Total-return levels of an instrument on the days it has any, in the currency of the scope."""

    instrument_id: UUID
    symbol: str
    name: str
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
    """Values and flows of each day, days with a price, a benchmark, and what is held."""

    currency: str
    how: Asked
    points: Sequence[SeriesPoint]
    priced: Sequence[date]
    benchmark: GivenBenchmark | None
    held: GivenHeld
    names: Mapping[UUID, Named]
    max_points: int


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
            uow.session, scope.account_ids, points[0].as_of, points[-1].as_of
        )
    held = await held_today(uow, await holdings_of(uow, scope), how.window)
    rows = await valuation.instruments(uow.session, list(held.instrument_ids))
    return GivenRisk(
        currency=scope.currency,
        how=how,
        points=points,
        priced=sorted(priced),
        benchmark=await _benchmark(uow, scope, points, benchmark_id),
        held=GivenHeld(
            list(held.instrument_ids),
            [float(weight) for weight in held.weights],
            list(held.levels.days),
            _listed(held.levels.values),
            held.reason,
        ),
        names={key: Named(row.symbol, row.name) for key, row in rows.items()},
        max_points=max_points,
    )


async def _benchmark(
    uow: UnitOfWork, scope: Scope, points: Sequence[SeriesPoint], benchmark_id: UUID | None
) -> GivenBenchmark | None:
    if benchmark_id is None:
        return None
    instrument = await find_visible(uow.session, benchmark_id)
    if instrument is None:
        raise NotFound("no such instrument")
    known: list[tuple[date, float]] = []
    if points:
        span = (points[0].as_of, points[-1].as_of)
        found = await levels_in(uow, [benchmark_id], scope.currency, span)
        pairs = zip(found.days, found.values[0], strict=True)
        known = [(day, float(value)) for day, value in pairs if not np.isnan(value)]
    days, levels = [day for day, _ in known], [level for _, level in known]
    return GivenBenchmark(instrument.id, instrument.symbol, instrument.name, days, levels)


def _listed(values: Floats) -> list[list[float | None]]:
    return [[None if np.isnan(v) else float(v) for v in row] for row in values]
