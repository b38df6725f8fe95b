"""Bodies of benchmarks."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from truenav.core.performance.blend import Rebalancing
from truenav.platform.wire import LINE_PATTERN, Body, DecimalText, Version

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=LINE_PATTERN),
]
# Published series that can stand in a benchmark.
SeriesName = Literal["CPIAUCSL"]
Basis = Literal["total", "price"]
MOST_PARTS = 20


class BlendPartIn(Body):
    """An instrument, or a published series; `weight_ratio` 0.6 is 60 %."""

    instrument_id: UUID | None = None
    series: SeriesName | None = None
    basis: Basis = "total"
    weight_ratio: DecimalText


class BlendIn(Body):
    """Weights add up to 1. `spread_ratio` is added a year: 0.03 for consumer prices + 3 %."""

    name: Name
    rebalancing: Rebalancing = Rebalancing.MONTHLY
    spread_ratio: DecimalText = Decimal(0)
    parts: Annotated[list[BlendPartIn], Field(min_length=1, max_length=MOST_PARTS)]


class BlendChangeIn(BlendIn):
    """`version` is the one the editor saw."""

    version: Version


class BlendPartOut(Body):
    instrument_id: UUID | None
    symbol: str | None
    currency: str | None
    series: SeriesName | None
    name: str
    basis: Basis
    weight_ratio: DecimalText


class BenchmarkDefinitionOut(Body):
    """What a benchmark is made of; shared ones have no version, nobody changes them."""

    id: UUID
    name: str
    origin: Literal["shared", "own"]
    rebalancing: Rebalancing
    spread_ratio: DecimalText
    parts: list[BlendPartOut]
    version: int | None


class BenchmarksOut(Body):
    items: list[BenchmarkDefinitionOut]
