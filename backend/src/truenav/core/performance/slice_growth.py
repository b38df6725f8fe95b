"""One day of a slice: when what went in and what came out count."""

from dataclasses import dataclass
from decimal import Decimal

from truenav.core.money import exact

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class SliceFlow:
    """What crossed the edge of a slice on a day: on balance, and what went in of it (≥ 0)."""

    net: Decimal
    inward: Decimal

    def at_start(self, before: Decimal) -> Decimal:
        """What must have been added to `before` to pay for what went in.

        What came out pays for it first, but no more than there was: a switch of everything held
        needs no new money, units bought and sold from nothing need all of theirs. No order of a
        day's records is asked for, so it does not matter in how many accounts they stand.
        """
        outward = self.inward - self.net
        return max(ZERO, self.inward - min(outward, max(before, ZERO)))


@exact
def slice_growth(
    before: Decimal, after: Decimal, flow: SliceFlow, cost: Decimal = ZERO
) -> Decimal | None:
    """1 + r of one day of a slice; what goes in counts from the start, what comes out at the end.

        (after + out) / (before + in)

    Money at the start of the day would leave nothing to earn its result with where a position is
    sold out, and money at the end nothing where one is bought. None without capital: units that
    came for nothing, income or a charge on what was sold before; those are no rate of anything.
    """
    added = flow.at_start(before)
    invested, kept = before + added, after + cost + added - flow.net
    if not before and not after and added and not kept:
        return None  # a charge on nothing held is no total loss
    if invested > 0:
        return kept / invested if kept >= 0 else None
    return None if invested or kept else ONE
