"""Trees that prove themselves, and trees of random histories that come to what the engine says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.histories import histories
from tests.core.ledger_builders import a_record, an_instrument
from truenav.core.explanation import (
    Node,
    NodeKind,
    constant,
    faults,
    leaf,
    minus,
    product,
    quotient,
    remainder,
    rounded,
    shown,
    total,
    unknown,
    walk,
)
from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.explaining import Trail, lot_cost, lot_units
from truenav.core.ledger.explaining_gains import closure_gain
from truenav.core.ledger.explaining_positions import position_cost, position_units
from truenav.core.ledger.explaining_records import cash_of
from truenav.core.ledger.lots import ClosureKind
from truenav.core.ledger.methods import POOLING, LotMethod
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact
from truenav.features.ledger.mapping import closure_values

D = Decimal
K = TransactionKind
ZERO = D(0)
SETTINGS = settings(max_examples=150)
PLAIN = [method for method in LotMethod if method not in POOLING]
values = st.none() | st.integers(-10_000, 10_000).map(lambda n: D(n) / 7)


def stated(value: Decimal | None, unit: str = "USD") -> Node:
    if value is None:
        return unknown("a figure", unit, "price_missing")
    return leaf(NodeKind.RECORD, "a figure", unit, value)


nodes = st.recursive(
    values.map(stated),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda found: total("sum", "USD", found)),
        st.lists(inner, min_size=1, max_size=4).map(lambda found: minus("less", "USD", found)),
        st.lists(inner, max_size=3).map(lambda found: product("times", "USD", found)),
        st.tuples(inner, inner).map(lambda pair: quotient("over", "USD", *pair)),
        inner.map(shown),
    ),
    max_leaves=20,
)


@given(node=nodes)
def test_whatever_is_put_together_proves_itself(node: Node) -> None:
    assert faults(node) == []


@given(node=nodes, more=st.integers(1, 999))
def test_a_tree_that_was_tampered_with_is_found_out(node: Node, more: int) -> None:
    if node.value is None or not node.children:
        return
    assert faults(replace(node, value=node.value + D(more) / 100))


def test_what_an_unknown_goes_into_is_unknown() -> None:
    node = total("Both", "USD", (stated(D(1)), unknown("Price", "USD", "price_missing")))
    assert node.value is None
    assert faults(node) == []
    assert faults(replace(node, value=D(1)))


@pytest.mark.parametrize(
    "wrong",
    [
        total("Sum", "USD", (leaf(NodeKind.RECORD, "euros", "EUR", D(1)),)),
        leaf(NodeKind.ROUNDING, "Rounding", "USD", D("0.02")),
        leaf(NodeKind.ROUNDING, "Rounding", "units", D("0.001")),
        Node(label="Why", kind=NodeKind.RECORD, unit="USD", value=None),
        Node(label="Known", kind=NodeKind.UNKNOWN, unit="USD", value=D(1)),
    ],
)
def test_mixed_units_large_roundings_and_silence_are_faults(wrong: Node) -> None:
    assert faults(wrong)


def test_rounding_stands_beside_what_it_rounds() -> None:
    third = quotient("A third", "USD", stated(D(1)), stated(D(3)))
    node = rounded(third, D("0.33"))
    assert node.value == D("0.33")
    assert [child.kind for child in node.children] == [NodeKind.QUOTIENT, NodeKind.ROUNDING]
    assert faults(node) == []


def test_the_rest_of_a_long_list_is_a_figure() -> None:
    rest = remainder(312, "USD", D(5), "/api/v1/explain/x", "cost_unknown")
    assert (rest.label, rest.value, rest.kind) == ("and 312 more", D(5), NodeKind.REMAINDER)
    assert remainder(2, "USD", None, "/x", "cost_unknown").unknown_reason == "cost_unknown"


def test_over_nothing_is_unknown() -> None:
    node = quotient("Over", "ratio", stated(D(1)), constant(ZERO, "Nothing", "USD"))
    assert (node.value, node.unknown_reason) == (None, "nothing_to_divide_by")


# --- histories ----------------------------------------------------------------------------------


def trail_of(records: list[Transaction], state: LedgerState, method: LotMethod) -> Trail:
    anyone = records[0].account_id
    rows = closure_values(anyone, anyone, state.closures)
    return Trail(
        records={record.id: record for record in records},
        lots={lot.id: lot for lot in state.open_lots()},
        closures={row["id"]: closure for row, closure in zip(rows, state.closures, strict=True)},
        adjustments=state.adjustments,
        is_pooled=method in POOLING,
    )


def explained(trail: Trail) -> list[tuple[Node, Decimal | None]]:
    """Every tree of lots and gains, and the engine's figure."""
    found: list[tuple[Node, Decimal | None]] = []
    for lot in trail.lots.values():
        cost = lot.cost if lot.is_cost_known else None
        found += [(lot_cost(trail, lot.id, cost), cost),
                  (lot_units(trail, lot.id, lot.quantity), lot.quantity)]  # fmt: skip
    for key, closure in trail.closures.items():
        gain = closure.gain if closure.is_cost_known else None
        found.append((closure_gain(trail, key), gain))
    return found


@SETTINGS
@given(records=histories(), method=st.sampled_from(list(LotMethod)))
def test_every_lot_and_gain_of_a_history_is_explained(
    records: list[Transaction], method: LotMethod
) -> None:
    state = replay(records, method=method)
    for node, figure in explained(trail_of(records, state, method)):
        assert node.value == figure
        assert faults(node) == []


