"""Corporate actions as a tenant deals with them: own events, applying, undoing, dismissing.

An event's effect is ordinary records of the ledger, so everything that follows from records
follows from it, and undoing it is reversing them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from truenav.core.corporate_actions.actions import (
    CASH_PAID,
    ELECTIVE,
    ActionKind,
    CorporateAction,
    faults,
)
from truenav.core.corporate_actions.effects import Held, effects_of, reinvested
from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.events import MarketChanged
from truenav.core.ids import AccountId
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.repository import find_visible
from truenav.features.ledger import actions_repository, repository
from truenav.features.ledger.actions_catalogue import (
    OWN,
    ActionState,
    Concern,
    Entry,
    catalogue,
    ref_of,
)
from truenav.features.ledger.posting import LedgerEdit
from truenav.features.ledger.preferences import Preferences, preferences_of
from truenav.features.marketdata.manual import announce
from truenav.features.marketdata.reads import valuation_date
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.problems import InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

ANNOUNCED = timedelta(days=90)
PUT_BACK = frozenset({ActionKind.CASH_DIVIDEND, ActionKind.SPECIAL_DIVIDEND})
INSTRUMENT_FIELDS = ("instrument_id", "new_instrument_id", "alternate_instrument_id")


class ActionNotPending(TruenavError):
    """The event was applied, dismissed or recorded meanwhile, or has not happened yet."""

    kind = ErrorKind.CONFLICT
    code = "action_not_pending"


class ActionInUse(TruenavError):
    """Its records stand in an account: it is reversed before its terms change."""

    kind = ErrorKind.CONFLICT
    code = "action_in_use"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An account an event is to be applied to; `units`, where only some take part.

    `reinvest_price` says that a cash dividend bought units at that price.
    """

    account_id: UUID
    units: Decimal | None = None
    reinvest_price: Decimal | None = None


async def all_accounts(uow: UnitOfWork) -> Sequence[AccountRow]:
    """The tenant's accounts, by name."""
    return (await uow.session.scalars(select(AccountRow).order_by(AccountRow.name))).all()


async def find_entries(
    uow: UnitOfWork,
    today: date,
    *,
    accounts: Sequence[AccountRow] | None = None,
    instrument_id: UUID | None = None,
) -> list[Entry]:
    """Events that concern accounts, all of the tenant's where none are named, newest first.

    What is announced for the weeks to come is among them; the demo ends on its last day.
    """
    day = await valuation_date(uow.session, uow.tenant_id, today)
    asked = await all_accounts(uow) if accounts is None else accounts
    entries = await catalogue(
        uow, asked, day, through=day + ANNOUNCED if day == today else day,
        instrument_id=instrument_id,
    )  # fmt: skip
    said = await preferences_of(uow.session, [account.id for account in asked])
    return [replace(entry, concerns=_preferred(entry, said)) for entry in entries]


def _preferred(entry: Entry, said: Preferences) -> tuple[Concern, ...]:
    return tuple(
        replace(
            concern, is_reinvested=said.reinvests(concern.account.id, entry.event.instrument.id)
        )
        for concern in entry.concerns
    )


async def find_entry(uow: UnitOfWork, event_id: UUID, today: date) -> Entry:
    """One event with every account it concerns.

    Raises:
        NotFound: no such event, or none that concerns the tenant.
    """
    for entry in await find_entries(uow, today):
        if entry.event.id == event_id:
            return entry
    raise NotFound("no such corporate action")


# --- own events and terms -----------------------------------------------------------------------


async def create_own(uow: UnitOfWork, values: dict[str, Any]) -> UUID:
    """Add an event of the tenant's own.

    Raises:
        NotFound: an instrument is none, or not visible.
        InvalidFields: terms that do not go together.
    """
    await _check(uow, values)
    own_id = new_id()
    row = {**values, "tenant_id": uow.tenant_id, "id": own_id, "created_by": uow.user_id}
    await actions_repository.add_own(uow.session, row)
    await _value_again(uow, values["kind"], values["instrument_id"], values["ex_date"])
    await record(uow, "corporate_action.create", "corporate_action", own_id)
    return own_id


async def change_terms(
    uow: UnitOfWork, entry: Entry, version: int | None, values: dict[str, Any]
) -> None:
    """Put other terms in the place of an event's; a shared one keeps its own beside them.

    Raises:
        StaleVersion: somebody changed the terms since the editor saw them.
        ActionInUse: the event is applied to an account.
        InvalidFields: terms that do not go together.
    """
    _require_unused(entry)
    event = entry.event
    if values["instrument_id"] != event.instrument.id:
        raise InvalidFields([("/body/instrument_id", "an event stays one of its instrument")])
    await _check(uow, values)
    if event.own is None and version is None:
        row = {
            **values, "tenant_id": uow.tenant_id, "id": new_id(), "overrides_id": event.id,
            "created_by": uow.user_id,
        }  # fmt: skip
        done = await actions_repository.add_own(uow.session, row)
    else:
        done = event.own is not None and await actions_repository.change_own(
            uow.session, event.own.id, version or 0, values
        )
    if not done:
        seen = event.own.version if event.own is not None else None
        raise StaleVersion("somebody else changed these terms", {"version": seen})
    earliest = min(event.action.ex_date, values["ex_date"])
    await _value_again(uow, values["kind"], event.instrument.id, earliest)
    await record(uow, "corporate_action.change", "corporate_action", event.id)


