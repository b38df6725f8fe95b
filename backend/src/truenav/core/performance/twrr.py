"""Time-weighted return: what the investments did, whatever was paid in when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from truenav.core.errors import UndefinedReturn
from truenav.core.money import exact
from truenav.core.performance.day_growth import counted_timing, day_capital, day_growth
from truenav.core.performance.flows import DAYS_PER_YEAR, FlowTiming, Gaps
from truenav.core.performance.rules import NEWEST, UNTIL_2026_2, Rules
from truenav.core.performance.slice_growth import SliceFlow, slice_growth
from truenav.core.versions import Version, versioned

ONE = Decimal(1)
ZERO = Decimal(0)
VERSION: Final = Version(
    "twrr", "2026.3", date(2026, 12, 3),
    "A day that begins with less than one unit of the currency has no rate: cents left in an"
    " account that earn cents are not hundreds of percent. A return that is missing because values"
    " are unknown says so.",
)  # fmt: skip

Method = Literal[
    "modified_dietz", "flow_at_end", "flow_at_start", "total_loss", "without_capital",
    "tiny_capital",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SubPeriod:
    """A part of a chain, from the close of `since` to that of `until`, not linked as asked."""

    since: date
    until: date
    method: Method


@dataclass(frozen=True, slots=True)
class ReturnIndex:
    """Growth of 1 since the first day with capital; null before it and after a break.

    `broken_on` is the day the chain ended and `reason` why: `no_capital` (a day began with
    nothing yet ended with something), `negative_value` (more was owed than there was) or
    `value_unknown` (a flow met an unknown value, or is unknown itself). `methods` are the parts
    that were not linked day by day as asked, a total loss among them. `absent` is why a chain that
    broke nowhere ends without a growth; versions before 2026.3 do not say it.
    """

    days: tuple[date, ...]
    growth: tuple[Decimal | None, ...]
    broken_on: date | None = None
    reason: str | None = None
    methods: tuple[SubPeriod, ...] = ()
    absent: str | None = None

    @property
    @exact
    def total(self) -> Decimal | None:
        """TWRR of the whole span as a ratio; None when the chain broke or never began."""
        if self.broken_on is not None or not self.growth or self.growth[-1] is None:
            return None
        return self.growth[-1] - ONE

    @property
    def why_none(self) -> str | None:
        """Why there is no total; None where there is one."""
        if self.total is not None:
            return None
        return self.reason or self.absent or "no_capital"


@exact
def time_weighted_return(values: Sequence[Decimal], flows: Sequence[Decimal]) -> Decimal:
    """Link daily returns as the source does; a day's flow is invested from the start of that day.

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
        step = day_growth(before, after, flow, FlowTiming.START_OF_DAY, rules=UNTIL_2026_2)
        if step is None:
            raise UndefinedReturn("return undefined without capital", day=str(day))
        growth *= step
    return growth - 1


@versioned(VERSION)
@exact
def return_index(  # the columns of one series, and two settings
    days: Sequence[date],
    values: Sequence[Decimal | None],
    flows: Sequence[Decimal | None],
    timing: FlowTiming = FlowTiming.START_OF_DAY,
    gaps: Gaps = Gaps.BREAK,
    costs: Sequence[Decimal | None] | None = None,
    turned: Sequence[Decimal] | None = None,
) -> ReturnIndex:
    """Daily growth of 1, linked; what a chart draws and `total` ends with.

    Args:
        days: Calendar days, oldest first; n items.
        values: Closing NAV of each day, None where unknown; n items. The first is where the
            span begins: its own flow is already in it.
        flows: External flow of each day, deposits > 0; n items.
        timing: When a flow counts within its day.
        gaps: Whether a flow on a day of unknown value breaks the chain, or the days up to the
            next known value are one sub-period by Modified Dietz (`methods` says which).
        costs: Paid on each day and added back, > 0; n items. None: the return is after costs.
        turned: Of a slice, what turned within its parts each day; n items. It is linked as
            `slice_growth` says whatever `timing` is, from the first day on, even from nothing.

    Returns:
        One growth figure per day. A day of unknown value is null and the chain goes on from the
        last known one, if no flow fell between; else as `gaps` says. An unknown flow or cost
        breaks it. Days that begin with less than one unit of the currency move nothing.
    """
    chain = Chain(timing, gaps, NEWEST, is_slice=turned is not None)
    return linked(chain, days, values, flows, costs, turned)


def linked(  # a chain, and the columns of one series
    chain: "Chain",
    days: Sequence[date],
    values: Sequence[Decimal | None],
    flows: Sequence[Decimal | None],
    costs: Sequence[Decimal | None] | None,
    turned: Sequence[Decimal] | None,
) -> ReturnIndex:
    """The days taken into a new chain, one by one, as far as it goes."""
    for index, (value, flow) in enumerate(zip(values, flows, strict=True)):
        cost = costs[index] if costs else ZERO
        circled = turned[index] if turned is not None else ZERO
        reason = chain.take(days[index], value, flow, cost, circled)
        if reason is not None:
            rest = (None,) * (len(days) - index)
            growth = (*chain.growth, *rest)
            return ReturnIndex(tuple(days), growth, days[index], reason, tuple(chain.methods))
    return ReturnIndex(
        tuple(days), tuple(chain.growth), methods=tuple(chain.methods), absent=chain.absent(values)
    )


