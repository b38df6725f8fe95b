"""SQL of the ledger. `transactions` are only inserted; the derived tables are replaced."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Uuid,
    cast,
    delete,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from truenav.core.ids import InstrumentId
from truenav.core.ledger.groups import EXCHANGE_KINDS, Member, Tie
from truenav.core.ledger.methods import LotMethod, MethodPolicy
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import mapping
from truenav.features.ledger.links import linked_account_ids
from truenav.features.ledger.tables import (
    TIES,
    LotMethodChangeRow,
    ReviewNoteRow,
    TransactionRow,
)
from truenav.platform.bulk import insert_rows

_reversal = aliased(TransactionRow)
_ending = aliased(TransactionRow)  # the same, joined instead of looked for


# Follows from what a reversal is joined by. Said once more it lets a query over a whole list read
# the reversals alone out of their index; a page looks each of its few records up, and must not.
OF_WHOLE_LIST = _reversal.reverses_id.is_not(None)


def is_reversed(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a later record takes this one back; `more` is said of that one."""
    return exists().where(
        _reversal.tenant_id == TransactionRow.tenant_id,
        _reversal.reverses_id == TransactionRow.id,
        *more,
    )


def is_live(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Neither a reversal nor reversed: it counts."""
    return (TransactionRow.kind != TransactionKind.REVERSAL.value) & ~is_reversed(*more)


async def lock_accounts(
    session: AsyncSession, account_ids: Iterable[UUID], links: Iterable[UUID] = ()
) -> dict[UUID, AccountRow]:
    """Lock accounts until commit: postings to one account go one after another.

    Accounts that share a link with them, or will, are locked too, in the order of their ids: lots
    travel between them, and two postings must not wait for each other.
    """
    ids = await linked_account_ids(session, account_ids, links)
    query = (
        select(AccountRow)
        .where(AccountRow.id.in_(ids))
        .order_by(AccountRow.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in await session.scalars(query)}


async def method_policy(session: AsyncSession, account: AccountRow) -> MethodPolicy:
    """Which lots sales of the account take, day by day."""
    query = select(LotMethodChangeRow.begins_on, LotMethodChangeRow.lot_method).where(
        LotMethodChangeRow.account_id == account.id
    )
    rows = (await session.execute(query)).all()
    changes = tuple(sorted((row.begins_on, LotMethod(row.lot_method)) for row in rows))
    return MethodPolicy(changes, LotMethod(account.lot_method))


async def replace_method_changes(
    session: AsyncSession, tenant_id: UUID, account_id: UUID, policy: MethodPolicy
) -> None:
    """Put new changes of method in the place of the old."""
    table = LotMethodChangeRow
    await session.execute(delete(table).where(table.account_id == account_id))
    rows = [
        {
            "tenant_id": tenant_id,
            "account_id": account_id,
            "begins_on": begins,
            "lot_method": method.value,
        }
        for begins, method in policy.changes
    ]
    await insert_rows(session, LotMethodChangeRow, rows)


async def next_sequence(session: AsyncSession, account_id: UUID) -> int:
    """The first free place in the account's order; call with the account locked."""
    query = select(func.coalesce(func.max(TransactionRow.sequence), 0)).where(
        TransactionRow.account_id == account_id
    )
    return (await session.scalar(query) or 0) + 1


MANY_KEYS = 500


async def keys_in_use(
    session: AsyncSession, account_id: UUID, wanted: Collection[str] | None = None
) -> dict[str, bool]:
    """Idempotency key → whether its record counts (False: it was reversed).

    Of the keys wanted, and of the generations that follow those that are free again; of all keys
    of the account where none are named or very many.
    """
    query = select(TransactionRow.idempotency_key, is_reversed().label("reversed")).where(
        TransactionRow.account_id == account_id,
        TransactionRow.kind != TransactionKind.REVERSAL.value,
    )
    if wanted is None or len(wanted) > MANY_KEYS:
        return {row.idempotency_key: not row.reversed for row in await session.execute(query)}
    found: dict[str, bool] = {}
    asked, generation = {key: key for key in wanted}, 1
    while asked:
        those = query.where(TransactionRow.idempotency_key.in_(list(asked.values())))
        counts = {row.idempotency_key: not row.reversed for row in await session.execute(those)}
        found |= counts
        generation += 1
        asked = {
            key: f"{key}~{generation}"
            for key, candidate in asked.items()
            if counts.get(candidate) is False
        }
    return found


async def rows_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, TransactionRow]:
    """Records by id, whether they count or not; reversals are none."""
    query = select(TransactionRow).where(
        TransactionRow.id.in_(list(ids)), TransactionRow.kind != TransactionKind.REVERSAL.value
    )
    return {row.id: row for row in await session.scalars(query)}


