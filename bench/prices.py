"""Daily prices in, out and adjusted, against the least that could be done.

    python bench/prices.py [instruments [years]]        default: 500 20

Embedded PostgreSQL, durable, the product's own tables and roles; made-up walks, 252 days a year.

- In (100 of the instruments, 20 years): `store_history`, instrument by instrument, as the feed
  does: staged, compared with what is there, versions and changes noted. `again` stores the same
  once more. `into prices` copies prepared bytes straight into the same table, committed as often
  (its keys, checks and foreign key, nothing compared). `raw COPY` copies all into a bare one.
- Out (all): `close_matrix`, the bars of the source that counts as a float64 array of instrument ×
  day, as the application's role. `binary COPY` reads id, day and close as fixed records and no
  more; `exact` is what valuations read (`price_series`): the same closes as decimals with days and
  sources. ADBC, in a process of its own, reads the three columns into Arrow.
- Adjusted (all): splits and dividends applied in arrays, against reading and writing the array
  once, and against `adjusted_closes` in exact decimals, on a tenth.

Goal names of docs/performance.md: P1 (in), P2 (out), P3 (adjusted).
"""

import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np
import psycopg
from measuring.peers import ADBC, PeerMissing
from measuring.rounds import Cost, Measured, frozen_garbage, goal, in_turn, table
from measuring.stage import Stage, stage

from truenav.core.marketdata.adjustment import PriceBasis, PriceEvent, adjusted_closes
from truenav.core.marketdata.adjustment_arrays import adjusted_array, day_number
from truenav.features.marketdata.arrays import close_matrix
from truenav.features.marketdata.providers.quotes import Bar, History
from truenav.features.marketdata.reads import price_series
from truenav.features.marketdata.storing import store_history
from truenav.platform.clock import new_id
from truenav.platform.unit_of_work import UnitOfWork

LAST = date(2026, 11, 27)
SOURCE = "bench"


def trading_days(count: int) -> list[date]:
    """Weekdays up to the last, oldest first."""
    days: list[date] = []
    day = LAST
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def made_up_history(source: random.Random, days: list[date]) -> History:
    """A walk with open, high, low and volume."""
    bars, level = [], source.uniform(20, 200)
    for day in days:
        level = max(level * (1 + source.gauss(0.0003, 0.015)), 1)
        close, first = round(level, 2), round(level * source.uniform(0.99, 1.01), 2)
        bars.append(
            Bar(
                price_date=day,
                open=Decimal(str(first)),
                high=Decimal(str(round(max(close, first) * 1.004, 2))),
                low=Decimal(str(round(min(close, first) * 0.996, 2))),
                close=Decimal(str(close)),
                volume=Decimal(source.randrange(10_000, 9_000_000)),
            )
        )
    return History(currency="USD", bars=bars, events=[], basis="raw")


def add_instruments(on: Stage, count: int) -> list[UUID]:
    """Shared instruments."""
    ids = [new_id() for _ in range(count)]
    with psycopg.connect(on.admin_dsn) as connection:
        for key in ids:
            connection.execute(
                "INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)"
                " VALUES (%s, %s, 'Made up', 'equity', 'USD', true)",
                (key, f"B{key.hex[-10:].upper()}"),
            )
    return ids


# --- in -----------------------------------------------------------------------------------------

COLUMNS = "instrument_id, price_date, source, basis, open, high, low, close, volume, currency"


def as_text(ids: list[UUID], histories: list[History]) -> list[bytes]:
    """The rows as COPY's text, an instrument each."""
    return [one_as_text(key, history) for key, history in zip(ids, histories, strict=True)]


def one_as_text(key: UUID, history: History) -> bytes:
    """The rows of one instrument."""
    lines = [
        f"{key}\t{b.price_date}\t{SOURCE}\traw\t{b.open}\t{b.high}\t{b.low}\t{b.close}\t{b.volume}"
        "\tUSD\n"
        for b in history.bars
    ]
    return "".join(lines).encode()


