"""Trades → lots, closures and gains: our engine against a bare Decimal loop and beancount.

    python bench/lots.py [trades …]        default: 10000 100000 1000000

Whole units at prices in cents, 200 symbols over twenty years, 60 purchases to 40 sales, never
short: every product is exact in cents, so all candidates must book the same gain, to the last
digit, and the script ends if they do not.

- `limit` is the least a Python loop can do: a deque of [units, price] per symbol, one tuple per
  match. No ids, no dates checked, no fees, no cash, no shorts, no splits, nothing to look at again.
- `LotBook` is our book of lots alone: a `Lot` opened per purchase, lots released per sale.
- `replay` is what the product runs: records sorted, cash, lots with ids, closures, notes.
- beancount (`load_file`, booking FIFO, its cache off) is the peer. It is GPL-2.0: installed at a
  pinned version in a throw-away environment under the cache directory, run as a process of its
  own, never imported by the product and not shipped with it.

Goals A1 to A4 of docs/performance.md.
"""

import csv
import gc
import io
import random
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import process_time
from uuid import UUID

from measuring.peers import BEANCOUNT, PeerMissing
from measuring.rounds import Cost, frozen_garbage, goal, in_turn, table

from truenav.core.ids import AccountId, InstrumentId, LotId, TransactionId
from truenav.core.imports.reading import read_file
from truenav.core.ledger.book import LotBook
from truenav.core.ledger.lots import Lot
from truenav.core.ledger.methods import Closing, LotMethod
from truenav.core.ledger.replay import realized_gains, replay, replay_days
from truenav.core.ledger.state import LedgerState
from truenav.core.ledger.transactions import (
    CashPart,
    Transaction,
    TransactionDraft,
    TransactionKind,
)

SYMBOLS = 200
FIRST_DAY, DAYS = date(2004, 1, 1), 7300
TODAY = date(2026, 1, 2)
ACCOUNT = AccountId(UUID(int=1))
ZERO = Decimal(0)
PEER_LIMIT = 100_000  # the peer needs three minutes for a million


@dataclass(frozen=True, slots=True)
class Trade:
    """Units > 0 are bought, < 0 sold."""

    day: date
    symbol: str
    units: Decimal
    price: Decimal


