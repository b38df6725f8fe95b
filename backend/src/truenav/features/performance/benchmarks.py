"""What portfolios can be compared with: shared benchmarks, a tenant's blends, any instrument."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.performance.blend import Rebalancing
from truenav.features.instruments.repository import find_visible, want_prices
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.tables import BenchmarkRow
from truenav.features.performance import benchmarks_repository as repository
from truenav.features.performance.benchmark_tables import OwnBenchmarkPartRow, OwnBenchmarkRow
from truenav.features.performance.benchmarks_schemas import Basis, BlendChangeIn, BlendIn
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.problems import InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

BlendBasis = Literal["total", "price", "mixed", "index"]
MOST_OWN = 100  # of one tenant
ONE, ZERO = Decimal(1), Decimal(0)
SERIES_NAMES: Final = {"CPIAUCSL": "US consumer prices"}


class BenchmarkNameTaken(TruenavError):
    """Two benchmarks of one tenant cannot share a name."""

    kind = ErrorKind.CONFLICT
    code = "benchmark_name_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part: an instrument on a basis, or a published series; `weight` as a ratio."""

    instrument: InstrumentRow | None
    series: str | None
    basis: Basis
    weight: Decimal

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.instrument is not None:
            return self.instrument.name
        return SERIES_NAMES.get(self.series or "", self.series or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """What a portfolio is compared with; one instrument alone is a blend of one part."""

    id: UUID
    name: str
    origin: Literal["shared", "own", "instrument"]
    rebalancing: Rebalancing
    spread: Decimal
    parts: Sequence[Component]
    version: int | None = None

    @property
    def symbol(self) -> str:
        """A short word for it: the ticker of one instrument, the name of anything else."""
        only = self.parts[0].instrument if len(self.parts) == 1 and not self.spread else None
        return self.name if only is None else only.symbol

    @property
    def basis(self) -> BlendBasis:
        """Whether distributions are reinvested; a published series has none."""
        bases: set[BlendBasis] = {part.basis for part in self.parts if part.instrument is not None}
        if len(bases) > 1:
            bases = {"mixed"}
        return bases.pop() if bases else "index"


async def find_benchmark(uow: UnitOfWork, benchmark_id: UUID, basis: Basis = "total") -> Benchmark:
    """A shared benchmark, one of the tenant's own, or an instrument on the basis asked for.

    Raises:
        NotFound: it is nothing the tenant may know of.
    """
    for row, instrument in await repository.shared(uow.session):
        if row.id == benchmark_id:
            return _shared(row, instrument)
    for found in await _own(uow, benchmark_id):
        return found
    instrument = await find_visible(uow.session, benchmark_id)
    if instrument is None:
        raise NotFound("no such benchmark, and no such instrument")
    return of_instrument(instrument, basis)


def of_instrument(instrument: InstrumentRow, basis: Basis = "total") -> Benchmark:
    """An instrument as a blend of one part."""
    only = Component(instrument=instrument, series=None, basis=basis, weight=ONE)
    return Benchmark(
        id=instrument.id, name=instrument.name, origin="instrument",
        rebalancing=Rebalancing.NEVER, spread=ZERO, parts=[only],
    )  # fmt: skip


async def all_benchmarks(uow: UnitOfWork) -> list[Benchmark]:
    """The shared ones, then the tenant's own, each by name."""
    shared = [_shared(row, instrument) for row, instrument in await repository.shared(uow.session)]
    return [*shared, *await _own(uow)]


async def find_own(uow: UnitOfWork, benchmark_id: UUID) -> Benchmark:
    """One of the tenant's own.

    Raises:
        NotFound: it has none of that id.
    """
    for found in await _own(uow, benchmark_id):
        return found
    raise NotFound("no such benchmark of your own")


async def create(uow: UnitOfWork, wanted: BlendIn) -> Benchmark:
    """Keep a new blend, and have the prices of its parts followed.

    Raises:
        InvalidFields: parts that cannot be, or weights that do not add up to 1.
        NotFound: an instrument the tenant does not know of.
        BenchmarkNameTaken: there is one of that name.
    """
    parts = await _checked(uow, wanted)
    if await repository.count(uow.session) >= MOST_OWN:
        raise InvalidFields([("/body/name", f"there are {MOST_OWN} benchmarks already")])
    row = OwnBenchmarkRow(
        tenant_id=uow.tenant_id, id=new_id(), name=wanted.name,
        rebalancing=wanted.rebalancing.value, spread_ratio=wanted.spread_ratio, version=1,
    )  # fmt: skip
    try:
        async with uow.session.begin_nested():
            await repository.add(uow.session, row, parts)
    except IntegrityError as error:
        raise BenchmarkNameTaken("there is a benchmark of that name", name=wanted.name) from error
    return await _stored(uow, row.id, "benchmark.create", wanted)


async def change(uow: UnitOfWork, benchmark_id: UUID, wanted: BlendChangeIn) -> Benchmark:
    """Put another definition in the place of the one the editor saw.

    Raises:
        NotFound, InvalidFields, BenchmarkNameTaken: as above.
        StaleVersion: somebody changed it since; carries the current one.
    """
    before = await find_own(uow, benchmark_id)
    parts = await _checked(uow, wanted)
    values = {
        "name": wanted.name,
        "rebalancing": wanted.rebalancing.value,
        "spread_ratio": wanted.spread_ratio,
    }
    try:
        async with uow.session.begin_nested():
            is_changed = await repository.change(
                uow.session, benchmark_id, wanted.version, values, parts
            )
    except IntegrityError as error:
        raise BenchmarkNameTaken("there is a benchmark of that name", name=wanted.name) from error
    if not is_changed:
        raise StaleVersion("somebody else changed this benchmark", {"version": before.version})
    return await _stored(uow, benchmark_id, "benchmark.change", wanted)


async def remove(uow: UnitOfWork, benchmark_id: UUID, version: int) -> None:
    """Take out a blend that somebody saw.

    Raises:
        NotFound: there is none.
        StaleVersion: it is another by now.
    """
    before = await find_own(uow, benchmark_id)
    if not await repository.remove(uow.session, benchmark_id, version):
        raise StaleVersion("somebody else changed this benchmark", {"version": before.version})
    await record(
        uow, "benchmark.remove", "benchmark", benchmark_id, old_value={"name": before.name}
    )


async def _stored(uow: UnitOfWork, benchmark_id: UUID, action: str, wanted: BlendIn) -> Benchmark:
    named = [part.instrument_id for part in wanted.parts if part.instrument_id is not None]
    await want_prices(uow.session, named)
    await record(uow, action, "benchmark", benchmark_id, new_value=wanted.model_dump(mode="json"))
    return await find_own(uow, benchmark_id)


async def _checked(uow: UnitOfWork, wanted: BlendIn) -> list[dict[str, object]]:
    """The rows of the parts, each told what is wrong with it."""
    wrong: list[tuple[str, str]] = []
    seen: set[object] = set()
    for place, part in enumerate(wanted.parts):
        at = f"/body/parts/{place}"
        source = part.instrument_id or part.series
        if (part.instrument_id is None) == (part.series is None):
            wrong.append((at, "name an instrument, or a series"))
        elif (source, part.basis) in seen:
            wrong.append((at, "it stands in the blend already"))
        if part.weight_ratio <= 0:
            wrong.append((f"{at}/weight_ratio", "a weight is above zero"))
        seen.add((source, part.basis))
    if not wrong and sum((part.weight_ratio for part in wanted.parts), ZERO) != ONE:
        wrong.append(("/body/parts", "the weights add up to 1 (100 %)"))
    if not Decimal("-0.5") <= wanted.spread_ratio <= 1:
        wrong.append(("/body/spread_ratio", "from -50 % to 100 % a year"))
    if wrong:
        raise InvalidFields(wrong)
    for part in wanted.parts:
        if (
            part.instrument_id is not None
            and await find_visible(uow.session, part.instrument_id) is None
        ):
            raise NotFound("no such instrument")
    return [part.model_dump() for part in wanted.parts]


async def _own(uow: UnitOfWork, benchmark_id: UUID | None = None) -> list[Benchmark]:
    rows = await repository.own(uow.session, benchmark_id)
    parts: dict[UUID, list[Component]] = {}
    for part, instrument in await repository.parts_of(uow.session, [row.id for row in rows]):
        parts.setdefault(part.benchmark_id, []).append(_component(part, instrument))
    return [
        Benchmark(
            id=row.id, name=row.name, origin="own", rebalancing=Rebalancing(row.rebalancing),
            spread=row.spread_ratio, parts=parts.get(row.id, []), version=row.version,
        )
        for row in rows
    ]  # fmt: skip


def _component(part: OwnBenchmarkPartRow, instrument: InstrumentRow | None) -> Component:
    basis: Basis = "price" if part.basis == "price" else "total"
    return Component(
        instrument=instrument, series=part.series, basis=basis, weight=part.weight_ratio
    )


def _shared(row: BenchmarkRow, instrument: InstrumentRow | None) -> Benchmark:
    basis: Basis = "price" if row.return_basis == "price" else "total"
    only = Component(instrument=instrument, series=row.series, basis=basis, weight=ONE)
    return Benchmark(
        id=row.id, name=row.name, origin="shared", rebalancing=Rebalancing.NEVER, spread=ZERO,
        parts=[only],
    )  # fmt: skip
