"""One amount in several currencies at once: as traded, and at the rate of its own day in others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce

from truenav.core.money import COST_STEP

ZERO = Decimal(0)
Other = Decimal | None
RateOn = Callable[[date, str, str], Decimal | None]


@dataclass(frozen=True, slots=True)
class Amounts:
    """An amount as traded and, in a fixed order, in other currencies; None without a rate.

    Adding, subtracting and dividing never mixes currencies, so cost in each of them stays what
    its own days' rates made it.
    """

    traded: Decimal = ZERO
    others: tuple[Other, ...] = ()

    def __add__(self, more: "Amounts") -> "Amounts":
        return Amounts(self.traded + more.traded, _each(_plus, self.others, more.others))

    def __sub__(self, less: "Amounts") -> "Amounts":
        return Amounts(self.traded - less.traded, _each(_minus, self.others, less.others))

    def __neg__(self) -> "Amounts":
        return Amounts(
            -self.traded, tuple(None if other is None else -other for other in self.others)
        )

    def share(self, part: Decimal, whole: Decimal) -> "Amounts":
        """This × part / whole at 18 places; all of it when the part is the whole."""
        if part == whole:
            return self
        traded = (self.traded * part / whole).quantize(COST_STEP)
        if not self.others:
            return Amounts(traded)
        return Amounts(
            traded,
            tuple(
                None if other is None else (other * part / whole).quantize(COST_STEP)
                for other in self.others
            ),
        )

    def least(self, other: "Amounts") -> "Amounts":
        """The smaller of the two in each currency."""
        return Amounts(min(self.traded, other.traded), _each(_least, self.others, other.others))

    def above_zero(self) -> "Amounts":
        """This where it is above zero, else nothing."""
        return Amounts(
            max(self.traded, ZERO),
            tuple(None if other is None else max(other, ZERO) for other in self.others),
        )

    def nothing(self) -> "Amounts":
        """Zero in the same currencies."""
        return Amounts(ZERO, (ZERO,) * len(self.others))

    def unknown(self) -> "Amounts":
        """Zero as traded, a placeholder, and unknown in the others."""
        return Amounts(ZERO, (None,) * len(self.others))


def _each(
    merge: Callable[[Decimal, Decimal], Decimal], left: Sequence[Other], right: Sequence[Other]
) -> tuple[Other, ...]:
    if not left and not right:
        return ()
    return tuple(
        None if one is None or other is None else merge(one, other)
        for one, other in zip(left, right, strict=True)
    )


def _plus(left: Decimal, right: Decimal) -> Decimal:
    return left + right


def _minus(left: Decimal, right: Decimal) -> Decimal:
    return left - right


def _least(left: Decimal, right: Decimal) -> Decimal:
    return min(left, right)


def total(amounts: Iterable[Amounts]) -> Amounts:
    """The sum; of nothing it is zero in no other currency."""
    found = list(amounts)
    return reduce(Amounts.__add__, found) if found else Amounts()


def apportion(amount: Amounts, units: Sequence[Decimal]) -> list[Amounts]:
    """Spread an amount in proportion; the last part takes the remainder, so it adds up exactly."""
    shares: list[Amounts] = []
    whole = sum(units, ZERO)
    left = amount
    for part in units[:-1]:
        share = amount.share(part, whole)
        shares.append(share)
        left = left - share
    return [*shares, left] if units else []


def _no_rate(_day: date, _source: str, _target: str) -> Decimal | None:
    return None


@dataclass(frozen=True, slots=True)
class CostCurrencies:
    """In which currencies beside the traded one costs are kept, and at which rates.

    `rate_on(day, source, target)` is units of target for one unit of source, None when unknown.
    """

    codes: tuple[str, ...] = ()
    rate_on: RateOn = _no_rate

    def amounts(self, amount: Decimal, currency: str, day: date) -> Amounts:
        """`amount` as traded on `day`, and in every other currency at that day's rate."""
        if not self.codes:
            return Amounts(amount)
        return Amounts(
            amount, tuple(self._converted(amount, currency, code, day) for code in self.codes)
        )

    def _converted(self, amount: Decimal, source: str, target: str, day: date) -> Other:
        if source == target:
            return amount
        if not amount:
            return ZERO
        rate = self.rate_on(day, source, target)
        return None if rate is None else (amount * rate).quantize(COST_STEP)
