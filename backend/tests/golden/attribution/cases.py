"""Published attributions: what goes in, what comes out, and where to read it.

Weights and returns are ratios as text (0.08 is 8 %), in the order of the segments; so are effects.
An effect agrees when it is within half of the last place printed (`places`), or, where periods are
linked, within the room the source's own tests leave (`within`).

    Brinson, Hood, Beebower   allocation = (wp - wb) rb
    Brinson, Fachler          allocation = (wp - wb) (rb - RB)
    both                      selection = wb (rp - rb)    interaction = (wp - wb) (rp - rb)

`folded` says where a source puts the interaction: `own` keeps it, `selection` adds it to the
selection (top down), `allocation` to the allocation (bottom up).

- P: https://github.com/anandkkumar/PortfolioAttribution, tests/testthat/{file}: tests named for the
  tables of C. Bacon, Practical Portfolio Performance Measurement and Attribution (2008), ch. 5, 6
  and 8, with every figure of them.
"""

from dataclasses import dataclass

P = "https://github.com/anandkkumar/PortfolioAttribution, tests/testthat/{}"
BODIE = "https://scribd.com/document/397193175/attribution-performance (0.310 %, 1.060 %, 1.370 %)"
TRIAD = (
    "http://forum.theanalystspace.com/viewthread.php?page=6&tid=391937 (Triad Fund: 0.83 %, 1.5 %)"
)
FINFACTS = "https://www.finfacts.io/calculations/brinson-fachler-asi (basis points)"
FINFACTS_CARINO = "https://www.finfacts.io/calculations/linking-carino (step 1)"
BHATT = (
    "https://www.analystforum.com/t/contribution-foreign-currency-cfa-mock/139661"
    " (7.0 %, 5.5 % and 1.5 %)"
)
YEN = (
    "https://www.analystforum.com/t/r44-curreny-loss-gain-appreciation-vs-devaluation/14817"
    " (10 % less 5.24 %: 4.76 %)"
)
HAND = "by hand: {}"


@dataclass(frozen=True)
class Segments:
    """One period: weights and returns of the portfolio (p) and the benchmark (b)."""

    names: str
    weights_p: str
    weights_b: str
    returns_p: str
    returns_b: str


@dataclass(frozen=True)
class Brinson:
    """A period taken apart; effects by segment, or nothing where only totals are printed."""

    name: str
    source: str
    model: str
    folded: str
    segments: Segments
    allocation: str
    selection: str
    interaction: str
    totals: str  # allocation, selection and, where it is its own, interaction
    places: int


@dataclass(frozen=True)
class Linking:
    """Periods taken apart by Brinson and Fachler, linked so that they add up over all periods.

    Effects by segment over the whole span, the interaction with the selection.
    """

    name: str
    source: str
    method: str
    periods: tuple[Segments, ...]
    allocation: str
    selection: str
    totals: str
    places: int
    within: str
    adjusted: tuple[tuple[str, str], ...] = ()  # (allocation, selection) of each period, in total


@dataclass(frozen=True)
class Factors:
    """What the effects of each period are multiplied with before (raw) or after scaling."""

    name: str
    source: str
    method: str
    is_scaled: bool
    returns_p: str
    returns_b: str
    factors: str
    places: int


@dataclass(frozen=True)
class Currency:
    """Holdings abroad: base = weights x ((1 + local) (1 + currency) - 1), split in two."""

    name: str
    source: str
    weights: str
    local: str
    currency: str
    base: str
    from_local: str
    from_currency: str  # the cross product included
    places: int


EQUITIES = "UK equities, Japanese equities, US equities"
QUARTERS = (
    Segments(EQUITIES, "0.4 0.3 0.3", "0.4 0.2 0.4", "0.20 -0.05 0.06", "0.10 -0.04 0.08"),
    Segments(EQUITIES, "0.7 0.2 0.1", "0.4 0.3 0.3", "-0.05 0.03 -0.05", "-0.07 0.04 -0.10"),
    Segments(EQUITIES, "0.3 0.5 0.2", "0.5 0.4 0.1", "-0.20 0.08 -0.15", "-0.25 0.05 -0.20"),
    Segments(EQUITIES, "0.3 0.5 0.2", "0.4 0.4 0.2", "0.10 -0.07 0.25", "0.05 -0.05 0.10"),
)
FACHLER, HOOD = "brinson_fachler", "brinson_hood_beebower"
TABLE_5, TABLE_8 = P.format("test_BHB_BF.R, {}"), P.format("test_linking.R, {}")
BOTTOM_UP = P.format("test_top_down_bottom_up.R, bottom up")

