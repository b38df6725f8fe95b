"""What each part of a portfolio added to its return: by any grouping of its segments.

    c_i = w_i r_i = gain_i / capital of the whole, a day; linked as Carino against 0

so that the parts add up to the time-weighted return. A grouping says to which groups a segment
belongs, and how much of it to each. With prices in another currency a part's gain is split:

    local = (L_1 - L_0 - F) x_0   currency = L_0 (x_1 - x_0)   cross = (L_1 - L_0 - F)(x_1 - x_0)

with L a segment's value and F its flow in its own currency, and x the rate: what the price did at
the old rate, what the rate did to the old value, and what both did together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final
from uuid import UUID

from truenav.core.money import exact
from truenav.core.performance.linking import Step
from truenav.core.performance.rules import NEWEST, Rules
from truenav.core.performance.slice_growth import SliceFlow, slice_growth
from truenav.core.valuation.nav import Unknown
from truenav.core.valuation.segment_values import (
    Rates,
    SegmentValues,
    ValuedMove,
    converted,
)
from truenav.core.valuation.segments import Segment
from truenav.core.valuation.slices import Sides
from truenav.core.versions import Version, versioned

ZERO, ONE = Decimal(0), Decimal(1)
VERSION: Final = Version(
    "attribution", "2026.2", date(2026, 12, 3),
    "A day that begins with less than one unit of the currency has no rate, of the whole and of"
    " each group; where values are unknown, what is unknown is named.",
)  # fmt: skip
# the groups a segment of an account belongs to, and how much of it, 0 to 1
Grouping = Callable[[UUID, Segment], Sequence[tuple[str, Decimal]]]


@dataclass(frozen=True, slots=True)
class AccountParts:
    """The segments of one account on the days of a span, and what moved among them."""

    account_id: UUID
    values: Mapping[Segment, SegmentValues]
    moves: Sequence[ValuedMove]


@dataclass(slots=True)
class Contribution:
    """What a group added: money, and parts of the return; None for what `unknowns` lacks.

    `total` = `local` + `currency` + `cross`.
    """

    gain: Decimal | None = ZERO
    local: Decimal | None = ZERO
    currency: Decimal | None = ZERO
    cross: Decimal | None = ZERO
    unknowns: set[Unknown] = field(default_factory=set)

    @property
    @exact
    def total(self) -> Decimal | None:
        """Its part of the return."""
        return _plus(_plus(self.local, self.currency), self.cross)

    def hide(self) -> None:
        """Something of it is not known: nothing of it is told."""
        self.gain = self.local = self.currency = self.cross = None


@dataclass(frozen=True, slots=True)
class Linked:
    """A step, and what a gain within it is multiplied by to be a part of the linked return."""

    step: Step
    factor: Decimal


@exact
def linked_steps(steps: Sequence[Step], factors: Sequence[Decimal]) -> list[Linked]:
    """Steps with their factor over capital; one without capital adds nothing."""
    return [
        Linked(step, factor / step.capital if step.capital > 0 else ZERO)
        for step, factor in zip(steps, factors, strict=True)
    ]


@versioned(VERSION)
@exact
def contributions(
    accounts: Sequence[AccountParts],
    rates: Mapping[str, Rates],
    grouping: Grouping,
    steps: Sequence[Linked],
) -> dict[str, Contribution]:
    """Each group's part of the return.

    Args:
        accounts: What the portfolio, or the slice of it, is made of; days numbered as the steps'.
        rates: Of every currency the segments are in, by day.
        grouping: To which groups a segment belongs; segments without a group are left out.
        steps: Linked days.
    """
    found: dict[str, Contribution] = {}
    for account in accounts:
        flows = flows_by_step(account.moves, steps)
        # what was sold before the first day may still pay something
        for segment in dict.fromkeys((*account.values, *flows)):
            groups = grouping(account.account_id, segment)
            if groups:
                values = account.values.get(segment)
                one = _of_segment(segment, values, rates, flows.get(segment, {}), steps)
                for key, weight in groups:
                    _add(found.setdefault(key, Contribution()), one, weight)
        for key, missing in _missing(account, grouping):
            found.setdefault(key, Contribution()).unknowns.add(missing)
    return found


def _missing(account: AccountParts, grouping: Grouping) -> list[tuple[str, Unknown]]:
    return [
        (key, move.missing)
        for move in account.moves
        if move.missing is not None
        for segment in (move.source, move.target)
        if segment is not None
        for key, _ in grouping(account.account_id, segment)
    ]


def flows_by_step(
    moves: Sequence[ValuedMove], steps: Sequence[Linked]
) -> dict[Segment, dict[int, Decimal | None]]:
    """What each segment received, less what it gave, within each step."""
    place = {
        day: number
        for number, linked in enumerate(steps)
        for day in range(linked.step.start + 1, linked.step.end + 1)
    }
    found: dict[Segment, dict[int, Decimal | None]] = {}
    for move in moves:
        number = place.get(move.index)
        if number is None:
            continue
        for segment, is_in in ((move.target, True), (move.source, False)):
            if segment is not None:
                of = found.setdefault(segment, {})
                change = move.amount if move.amount is None or is_in else -move.amount
                of[number] = _plus(of.get(number, ZERO), change)
    return found


def _of_segment(
    segment: Segment,
    values: SegmentValues | None,
    rates: Mapping[str, Rates],
    flows: Mapping[int, Decimal | None],
    steps: Sequence[Linked],
) -> Contribution:
    found = Contribution()
    gain = local = currency = cross = ZERO
    of = values.currency if values is not None else ""
    rate = rates.get(of)
    for number, linked in enumerate(steps):
        start, end = linked.step.start, linked.step.end
        before, after = (values.local[start], values.local[end]) if values else (ZERO, ZERO)
        flow = flows.get(number, ZERO)
        if before == after == ZERO and flow is not None:
            # nothing at either close: what came out is all its own, whatever its currency
            gain -= flow
            local -= flow * linked.factor
            continue
        if before is None or after is None:
            found.unknowns.add(Unknown("price_missing", str(segment)))
        old, new = (rate[start], rate[end]) if rate is not None else (None, None)
        old, new = (new if not before else old), (old if not after and not flow else new)
        if old is None or new is None:
            if before is not None and after is not None:
                found.unknowns.add(Unknown("fx_missing", of))
            found.hide()
            continue
        if before is None or after is None or flow is None:
            found.hide()
            continue
        own = after - before - flow / new
        gain += after * new - before * old - flow
        local += own * old * linked.factor
        if new != old:
            moved = linked.factor * (new - old)
            currency += before * moved
            cross += own * moved
    if found.gain is not None:
        found.gain, found.local, found.currency, found.cross = gain, local, currency, cross
    return found


def _add(into: Contribution, one: Contribution, weight: Decimal) -> None:
    into.gain = _plus(into.gain, _times(one.gain, weight))
    into.local = _plus(into.local, _times(one.local, weight))
    into.currency = _plus(into.currency, _times(one.currency, weight))
    into.cross = _plus(into.cross, _times(one.cross, weight))
    into.unknowns |= one.unknowns


def _plus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left + right if left is not None and right is not None else None


def _times(value: Decimal | None, weight: Decimal) -> Decimal | None:
    return None if value is None else value * weight


@dataclass(slots=True)
class GroupDays:
    """A group as a slice: value at each close, and by day what it received on balance."""

    values: list[Decimal | None]
    net: dict[int, Decimal | None] = field(default_factory=dict)
    sides: dict[int, Sides] = field(default_factory=dict)

    def flow(self, first: int, last: int) -> SliceFlow | None:
        """What crossed its edge on the days from one to another; None when that is unknown."""
        days = range(first, last + 1)
        known = [amount for day in days if (amount := self.net.get(day, ZERO)) is not None]
        if len(known) < len(days):
            return None
        turned = sum((self.sides[day].turned for day in days if day in self.sides), ZERO)
        return SliceFlow(sum(known, ZERO), turned)


@exact
def group_days(
    accounts: Sequence[AccountParts], rates: Mapping[str, Rates], grouping: Grouping, count: int
) -> dict[str, GroupDays]:
    """Each group on `count` days; what moves within a group is no flow of it."""
    found: dict[str, GroupDays] = {}
    for account in accounts:
        for segment, values in account.values.items():
            groups = grouping(account.account_id, segment)
            worth = converted(values, rates) if groups else []
            for key, weight in groups:
                of = found.setdefault(key, GroupDays([ZERO] * count))
                of.values = [
                    _plus(a, _times(b, weight)) for a, b in zip(of.values, worth, strict=True)
                ]
        for move in account.moves:
            for key, change in _changes(move, account.account_id, grouping).items():
                if not change:
                    continue
                of = found.setdefault(key, GroupDays([ZERO] * count))
                amount = _times(move.amount, change)
                of.net[move.index] = _plus(of.net.get(move.index, ZERO), amount)
                if amount is not None:
                    sides = of.sides.setdefault(move.index, Sides())
                    sides.add(move.source, move.target, change, amount)
    return found


def _changes(move: ValuedMove, account_id: UUID, grouping: Grouping) -> dict[str, Decimal]:
    changes: dict[str, Decimal] = {}
    for segment, sign in ((move.target, ONE), (move.source, -ONE)):
        if segment is not None:
            for key, weight in grouping(account_id, segment):
                changes[key] = changes.get(key, ZERO) + sign * weight
    return changes


@versioned(VERSION)
@exact
def own_return(
    of: GroupDays, first: int, last: int, rules: Rules = NEWEST
) -> tuple[Decimal | None, str | None]:
    """A group's own time-weighted return over a span, or why there is none.

    Between two days on which something moved the daily growth is the ratio of the values, but for
    days of next to no capital; so only days with a move are linked one by one.
    """
    growth, at = ONE, first
    days = [day for day in sorted(of.net) if first < day <= last]
    for day in [*days, *([] if days and days[-1] == last else [last])]:
        is_quiet = day not in of.net
        until = day if is_quiet else day - 1
        flow = SliceFlow(ZERO) if is_quiet else of.flow(day, day)
        start, before, after = of.values[at], of.values[until], of.values[day]
        if start is None or before is None or after is None or flow is None:
            return None, "value_unknown"
        if min(start, before, after) < 0:
            return None, "negative_value"
        growth *= _quiet_growth(of.values[at : until + 1], rules)
        if not is_quiet:
            step = slice_growth(before, after, flow, rules=rules)
            growth *= ONE if step is None else step
        at = day
    if not days and not of.values[first]:
        return None, "no_capital"
    return growth - ONE, None


def _quiet_growth(values: Sequence[Decimal | None], rules: Rules) -> Decimal:
    """Of days on which nothing moved, of which the first value and the last are known."""
    known = [value for value in values if value is not None]
    if not any(rules.is_tiny(value) for value in known[:-1]):
        return known[-1] / known[0] if known[0] else ONE
    growth = ONE
    for before, after in pairwise(known):
        step = slice_growth(before, after, SliceFlow(ZERO), rules=rules)
        growth *= ONE if step is None else step
    return growth


@exact
def average_weight(
    of: GroupDays, totals: Sequence[Decimal | None], steps: Sequence[Linked]
) -> Decimal | None:
    """The mean of a group's share of the value each step began with."""
    shares: list[Decimal] = []
    for linked in steps:
        mine, whole = of.values[linked.step.start], totals[linked.step.start]
        if mine is None or whole is None:
            return None
        if whole > 0:
            shares.append(mine / whole)
    return sum(shares, ZERO) / len(shares) if shares else None
