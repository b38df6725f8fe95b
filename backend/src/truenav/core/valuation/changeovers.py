"""Currencies that became the euro, at a rate fixed for good.

From its day on a currency has one rate, which needs no quote and does not age: an old balance or
price in it stays convertible. Before it the market's rates count.
Source: the Council's regulations on conversion rates to the euro (Regulation (EC) No 2866/98 and
those that amend it), as the European Central Bank lists them.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

SOURCE: Final = "euro changeover"
# currency → (first day, units for one euro)
CHANGEOVERS: Final[Mapping[str, tuple[date, Decimal]]] = {
    "SIT": (date(2007, 1, 1), Decimal("239.640")),
    "CYP": (date(2008, 1, 1), Decimal("0.585274")),
    "MTL": (date(2008, 1, 1), Decimal("0.429300")),
    "SKK": (date(2009, 1, 1), Decimal("30.1260")),
    "EEK": (date(2011, 1, 1), Decimal("15.6466")),
    "LVL": (date(2014, 1, 1), Decimal("0.702804")),
    "LTL": (date(2015, 1, 1), Decimal("3.45280")),
    "HRK": (date(2023, 1, 1), Decimal("7.53450")),
    "BGN": (date(2026, 1, 1), Decimal("1.95583")),
}


def fixed_rate(currency: str, day: date) -> Decimal | None:
    """Units for one euro where the law says so on a day; None where the market does."""
    since, rate = CHANGEOVERS.get(currency, (date.max, None))
    return rate if day >= since else None