async def remove_terms(uow: UnitOfWork, entry: Entry) -> None:
    """Remove an own event, or go back to what a shared one says.

    Raises:
        NotFound: a shared event without own terms cannot be removed.
        ActionInUse: the event is applied to an account.
    """
    _require_unused(entry)
    if entry.event.own is None:
        raise NotFound("no terms of your own to remove")
    await actions_repository.remove_own(uow.session, entry.event.own.id)
    action = entry.event.action
    await _value_again(uow, action.kind, entry.event.instrument.id, action.ex_date)
    if entry.event.source == OWN:
        await actions_repository.remove_decisions(uow.session, entry.event.id)
    await record(uow, "corporate_action.remove", "corporate_action", entry.event.id)


async def _value_again(uow: UnitOfWork, kind: str, instrument_id: UUID, earliest: date) -> None:
    """A payment that is declared counts from its ex-date: snapshots follow from its terms."""
    if ActionKind(kind) in CASH_PAID:
        await announce(uow, instrument_id, earliest)


def _require_unused(entry: Entry) -> None:
    if any(concern.state is ActionState.APPLIED for concern in entry.concerns):
        raise ActionInUse("reverse it in every account before you change its terms")


async def _check(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    found: dict[str, Any] = {}
    for name in INSTRUMENT_FIELDS:
        row = await find_visible(uow.session, values[name]) if values[name] else None
        if values[name] and row is None:
            raise NotFound("no such instrument")
        found[name.removesuffix("_id")] = ref_of(row) if row is not None else None
    terms = {
        name: value
        for name, value in values.items()
        if name not in INSTRUMENT_FIELDS and name != "note"
    }
    wrong = list(faults(CorporateAction(**found, **terms)))
    if wrong:
        names = {"new_instrument": "new_instrument_id"}
        names["alternate_instrument"] = "alternate_instrument_id"
        raise InvalidFields([(f"/body/{names.get(n, n)}", why) for n, why in wrong])


# --- decisions ----------------------------------------------------------------------------------


def chosen_concerns(
    entry: Entry, chosen: Sequence[Chosen], states: Collection[ActionState]
) -> list[Concern]:
    """The accounts named, or, when none is, all in one of the states; with elected units.

    Raises:
        NotFound: the event does not concern an account that is named.
        InvalidFields: units elected where all take part, or more than are held.
    """
    if not chosen:
        return [concern for concern in entry.concerns if concern.state in states]
    by_account = {concern.account.id: concern for concern in entry.concerns}
    found = []
    for place, choice in enumerate(chosen):
        concern = by_account.get(choice.account_id)
        if concern is None:
            raise NotFound("the event does not concern this account")
        pointer = f"/body/accounts/{place}"
        elected = _elected(entry, concern, choice.units, f"{pointer}/units")
        found.append(_put_back(entry, elected, choice.reinvest_price, f"{pointer}/reinvest_price"))
    return found


def _elected(entry: Entry, concern: Concern, units: Decimal | None, pointer: str) -> Concern:
    if units is None:
        return concern
    if entry.event.action.kind not in ELECTIVE:
        raise InvalidFields([(pointer, "every unit takes part in this event")])
    if not 0 < units <= concern.units:
        raise InvalidFields([(pointer, f"is from 0 to the {concern.units:f} held")])
    held = Held(
        units, entry.event.instrument.currency, entry.event.instrument.multiplier,
        link_id=next((d.link_id for d in concern.effects.drafts if d.link_id), None),
    )  # fmt: skip
    return replace(concern, units=units, effects=effects_of(entry.event.action, held))


def _put_back(entry: Entry, concern: Concern, price: Decimal | None, pointer: str) -> Concern:
    if price is None:
        return concern
    if entry.event.action.kind not in PUT_BACK or concern.units <= 0:
        raise InvalidFields([(pointer, "only a dividend received in cash can be reinvested")])
    if entry.event.action.currency != entry.event.instrument.currency:
        raise InvalidFields([(pointer, "the dividend is in another currency than the price")])
    if price <= 0:
        raise InvalidFields([(pointer, "a price is above zero")])
    if not concern.effects.drafts[0].gross or not concern.effects.drafts[0].gross.amount:
        raise InvalidFields([(pointer, "there is nothing to reinvest")])
    return replace(concern, effects=reinvested(concern.effects, price))


async def apply_action(
    uow: UnitOfWork, event_id: UUID, chosen: Sequence[Chosen], today: date
) -> None:
    """Post an event's records to the accounts, all or none, and rebuild what follows.

    Raises:
        NotFound: no such event, or an account it does not concern.
        ActionNotPending: it is not waiting in an account (any more).
        Oversold: an account is set to refuse what would now be sold.
    """
    entry = await find_entry(uow, event_id, today)
    wanted = chosen_concerns(entry, chosen, {ActionState.PENDING})
    edit = LedgerEdit(uow)
    keys = {c.account.id: _keys(event_id, c) for c in wanted}
    links = {d.link_id for c in wanted for d in c.effects.drafts if d.link_id}
    await edit.open(keys, links=links, keys=keys)
    # under the locks: what was read before may have been decided or recorded by somebody else
    entry = await find_entry(uow, event_id, today)
    ready = chosen_concerns(entry, chosen, {ActionState.PENDING})
    if not ready or {c.account.id for c in ready} != set(keys):
        raise ActionNotPending("there is no account it waits in")
    instruments = entry.event.instruments
    for concern in ready:
        _require_pending(concern)
        added = [
            edit.add(concern.account.id, draft, instruments, key)
            for draft, key in zip(concern.effects.drafts, _keys(event_id, concern), strict=True)
        ]
        ids = [one for one in added if one is not None]
        if len(ids) != len(added):
            raise ActionNotPending("its records stand in the account already")
        await _decide(uow, concern, event_id, "applied", ids)
    await edit.finish()


def _keys(event_id: UUID, concern: Concern) -> list[str]:
    return [f"action:{event_id}:{place}" for place, _ in enumerate(concern.effects.drafts)]


def _require_pending(concern: Concern) -> None:
    name = concern.account.name
    if concern.state is not ActionState.PENDING:
        raise ActionNotPending(
            f"in {name} it is {concern.state.value}",
            account_id=str(concern.account.id), state=concern.state.value,
        )  # fmt: skip
    if not concern.effects.drafts:
        raise ActionNotPending(
            f"what {name} owes has to be recorded by hand",
            account_id=str(concern.account.id), state="by_hand",
        )  # fmt: skip


async def reverse_action(
    uow: UnitOfWork, event_id: UUID, chosen: Sequence[Chosen], today: date
) -> None:
    """Take back the records an event was applied by, all or none: as if it had never happened.

    Raises:
        NotFound: no such event, or an account it does not concern.
        ActionNotPending: it is not applied to an account that is named.
    """
    entry = await find_entry(uow, event_id, today)
    wanted = chosen_concerns(entry, chosen, {ActionState.APPLIED})
    named = await repository.rows_by_id(uow.session, {i for c in wanted for i in c.applied_by})
    edit = LedgerEdit(uow)
    await edit.open(
        {c.account.id for c in wanted} | {row.account_id for row in named.values()},
        links={row.link_id for row in named.values() if row.link_id},
    )
    rows = await repository.find_rows(uow.session, list(named))
    if not wanted or len(rows) != len(named) or not all(c.applied_by for c in wanted):
        raise ActionNotPending("there is no account it is applied to")
    for row in rows:
        edit.reverse(row)
    for concern in wanted:
        await _decide(uow, concern, event_id, "reversed", ())
    await edit.finish()


async def dismiss_action(
    uow: UnitOfWork, event_id: UUID, chosen: Sequence[Chosen], today: date, *, is_back: bool
) -> None:
    """Say that an event does not concern accounts; or, `is_back`, that it does again.

    Raises:
        NotFound: no such event, or an account it does not concern.
        ActionNotPending: it is not waiting (or, to bring back, not dismissed) there.
    """
    entry = await find_entry(uow, event_id, today)
    needed = {ActionState.DISMISSED} if is_back else {ActionState.PENDING, ActionState.UPCOMING}
    wanted = chosen_concerns(entry, chosen, needed)
    await repository.lock_accounts(uow.session, {concern.account.id for concern in wanted})
    if not wanted or any(concern.state not in needed for concern in wanted):
        raise ActionNotPending("it is in another state there")
    for concern in wanted:
        if is_back:
            await actions_repository.forget(uow.session, concern.account.id, event_id)
            await record(uow, "corporate_action.undismissed", "corporate_action", event_id)
        else:
            await _decide(uow, concern, event_id, "dismissed", ())
        if entry.event.action.kind in CASH_PAID:
            account_id = AccountId(concern.account.id)
            uow.emit(MarketChanged(account_id, entry.event.action.ex_date))


async def _decide(
    uow: UnitOfWork, concern: Concern, event_id: UUID, status: str, ids: Sequence[UUID]
) -> None:
    key = (uow.tenant_id, concern.account.id, event_id)
    await actions_repository.decide(uow.session, key, status, ids, uow.user_id)
    await record(
        uow, f"corporate_action.{status}", "corporate_action", event_id,
        new_value={"account_id": str(concern.account.id)},
    )  # fmt: skip