def chain_id() -> ColumnElement[UUID]:
    """The first record of the chain a record belongs to."""
    return func.coalesce(TransactionRow.chain_id, TransactionRow.id)


async def live_of_chains(session: AsyncSession, chains: Iterable[UUID]) -> dict[UUID, UUID]:
    """Chain → its record that counts, for chains that have one."""
    wanted = list(chains)
    query = select(chain_id(), TransactionRow.id).where(
        TransactionRow.chain_id.in_(wanted) | TransactionRow.id.in_(wanted), is_live()
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def chains_of(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Record → chain."""
    query = select(TransactionRow.id, chain_id()).where(TransactionRow.id.in_(list(ids)))
    return {row[0]: row[1] for row in await session.execute(query)}


async def noted_chains(
    session: AsyncSession, account_id: UUID, reason_codes: Collection[str]
) -> set[UUID]:
    """Chains of the account's records that are noted for one of the reasons."""
    query = (
        select(chain_id())
        .join(ReviewNoteRow, ReviewNoteRow.transaction_id == TransactionRow.id)
        .where(
            ReviewNoteRow.account_id == account_id,
            ReviewNoteRow.reason_code.in_(list(reason_codes)),
        )
    )
    return set(await session.scalars(query))


async def versions(session: AsyncSession, chain: UUID) -> Sequence[Any]:
    """Every record of a chain, the oldest first, with when and by whom it was taken back."""
    query = (
        with_names((TransactionRow.chain_id == chain) | (TransactionRow.id == chain))
        .outerjoin(
            _ending,
            (_ending.tenant_id == TransactionRow.tenant_id)
            & (_ending.reverses_id == TransactionRow.id),
        )
        .add_columns(_ending.recorded_at.label("ended_at"), _ending.recorded_by.label("ended_by"))
        .order_by(TransactionRow.sequence, TransactionRow.id)
    )
    return (await session.execute(query)).all()


async def add_transactions(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Append records; nothing ever changes or removes one."""
    await insert_rows(session, TransactionRow, rows)


async def live_transactions(
    session: AsyncSession,
    account_ids: Iterable[UUID],
    *,
    through: date | None = None,
    known_before: datetime | None = None,
) -> list[Transaction]:
    """Every record of the accounts that counts, in no particular order.

    Of days up to `through`, if one is given; those that counted just before `known_before`, else
    those that count now.
    """
    counts = is_live() if known_before is None else was_live(known_before)
    query = select(*mapping.TRANSACTION_COLUMNS).where(
        TransactionRow.account_id.in_(list(account_ids)), counts
    )
    if through is not None:
        query = query.where(TransactionRow.trade_date <= through)
    return [mapping.to_transaction(row) for row in await session.execute(query)]


def _live() -> Any:
    return select(*mapping.TRANSACTION_COLUMNS).where(is_live())


async def records_since(
    session: AsyncSession, account_id: UUID, sequence: int
) -> list[Transaction]:
    """Records of the account from a place in its order on, that count."""
    query = _live().where(
        TransactionRow.account_id == account_id, TransactionRow.sequence >= sequence
    )
    return [mapping.to_transaction(row) for row in await session.execute(query)]


async def records_after(
    session: AsyncSession, account_id: UUID, cuts: Mapping[Member, date | None]
) -> list[Transaction]:
    """Records that count of some instruments, each after a day of its own, or all of them.

    Under None only legs of exchanges are meant.
    """
    wanted = {member: day or date.min for member, day in cuts.items() if member is not None}
    if not wanted:
        return []
    cut = select(
        func.unnest(cast(list(wanted), ARRAY(Uuid))).label("instrument_id"),
        func.unnest(cast(list(wanted.values()), ARRAY(Date))).label("day"),
    ).subquery("cut")
    query = _live().join(
        cut,
        (TransactionRow.instrument_id == cut.c.instrument_id)
        & (TransactionRow.trade_date > cut.c.day),
    )
    rows = list(await session.execute(query.where(TransactionRow.account_id == account_id)))
    if None in cuts:
        nameless = _live().where(
            TransactionRow.account_id == account_id,
            TransactionRow.instrument_id.is_(None),
            TransactionRow.kind.in_(list(EXCHANGE_KINDS)),
            TransactionRow.trade_date > (cuts[None] or date.min),
        )
        rows += await session.execute(nameless)
    return [mapping.to_transaction(row) for row in rows]


async def linked_records(
    session: AsyncSession, account_id: UUID, links: Iterable[UUID]
) -> list[Transaction]:
    """Records of the account under the links that name an instrument and count."""
    query = _live().where(
        TransactionRow.account_id == account_id,
        TransactionRow.link_id.in_(list(links)),
        TransactionRow.instrument_id.is_not(None),
    )
    return [mapping.to_transaction(row) for row in await session.execute(query)]


async def ties(session: AsyncSession, account_id: UUID) -> list[Tie]:
    """What ties instruments of the account together, of records that count and that did."""
    table = TransactionRow
    columns = (
        table.instrument_id, table.source_instrument_id, table.link_id, table.kind,
        table.trade_date,
    )  # fmt: skip
    query = select(*columns).where(table.account_id == account_id, text(f"({TIES})")).distinct()
    return [
        Tie(
            InstrumentId(row.instrument_id) if row.instrument_id else None,
            InstrumentId(row.source_instrument_id) if row.source_instrument_id else None,
            row.link_id,
            TransactionKind(row.kind),
            row.trade_date,
        )
        for row in await session.execute(query)
    ]


def was_live(before: datetime, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a record counted just before an instant: recorded, and not yet taken back."""
    return (
        (TransactionRow.kind != TransactionKind.REVERSAL.value)
        & (TransactionRow.recorded_at < before)
        & ~exists().where(
            _reversal.tenant_id == TransactionRow.tenant_id,
            _reversal.reverses_id == TransactionRow.id,
            _reversal.recorded_at < before,
            *more,
        )
    )


async def accounts_by_id(session: AsyncSession, ids: Iterable[UUID]) -> Sequence[AccountRow]:
    """Accounts, in the order of their ids."""
    query = select(AccountRow).where(AccountRow.id.in_(list(ids))).order_by(AccountRow.id)
    return (await session.scalars(query)).all()


def with_names(*conditions: ColumnElement[bool]) -> Any:
    """Records with the names beside them, whether they were reversed and why to review them."""
    reasons = (
        select(func.array_agg(ReviewNoteRow.reason_code))
        .where(ReviewNoteRow.transaction_id == TransactionRow.id)
        .scalar_subquery()
    )
    return (
        select(
            TransactionRow,
            AccountRow.name.label("account_name"),
            InstrumentRow.symbol.label("symbol"),
            InstrumentRow.name.label("instrument_name"),
            is_reversed().label("is_reversed"),
            reasons.label("review_reasons"),
        )
        .join(
            AccountRow,
            # the whole foreign key: half of it lets the planner expect a row or none, and read
            # every record of the tenant instead of walking the index from the cursor on
            (AccountRow.tenant_id == TransactionRow.tenant_id)
            & (AccountRow.id == TransactionRow.account_id),
        )
        .join(
            InstrumentRow,
            InstrumentRow.id == TransactionRow.instrument_id,
            isouter=True,
        )
        .where(*conditions)
    )


async def find_transaction(session: AsyncSession, transaction_id: UUID) -> Any | None:
    """One record with its names."""
    query = with_names(TransactionRow.id == transaction_id)
    return (await session.execute(query)).one_or_none()


async def find_transactions(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Any]:
    """Records with their names, by id."""
    query = with_names(TransactionRow.id.in_(list(ids)))
    return {row[0].id: row for row in await session.execute(query)}


async def transactions_of_batch(session: AsyncSession, batch_id: UUID) -> Sequence[TransactionRow]:
    """Records of one import that still count."""
    query = select(TransactionRow).where(TransactionRow.import_batch_id == batch_id, is_live())
    return (await session.scalars(query)).all()


async def find_rows(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[TransactionRow]:
    """Records by id."""
    query = select(TransactionRow).where(TransactionRow.id.in_(ids), is_live())
    return (await session.scalars(query)).all()
