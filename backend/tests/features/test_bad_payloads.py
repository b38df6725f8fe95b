"""Whatever a provider sends: no wrong price is stored, it is told why, and nothing escapes.

Replies are made up, in the shapes providers document. Each case goes through the feed's own path.
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.builders import add_instrument
from tests.conftest import Connection
from tests.loopback import Answer, Asked, loopback
from tests.servers import Servers
from truenav.features.marketdata.ingest import refresh_prices
from truenav.features.marketdata.providers.reading import to_json
from truenav.platform.clock import FakeClock
from truenav.platform.gates import MemoryGate
from truenav.platform.http import Answered, BadPayload
from truenav.platform.settings import ProviderSettings, Settings

CLOCK = FakeClock(datetime(2026, 3, 5, 22, tzinfo=UTC))
# Monday to Thursday, at the bell in New York
STAMPS = {"03-02": 1772461800, "03-03": 1772548200, "03-04": 1772634600, "03-05": 1772721000}
GOOD = [("03-02", "100"), ("03-03", "101"), ("03-04", "102")]


def yahoo(
    closes: dict[str, Any], *, symbol: str = "", currency: str = "USD", stamps: Any = None
) -> bytes:
    """A chart of these closes by day; without the adjusted closes, which nobody needs."""
    days = [STAMPS.get(day) for day in closes] if stamps is None else stamps
    meta = {"currency": currency, "exchangeTimezoneName": "America/New_York"}
    chart = {
        "error": None,
        "result": [
            {
                "meta": {**meta, **({"symbol": symbol} if symbol else {})},
                "timestamp": days,
                "indicators": {"quote": [{"close": list(closes.values())}]},
            }
        ],
    }
    return json.dumps({"chart": chart}).encode()


def tiingo(*rows: tuple[str, Any], **more: Any) -> bytes:
    made = [
        {"date": f"2026-{day}T00:00:00.000Z", "close": close, "divCash": 0.0, "splitFactor": 1.0,
         **more}
        for day, close in rows
    ]  # fmt: skip
    return json.dumps(made).encode()


NORMAL = ("03-02", 100), ("03-03", 101), ("03-04", 102)
SEVEN_DAYS = 7 * 86_400
Case = tuple[str, Answer, list[tuple[str, str]], list[tuple[str, str]], str]
# name: (provider, answer, closes stored, (day, reason) filed, how the call went)
CASES: dict[str, Case] = {
    "as documented": ("tiingo", Answer(200, tiingo(*NORMAL)), GOOD, [], "ok"),
    "NaN": ("tiingo", Answer(200, tiingo(*NORMAL, ("03-05", float("nan")))), [], [], "bad_payload"),
    "NaN as text": ("tiingo", Answer(200, tiingo(("03-05", "NaN"))), [], [], "bad_payload"),
    "Infinity": ("tiingo", Answer(200, tiingo(("03-05", float("inf")))), [], [], "bad_payload"),
    "zero": ("tiingo", Answer(200, tiingo(*NORMAL, ("03-05", 0))), [], [], "bad_payload"),
    "negative": ("tiingo", Answer(200, tiingo(*NORMAL, ("03-05", -1))), [], [], "bad_payload"),
    "no close": ("tiingo", Answer(200, tiingo(*NORMAL, ("03-05", None))), [], [], "bad_payload"),
    "beyond any price": ("tiingo", Answer(200, tiingo(("03-05", 1e300))), [], [], "bad_payload"),
    "100 times": (
        "tiingo", Answer(200, tiingo(*NORMAL, ("03-05", 10_300))), GOOD,
        [("03-05", "minor_unit_mix")], "ok",
    ),
    "a hundredth": (
        "tiingo", Answer(200, tiingo(*NORMAL, ("03-05", 1.03))), GOOD,
        [("03-05", "minor_unit_mix")], "ok",
    ),
    "1000 times": (
        "tiingo", Answer(200, tiingo(*NORMAL, ("03-05", 103_000))), GOOD,
        [("03-05", "outlier")], "ok",
    ),
    "from the future": (
        "tiingo", Answer(200, tiingo(*NORMAL, ("03-06", 103))), GOOD, [("03-06", "future")], "ok",
    ),
    "nothing but the future": (
        "tiingo", Answer(200, tiingo(("03-09", 103))), [], [("03-09", "future")], "ok",
    ),
    "stale: nothing new": ("tiingo", Answer(200, tiingo(*NORMAL[:1])), GOOD[:1], [], "ok"),
    "a day twice, two closes": (
        "tiingo", Answer(200, tiingo(*NORMAL, ("03-04", 90))), GOOD[:2],
        [("03-04", "duplicate_day"), ("03-04", "duplicate_day")], "ok",
    ),
    "a day twice, the same": (
        "tiingo", Answer(200, tiingo(*NORMAL, ("03-04", 102.0))), GOOD, [], "ok",
    ),
    "duplicate timestamps": (
        "yahoo",
        Answer(200, yahoo({"a": 100, "b": 101, "c": 102, "d": 102}, stamps=[
            *list(STAMPS.values())[:3], STAMPS["03-04"] + 60])),
        GOOD, [], "ok",
    ),
    "a null bar": (
        "yahoo", Answer(200, yahoo({"03-02": 100, "03-03": 101, "03-04": 102, "03-05": None})),
        GOOD, [], "ok",
    ),
    "another symbol": (
        "yahoo", Answer(200, yahoo({"03-02": 100}, symbol="QQQ")), [],
        [("03-02", "wrong_symbol")], "ok",
    ),
    "another currency": (
        "yahoo", Answer(200, yahoo({"03-02": 100}, currency="EUR")), [],
        [("03-02", "wrong_currency")], "ok",
    ),
    "a currency that is none": (
        "yahoo", Answer(200, yahoo({"03-02": 100}, currency="XXL")), [], [], "bad_payload",
    ),
    "weekly bars": (
        "yahoo",
        Answer(200, yahoo({str(n): 100 + n for n in range(6)}, stamps=[
            STAMPS["03-02"] - SEVEN_DAYS * n for n in range(6)])),
        [], [("01-26", "not_daily")], "ok",
    ),
    "high under the close": (
        "tiingo", Answer(200, tiingo(*NORMAL[:1], high=50.0, low=40.0)), [],
        [("03-02", "range_off")], "ok",
    ),
    "an open of 0 is none": (
        "tiingo", Answer(200, tiingo(*NORMAL, open=0, high=0, low=0)), GOOD, [], "ok",
    ),
    "adjusted closes left out": (
        "tiingo", Answer(200, tiingo(*NORMAL, adjClose=None)), GOOD, [], "ok",
    ),
    "HTML with status 200": (
        "tiingo", Answer(200, b"<html>maintenance</html>"), [], [], "bad_payload",
    ),
    "a page of a proof of work": ("yahoo", Answer(200, b"<!doctype html>"), [], [], "bad_payload"),
    "half a document": ("tiingo", Answer(200, tiingo(*NORMAL)[:-20]), [], [], "bad_payload"),
    "a document of another shape": ("tiingo", Answer(200, b'{"a": 1}'), [], [], "bad_payload"),
    "as deep as a well": ("tiingo", Answer(200, b"[" * 100_000), [], [], "bad_payload"),
    "bytes that are no text": ("tiingo", Answer(200, b"\xff\xfe\x00"), [], [], "bad_payload"),
    "nothing": ("tiingo", Answer(200, b""), [], [], "bad_payload"),
    "not found": ("tiingo", Answer(404, b"{}"), [], [], "not_known"),
    "plan": ("tiingo", Answer(403, b"{}"), [], [], "plan_forbids"),
    "too often": (
        "tiingo", Answer(429, b"{}", headers={"Retry-After": "3600"}), [], [], "rate_limited",
    ),
    "a redirect": (
        "tiingo", Answer(302, b"", headers={"Location": "/"}), [], [], "provider_refused",
    ),
}  # fmt: skip


@pytest.fixture
def ingest(servers: Servers, database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(servers.dsn(database, "truenav_ingest")) as connection:
        yield connection


def feed(
    ingest: psycopg.Connection[Any],
    settings: Settings,
    made: UUID,
    source: str,
    answer: Answer | Callable[[Asked], Answer],
) -> MemoryGate:
    """One round of the feed that asks one provider for one instrument."""
    others = ingest.execute("SELECT id FROM instruments WHERE id <> %s", (made,)).fetchall()
    gate = MemoryGate()
    with loopback(answer) as server:
        chosen = ProviderSettings(
            yahoo_base_url=server.url, order=[source], keys={"tiingo": "key"},
            base_urls={"tiingo": server.url},
        )  # fmt: skip
        refresh_prices(
            ingest, replace(settings, providers=chosen), CLOCK, threading.Event(),
            {row[0] for row in others}, gate=gate,
        )  # fmt: skip
        assert server.asked
    return gate


def wanted(admin: Connection, **more: Any) -> UUID:
    made = add_instrument(admin, **more)
    admin.execute("UPDATE instruments SET wanted_at = now() WHERE id = %s", (made,))
    return made


def stored(connection: psycopg.Connection[Any], made: UUID) -> list[tuple[str, str]]:
    rows = connection.execute(
        "SELECT to_char(price_date, 'MM-DD'), close FROM prices WHERE instrument_id = %s"
        " ORDER BY price_date",
        (made,),
    )
    return [(day, f"{close.normalize():f}") for day, close in rows.fetchall()]


def filed(connection: psycopg.Connection[Any], made: UUID) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT to_char(day, 'MM-DD'), reason FROM price_quarantine WHERE instrument_id = %s"
        " AND length(detail) > 5 ORDER BY day, reason",
        (made,),
    ).fetchall()


@pytest.mark.parametrize("name", CASES)
def test_a_bad_answer_ends_in_a_reason_and_never_in_a_price(
    name: str,
    ingest: psycopg.Connection[Any],
    admin_connection: Connection,
    settings: Settings,
) -> None:
    source, answer, closes, reasons, outcome = CASES[name]
    made = wanted(admin_connection)

    gate = feed(ingest, settings, made, source, answer)

    assert stored(ingest, made) == closes
    assert filed(ingest, made) == reasons
    known = gate.state(source, (), CLOCK.now().timestamp())
    assert set(known.outcomes) == {outcome}


def test_pence_that_turn_into_pounds_half_way_are_held_back(
    ingest: psycopg.Connection[Any], admin_connection: Connection, settings: Settings
) -> None:
    made = wanted(admin_connection, currency="GBP")
    told = yahoo({"03-02": 510, "03-03": 512, "03-04": 508, "03-05": 5.11}, currency="GBp")
    feed(ingest, settings, made, "yahoo", Answer(200, told))
    assert stored(ingest, made) == [("03-02", "5.1"), ("03-03", "5.12"), ("03-04", "5.08")]
    assert filed(ingest, made) == [("03-05", "minor_unit_mix")]
    # the next answer is in pounds throughout: what is right is stored, and what waited is not it
    told = yahoo({"03-02": 5.10, "03-03": 5.12, "03-04": 5.08, "03-05": 5.11}, currency="GBP")
    feed(ingest, settings, made, "yahoo", Answer(200, told))
    assert stored(ingest, made)[3] == ("03-05", "5.11")


def test_a_source_of_the_wrong_currency_is_passed_over_for_the_next(
    ingest: psycopg.Connection[Any], admin_connection: Connection, settings: Settings
) -> None:
    made = wanted(admin_connection)
    others = ingest.execute("SELECT id FROM instruments WHERE id <> %s", (made,)).fetchall()

    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/tiingo"):
            return Answer(200, tiingo(*NORMAL))
        return Answer(200, yahoo({"03-02": 100}, currency="EUR"))

    with loopback(answer) as server:
        chosen = ProviderSettings(
            yahoo_base_url=server.url, order=["yahoo", "tiingo"], keys={"tiingo": "key"},
            base_urls={"tiingo": server.url},
        )  # fmt: skip
        refresh_prices(
            ingest, replace(settings, providers=chosen), CLOCK, threading.Event(),
            {row[0] for row in others},
        )  # fmt: skip

    assert stored(ingest, made) == GOOD
    assert filed(ingest, made) == [("03-02", "wrong_currency")]


def test_the_last_good_prices_stay_whatever_comes_after_them(
    ingest: psycopg.Connection[Any], admin_connection: Connection, settings: Settings
) -> None:
    made = wanted(admin_connection)
    feed(ingest, settings, made, "tiingo", Answer(200, tiingo(*NORMAL)))
    for source, answer, closes, _, _ in CASES.values():
        if source == "tiingo" and not closes:
            feed(ingest, settings, made, source, answer)
            assert stored(ingest, made) == GOOD


@pytest.mark.parametrize(
    "body", [b'{"p": 1e9999999999999999999}', b'{"p": NaN}', b"<html>", b'{"p": 1', b"\xff"]
)
def test_what_is_no_document_of_numbers_is_a_bad_payload(body: bytes) -> None:
    with pytest.raises(BadPayload):
        to_json(Answered(200, body, None))
