"""Accounts of several currencies added up: by hand, at the ECB's own rates."""

from datetime import date
from decimal import Decimal

from truenav.core.valuation.consolidation import CurrencyDay, SeriesPoint, consolidate
from truenav.core.valuation.nav import Unknown
from truenav.core.valuation.series import FxTable

DAY, NEXT = date(2013, 2, 28), date(2013, 3, 1)
D = Decimal
# ECB reference rates: 1 EUR = 1.3129 USD on 2013-02-28 and 1.3000 USD on 2013-03-01
FX = FxTable({"USD": ((DAY, NEXT), (D("1.3129"), D("1.3000")))})


def test_each_day_is_added_up_at_its_own_rate() -> None:
    days = [
        CurrencyDay(DAY, "EUR", D("1000"), D("0")),
        CurrencyDay(DAY, "USD", D("500"), D("0")),
        CurrencyDay(NEXT, "EUR", D("1000"), D("100")),
        CurrencyDay(NEXT, "USD", D("500"), D("-20")),
    ]
    # 1000 × 1.3129 + 500 = 1812.9;  1000 × 1.3 + 500 = 1800;  100 × 1.3 - 20 = 110
    assert consolidate(days, FX, "USD") == [
        SeriesPoint(DAY, D("1812.9"), D("0")),
        SeriesPoint(NEXT, D("1800"), D("110")),
    ]


def test_one_unknown_part_makes_the_sum_unknown_and_says_why() -> None:
    missing = Unknown("price_missing", "a")
    days = [
        CurrencyDay(DAY, "EUR", None, D("0"), (missing,)),
        CurrencyDay(DAY, "USD", D("500"), D("7")),
    ]
    assert consolidate(days, FX, "USD") == [SeriesPoint(DAY, None, D("7"), (missing,))]


def test_a_missing_rate_is_named_only_where_there_is_something_to_convert() -> None:
    days = [
        CurrencyDay(DAY, "CHF", D("10"), D("0")),
        CurrencyDay(DAY, "USD", D("500"), D("0")),
        CurrencyDay(NEXT, "CHF", D("0"), D("0")),
        CurrencyDay(NEXT, "USD", D("500"), D("0")),
    ]
    without_rate, empty = consolidate(days, FX, "USD")
    assert without_rate == SeriesPoint(DAY, None, D("0"), (Unknown("fx_missing", "CHF"),))
    assert empty == SeriesPoint(NEXT, D("500"), D("0"))


def test_a_single_account_in_the_currency_asked_for_needs_no_rate() -> None:
    days = [CurrencyDay(DAY, "CHF", D("10.5"), None, (Unknown("price_missing", "b"),))]
    assert consolidate(days, FxTable({}), "CHF") == [
        SeriesPoint(DAY, D("10.5"), None, (Unknown("price_missing", "b"),))
    ]
