"""Reconciliation through the database and the API: found, found again, decided, taken over."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.builders import Member, a_key, a_purchase, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import announced, run_now
from tests.servers import Servers
from truenav.core.calendar.exchanges import exchange_days

Look = Callable[..., None]
D = Decimal
XNYS = exchange_days("XNYS").is_session
# Twelve sessions before the day the tests are on, Thursday 2026-03-05
TODAY = date(2026, 3, 5)
DAYS = [d for n in range(17, 0, -1) if XNYS(d := TODAY - timedelta(days=n))]


@pytest.fixture
def ingest(servers: Servers, database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(servers.dsn(database, "truenav_ingest"), autocommit=True) as connection:
        yield connection


def add_closes(
    connection: Connection, made: UUID, source: str, closes: Sequence[str | None]
) -> None:
    for day, close in zip(DAYS, closes, strict=False):
        if close is not None:
            connection.execute(
                "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
                " VALUES (%s, %s, %s, %s, 'USD')",
                (made, day, source, D(close)),
            )


def add_event(
    connection: Connection, made: UUID, source: str, day: date, *,
    kind: str = "cash_dividend", ratio: str | None = None, cash: str | None = None,
) -> None:  # fmt: skip
    connection.execute(
        "INSERT INTO corporate_actions"
        " (id, instrument_id, type, ex_date, ratio, cash_amount, currency, source)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, 'USD', %s)",
        (made, kind, day, ratio, cash, source),
    )


RISING: Sequence[str] = [str(100 + n) for n in range(len(DAYS))]


async def findings(client: httpx.AsyncClient, made: UUID, **params: Any) -> list[dict[str, Any]]:
    asked = {"instrument_id": str(made), **params}
    answer = await client.get("/api/v1/operations/data/findings", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def decide(
    client: httpx.AsyncClient, finding: dict[str, Any], decision: str
) -> httpx.Response:
    return await client.post(
        f"/api/v1/operations/data/findings/{finding['id']}/decide",
        json={"decision": decision, "reason": "as the exchange says"},
        headers=a_key(),
    )


@pytest.fixture
def look(jobs: None, admin_connection: Connection) -> Look:
    """Looks an instrument through as of a day, as the schedule's job does."""
    del jobs

    def act(made: UUID, day: date = TODAY) -> None:
        topic, instrument_id = "marketdata.reconciliation_due", str(made)
        for request in announced(
            admin_connection, topic, instrument_id=instrument_id, day=day.isoformat()
        ):
            run_now(request)

    return act


@pytest.fixture
def disputed(admin_connection: Connection, jobs: None) -> UUID:
    """Two sources: the lower one tells a split and another close on the fourth day.

    The split counts meanwhile: an event that any source tells does, until it is struck out.
    """
    del jobs
    made = add_instrument(admin_connection)
    add_closes(admin_connection, made, "tiingo", RISING)
    theirs = [*RISING]
    theirs[3] = "113.50"
    add_closes(admin_connection, made, "yahoo", theirs)
    add_event(admin_connection, made, "yahoo", DAYS[5], kind="split", ratio="2")
    for source in ("tiingo", "yahoo"):
        add_event(admin_connection, made, source, DAYS[9], cash="0.25")
    return made


async def test_each_difference_is_found_once_however_often_it_is_looked_for(
    operator: httpx.AsyncClient, disputed: UUID, look: Look
) -> None:
    look(disputed)
    look(disputed)
    look(disputed, TODAY + timedelta(days=1))

    found = await findings(operator, disputed)
    names = ("kind", "day", "ours", "theirs", "status", "source")
    told = {tuple(finding[name] for name in names) for finding in found}
    assert told == {
        ("missing_split", DAYS[5].isoformat(), "split 2", None, "open", "tiingo"),
        ("restated", DAYS[3].isoformat(), "103", "113.5", "open", "yahoo"),
    }
    assert {(f["first_seen"], f["last_seen"]) for f in found} == {("2026-03-05", "2026-03-06")}
    params = {"query": found[0]["symbol"]}
    (row,) = (await operator.get("/api/v1/operations/data/coverage", params=params)).json()["items"]
    counts = ("bar_count", "session_count", "compared_count", "open_count")
    assert [row[name] for name in counts] == [len(DAYS), len(DAYS), len(DAYS), 2]
    assert [source["source"] for source in row["sources"]] == ["tiingo", "yahoo"]


