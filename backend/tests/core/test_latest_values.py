"""Holdings at the latest trades: a trade is the close of its day, where it is newer."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, an_instrument
from truenav.core.ids import InstrumentId
from truenav.core.ledger.lots import Lot
from truenav.core.ledger.replay import replay
from truenav.core.ledger.transactions import TransactionKind
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.latest import Held, LatestValues, Trade
from truenav.core.valuation.nav import Market
from truenav.core.valuation.series import FxTable, PriceSeries

D = Decimal
TODAY = date(2026, 3, 5)
NAMES = ("ZQX", "ZQY", "ZQZ")


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


def a_trade(price: str, day: date = TODAY, currency: str = "USD") -> Trade:
    return Trade(price=D(price), currency=currency, day=day, source="yahoo")


def a_series(closes: dict[int, str], source: str = "yahoo") -> PriceSeries:
    days = sorted(closes, reverse=True)
    prices = [D(closes[n]) for n in days]
    return PriceSeries("USD", [before(n) for n in days], prices, [source] * len(days))


def held(units: dict[str, str], closes: dict[str, PriceSeries], currency: str = "USD") -> Held:
    records = [
        a_record(TransactionKind.DEPOSIT, before(30), 1, symbol=None, gross="100000"),
        *(
            a_purchase(before(20), number, quantity, "90", symbol=symbol)
            for number, (symbol, quantity) in enumerate(units.items(), start=2)
        ),
    ]
    lots: dict[InstrumentId, list[Lot]] = {}
    for lot in replay(records).open_lots():
        lots.setdefault(lot.instrument_id, []).append(lot)
    fx = FxTable({"USD": ([before(25), before(1)], [D("1.25"), D("1.25")])})
    prices = {an_instrument(symbol): series for symbol, series in closes.items()}
    return Held(lots, Market(prices=prices, multipliers={}, fx=fx), currency, TODAY)


def seeing(given_: Held, trades: Mapping[InstrumentId, Trade]) -> LatestValues:
    values = LatestValues(given_)
    values.see(trades)
    return values


def one(values: LatestValues, symbol: str = "ZQX") -> HoldingValue:
    (found,) = [item for item in values.items if item.instrument_id == an_instrument(symbol)]
    return found


def figures(item: HoldingValue) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return item.market_value, item.day_change, item.unrealized_gain


class TestATrade:
    def test_is_the_close_of_its_day_where_none_is_stored(self) -> None:
        values = LatestValues(held({"ZQX": "10"}, {"ZQX": a_series({2: "95", 1: "100"})}))
        # ten at 100, five more than at 95, a hundred more than at 90
        assert figures(one(values)) == (D(1000), D(50), D(100))
        assert values.see({an_instrument("ZQX"): a_trade("101.5")})
        # 1,015: fifteen since the close of 100
        assert figures(one(values)) == (D(1015), D(15), D(115))
        assert values.at_trade(one(values))

    def test_takes_the_place_of_the_stored_close_of_its_day(self) -> None:
        given_ = held({"ZQX": "10"}, {"ZQX": a_series({1: "100", 0: "102"})})
        values = seeing(given_, {an_instrument("ZQX"): a_trade("103")})
        assert figures(one(values)) == (D(1030), D(30), D(130))

    def test_gives_way_to_a_persons_own_price_of_its_day(self) -> None:
        given_ = held({"ZQX": "10"}, {"ZQX": a_series({1: "100", 0: "102"}, "manual")})
        values = seeing(given_, {an_instrument("ZQX"): a_trade("103")})
        assert figures(one(values)) == (D(1020), D(20), D(120))
        assert not values.at_trade(one(values))

    def test_gives_way_to_the_close_of_a_later_day(self) -> None:
        given_ = held({"ZQX": "10"}, {"ZQX": a_series({1: "100"})})
        values = seeing(given_, {an_instrument("ZQX"): a_trade("103", before(2))})
        assert one(values).market_value == D(1000)

    def test_is_a_price_where_there_was_none_and_then_nothing_is_known_of_the_day(self) -> None:
        values = LatestValues(held({"ZQX": "10"}, {}))
        assert one(values).reasons == ("price_missing",)
        values.see({an_instrument("ZQX"): a_trade("103")})
        assert figures(one(values)) == (D(1030), None, D(130))
        assert one(values).reasons == ()

    def test_in_another_currency_than_the_closes_is_left_alone(self) -> None:
        given_ = held({"ZQX": "10"}, {"ZQX": a_series({1: "100"})})
        values = seeing(given_, {an_instrument("ZQX"): a_trade("103", currency="GBP")})
        assert one(values).market_value == D(1000)

    def test_east_of_us_is_of_the_day_that_has_begun_there(self) -> None:
        given_ = held({"ZQX": "10"}, {"ZQX": a_series({1: "95", 0: "100"})})
        trades = {an_instrument("ZQX"): a_trade("101", before(-1))}
        assert figures(one(seeing(given_, trades))) == (D(1010), D(10), D(110))

    def test_of_a_day_that_is_not_valued_is_left_alone(self) -> None:
        given_ = held({"ZQX": "10"}, {"ZQX": a_series({0: "100"})})
        trades = {an_instrument("ZQX"): a_trade("101", before(-2))}
        assert one(seeing(given_, trades)).market_value == D(1000)

    def test_is_told_in_the_currency_asked_for(self) -> None:
        given_ = held({"ZQX": "10"}, {"ZQX": a_series({1: "100"})}, "EUR")
        values = seeing(given_, {an_instrument("ZQX"): a_trade("105")})
        # 1,050 dollars at 1.25 for a euro; bought for 900 dollars at the same rate
        assert figures(one(values)) == (D(840), D(40), D(120))

    def test_that_is_gone_leaves_the_close(self) -> None:
        given_ = held({"ZQX": "10"}, {"ZQX": a_series({1: "100"})})
        values = seeing(given_, {an_instrument("ZQX"): a_trade("103")})
        assert values.see({})
        assert one(values).market_value == D(1000)
        assert not values.see({})


DAYS = st.integers(-2, 3)
TRADES = st.dictionaries(
    st.sampled_from(NAMES),
    st.builds(
        lambda cents, days, code: Trade(
            price=D(cents).scaleb(-2), currency=code, day=before(days), source="yahoo"
        ),
        st.integers(1, 10**9), DAYS, st.sampled_from(("USD", "EUR")),
    ),
)  # fmt: skip
CLOSES = st.dictionaries(
    st.sampled_from(NAMES),
    st.builds(
        a_series,
        st.dictionaries(
            st.integers(0, 9), st.integers(1, 10**6).map(str), min_size=1, max_size=3
        ),
        st.sampled_from(("yahoo", "manual")),
    ),
)  # fmt: skip


@given(CLOSES, st.lists(TRADES, max_size=6))
def test_one_after_the_other_is_what_the_last_of_them_is_at_once(
    closes: dict[str, PriceSeries], rounds: list[dict[str, Trade]]
) -> None:
    given_ = held({"ZQX": "10", "ZQY": "0.5", "ZQZ": "3"}, closes, "EUR")
    keyed = [{an_instrument(k): t for k, t in trades.items()} for trades in rounds]
    values = LatestValues(given_)
    for trades in keyed:
        was = values.items
        assert values.see(trades) or values.items == was
    at_once = seeing(given_, keyed[-1] if keyed else {})
    assert values.items == at_once.items
    assert [values.at_trade(item) for item in values.items] == [
        at_once.at_trade(item) for item in at_once.items
    ]
