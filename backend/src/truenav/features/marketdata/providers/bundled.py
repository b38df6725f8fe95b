"""Data inside installed packages: real raw closes 2000 to 2013, and the ECB's rates since 1999.

Read where they are installed, never copied: the packages' licences cover the packages. Nothing
here imports pandas, which one of them would.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

from truenav.core.money import CURRENCIES
from truenav.features.marketdata.providers.quotes import Bar, History
from truenav.platform.http import ProviderRefused

SOURCE = "bundled"
ECB_SOURCE = "ecb"
STOCKS = "_data/stocks.csv.gz"


def _inside(package: str, path: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ProviderRefused(f"the data package {package} is not installed")
    return Path(spec.origin).parent / path


class BundledProvider:
    """AAPL, FB, GOOG, IBM and MSFT: raw daily bars as traded."""

    source = SOURCE

    def history(self, symbol: str, first: date, last: date) -> History:
        """Bars between two days; splits and dividends are entered as events elsewhere.

        Raises:
            ProviderRefused: not one of the five.
        """
        bars = [bar for bar, _ in self.rows(symbol) if first <= bar.price_date <= last]
        if not bars:
            raise ProviderRefused(f"no bundled prices of {symbol}")
        return History(currency="USD", bars=bars, events=(), basis="raw")

    def rows(self, symbol: str) -> Iterator[tuple[Bar, Decimal]]:
        """(bar, the vendor's adjusted close), oldest first."""
        with gzip.open(_inside("bokeh_sampledata", STOCKS), "rt", newline="") as file:
            for row in csv.DictReader(file):
                if row["Ticker"] == symbol:
                    yield _bar(row), Decimal(row["Adj Close"])


def _bar(row: dict[str, str]) -> Bar:
    return Bar(
        price_date=date.fromisoformat(row["Date"]),
        open=Decimal(row["Open"]),
        high=Decimal(row["High"]),
        low=Decimal(row["Low"]),
        close=Decimal(row["Close"]),
        volume=Decimal(row["Volume"]),
    )


def bundled_rates() -> Iterator[tuple[str, date, Decimal]]:
    """(currency, day, units for one euro), newest day first, as the ECB publishes them."""
    with zipfile.ZipFile(_inside("currency_converter", "eurofxref-hist.zip")) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".csv"))
        yield from parse_rates(archive.read(name).decode())


def parse_rates(text: str) -> Iterator[tuple[str, date, Decimal]]:
    """The ECB's history file: a column per currency, a trailing comma, "N/A" for none."""
    for row in csv.DictReader(io.StringIO(text)):
        day = date.fromisoformat(row["Date"].strip())
        for currency, value in row.items():
            code = (currency or "").strip()
            if code in CURRENCIES and value and value.strip() not in {"", "N/A"}:
                yield code, day, Decimal(value.strip())
