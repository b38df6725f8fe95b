"""What each instrument paid for one unit: from the catalogue of events, else from the records."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.corporate_actions.actions import CASH_PAID, SPLITS, ActionKind
from truenav.core.ids import AccountId
from truenav.core.income.pattern import Distribution, per_unit_today
from truenav.core.income.received import IncomeKind, Payment
from truenav.core.ledger.transactions import SubKind
from truenav.core.money import exact
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.actions_catalogue import Entry, Event, known_events
from truenav.features.ledger.paid_reads import recorded_splits
from truenav.features.ledger.service import ensure_built
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)
Source = Literal["events", "records"]
Splits = Sequence[tuple[date, Decimal]]
PERIODIC = (IncomeKind.DIVIDEND, IncomeKind.DISTRIBUTION)


@dataclass(frozen=True, slots=True)
class History:
    """Payments of one instrument per unit of today, and where they are known from."""

    events: Sequence[Distribution]
    source: Source


async def histories_of(
    uow: UnitOfWork,
    scope: Scope,
    instrument_ids: Collection[UUID],
    told: tuple[Sequence[Entry], Sequence[Payment]],
    through: date,
) -> dict[UUID, History]:
    """What is known of the instruments; an empty history when they are not known to have paid.

    An event that a record of a special dividend tells is a special one.
    """
    entries, payments = told
    by_instrument: dict[UUID, list[Event]] = {key: [] for key in instrument_ids}
    for event in await known_events(uow, instrument_ids, through):
        by_instrument[event.instrument.id].append(event)
    special = _recorded_as_special(entries, payments)
    found: dict[UUID, History] = {}
    without: list[UUID] = []
    for key, events in by_instrument.items():
        splits = _splits(events, scope.as_of)
        paid = _of_events(events, special, splits)
        found[key] = History(paid, "events")
        if not paid:
            without.append(key)
    if without:
        splits_by = await _recorded_splits(uow, scope, without)
        for key, recorded in (await _of_records(uow, without, payments)).items():
            found[key] = History(_today(recorded, splits_by.get(key, [])), "records")
    return found


async def interest_histories(
    uow: UnitOfWork, scope: Scope, instrument_ids: Collection[UUID], payments: Sequence[Payment]
) -> dict[UUID, list[Distribution]]:
    """Interest that instruments paid, per unit of today, from the records."""
    ids = sorted(instrument_ids)
    found = await _of_records(uow, ids, payments, (IncomeKind.INTEREST,))
    splits = await _recorded_splits(uow, scope, ids) if found else {}
    return {key: _today(paid, splits.get(key, [])) for key, paid in found.items()}


def _recorded_as_special(entries: Sequence[Entry], payments: Sequence[Payment]) -> set[UUID]:
    ids = {payment.id for payment in payments if payment.sub_kind is SubKind.SPECIAL}
    return {
        entry.event.id
        for entry in entries
        for concern in entry.concerns
        if ids & {*concern.recorded_by, *concern.applied_by}
    }


def _splits(events: Sequence[Event], as_of: date) -> list[tuple[date, Decimal]]:
    found = []
    for event in events:
        action = event.action
        if not action.old_units or not action.new_units or action.ex_date > as_of:
            continue
        if action.kind in SPLITS:
            found.append((action.ex_date, action.new_units / action.old_units))
        elif action.kind is ActionKind.STOCK_DIVIDEND and not action.is_taxable:
            found.append((action.ex_date, 1 + action.new_units / action.old_units))
    return found


@exact
def _of_events(
    events: Sequence[Event], special: Collection[UUID], splits: Splits
) -> list[Distribution]:
    found = [
        Distribution(
            ex_date=event.action.ex_date,
            pay_date=event.action.pay_date,
            per_unit=per_unit_today(event.action.cash_amount, event.action.ex_date, splits),
            currency=event.action.currency,
            is_special=event.action.kind is ActionKind.SPECIAL_DIVIDEND or event.id in special,
        )
        for event in events
        if event.action.kind in CASH_PAID - {ActionKind.RETURN_OF_CAPITAL}
        and event.action.cash_amount is not None
        and event.action.currency is not None
    ]
    return sorted(found, key=lambda one: one.ex_date)


@exact
def _today(
    paid: Sequence[Distribution], splits: Sequence[tuple[date, Decimal | None]]
) -> list[Distribution]:
    """For units of today; what lies before a split of unknown ratio cannot be told."""
    known = [(day, ratio) for day, ratio in splits if ratio is not None]
    unknown = max((day for day, ratio in splits if ratio is None), default=date.min)
    return [
        Distribution(
            ex_date=one.ex_date, pay_date=one.pay_date, currency=one.currency,
            per_unit=per_unit_today(one.per_unit, one.ex_date, known), is_special=one.is_special,
        )
        for one in paid
        if one.ex_date >= unknown
    ]  # fmt: skip


async def _recorded_splits(
    uow: UnitOfWork, scope: Scope, instrument_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[date, Decimal | None]]]:
    found: dict[UUID, dict[date, Decimal | None]] = {}
    rows = await recorded_splits(uow.session, scope.account_ids, instrument_ids)
    for key, day, ratio in rows:  # several accounts book the same split
        of_one = found.setdefault(key, {})
        of_one[day] = of_one.get(day) or ratio
    return {key: sorted(days.items()) for key, days in found.items()}


async def _of_records(
    uow: UnitOfWork,
    instrument_ids: Sequence[UUID],
    payments: Sequence[Payment],
    kinds: Collection[IncomeKind] = PERIODIC,
) -> dict[UUID, list[Distribution]]:
    """Cash of a day over the units held before it, all accounts together."""
    days: dict[tuple[UUID, date, bool, str], list[Payment]] = {}
    for payment in payments:
        key: UUID | None = payment.instrument_id
        if (
            key is not None
            and key in instrument_ids
            and payment.kind in kinds
            and payment.gross > 0
        ):
            when = payment.ex_date or payment.paid_on
            is_special = payment.sub_kind is SubKind.SPECIAL
            days.setdefault((key, when, is_special, payment.currency), []).append(payment)
    if not days:
        return {}
    units = await _units(uow, {payment.account_id for of in days.values() for payment in of})
    found: dict[UUID, list[Distribution]] = {}
    for (named, when, is_special, currency), paid in sorted(days.items(), key=lambda d: d[0][1]):
        held = sum((_before(units, one.account_id, named, when) for one in _one_each(paid)), ZERO)
        if held > 0:
            made = _per_unit(paid, held, when, currency=currency, is_special=is_special)
            found.setdefault(named, []).append(made)
    return found


def _one_each(paid: Sequence[Payment]) -> list[Payment]:
    """One payment of each account: several parts are paid for the same units."""
    return list({one.account_id: one for one in paid}.values())


@exact
def _per_unit(
    paid: Sequence[Payment], held: Decimal, when: date, *, currency: str, is_special: bool
) -> Distribution:
    gross = sum((one.gross for one in paid), ZERO)
    pay_date = max(one.paid_on for one in paid)
    return Distribution(
        ex_date=when, pay_date=pay_date if pay_date > when else None, per_unit=gross / held,
        currency=currency, is_special=is_special,
    )  # fmt: skip


Steps = Mapping[tuple[UUID, UUID], Sequence[tuple[date, Decimal]]]


async def _units(uow: UnitOfWork, account_ids: Collection[UUID]) -> Steps:
    found: dict[tuple[UUID, UUID], list[tuple[date, Decimal]]] = {}
    for account_id in account_ids:
        await ensure_built(uow, AccountId(account_id))
        for key, day, units in await ledger_reads.unit_steps(uow.session, account_id, date.min):
            found.setdefault((account_id, key), []).append((day, units))
    return found


def _before(units: Steps, account_id: UUID, instrument_id: UUID, day: date) -> Decimal:
    steps = units.get((account_id, instrument_id), ())
    return next((amount for when, amount in reversed(steps) if when < day), ZERO)