def bring_in(on: Stage, histories: list[History]) -> None:
    """Every way of storing the same rows."""
    rows = sum(len(history.bars) for history in histories)
    newest: list[UUID] = []

    def ours() -> None:
        newest[:] = fresh.pop()
        store()

    def store() -> None:
        with psycopg.connect(on.settings.database.ingest or "", prepare_threshold=None) as c:
            for key, history in zip(newest, histories, strict=True):
                store_history(c, key, SOURCE, history, history.bars[-1].price_date)
                c.commit()

    def copy_into(target: str, told: list[list[bytes]]) -> Callable[[], None]:
        def run() -> None:
            with psycopg.connect(on.admin_dsn) as connection:
                for content in told.pop():
                    into = f"COPY {target} ({COLUMNS}) FROM STDIN"
                    with connection.cursor().copy(into) as copy:
                        copy.write(content)
                    connection.commit()

        return run

    rounds = 3
    fresh = [add_instruments(on, len(histories)) for _ in range(rounds)]
    direct = [as_text(add_instruments(on, len(histories)), histories) for _ in range(rounds)]
    plain = [[b"".join(as_text(fresh[0], histories))]] * rounds
    with psycopg.connect(on.admin_dsn) as connection:
        connection.execute(f"CREATE TABLE plain AS SELECT {COLUMNS} FROM prices WITH NO DATA")
    measured = in_turn(
        {
            "store_history": ours,
            "again": store,
            "into prices": copy_into("prices", direct),
            "raw COPY": copy_into("plain", list(plain)),
        },
        rounds,
        on.server_cpu,
    )
    print(f"{rows:,} bars of {len(histories)} instruments into PostgreSQL")
    table(measured, rows)
    mine = measured["store_history"]
    print(f"  again: {measured['again'].times(mine, 'wall'):.2f} times the first")
    # processor time of both sides: the clock waits for a disk that others use too
    into, raw = (worked(mine) / worked(measured[name]) for name in ("into prices", "raw COPY"))
    goal("P1", f"{into:.1f} times COPY into the same table, ≤ 2 wanted", is_met=into <= 2)
    goal("P1", f"{raw:.1f} times COPY into a bare one, ≤ 12 wanted (as H1)", is_met=raw <= 12)


def worked(measured: Measured) -> float:
    """Processor seconds of the product and of its database."""
    return measured.cpu + measured.server


# --- out ----------------------------------------------------------------------------------------

RECORD = np.dtype(
    [("fields", ">i2"), ("l1", ">i4"), ("id", "V16"), ("l2", ">i4"), ("day", ">i4"),
     ("l3", ">i4"), ("close", ">f8")]
)  # fmt: skip
HEADER, TRAILER = 19, 2


def fill(on: Stage, ids: list[UUID], histories: list[History]) -> None:
    """Only the instruments asked for, each with one of the histories."""
    with psycopg.connect(on.admin_dsn, autocommit=True) as connection:
        connection.execute("TRUNCATE prices")
        for start in range(0, len(ids), len(histories)):
            some = ids[start : start + len(histories)]
            with connection.cursor().copy(f"COPY prices ({COLUMNS}) FROM STDIN") as copy:
                copy.write(b"".join(as_text(some, histories[: len(some)])))
        connection.execute("VACUUM ANALYZE prices")


def read_out(on: Stage, ids: list[UUID], span: tuple[date, date]) -> np.ndarray:
    """Every way of reading the same closes; the matrix."""
    who = on.add_household()
    dsn = on.settings.database.app or ""
    told: dict[str, float] = {}
    held: list[np.ndarray] = []

    async def matrix(uow: UnitOfWork) -> None:
        found = await close_matrix(uow.session, ids, *span)
        held[:] = [found.closes]
        told["close_matrix"] = float(np.nansum(found.closes))

    async def exact(uow: UnitOfWork) -> None:
        found = await price_series(uow.session, ids, first_day=span[0], last_day=span[1])
        told["exact"] = float(sum(sum(series.closes) for series in found.values()))

    def binary_copy() -> None:
        query = (
            "COPY (SELECT instrument_id, price_date - DATE '1970-01-01', close::float8 FROM prices)"
            " TO STDOUT (FORMAT binary)"
        )
        with psycopg.connect(dsn) as connection, connection.cursor().copy(query) as copy:
            content = b"".join(copy)
        count = (len(content) - HEADER - TRAILER) // RECORD.itemsize
        records = np.frombuffer(content, RECORD, count, HEADER)
        told["binary COPY"] = float(records["close"].astype(float).sum())

    def by_adbc() -> Cost:
        answer = ADBC.run("adbc_closes.py", dsn)
        told["ADBC"] = answer["total"]
        return Cost(answer["cpu"], answer["wall"])

    candidates: dict[str, Callable[[], object]] = {
        "close_matrix": lambda: on.act(who, matrix),
        "binary COPY": binary_copy,
        "exact": lambda: on.act(who, exact),
    }
    try:
        ADBC.prepare()
        candidates["ADBC"] = by_adbc
    except PeerMissing as missing:
        print(f"  without the peer: {missing}")
    measured = in_turn(candidates, 3, on.server_cpu)
    (closes,) = held
    if max(told.values()) - min(told.values()) > 1e-9 * max(told.values()):
        raise SystemExit(f"they read different closes: {told}")
    print(f"{closes.size:,} closes of {len(ids)} instruments into a float64 matrix; all agree")
    table(measured, closes.size, "closes")
    mine = measured["close_matrix"]
    for name, wanted in (("binary COPY", 1.0), ("ADBC", 1.5)):
        if name in measured:
            ratio = mine.times(measured[name], "wall")
            text = f"{ratio:.2f} times {name}, ≤ {wanted} wanted"
            goal("P2", text, is_met=ratio <= wanted)
    print(f"  as exact decimals: {measured['exact'].times(mine, 'wall'):.1f} times the matrix")
    return closes


