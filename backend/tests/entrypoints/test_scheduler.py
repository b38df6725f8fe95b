"""What the scheduler sweeps and announces, one step at a time.

Sweeping itself stands in `platform/test_outbox.py`; here is what the calendar asks for.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.builders import add_instrument, add_member
from tests.conftest import NOON, Connection
from tests.servers import Servers
from truenav.entrypoints.worker.nightly import (
    ANNOUNCERS,
    PROOFS_A_NIGHT,
    announce_due,
    announce_new_day,
    announce_proofs,
    held,
)
from truenav.entrypoints.worker.scheduler import LEADER_LOCK, lead, run
from truenav.entrypoints.worker.scheduler import SchedulerMisconfigured as Misconfigured
from truenav.entrypoints.worker.subscriptions import TABLE
from truenav.entrypoints.worker.telling import Teller
from truenav.features.operations.schedule import ENTRIES
from truenav.platform.clock import FakeClock, new_id
from truenav.platform.queue import JobQueue
from truenav.platform.settings import DatabaseSettings, Settings
from truenav.platform.tables import INSTALLATION

TODAY = NOON.date()
YESTERDAY = date(2026, 3, 4)


@dataclass(frozen=True)
class Night:
    """An empty database, the scheduler's connection to it, and a clock."""

    admin: Connection
    worker: Connection
    clock: FakeClock

    @property
    def today(self) -> date:
        return self.clock.now().date()

    def tenant(self, *, is_demo: bool = False) -> UUID:
        return add_member(self.admin, is_demo=is_demo).tenant_id

    def account(self, tenant_id: UUID, *, snapshot: date | None = None) -> UUID:
        """An account, with a snapshot of one day."""
        account_id = new_id()
        self.admin.execute(
            "INSERT INTO accounts (tenant_id, id, name, broker, kind, base_currency, tax_treatment)"
            " VALUES (%s, %s, %s, '', 'brokerage', 'USD', 'taxable')",
            (tenant_id, account_id, str(account_id)),
        )
        if snapshot is not None:
            self.admin.execute(
                "INSERT INTO snapshots (tenant_id, account_id, as_of, currency, nav,"
                " market_value, cash_value, external_flow, calculation_version)"
                " VALUES (%s, %s, %s, 'USD', 1, 0, 1, 0, 'test')",
                (tenant_id, account_id, snapshot),
            )
        return account_id

    def proved(self, tenant_id: UUID, account_id: UUID, day: date) -> None:
        self.admin.execute(
            "INSERT INTO ledger_proofs (tenant_id, account_id, proved_on, row_count,"
            " difference_count, differences) VALUES (%s, %s, %s, 0, 0, '[]')",
            (tenant_id, account_id, day),
        )

    def hold(
        self, symbol: str, *, exchange: str = "XNYS", prices: dict[date, str] | None = None
    ) -> UUID:
        """An instrument somebody holds."""
        made = add_instrument(self.admin, symbol=symbol, prices=prices)
        self.admin.execute(
            "UPDATE instruments SET wanted_at = now(), exchange = %s WHERE id = %s",
            (exchange, made),
        )
        return made

    def topics(self) -> list[str]:
        """What was asked for so far, by topic."""
        rows = self.admin.execute("SELECT topic FROM outbox ORDER BY topic, id").fetchall()
        return [str(topic) for (topic,) in rows]

    def asked(self, topic: str) -> list[tuple[Any, ...]]:
        """(tenant, payload) of the events of a topic."""
        return self.admin.execute(
            "SELECT tenant_id, payload FROM outbox WHERE topic = %s ORDER BY occurred_at, id",
            (topic,),
        ).fetchall()


@pytest.fixture
def night(servers: Servers, fresh_database: Callable[[], str]) -> Iterator[Night]:
    name = fresh_database()
    with (
        psycopg.connect(servers.dsn(name), autocommit=True) as admin,
        psycopg.connect(servers.dsn(name, "truenav_worker"), autocommit=True) as worker,
    ):
        yield Night(admin, worker, FakeClock(NOON))


