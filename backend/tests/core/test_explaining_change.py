"""Bars of a change of value as trees: worked examples, then what holds for any records."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from tests.core.test_waterfall import MARKET, OTHER, K, a_market, deposit, histories, on
from truenav.core.explanation import NodeKind, faults
from truenav.core.ids import AccountId
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact
from truenav.core.performance.effects import Bar
from truenav.core.performance.explaining_change import Change, bar_terms
from truenav.core.performance.explaining_prices import held_of, price_terms, rate_terms
from truenav.core.performance.waterfall import Books, Waterfall, waterfall
from truenav.core.unfolding import Term, added, unfolded
from truenav.core.valuation.explaining import Rates
from truenav.core.valuation.nav import Market
from truenav.core.valuation.receivables import Receivable

D = Decimal
NEAR = D("1E-30")


def a_change(
    books: list[Books], market: Market, last: int, currency: str = "USD", first: int = 0
) -> tuple[Change, Waterfall]:
    change = Change(
        books=books, market=market, rates=Rates(market.fx), currency=currency,
        first_day=on(first), last_day=on(last),
    )  # fmt: skip
    found = waterfall(books, market, currency, first_day=on(first), last_day=on(last))
    return change, found


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


def test_an_unknown_price_stays_unknown() -> None:
    market = Market(prices={}, multipliers={}, fx=a_market({}).fx)
    records = [deposit(0, 1, "1000"), a_purchase(on(1), 2, "10", "100"), deposit(2, 3, "5")]
    change, found = a_change([Books(records)], market, 2)
    bars = bars_of(change, found)
    assert (bars[Bar.DEPOSITS], bars[Bar.UNREALIZED]) == (D(5), None)


@settings(max_examples=50, deadline=None)
@given(histories(), st.integers(0, 29), st.sampled_from(["EUR", "USD"]))
def test_every_bar_of_any_records_is_explained(
    records: list[Transaction], first: int, currency: str
) -> None:
    change, found = a_change([Books(records)], MARKET, 30, currency, first)
    bars = bars_of(change, found)
    for bar in Bar:
        assert equal(bars[bar], found.bars[bar]), bar


@settings(max_examples=30, deadline=None)
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
