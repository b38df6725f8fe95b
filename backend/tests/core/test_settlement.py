"""Settlement dates: published ones, the days cycles changed, and what holds for all days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truenav.core.calendar.holidays import easter, settles_on
from truenav.core.calendar.settlement import (
    LONGEST,
    settlement_date,
    settlement_of_conversion,
    settlement_of_trade,
)
from truenav.core.ledger.transactions import AssetClass, TransactionKind

EQUITY = AssetClass.EQUITY


def us(day: str, asset_class: AssetClass = EQUITY) -> str:
    found = settlement_of_trade(date.fromisoformat(day), asset_class, "NASDAQ", "USD").day
    assert found is not None
    return found.isoformat()


@pytest.mark.parametrize(
    ("traded", "settled"),
    [
        # banks are closed on Columbus Day and Veterans Day: such a day settles with the one before
        ("2026-10-09", "2026-10-13"), ("2026-10-12", "2026-10-13"),
        ("2026-11-10", "2026-11-12"), ("2026-11-11", "2026-11-12"),
        # the last day of T+2 and the first of T+1 settle together (SEC, 2024-05-28)
        ("2024-05-24", "2024-05-29"), ("2024-05-28", "2024-05-29"),
        # T+3 to T+2: trades of 09-01 and 09-05 settle on 09-07 (SEC, 2017)
        ("2017-09-01", "2017-09-07"), ("2017-09-05", "2017-09-07"),
        # T+5 to T+3 on 1995-06-07: 06-06 settles on 06-13, 06-07 on 06-12
        ("1995-06-06", "1995-06-13"), ("1995-06-07", "1995-06-12"),
        # NASD notice 96-90: exchanges were open on Martin Luther King Day 1997, banks were not
        ("1997-01-17", "1997-01-23"), ("1997-01-20", "1997-01-23"),
        # FINRA notice 95-77: Columbus Day 1995
        ("1995-10-06", "1995-10-12"), ("1995-10-09", "1995-10-12"),
        # FINRA, Good Friday 2021: 03-31 settles on 04-05, 04-01 on 04-06
        ("2021-03-31", "2021-04-05"), ("2021-04-01", "2021-04-06"),
        # Independence Day 2026 is a Saturday: Friday the 3rd is closed
        ("2026-07-02", "2026-07-06"),
        # 2022-01-01 was a Saturday: 2021-12-31 worked
        ("2021-12-29", "2021-12-31"), ("2021-12-30", "2022-01-03"),
    ],
)  # fmt: skip
def test_us_trades_settle_on_the_published_days(traded: str, settled: str) -> None:
    assert us(traded) == settled


def test_options_settle_the_next_day_at_all_times_and_crypto_at_once() -> None:
    assert us("2016-03-01", AssetClass.OPTION) == "2016-03-02"
    crypto = settlement_of_trade(date(2026, 1, 3), AssetClass.CRYPTO, None, "USD")
    assert (crypto.day, crypto.rule) == (date(2026, 1, 3), "crypto T+0")


@pytest.mark.parametrize(
    ("traded", "exchange", "currency", "settled"),
    [
        ("2026-04-01", "XETR", "EUR", "2026-04-07"),  # over Good Friday and Easter Monday
        ("2027-10-08", "XPAR", "EUR", "2027-10-12"),  # the last of T+2
        ("2027-10-11", "XPAR", "EUR", "2027-10-12"),  # the first of T+1
        ("2022-09-16", "LSE", "GBP", "2022-09-21"),  # over the day of mourning, 09-19
        ("2022-06-01", "LSE", "GBP", "2022-06-07"),  # over the jubilee, 06-02 and 06-03
        ("2021-12-23", "LSE", "GBP", "2021-12-29"),  # Christmas on a Saturday: Monday and Tuesday
        ("2022-12-22", "LSE", "GBP", "2022-12-28"),  # Christmas on a Sunday: Monday and Tuesday
    ],
)
def test_european_trades_settle_over_their_own_holidays(
    traded: str, exchange: str, currency: str, settled: str
) -> None:
    found = settlement_of_trade(date.fromisoformat(traded), EQUITY, exchange, currency)
    assert found.day == date.fromisoformat(settled)


def test_what_no_rule_covers_is_unknown_with_a_reason() -> None:
    def reason(day: date, exchange: str | None, currency: str) -> str | None:
        found = settlement_of_trade(day, EQUITY, exchange, currency)
        assert found.day is None
        return found.reason_code

    assert reason(date(2010, 3, 1), "XETR", "EUR") == "settlement_cycle_unknown"
    assert reason(date(2026, 3, 2), None, "JPY") == "settlement_market_unknown"
    assert reason(date(1985, 3, 1), "NYSE", "USD") == "settlement_calendar_unknown"
    assert settlement_of_conversion(date(2026, 3, 2), ("USD", "JPY")).day is None


def test_a_conversion_waits_for_both_currencies() -> None:
    # 2026-05-01 is a holiday of the euro alone, 2026-05-25 of the dollar alone
    assert settlement_of_conversion(date(2026, 4, 29), ("EUR", "USD")).day == date(2026, 5, 4)
    assert settlement_of_conversion(date(2026, 5, 21), ("EUR", "USD")).day == date(2026, 5, 26)


def test_a_stated_day_wins_and_other_money_is_there_at_once() -> None:
    day, stated = date(2026, 3, 2), date(2026, 3, 9)
    kinds = TransactionKind
    assert settlement_date(kinds.BUY, day, stated, EQUITY, None, ("USD",)).day == stated
    assert settlement_date(kinds.DIVIDEND, day, None, EQUITY, None, ("USD",)).day == day


def test_easter_is_where_the_church_has_it() -> None:
    published = [(1961, 4, 2), (2000, 4, 23), (2024, 3, 31), (2026, 4, 5), (2038, 4, 25)]
    assert [easter(year) for year, _, _ in published] == [date(*parts) for parts in published]


@settings(max_examples=300)
@given(
    st.dates(date(2002, 1, 1), date(2060, 1, 1)),
    st.integers(0, 20),
    st.sampled_from([("NYSE", "USD", "US"), ("XETR", "EUR", "EU"), ("LSE", "GBP", "UK")]),
)
def test_settlement_is_a_working_day_and_never_overtakes(
    day: date, later: int, market: tuple[str, str, str]
) -> None:
    exchange, currency, system = market
    first = settlement_of_trade(day, EQUITY, exchange, currency)
    second = settlement_of_trade(day + timedelta(days=later), EQUITY, exchange, currency)
    if first.day is None or second.day is None:
        return  # before the market's table begins
    assert settles_on(system, first.day)
    assert day < first.day <= day + timedelta(days=12)
    if first.rule == second.rule:
        assert first.day <= second.day


@settings(max_examples=400)
@given(
    st.dates(date(1990, 1, 1), date(2060, 12, 31)),
    st.sampled_from([("NASDAQ", "USD"), ("XETR", "EUR"), ("LSE", "GBP"), (None, "JPY")]),
    st.sampled_from(list(AssetClass)),
)
def test_no_trade_takes_longer_than_the_longest(
    traded: date, market: tuple[str | None, str], asset_class: AssetClass
) -> None:
    exchange, currency = market
    trade = settlement_of_trade(traded, asset_class, exchange, currency)
    spot = settlement_of_conversion(traded, ["EUR", "GBP", "USD"])
    for found in (trade, spot):
        assert found.day is None or traded <= found.day < traded + LONGEST