# --- adjusted -----------------------------------------------------------------------------------


def made_up_events(source: random.Random, days: list[date]) -> list[PriceEvent]:
    """A dividend a quarter, a split every seven years."""
    return [
        *(PriceEvent(days[n], cash_amount=Decimal("0.01")) for n in range(60, len(days), 63)),
        *(PriceEvent(days[n], ratio=Decimal(2)) for n in range(source.randrange(900, 1700),
                                                               len(days), 1764)),
    ]  # fmt: skip


def adjust(closes: np.ndarray, days: list[date], source: random.Random) -> None:
    """Splits and dividends of the matrix, against the limit and the exact reference."""
    events = [made_up_events(source, days) for _ in closes]
    numbers = np.array([day_number(day) for day in days], np.int32)
    factor = np.linspace(0.5, 1, len(days))
    tenth = range(max(len(closes) // 10, 1))
    exact = [[Decimal(str(close)) for close in closes[row]] for row in tenth]
    found: dict[str, object] = {}

    def by_arrays() -> None:
        found["arrays"] = [
            adjusted_array(numbers, row, of, PriceBasis.TOTAL)
            for row, of in zip(closes, events, strict=True)
        ]

    def by_decimals() -> None:
        found["decimals"] = [
            adjusted_closes(days, exact[row], events[row], PriceBasis.TOTAL) for row in tenth
        ]

    def limit() -> None:
        found["limit"] = closes * factor

    with frozen_garbage():
        measured = in_turn(
            {"adjusted_array": by_arrays, "numpy limit": limit, "decimals (a tenth)": by_decimals},
            5,
        )
    for mine, wanted in zip(found["arrays"], found["decimals"], strict=False):  # type: ignore[call-overload]
        if not np.allclose(mine, [float(close) for close in wanted], rtol=1e-12, atol=0):
            raise SystemExit("arrays and decimals differ")
    count = sum(map(len, events))
    print(f"{closes.size:,} closes adjusted for {count:,} events; a tenth compared, equal to 1e-12")
    table(measured, closes.size, "closes")
    mine = measured["adjusted_array"]
    ratio = 10 * measured["decimals (a tenth)"].times(mine)
    goal("P3", f"exact decimals take {ratio:.0f} times it, ≥ 10 wanted", is_met=ratio >= 10)
    least = mine.times(measured["numpy limit"])
    each = measured["adjusted_array"].cpu / count * 1e6
    text = (
        f"{least:.0f} times one multiplication of the matrix ({each:.1f} µs an event), ≤ 30 wanted"
    )
    goal("P3", text, is_met=least <= 30)


def main() -> None:
    """In, out, adjusted."""
    sizes = [int(text) for text in sys.argv[1:]]
    instruments = sizes[0] if sizes else 500
    years = sizes[1] if len(sizes) > 1 else 20
    source = random.Random(4)
    days = trading_days(252 * years)
    histories = [made_up_history(source, days) for _ in range(min(100, instruments))]
    with stage() as on:
        bring_in(on, histories)
        ids = add_instruments(on, instruments)
        fill(on, ids, histories)
        closes = read_out(on, ids, (days[0], days[-1]))
    adjust(closes, days, source)


if __name__ == "__main__":
    main()
