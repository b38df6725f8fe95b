"""Why a group added what it added: its segments, and what each did on each day."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.explanation import (
    RATIO,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    path,
    quotient,
    total,
    unknown,
)
from truenav.core.ids import InstrumentId
from truenav.core.money import exact
from truenav.core.performance.explaining_attribution import Contributing, Part, Place, part_terms
from truenav.core.unfolding import Term, added, unfolded
from truenav.core.valuation.segments import Segment
from truenav.features.performance.attribution import Told, Worked, worked_out
from truenav.features.performance.attribution_given import (
    GivenAttribution,
    given_attribution,
)
from truenav.features.performance.attribution_groups import Grouped, label_of
from truenav.features.performance.attribution_schemas import AttributionOut, ContributionOut
from truenav.features.performance.blends import AskedBenchmark, Blend, Other
from truenav.features.performance.explain_effects import EFFECT_FIGURES, Comparing, explain_effect
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.asked import Names
from truenav.features.valuation.explain_overview import near
from truenav.features.valuation.series import Scope
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import InvalidFields, NotFound
from truenav.platform.unit_of_work import UnitOfWork

PAGE = "attribution"
MANY = Decimal("1E-7")  # what many figures of ten places can differ by from what they add up to
AttributionFigure = Literal[
    "contribution", "local", "currency", "cross", "gain", "average_weight", "total", "total_gain",
    "residual", "allocation", "selection", "interaction", "effect", "excess", "effects_residual",
]  # fmt: skip
OF_ALL = frozenset({"total", "total_gain", "residual"})
MADE_OF_OTHERS = OF_ALL | {"contribution"}
PARTS: tuple[Part, ...] = ("local", "currency", "cross")
NAMES = {
    "contribution": "Contribution", "local": "By prices", "currency": "By rates",
    "cross": "By both together", "gain": "Gain", "total": "Return of the span",
    "residual": "Not told by groups", "total_gain": "Gain of all groups",
    "average_weight": "Mean weight",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionAsked:
    """A figure of the page, and what of it is unfolded: a segment of an account, a period."""

    figure: AttributionFigure
    grouped: Grouped
    wanted: Wanted
    other: Other | None
    blended: Sequence[str]
    ways: Names
    key: str | None = None
    part: str | None = None
    part_account_id: UUID | None = None
    period: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is a figure of the page, and not a part of one."""
        return self.part is None and self.period is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributing:
    """The page of attribution, and what its figures are explained with."""

    asked: AttributionAsked
    given: GivenAttribution
    worked: Worked
    page: AttributionOut
    account_names: Mapping[UUID, str]

    @property
    def told(self) -> Told:
        """What was worked out of the groups."""
        return self.worked.told

    @property
    def unit(self) -> str:
        """The currency of its money."""
        return self.page.currency

    def where(self, figure: AttributionFigure, key: str | None = None, **part: object) -> str:
        """Where a figure of the same span, or a part of it, is explained."""
        asked, grouped = self.asked, self.asked.grouped
        other = asked.other
        rebalancing = other.rebalancing.value if isinstance(other, Blend) else None
        named = other if isinstance(other, AskedBenchmark) else None
        query: dict[str, object] = {
            "figure": figure, "key": key, "by": grouped.by, "taxonomy_id": grouped.taxonomy_id,
            "from": self.page.from_date, "to": self.page.to_date,
            "flow_timing": asked.wanted.flow_timing.value, "blend": list(asked.blended),
            "rebalancing": rebalancing, "benchmark": named.benchmark_id if named else None,
            "benchmark_basis": named.basis if named else None, **part, **asked.ways,
        }  # fmt: skip
        return path("attribution", **query)

    def group(self, key: str | None) -> ContributionOut:
        """A group of the page.

        Raises:
            NotFound: there is none of that name in the span.
        """
        found = next((one for one in self.page.groups if one.key == key), None)
        if found is None:
            raise NotFound("no such group in this span")
        return found


async def explain_attribution(
    uow: UnitOfWork, scope: Scope, asked: AttributionAsked
) -> ExplanationOut:
    """The figure as the page shows it, and where it comes from.

    Raises:
        NotFound: no such group, or no such segment of it.
        InvalidFields: a figure of a group without its name, or beside no benchmark.
    """
    given = await given_attribution(uow, scope, asked.wanted, asked.grouped, asked.other)
    # a long history takes a while, and others wait for the loop
    page, worked = await asyncio.to_thread(worked_out, given)
    name = NAMES.get(asked.figure, "Effect")
    if worked is None:
        return explanation(None, unknown(name, RATIO, page.reason or "no_capital"))
    names = {account.id: account.name for account in scope.accounts}
    one = Attributing(asked=asked, given=given, worked=worked, page=page, account_names=names)
    if asked.figure in EFFECT_FIGURES:
        if given.blend is None or page.comparison is None:
            raise InvalidFields([("/query/benchmark", "name the benchmark")])
        comparing = Comparing(
            worked=worked, labels=given.labels, page=page, blend=given.blend, figure=asked.figure,
            key=asked.key, period=asked.period, where=one.where,
        )  # fmt: skip
        return await asyncio.to_thread(explain_effect, comparing)
    if asked.key is None and asked.figure not in OF_ALL:
        raise InvalidFields([("/query/key", "name the group")])
    return await asyncio.to_thread(_explained, one)