DAY_PASSED, PROOF_DUE = "valuation.day_passed", "ledger.proof_due"


def test_a_new_day_is_announced_once_for_accounts_that_are_behind(night: Night) -> None:
    tenant = night.tenant()
    behind = night.account(tenant, snapshot=YESTERDAY)
    night.account(tenant, snapshot=TODAY)
    night.account(tenant)  # nothing was ever valued
    for _ in range(2):
        announce_new_day(night.worker, night.today)
    assert night.asked(DAY_PASSED) == [
        (tenant, {"account_id": str(behind), "earliest": "2026-03-04"})
    ]


def test_the_next_day_is_announced_again(night: Night) -> None:
    night.account(night.tenant(), snapshot=YESTERDAY)
    announce_new_day(night.worker, night.today)
    night.clock.instant = datetime.fromisoformat("2026-03-06T12:00:00+00:00")
    announce_new_day(night.worker, night.today)
    assert len(night.asked(DAY_PASSED)) == 2


def test_the_demo_stays_at_its_day(night: Night) -> None:
    demo = night.tenant(is_demo=True)
    night.account(demo, snapshot=YESTERDAY)
    announce_new_day(night.worker, night.today)
    assert night.asked(DAY_PASSED) == []


def test_every_tenant_is_asked_for_its_own(night: Night) -> None:
    tenants = {night.tenant(), night.tenant()}
    for tenant in tenants:
        night.account(tenant, snapshot=YESTERDAY)
    announce_new_day(night.worker, night.today)
    assert {tenant for tenant, _ in night.asked(DAY_PASSED)} == tenants


def test_a_proof_is_asked_for_once_a_day_and_account(night: Night) -> None:
    tenant = night.tenant()
    never, before, done = (night.account(tenant) for _ in range(3))
    night.proved(tenant, before, YESTERDAY)
    night.proved(tenant, done, TODAY)
    for _ in range(2):
        announce_proofs(night.worker, night.today)
    assert sorted(str(payload) for _, payload in night.asked(PROOF_DUE)) == sorted(
        str({"account_id": str(account)}) for account in (never, before)
    )


def test_a_night_proves_what_was_not_proved_for_longest(night: Night) -> None:
    tenant = night.tenant()
    accounts = [night.account(tenant) for _ in range(PROOFS_A_NIGHT + 2)]
    for account in accounts[:2]:
        night.proved(tenant, account, YESTERDAY)
    announce_proofs(night.worker, night.today)
    asked = [str(payload) for _, payload in night.asked(PROOF_DUE)]
    assert len(asked) == PROOFS_A_NIGHT
    assert not any(str(account) in text for account in accounts[:2] for text in asked)


def test_a_scheduler_without_a_database_says_what_it_needs(settings: Settings) -> None:
    without = Settings(
        home=settings.home, database=DatabaseSettings(), redis_url=settings.redis_url,
        web=settings.web, signing_seed=settings.signing_seed,
    )  # fmt: skip
    with pytest.raises(Misconfigured, match="TRUENAV_WORKER_DATABASE_URL"):
        run(without)


# --- the schedule ---------------------------------------------------------------------------------

PRICES_DUE = "marketdata.prices_due"
# Thursday 2026-03-05: the New York Stock Exchange closes at four in the afternoon, 21:00 UTC
NEW_YORK_CLOSED = datetime(2026, 3, 5, 21, 45, tzinfo=UTC)


def online(settings: Settings) -> Settings:
    return replace(settings, providers=replace(settings.providers, is_offline=False))


def test_every_entry_has_somebody_who_announces_it() -> None:
    assert set(ANNOUNCERS) == {e.name for e in ENTRIES if not e.name.startswith("eod-")}


