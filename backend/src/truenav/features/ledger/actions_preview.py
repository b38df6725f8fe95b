"""What applying an event would change, worked out in memory; nothing is written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.explaining import Trail
from truenav.core.ledger.lots import Lot, LotClosure
from truenav.core.ledger.replay import LedgerState, realized_gains, replay
from truenav.core.ledger.state import Position, ReviewNote
from truenav.core.ledger.transactions import InstrumentRef, Transaction, TransactionDraft
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import mapping, repository
from truenav.features.ledger.costs import cost_currencies
from truenav.features.ledger.rebuilding import arrived
from truenav.features.ledger.trail import trail_of_state
from truenav.platform.clock import new_id
from truenav.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Side:
    """An account before or after: what concerns the event's instruments, and all its cash."""

    positions: Mapping[InstrumentId, Position]
    lots: Sequence[Lot]
    cash: Mapping[str, Decimal]
    realized: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Change:
    """Both sides, the gains that the event's own records realize, and what would be noted."""

    before: Side
    after: Side
    closures: Sequence[LotClosure]
    notes: Sequence[ReviewNote]
    moves_other_accounts: bool
    # for whoever explains it: the event's records, all gains after, and what lots came from
    added: Mapping[TransactionId, Transaction]
    closures_before: Sequence[LotClosure]
    closures_after: Sequence[LotClosure]
    trail_before: Trail
    trail: Trail


async def preview_records(
    uow: UnitOfWork,
    account: AccountRow,
    drafts: Sequence[TransactionDraft],
    instruments: Mapping[InstrumentRef, InstrumentId],
) -> Change:
    """The account today without and with the drafts among its records."""
    session = uow.session
    records = await repository.live_transactions(session, [account.id])
    added = _as_records(account, drafts, instruments, len(records))
    method = await repository.method_policy(session, account)

    async def state(of: Sequence[Transaction]) -> LedgerState:
        return replay(
            await arrived(session, account.id, of),
            method=method,
            currencies=await cost_currencies(session, account, of),
        )

    before, after = await state(records), await state([*records, *added])
    concerned = set(instruments.values())
    own = {record.id for record in added}
    known = {(note.transaction_id, note.reason_code) for note in before.notes}
    return Change(
        _side(before, concerned),
        _side(after, concerned),
        [closure for closure in after.closures if closure.closed_by in own],
        [n for n in after.notes if (n.transaction_id, n.reason_code) not in known],
        moves_other_accounts=before.departures != after.departures,
        added={record.id: record for record in added},
        closures_before=[c for c in before.closures if c.instrument_id in concerned],
        closures_after=[c for c in after.closures if c.instrument_id in concerned],
        trail_before=await trail_of_state(session, account, records, before),
        trail=await trail_of_state(session, account, [*records, *added], after),
    )


def _as_records(
    account: AccountRow,
    drafts: Iterable[TransactionDraft],
    instruments: Mapping[InstrumentRef, InstrumentId],
    last: int,
) -> list[Transaction]:
    """The drafts as they would be read back; after every record of their day."""
    return [
        mapping.to_transaction(
            SimpleNamespace(
                **mapping.draft_values(draft),
                id=new_id(),
                account_id=account.id,
                sequence=10**9 + last + place,
                instrument_id=instruments[draft.instrument] if draft.instrument else None,
                source_instrument_id=instruments[draft.source] if draft.source else None,
                chain_id=None,
            )
        )
        for place, draft in enumerate(drafts)
    ]


def _side(state: LedgerState, concerned: Collection[UUID]) -> Side:
    return Side(
        {p.instrument_id: p for p in state.positions() if p.instrument_id in concerned},
        [lot for lot in state.open_lots() if lot.instrument_id in concerned],
        {code: amount for code, amount in state.cash.items() if amount},
        realized_gains(c for c in state.closures if c.instrument_id in concerned),
    )
