"""Time-weighted return as version 2026.1 meant it: everything taken out ends the chain.

Kept beside the present meaning (`twrr.py`) for reports that were made with it. It knows neither
returns before costs nor a bridge over unknown values.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from truenav.core.money import exact
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.twrr import ReturnIndex
from truenav.core.versions import Version, versioned

ONE = Decimal(1)
ZERO = Decimal(0)
VERSION: Final = Version(
    "twrr", "2026.1", date(2026, 11, 23),
    "The first. A day's flow counts as asked, so a day on which everything is taken out leaves"
    " nothing to earn a result with: the return is unknown from there on.",
)  # fmt: skip


@exact
def day_growth(
    before: Decimal, after: Decimal, flow: Decimal, timing: FlowTiming
) -> Decimal | None:
    """1 + r of one day; 1 for a day without capital at both ends; None when undefined."""
    is_start = timing is FlowTiming.START_OF_DAY
    invested, kept = (before + flow, after) if is_start else (before, after - flow)
    if invested > 0:
        return kept / invested if kept >= 0 else None
    return None if invested or kept else ONE


@versioned(VERSION)
@exact
def return_index(
    days: Sequence[date],
    values: Sequence[Decimal | None],
    flows: Sequence[Decimal | None],
    timing: FlowTiming = FlowTiming.START_OF_DAY,
) -> ReturnIndex:
    """Daily growth of 1, linked.

    Args:
        days: Calendar days, oldest first; n items.
        values: Closing NAV of each day, None where unknown; n items. The first is where the
            span begins: its own flow is already in it.
        flows: External flow of each day, deposits > 0; n items.
        timing: When a flow counts within its day, without exception.

    Returns:
        One growth figure per day. A day of unknown value is null and the chain goes on from the
        last known one, if no flow fell between; else it breaks.
    """
    growth: list[Decimal | None] = []
    before: Decimal | None = None  # last known value
    level = ONE
    for index, (value, flow) in enumerate(zip(values, flows, strict=True)):
        if before is None:
            before = value if value is not None and value > 0 else None
            growth.append(level if before is not None else None)
            continue
        if value is None and flow == ZERO:
            growth.append(None)
            continue
        if value is None or flow is None:
            return _broken(days, growth, index, "value_unknown")
        step = day_growth(before, value, flow, timing)
        if step is None:
            return _broken(days, growth, index, "no_capital")
        level, before = level * step, value
        growth.append(level)
    return ReturnIndex(tuple(days), tuple(growth))


def _broken(
    days: Sequence[date], growth: Sequence[Decimal | None], index: int, reason: str
) -> ReturnIndex:
    rest = (None,) * (len(days) - index)
    return ReturnIndex(tuple(days), (*growth, *rest), days[index], reason)
