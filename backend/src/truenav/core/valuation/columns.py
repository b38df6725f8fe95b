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

import numpy as np

from truenav.core.ids import InstrumentId
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.replay import replay_days
from truenav.core.ledger.state import LedgerState
from truenav.core.ledger.transactions import Transaction, crosses_account
from truenav.core.valuation.exact_columns import DayColumn, ExactColumn
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
    if isinstance(series.closes, ExactColumn) and isinstance(series.dates, DayColumn):
        return _aligned_wholes(series.currency, series.dates, series.closes, first_day, count)
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


def _aligned_wholes(
    currency: str, dates: DayColumn, closes: ExactColumn, first_day: date, count: int
) -> AlignedPrices | None:
    """The same of a column: closes are repeated in one step."""
    origin = first_day.toordinal()
    begin = max(int(np.searchsorted(dates.ordinals, origin, side="right")) - 1, 0)
    finish = int(np.searchsorted(dates.ordinals, origin + count))
    if begin >= finish:
        return None
    places = dates.ordinals[begin:finish].astype(np.int64) - origin
    ends = np.append(places[1:], count)
    starts = np.maximum(places, 0)
    age = STALE_AFTER.days + 1
    old = np.flatnonzero(ends - places > age)
    return AlignedPrices(
        currency,
        int(starts[0]),
        ExactColumn(np.repeat(closes.wholes[begin:finish], ends - starts), closes.places),
        [(max(int(places[row]) + age, 0), int(ends[row])) for row in old],
    )