def made_up_trades(count: int) -> list[Trade]:
    """The same trades for the same count."""
    source = random.Random(count)
    held = [0] * SYMBOLS
    cents = [source.randrange(500, 50_000) for _ in range(SYMBOLS)]
    trades = []
    for index in range(count):
        symbol = source.randrange(SYMBOLS)
        cents[symbol] = max(100, int(cents[symbol] * (1 + source.gauss(0.0002, 0.01))))
        if held[symbol] and source.random() < 0.4:
            units = -min(held[symbol], source.randrange(1, 200))
        else:
            units = source.randrange(1, 100)
        held[symbol] += units
        day = FIRST_DAY + timedelta(days=index * DAYS // count)
        price = Decimal(cents[symbol]).scaleb(-2)
        trades.append(Trade(day, f"SYM{symbol:03d}", Decimal(units), price))
    # within a day in the ledger's own order, so that first in is the same for every candidate
    return sorted(trades, key=lambda t: (t.day, t.units < 0, t.symbol, t.price, t.units))


def instrument_of(symbol: str) -> InstrumentId:
    """An id that stays."""
    return InstrumentId(UUID(int=1_000_000 + int(symbol[3:])))


def record(trade: Trade, sequence: int) -> Transaction:
    """The trade as the ledger holds it."""
    gross = -trade.units * trade.price
    return Transaction(
        id=TransactionId(UUID(int=(sequence << 64) + 7)),
        account_id=ACCOUNT,
        instrument_id=instrument_of(trade.symbol),
        kind=TransactionKind.BUY if trade.units > 0 else TransactionKind.SELL,
        sub_kind=None,
        trade_date=trade.day,
        settlement_date=None,
        sequence=sequence,
        quantity=trade.units,
        price=trade.price,
        multiplier=Decimal(1),
        ratio=None,
        currency="USD",
        gross=CashPart(amount=gross, currency="USD"),
        fee=None,
        tax=None,
        counter=None,
        is_external_flow=False,
    )


# --- candidates ---------------------------------------------------------------------------------


def least_loop(trades: Sequence[tuple[date, str, Decimal, Decimal]]) -> Decimal:
    """The limit: the matches as tuples, and their sum."""
    lots: dict[str, deque[list[Decimal]]] = {}
    matches = []
    gain = ZERO
    for day, symbol, units, price in trades:
        queue = lots.get(symbol)
        if queue is None:
            queue = lots[symbol] = deque()
        if units > 0:
            queue.append([units, price])
            continue
        wanted = -units
        while wanted:
            lot = queue[0]
            taken = lot[0]
            if taken <= wanted:
                queue.popleft()
            else:
                lot[0] = taken - wanted
                taken = wanted
            part = taken * (price - lot[1])
            matches.append((symbol, day, taken, lot[1], price, part))
            gain += part
            wanted -= taken
    return gain


def book_loop(records: Sequence[Transaction]) -> Decimal:
    """Our books of lots, with the least around them."""
    books: dict[InstrumentId, LotBook] = {}
    gain = ZERO
    for entry in records:
        instrument, units, gross = entry.instrument_id, entry.quantity, entry.gross
        if instrument is None or units is None or gross is None or entry.price is None:
            continue
        book = books.get(instrument)
        if book is None:
            book = books[instrument] = LotBook()
        if units > 0:
            lot = Lot(
                id=LotId(entry.id),
                instrument_id=instrument,
                opened_by=entry.id,
                acquired_date=entry.trade_date,
                quantity=units,
                cost=-gross.amount,
                currency=entry.currency,
            )
            book.add(lot)
            continue
        gain += gross.amount
        for lot in book.release(-units, LotMethod.FIFO, Closing(entry.trade_date, entry.price)):
            gain -= lot.cost
    return gain


def replay_gain(records: Sequence[Transaction]) -> Decimal:
    """The product's engine; the realized gain it books."""
    return realized_gains(replay(records).closures).get("USD") or ZERO


# --- files --------------------------------------------------------------------------------------


def beancount_ledger(trades: Sequence[Trade]) -> str:
    """The trades as a beancount file."""
    lines = ['option "operating_currency" "USD"\n2000-01-01 open Assets:Cash\n']
    lines.append("2000-01-01 open Income:Gains\n")
    lines += [
        f'2000-01-01 open Assets:Broker:SYM{n:03d} SYM{n:03d} "FIFO"\n' for n in range(SYMBOLS)
    ]
    for trade in trades:
        name, units, price = trade.symbol, trade.units, trade.price
        if units > 0:
            lines.append(
                f'{trade.day} * "b"\n  Assets:Broker:{name}  {units} {name} {{{price} USD}}\n'
                "  Assets:Cash\n"
            )
        else:
            lines.append(
                f'{trade.day} * "s"\n  Assets:Broker:{name}  {units} {name} {{}} @ {price} USD\n'
                f"  Assets:Cash  {-units * price} USD\n  Income:Gains\n"
            )
    return "".join(lines)


def schwab_file(trades: Sequence[Trade]) -> bytes:
    """The trades as Schwab prints them."""
    lines = ['"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n']
    for trade in trades:
        action, sign = ("Buy", "-") if trade.units > 0 else ("Sell", "")
        amount = abs(trade.units * trade.price)
        lines.append(
            f'"{trade.day:%m/%d/%Y}","{action}","{trade.symbol}","COMPANY","{abs(trade.units)}",'
            f'"${trade.price:,}","","{sign}${amount:,}"\n'
        )
    return "".join(lines).encode()


def posted(draft: TransactionDraft, sequence: int) -> Transaction:
    """A draft as a record, without a database between."""
    symbol = (draft.instrument.symbol if draft.instrument else None) or "SYM000"
    return Transaction(
        id=TransactionId(UUID(int=(sequence << 64) + 7)),
        account_id=ACCOUNT,
        instrument_id=instrument_of(symbol),
        kind=draft.kind,
        sub_kind=draft.sub_kind,
        trade_date=draft.trade_date,
        settlement_date=draft.settlement_date,
        sequence=sequence,
        quantity=draft.quantity,
        price=draft.price,
        multiplier=draft.multiplier,
        ratio=draft.ratio,
        currency=draft.currency,
        gross=draft.gross,
        fee=draft.fee,
        tax=draft.tax,
        counter=draft.counter,
        is_external_flow=draft.is_external_flow,
    )


def file_to_lots(content: bytes) -> Decimal:
    """Our way: every cell checked, every row kept, then the engine."""
    file = read_file(content, default_currency="USD", today=TODAY)
    drafts = [draft for row in file.rows for draft in row.drafts]
    return replay_gain([posted(draft, index) for index, draft in enumerate(drafts, 1)])


def file_to_least_loop(content: bytes) -> Decimal:
    """The limit: `csv.reader`, date and Decimal, then the bare loop."""
    reader = csv.reader(io.StringIO(content.decode()))
    next(reader)
    rows = []
    for day, action, symbol, _, units, price, _, _ in reader:
        month, of_month, year = day.split("/")
        number = Decimal(units)
        rows.append(
            (
                date(int(year), int(month), int(of_month)),
                symbol,
                number if action == "Buy" else -number,
                Decimal(price[1:].replace(",", "")),
            )
        )
    return least_loop(rows)


# --- what is printed ----------------------------------------------------------------------------


def load_with_peer(path: str, gains: dict[str, Decimal]) -> Cost:
    """beancount's own account of what it took."""
    answer = BEANCOUNT.run("beancount_load.py", path)
    gains["beancount load_file"] = Decimal(answer["gain"])
    return Cost(answer["cpu"], answer["wall"])


def compare(trades: Sequence[Trade], *, has_peer: bool) -> dict[str, float]:
    """One size: all candidates in turn, gains equal; CPU seconds by name."""
    rows = [(trade.day, trade.symbol, trade.units, trade.price) for trade in trades]
    records = [record(trade, index) for index, trade in enumerate(trades, 1)]
    gains: dict[str, Decimal] = {}

    def keep(name: str, run: Callable[[], Decimal]) -> Callable[[], None]:
        def kept() -> None:
            gains[name] = run()

        return kept

    candidates: dict[str, Callable[[], object]] = {
        "limit": keep("limit", lambda: least_loop(rows)),
        "LotBook": keep("LotBook", lambda: book_loop(records)),
        "replay": keep("replay", lambda: replay_gain(records)),
    }
    content = schwab_file(trades) if has_peer else b""
    with tempfile.TemporaryDirectory() as directory, frozen_garbage():
        if has_peer:
            path = Path(directory) / "ledger.beancount"
            path.write_text(beancount_ledger(trades))
            candidates["file → limit"] = keep("file → limit", lambda: file_to_least_loop(content))
            candidates["file → lots"] = keep("file → lots", lambda: file_to_lots(content))
            candidates["beancount load_file"] = lambda: load_with_peer(str(path), gains)
        rounds = 3 if len(trades) < 100_000 else 2 if len(trades) < 1_000_000 else 1
        measured = in_turn(candidates, rounds)
    if len(set(gains.values())) != 1:
        raise SystemExit(f"the gains differ: {gains}")
    print(f"{len(trades):,} trades, gain {next(iter(gains.values())):,} in every candidate")
    table(measured, len(trades), "trades")
    limit, replayed = measured["limit"], measured["replay"]
    print(
        f"  LotBook is {measured['LotBook'].times(limit):.1f} times the limit, replay"
        f" {replayed.times(limit):.1f}"
    )
    over = replayed.times(limit)
    if has_peer:
        peer = measured["beancount load_file"]
        ratio = peer.times(replayed)
        goal(
            "A1",
            f"beancount is {ratio:.1f} times replay, ≥ 60 wanted",
            is_met=ratio >= 60,
        )
        goal("A1", f"replay is {over:.1f} times the limit, ≤ 3 wanted", is_met=over <= 3)
        ratio = peer.times(measured["file → lots"])
        goal(
            "A3",
            f"beancount is {ratio:.1f} times file → lots, ≥ 40 wanted",
            is_met=ratio >= 40,
        )
    return {name: found.cpu for name, found in measured.items()}


def append_and_back_date(trades: Sequence[Trade]) -> None:
    """What one more trade costs, at the end and in the middle."""
    records = [record(trade, index) for index, trade in enumerate(trades, 1)]
    state = LedgerState()
    for _ in replay_days(records, method=LotMethod.FIFO, state=state):
        pass
    later = [
        record(
            Trade(
                TODAY + timedelta(days=index),
                "SYM007",
                Decimal(5 - 9 * (index % 2)),
                Decimal(9),
            ),
            len(records) + index + 1,
        )
        for index in range(1000)
    ]
    with frozen_garbage():
        start = process_time()
        for trade in later[:20]:
            replay([trade], start=state)
        copied = (process_time() - start) / 20
        start = process_time()
        for trade in later:
            for _ in replay_days([trade], method=LotMethod.FIFO, state=state):
                pass
        appended = (process_time() - start) / len(later)
    of_symbol: dict[InstrumentId | None, list[Transaction]] = {}
    for entry in records:
        of_symbol.setdefault(entry.instrument_id, []).append(entry)
    largest = max(of_symbol.values(), key=len)
    with frozen_garbage():
        measured = in_turn(
            {"one": lambda: replay(largest), "all": lambda: replay(records)},
            3 if len(records) < 100_000 else 1,
        )
    one, everything = measured["one"], measured["all"]
    print(f"after {len(trades):,} trades ({len(largest)} of the instrument with most)")
    goal(
        "A4",
        f"one appended trade in place {appended * 1e6:.0f} µs, ≤ 50 wanted"
        f" (`replay(start=…)`, which copies the state first: {copied * 1e6:,.0f} µs)",
        is_met=appended <= 50e-6,
    )
    print(
        f"  the account's replay is {everything.times(one):.0f} times its largest instrument's"
        f" ({everything.cpu * 1e3:.0f} ms, {one.cpu * 1e3:.1f} ms): what a posting does not do,"
        " see append.py"
    )


def other_methods(sizes: Sequence[int]) -> None:
    """What the other methods cost: they look at every open lot of the instrument."""
    costs: dict[int, dict[str, float]] = {}
    for size in sizes:
        records = [record(trade, index) for index, trade in enumerate(made_up_trades(size), 1)]

        def run(method: LotMethod, records: Sequence[Transaction] = records) -> None:
            replay(records, method=method)

        with frozen_garbage():
            candidates = {method.value: partial(run, method) for method in LotMethod}
            measured = in_turn(candidates, 1)
        print(f"{size:,} trades by each method")
        table(measured, size, "trades")
        costs[size] = {name: found.cpu for name, found in measured.items()}
    for small, large in pairwise(sizes):
        ratios = {name: cpu / costs[small][name] for name, cpu in costs[large].items()}
        worst = max(ratios, key=lambda name: ratios[name])
        text = f"{worst}: {large:,} take {ratios[worst]:.1f} times {small:,}, ≤ 12 wanted"
        goal("A2", text, is_met=ratios[worst] <= 12)


def main() -> None:
    """Every size, then how the sizes compare."""
    sizes = [int(text) for text in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    has_peer = True
    try:
        BEANCOUNT.prepare()
    except PeerMissing as missing:
        print(f"  without the peer: {missing}")
        has_peer = False
    costs: dict[int, dict[str, float]] = {}
    for size in sizes:
        costs[size] = compare(made_up_trades(size), has_peer=has_peer and size <= PEER_LIMIT)
        gc.collect()
    for small, large in pairwise(sizes):
        if large == small * 10:
            ratio, limit = (costs[large][name] / costs[small][name] for name in ("replay", "limit"))
            text = (
                f"replay of {large:,} takes {ratio:.1f} times the CPU of {small:,}"
                f" (the limit: {limit:.1f}), ≤ 12 wanted"
            )
            goal("A2", text, is_met=ratio <= 12)
    for size in sizes:
        if size <= 100_000:
            append_and_back_date(made_up_trades(size))
    other_methods([size for size in sizes if size <= 100_000])


if __name__ == "__main__":
    main()
