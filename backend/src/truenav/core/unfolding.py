"""Long sums told by year, month and day: what is inside a year or a month is a request away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.explanation import Node, NodeKind, leaf, total, unknown
from truenav.core.money import exact

ZERO = Decimal(0)
YEARS_FROM = 25  # months; longer spans are told by year
TOLD = 60  # terms that are told one by one without being asked further
DAY, MONTH, YEAR = len("2024-03-31"), len("2024-03"), len("2024")


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a long sum, on its day; `make` tells it in full, of the same value."""

    day: date
    value: Decimal | None
    make: Callable[[], Node]


def told(node: Node, day: date) -> Term:
    """A part that is told already."""
    return Term(day, node.value, lambda: node)


@exact
def added(terms: Sequence[Term]) -> Decimal | None:
    """What they come to; None as soon as one is unknown."""
    known = [term.value for term in terms if term.value is not None]
    return sum(known, ZERO) if len(known) == len(terms) else None


@exact
def unfolded(
    label: str,
    unit: str,
    terms: Sequence[Term],
    period: str | None,
    where: Callable[[str], str],
    formula: str = "",
) -> Node:
    """The sum of the terms of a period ("2024", "2024-03"; None: of all), told by what is in it.

    Args:
        label: What it is.
        unit: Its unit.
        terms: In order of day.
        period: What of them is told.
        where: Path of the explanation of a period within.
        formula: In words.
    """
    mine = [term for term in terms if period is None or term.day.isoformat().startswith(period)]
    length = _length(mine, period)
    parts: list[Node] = []
    for name, inside in _grouped(mine, length).items():
        if length == DAY:
            parts += [term.make() for term in inside]
            continue
        value = added(inside)
        if value is None:
            parts.append(unknown(name, unit, "value_unknown").told(more=where(name)))
        else:
            parts.append(leaf(NodeKind.EVENT, name, unit, value).told(more=where(name)))
    return total(f"{label} in {period}" if period else label, unit, parts, formula)


def _length(terms: Sequence[Term], period: str | None) -> int:
    if len(terms) <= TOLD or (period is not None and len(period) >= MONTH):
        return DAY
    months = {term.day.isoformat()[:MONTH] for term in terms}
    return MONTH if period is not None or len(months) < YEARS_FROM else YEAR


def _grouped(terms: Sequence[Term], length: int) -> dict[str, list[Term]]:
    grouped: dict[str, list[Term]] = {}
    for term in terms:
        grouped.setdefault(term.day.isoformat()[:length], []).append(term)
    return grouped
