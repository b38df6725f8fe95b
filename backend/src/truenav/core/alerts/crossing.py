"""One rule looking at one figure: a crossing is told once, and not again before it is undone.

A rule waits until the figure reaches its threshold, tells of it, and is past it. It waits again
only once the figure has gone back by more than a band, so that a figure that trembles around its
threshold is told once. What is not known changes nothing. docs/alerts.md
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from truenav.core.money import exact

# Of a rule's own threshold: how far a figure has to go back before it can cross again.
LEVEL_BAND = Decimal("0.005")
RATIO_BAND = Decimal("0.1")


class Direction(StrEnum):
    """Which way a figure has to go."""

    ABOVE = "above"
    BELOW = "below"


class Side(StrEnum):
    """Where a rule stands: waiting for its threshold, or past it."""

    WAITING = "waiting"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Line:
    """What a figure has to reach, how far it has to go back, and how often at most to tell."""

    direction: Direction
    threshold: Decimal
    band: Decimal
    cool_down: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Watch:
    """What a rule remembers. `side` is None until it saw the figure once."""

    side: Side | None = None
    seen_at: datetime | None = None
    fired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """A figure, and the instant it was true at; None while it is unknown."""

    value: Decimal | None
    as_of: datetime


@exact
def band_of(threshold: Decimal, share: Decimal) -> Decimal:
    """How far a figure has to go back: a share of the threshold, without its sign."""
    return abs(threshold) * share


@exact
def is_past(line: Line, value: Decimal) -> bool:
    """Whether a figure has reached the threshold."""
    if line.direction is Direction.ABOVE:
        return value >= line.threshold
    return value <= line.threshold


@exact
def is_back(line: Line, value: Decimal) -> bool:
    """Whether a figure has gone back by more than the band."""
    if line.direction is Direction.ABOVE:
        return value < line.threshold - line.band
    return value > line.threshold + line.band


def step(
    line: Line, watch: Watch, sight: Sight, now: datetime, snoozed_until: datetime | None = None
) -> tuple[Watch, bool]:
    """What a rule remembers after it saw a figure, and whether it tells of it now.

    What it sees first only says where it stands: nothing was seen to cross. While it is snoozed,
    and until the cool-down after the last time it told has ended, it goes on waiting: where the
    figure is still past the threshold then, it tells then. A figure older than the last one is
    not looked at.
    """
    is_older = watch.seen_at is not None and sight.as_of < watch.seen_at
    if sight.value is None or is_older:
        return watch, False
    seen = replace(watch, seen_at=sight.as_of)
    if watch.side is None:
        side = Side.PAST if is_past(line, sight.value) else Side.WAITING
        return replace(seen, side=side), False
    if watch.side is Side.PAST:
        side = Side.WAITING if is_back(line, sight.value) else Side.PAST
        return replace(seen, side=side), False
    if not is_past(line, sight.value) or _is_quiet(line, watch, now, snoozed_until):
        return seen, False
    return replace(seen, side=Side.PAST, fired_at=now), True


def _is_quiet(line: Line, watch: Watch, now: datetime, snoozed_until: datetime | None) -> bool:
    if snoozed_until is not None and now < snoozed_until:
        return True
    return watch.fired_at is not None and now < watch.fired_at + line.cool_down
