"""The demo's figures worked out a second time, with nothing of the product in it.

    python by_hand.py            print every figure with its working
    python by_hand.py --write    write answers.csv beside this file

Reads the two broker files of the demo, the raw closes and the ECB rates of the installed data
packages, as anybody could in a spreadsheet. Exact fractions; rounding only where a figure is
printed. Imports the standard library only: what it agrees with must not be what it runs.
"""

import csv
import gzip
import io
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
FILES = HERE.parents[2] / "src/truenav/entrypoints/cli/demo_data"
LAST_DAY = date(2013, 3, 1)
DAY = timedelta(days=1)


def money(text: str) -> Fraction:
    """ "-$25,951.45" as a fraction."""
    return Fraction(text.replace("$", "").replace(",", "") or "0")


@dataclass
class Line:
    """One line of a broker's file, as it is read by eye."""

    day: date
    what: str
    symbol: str
    units: Fraction
    amount: Fraction
    currency: str


def brokerage() -> list[Line]:
    """The Schwab file, oldest first; its last line is a total."""
    with (FILES / "schwab.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Date"] != "Transactions Total"]
    return [
        Line(
            datetime.strptime(row["Date"], "%m/%d/%Y").date(),  # noqa: DTZ007 -- a calendar day
            row["Action"], row["Symbol"], money(row["Quantity"]), money(row["Amount"]), "USD",
        )
        for row in reversed(rows)
    ]  # fmt: skip


