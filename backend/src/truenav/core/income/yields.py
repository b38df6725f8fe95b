"""What income is, measured against a price or a cost; null with a reason where nobody can say.

Formulas: docs/calculations/income.md, after `domain.md` section 8 (trailing, forward, on cost).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.income.pattern import YEAR, Distribution, Pattern, pattern_of
from truenav.core.income.received import VERSION
from truenav.core.money import exact
from truenav.core.versions import versioned

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Yield:
    """A ratio of a year's income (0.03 is 3 %), or the code of why there is none."""

    ratio: Decimal | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Yields:
    """Of one instrument, before tax. `trailing` and `forward` are cash for a unit in a year."""

    trailing: Decimal | None
    forward: Decimal | None
    trailing_yield: Yield
    forward_yield: Yield
    yield_on_cost: Yield
    frequency: int | None


def trailing_events(history: Sequence[Distribution], as_of: date) -> list[Distribution]:
    """Regular payments that went ex in the 365 days up to a day."""
    return [d for d in history if not d.is_special and as_of - YEAR < d.ex_date <= as_of]


@versioned(VERSION)
@exact
def yields_of(
    history: Sequence[Distribution] | None,
    price: Decimal | None,
    average_cost: Decimal | None,
    as_of: date,
) -> Yields:
    """The three yields of one instrument.

    Args:
        history: Its payments, announced ones included, in the currency of the price; None when
            a rate between the two is not known.
        price: Of one unit.
        average_cost: Of one unit held, in the same currency; None when it is not known.
        as_of: The day of the price.

    Trailing: regular payments with an ex-date in the last 365 days. Forward: the last regular
    amount, announced or paid, times how many there are in a year. On cost: trailing over cost.
    """
    if history is None:
        return _unknown("fx_missing")
    if not history:
        return _unknown("no_dividends_known")
    trailing = sum((d.per_unit for d in trailing_events(history, as_of)), ZERO)
    pattern = pattern_of(history)
    forward, reason = _forward(pattern, as_of)
    return Yields(
        trailing=trailing,
        forward=forward,
        trailing_yield=_over(trailing, price, "price_missing"),
        forward_yield=Yield(None, reason) if reason else _over(forward, price, "price_missing"),
        yield_on_cost=_over(trailing, average_cost, "cost_unknown"),
        frequency=pattern.frequency if pattern else None,
    )


def _forward(pattern: Pattern | None, as_of: date) -> tuple[Decimal | None, str | None]:
    if pattern is None:
        return None, "no_regular_dividends"
    if pattern.has_stopped(as_of):
        return None, "payments_stopped"
    return pattern.last.per_unit * pattern.frequency, None


def _over(amount: Decimal | None, whole: Decimal | None, missing: str) -> Yield:
    if amount is None or whole is None:
        return Yield(None, missing)
    if whole <= 0:
        return Yield(None, "nothing_to_divide_by")
    return Yield(amount / whole)


def _unknown(reason: str) -> Yields:
    none = Yield(None, reason)
    return Yields(
        trailing=None, forward=None, trailing_yield=none, forward_yield=none, yield_on_cost=none,
        frequency=None,
    )  # fmt: skip
