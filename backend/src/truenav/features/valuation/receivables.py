"""Income due to accounts: recorded with an ex-date before its cash, or declared only."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.income.projection import taxed
from truenav.core.income.received import SEEN, payment_of, withheld_ratio
from truenav.core.ledger.transactions import TransactionKind
from truenav.core.valuation.receivables import (
    LONGEST,
    Receivable,
    lapses_on,
    recorded_receivable,
)
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger.actions_catalogue import Concern, Event, catalogue
from truenav.features.ledger.declared import ex_dates_of, waiting_in
from truenav.features.ledger.paid_reads import Paid, paid_records
from truenav.platform.unit_of_work import UnitOfWork


async def receivables_of(
    uow: UnitOfWork, accounts: Sequence[AccountRow], span: tuple[date, date], as_of: date
) -> list[Receivable]:
    """What is due to the accounts on some day of a span, as far as is known.

    `as_of` is today: it decides which events have happened. The answer is the same for every page
    and for the snapshots; only what is asked about differs.
    """
    first, last = span
    if not accounts or first > last:
        return []
    since = max(first, date.min + LONGEST) - LONGEST
    entries = await catalogue(uow, accounts, as_of, through=last, since=since)
    paid = await paid_records(
        uow.session, [account.id for account in accounts], first=first, last=last + LONGEST
    )
    found = [
        recorded_receivable(one.record, day) for one, day in _dated(paid, ex_dates_of(entries))
    ]
    due = [one for one in found if one is not None]
    due += await _declared(uow, list(waiting_in(entries)))
    return [one for one in due if one.since <= last and one.until > first]


def _dated(paid: Sequence[Paid], known: dict[UUID, date]) -> list[tuple[Paid, date | None]]:
    """Each record with its ex-date; tax of a record of its own has that of the payment it is on."""
    found = [(one, one.ex_date or known.get(one.record.id)) for one in paid]
    on: dict[tuple[UUID, UUID | None, date], date] = {}
    for one, day in found:
        if day is not None and one.record.kind is not TransactionKind.TAX:
            on[_payment(one)] = day
    return [
        (one, day or on.get(_payment(one)) if one.record.kind is TransactionKind.TAX else day)
        for one, day in found
    ]


def _payment(one: Paid) -> tuple[UUID, UUID | None, date]:
    return one.record.account_id, one.record.instrument_id, one.record.trade_date


async def _declared(uow: UnitOfWork, waiting: Sequence[tuple[Event, Concern]]) -> list[Receivable]:
    if not waiting:
        return []
    accounts = {concern.account.id for _, concern in waiting}
    days = [event.action.ex_date for event, _ in waiting]
    first, last = min(days) - SEEN, max(days)
    seen = [
        payment
        for one in await paid_records(uow.session, accounts, first=first, last=last)
        if (payment := payment_of(one.record)) is not None
    ]

    def ratio(event: Event, concern: Concern) -> Decimal | None:
        key = concern.account.id, event.instrument.id
        mine = (p for p in seen if (p.account_id, p.instrument_id) == key)
        return withheld_ratio(mine, event.action.ex_date)

    return [_one(event, concern, ratio(event, concern)) for event, concern in waiting]


def _one(event: Event, concern: Concern, ratio: Decimal | None) -> Receivable:
    draft = concern.effects.drafts[0]
    gross = draft.gross.amount if draft.gross is not None else Decimal(0)
    return Receivable(
        account_id=AccountId(concern.account.id),
        instrument_id=InstrumentId(event.instrument.id),
        currency=draft.currency,
        gross=gross,
        withheld=taxed(gross, ratio),
        fee=Decimal(0),
        since=event.action.ex_date,
        until=lapses_on(event.action),
        is_income=draft.kind is not TransactionKind.RETURN_OF_CAPITAL,
        event_id=event.id,
    )
