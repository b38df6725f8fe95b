"""When within its day an external flow counts; one setting serves every return."""

from decimal import Decimal
from enum import StrEnum
from typing import Final


class FlowTiming(StrEnum):
    """Whether a day's flow takes part in that day's result."""

    START_OF_DAY = "start_of_day"
    END_OF_DAY = "end_of_day"


# A slice has one timing: what goes in counts from the start of the day, what comes out at its end.
SLICE_TIMING: Final = "in_at_start_out_at_end"


def days_early(amount: Decimal, timing: FlowTiming, *, is_slice: bool) -> int:
    """1 for a flow at the start of its day, which is the end of the day before; else 0."""
    if is_slice:
        return 1 if amount > 0 else 0
    return 1 if timing is FlowTiming.START_OF_DAY else 0


class Gaps(StrEnum):
    """What a flow on a day of unknown value does to a chain of daily returns."""

    BREAK = "break"
    MODIFIED_DIETZ = "modified_dietz"


class Costs(StrEnum):
    """Whether what was paid for fees, or as tax, lowers a return."""

    NET = "net"
    GROSS = "gross"


DAYS_PER_YEAR = 365
