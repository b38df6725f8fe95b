"""What a change of some records does to one account, from the day of the change on.

The instruments the change can reach are replayed twice from their last checkpoint before it: with
the records as they were and as they are. The rows that differ are written, and nothing else.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.checkpoints import Checkpoint, Replayed, can_continue, replay_group
from truenav.core.ledger.groups import Group, Member, Tie, groups_of, is_loose
from truenav.core.ledger.methods import MethodPolicy
from truenav.core.ledger.replay import replay
from truenav.core.ledger.state import LedgerState, ReviewNote
from truenav.core.ledger.transactions import Transaction
from truenav.core.ledger.transfers import with_arrivals
from truenav.core.money import exact
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import checkpoints, derived, links, repository
from truenav.features.ledger.costs import cost_currencies
from truenav.features.ledger.derived import Change
from truenav.features.ledger.links import SentLots
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(slots=True)
class AccountChange:
    """What changed for an account: records that count now, and those that do not any more.

    `sent_before` is what other accounts had sent under links where they send something else now,
    an empty tuple where they had sent nothing. `is_all` says that everything is to be worked out.
    """

    added: Sequence[Transaction] = ()
    removed: Sequence[Transaction] = ()
    sent_before: SentLots = field(default_factory=dict)
    relinked: set[UUID] = field(default_factory=set)
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Notes on what was worked out, and the lots that left the account before and now."""

    notes: list[ReviewNote]
    sent_before: SentLots
    sent_now: SentLots


async def update_account(uow: UnitOfWork, account: AccountRow, change: AccountChange) -> Outcome:
    """Write what the change makes different, but not yet what leaves under links.

    Raises:
        DerivedDiffers: what is stored is not what followed from the records before.
    """
    session = uow.session
    policy = await repository.method_policy(session, account)
    firsts = await _first_days(session, account.id, change)
    found = await checkpoints.find(session, account.id, firsts)
    if not can_continue(policy):
        found.starts.clear()
    work = _Work(account, change, policy, firsts)
    await work.read(session, found)
    # in a thread: one deep instrument's records may take seconds, and others wait for the loop
    pairs = await asyncio.to_thread(lambda: {group: work.replay(group) for group in firsts})
    changes = [Change(before.state, after.state) for before, after in pairs.values()]
    changes.append(_of_loose(change))
    await derived.replace_changed(session, uow.tenant_id, account.id, changes)
    moved = _cash_moved(change)
    await derived.add_cash(session, uow.tenant_id, account.id, moved)
    made = {group: (now.checkpoints, now.record_count) for group, (_, now) in pairs.items()}
    await checkpoints.store(session, uow.tenant_id, account.id, made, found)
    return Outcome(
        [note for made_up in changes for note in made_up.after.notes],
        {key: lots for one in changes for key, lots in one.before.departures.items()},
        {key: lots for one in changes for key, lots in one.after.departures.items()},
    )


async def _first_days(
    session: AsyncSession, account_id: UUID, change: AccountChange
) -> dict[Group, date]:
    """The groups the change reaches, and the first day it changes of each."""
    touched = [r for r in (*change.added, *change.removed) if not is_loose(r)]
    if change.relinked:
        touched += await repository.linked_records(session, account_id, change.relinked)
    if not touched:
        return {}
    ties = await repository.ties(session, account_id)
    ties += [Tie.of(record) for record in touched]
    members: dict[Member, date] = {}
    for record in touched:
        day = members.get(record.instrument_id, record.trade_date)
        members[record.instrument_id] = min(day, record.trade_date)
    firsts: dict[Group, date] = {}
    for group in groups_of(members, ties):
        firsts[group] = min(members[member] for member in group if member in members)
    return firsts


class _Work:
    """The records of some groups, before and after, and where each group starts from."""

    def __init__(
        self,
        account: AccountRow,
        change: AccountChange,
        policy: MethodPolicy,
        firsts: Mapping[Group, date],
    ) -> None:
        self.account = account
        self.change = change
        self.policy = policy
        self.group_of = {member: group for group in firsts for member in group}
        self.currencies = CostCurrencies()
        self.starts: dict[Group, Checkpoint] = {}
        self.before: dict[Group, list[Transaction]] = {}
        self.after: dict[Group, list[Transaction]] = {}

    async def read(self, session: AsyncSession, found: checkpoints.Found) -> None:
        """Everything the replays need, in a few queries however many groups there are."""
        cuts = {
            member: found.starts[group].through if group in found.starts else None
            for member, group in self.group_of.items()
        }
        now = await repository.records_after(session, self.account.id, cuts)
        added = {record.id for record in self.change.added}
        kept = [record for record in now if record.id not in added]
        were = [*kept, *(record for record in self.change.removed if not is_loose(record))]
        self.currencies = await cost_currencies(
            session,
            self.account,
            [*now, *self.change.removed],
            also=checkpoints.currencies_of(found.starts.values()),
        )
        self.starts = {
            group: start.read(self.currencies.codes) for group, start in found.starts.items()
        }
        sent, earlier = await self._sent(session, now, were)
        stays = {key: lots for key, lots in sent.items() if key[0] not in self.change.relinked}
        self.after = self._by_group(_arrived(now, earlier, sent))
        self.before = self._by_group(_arrived(were, earlier, stays | self.change.sent_before))

    async def _sent(
        self, session: AsyncSession, now: Sequence[Transaction], were: Sequence[Transaction]
    ) -> tuple[SentLots, list[Transaction]]:
        """What travels to the account, and arrivals before the days worked on that take of it."""
        wanted = {r.link_id for r in (*now, *were) if r.link_id is not None}
        if not wanted:
            return {}, []
        sent = await links.travelling_lots(session, self.account.id, wanted)
        known = {record.id for record in now}
        linked = await repository.linked_records(session, self.account.id, wanted)
        return sent, [record for record in linked if record.id not in known]

    def _by_group(self, records: Iterable[Transaction]) -> dict[Group, list[Transaction]]:
        found: dict[Group, list[Transaction]] = {}
        for record in records:
            found.setdefault(self.group_of[record.instrument_id], []).append(record)
        return found

    def replay(self, group: Group) -> tuple[Replayed, Replayed]:
        """The group as it was and as it is."""
        start = self.starts.get(group)

        def of(records: Sequence[Transaction]) -> Replayed:
            return replay_group(records, start, method=self.policy, currencies=self.currencies)

        return of(self.before.get(group, ())), of(self.after.get(group, ()))


def _arrived(
    records: Sequence[Transaction], earlier: Sequence[Transaction], sent: SentLots
) -> list[Transaction]:
    """The records with the lots they bring; arrivals of earlier days take theirs first."""
    if not sent:
        return list(records)
    ids = {record.id for record in records}
    return [record for record in with_arrivals([*earlier, *records], sent) if record.id in ids]


def _of_loose(change: AccountChange) -> Change:
    """Records that move no lots: only what is to be noted of them."""
    return Change(
        LedgerState(notes=replay([r for r in change.removed if is_loose(r)]).notes),
        LedgerState(notes=replay([r for r in change.added if is_loose(r)]).notes),
    )


@exact
def _cash_moved(change: AccountChange) -> dict[str, Decimal]:
    moved: dict[str, Decimal] = {}
    for records, sign in ((change.added, 1), (change.removed, -1)):
        for record in records:
            for currency, amount in cash_effects(record):
                moved[currency] = moved.get(currency, Decimal(0)) + sign * amount
    return moved