def savings() -> list[Line]:
    """The euro file; a withdrawal is written without its sign."""
    with (FILES / "euro.csv").open(newline="") as file:
        return [
            Line(
                date.fromisoformat(row["date"]), row["type"], "", Fraction(0),
                money(row["amount"]) * (-1 if row["type"] == "withdrawal" else 1), "EUR",
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def package_file(package: str, path: str) -> Path:
    """A file inside an installed package, without importing it."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / path


def closes() -> dict[str, dict[date, Fraction]]:
    """Raw closes as traded, by ticker and day."""
    found: dict[str, dict[date, Fraction]] = defaultdict(dict)
    with gzip.open(package_file("bokeh_sampledata", "_data/stocks.csv.gz"), "rt") as file:
        for row in csv.DictReader(file):
            found[row["Ticker"]][date.fromisoformat(row["Date"])] = Fraction(row["Close"])
    return found


def dollars_per_euro() -> dict[date, Fraction]:
    """ECB reference rates."""
    with zipfile.ZipFile(package_file("currency_converter", "eurofxref-hist.zip")) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    rows = csv.DictReader(io.StringIO(text))
    return {date.fromisoformat(r["Date"]): Fraction(r["USD"]) for r in rows if r["USD"] != "N/A"}


def last_known(series: dict[date, Fraction], day: date) -> Fraction:
    """The value of the day, or of the last day before it that has one."""
    while day not in series:
        day -= DAY
    return series[day]


@dataclass
class Lot:
    """Units bought together; `cost` is of all of them, commission included."""

    bought: date
    units: Fraction
    cost: Fraction


TRADES = {"Buy", "Sell", "Sell Short", "Buy to Cover", "Stock Split"}
OUTSIDE = {"MoneyLink Transfer", "deposit", "withdrawal"}


class Book:
    """Lots first in, first out; one short sale open at a time is all the demo has."""

    def __init__(self) -> None:
        self.lots: dict[str, list[Lot]] = defaultdict(list)
        self.owed: dict[str, tuple[Fraction, Fraction]] = {}  # units, what the sale brought in
        self.gains: list[tuple[date, str, Fraction, str]] = []

    def book(self, line: Line) -> None:
        """Apply one line to the lots."""
        lots = self.lots[line.symbol]
        if line.what == "Buy":
            lots.append(Lot(line.day, line.units, -line.amount))
        elif line.what == "Stock Split":  # the file states how many units came
            held = sum((lot.units for lot in lots), Fraction(0))
            for lot in lots:
                lot.units *= (held + line.units) / held
        elif line.what == "Sell Short":
            self.owed[line.symbol] = (line.units, line.amount)
        elif line.what == "Buy to Cover":
            units, proceeds = self.owed.pop(line.symbol)
            assert units == line.units
            working = f"{show(proceeds)} received - {show(-line.amount)} paid"
            self.gains.append((line.day, line.symbol, proceeds + line.amount, working))
        elif line.what == "Sell":
            cost, left, parts = Fraction(0), line.units, []
            while left:
                lot = lots[0]
                taken = min(left, lot.units)
                part = lot.cost * taken / lot.units
                parts.append(f"{show(taken, 0)} of {lot.bought}: {show(part)}")
                cost, left = cost + part, left - taken
                lot.cost, lot.units = lot.cost - part, lot.units - taken
                if not lot.units:
                    lots.pop(0)
            working = f"{show(line.amount)} - ({'; '.join(parts)})"
            self.gains.append((line.day, line.symbol, line.amount - cost, working))


def show(value: Fraction, places: int = 2) -> str:
    """Rounded half up, as text."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if value < 0 and whole else ""
    digits = str(whole).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def positions(lines: list[Line], day: date) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """(units by ticker, cash by currency) at the close of a day."""
    units: dict[str, Fraction] = defaultdict(Fraction)
    cash: dict[str, Fraction] = defaultdict(Fraction)
    for line in lines:
        if line.day <= day:
            cash[line.currency] += line.amount
            if line.what in TRADES:
                units[line.symbol] += line.units * (-1 if line.what.startswith("Sell") else 1)
    return {symbol: n for symbol, n in units.items() if n}, cash


class World:
    """Prices and rates, read once."""

    def __init__(self) -> None:
        self.closes = closes()
        self.rates = dollars_per_euro()

    def nav(self, lines: list[Line], day: date) -> tuple[Fraction, str]:
        """Dollars at the close of a day, and how they come about."""
        units, cash = positions(lines, day)
        rate = last_known(self.rates, day)
        total = cash["USD"] + cash["EUR"] * rate
        working = [f"{show(cash['USD'])} USD"]
        if cash["EUR"]:
            working.append(f"{show(cash['EUR'])} EUR x {show(rate, 4)}")
        for symbol, count in sorted(units.items()):
            close = last_known(self.closes[symbol], day)
            total += count * close
            working.append(f"{show(count, 0)} {symbol} x {show(close)}")
        return total, " + ".join(working)

    def flow(self, line: Line) -> Fraction:
        """What a line paid in (> 0) or took out, in dollars of its day."""
        if line.what not in OUTSIDE:
            return Fraction(0)
        rate = last_known(self.rates, line.day) if line.currency == "EUR" else Fraction(1)
        return line.amount * rate


def time_weighted(world: World, lines: list[Line], first: date) -> Fraction:
    """Daily returns linked; a day's flow works from the start of that day."""
    growth, before, day = Fraction(1), world.nav(lines, first)[0], first + DAY
    while day <= LAST_DAY:
        flow = sum((world.flow(line) for line in lines if line.day == day), Fraction(0))
        after = world.nav(lines, day)[0]
        # fractions of thousands of factors grow without end; thirty digits are enough here
        growth = Fraction(round(growth * after / (before + flow) * 10**30), 10**30)
        before, day = after, day + DAY
    return growth - 1


def money_weighted(world: World, lines: list[Line], first: date) -> float:
    """The yearly rate by halving an interval two hundred times; good to ten places.

    Opening value and deposits are paid in, the closing value is got back. A flow at the start of
    a day stands at the end of the day before.
    """
    flows = [(0, -float(world.nav(lines, first)[0]))]
    flows += [
        ((line.day - first).days - 1, -float(world.flow(line)))
        for line in lines
        if line.day > first and world.flow(line)
    ]
    flows.append(((LAST_DAY - first).days, float(world.nav(lines, LAST_DAY)[0])))
    low, high = -0.9, 10.0
    for _ in range(200):
        rate = (low + high) / 2
        value = sum(amount / (1 + rate) ** (days / 365) for days, amount in flows)
        low, high = (rate, high) if value > 0 else (low, rate)
    return rate


def answers() -> Iterator[tuple[str, str, str, str]]:
    """(figure, of what, value, working)."""
    world = World()
    lines = sorted([*brokerage(), *savings()], key=lambda line: line.day)
    for day in (date(2008, 12, 31), date(2012, 12, 31), LAST_DAY):
        total, working = world.nav(lines, day)
        yield "nav", day.isoformat(), show(total, 6), working
    book = Book()
    for line in lines:
        if line.what in TRADES:
            book.book(line)
        if line.what == "Stock Split" and line.symbol == "AAPL":
            for lot in book.lots["AAPL"]:
                value = f"{show(lot.units, 0)} for {show(lot.cost)}"
                yield "lot after the split of 2005-02-28", f"AAPL {lot.bought}", value, (
                    "500 x 2 units; 500 x 14.43 + 9.95"
                )  # fmt: skip
    by_symbol: dict[str, Fraction] = defaultdict(Fraction)
    for day, symbol, gain, working in book.gains:
        by_symbol[symbol] += gain
        yield "realized gain of a sale", f"{symbol} {day}", show(gain, 6), working
    for symbol, gain in sorted(by_symbol.items()):
        yield "realized gain", symbol, show(gain, 6), "sum of the sales above"
    yield "realized gain", "all", show(sum(by_symbol.values(), Fraction(0)), 6), "sum"
    for symbol, lots in sorted(book.lots.items()):
        for lot in lots:
            value = f"{show(lot.units, 0)} for {show(lot.cost, 6)}"
            yield (
                "open lot",
                f"{symbol} {lot.bought}",
                value,
                "bought less sold, first in first out",
            )
    first = lines[0].day
    paid_in = sum((world.flow(line) for line in lines), Fraction(0))
    yield "net contributions", "all", show(paid_in, 6), "deposits less withdrawals, ECB of the day"
    total = time_weighted(world, lines, first)
    yield "time-weighted return", f"{first} to {LAST_DAY}", show(total, 8), "daily, linked"
    rate = money_weighted(world, lines, first)
    yield "money-weighted return a year", f"{first} to {LAST_DAY}", f"{rate:.8f}", "bisection"


def main() -> None:
    """Print, or write."""
    rows = list(answers())
    if "--write" in sys.argv:
        with (HERE / "answers.csv").open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(
                [("figure", "of", "value", "working"), *rows]
            )
    for row in rows:
        sys.stdout.write(" | ".join(row) + "\n")


if __name__ == "__main__":
    main()
