"""Published returns: inputs and answers with their sources; percentages at the digits printed.

Facts and figures only. Where a source has a convention of its own (end of day flows, a year of
365 days, whole periods) the case asks for that convention.
"""

from dataclasses import dataclass
from datetime import date, timedelta

BACON = "C. Bacon, Practical Portfolio Performance Measurement and Attribution, ch. 2"
CFA = "CFA Program curriculum, Quantitative Methods, rates of return"
PREP = "Bloomberg Exam Prep, CFA level III, GIPS verification, question bac110"
SPACE = "TheAnalystSpace forum, GIPS question of the JP Fund (March 2003)"
WIKI = "Wikipedia, Time-weighted return and Modified Dietz method"
INVESTOPEDIA = "Investopedia, Time-Weighted Rate of Return, example of two investors"
EXCEL = "Microsoft, Excel documentation of IRR and XIRR"
CALC = "LibreOffice help, XIRR"
NUMPY = "numpy-financial, documentation of irr"
SP = "S&P Dow Jones Indices, S&P 500 price index, closes and returns by year"
FALLS = "S&P 500 and Nasdaq Composite, published peaks and troughs"
SHARES = "closes as traded of bokeh's sample data"
TIMING = "GIPS 2020 and Bacon (2008) on the timing of flows"


@dataclass(frozen=True)
class Linked:
    """Closing values and flows of consecutive days; the time-weighted return in percent."""

    name: str
    source: str
    values: str
    flows: str
    percent: str
    timing: str = "start_of_day"


@dataclass(frozen=True)
class Dietz:
    """One period: (days since it began, amount) of each flow; the return in percent."""

    name: str
    source: str
    opening: str
    closing: str
    flows: tuple[tuple[int, str], ...]
    day_count: int
    percent: str


@dataclass(frozen=True)
class Dated:
    """Flows from the investor's side; the yearly money-weighted return in percent."""

    name: str
    source: str
    flows: tuple[tuple[date, str], ...]
    percent: str


@dataclass(frozen=True)
class Fall:
    """Levels in order; the worst fall in percent."""

    name: str
    source: str
    levels: str
    percent: str


def yearly(*amounts: str) -> tuple[tuple[date, str], ...]:
    """Amounts a year of 365 days apart."""
    return tuple(
        (date(2001, 1, 1) + timedelta(days=365 * place), amount)
        for place, amount in enumerate(amounts)
    )


CLOSES = (
    "1469.25 1320.28 1148.08 879.82 1111.92 1211.92 1248.29 1418.30 1468.36 903.25 1115.10"
    " 1257.64 1257.60 1426.19 1848.36 2058.90 2043.94 2238.83 2673.61 2506.85"
).split()
YEARS = (
    "-10.14 -13.04 -23.37 26.38 8.99 3.00 13.62 3.53 -38.49 23.45 12.78 -0.00 13.41 29.60 11.39"
    " -0.73 9.54 19.42 -6.24"
).split()

LINKED = [
    Linked("a flow at the start of its day", TIMING, "1000 1650", "500", "10.00"),
    Linked("a flow at the end of its day", TIMING, "1000 1650", "500", "15.00", "end_of_day"),
    Linked("valued at the flow", BACON, "74.2 104.1 104.4", "37.1 0", "-9.44", "end_of_day"),
    Linked("its first part", BACON, "74.2 67.0", "0", "-9.70"),
    Linked("its second part", BACON, "104.1 104.4", "0", "0.29"),
    Linked("two shares, dividends taken out", CFA, "200 450 0", "220 -480", "22.67", "end_of_day"),
    Linked("a mutual fund of three years", CFA, "100 1000 1000 1270", "950 -350 0", "-14.3",
           "end_of_day"),
    Linked("doubled, then three quarters", WIKI, "500 2000 1500", "1000 0", "50", "end_of_day"),
    Linked("who added money", INVESTOPEDIA, "1000000 1262484 1192328", "100000 0", "9.79",
           "end_of_day"),
    Linked("who took money out", INVESTOPEDIA, "1000000 1062484 1003440", "-100000 0", "9.79",
           "end_of_day"),
    Linked("until the money was added", INVESTOPEDIA, "1000000 1162484", "0", "16.25"),
    Linked("after it was added", INVESTOPEDIA, "1262484 1192328", "0", "-5.56"),
    Linked("AAPL in 2008", SHARES, "198.08 85.35", "0", "-56.91"),
    Linked("MSFT in 2008", SHARES, "35.60 19.44", "0", "-45.39"),
    Linked("IBM in 2008", SHARES, "108.10 84.16", "0", "-22.15"),
    Linked("GOOG in 2008", SHARES, "691.48 307.65", "0", "-55.51"),
    *(
        Linked(f"the index in {year}", SP, f"{before} {after}", "0", percent)
        for year, before, after, percent in zip(
            range(2000, 2019), CLOSES[:-1], CLOSES[1:], YEARS, strict=True
        )
    ),
]  # fmt: skip

