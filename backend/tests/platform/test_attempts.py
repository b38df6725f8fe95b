"""Attempts: failing is written down and tried again, dying is counted, cancelling is noticed."""

import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOON, Connection
from truenav.core.errors import TruenavError
from truenav.platform.attempts import (
    MOST_CRASHES,
    RETRY_SECONDS,
    Attempt,
    Postponed,
    Work,
    attempt,
    described,
    retry_after,
)
from truenav.platform.clock import FakeClock, new_id
from truenav.platform.jobs import (
    JobContext,
    JobsMisconfigured,
    configure_jobs,
    run_installation_job,
)
from truenav.platform.progress import Progress, read_progress
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings
from truenav.platform.tables import INSTALLATION


class Broken(Exception):
    """What a test makes go wrong."""


@dataclass(frozen=True)
class Piece:
    """One piece of the installation's work, and where it is attempted."""

    admin: Connection
    url: str
    queue: JobQueue
    clock: FakeClock
    work: Work

    def attempt(self, pulse_seconds: float = 5.0) -> Any:
        return attempt(self.url, self.work, self.queue, self.clock.now, pulse_seconds)

    def fail(self) -> bool:
        """One attempt that fails; whether it began."""
        with self.attempt() as made:
            if made is None:
                return False
            raise Broken("the disk of  somebody\nis full")
        return True  # type: ignore[unreachable]  # what was raised goes no further

    def look(self, *names: str) -> tuple[Any, ...]:
        row = self.admin.execute(
            f"SELECT {', '.join(names)} FROM outbox WHERE id = %s",
            (self.work.event_id,),
        ).fetchone()
        assert row is not None
        return row


@pytest.fixture
def piece(
    admin_connection: Connection, settings: Settings, redis_url: str, clock: FakeClock
) -> Iterator[Piece]:
    work = Work(INSTALLATION, new_id())
    admin_connection.execute(
        "INSERT INTO outbox (tenant_id, id, topic, payload) VALUES (%s, %s, 'tests.piece', '{}')",
        (work.tenant_id, work.event_id),
    )
    queue = JobQueue(redis_url)
    assert settings.database.ingest is not None
    yield Piece(admin_connection, settings.database.ingest, queue, clock, work)
    queue.close()


def test_a_failure_is_written_down_with_when_to_try_again(piece: Piece) -> None:
    assert piece.fail()

    count, error, running, due, parked = piece.look(
        "failure_count", "last_error", "running_since", "due_at", "parked_at"
    )
    assert (count, running, parked) == (1, None, None)
    assert error == "Broken: the disk of somebody is full"
    assert timedelta(seconds=2.5) <= due - NOON < timedelta(seconds=7.5)


def test_before_it_is_due_nothing_is_tried(piece: Piece) -> None:
    assert piece.fail()
    assert not piece.fail()
    piece.clock.advance(timedelta(seconds=8))
    assert piece.fail()


def test_the_fourth_failure_parks_it_and_nothing_more_is_tried(piece: Piece) -> None:
    began = []
    for _ in range(6):
        began.append(piece.fail())
        piece.clock.advance(timedelta(minutes=2))

    assert began == [True] * 4 + [False] * 2
    count, reason, due = piece.look("failure_count", "park_reason", "due_at")
    assert (count, reason, due) == (4, "failed", None)


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_waits_grow_and_are_spread(failures: int) -> None:
    usual = RETRY_SECONDS[failures - 1]
    for jitter in (0.0, 0.5, 0.999):
        assert retry_after(failures, jitter) == usual * (0.5 + jitter)
    assert retry_after(4, 0.5) is None


def test_two_at_once_are_one(piece: Piece) -> None:
    with piece.attempt() as first:
        assert first is not None
        with piece.attempt() as second:
            assert second is None
    assert piece.look("crash_count", "running_since") == (0, None)


def test_work_that_dies_three_times_is_parked_before_it_dies_again(piece: Piece) -> None:
    died = 0
    for _ in range(MOST_CRASHES + 2):
        ended = subprocess.run(
            [sys.executable, "-c", DIE, piece.url, str(piece.work.event_id)],
            timeout=60,
            check=False,
        ).returncode
        died += ended == -signal.SIGKILL
        wait_until_nobody_holds(piece)
    assert died == MOST_CRASHES
    assert piece.look("crash_count", "park_reason", "running_since") == (3, "crashed", None)


def wait_until_nobody_holds(piece: Piece) -> None:
    """The server learns of a killed client a little later than we do."""
    deadline = time.monotonic() + 10
    while True:
        row = piece.admin.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchone()
        if row == (0,):
            return
        assert time.monotonic() < deadline
        time.sleep(0.01)