async def test_accepting_says_who_when_and_why_and_changes_no_price(
    operator: httpx.AsyncClient, disputed: UUID, member: Member, look: Look
) -> None:
    look(disputed)
    (finding,) = await findings(operator, disputed, kind="restated")

    answer = await decide(operator, finding, "accepted")
    look(disputed, TODAY + timedelta(days=1))

    assert answer.status_code == 200, answer.text
    (after,) = await findings(operator, disputed, kind="restated")
    assert after["status"] == "accepted"
    (decision,) = after["decisions"]
    assert (decision["decided_by"], decision["reason"]) == (
        str(member.user_id), "as the exchange says",
    )  # fmt: skip
    body = (await operator.get(f"/api/v1/instruments/{disputed}/prices")).json()
    assert [item["close"] for item in body["items"]] == RISING


async def test_a_decision_of_other_figures_is_asked_for_again(
    operator: httpx.AsyncClient, disputed: UUID, admin_connection: Connection, look: Look
) -> None:
    look(disputed)
    (finding,) = await findings(operator, disputed, kind="restated")
    await decide(operator, finding, "accepted")
    admin_connection.execute(
        "UPDATE prices SET close = 120 WHERE instrument_id = %s AND source = 'yahoo'"
        " AND price_date = %s",
        (disputed, DAYS[3]),
    )
    look(disputed, TODAY + timedelta(days=1))

    (after,) = await findings(operator, disputed, kind="restated")
    assert (after["status"], after["theirs"], len(after["decisions"])) == ("open", "120", 1)


async def test_taking_the_other_word_over_is_a_source_of_its_own(
    operator: httpx.AsyncClient, disputed: UUID, admin_connection: Connection, look: Look
) -> None:
    look(disputed)
    for finding in await findings(operator, disputed):
        assert finding["can_override"]
        assert (await decide(operator, finding, "overridden")).status_code == 200
    late = await decide(operator, finding, "overridden")

    params = {"basis": "split"}
    path = f"/api/v1/instruments/{disputed}"
    body = (await operator.get(f"{path}/prices", params=params)).json()
    versions = (await operator.get(f"{path}/price-versions")).json()
    kept = admin_connection.execute(
        "SELECT close FROM prices WHERE instrument_id = %s AND source = 'tiingo'"
        " AND price_date = %s",
        (disputed, DAYS[3]),
    ).fetchone()
    assert late.status_code == 409
    # the other source's close, and the split struck out by the word of who does not tell it
    assert (body["items"][3]["close"], body["items"][3]["source"]) == ("113.5", "operator")
    assert body["items"][5]["close"] == "105"
    assert [v["reason"] for v in versions] == ["override", "override"]
    assert kept == (D(103),)
    look(disputed, TODAY + timedelta(days=1))
    assert {f["status"] for f in await findings(operator, disputed)} == {"overridden"}


async def test_an_event_only_we_tell_can_be_struck_out(
    operator: httpx.AsyncClient, admin_connection: Connection, look: Look
) -> None:
    made = add_instrument(admin_connection)
    for source in ("tiingo", "yahoo"):
        add_closes(admin_connection, made, source, [*RISING])
    for source, days in (("tiingo", (DAYS[2], DAYS[4])), ("yahoo", (DAYS[2],))):
        for day in days:
            add_event(admin_connection, made, source, day, cash="1.50")
    look(made)
    (finding,) = await findings(operator, made)
    assert (finding["kind"], finding["theirs"]) == ("missed_dividend", None)

    await decide(operator, finding, "overridden")

    path = f"/api/v1/instruments/{made}"
    events = (await operator.get(f"{path}/corporate-actions")).json()
    assert [event["ex_date"] for event in events] == [DAYS[2].isoformat()]
    body = (await operator.get(f"{path}/prices", params={"basis": "total"})).json()
    assert [item["close"] for item in body["items"]][2:] == RISING[2:]


async def test_what_is_corrected_at_its_source_is_gone_by_itself(
    operator: httpx.AsyncClient, disputed: UUID, admin_connection: Connection, look: Look
) -> None:
    look(disputed)
    admin_connection.execute(
        "UPDATE prices SET close = 103 WHERE instrument_id = %s AND price_date = %s",
        (disputed, DAYS[3]),
    )
    look(disputed, TODAY + timedelta(days=1))

    (after,) = await findings(operator, disputed, kind="restated")
    assert after["status"] == "gone"


