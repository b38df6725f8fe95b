"""Money-weighted returns, yearly; where a source says "no result" there must be none."""

from tests.golden.returns.forms import Dated, Flows, dated, yearly

XIRR = (
    "https://support.microsoft.com/zh-cn/excel/functions/xirr-function (0.373362535); the same with"
    " dates of 1992: https://library.thedatadungeon.com/msdn-2000-04/kboffice/Source/excel/q116041.content.htm"
    " (37.3363 %)"
)
IRR = "https://support.microsoft.com/zh-TW/Excel/irr-function (-2.1 %, 8.7 %, -44.4 %)"
SHEET = (
    "https://github.com/PHPOffice/PhpSpreadsheet, tests/data/Calculation/Financial/{}.php"
    " (Excel's results)"
)
SHEET_XIRR, SHEET_IRR = SHEET.format("XIRR"), SHEET.format("IRR")
DECAMPO = (
    "https://github.com/RayDeCampo/java-xirr, src/test/java/org/decampo/xirr/XirrTest.java ({})"
)
NUMPY = "https://numpy.org/doc/1.16/reference/generated/numpy.irr.html ({})"
PYXIRR = "https://github.com/Anexen/pyxirr, docs/functions.md (0.6342972615260243)"
CRATE = "https://docs.rs/xirr/latest/xirr/ (0.1635371584432641)"
GREYTROUT = "http://www.greytrout.com/manuals/SS_user_guide/node132.html ({})"
GEEKS = "https://www.geeksforgeeks.org/?p=248589 (-0.5296447721512683)"
NOTES = "https://analystnotes.com/cfa_question.php?p=QUI1VXOQG (11.60 %; 11.59538)"
AVATTO = "https://avatto.com/cfa-level-1/cfa-practice/quantitative/quantitative-sec-1/page/4/ ({})"
FOUR = "http://forum.theanalystspace.com/viewthread.php?tid=104359 (20.52 %)"
JAYSON = "https://buboflash.eu/bubo5/show-dao2?d=1631843388684 (17 %)"
PRICES = "https://qammunity.org/9544865 (1.08 %)"
SOCK = "https://github.com/SockTrader/SockTrader, packages/indicators/README.md (0.0247125630...)"
BENDER = (
    "https://www.canadianportfoliomanagerblog.com/how-to-calculate-your-modified-dietz-rate-of-return/"
    " (Investor 1, money-weighted: 8.98 %)"
)
WIKI = "https://en.wikipedia.org/wiki/Modified_Dietz_method (internal rate of return: 50 %)"
HAND = "by hand: -100 x^2 + 230 x - 132 = 0 at x = 1.1 and x = 1.2"

JUNE_2019 = (
    "2019-06-20:139947.43 2019-06-27:1893.67 2019-06-21:52573.25 2019-06-24:48849.74"
    " 2019-06-27:26369.16 2019-07-27:-273029.18"
)
BUYS = (
    "2001-06-22:-2610 2001-07-03:-2589 2001-07-05:-5110 2001-07-06:-2550 2001-07-09:-5086"
    " 2001-07-10:-2561 2001-07-12:-5040 2001-07-13:-2552 2001-07-16:-2530"
)
SEVENTEEN_YEARS = (
    "2000-05-24:-10000 2000-06-05:3027.25 2001-04-09:630.68 2004-02-24:2018.2 2005-03-18:1513.62"
    " 2006-02-15:1765.89 2007-01-10:4036.33 2007-11-14:4036.33 2008-12-17:1513.62"
    " 2010-01-15:1513.62 2011-01-14:2018.16 2012-02-03:1513.62 2013-01-18:1009.08"
    " 2014-01-24:1513.62 2015-01-30:1513.62 2016-01-22:1765.89 2017-01-20:1765.89"
    " 2017-06-05:22421.55"
)


def one_year(last: str) -> Flows:
    return dated(f"2010-01-01:-1000 2011-01-01:{last}")


