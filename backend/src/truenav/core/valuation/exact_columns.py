"""Days and exact closes in arrays of whole numbers: years of a series without an object a day.

12.34 is kept as 1234 at 2 places, so nothing is rounded, and a product of units and closes is one
of whole numbers as long as it fits in 64 bits. Whoever asks for a decimal gets one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from truenav.core.money import exact

Whole = NDArray[np.int64]
LARGEST: Final = 2**63 - 1
# a decimal of a column looks as the database gives it: at 18 places
KEPT_PLACES: Final = 18


@dataclass(frozen=True, slots=True, eq=False)
class DayColumn(Sequence[date]):
    """Days, each as its number in the calendar (`date.toordinal`)."""

    ordinals: Whole

    @overload
    def __getitem__(self, index: int) -> date: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[date]: ...
    def __getitem__(self, index: int | slice) -> date | Sequence[date]:
        if isinstance(index, slice):
            return DayColumn(self.ordinals[index])
        return date.fromordinal(int(self.ordinals[index]))

    def __len__(self) -> int:
        return len(self.ordinals)

    def __iter__(self) -> Iterator[date]:
        return map(date.fromordinal, self.ordinals.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list


@dataclass(frozen=True, slots=True, eq=False)
class ExactColumn(Sequence[Decimal]):
    """Decimals as whole numbers of one step: `wholes` × 10^-`places`, at most 18 places."""

    wholes: Whole
    places: int

    @overload
    def __getitem__(self, index: int) -> Decimal: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Decimal]: ...
    def __getitem__(self, index: int | slice) -> Decimal | Sequence[Decimal]:
        if isinstance(index, slice):
            return ExactColumn(self.wholes[index], self.places)
        return _decimal(int(self.wholes[index]) * 10 ** (KEPT_PLACES - self.places), KEPT_PLACES)

    def __len__(self) -> int:
        return len(self.wholes)

    def __iter__(self) -> Iterator[Decimal]:
        factor = 10 ** (KEPT_PLACES - self.places)
        return iter(decimals([whole * factor for whole in self.wholes.tolist()], KEPT_PLACES))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list

    def at(self, places: int) -> Whole | None:
        """The whole numbers at more places; None where one of them would not fit."""
        factor = 10 ** (places - self.places)
        if len(self.wholes) and int(np.abs(self.wholes).max()) * factor > LARGEST:
            return None
        return self.wholes * np.int64(factor)


def column_of(wholes: Whole, places: int) -> ExactColumn:
    """The same numbers at as few places as say them, so that products stay small."""
    while places and not np.any(wholes % 10):
        wholes, places = wholes // 10, places - 1
    return ExactColumn(wholes, places)


def joined(columns: Sequence[Sequence[Decimal]]) -> ExactColumn | None:
    """Columns after each other; None where one is none, or they do not fit at common places."""
    exact = []
    for one in columns:
        if not isinstance(one, ExactColumn):
            return None
        exact.append(one)
    places = max(one.places for one in exact)
    wholes = []
    for one in exact:
        if (scaled := one.at(places)) is None:
            return None
        wholes.append(scaled)
    return ExactColumn(np.concatenate(wholes), places)


@exact
def decimals(wholes: Sequence[int], places: int) -> list[Decimal]:
    """Whole numbers of one step as decimals."""
    return [Decimal(whole).scaleb(-places) for whole in wholes]


@exact
def _decimal(whole: int, places: int) -> Decimal:
    return Decimal(whole).scaleb(-places)


@exact
def as_wholes(values: Sequence[Decimal]) -> tuple[list[int], int]:
    """Decimals as whole numbers at the fewest places that say all of them."""
    ends = [value.normalize().as_tuple().exponent for value in values]
    places = max([0, *(-end for end in ends if isinstance(end, int))])
    return [int(value.scaleb(places)) for value in values], places
