"""The columns give what the definition gives: replay to the day, look up each price, add up."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.replay import replay
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.performance.twrr import return_index
from truenav.core.valuation.columns import timeline
from truenav.core.valuation.exact_columns import DayColumn, as_wholes, column_of
from truenav.core.valuation.nav import DayValue, Market, daily_nav
from truenav.core.valuation.segment_values import segment_values
from truenav.core.valuation.segments import Segment
from truenav.core.valuation.series import FxTable, PriceSeries

D = Decimal
DAY = date(2024, 1, 2)
SYMBOLS = ("AAA", "BBB", "CCC")
CURRENCIES = ("USD", "EUR", "CHF")


def later(days: int) -> date:
    return DAY + timedelta(days=days)


@st.composite
def records(draw: st.DrawFn) -> list[Transaction]:
    """Up to a dozen records over forty days: purchases, sales beyond holdings, splits, cash."""
    found = []
    for sequence in range(draw(st.integers(1, 12))):
        day = later(draw(st.integers(0, 40)))
        symbol = draw(st.sampled_from(SYMBOLS))
        amount = str(draw(st.integers(1, 9)))
        match draw(st.sampled_from(["buy", "sell", "split", "deposit"])):
            case "buy":
                found.append(a_purchase(day, sequence, amount, "10", symbol=symbol))
            case "sell":
                found.append(a_sale(day, sequence, amount, "11", symbol=symbol))
            case "split":
                found.append(
                    a_record(TransactionKind.SPLIT, day, sequence, symbol=symbol, ratio="3")
                )
            case _:
                currency = draw(st.sampled_from(CURRENCIES))
                found.append(
                    a_record(
                        TransactionKind.DEPOSIT, day, sequence, symbol=None, gross=amount,
                        currency=currency, is_external_flow=True,
                    )
                )  # fmt: skip
    return found


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Closes on some days and rates on some days; an instrument may have none at all."""
    prices = {}
    for symbol in SYMBOLS:
        days = sorted(draw(st.sets(st.integers(-20, 45), max_size=8)))
        closes = [D(draw(st.integers(1, 500))) / 10 for _ in days]
        currency = draw(st.sampled_from(CURRENCIES))
        is_listed = draw(st.booleans())
        if days or is_listed:
            series = PriceSeries(currency, [later(day) for day in days], closes)
            prices[an_instrument(symbol)] = series
    rates = {}
    for currency in ("USD", "CHF"):
        days = sorted(draw(st.sets(st.integers(-5, 45), max_size=12)))
        rates[currency] = (
            [later(d) for d in days],
            [D(draw(st.integers(5, 20))) / 8 for _ in days],
        )
    multipliers = {an_instrument("CCC"): D(100)}
    return Market(prices=prices, multipliers=multipliers, fx=FxTable(rates))


def by_definition(
    found: Sequence[Transaction], market: Market, base: str, day: date
) -> tuple[Decimal | None, Decimal | None, int]:
    """(market value, cash, stale prices) at the close of one day, without anything clever."""
    state = replay(record for record in found if record.trade_date <= day)
    value: Decimal | None = D(0)
    by_currency: dict[str, Decimal] = {}
    stale = 0
    for position in state.positions():
        series = market.prices.get(position.instrument_id)
        price = series.at(day) if series is not None else None
        if series is None or price is None:
            value = None
            continue
        stale += (day - price.price_date).days > 7
        amount = position.quantity * market.multiplier(position.instrument_id) * price.close
        by_currency[series.currency] = by_currency.get(series.currency, D(0)) + amount
    cash: Decimal | None = D(0)
    for currency, amount in by_currency.items():
        rate = market.fx.rate(currency, base, day)
        if amount:
            value = value + amount * rate if value is not None and rate is not None else None
    for currency, amount in state.cash.items():
        rate = market.fx.rate(currency, base, day)
        if amount:
            cash = cash + amount * rate if cash is not None and rate is not None else None
    return value, cash, stale


def rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(D("1E-12"))


@settings(max_examples=150)
@given(records(), markets(), st.sampled_from(CURRENCIES), st.integers(0, 30), st.integers(0, 20))
def test_every_day_is_what_the_definition_says(
    found: list[Transaction], market: Market, base: str, start: int, length: int
) -> None:
    first, last = later(start), later(start + length)
    days: list[DayValue] = daily_nav(found, market, base, first_day=first, last_day=last)
    assert [day.as_of for day in days] == [later(start + n) for n in range(length + 1)]
    for day in days:
        value, cash, stale = by_definition(found, market, base, day.as_of)
        assert rounded(day.market_value) == rounded(value)
        assert rounded(day.cash_value) == rounded(cash)
        assert day.stale_count == stale
        if value is None or cash is None:
            assert day.nav is None
            assert day.unknowns
        else:
            assert rounded(day.nav) == rounded(value + cash)


@settings(max_examples=50)
@given(records(), markets(), st.integers(0, 40))
def test_starting_later_gives_the_same_days(
    found: list[Transaction], market: Market, start: int
) -> None:
    whole = daily_nav(found, market, "USD", first_day=DAY, last_day=later(45))
    part = daily_nav(found, market, "USD", first_day=later(start), last_day=later(45))
    assert whole[start:] == part


