"""Time-weighted return: what the investments did, whatever was paid in when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.errors import UndefinedReturn
from truenav.core.money import exact
from truenav.core.performance.flows import DAYS_PER_YEAR, FlowTiming

ONE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ReturnIndex:
    """Growth of 1 since the first day with capital; null before it and after a break.

    `broken_on` is the day the chain ended and `reason` why: `no_capital` (a day began with
    nothing, or less, yet ended with something) or `value_unknown` (a flow met an unknown value).
    """

    days: tuple[date, ...]
    growth: tuple[Decimal | None, ...]
    broken_on: date | None = None
    reason: str | None = None

    @property
    def total(self) -> Decimal | None:
        """TWRR of the whole span as a ratio; None when the chain broke or never began."""
        if self.broken_on is not None or not self.growth or self.growth[-1] is None:
            return None
        return self.growth[-1] - ONE


@exact
def time_weighted_return(values: Sequence[Decimal], flows: Sequence[Decimal]) -> Decimal:
    """Link daily returns; a day's external flow is invested from the start of that day.

        r_t = V_t / (V_{t-1} + F_t) - 1        TWRR = prod(1 + r_t) - 1

    Args:
        values: Closing NAV V_0..V_n in base currency, oldest first; n + 1 items.
        flows: External flows F_1..F_n, deposits > 0; n items.

    Returns:
        Ratio for the whole span, neither annualized nor rounded: 0.05 is 5 %.

    Raises:
        UndefinedReturn: a day starts with no capital, or less, yet ends with some.
    Source: GIPS 2020 glossary, time-weighted return; start-of-day flows as in Bacon (2008).
    """
    growth = ONE
    for day, (before, after, flow) in enumerate(zip(values[:-1], values[1:], flows, strict=True)):
        step = day_growth(before, after, flow, FlowTiming.START_OF_DAY)
        if step is None:
            raise UndefinedReturn("return undefined without capital", day=str(day))
        growth *= step
    return growth - 1


@exact
def day_growth(
    before: Decimal, after: Decimal, flow: Decimal, timing: FlowTiming
) -> Decimal | None:
    """1 + r of one day; 1 for a day without capital at both ends; None when undefined."""
    invested, kept = (before + flow, after) if timing is FlowTiming.START_OF_DAY else (
        before, after - flow
    )  # fmt: skip
    if invested > 0:
        return max(kept, ZERO) / invested if kept >= 0 else None
    return None if invested or kept else ONE


@exact
def return_index(
    days: Sequence[date],
    values: Sequence[Decimal | None],
    flows: Sequence[Decimal | None],
    timing: FlowTiming = FlowTiming.START_OF_DAY,
) -> ReturnIndex:
    """Daily growth of 1, linked; what a chart draws and `total` ends with.

    Args:
        days: Calendar days, oldest first; n items.
        values: Closing NAV of each day, None where unknown; n items. The first is where the
            span begins: its own flow is already in it.
        flows: External flow of each day, deposits > 0; n items.
        timing: When a flow counts within its day.

    Returns:
        One growth figure per day. A day of unknown value is null and the chain goes on from the
        last known one, if no flow fell between; else it breaks.
    """
    growth: list[Decimal | None] = []
    level: Decimal | None = None
    before: Decimal | None = None  # last known value
    for index, (value, flow) in enumerate(zip(values, flows, strict=True)):
        if before is None or level is None:
            if value is not None and value > 0:
                level, before = ONE, value
            growth.append(level)
            continue
        if value is None:
            if flow != ZERO:
                return _broken(days, growth, index, "value_unknown")
            growth.append(None)
            continue
        if flow is None:
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


@exact
def annualized(ratio: Decimal, day_count: int) -> Decimal | None:
    """(1 + ratio)^(365 / days) - 1 from 365 days up; None below, where it would mislead."""
    if day_count < DAYS_PER_YEAR or ratio < -1:
        return None
    return (ONE + ratio) ** (Decimal(DAYS_PER_YEAR) / Decimal(day_count)) - ONE if ratio > -1 else (
        Decimal(-1)
    )  # fmt: skip


@exact
def modified_dietz(
    opening: Decimal,
    closing: Decimal,
    flows: Sequence[tuple[int, Decimal]],
    day_count: int,
) -> Decimal | None:
    """(V1 - V0 - F) / (V0 + sum(w_i F_i)), w_i = share of the period a flow was there.

    Args:
        opening: Value before the first flow.
        closing: Value at the end.
        flows: (day of the period, from 0, at whose start it came; amount, deposits > 0).
        day_count: Length of the period in days.

    Returns:
        Ratio of the period; None when the average capital is not positive.
    Source: Bacon (2008); GIPS 2020. 1,000 + 500 on day 10 of 30, end 1,650: 11.25 %.
    """
    total = sum((amount for _, amount in flows), ZERO)
    weighted = sum(
        (amount * Decimal(day_count - day) / Decimal(day_count) for day, amount in flows),
        ZERO,
    )
    capital = opening + weighted
    return (closing - opening - total) / capital if capital > 0 else None