@exact
def _explained(one: Attributing) -> ExplanationOut:
    asked = one.asked
    if asked.figure in MADE_OF_OTHERS and not asked.is_whole:
        raise InvalidFields([("/query/period", "this figure has no parts or periods within")])
    if asked.figure in OF_ALL:
        return _of_all(one)
    group = one.group(asked.key)
    if asked.figure == "average_weight":
        return _weight(one, group)
    figure = _of_group(group, asked.figure)
    node = _contribution(one, group) if asked.figure == "contribution" else _part(one, group)
    if not asked.is_whole:
        return explanation(node.value, node)
    return explanation(figure, near(node, figure).told(page=PAGE))


def _of_group(group: ContributionOut, figure: str) -> Decimal | None:
    if figure == "gain":
        return group.gain
    found: Decimal | None = getattr(group, f"{figure}_ratio")
    return found


# --- the whole ----------------------------------------------------------------------------------


def _of_all(one: Attributing) -> ExplanationOut:
    page, figure = one.page, one.asked.figure
    if figure == "total_gain":
        parts = [_group_leaf(one, group, "gain") for group in page.groups]
        made = total(NAMES[figure], one.unit, parts, "group by group")
        return explanation(page.gain, near(made, page.gain, MANY).told(page=PAGE))
    parts = [_group_leaf(one, group, "contribution") for group in page.groups]
    shown = page.total_ratio if figure == "total" else page.residual_ratio
    if page.total_ratio is None:
        return explanation(None, unknown(NAMES[figure], RATIO, page.reason or "value_unknown"))
    whole = leaf(NodeKind.EVENT, NAMES["total"], RATIO, page.total_ratio)
    whole = whole.told(more=_return_path(one))
    if page.residual_ratio is None:
        # what a group added is unknown, and the return is known all the same
        made = whole if figure == "total" else unknown(NAMES[figure], RATIO, "value_unknown")
    elif figure == "residual":
        made = minus(NAMES[figure], RATIO, (whole, *parts), "return − every contribution")
    else:
        rest = leaf(NodeKind.EVENT, NAMES["residual"], RATIO, page.residual_ratio)
        rest = rest.told(more=one.where("residual"))
        made = total(NAMES[figure], RATIO, (*parts, rest), "every contribution + the rest")
    return explanation(shown, near(made, shown, MANY).told(page=PAGE))


def _return_path(one: Attributing) -> str:
    query: dict[str, object] = {
        "figure": "time_weighted", "from": one.page.from_date, "to": one.page.to_date,
        "flow_timing": one.asked.wanted.flow_timing.value, **one.asked.ways,
    }  # fmt: skip
    return path("performance", **query)


def _group_leaf(
    one: Attributing, group: ContributionOut, figure: Literal["contribution", "gain"]
) -> Node:
    value, unit = _of_group(group, figure), one.unit if figure == "gain" else RATIO
    more = one.where(figure, group.key)
    if value is None:
        reason = next(iter(group.reasons), "value_unknown")
        return unknown(group.label, unit, reason).told(more=more)
    return leaf(NodeKind.EVENT, group.label, unit, value).told(more=more)


# --- a group ------------------------------------------------------------------------------------


@exact
def _contribution(one: Attributing, group: ContributionOut) -> Node:
    parts = []
    for name in PARTS:
        value, more = _of_group(group, name), one.where(name, group.key)
        if value is None:
            reason = next(iter(group.reasons), "value_unknown")
            parts.append(unknown(NAMES[name], RATIO, reason).told(more=more))
        else:
            parts.append(leaf(NodeKind.EVENT, NAMES[name], RATIO, value).told(more=more))
    return total(f"{NAMES['contribution']} of {group.label}", RATIO, parts, "prices + rates + both")


@exact
def _part(one: Attributing, group: ContributionOut) -> Node:
    """Segment by segment; of one of them day by day."""
    part, asked = _as_part(one.asked.figure), one.asked
    of = _contributing(one)
    places = of.places(group.key)
    unit = one.unit if part == "gain" else RATIO
    label = f"{NAMES[part]}: {group.label}"
    if asked.part is not None or len(places) == 1:
        place = places[0] if asked.part is None else _place(one, places)
        return _unfolded(one, f"{NAMES[part]}: {of.name(place.segment)}", unit, place)
    if asked.period is not None:
        raise InvalidFields([("/query/period", "name the part it is of")])
    lines = []
    for place in places:
        terms = part_terms(of, place, part)
        if terms:
            lines.append(_segment_leaf(one, group, place, unit, terms))
    lines.sort(key=lambda line: (line.value is None, -abs(line.value or Decimal(0)), line.label))
    return total(label, unit, lines, "segment by segment")


