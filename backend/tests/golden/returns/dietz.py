"""Modified Dietz returns. A flow at the end of its day counts from the start of the next."""

from tests.golden.returns.forms import Dietz

HAND = "by hand: 150 / (1000 + 500 * 20 / 30)"
PREP = (
    "https://www.bloombergprep.com/practice/cfa/400/question/bac110/performance-measurement-overview-of-the-global-investment-performance-standards-gips-verification"
    " (2.45 %)"
)
SPACE = "http://forum.theanalystspace.com/viewthread.php?tid=83116 (JP Fund, March 2003: 4.02 %)"
WIKI = (
    "https://en.wikipedia.org/wiki/Modified_Dietz_method (example; 120 % by the test of"
    " brinvex-investperf that names it)"
)
GIPS = (
    "https://github.com/brinvex/brinvex-investperf, ModifiedDietzMwrCalculatorTest.java (GIPS"
    " handbook for asset owners, provision {})"
)
README = "https://github.com/brinvex/brinvex-investperf, README (table of three months of 2023)"
BENDER = (
    "https://www.canadianportfoliomanagerblog.com/how-to-calculate-your-modified-dietz-rate-of-return/"
    " (Investor 1: 8.97 %)"
)
BENDERS = (
    "https://canadianportfoliomanagerblog.com/calculating-your-modified-dietz-rate-of-return/"
    " (2020; 0.1396 and 0.0717 by the test of brinvex-investperf that names it)"
)
SOCK = (
    "https://github.com/SockTrader/SockTrader, packages/indicators/README.md (0.0804331826306382)"
)
TIKO = (
    "https://github.com/PaulSquires/tiko-lang/wiki/Modern-Finance-ModifiedDietzReturn"
    " (0.01904761904761905)"
)

JUNE_END = ((6, "-2000"), (11, "20000"))
JUNE_START = ((5, "-2000"), (10, "20000"))
# days from 2017-01-01 to the end of the day of each flow
FOUR_YEARS = (
    (8, "200000"), (358, "-50000"), (416, "-200000"), (430, "150000"), (710, "-20000"),
    (906, "100000"), (914, "30000"), (956, "-50000"), (1176, "-200000"), (1251, "80000"),
    (1422, "-50000"), (1433, "150000"),
)  # fmt: skip
FOUR_YEARS_START = tuple((day - 1, amount) for day, amount in FOUR_YEARS)

DIETZ = [
    Dietz("day 10 of 30", HAND, "1000", "1650", ((10, "500"),), 30, "11.25"),
    Dietz("after one of two years", WIKI, "100", "300", ((1, "50"),), 2, "120"),
    Dietz("two years of 365 days", WIKI, "100", "300", ((365, "50"),), 730, "120.0000"),
    Dietz("a day later", WIKI, "100", "300", ((366, "50"),), 730, "120.0658"),
    Dietz("four flows of October", PREP, "585.60", "602.34",
          ((5, "-15.05"), (9, "19.82"), (15, "16.42"), (24, "-18.96")), 31, "2.45"),
    Dietz("redeemed on March 15", SPACE, "50000000", "51500000", ((15, "-500000"),), 31, "4.02"),
    Dietz("June, flows at the end of their days", GIPS.format("22.A.21: 15.3061"), "100000",
          "135000", JUNE_END, 30, "15.3061"),
    Dietz("June, flows at the start", GIPS.format("22.A.21: 15.2239"), "100000", "135000",
          JUNE_START, 30, "15.2239"),
    Dietz("eleven days, at the end", GIPS.format("22.A.21: 7.0642"), "100000", "125000",
          JUNE_END, 11, "7.0642"),
    Dietz("eleven days, at the start", GIPS.format("22.A.21: 6.9495"), "100000", "125000",
          JUNE_START, 11, "6.9495"),
    Dietz("four years, at the end", GIPS.format("22.A.23: 0.0754846147"), "2000000", "2300000",
          FOUR_YEARS, 1461, "7.54846147"),
    Dietz("four years, at the start", GIPS.format("22.A.23: 0.0754812024"), "2000000", "2300000",
          FOUR_YEARS_START, 1461, "7.54812024"),
    Dietz("January", README, "100000", "98000", ((19, "2000"),), 31, "-3.97"),
    Dietz("February", README, "98000", "117000", ((14, "1000"), (6, "-1500")), 28, "20.04"),
    Dietz("until February", README, "100000", "117000",
          ((19, "2000"), (45, "1000"), (37, "-1500")), 59, "15.34"),
    Dietz("until March", README, "100000", "120000",
          ((19, "2000"), (45, "1000"), (37, "-1500")), 90, "18.28"),
    Dietz("in the middle of September", BENDER, "250000", "298082", ((258, "25000"),), 365,
          "8.97"),
    Dietz("put in on March 23, 2020", BENDERS, "100000", "125039", ((83, "10000"),), 366,
          "13.96"),
    Dietz("taken out on March 23, 2020", BENDERS, "100000", "96616", ((83, "-10000"),), 366,
          "7.17"),
    Dietz("four flows of a quarter", SOCK, "1000", "1200",
          ((15, "10"), (38, "50"), (46, "35"), (79, "20")), 90, "8.04331826306382"),
    Dietz("half way through", TIKO, "100000", "112000", ((45, "10000"),), 90,
          "1.904761904761905"),
]  # fmt: skip
