"""From an account's records to everything that follows from them, in the caller's unit of work."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.checkpoints import Checkpoint, replay_group
from truenav.core.ledger.groups import Group, in_groups
from truenav.core.ledger.methods import MethodPolicy
from truenav.core.ledger.replay import replay
from truenav.core.ledger.state import LedgerState, ReviewNote
from truenav.core.ledger.transactions import Transaction
from truenav.core.ledger.transfers import with_arrivals
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import checkpoints, derived, links, repository
from truenav.features.ledger.costs import cost_currencies
from truenav.features.ledger.incremental import AccountChange, Outcome, update_account
from truenav.features.ledger.links import SentLots
from truenav.platform.unit_of_work import UnitOfWork

log = logging.getLogger("truenav.ledger")


async def rebuild(uow: UnitOfWork, account: AccountRow) -> list[ReviewNote]:
    """Replace what follows from the account's records, and from what it sends to other accounts.

    Every account that shares a link must be locked.
    """
    notes = await update(uow, {account.id: AccountChange(is_all=True)}, {account.id: account})
    return notes[account.id]


async def update(
    uow: UnitOfWork,
    changes: Mapping[UUID, AccountChange],
    accounts: Mapping[UUID, AccountRow],
) -> dict[UUID, list[ReviewNote]]:
    """Work out what the changes make different; notes on the records that were replayed.

    Lots that leave under a link may change what they are in the account they arrive in; it is
    worked out too, and so on. Every account that shares a link must be locked.
    """
    waiting = dict(changes)
    notes: dict[UUID, list[ReviewNote]] = {}
    # a lot passes a link once: more turns than there are links and accounts change nothing
    turns = len(waiting) + (await links.count_links(uow.session) + 1) * max(len(accounts), 2)
    while waiting and turns:
        turns -= 1
        account_id = min(waiting)
        change = waiting.pop(account_id)
        account = accounts.get(account_id) or await _account(uow.session, account_id)
        outcome = await _work_out(uow, account, change)
        notes[account_id] = [*notes.get(account_id, []), *outcome.notes]
        await _pass_on(uow, account_id, outcome, waiting)
    return notes


async def _account(session: AsyncSession, account_id: UUID) -> AccountRow:
    (found,) = await repository.accounts_by_id(session, [account_id])
    return found


async def _work_out(uow: UnitOfWork, account: AccountRow, change: AccountChange) -> Outcome:
    if change.is_all or not await checkpoints.is_current(uow.session, account.id):
        return await _from_nothing(uow, account)
    try:
        return await update_account(uow, account, change)
    except derived.DerivedDiffers as error:
        log.error("ledger of account %s was not what its records say: %s", account.id, error)  # noqa: TRY400  # a bug elsewhere, and no trace would show it
        return await _from_nothing(uow, account)


async def _pass_on(
    uow: UnitOfWork, account_id: UUID, outcome: Outcome, waiting: dict[UUID, AccountChange]
) -> None:
    """Store what leaves now; what arrives differently is a change of the account it arrives in."""
    before, now = outcome.sent_before, outcome.sent_now
    changed = {key[0] for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
    if not changed:
        return
    receiving = await links.receiving_accounts(uow.session, account_id, changed)
    for other, under in receiving.items():
        change = waiting.setdefault(other, AccountChange())
        fresh = under - change.relinked
        change.sent_before |= await links.travelling_lots(uow.session, other, fresh)
        change.relinked |= fresh
    await links.replace_sent_lots(uow.session, uow.tenant_id, account_id, before, now)


async def _from_nothing(uow: UnitOfWork, account: AccountRow) -> Outcome:
    """Replay everything, group by group, and replace all that is derived."""
    session = uow.session
    whole, made = await asyncio.to_thread(_by_group, await inputs(session, account))
    sent = await links.sent_lots(session, account.id)
    await checkpoints.begin(session, uow.tenant_id, account.id)
    await derived.replace_derived(session, uow.tenant_id, account.id, whole)
    await checkpoints.store(session, uow.tenant_id, account.id, made)
    return Outcome(whole.notes, sent, whole.departures)


def _by_group(given: "Inputs") -> tuple[LedgerState, dict[Group, tuple[list[Checkpoint], int]]]:
    """The whole state, and what each group leaves on its way."""
    whole = LedgerState()
    made: dict[Group, tuple[list[Checkpoint], int]] = {}
    for group, of_group in in_groups(given.records):
        found = replay_group(of_group, None, method=given.policy, currencies=given.currencies)
        whole.absorb(found.state)
        if group:
            made[group] = (found.checkpoints, found.record_count)
    return whole, made


@dataclass(frozen=True, slots=True)
class Inputs:
    """What an account is worked out from: records with the lots they bring, method, currencies."""

    records: list[Transaction]
    policy: MethodPolicy
    currencies: CostCurrencies

    async def replay(self) -> LedgerState:
        """What follows, from nothing; in a thread, because others wait for the loop."""
        return await asyncio.to_thread(
            replay, self.records, method=self.policy, currencies=self.currencies
        )


async def inputs(
    session: AsyncSession,
    account: AccountRow,
    *,
    through: date | None = None,
    known_before: datetime | None = None,
) -> Inputs:
    """Everything an account is worked out from.

    Up to the day `through`, if one is given; as known just before `known_before`, except that
    lots which travelled between accounts are taken as they are known today.
    """
    records = await repository.live_transactions(
        session, [account.id], through=through, known_before=known_before
    )
    return Inputs(
        await arrived(session, account.id, records),
        await repository.method_policy(session, account),
        await cost_currencies(session, account, records),
    )


async def replay_account(
    session: AsyncSession,
    account: AccountRow,
    *,
    through: date | None = None,
    known_before: datetime | None = None,
) -> LedgerState:
    """What follows from the account's records up to a day, as known then; nothing is written."""
    given = await inputs(session, account, through=through, known_before=known_before)
    return await given.replay()


async def arrived(
    session: AsyncSession, account_id: UUID, records: Sequence[Transaction]
) -> list[Transaction]:
    """The records, each linked arrival with the lots that other accounts sent under its link."""
    under = {record.link_id for record in records if record.link_id is not None}
    if not under:
        return list(records)
    travelling: SentLots = await links.travelling_lots(session, account_id, under)
    return with_arrivals(records, travelling)
