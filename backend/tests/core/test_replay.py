"""Lots from records: examples from their sources, and what must hold for any records."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.lots import ClosureKind, long_term_from
from truenav.core.ledger.replay import LedgerState, realized_gains, replay
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind

K = TransactionKind
D = Decimal
DAY = date(2024, 1, 2)
ZQX = an_instrument("ZQX")


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def lots_of(state: LedgerState) -> list[tuple[Decimal, Decimal]]:
    return [(lot.quantity, lot.cost) for lot in state.open_lots()]


class TestFifo:
    def test_the_guides_example_as_corrected(self) -> None:
        # 75 of 100 at 10 are sold at 15: 75 x (15 - 10) = 375; 25 at 10 and 50 at 12 stay
        state = replay(
            [
                a_purchase(DAY, 1, "100", "10"),
                a_purchase(later(1), 2, "50", "12"),
                a_sale(later(2), 3, "75", "15"),
            ]
        )
        assert realized_gains(state.closures) == {"USD": D(375)}
        assert lots_of(state) == [(D(25), D(250)), (D(50), D(600))]

    def test_fees_belong_to_cost_and_proceeds(self) -> None:
        state = replay([a_purchase(DAY, 1, "10", "100", "1"), a_sale(later(1), 2, "4", "150", "1")])
        # cost 1,001 of 10; 4 cost 400.40; proceeds 599; gain 198.60
        assert [closure.gain for closure in state.closures] == [D("198.60")]
        assert lots_of(state) == [(D(6), D("600.60"))]
        assert state.cash == {"USD": D("-402.00")}

    def test_thirds_keep_the_last_digit(self) -> None:
        state = replay([a_purchase(DAY, 1, "3", "33.34"), a_sale(later(1), 2, "1", "40")])
        assert sum(c.cost for c in state.closures) + sum(
            lot.cost for lot in state.open_lots()
        ) == D("100.02")


class TestShorts:
    def test_selling_through_zero_closes_and_opens(self) -> None:
        state = replay([a_purchase(DAY, 1, "10", "10"), a_sale(later(1), 2, "15", "12", "3")])
        # proceeds 180 - 3 = 177: two thirds close the long lot, a third opens a short one
        assert [c.gain for c in state.closures] == [D(18)]
        assert [(lot.quantity, lot.cost, lot.is_short) for lot in state.open_lots()] == [
            (D(5), D(59), True)
        ]
        assert state.quantity(ZQX) == D(-5)
        assert [note.reason_code for note in state.notes] == ["sold_more_than_held"]

    def test_covering_realizes_what_it_brought_in_minus_what_it_took(self) -> None:
        state = replay(
            [
                a_record(
                    K.SELL, DAY, 1, quantity="-20", price="50", gross="1000",
                    sub_kind=SubKind.SHORT_OPEN,
                ),
                a_purchase(later(30), 2, "20", "40", "5"),
            ]
        )  # fmt: skip
        (closure,) = state.closures
        assert (closure.proceeds, closure.cost, closure.gain) == (D(1000), D(805), D(195))
        assert closure.is_short
        assert not closure.is_long_term
        assert not list(state.open_lots())


class TestEvents:
    def test_a_split_changes_units_and_nothing_else(self) -> None:
        state = replay([a_purchase(DAY, 1, "500", "15"), a_record(K.SPLIT, later(9), 2, ratio="2")])
        (lot,) = state.open_lots()
        assert (lot.quantity, lot.cost, lot.acquired_date) == (D(1000), D(7500), DAY)

    def test_a_split_stated_as_a_change_of_units(self) -> None:
        state = replay(
            [
                a_purchase(DAY, 1, "1", "10"),
                a_purchase(later(1), 2, "2", "10"),
                a_record(K.SPLIT, later(9), 3, quantity="27"),
            ]
        )
        assert [quantity for quantity, _ in lots_of(state)] == [D(10), D(20)]

    def test_a_split_comes_before_the_trades_of_its_day(self) -> None:
        state = replay(
            [
                a_purchase(DAY, 1, "10", "100"),
                a_sale(later(5), 2, "20", "51"),
                a_record(K.SPLIT, later(5), 3, ratio="2"),
            ]
        )
        assert not list(state.open_lots())
        assert realized_gains(state.closures) == {"USD": D(20)}

    def test_return_of_capital_lowers_cost_and_stops_at_zero(self) -> None:
        state = replay(
            [
                a_purchase(DAY, 1, "100", "2"),
                a_record(K.RETURN_OF_CAPITAL, later(1), 2, gross="250"),
            ]
        )
        assert lots_of(state) == [(D(100), D(0))]
        # 250 came back on a cost of 200: the 50 above it are gain, with the lot's term
        assert [(c.kind, c.quantity, c.gain) for c in state.closures] == [
            (ClosureKind.CAPITAL_RETURNED, D(0), D(50))
        ]

    def test_a_merger_for_stock_keeps_cost_and_date(self) -> None:
        state = replay(
            [
                a_purchase(DAY, 1, "50", "20", symbol="OLD"),
                a_record(K.MERGER, later(5), 2, symbol="OLD", quantity="-50"),
                a_record(K.MERGER, later(5), 3, symbol="NEW", quantity="25"),
            ]
        )
        (lot,) = state.open_lots()
        assert lot.instrument_id == an_instrument("NEW")
        assert (lot.quantity, lot.cost, lot.acquired_date) == (D(25), D(1000), DAY)

    def test_a_merger_for_cash_is_a_sale(self) -> None:
        # two rows: cash, and the units taken
        state = replay(
            [
                a_purchase(DAY, 1, "100", "25", "6"),
                a_record(K.MERGER, later(5), 2, gross="1000", sub_kind=SubKind.CASH),
                a_record(K.MERGER, later(5), 3, quantity="-100", sub_kind=SubKind.CASH),
            ]
        )
        assert realized_gains(state.closures) == {"USD": D(-1506)}

    def test_two_changes_of_name_on_one_day_keep_their_own_costs(self) -> None:
        state = replay(
            [
                a_purchase(DAY, 1, "50", "20", symbol="OLD1"),
                a_purchase(DAY, 2, "30", "7", symbol="OLD2"),
                a_record(K.NAME_CHANGE, later(5), 3, symbol="OLD1", quantity="-50"),
                a_record(K.NAME_CHANGE, later(5), 4, symbol="NEW2", quantity="30"),
                a_record(K.NAME_CHANGE, later(5), 5, symbol="OLD2", quantity="-30"),
                a_record(K.NAME_CHANGE, later(5), 6, symbol="NEW1", quantity="50"),
            ]
        )
        assert {lot.instrument_id: lot.cost for lot in state.open_lots()} == {
            an_instrument("NEW1"): D(1000),
            an_instrument("NEW2"): D(210),
        }
        assert state.notes == []

    def test_a_merger_and_a_change_of_name_on_one_day_are_not_mixed_up(self) -> None:
        state = replay(
            [
                a_purchase(DAY, 1, "50", "20", symbol="OLD1"),
                a_purchase(DAY, 2, "50", "7", symbol="OLD2"),
                a_record(K.NAME_CHANGE, later(5), 3, symbol="OLD1", quantity="-50"),
                a_record(K.NAME_CHANGE, later(5), 4, symbol="NEW1", quantity="50"),
                a_record(K.MERGER, later(5), 5, symbol="OLD2", quantity="-50"),
                a_record(K.MERGER, later(5), 6, symbol="NEW2", quantity="50"),
            ]
        )
        assert {lot.instrument_id: lot.cost for lot in state.open_lots()} == {
            an_instrument("NEW1"): D(1000),
            an_instrument("NEW2"): D(350),
        }

    def test_two_mergers_that_cannot_be_told_apart_leave_costs_unknown_and_say_so(self) -> None:
        state = replay(
            [
                a_purchase(DAY, 1, "50", "20", symbol="OLD1"),
                a_purchase(DAY, 2, "40", "7", symbol="OLD2"),
                a_record(K.MERGER, later(5), 3, symbol="OLD1", quantity="-50"),
                a_record(K.MERGER, later(5), 4, symbol="OLD2", quantity="-40"),
                a_record(K.MERGER, later(5), 5, symbol="NEW1", quantity="25"),
                a_record(K.MERGER, later(5), 6, symbol="NEW2", quantity="10"),
            ]
        )
        assert [lot.is_cost_known for lot in state.open_lots()] == [False, False]
        assert realized_gains(state.closures) == {"USD": None}
        assert sorted(note.reason_code for note in state.notes) == [
            "cost_unknown", "cost_unknown", "exchange_unpaired", "exchange_unpaired",
        ]  # fmt: skip

    def test_cash_for_two_mergers_of_a_day_goes_to_the_one_that_gave_the_units(self) -> None:
        state = replay(
            [
                a_purchase(DAY, 1, "100", "25", symbol="AAA"),
                a_purchase(DAY, 2, "10", "9", symbol="BBB"),
                a_record(K.MERGER, later(5), 3, symbol="AAA", gross="3000"),
                a_record(K.MERGER, later(5), 4, symbol="AAA", quantity="-100"),
                a_record(K.MERGER, later(5), 5, symbol="BBB", gross="50", quantity="-10"),
            ]
        )
        # 3000 - 2500 and 50 - 90
        assert sorted(closure.gain for closure in state.closures) == [D(-40), D(500)]

    def test_units_without_a_cost_have_no_known_gain(self) -> None:
        state = replay(
            [a_record(K.SPIN_OFF, DAY, 1, quantity="10"), a_sale(later(1), 2, "10", "5")]
        )
        assert realized_gains(state.closures) == {"USD": None}
        assert [note.reason_code for note in state.notes] == ["source_unknown"]

    def test_an_unknown_kind_moves_cash_and_waits_for_review(self) -> None:
        state = replay([a_record(K.UNKNOWN, DAY, 1, symbol=None, gross="12.34")])
        assert state.cash == {"USD": D("12.34")}
        assert [note.reason_code for note in state.notes] == ["unknown_kind"]

    def test_a_conversion_moves_both_currencies(self) -> None:
        state = replay(
            [
                a_record(
                    K.FX_CONVERSION, DAY, 1, symbol=None, gross="140.93", counter=("-133", "EUR")
                )
            ]
        )
        assert state.cash == {"USD": D("140.93"), "EUR": D("-133.00")}


@pytest.mark.parametrize(
    ("acquired", "first_long"),
    [
        # Rev. Rul. 66-7: counting starts the day after; the end of a month is the end of a month
        ("2024-02-29", "2025-03-01"),
        ("2023-02-28", "2024-03-01"),
        ("2023-03-15", "2024-03-16"),
        ("2023-12-31", "2025-01-01"),
        ("2023-11-30", "2024-12-01"),
    ],
)
def test_long_term_begins(acquired: str, first_long: str) -> None:
    assert long_term_from(date.fromisoformat(acquired)) == date.fromisoformat(first_long)


amounts = st.integers(1, 5000).map(lambda cents: D(cents) / 100)


@st.composite
def histories(draw: st.DrawFn) -> list[Transaction]:
    """Purchases, sales and splits of two instruments over a few days."""
    records: list[Transaction] = []
    for sequence in range(1, draw(st.integers(1, 18)) + 1):
        day = later(draw(st.integers(0, 6)))
        symbol = draw(st.sampled_from(["ZQX", "ABC"]))
        quantity, price = str(draw(amounts)), str(draw(amounts))
        match draw(st.sampled_from(["buy", "sell", "split"])):
            case "buy":
                records.append(a_purchase(day, sequence, quantity, price, "0.95", symbol))
            case "sell":
                records.append(a_sale(day, sequence, quantity, price, "0.95", symbol))
            case _:
                ratio = draw(st.sampled_from(["2", "3", "0.5"]))
                records.append(a_record(K.SPLIT, day, sequence, symbol=symbol, ratio=ratio))
    return records


def totals(state: LedgerState) -> tuple[object, ...]:
    positions = {p.instrument_id: (p.quantity, p.cost) for p in state.positions()}
    return positions, state.cash, realized_gains(state.closures)


@given(histories(), st.randoms())
def test_the_order_of_rows_within_a_day_changes_no_total(
    records: list[Transaction], shuffler: object
) -> None:
    mixed = list(records)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]  # random.Random, as hypothesis makes it
    assert totals(replay(mixed)) == totals(replay(records))


@given(histories(), st.integers(0, 6))
def test_continuing_equals_starting_over(records: list[Transaction], cut: int) -> None:
    early = [record for record in records if record.trade_date <= later(cut)]
    late = [record for record in records if record.trade_date > later(cut)]
    continued = replay(late, start=replay(early))
    whole = replay(records)
    assert list(continued.open_lots()) == list(whole.open_lots())
    assert continued.closures == whole.closures
    assert continued.cash == whole.cash


@given(histories())
def test_cash_is_the_sum_of_its_effects(records: list[Transaction]) -> None:
    expected: Counter[str] = Counter()
    for record in records:
        for currency, amount in cash_effects(record):
            expected[currency] += amount  # type: ignore[assignment]  # Decimals add up too
    assert replay(records).cash == dict(expected)


@given(histories())
def test_every_sale_conserves_money(records: list[Transaction]) -> None:
    """Cost of what is open + cost of what was closed = everything ever paid, and so for shorts."""
    state = replay(records)
    paid = _sum([-net for record in records for _, net in cash_effects(record)])
    held = _sum([-lot.cost if lot.is_short else lot.cost for lot in state.open_lots()])
    gained = _sum([closure.gain for closure in state.closures])
    assert held - gained == paid


def _sum(values: Sequence[Decimal]) -> Decimal:
    return sum(values, D(0))
