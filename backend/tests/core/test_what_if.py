"""What a sale would realize: the same as the sale itself, under every method."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, a_sale
from truenav.core.ledger.book import LotNotHeld
from truenav.core.ledger.bookkeeper import own_lot_id
from truenav.core.ledger.methods import LotChoice, LotMethod
from truenav.core.ledger.replay import replay
from truenav.core.ledger.transactions import TransactionKind
from truenav.core.ledger.what_if import what_if_sold

D = Decimal
M = LotMethod
A = a_purchase(date(2022, 1, 3), 1, "10", "30")
B = a_purchase(date(2023, 6, 1), 2, "10", "50")
C = a_purchase(date(2024, 3, 1), 3, "10", "40")
DAY = date(2024, 5, 1)


def test_each_method_says_what_it_would_realize_by_term() -> None:
    lots = list(replay([A, B, C]).open_lots())
    found = {w.method: w for w in what_if_sold(lots, D(15), D(675), DAY)}  # 15 at 45

    # FIFO: 10 x (45 - 30) long-term, 5 x (45 - 50) short-term
    assert (found[M.FIFO].long_term_gain, found[M.FIFO].short_term_gain) == (D(150), D(-25))
    # HIFO: 10 x (45 - 50) and 5 x (45 - 40), both short-term
    assert (found[M.HIFO].long_term_gain, found[M.HIFO].short_term_gain) == (D(0), D(-25))
    # average: 40 a unit; 10 of the oldest lot long-term
    assert (found[M.AVERAGE].long_term_gain, found[M.AVERAGE].short_term_gain) == (D(50), D(25))
    # UK and Canada pool like the average: a sale alone would show the same figure three times
    assert {w.method for w in found.values()} == set(M) - {M.UK_POOLING, M.ACB}
    assert min(w.gain or D(0) for w in found.values()) == D(-25)


def test_lots_named_by_hand_are_an_outcome_of_their_own() -> None:
    lots = list(replay([A, B, C]).open_lots())
    named = [LotChoice(own_lot_id(C), D(10))]
    first, *_ = what_if_sold(lots, D(10), D(450), DAY, choices=named)
    assert first.method is None
    assert first.gain == D(50)
    for wrong in ([LotChoice(own_lot_id(C), D(11))], [*named, LotChoice(own_lot_id(C), D(1))]):
        with pytest.raises(LotNotHeld):
            what_if_sold(lots, D(10), D(450), DAY, choices=wrong)


def test_a_cost_nobody_knows_leaves_its_term_unknown_and_the_other_known() -> None:
    gift = a_record(TransactionKind.SPIN_OFF, date(2021, 1, 4), 9, quantity="10")
    lots = list(replay([gift, C]).open_lots())
    (fifo,) = what_if_sold(lots, D(20), D(900), DAY, methods=[M.FIFO])
    assert fifo.long_term_gain is None
    assert fifo.short_term_gain == D(50)
    assert fifo.gain is None


def test_more_than_is_held_is_refused() -> None:
    lots = list(replay([A]).open_lots())
    with pytest.raises(ValueError, match="11 units asked for, 10 held"):
        what_if_sold(lots, D(11), D(1), DAY)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(1, 9_999)), min_size=1, max_size=6),
    st.integers(1, 100),
    st.integers(1, 99_999),
    st.sampled_from(list(M)),
)
def test_the_sale_itself_realizes_what_was_said(
    bought: list[tuple[int, int]], percent: int, cents: int, method: LotMethod
) -> None:
    purchases = [
        a_purchase(date(2023, 1 + place, 2), place, str(units), str(D(price) / 100))
        for place, (units, price) in enumerate(bought)
    ]
    units = D(sum(units for units, _ in bought)) * percent / 100
    price = D(cents) / 100
    sale = a_sale(date(2024, 2, 2), 99, str(units), str(price))
    before = replay(purchases, method=method)
    after = replay([*purchases, sale], method=method)
    proceeds = sum((closure.proceeds for closure in after.closures), D(0))

    (said,) = what_if_sold(
        list(before.open_lots()), units, proceeds, sale.trade_date, methods=[method]
    )
    assert [(c.lot.id, c.proceeds, c.gain, c.is_long_term) for c in said.closes] == [
        (c.lot_id, c.proceeds, c.gain, c.is_long_term) for c in after.closures
    ]