def _as_part(figure: AttributionFigure) -> Part:
    parts: dict[str, Part] = {"local": "local", "currency": "currency", "cross": "cross"}
    return parts.get(figure, "gain")


def _place(one: Attributing, places: Sequence[Place]) -> Place:
    for place in places:
        if place.account_id == one.asked.part_account_id and str(place.segment) == one.asked.part:
            return place
    raise NotFound("no such segment of that group")


def _unfolded(one: Attributing, label: str, unit: str, place: Place) -> Node:
    asked, part = one.asked, _as_part(one.asked.figure)

    def where(period: str) -> str:
        return one.where(
            asked.figure, asked.key, part=str(place.segment), part_account_id=place.account_id,
            period=period,
        )  # fmt: skip

    terms = part_terms(_contributing(one), place, part)
    return unfolded(label, unit, terms, asked.period, where, "day by day")


def _segment_leaf(
    one: Attributing, group: ContributionOut, place: Place, unit: str, terms: Sequence[Term]
) -> Node:
    names = one.account_names
    label = _name(one, place.segment)
    if len(names) > 1:
        label = f"{label}, {names[place.account_id]}"
    more = one.where(
        one.asked.figure, group.key, part=str(place.segment), part_account_id=place.account_id
    )
    value = added(terms)
    if value is None:
        reason = next(iter(group.reasons), "value_unknown")
        return unknown(label, unit, reason).told(more=more)
    return leaf(NodeKind.EVENT, label, unit, value).told(more=more)


def _name(one: Attributing, segment: Segment) -> str:
    if isinstance(segment, str):
        return label_of(f"cash:{segment}")
    row = one.given.instruments.get(segment)
    return row.symbol if row is not None else "Holding"


def _contributing(one: Attributing) -> Contributing:
    parts = one.given.parts
    return Contributing(
        accounts=parts.accounts,
        rates=parts.rates,
        grouping=one.worked.grouping,
        steps=one.told.linked,
        days=[point.as_of for point in one.worked.of_span.span.points],
        currency=one.unit,
        name=lambda segment: _name(one, segment),
        nav=lambda place, day, unit: path("nav", on=day, **_of_place(place, unit)),
        flow=lambda place, day: path("flows", on=day, **_of_place(place, one.unit)),
    )


def _of_place(place: Place, unit: str) -> dict[str, object]:
    """A segment of an account as a slice of its own."""
    asked: dict[str, object] = {"account_id": place.account_id, "base_currency": unit}
    if isinstance(place.segment, str):
        return {**asked, "asset_class": "cash", "currency": place.segment}
    return {**asked, "instrument_id": InstrumentId(place.segment)}


@exact
def _weight(one: Attributing, group: ContributionOut) -> ExplanationOut:
    """The mean of the shares the linked days began with."""
    shown, days = group.average_weight_ratio, one.told.days[group.key]
    points, terms = one.worked.of_span.span.points, list[Term]()
    for linked in one.told.linked:
        start = linked.step.start
        mine, whole = days.values[start], points[start].nav
        if mine is None or whole is None or whole <= 0:
            continue
        terms.append(_share(one, points[start].as_of, mine, whole))
    return _mean(one, group, terms, shown)


def _share(one: Attributing, day: date, mine: Decimal, whole: Decimal) -> Term:
    def make() -> Node:
        ref = Ref(day=day)
        over = leaf(NodeKind.EVENT, "Value of the group", one.unit, mine, ref)
        under = leaf(NodeKind.EVENT, "Value of all", one.unit, whole, ref)
        under = under.told(more=path("nav", on=day, **one.asked.ways))
        return quotient(day.isoformat(), RATIO, over, under, "group ÷ all").told(ref=ref)

    return Term(day, mine / whole, make)


def _mean(
    one: Attributing, group: ContributionOut, terms: Sequence[Term], shown: Decimal | None
) -> ExplanationOut:
    asked = one.asked

    def where(period: str) -> str:
        return one.where(asked.figure, asked.key, period=period)

    summed = unfolded("Shares", RATIO, terms, asked.period, where, "share by share")
    if asked.period is not None:
        return explanation(summed.value, summed)
    if shown is None or not terms:
        return explanation(shown, unknown(NAMES["average_weight"], RATIO, "value_unknown"))
    count = constant(Decimal(len(terms)), "days")
    label = f"{NAMES['average_weight']} of {group.label}"
    made = quotient(label, RATIO, summed, count, "sum of the shares ÷ days")
    return explanation(shown, near(made, shown).told(page=PAGE))
