"""Prices and FX rates as functions of the day: the last known value, and how old it is."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.valuation.changeovers import CHANGEOVERS, fixed_rate

# A close this old or older is still used, and marked (weekend + long holiday weekend fit below it).
STALE_AFTER = timedelta(days=7)
FX_MAX_AGE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DatedPrice:
    """A raw close as traded, and the day it is of."""

    price_date: date
    close: Decimal
    source: str = ""

    def is_stale(self, as_of: date) -> bool:
        """Older than a market's longest usual closure, on the day it is used."""
        return as_of - self.price_date > STALE_AFTER


@dataclass(frozen=True, slots=True)
class PriceSeries:
    """Raw daily closes of one instrument in one currency, oldest first, one per day."""

    currency: str
    dates: Sequence[date]
    closes: Sequence[Decimal]
    sources: Sequence[str] = ()

    def __post_init__(self) -> None:
        if len(self.dates) != len(self.closes):
            raise ValueError("a price series needs one close per date")

    def at(self, day: date) -> DatedPrice | None:
        """The last close on or before `day`; None before the first."""
        index = bisect_right(self.dates, day) - 1
        return self._price(index) if index >= 0 else None

    def before(self, day: date) -> DatedPrice | None:
        """The last close strictly before `day`."""
        return self.at(day - timedelta(days=1))

    def plain(self) -> "PriceSeries":
        """The same in values of their own, whatever columns they are kept in."""
        return PriceSeries(self.currency, tuple(self.dates), tuple(self.closes), self.sources)

    def _price(self, index: int) -> DatedPrice:
        source = self.sources[index] if self.sources else ""
        return DatedPrice(self.dates[index], self.closes[index], source)


@dataclass(frozen=True, slots=True)
class FxTable:
    """Reference rates as the European Central Bank publishes them: units per euro, per day.

    `rates` maps a currency to (dates oldest first, units of it for one euro).
    """

    rates: Mapping[str, tuple[Sequence[date], Sequence[Decimal]]]
    pivot: str = "EUR"

    @exact
    def rate(self, base: str, quote: str, day: date) -> Decimal | None:
        """Units of `quote` for one unit of `base` on `day`, crossed through the pivot.

        The last rate within 7 days; None when there is none. Equal currencies have rate 1, and
        one that became the euro has the rate fixed for it.
        """
        if base == quote:
            return Decimal(1)
        per_base, per_quote = self._per_pivot(base, day), self._per_pivot(quote, day)
        if per_base is None or per_quote is None:
            return None
        return per_quote / per_base

    @exact
    def daily(self, base: str, quote: str, first_day: date, count: int) -> list[Decimal | None]:
        """`rate` of each of `count` days from a day on, in one walk along both series."""
        if base == quote:
            return [Decimal(1)] * count
        found: list[Decimal | None] = []
        before: tuple[Decimal | None, Decimal | None] = (None, None)
        rate: Decimal | None = None
        for both in zip(
            self._walk(base, first_day, count), self._walk(quote, first_day, count), strict=True
        ):
            per_base, per_quote = both
            if per_base is None or per_quote is None:
                rate = None
            elif per_base is not before[0] or per_quote is not before[1]:
                rate = per_quote / per_base
            before = both
            found.append(rate)
        return found

    def _walk(self, currency: str, first_day: date, count: int) -> list[Decimal | None]:
        """`_per_pivot` of each day."""
        if currency == self.pivot:
            return [Decimal(1)] * count
        found: list[Decimal | None] = [None] * count
        dates, values = self.rates.get(currency, ((), ()))
        origin = first_day.toordinal()
        begin = max(bisect_right(dates, first_day) - 1, 0)
        end = bisect_left(dates, first_day + timedelta(days=count))
        places = [day.toordinal() - origin for day in dates[begin:end]]
        following = [*places[1:], count][: len(places)]
        for place, until, value in zip(places, following, values[begin:end], strict=True):
            start = max(place, 0)
            stop = max(min(until, place + FX_MAX_AGE.days + 1), start)
            found[start:stop] = [value] * (stop - start)
        if self.pivot == "EUR" and currency in CHANGEOVERS:
            since, fixed = CHANGEOVERS[currency]
            start = min(max(since.toordinal() - origin, 0), count)
            found[start:] = [fixed] * (count - start)
        return found

    def _per_pivot(self, currency: str, day: date) -> Decimal | None:
        if currency == self.pivot:
            return Decimal(1)
        if self.pivot == "EUR" and (fixed := fixed_rate(currency, day)) is not None:
            return fixed
        dates, values = self.rates.get(currency, ((), ()))
        index = bisect_right(dates, day) - 1
        if index < 0 or day - dates[index] > FX_MAX_AGE:
            return None
        return values[index]
