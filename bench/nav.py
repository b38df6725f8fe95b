"""Daily NAV of twenty years and fifty instruments, and its time-weighted return.

    python bench/nav.py [instruments [trades]]        default: 50 10000

Prices of 5,218 business days in six currencies, every trade paid from outside on its day (the
worst case for a return), so NAV is units × close × rate and nothing else.

- `daily_nav` is the product's: records replayed, every calendar day valued in exact decimals,
  age of prices and reasons for what is missing kept, growth linked by `return_index`.
- `Decimal limit` is a bare loop in exact decimals over the same calendar days: dictionaries
  filled beforehand, no replay, nothing checked.
- `numpy limit` is the same sum in float64: one cumulative sum and one product per instrument.
- pandas (pinned, in a throw-away environment, a process of its own) is the peer: a frame per
  instrument, groupby, reindex, forward fill, multiply. Business days only, float64.

All four must agree: the decimals to the last digit with each other, the floats to 1e-9.

The last part is the whole job on embedded PostgreSQL: records, prices and rates read, valued,
snapshots stored, against reading the same prices alone: row by row, and as the product does, from
years that are packed. The job runs with and without packed years, which must store the same.

Goals D1 and D2 of docs/performance.md.
"""

import statistics
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from uuid import UUID

import numpy as np
import psycopg
from measuring.peers import PANDAS, PeerMissing
from measuring.rounds import Cost, frozen_garbage, goal, in_turn, table
from measuring.stage import Household, Stage, add_account, stage
from measuring.world import CURRENCIES, FIRST, LAST, Trade, World, instrument_id, made_up_world
from sqlalchemy import select

