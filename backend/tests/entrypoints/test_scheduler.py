"""What the scheduler sweeps and announces, one step at a time.

Sweeping itself stands in `platform/test_outbox.py`; here is what the calendar asks for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import psycopg
import pytest

from tests.builders import add_member
from tests.conftest import NOON, Connection
from tests.servers import Servers
from truenav.entrypoints.worker.scheduler import (
    PROOFS_A_NIGHT,
    announce_new_day,
    announce_proofs,
    run,
)
from truenav.entrypoints.worker.scheduler import SchedulerMisconfigured as Misconfigured
from truenav.platform.clock import FakeClock, new_id
from truenav.platform.settings import DatabaseSettings, Settings

TODAY = NOON.date()
YESTERDAY = date(2026, 3, 4)


@dataclass(frozen=True)
class Night:
    """An empty database, the scheduler's connection to it, and a clock."""

    admin: Connection
    worker: Connection
    clock: FakeClock

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

    def asked(self, topic: str) -> list[tuple[object, ...]]:
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
        announce_new_day(night.worker, night.clock)
    assert night.asked(DAY_PASSED) == [
        (tenant, {"account_id": str(behind), "earliest": "2026-03-04"})
    ]


def test_the_next_day_is_announced_again(night: Night) -> None:
    night.account(night.tenant(), snapshot=YESTERDAY)
    announce_new_day(night.worker, night.clock)
    night.clock.instant = datetime.fromisoformat("2026-03-06T12:00:00+00:00")
    announce_new_day(night.worker, night.clock)
    assert len(night.asked(DAY_PASSED)) == 2


def test_the_demo_stays_at_its_day(night: Night) -> None:
    demo = night.tenant(is_demo=True)
    night.account(demo, snapshot=YESTERDAY)
    announce_new_day(night.worker, night.clock)
    assert night.asked(DAY_PASSED) == []


def test_every_tenant_is_asked_for_its_own(night: Night) -> None:
    tenants = {night.tenant(), night.tenant()}
    for tenant in tenants:
        night.account(tenant, snapshot=YESTERDAY)
    announce_new_day(night.worker, night.clock)
    assert {tenant for tenant, _ in night.asked(DAY_PASSED)} == tenants


def test_a_proof_is_asked_for_once_a_day_and_account(night: Night) -> None:
    tenant = night.tenant()
    never, before, done = (night.account(tenant) for _ in range(3))
    night.proved(tenant, before, YESTERDAY)
    night.proved(tenant, done, TODAY)
    for _ in range(2):
        announce_proofs(night.worker, night.clock)
    assert sorted(str(payload) for _, payload in night.asked(PROOF_DUE)) == sorted(
        str({"account_id": str(account)}) for account in (never, before)
    )


def test_a_night_proves_what_was_not_proved_for_longest(night: Night) -> None:
    tenant = night.tenant()
    accounts = [night.account(tenant) for _ in range(PROOFS_A_NIGHT + 2)]
    for account in accounts[:2]:
        night.proved(tenant, account, YESTERDAY)
    announce_proofs(night.worker, night.clock)
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
