"""What stands beside the accounts of a report: what it is compared with, and how it is sorted."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from truenav.features.instruments.tables import InstrumentRow
from truenav.features.performance.benchmarks import Benchmark, find_benchmark
from truenav.features.performance.blends_given import stand_ins
from truenav.features.reports.parameters import (
    AttributionParameters,
    IncomeParameters,
    OfAccounts,
)
from truenav.features.taxonomies.reads import taxonomies
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork


class TaxonomyGone(NotFound):
    """There is no taxonomy any more by which to sort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What else than records and prices of what was held its figures read.

    `instruments` are those compared with, `series` the names of published ones, `taxonomy` an id
    and a name; `has_preferences` where it counts what is done with income.
    """

    benchmark: Benchmark | None = None
    instruments: Sequence[InstrumentRow] = ()
    series: frozenset[str] = frozenset()
    taxonomy: tuple[UUID, str] | None = None
    has_preferences: bool = False


async def beside(uow: UnitOfWork, parameters: OfAccounts) -> Beside:
    """What the parameters name.

    Raises:
        TaxonomyGone: of what it is sorted by.
        NotFound: what it is compared with is gone.
    """
    wanted = parameters.benchmark_named
    benchmark = await find_benchmark(uow, wanted) if wanted is not None else None
    parts = benchmark.parts if benchmark is not None else ()
    instruments = [part.instrument for part in parts if part.instrument is not None]
    taxonomy = None
    if isinstance(parameters, AttributionParameters):
        blend = parameters.blended
        instruments += await stand_ins(uow, blend) if blend is not None else []
        taxonomy = await _taxonomy(uow, parameters)
    return Beside(
        benchmark=benchmark,
        instruments=instruments,
        series=parameters.series | {part.series for part in parts if part.series is not None},
        taxonomy=taxonomy,
        has_preferences=isinstance(parameters, IncomeParameters),
    )


async def _taxonomy(uow: UnitOfWork, parameters: AttributionParameters) -> tuple[UUID, str] | None:
    if parameters.by != "taxonomy":
        return None
    for row in await taxonomies(uow.session):
        if row.id == parameters.taxonomy_id:
            return row.id, row.name
    raise TaxonomyGone("no such taxonomy")
