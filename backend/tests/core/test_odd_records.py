"""Records that contradict themselves or miss something: each was a wrong figure or an exception."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from truenav.core.ledger.bookkeeper import own_lot_id
from truenav.core.ledger.methods import LotChoice, LotMethod
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import SubKind, TransactionKind

D = Decimal
K = TransactionKind
LINK = UUID(int=77)
OLD, NEW = date(2023, 3, 1), date(2024, 3, 1)
ZQX = an_instrument("ZQX")


def notes(state: LedgerState) -> list[str]:
    return [note.reason_code for note in state.notes]


@pytest.mark.parametrize("kind", [K.WORTHLESS, K.CASH_IN_LIEU])
def test_units_that_only_leave_come_back_when_their_sign_says_so(kind: TransactionKind) -> None:
    """A row that takes another back; the book counted units no lot held."""
    state = replay([a_purchase(OLD, 1, "10", "5"), a_record(kind, NEW, 2, quantity="4")])
    assert [(lot.quantity, lot.is_cost_known) for lot in state.open_lots()] == [
        (D(10), True),
        (D(4), False),
    ]
    assert state.quantity(ZQX) == D(14)
    assert notes(state) == ["cost_unknown"]


def test_a_valued_dividend_in_units_can_be_taken_back() -> None:
    paid = a_record(K.DIVIDEND, OLD, 1, quantity="10", price="5", sub_kind=SubKind.STOCK)
    back = a_record(K.DIVIDEND, NEW, 2, quantity="-10", price="5", sub_kind=SubKind.STOCK)
    assert list(replay([paid, back]).open_lots()) == []


def test_a_premium_is_not_given_to_a_trade_that_states_no_units() -> None:
    state = replay(
        [
            a_record(K.BUY, OLD, 1, symbol="CALL", quantity="1", gross="-300"),
            replace(
                a_record(K.OPTION_EXERCISE, NEW, 2, symbol="CALL", quantity="-1"), link_id=LINK
            ),
            replace(a_record(K.BUY, NEW, 3, gross="-5000"), link_id=LINK),
        ]
    )
    assert [closure.gain for closure in state.closures] == [D(-300)]
    assert sorted(notes(state)) == ["premium_not_folded", "units_unknown"]


@pytest.mark.parametrize("kind", [K.BUY, K.SELL])
def test_a_trade_with_a_premium_nobody_knows_has_no_known_cost_or_gain(
    kind: TransactionKind,
) -> None:
    arrived = a_record(K.TRANSFER_IN, OLD, 1, symbol="OPT", quantity="1")
    used = a_record(K.OPTION_EXERCISE, NEW, 3, symbol="OPT", quantity="-1")
    sign = 1 if kind is K.BUY else -1
    trade = a_record(kind, NEW, 4, quantity=str(100 * sign), gross=str(-5000 * sign))
    held = a_purchase(OLD, 2, "100", "30")
    state = replay([arrived, held, replace(used, link_id=LINK), replace(trade, link_id=LINK)])
    if kind is K.BUY:
        assert [lot.is_cost_known for lot in state.open_lots()] == [True, False]
    else:
        assert [closure.is_cost_known for closure in state.closures] == [False]
    assert notes(state) == ["cost_unknown", "premium_unknown"]


def test_an_assignment_told_as_a_cover_still_comes_before_its_trade() -> None:
    option = a_record(K.SELL, OLD, 1, symbol="PUT", quantity="-1", gross="300")
    assigned = a_record(
        K.OPTION_ASSIGNMENT, NEW, 2, symbol="PUT", quantity="1", sub_kind=SubKind.SHORT_COVER
    )
    bought = a_purchase(NEW, 3, "100", "40")
    state = replay([option, replace(assigned, link_id=LINK), replace(bought, link_id=LINK)])
    assert [lot.cost for lot in state.open_lots()] == [D(3700)]


def test_cash_for_units_given_in_two_rows_is_counted_once() -> None:
    # 60 and 40 given, 3,000 in one row: 1,800 on 600 and 1,200 on 400
    state = replay(
        [
            a_purchase(OLD, 1, "100", "10"),
            a_record(K.MERGER, NEW, 2, quantity="-60"),
            a_record(K.MERGER, NEW, 3, quantity="-40"),
            a_record(K.MERGER, NEW, 4, gross="3000"),
        ]
    )
    assert sum(closure.proceeds for closure in state.closures) == D(3000)
    assert sorted(closure.gain for closure in state.closures) == [D(800), D(1200)]


def test_cash_of_an_exchange_that_gave_nothing_is_noted() -> None:
    state = replay([a_purchase(OLD, 1, "10", "5"), a_record(K.MERGER, NEW, 2, gross="75")])
    assert notes(state) == ["exchange_unpaired"]
    assert state.cash == {"USD": D(25)}


def test_an_exchange_in_two_currencies_leaves_gain_and_cost_unknown() -> None:
    legs = [
        a_record(K.MERGER, NEW, 2, quantity="-10"),
        a_record(K.MERGER, NEW, 3, symbol="BIG", quantity="5", price="20"),
        a_record(K.MERGER, NEW, 4, gross="30", currency="EUR"),
    ]
    state = replay([a_purchase(OLD, 1, "10", "5"), *(replace(leg, link_id=LINK) for leg in legs)])
    assert [closure.is_cost_known for closure in state.closures] == [False]
    assert [lot.is_cost_known for lot in state.open_lots()] == [False]
    assert notes(state) == ["currency_differs"]


def test_two_exchanges_of_a_day_may_each_have_a_currency_of_their_own() -> None:
    euros = a_record(K.BUY, OLD, 2, symbol="EUO", quantity="10", gross="-60", currency="EUR")
    state = replay(
        [
            a_purchase(OLD, 1, "10", "5"),
            euros,
            a_record(K.MERGER, NEW, 3, quantity="-10", gross="75"),
            a_record(K.MERGER, NEW, 4, symbol="EUO", quantity="-10", gross="90", currency="EUR"),
        ]
    )
    assert [(c.currency, c.gain, c.is_cost_known) for c in state.closures] == [
        ("USD", D(25), True),
        ("EUR", D(30), True),
    ]


def test_units_do_not_come_out_of_themselves() -> None:
    spun = a_record(K.SPIN_OFF, NEW, 2, quantity="5")
    spun = replace(spun, source_instrument_id=ZQX, basis_fraction=D("0.5"))
    state = replay([a_purchase(OLD, 1, "10", "5"), spun])
    assert [(lot.quantity, lot.cost, lot.is_cost_known) for lot in state.open_lots()] == [
        (D(10), D(50), True),
        (D(5), D(0), False),
    ]
    assert notes(state) == ["source_unknown"]


@pytest.mark.parametrize("method", [LotMethod.FIFO, LotMethod.HIFO])
def test_a_lot_named_in_part_and_taken_for_the_rest_is_one_row(method: LotMethod) -> None:
    """In an exchange the two parts would have become two lots with one id."""
    bought = a_purchase(OLD, 1, "10", "5")
    out = replace(
        a_record(K.MERGER, NEW, 2, quantity="-8"),
        lot_choices=(LotChoice(own_lot_id(bought), D(3)),),
    )
    into = a_record(K.MERGER, NEW, 3, symbol="BIG", quantity="4")
    state = replay([bought, out, into], method=method)
    assert [(lot.quantity, lot.cost) for lot in state.open_lots()] == [(D(2), D(10)), (D(4), D(40))]


def test_a_ratio_leaves_no_more_places_than_can_be_kept() -> None:
    state = replay(
        [
            a_purchase(OLD, 1, "0.000000000000000007", "5"),
            a_record(K.SPLIT, NEW, 2, ratio="0.333333333333333333"),
        ]
    )
    assert [lot.quantity for lot in state.open_lots()] == [D("2E-18")]


def test_units_at_a_price_cost_no_more_places_than_can_be_kept() -> None:
    bought = a_record(K.BUY, OLD, 1, quantity="0.000000000000000003", price="0.5")
    assert [lot.cost for lot in replay([bought]).open_lots()] == [D("2E-18")]


class TestUnitedKingdom:
    def test_units_stated_with_income_are_not_units_held(self) -> None:
        """Income that says for how many units it was paid made a sale match what is not held."""
        state = replay(
            [
                a_record(K.CAPITAL_GAIN_DISTRIBUTION, OLD, 1, quantity="100", gross="50"),
                a_sale(date(2023, 3, 2), 2, "10", "20"),
                a_purchase(date(2023, 3, 9), 3, "10", "15"),
            ],
            method=LotMethod.UK_POOLING,
        )
        assert [(closure.is_short, closure.gain) for closure in state.closures] == [(True, D(50))]

    def test_a_split_that_states_its_ratio_alone_ends_the_search(self) -> None:
        state = replay(
            [
                a_purchase(OLD, 1, "10", "10"),
                a_sale(date(2023, 6, 1), 2, "10", "12"),
                a_record(K.SPLIT, date(2023, 6, 5), 3, ratio="2"),
                a_purchase(date(2023, 6, 8), 4, "20", "4"),
            ],
            method=LotMethod.UK_POOLING,
        )
        assert [closure.gain for closure in state.closures] == [D(20)]
        assert [(lot.quantity, lot.cost) for lot in state.open_lots()] == [(D(20), D(80))]