DATED = [
    Dated("dated payments", XIRR,
          dated("2008-01-01:-10000 2008-03-01:2750 2008-10-30:4250 2009-02-15:3250"
                " 2009-04-01:2750"), "37.33625"),
    Dated("the same in 1992", XIRR,
          dated("1992-01-01:-10000 1992-03-01:2750 1992-10-30:4250 1993-02-15:3250"
                " 1993-04-01:2750"), "37.3363"),
    Dated("five years of income", IRR,
          yearly("-70000", "12000", "15000", "18000", "21000", "26000"), "8.7"),
    Dated("four of them", IRR, yearly("-70000", "12000", "15000", "18000", "21000"), "-2.1"),
    Dated("two of them", IRR, yearly("-70000", "12000", "15000"), "-44.4"),
    Dated("five years, more digits", SHEET_IRR,
          yearly("-70000", "12000", "15000", "18000", "21000", "26000"), "8.66309480365"),
    Dated("four, more digits", SHEET_IRR, yearly("-70000", "12000", "15000", "18000", "21000"),
          "-2.124484827341"),
    Dated("three of them", SHEET_IRR, yearly("-70000", "12000", "15000", "18000"),
          "-18.21374641455"),
    Dated("a fifth more each year", SHEET_IRR, yearly("-100", "20", "24", "28.8"),
          "-13.618951095869"),
    Dated("five times", SHEET_IRR, yearly("-100", "20", "24", "28.8", "34.56", "41.47"),
          "13.0575756"),
    Dated("paid last, in any order", SHEET_XIRR, dated(JUNE_2019), "13.796353"),
    Dated("two of them changed over", SHEET_XIRR,
          dated(JUNE_2019.replace("20:139947.43 2019-06-27:1893.67",
                                  "27:139947.43 2019-06-20:1893.67")), "15.467888"),
    Dated("thousands of percent", SHEET_XIRR,
          dated(JUNE_2019.replace("2019-06-20:139947.43", "2019-06-27:1.0")), "323515.96"),
    Dated("taken out first", SHEET_XIRR, dated("2015-04-01:4000 2019-06-27:-46000"),
          "77.868869"),
    Dated("three small returns", SHEET_XIRR,
          dated("2010-01-01:-100 2010-04-01:20 2010-10-01:40 2011-02-01:25"), "-19.73873"),
    Dated("a large last one", SHEET_XIRR,
          dated("2008-01-01:-10000 2008-03-01:2750 2008-10-30:4250 2009-02-15:3250"
                " 2009-04-01:2750 2009-06-01:46000"), "343.49846"),
    Dated("a month borrowed", SHEET_XIRR, dated("2021-11-24:55600 2021-12-24:-51094.83"),
          "-64.23076"),
    Dated("ten times in 65 days", SHEET_XIRR, dated("2019-12-31:-100 2020-03-05:1000"),
          "41246163.83"),
    Dated("a rate with seventeen digits", SHEET_XIRR,
          dated("2017-12-16:-2236.3994659663 2017-12-26:-47.3417585212"
                " 2017-12-29:-46.52619316339632 2017-12-31:10424.74612565936"
                " 2017-12-20:-13.077972551952"), "1.223853529E+18"),
    Dated("no change", DECAMPO.format("0"), one_year("1000"), "0.000000"),
    Dated("a tenth more", DECAMPO.format("0.10"), one_year("1100"), "10.000000"),
    Dated("a tenth less", DECAMPO.format("-0.10"), one_year("900"), "-10.000000"),
    Dated("three times", DECAMPO.format("2.00"), one_year("3000"), "200.000000"),
    Dated("four deposits", DECAMPO.format("0.1212676"),
          dated("2010-01-01:-1000 2010-04-01:-1000 2010-07-01:-1000 2010-10-01:-1000"
                " 2011-01-01:4300"), "12.12676"),
    Dated("four deposits, out of order", DECAMPO.format("0.1212676"),
          dated("2010-10-01:-1000 2011-01-01:4300 2010-07-01:-1000 2010-01-01:-1000"
                " 2010-04-01:-1000"), "12.12676"),
    Dated("three deposits of 2016", DECAMPO.format("0.2504234710540838"),
          dated("2016-01-15:-1000 2016-02-08:-2500 2016-04-17:-1000 2016-08-24:5050"),
          "25.042347105408"),
    Dated("seventeen years", DECAMPO.format("0.2126861"), dated(SEVENTEEN_YEARS), "21.26861"),
    Dated("lost in 25 days", DECAMPO.format("-0.7640294"), dated(f"{BUYS} 2001-07-17:29520"),
          "-76.40294"),
    Dated("lost in 26 days", DECAMPO.format("-0.8353404"),
          dated(f"{BUYS} 2001-07-17:-9840 2001-07-18:38900"), "-83.53404"),
    Dated("two years at once", DECAMPO.format("0.12"),
          dated("2010-01-01:-2000 2012-01-01:2508.80"), "12.000000"),
    Dated("two years in turn", DECAMPO.format("0.12"),
          dated("2010-01-01:-1000 2011-01-01:-1120 2012-01-01:2508.8"), "12.000000"),
    Dated("three years at once", DECAMPO.format("0.0784054"),
          dated("2010-01-01:-2000 2013-01-01:2508.80"), "7.8405"),
    Dated("three years in turn", DECAMPO.format("0.07017195"),
          dated("2010-01-01:-1000 2011-01-01:-1120 2013-01-01:2508.8"), "7.0172"),
    Dated("four returns", NUMPY.format("0.28095"), yearly("-100", "39", "59", "55", "20"),
          "28.095"),
    Dated("one return less than paid", NUMPY.format("-0.0955"), yearly("-100", "0", "0", "74"),
          "-9.55"),
    Dated("a last payment", NUMPY.format("-0.0833"), yearly("-100", "100", "0", "-7"), "-8.33"),
    Dated("a last return", NUMPY.format("0.06206"), yearly("-100", "100", "0", "7"), "6.206"),
    Dated("signs that change three times", NUMPY.format("0.0886"),
          yearly("-5", "10.5", "1", "-8", "1"), "8.86"),
    Dated("three returns of 2020", PYXIRR,
          dated("2020-01-01:-10000 2020-03-01:5750 2020-10-30:4250 2021-02-15:3250"),
          "63.429726152602"),
    Dated("three deposits of 2015", CRATE,
          dated("2015-06-11:-1000 2015-07-21:-9000 2018-06-10:20000 2015-10-17:-3000"),
          "16.353715844326"),
    Dated("a last payment of 90", GREYTROUT.format("-0.32606171"),
          yearly("-80", "90", "67", "72", "-90"), "-32.606171"),
    Dated("doubled each year", GREYTROUT.format("1.0462142"),
          yearly("-700", "750", "900", "600", "850"), "104.62142"),
    Dated("little came back", GEEKS, yearly("-500", "50", "31", "3", "11"), "-52.964477215127"),
    Dated("two shares", NOTES, yearly("-86", "-94", "212"), "11.59538"),
    Dated("a share with two dividends", AVATTO.format("10.87 %"),
          yearly("-44", "4", "5", "49.5"), "10.87"),
    Dated("two shares that fell", AVATTO.format("1.998 %"),
          yearly("-106", "6", "6", "6", "96"), "1.998"),
    Dated("four shares, two sold early", FOUR, yearly("-200", "100", "170"), "20.52"),
    Dated("a second share before the fall", JAYSON, yearly("-100", "-140", "300"), "17"),
    Dated("dividends used for more shares", PRICES, yearly("-324", "-212", "118", "432"), "1.08"),
    # its search stops at the ninth digit
    Dated("in, in, out, out", SOCK, yearly("250000", "25000", "-10000", "-285000"), "2.471256"),
    Dated("within one year", BENDER,
          dated("2013-12-31:-250000 2014-09-15:-25000 2014-12-31:298082"), "8.98"),
    Dated("fifty percent a year", WIKI, yearly("-100", "-50", "300"), "50"),
    Dated("two rates, the lower", HAND, yearly("-100", "230", "-132"), "10.00000000"),
    Dated("two rates, the higher", HAND, yearly("-100", "230", "-132"), "20.00000000"),
    Dated("no rate", SHEET_XIRR,
          dated("2010-01-15:-10000 2010-04-16:10000 2010-07-16:-10000 2010-10-15:5"), None),
    Dated("only paid", SHEET_XIRR, dated("2015-01-04:-4000 2019-06-27:-46000"), None),
    Dated("only got", SHEET_XIRR, dated("2015-01-04:4000 2019-06-27:46000"), None),
    Dated("all on one day", DECAMPO.format("refused"),
          dated("2010-01-01:-1000 2010-01-01:-1000 2010-01-01:2100"), None),
]  # fmt: skip
