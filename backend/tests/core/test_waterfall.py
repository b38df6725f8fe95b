"""A change of value told in bars: worked examples, then what holds for any records."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from truenav.core.ids import AccountId
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact
from truenav.core.performance.effects import Bar
from truenav.core.performance.waterfall import Books, Waterfall, waterfall
from truenav.core.valuation.nav import DayValue, Market, daily_nav
from truenav.core.valuation.series import FxTable, PriceSeries

D = Decimal
K = TransactionKind
DAY = date(2024, 1, 1)
NEAR = D("1E-30")
OTHER = AccountId(UUID(int=77))


def on(place: int) -> date:
    return DAY + timedelta(days=place)


def a_market(
    closes: dict[int, str], currency: str = "USD", per_euro: dict[int, str] | None = None
) -> Market:
    series = PriceSeries(currency, [on(p) for p in closes], [D(c) for c in closes.values()])
    rates = per_euro or {}
    fx = {"USD": ([on(p) for p in rates], [D(r) for r in rates.values()])} if rates else {}
    return Market(prices={an_instrument("ZQX"): series}, multipliers={}, fx=FxTable(fx))


def deposit(place: int, sequence: int, amount: str, currency: str = "USD") -> Transaction:
    kind = K.WITHDRAWAL if amount.startswith("-") else K.DEPOSIT
    return a_record(kind, on(place), sequence, symbol=None, gross=amount, currency=currency,
                    is_external_flow=True)  # fmt: skip


def told(
    records: list[Transaction], market: Market, last: int, currency: str = "USD", first: int = 0
) -> Waterfall:
    books = [Books([r for r in records if r.trade_date <= on(last)])]
    return waterfall(books, market, currency, first_day=on(first), last_day=on(last))


def shown(found: Waterfall) -> dict[str, Decimal | None]:
    return {bar.value: amount for bar, amount in found.bars.items() if amount is None or amount}


@exact
def added(found: Waterfall) -> Decimal:
    assert found.opening is not None
    amounts = [amount for amount in found.bars.values() if amount is not None]
    assert len(amounts) == len(Bar)
    return sum(amounts, found.opening)


def test_every_bar_of_one_currency() -> None:
    # 10 bought at 100 before; 4 sold at 130, the rest is worth 120 at the end
    records = [
        deposit(0, 1, "2000"),
        a_purchase(on(0), 2, "10", "100"),
        deposit(1, 3, "500"),
        a_sale(on(2), 4, "4", "130", fee="3"),
        a_record(K.DIVIDEND, on(3), 5, gross="60", tax="9"),
        a_record(K.INTEREST, on(3), 6, symbol=None, gross="7"),
        a_record(K.FEE, on(4), 7, symbol=None, gross="-5"),
        deposit(5, 8, "-250"),
    ]
    found = told(records, a_market({0: "100", 2: "130", 5: "120"}), 5)
    assert shown(found) == {
        "deposits": D(500), "withdrawals": D(-250),
        "realized": D(120),  # 4 x (130 - 100), before the fee
        "unrealized": D(120),  # 6 x (120 - 100)
        "dividends": D(60), "interest": D(7), "fees": D(-8), "taxes": D(-9),
    }  # fmt: skip
    assert (found.opening, found.closing) == (D(2000), D(2540))
    assert added(found) == D(2540)


def test_a_gain_made_earlier_and_realized_now_lowers_what_is_unrealized() -> None:
    records = [
        deposit(0, 1, "1000"),
        a_purchase(on(0), 2, "10", "100"),
        a_sale(on(2), 3, "10", "150"),
    ]
    found = told(records, a_market({0: "100", 1: "140", 2: "150"}), 2, first=1)
    # worth 1,400 at the start, 1,500 in cash at the end: 500 realized, of which 400 are older
    assert shown(found) == {"realized": D(500), "unrealized": D(-400)}
    assert found.price_result == D(100)


def test_what_rates_did_stands_apart_from_what_prices_did() -> None:
    # 10 units at 100 dollars, worth 110 on day 1; a euro buys 1.25, then 1.00 dollars
    market = a_market({0: "100", 1: "110"}, per_euro={0: "1.25", 1: "1.00"})
    records = [deposit(0, 1, "1000"), a_purchase(on(0), 2, "10", "100")]
    found = told(records, market, 1, "EUR")
    # 1,000 dollars became 200 euro dearer; the 100 gained count at the new rate
    assert (found.opening, found.closing) == (D(800), D(1100))
    assert shown(found) == {"fx": D(200), "unrealized": D(100)}


def test_a_conversion_costs_what_it_lost_against_the_reference_rate() -> None:
    market = a_market({0: "1"}, per_euro={0: "1.25", 1: "1.25"})
    records = [
        deposit(0, 1, "1250"),
        a_record(K.FX_CONVERSION, on(1), 2, symbol=None, gross="-1250", counter=("990", "EUR")),
    ]
    found = told(records, market, 1, "EUR")
    assert shown(found) == {"fx": D(-10)}
    assert [e.transaction_id for e in found.effects if e.amount] == [records[1].id] * 2


def test_units_given_count_at_their_stated_value() -> None:
    records = [a_record(K.REWARD, on(1), 1, quantity="2", price="10")]
    found = told(records, a_market({0: "10", 1: "10", 2: "13"}), 2)
    assert shown(found) == {"other": D(20), "unrealized": D(6)}


class TestUnknown:
    def test_a_missing_price_at_the_end_hides_what_prices_did(self) -> None:
        market = Market(prices={}, multipliers={}, fx=FxTable({}))
        records = [deposit(0, 1, "1000"), a_purchase(on(1), 2, "10", "100"), deposit(2, 3, "5")]
        found = told(records, market, 2)
        assert (found.closing, found.price_result) == (None, None)
        assert shown(found) == {"deposits": D(5), "unrealized": None, "fx": None}
        assert [u.reason_code for u in found.unknowns] == ["price_missing"]

    def test_a_missing_rate_hides_its_bar_and_no_other(self) -> None:
        market = a_market({0: "1"}, per_euro={0: "1.25", 1: "1.25"})
        records = [
            deposit(0, 1, "1250"),
            a_record(K.DIVIDEND, on(1), 2, gross="5", currency="CHF"),
            a_record(K.INTEREST, on(1), 3, gross="10"),
        ]
        found = told(records, market, 1, "EUR")
        assert (found.bars[Bar.DIVIDENDS], found.bars[Bar.INTEREST]) == (None, D(8))
        assert [(u.reason_code, u.subject) for u in found.unknowns] == [("fx_missing", "CHF")]

    def test_an_unknown_cost_leaves_the_price_result_known(self) -> None:
        records = [
            a_record(K.TRANSFER_IN, on(0), 1, quantity="10", is_external_flow=True),
            a_sale(on(2), 2, "10", "120"),
        ]
        found = told(records, a_market({0: "100", 2: "120"}), 2)
        assert found.price_result == D(200)
        assert shown(found) == {"realized": None, "unrealized": None}
        assert [u.reason_code for u in found.unknowns] == ["cost_unknown"]


def test_a_transfer_among_own_accounts_is_no_flow_of_both() -> None:
    link = UUID(int=5)
    records = [
        deposit(0, 1, "1000"),
        replace(a_record(K.TRANSFER_OUT, on(1), 2, symbol=None, gross="-400"), link_id=link),
    ]
    arrives = replace(
        a_record(K.TRANSFER_IN, on(1), 3, symbol=None, gross="400"), link_id=link, account_id=OTHER
    )
    market = a_market({0: "1"})
    both = [Books(records), Books([arrives])]
    found = waterfall(both, market, "USD", first_day=on(0), last_day=on(2))
    assert shown(found) == {}
    assert shown(told(records, market, 2)) == {"withdrawals": D(-400)}


@st.composite
def histories(draw: st.DrawFn) -> list[Transaction]:
    """Records of thirty days in dollars, costs among them."""
    found = [deposit(0, 0, "5000")]
    for sequence in range(1, draw(st.integers(2, 14))):
        day, amount = on(draw(st.integers(0, 30))), str(draw(st.integers(1, 40)))
        match draw(st.sampled_from(["buy", "sell", "dividend", "flow", "fee", "convert"])):
            case "buy":
                found.append(a_purchase(day, sequence, amount, "10.5", fee="1.25"))
            case "sell":
                found.append(a_sale(day, sequence, amount, "11.25", fee="0.75"))
            case "dividend":
                found.append(a_record(K.DIVIDEND, day, sequence, gross=amount, tax="0.15"))
            case "flow":
                found.append(deposit(draw(st.integers(0, 30)), sequence, amount))
            case "fee":
                found.append(a_record(K.FEE, day, sequence, symbol=None, gross=f"-{amount}"))
            case _:
                counter = (amount, "EUR")
                found.append(a_record(K.FX_CONVERSION, day, sequence, symbol=None,
                                      gross=f"-{amount}", counter=counter))  # fmt: skip
    return found


CLOSES = {place: str(D(100 + 7 * (place % 5)) / 10) for place in range(0, 31, 2)}
RATES = {place: str(D(110 + 3 * (place % 4)) / 100) for place in range(0, 31, 3)}
MARKET = a_market(CLOSES, per_euro=RATES)


def rates_did(dollars: list[DayValue], records: list[Transaction], first: int) -> Decimal:
    """The definition: yesterday's dollars at today's rate and at yesterday's, and conversions."""

    def rate(day: date) -> Decimal:
        return MARKET.fx.rate("USD", "EUR", day) or D(0)

    moved = [
        (before.nav or D(0)) * (rate(after.as_of) - rate(before.as_of))
        for before, after in pairwise(dollars)
    ]
    exchanged = [
        (r.gross.amount if r.gross else D(0)) * rate(r.trade_date) + r.counter.amount
        for r in records
        if r.counter is not None and r.trade_date > on(first)
    ]
    return sum([*moved, *exchanged], D(0))