def test_closes_are_asked_for_after_the_close_of_their_exchange_and_once(
    night: Night, settings: Settings
) -> None:
    chosen = online(settings)
    here = night.hold("ZQA")
    there = night.hold("ZQL", exchange="XLON")
    announce_due(night.worker, chosen, NOON)  # what the days before left
    night.admin.execute("DELETE FROM outbox")

    before = announce_due(night.worker, chosen, NEW_YORK_CLOSED - timedelta(minutes=1))
    london = night.asked(PRICES_DUE)
    after = announce_due(night.worker, chosen, NEW_YORK_CLOSED)
    again = announce_due(night.worker, chosen, NEW_YORK_CLOSED)

    assert ("eod-XLON" in before, "eod-XNYS" in before) == (True, False)
    assert [payload for _, payload in london] == [
        {"instrument_id": str(there), "day": "2026-03-05"}
    ]
    assert (after, again) == (["eod-XNYS", "canary"], [])
    assert night.asked(PRICES_DUE)[1:] == [
        (INSTALLATION, {"instrument_id": str(here), "day": "2026-03-05"})
    ]


def test_who_has_told_the_close_is_not_asked_again_and_who_has_not_is(
    night: Night, settings: Settings
) -> None:
    chosen = online(settings)
    night.hold("ZQA", prices={TODAY: "10"})
    slow = night.hold("ZQB", prices={YESTERDAY: "10"})
    for hours in (0, 2, 5, 11):
        announce_due(night.worker, chosen, NEW_YORK_CLOSED + timedelta(hours=hours))
        night.admin.execute("UPDATE outbox SET done_at = now()")  # nobody knew it yet

    asked = [payload for _, payload in night.asked(PRICES_DUE)]
    assert {"instrument_id": str(slow), "day": "2026-03-05"} in asked
    assert {str(one) for one in asked} == {str(asked[0])}
    assert len(asked) == 4


def test_what_still_waits_is_not_asked_for_a_second_time(night: Night, settings: Settings) -> None:
    """Through a day without any provider, closes are asked for once, and made up for at once."""
    chosen = online(settings)
    night.hold("ZQA")
    for hours in range(0, 24, 2):
        announce_due(night.worker, chosen, NEW_YORK_CLOSED + timedelta(hours=hours))
    assert len(night.asked(PRICES_DUE)) == 1

    night.admin.execute("UPDATE outbox SET parked_at = now(), park_reason = 'failed'")
    announce_due(night.worker, chosen, NEW_YORK_CLOSED + timedelta(hours=24))
    assert len(night.asked(PRICES_DUE)) == 2


@pytest.mark.parametrize(
    ("day", "is_asked"),
    [
        (datetime(2026, 7, 3, 23, tzinfo=UTC), False),  # Independence Day, kept on the Friday
        (datetime(2026, 7, 4, 23, tzinfo=UTC), False),  # a Saturday
        (datetime(2026, 7, 6, 23, tzinfo=UTC), True),
        (datetime(2026, 11, 27, 18, 44, tzinfo=UTC), False),  # closes at one, 18:00 UTC
        (datetime(2026, 11, 27, 18, 45, tzinfo=UTC), True),
    ],
)
def test_holidays_are_left_out_and_early_closes_come_early(
    night: Night, settings: Settings, day: datetime, *, is_asked: bool
) -> None:
    chosen = online(settings)
    # whatever the days before asked for was announced
    announce_due(night.worker, chosen, day.replace(hour=13, minute=0))
    night.hold("ZQA")
    announce_due(night.worker, chosen, day.replace(hour=13, minute=0))
    night.admin.execute("DELETE FROM outbox")

    announce_due(night.worker, chosen, day)

    assert bool(night.asked(PRICES_DUE)) is is_asked


