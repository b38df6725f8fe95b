"""A blend of series as one benchmark: stated weights, brought back to them on a calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from truenav.core.money import exact
from truenav.core.performance.benchmark import VERSION
from truenav.core.performance.flows import DAYS_PER_YEAR
from truenav.core.versions import versioned

ONE = Decimal(1)
ZERO = Decimal(0)


class Rebalancing(StrEnum):
    """At the end of which days the parts are brought back to their weights."""

    NEVER = "never"
    DAILY = "daily"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


@dataclass(frozen=True, slots=True)
class Part:
    """One series of a blend: its weight as a ratio (> 0), and its level on each day."""

    weight: Decimal
    levels: Sequence[Decimal | None]


@versioned(VERSION)
@exact
def blended(
    days: Sequence[date], parts: Sequence[Part], rebalancing: Rebalancing
) -> list[Decimal | None]:
    """The level of a blend on each day, 1 on the first day all its parts are known.

        L_t = L_s * sum(w_i * P_i,t / P_i,s)        s: the last day it was rebalanced on

    Args:
        days: Oldest first; n items.
        parts: Weights that add up to 1, levels in one currency; n items each.
        rebalancing: On the last day of each period, at its close. Where a part is unknown then,
            on the next day all are known.

    Returns:
        n levels; None before the first day and wherever a part is unknown.

    Raises:
        ValueError: no parts, or weights that do not add up to 1.
    Source: weights reset at the end of a period as index providers do; Bacon (2008), ch. 3.
    """
    if sum((part.weight for part in parts), ZERO) != ONE or any(p.weight <= 0 for p in parts):
        raise ValueError("the weights of a blend are positive and add up to 1")
    found: list[Decimal | None] = []
    base, since = ONE, list[Decimal]()
    is_due = False
    for place in range(len(days)):
        known = [level for level in (part.levels[place] for part in parts) if level]
        is_due = is_due or _ends_period(days, place, rebalancing)
        if len(known) < len(parts):
            found.append(None)
            continue
        since = since or known
        grown = [
            part.weight * now / was for part, now, was in zip(parts, known, since, strict=True)
        ]
        level = base * sum(grown, ZERO)
        found.append(level)
        if is_due:
            base, since, is_due = level, known, False
    return found


def _ends_period(days: Sequence[date], place: int, rebalancing: Rebalancing) -> bool:
    """Whether the next day belongs to another period; the last day ends none."""
    return place + 1 < len(days) and (
        period_of(days[place], rebalancing) != period_of(days[place + 1], rebalancing)
    )


def period_of(day: date, rebalancing: Rebalancing) -> tuple[int, int]:
    """What two days between which nothing is rebalanced have in common."""
    if rebalancing is Rebalancing.NEVER:
        return 0, 0
    if rebalancing is Rebalancing.DAILY:
        return day.year, day.toordinal()
    if rebalancing is Rebalancing.MONTHLY:
        return day.year, day.month
    if rebalancing is Rebalancing.QUARTERLY:
        return day.year, (day.month - 1) // 3
    return day.year, 0


@versioned(VERSION)
@exact
def with_spread(
    days: Sequence[date], levels: Sequence[Decimal | None], spread: Decimal
) -> list[Decimal | None]:
    """The same series with so much more a year: `CPI + 3 %` is a spread of 0.03.

        L_t * (1 + spread) ^ (days since the first / 365)

    Args:
        days: Oldest first; n items.
        levels: n items, None where unknown.
        spread: A year, as a ratio, > -1.
    """
    if not spread or not days:
        return list(levels)
    first = days[0]
    return [
        None
        if level is None
        else level * (ONE + spread) ** (Decimal((day - first).days) / Decimal(DAYS_PER_YEAR))
        for day, level in zip(days, levels, strict=True)
    ]
