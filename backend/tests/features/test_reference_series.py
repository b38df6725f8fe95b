"""Yields and consumer prices: fetched by the schedule's job, corrected when they are restated."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Connection
from tests.features.conftest import announced, run_now
from tests.loopback import Answer, Asked, Loopback, loopback
from truenav.features.marketdata.reference_series import series_between
from truenav.platform.settings import ProviderSettings
from truenav.platform.unit_of_work import Sessions

D = Decimal
TOLD = {
    "DTB3": [("2026-03-02", "3.61"), ("2026-03-03", "."), ("2026-03-04", "3.60")],
    "CPIAUCSL": [("2026-01-01", "326.785"), ("2026-02-01", "327.1")],
}


def answer(asked: Asked) -> Answer:
    """The shape of FRED's observations, from the day that is asked for."""
    rows = [
        {"date": day, "value": value}
        for day, value in TOLD[asked.query["series_id"]]
        if day >= asked.query["observation_start"]
    ]
    return Answer(body=json.dumps({"observations": rows}).encode())


@pytest.fixture
def fred(admin_connection: Connection) -> Iterator[Loopback]:
    admin_connection.execute("DELETE FROM reference_series")
    with loopback(answer) as server:
        yield server


@pytest.fixture
def fetch(
    fred: Loopback,
    asking_jobs: Callable[[ProviderSettings], None],
    admin_connection: Connection,
) -> Callable[[str], object]:
    """Runs the job with a key; what came of it."""

    def act(key: str) -> object:
        asking_jobs(ProviderSettings(keys={"fred": key}, base_urls={"fred": fred.url}))
        (request,) = announced(admin_connection, "marketdata.series_due")
        run_now(request)
        row = admin_connection.execute(
            "SELECT outcome FROM job_keys WHERE key = 'event:' || %s::text",
            (request.arguments["event_id"],),
        ).fetchone()
        return row[0] if row is not None else None

    return act


async def test_values_are_stored_and_holidays_are_not(
    fetch: Callable[[str], object], fred: Loopback, sessions: Sessions
) -> None:
    assert fetch("key") == {"rows": 4}
    assert fetch("key") == {"rows": 0}
    async with sessions() as session:
        bills = await series_between(session, "DTB3", date(2026, 1, 1), date(2026, 12, 31))
        prices = await series_between(session, "CPIAUCSL", date(2026, 2, 1), date(2026, 12, 31))
    assert bills == [(date(2026, 3, 2), D("3.61")), (date(2026, 3, 4), D("3.60"))]
    assert prices == [(date(2026, 2, 1), D("327.1"))]
    starts = [asked.query["observation_start"] for asked in fred.asked]
    assert starts == ["1950-01-01", "1950-01-01", "2025-11-04", "2025-10-04"]


def test_a_restated_value_replaces_the_earlier_one(
    fetch: Callable[[str], object], fred: Loopback, admin_connection: Connection
) -> None:
    fetch("key")
    corrected = json.dumps({"observations": [{"date": "2026-03-02", "value": "3.62"}]})
    fred.answers[:] = [Answer(body=corrected.encode()), answer]
    assert fetch("key") == {"rows": 1}
    row = admin_connection.execute(
        "SELECT value FROM reference_series WHERE name = 'DTB3' AND value_date = '2026-03-02'"
    ).fetchone()
    assert row == (D("3.62"),)


def test_without_a_key_nobody_is_asked(fetch: Callable[[str], object], fred: Loopback) -> None:
    assert fetch("") == {"rows": 0, "reason": "no_key"}
    assert fred.asked == []


def test_a_reply_that_is_none_stores_nothing_and_is_tried_again(
    fetch: Callable[[str], object], fred: Loopback, admin_connection: Connection
) -> None:
    fred.answers[:] = [answer, Answer(body=b"<html>away</html>")]
    assert fetch("key") is None
    assert admin_connection.execute("SELECT count(*) FROM reference_series").fetchone() == (0,)
