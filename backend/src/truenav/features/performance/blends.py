"""What attribution is compared with: a benchmark, or instruments put into groups by hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from truenav.core.performance.blend import Rebalancing
from truenav.features.performance.benchmarks_schemas import Basis
from truenav.platform.problems import InvalidFields

PART = re.compile(r"([A-Za-z0-9_:-]{1,60}):([0-9a-f-]{36}):(0(?:\.\d{1,6})?|1(?:\.0{1,6})?)")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class BlendPart:
    """An instrument that stands for a group, or a part of it, and its weight."""

    group: str
    instrument_id: UUID
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Blend:
    """Parts whose weights add up to 1, and when they return to them."""

    parts: Sequence[BlendPart]
    rebalancing: Rebalancing


@dataclass(frozen=True, slots=True)
class AskedBenchmark:
    """A benchmark whose members are put into the groups the portfolio is put into."""

    benchmark_id: UUID
    basis: Basis = "total"


Other = Blend | AskedBenchmark
BlendText = Annotated[
    str,
    Query(pattern=f"^{PART.pattern}$"),
]
Blended = Annotated[
    list[BlendText] | None,
    Query(
        alias="blend",
        max_length=20,
        description="The benchmark by hand: `group:instrument id:weight`, several a group where"
        " wanted; weights add up to 1. Groups are named as in the answer, such as `equity` by"
        " asset class",
    ),
]
Balanced = Annotated[Rebalancing, Query(description="When the benchmark returns to its weights")]


def asked_blend(
    blended: Blended = None, rebalancing: Balanced = Rebalancing.MONTHLY
) -> Blend | None:
    """The benchmark by hand of a request; None without one.

    Raises:
        InvalidFields: an instrument stands twice in a group, or beside others without a weight,
            or weights do not add up to 1.
    """
    parts = [_part(text) for text in blended or ()]
    if not parts:
        return None
    if len({(part.group, part.instrument_id) for part in parts}) < len(parts):
        raise _refused("name each instrument of a group once")
    groups = [part.group for part in parts]
    if any(not part.weight and groups.count(part.group) > 1 for part in parts):
        raise _refused("of several instruments of a group each has a weight")
    if sum((part.weight for part in parts), Decimal(0)) != ONE:
        raise _refused("weights add up to 1")
    return Blend(parts, rebalancing)


Named = Annotated[
    UUID | None,
    Query(
        alias="benchmark",
        description="The benchmark, shared or own, or an instrument: its members are put into the"
        " groups of `by`",
    ),
]
NamedBasis = Annotated[
    Basis,
    Query(
        alias="benchmark_basis",
        description="Of an instrument as a benchmark: dividends reinvested, or its price alone",
    ),
]


def asked_other(
    blend: Annotated[Blend | None, Depends(asked_blend)],
    benchmark_id: Named = None,
    basis: NamedBasis = "total",
) -> Other | None:
    """What a request compares with; None with nothing.

    Raises:
        InvalidFields: a blend that is none, or a benchmark beside one.
    """
    if benchmark_id is None:
        return blend
    if blend is not None:
        raise InvalidFields([("/query/benchmark", "name a benchmark or a blend, not both")])
    return AskedBenchmark(benchmark_id, basis)


def _part(text: str) -> BlendPart:
    found = PART.fullmatch(text)
    if found is None:
        raise _refused("name a group, an instrument's id and a weight")
    try:
        return BlendPart(found[1], UUID(found[2]), Decimal(found[3]))
    except ValueError as error:
        raise _refused("name an instrument by its id") from error


def _refused(detail: str) -> InvalidFields:
    return InvalidFields([("/query/blend", detail)])