DIETZ = [
    Dietz("day 10 of 30", TIMING, "1000", "1650", ((10, "500"),), 30, "11.25"),
    Dietz("simple: the middle of the period", BACON, "74.2", "104.4", ((1, "37.1"),), 2, "-7.44"),
    Dietz("at the end of day 14 of 31", BACON, "74.2", "104.4", ((14, "37.1"),), 31, "-7.30"),
    Dietz("at the start of day 14 of 31", BACON, "74.2", "104.4", ((13, "37.1"),), 31, "-7.21"),
    Dietz("after one of two years", WIKI, "100", "300", ((1, "50"),), 2, "120"),
    Dietz("four flows of October", PREP, "585.60", "602.34",
          ((5, "-15.05"), (9, "19.82"), (15, "16.42"), (24, "-18.96")), 31, "2.45"),
    Dietz("redeemed on March 15", SPACE, "50000000", "51500000", ((15, "-500000"),), 31, "4.02"),
]  # fmt: skip

DATED = [
    Dated("dated payments", EXCEL,
          ((date(2008, 1, 1), "-10000"), (date(2008, 3, 1), "2750"), (date(2008, 10, 30), "4250"),
           (date(2009, 2, 15), "3250"), (date(2009, 4, 1), "2750")), "37.34"),
    Dated("within one year", CALC,
          ((date(2001, 1, 1), "-10000"), (date(2001, 2, 1), "2000"), (date(2001, 3, 15), "2500"),
           (date(2001, 5, 12), "5000"), (date(2001, 8, 10), "1000")), "18.28"),
    Dated("five years of income", EXCEL,
          yearly("-70000", "12000", "15000", "18000", "21000", "26000"), "8.7"),
    Dated("four of them", EXCEL, yearly("-70000", "12000", "15000", "18000", "21000"), "-2.1"),
    Dated("two of them", EXCEL, yearly("-70000", "12000", "15000"), "-44.4"),
    Dated("two shares", CFA, yearly("-200", "-220", "480"), "9.39"),
    Dated("a mutual fund of three years", CFA, yearly("-100", "-950", "350", "1270"), "26.11"),
    Dated("fifty percent a year", WIKI, yearly("-100", "-50", "300"), "50"),
    Dated("nothing won in all", WIKI, yearly("-500", "-1000", "1500"), "0"),
    Dated("four returns", NUMPY, yearly("-100", "39", "59", "55", "20"), "28.095"),
    Dated("one return less than paid", NUMPY, yearly("-100", "0", "0", "74"), "-9.55"),
    Dated("a last payment", NUMPY, yearly("-100", "100", "0", "-7"), "-8.33"),
    Dated("a last return", NUMPY, yearly("-100", "100", "0", "7"), "6.21"),
    Dated("signs that change three times", NUMPY, yearly("-5", "10.5", "1", "-8", "1"), "8.86"),
]  # fmt: skip

FELL = [
    Fall("2007 to 2009", FALLS, "1565.15 1468.36 903.25 676.53 1115.10", "-56.78"),
    Fall("2000 to 2002", FALLS, "1469.25 1527.46 1148.08 776.76 879.82", "-49.15"),
    Fall("2020", FALLS, "3386.15 2237.40", "-33.92"),
    Fall("2022", FALLS, "4796.56 3577.03", "-25.43"),
    Fall("Nasdaq, 2000 to 2002", FALLS, "5048.62 1114.11", "-77.93"),
]
