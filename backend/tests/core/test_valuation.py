"""NAV: units then, raw prices then, rates then; unknown is unknown."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from truenav.core.ledger.replay import replay
from truenav.core.ledger.transactions import TransactionKind
from truenav.core.valuation.decimation import Thinning, decimate
from truenav.core.valuation.holdings import value_holding
from truenav.core.valuation.nav import Market, Unknown, daily_nav
from truenav.core.valuation.series import FxTable, PriceSeries

K = TransactionKind
D = Decimal
DAY = date(2024, 1, 2)
ZQX = an_instrument("ZQX")


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def a_market(closes: dict[int, str], currency: str = "USD", fx: FxTable | None = None) -> Market:
    series = PriceSeries(currency, [later(n) for n in closes], [D(c) for c in closes.values()])
    return Market(prices={ZQX: series}, multipliers={}, fx=fx or FxTable({}))


class TestDailyNav:
    def test_a_split_does_not_move_the_value(self) -> None:
        records = [
            a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="1000", is_external_flow=True),
            a_purchase(DAY, 2, "10", "90"),
            a_record(K.SPLIT, later(2), 3, ratio="2"),
        ]
        market = a_market({0: "90", 1: "95", 2: "47.5", 3: "50"})
        days = daily_nav(records, market, "USD", first_day=DAY, last_day=later(3))
        assert [day.nav for day in days] == [D(1000), D(1050), D(1050), D(1100)]
        assert [day.external_flow for day in days] == [D(1000), D(0), D(0), D(0)]

    def test_units_that_travel_are_a_flow_of_each_account_and_none_of_both(self) -> None:
        link = UUID(int=9)
        out = a_record(K.TRANSFER_OUT, later(1), 2, quantity="-4")
        into = a_record(K.TRANSFER_IN, later(1), 3, quantity="4")
        market = a_market({0: "90", 1: "95"})
        one, two = (
            daily_nav(records, market, "USD", first_day=DAY, last_day=later(1))
            for records in (
                [a_purchase(DAY, 1, "10", "90"), replace(out, link_id=link)],
                [replace(into, link_id=link)],
            )
        )
        # 4 x 95 leave one account and arrive in the other
        assert [day.external_flow for day in one] == [D(0), D(-380)]
        assert [day.external_flow for day in two] == [D(0), D(380)]

    def test_an_unpriced_holding_makes_the_day_unknown_not_smaller(self) -> None:
        records = [
            a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="1000"),
            a_purchase(DAY, 2, "10", "90"),
        ]
        (before, after) = daily_nav(
            records, a_market({1: "95"}), "USD", first_day=DAY, last_day=later(1)
        )
        assert before.nav is None
        assert before.cash_value == D(100)
        assert before.unknowns == (Unknown("price_missing", str(ZQX)),)
        assert after.nav == D(1050)

    def test_a_missing_rate_is_never_one(self) -> None:
        records = [a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="100", currency="EUR")]
        fx = FxTable({"USD": ([later(0)], [D("1.10")])})
        known, *_, late = daily_nav(
            records, a_market({0: "1"}, fx=fx), "USD", first_day=DAY, last_day=later(8)
        )
        assert known.nav == D(110)
        assert late.nav is None  # the last rate is more than seven days old
        assert late.unknowns == (Unknown("fx_missing", "EUR"),)

    def test_old_prices_are_used_and_marked(self) -> None:
        records = [a_purchase(DAY, 1, "1", "10")]
        last = daily_nav(
            records, a_market({0: "10"}), "USD", first_day=later(8), last_day=later(8)
        )[0]
        assert last.market_value == D(10)
        assert last.stale_count == 1

    def test_a_short_position_counts_negative(self) -> None:
        records = [a_sale(DAY, 1, "10", "50")]
        day = daily_nav(records, a_market({0: "40"}), "USD", first_day=DAY, last_day=DAY)[0]
        assert day.market_value == D(-400)
        assert day.nav == D(100)


def test_rates_cross_through_the_euro() -> None:
    table = FxTable({"USD": ([DAY], [D("1.25")]), "GBP": ([DAY], [D("0.80")])})
    assert table.rate("GBP", "USD", DAY) == D("1.5625")
    assert table.rate("EUR", "USD", DAY) == D("1.25")
    assert table.rate("USD", "USD", later(99)) == D(1)
    assert table.rate("CHF", "USD", DAY) is None


def test_a_holding_knows_its_day_change_and_its_gain() -> None:
    state = replay([a_purchase(DAY, 1, "10", "90", "5")])
    found = value_holding(
        ZQX, list(state.open_lots()), a_market({0: "90", 1: "99"}), "USD", later(3)
    )
    assert found.market_value == D(990)
    assert found.day_change == D(90)
    assert found.day_change_ratio == D("0.1")
    assert found.unrealized_gain == D(85)


@pytest.mark.parametrize("thinning", ["triangles", "extremes"])
def test_decimation_keeps_both_ends_and_the_peak(thinning: Thinning) -> None:
    values = [D(1)] * 50 + [D(100)] + [D(1)] * 50
    kept = decimate([values], 10, thinning)
    assert len(kept) <= 10
    assert kept[0] == 0
    assert kept[-1] == 100
    assert 50 in kept


def test_the_highest_and_the_lowest_of_a_stretch_are_both_drawn() -> None:
    # between the ends one stretch: 9 on the second day, -9 on the third, and of another series 7
    one = [D(n) for n in (0, 9, -9, 0, 0, 0)]
    other = [None, None, None, None, D(7), D(1)]
    assert decimate([one], 4) == [0, 1, 2, 5]
    assert decimate([one, other], 6) == [0, 1, 2, 3, 4, 5]
    assert decimate([[*one, *one], [*other, *other]], 6) == [0, 1, 2, 4, 5, 11]


@given(
    st.integers(1, 3).flatmap(
        lambda size: st.lists(
            st.tuples(*[st.none() | st.integers(-99, 99).map(D)] * size), min_size=3, max_size=200
        )
    ),
    st.integers(3, 60),
)
def test_thinned_series_reach_as_high_and_as_low(
    rows: list[tuple[Decimal | None, ...]], wanted: int
) -> None:
    series = [list(column) for column in zip(*rows, strict=True)]
    kept = decimate(series, wanted)
    assert kept == sorted(set(kept))
    assert {0, len(rows) - 1} <= set(kept)
    assert len(kept) <= max(wanted, 3)
    if wanted >= 2 + 2 * len(series):
        for values in series:
            known = [value for value in values if value is not None]
            drawn = [value for place in kept if (value := values[place]) is not None]
            assert (min(known, default=None), max(known, default=None)) == (
                min(drawn, default=None),
                max(drawn, default=None),
            )
