"""Corporate actions on lots: figures by hand, from the rules of each event."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from truenav.core.ledger.lots import ClosureKind
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import SubKind, TransactionKind

D = Decimal
K = TransactionKind
LINK = UUID(int=99)
OLD, NEW = date(2020, 3, 2), date(2023, 6, 1)


def lots(state: LedgerState, symbol: str) -> list[tuple[str, Decimal, Decimal]]:
    """(acquired, units, cost) of each open lot."""
    book = state.book(an_instrument(symbol))
    return [(lot.acquired_date.isoformat(), lot.quantity, lot.cost) for lot in book]


def notes(state: LedgerState) -> list[str]:
    return [note.reason_code for note in state.notes]


def test_a_spin_off_moves_a_stated_part_of_each_lots_cost_and_keeps_its_date() -> None:
    # 100 at 60 and 20 at 75; 1 new for 4; parent worth 90, child 40 / 4 = 10 a parent share: 10 %
    spun = a_record(K.SPIN_OFF, date(2024, 5, 1), 3, symbol="KID", quantity="30")
    spun = replace(spun, source_instrument_id=an_instrument("ZQX"), basis_fraction=D("0.1"))
    state = replay([a_purchase(OLD, 1, "100", "60"), a_purchase(NEW, 2, "20", "75"), spun])
    assert lots(state, "ZQX") == [("2020-03-02", D(100), D(5400)), ("2023-06-01", D(20), D(1350))]
    assert lots(state, "KID") == [("2020-03-02", D(25), D(600)), ("2023-06-01", D(5), D(150))]
    assert notes(state) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"basis_fraction": D("0.1")}, "source_unknown"),
        ({"source_instrument_id": an_instrument("ZQX")}, "basis_fraction_unknown"),
        (
            {"source_instrument_id": an_instrument("ELSE"), "basis_fraction": D("0.1")},
            "source_not_held",
        ),
    ],
)
def test_a_spin_off_without_its_terms_has_an_unknown_cost(
    changes: dict[str, object], reason: str
) -> None:
    spun = replace(a_record(K.SPIN_OFF, NEW, 2, symbol="KID", quantity="25"), **changes)  # type: ignore[arg-type]  # the fields differ by case
    state = replay([a_purchase(OLD, 1, "100", "60"), spun])
    assert lots(state, "ZQX") == [("2020-03-02", D(100), D(6000))]
    assert [lot.is_cost_known for lot in state.book(an_instrument("KID"))] == [False]
    assert notes(state) == [reason]


def test_a_taxable_spin_off_is_a_dividend_at_value_with_a_lot_of_its_own_day() -> None:
    spun = a_record(
        K.SPIN_OFF, NEW, 2, symbol="KID", quantity="25", price="40", sub_kind=SubKind.TAXABLE
    )
    state = replay([a_purchase(OLD, 1, "100", "60"), spun])
    assert lots(state, "ZQX") == [("2020-03-02", D(100), D(6000))]
    assert lots(state, "KID") == [("2023-06-01", D(25), D(1000))]


def test_cash_in_lieu_sells_the_fraction_a_reverse_split_left() -> None:
    # 105 at 10, 1 for 10: 10.5; 0.5 at 95 brings 47.50 on a cost of 50.00
    split = a_record(K.SPLIT, NEW, 2, ratio="0.1", quantity="-95")
    paid = a_record(K.CASH_IN_LIEU, date(2023, 6, 8), 3, gross="47.50")
    state = replay([a_purchase(OLD, 1, "105", "10"), split, paid])
    assert lots(state, "ZQX") == [("2020-03-02", D(10), D(1000))]
    (closure,) = state.closures
    assert (closure.quantity, closure.proceeds, closure.cost) == (D("0.5"), D("47.50"), D(50))
    assert closure.is_long_term
    assert notes(state) == []


def merger(*, cash: str | None, price: str | None, taxable: bool = False) -> LedgerState:
    """100 units, some at a gain and some at a loss, become 50 of another."""
    sub_kind = SubKind.TAXABLE if taxable else None
    legs = [
        a_record(K.MERGER, NEW, 3, quantity="-100", gross=cash, sub_kind=sub_kind),
        a_record(K.MERGER, NEW, 4, symbol="BIG", quantity="50", price=price),
    ]
    return replay(
        [
            a_purchase(OLD, 1, "60", "10"),
            a_purchase(date(2023, 1, 3), 2, "40", "16"),
            *(replace(leg, link_id=LINK) for leg in legs),
        ]
    )


def test_a_merger_for_units_carries_cost_and_dates_over() -> None:
    state = merger(cash=None, price=None)
    assert lots(state, "BIG") == [("2020-03-02", D(30), D(600)), ("2023-01-03", D(20), D(640))]
    assert (state.closures, notes(state)) == ([], [])


def test_cash_beside_units_is_taxed_up_to_the_gain_and_never_a_loss() -> None:
    # worth 50 x 24 = 1200 and 300 in cash: 12 and 3 a unit given
    state = merger(cash="300", price="24")
    boots = [(c.kind, c.quantity, c.proceeds, c.cost, c.gain) for c in state.closures]
    # first lot: 720 + 180 - 600 = 300 realized, 180 recognized; cost 600 - 180 + 180
    # second lot: 480 + 120 - 640 < 0: nothing recognized; cost 640 - 120
    assert boots == [
        (ClosureKind.BOOT, D(0), D(180), D(0), D(180)),
        (ClosureKind.BOOT, D(0), D(120), D(120), D(0)),
    ]
    assert lots(state, "BIG") == [("2020-03-02", D(30), D(600)), ("2023-01-03", D(20), D(520))]


def test_cash_beside_units_of_unknown_value_leaves_gain_and_cost_unknown() -> None:
    state = merger(cash="300", price=None)
    assert notes(state) == ["exchange_value_unknown"]
    assert {closure.is_cost_known for closure in state.closures} == {False}
    assert {lot.is_cost_known for lot in state.book(an_instrument("BIG"))} == {False}


def test_a_taxable_merger_sells_everything_and_buys_at_value() -> None:
    state = merger(cash="300", price="24", taxable=True)
    # 1500 in all: 900 on 600 and 600 on 640
    assert [(c.kind, c.gain) for c in state.closures] == [
        (ClosureKind.CLOSED, D(300)),
        (ClosureKind.CLOSED, D(-40)),
    ]
    assert lots(state, "BIG") == [("2023-06-01", D(50), D(1200))]


def test_a_merger_into_two_instruments_divides_cost_as_stated() -> None:
    legs = [
        a_record(K.MERGER, NEW, 2, quantity="-100"),
        a_record(K.MERGER, NEW, 3, symbol="BIG", quantity="50"),
        a_record(K.MERGER, NEW, 4, symbol="TWO", quantity="10"),
    ]
    parts = (None, D("0.8"), D("0.2"))
    linked = [
        replace(leg, link_id=LINK, basis_fraction=part)
        for leg, part in zip(legs, parts, strict=True)
    ]
    state = replay([a_purchase(OLD, 1, "100", "10"), *linked])
    assert lots(state, "BIG") == [("2020-03-02", D(50), D(800))]
    assert lots(state, "TWO") == [("2020-03-02", D(10), D(200))]
    assert lots(state, "ZQX") == []


def test_worthless_units_are_lost_on_the_last_day_of_the_year() -> None:
    # bought 2022-09-01, worthless in March: long-term, because the year's end counts
    state = replay(
        [
            a_purchase(date(2022, 9, 1), 1, "10", "5"),
            a_record(K.WORTHLESS, date(2023, 3, 1), 2, quantity="-10"),
        ]
    )
    (closure,) = state.closures
    assert (closure.closed_date, closure.gain_date) == (date(2023, 3, 1), date(2023, 12, 31))
    assert (closure.gain, closure.is_long_term) == (D(-50), True)


def test_a_stock_dividend_spreads_cost_and_a_taxable_one_is_income_at_value() -> None:
    plain = a_record(K.DIVIDEND, NEW, 2, quantity="10", sub_kind=SubKind.STOCK)
    assert lots(replay([a_purchase(OLD, 1, "100", "11"), plain]), "ZQX") == [
        ("2020-03-02", D(110), D(1100))
    ]
    taxable = a_record(K.DIVIDEND, NEW, 2, quantity="10", price="12", sub_kind=SubKind.STOCK)
    assert lots(replay([a_purchase(OLD, 1, "100", "11"), taxable]), "ZQX") == [
        ("2020-03-02", D(100), D(1100)),
        ("2023-06-01", D(10), D(120)),
    ]


OPTION = "CALL"


@pytest.mark.parametrize(
    ("option", "trade", "expected"),
    [
        # long call for 300, exercised at 50: basis 5000 + 300
        (("buy", "1", "-300", "-1"), ("buy", "100", "-5000"), D(5300)),
        # short put for 200, assigned at 40: basis 4000 - 200
        (("sell", "-1", "200", "1"), ("buy", "100", "-4000"), D(3800)),
        # long put for 150, exercised at 60: proceeds 6000 - 150
        (("buy", "1", "-150", "-1"), ("sell", "-100", "6000"), D(5850)),
        # short call for 250, assigned at 55: proceeds 5500 + 250
        (("sell", "-1", "250", "1"), ("sell", "-100", "5500"), D(5750)),
    ],
)
def test_an_options_premium_goes_into_the_trade_it_led_to(
    option: tuple[str, str, str, str], trade: tuple[str, str, str], expected: Decimal
) -> None:
    opening, units, premium, back = option
    kind, quantity, gross = trade
    used = a_record(K.OPTION_EXERCISE, NEW, 3, symbol=OPTION, quantity=back)
    led_to = a_record(K(kind), NEW, 4, quantity=quantity, gross=gross)
    state = replay(
        [
            a_purchase(OLD, 1, "100", "30"),
            a_record(
                K(opening),
                OLD,
                2,
                symbol=OPTION,
                quantity=units,
                gross=premium,
                sub_kind=SubKind.TO_OPEN,
            ),
            replace(used, link_id=LINK),
            replace(led_to, link_id=LINK),
        ]
    )
    assert lots(state, OPTION) == []
    if kind == "buy":
        assert state.closures == []
        assert lots(state, "ZQX")[1] == ("2023-06-01", D(100), expected)
    else:
        assert [(c.proceeds, c.cost) for c in state.closures] == [(expected, D(3000))]
    assert notes(state) == []


def test_an_option_without_its_trade_closes_for_nothing_and_says_so() -> None:
    state = replay(
        [
            a_record(K.BUY, OLD, 1, symbol=OPTION, quantity="1", gross="-300"),
            a_record(K.OPTION_EXERCISE, NEW, 2, symbol=OPTION, quantity="-1"),
        ]
    )
    assert [closure.gain for closure in state.closures] == [D(-300)]
    assert notes(state) == ["premium_not_folded"]


def test_rights_take_cost_from_the_parent_into_the_purchase_they_are_used_for() -> None:
    # a tenth of 1000 goes to the rights; used: 100 + 20 x 8 paid
    rights = a_record(K.RIGHTS, NEW, 2, symbol="RTS", quantity="100")
    rights = replace(rights, source_instrument_id=an_instrument("ZQX"), basis_fraction=D("0.1"))
    used = a_record(K.RIGHTS, date(2023, 7, 3), 3, symbol="RTS", quantity="-100")
    bought = a_purchase(date(2023, 7, 3), 4, "20", "8")
    state = replay(
        [
            a_purchase(OLD, 1, "100", "10"),
            rights,
            replace(used, link_id=LINK),
            replace(bought, link_id=LINK),
        ]
    )
    assert lots(state, "ZQX") == [("2020-03-02", D(100), D(900)), ("2023-07-03", D(20), D(260))]
    assert lots(state, "RTS") == []


def test_capital_returned_above_cost_is_a_gain_of_the_lots_term() -> None:
    returned = a_record(K.RETURN_OF_CAPITAL, NEW, 3, gross="250")
    state = replay(
        [
            a_purchase(OLD, 1, "60", "2"),
            a_purchase(date(2023, 5, 2), 2, "40", "3"),
            returned,
            a_sale(date(2024, 9, 3), 4, "100", "4"),
        ]
    )
    # 2.50 a unit: 150 on 120, and 100 on 120
    gains = [(c.kind, c.gain, c.is_long_term) for c in state.closures]
    assert gains == [
        (ClosureKind.CAPITAL_RETURNED, D(30), True),
        (ClosureKind.CLOSED, D(240), True),
        (ClosureKind.CLOSED, D(140), True),
    ]
