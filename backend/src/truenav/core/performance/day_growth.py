"""One day of a portfolio: when its flow counts, what it began with, and what became of that."""

from decimal import Decimal

from truenav.core.money import exact
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.rules import NEWEST, Rules

ZERO, ONE = Decimal(0), Decimal(1)


def counted_timing(
    before: Decimal, flow: Decimal, timing: FlowTiming, rules: Rules = NEWEST
) -> FlowTiming:
    """When a day's flow counts: as asked, unless that would leave a day without capital.

    Everything taken out at the start of a day leaves nothing to earn its result with: it counts
    at the end. What comes to an empty portfolio counts from the start. Too little to make a rate
    of is as good as nothing.
    """
    if timing is FlowTiming.START_OF_DAY:
        left = before + flow
        is_emptied = before > 0 and flow < 0 and (left <= 0 or rules.is_tiny(left))
        return FlowTiming.END_OF_DAY if is_emptied else timing
    return FlowTiming.START_OF_DAY if rules.is_empty(before) and flow > 0 else timing


@exact
def day_capital(
    before: Decimal, flow: Decimal, timing: FlowTiming, rules: Rules = NEWEST
) -> Decimal:
    """What a day's result is divided by: the value before, and the flow that counts from then."""
    is_start = counted_timing(before, flow, timing, rules) is FlowTiming.START_OF_DAY
    return before + flow if is_start else before


@exact
def day_growth(  # a day's figures, and how it is linked
    before: Decimal,
    after: Decimal,
    flow: Decimal,
    timing: FlowTiming,
    cost: Decimal = ZERO,
    rules: Rules = NEWEST,
) -> Decimal | None:
    """1 + r of one day; 1 for a day without capital at both ends; None when undefined.

    It is 1 of a day with too little capital to make a rate of, too. `cost` (> 0) was paid out of
    the value and is added back: a return before costs.
    """
    is_start = counted_timing(before, flow, timing, rules) is FlowTiming.START_OF_DAY
    invested, kept = (before + flow, after + cost) if is_start else (before, after + cost - flow)
    if invested > 0:
        if kept < 0:
            return None
        return ONE if rules.is_tiny(invested) else kept / invested
    return None if invested or kept else ONE
