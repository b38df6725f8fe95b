"""What differs between the versions of a linked return: the capital a rate needs, and a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a version links days of next to no capital, and what it says of unknown ones.

    Below `least`, in the currency of the values, a day's growth is 1: cents left in an account
    that earn cents would be hundreds of percent. `tells_unknown`: a return that is missing because
    values are unknown says so, even where no day broke the chain.
    """

    least: Decimal
    tells_unknown: bool

    def is_tiny(self, capital: Decimal) -> bool:
        """Whether there is capital, and too little of it to make a rate of."""
        return ZERO < capital < self.least

    def is_empty(self, value: Decimal) -> bool:
        """Whether a value is as good as nothing."""
        return value == ZERO or self.is_tiny(value)

    def unbegun(self, values: Iterable[Decimal | None]) -> str:
        """Why a chain never began, of which no value is known and above nothing."""
        is_unknown = self.tells_unknown and any(value is None for value in values)
        return "value_unknown" if is_unknown else "no_capital"


NEWEST: Final = Rules(least=ONE, tells_unknown=True)
UNTIL_2026_2: Final = Rules(least=ZERO, tells_unknown=False)
