"""Corrections: a record is never changed, it is taken back and another one stands in its place.

The records that stood in one place are a chain, named by its first. A record's id is its version:
who corrects one that no longer counts is shown the one that does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import InstrumentRef, TransactionDraft
from truenav.features.ledger import repository
from truenav.features.ledger.bodies import transaction_out
from truenav.features.ledger.posting import LedgerEdit, base_key
from truenav.features.ledger.tables import TransactionRow
from truenav.platform.audit import record
from truenav.platform.problems import InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

Op = Literal["create", "correct", "reverse", "restore"]
NOT_COPIED = frozenset(
    {
        "tenant_id", "id", "account_id", "sequence", "recorded_at", "recorded_by", "reverses_id",
        "replaces_id", "chain_id", "idempotency_key",
    }
)  # fmt: skip
COPIED = tuple(
    column.key for column in TransactionRow.__table__.columns if column.key not in NOT_COPIED
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing to do to the records; `key` names a creation so that it happens once."""

    op: Op
    transaction_id: UUID | None = None
    account_id: UUID | None = None
    draft: TransactionDraft | None = None
    instruments: dict[InstrumentRef, InstrumentId] | None = None
    key: str = ""


async def apply(uow: UnitOfWork, operations: Sequence[Operation]) -> list[UUID]:
    """Do all of it or nothing, in order; the record each operation is about afterwards.

    Raises:
        NotFound: a record or account is none.
        StaleVersion: a record no longer counts (or, to restore, counts again); carries the one
            that does.
        Oversold: an account is set to refuse what would now be sold.
    """
    named = await repository.rows_by_id(
        uow.session, {o.transaction_id for o in operations if o.transaction_id is not None}
    )
    for operation in operations:
        if operation.transaction_id is not None and operation.transaction_id not in named:
            raise NotFound("no such transaction")
    edit = LedgerEdit(uow)
    await edit.open(
        {row.account_id for row in named.values()}
        | {o.account_id for o in operations if o.account_id is not None},
        links={o.draft.link_id for o in operations if o.draft and o.draft.link_id}
        | {row.link_id for row in named.values() if row.link_id},
        keys=_keys(operations, named),
    )
    chains = _Chains(await repository.live_of_chains(uow.session, _roots(named)), uow)
    done = [await _one(edit, chains, named, operation) for operation in operations]
    await edit.finish()
    return done


class _Chains:
    """Which record of each chain counts, as the operations go on."""

    def __init__(self, live: dict[UUID, UUID], uow: UnitOfWork) -> None:
        self.live = live
        self.uow = uow

    async def require(self, row: TransactionRow, expected: UUID | None) -> UUID:
        """The chain of a row, if what counts in it is what the editor expects.

        Raises:
            StaleVersion: it is not.
        """
        chain = row.chain_id or row.id
        found = self.live.get(chain)
        if found == expected:
            return chain
        current = await repository.find_transaction(self.uow.session, found) if found else None
        if current is None:
            raise StaleVersion("this record was deleted", {"id": None, "chain_id": str(chain)})
        raise StaleVersion(
            "somebody else changed this record",
            transaction_out(current).model_dump(mode="json"),
        )


async def _one(
    edit: LedgerEdit, chains: _Chains, named: dict[UUID, TransactionRow], operation: Operation
) -> UUID:
    if operation.op == "create":
        return await _create(edit, operation)
    row = named[operation.transaction_id] if operation.transaction_id else None
    if row is None:
        raise NotFound("no such transaction")
    if operation.op == "restore":
        chain = await chains.require(row, None)
        values = {name: getattr(row, name) for name in COPIED}
        found = edit.add_values(
            row.account_id, values, base_key(row.idempotency_key),
            replaces_id=row.id, chain_id=chain,
        )  # fmt: skip
    else:
        chain = await chains.require(row, row.id)
        edit.reverse(row)
        found = None
        if operation.op == "correct":
            found = _replace(edit, row, chain, operation)
    if found is None and operation.op != "reverse":
        raise StaleVersion("the same record was added again", {"id": None, "chain_id": str(chain)})
    if found is None:
        chains.live.pop(chain, None)
    else:
        chains.live[chain] = found
    await record(edit.uow, f"transaction.{operation.op}", "transaction", chain)
    return found or row.id


async def _create(edit: LedgerEdit, operation: Operation) -> UUID:
    if operation.draft is None or operation.account_id is None:
        raise InvalidFields([("/body/body", "a new record needs its values")])
    found = edit.add(
        operation.account_id, operation.draft, operation.instruments or {}, operation.key
    )
    if found is None:
        raise InvalidFields([("/body/client_ref", "names a record that was posted before")])
    return found


def _replace(
    edit: LedgerEdit, row: TransactionRow, chain: UUID, operation: Operation
) -> UUID | None:
    if operation.draft is None:
        raise InvalidFields([("/body/body", "a correction needs its values")])
    account_id = operation.account_id or row.account_id
    values: dict[str, Any] = {"replaces_id": row.id, "chain_id": chain}
    if account_id == row.account_id:
        # the file a record came from knows its replacement, so that importing it again adds nothing
        values |= {"import_batch_id": row.import_batch_id}
    return edit.add(
        account_id, operation.draft, operation.instruments or {},
        base_key(row.idempotency_key), **values,
    )  # fmt: skip


def _keys(
    operations: Sequence[Operation], named: dict[UUID, TransactionRow]
) -> dict[UUID, set[str]]:
    keys: dict[UUID, set[str]] = {}
    for operation in operations:
        row = named.get(operation.transaction_id) if operation.transaction_id else None
        key = base_key(row.idempotency_key) if row is not None else operation.key
        for account_id in {operation.account_id, row.account_id if row is not None else None}:
            if account_id is not None:
                keys.setdefault(account_id, set()).add(key)
    return keys


def _roots(named: dict[UUID, TransactionRow]) -> set[UUID]:
    return {row.chain_id or row.id for row in named.values()}


@dataclass(frozen=True, slots=True)
class Version:
    """One record of a chain: what it said, and what became of it."""

    row: Any
    ended_at: datetime | None
    ended_by: UUID | None


async def history(uow: UnitOfWork, transaction_id: UUID) -> list[Version]:
    """Every record that stood in one place, the oldest first.

    Raises:
        NotFound: no such record.
    """
    found = (await repository.rows_by_id(uow.session, {transaction_id})).get(transaction_id)
    if found is None:
        raise NotFound("no such transaction")
    rows = await repository.versions(uow.session, found.chain_id or found.id)
    return [Version(row, row.ended_at, row.ended_by) for row in rows]
