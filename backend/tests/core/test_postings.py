"""Records as postings: they balance, and the documentation says what they do."""

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledger_builders import a_record
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.postings import Posting, postings
from truenav.core.ledger.replay import replay
from truenav.core.ledger.rules import RULES, Leg
from truenav.core.ledger.transactions import CashPart, SubKind, Transaction, TransactionKind

D = Decimal
K = TransactionKind
DAY = date(2026, 3, 2)
PAGE = Path(__file__).parents[3] / "docs" / "calculations" / "transactions.md"


def legs(record: Transaction) -> dict[str, Decimal]:
    """Leg → amount; one of each is enough for the records here."""
    return {posting.leg.value: posting.amount for posting in postings(record)}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            a_record(K.BUY, DAY, 1, quantity="10", price="20", gross="-200", fee="1", tax="0.5"),
            {"cash": "-201.5", "fee": "1", "tax": "0.5", "cost": "200", "units": "10"},
        ),
        (
            a_record(K.SELL, DAY, 1, quantity="-10", price="20", gross="200", fee="1"),
            {"cash": "199", "fee": "1", "proceeds": "-200", "units": "-10"},
        ),
        (
            a_record(K.DIVIDEND, DAY, 1, gross="100", tax="15"),
            {"cash": "85", "tax": "15", "income": "-100"},
        ),
        (a_record(K.RETURN_OF_CAPITAL, DAY, 1, gross="50"), {"cash": "50", "cost": "-50"}),
        (
            a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="500", is_external_flow=True),
            {"cash": "500", "flow": "-500"},
        ),
        (
            a_record(K.TRANSFER_OUT, DAY, 1, symbol=None, gross="-500"),
            {"cash": "-500", "clearing": "500"},
        ),
        (a_record(K.FEE, DAY, 1, symbol=None, fee="9"), {"cash": "-9", "fee": "9"}),
        (
            a_record(K.REWARD, DAY, 1, quantity="2", price="30"),
            {"units": "2", "cost": "60", "income": "-60"},
        ),
        (
            a_record(K.DIVIDEND, DAY, 1, quantity="2", price="30", sub_kind=SubKind.STOCK),
            {"units": "2", "cost": "60", "income": "-60"},
        ),
        (a_record(K.SPLIT, DAY, 1, ratio="2"), {}),
    ],
)
def test_a_record_compiles_to_its_legs(record: Transaction, expected: dict[str, str]) -> None:
    assert legs(record) == {leg: D(amount) for leg, amount in expected.items()}


def test_a_conversion_clears_each_currency_apart() -> None:
    record = a_record(K.FX_CONVERSION, DAY, 1, symbol=None, gross="140.93", counter=("-133", "EUR"))
    assert postings(record) == (
        Posting(Leg.CASH, D("140.93"), "USD"),
        Posting(Leg.CLEARING, D("-140.93"), "USD"),
        Posting(Leg.CASH, D(-133), "EUR"),
        Posting(Leg.CLEARING, D(133), "EUR"),
    )


amounts = st.decimals(-10_000, 10_000, places=4).map(lambda d: CashPart(amount=d, currency="USD"))
foreign = st.builds(
    lambda amount, rate: CashPart(amount=amount, currency="EUR", rate=rate),
    st.decimals(-10_000, 10_000, places=2),
    st.decimals("0.5", "2", places=6),
)
parts = st.none() | amounts | foreign
units = st.none() | st.decimals(-1_000, 1_000, places=3)


@st.composite
def records(draw: st.DrawFn) -> Transaction:
    """One record of any kind, sensible or not."""
    record = a_record(draw(st.sampled_from(list(K))), DAY, 1)
    return replace(
        record,
        sub_kind=draw(st.none() | st.sampled_from(list(SubKind))),
        quantity=draw(units),
        price=draw(st.none() | st.decimals(0, 1_000, places=4)),
        gross=draw(parts),
        fee=draw(parts),
        tax=draw(parts),
        counter=draw(st.none() | foreign),
        is_external_flow=draw(st.booleans()),
        link_id=draw(st.none() | st.just(UUID(int=5))),
    )


@settings(max_examples=300)
@given(records())
def test_the_legs_of_every_record_add_up_to_nothing(record: Transaction) -> None:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    cash: dict[str, Decimal] = defaultdict(Decimal)
    for posting in postings(record):
        if posting.currency is not None:
            totals[posting.currency] += posting.amount
        if posting.leg is Leg.CASH:
            cash[posting.currency or ""] += posting.amount
    assert not any(totals.values())
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for currency, change in cash_effects(record):
        moved[currency] += change
    assert {c: a for c, a in cash.items() if a} == {c: a for c, a in moved.items() if a}


@settings(max_examples=300)
@given(records())
def test_cost_and_proceeds_of_a_trade_are_its_legs(record: Transaction) -> None:
    sign = -1 if record.kind is K.SELL else 1
    quantity = abs(record.quantity or D(1)) or D(1)
    trade = replace(
        record, kind=K.SELL if sign < 0 else K.BUY, quantity=sign * quantity, link_id=None
    )
    counted = [
        posting.amount
        for posting in postings(trade)
        if posting.currency == trade.currency
        and (posting.leg in {Leg.COST, Leg.PROCEEDS} or posting.is_cost_part)
    ]
    (lot,) = replay([trade]).open_lots()  # a sale of nothing held opens a short lot
    expected = sum(counted, D(0)) * sign
    known = trade.gross is not None or trade.price is not None
    assert lot.cost == (expected if known or sign < 0 else 0)


def test_the_documentation_says_what_every_kind_does() -> None:
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", PAGE.read_text(), re.MULTILINE)
    written = {kind: [cell.strip() for cell in cells.split("|")] for kind, cells in rows}
    assert written == {
        kind.value: [rule.cash, rule.units, rule.cost, rule.income, rule.flow]
        for kind, rule in RULES.items()
    }
    assert set(RULES) == set(K)
