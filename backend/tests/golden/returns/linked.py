"""Time-weighted returns: values and flows of days, returns of periods, returns a year."""

from tests.golden.returns.forms import Annual, Chain, Linked

HAND = "by hand: {}"
SCRIBD = (
    "https://www.scribd.com/document/547143246/Time-weighted-rate-of-return (Investopedia's"
    " example: 16.25 %, -5.56 % and 9.79 %)"
)
BENDER = (
    "https://www.canadianportfoliomanagerblog.com/how-to-calculate-your-time-weighted-rate-of-return-twrr/"
    " (Investor 1's values);"
    " https://www.canadianportfoliomanagerblog.com/how-to-calculate-your-modified-dietz-rate-of-return/"
    " (9.79 % in its table)"
)
WOOD = (
    "http://www.edupristine.com/discuss/viewtopic.php?f=8&t=132531 (Jonathan Wood: 2.00 %,"
    " 1.64 % lost, 10.00 %; 10.36 % for the year)"
)
QUARTERS = (
    "https://www.analystforum.com/t/annual-time-weighted-return-question-it-seems-simple-but-i-cant-answer-it/2314"
    " (growth 1.0909, .9286, 1.3333, .9762; 1.3185)"
)
WALLY = (
    "https://homeworksource.com/p/1132141/wally-invests-5800-dollars-in-a-mutual-fund-on-january-1-on-1132141"
    " (-31.034 %, 46.30 %, 17.19 %; 18.24 %)"
)
NOTES = "https://analystnotes.com/cfa_question.php?p=0OKB6HQ5V (underwriting syndicate: 20.59 %)"
TWELVE = "https://qammunity.org/9067575 (growth 1.1, 1.028571, 0.900901; 1.93 %)"
SOCK = (
    "https://github.com/SockTrader/SockTrader, packages/indicators/README.md (0.07564769566198049)"
)
INVESTPERF = "https://github.com/brinvex/brinvex-investperf, TrueTwrCalculatorTest.java and README"
WIKI = (
    "https://en.wikipedia.org/wiki/Time-weighted_return#Example_1 (50 %; also a test of"
    " brinvex-investperf)"
)
LIROR = (
    "https://en.wikipedia.org/wiki/Time-weighted_return (linked internal rates of return: 32.12 %)"
)
EMPYRICAL = (
    "https://github.com/stefan-jansen/empyrical-reloaded, tests/test_stats.py, {}"
    " (the returns: tests/conftest.py)"
)
SPACE = "http://forum.theanalystspace.com/viewthread.php?tid=83116 (GIPS: {})"
FINCAL = "https://rdrr.io/cran/FinCal/man/twrr.html (0.1584472)"
LEETQUIZ = "https://www.leetquiz.com/quiz/cmnfz00d8000z01l0nhc0l8bc/see (growth 2.2933; 51.4 %)"
TOKYO = "https://www.analystforum.com/t/time-weighted-return-on-an-investment/1884 (21.83 %)"
FOUR = "http://forum.theanalystspace.com/viewthread.php?tid=104359 (30.38 %)"
AVATTO = (
    "https://avatto.com/cfa-level-1/cfa-practice/quantitative/quantitative-sec-1/page/4/"
    " (question 20: 0.1292)"
)
RRI = (
    "https://github.com/LibreOffice/help, source/text/scalc/01/04060118.xhp"
    " (RRI(4;7500;10000) = 7.46 %)"
)
ANNUALIZER = (
    "https://github.com/brinvex/brinvex-investperf, AnnualizationTest.java (0.9962158948735884)"
)

