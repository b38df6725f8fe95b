"""Effects beside a benchmark as figures that prove themselves: weights and returns, day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

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
from truenav.core.performance.attribution import GroupDays
from truenav.core.performance.brinson import GroupPeriod, Member, brinson_fachler
from truenav.core.performance.explaining_attribution import carino
from truenav.core.performance.linking import Step, coefficients
from truenav.core.unfolding import Term

ZERO, ONE = Decimal(0), Decimal(1)
Effect = Literal["allocation", "selection", "interaction"]
FORMULAS: Mapping[Effect, str] = {
    "allocation": "(weight − benchmark's weight) × (benchmark's return here − in all)"
    " × coefficient",
    "selection": "benchmark's weight × (return − benchmark's return here) × coefficient",
    "interaction": "(weight − benchmark's weight) × (return − benchmark's return here)"
    " × coefficient",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What effects are explained with: each group's weights and returns, step by step."""

    periods: Sequence[Mapping[str, GroupPeriod]]
    groups: Mapping[str, GroupDays]
    members: Sequence[Member]
    names: Sequence[str]  # of the members
    weights: Sequence[Sequence[Decimal]]  # of the members, step by step
    steps: Sequence[Step]
    days: Sequence[date]
    currency: str
    labels: Mapping[str, str]

    def benchmark(self, number: int) -> Decimal:
        """The benchmark's own return of a step."""
        found = [g.other_weight * (g.other_return or ZERO) for g in self.periods[number].values()]
        return sum(found, ZERO)

    def inside(self, key: str) -> list[int]:
        """Which members a group of the benchmark has."""
        return [place for place, of in enumerate(self.members) if of.group == key]


@exact
def effect_terms(beside: Beside, key: str, effect: Effect) -> list[Term]:
    """An effect of a group, step by step; what is nothing is left out."""
    others = [ONE + beside.benchmark(number) for number in range(len(beside.periods))]
    factors = coefficients([step.growth for step in beside.steps], others)
    found: list[Term] = []
    for number, (of, factor) in enumerate(zip(beside.periods, factors, strict=True)):
        if key not in of:
            continue
        made = brinson_fachler(of[key], beside.benchmark(number))
        value = getattr(made, effect) * factor
        if value:
            day = beside.days[beside.steps[number].end]
            found.append(Term(day, value, lambda n=number: _node(beside, key, effect, n)))  # type: ignore[misc]
    return found


@exact
def _node(beside: Beside, key: str, effect: Effect, number: int) -> Node:
    day = beside.days[beside.steps[number].end]
    weight, own = _own_weight(beside, key, number), _own_return(beside, key, number)
    other_weight, other = _other_weight(beside, key, number), _other_return(beside, key, number)
    if own is None:
        own = other.told(label="Nothing was held: the benchmark's return here")
    over = minus("Weight apart", RATIO, (weight, other_weight), "weight − benchmark's weight")
    better = minus("Return apart", RATIO, (own, other), "return − benchmark's return here")
    here = minus("Return of the group apart", RATIO, (other, _whole(beside, number)),
                 "benchmark's return here − in all")  # fmt: skip
    parts = {
        "allocation": (over, here),
        "selection": (other_weight, better),
        "interaction": (over, better),
    }[effect]
    coefficient = _coefficient(beside, number)
    made = product(day.isoformat(), RATIO, (*parts, coefficient), FORMULAS[effect])
    return made.told(ref=Ref(day=day), page="attribution")


def _own_weight(beside: Beside, key: str, number: int) -> Node:
    label, step = "Weight", beside.steps[number]
    value = beside.periods[number][key].own_weight
    if not value:
        return constant(ZERO, label)
    capital = leaf(NodeKind.EVENT, "Capital of the group", beside.currency, value * step.capital)
    whole = leaf(NodeKind.EVENT, "Capital at work", beside.currency, step.capital)
    of = beside.groups.get(key)
    if of is not None:
        before, flow = of.values[step.start], of.flow(step.start + 1, step.end)
        if before is not None and flow is not None:
            value = before + flow.at_start(before)
            capital = leaf(NodeKind.EVENT, capital.label, beside.currency, value)
    return quotient(label, RATIO, capital, whole, "of the group ÷ of the whole")


