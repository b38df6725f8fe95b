"""Which events an account's records tell already: a broker's file often brings them.

A record stands for at most one event: a dividend of the same amount comes every quarter.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.corporate_actions.actions import CASH_PAID, ActionKind, CorporateAction
from truenav.core.corporate_actions.effects import Effects
from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.cash import part_in_cash_currency
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind
from truenav.core.money import exact

A, K = ActionKind, TransactionKind
ZERO = Decimal(0)
# How far from its ex-date a broker books an event, before and after; cash is paid later.
AROUND = (timedelta(days=10), timedelta(days=10))
PAID = (timedelta(days=3), timedelta(days=60))
AFTER_PAY = timedelta(days=10)
# A cent for rounding, and half a percent for units a broker counted otherwise.
CENT, PART = Decimal("0.02"), Decimal("0.005")

EXCHANGED = frozenset({K.MERGER, K.NAME_CHANGE})
SOLD = frozenset({K.SELL, *EXCHANGED})
TELLS: Mapping[ActionKind, frozenset[TransactionKind]] = {
    A.FORWARD_SPLIT: frozenset({K.SPLIT, K.DIVIDEND}),
    A.REVERSE_SPLIT: frozenset({K.SPLIT}),
    A.UNIT_SPLIT: EXCHANGED,
    A.STOCK_DIVIDEND: frozenset({K.SPLIT, K.DIVIDEND}),
    A.CASH_DIVIDEND: frozenset({K.DIVIDEND, K.CAPITAL_GAIN_DISTRIBUTION, K.RETURN_OF_CAPITAL}),
    A.SPECIAL_DIVIDEND: frozenset({K.DIVIDEND, K.CAPITAL_GAIN_DISTRIBUTION, K.RETURN_OF_CAPITAL}),
    A.RETURN_OF_CAPITAL: frozenset({K.RETURN_OF_CAPITAL}),
    A.SPIN_OFF: frozenset({K.SPIN_OFF}),
    A.RIGHTS: frozenset({K.RIGHTS}),
    A.STOCK_MERGER: EXCHANGED,
    A.CASH_MERGER: SOLD,
    A.STOCK_AND_CASH_MERGER: EXCHANGED,
    A.NAME_CHANGE: EXCHANGED,
    A.TENDER: SOLD,
    A.REDEMPTION: SOLD,
    A.MATURITY: SOLD,
    A.WORTHLESS: frozenset({K.WORTHLESS}),
}
SALE_WORDS = frozenset({SubKind.TENDER, SubKind.CALL, SubKind.MATURITY})


@dataclass(frozen=True, slots=True)
class Match:
    """What an account's records say of an event.

    `by` are records that tell it; `similar` are some near it that do not agree in amount.
    """

    by: tuple[TransactionId, ...] = ()
    similar: tuple[TransactionId, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """An event as it concerns one account: its instruments, units entitled, and its records."""

    action: CorporateAction
    instrument_id: InstrumentId
    new_instrument_id: InstrumentId | None
    held: Decimal
    effects: Effects


@exact
def match_records(expected: Sequence[Expected], records: Iterable[Transaction]) -> list[Match]:
    """For each event, in order, the records that tell it.

    Args:
        expected: Events of one account.
        records: The account's records that count, without those an event was applied by.
    """
    near = [record for record in records if record.kind in _KINDS]
    by_instrument: dict[InstrumentId, list[Transaction]] = {}
    for record in near:
        for named in {record.instrument_id, record.source_instrument_id}:
            if named is not None:
                by_instrument.setdefault(named, []).append(record)
    order = sorted(range(len(expected)), key=lambda place: expected[place].action.ex_date)
    claimed: set[TransactionId] = set()
    found: dict[int, Match] = {}
    for place in order:
        event = expected[place]
        about = list(by_instrument.get(event.instrument_id, ()))
        if event.new_instrument_id is not None:
            about += by_instrument.get(event.new_instrument_id, ())
        found[place] = _match(event, {r.id: r for r in about}.values(), claimed)
        claimed |= set(found[place].by)
    return [found[place] for place in range(len(expected))]


_KINDS = frozenset().union(*TELLS.values())


def _match(
    event: Expected, records: Iterable[Transaction], claimed: Collection[TransactionId]
) -> Match:
    first, last = window(event.action)
    candidates = sorted(
        (
            record
            for record in records
            if record.kind in TELLS[event.action.kind]
            and record.id not in claimed
            and first <= record.trade_date <= last
            and _could_be(event, record)
        ),
        key=lambda record: (_distance(event.action, record), record.sequence),
    )
    agreeing = next((record for record in candidates if _agrees(event, record)), None)
    if agreeing is not None:
        return Match(by=(agreeing.id,))
    return Match(similar=tuple(record.id for record in candidates))


def window(action: CorporateAction) -> tuple[date, date]:
    """The first and last day on which a broker would book the event."""
    if action.kind not in CASH_PAID:
        return action.ex_date - AROUND[0], action.ex_date + AROUND[1]
    last = action.ex_date + PAID[1] if action.pay_date is None else action.pay_date + AFTER_PAY
    return action.ex_date - PAID[0], max(last, action.ex_date + AFTER_PAY)


def _distance(action: CorporateAction, record: Transaction) -> int:
    return abs((record.trade_date - (action.pay_date or action.ex_date)).days)


def _could_be(event: Expected, record: Transaction) -> bool:
    """Whether a record of a kind that may tell an event is of its sort at all."""
    kind = event.action.kind
    moves_units = bool(record.quantity) or record.ratio is not None
    if kind in CASH_PAID:
        return record.gross is not None and not record.quantity
    if kind in {A.FORWARD_SPLIT, A.STOCK_DIVIDEND, A.REVERSE_SPLIT}:
        return moves_units
    if record.kind is K.SELL:
        return record.sub_kind in SALE_WORDS
    return True


def _agrees(event: Expected, record: Transaction) -> bool:
    check = CHECKS.get(event.action.kind, _units_leave)
    return check(event, record)


def _cash_agrees(event: Expected, record: Transaction) -> bool:
    if not event.effects.drafts or record.gross is None:
        return False
    draft = event.effects.drafts[0]
    wanted = draft.gross.amount if draft.gross is not None else ZERO
    if record.gross.currency == draft.currency:
        return _close(record.gross.amount, wanted)
    return record.currency == draft.currency and _close(part_in_cash_currency(record.gross), wanted)


def _close(stated: Decimal, wanted: Decimal) -> bool:
    return abs(stated - wanted) <= max(CENT, abs(wanted) * PART)


def _ratio_agrees(event: Expected, record: Transaction) -> bool:
    """By the ratio, else by the change of units: whole ones, the rest paid in cash."""
    action = event.action
    if not action.old_units or not action.new_units:
        return False
    ratio = action.new_units / action.old_units
    if action.kind is A.STOCK_DIVIDEND:
        ratio += 1
    if record.ratio is not None:
        return abs(record.ratio - ratio) <= ratio * PART
    change = abs(event.held) * (ratio - 1)
    return abs(abs(record.quantity or ZERO) - abs(change)) < 1


def _child_comes(event: Expected, record: Transaction) -> bool:
    return (record.quantity or ZERO) > 0 and record.instrument_id == event.new_instrument_id


def _units_leave(event: Expected, record: Transaction) -> bool:
    return record.instrument_id == event.instrument_id and (record.quantity or ZERO) < 0


def _child_or_unnamed(event: Expected, record: Transaction) -> bool:
    return _child_comes(event, record) or record.source_instrument_id == event.instrument_id


CHECKS: Mapping[ActionKind, Callable[[Expected, Transaction], bool]] = {
    **dict.fromkeys(CASH_PAID, _cash_agrees),
    **dict.fromkeys((A.FORWARD_SPLIT, A.REVERSE_SPLIT, A.STOCK_DIVIDEND), _ratio_agrees),
    **dict.fromkeys((A.SPIN_OFF, A.RIGHTS), _child_or_unnamed),
}
