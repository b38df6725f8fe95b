"""A made-up market and what was bought in it: prices, rates and trades of twenty years."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.money import exact

FIRST, LAST = date(2005, 1, 3), date(2024, 12, 31)
CURRENCIES = ("USD", "EUR", "GBP", "SEK", "CHF", "CAD")  # all of them have cents


@dataclass(frozen=True, slots=True)
class Trade:
    """Units > 0 are bought, < 0 sold, at the close of a business day."""

    day: int
    instrument: int
    units: Decimal


@dataclass(frozen=True, slots=True)
class World:
    """Everything a valuation needs, made up once."""

    days: Sequence[date]
    currency: Sequence[int]  # of each instrument
    closes: Sequence[Sequence[Decimal]]  # by instrument, by business day
    per_euro: Sequence[Sequence[Decimal]]  # by currency, by business day
    trades: Sequence[Trade]

    @exact
    def rate(self, currency: int, day: int) -> Decimal:
        """Dollars for one unit, as the product crosses them through the euro."""
        return self.per_euro[0][day] / self.per_euro[currency][day]

    def name(self, instrument: int) -> str:
        """The currency's code."""
        return CURRENCIES[self.currency[instrument]]


def instrument_id(index: int) -> InstrumentId:
    """An id that stays."""
    return InstrumentId(UUID(int=(7 << 76) + 2_000_000 + index))


def made_up_world(instruments: int, trades: int) -> World:
    """The same world for the same sizes."""
    source = random.Random(instruments)
    days = [
        day
        for day in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
        if day.weekday() < 5
    ]
    closes = [walk(source, source.uniform(10, 90), 0.012, 2, len(days)) for _ in range(instruments)]
    per_euro = [
        [Decimal(1)] * len(days) if code == "EUR" else walk(source, level, 0.004, 4, len(days))
        for code, level in zip(CURRENCIES, (1.3, 1, 0.8, 10, 1.2, 1.5), strict=True)
    ]
    currency = [source.randrange(len(CURRENCIES)) for _ in range(instruments)]
    return World(days, currency, closes, per_euro, deals(source, instruments, trades, len(days)))


def walk(
    source: random.Random, level: float, step: float, places: int, count: int
) -> list[Decimal]:
    """A random walk as it would be quoted."""
    found = []
    for _ in range(count):
        level *= 1 + source.gauss(0.0002, step)
        found.append(Decimal(str(round(max(level, 0.5), places))))
    return found


def deals(source: random.Random, instruments: int, trades: int, days: int) -> list[Trade]:
    """Purchases and partial sales in order of day; never short."""
    held = [0] * instruments
    found = []
    for day in sorted(source.randrange(days) for _ in range(trades)):
        index = source.randrange(instruments)
        if held[index] > 1 and source.random() < 0.4:
            units = -source.randint(1, held[index])
        else:
            units = source.randint(1, 100)
        held[index] += units
        found.append(Trade(day, index, Decimal(units)))
    return found