def _own_return(beside: Beside, key: str, number: int) -> Node | None:
    step, of = beside.steps[number], beside.groups.get(key)
    if of is None or beside.periods[number][key].own_return is None:
        return None
    before, after = of.values[step.start], of.values[step.end]
    flow = of.flow(step.start + 1, step.end)
    if before is None or after is None or flow is None:
        return None

    def money(label: str, value: Decimal) -> Node:
        return leaf(NodeKind.EVENT, label, beside.currency, value)

    parts = [money("Value after", after), money("Value before", before)]
    if flow.net:
        parts.append(money("Put in, less taken out", flow.net))
    gain = minus("Gain", beside.currency, parts, "value after − value before − put in")
    capital = money("Capital of the group", before + flow.at_start(before))
    return quotient("Return", RATIO, gain, capital, "gain ÷ capital")


def _other_weight(beside: Beside, key: str, number: int) -> Node:
    label, inside = "Benchmark's weight", beside.inside(key)
    if len(inside) > 1:
        parts = [_member_weight(beside, place, number, beside.names[place]) for place in inside]
        return total(label, RATIO, parts, "member by member")
    return _member_weight(beside, inside[0], number, label) if inside else constant(ZERO, label)


def _member_weight(beside: Beside, place: int, number: int, label: str) -> Node:
    made = leaf(NodeKind.EVENT, label, RATIO, beside.weights[number][place])
    return made.told(note="drifted with its levels since it last returned to its weights")


def _other_return(beside: Beside, key: str, number: int) -> Node:
    """Of a group the benchmark does not hold it is the return of all of it."""
    inside = beside.inside(key)
    if not inside or beside.periods[number][key].other_return is None:
        return _whole(beside, number).told(label="Not in the benchmark: its return in all")
    label = f"Benchmark's return, {beside.labels.get(key, key)}"
    if len(inside) == 1:
        return _member_return(beside, inside[0], number).told(label=label)
    parts = [
        product(beside.names[place], RATIO,
                (_member_weight(beside, place, number, "Weight of the member"),
                 _member_return(beside, place, number)), "weight × return")
        for place in inside
    ]  # fmt: skip
    added = total("Of its members", RATIO, parts, "member by member")
    weight = _other_weight(beside, key, number)
    return quotient(label, RATIO, added, weight, "what its members brought ÷ their weight")


def _member_return(beside: Beside, place: int, number: int) -> Node:
    levels, step = beside.members[place].levels, beside.steps[number]
    after, before = (
        leaf(NodeKind.EVENT, f"Level on {beside.days[index].isoformat()}", RATIO, levels[index],
             Ref(day=beside.days[index]))
        for index in (step.end, step.start)
    )  # fmt: skip
    grown = quotient("Growth", RATIO, after, before, "level after ÷ level before")
    name = f"Return of {beside.names[place]}"
    return minus(name, RATIO, (grown, constant(ONE, "less 1")), "growth − 1")


def _whole(beside: Beside, number: int) -> Node:
    parts = []
    for key, of in beside.periods[number].items():
        if not of.other_weight or of.other_return is None:
            continue
        name = beside.labels.get(key, key)
        weight = _other_weight(beside, key, number)
        parts.append(product(name, RATIO, (weight, _other_return(beside, key, number)),
                             "weight × return"))  # fmt: skip
    return total("Benchmark's return in all", RATIO, parts, "group by group")


def _coefficient(beside: Beside, number: int) -> Node:
    whole, other = ONE, ONE
    for place, step in enumerate(beside.steps):
        whole *= step.growth
        other *= ONE + beside.benchmark(place)
    own = beside.steps[number].growth
    return carino(own, ONE + beside.benchmark(number), whole, other)
