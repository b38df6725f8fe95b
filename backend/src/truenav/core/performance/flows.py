"""When within its day an external flow counts; one setting serves every return."""

from enum import StrEnum


class FlowTiming(StrEnum):
    """Whether a day's flow takes part in that day's result."""

    START_OF_DAY = "start_of_day"
    END_OF_DAY = "end_of_day"


DAYS_PER_YEAR = 365
