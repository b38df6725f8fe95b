"""Rules of thumb about a portfolio: what each measures, and when it is worth a look.

They say what is, never what to do. A threshold is the tenant's own; the ones here are beginnings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from truenav.core.money import exact

Code = Literal[
    "one_currency", "largest_position", "largest_category", "one_country", "one_account",
    "one_broker", "cash_share", "fees", "emergency_fund", "unclassified", "stale_prices",
]  # fmt: skip
Unit = Literal["ratio", "months", "count"]
Direction = Literal["at_most", "at_least"]
MOST: Mapping[Unit, Decimal] = {
    "ratio": Decimal(1), "months": Decimal(120), "count": Decimal(10_000),
}  # fmt: skip


class Verdict(StrEnum):
    """What a check says."""

    OK = "ok"
    LOOK = "look"
    UNKNOWN = "unknown"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Rule:
    """A figure of a unit that should stay at most, or reach at least, a threshold."""

    threshold: Decimal
    unit: Unit = "ratio"
    direction: Direction = "at_most"


RULES: Mapping[Code, Rule] = {
    "one_currency": Rule(Decimal("0.6")),
    "largest_position": Rule(Decimal("0.2")),
    "largest_category": Rule(Decimal("0.4")),
    "one_country": Rule(Decimal("0.6")),
    "one_account": Rule(Decimal("0.7")),
    "one_broker": Rule(Decimal("0.7")),
    "cash_share": Rule(Decimal("0.25")),
    "fees": Rule(Decimal("0.01")),
    "emergency_fund": Rule(Decimal(3), "months", "at_least"),
    "unclassified": Rule(Decimal("0.1")),
    "stale_prices": Rule(Decimal(0), "count"),
}


def judge(figure: Decimal | None, threshold: Decimal, direction: Direction) -> Verdict:
    """OK when the figure keeps to the threshold, which is itself still OK; unknown without one."""
    if figure is None:
        return Verdict.UNKNOWN
    is_ok = figure <= threshold if direction == "at_most" else figure >= threshold
    return Verdict.OK if is_ok else Verdict.LOOK


def is_threshold(threshold: Decimal, unit: Unit) -> bool:
    """Whether a threshold can be one: from 0 up to the whole, ten years, or ten thousand."""
    return 0 <= threshold <= MOST[unit]


@exact
def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Part over whole; None when either is unknown, or the whole is nothing or less."""
    if part is None or whole is None or whole <= 0:
        return None
    return part / whole