from truenav.core.ids import AccountId, InstrumentId, TransactionId
from truenav.core.ledger.transactions import (
    CashPart,
    InstrumentRef,
    Transaction,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import exact
from truenav.core.performance.twrr import return_index
from truenav.core.valuation.exact_columns import DayColumn, ExactColumn, column_of
from truenav.core.valuation.nav import Market, daily_nav
from truenav.core.valuation.series import FxTable, PriceSeries
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger.service import post_transactions
from truenav.features.marketdata.packing import pack_years
from truenav.features.marketdata.reads import price_series
from truenav.features.marketdata.tables import PriceRow
from truenav.features.valuation.service import rebuild_nav
from truenav.features.valuation.tables import SnapshotRow
from truenav.platform.unit_of_work import UnitOfWork

BASE = "USD"
ZERO = Decimal(0)


# --- the product --------------------------------------------------------------------------------


def records_of(world: World) -> list[Transaction]:
    """Two records a trade: the trade, and the money for it from outside (or back)."""
    found = []
    for index, trade in enumerate(world.trades):
        paid = trade.units * world.closes[trade.instrument][trade.day]
        found.append(record(world, trade, 2 * index + 1, -paid, is_trade=True))
        found.append(record(world, trade, 2 * index + 2, paid, is_trade=False))
    return found


def record(
    world: World, trade: Trade, sequence: int, cash: Decimal, *, is_trade: bool
) -> Transaction:
    """One ledger record."""
    kinds = (TransactionKind.BUY, TransactionKind.SELL)
    if not is_trade:
        kinds = (TransactionKind.DEPOSIT, TransactionKind.WITHDRAWAL)
    currency = world.name(trade.instrument)
    return Transaction(
        id=TransactionId(UUID(int=(7 << 76) + sequence)),
        account_id=AccountId(UUID(int=1)),
        instrument_id=instrument_id(trade.instrument) if is_trade else None,
        kind=kinds[trade.units < 0],
        sub_kind=None,
        trade_date=world.days[trade.day],
        settlement_date=None,
        sequence=sequence,
        quantity=trade.units if is_trade else None,
        price=world.closes[trade.instrument][trade.day] if is_trade else None,
        multiplier=Decimal(1),
        ratio=None,
        currency=currency,
        gross=CashPart(amount=cash, currency=currency),
        fee=None,
        tax=None,
        counter=None,
        is_external_flow=not is_trade,
    )


def cents(closes: Sequence[Decimal]) -> ExactColumn:
    """Closes of two places as whole numbers."""
    return column_of(np.array([int(close * 100) for close in closes], np.int64), 2)


def market_of(world: World) -> Market:
    """Prices and rates as the product reads them."""
    days = DayColumn(np.array([day.toordinal() for day in world.days], np.int64))
    return Market(
        prices={
            instrument_id(index): PriceSeries(world.name(index), days, cents(closes))
            for index, closes in enumerate(world.closes)
        },
        multipliers={},
        fx=FxTable(
            {
                code: (world.days, rates)
                for code, rates in zip(CURRENCIES, world.per_euro, strict=True)
                if code != "EUR"
            }
        ),
    )


# What a candidate found: NAV of each business day, growth at the end.
Answer = tuple[list[Decimal], Decimal]


def by_product(world: World, records: Sequence[Transaction], market: Market) -> Answer:
    """`daily_nav` of every calendar day, linked."""
    values = daily_nav(records, market, BASE, first_day=FIRST, last_day=LAST)
    index = return_index(
        [value.as_of for value in values],
        [value.nav for value in values],
        [value.external_flow for value in values],
    )
    on = {value.as_of: value.nav for value in values}
    return [on[day] or ZERO for day in world.days], index.growth[-1] or ZERO


@exact
def by_decimals(world: World) -> Answer:
    """The limit in exact decimals: calendar days × what is held."""
    by_day: dict[int, list[Trade]] = {}
    for trade in world.trades:
        by_day.setdefault(trade.day, []).append(trade)
    held: dict[int, Decimal] = {}
    place = {day: index for index, day in enumerate(world.days)}
    step, one = Decimal("1E-18"), Decimal(1)
    found, growth, before, day, current = [], one, ZERO, FIRST, 0
    while day <= LAST:
        index = place.get(day)
        traded: Sequence[Trade] = ()
        if index is not None:
            current, traded = index, by_day.get(index, ())
            rates = [world.rate(number, index) for number in range(len(CURRENCIES))]
        for trade in traded:
            held[trade.instrument] = held.get(trade.instrument, ZERO) + trade.units
        sums = [ZERO] * len(CURRENCIES)
        for number, units in held.items():
            sums[world.currency[number]] += units * world.closes[number][current]
        nav = sum((part * rate for part, rate in zip(sums, rates, strict=True)), ZERO)
        nav = nav.quantize(step)
        paid = [ZERO] * len(CURRENCIES)
        for trade in traded:
            amount = trade.units * world.closes[trade.instrument][current]
            paid[world.currency[trade.instrument]] += amount
        flow = sum((part * rate for part, rate in zip(paid, rates, strict=True)), ZERO)
        flow = flow.quantize(step)
        if found and before + flow > 0 and before > 0:
            growth *= nav / (before + flow)
        before = nav
        if index is not None:
            found.append(nav)
        day += timedelta(days=1)
    return found, growth


def arrays_of(world: World) -> dict[str, np.ndarray]:
    """The world in float64, for those who count in it."""
    closes = np.array(world.closes, dtype=float)
    rates = np.array(
        [
            [float(world.rate(number, day)) for day in range(len(world.days))]
            for number in range(len(CURRENCIES))
        ]
    )
    day = np.array([trade.day for trade in world.trades])
    instrument = np.array([trade.instrument for trade in world.trades])
    units = np.array([float(trade.units) for trade in world.trades])
    currency = np.array(world.currency)
    return {
        "dates": np.array(world.days, dtype="datetime64[D]"),
        "prices": np.ascontiguousarray(closes.T),
        "rates": np.ascontiguousarray(rates.T),
        "currency": currency,
        "trade_day": day,
        "trade_instrument": instrument,
        "trade_units": units,
        "trade_flow": units * closes[instrument, day] * rates[currency[instrument], day],
        "closes": closes,
        "by_currency": rates,
    }


def by_numpy(data: dict[str, np.ndarray]) -> tuple[np.ndarray, float]:
    """The limit in float64."""
    closes, rates, currency = data["closes"], data["by_currency"], data["currency"]
    count, days = closes.shape
    cells = data["trade_instrument"] * days + data["trade_day"]
    held = np.bincount(cells, data["trade_units"], count * days).reshape(count, days)
    np.cumsum(held, 1, out=held)
    held *= closes
    nav = sum(held[currency == number].sum(0) * rates[number] for number in range(len(rates)))
    flow = np.bincount(data["trade_day"], data["trade_flow"], days)
    invested = np.concatenate(([0.0], nav[:-1])) + flow
    steps = np.divide(nav, invested, out=np.ones_like(nav), where=invested > 1e-9)
    return nav, float(np.prod(steps))


# --- what is printed ----------------------------------------------------------------------------


def compare(world: World) -> None:
    """Every candidate in turn, and whether they agree."""
    records, market, data = records_of(world), market_of(world), arrays_of(world)
    answers: dict[str, object] = {}

    def keep(name: str, run: Callable[[], object]) -> Callable[[], None]:
        return lambda: answers.__setitem__(name, run())

    with tempfile.TemporaryDirectory() as directory, frozen_garbage():
        path = Path(directory) / "world.npz"
        np.savez(path, **data)  # type: ignore[arg-type]
        peer: dict[str, object] = {}

        def by_pandas() -> Cost:
            peer.update(PANDAS.run("pandas_nav.py", str(path)))
            return Cost(float(str(peer["cpu"])), float(str(peer["wall"])))

        candidates: dict[str, Callable[[], object]] = {
            "daily_nav": keep("daily_nav", lambda: by_product(world, records, market)),
            "Decimal limit": keep("Decimal limit", lambda: by_decimals(world)),
            "numpy limit": keep("numpy limit", lambda: by_numpy(data)),
        }
        try:
            PANDAS.prepare()
            candidates["pandas"] = by_pandas
        except PeerMissing as missing:
            print(f"  without the peer: {missing}")
        measured = in_turn(candidates, 3)
    check(answers, peer)
    items = (LAST - FIRST).days * len(world.closes)
    print(
        f"{(LAST - FIRST).days + 1:,} calendar days × {len(world.closes)} instruments,"
        f" {len(world.trades):,} trades; all agree"
    )
    table(measured, items, "values")
    ours = measured["daily_nav"]
    print(
        f"  daily_nav is {ours.times(measured['Decimal limit']):.1f} times the Decimal limit,"
        f" {ours.times(measured['numpy limit']):,.0f} times the numpy limit"
    )
    if "pandas" in measured:
        ratio = 1 / ours.times(measured["pandas"])
        text = f"pandas takes {ratio:.2f} times daily_nav, ≥ 20 wanted"
        goal("D1", text, is_met=ratio >= 20)


def check(answers: dict[str, object], peer: dict[str, object]) -> None:
    """End if two candidates found different things."""
    navs, growth = answers["daily_nav"]  # type: ignore[misc]
    limit_navs, limit_growth = answers["Decimal limit"]  # type: ignore[misc]
    if navs != limit_navs or abs(growth - limit_growth) > Decimal("1E-40"):  # type: ignore[has-type]
        raise SystemExit("daily_nav and the Decimal limit differ")
    expected = np.array([float(nav) for nav in navs])  # type: ignore[has-type]
    others = [answers["numpy limit"]]
    if peer:
        others.append((np.array(peer["nav"]), peer["growth"]))
    for other_navs, other_growth in others:  # type: ignore[misc]
        off = np.max(np.abs(other_navs - expected) / np.maximum(1, expected))  # type: ignore[has-type]
        if off > 1e-9 or abs(other_growth / float(growth) - 1) > 1e-6:  # type: ignore[has-type]
            raise SystemExit(f"floats and decimals differ: {off}, {other_growth}, {growth}")  # type: ignore[has-type]


def whole_job(world: World) -> None:
    """Read, value, store, as the worker does after an import."""
    with stage() as on:
        who = on.add_household()
        fill(on, who, world)
        ids = [instrument_id(index) for index in range(len(world.closes))]
        alone = in_turn({"job, nothing packed": lambda: on.act(who, rebuild)}, 1, on.server_cpu)
        before = snapshots(on, who)
        with psycopg.connect(on.settings.database.ingest or "") as connection:
            pack = lambda: pack_years(connection, date(2025, 1, 1), threading.Event())  # noqa: E731
            packing = in_turn({"packing, once": pack}, 1, on.server_cpu)
        measured = in_turn(
            {
                "job": lambda: on.act(who, rebuild),
                "price rows": lambda: on.act(who, lambda uow: read_rows(uow, ids)),
                "read prices": lambda: on.act(who, lambda uow: read_prices(uow, ids)),
            },
            3,
            on.server_cpu,
        )
        if snapshots(on, who) != before:
            raise SystemExit("packed years give other snapshots")
    print("the whole job: records, prices and rates read, valued, snapshots stored")
    table({**measured, **alone, **packing}, (LAST - FIRST).days, "days")
    spent = [
        statistics.median(
            (mine.cpu + mine.server) / (rows.cpu + rows.server)
            for mine, rows in zip(measured[name].costs, measured["price rows"].costs, strict=True)
        )
        for name in ("job", "read prices")
    ]
    wall = measured["job"].times(measured["price rows"], "wall")
    print(f"  read packed, prices take {spent[1]:.3f} times the CPU of their rows")
    text = (
        f"the job takes {spent[0]:.2f} times the CPU of both sides that its price rows take,"
        f" {wall:.2f} times on the clock, ≤ 0.1 wanted (packed prices)"
    )
    goal("D2", text, is_met=spent[0] <= 0.1)


def snapshots(on: Stage, who: Household) -> list[tuple[date, Decimal | None]]:
    """Every stored value."""
    found: list[tuple[date, Decimal | None]] = []

    async def read(uow: UnitOfWork) -> None:
        query = select(SnapshotRow.as_of, SnapshotRow.nav).order_by(SnapshotRow.as_of)
        found.extend((row.as_of, row.nav) for row in await uow.session.execute(query))

    on.act(who, read)
    return found


async def rebuild(uow: UnitOfWork) -> None:
    """The job's use case."""
    account = (await uow.session.scalars(select(AccountRow.id))).one()
    stored = await rebuild_nav(uow, AccountId(account), FIRST, LAST)
    if stored < (LAST - FIRST).days:
        raise SystemExit(f"only {stored} days were stored")


async def read_rows(uow: UnitOfWork, ids: Sequence[InstrumentId]) -> None:
    """The prices alone, a row each."""
    columns = (PriceRow.price_date, PriceRow.close, PriceRow.currency, PriceRow.source)
    query = (
        select(PriceRow.instrument_id, *columns)
        .where(PriceRow.instrument_id.in_(ids), PriceRow.price_date.between(FIRST, LAST))
        .order_by(PriceRow.instrument_id, PriceRow.price_date)
    )
    found: dict[UUID, list[object]] = {}
    for row in await uow.session.execute(query):
        found.setdefault(row.instrument_id, []).append((row.price_date, row.close))
    if not found:
        raise SystemExit("no prices were read")


async def read_prices(uow: UnitOfWork, ids: Sequence[InstrumentId]) -> None:
    """The prices alone, as the job reads them."""
    found = await price_series(uow.session, ids, first_day=FIRST, last_day=LAST)
    if len(found) != len(ids):
        raise SystemExit("not all prices were read")


def fill(on: Stage, who: Household, world: World) -> None:
    """Instruments, prices and rates by the superuser; the records through the ledger."""
    refs = []
    with psycopg.connect(on.admin_dsn) as connection:
        cursor = connection.cursor()
        for index in range(len(world.closes)):
            name, code = f"SYM{index:03d}", world.name(index)
            cursor.execute(
                "INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)"
                " VALUES (%s, %s, %s, 'equity', %s, true)",
                (instrument_id(index), name, name, code),
            )
            refs.append(InstrumentRef(symbol=name, currency=code))
        with cursor.copy(
            "COPY prices (instrument_id, price_date, source, close, currency) FROM STDIN"
        ) as copy:
            for index, closes in enumerate(world.closes):
                for day, close in zip(world.days, closes, strict=True):
                    copy.write_row((instrument_id(index), day, "bench", close, world.name(index)))
        with cursor.copy(
            "COPY fx_rates (base_currency, quote_currency, rate_date, rate, source) FROM STDIN"
        ) as copy:
            for code, rates in zip(CURRENCIES, world.per_euro, strict=True):
                for day, rate in zip(world.days, rates, strict=True):
                    if code != "EUR":
                        copy.write_row(("EUR", code, day, rate, "bench"))
    drafts = [draft_of(entry, refs) for entry in records_of(world)]

    async def post(uow: UnitOfWork) -> None:
        account = (await uow.session.scalars(select(AccountRow.id))).one()
        keyed = [(draft, f"bench:{index}") for index, draft in enumerate(drafts)]
        ids = {ref: instrument_id(index) for index, ref in enumerate(refs)}
        await post_transactions(uow, AccountId(account), keyed, ids)

    started = perf_counter()
    on.act(who, add_account, post)
    print(f"  {len(drafts):,} records posted in {perf_counter() - started:.1f} s")


def draft_of(entry: Transaction, refs: Sequence[InstrumentRef]) -> TransactionDraft:
    """A record as a file would state it."""
    instrument = None
    if entry.instrument_id is not None:
        instrument = refs[entry.instrument_id.int - instrument_id(0).int]
    return TransactionDraft(
        row_number=entry.sequence,
        kind=entry.kind,
        trade_date=entry.trade_date,
        instrument=instrument,
        quantity=entry.quantity,
        price=entry.price,
        currency=entry.currency,
        gross=entry.gross,
        is_external_flow=entry.is_external_flow,
    )


def main() -> None:
    """The calculation, then the job."""
    sizes = [int(text) for text in sys.argv[1:]]
    instruments = sizes[0] if sizes else 50
    trades = sizes[1] if len(sizes) > 1 else 10_000
    world = made_up_world(instruments, trades)
    compare(world)
    whole_job(world)


if __name__ == "__main__":
    main()