def test_after_a_week_away_each_entry_is_caught_up_once(night: Night, settings: Settings) -> None:
    chosen = online(settings)
    held = night.hold("ZQA", prices={YESTERDAY: "10"})
    account = night.account(night.tenant(), snapshot=YESTERDAY)
    announce_due(night.worker, chosen, NOON)
    night.admin.execute("DELETE FROM outbox")

    done = announce_due(night.worker, chosen, NOON + timedelta(days=8))

    assert len(done) == len(set(done)) == 15  # every entry of the schedule, and one exchange
    assert night.asked(PRICES_DUE) == [
        (INSTALLATION, {"instrument_id": str(held), "day": "2026-03-12"})
    ]
    (passed,) = night.asked(DAY_PASSED)
    assert passed[1] == {"account_id": str(account), "earliest": "2026-03-04"}


def test_offline_nobody_is_asked_and_the_rest_goes_on(night: Night, settings: Settings) -> None:
    night.hold("ZQA", prices={YESTERDAY: "10"})
    chosen = replace(settings, providers=replace(settings.providers, is_offline=True))

    done = announce_due(night.worker, chosen, NOON)

    assert done == [
        "canary", "snapshots", "alerts", "proofs", "reconciliation", "retention", "forgetting",
    ]  # fmt: skip
    assert not set(night.topics()) & {PRICES_DUE, "marketdata.rates_due", "marketdata.events_due"}


def test_within_a_week_every_instrument_is_asked_for_late_events(
    night: Night, settings: Settings
) -> None:
    held = {str(night.hold(f"ZQ{letter}")) for letter in "ABCDEFGHIJKLMNOP"}
    for day in range(7):
        announce_due(night.worker, online(settings), NOON + timedelta(days=day))
    asked = [payload for _, payload in night.asked("marketdata.events_due")]
    assert len(asked) == len(held)
    assert all(sum(one in str(payload) for payload in asked) == 1 for one in held)


def test_what_is_announced_is_subscribed_to(night: Night, settings: Settings) -> None:
    night.hold("ZQA", prices={YESTERDAY: "10"})
    for day in range(8):
        announce_due(night.worker, online(settings), NOON + timedelta(days=day))
    assert set(night.topics()) <= set(TABLE)


