"""Indices and shares: closes of the sources named, and what is published of them.

Two closes of a share are facts that a return can be checked with; the series stay in the packages.
"""

from tests.golden.returns.forms import Fall, Linked

ARCH = "https://pypi.org/project/arch/8.0.0/, arch.data.{} (closes)"
YEARLY = (
    f"{ARCH.format('sp500')}; price returns to one decimal:"
    " https://stocklists.co/lists/sp500-returns"
)
DAYS = f"{ARCH.format('sp500')}; the worst and best days of 2008"
NASDAQ = ARCH.format("nasdaq")
BOKEH = "https://pypi.org/project/bokeh-sampledata/2026.1/, stocks.csv.gz (closes as traded)"
BOGLEHEADS = "https://bogleheads.org/wiki/Bear_market (levels and losses)"
HARTFORD = (
    "https://hartfordfunds.com/practice-management/client-conversations/managing-volatility/bear-markets.html"
    " (falls to two decimals)"
)
HOW_BAD = (
    "http://cybereconomics.blogspot.com/2009/03/how-bad-was-it-updated.html (56.78 %); levels:"
    " https://bogleheads.org/wiki/Bear_market"
)
YARDENI = (
    "https://www.scribd.com/document/495588282/S-P-500-Bull-Bear-Market-Tables-23Feb2021"
    " (levels); -49.1 % https://bogleheads.org/wiki/Bear_market"
)
DOLPHIN = "https://docs.dolphindb.cn/en/Functions/m/maxDrawdown.html (0.75)"

CLOSES = (
    "1469.25 1320.28 1148.08 879.82 1111.92 1211.92 1248.29 1418.30 1468.36 903.25 1115.10"
    " 1257.64 1257.60 1426.19 1848.36 2058.90 2043.94 2238.83 2673.61 2506.85"
).split()
YEARS = (
    "-10.14 -13.04 -23.37 26.38 8.99 3.00 13.62 3.53 -38.49 23.45 12.78 -0.00 13.41 29.60 11.39"
    " -0.73 9.54 19.42 -6.24"
).split()
ONE_DECIMAL = (
    "-10.1 -13.0 -23.4 26.4 9.0 3.0 13.6 3.5 -38.5 23.5 12.8 0.0 13.4 29.6 11.4 -0.7 9.5 19.4 -6.2"
).split()
TRADED = """
AAPL in 2008: 198.08 85.35 -56.91
MSFT in 2008: 35.60 19.44 -45.39
IBM in 2008: 108.10 84.16 -22.15
GOOG in 2008: 691.48 307.65 -55.51
AAPL from October 9, 2007 to March 9, 2009: 167.86 83.11 -50.49
MSFT over the same days: 30.0999 15.15 -49.67
IBM over the same days: 118.30 83.48 -29.43
GOOG over the same days: 615.185 290.89 -52.72
"""
BEARS = """
1937 to 1942: 18.68 7.47 -60.0
1946 to 1949: 19.25 13.55 -29.6
1956 to 1957: 49.64 38.98 -21.5
1961 to 1962: 72.64 52.3 -28.0
1966: 94.06 73.2 -22.2
1968 to 1970: 108.37 69.29 -36.1
1973 to 1974: 120.24 62.28 -48.2
1980 to 1982: 140.52 102.42 -27.1
1987: 336.77 223.92 -33.5
1990: 368.95 295.46 -19.9
2007 to 2009: 1565.15 676.53 -56.8
"""


def rows(table: str) -> list[tuple[str, str, str]]:
    """(name, levels, percent) of `name: level level percent` lines."""
    split = [line.rsplit(": ", 1) for line in table.strip().splitlines()]
    return [(name, *tail.rsplit(" ", 1)) for name, tail in split]  # type: ignore[misc]


MARKETS = [
    *(
        Linked(f"the index in {year}", YEARLY, f"{before} {after}", "0", percent)
        for year, before, after, percent in zip(
            range(2000, 2019), CLOSES[:-1], CLOSES[1:], YEARS, strict=True
        )
    ),
    Linked("its worst day of 2008, October 15", DAYS, "998.01 907.84", "0", "-9.03"),
    Linked("its second worst, December 1", DAYS, "896.24 816.21", "0", "-8.93"),
    Linked("its third worst, September 29", DAYS, "1213.27 1106.42", "0", "-8.81"),
    Linked("its best day, October 13", DAYS, "899.22 1003.35", "0", "11.58"),
    Linked("its second best, October 28", DAYS, "848.92 940.51", "0", "10.79"),
    Linked("the Nasdaq Composite in 2008", NASDAQ, "2652.28 1577.03", "0", "-40.54"),
    *(Linked(name, BOKEH, levels, "0", percent) for name, levels, percent in rows(TRADED)),
]  # fmt: skip

FELL = [
    Fall("the index, 2007 to 2009", HOW_BAD, "1565.15 1468.36 903.25 676.53 1115.10", "-56.78"),
    Fall("the index, 2000 to 2002", YARDENI, "1469.25 1527.46 1148.08 776.76 879.82", "-49.15"),
    Fall("the index, 2020", HARTFORD, "3386.15 2237.40", "-33.92"),
    Fall("the index, 2022", HARTFORD, "4796.56 3577.03", "-25.43"),
    Fall("the index, 1987", HARTFORD, "336.77 223.92", "-33.51"),
    Fall("the index, 1973 to 1974", HARTFORD, "120.24 62.28", "-48.20"),
    Fall("the Nasdaq Composite, 2000 to 2002", NASDAQ, "5048.62 1114.11", "-77.93"),
    Fall("the Nasdaq Composite, 2007 to 2009", NASDAQ, "2859.12 1268.64", "-55.63"),
    Fall("one series", DOLPHIN, "36 96 42 100 59 86 25 64 72", "-75"),
    *(Fall(f"the index, {name}, to one decimal", BOGLEHEADS, levels, percent)
      for name, levels, percent in rows(BEARS)),
]  # fmt: skip
