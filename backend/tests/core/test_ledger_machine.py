"""An account as it is kept: records come, are taken back and corrected, days are closed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.core.histories import FIRST, conserving_histories, one_record, trades_of_one
from tests.core.ledger_builders import a_record
from tests.core.test_any_records import same
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import Transaction, TransactionKind

ZERO = Decimal(0)
CONTINUED = [method for method in LotMethod if method is not LotMethod.UK_POOLING]


class KeptAccount(RuleBasedStateMachine):
    """One account, kept day by day, against the same records replayed from nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.method = LotMethod.FIFO
        self.day = FIRST
        self.sequence = 0
        self.closed: list[Transaction] = []
        self.today: list[Transaction] = []
        self.kept = LedgerState()

    @initialize(method=st.sampled_from(CONTINUED))
    def open(self, method: LotMethod) -> None:
        self.method = method

    def _made(self, data: st.DataObject) -> Transaction:
        self.sequence += 1
        return data.draw(one_record(self.day, self.sequence))

    @rule(data=st.data())
    def record(self, data: st.DataObject) -> None:
        self.today.append(self._made(data))

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """What is recorded and undone never happened, and leaves no trace in what it was put on."""
        before = replay(self.today, method=self.method, start=self.kept)
        undone = self._made(data)
        replay([*self.today, undone], method=self.method, start=self.kept)
        assert same(replay(self.today, method=self.method, start=self.kept), before)

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        """An earlier record goes: from its day on everything is worked out again."""
        if not self.closed:
            return
        gone = data.draw(st.sampled_from(self.closed))
        self.closed.remove(gone)
        earlier = [record for record in self.closed if record.trade_date < gone.trade_date]
        later = [record for record in self.closed if record.trade_date >= gone.trade_date]
        start = replay(earlier, method=self.method) if earlier else None
        self.kept = replay(later, method=self.method, start=start)

    @rule(days=st.sampled_from([1, 1, 30, 366]))
    def close_the_day(self, days: int) -> None:
        if self.today:
            self.kept = replay(self.today, method=self.method, start=self.kept)
        self.closed += self.today
        self.today = []
        self.day += timedelta(days=days)

    @invariant()
    def kept_is_what_starting_over_gives(self) -> None:
        whole = replay([*self.closed, *self.today], method=self.method)
        now = replay(self.today, method=self.method, start=self.kept) if self.today else self.kept
        assert same(now, whole)

    @invariant()
    def lots_are_positions(self) -> None:
        state = replay(self.today, method=self.method, start=self.kept)
        for position in state.positions():
            lots = list(state.book(position.instrument_id))
            sign = -1 if lots[0].is_short else 1
            assert position.quantity == sign * sum((lot.quantity for lot in lots), ZERO)
            assert position.cost == sign * sum((lot.cost for lot in lots), ZERO)


TestKeptAccount = KeptAccount.TestCase
TestKeptAccount.settings = settings(max_examples=30, stateful_step_count=15)


def in_and_out(state: LedgerState) -> Fraction:
    """Cost of what is held, short as negative, less what was gained: what was put in on balance."""
    signed = [Fraction(-lot.cost if lot.is_short else lot.cost) for lot in state.open_lots()]
    gained = [Fraction(closure.gain) for closure in state.closures]
    return sum(signed, Fraction()) - sum(gained, Fraction())


@settings(max_examples=60)
@given(records=conserving_histories())
def test_no_method_makes_or_loses_money(records: list[Transaction]) -> None:
    """Realized and open together are the same by every method, and so is the position."""
    states = [replay(records, method=method) for method in LotMethod]
    assert len({in_and_out(state) for state in states}) == 1
    positions = [{p.instrument_id: p.quantity for p in state.positions()} for state in states]
    assert all(position == positions[0] for position in positions)


@settings(max_examples=60)
@given(records=conserving_histories())
def test_when_all_is_sold_every_method_has_realized_the_same(records: list[Transaction]) -> None:
    last = max(record.trade_date for record in records) + timedelta(days=40)
    held = replay(records)
    closing = []
    for number, position in enumerate(held.positions(), start=900):
        kind = TransactionKind.SELL if position.quantity > 0 else TransactionKind.BUY
        gross = "1000" if position.quantity > 0 else "-1000"
        record = a_record(kind, last, number, quantity=f"{-position.quantity:f}", gross=gross)
        closing.append(replace(record, instrument_id=position.instrument_id))
    states = [replay([*records, *closing], method=method) for method in LotMethod]
    assert all(not list(state.open_lots()) for state in states)
    assert len({sum(Fraction(closure.gain) for closure in state.closures) for state in states}) == 1


@settings(max_examples=60)
@given(
    records=trades_of_one(),
    cut=st.integers(0, 12),
    ratio=st.sampled_from([2, 4, 5]),
    method=st.sampled_from([m for m in LotMethod if m is not LotMethod.UK_POOLING]),
)
def test_a_split_among_trades_that_are_scaled_by_it_changes_no_gain(
    records: list[Transaction], cut: int, ratio: int, method: LotMethod
) -> None:
    """Under the UK's rules a split ends the search for purchases, so it is left out here."""
    days = sorted({record.trade_date for record in records})
    day = days[min(cut, len(days) - 1)]
    scaled = [
        replace(record, quantity=(record.quantity or ZERO) * ratio)
        if record.trade_date >= day
        else record
        for record in records
    ]
    split = a_record(TransactionKind.SPLIT, day, 999, symbol="AAA", ratio=str(ratio))
    plain, other = replay(records, method=method), replay([*scaled, split], method=method)
    assert [(c.proceeds, c.cost) for c in plain.closures] == [
        (c.proceeds, c.cost) for c in other.closures
    ]
    assert [lot.cost for lot in plain.open_lots()] == [lot.cost for lot in other.open_lots()]
