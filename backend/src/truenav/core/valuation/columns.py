"""What an account held each day, laid out by instrument instead of by day.

A holding changes on few days and is worth something on all of them, so each instrument is valued
in one run over its days: units × close, added to the others of its currency. A day loop would
look up every position again every day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.ids import InstrumentId
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.replay import replay_days
from truenav.core.ledger.state import LedgerState
from truenav.core.ledger.transactions import Transaction, crosses_account
from truenav.core.valuation.receivables import Receivable
from truenav.core.valuation.series import STALE_AFTER, PriceSeries

ZERO = Decimal(0)
# (day, counted from the first; value from that day on), in order of day
Steps = list[tuple[int, Decimal]]


@dataclass(slots=True)
class Timeline:
    """Units per instrument and cash per currency as steps; external flows by day; income due."""

    units: dict[InstrumentId, Steps] = field(default_factory=dict)
    cash: dict[str, Steps] = field(default_factory=dict)
    flows: dict[int, list[Transaction]] = field(default_factory=dict)
    due: list[Receivable] = field(default_factory=list)


def timeline(
    transactions: Sequence[Transaction], first_day: date, count: int, method: LotMethod
) -> Timeline:
    """Replay the records; what was held before `first_day` stands at day 0.

    Args:
        transactions: Live records of one account, in any order.
        first_day: Day 0.
        count: Number of days.
        method: Lot method.
    """
    state = LedgerState()
    found = Timeline()
    for day, records in replay_days(transactions, method=method, state=state):
        index = max((day - first_day).days, 0)
        if index >= count:
            break
        for currency, amount in state.cash.items():
            add_step(found.cash.setdefault(currency, []), index, amount)
        flows = [record for record in records if crosses_account(record)]
        if flows and day >= first_day:
            found.flows[index] = flows
    last_day = first_day + timedelta(days=count - 1)
    for (instrument_id, day), units in sorted(state.units_on.items()):
        if day <= last_day:
            steps = found.units.setdefault(instrument_id, [])
            add_step(steps, max((day - first_day).days, 0), units)
    return found


def add_step(steps: Steps, index: int, value: Decimal) -> None:
    """Go on with a value from a day on; days come in order, the last word on a day counts."""
    if steps and steps[-1][0] == index:
        steps.pop()
    if not steps or steps[-1][1] != value:
        steps.append((index, value))


def spans(steps: Steps, count: int) -> Iterator[tuple[int, int, Decimal]]:
    """(from, to, value) of the days, `to` excluded, on which there was something."""
    ends = [index for index, _ in steps[1:]] + [count]
    for (start, value), end in zip(steps, ends, strict=True):
        if value and start < end:
            yield start, end, value


@dataclass(frozen=True, slots=True)
class AlignedPrices:
    """One close per day from `known_from` on, carried over days without one.

    `stale` holds the spans (from, to excluded) of days whose close is too old.
    """

    currency: str
    known_from: int
    closes: Sequence[Decimal]
    stale: Sequence[tuple[int, int]]


def aligned(series: PriceSeries | None, first_day: date, count: int) -> AlignedPrices | None:
    """The last close on or before each of `count` days; None without any price."""
    if series is None or not series.dates:
        return None
    # from the last close on or before the first day to the last one within the days
    begin = max(bisect_right(series.dates, first_day) - 1, 0)
    finish = bisect_left(series.dates, first_day + timedelta(days=count))
    origin = first_day.toordinal()
    places = [day.toordinal() - origin for day in series.dates[begin:finish]]
    if not places:
        return None
    closes: list[Decimal] = []
    stale: list[tuple[int, int]] = []
    age = STALE_AFTER.days + 1
    start = known_from = max(places[0], 0)
    for place, end, close in zip(
        places, [*places[1:], count], series.closes[begin:finish], strict=True
    ):
        closes += [close] * (end - start)
        if end - place > age:
            stale.append((max(place + age, 0), end))
        start = end
    return AlignedPrices(series.currency, known_from, closes, stale)


class LocalValues:
    """Value of every day per currency: of instruments, of cash, and of income due."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.market: dict[str, list[Decimal]] = {}
        self.cash: dict[str, list[Decimal]] = {}
        self.due: dict[str, list[Decimal]] = {}
        self.stale = [0] * count
        self.unpriced: dict[int, list[InstrumentId]] = {}

    def add(
        self,
        instrument_id: InstrumentId,
        steps: Steps,
        multiplier: Decimal,
        prices: AlignedPrices | None,
    ) -> None:
        """Add one instrument; days without a price are noted, not valued."""
        for start, end, quantity in spans(steps, self.count):
            known = end if prices is None else min(max(start, prices.known_from), end)
            for index in range(start, known):
                self.unpriced.setdefault(index, []).append(instrument_id)
            if prices is None or known == end:
                continue
            values = self.market.setdefault(prices.currency, [ZERO] * self.count)
            units = quantity * multiplier
            offset = prices.known_from
            values[known:end] = [
                value + units * close
                for value, close in zip(
                    values[known:end], prices.closes[known - offset : end - offset], strict=True
                )
            ]
            for stale_from, stale_to in prices.stale:
                for index in range(max(stale_from, known), min(stale_to, end)):
                    self.stale[index] += 1

    def add_cash(self, currency: str, steps: Steps) -> None:
        """Add the cash of one currency."""
        values = self.cash.setdefault(currency, [ZERO] * self.count)
        for start, end, amount in spans(steps, self.count):
            values[start:end] = [amount] * (end - start)

    def add_due(self, one: Receivable, first_day: date) -> None:
        """Add income due on its days; the first of all is day 0."""
        start = max((one.since - first_day).days, 0)
        end = min((one.until - first_day).days, self.count)
        if start >= end:
            return
        values = self.due.setdefault(one.currency, [ZERO] * self.count)
        amount = one.net
        values[start:end] = [value + amount for value in values[start:end]]
