"""Random histories against the auditor, and what holds for every history."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.auditor import audit, close_to
from tests.core.histories import histories
from tests.core.ledger_builders import a_record
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.features.ledger.mapping import adjustment_values, closure_values

D = Decimal
K = TransactionKind
ZERO = D(0)
METHODS = (LotMethod.FIFO, LotMethod.LIFO, LotMethod.HIFO, LotMethod.LOFO, LotMethod.AVERAGE)
SETTINGS = settings(max_examples=150)


@pytest.mark.parametrize("method", METHODS)
@SETTINGS
@given(records=histories())
def test_the_auditor_finds_the_same_lots_gains_and_cash(
    method: LotMethod, records: list[Transaction]
) -> None:
    state, account = replay(records, method=method), audit(records, method)

    assert close_to(state.cash.get("USD", ZERO), account.cash)
    for instrument in {*state.books, *(key for key, held in account.held.items() if held)}:
        mine = list(state.books.get(instrument, ()))  # type: ignore[call-overload]  # the auditor's keys are any
        theirs = account.held.get(instrument, [])
        assert [(lot.acquired_date, lot.is_short, lot.is_cost_known) for lot in mine] == [
            (batch.acquired, batch.short, batch.known) for batch in theirs
        ]
        for lot, batch in zip(mine, theirs, strict=True):
            assert close_to(lot.quantity, batch.units)
            assert not batch.known or close_to(lot.cost, batch.cost)
    # cash paid in an exchange may be told before or after what its units cover
    mine_first = sorted(
        state.closures,
        key=lambda c: (
            c.acquired_date,
            c.is_cost_known,
            c.quantity,
            c.gain if c.is_cost_known else 0,
        ),
    )
    theirs_first = sorted(
        account.gains,
        key=lambda g: (g.acquired, g.known, g.units, g.proceeds - g.cost if g.known else 0),
    )
    assert len(mine_first) == len(theirs_first)
    for closure, gain in zip(mine_first, theirs_first, strict=True):
        assert (closure.acquired_date, closure.is_cost_known) == (gain.acquired, gain.known)
        assert close_to(closure.quantity, gain.units)
        if gain.known:
            assert close_to(closure.gain, gain.proceeds - gain.cost)


@SETTINGS
@given(records=histories(), method=st.sampled_from(list(LotMethod)))
def test_no_history_reaches_an_impossible_state(
    records: list[Transaction], method: LotMethod
) -> None:
    state = replay(records, method=method)
    for book in state.books.values():
        lots = list(book)
        assert len({lot.is_short for lot in lots}) <= 1
        assert book.units == sum((lot.quantity for lot in lots), ZERO)
        assert len({lot.id for lot in lots}) == len(lots)
    ids = [lot.id for lot in state.open_lots()]
    assert len(set(ids)) == len(ids)
    for amount in _amounts(state):
        assert amount.is_finite()
    assert all(lot.quantity > 0 for lot in state.open_lots())
    tenant, account = UUID(int=1), UUID(int=2)
    for rows in (
        closure_values(tenant, account, state.closures),
        adjustment_values(tenant, account, state.adjustments),
    ):
        assert len({row["id"] for row in rows}) == len(rows)


def _amounts(state: LedgerState) -> Iterable[Decimal]:
    for lot in state.open_lots():
        yield from (lot.quantity, lot.cost)
    for closure in state.closures:
        yield from (closure.quantity, closure.proceeds, closure.cost, closure.gain)
    yield from state.cash.values()


@SETTINGS
@given(records=histories(), method=st.sampled_from(list(LotMethod)), seed=st.integers(0, 99))
def test_the_order_of_a_file_changes_nothing(
    records: list[Transaction], method: LotMethod, seed: int
) -> None:
    shuffled = list(records)
    Random(seed).shuffle(shuffled)
    one, other = replay(records, method=method), replay(shuffled, method=method)
    assert list(one.open_lots()) == list(other.open_lots())
    assert (one.closures, one.cash, one.adjustments) == (
        other.closures, other.cash, other.adjustments,
    )  # fmt: skip


@SETTINGS
@given(
    records=histories(),
    method=st.sampled_from([m for m in LotMethod if m is not LotMethod.UK_POOLING]),
    cut=st.integers(0, 14),
)
def test_going_on_from_any_day_gives_what_starting_over_gives(
    records: list[Transaction], method: LotMethod, cut: int
) -> None:
    days = sorted({record.trade_date for record in records})
    day = days[min(cut, len(days) - 1)]
    start = replay([r for r in records if r.trade_date <= day], method=method)
    kept = start.copy()
    later = [r for r in records if r.trade_date > day]
    continued, whole = replay(later, method=method, start=start), replay(records, method=method)
    assert list(continued.open_lots()) == list(whole.open_lots())
    assert (continued.closures, continued.cash) == (whole.closures, whole.cash)
    assert list(start.open_lots()) == list(kept.open_lots())  # left as it was


@SETTINGS
@given(records=histories(), method=st.sampled_from(list(LotMethod)))
def test_cost_in_the_traded_currency_is_the_traded_cost(
    records: list[Transaction], method: LotMethod
) -> None:
    """Kept twice, once by each way, an amount is the same to the last digit."""
    state = replay(records, method=method, currencies=CostCurrencies(("USD",)))
    for lot in state.open_lots():
        assert lot.costs == ((lot.cost,) if lot.is_cost_known else (None,))
    for closure in state.closures:
        if closure.is_cost_known:
            assert (closure.proceeds_in, closure.cost_in) == ((closure.proceeds,), (closure.cost,))


@SETTINGS
@given(records=histories(), method=st.sampled_from(METHODS))
def test_a_split_changes_no_gain_and_no_cost(records: list[Transaction], method: LotMethod) -> None:
    """What is held doubles; sold for the same money in all, it realizes the same."""
    last = max(record.trade_date for record in records) + timedelta(days=1)
    held = replay(records, method=method)
    splits, sales, doubled = [], [], []
    for number, (instrument, book) in enumerate(held.books.items()):
        if not book or book.is_short:
            continue
        split = replace(a_record(K.SPLIT, last, 900 + number, ratio="2"), instrument_id=instrument)
        sale = a_record(
            K.SELL, last + timedelta(days=1), 950 + number, quantity=str(-book.units), gross="1000"
        )
        splits.append(split)
        sales.append(replace(sale, instrument_id=instrument))
        doubled.append(replace(sales[-1], quantity=-2 * book.units))
    plain = replay([*records, *sales], method=method)
    after = replay([*records, *splits, *doubled], method=method)

    def gained(state: LedgerState) -> list[tuple[object, ...]]:
        return [
            (c.acquired_date, c.is_cost_known, c.cost.quantize(D("1E-12")),
             c.proceeds.quantize(D("1E-12")))
            for c in state.closures
        ]  # fmt: skip

    assert gained(plain) == gained(after)
