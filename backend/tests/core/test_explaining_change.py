"""Bars of a change of value as trees: worked examples, then what holds for any records."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from tests.core.slicing import (
    CURRENCIES,
    DAY,
    A,
    B,
    a_dividend_due,
    all_segments,
    histories_or_any,
    later,
    markets,
    slice_of,
)
from tests.core.slicing import a_market as market_of
from tests.core.test_slice_waterfall import a_year
from tests.core.test_waterfall import MARKET, OTHER, K, a_market, deposit, histories, on
from truenav.core.explanation import NodeKind, faults
from truenav.core.ids import AccountId
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact
from truenav.core.performance.effects import Bar
from truenav.core.performance.explaining_change import bar_terms
from truenav.core.performance.explaining_prices import held_of, price_terms, rate_terms
from truenav.core.performance.explaining_records import Change
from truenav.core.performance.waterfall import Books, Waterfall, waterfall
from truenav.core.unfolding import Term, added, unfolded
from truenav.core.valuation.explaining import Rates
from truenav.core.valuation.nav import Market
from truenav.core.valuation.receivables import Receivable
from truenav.core.valuation.segments import Segment
from truenav.core.valuation.slices import Slice

D = Decimal
NEAR = D("1E-30")


def a_change(
    books: list[Books], market: Market, last: int, currency: str = "USD", first: int = 0
) -> tuple[Change, Waterfall]:
    return between(books, market, (on(first), on(last)), currency)


def between(
    books: list[Books],
    market: Market,
    span: tuple[date, date],
    currency: str,
    of: Slice | None = None,
) -> tuple[Change, Waterfall]:
    first, last = span
    change = Change(
        books=books, market=market, rates=Rates(market.fx), currency=currency,
        first_day=first, last_day=last, of=of,
    )  # fmt: skip
    return change, waterfall(books, market, currency, first_day=first, last_day=last, of=of)


def of_part(
    records: list[Transaction],
    market: Market,
    *segments: Segment,
    weight: str = "1",
    due: Sequence[Receivable] = (),
) -> tuple[Change, Waterfall]:
    """From the day before the first record, in dollars."""
    of = slice_of(*segments, weight=weight)
    return between([Books(records, due=due)], market, (later(-1), later(5)), "USD", of)


@exact
def proven(terms: list[Term]) -> Decimal | None:
    """What the terms come to, each told in full and proving itself."""
    for term in terms:
        node = term.make()
        assert faults(node) == []
        assert (node.value is None) == (term.value is None)
        if node.value is not None and term.value is not None:
            assert abs(node.value - term.value) < NEAR
    return added(terms)


@exact
def equal(found: Decimal | None, wanted: Decimal | None) -> bool:
    if found is None or wanted is None:
        return found is wanted
    return abs(found - wanted) < NEAR


@exact
def bars_of(change: Change, found: Waterfall) -> dict[Bar, Decimal | None]:
    """Every bar by its own path."""
    bars = {bar: proven(bar_terms(change, found.effects, bar)) for bar in Bar}
    held = held_of(change)
    rates = proven([*bar_terms(change, found.effects, Bar.FX), *rate_terms(held)])
    prices = proven([term for terms in price_terms(held).values() for term in terms])
    realized = bars[Bar.REALIZED]
    rest = prices - realized if prices is not None and realized is not None else None
    return {**bars, Bar.FX: rates, Bar.UNREALIZED: rest}


def test_a_bar_is_told_record_by_record() -> None:
    records = [
        deposit(0, 1, "2000"),
        a_purchase(on(0), 2, "10", "100"),
        a_sale(on(2), 3, "4", "130", fee="3"),
        a_record(K.DIVIDEND, on(3), 4, gross="60", tax="9"),
    ]
    change, found = a_change([Books(records)], a_market({0: "100", 2: "130", 5: "120"}), 5)
    (sale,) = bar_terms(change, found.effects, Bar.REALIZED)
    node = sale.make()
    # 4 × 130 got before the fee, 4 × 100 paid
    assert [part.value for part in node.children] == [D(520), D(400)]
    assert (node.value, node.ref.transaction_id) == (D(120), records[2].id)
    (tax,) = bar_terms(change, found.effects, Bar.TAXES)
    assert (tax.make().value, tax.make().kind) == (D(-9), NodeKind.RECORD)
    (terms,) = price_terms(held_of(change)).values()
    # sold 4 for 520 in cash, and the 6 left are 280 less than the 10 were
    assert [term.value for term in terms] == [D(520), D(-280)]


def test_what_a_rate_did_is_what_was_held_times_its_change() -> None:
    market = a_market({0: "100", 1: "110"}, per_euro={0: "1.25", 1: "1.00"})
    records = [deposit(0, 1, "1000"), a_purchase(on(0), 2, "10", "100")]
    change, _ = a_change([Books(records)], market, 1, "EUR")
    (term,) = rate_terms(held_of(change))
    node = term.make()
    # 1,000 dollars, a dollar from 0.80 to 1.00
    assert [part.value for part in node.children] == [D(1000), D("0.2")]
    assert node.value == D(200)


def test_income_due_counts_on_its_ex_date_and_capital_is_told_by_prices() -> None:
    share = an_instrument("ZQX")
    back = a_record(K.RETURN_OF_CAPITAL, on(4), 3, gross="30")
    records = [deposit(0, 1, "1000"), a_purchase(on(0), 2, "10", "100"), back]
    due = Receivable(
        account_id=AccountId(records[0].account_id), instrument_id=share, currency="USD",
        gross=D(30), withheld=D(0), fee=D(0), since=on(2), until=on(4), is_income=False,
        transaction_id=back.id,
    )  # fmt: skip
    market = a_market({0: "100", 2: "97"})
    change, found = a_change([Books(records, due=[due])], market, 3)
    assert found.price_result == D(0)
    (terms,) = price_terms(held_of(change)).values()
    assert sorted(term.value for term in terms if term.value is not None) == [D(-30), D(30)]
    assert bars_of(change, found) == {bar: found.bars[bar] for bar in Bar}


def test_both_ends_of_a_transfer_are_told_when_they_differ() -> None:
    link = UUID(int=5)
    left = replace(a_record(K.TRANSFER_OUT, on(1), 2, symbol=None, gross="-400"), link_id=link)
    came = replace(
        a_record(K.TRANSFER_IN, on(1), 3, symbol=None, gross="390"), link_id=link, account_id=OTHER
    )
    books = [Books([deposit(0, 1, "1000"), left]), Books([came])]
    change, found = a_change(books, a_market({0: "1"}), 2)
    (term,) = bar_terms(change, found.effects, Bar.WITHDRAWALS)
    assert term.value == D(-10)
    assert sorted(part.value or D(0) for part in term.make().children) == [D(-400), D(390)]


def test_of_a_transfer_under_way_at_the_start_only_what_came_is_told() -> None:
    link = UUID(int=5)
    left = replace(a_record(K.TRANSFER_OUT, on(1), 2, symbol=None, gross="-400"), link_id=link)
    came = replace(
        a_record(K.TRANSFER_IN, on(3), 3, symbol=None, gross="400"), link_id=link, account_id=OTHER
    )
    books = [Books([deposit(0, 1, "1000"), left]), Books([came])]
    change, found = a_change(books, a_market({0: "1"}), 4, first=2)
    (term,) = bar_terms(change, found.effects, Bar.DEPOSITS)
    assert (term.value, found.bars[Bar.DEPOSITS]) == (D(400), D(400))


def test_an_unknown_price_stays_unknown() -> None:
    market = Market(prices={}, multipliers={}, fx=a_market({}).fx)
    records = [deposit(0, 1, "1000"), a_purchase(on(1), 2, "10", "100"), deposit(2, 3, "5")]
    change, found = a_change([Books(records)], market, 2)
    bars = bars_of(change, found)
    assert (bars[Bar.DEPOSITS], bars[Bar.UNREALIZED]) == (D(5), None)


@settings(max_examples=50)
@given(histories(), st.integers(0, 29), st.sampled_from(["EUR", "USD"]))
def test_every_bar_of_any_records_is_explained(
    records: list[Transaction], first: int, currency: str
) -> None:
    change, found = a_change([Books(records)], MARKET, 30, currency, first)
    bars = bars_of(change, found)
    for bar in Bar:
        assert equal(bars[bar], found.bars[bar]), bar


@settings(max_examples=30)
@given(histories())
def test_years_months_and_days_come_to_the_same(records: list[Transaction]) -> None:
    change, _ = a_change([Books(records)], MARKET, 30, "EUR")
    terms = rate_terms(held_of(change)) * 5  # more than are told at once
    whole = unfolded("Rates", "EUR", terms, None, lambda name: name)
    inside = [part for part in whole.children if part.more is not None]
    assert faults(whole) == []
    for part in inside:
        month = unfolded("Rates", "EUR", terms, part.more, lambda name: name)
        assert equal(month.value, part.value)


# --- slices -------------------------------------------------------------------------------------


def values(terms: Sequence[Term]) -> list[Decimal | None]:
    return [term.value for term in terms]


def test_what_moved_into_an_instrument_and_out_of_it_is_told_move_by_move() -> None:
    change, found = of_part(*a_year(), A)
    (came,) = bar_terms(change, found.effects, Bar.DEPOSITS)
    # 10 × 100 and 5 of costs went from the cash to it
    assert (came.make().value, came.make().ref.transaction_id) == (
        D(1005), found.effects[0].transaction_id
    )  # fmt: skip
    left = bar_terms(change, found.effects, Bar.WITHDRAWALS)
    # 60 of income less 9 of tax, then 4 × 130 less 3
    assert values(left) == [D(-51), D(-517)]
    assert bars_of(change, found) == found.bars


def test_a_part_of_an_instrument_has_that_part_of_what_explains_it() -> None:
    change, found = of_part(*a_year(), A, weight="0.6")
    (sale,) = bar_terms(change, found.effects, Bar.REALIZED)
    gain, part = sale.make().children
    # 4 × 130 got, 4 × 100 paid: three fifths of 120
    assert (gain.value, part.value, sale.value) == (D(120), D("0.6"), D(72))
    (terms,) = price_terms(held_of(change)).values()
    # bought for 1,000, sold for 520, worth 720 at the end: 240, and three fifths of it
    assert added(terms) == D(144)
    change_of_value = terms[-1].make()
    units, share, close = change_of_value.children[0].children
    assert (units.value, share.value, close.value) == (D(6), D("0.6"), D(120))
    assert bars_of(change, found) == found.bars


def test_cash_is_told_by_what_it_paid_and_got() -> None:
    change, found = of_part(*a_year(), "USD")
    assert values(bar_terms(change, found.effects, Bar.DEPOSITS)) == [D(2000), D(51), D(517)]
    assert values(bar_terms(change, found.effects, Bar.WITHDRAWALS)) == [D(-1005)]
    assert values(bar_terms(change, found.effects, Bar.INTEREST)) == [D(7)]
    assert values(bar_terms(change, found.effects, Bar.FEES)) == [D(-2)]  # the trades' are theirs
    assert price_terms(held_of(change)) == {}


def test_what_a_parent_gave_is_the_parents_result() -> None:
    spun = replace(
        a_record(K.SPIN_OFF, later(1), 2, symbol="BBB", quantity="4", price="5"),
        source_instrument_id=A,
    )
    records = [a_purchase(DAY, 1, "10", "10", symbol="AAA"), spun]
    market = market_of({"AAA": {0: "10", 1: "8"}, "BBB": {1: "5"}})
    change, found = of_part(records, market, A)
    terms = price_terms(held_of(change))
    # 20 less is worth what was kept, and 20 is what went to the child
    assert set(terms) == {A}
    assert added(terms[A]) == D(0)
    assert bars_of(change, found) == found.bars
    child, of_child = of_part(records, market, B)
    (came,) = bar_terms(child, of_child.effects, Bar.DEPOSITS)
    assert (came.day, came.value) == (later(1), D(20))
    assert bars_of(child, of_child) == of_child.bars


def test_income_due_is_told_by_the_part_that_belongs_here() -> None:
    records, due, market = a_dividend_due()
    change, found = of_part(records, market, A, weight="0.5", due=[due])
    (income,) = bar_terms(change, found.effects, Bar.DIVIDENDS)
    assert (income.day, income.value) == (later(1), D(30))
    (left,) = bar_terms(change, found.effects, Bar.WITHDRAWALS)
    assert (left.day, left.value) == (later(3), D("-25.5"))
    assert bars_of(change, found) == found.bars


def test_nothing_in_a_currency_without_a_rate_is_explained_as_nothing() -> None:
    records = [a_record(K.DEPOSIT, later(1), 1, symbol=None, gross="0.00", is_external_flow=True)]
    books = [Books(records)]
    change, found = between(books, market_of({}), (DAY, later(2)), "JPY", slice_of("USD"))
    assert found.bars[Bar.DEPOSITS] == D(0)
    assert bars_of(change, found)[Bar.DEPOSITS] == D(0)


@settings(max_examples=100)
@given(histories_or_any, st.data(), st.sampled_from(CURRENCIES), st.integers(1, 8))
def test_every_bar_of_any_slice_is_explained(
    given_records: tuple[date, list[Transaction]], data: st.DataObject, base: str, eighths: int
) -> None:
    begin, records = given_records
    span = min((max(r.trade_date for r in records) - begin).days, 40)
    market = data.draw(markets(begin, span))
    first = begin + timedelta(days=data.draw(st.integers(-1, 2)))
    last = first + timedelta(days=data.draw(st.integers(0, span + 2)))
    segments = data.draw(
        st.lists(st.sampled_from(all_segments(records)), min_size=1, unique=True)
    )  # fmt: skip
    books = [Books([r for r in records if r.trade_date <= last])]
    of = slice_of(*segments, weight=str(D(eighths) / 8))
    change, found = between(books, market, (first, last), base, of)
    bars = bars_of(change, found)
    for bar in Bar:
        # a bar nobody knows is told by its reason, not by a tree
        assert found.bars[bar] is None or equal(bars[bar], found.bars[bar]), bar
