"""What an instrument pays in a year, and whether it still does.

A year of regular payments is repeated by its ex-dates (docs/calculations/income.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.valuation.series import FxTable

# So much later than a year ago a payment may go ex before it counts as suspended.
LATE = timedelta(days=45)
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Cash for one unit as units are counted today, before tax, in `currency`."""

    ex_date: date
    pay_date: date | None
    per_unit: Decimal
    currency: str
    is_special: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """The regular payments of a year up to the last one, by ex-date; at least one."""

    events: Sequence[Distribution]
    tolerance: timedelta

    @property
    def last(self) -> Distribution:
        """The newest regular one."""
        return self.events[-1]

    @property
    def frequency(self) -> int:
        """How many there are in a year."""
        return len(self.events)

    @property
    def next_expected(self) -> date:
        """When the next one would go ex if the year repeats itself."""
        return min(later(event.ex_date, 1) for event in self.events)

    def has_stopped(self, as_of: date) -> bool:
        """Whether the next payment is overdue by more than `LATE`: cut off, or suspended."""
        return as_of > self.next_expected + LATE


def later(day: date, years: int) -> date:
    """The same day some years on; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def pattern_of(history: Iterable[Distribution]) -> Pattern | None:
    """The year that is repeated; None when no regular payment is known.

    It ends with the newest regular payment, announced ones included. A payment of a year before
    that one already stands for is left out: within half the usual time between payments, at most
    45 days.
    """
    regular = sorted((d for d in history if not d.is_special), key=lambda d: d.ex_date)
    if not regular:
        return None
    last = regular[-1]
    recent = [d for d in regular if later(d.ex_date, 1) > last.ex_date]
    tolerance = min(LATE, YEAR / len(recent) / 2)
    kept = [
        d for d in recent if d is last or later(d.ex_date, 1) - last.ex_date > tolerance
    ]  # fmt: skip
    return Pattern(kept, tolerance)


def repeated(pattern: Pattern, as_of: date, through: date) -> list[Distribution]:
    """Payments to expect with an ex-date after `as_of` and cash by `through`, in order.

    Each is the last regular amount, on the day of a payment of the year; none once it has stopped.
    """
    if pattern.has_stopped(as_of):
        return []
    found = []
    for event in pattern.events:
        for years in range(1, through.year - event.ex_date.year + 1):
            ex_date = later(event.ex_date, years)
            paid = event.pay_date and ex_date + (event.pay_date - event.ex_date)
            if ex_date > max(as_of, pattern.last.ex_date) and (paid or ex_date) <= through:
                found.append(replace(pattern.last, ex_date=ex_date, pay_date=paid))
    return sorted(found, key=lambda d: d.ex_date)


def not_told_yet(
    expected: Sequence[Distribution], told: Iterable[date], tolerance: timedelta
) -> list[Distribution]:
    """Estimates without those a declared or paid event stands for: each takes the nearest one.

    Args:
        expected: Estimates of one instrument.
        told: Ex-dates of its regular events that are declared or paid.
        tolerance: How far apart the two may be.
    """
    left = list(expected)
    for day in sorted(told):
        near = [d for d in left if abs(d.ex_date - day) <= tolerance]
        if near:
            left.remove(min(near, key=lambda d: (abs(d.ex_date - day), d.ex_date)))
    return left


@exact
def in_currency(
    history: Iterable[Distribution], fx: FxTable, currency: str, day: date
) -> list[Distribution] | None:
    """The same at one day's rates; None when a rate is not known."""
    found = []
    for event in history:
        rate = fx.rate(event.currency, currency, day)
        if rate is None:
            return None
        found.append(replace(event, per_unit=event.per_unit * rate, currency=currency))
    return found


@exact
def per_unit_today(
    amount: Decimal, ex_date: date, splits: Iterable[tuple[date, Decimal]]
) -> Decimal:
    """An amount for a unit of its day as one for a unit of today.

    Args:
        amount: Cash for one unit as it was on `ex_date`.
        ex_date: Of the payment; a split of the same day came first.
        splits: (ex-date, new units for one old) up to today.
    """
    for day, ratio in splits:
        if day > ex_date:
            amount /= ratio
    return amount
