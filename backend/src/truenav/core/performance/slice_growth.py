"""One day of a slice: when what went in and what came out count."""

from dataclasses import dataclass
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.performance.rules import NEWEST, Rules

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class SliceFlow:
    """What crossed the edge of a slice on a day, on balance; and what turned within parts of it.

    `turned` (≥ 0) went into instruments and came out of the same ones: units bought and sold on
    one day, a dividend and what was bought for it.
    """

    net: Decimal
    turned: Decimal = ZERO

    def at_start(self, before: Decimal) -> Decimal:
        """What must have been added to `before` for what went in.

        A sale of one part pays for another: a switch of everything held needs no new money. What
        turned within a part needs as much as there was not: units bought and sold from nothing
        need all of theirs. No order of a day's records is asked for.
        """
        return max(ZERO, self.net) + max(ZERO, self.turned - max(before, ZERO))


@exact
def slice_growth(
    before: Decimal,
    after: Decimal,
    flow: SliceFlow,
    cost: Decimal = ZERO,
    rules: Rules = NEWEST,
) -> Decimal | None:
    """1 + r of one day of a slice; what goes in counts from the start, what comes out at the end.

        (after + out) / (before + in)

    Money at the start of the day would leave nothing to earn its result with where a position is
    sold out, and money at the end nothing where one is bought. None without capital: units that
    came for nothing, income or a charge on what was sold before; those are no rate of anything.
    1 with too little capital to make a rate of.
    """
    added = flow.at_start(before)
    invested, kept = before + added, after + cost + added - flow.net
    if not before and not after and added and not kept:
        return None  # a charge on nothing held is no total loss
    if invested > 0:
        if kept < 0:
            return None
        return ONE if rules.is_tiny(invested) else kept / invested
    return None if invested or kept else ONE
