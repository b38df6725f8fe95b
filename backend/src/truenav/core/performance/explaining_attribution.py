"""What a group added to a return as figures that prove themselves: segment by segment, day by day.

A day's part is money times a factor: the day's Cariño coefficient over the capital at work. Both
are told, so that a reader can multiply.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal
from uuid import UUID

from truenav.core.explanation import (
    RATE,
    RATIO,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    product,
    quotient,
    unknown,
)
from truenav.core.money import exact
from truenav.core.performance.attribution import AccountParts, Grouping, Linked, flows_by_step
from truenav.core.performance.linking import k_of
from truenav.core.unfolding import Term
from truenav.core.valuation.segment_values import Rates, SegmentValues
from truenav.core.valuation.segments import Segment

ZERO, ONE = Decimal(0), Decimal(1)
Part = Literal["gain", "local", "currency", "cross"]
FORMULAS: Mapping[Part, str] = {
    "gain": "value after − value before − what was put in",
    "local": "own gain × rate before × factor",
    "currency": "value before × change of the rate × factor",
    "cross": "own gain × change of the rate × factor",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A segment in an account, and how much of it belongs to the group."""

    account_id: UUID
    segment: Segment
    weight: Decimal


@dataclass(frozen=True, kw_only=True)
class Contributing:
    """What contributions are explained with.

    `days` are those the steps count in; `nav` says where what a segment was worth on a day is
    explained, and `flow` where what went into it is.
    """

    accounts: Sequence[AccountParts]
    rates: Mapping[str, Rates]
    grouping: Grouping
    steps: Sequence[Linked]
    days: Sequence[date]
    currency: str
    name: Callable[[Segment], str]
    nav: Callable[[Place, date, str], str]
    flow: Callable[[Place, date], str]

    @cached_property
    def flows(self) -> Mapping[UUID, Mapping[Segment, Mapping[int, Decimal | None]]]:
        """What went into each segment of an account within each step."""
        return {one.account_id: flows_by_step(one.moves, self.steps) for one in self.accounts}

    def places(self, key: str) -> list[Place]:
        """The segments of a group."""
        return [
            Place(account.account_id, segment, weight)
            for account in self.accounts
            for segment in dict.fromkeys((*account.values, *self.flows[account.account_id]))
            for group, weight in self.grouping(account.account_id, segment)
            if group == key
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A segment in one step: values in its own currency, what went in, and the rates."""

    linked: Linked
    before: Decimal
    after: Decimal
    flow: Decimal
    old: Decimal
    new: Decimal
    unit: str

    @property
    @exact
    def own(self) -> Decimal:
        """What it gained in its own currency."""
        return self.after - self.before - self.flow / self.new

    @exact
    def part(self, part: Part) -> Decimal:
        """One part of what it added."""
        factor = self.linked.factor
        if part == "gain":
            return self.after * self.new - self.before * self.old - self.flow
        if part == "local":
            return self.own * self.old * factor
        moved = (self.new - self.old) * factor
        return self.own * moved if part == "cross" else self.before * moved


@exact
def part_terms(of: Contributing, place: Place, part: Part) -> list[Term]:
    """A part of what a segment added, step by step; what is nothing is left out."""
    return list(_terms(of, place, part))


def _terms(of: Contributing, place: Place, part: Part) -> Iterator[Term]:
    account = next(one for one in of.accounts if one.account_id == place.account_id)
    values = account.values.get(place.segment)
    flows = of.flows[place.account_id].get(place.segment, {})
    for number, linked in enumerate(of.steps):
        found = _day(of, values, linked, flows.get(number, ZERO))
        day = of.days[linked.step.end]
        if isinstance(found, str):
            reason = found
            yield Term(day, None, lambda r=reason, d=day: _unknown(of, place, r, d))  # type: ignore[misc]
        elif (value := found.part(part) * place.weight) != ZERO:
            yield Term(day, value, lambda f=found: _node(of, place, f, part))  # type: ignore[misc]


def _day(
    of: Contributing, values: SegmentValues | None, linked: Linked, flow: Decimal | None
) -> Day | str:
    """The figures of a step, or why one of them is unknown."""
    start, end = linked.step.start, linked.step.end
    before, after = (values.local[start], values.local[end]) if values else (ZERO, ZERO)
    if flow is None:
        return "value_unknown"
    if before == after == ZERO:
        # what came out of nothing is all its own, whatever its currency
        return Day(linked=linked, before=ZERO, after=ZERO, flow=flow, old=ONE, new=ONE,
                   unit=of.currency)  # fmt: skip
    if before is None or after is None:
        return "price_missing"
    unit = values.currency if values is not None else of.currency
    rate = of.rates.get(unit)
    old, new = (rate[start], rate[end]) if rate is not None else (None, None)
    old, new = (new if not before else old), (old if not after and not flow else new)
    if old is None or new is None:
        return "fx_missing"
    return Day(linked=linked, before=before, after=after, flow=flow, old=old, new=new, unit=unit)


def _unknown(of: Contributing, place: Place, reason: str, day: date) -> Node:
    label = f"{of.name(place.segment)}, {day.isoformat()}"
    return unknown(label, RATIO, reason, _ref(place, day))


def _ref(place: Place, day: date) -> Ref:
    instrument_id = None if isinstance(place.segment, str) else place.segment
    return Ref(instrument_id=instrument_id, account_id=place.account_id, day=day)


# --- one day ------------------------------------------------------------------------------------


@exact
def _node(of: Contributing, place: Place, found: Day, part: Part) -> Node:
    day = of.days[found.linked.step.end]
    label, ref = f"{of.name(place.segment)}, {day.isoformat()}", _ref(place, day)
    weight = [] if place.weight == ONE else [constant(place.weight, "part that belongs here")]
    if part == "gain":
        made = _gain(of, place, found)
        if weight:
            made = product(label, of.currency, (made, *weight), "gain × part")
        return made.told(label=label, ref=ref)
    factors = {
        "local": lambda: [_own(of, place, found), _rate(of, found, is_old=True)],
        "currency": lambda: [_worth(of, place, found, is_after=False), _moved(of, found)],
        "cross": lambda: [_own(of, place, found), _moved(of, found)],
    }[part]()
    parts = [*factors, factor_node(of, found.linked), *weight]
    return product(label, RATIO, parts, FORMULAS[part]).told(ref=ref, page="attribution")


def _gain(of: Contributing, place: Place, found: Day) -> Node:
    worth = [
        product(f"Worth in {of.currency}", of.currency, (
            _worth(of, place, found, is_after=is_after), _rate(of, found, is_old=not is_after)
        ), "value × rate") if found.unit != of.currency
        else _worth(of, place, found, is_after=is_after)
        for is_after in (True, False)
    ]  # fmt: skip
    flow = [_flow(of, place, found)] if found.flow else []
    return minus("Gain", of.currency, (*worth, *flow), FORMULAS["gain"])


def _own(of: Contributing, place: Place, found: Day) -> Node:
    worth = [_worth(of, place, found, is_after=is_after) for is_after in (True, False)]
    flow = []
    if found.flow:
        paid = _flow(of, place, found)
        if found.unit != of.currency:
            rate = _rate(of, found, is_old=False)
            paid = quotient(f"Put in, in {found.unit}", found.unit, paid, rate, "amount ÷ rate")
        flow = [paid]
    return minus("Own gain", found.unit, (*worth, *flow), FORMULAS["gain"])


def _worth(of: Contributing, place: Place, found: Day, *, is_after: bool) -> Node:
    step, value = found.linked.step, found.after if is_after else found.before
    day = of.days[step.end if is_after else step.start]
    made = leaf(NodeKind.EVENT, f"Value on {day.isoformat()}", found.unit, value, _ref(place, day))
    return made.told(more=of.nav(place, day, found.unit) if value else None)


def _flow(of: Contributing, place: Place, found: Day) -> Node:
    step = found.linked.step
    day = of.days[step.end]
    made = leaf(NodeKind.EVENT, "Put in, less taken out", of.currency, found.flow,
                _ref(place, day))  # fmt: skip
    return made.told(more=of.flow(place, day) if step.end == step.start + 1 else None)


def _rate(of: Contributing, found: Day, *, is_old: bool) -> Node:
    step = found.linked.step
    day = of.days[step.start if is_old else step.end]
    label = f"{of.currency} for one {found.unit} on {day.isoformat()}"
    value = found.old if is_old else found.new
    if found.unit == of.currency:
        return constant(value, label, RATE)
    return leaf(NodeKind.RATE, label, RATE, value, Ref(day=day))


def _moved(of: Contributing, found: Day) -> Node:
    rates = (_rate(of, found, is_old=False), _rate(of, found, is_old=True))
    return minus("Change of the rate", RATE, rates, "rate after − rate before")


# --- linking ------------------------------------------------------------------------------------


@exact
def factor_node(of: Contributing, linked: Linked) -> Node:
    """What a gain of the day is multiplied by: its Cariño coefficient over the capital at work."""
    if linked.step.capital <= 0:
        few = "less than one unit of the currency was at work, which is too little for a rate"
        return constant(ZERO, "Factor").told(
            note=few if linked.step.is_tiny else "nothing was at work"
        )
    growth = ONE
    for one in of.steps:
        growth *= one.step.growth
    day = of.days[linked.step.end]
    coefficient = carino(linked.step.growth, ONE, growth, ONE)
    capital = leaf(NodeKind.EVENT, "Capital at work", of.currency, linked.step.capital,
                   Ref(day=day))  # fmt: skip
    made = quotient("Factor", RATE, coefficient, capital, "coefficient ÷ capital at work")
    return made.told(ref=Ref(day=day))


@exact
def carino(own: Decimal, other: Decimal, whole: Decimal, whole_other: Decimal) -> Node:
    """K of the day over k of the span; each the difference of logarithms over that of growth."""
    day, span = _k("k of the day", own, other), _k("k of the span", whole, whole_other)
    made = quotient("Cariño's coefficient", RATIO, day, span, "k of the day ÷ k of the span")
    return made.told(page="attribution")


def _k(label: str, own: Decimal, other: Decimal) -> Node:
    if own == other:
        return constant(k_of(own, other), label).told(note="its limit, 1 ÷ growth")
    logs = leaf(NodeKind.EVENT, "ln(growth)", RATIO, own.ln())
    if other != ONE:
        logs = minus("Difference of logarithms", RATIO, (
            logs, leaf(NodeKind.EVENT, "ln(growth of the benchmark)", RATIO, other.ln())
        ))  # fmt: skip
    growth = leaf(NodeKind.EVENT, "Growth", RATIO, own)
    beside = constant(ONE, "less 1") if other == ONE else leaf(
        NodeKind.EVENT, "Growth of the benchmark", RATIO, other
    )  # fmt: skip
    apart = minus("Difference of growth", RATIO, (growth, beside))
    return quotient(label, RATIO, logs, apart, "difference of logarithms ÷ difference of growth")
