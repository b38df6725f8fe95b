"""What is refused or held back on its way in, found again, decided: by store and API."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.builders import Member, a_key, add_instrument
from tests.conftest import Connection
from tests.servers import Servers
from truenav.features.marketdata.providers.quotes import Bar, EventOut, History
from truenav.features.marketdata.screening import SeriesRefused
from truenav.features.marketdata.storing import store_history

D = Decimal
TODAY = date(2026, 3, 5)
MONDAY = date(2026, 3, 2)
PATH = "/api/v1/operations/quarantine"


@pytest.fixture
def ingest(servers: Servers, database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(servers.dsn(database, "truenav_ingest"), autocommit=True) as connection:
        yield connection


def told(*closes: str, currency: str = "USD", first: date = MONDAY, **more: Any) -> History:
    bars = [
        Bar(price_date=first + timedelta(days=n), close=D(close)) for n, close in enumerate(closes)
    ]
    return History(**{"currency": currency, "bars": bars, "events": [], "basis": "raw", **more})


def store(
    ingest: psycopg.Connection[Any], made: UUID, history: History, source: str = "tiingo"
) -> int:
    with ingest.transaction():
        return store_history(ingest, made, source, history, TODAY)


def closes(connection: Connection, made: UUID, source: str = "tiingo") -> list[tuple[str, str]]:
    rows = connection.execute(
        "SELECT price_date, close FROM prices WHERE instrument_id = %s AND source = %s"
        " ORDER BY price_date",
        (made, source),
    )
    return [(day.isoformat()[5:], f"{close.normalize():f}") for day, close in rows.fetchall()]  # type: ignore[attr-defined]


def held(connection: Connection, made: UUID) -> Sequence[tuple[object, ...]]:
    return connection.execute(
        "SELECT source, to_char(day, 'MM-DD'), reason, close_told, state FROM price_quarantine"
        " WHERE instrument_id = %s ORDER BY day, source, close_told",
        (made,),
    ).fetchall()


async def listed(client: httpx.AsyncClient, made: UUID, **params: str) -> list[dict[str, Any]]:
    answer = await client.get(PATH, params={"instrument_id": str(made), **params})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def decide(client: httpx.AsyncClient, held_id: str, decision: str) -> httpx.Response:
    return await client.post(
        f"{PATH}/{held_id}/decide",
        json={"decision": decision, "reason": "as the exchange says"},
        headers=a_key(),
    )


def test_what_is_held_back_is_not_stored_and_is_filed_once_however_often_it_comes(
    ingest: psycopg.Connection[Any], admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    history = told("10", "11", "1100", "12")
    assert store(ingest, made, history) == 3
    assert store(ingest, made, history) == 0
    assert closes(admin_connection, made) == [("03-02", "10"), ("03-03", "11"), ("03-05", "12")]
    assert held(admin_connection, made) == [("tiingo", "03-04", "minor_unit_mix", "1100", "open")]


def test_impossible_figures_are_filed_as_refused(
    ingest: psycopg.Connection[Any], admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    assert store(ingest, made, told("10", "NaN", "0", "Infinity", "12")) == 1
    assert closes(admin_connection, made) == [("03-02", "10")]
    assert held(admin_connection, made) == [
        ("tiingo", "03-03", "not_finite", "NaN", "rejected"),
        ("tiingo", "03-04", "not_positive", "0", "rejected"),
        ("tiingo", "03-05", "not_finite", "Infinity", "rejected"),
        ("tiingo", "03-06", "future", "12", "rejected"),
    ]


@pytest.mark.parametrize("basis", ["split", "total"])
def test_figures_that_are_none_do_not_upset_bringing_closes_back(
    ingest: psycopg.Connection[Any], admin_connection: Connection, basis: str
) -> None:
    made = add_instrument(admin_connection)
    events = [EventOut(ex_date=MONDAY + timedelta(days=2), ratio=D(2))]
    history = told("10", "NaN", "11", basis=basis, events=events)
    assert store(ingest, made, history) == 2
    assert closes(admin_connection, made) == [("03-02", "20"), ("03-04", "11")]
    assert [row[2] for row in held(admin_connection, made)] == ["not_finite"]


def test_another_currency_or_symbol_stores_nothing_and_says_so(
    ingest: psycopg.Connection[Any], admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    for history, reason in (
        (told("10", "11", currency="EUR"), "wrong_currency"),
        (told("10", "11", symbol="ANOTHER"), "wrong_symbol"),
    ):
        with pytest.raises(SeriesRefused) as caught:
            store_history(ingest, made, "tiingo", history, TODAY)
        assert caught.value.params == {"reason": reason}
    assert closes(admin_connection, made) == []
    assert [(row[2], row[4]) for row in held(admin_connection, made)] == [
        ("wrong_currency", "rejected"), ("wrong_symbol", "rejected"),
    ]  # fmt: skip


def test_pence_become_pounds_by_their_factor(
    ingest: psycopg.Connection[Any], admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection, currency="GBP")
    paid = [EventOut(ex_date=MONDAY, cash_amount=D("25"))]
    store(ingest, made, told("510", "512", currency="GBp", events=paid))
    assert closes(admin_connection, made) == [("03-02", "5.1"), ("03-03", "5.12")]
    rows = admin_connection.execute(
        "SELECT cash_amount, currency FROM corporate_actions WHERE instrument_id = %s", (made,)
    )
    assert rows.fetchall() == [(D("0.25"), "GBP")]


def test_a_second_source_settles_it_and_that_is_noted(
    ingest: psycopg.Connection[Any], admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    store(ingest, made, told("10", "11", "1100", "12"), "yahoo")
    assert held(admin_connection, made) == [("yahoo", "03-04", "minor_unit_mix", "1100", "open")]
    # somebody set the same day's close by hand before
    admin_connection.execute(
        "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
        " VALUES (%s, '2026-03-04', 'csv', 1102, 'USD')",
        (made,),
    )
    store(ingest, made, told("10", "11", "1100", "12"), "yahoo")
    assert closes(admin_connection, made, "yahoo")[2] == ("03-04", "1100")
    row = admin_connection.execute(
        "SELECT state, decision_note, detail, decided_by FROM price_quarantine"
        " WHERE instrument_id = %s",
        (made,),
    ).fetchone()
    assert row is not None
    assert row[:2] == ("accepted", "a second source agrees")
    assert "csv tells 1102" in str(row[2])
    assert row[3] is None


async def test_accepting_stores_the_bar_under_its_source_and_raises_the_version(
    ingest: psycopg.Connection[Any],
    admin_connection: Connection,
    operator: httpx.AsyncClient,
    member: Member,
) -> None:
    made = add_instrument(admin_connection)
    store(ingest, made, told("10", "11", "1100", "12"))
    (item,) = await listed(operator, made, state="open")
    assert (item["close"], item["reason"], item["source"]) == ("1100", "minor_unit_mix", "tiingo")

    answer = await decide(operator, item["id"], "accepted")

    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "accepted"
    assert answer.json()["decided_by"] == str(member.user_id)
    assert closes(admin_connection, made)[2] == ("03-04", "1100")
    versions = (await operator.get(f"/api/v1/instruments/{made}/price-versions")).json()
    assert [(v["version"], v["reason"], v["earliest"]) for v in versions] == [
        (2, "prices", "2026-03-04"), (1, "prices", "2026-03-02"),
    ]  # fmt: skip
    told_of = admin_connection.execute(
        "SELECT earliest FROM market_changes WHERE instrument_id = %s ORDER BY id", (made,)
    ).fetchall()
    assert told_of == [(MONDAY,), (date(2026, 3, 4),)]
    # it comes again and is believed; deciding again is a conflict
    assert store(ingest, made, told("10", "11", "1100", "12")) == 0
    assert (await decide(operator, item["id"], "rejected")).status_code == 409
    assert await listed(operator, made, state="open") == []


async def test_rejected_stays_rejected_when_it_comes_again(
    ingest: psycopg.Connection[Any], admin_connection: Connection, operator: httpx.AsyncClient
) -> None:
    made = add_instrument(admin_connection)
    store(ingest, made, told("10", "11", "1100"))
    (item,) = await listed(operator, made)
    assert (await decide(operator, item["id"], "rejected")).status_code == 200
    store(ingest, made, told("10", "11", "1100"))
    assert [row[4] for row in held(admin_connection, made)] == ["rejected"]
    # not even when everything after it is on its level
    store(ingest, made, told("10", "11", "1100", "1101"))
    (later,) = await listed(operator, made, state="open")
    assert (await decide(operator, later["id"], "accepted")).status_code == 200
    store(ingest, made, told("10", "11", "1100", "1101"))
    assert ("03-04", "1100") not in closes(admin_connection, made)


async def test_of_two_closes_of_a_day_accepting_one_rejects_the_other(
    ingest: psycopg.Connection[Any], admin_connection: Connection, operator: httpx.AsyncClient
) -> None:
    made = add_instrument(admin_connection)
    bars = [
        Bar(price_date=MONDAY, close=D(10)),
        Bar(price_date=MONDAY, close=D("10.5")),
        Bar(price_date=MONDAY + timedelta(days=1), close=D(11)),
    ]
    history = History(currency="USD", bars=bars, events=[], basis="raw")
    store(ingest, made, history)
    items = {item["close"]: item for item in await listed(operator, made)}
    assert set(items) == {"10", "10.5"}
    assert (await decide(operator, items["10.5"]["id"], "accepted")).status_code == 200
    assert closes(admin_connection, made) == [("03-02", "10.5"), ("03-03", "11")]
    states = {item["close"]: item["state"] for item in await listed(operator, made)}
    assert states == {"10": "rejected", "10.5": "accepted"}
    store(ingest, made, history)
    assert closes(admin_connection, made) == [("03-02", "10.5"), ("03-03", "11")]
    assert await listed(operator, made, state="open") == []


async def test_the_list_comes_in_pages_newest_first(
    ingest: psycopg.Connection[Any], admin_connection: Connection, operator: httpx.AsyncClient
) -> None:
    made = add_instrument(admin_connection)
    store(ingest, made, told("10", "1000", "10", "0"))
    store(ingest, made, told("10", "0", "10", "10"), "yahoo")
    first = (await operator.get(PATH, params={"instrument_id": str(made), "limit": "2"})).json()
    assert [item["source"] for item in first["items"]] == ["yahoo", "tiingo"]
    rest = await operator.get(
        PATH, params={"instrument_id": str(made), "limit": "2", "cursor": first["next_cursor"]}
    )
    assert [item["source"] for item in rest.json()["items"]] == ["tiingo"]
    assert len(await listed(operator, made, source="yahoo")) == 1


async def test_only_an_operator_sees_and_decides(
    client: httpx.AsyncClient, admin_connection: Connection, ingest: psycopg.Connection[Any]
) -> None:
    made = add_instrument(admin_connection)
    store(ingest, made, told("10", "11", "1100"))
    row = admin_connection.execute(
        "SELECT id FROM price_quarantine WHERE instrument_id = %s", (made,)
    ).fetchone()
    assert row is not None
    admin_connection.execute("UPDATE users SET is_operator = false WHERE is_operator")
    assert (await client.get(PATH)).status_code == 403
    assert (await decide(client, str(row[0]), "accepted")).status_code == 403


def test_the_database_lets_nobody_else_write_or_decide(
    servers: Servers, database: str, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    with psycopg.connect(servers.dsn(database, "truenav_app"), autocommit=True) as app:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("UPDATE price_quarantine SET state = 'open', decided_at = NULL")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only an operator"):
            app.execute("SELECT catalogue.decide_quarantined(%s, 'accepted', 'x')", (made,))
