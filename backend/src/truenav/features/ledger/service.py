"""Posting and taking back: append records, replay the account, replace what follows, announce."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.events import TransactionsPosted
from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.methods import MethodPolicy
from truenav.core.ledger.replay import LedgerState
from truenav.core.ledger.transactions import (
    InstrumentRef,
    TransactionDraft,
    TransactionKind,
)
from truenav.features.accounts.service import choose_lot_method
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.repository import want_prices
from truenav.features.ledger import mapping, rebuilding, repository
from truenav.features.ledger.tables import TransactionRow
from truenav.platform.clock import new_id
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

KeyedDraft = tuple[TransactionDraft, str]


class AlreadyReversed(TruenavError):
    """A record that was taken back before, or is a reversal itself."""

    kind = ErrorKind.CONFLICT
    code = "already_reversed"


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
    links = {draft.link_id for draft, _ in drafts if draft.link_id is not None}
    account = await _locked(uow, account_id, links)
    in_use = await repository.keys_in_use(uow.session, account_id)
    sequence = await repository.next_sequence(uow.session, account_id)
    rows: list[dict[str, Any]] = []
    for draft, key in drafts:
        free = free_key(key, in_use)
        if free is None:
            continue
        in_use[free] = True
        instrument = instruments[draft.instrument] if draft.instrument else None
        rows.append(
            {
                "tenant_id": uow.tenant_id,
                "id": new_id(),
                "account_id": account_id,
                "instrument_id": instrument,
                "sequence": sequence + len(rows),
                **mapping.draft_values(draft),
                "source_instrument_id": instruments[draft.source] if draft.source else None,
                "import_batch_id": batch_id,
                "import_row_number": draft.row_number if batch_id else None,
                "idempotency_key": free,
                "recorded_by": uow.user_id,
            }
        )
    if rows:
        await repository.add_transactions(uow.session, rows)
        await want_prices(uow.session, {r["instrument_id"] for r in rows if r["instrument_id"]})
        await rebuilding.rebuild(uow, account)
        earliest = min(row["trade_date"] for row in rows)
        uow.emit(TransactionsPosted(account_id, earliest))
    return PostResult(len(rows), len(drafts) - len(rows), tuple(row["id"] for row in rows))


def free_key(key: str, in_use: Mapping[str, bool]) -> str | None:
    """The key to post under; None when a record that counts holds it already."""
    generation, candidate = 1, key
    while candidate in in_use:
        if in_use[candidate]:
            return None
        generation += 1
        candidate = f"{key}~{generation}"
    return candidate


async def reverse_transactions(uow: UnitOfWork, rows: Sequence[TransactionRow]) -> int:
    """Take records back: one reversal each, then rebuild every account they touch.

    Raises:
        AlreadyReversed: one of them does not count any more.
    """
    for account_id in sorted({row.account_id for row in rows}):
        account = await _locked(uow, AccountId(account_id))
        of_account = [row for row in rows if row.account_id == account_id]
        still = await repository.find_rows(uow.session, [row.id for row in of_account])
        if len(still) != len(of_account):
            raise AlreadyReversed("some of these records were taken back before")
        sequence = await repository.next_sequence(uow.session, account_id)
        reversals = [
            {
                "tenant_id": uow.tenant_id,
                "id": new_id(),
                "account_id": account_id,
                "instrument_id": row.instrument_id,
                "sequence": sequence + index,
                "kind": TransactionKind.REVERSAL.value,
                "trade_date": row.trade_date,
                "currency": row.currency,
                "reverses_id": row.id,
                "idempotency_key": f"reversal:{row.id}",
                "recorded_by": uow.user_id,
            }
            for index, row in enumerate(of_account)
        ]
        await repository.add_transactions(uow.session, reversals)
        await rebuilding.rebuild(uow, account)
        earliest = min(row.trade_date for row in of_account)
        uow.emit(TransactionsPosted(AccountId(account_id), earliest))
    return len(rows)


async def reverse_batch(uow: UnitOfWork, batch_id: UUID) -> int:
    """Take back every record of one import that still counts."""
    rows = await repository.transactions_of_batch(uow.session, batch_id)
    return await reverse_transactions(uow, rows)


async def set_lot_methods(
    uow: UnitOfWork,
    account_id: AccountId,
    version: int,
    policy: MethodPolicy,
    tax_currency: str | None = None,
) -> int:
    """Choose which lots sales take, and the tax currency; all is worked out again. The version.

    Raises:
        NotFound: no such account.
        StaleVersion: somebody changed the account since.
    """
    await _locked(uow, account_id)
    account = await choose_lot_method(uow, account_id, version, policy.first, tax_currency)
    await repository.replace_method_changes(uow.session, uow.tenant_id, account_id, policy)
    await rebuilding.rebuild(uow, account)
    return account.version


async def rebuild_account(uow: UnitOfWork, account_id: AccountId) -> LedgerState:
    """Rebuild what follows from the account's records; changes nothing if nothing is wrong."""
    return await rebuilding.rebuild(uow, await _locked(uow, account_id))


async def _locked(uow: UnitOfWork, account_id: AccountId, links: Iterable[UUID] = ()) -> AccountRow:
    account = await repository.lock_account(uow.session, account_id, links)
    if account is None:
        raise NotFound("no such account")
    return account


def instrument_refs(drafts: Iterable[KeyedDraft]) -> list[InstrumentRef]:
    """What the drafts refer to, each once, in order."""
    named = (ref for draft, _ in drafts for ref in (draft.instrument, draft.source))
    return list(dict.fromkeys(ref for ref in named if ref is not None))
