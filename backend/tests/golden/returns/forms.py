"""What a case of a published return is made of: inputs, the figure printed, where to read it.

Facts and figures only. Every `source` is an address somebody can open, with what is printed there;
the few worked by hand say their arithmetic instead. Figures are compared at the digits a source
prints, or at fewer where its own search stops earlier.
"""

from dataclasses import dataclass
from datetime import date, timedelta

Flows = tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Linked:
    """Closing values and flows of consecutive days; the time-weighted return in percent."""

    name: str
    source: str
    values: str
    flows: str
    percent: str
    timing: str = "start_of_day"


@dataclass(frozen=True)
class Chain:
    """Returns of consecutive periods in percent; the return of them all in percent."""

    name: str
    source: str
    percents: str
    percent: str


@dataclass(frozen=True)
class Annual:
    """Growth of consecutive periods, and the days they took; the return a year in percent."""

    name: str
    source: str
    growths: str
    day_count: int
    percent: str


@dataclass(frozen=True)
class Dietz:
    """One period: (days since it began, amount) of each flow; the return in percent."""

    name: str
    source: str
    opening: str
    closing: str
    flows: tuple[tuple[int, str], ...]
    day_count: int
    percent: str


@dataclass(frozen=True)
class Dated:
    """Flows from the investor's side; the money-weighted return a year in percent.

    No percent: the source says there is none.
    """

    name: str
    source: str
    flows: Flows
    percent: str | None


@dataclass(frozen=True)
class Fall:
    """Levels in order; the worst fall in percent."""

    name: str
    source: str
    levels: str
    percent: str


def yearly(*amounts: str) -> Flows:
    """Amounts a year of 365 days apart."""
    return tuple(
        (date(2001, 1, 1) + timedelta(days=365 * place), amount)
        for place, amount in enumerate(amounts)
    )


def dated(text: str) -> Flows:
    """`2008-01-01:-10000 2008-03-01:2750` as days and amounts."""
    pairs = [part.split(":") for part in text.split()]
    return tuple((date.fromisoformat(day), amount) for day, amount in pairs)