@SETTINGS
@given(records=histories(), method=st.sampled_from(PLAIN))
def test_without_a_pool_nothing_stays_untold(records: list[Transaction], method: LotMethod) -> None:
    state = replay(records, method=method)
    for node, _ in explained(trail_of(records, state, method)):
        assert "Not told apart" not in {part.label for part in walk(node)}


@SETTINGS
@given(records=histories(), method=st.sampled_from(list(LotMethod)))
def test_positions_and_cash_of_a_history_are_explained(
    records: list[Transaction], method: LotMethod
) -> None:
    state = replay(records, method=method)
    trail = trail_of(records, state, method)
    for position in state.positions():
        units = position_units(records, position.quantity, position.instrument_id, most=3)
        assert units.value == position.quantity
        cost = position_cost(trail, position.instrument_id, most=2)
        assert cost.value == (position.cost if position.is_cost_known else None)
        assert faults(units) == faults(cost) == []
    for record in records:
        cash = cash_of(record)
        assert cash.value == (net_cash(record) or ZERO)
        assert faults(cash) == []


# --- by hand ------------------------------------------------------------------------------------


def told(node: Node) -> list[tuple[str, Decimal | None]]:
    return [(part.label, part.value) for part in node.children]


def test_a_gain_is_the_sales_part_less_the_lots_part() -> None:
    """12 of 20 sold: 10 at 50.50 and 2 at 60; proceeds 12 × 70 − 6 = 834, 69.50 a unit."""
    days = [date(2021, 3, 1), date(2022, 11, 1), date(2023, 2, 1)]
    records = [
        a_record(K.BUY, days[0], 1, quantity="10", price="50", gross="-500", fee="5"),
        a_record(K.BUY, days[1], 2, quantity="10", price="60", gross="-600"),
        a_record(K.SELL, days[2], 3, quantity="-12", price="70", gross="840", fee="6"),
    ]
    state = replay(records)
    trail = trail_of(records, state, LotMethod.FIFO)
    first, second = sorted(trail.closures, key=lambda key: trail.closures[key].acquired_date)

    whole, part = closure_gain(trail, first), closure_gain(trail, second)

    assert (whole.value, part.value) == (D(190), D(19))
    assert told(whole) == [("Proceeds", D(695)), ("Cost", D(505))]
    assert told(part) == [("Proceeds", D(139)), ("Cost", D(120))]
    proceeds = part.children[0]
    assert proceeds.kind is NodeKind.SUM or proceeds.kind is NodeKind.PRODUCT
    assert {n.label for n in walk(proceeds)} >= {"Units", "of all units", "Fee", "Price"}
    open_lot = next(iter(trail.lots.values()))
    assert told(lot_cost(trail, open_lot.id, open_lot.cost)) == [
        ("Cost by buy of 2022-11-01", D(600)),
        ("Sold by sell of 2023-02-01", D(-120)),
    ]


def test_units_are_ratio_times_what_there_was() -> None:
    """(10 + 5) × 4 − 20 = 40."""
    days = [date(2024, 1, day) for day in (2, 3, 4, 5)]
    records = [
        a_record(K.BUY, days[0], 1, quantity="10", price="8", gross="-80"),
        a_record(K.BUY, days[1], 2, quantity="5", price="8", gross="-40"),
        a_record(K.SPLIT, days[2], 3, ratio="4"),
        a_record(K.SELL, days[3], 4, quantity="-20", price="2", gross="40"),
    ]
    node = position_units(records, D(40), an_instrument("ZQX"))
    assert told(node) == [("After split of 2024-01-04", D(60)), ("Sell of 2024-01-05", D(-20))]
    assert told(node.children[0]) == [("Units before it", D(15)), ("New units for one", D(4))]


def test_a_short_gains_what_it_sold_for_less_what_covering_took() -> None:
    """Sold 10 at 20 less 2: 198. Covered 4 at 15 and 1: 61. Gain 79.20 − 61 = 18.20."""
    records = [
        a_record(K.SELL, date(2024, 1, 2), 1, quantity="-10", price="20", gross="200", fee="2"),
        a_record(K.BUY, date(2024, 2, 2), 2, quantity="4", price="15", gross="-60", fee="1"),
    ]
    trail = trail_of(records, replay(records), LotMethod.FIFO)
    node = closure_gain(trail, next(iter(trail.closures)))
    assert told(node) == [("Proceeds of the short sale", D("79.2")), ("Cost of covering", D(61))]
    assert node.value == D("18.2")


def test_an_unknown_cost_says_where_it_comes_from() -> None:
    records = [
        a_record(K.TRANSFER_IN, date(2024, 1, 2), 1, quantity="5"),
        a_record(K.SELL, date(2024, 2, 2), 2, quantity="-2", price="10", gross="20"),
    ]
    trail = trail_of(records, replay(records), LotMethod.FIFO)
    gain = closure_gain(trail, next(iter(trail.closures)))
    assert gain.value is None
    cost = gain.children[1]
    assert (cost.unknown_reason, cost.ref.transaction_id) == ("cost_unknown", records[0].id)


@exact
def test_capital_beyond_cost_is_told_as_such() -> None:
    """15 came back on a lot that cost 10: 5 of it is gain."""
    records = [
        a_record(K.BUY, date(2024, 1, 2), 1, quantity="5", price="2", gross="-10"),
        a_record(K.RETURN_OF_CAPITAL, date(2024, 2, 2), 2, gross="15"),
    ]
    state = replay(records)
    assert state.closures[0].kind is ClosureKind.CAPITAL_RETURNED
    trail = trail_of(records, state, LotMethod.FIFO)
    node = closure_gain(trail, next(iter(trail.closures)))
    assert told(node.children[0]) == [
        ("Capital returned", D(15)),
        ("Cost of the lot before it", D(10)),
    ]
    assert node.value == D(5)
