"""One record into a long history: what it costs against working the whole account out again.

    python bench/append.py [records …]        default: 10000 100000

Two accounts of the same size on embedded PostgreSQL, as the worker's role under row security:
`wide` holds 200 instruments, `deep` one. Every candidate is a whole unit of work of the product:
connect, lock, insert, work out, write what differs, announce, commit.

- `rebuild` is what every posting would cost if it worked its account out from nothing.
- `append` posts a trade of a day after the last; `back-dated` one into the middle; `take back`
  reverses one in the middle.
- `days` values the account from the day of the append on, as the job that follows it does: thirty
  days, without prices, so that it is the reading of what was held that counts; `all days` replays
  the records for the same, as valuing once did.
- `limit` is the least: the same record inserted by one statement, nothing worked out.
- `instrument` replays the records of one instrument in memory, nothing read or written.

Goal A4 of docs/performance.md, on the clock.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from lots import DAYS, FIRST_DAY, Trade, made_up_trades, record
from measuring.rounds import goal, in_turn, table
from measuring.stage import Household, Stage, add_account, stage
from sqlalchemy import insert, select

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.replay import replay
from truenav.core.ledger.transactions import (
    AssetClass,
    CashPart,
    InstrumentRef,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.valuation.nav import Market, daily_nav
from truenav.core.valuation.series import FxTable
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import mapping, repository, service
from truenav.features.ledger.tables import TransactionRow
from truenav.features.valuation.service import rebuild_nav
from truenav.platform.clock import new_id
from truenav.platform.unit_of_work import UnitOfWork

ROUNDS = 5
MONTH = timedelta(days=30)
LAST_DAY = FIRST_DAY + timedelta(days=DAYS)
MIDDLE = FIRST_DAY + timedelta(days=DAYS // 2)


def draft(trade: Trade) -> TransactionDraft:
    """A trade as a person types it."""
    return TransactionDraft(
        row_number=1,
        kind=TransactionKind.BUY if trade.units > 0 else TransactionKind.SELL,
        trade_date=trade.day,
        instrument=ref(trade.symbol),
        quantity=trade.units,
        price=trade.price,
        currency="USD",
        gross=CashPart(amount=-trade.units * trade.price, currency="USD"),
    )


def ref(symbol: str) -> InstrumentRef:
    """The same for the same symbol."""
    return InstrumentRef(symbol=symbol, currency="USD", asset_class=AssetClass.EQUITY)


def add_instruments(on: Stage, symbols: list[str]) -> dict[InstrumentRef, InstrumentId]:
    """Shared instruments, without prices."""
    found: dict[InstrumentRef, InstrumentId] = {}
    with psycopg.connect(on.admin_dsn) as connection:
        for symbol in symbols:
            instrument_id = new_id()
            connection.execute(
                "INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)"
                " VALUES (%s, %s, %s, 'equity', 'USD', false)",
                (instrument_id, f"{symbol}-{instrument_id.hex[-6:]}", symbol),
            )
            found[ref(symbol)] = InstrumentId(instrument_id)
    return found


@dataclass
class Account:
    """One long history and what can be done to it."""

    stage: Stage
    who: Household
    trades: list[Trade]
    instruments: dict[InstrumentRef, InstrumentId]
    ids: list[UUID] = field(default_factory=list)
    posted: int = 0

    @property
    def symbol(self) -> str:
        """The instrument that is traded once more."""
        return self.trades[len(self.trades) // 2].symbol

    async def account_id(self, uow: UnitOfWork) -> AccountId:
        """The household's only account."""
        return AccountId((await uow.session.scalars(select(AccountRow.id))).one())

    def fill(self) -> None:
        """Post the whole history."""

        async def post(uow: UnitOfWork) -> None:
            keyed = [(draft(trade), f"trade:{n}") for n, trade in enumerate(self.trades)]
            account_id = await self.account_id(uow)
            result = await service.post_transactions(uow, account_id, keyed, self.instruments)
            self.ids = list(result.ids)

        self.stage.act(self.who, add_account, post)
        with psycopg.connect(self.stage.admin_dsn, autocommit=True) as connection:
            connection.execute("ANALYZE")  # what the server does by itself within a minute

    def post_on(self, day: date) -> None:
        """One more purchase."""
        self.posted += 1
        trade = Trade(day, self.symbol, Decimal(3), Decimal("101.50"))

        async def post(uow: UnitOfWork) -> None:
            keyed = [(draft(trade), f"more:{self.posted}")]
            await service.post_transactions(
                uow, await self.account_id(uow), keyed, self.instruments
            )

        self.stage.act(self.who, post)

    def take_back(self) -> None:
        """Reverse a record near the middle."""
        wanted = self.ids.pop(len(self.ids) // 2)

        async def reverse(uow: UnitOfWork) -> None:
            rows = await repository.find_rows(uow.session, [wanted])
            await service.reverse_transactions(uow, rows)

        self.stage.act(self.who, reverse)

    def rebuild(self) -> None:
        """Work everything out from nothing."""

        async def all_of_it(uow: UnitOfWork) -> None:
            await service.rebuild_account(uow, await self.account_id(uow))

        self.stage.act(self.who, all_of_it)

    def value_days(self) -> None:
        """The snapshots that follow an append."""

        async def value(uow: UnitOfWork) -> None:
            await rebuild_nav(uow, await self.account_id(uow), LAST_DAY, LAST_DAY + MONTH)

        self.stage.act(self.who, value)

    def value_by_replay(self) -> None:
        """The same days out of the records."""

        async def value(uow: UnitOfWork) -> None:
            account_id = await self.account_id(uow)
            records = await repository.live_transactions(uow.session, [account_id])
            market = Market(prices={}, multipliers={}, fx=FxTable({}))
            daily_nav(records, market, "USD", first_day=LAST_DAY, last_day=LAST_DAY + MONTH)

        self.stage.act(self.who, value)

    def insert_only(self) -> None:
        """The record alone."""
        self.posted += 1
        trade = Trade(LAST_DAY, self.symbol, Decimal(3), Decimal("101.50"))

        async def add(uow: UnitOfWork) -> None:
            account_id = await self.account_id(uow)
            values: dict[str, Any] = {
                **mapping.draft_values(draft(trade)),
                "tenant_id": uow.tenant_id,
                "id": new_id(),
                "account_id": account_id,
                "sequence": -self.posted,
                "idempotency_key": f"bare:{self.posted}",
            }
            await uow.session.execute(insert(TransactionRow), [values])

        self.stage.act(self.who, add)

    def replay_instrument(self) -> None:
        """The engine alone, over the records of one instrument."""
        of_one = [trade for trade in self.trades if trade.symbol == self.symbol]
        replay([record(trade, n) for n, trade in enumerate(of_one, 1)])


def deep(trades: list[Trade]) -> list[Trade]:
    """The same trades, all of one instrument; never short, as there is more bought than sold."""
    return [Trade(trade.day, "SYM000", trade.units, trade.price) for trade in trades]


def measure(name: str, account: Account) -> None:
    """Every candidate in turn on one account."""
    account.fill()
    candidates: dict[str, Callable[[], object]] = {
        "limit": account.insert_only,
        "instrument": account.replay_instrument,
        "append": lambda: account.post_on(LAST_DAY + timedelta(days=account.posted)),
        "back-dated": lambda: account.post_on(MIDDLE),
        "take back": account.take_back,
        "rebuild": account.rebuild,
        "days": account.value_days,
        "all days": account.value_by_replay,
    }
    rounds = ROUNDS if len(account.trades) <= 10_000 else 3
    measured = in_turn(candidates, rounds, account.stage.server_cpu)
    print(f"{len(account.trades):,} records, {name} account")
    table(measured, 1, "acts")
    rebuild = measured["rebuild"]
    for what in ("append", "back-dated", "take back"):
        found = measured[what]
        print(
            f"  {what}: {1 / found.times(rebuild, 'wall'):.0f} times faster than a rebuild,"
            f" {found.times(measured['limit'], 'wall'):.1f} times a bare insert,"
            f" {found.times(measured['instrument'], 'wall'):.2f} times its instrument's replay"
        )
    valued = measured["all days"].times(measured["days"], "wall")
    print(f"  days: {valued:.0f} times faster than out of the records")
    appended = measured["append"].times(rebuild, "wall")
    goal(
        "A4",
        f"an append costs {appended:.4f} of a rebuild, ≤ 0.05 wanted",
        is_met=appended <= 0.05,
    )


def main(sizes: list[int]) -> None:
    """Both shapes at every size."""
    with stage() as on:
        for size in sizes:
            trades = made_up_trades(size)
            for name, those in (("wide", trades), ("deep", deep(trades))):
                symbols = sorted({trade.symbol for trade in those})
                measure(name, Account(on, on.add_household(), those, add_instruments(on, symbols)))


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [10_000, 100_000])
