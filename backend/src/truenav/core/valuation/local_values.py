"""What everything held was worth each day, added up per currency, nothing converted.

Where units and closes are whole numbers of small steps an instrument is one product of arrays;
where a product could pass 64 bits it is one of decimals. Both are exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from truenav.core.ids import InstrumentId
from truenav.core.valuation.columns import AlignedPrices, Steps, spans
from truenav.core.valuation.exact_columns import LARGEST, ExactColumn, Whole, as_wholes, decimals
from truenav.core.valuation.receivables import Receivable

ZERO = Decimal(0)


@dataclass(slots=True)
class _Sum:
    """Whole numbers a day, and how large their parts can have been."""

    wholes: Whole
    most: int = 0


class LocalValues:
    """Value of every day per currency: of instruments, of cash, and of income due."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.cash: dict[str, list[Decimal]] = {}
        self.due: dict[str, list[Decimal]] = {}
        self.stale = [0] * count
        self.unpriced: dict[int, list[InstrumentId]] = {}
        self._sums: dict[str, dict[int, _Sum]] = {}
        self._market: dict[str, list[Decimal]] = {}

    @property
    def market(self) -> dict[str, list[Decimal]]:
        """Value of the instruments priced in each currency."""
        for currency, sums in self._sums.items():
            if sums:
                _add(self._market[currency], _in_one(sums))
                sums.clear()
        return self._market

    def add(
        self,
        instrument_id: InstrumentId,
        steps: Steps,
        multiplier: Decimal,
        prices: AlignedPrices | None,
    ) -> None:
        """Add one instrument; days without a price are noted, not valued."""
        priced: list[tuple[int, int, Decimal]] = []
        for start, end, quantity in spans(steps, self.count):
            known = end if prices is None else min(max(start, prices.known_from), end)
            for index in range(start, known):
                self.unpriced.setdefault(index, []).append(instrument_id)
            if known < end:
                priced.append((known, end, quantity * multiplier))
        if prices is None or not priced:
            return
        values = self._market.setdefault(prices.currency, [ZERO] * self.count)
        if not self._add_wholes(priced, prices):
            offset = prices.known_from
            closes = list(prices.closes)
            for start, end, units in priced:
                products = [units * close for close in closes[start - offset : end - offset]]
                _add(values, products, start)
        for stale_from, stale_to in prices.stale:
            for start, end, _ in priced:
                for index in range(max(stale_from, start), min(stale_to, end)):
                    self.stale[index] += 1

    def _add_wholes(
        self, priced: Sequence[tuple[int, int, Decimal]], prices: AlignedPrices
    ) -> bool:
        """Add products of whole numbers; False where one could be too large for 64 bits."""
        closes = prices.closes
        if not isinstance(closes, ExactColumn):
            return False
        units, places = as_wholes([units for _, _, units in priced])
        most = max(map(abs, units)) * max(int(closes.wholes.max()), 1)
        sums = self._sums.setdefault(prices.currency, {})
        place = places + closes.places
        so_far = sums[place].most if place in sums else 0
        if so_far + most > LARGEST:
            return False
        held = np.zeros(len(closes), np.int64)
        for (start, end, _), whole in zip(priced, units, strict=True):
            held[start - prices.known_from : end - prices.known_from] = whole
        into = sums.setdefault(place, _Sum(np.zeros(self.count, np.int64)))
        into.wholes[prices.known_from :] += held * closes.wholes
        into.most += most
        return True

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


def _add(values: list[Decimal], others: Sequence[Decimal], start: int = 0) -> None:
    """Add numbers to those from a day on."""
    end = start + len(others)
    values[start:end] = [a + b for a, b in zip(values[start:end], others, strict=True)]


def _in_one(sums: Mapping[int, _Sum]) -> list[Decimal]:
    """Sums at several places as one of decimals; Python's whole numbers have no largest."""
    places = max(sums)
    total = [0] * len(sums[places].wholes)
    for place, found in sums.items():
        factor = 10 ** (places - place)
        total = [a + b * factor for a, b in zip(total, found.wholes.tolist(), strict=True)]
    return decimals(total, places)
