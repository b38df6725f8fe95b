"""Records added and taken back in one unit of work; what follows is worked out once, at the end."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.events import TransactionsPosted
from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.state import ReviewNote
from truenav.core.ledger.transactions import InstrumentRef, TransactionDraft, TransactionKind
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.repository import want_prices
from truenav.features.ledger import mapping, rebuilding, repository
from truenav.features.ledger.incremental import AccountChange
from truenav.features.ledger.mapping import to_transaction
from truenav.features.ledger.tables import TransactionRow
from truenav.platform.clock import new_id
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

# What a sale of more than is held is noted as, and what an account may refuse.
OVERSOLD = frozenset({"sold_more_than_held", "more_than_held"})


class AlreadyReversed(TruenavError):
    """A record that was taken back before, or is a reversal itself."""

    kind = ErrorKind.CONFLICT
    code = "already_reversed"


class Oversold(TruenavError):
    """More would leave than is held, in an account that is set to refuse that."""

    kind = ErrorKind.CONFLICT
    code = "oversold"


class LedgerEdit:
    """One person's or job's change of the records of some accounts.

    `open` locks the accounts, and those that lots travel to, in the order of their ids; `add` and
    `reverse` collect; `finish` writes, rebuilds each account once, and announces.
    """

    def __init__(self, uow: UnitOfWork, *, batch_id: UUID | None = None) -> None:
        self.uow = uow
        self.batch_id = batch_id
        self.accounts: dict[UUID, AccountRow] = {}
        self._keys: dict[UUID, dict[str, bool]] = {}
        self._next: dict[UUID, int] = {}
        self._rows: list[dict[str, Any]] = []
        self._earliest: dict[UUID, date] = {}
        self._first: dict[UUID, int] = {}
        self._reversed: list[TransactionRow] = []

    async def open(
        self,
        account_ids: Iterable[UUID],
        *,
        links: Collection[UUID] = (),
        keys: Mapping[UUID, Collection[str]] | None = None,
    ) -> None:
        """Lock the accounts; know which of the keys they hold already.

        Raises:
            NotFound: one of the accounts is none.
        """
        wanted = set(account_ids)
        self.accounts = await repository.lock_accounts(self.uow.session, wanted, links)
        if not wanted <= self.accounts.keys():
            raise NotFound("no such account")
        for account_id in wanted:
            asked = (keys or {}).get(account_id, ())
            self._keys[account_id] = await repository.keys_in_use(
                self.uow.session, account_id, asked
            )
            self._next[account_id] = await repository.next_sequence(self.uow.session, account_id)
        self._first = dict(self._next)

    def add(
        self,
        account_id: UUID,
        draft: TransactionDraft,
        instruments: Mapping[InstrumentRef, InstrumentId],
        key: str,
        **corrects: UUID | None,
    ) -> UUID | None:
        """Add a record under a key; None when a record that counts holds the key already."""
        values = {
            **mapping.draft_values(draft),
            "instrument_id": instruments[draft.instrument] if draft.instrument else None,
            "source_instrument_id": instruments[draft.source] if draft.source else None,
            "import_batch_id": self.batch_id,
            "import_row_number": draft.row_number if self.batch_id else None,
        }
        return self.add_values(account_id, values, key, **corrects)

    def add_values(
        self, account_id: UUID, values: dict[str, Any], key: str, **corrects: UUID | None
    ) -> UUID | None:
        """The same, of columns."""
        free = free_key(key, self._keys[account_id])
        if free is None:
            return None
        self._keys[account_id][free] = True
        return self._append(
            account_id, {**values, **corrects, "idempotency_key": free}, values["trade_date"]
        )

    def reverse(self, row: TransactionRow) -> None:
        """Take a record back; its key is free again."""
        self._keys[row.account_id][row.idempotency_key] = False
        self._reversed.append(row)
        values = {
            "kind": TransactionKind.REVERSAL.value,
            "instrument_id": row.instrument_id,
            "trade_date": row.trade_date,
            "currency": row.currency,
            "reverses_id": row.id,
            "idempotency_key": f"reversal:{row.id}",
        }
        self._append(row.account_id, values, row.trade_date)

    def _append(self, account_id: UUID, values: dict[str, Any], day: date) -> UUID:
        sequence = self._next[account_id]
        self._next[account_id] = sequence + 1
        self._earliest[account_id] = min(day, self._earliest.get(account_id, day))
        row_id = new_id()
        row = {
            "tenant_id": self.uow.tenant_id,
            "id": row_id,
            "account_id": account_id,
            "sequence": sequence,
            "recorded_by": self.uow.user_id,
            **values,
        }
        self._rows.append(row)
        return row_id

    async def finish(self, *, may_refuse: bool = True) -> int:
        """Write and rebuild; how many rows were written.

        Args:
            may_refuse: Whether an account set to refuse oversold sales does: when a person asks.

        Raises:
            Oversold: a record would now sell more than is held and did not before.
        """
        if not self._rows:
            return 0
        session = self.uow.session
        guarded = {
            account_id: await repository.noted_chains(session, account_id, OVERSOLD)
            for account_id in self._earliest
            if may_refuse and self.accounts[account_id].oversell == "refuse"
        }
        for rows in _of_one_shape(self._rows):
            await repository.add_transactions(session, rows)
        await want_prices(session, {row["instrument_id"] for row in self._rows} - {None})
        changes = {
            account_id: AccountChange(
                added=await repository.records_since(session, account_id, self._first[account_id]),
                removed=[to_transaction(r) for r in self._reversed if r.account_id == account_id],
            )
            for account_id in self._earliest
        }
        notes = await rebuilding.update(self.uow, changes, self.accounts)
        for account_id in sorted(self._earliest):
            if account_id in guarded:
                await self._refuse_oversold(notes[account_id], guarded[account_id])
            self.uow.emit(TransactionsPosted(AccountId(account_id), self._earliest[account_id]))
        return len(self._rows)

    async def _refuse_oversold(self, notes: Iterable[ReviewNote], before: Collection[UUID]) -> None:
        noted = [note for note in notes if note.reason_code in OVERSOLD]
        chains = await repository.chains_of(self.uow.session, [n.transaction_id for n in noted])
        for note in noted:
            if chains[note.transaction_id] in before:
                continue
            row = await repository.find_transaction(self.uow.session, note.transaction_id)
            symbol = row.symbol if row is not None else ""
            raise Oversold(
                f"more {symbol or 'units'} would leave than the account holds",
                transaction_id=str(note.transaction_id),
                symbol=symbol or "",
                trade_date=row[0].trade_date.isoformat() if row is not None else "",
            )


def _of_one_shape(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows by which columns they fill: reversals fill few, and are written together."""
    shapes: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        shapes.setdefault(tuple(sorted(row)), []).append(row)
    # what a reversal or a replacement names is written before it
    return list(shapes.values())


def typed_key(name: str | None) -> str:
    """The key of a record typed under a name of the caller's: a mark in it is no generation."""
    return "manual:" + (name or "").replace("%", "%25").replace("~", "%7E")


def free_key(key: str, in_use: Mapping[str, bool]) -> str | None:
    """The key to post under; None when a record that counts holds it already."""
    generation, candidate = 1, key
    while candidate in in_use:
        if in_use[candidate]:
            return None
        generation += 1
        candidate = f"{key}~{generation}"
    return candidate


def base_key(key: str) -> str:
    """The key a generation belongs to."""
    base, mark, generation = key.rpartition("~")
    return base if mark and generation.isdigit() else key
