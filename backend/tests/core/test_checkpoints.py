"""Replaying apart and continuing later: both give what replaying everything gives."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.histories import histories
from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.checkpoints import (
    Checkpoint,
    Replayed,
    can_continue,
    replay_group,
    states_on,
    worth_keeping,
)
from truenav.core.ledger.groups import NO_GROUP, Tie, groups_of, in_groups
from truenav.core.ledger.methods import LotMethod, MethodPolicy
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import Transaction, TransactionKind

K = TransactionKind
ALL = list(LotMethod)
CONTINUED = [method for method in LotMethod if method is not LotMethod.UK_POOLING]
FEW = settings(max_examples=120)
DAY = date(2024, 3, 1)


def by_group(records: Sequence[Transaction], method: LotMethod) -> LedgerState:
    """Each group replayed alone, put together."""
    whole = LedgerState()
    for _, of_group in in_groups(records):
        whole.absorb(
            replay_group(
                of_group, None, method=MethodPolicy(first=method), currencies=CostCurrencies()
            ).state
        )
    return whole


def told(state: LedgerState) -> dict[str, Any]:
    """Everything that follows, whatever the order in which groups were worked out."""
    return {
        "lots": {key: list(book) for key, book in state.books.items() if book},
        "closures": sorted(state.closures, key=repr),
        "adjustments": sorted(state.adjustments, key=repr),
        "cash": {currency: amount for currency, amount in state.cash.items() if amount},
        "notes": {(n.transaction_id, n.reason_code, n.message) for n in state.notes},
        "traded": state.last_trade_dates,
        "fractions": state.fractions,
        "departures": state.departures,
    }


@pytest.mark.parametrize("method", ALL)
@FEW
@given(records=histories(most=20))
def test_groups_replayed_apart_are_the_account(
    method: LotMethod, records: list[Transaction]
) -> None:
    assert told(by_group(records, method)) == told(replay(records, method=method))


@FEW
@given(
    records=histories(most=20),
    method=st.sampled_from(CONTINUED),
    spacing=st.integers(1, 5),
)
def test_continuing_from_any_checkpoint_is_starting_over(
    records: list[Transaction], method: LotMethod, spacing: int
) -> None:
    policy = MethodPolicy(first=method)

    def replayed(of: Iterable[Transaction], start: Checkpoint | None) -> Replayed:
        return replay_group(of, start, method=policy, currencies=CostCurrencies(), spacing=spacing)

    for _, of_group in in_groups(records):
        whole = replayed(of_group, None)
        for point in whole.checkpoints:
            later = [record for record in of_group if record.trade_date > point.through]
            resumed = replayed(later, point)
            assert told(resumed.state)["lots"] == told(whole.state)["lots"]
            assert told(resumed.state)["traded"] == told(whole.state)["traded"]
            assert resumed.state.fractions == whole.state.fractions
            assert resumed.state.departures == whole.state.departures
            assert resumed.record_count == whole.record_count == len(of_group)
            of_later = {record.id for record in later}
            assert resumed.state.closures == [
                closure for closure in whole.state.closures if closure.closed_by in of_later
            ]
            assert resumed.state.adjustments == [
                made for made in whole.state.adjustments if made.caused_by in of_later
            ]
            assert set(resumed.state.notes) == {
                note for note in whole.state.notes if note.transaction_id in of_later
            }


@FEW
@given(records=histories(most=12), method=st.sampled_from(CONTINUED))
def test_a_state_on_a_day_is_what_records_until_then_give(
    records: list[Transaction], method: LotMethod
) -> None:
    days = sorted({record.trade_date for record in records})[::2]
    found = states_on(records, days, method=MethodPolicy(first=method))
    assert sorted(found) == days
    for day, state in found.items():
        until = replay([r for r in records if r.trade_date <= day], method=method)
        assert told(state)["lots"] == told(until)["lots"]


def test_records_tied_by_link_source_or_exchange_are_one_group() -> None:
    link = UUID(int=5)
    records = [
        a_purchase(DAY, 1, "10", "5", symbol="ALONE"),
        replace(a_purchase(DAY, 2, "10", "5", symbol="STOCK"), link_id=link),
        replace(a_sale(DAY, 3, "1", "5", symbol="OPTION"), link_id=link),
        replace(
            a_record(K.SPIN_OFF, DAY, 4, symbol="CHILD", quantity="1"),
            source_instrument_id=an_instrument("STOCK"),
        ),
        a_record(K.MERGER, DAY, 5, symbol="OLD", quantity="-1"),
        a_record(K.MERGER, DAY, 6, symbol="NEW", quantity="1"),
        a_record(K.MERGER, DAY + timedelta(days=1), 7, symbol="OTHER", quantity="1"),
        a_record(K.DEPOSIT, DAY, 8, symbol=None, gross="5"),
    ]
    groups = {group: [r.sequence for r in of_group] for group, of_group in in_groups(records)}

    def group(*symbols: str) -> frozenset[Any]:
        return frozenset(map(an_instrument, symbols))

    assert groups == {
        group("ALONE"): [1],
        group("STOCK", "OPTION", "CHILD"): [2, 3, 4],
        group("OLD", "NEW"): [5, 6],
        group("OTHER"): [7],
        NO_GROUP: [8],
    }


def test_a_leg_without_an_instrument_belongs_to_the_exchanges_of_its_day() -> None:
    legs = [
        a_record(K.MERGER, DAY, 1, symbol="OLD", quantity="-1"),
        a_record(K.MERGER, DAY, 2, symbol=None, gross="100"),
    ]
    assert groups_of([an_instrument("OLD")], map(Tie.of, legs)) == [
        frozenset({an_instrument("OLD"), None})
    ]


def test_a_link_between_cash_alone_ties_nothing() -> None:
    link = UUID(int=5)
    tied = replace(a_record(K.FEE, DAY, 1, symbol=None, gross="-1"), link_id=link)
    assert Tie.of(tied).is_alone


def test_the_united_kingdoms_rules_are_never_continued() -> None:
    uk = MethodPolicy(((DAY, LotMethod.UK_POOLING),), LotMethod.FIFO)
    assert not can_continue(uk)
    records = [a_purchase(DAY, 1, "10", "5"), a_purchase(DAY + timedelta(days=1), 2, "10", "5")]
    replayed = replay_group(records, None, method=uk, currencies=CostCurrencies(), spacing=1)
    assert replayed.checkpoints == []


@given(total=st.integers(1, 200_000), spacing=st.sampled_from([50, 200]))
def test_few_checkpoints_are_kept_and_none_is_far(total: int, spacing: int) -> None:
    counts: list[int] = []
    # as they come and go while an account grows
    for now in range(spacing, total + 1, max(spacing, total // 400)):
        kept = worth_keeping([*counts, now], now, spacing=spacing)
        counts = sorted(kept)
    last = counts[-1] if counts else 0
    assert len(counts) <= 2 * ((total // spacing + 1).bit_length())
    step = max(spacing, total // 400)
    for age in (step, 4 * step, 16 * step, 64 * step):
        place = last - age
        if place > 0:
            before = max((count for count in counts if count <= place), default=0)
            assert last - before <= 4 * age + 4 * step