def test_two_schedulers_at_once_ask_once_and_only_one_leads(
    night: Night, servers: Servers, settings: Settings, redis_url: str
) -> None:
    """Both run for a while; then the leader's connection is cut, and the other takes over."""
    account = night.account(night.tenant(), snapshot=YESTERDAY)
    dsn = servers.dsn(night.admin.info.dbname, "truenav_worker")
    stop, leaders = threading.Event(), []

    def follow() -> None:
        with psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as connection:
            queue = JobQueue(redis_url)
            leaders.append(connection.info.backend_pid)
            with contextlib.suppress(psycopg.OperationalError):
                lead(connection, queue, night.clock, stop, settings, Teller(()))
            queue.close()

    threads = [threading.Thread(target=follow) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        first = holder_of_the_lock(night, leaders)
        assert len(night.asked(DAY_PASSED)) <= 1
        night.admin.execute("SELECT pg_terminate_backend(%s)", (first,))
        (other,) = [pid for pid in leaders if pid != first]
        assert holder_of_the_lock(night, [other]) == other
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert [payload for _, payload in night.asked(DAY_PASSED)] == [
        {"account_id": str(account), "earliest": "2026-03-04"}
    ]


def holder_of_the_lock(night: Night, among: list[int]) -> int:
    """Who leads, once somebody does and has announced something."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        rows = night.admin.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (LEADER_LOCK & 0xFFFFFFFF,),
        ).fetchall()
        if len(rows) == 1 and rows[0][0] in among and night.asked(DAY_PASSED):
            return int(str(rows[0][0]))
        time.sleep(0.05)
    raise AssertionError("nobody leads")


def test_tenants_with_sources_of_their_own_are_asked_for_theirs(
    night: Night, settings: Settings
) -> None:
    tenant = night.tenant()
    night.tenant()
    night.admin.execute(
        "INSERT INTO custom_sources (tenant_id, instrument_id, url, price_path, currency, factor)"
        " VALUES (%s, %s, 'https://prices.example.com', 'p', 'USD', 1)",
        (tenant, night.hold("ZQA")),
    )
    for _ in range(2):
        announce_due(night.worker, online(settings), NOON)
    assert night.asked("marketdata.own_sources_due") == [(tenant, {})]


def test_what_ended_long_ago_is_forgotten_and_what_is_open_or_given_up_is_not(
    night: Night, settings: Settings
) -> None:
    tenant, long_ago = night.tenant(), NOON - timedelta(days=91)
    kept = {}
    for name, column, at in (
        ("done", "done_at", long_ago), ("cancelled", "cancelled_at", long_ago),
        ("lately", "done_at", NOON - timedelta(days=89)), ("open", "dispatched_at", long_ago),
        ("given up", "parked_at", long_ago),
    ):  # fmt: skip
        kept[name] = new_id()
        night.admin.execute(
            "INSERT INTO outbox"
            f" (tenant_id, id, topic, payload, occurred_at, {column}, park_reason)"
            " VALUES (%s, %s, 'tests.old', '{}', %s, %s, %s)",
            (tenant, kept[name], long_ago, at, "failed" if column == "parked_at" else None),
        )
        night.admin.execute(
            "INSERT INTO job_keys (tenant_id, key) VALUES (%s, 'event:' || %s::text)",
            (tenant, kept[name]),
        )
    announce_due(night.worker, online(settings), NOON)

    rows = night.admin.execute("SELECT id FROM outbox WHERE topic = 'tests.old'").fetchall()
    keys = night.admin.execute("SELECT key FROM job_keys").fetchall()
    still = {kept[name] for name in ("lately", "open", "given up")}
    assert {row[0] for row in rows} == still
    assert {row[0] for row in keys} == {f"event:{one}" for one in still}


def test_an_entry_that_fails_keeps_no_other_from_its_time(
    night: Night, settings: Settings, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(logging.getLogger("truenav.scheduler"), "disabled", False)
    night.tenant()
    night.admin.execute("ALTER TABLE custom_sources RENAME TO elsewhere")

    done = announce_due(night.worker, online(settings), NOON)

    assert "own-sources" not in done
    assert {"rates", "snapshots", "proofs", "reconciliation"} <= set(done)
    assert "own-sources could not be asked for" in caplog.text
    night.admin.execute("ALTER TABLE elsewhere RENAME TO custom_sources")
    assert announce_due(night.worker, online(settings), NOON) == ["own-sources"]


def test_a_clock_that_was_wrong_once_does_not_stop_the_schedule(
    night: Night, settings: Settings
) -> None:
    chosen = online(settings)
    announce_due(night.worker, chosen, NOON + timedelta(days=3650))
    assert "proofs" in announce_due(night.worker, chosen, NOON)
    assert "proofs" not in announce_due(night.worker, chosen, NOON)
    assert "proofs" in announce_due(night.worker, chosen, NOON + timedelta(days=1))


def test_after_a_weekend_late_events_of_all_its_days_are_asked_for(
    night: Night, settings: Settings
) -> None:
    chosen = online(settings)
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        night.hold(f"ZQ{letter}")
    friday = datetime(2026, 3, 6, 8, tzinfo=UTC)
    for days in (-1, 0, 3):  # Thursday, Friday, and Monday after a weekend at rest
        announce_due(night.worker, chosen, friday + timedelta(days=days))
        night.admin.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
    everything = {one.id.int % 7 for one in held(night.worker)}
    asked = {
        UUID(str(payload["instrument_id"])).int % 7
        for _, payload in night.asked("marketdata.events_due")
    }
    # all but those of Tuesday and Wednesday, which have had their day
    assert asked == everything - {1, 2}
