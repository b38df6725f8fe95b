"""Which corporate actions concern which accounts, and what became of each; worked out on reading.

Nothing of this is stored but what a person decided: an account's records may change at any time,
and with them which events concern it and which its broker's files told already.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid5

from truenav.core.corporate_actions.actions import ActionKind, CorporateAction, faults
from truenav.core.corporate_actions.effects import Effects, Held, effects_of, last_entitled_day
from truenav.core.corporate_actions.recorded import Expected, Match, match_records, window
from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.transactions import InstrumentRef
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import actions_repository, repository
from truenav.features.ledger.action_tables import ActionDecisionRow, OwnActionRow
from truenav.features.ledger.service import ensure_built
from truenav.features.marketdata.reads import events_of
from truenav.features.marketdata.tables import CorporateActionRow
from truenav.platform.unit_of_work import UnitOfWork

ZERO, ONE = Decimal(0), Decimal(1)
TERM_COLUMNS = (
    "ex_date", "record_date", "pay_date", "old_units", "new_units", "cash_amount", "currency",
    "alternate_units", "basis_fraction", "fair_value", "new_fair_value", "fraction_price",
    "accrued_interest", "is_taxable",
)  # fmt: skip


class ActionState(StrEnum):
    """What became of an event in one account."""

    PENDING = "pending"
    UPCOMING = "upcoming"
    APPLIED = "applied"
    DISMISSED = "dismissed"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as the tenant sees it: shared, shared with own terms, or all its own."""

    id: UUID
    action: CorporateAction
    instrument: InstrumentRow
    new_instrument: InstrumentRow | None
    alternate_instrument: InstrumentRow | None
    source: str
    own: OwnActionRow | None

    @property
    def instruments(self) -> dict[InstrumentRef, InstrumentId]:
        """What its records name → ids."""
        rows = (self.instrument, self.new_instrument, self.alternate_instrument)
        return {ref_of(row): InstrumentId(row.id) for row in rows if row is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One event in one account: units entitled, the records it gives, and its state.

    `is_reinvested` says that the tenant prefers to put this income back.
    """

    account: AccountRow
    units: Decimal
    effects: Effects
    state: ActionState
    warnings: tuple[str, ...]
    was_reversed: bool
    applied_by: tuple[UUID, ...]
    recorded_by: tuple[UUID, ...]
    is_reinvested: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An event and the accounts it concerns, by name."""

    event: Event
    concerns: tuple[Concern, ...]


def ref_of(row: InstrumentRow) -> InstrumentRef:
    """The id as a name: two instruments may share a symbol."""
    return InstrumentRef(symbol=row.symbol, currency=row.currency, name=str(row.id))


async def catalogue(
    uow: UnitOfWork,
    accounts: Sequence[AccountRow],
    day: date,
    *,
    through: date,
    since: date | None = None,
    instrument_id: UUID | None = None,
) -> list[Entry]:
    """Every event up to `through` that concerns one of the accounts, the newest first.

    `day` is today: it decides what has happened. A tenant's own event is there whatever its day,
    and even when no account held the instrument. With `since`, events of that day or later only.
    """
    session = uow.session
    held = await actions_repository.ever_held(session, [account.id for account in accounts])
    everything = set().union(*held.values()) if held else set()
    own = await actions_repository.own_actions(session, instrument_id)
    wanted = everything if instrument_id is None else everything & {instrument_id}
    events = await _events(uow, wanted, own, through)
    if since is not None:
        events = [event for event in events if event.action.ex_date >= since]
    concerns: dict[UUID, list[Concern]] = {event.id: [] for event in events}
    decided = await actions_repository.decisions(session, [account.id for account in accounts])
    live = await _live_records(uow, decided.values())
    for account in accounts:
        mine = [e for e in events if e.instrument.id in held.get(account.id, ())]
        for event_id, concern in await _concerns(uow, account, mine, _Decided(decided, live, day)):
            concerns[event_id].append(concern)
    found = [Entry(event, tuple(concerns[event.id])) for event in events]
    kept = [entry for entry in found if entry.concerns or entry.event.source == OWN]
    return sorted(kept, key=lambda e: (e.event.action.ex_date, str(e.event.id)), reverse=True)


async def known_events(
    uow: UnitOfWork, instrument_ids: Collection[UUID], through: date
) -> list[Event]:
    """Every event of instruments up to a day, whether anybody held them then or not."""
    own = [
        row
        for row in await actions_repository.own_actions(uow.session)
        if row.instrument_id in instrument_ids and row.ex_date <= through
    ]
    return await _events(uow, instrument_ids, own, through)


OWN = "own"


async def _events(
    uow: UnitOfWork, instrument_ids: Collection[UUID], own: Sequence[OwnActionRow], last: date
) -> list[Event]:
    shared = await events_of(uow.session, instrument_ids, last)
    terms = {row.overrides_id: row for row in own if row.overrides_id is not None}
    ids = {*instrument_ids}
    for row in own:
        named = (row.instrument_id, row.new_instrument_id, row.alternate_instrument_id)
        ids |= {one for one in named if one is not None}
    rows = await actions_repository.instruments(uow.session, ids)
    found = [
        _event(event_id, terms[event_id], rows, first.source)
        if event_id in terms
        else _shared_event(event_id, first, rows)
        for event_id, first in _told_once(shared)
        if event_id in terms or first.type in SHARED_KINDS
    ]
    found += [_event(row.id, row, rows, OWN) for row in own if row.overrides_id is None]
    # what a provider tells without its terms cannot be applied: it is as good as not told
    return [event for event in found if not any(faults(event.action))]


def _told_once(rows: Iterable[CorporateActionRow]) -> list[tuple[UUID, CorporateActionRow]]:
    """(id, row that counts) of each event: the oldest id, however many sources tell it later."""
    groups: dict[tuple[UUID, date, str], list[CorporateActionRow]] = {}
    for row in rows:
        groups.setdefault((row.instrument_id, row.ex_date, row.type), []).append(row)
    return [(min(row.id for row in group), group[0]) for group in groups.values()]


SHARED_KINDS = {"split": None, "cash_dividend": ActionKind.CASH_DIVIDEND}


def _shared_event(
    event_id: UUID, row: CorporateActionRow, rows: Mapping[UUID, InstrumentRow]
) -> Event:
    """A provider's split or dividend; it tells no more than a ratio or an amount."""
    kind = SHARED_KINDS[row.type]
    if kind is None:
        is_forward = row.ratio is None or row.ratio > 1
        kind = ActionKind.FORWARD_SPLIT if is_forward else ActionKind.REVERSE_SPLIT
    old, new = _as_pair(row.ratio)
    instrument = rows[row.instrument_id]
    action = CorporateAction(
        kind=kind,
        instrument=ref_of(instrument),
        ex_date=row.ex_date,
        record_date=row.record_date,
        pay_date=row.pay_date,
        old_units=old,
        new_units=new,
        cash_amount=row.cash_amount,
        currency=(row.currency or instrument.currency) if row.cash_amount is not None else None,
    )
    return Event(
        id=event_id, action=action, instrument=instrument, new_instrument=None,
        alternate_instrument=None, source=row.source, own=None,
    )  # fmt: skip


def _as_pair(ratio: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """(old, new) units: the smallest whole ones that have the ratio, where there are some."""
    if ratio is None:
        return None, None
    for old in range(1, 1001):
        new = (ratio * old).to_integral_value()
        if new and abs(new - ratio * old) < Decimal("1E-9"):
            return Decimal(old), new
    return ONE, ratio


def _event(
    event_id: UUID, row: OwnActionRow, rows: Mapping[UUID, InstrumentRow], source: str
) -> Event:
    new = rows[row.new_instrument_id] if row.new_instrument_id else None
    alternate = rows[row.alternate_instrument_id] if row.alternate_instrument_id else None
    action = CorporateAction(
        kind=ActionKind(row.kind),
        instrument=ref_of(rows[row.instrument_id]),
        new_instrument=ref_of(new) if new is not None else None,
        alternate_instrument=ref_of(alternate) if alternate is not None else None,
        **{name: getattr(row, name) for name in TERM_COLUMNS},
    )
    return Event(
        id=event_id, action=action, instrument=rows[row.instrument_id], new_instrument=new,
        alternate_instrument=alternate, source=source, own=row,
    )  # fmt: skip


# --- what became of an event in an account ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Decided:
    """Decisions, the records of each that still count, and the day to judge by."""

    rows: Mapping[tuple[UUID, UUID], ActionDecisionRow]
    live: Mapping[UUID, UUID]
    day: date

    def of(self, account_id: UUID, event_id: UUID) -> ActionDecisionRow | None:
        return self.rows.get((account_id, event_id))

    def records(self, row: ActionDecisionRow | None) -> tuple[UUID, ...]:
        """Records the event was applied by, as they count today."""
        if row is None or row.status != "applied":
            return ()
        ids = (self.live.get(UUID(one)) for one in row.transaction_ids)
        return tuple(found for found in ids if found is not None)


async def _live_records(uow: UnitOfWork, rows: Iterable[ActionDecisionRow]) -> dict[UUID, UUID]:
    """First record of a chain → the one that counts, of all records events were applied by."""
    ids = {UUID(one) for row in rows if row.status == "applied" for one in row.transaction_ids}
    return await repository.live_of_chains(uow.session, ids) if ids else {}


async def _concerns(
    uow: UnitOfWork, account: AccountRow, events: Sequence[Event], decided: _Decided
) -> list[tuple[UUID, Concern]]:
    if not events:
        return []
    first = min(window(event.action)[0] for event in events)
    records = await actions_repository.records_about(
        uow.session, account.id, {event.instrument.id for event in events}, first
    )
    units = await _units_before(uow, account, events)
    expected = [_expected(account, event, units[event.id]) for event in events]
    applied = {event.id: decided.records(decided.of(account.id, event.id)) for event in events}
    own_records = {one for ids in applied.values() for one in ids}
    matches = match_records(expected, [r for r in records if r.id not in own_records])
    found = []
    for event, hoped, match in zip(events, expected, matches, strict=True):
        row = decided.of(account.id, event.id)
        if hoped.held or applied[event.id]:
            concern = _concern(account, hoped, match, applied[event.id], row, decided.day)
            found.append((event.id, concern))
    return _in_order(events, found)


def _expected(account: AccountRow, event: Event, units: Decimal) -> Expected:
    held = Held(
        units, event.instrument.currency, event.instrument.multiplier,
        link_id=uuid5(event.id, str(account.id)),
    )  # fmt: skip
    new = event.new_instrument
    return Expected(
        event.action,
        InstrumentId(event.instrument.id),
        InstrumentId(new.id) if new is not None else None,
        units,
        effects_of(event.action, held),
    )


def _concern(
    account: AccountRow,
    hoped: Expected,
    match: Match,
    applied: tuple[UUID, ...],
    row: ActionDecisionRow | None,
    day: date,
) -> Concern:
    last = hoped.effects.last_day
    warnings = hoped.effects.warnings
    if applied:
        state = ActionState.APPLIED
        warnings = ("also_recorded",) if match.by else ()
    elif match.by:
        state, warnings = ActionState.RECORDED, ()
    elif row is not None and row.status == "dismissed":
        state = ActionState.DISMISSED
    elif max(last or day, hoped.action.ex_date) > day:
        state = ActionState.UPCOMING
    else:
        state = ActionState.PENDING
    if not applied and match.similar:
        warnings = (*warnings, "similar_record")
    return Concern(
        account=account,
        units=hoped.held,
        effects=hoped.effects,
        state=state,
        warnings=warnings,
        was_reversed=not applied and row is not None and row.status != "dismissed",
        applied_by=applied,
        recorded_by=tuple(UUID(str(one)) for one in (match.by or match.similar)),
    )


def _in_order(
    events: Sequence[Event], found: Sequence[tuple[UUID, Concern]]
) -> list[tuple[UUID, Concern]]:
    """With a warning where an earlier event of the instrument waits: it changes what is held."""
    by_id = {event.id: event for event in events}
    waiting: dict[UUID, date] = {}
    for event_id, concern in found:
        event = by_id[event_id]
        if concern.state is ActionState.PENDING and event.action.kind not in CASH_ONLY:
            day = event.action.ex_date
            waiting[event.instrument.id] = min(day, waiting.get(event.instrument.id, day))
    marked = []
    for event_id, concern in found:
        event = by_id[event_id]
        first = waiting.get(event.instrument.id)
        is_later = first is not None and first < event.action.ex_date
        is_waiting = concern.state in {ActionState.PENDING, ActionState.UPCOMING}
        warned = (*concern.warnings, "earlier_pending")
        kept = replace(concern, warnings=warned) if is_later and is_waiting else concern
        marked.append((event_id, kept))
    return marked


# These change no units, so what comes later does not depend on them.
CASH_ONLY = frozenset(
    {ActionKind.CASH_DIVIDEND, ActionKind.SPECIAL_DIVIDEND, ActionKind.RETURN_OF_CAPITAL}
)


async def _units_before(
    uow: UnitOfWork, account: AccountRow, events: Sequence[Event]
) -> dict[UUID, Decimal]:
    """Event → units at the end of the last day that entitles, as the ledger worked them out."""
    await ensure_built(uow, AccountId(account.id))
    changes = await actions_repository.unit_changes(
        uow.session, account.id, {event.instrument.id for event in events}
    )
    found: dict[UUID, Decimal] = {}
    for event in events:
        steps = changes.get(event.instrument.id, [])
        place = bisect_right(steps, last_entitled_day(event.action), key=lambda step: step[0])
        found[event.id] = steps[place - 1][1] if place else ZERO
    return found