BRINSON = [
    Brinson("returns of the segments alone", TABLE_5.format("table 5.2"), HOOD, "own",
            QUARTERS[0], "0 -0.004 -0.008", "0.04 -0.002 -0.008", "0 -0.001 0.002",
            "-0.012 0.03 0.001", 4),
    Brinson("returns beside the benchmark's", TABLE_5.format("table 5.3"), FACHLER, "own",
            QUARTERS[0], "0 -0.0104 -0.0016", "0.04 -0.002 -0.008", "0 -0.001 0.002",
            "-0.012 0.03 0.001", 4),
    Brinson("top down", TABLE_5.format("table 5.4"), FACHLER, "selection", QUARTERS[0],
            "0 -0.0104 -0.0016", "0.04 -0.003 -0.006", "", "-0.012 0.031", 4),
    Brinson("top down, segments alone", TABLE_5.format("top-down approach"), HOOD, "selection",
            QUARTERS[0], "0 -0.004 -0.008", "0.04 -0.003 -0.006", "", "-0.012 0.031", 4),
    Brinson("bottom up", BOTTOM_UP, FACHLER, "allocation", QUARTERS[0], "0 -0.0114 0.0004",
            "0.04 -0.002 -0.008", "", "-0.011 0.03", 4),
    Brinson("second quarter", TABLE_8.format("table 8.1"), FACHLER, "selection", QUARTERS[1],
            "-0.0072 -0.0086 0.0108", "0.014 -0.002 0.005", "", "-0.005 0.017", 4),
    Brinson("third quarter", TABLE_8.format("table 8.1"), FACHLER, "selection", QUARTERS[2],
            "0.025 0.0175 -0.0075", "0.015 0.015 0.01", "", "0.035 0.04", 4),
    Brinson("fourth quarter", TABLE_8.format("table 8.1"), FACHLER, "selection", QUARTERS[3],
            "-0.003 -0.007 0", "0.015 -0.01 0.03", "", "-0.01 0.035", 4),
    Brinson("equity, bonds and cash of a month", BODIE, FACHLER, "selection",
            Segments("Equity, Bonds, Cash", "0.70 0.07 0.23", "0.60 0.30 0.10",
                     "0.0728 0.0189 0.0048", "0.0581 0.0145 0.0048"),
            "0.00184 0.00579 -0.00454", "0.01029 0.00031 0", "", "0.00310 0.01060", 5),
    Brinson("a fund of stocks and bonds", TRIAD, FACHLER, "own",
            Segments("Stock, Bonds, Cash", "0.65 0.25 0.10", "0.50 0.40 0.10",
                     "0.1700 0.0810 0.0385", "0.1380 0.0830 0.0405"),
            "", "", "", "0.0083 0.015", 4),
    Brinson("five kinds of bonds", FINFACTS, FACHLER, "own",
            Segments("Government, Credit, Mortgages, High Yield, Cash", "0.35 0.30 0.15 0.10 0.10",
                     "0.40 0.25 0.20 0.05 0.10", "0.0210 0.0450 0.0320 0.0650 0.0050",
                     "0.0180 0.0380 0.0300 0.0500 0.0040"),
            "0.00038 0.00062 -0.00022 0.00122 0", "0.00120 0.00175 0.00040 0.00075 0.00010",
            "-0.00015 0.00035 -0.00010 0.00075 0", "0.00200 0.00420 0.00085", 5),
    Brinson("two segments", HAND.format("0.1 x 0.015, 0.5 x 0.02, 0.1 x 0.02, ..."), FACHLER,
            "own", Segments("one, two", "0.6 0.4", "0.5 0.5", "0.08 0.02", "0.06 0.03"),
            "0.0015 0.0015", "0.010 -0.005", "0.002 0.001", "0.003 0.005 0.003", 4),
]  # fmt: skip

LINKING = [
    Linking("four quarters by logarithms", TABLE_8.format("table 8.2"), "carino", QUARTERS,
            "0.0165 -0.006 0.0015", "0.0804 0.0018 0.0385", "0.012 0.1207", 4, "0.0001",
            (("-0.0109", "0.028"), ("-0.0051", "0.0172"), ("0.0373", "0.0426"),
             ("-0.0094", "0.0329"))),
    Linking("four quarters, spread evenly", TABLE_8.format("table 8.3"), "menchero", QUARTERS,
            "0.0156 -0.0078 0.0014", "0.0838 0.0005 0.0391", "0.0092 0.1234", 4, "0.0001",
            (("-0.0119", "0.0307"), ("-0.0049", "0.0168"), ("0.036", "0.0411"),
             ("-0.0099", "0.0348"))),
]  # fmt: skip

FACTORS = [
    Factors("three months", FINFACTS_CARINO, "carino", is_scaled=False,
            returns_p="0.025 0.018 -0.005", returns_b="0.022 0.015 -0.008",
            factors="0.977040 0.983769 1.006543", places=6),
    Factors("two periods", HAND.format("ln(1.05 / 1.03) / 0.02 over ln(1.029 / 1.0403) / -0.0113"),
            "carino", is_scaled=True, returns_p="0.05 -0.02", returns_b="0.03 0.01",
            factors="0.994877 1.039918", places=6),
]  # fmt: skip

CURRENCY = [
    Currency("dollars, euros and yen", BHATT, "0.50 0.25 0.25", "0.10 0.05 -0.03",
             "0 0.02 0.04", "0.070", "0.055", "0.015", 3),
    Currency("a share in yen", YEN, "1", "0.10", "-0.047619", "0.0476", "0.10", "-0.0524", 4),
    Currency("10 % and -5 %", HAND.format("1.10 x 0.95 = 1.045"), "1", "0.10", "-0.05", "0.045",
             "0.10", "-0.055", 3),
]  # fmt: skip
