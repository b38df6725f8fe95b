"""States of a group of instruments on past days, to continue from instead of starting over.

A change of a record is worked out from the last checkpoint before its day. Checkpoints are kept
dense near the end, where records arrive, and ever sparser before: their number grows with the
logarithm of the number of records, and so does what they cost.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.methods import LotMethod, MethodPolicy
from truenav.core.ledger.replay import TRADED_ONLY, VERSION, replay_days
from truenav.core.ledger.state import LedgerState
from truenav.core.ledger.transactions import Transaction

ENGINE_VERSION = VERSION.number
SPACING = 200  # records between two checkpoints: six milliseconds of replay


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What later records need to know of a group at the end of a day.

    `record_count` is how many of its records came before. The state has lots, fractions, what
    left under links and dates of last trades; what was realized until then is not in it.
    """

    through: date
    record_count: int
    state: LedgerState


@dataclass(slots=True)
class Replayed:
    """What followed from a group's records after the checkpoint they were continued from."""

    state: LedgerState
    record_count: int
    checkpoints: list[Checkpoint] = field(default_factory=list)


def can_continue(policy: MethodPolicy) -> bool:
    """Whether a later record leaves what came before its day alone.

    Under the United Kingdom's rules a purchase changes sales of the 30 days before it.
    """
    methods = {policy.first, *(method for _, method in policy.changes)}
    return LotMethod.UK_POOLING not in methods


def replay_group(
    records: Iterable[Transaction],
    start: Checkpoint | None,
    *,
    method: MethodPolicy,
    currencies: CostCurrencies,
    spacing: int = SPACING,
) -> Replayed:
    """Replay a group's records from a checkpoint, or from nothing, and leave new checkpoints.

    Args:
        records: Live records of the group after the checkpoint's day, in any order.
        start: Where to continue; it is left as it was.
        method: The account's lot method, day by day.
        currencies: In which currencies beside the traded one lots keep their cost; the
            checkpoint's lots have theirs in the same ones.
        spacing: Records between two checkpoints.

    Returns:
        The state with the closures, adjustments, notes and days of these records only.
    """
    state = start.state.copy() if start is not None else LedgerState()
    count = start.record_count if start is not None else 0
    found = Replayed(state, count)
    last = count
    for day, of_day in replay_days(records, method=method, state=state, currencies=currencies):
        found.record_count += len(of_day)
        if found.record_count - last >= spacing and can_continue(method):
            last = found.record_count
            found.checkpoints.append(Checkpoint(day, last, _what_goes_on(state)))
    return found


def states_on(
    records: Iterable[Transaction],
    days: Collection[date],
    *,
    method: MethodPolicy,
    currencies: CostCurrencies = TRADED_ONLY,
) -> dict[date, LedgerState]:
    """The states that checkpoints at the end of some days would have, of days with records."""
    state = LedgerState()
    found: dict[date, LedgerState] = {}
    for day, _ in replay_days(records, method=method, state=state, currencies=currencies):
        if day in days:
            found[day] = _what_goes_on(state)
    return found


def _what_goes_on(state: LedgerState) -> LedgerState:
    """The part of a state that later records look at, independent of it."""
    return LedgerState(
        books={key: book.copy() for key, book in state.books.items() if book},
        last_trade_dates=dict(state.last_trade_dates),
        through=state.through,
        fractions=dict(state.fractions),
        departures=dict(state.departures),
        deferred=dict(state.deferred),
    )


def worth_keeping(counts: Sequence[int], total: int, *, spacing: int = SPACING) -> set[int]:
    """Which checkpoints to keep, by their record counts: two in each span that doubles backwards.

    A change k records before the end is then replayed from at most some four times k records.
    """
    spans: dict[int, list[int]] = {}
    for count in sorted(counts):
        age = (total - count) // spacing + 1
        spans.setdefault(age.bit_length(), []).append(count)
    return {count for span in spans.values() for count in (span[0], span[-1])}