DIE = textwrap.dedent(
    """
    import os, signal, sys
    from uuid import UUID
    from truenav.platform.attempts import Work, attempt
    from truenav.platform.queue import JobQueue
    from truenav.platform.tables import INSTALLATION
    work = Work(INSTALLATION, UUID(sys.argv[2]))
    with attempt(sys.argv[1], work, JobQueue(None)) as made:
        if made is not None:
            os.kill(os.getpid(), signal.SIGKILL)
    """
)


def test_what_cannot_be_had_yet_waits_and_counts_as_no_failure(piece: Piece) -> None:
    for _ in range(6):
        until = piece.clock.now() + timedelta(hours=1)
        with piece.attempt() as made:
            assert made is not None
            raise Postponed("the allowance is spent", 3600)
        due, count, parked = piece.look("due_at", "failure_count", "parked_at")  # type: ignore[unreachable]
        assert until <= due <= until + timedelta(seconds=5)
        assert (count, parked) == (0, None)
        assert not piece.fail()
        piece.clock.instant = due
    assert piece.look("last_error") == ("work_postponed: the allowance is spent",)


def test_who_ran_when_the_server_went_down_did_not_die_of_its_work(piece: Piece) -> None:
    for _ in range(MOST_CRASHES + 1):
        piece.admin.execute(
            "UPDATE outbox SET running_since = '2000-01-01Z', due_at = NULL WHERE id = %s",
            (piece.work.event_id,),
        )
        with piece.attempt() as made:
            assert made is not None
    assert piece.look("crash_count", "parked_at") == (0, None)