class Chain:
    """The days so far; a day is taken in, or the reason told why the chain ends with it."""

    def __init__(self, timing: FlowTiming, gaps: Gaps, rules: Rules, *, is_slice: bool) -> None:
        self.timing, self.gaps, self.rules, self.is_slice = timing, gaps, rules, is_slice
        self.growth: list[Decimal | None] = []
        self.methods: list[SubPeriod] = []
        self.level = ONE
        self.before: tuple[date, Decimal] | None = None  # last known value
        self.waiting: list[tuple[date, Decimal, Decimal]] = []  # flow and cost of unknown days

    def absent(self, values: Sequence[Decimal | None]) -> str | None:
        """Why its days, none of which broke it, end without a growth; None where they do not."""
        if not self.rules.tells_unknown or (self.growth and self.growth[-1] is not None):
            return None
        return self.rules.unbegun(values) if self.before is None else "value_unknown"

    def take(
        self,
        day: date,
        value: Decimal | None,
        flow: Decimal | None,
        cost: Decimal | None,
        turned: Decimal,
    ) -> str | None:
        """Add a day; the reason code when the chain breaks on it."""
        if self.before is None:
            self._begin(day, value)
            return None
        if flow is None or cost is None:
            return "value_unknown"
        if value is None:
            if flow and self.gaps is Gaps.BREAK:
                return "value_unknown"
            self.waiting.append((day, flow, cost))
            self.growth.append(None)
            return None
        step = self._step(self.before, day, value, SliceFlow(flow, turned), cost)
        if step is None:
            is_negative = value < 0 or self.before[1] < 0
            return "negative_value" if is_negative else "no_capital"
        if not step and self.level:
            self.methods.append(SubPeriod(self.before[0], day, "total_loss"))
        self.level *= step
        self.before, self.waiting = (day, value), []
        self.growth.append(self.level)
        return None

    def _begin(self, day: date, value: Decimal | None) -> None:
        if value is not None and (value > 0 or (self.is_slice and not value)):
            self.before = day, value
        self.growth.append(ONE if self.before else None)

    def _step(  # what the day was and what it began with
        self, start: tuple[date, Decimal], day: date, value: Decimal, flow: SliceFlow, cost: Decimal
    ) -> Decimal | None:
        before = start[1]
        cost += sum((paid for _, _, paid in self.waiting), ZERO)
        if any(amount for _, amount, _ in self.waiting):
            return self._bridged(start, day, value + cost, flow.net)
        if self.is_slice:
            return self._of_slice(start, day, value, flow, cost)
        step = day_growth(before, value, flow.net, self.timing, cost, self.rules)
        if step is not None and self.rules.is_tiny(
            day_capital(before, flow.net, self.timing, self.rules)
        ):
            self._skip(start[0], day)
        elif flow.net and self._counted(before, flow.net) is not self.timing:
            is_start = self.timing is FlowTiming.START_OF_DAY
            method: Method = "flow_at_end" if is_start else "flow_at_start"
            self.methods.append(SubPeriod(start[0], day, method))
        return step

    def _counted(self, before: Decimal, flow: Decimal) -> FlowTiming:
        return counted_timing(before, flow, self.timing, self.rules)

    def _of_slice(
        self, start: tuple[date, Decimal], day: date, value: Decimal, flow: SliceFlow, cost: Decimal
    ) -> Decimal | None:
        since, before = start
        step = slice_growth(before, value, flow, cost, self.rules)
        if step is None and value >= 0 and before >= 0:
            self.methods.append(SubPeriod(since, day, "without_capital"))
            return ONE
        if step is not None and self.rules.is_tiny(before + flow.at_start(before)):
            self._skip(since, day)
        return step

    def _skip(self, since: date, day: date) -> None:
        """Days of next to no capital: one part for as long as it lasts, not one a day."""
        last = self.methods[-1] if self.methods else None
        if last is not None and last.method == "tiny_capital" and last.until == since:
            since = self.methods.pop().since
        self.methods.append(SubPeriod(since, day, "tiny_capital"))

    def _bridged(
        self, start: tuple[date, Decimal], day: date, kept: Decimal, flow: Decimal
    ) -> Decimal | None:
        """Days of unknown value on which money moved, as one sub-period."""
        since, before = start
        dated = [
            ((on - since).days - self._shift(amount), amount)
            for on, amount in [*((on, amount) for on, amount, _ in self.waiting), (day, flow)]
        ]
        day_count = (day - since).days
        if kept >= 0 and self.rules.is_tiny(average_capital(before, dated, day_count)):
            self._skip(since, day)
            return ONE
        self.methods.append(SubPeriod(since, day, "modified_dietz"))
        ratio = modified_dietz(before, kept, dated, day_count)
        return ONE + ratio if ratio is not None and ratio >= -1 else None

    def _shift(self, amount: Decimal) -> int:
        """1 when a flow counts from the start of its day, which is the end of the day before."""
        if self.is_slice:
            return 1 if amount > 0 else 0
        return 1 if self.timing is FlowTiming.START_OF_DAY else 0


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
    capital = average_capital(opening, flows, day_count)
    return (closing - opening - total) / capital if capital > 0 else None


@exact
def average_capital(
    opening: Decimal, flows: Sequence[tuple[int, Decimal]], day_count: int
) -> Decimal:
    """V0 + sum(w_i F_i), what Modified Dietz divides a gain by; arguments as there."""
    weighted = sum(
        (amount * Decimal(day_count - day) / Decimal(day_count) for day, amount in flows),
        ZERO,
    )
    return opening + weighted
