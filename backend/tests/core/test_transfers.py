"""Lots that travel between accounts, cost in several currencies, and the UK's matching."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from truenav.core.ids import AccountId
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import CarriedLot, TransactionKind
from truenav.core.ledger.transfers import replay_accounts

D = Decimal
K = TransactionKind
LINK, NEXT = UUID(int=41), UUID(int=42)
ONE, TWO, THREE = (AccountId(UUID(int=number)) for number in (1, 2, 3))


def lots(state: LedgerState) -> list[tuple[str, Decimal, Decimal]]:
    return [(lot.acquired_date.isoformat(), lot.quantity, lot.cost) for lot in state.open_lots()]


def test_lots_travel_with_date_and_cost_through_several_accounts() -> None:
    out = replace(a_record(K.TRANSFER_OUT, date(2023, 3, 1), 3, quantity="-15"), link_id=LINK)
    into = replace(a_record(K.TRANSFER_IN, date(2023, 3, 3), 4, quantity="15"), link_id=LINK)
    on = replace(a_record(K.TRANSFER_OUT, date(2023, 4, 3), 5, quantity="-12"), link_id=NEXT)
    end = replace(a_record(K.TRANSFER_IN, date(2023, 4, 3), 6, quantity="12"), link_id=NEXT)
    states = replay_accounts(
        {
            THREE: [end],  # the order of the accounts does not matter
            TWO: [into, on],
            ONE: [
                a_purchase(date(2020, 1, 2), 1, "10", "7"),
                a_purchase(date(2021, 1, 4), 2, "10", "9"),
                out,
            ],
        }
    )
    assert lots(states[ONE]) == [("2021-01-04", D(5), D(45))]
    assert lots(states[TWO]) == [("2021-01-04", D(3), D(27))]
    assert lots(states[THREE]) == [("2020-01-02", D(10), D(70)), ("2021-01-04", D(2), D(18))]
    assert [states[a].closures for a in (ONE, TWO, THREE)] == [[], [], []]
    assert [states[a].notes for a in (ONE, TWO, THREE)] == [[], [], []]


def test_more_units_than_left_arrive_with_an_unknown_cost_and_a_note() -> None:
    out = replace(a_record(K.TRANSFER_OUT, date(2023, 3, 1), 2, quantity="-10"), link_id=LINK)
    into = replace(a_record(K.TRANSFER_IN, date(2023, 3, 3), 3, quantity="11"), link_id=LINK)
    state = replay_accounts({ONE: [a_purchase(date(2020, 1, 2), 1, "10", "7"), out], TWO: [into]})
    arrived = [(lot.quantity, lot.is_cost_known) for lot in state[TWO].open_lots()]
    assert arrived == [(D(10), True), (D(1), False)]
    assert [note.reason_code for note in state[TWO].notes] == ["transfer_differs"]


def test_a_transfer_from_elsewhere_opens_the_lots_that_are_stated() -> None:
    into = replace(
        a_record(K.TRANSFER_IN, date(2023, 3, 3), 1, quantity="11"),
        carried_lots=(
            CarriedLot(acquired_date=date(2019, 5, 6), quantity=D(10), cost=D(123)),
            CarriedLot(acquired_date=date(2020, 5, 6), quantity=D(1), cost=None),
        ),
    )
    state = replay([into, a_sale(date(2023, 4, 3), 2, "10", "20")])
    (closure,) = state.closures
    assert (closure.acquired_date, closure.gain, closure.is_long_term) == (
        date(2019, 5, 6), D(77), True,
    )  # fmt: skip
    assert [(lot.quantity, lot.is_cost_known) for lot in state.open_lots()] == [(D(1), False)]
    assert len({lot.id for lot in state.open_lots()} | {closure.lot_id}) == 2


RATES = {date(2024, 1, 2): D("0.9"), date(2024, 2, 1): D("0.8"), date(2024, 7, 1): D("0.95")}


def euros_on(day: date, source: str, target: str) -> Decimal | None:
    return RATES.get(day) if (source, target) == ("USD", "EUR") else None


def test_cost_in_another_currency_is_at_the_rate_of_each_day() -> None:
    # 10 at 100 USD: 900 EUR; 50 USD of capital back at 0.8: 40 EUR; 4 sold at 120 at 0.95
    state = replay(
        [
            a_purchase(date(2024, 1, 2), 1, "10", "100"),
            a_record(K.RETURN_OF_CAPITAL, date(2024, 2, 1), 2, gross="50"),
            a_sale(date(2024, 7, 1), 3, "4", "120"),
        ],
        currencies=CostCurrencies(("EUR", "USD"), euros_on),
    )
    (closure,) = state.closures
    assert (closure.proceeds, closure.cost, closure.gain) == (D(480), D(380), D(100))
    assert closure.proceeds_in == (D(456), D(480))
    assert closure.cost_in == (D(344), D(380))  # 860 x 4 / 10
    (lot,) = state.open_lots()
    assert (lot.cost, lot.costs) == (D(570), (D(516), D(570)))


def test_a_day_without_a_rate_leaves_that_currency_unknown_and_no_other() -> None:
    state = replay(
        [a_purchase(date(2024, 1, 3), 1, "10", "100")],
        currencies=CostCurrencies(("EUR", "USD"), euros_on),
    )
    (lot,) = state.open_lots()
    assert (lot.is_cost_known, lot.costs) == (True, (None, D(1000)))


def uk(*records: object) -> LedgerState:
    return replay(records, method=LotMethod.UK_POOLING)  # type: ignore[arg-type]  # all are records


def gains(state: LedgerState) -> list[tuple[Decimal, Decimal]]:
    return [(closure.quantity, closure.gain) for closure in state.closures]


def test_a_uk_sale_meets_the_same_day_then_thirty_days_then_the_pool() -> None:
    state = uk(
        a_purchase(date(2024, 1, 2), 1, "100", "10"),
        a_purchase(date(2024, 1, 3), 2, "100", "14"),
        a_purchase(date(2024, 5, 1), 3, "10", "18"),
        a_sale(date(2024, 5, 1), 4, "60", "20"),
        a_purchase(date(2024, 5, 31), 5, "20", "15"),  # day 30
        a_purchase(date(2024, 6, 1), 6, "40", "11"),  # day 31
    )
    # 10 x (20 - 18), 20 x (20 - 15), 30 x (20 - 12)
    assert gains(state) == [(D(10), D(20)), (D(20), D(100)), (D(30), D(240))]
    # the pool: 170 at 12 and 40 at 11
    assert sum(lot.quantity for lot in state.open_lots()) == D(210)
    assert sum(lot.cost for lot in state.open_lots()) == D(2480)


def test_a_uk_sale_of_everything_bought_back_keeps_the_pools_cost() -> None:
    state = uk(
        a_purchase(date(2024, 1, 2), 1, "100", "10"),
        a_sale(date(2024, 5, 1), 2, "100", "8"),
        a_purchase(date(2024, 5, 10), 3, "100", "7"),
    )
    assert gains(state) == [(D(100), D(100))]
    assert [(lot.quantity, lot.cost) for lot in state.open_lots()] == [(D(100), D(1000))]


def test_sales_of_a_day_share_that_days_purchases_before_any_looks_ahead() -> None:
    day = date(2024, 5, 1)
    state = uk(
        a_purchase(date(2024, 1, 2), 1, "100", "10"),
        a_purchase(day, 2, "30", "20"),
        a_sale(day, 3, "20", "25"),
        a_sale(day, 4, "20", "26"),
        a_purchase(date(2024, 5, 3), 5, "5", "21"),
    )
    # 20 x (25 - 20); 10 x (26 - 20), 5 x (26 - 21), 5 x (26 - 10)
    assert gains(state) == [(D(20), D(100)), (D(10), D(60)), (D(5), D(25)), (D(5), D(80))]
    assert state.book(an_instrument("ZQX")).units == D(95)
    assert sum(lot.cost for lot in state.open_lots()) == D(950)


def test_a_uk_state_is_continued_31_days_later_as_if_started_over() -> None:
    records = [
        a_purchase(date(2024, 1, 2), 1, "100", "10"),
        a_sale(date(2024, 2, 1), 2, "30", "12"),
        a_purchase(date(2024, 2, 5), 3, "10", "11"),
        a_purchase(date(2024, 3, 4), 4, "50", "9"),
        a_sale(date(2024, 3, 5), 5, "70", "12"),
    ]
    start = replay(records[:3], method=LotMethod.UK_POOLING)
    continued = replay(records[3:], method=LotMethod.UK_POOLING, start=start)
    whole = replay(records, method=LotMethod.UK_POOLING)
    assert continued.closures == whole.closures
    assert list(continued.open_lots()) == list(whole.open_lots())