def in_columns(market: Market, scale: int) -> Market:
    """The same market with closes × 10^scale as whole numbers of a tenth of that."""
    prices = {}
    for key, series in market.prices.items():
        days = DayColumn(np.array([day.toordinal() for day in series.dates], np.int64))
        wholes = np.array([int(close * 10) * 10**scale for close in series.closes], np.int64)
        prices[key] = PriceSeries(series.currency, days, column_of(wholes, 1))
    return Market(prices=prices, multipliers=market.multipliers, fx=market.fx)


@settings(max_examples=150)
@given(records(), markets(), st.sampled_from([0, 3, 14, 15]), st.sampled_from(CURRENCIES))
def test_whole_numbers_give_what_decimals_give(
    found: list[Transaction], market: Market, scale: int, base: str
) -> None:
    """Also where products are too large for 64 bits: 500 × 10^15 × 900."""
    columns = in_columns(market, scale)
    factor = D(10) ** scale
    plain = {
        key: PriceSeries(s.currency, s.dates, [close * factor for close in s.closes])
        for key, s in market.prices.items()
    }
    assert all(columns.prices[key].closes == of.closes for key, of in plain.items())
    wanted = Market(prices=plain, multipliers=market.multipliers, fx=market.fx)
    ways = [
        daily_nav(found, one, base, first_day=later(3), last_day=later(43))
        for one in (columns, wanted)
    ]
    assert ways[0] == ways[1]
    held = timeline(found, later(3), 41, LotMethod.FIFO)
    only: set[Segment] = {*held.units}
    values = [
        segment_values(held, one, only, first_day=later(3), count=41) for one in (columns, wanted)
    ]
    assert values[0] == values[1]


@given(records(), markets(), st.sampled_from(CURRENCIES), st.sampled_from(CURRENCIES))
def test_a_portfolio_shown_in_another_currency_and_back_is_the_same(
    found: list[Transaction], market: Market, base: str, other: str
) -> None:
    """Worth there what the rate of the day makes of it, and its return too where rates exist."""
    here, there = (
        daily_nav(found, market, currency, first_day=later(3), last_day=later(43))
        for currency in (base, other)
    )
    near = D("1E-15")  # values have 18 places
    pairs: list[tuple[Decimal, Decimal]] = []
    for one, two in zip(here, there, strict=True):
        out = market.fx.rate(base, other, one.as_of)
        back = market.fx.rate(other, base, one.as_of)
        if out is None or back is None or one.nav is None or two.nav is None:
            continue
        assert abs(out * back - 1) < D("1E-25")
        assert abs(one.nav * out - two.nav) < near
        assert abs(two.nav * back - one.nav) < near
        pairs.append((one.nav, two.nav * back))
    if len(pairs) < 2 or any(value <= 0 for value, _ in pairs):
        return
    days = [later(place) for place in range(len(pairs))]
    none = [D(0)] * len(pairs)
    # in units so small that none is just above one of them here and just below there
    columns = ([value * 10**9 for value in column] for column in zip(*pairs, strict=True))
    shown, again = (return_index(days, values, none) for values in columns)
    assert shown.total is not None
    assert again.total is not None
    assert abs(shown.total - again.total) < D("1E-12")


@given(markets(), st.sampled_from(CURRENCIES), st.sampled_from(CURRENCIES), st.integers(-30, 50))
def test_a_walk_over_days_finds_the_rate_of_each(
    market: Market, base: str, quote: str, start: int
) -> None:
    days = [later(start + n) for n in range(30)]
    wanted = [market.fx.rate(base, quote, day) for day in days]
    assert market.fx.daily(base, quote, days[0], 30) == wanted


def test_a_walk_over_days_passes_into_the_euro() -> None:
    # Croatia joined on 2023-01-01 at 7.53450; the market's rate does not age past its week
    rates = FxTable({"HRK": ([date(2022, 12, 20)], [D("7.5")])})
    first = date(2022, 12, 26)
    found = rates.daily("EUR", "HRK", first, 8)
    assert found == [D("7.5"), D("7.5"), None, None, None, None, D("7.53450"), D("7.53450")]
    assert found == [rates.rate("EUR", "HRK", first + timedelta(days=n)) for n in range(8)]


@given(
    st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=9), st.integers(0, 18)
)  # fmt: skip
def test_a_column_says_its_decimals(wholes: list[int], places: int) -> None:
    column = column_of(np.array(wholes, np.int64), places)
    wanted = [D(whole).scaleb(-places) for whole in wholes]
    assert list(column) == wanted == [column[index] for index in range(len(column))]
    assert column == wanted
    assert list(column[1:]) == wanted[1:]
    assert {close.as_tuple().exponent for close in column} == {-18}
    again = column.at(places)
    assert again is None or again.tolist() == wholes
    assert as_wholes([D("0.10"), D(20), D("-1.25")]) == ([10, 2000, -125], 2)
