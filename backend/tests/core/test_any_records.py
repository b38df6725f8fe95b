"""Whatever records state, the ledger raises nothing, loses no cent and holds no nonsense."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, localcontext
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.core.any_records import any_records
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.postings import postings
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import Transaction

ZERO = Decimal(0)
SETTINGS = settings(
    max_examples=80,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink],
)
methods = st.sampled_from(list(LotMethod))


@pytest.fixture(autouse=True, scope="module")
def enough_digits() -> Iterator[None]:
    """The tests add up 1E15 and 1E-18 too."""
    with localcontext() as context:
        context.prec = 100
        yield


def figures(state: LedgerState) -> Iterator[Decimal]:
    """Every number a state holds."""
    for lot in state.open_lots():
        yield from (lot.quantity, lot.cost)
    for closure in state.closures:
        yield from (closure.quantity, closure.proceeds, closure.cost, closure.gain)
    for change in state.adjustments:
        yield from (change.quantity_before, change.quantity_after)
        yield from (change.cost_before, change.cost_after)
    yield from state.cash.values()
    yield from state.fractions.values()


@SETTINGS
@given(records=any_records(), method=methods)
def test_no_records_reach_an_exception_or_an_impossible_state(
    records: list[Transaction], method: LotMethod
) -> None:
    state = replay(records, method=method)
    assert all(amount.is_finite() for amount in figures(state))
    for book in state.books.values():
        lots = list(book)
        assert book.units == sum((lot.quantity for lot in lots), ZERO)
        assert len({lot.is_short for lot in lots}) <= 1
        assert all(lot.quantity > 0 for lot in lots)
        assert lots == sorted(lots, key=lambda lot: lot.acquired_date)
    assert all(closure.quantity >= 0 for closure in state.closures)
    ids = [lot.id for lot in state.open_lots()]
    assert len(ids) == len(set(ids))


@SETTINGS
@given(records=any_records(), method=methods)
def test_cash_is_the_sum_of_its_legs_and_legs_balance(
    records: list[Transaction], method: LotMethod
) -> None:
    cash: dict[str, Decimal] = defaultdict(Decimal)
    for record in records:
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for posting in postings(record):
            if posting.currency is not None:
                totals[posting.currency] += posting.amount
            if posting.leg is Leg.CASH and posting.currency is not None:
                cash[posting.currency] += posting.amount
        assert not any(totals.values())
    state = replay(records, method=method)
    effects: dict[str, Decimal] = defaultdict(Decimal)
    for record in records:
        for currency, change in cash_effects(record):
            effects[currency] += change
    assert state.cash == effects
    assert {code: amount for code, amount in cash.items() if amount} == {
        code: amount for code, amount in state.cash.items() if amount
    }


@SETTINGS
@given(records=any_records(), method=methods)
def test_storage_holds_every_figure_as_it_is(records: list[Transaction], method: LotMethod) -> None:
    """Units and costs have 18 places at most; more would be rounded when they are kept."""
    state = replay(records, method=method)
    for lot in state.open_lots():
        for amount in (lot.quantity, lot.cost):
            exponent = amount.normalize().as_tuple().exponent
            assert isinstance(exponent, int)
            assert exponent >= -18


def same(one: LedgerState, other: LedgerState) -> bool:
    """Whether two states say the same; the order of lots of one day included."""
    return (
        list(one.open_lots()) == list(other.open_lots())
        and one.closures == other.closures
        and one.adjustments == other.adjustments
        and one.cash == other.cash
        and sorted(map(str, one.notes)) == sorted(map(str, other.notes))
    )


@SETTINGS
@given(records=any_records(), method=methods, seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(
    records: list[Transaction], method: LotMethod, seed: int
) -> None:
    shuffled = list(records)
    Random(seed).shuffle(shuffled)
    assert same(replay(records, method=method), replay(shuffled, method=method))


@SETTINGS
@given(
    records=any_records(),
    method=st.sampled_from([m for m in LotMethod if m is not LotMethod.UK_POOLING]),
)
def test_day_by_day_gives_what_all_at_once_gives(
    records: list[Transaction], method: LotMethod
) -> None:
    step: LedgerState | None = None
    for day in sorted({record.trade_date for record in records}):
        of_day = [record for record in records if record.trade_date == day]
        step = replay(of_day, method=method, start=step)
    assert step is not None
    assert same(step, replay(records, method=method))
