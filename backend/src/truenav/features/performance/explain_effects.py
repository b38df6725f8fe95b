"""Why a portfolio did otherwise than its benchmark: each effect, day by day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from truenav.core.explanation import RATIO, Node, NodeKind, leaf, minus, total, unknown
from truenav.core.money import exact
from truenav.core.performance.explaining_effects import FORMULAS, Beside, Effect, effect_terms
from truenav.core.unfolding import unfolded
from truenav.features.performance.attribution import Worked
from truenav.features.performance.attribution_schemas import (
    AttributionOut,
    ComparisonOut,
    EffectsOut,
)
from truenav.features.performance.blends_given import GivenBlend
from truenav.features.performance.comparison import stepwise
from truenav.features.valuation.explain_overview import near
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import InvalidFields, NotFound

PAGE: Final = "attribution"
MANY: Final = Decimal("1E-7")  # what many figures of ten places can differ by from their sum
EFFECTS: Final[tuple[Effect, ...]] = ("allocation", "selection", "interaction")
EFFECT_FIGURES: Final = frozenset({*EFFECTS, "effect", "excess", "effects_residual"})
NAMES: Final[Mapping[str, str]] = {
    "allocation": "Allocation", "selection": "Selection", "interaction": "Interaction",
    "effect": "All effects", "excess": "Against the benchmark",
    "effects_residual": "Not told by groups",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """A page with a comparison, and which of its figures is asked for."""

    worked: Worked
    labels: Mapping[str, str]
    page: AttributionOut
    blend: GivenBlend
    figure: str
    key: str | None
    period: str | None
    where: Callable[..., str]


@exact
def explain_effect(one: Comparing) -> ExplanationOut:
    """The effect as the page shows it, and where it comes from.

    Raises:
        NotFound: no such group.
        InvalidFields: an effect of a group without its name, or a period of what has none.
    """
    found = one.page.comparison
    name = NAMES[one.figure]
    if found is None or found.reason is not None:
        reason = found.reason if found is not None else None
        return explanation(None, unknown(name, RATIO, reason or "value_unknown"))
    if one.period is not None and one.figure not in EFFECTS:
        raise InvalidFields([("/query/period", "this figure has no periods within")])
    if one.figure in {"excess", "effects_residual"}:
        return _of_all(one, found)
    if one.key is None:
        raise InvalidFields([("/query/key", "name the group")])
    group = next((group for group in found.groups if group.key == one.key), None)
    if group is None:
        raise NotFound("no such group in this comparison")
    if one.figure == "effect":
        parts = [_leaf(one, group, effect) for effect in EFFECTS]
        made = total(f"{name}: {group.label}", RATIO, parts, "allocation + selection + interaction")
        return explanation(group.total_ratio, near(made, group.total_ratio).told(page=PAGE))
    return _daily(one, group)


@exact
def _daily(one: Comparing, group: EffectsOut) -> ExplanationOut:
    of_span, steps, days = one.worked.of_span, one.worked.steps, one.worked.told.days
    made = stepwise(of_span, steps, days, one.blend)
    effect = next(name for name in EFFECTS if name == one.figure)
    beside = Beside(
        periods=made.periods if made is not None else [],
        groups=days,
        members=one.blend.members,
        names=[part.symbol for part in one.blend.parts],
        weights=made.weights if made is not None else [],
        steps=steps.items,
        days=[point.as_of for point in of_span.span.points],
        currency=one.page.currency,
        labels={**one.labels, group.key: group.label},
    )
    terms = effect_terms(beside, group.key, effect)
    label = f"{NAMES[effect]}: {group.label}"

    def where(period: str) -> str:
        return one.where(one.figure, one.key, period=period)

    node = unfolded(label, RATIO, terms, one.period, where, FORMULAS[effect])
    if one.period is not None:
        return explanation(node.value, node)
    shown = _shown(group, effect)
    return explanation(shown, near(node, shown).told(page=PAGE))


def _shown(group: EffectsOut, effect: str) -> Decimal:
    found: Decimal = getattr(group, f"{effect}_ratio")
    return found


def _leaf(one: Comparing, group: EffectsOut, effect: Effect) -> Node:
    made = leaf(NodeKind.EVENT, NAMES[effect], RATIO, _shown(group, effect))
    return made.told(more=one.where(effect, group.key))


@exact
def _of_all(one: Comparing, found: ComparisonOut) -> ExplanationOut:
    """The difference of both returns; and what of it no group tells."""
    own, other = found.portfolio_ratio, found.benchmark_ratio
    name = NAMES[one.figure]
    if own is None or other is None:
        return explanation(None, unknown(name, RATIO, "value_unknown"))
    parts = [
        leaf(NodeKind.EVENT, "Return of the portfolio", RATIO, own).told(more=one.where("total")),
        leaf(NodeKind.EVENT, "Return of the benchmark", RATIO, other),
    ]
    formula = "the portfolio's return − the benchmark's"
    if one.figure == "effects_residual":
        parts += [
            leaf(NodeKind.EVENT, group.label, RATIO, group.total_ratio).told(
                more=one.where("effect", group.key)
            )
            for group in found.groups
        ]
        formula = f"{formula} − the effects of every group"
    shown = found.excess_ratio if one.figure == "excess" else found.residual_ratio
    made = minus(name, RATIO, parts, formula)
    return explanation(shown, near(made, shown, MANY).told(page=PAGE))
