"""Ticks become minutes and minutes hours, whatever happens meanwhile: nothing lost or doubled."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.builders import add_instrument
from tests.conftest import Connection as AdminConnection
from tests.features.conftest import announced, run_now
from tests.servers import Servers
from truenav.core.marketdata.bars import Bar, Tick, fold_bars, fold_ticks
from truenav.features.marketdata.intraday import Size, store_bars, store_ticks
from truenav.features.marketdata.retention import keep, midnight, minutes_from, ticks_from

D = Decimal
TODAY = date(2026, 11, 30)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# 30 days before the 30th of November, and a year before it
FIRST_TICKS, FIRST_MINUTES = date(2026, 10, 31), date(2025, 11, 30)
SOURCE = "test"
Connection = psycopg.Connection[Any]
GO_ON = threading.Event()
CHILD = """
import sys, threading
from datetime import date
import psycopg
from truenav.features.marketdata.retention import keep
with psycopg.connect(sys.argv[1]) as connection:
    print("begun", flush=True)
    keep(connection, date.fromisoformat(sys.argv[2]), threading.Event())
"""


@pytest.fixture
def empty(fresh_database: Callable[[], str]) -> str:
    """A database with nothing in it but the schema."""
    return fresh_database()


@pytest.fixture
def instrument_id(servers: Servers, empty: str) -> UUID:
    with psycopg.connect(servers.dsn(empty)) as connection:
        return add_instrument(connection)


@pytest.fixture
def ingest(servers: Servers, empty: str) -> Iterator[Connection]:
    """The role that writes market data."""
    with psycopg.connect(servers.dsn(empty, "truenav_ingest")) as connection:
        yield connection


def at(day: date, hour: int = 15, minute: int = 0, second: float = 0) -> datetime:
    return midnight(day) + timedelta(hours=hour, minutes=minute, seconds=second)


def told_ticks(source: random.Random, day: date, count: int) -> list[Tick]:
    """Ticks of one day, several of an instant among them, some without a volume."""
    return [
        Tick(
            at=at(day, source.randrange(14, 21), source.randrange(0, 60, 5), source.randrange(60)),
            sequence=sequence,
            price=D(source.randrange(9_000, 11_000)) / 100,
            volume=None if source.random() < 0.02 else D(source.randrange(1, 500)),
        )
        for sequence in range(count)
    ]


def bar(start: datetime, close: str = "10", volume: str | None = "5") -> Bar:
    return Bar(
        at=start, open=D(9), high=D(11), low=D(8), close=D(close),
        volume=D(volume) if volume else None, opened_at=start, closed_at=start,
    )  # fmt: skip


def put(connection: Connection, instrument_id: UUID, ticks: list[Tick]) -> None:
    """As they came in when they were new."""
    into = "COPY ticks (instrument_id, at, source, sequence, price, volume, currency) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for t in ticks:
            copy.write_row((instrument_id, t.at, SOURCE, t.sequence, t.price, t.volume, "USD"))
    connection.commit()


def stored(connection: Connection, table: str) -> list[Bar]:
    rows = connection.execute(
        f"SELECT at, open, high, low, close, volume, opened_at, closed_at FROM {table} ORDER BY at"
    ).fetchall()
    connection.commit()
    names = ("at", "open", "high", "low", "close", "volume", "opened_at", "closed_at")
    return [Bar(**dict(zip(names, row, strict=True))) for row in rows]


def count(connection: Connection, table: str) -> int:
    # the canary's prices are there from the first migration on
    others = " WHERE source <> 'canary'" if table == "prices" else ""
    row = connection.execute(f"SELECT count(*) FROM {table}{others}").fetchone()
    connection.commit()
    assert row is not None
    return int(row[0])


class TestHowLong:
    def test_thirty_days_and_a_year(self) -> None:
        assert ticks_from(TODAY) == FIRST_TICKS
        assert minutes_from(TODAY) == FIRST_MINUTES
        assert minutes_from(date(2028, 2, 29)) == date(2027, 2, 28)

    def test_the_last_moment_of_a_day_goes_and_the_first_of_the_next_stays(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        last = at(FIRST_TICKS) - timedelta(hours=15, microseconds=1)
        put(
            ingest,
            instrument_id,
            [Tick(at=last, price=D(1)), Tick(at=midnight(FIRST_TICKS), price=D(2))],
        )

        kept = keep(ingest, TODAY, GO_ON)

        assert (kept.ticks_folded, kept.minute_bars_made, kept.was_stopped) == (1, 1, False)
        (left,) = ingest.execute("SELECT at, price FROM ticks").fetchall()
        assert left == (midnight(FIRST_TICKS), D(2))
        (made,) = stored(ingest, "minute_bars")
        assert (made.at, made.close, made.volume) == (
            datetime(2026, 10, 30, 23, 59, tzinfo=UTC),
            D(1),
            None,
        )


class TestFolding:
    def test_it_is_what_the_core_makes_of_the_same_ticks(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        source = random.Random(3)
        days = [FIRST_TICKS - n * DAY for n in range(1, 5)]
        ticks = [tick for day in days for tick in told_ticks(source, day, 300)]
        put(ingest, instrument_id, ticks)

        first = keep(ingest, TODAY, GO_ON)
        again = keep(ingest, TODAY, GO_ON)

        assert stored(ingest, "minute_bars") == fold_ticks(ticks)
        assert (first.ticks_folded, again.ticks_folded, count(ingest, "ticks")) == (1200, 0, 0)
        # a year later
        later = keep(ingest, date(2027, 11, 30), GO_ON)
        assert stored(ingest, "hourly_bars") == fold_bars(fold_ticks(ticks))
        assert later.minute_bars_folded == first.minute_bars_made
        assert count(ingest, "minute_bars") == 0

    def test_sources_and_currencies_stay_apart(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        moment = at(FIRST_TICKS - DAY)
        for source, currency, price in (("a", "USD", 1), ("a", "EUR", 2), ("b", "USD", 3)):
            ingest.execute(
                "INSERT INTO ticks (instrument_id, at, source, sequence, price, currency)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (instrument_id, moment, source, price, price, currency),
            )
        ingest.commit()

        keep(ingest, TODAY, GO_ON)

        rows = ingest.execute("SELECT source, currency, close FROM minute_bars ORDER BY 3")
        assert rows.fetchall() == [("a", "USD", D(1)), ("a", "EUR", D(2)), ("b", "USD", D(3))]

    def test_what_comes_late_joins_its_bar(self, ingest: Connection, instrument_id: UUID) -> None:
        day = FIRST_TICKS - DAY
        ticks = told_ticks(random.Random(5), day, 200)
        for part in (ticks[::2], ticks[1::2]):
            put(ingest, instrument_id, [replace(t, sequence=0) for t in _one_an_instant(part)])
            keep(ingest, TODAY, GO_ON)

        both = [*_one_an_instant(ticks[::2]), *_one_an_instant(ticks[1::2])]
        found, wanted = stored(ingest, "minute_bars"), fold_ticks(both)
        assert [(b.at, b.high, b.low, b.volume, b.opened_at, b.closed_at) for b in found] == [
            (b.at, b.high, b.low, b.volume, b.opened_at, b.closed_at) for b in wanted
        ]

    def test_a_bar_the_source_told_itself_counts_as_it_is(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        day = FIRST_TICKS - DAY
        own = bar(at(day))
        of = (instrument_id, SOURCE, "USD")
        assert store_bars(ingest, of, "minute", [own], TODAY) == 1
        assert store_bars(ingest, of, "minute", [own], TODAY) == 0
        put(ingest, instrument_id, [Tick(at=at(day, second=3), price=D(99), volume=D(1))])

        kept = keep(ingest, TODAY, GO_ON)

        assert stored(ingest, "minute_bars") == [own]
        assert (kept.ticks_folded, kept.minute_bars_made) == (1, 0)


def _one_an_instant(ticks: list[Tick]) -> list[Tick]:
    return list({tick.at: tick for tick in ticks}.values())


class TestStoring:
    def test_ticks_of_days_kept_as_bars_are_refused(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        told = [
            Tick(at=at(FIRST_TICKS - DAY), price=D(1)),
            Tick(at=at(FIRST_TICKS), price=D(2)),
        ]
        of = (instrument_id, SOURCE, "USD")

        assert store_ticks(ingest, of, told, TODAY) == 1
        assert store_ticks(ingest, of, told, TODAY) == 0
        assert count(ingest, "ticks") == 1

    def test_minutes_of_days_kept_as_hours_are_refused(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        of = (instrument_id, SOURCE, "USD")
        told = [bar(at(FIRST_MINUTES - DAY)), bar(at(FIRST_MINUTES))]

        assert store_bars(ingest, of, "minute", told, TODAY) == 1
        assert store_bars(ingest, of, "hour", told, TODAY) == 2

    def test_a_restated_bar_takes_the_place_of_the_first(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        of = (instrument_id, SOURCE, "USD")
        store_bars(ingest, of, "hour", [bar(at(TODAY), "10", None)], TODAY)

        assert store_bars(ingest, of, "hour", [bar(at(TODAY), "9.5", "3")], TODAY) == 1
        (found,) = stored(ingest, "hourly_bars")
        assert (found.close, found.volume) == (D("9.5"), D(3))

    @pytest.mark.parametrize(
        ("size", "start"), [("minute", at(TODAY, second=1)), ("hour", at(TODAY, minute=30))]
    )
    def test_a_bar_begins_with_its_interval(
        self, ingest: Connection, instrument_id: UUID, size: Size, start: datetime
    ) -> None:
        with pytest.raises(ValueError, match="begins at"):
            store_bars(ingest, (instrument_id, SOURCE, "USD"), size, [bar(start)], TODAY)

    @pytest.mark.parametrize("price", ["NaN", "0", "-1"])
    def test_what_is_no_price_is_refused(
        self, ingest: Connection, instrument_id: UUID, price: str
    ) -> None:
        of = (instrument_id, SOURCE, "USD")

        with pytest.raises(psycopg.errors.CheckViolation):
            store_ticks(ingest, of, [Tick(at=at(TODAY), price=D(price))], TODAY)


class TestPartitions:
    def names(self, connection: Connection, table: str) -> list[str]:
        rows = connection.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = %s::regclass ORDER BY 1",
            (table,),
        ).fetchall()
        connection.commit()
        return [row[0] for row in rows]

    def test_they_are_made_ahead_and_dropped_when_past_and_empty(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        far = date(2031, 6, 15)
        put(ingest, instrument_id, [Tick(at=at(date(2031, 5, 2)), price=D(1))])

        kept = keep(ingest, far, GO_ON)

        ahead = [f"2031_{month:02d}" for month in range(5, 10)]
        assert self.names(ingest, "ticks")[-6:] == [*(f"ticks_{m}" for m in ahead), "ticks_other"]
        assert self.names(ingest, "minute_bars")[-6:-1] == [f"minute_bars_{m}" for m in ahead]
        assert self.names(ingest, "hourly_bars")[-4:] == [
            "hourly_bars_2030", "hourly_bars_2031", "hourly_bars_2032", "hourly_bars_other",
        ]  # fmt: skip
        assert kept.partitions_made == 5 + 5 + 3
        # what the migration made for its own time held nothing
        assert kept.partitions_dropped >= 4
        assert stored(ingest, "minute_bars")[0].at == at(date(2031, 5, 2))
        again = keep(ingest, far, GO_ON)
        assert (again.partitions_made, again.partitions_dropped) == (0, 0)

    def test_one_that_holds_a_row_stays(self, ingest: Connection, instrument_id: UUID) -> None:
        keep(ingest, date(2031, 6, 15), GO_ON)
        put(ingest, instrument_id, [Tick(at=at(date(2031, 7, 2)), price=D(1))])

        ingest.execute("SELECT catalogue.keep_partitions('2031-12-31')")
        ingest.commit()

        assert "ticks_2031_07" in self.names(ingest, "ticks")
        assert "ticks_2031_06" not in self.names(ingest, "ticks")
        assert count(ingest, "ticks") == 1

    def test_rows_outside_of_all_are_stored_and_move_when_their_month_is_made(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        put(ingest, instrument_id, [Tick(at=at(date(2040, 2, 2)), price=D(1), volume=D(7))])
        assert count(ingest, "ticks") == 1

        keep(ingest, date(2040, 2, 20), GO_ON)

        rows = ingest.execute("SELECT tableoid::regclass::text, price, volume FROM ticks")
        assert rows.fetchall() == [("ticks_2040_02", D(1), D(7))]

    def test_while_they_are_in_use_the_rest_is_done(
        self, servers: Servers, empty: str, ingest: Connection, instrument_id: UUID
    ) -> None:
        put(ingest, instrument_id, [Tick(at=at(FIRST_TICKS - DAY), price=D(1))])
        with psycopg.connect(servers.dsn(empty)) as other:
            # as somebody who writes has it
            other.execute("LOCK TABLE ticks IN ROW EXCLUSIVE MODE")

            kept = keep(ingest, date(2031, 1, 1), GO_ON)

        assert (kept.ticks_folded, kept.partitions_made, kept.partitions_dropped) == (1, 0, 0)

    def test_of_two_at_once_one_looks_after_them(
        self, servers: Servers, empty: str, ingest: Connection
    ) -> None:
        with psycopg.connect(servers.dsn(empty)) as other:
            other.execute("SELECT pg_advisory_xact_lock(hashtextextended('keep_partitions', 0))")

            assert keep(ingest, date(2031, 1, 1), GO_ON).partitions_made == 0

        assert keep(ingest, date(2031, 1, 1), GO_ON).partitions_made == 13

    def test_nobody_but_the_ingest_role_may(self, servers: Servers, empty: str) -> None:
        with (
            psycopg.connect(servers.dsn(empty, "truenav_app")) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("SELECT catalogue.keep_partitions('2031-12-31')")


class TestStopped:
    def test_a_stop_leaves_the_rest_to_the_next_round(
        self, ingest: Connection, instrument_id: UUID
    ) -> None:
        put(ingest, instrument_id, told_ticks(random.Random(1), FIRST_TICKS - DAY, 10))
        stop = threading.Event()
        stop.set()

        kept = keep(ingest, TODAY, stop)

        assert (kept.ticks_folded, kept.was_stopped, count(ingest, "ticks")) == (0, True, 10)

    def test_two_at_once_do_it_once(
        self, servers: Servers, empty: str, ingest: Connection, instrument_id: UUID
    ) -> None:
        ticks = _many_days(40, 60)
        put(ingest, instrument_id, ticks)

        dsn = servers.dsn(empty, "truenav_ingest")
        with _started(dsn) as one, _started(dsn) as another:
            assert [child.wait(timeout=120) for child in (one, another)] == [0, 0]

        assert stored(ingest, "minute_bars") == fold_ticks(ticks)

    @pytest.mark.slow
    def test_killed_at_any_point_nothing_is_lost_or_doubled(
        self, servers: Servers, empty: str, ingest: Connection, instrument_id: UUID
    ) -> None:
        source = random.Random(11)
        ticks = _many_days(200, 50)
        old = [replace(t, at=t.at - timedelta(days=400)) for t in ticks]
        put(ingest, instrument_id, ticks)
        put(ingest, instrument_id, old)
        units = sum((t.volume or D(0) for t in (*ticks, *old)), D(0))
        dsn = servers.dsn(empty, "truenav_ingest")

        between = 0
        for _ in range(12):
            with _started(dsn) as child:
                assert child.stdout is not None
                assert child.stdout.readline() == "begun\n"
                with suppress(subprocess.TimeoutExpired):
                    child.wait(timeout=source.uniform(0, 0.4))
                child.kill()
            rows = ingest.execute(
                "SELECT sum(volume), count(DISTINCT place) FROM ("
                " SELECT volume, 't' AS place FROM ticks"
                " UNION ALL SELECT volume, 'm' FROM minute_bars"
                " UNION ALL SELECT volume, 'h' FROM hourly_bars) all_of_them"
            ).fetchone()
            ingest.commit()
            assert rows is not None
            assert rows[0] == units
            between += rows[1] == 3 or count(ingest, "ticks") > 0
        keep(ingest, TODAY, GO_ON)

        assert between >= 3, "the kills came too late to tell anything"
        assert count(ingest, "ticks") == 0
        assert stored(ingest, "minute_bars") == [
            b for b in fold_ticks(ticks) if b.at >= midnight(FIRST_MINUTES)
        ]
        earlier = [t for t in (*ticks, *old) if t.at < midnight(FIRST_MINUTES)]
        assert stored(ingest, "hourly_bars") == fold_bars(fold_ticks(earlier))


def _many_days(days: int, each: int) -> list[Tick]:
    """Ticks with a volume, of days before those whose ticks are kept."""
    source = random.Random(days)
    return [
        replace(tick, volume=tick.volume or D(1))
        for n in range(1, days + 1)
        for tick in told_ticks(source, FIRST_TICKS - n * DAY, each)
    ]


def _started(dsn: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, dsn, TODAY.isoformat()]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("table", ["snapshots", "transactions", "prices"])
def test_retention_takes_nothing_that_stays_for_ever(
    ingest: Connection, instrument_id: UUID, table: str
) -> None:
    ingest.execute(
        "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
        " VALUES (%s, '1990-01-02', 'test', 1, 'USD')",
        (instrument_id,),
    )
    ingest.commit()

    keep(ingest, TODAY, GO_ON)

    if table == "prices":
        assert count(ingest, table) == 1
    else:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            count(ingest, table)


def test_the_schedules_job_keeps_them_and_tells_what_it_did(
    jobs: None, admin_connection: AdminConnection
) -> None:
    del jobs
    (request,) = announced(admin_connection, "marketdata.retention_due", day="2026-03-05")
    run_now(request)
    row = admin_connection.execute(
        "SELECT k.outcome FROM outbox o JOIN job_keys k ON k.key = 'event:' || o.id"
        " WHERE o.id = %s AND o.done_at IS NOT NULL",
        (request.arguments["event_id"],),
    ).fetchone()
    assert row is not None
    outcome = dict(row[0])  # type: ignore[call-overload]  # JSON
    assert outcome["was_stopped"] is False
    assert outcome["partitions_made"] >= 0
