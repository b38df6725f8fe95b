"""A benchmark beside a portfolio: its growth over the same days, and the same money put into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from truenav.core.money import exact
from truenav.core.performance.flows import FlowTiming
from truenav.core.versions import Version, versioned

ONE = Decimal(1)
VERSION: Final = Version("benchmark", "2026.1", date(2026, 11, 30), "The first.")


@versioned(VERSION)
@exact
def growth_since(
    levels: Sequence[Decimal | None], growth: Sequence[Decimal | None]
) -> list[Decimal | None]:
    """Ratios of the levels from the first day on that the portfolio's own growth is known.

    Args:
        levels: Of the benchmark in the portfolio's currency, total return; n items.
        growth: Of the portfolio, of 1; n items.

    Returns:
        0.05 is 5 % since that day; null before it, on unknown days, and throughout when the
        level of that day is unknown: a comparison begins on the same day or not at all.
    """
    start = next((place for place, known in enumerate(growth) if known is not None), None)
    base = levels[start] if start is not None else None
    if start is None or not base:
        return [None] * len(levels)
    return [
        level / base - ONE if level is not None and place >= start else None
        for place, level in enumerate(levels)
    ]


@dataclass(frozen=True, slots=True)
class SameFlows:
    """What the same money would be worth in the benchmark; null for `reason`."""

    closing: Decimal | None
    reason: str | None = None


@versioned(VERSION)
@exact
def same_flows(
    levels: Sequence[Decimal | None],
    opening: Decimal,
    flows: Sequence[tuple[int, Decimal]],
    timing: FlowTiming,
) -> SameFlows:
    """Buy the benchmark for the opening value and for each flow, sell for what was taken out.

    Args:
        levels: Of the benchmark, total return; the first is of the opening's day.
        opening: Value the span begins with.
        flows: (place among the days, from 1; amount, deposits > 0), in order.
        timing: At the start of its day a flow trades at the level of the day before.

    Returns:
        The value on the last day. Where more was taken out than there would have been the reason
        is `benchmark_exhausted`: no units can be owed.
    """
    shift = 1 if timing is FlowTiming.START_OF_DAY else 0
    trades = [(0, opening), *((max(place - shift, 0), amount) for place, amount in flows)]
    units = Decimal(0)
    for place, amount in trades:
        level = levels[place]
        if not level:
            return SameFlows(None, "price_missing")
        units += amount / level
        if units < 0:
            return SameFlows(None, "benchmark_exhausted")
    last = levels[-1]
    return SameFlows(units * last) if last is not None else SameFlows(None, "price_missing")
