"""Returns of the page of risk as series that can be told: the portfolio's, a benchmark's, of today.

Each return of the past leads to the linked days between its two closes.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np

from truenav.core.explanation import (
    RATIO,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    product,
    quotient,
    total,
)
from truenav.core.money import exact
from truenav.core.risk.explaining import Told, decimal_of
from truenav.core.risk.held import complete_days
from truenav.core.risk.risk_free import RiskFree
from truenav.core.risk.samples import Sample
from truenav.features.risk.explain_asked import RiskAsked
from truenav.features.risk.given import GivenBenchmark, GivenRisk
from truenav.features.risk.metrics import Joined, joined
from truenav.features.risk.portfolio import PortfolioReturns

ZERO = Decimal(0)


def newest(told: Told, count: int) -> Told:
    """The newest of them, or all there are."""
    return told.at(range(max(len(told.days) - count, 0), len(told.days)))


def past_returns(of: PortfolioReturns, asked: RiskAsked) -> Told:
    """The portfolio's, from priced day to priced day."""
    return _returns(of.sample, list(of.levels), asked)


def _returns(sample: Sample, levels: Sequence[date], asked: RiskAsked) -> Told:
    """Each return from level to level, with the way to the days it is made of."""
    values = [decimal_of(value) for value in sample.returns]

    def make(place: int) -> Node:
        first, last = levels[place], levels[place + 1]
        label = f"Return of {last.isoformat()}"
        made = leaf(NodeKind.EVENT, label, RATIO, values[place], Ref(day=last))
        note = "" if (last - first).days == 1 else f"since {first.isoformat()}"
        return made.told(more=asked.days(first, last), note=note)

    return Told("returns", sample.days, values, make)


def excess_returns(told: Told, periods: Decimal, free: RiskFree) -> Told:
    """Returns less the risk-free rate of their own periods."""
    rates = free.of_periods(told.days, float(periods))
    values = [decimal_of(rate) for rate in rates] if rates is not None else [ZERO] * len(told.days)

    def make(place: int) -> Node:
        made = leaf(NodeKind.RATE, "Risk-free rate of the period", RATIO, values[place])
        yearly_rate = free.on(told.days[place])
        return made.told(note=f"{yearly_rate} a year" if yearly_rate is not None else "")

    other = Told("risk-free rates", told.days, values, make)
    return told.less(other, f"{told.name} less risk-free", "return − risk-free")


def joined_returns(
    other: GivenBenchmark, of: PortfolioReturns, asked: RiskAsked
) -> tuple[Told, Told]:
    """The portfolio's and the benchmark's, between the days both have."""
    levels = dict(zip(other.days, other.levels, strict=True))
    both = joined(of.levels, levels)
    days = [day for day in sorted(of.levels) if day in levels]
    return _returns(both.own, days, asked), _market(both, days, levels, other.symbol)


@exact
def _market(both: Joined, days: Sequence[date], levels: dict[date, float], symbol: str) -> Told:
    """Returns of the benchmark between the days both have."""
    exact_levels = [decimal_of(levels[day]) for day in days]
    count = len(both.other.days)

    def make(place: int) -> Node:
        first, last = days[place], days[place + 1]
        over, under = (
            leaf(NodeKind.EVENT, f"{symbol} on {day.isoformat()}", RATIO, level, Ref(day=day))
            for day, level in ((last, exact_levels[place + 1]), (first, exact_levels[place]))
        )
        grown = quotient("Growth", RATIO, over, under, "level after ÷ level before")
        label = f"Benchmark's return of {last.isoformat()}"
        less = constant(Decimal(1), "less 1")
        return minus(label, RATIO, (grown, less), "growth − 1").told(ref=Ref(day=last))

    values = [exact_levels[i + 1] / exact_levels[i] - 1 for i in range(count)]
    return Told("benchmark's returns", both.other.days, values, make)


# --- held today ---------------------------------------------------------------------------------


@exact
def held_returns(given: GivenRisk) -> Told:
    """Today's weights on past days: each instrument's return times its weight."""
    held = given.held.as_arrays()
    columns = complete_days(held.levels.values)
    days = [held.levels.days[column] for column in columns]
    kept = np.asarray(held.levels.values)[:, columns]
    levels = [[decimal_of(value) for value in row] for row in kept]
    weights = [decimal_of(weight) for weight in held.weights]

    def grown(row: int, place: int) -> Decimal:
        return levels[row][place + 1] / levels[row][place] - 1

    def make(place: int) -> Node:
        lines = [
            _line(given, row, weights[row], (levels[row][place + 1], levels[row][place]))
            for row in range(len(weights))
        ]
        day = days[place + 1]
        label = f"Return of {day.isoformat()}, of what is held today"
        return total(label, RATIO, lines, "weight × return").told(ref=Ref(day=day))

    values = [
        sum((weights[row] * grown(row, place) for row in range(len(weights))), ZERO)
        for place in range(len(days) - 1)
    ]
    return Told("returns", days[1:], values, make)


@exact
def _line(given: GivenRisk, row: int, weight: Decimal, levels: tuple[Decimal, Decimal]) -> Node:
    ids = given.held.instrument_ids
    instrument_id: UUID | None = ids[row] if row < len(ids) else None
    named = given.names.get(instrument_id) if instrument_id is not None else None
    label = named.symbol if named is not None else "Cash and income in another currency"
    ref = Ref(instrument_id=instrument_id)
    moved = growth_less_one(levels, ref, "Return")
    share = leaf(NodeKind.EVENT, "Weight today", RATIO, weight, ref)
    return product(label, RATIO, (share, moved), "weight × return").told(ref=ref)


@exact
def growth_less_one(levels: tuple[Decimal, Decimal], ref: Ref, label: str) -> Node:
    """The return between two levels of an instrument, the later one first."""
    over, under = (
        leaf(NodeKind.EVENT, name, RATIO, level, ref)
        for name, level in zip(("Level after", "Level before"), levels, strict=True)
    )
    growth = quotient("Growth", RATIO, over, under, "level after ÷ level before")
    return minus(label, RATIO, (growth, constant(Decimal(1), "less 1")), "growth − 1")
