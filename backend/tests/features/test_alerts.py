"""Rules look at closes, values and events, and tell of each crossing once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from tests.builders import Member, add_instrument, create_account
from tests.conftest import NOON, Connection
from tests.features.alerting import RULES, a_rule, alerts, rises_to
from tests.features.conftest import Work, announced, run_request
from tests.features.importing import upload
from tests.features.ledgering import bought, paid, post, priced
from truenav.entrypoints.worker.market_changes import announce_market_changes
from truenav.entrypoints.worker.nightly import announce_alerts
from truenav.features.marketdata.repository import store_prices
from truenav.platform.clock import FakeClock

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)


def store_close(ingest: Connection, instrument_id: UUID, day: date, close: str) -> None:
    """What a provider told of a day."""
    with ingest.transaction():
        bar = (instrument_id, day, "yahoo", "raw", None, None, None, Decimal(close), None, "USD")
        assert store_prices(ingest, [bar]) == 1


@pytest.fixture
def about(admin_connection: Connection) -> UUID:
    """An instrument that closed at 95 yesterday."""
    return add_instrument(admin_connection, prices={YESTERDAY: "95"})


class TestCloses:
    async def test_a_close_of_what_is_only_watched_is_looked_at(
        self,
        client: httpx.AsyncClient,
        admin_connection: Connection,
        scheduler: Connection,
        ingest: Connection,
        work: Work,
        clock: FakeClock,
    ) -> None:
        about = add_instrument(admin_connection, prices={YESTERDAY: "95"})
        await rises_to(client, about, "100")
        clock.advance(timedelta(hours=12))
        store_close(ingest, about, TODAY, "104")

        announce_market_changes(scheduler)
        announce_market_changes(scheduler)
        assert await work(None) == ["look"]

        clock.instant = NOON  # whoever asks is still logged in
        (told,) = await alerts(client)
        assert (told["value"], told["source"]) == ("104", "yahoo")

    async def test_who_has_no_rule_on_it_is_not_asked_to_look(
        self,
        client: httpx.AsyncClient,
        about: UUID,
        instrument: UUID,
        scheduler: Connection,
        ingest: Connection,
        work: Work,
    ) -> None:
        await rises_to(client, about, "100")
        store_close(ingest, instrument, TODAY, "104")

        announce_market_changes(scheduler)

        assert await work(None) == []


class TestValues:
    async def test_a_portfolio_that_crosses_an_amount_is_told_once_it_is_worked_out(
        self, client: httpx.AsyncClient, work: Work
    ) -> None:
        account_id = await create_account(client)
        await post(client, paid(account_id, "2026-02-03", "900"))
        await work(None)
        rule = await a_rule(client, "nav", direction="above", threshold="1000")
        assert (rule["side"], rule["currency"]) == ("waiting", "USD")

        await post(client, paid(account_id, "2026-02-04", "150"))
        assert await alerts(client) == []
        assert await work(None) == ["rebuild_nav", "look"]

        (told,) = await alerts(client)
        assert (told["value"], told["as_of"]) == ("1050", "2026-03-05T00:00:00Z")

    async def test_where_there_are_no_rules_nobody_is_asked_to_look(
        self, client: httpx.AsyncClient, work: Work
    ) -> None:
        await post(client, paid(await create_account(client), "2026-02-03", "900"))

        assert await work(None) == ["rebuild_nav"]

    async def test_while_an_account_waits_to_be_worked_out_nothing_is_known(
        self, client: httpx.AsyncClient, admin_connection: Connection, jobs: None, member: Member
    ) -> None:
        del jobs
        account_id = await create_account(client)
        await post(client, paid(account_id, "2026-02-03", "900"))

        rule = await a_rule(client, "nav", direction="above", threshold="100")

        assert rule["side"] is None
        for request in announced(
            admin_connection, "alerts.figures_moved", tenant_id=member.tenant_id
        ):
            await run_request(request)
        assert await alerts(client) == []

    async def test_what_is_paid_in_is_no_gain(
        self, client: httpx.AsyncClient, admin_connection: Connection, work: Work
    ) -> None:
        account_id = await create_account(client)
        about = priced(admin_connection, {"2026-03-03": "10", "2026-03-04": "10"})
        await post(
            client,
            paid(account_id, "2026-03-02", "1000"),
            bought(account_id, about, "2026-03-03", "100", "10"),
        )
        await work(None)
        fields = {"direction": "above", "threshold": "0.05", "window_days": 2}
        rule = await a_rule(client, "nav_change", **fields)
        assert rule["side"] == "waiting"

        await post(client, paid(account_id, "2026-03-04", "5000"))
        await work(None)
        assert await alerts(client) == []
        # 100 units go from 10 to 10.50: 50 of the 1000 there were two days before
        admin_connection.execute(
            "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
            " VALUES (%s, '2026-03-05', 'test', 10.5, 'USD')",
            (about,),
        )
        await post(client, paid(account_id, "2026-03-05", "1"))
        await work(None)
        (told,) = await alerts(client)
        assert (told["kind"], told["value"]) == ("nav_change", "0.05")


class TestEvents:
    async def look(self, connection: Connection, member: Member) -> None:
        for request in announced(connection, "alerts.figures_moved", tenant_id=member.tenant_id):
            await run_request(request)

    async def test_a_dividend_of_what_is_held_is_told_once_whoever_tells_it(
        self,
        client: httpx.AsyncClient,
        member: Member,
        admin_connection: Connection,
        about: UUID,
        instrument: UUID,
        work: Work,
    ) -> None:
        account_id = await create_account(client)
        await post(client, bought(account_id, about, "2026-03-02", "10", "95"))
        await a_rule(client, "dividend")
        for key, day, source in (
            (about, "2026-03-20", "tiingo"),
            (about, "2026-03-20", "yahoo"),
            (about, "2026-03-04", "tiingo"),  # before there was a rule
            (instrument, "2026-03-20", "tiingo"),  # nobody holds it
        ):
            admin_connection.execute(
                "INSERT INTO corporate_actions"
                " (id, instrument_id, type, ex_date, cash_amount, currency, source)"
                " VALUES (%s, %s, 'cash_dividend', %s, 0.25, 'USD', %s)",
                (uuid4(), key, day, source),
            )
        await work(None)
        await self.look(admin_connection, member)

        (told,) = await alerts(client)
        assert (told["instrument_id"], told["on_date"]) == (str(about), "2026-03-20")
        assert (told["value"], told["currency"]) == ("0.25", "USD")

    async def test_what_is_held_and_has_no_price_for_days_is_told_once_for_each_silence(
        self,
        client: httpx.AsyncClient,
        admin_connection: Connection,
        scheduler: Connection,
        work: Work,
    ) -> None:
        account_id = await create_account(client)
        fresh = add_instrument(admin_connection, prices={date(2026, 3, 1): "1"})
        stale = add_instrument(admin_connection, prices={date(2026, 2, 28): "1"})
        never = add_instrument(admin_connection)
        await post(
            client,
            *(bought(account_id, one, "2026-03-02", "1", "1") for one in (fresh, stale, never)),
        )
        await work(None)
        await a_rule(client, "stale_price", window_days=5)

        announce_alerts(scheduler, TODAY)
        announce_alerts(scheduler, TODAY)
        assert await work(None) == ["look"]
        announce_alerts(scheduler, TODAY + timedelta(days=1))
        assert await work(None) == ["look"]

        told = {one["instrument_id"]: one["on_date"] for one in await alerts(client)}
        assert told == {str(stale): "2026-02-28", str(never): None}
        assert len(await alerts(client)) == 2

    async def test_snoozed_it_tells_when_it_wakes(
        self,
        client: httpx.AsyncClient,
        member: Member,
        admin_connection: Connection,
        instrument: UUID,
        jobs: None,
        clock: FakeClock,
    ) -> None:
        del jobs
        rule = await a_rule(client, "stale_price", instrument_id=instrument, window_days=5)
        await client.post(f"{RULES}/{rule['id']}/snooze", json={"snooze": "hour"})
        await self.look(admin_connection, member)
        assert await alerts(client) == []

        clock.advance(timedelta(hours=1))
        await self.look(admin_connection, member)
        clock.instant = NOON  # whoever asks is still logged in
        assert len(await alerts(client)) == 1

    async def test_a_file_that_cannot_be_read_is_told(
        self, client: httpx.AsyncClient, work: Work
    ) -> None:
        account_id = await create_account(client)
        await a_rule(client, "import_failed", account_id=account_id)
        batch = await upload(client, account_id, b"\x00\x01\x02", "broken.csv")

        assert await work(None) == ["read_import", "look"]

        (told,) = await alerts(client)
        assert (told["subject"], told["subject_id"]) == ("broken.csv", batch["id"])
        assert told["account_id"] == str(account_id)

    async def test_a_ledger_that_differs_from_its_records_is_told(
        self,
        client: httpx.AsyncClient,
        member: Member,
        admin_connection: Connection,
        about: UUID,
        work: Work,
    ) -> None:
        account_id = await create_account(client)
        await post(client, bought(account_id, about, "2026-03-02", "10", "95"))
        await work(None)
        await a_rule(client, "ledger_break")
        admin_connection.execute(
            "UPDATE positions SET quantity = 11 WHERE tenant_id = %s", (member.tenant_id,)
        )
        announced(
            admin_connection, "ledger.proof_due", tenant_id=member.tenant_id,
            account_id=str(account_id),
        )  # fmt: skip

        assert await work(None) == ["prove_account", "look"]

        (told,) = await alerts(client)
        assert (told["value"], told["on_date"]) == ("1", "2026-03-05")


@pytest.fixture
def scheduler(servers: Any, database: str) -> Any:
    """What the scheduler reads and tells through; nothing is waiting in it."""
    dsn = servers.dsn(database, "truenav_worker")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM market_changes")
        yield connection


@pytest.fixture
def ingest(servers: Any, database: str) -> Any:
    """What the quote feed writes through."""
    with psycopg.connect(servers.dsn(database, "truenav_ingest"), autocommit=True) as connection:
        yield connection
