"""Which records tell which event, and which declared payments still wait: one answer for all pages.

A record near an event that does not agree in amount is taken for it, unless it tells another one:
brokers book a dividend after tax, or for units counted otherwise. Nothing is then expected twice.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from truenav.core.corporate_actions.actions import CASH_PAID
from truenav.features.ledger.actions_catalogue import ActionState, Concern, Entry, Event

TOLD = frozenset({ActionState.APPLIED, ActionState.RECORDED})
WAITING = frozenset({ActionState.PENDING, ActionState.UPCOMING})


def ex_dates_of(entries: Sequence[Entry]) -> dict[UUID, date]:
    """Record → ex-date of the cash event it tells, or that it was posted for."""
    sure: dict[UUID, date] = {}
    near: dict[UUID, date] = {}
    for entry in _cash(entries):
        for concern in entry.concerns:
            found = sure if concern.state in TOLD else near
            for record in (*concern.applied_by, *concern.recorded_by):
                # of several events near a record the one before it is the likelier
                day = entry.event.action.ex_date
                found[record] = max(day, found.get(record, day))
    return near | sure


def waiting_in(entries: Sequence[Entry]) -> Iterator[tuple[Event, Concern]]:
    """Declared payments that no record tells, by event and account; dismissed ones are none."""
    sure = {
        record
        for entry in _cash(entries)
        for concern in entry.concerns
        if concern.state in TOLD
        for record in (*concern.applied_by, *concern.recorded_by)
    }
    for entry in _cash(entries):
        for concern in entry.concerns:
            is_near = bool({*concern.recorded_by} - sure)
            if concern.state in WAITING and concern.effects.drafts and not is_near:
                yield entry.event, concern


def _cash(entries: Sequence[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if entry.event.action.kind in CASH_PAID)
