"""From an account's records to everything that follows from them, in the caller's unit of work."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import InstrumentId
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import CarriedLot, Transaction
from truenav.core.ledger.transfers import with_arrivals
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import repository
from truenav.features.marketdata.reads import fx_table_on
from truenav.platform.unit_of_work import UnitOfWork


async def rebuild(uow: UnitOfWork, account: AccountRow) -> LedgerState:
    """Replace what follows from the account's records, and from what it sends to other accounts.

    Lots that leave under a link may change what they are in the account they arrive in; it is
    rebuilt too, and so on. Every account that shares a link must be locked.
    """
    state, changed = await _rebuild_one(uow, account)
    # a lot passes a link once: more rounds than there are links cannot change anything
    rounds = len(await repository.link_ids(uow.session)) if changed else 0
    waiting = list(await repository.receiving_accounts(uow.session, account.id, changed))
    while waiting and rounds:
        rounds -= 1
        following: set[UUID] = set()
        for other in waiting:
            _, sent = await _rebuild_one(uow, other)
            found = await repository.receiving_accounts(uow.session, other.id, sent)
            following |= {row.id for row in found}
        waiting = list(await repository.accounts_by_id(uow.session, following))
    return state


async def _rebuild_one(uow: UnitOfWork, account: AccountRow) -> tuple[LedgerState, set[UUID]]:
    """Replay and replace one account; the links under which other lots leave now than before."""
    state = await replay_account(uow.session, account)
    before = await repository.sent_lots(uow.session, account.id)
    await repository.replace_derived(uow.session, uow.tenant_id, account.id, state)
    keys = before.keys() | state.departures.keys()
    changed = {key[0] for key in keys if before.get(key) != state.departures.get(key)}
    if changed:
        await repository.replace_sent_lots(uow.session, uow.tenant_id, account.id, state.departures)
    return state, changed


async def replay_account(
    session: AsyncSession,
    account: AccountRow,
    *,
    through: date | None = None,
    known_before: datetime | None = None,
) -> LedgerState:
    """What follows from the account's records; nothing is written.

    Up to the day `through`, if one is given; as they were known just before `known_before`, except
    that lots which travelled between accounts are taken as they are known today.
    """
    records = await repository.live_transactions(
        session, [account.id], through=through, known_before=known_before
    )
    return replay(
        await arrived(session, account.id, records),
        method=await repository.method_policy(session, account),
        currencies=await cost_currencies(session, account, records),
    )


async def arrived(
    session: AsyncSession, account_id: UUID, records: Sequence[Transaction]
) -> list[Transaction]:
    """The records, each linked arrival with the lots that other accounts sent under its link."""
    links = {record.link_id for record in records if record.link_id is not None}
    if not links:
        return list(records)
    travelling: dict[
        tuple[UUID, InstrumentId], tuple[CarriedLot, ...]
    ] = await repository.travelling_lots(session, account_id, links)
    return with_arrivals(records, travelling)


async def cost_currencies(
    session: AsyncSession, account: AccountRow, records: Iterable[Transaction]
) -> CostCurrencies:
    """The account's currency and the tax currency, with the rates of the days it has records on.

    None beside the traded one while everything is in one currency: its cost is the traded cost.
    """
    codes = tuple(
        dict.fromkeys((account.base_currency, account.tax_currency or account.base_currency))
    )
    days: set[date] = set()
    foreign: set[str] = set()
    for record in records:
        foreign.add(record.currency)
        days.add(record.trade_date)
        for lot in record.carried_lots:
            foreign.add(lot.currency or record.currency)
            days.add(lot.acquired_date)
    if foreign <= set(codes) and len(codes) == 1:
        return CostCurrencies()
    table = await fx_table_on(session, {*codes, *foreign}, days)

    def rate_on(day: date, source: str, target: str) -> Decimal | None:
        return table.rate(source, target, day)

    return CostCurrencies(codes, rate_on)