def test_a_process_that_dies_after_its_effect_leaves_nothing_to_do(piece: Piece) -> None:
    """Between the commit of the effect and telling anybody that it is done."""
    ended = subprocess.run(
        [sys.executable, "-c", DIE_DONE, piece.url, str(piece.work.event_id)],
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    wait_until_nobody_holds(piece)

    assert not piece.fail()  # there is nothing to begin
    assert piece.look("done_at IS NOT NULL", "crash_count", "failure_count") == (True, 0, 0)


DIE_DONE = textwrap.dedent(
    """
    import os, signal, sys
    import psycopg
    from uuid import UUID
    from truenav.platform.attempts import Work, attempt
    from truenav.platform.jobs import finish
    from truenav.platform.queue import JobQueue
    from truenav.platform.tables import INSTALLATION
    work = Work(INSTALLATION, UUID(sys.argv[2]))
    with attempt(sys.argv[1], work, JobQueue(None)):
        with psycopg.connect(sys.argv[1]) as connection:
            connection.execute("SELECT set_config('app.tenant', %s, true)", (str(INSTALLATION),))
            finish(connection, work, {})
        os.kill(os.getpid(), signal.SIGKILL)
    """
)


def test_cancelled_work_is_not_begun(piece: Piece) -> None:
    piece.admin.execute(
        "UPDATE outbox SET cancelled_at = now() WHERE id = %s", (piece.work.event_id,)
    )
    assert not piece.fail()
    assert piece.look("failure_count", "running_since") == (0, None)


def test_running_work_learns_that_nobody_wants_it_any_more(piece: Piece) -> None:
    told = 0
    with piece.attempt(pulse_seconds=0.02) as made:
        assert made is not None
        made.tell(1, 10, "counting")
        piece.admin.execute(
            "UPDATE outbox SET cancelled_at = now() WHERE id = %s", (piece.work.event_id,)
        )
        assert made.stop.wait(10)
        made.tell(2, 10, "counting")
        told += 1
    assert told == 0
    assert piece.look("failure_count", "running_since", "parked_at") == (0, None, None)


def test_running_work_says_that_it_is_alive(piece: Piece) -> None:
    with piece.attempt(pulse_seconds=0.02) as made:
        assert made is not None
        piece.clock.advance(timedelta(seconds=30))
        deadline = time.monotonic() + 10
        while piece.look("pulse_at") != (piece.clock.now(),):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert piece.look("running_since") == (None,)


def test_how_far_it_is_can_be_read_by_anybody(piece: Piece) -> None:
    key = f"work:{piece.work.event_id}"
    assert read_progress(piece.queue, key) == Progress(0, None, None)
    with piece.attempt() as made:
        made.tell(3, 12, "asking tiingo")
    assert read_progress(piece.queue, key) == Progress(3, 12, "asking tiingo")


def test_while_redis_is_away_work_goes_on_untold(piece: Piece) -> None:
    away = JobQueue("redis://127.0.0.1:1/0")
    Attempt(piece.work, away, 0).tell(1, 2)
    assert read_progress(away, "anything") == Progress()
    away.close()


@pytest.mark.parametrize("text", ["3/100", "[1]", '{"done": 1, "more": 2}'])
def test_progress_as_another_version_tells_it_is_none(piece: Piece, text: str) -> None:
    assert piece.queue.redis is not None
    piece.queue.redis.set("progress:work:other", text)
    assert read_progress(piece.queue, "work:other") == Progress()


def test_an_error_is_one_line_of_bounded_length() -> None:
    class Refused(TruenavError):
        code = "refused"

    assert described(Refused("no\nway")) == "refused: no way"
    assert described(ValueError("no\x00 \ud800 text")) == "ValueError: no? ? text"
    assert described(ValueError("x" * 9999)) == "ValueError: " + "x" * 488


# --- work of the installation ---------------------------------------------------------------------


@pytest.fixture
def in_worker(piece: Piece, settings: Settings) -> Piece:
    assert settings.database.worker is not None
    configure_jobs(
        JobContext(
            settings.database.worker, piece.queue, piece.clock, piece.url, settings, piece.clock.now
        )
    )
    return piece


def run(piece: Piece, use_case: Any) -> None:
    run_installation_job(str(INSTALLATION), str(piece.work.event_id), use_case)


def keys(piece: Piece) -> list[tuple[Any, ...]]:
    return piece.admin.execute(
        "SELECT outcome FROM job_keys WHERE tenant_id = %s AND key = %s",
        (INSTALLATION, f"event:{piece.work.event_id}"),
    ).fetchall()


def test_the_effect_its_key_and_its_end_are_one_transaction(in_worker: Piece) -> None:
    def act(connection: Any, _: Attempt) -> dict[str, int]:
        connection.execute(
            "INSERT INTO market_changes (currency, earliest) VALUES ('XTS', '2012-03-05')"
        )
        assert keys(in_worker) == []  # nobody sees any of it yet
        return {"rows": 1}

    for _ in range(3):
        run(in_worker, act)

    assert keys(in_worker) == [({"rows": 1},)]
    assert in_worker.look("done_at IS NOT NULL", "running_since") == (True, None)
    count = in_worker.admin.execute(
        "WITH gone AS (DELETE FROM market_changes WHERE currency = 'XTS' RETURNING 1)"
        " SELECT count(*) FROM gone"
    ).fetchone()
    assert count == (1,)


def test_what_fails_half_way_leaves_nothing(in_worker: Piece) -> None:
    def act(connection: Any, _: Attempt) -> dict[str, int]:
        connection.execute(
            "INSERT INTO market_changes (currency, earliest) VALUES ('XTS', '2012-03-05')"
        )
        raise Broken

    run(in_worker, act)

    assert keys(in_worker) == []
    assert in_worker.look("done_at", "failure_count") == (None, 1)
    rows = in_worker.admin.execute("SELECT 1 FROM market_changes WHERE currency = 'XTS'")
    assert rows.fetchall() == []


def test_what_is_cancelled_half_way_is_taken_back(in_worker: Piece) -> None:
    def act(connection: Any, made: Attempt) -> dict[str, int]:
        connection.execute(
            "INSERT INTO market_changes (currency, earliest) VALUES ('XTS', '2012-03-05')"
        )
        made.stop.set()
        made.tell(1, 2)
        raise AssertionError("it went on")

    run(in_worker, act)

    assert keys(in_worker) == []
    assert in_worker.look("done_at", "failure_count", "running_since") == (None, 0, None)
    rows = in_worker.admin.execute("SELECT 1 FROM market_changes WHERE currency = 'XTS'")
    assert rows.fetchall() == []


def test_what_is_cancelled_before_it_is_told_is_taken_back_too(in_worker: Piece) -> None:
    def act(connection: Any, _: Attempt) -> dict[str, int]:
        connection.execute(
            "INSERT INTO market_changes (currency, earliest) VALUES ('XTS', '2012-03-05')"
        )
        in_worker.admin.execute(
            "UPDATE outbox SET cancelled_at = now() WHERE id = %s", (in_worker.work.event_id,)
        )
        return {"rows": 1}

    run(in_worker, act)

    assert keys(in_worker) == []
    assert in_worker.look("done_at", "failure_count") == (None, 0)
    rows = in_worker.admin.execute("SELECT 1 FROM market_changes WHERE currency = 'XTS'")
    assert rows.fetchall() == []


def test_what_is_to_stay_can_be_committed_before_it_fails(in_worker: Piece) -> None:
    def act(connection: Any, _: Attempt) -> dict[str, int]:
        connection.execute(
            "INSERT INTO market_changes (currency, earliest) VALUES ('XTS', '2012-03-05')"
        )
        connection.commit()
        raise Broken

    run(in_worker, act)

    assert keys(in_worker) == []
    assert in_worker.look("done_at", "failure_count") == (None, 1)
    count = in_worker.admin.execute(
        "WITH gone AS (DELETE FROM market_changes WHERE currency = 'XTS' RETURNING 1)"
        " SELECT count(*) FROM gone"
    ).fetchone()
    assert count == (1,)


def test_a_tenant_cannot_have_the_installations_work_done(in_worker: Piece) -> None:
    with pytest.raises(JobsMisconfigured):
        run_installation_job(str(new_id()), str(in_worker.work.event_id), lambda *_: {})
    assert in_worker.look("done_at", "failure_count") == (None, 0)
