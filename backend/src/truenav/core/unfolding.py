"""Long sums told by year, month and day: what is inside a year or a month is a request away."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from truenav.core.explanation import RATIO, Node, NodeKind, count_of, leaf, total, unknown
from truenav.core.money import exact

T = TypeVar("T")
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
    mine = within(terms, _day, period)
    if len(mine) <= TOLD:
        parts: list[Node] = [term.make() for term in mine]
        return total(_named(label, period), unit, parts, formula)
    parts = []
    for name, inside in grouped(mine, _day, period).items():
        if len(name) == DAY:
            parts += [term.make() for term in inside]
            continue
        value = added(inside)
        if value is None:
            parts.append(unknown(name, unit, "value_unknown").told(more=where(name)))
        else:
            parts.append(leaf(NodeKind.EVENT, name, unit, value).told(more=where(name)))
    return total(_named(label, period), unit, parts, formula)


@exact
def counted(
    label: str,
    days: Sequence[date],
    make: Callable[[int], Node],
    period: str | None,
    where: Callable[[str], str],
    formula: str = "",
) -> Node:
    """How many there are in a period: each told, or how many in each month or year within.

    Args:
        label: What is counted.
        days: Of each one, in order.
        make: Tells the one at a place of `days`.
        period: What of them is told.
        where: Path of the explanation of a period within.
        formula: In words.
    """
    mine = within(range(len(days)), days.__getitem__, period)
    if len(mine) <= TOLD:
        return count_of(_named(label, period), [make(place) for place in mine], formula)
    parts = [
        leaf(NodeKind.EVENT, name, RATIO, Decimal(len(inside))).told(more=where(name))
        for name, inside in grouped(mine, days.__getitem__, period).items()
    ]
    return total(_named(label, period), RATIO, parts, formula)


def _named(label: str, period: str | None) -> str:
    return f"{label} in {period}" if period else label


def _day(term: Term) -> date:
    return term.day


def within(items: Iterable[T], day_of: Callable[[T], date], period: str | None) -> list[T]:
    """Those of a period; all without one."""
    return [one for one in items if period is None or day_of(one).isoformat().startswith(period)]


def grouped(
    items: Iterable[T], day_of: Callable[[T], date], period: str | None
) -> dict[str, list[T]]:
    """By day within a month or a day, by month within a year; without a period by month or year."""
    mine = within(items, day_of, period)
    length = _length([day_of(one) for one in mine], period)
    found: dict[str, list[T]] = {}
    for one in mine:
        found.setdefault(day_of(one).isoformat()[:length], []).append(one)
    return found


def _length(days: Iterable[date], period: str | None) -> int:
    if period is not None:
        return DAY if len(period) >= MONTH else MONTH
    return MONTH if len({day.isoformat()[:MONTH] for day in days}) < YEARS_FROM else YEAR
