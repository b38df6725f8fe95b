"""Posting and taking back: append records, replay the account, replace what follows, announce."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.methods import MethodPolicy
from truenav.core.ledger.state import ReviewNote
from truenav.core.ledger.transactions import (
    InstrumentRef,
    TransactionDraft,
)
from truenav.features.accounts.service import change_ledger_settings
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import checkpoints, reads, rebuilding, repository
from truenav.features.ledger.posting import AlreadyReversed, LedgerEdit
from truenav.features.ledger.tables import TransactionRow
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork


class CurrencyInUse(TruenavError):
    """Files that state no currency were read in the account's: it stays while records count."""

    kind = ErrorKind.CONFLICT
    code = "currency_in_use"


KeyedDraft = tuple[TransactionDraft, str]


@dataclass(frozen=True, slots=True)
class PostResult:
    """How many drafts were new, and how many the account already held."""

    posted: int
    repeated: int
    ids: tuple[UUID, ...] = ()


async def post_transactions(
    uow: UnitOfWork,
    account_id: AccountId,
    drafts: Sequence[KeyedDraft],
    instruments: Mapping[InstrumentRef, InstrumentId],
    *,
    batch_id: UUID | None = None,
) -> PostResult:
    """Append the drafts to the account, rebuild what follows from its records, announce.

    Safe to repeat: a draft whose key the account already holds is counted, not posted. A key
    whose record was reversed is free again, as its next generation.

    Raises:
        NotFound: no such account.
    """
    edit = LedgerEdit(uow, batch_id=batch_id)
    await edit.open(
        [account_id],
        links={draft.link_id for draft, _ in drafts if draft.link_id is not None},
        keys={account_id: {key for _, key in drafts}},
    )
    added = [edit.add(account_id, draft, instruments, key) for draft, key in drafts]
    ids = tuple(found for found in added if found is not None)
    await edit.finish(may_refuse=batch_id is None)
    return PostResult(len(ids), len(drafts) - len(ids), ids)


async def reverse_transactions(
    uow: UnitOfWork, rows: Sequence[TransactionRow], *, may_refuse: bool = True
) -> int:
    """Take records back: one reversal each, then rebuild every account they touch.

    Raises:
        AlreadyReversed: one of them does not count any more.
    """
    edit = LedgerEdit(uow)
    await edit.open({row.account_id for row in rows}, links={r.link_id for r in rows if r.link_id})
    still = await repository.find_rows(uow.session, [row.id for row in rows])
    if len(still) != len(rows):
        raise AlreadyReversed("some of these records were taken back before")
    for row in rows:
        edit.reverse(row)
    await edit.finish(may_refuse=may_refuse)
    return len(rows)


async def reverse_batch(uow: UnitOfWork, batch_id: UUID) -> int:
    """Take back every record of one import that still counts."""
    rows = await repository.transactions_of_batch(uow.session, batch_id)
    return await reverse_transactions(uow, rows, may_refuse=False)


async def set_lot_methods(
    uow: UnitOfWork,
    account_id: AccountId,
    version: int,
    policy: MethodPolicy,
    settings: Mapping[str, str | None],
) -> AccountRow:
    """Choose which lots sales take, and what else decides; all is worked out again.

    `settings` are `base_currency` (None: as it is), `tax_currency` and `oversell`.

    Raises:
        NotFound: no such account.
        StaleVersion: somebody changed the account since.
        CurrencyInUse: another base currency, while records count.
    """
    before = await lock_account(uow, account_id)
    base_currency = settings["base_currency"] or before.base_currency
    if base_currency != before.base_currency and await reads.has_records(uow.session, [account_id]):
        raise CurrencyInUse(
            "the account's currency cannot change while it has transactions: amounts of files that"
            " name no currency were read in it. Take the imports back first, or choose a tax"
            " currency.",
            base_currency=before.base_currency,
        )
    values = {**settings, "base_currency": base_currency, "lot_method": policy.first.value}
    account = await change_ledger_settings(uow, account_id, version, values)
    await repository.replace_method_changes(uow.session, uow.tenant_id, account_id, policy)
    await rebuilding.rebuild(uow, account)
    return account


async def rebuild_account(uow: UnitOfWork, account_id: AccountId) -> list[ReviewNote]:
    """Rebuild what follows from the account's records; changes nothing if nothing is wrong."""
    return await rebuilding.rebuild(uow, await lock_account(uow, account_id))


async def ensure_built(uow: UnitOfWork, account_id: AccountId) -> None:
    """Work the account out if an older engine, or none, did; else nothing is done.

    Raises:
        NotFound: no such account.
    """
    if not await checkpoints.is_current(uow.session, account_id):
        await rebuild_account(uow, account_id)


async def lock_account(uow: UnitOfWork, account_id: AccountId) -> AccountRow:
    """Postings to the account wait until this unit of work ends.

    Raises:
        NotFound: no such account.
    """
    account = (await repository.lock_accounts(uow.session, [account_id])).get(account_id)
    if account is None:
        raise NotFound("no such account")
    return account


def instrument_refs(drafts: Iterable[KeyedDraft]) -> list[InstrumentRef]:
    """What the drafts refer to, each once, in order."""
    named = (ref for draft, _ in drafts for ref in (draft.instrument, draft.source))
    return list(dict.fromkeys(ref for ref in named if ref is not None))
