"""Which events the records of an account tell already."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.core.ledger_builders import a_record, an_instrument
from tests.core.test_action_effects import DAY, KID, USD, A, an_action
from truenav.core.corporate_actions.actions import ActionKind, CorporateAction
from truenav.core.corporate_actions.effects import Held, effects_of
from truenav.core.corporate_actions.recorded import Expected, Match, match_records
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind

D, K = Decimal, TransactionKind


def expected(action: CorporateAction, held: str = "100") -> Expected:
    new = an_instrument("KID") if action.new_instrument is not None else None
    units = D(held)
    return Expected(
        action, an_instrument("ZQX"), new, units, effects_of(action, Held(units, "USD"))
    )


def near(days: int, kind: TransactionKind, **values: Any) -> Transaction:
    return a_record(kind, DAY + timedelta(days), 1 + days % 1000, **values)


def told(action: CorporateAction, record: Transaction, held: str = "100") -> bool:
    (match,) = match_records([expected(action, held)], [record])
    return match.by == (record.id,)


SPLIT = an_action(A.FORWARD_SPLIT, old_units="1", new_units="3")
PAID = an_action(A.CASH_DIVIDEND, cash_amount="0.5", **USD)
SPIN = an_action(A.SPIN_OFF, old_units="4", new_units="1", new_instrument=KID)


@pytest.mark.parametrize(
    ("record", "is_told"),
    [
        (near(0, K.SPLIT, ratio="3"), True),
        (near(2, K.SPLIT, quantity="200"), True),
        (near(2, K.DIVIDEND, quantity="200", sub_kind=SubKind.STOCK), True),
        (near(0, K.SPLIT, ratio="2"), False),
        (near(0, K.SPLIT, quantity="100"), False),
        (near(11, K.SPLIT, ratio="3"), False),
        (near(0, K.SPLIT, ratio="3", symbol="ELSE"), False),
        (near(0, K.DIVIDEND, gross="200"), False),
    ],
)
def test_a_split_is_told_by_its_ratio_or_its_units(record: Transaction, is_told: bool) -> None:
    assert told(SPLIT, record) is is_told


@pytest.mark.parametrize(
    ("record", "is_told"),
    [
        (near(0, K.DIVIDEND, gross="50"), True),
        (near(30, K.DIVIDEND, gross="50.01"), True),
        (near(61, K.DIVIDEND, gross="50"), False),
        (near(-4, K.DIVIDEND, gross="50"), False),
        (near(30, K.DIVIDEND, gross="42.50"), False),
        (near(30, K.DIVIDEND, gross="50", currency="EUR"), False),
        (near(30, K.RETURN_OF_CAPITAL, gross="50"), True),
        (near(30, K.DIVIDEND, quantity="50", gross="50"), False),
    ],
)
def test_a_dividend_is_told_by_its_amount(record: Transaction, is_told: bool) -> None:
    assert told(PAID, record) is is_told


def test_a_stock_dividend_is_told_by_the_units_it_gave() -> None:
    more = an_action(A.STOCK_DIVIDEND, old_units="100", new_units="5")
    assert told(more, near(3, K.SPLIT, ratio="1.05"))
    assert told(more, near(3, K.DIVIDEND, quantity="5", sub_kind=SubKind.STOCK))
    assert not told(more, near(3, K.DIVIDEND, quantity="50", sub_kind=SubKind.STOCK))


def test_an_event_of_nothing_held_is_told_by_nothing() -> None:
    assert not told(PAID, near(0, K.DIVIDEND, gross="50"), held="0")
    no_ratio = replace(SPLIT, new_units=None)
    assert not told(no_ratio, near(0, K.SPLIT, ratio="3"), held="0")


def test_a_dividend_net_of_tax_is_similar_and_said() -> None:
    net = near(20, K.DIVIDEND, gross="42.50")
    assert match_records([expected(PAID)], [net]) == [Match(similar=(net.id,))]


def test_one_record_tells_one_dividend() -> None:
    # a monthly payer: the same amount twice within the time a broker may take
    second = replace(PAID, ex_date=DAY + timedelta(30))
    first_paid, second_paid = near(14, K.DIVIDEND, gross="50"), near(44, K.DIVIDEND, gross="50")
    events = [expected(second), expected(PAID)]
    both = match_records(events, [second_paid, first_paid])
    assert [match.by for match in both] == [(second_paid.id,), (first_paid.id,)]
    only = match_records(events, [first_paid])
    assert [match.by for match in only] == [(), (first_paid.id,)]


def test_a_pay_date_says_how_long_to_wait() -> None:
    late = replace(PAID, pay_date=DAY + timedelta(100))
    assert told(late, near(103, K.DIVIDEND, gross="50"))
    assert not told(late, near(111, K.DIVIDEND, gross="50"))


def test_a_spin_off_is_told_by_the_child_that_came() -> None:
    assert told(SPIN, near(1, K.SPIN_OFF, symbol="KID", quantity="25"))
    assert not told(SPIN, near(1, K.SPIN_OFF, symbol="ELSE", quantity="25"))
    of_parent = near(1, K.SPIN_OFF, symbol="ELSE", quantity="25")
    assert told(SPIN, replace(of_parent, source_instrument_id=an_instrument("ZQX")))


@pytest.mark.parametrize(
    ("kind", "terms", "record"),
    [
        (A.STOCK_MERGER, {"old_units": "1", "new_units": "2", "new_instrument": KID},
         near(0, K.MERGER, quantity="-100")),
        (A.CASH_MERGER, {"cash_amount": "9", **USD}, near(0, K.MERGER, quantity="-100")),
        (A.NAME_CHANGE, {"new_instrument": KID}, near(0, K.NAME_CHANGE, quantity="-100")),
        (A.TENDER, {"cash_amount": "9", **USD},
         near(0, K.SELL, quantity="-40", sub_kind=SubKind.TENDER)),
        (A.WORTHLESS, {}, near(3, K.WORTHLESS, quantity="-100")),
        (A.RIGHTS, {"old_units": "1", "new_units": "1", "new_instrument": KID},
         near(0, K.RIGHTS, symbol="KID", quantity="100")),
    ],
)  # fmt: skip
def test_other_events_are_told_by_what_moved(
    kind: ActionKind, terms: dict[str, Any], record: Transaction
) -> None:
    assert told(an_action(kind, **terms), record)


def test_a_plain_sale_tells_no_tender() -> None:
    tender = an_action(A.TENDER, cash_amount="9", **USD)
    assert not told(tender, near(0, K.SELL, quantity="-100", gross="900"))
