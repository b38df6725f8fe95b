"""What a comparison by groups reads of a benchmark: its members, their groups and their levels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.money import exact
from truenav.core.performance.blend import Rebalancing, with_spread
from truenav.core.performance.brinson import Member
from truenav.core.valuation.slices import Slice
from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.performance.attribution_groups import (
    Classed,
    Grouped,
    categories_for,
    grouping_by,
)
from truenav.features.performance.benchmark_levels import benchmark_levels, part_levels
from truenav.features.performance.benchmarks import (
    Benchmark,
    BlendBasis,
    find_benchmark,
    of_instrument,
)
from truenav.features.performance.blends import AskedBenchmark, Blend, Other
from truenav.platform.problems import InvalidFields, NotFound
from truenav.platform.unit_of_work import UnitOfWork

ONE, ZERO = Decimal(1), Decimal(0)
NOBODY = UUID(int=0)  # a benchmark lies in no account


@dataclass(frozen=True, slots=True)
class GivenPart:
    """One part with what its instrument is called, and its levels on the days of a span."""

    group: str
    instrument_id: UUID
    symbol: str
    weight: Decimal
    levels: Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class GivenBenchmark:
    """What the parts were taken from, where it was not made by hand."""

    benchmark_id: UUID
    symbol: str
    name: str
    basis: BlendBasis


@dataclass(frozen=True, slots=True)
class GivenBlend:
    """A blend with everything a comparison with it reads."""

    parts: Sequence[GivenPart]
    rebalancing: Rebalancing
    benchmark: GivenBenchmark | None = None

    @property
    @exact
    def targets(self) -> dict[str, Decimal]:
        """The weight of each group."""
        found: dict[str, Decimal] = {}
        for part in self.parts:
            found[part.group] = found.get(part.group, ZERO) + part.weight
        return found

    @property
    def members(self) -> list[Member]:
        """Its parts as a comparison takes them; what is unknown stays still.

        The levels are known on every day a step begins or ends with, or nothing is compared.
        """
        return [
            Member(part.group, part.weight, [level or ONE for level in part.levels])
            for part in self.parts
        ]

    def of(self, group: str) -> list[GivenPart]:
        """The parts of a group."""
        return [part for part in self.parts if part.group == group]


async def given_other(
    uow: UnitOfWork, currency: str, days: Sequence[date], other: Other, grouped: Grouped
) -> GivenBlend:
    """What stands for each group, and what it was worth.

    Raises:
        NotFound: no such benchmark or instrument.
        InvalidFields: a benchmark that cannot be put into these groups.
    """
    if isinstance(other, AskedBenchmark):
        found = await find_benchmark(uow, other.benchmark_id, other.basis)
        return await _given_benchmark(uow, currency, days, found, grouped)
    parts = []
    for part, row in zip(other.parts, await stand_ins(uow, other), strict=True):
        levels = await benchmark_levels(uow, of_instrument(row), currency, days)
        parts.append(GivenPart(part.group, row.id, row.symbol, part.weight, levels.values))
    return GivenBlend(parts, other.rebalancing)


async def stand_ins(uow: UnitOfWork, blend: Blend) -> list[InstrumentRow]:
    """The instruments of a blend, in its order.

    Raises:
        NotFound: no such instrument.
    """
    rows = []
    for part in blend.parts:
        row = await find_visible(uow.session, part.instrument_id)
        if row is None:
            raise NotFound("no such instrument")
        rows.append(row)
    return rows


async def _given_benchmark(
    uow: UnitOfWork, currency: str, days: Sequence[date], of: Benchmark, grouped: Grouped
) -> GivenBlend:
    """Each member in its groups; one that belongs to several is shared out by weight.

    What a benchmark earns more a year than its members is earned by each of them, so the weights
    stay and the whole is the benchmark. It is all of it whatever slice stands beside it.
    """
    groups = await _groups_of(uow, of, grouped)
    parts = []
    for component in of.parts:
        row = component.instrument
        if row is None:
            continue
        found = await part_levels(uow, component, currency, days)
        levels = with_spread(days, found.values, of.spread)
        parts += [
            GivenPart(key, row.id, row.symbol, _times(component.weight, share), levels)
            for key, share in groups[row.id]
        ]
    named = GivenBenchmark(of.id, of.symbol, of.name, of.basis)
    return GivenBlend(parts, of.rebalancing, named)


async def _groups_of(
    uow: UnitOfWork, of: Benchmark, grouped: Grouped
) -> Mapping[UUID, Sequence[tuple[str, Decimal]]]:
    if grouped.by == "account":
        raise _refused("a benchmark lies in no account; group by something else")
    members = [part.instrument for part in of.parts]
    rows = [row for row in members if row is not None]
    if len(rows) < len(members):
        raise _refused(f"{of.name} has a published series in it, which belongs to no group")
    classed = {row.id: Classed(row.symbol, row.name, row.asset_class, row.currency) for row in rows}
    everything = Slice({InstrumentId(row.id): ONE for row in rows})
    categories = await categories_for(uow, grouped.by, grouped.taxonomy_id)
    grouping = grouping_by(grouped.by, everything, classed, categories)
    return {row.id: grouping(NOBODY, InstrumentId(row.id)) for row in rows}


def _refused(detail: str) -> InvalidFields:
    return InvalidFields([("/query/benchmark", detail)])


@exact
def _times(weight: Decimal, share: Decimal) -> Decimal:
    return weight * share
