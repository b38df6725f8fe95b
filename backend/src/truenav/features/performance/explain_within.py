"""Why a part of a span returned what it did: a month, a year, a window that rolls.

A part is told from the chain of the whole span, as its page has it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from truenav.core.explanation import RATIO, Node, constant, minus, shown, unknown
from truenav.core.money import exact
from truenav.core.performance.explaining import Link, growth_of
from truenav.features.performance.explain_returns import PLACES, ReturnAsked, linked_node, within
from truenav.features.performance.months import Part, part_ratio, window_ratio, windows_of
from truenav.features.performance.service import Measured, rounded, why_untold
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import InvalidFields

ONE = Decimal(1)
MONTH = len("2024-03")


def explain_part(asked: ReturnAsked, since: date, until: date) -> ExplanationOut:
    """The return from the close of one day of the span to that of another, as months have it.

    Raises:
        InvalidFields: they are no two days of the span in order.
    """
    place = {point.as_of: index for index, point in enumerate(asked.span.points)}
    if since not in place or until not in place or since >= until:
        raise InvalidFields([("/query/since", "name two days of the span in order")])
    part = Part(place[since], place[until])
    ratio, reason = part_ratio(asked.found, part)
    return _told(_held(asked, part), (since, until), (ratio, reason))


def explain_rolling(asked: ReturnAsked, months: int, on: date) -> ExplanationOut:
    """The return of the months before a day, as the rolling returns have it."""
    points = asked.span.points
    part = next((p for p in windows_of(asked.found, months) if points[p.end].as_of == on), None)
    if part is None:
        return explanation(None, unknown("Return", RATIO, "span_shorter_than_window"))
    ratio = window_ratio(asked.found, part)
    reason = _why_none(asked.found, part) if ratio is None else None
    return _told(asked, (points[part.base].as_of, on), (ratio, reason))


def _why_none(found: Measured, part: Part) -> str:
    """Why a window has no return: the chain broke, began later, or a value is not known."""
    index, points = found.index, found.span.points
    if index.growth[part.base] == 0:
        return "total_loss"
    if index.broken_on is not None and points[part.end].as_of >= index.broken_on:
        return index.reason or "value_unknown"
    ends = (points[part.base], points[part.end])
    return "value_unknown" if any(point.nav is None for point in ends) else "no_capital"


def _held(asked: ReturnAsked, part: Part) -> ReturnAsked:
    """The same where the chain holds; after a break of the part's own days alone."""
    growth = asked.found.index.growth
    if growth[part.base] and growth[part.end] is not None:
        return asked
    given = asked.found.given
    kept = slice(part.base, part.end + 1)
    own = replace(
        given,
        points=given.points[kept],
        costs=given.costs[kept] if given.costs is not None else None,
    )
    return replace(asked, found=replace(asked.found, given=own))


@exact
def _told(
    asked: ReturnAsked, days: tuple[date, date], told: tuple[Decimal | None, str | None]
) -> ExplanationOut:
    asked = replace(asked, inside=days)
    found, broken = asked.links()
    if asked.period is not None:
        growth = growth_of(within(found, asked.period))
        label = f"Growth in {asked.period}"
        return explanation(growth, linked_node(asked, found, label, asked.period))
    ratio, reason = told
    figure, reason = rounded(ratio), why_untold(ratio) or reason
    note = f"from the close of {days[0].isoformat()} to that of {days[1].isoformat()}"
    if figure is None:
        return explanation(None, _unknown(broken, reason or "value_unknown").told(note=note))
    grown = linked_node(asked, found, "Growth of 1", _month(found))
    made = minus("Time-weighted return", RATIO, (grown, constant(ONE, "less 1")), "growth − 1")
    return explanation(figure, shown(made.told(page="twrr", note=note), PLACES))


def _unknown(broken: Node | None, reason: str) -> Node:
    """What breaks the chain, where that is why; else the reason alone."""
    if broken is not None and broken.unknown_reason == reason:
        return broken
    return unknown("Time-weighted return", RATIO, reason).told(page="twrr")


def _month(found: Sequence[Link]) -> str | None:
    """The one month all days are of: it is told by day at once."""
    months = {link.after.as_of.isoformat()[:MONTH] for link in found}
    return months.pop() if len(months) == 1 else None
