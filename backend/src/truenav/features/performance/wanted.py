"""How a request wants its returns: which span, and by which conventions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Depends, Query

from truenav.core.calendar.months import months_before
from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.performance import twrr, twrr_2026_1
from truenav.core.performance.flows import SLICE_TIMING, Costs, FlowTiming, Gaps, days_early
from truenav.core.performance.rules import NEWEST, UNTIL_2026_2, Rules
from truenav.platform.problems import InvalidFields
from truenav.platform.wire import LocalDate

From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
Preset = Literal["1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "10Y", "Max"]
Timing = Annotated[FlowTiming, Query(description="When a flow counts within its day")]
Bridged = Annotated[
    Gaps,
    Query(
        description="What a flow on a day of unknown value does: the return is unknown, or the"
        " days up to the next known value are one period by Modified Dietz"
    ),
]
Fees = Annotated[Costs, Query(description="Gross adds back what was paid for fees")]
Taxes = Annotated[Costs, Query(description="Gross adds back taxes, withheld ones included")]
# what of a long sum is unfolded in an explanation: a year, a month or a day
Unfolded = Annotated[
    str | None,
    Query(
        alias="period",
        pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        description="What of a long sum is told: a year, a month or a day",
    ),
]
Window = Annotated[int, Query(ge=1, le=120, description="Months each return goes back")]
# as in the registry; a test holds the two equal
ReturnVersion = Literal["2026.1", "2026.2", "2026.3"]
RateVersion = Literal["2026.1", "2026.2"]
PartsVersion = Literal["2026.1", "2026.2"]
AskedVersion = Annotated[
    ReturnVersion, Query(description="The meaning of the time-weighted return; the newest one")
]
MONTHS = {"1M": 1, "3M": 3, "6M": 6, "1Y": 12, "3Y": 36, "5Y": 60, "10Y": 120}


class NotOfThatVersion(TruenavError):
    """A convention that an earlier version of a calculation did not have."""

    kind = ErrorKind.UNPROCESSABLE
    code = "not_of_that_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A span and the conventions of its figures; a slice has its own flow timing.

    `rate_version` is the meaning of the money-weighted return and `parts_version` that of
    attribution; only kept reports have old ones.
    """

    from_date: date | None = None
    to_date: date | None = None
    period: Preset | None = None
    flow_timing: FlowTiming = FlowTiming.START_OF_DAY
    gaps: Gaps = Gaps.BREAK
    fees: Costs = Costs.NET
    taxes: Costs = Costs.NET
    calculation_version: ReturnVersion = "2026.3"
    rate_version: RateVersion = "2026.2"
    parts_version: PartsVersion = "2026.2"
    is_slice: bool = False

    @property
    def timing_name(self) -> Literal["start_of_day", "end_of_day", "in_at_start_out_at_end"]:
        """When flows count, as answers say it."""
        return SLICE_TIMING if self.is_slice else self.flow_timing.value

    @property
    def rules(self) -> Rules:
        """What the version of the return holds of next to no capital, and of unknown values."""
        return NEWEST if self.calculation_version == twrr.VERSION.number else UNTIL_2026_2

    def days_early(self, amount: Decimal) -> int:
        """1 for a flow at the start of its day, which is the end of the day before; else 0."""
        return days_early(amount, self.flow_timing, is_slice=self.is_slice)

    def first_day(self, as_of: date) -> date | None:
        """The day named, or the one a period begins with; None for all there is."""
        if self.from_date is not None or self.period is None:
            return self.from_date
        last = min(self.to_date or as_of, as_of)
        return BEGINNINGS.get(self.period, _months_before)(last, self.period)

    def days(self, as_of: date) -> tuple[date | None, date]:
        """The first day and the last, none later than that of the values."""
        return self.first_day(as_of), min(self.to_date or as_of, as_of)


def _months_before(day: date, period: Preset) -> date | None:
    return months_before(day, MONTHS[period])


BEGINNINGS: dict[Preset, Callable[[date, Preset], date | None]] = {
    "YTD": lambda day, _: date(day.year - 1, 12, 31),
    "Max": lambda _day, _: None,
}


def wanted_span(from_date: From = None, to_date: To = None, period: Preset | None = None) -> Wanted:
    """The span alone.

    Raises:
        InvalidFields: it ends before it begins.
    """
    if from_date is not None and to_date is not None and to_date < from_date:
        raise InvalidFields([("/query/to", "a span cannot end before it begins")])
    return Wanted(from_date=from_date, to_date=to_date, period=period)


def wanted_returns(
    span: Annotated[Wanted, Depends(wanted_span)],
    flow_timing: Timing = FlowTiming.START_OF_DAY,
    gaps: Bridged = Gaps.BREAK,
    fees: Fees = Costs.NET,
    taxes: Taxes = Costs.NET,
    calculation_version: AskedVersion = "2026.3",
) -> Wanted:
    """The span and its conventions.

    Raises:
        NotOfThatVersion: a convention that came with a later version.
    """
    wanted = Wanted(
        from_date=span.from_date, to_date=span.to_date, period=span.period,
        flow_timing=flow_timing, gaps=gaps, fees=fees, taxes=taxes,
        calculation_version=calculation_version,
    )  # fmt: skip
    refuse_unknown_conventions(wanted)
    return wanted


def refuse_unknown_conventions(wanted: Wanted) -> None:
    """An earlier version answers what it knew, and nothing else under its name.

    Raises:
        NotOfThatVersion: it knew neither gross returns, nor a bridge over gaps, nor slices.
    """
    is_plain = wanted.gaps is Gaps.BREAK and Costs.GROSS not in {wanted.fees, wanted.taxes}
    if wanted.calculation_version == twrr_2026_1.VERSION.number and (
        wanted.is_slice or not is_plain
    ):
        raise NotOfThatVersion(
            "this version knew neither gross returns, nor a bridge over gaps, nor slices",
            calculation_version=twrr_2026_1.VERSION.number,
            newest=twrr.VERSION.number,
        )


WantedSpan = Annotated[Wanted, Depends(wanted_span)]
WantedReturns = Annotated[Wanted, Depends(wanted_returns)]