async def test_with_one_source_nothing_is_compared_and_the_report_says_so(
    operator: httpx.AsyncClient, admin_connection: Connection, look: Look
) -> None:
    made = add_instrument(admin_connection)
    closes: list[str | None] = [*RISING]
    closes[2] = None
    add_closes(admin_connection, made, "tiingo", closes)
    look(made)

    (finding,) = await findings(operator, made)
    assert (finding["kind"], finding["day"], finding["can_override"]) == (
        "missing_sessions", DAYS[2].isoformat(), False,
    )  # fmt: skip
    assert (await decide(operator, finding, "overridden")).status_code == 409
    params = {"query": finding["symbol"]}
    (row,) = (await operator.get("/api/v1/operations/data/coverage", params=params)).json()["items"]
    assert (row["compared_count"], row["bar_count"]) == (0, len(DAYS) - 1)


class TestDelisting:
    @pytest.fixture
    def silent(self, admin_connection: Connection, jobs: None) -> UUID:
        """Told of until the first day only, while its source tells of others since."""
        del jobs
        made = add_instrument(admin_connection)
        add_closes(admin_connection, made, "csv", ["100"])
        add_closes(admin_connection, add_instrument(admin_connection), "csv", [*RISING])
        return made

    async def test_silence_is_proposed_and_a_person_decides(
        self,
        operator: httpx.AsyncClient,
        silent: UUID,
        admin_connection: Connection,
        look: Look,
    ) -> None:
        look(silent)
        (finding,) = await findings(operator, silent)
        before = admin_connection.execute(
            "SELECT delisted_on FROM instruments WHERE id = %s", (silent,)
        ).fetchone()
        await decide(operator, finding, "overridden")
        detail = (await operator.get(f"/api/v1/instruments/{silent}")).json()

        assert (finding["kind"], finding["day"]) == ("no_bars", DAYS[0].isoformat())
        assert before == (None,)
        assert detail["delisted_on"] == DAYS[0].isoformat()

    async def test_the_cash_of_a_merger_is_the_last_price(
        self,
        operator: httpx.AsyncClient,
        silent: UUID,
        admin_connection: Connection,
        look: Look,
    ) -> None:
        add_event(admin_connection, silent, "csv", DAYS[2], kind="cash_merger", cash="54.20")
        look(silent)
        (finding,) = await findings(operator, silent, kind="no_bars")
        await decide(operator, finding, "overridden")

        body = (await operator.get(f"/api/v1/instruments/{silent}/prices")).json()
        assert [(i["price_date"], i["close"]) for i in body["items"]] == [
            (DAYS[0].isoformat(), "100"),
            (DAYS[2].isoformat(), "54.2"),
        ]


class TestWhoMay:
    async def test_nobody_but_an_operator_sees_or_decides(
        self, client: httpx.AsyncClient, disputed: UUID, look: Look
    ) -> None:
        look(disputed)
        for path in ("coverage", "findings"):
            answer = await client.get(f"/api/v1/operations/data/{path}")
            assert answer.status_code == 403

    async def test_the_database_refuses_a_decision_of_somebody_else(
        self, admin_connection: Connection, servers: Servers, database: str, disputed: UUID,
        member: Member, look: Look,
    ) -> None:  # fmt: skip
        look(disputed)
        row = admin_connection.execute(
            "SELECT id FROM data_findings WHERE instrument_id = %s", (disputed,)
        ).fetchone()
        assert row is not None
        with psycopg.connect(servers.dsn(database, "truenav_app")) as app:
            app.execute("SELECT set_config('app.user', %s, true)", (str(member.user_id),))
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only an operator"):
                app.execute(
                    "SELECT catalogue.decide_finding(%s, gen_random_uuid(), 'accepted', 'x')", row
                )


async def test_what_was_delisted_stays_valued_at_its_last_price_and_says_why(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection, prices={DAYS[-1]: "12"})
    account_id = await create_account(client)
    body = a_purchase(account_id, made, trade_date="2012-03-05")
    assert (
        await client.post("/api/v1/transactions", json=body, headers=a_key())
    ).status_code == 201
    (before,) = (await client.get("/api/v1/holdings")).json()["items"]
    admin_connection.execute(
        "UPDATE instruments SET delisted_on = %s WHERE id = %s", (DAYS[-1], made)
    )
    (after,) = (await client.get("/api/v1/holdings")).json()["items"]
    # old trades of it can still be added
    older = a_purchase(account_id, made, trade_date="2011-03-04")
    added = await client.post("/api/v1/transactions", json=older, headers=a_key())

    names = ("market_value", "is_stale", "stale_reason")
    assert [before[name] for name in names] == ["120", False, None]
    assert [after[name] for name in names] == ["120", True, "delisted"]
    assert added.status_code == 201