LINKED = [
    Linked("a flow at the start of its day", HAND.format("1650 / 1500"), "1000 1650", "500",
           "10.00"),
    Linked("a flow at the end of its day", HAND.format("1150 / 1000"), "1000 1650", "500",
           "15.00", "end_of_day"),
    Linked("who added money", SCRIBD, "1000000 1262484 1192328", "100000 0", "9.79",
           "end_of_day"),
    Linked("until the money was added", SCRIBD, "1000000 1162484", "0", "16.25"),
    Linked("after it was added", SCRIBD, "1262484 1192328", "0", "-5.56"),
    Linked("a quarter of that money", BENDER, "250000 315621 298082", "25000 0", "9.79",
           "end_of_day"),
    Linked("a deposit and a withdrawal", WOOD, "50000 51000 60000 33000", "0 10000 -30000",
           "10.36"),
    Linked("its first quarter", WOOD, "50000 51000", "0", "2.00"),
    Linked("its second quarter", WOOD, "51000 60000", "10000", "-1.64"),
    Linked("its second half", WOOD, "60000 33000", "-30000", "10.00"),
    Linked("flows before four quarters", QUARTERS, "2 2.4 2.6 3.2 4.1", "0.2 0.4 -0.2 1",
           "31.85"),
    Linked("the first of them", QUARTERS, "2 2.4", "0.2", "9.09"),
    Linked("the second", QUARTERS, "2.4 2.6", "0.4", "-7.14"),
    Linked("the third", QUARTERS, "2.6 3.2", "-0.2", "33.33"),
    Linked("the fourth", QUARTERS, "3.2 4.1", "1", "-2.38"),
    Linked("who did not notice", WALLY, "5800 4000 7900 7500", "0 1400 -1500", "18.24"),
    Linked("until June", WALLY, "5800 4000", "0", "-31.034"),
    Linked("until September", WALLY, "4000 7900", "1400", "46.30"),
    Linked("until January", WALLY, "7900 7500", "-1500", "17.19"),
    Linked("a syndicate in millions", NOTES, "46.1 50.8 51.1 51 54.5", "0 0 0 -1", "20.59"),
    Linked("5,000 taken out, 3,000 put in", TWELVE, "100000 105000 111000 100000",
           "-5000 3000 0", "1.93", "end_of_day"),
    Linked("two flows in five months", SOCK, "250000 255000 257000 288000 293000 285000",
           "0 0 25000 0 -10000", "7.564769566198"),
    Linked("two flows of June", INVESTPERF, "100000 101000 132000 135000", "0 -2000 20000",
           "19.6053"),
    Linked("doubled", INVESTPERF, "1000 2000", "0", "100.0000"),
    Linked("doubled by a deposit", INVESTPERF, "1000 1000 2000", "0 1000", "0.0000"),
    Linked("a deposit at the end", INVESTPERF, "1000 2000 2000", "1000 0", "0.0000",
           "end_of_day"),
    Linked("four times, then half", INVESTPERF, "1000 4000 2000", "0 0", "100.0000"),
    Linked("with a cent more", INVESTPERF, "1000 4000 2000", "0 0.01", "99.9995"),
    Linked("with 2,000 more", INVESTPERF, "1000 4000 2000", "0 2000", "33.3333"),
    Linked("a cent above", INVESTPERF, "1000 4000.01 2000", "0 2000", "33.3334"),
    Linked("a cent below", INVESTPERF, "1000 3999.99 2000", "0 2000", "33.3332"),
    Linked("deposits and nothing else", INVESTPERF, "1000 1010 1030", "10 20", "0.0000",
           "end_of_day"),
    Linked("doubled, then three quarters", WIKI, "500 1000 1500", "0 1000", "50"),
]  # fmt: skip

CHAINS = [
    Chain("four years of internal rates", LIROR, "4 9 5 11", "32.12"),
    Chain("four quarters", SPACE.format("15.58 %"), "3.20 4.25 3.95 3.35", "15.58"),
    Chain("three months", SPACE.format("5.35 %"), "2.3 -1.0 4.02", "5.35"),
    Chain("mixed days", EMPYRICAL.format("test_cum_returns_final"), "1 10 -4 2 3 2 1 -10",
          "3.893"),
    Chain("days of loss", EMPYRICAL.format("test_cum_returns_final"), "-6 -7 -1 -9 -2 -6 -8 -5",
          "-36.59"),
    Chain("a year of weeks", EMPYRICAL.format("test_aggregate_returns"),
          "0 1 10 -4 2 3 2 1 -10", "3.89310917"),
    Chain("its first quarter", EMPYRICAL.format("test_aggregate_returns"), "0 1 10",
          "11.1000000"),
    Chain("its second quarter", EMPYRICAL.format("test_aggregate_returns"), "-4 2 3",
          "0.8576000"),
    Chain("its third quarter", EMPYRICAL.format("test_aggregate_returns"), "2 1 -10",
          "-7.2820000"),
    Chain("one percent every other day", EMPYRICAL.format("test_aggregate_returns"),
          "0 1 0 1 0 1 0 1 0", "4.0604010"),
]  # fmt: skip

ANNUAL = [
    Annual("a share, then two", FINCAL, "1.22 1.1", 730, "15.84472"),
    Annual("60 % and 43.33 %", LEETQUIZ, "1.6 1.433333333333", 730, "51.4"),
    Annual("34 % and 10.77 %", TOKYO, "1.34 1.107692307692", 730, "21.83"),
    Annual("nothing, then 70 %", FOUR, "1 1.7", 730, "30.38"),
    Annual("three years of a share", AVATTO, "1.2 1.25 0.96", 1095, "12.92"),
    Annual("7,500 to 10,000 in four years", RRI, "1.333333333333", 1460, "7.46"),
    Annual("doubled in 366 days", ANNUALIZER, "2", 366, "99.621589487359"),
]
