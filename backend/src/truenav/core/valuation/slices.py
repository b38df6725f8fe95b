"""A view of some segments of a portfolio: what they were worth, what went in and what came out.

A slice has a weight for each segment, 0 to 1: a part of an instrument may belong to a category. A
slice of everything is the portfolio: its values and flows are those of a snapshot.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from truenav.core.ids import InstrumentId
from truenav.core.money import COST_STEP, exact
from truenav.core.valuation.columns import Steps, Timeline, add_step
from truenav.core.valuation.consolidation import CurrencyDay, SeriesPoint
from truenav.core.valuation.nav import Market, Unknown, value_days
from truenav.core.valuation.segments import Move, Part, Segment, Units

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Slice:
    """How much of each instrument and of each currency's cash belongs to it, 0 to 1.

    Nothing of what is not named does.
    """

    instruments: Mapping[InstrumentId, Decimal] = field(default_factory=dict)
    cash: Mapping[str, Decimal] = field(default_factory=dict)

    def weight(self, segment: Segment | None) -> Decimal:
        """The part of a segment that belongs to it; nothing of what is beyond the edge."""
        if segment is None:
            return ZERO
        if isinstance(segment, str):
            return self.cash.get(segment, ZERO)
        return self.instruments.get(segment, ZERO)


@exact
def slice_days(
    held: Timeline,
    moves: Iterable[Move],
    of: Slice,
    market: Market,
    currency: str,
    *,
    first_day: date,
    count: int,
) -> list[CurrencyDay]:
    """Value a slice of one account on `count` days from `first_day` on.

    Args:
        held: What the account held.
        moves: Of its records; those of other days, and those within the slice, do not count.
        of: The slice.
        market: Prices, multipliers and rates reaching back before the first day.
        currency: Of every figure returned.
        first_day: First day to report.
        count: Number of days.

    Returns:
        One day per day, at 18 places; null with its reasons. `external_flow` is what went in less
        what came out; what moves within the slice is neither. `turned` is what of it went into
        segments and came out of the same ones. What is unknown of a segment outside the slice
        hides nothing in it.
    """
    flows = Flows(market, currency)
    for move in moves:
        index = (move.day - first_day).days
        change = of.weight(move.target) - of.weight(move.source)
        if change and 0 <= index < count:
            flows.add(index, move, change)
    values = value_days(part_of(held, of), market, currency, first_day=first_day, count=count)
    return [
        CurrencyDay(
            day.as_of,
            currency,
            day.nav,
            _stored(flows.net.get(index, ZERO)),
            tuple(sorted({*day.unknowns, *flows.unknowns.get(index, ())})),
            flows.turned(index).quantize(COST_STEP),
        )
        for index, day in enumerate(values)
    ]


def part_of(held: Timeline, of: Slice) -> Timeline:
    """What belongs to the slice of what was held."""
    return Timeline(
        units={
            key: _weighted(steps, of.weight(key))
            for key, steps in held.units.items()
            if of.weight(key)
        },
        cash={
            key: _weighted(steps, of.weight(key))
            for key, steps in held.cash.items()
            if of.weight(key)
        },
        # what an instrument is to pay is a part of it until it is paid
        due=[
            one if weight == ONE else one.part(weight)
            for one in held.due
            if (weight := of.weight(one.instrument_id))
        ],
    )


def _weighted(steps: Steps, weight: Decimal) -> Steps:
    return steps if weight == ONE else [(index, value * weight) for index, value in steps]


def _stored(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(COST_STEP)


@dataclass(slots=True)
class Sides:
    """Of one day, what went into each segment and what came out of it."""

    inward: dict[Segment | None, Decimal] = field(default_factory=dict)
    outward: dict[Segment | None, Decimal] = field(default_factory=dict)

    def add(
        self, source: Segment | None, target: Segment | None, weight: Decimal, change: Decimal
    ) -> None:
        """Count a move; the segment that belongs to the slice, or more of it, is the one meant."""
        segment = target if weight > 0 else source
        side = self.inward if change > 0 else self.outward
        side[segment] = side.get(segment, ZERO) + abs(change)

    @property
    def turned(self) -> Decimal:
        """What went into segments and came out of the same ones."""
        both = self.inward.keys() & self.outward.keys()
        return sum((min(self.inward[key], self.outward[key]) for key in both), ZERO)


class Flows:
    """What went in and came out each day, in one currency; None from what nobody knows."""

    def __init__(self, market: Market, currency: str) -> None:
        self.market = market
        self.currency = currency
        self.net: dict[int, Decimal | None] = {}
        self.sides: dict[int, Sides] = {}
        self.unknowns: dict[int, set[Unknown]] = {}

    def add(self, index: int, move: Move, weight: Decimal = ONE) -> None:
        """Count a move on the day `index`; a weight below zero says that it leaves."""
        amount, missing = self.worth(move)
        if missing is not None:
            self.unknowns.setdefault(index, set()).add(missing)
        change = None if amount is None else amount * weight
        self.net[index] = _plus(self.net.get(index, ZERO), change)
        if change is not None:
            self.sides.setdefault(index, Sides()).add(move.source, move.target, weight, change)

    def turned(self, index: int) -> Decimal:
        """What went in and came out of the same segments on a day."""
        return self.sides[index].turned if index in self.sides else ZERO

    def worth(self, move: Move) -> tuple[Decimal | None, Unknown | None]:
        """What a move is worth in the currency; None for a reason."""
        amount, missing = self._sum(move.parts, move.day)
        if missing is not None and missing.reason_code == "price_missing" and move.otherwise:
            return self._sum(move.otherwise, move.day)
        return amount, missing

    def _sum(self, parts: Sequence[Part], day: date) -> tuple[Decimal | None, Unknown | None]:
        amounts: dict[str, Decimal] = {}
        for part in parts:
            if isinstance(part, Units):
                series = self.market.prices.get(part.instrument_id)
                price = series.at(day) if series is not None else None
                if series is None or price is None:
                    return None, Unknown("price_missing", str(part.instrument_id))
                of, units = series.currency, self.market.multiplier(part.instrument_id)
                amount = part.quantity * units * price.close
            else:
                of, amount = part.currency, part.amount
            amounts[of] = amounts.get(of, ZERO) + amount
        total = ZERO
        for of, amount in amounts.items():
            rate = self.market.fx.rate(of, self.currency, day) if amount else ZERO
            if rate is None:
                return None, Unknown("fx_missing", of)
            total += amount * rate
        return total, None


def _plus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left + right if left is not None and right is not None else None


@exact
def merged(timelines: Sequence[Timeline]) -> Timeline:
    """What several accounts held together: in how many they are does not matter."""
    if len(timelines) == 1:
        return timelines[0]
    found = Timeline(due=[due for one in timelines for due in one.due])
    for name in ("units", "cash"):
        into = getattr(found, name)
        for key in dict.fromkeys(key for one in timelines for key in getattr(one, name)):
            into[key] = _added([getattr(one, name).get(key, []) for one in timelines])
    return found


def _added(of_each: Sequence[Steps]) -> Steps:
    changes: dict[int, Decimal] = {}
    for steps in of_each:
        before = ZERO
        for index, value in steps:
            changes[index] = changes.get(index, ZERO) + value - before
            before = value
    total = ZERO
    found: Steps = []
    for index in sorted(changes):
        total += changes[index]
        add_step(found, index, total)
    return found


def without_empty_ends(points: Sequence[SeriesPoint]) -> list[SeriesPoint]:
    """From the day before a slice first had something to the last day it had, or was paid."""
    filled = [
        place
        for place, point in enumerate(points)
        if point.nav != ZERO or point.external_flow != ZERO or point.turned
    ]
    return list(points[max(filled[0] - 1, 0) : filled[-1] + 1]) if filled else []