@settings(max_examples=60)
@given(histories(), st.integers(0, 29))
def test_the_bars_add_up_and_fx_is_what_rates_did(records: list[Transaction], first: int) -> None:
    found = told(records, MARKET, 30, "EUR", first)
    nav = daily_nav(records, MARKET, "EUR", first_day=on(first), last_day=on(30))
    assert found.opening is not None
    assert found.closing is not None
    assert abs(found.opening - (nav[0].nav or 0)) < D("1E-17")
    assert abs(found.closing - (nav[-1].nav or 0)) < D("1E-17")
    assert abs(added(found) - found.closing) < NEAR
    # what was held in dollars the day before, times what the rate changed by; and conversions
    legs = [replace(r, counter=None) for r in records]
    dollars = daily_nav(legs, MARKET, "USD", first_day=on(first), last_day=on(30))
    assert abs((found.bars[Bar.FX] or D(0)) - rates_did(dollars, records, first)) < D("1E-12")
    flows = sum((day.external_flow or D(0) for day in nav[1:]), D(0))
    paid = (found.bars[Bar.DEPOSITS] or D(0)) + (found.bars[Bar.WITHDRAWALS] or D(0))
    assert abs(flows - paid) < D("1E-16")


@settings(max_examples=40)
@given(histories(), st.integers(1, 29))
def test_parts_of_a_span_add_up_to_it(records: list[Transaction], cut: int) -> None:
    whole = told(records, MARKET, 30, "EUR")
    one = told(records, MARKET, cut, "EUR")
    two = told(records, MARKET, 30, "EUR", cut)
    for bar in Bar:
        parts = (one.bars[bar] or D(0)) + (two.bars[bar] or D(0))
        assert abs(parts - (whole.bars[bar] or D(0))) < D("1E-20"), bar


@settings(max_examples=40)
@given(histories(), st.data())
def test_splitting_an_account_in_two_changes_nothing(
    records: list[Transaction], data: st.DataObject
) -> None:
    # all of one instrument stays together, so no lot changes; cash records go where they like
    moved = [
        r.kind in {K.FEE, K.DEPOSIT, K.FX_CONVERSION, K.DIVIDEND} and data.draw(st.booleans())
        for r in records
    ]
    here = [r for r, is_moved in zip(records, moved, strict=True) if not is_moved]
    there = [replace(r, account_id=OTHER) for r, gone in zip(records, moved, strict=True) if gone]
    split = waterfall([Books(here), Books(there)], MARKET, "EUR", first_day=on(0), last_day=on(30))
    whole = told(records, MARKET, 30, "EUR")
    for bar in Bar:
        assert abs((split.bars[bar] or D(0)) - (whole.bars[bar] or D(0))) < D("1E-20"), bar
