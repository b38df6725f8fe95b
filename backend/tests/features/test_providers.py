"""Yahoo's chart and the ECB's rates, asked over real HTTP; what is kept and what is refused."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.builders import add_instrument
from tests.conftest import Connection
from tests.loopback import Answer, Asked, loopback
from tests.servers import Servers
from truenav.core.errors import TruenavError
from truenav.features.marketdata.ingest import (
    refresh_prices,
    refresh_rates,
    store_bundled_rates,
)
from truenav.features.marketdata.providers.ecb import EcbProvider, parse_reference_rates
from truenav.features.marketdata.providers.quotes import Bar, EventOut, History, Wanted
from truenav.features.marketdata.providers.yahoo import YahooChartProvider, parse_chart
from truenav.features.marketdata.repository import store_prices
from truenav.features.marketdata.screening import SeriesRefused
from truenav.features.marketdata.storing import store_history
from truenav.platform.clock import FakeClock
from truenav.platform.http import BadPayload, Fetcher, ProviderRefused, ProviderUnavailable
from truenav.platform.settings import ProviderSettings, Settings

D = Decimal
# 2024-06-06, -07, -10 and -11 at the opening bell in New York (13:30 UTC)
STAMPS = [1717680600, 1717767000, 1718026200, 1718112600]


def a_chart(**changes: Any) -> bytes:
    """A reply in the shape the endpoint sends, around a 10:1 split on 2024-06-10."""
    result = {
        "meta": {
            "currency": "USD",
            "symbol": "ZQX",
            "exchangeTimezoneName": "America/New_York",
            "regularMarketTime": 1718136000,
            "currentTradingPeriod": {"regular": {"start": 1718112600, "end": 1718136000}},
        },
        "timestamp": STAMPS,
        "events": {
            "splits": {
                "1718026200": {
                    "date": 1718026200, "numerator": 10, "denominator": 1, "splitRatio": "10:1",
                }
            },
            "dividends": {"1717680600": {"amount": 0.004, "date": 1717680600}},
        },
        "indicators": {
            "quote": [
                {
                    "close": [120.998, 120.888, 121.79, 120.91],
                    "volume": [664696000, 412386000, 308134800, 222551200],
                }
            ]
        },
    }  # fmt: skip
    for name, value in changes.items():
        if name == "meta":
            result["meta"] = {**result["meta"], **value}  # type: ignore[dict-item]
        else:
            result[name] = value
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


def with_closes(*closes: float | None) -> bytes:
    quote = {"close": list(closes), "volume": [1] * len(closes)}
    return a_chart(indicators={"quote": [quote]}, events={})


def test_closes_and_dividends_before_a_split_are_those_of_their_own_day() -> None:
    found = parse_chart(a_chart())

    # as traded: 1,209.98 and 1,208.88 before the 10:1 split, 121.79 and 120.91 after it
    assert [(bar.price_date.isoformat(), bar.close) for bar in found.bars] == [
        ("2024-06-06", D("1209.98")),
        ("2024-06-07", D("1208.88")),
        ("2024-06-10", D("121.79")),
        ("2024-06-11", D("120.91")),
    ]
    assert (found.currency, found.basis) == ("USD", "raw")
    assert found.events == [
        EventOut(ex_date=date(2024, 6, 6), cash_amount=D("0.04")),  # 0.004 a new unit
        EventOut(ex_date=date(2024, 6, 10), ratio=D(10)),
    ]


def test_days_are_those_of_the_exchange() -> None:
    # midnight in Tokyo is still the day before in UTC
    found = parse_chart(
        a_chart(
            meta={"exchangeTimezoneName": "Asia/Tokyo", "currency": "JPY"},
            timestamp=[1717632000, 1717718400, 1717977600, 1718064000],  # 00:00 UTC, 09:00 there
            events={},
        )
    )
    assert [bar.price_date.day for bar in found.bars] == [6, 7, 10, 11]


def test_pence_become_pounds() -> None:
    found = parse_chart(a_chart(meta={"currency": "GBp"}, events={}))
    assert found.currency == "GBP"
    assert found.bars[-1].close == D("1.2091")


def test_the_bar_of_a_session_still_open_is_left_out() -> None:
    found = parse_chart(a_chart(meta={"regularMarketTime": 1718130000}))  # before the bell
    assert [bar.price_date.day for bar in found.bars] == [6, 7, 10]


def test_empty_bars_and_repeated_days_are_left_out() -> None:
    assert [bar.price_date.day for bar in parse_chart(with_closes(1, None, 3, 4)).bars] == [
        6,
        10,
        11,
    ]
    again = a_chart(timestamp=[*STAMPS[:3], STAMPS[2] + 60], events={})
    assert [(bar.price_date.day, bar.close) for bar in parse_chart(again).bars] == [
        (6, D("120.998")),
        (7, D("120.888")),
        (10, D("120.91")),  # the later of the two
    ]


def test_a_delisted_instrument_has_no_bars() -> None:
    body = json.loads(a_chart(events={}))
    del body["chart"]["result"][0]["timestamp"]
    assert parse_chart(json.dumps(body).encode()).bars == []


@pytest.mark.parametrize(
    "reply",
    [
        b"<html>Too Many Requests</html>",
        b"",
        b'{"chart": {"result": null, "error": null}}',
        b'{"chart": {"result": [{}], "error": null}}',
        a_chart()[:200],
        a_chart(meta={"currency": "XQQ"}),
        a_chart(meta={"currency": None}),
        a_chart(meta={"exchangeTimezoneName": "Mars/Olympus"}),
        with_closes(1, 2, 3, -4),
        with_closes(1, 2, 3, 1e15),
        a_chart().replace(b"121.79", b"NaN"),
        a_chart().replace(b"121.79", b"1e3000000"),
        a_chart().replace(b'"numerator": 10', b'"numerator": 0'),
        a_chart().replace(b'"denominator": 1', b'"denominator": 0'),
    ],
    ids=lambda reply: reply[:24].decode(),
)
def test_an_answer_that_is_no_chart_is_refused_whole(reply: bytes) -> None:
    with pytest.raises(BadPayload):
        parse_chart(reply)


def test_an_error_inside_the_answer_is_told() -> None:
    body = {"chart": {"result": None, "error": {"description": "No data found"}}}
    with pytest.raises(ProviderRefused, match="No data found"):
        parse_chart(json.dumps(body).encode())


def test_the_chart_is_asked_for_by_symbol_and_days() -> None:
    with (
        loopback(Answer(200, a_chart())) as server,
        closing(Fetcher("yahoo", server.url)) as fetcher,
    ):
        clock = FakeClock(datetime(2024, 6, 12, 12, tzinfo=UTC))
        wanted = Wanted(symbol="ZQX", currency="USD")
        YahooChartProvider(fetcher, clock).history(wanted, date(2024, 6, 6), date(2024, 6, 11))

    (asked,) = server.asked
    assert asked.path == "/v8/finance/chart/ZQX"
    assert asked.query["period1"] == "1717632000"  # 2024-06-06 00:00 UTC
    assert asked.query["period2"] == "1718236800"  # the end of today: later splits count
    assert (asked.query["interval"], asked.query["events"]) == ("1d", "div,splits")


ECB = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
  xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><Cube>
<Cube time="2026-03-04"><Cube currency="USD" rate="1.0812"/>
<Cube currency="JPY" rate="161.2"/></Cube>
<Cube time="2026-03-03"><Cube currency="USD" rate="1.0790"/><Cube currency="XQQ" rate="3"/></Cube>
</Cube></gesmes:Envelope>"""


def test_the_banks_rates_are_units_for_one_euro() -> None:
    assert sorted(parse_reference_rates(ECB)) == [
        ("JPY", date(2026, 3, 4), D("161.2")),
        ("USD", date(2026, 3, 3), D("1.0790")),
        ("USD", date(2026, 3, 4), D("1.0812")),
    ]


@pytest.mark.parametrize(
    "reply",
    [
        b"<html><body>maintenance</body></html>",
        b"no xml",
        ECB.replace(b"1.0812", b"N/A"),
        ECB.replace(b"1.0812", b"0"),
        ECB.replace(b"1.0812", b"NaN"),
        ECB.replace(b"2026-03-04", b"4 March"),
        ECB.replace(b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n', 1),
    ],
)
def test_an_answer_without_usable_rates_is_refused_whole(reply: bytes) -> None:
    with pytest.raises(BadPayload):
        list(parse_reference_rates(reply))


# --- into the database ------------------------------------------------------------------------


@pytest.fixture
def ingest(servers: Servers, fresh_database: Any) -> Iterator[Connection]:
    """The feed's connection to a database with nothing in it."""
    name = fresh_database()
    with psycopg.connect(servers.dsn(name, "truenav_ingest")) as connection:
        yield connection


@pytest.fixture
def wanted(servers: Servers, ingest: Connection) -> UUID:
    """An instrument that somebody follows, under the ticker ZQX."""
    with psycopg.connect(servers.dsn(ingest.info.dbname), autocommit=True) as admin:
        instrument_id = add_instrument(admin, symbol="ZQX")
        add_instrument(admin, symbol="IDLE")  # nobody follows this one
        admin.execute("UPDATE instruments SET wanted_at = now() WHERE symbol = 'ZQX'")
    return instrument_id


def stored(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.execute(
        "SELECT price_date, close FROM prices WHERE source <> 'canary' ORDER BY price_date"
    ).fetchall()
    return [(str(day), f"{close:f}".rstrip("0")) for day, close in rows]


def asking(settings: Settings, url: str) -> Settings:
    return replace(settings, providers=ProviderSettings(yahoo_base_url=url, ecb_base_url=url))


def test_what_somebody_follows_is_fetched_and_the_same_answer_again_changes_nothing(
    ingest: Connection, wanted: UUID, settings: Settings
) -> None:
    clock, stop = FakeClock(datetime(2024, 6, 12, 12, tzinfo=UTC)), threading.Event()
    with loopback(Answer(200, a_chart())) as server:
        refresh_prices(ingest, asking(settings, server.url), clock, stop)
        first = stored(ingest)
        refresh_prices(ingest, asking(settings, server.url), clock, stop)

    assert first[0] == ("2024-06-06", "1209.98")
    assert len(first) == 4
    assert stored(ingest) == first
    assert [asked.path for asked in server.asked] == ["/v8/finance/chart/ZQX"] * 2
    # all of it the first time, ten days back from the newest close the second
    starts = [int(asked.query["period1"]) for asked in server.asked]
    assert [datetime.fromtimestamp(start, UTC).date() for start in starts] == [
        date(1990, 1, 1),
        date(2024, 6, 1),
    ]
    changes = ingest.execute("SELECT instrument_id, earliest FROM market_changes").fetchall()
    # once for the closes, once for the split and the dividend among them
    assert changes == [(wanted, date(2024, 6, 6)), (wanted, date(2024, 6, 6))]
    events = ingest.execute(
        "SELECT type, ex_date, ratio, cash_amount FROM corporate_actions ORDER BY ex_date"
    ).fetchall()
    assert events == [
        ("cash_dividend", date(2024, 6, 6), None, D("0.04")),
        ("split", date(2024, 6, 10), D(10), None),
    ]


def test_one_that_fails_does_not_keep_the_others_from_their_prices(
    ingest: Connection, wanted: UUID, settings: Settings, servers: Servers
) -> None:
    with psycopg.connect(servers.dsn(ingest.info.dbname), autocommit=True) as admin:
        add_instrument(admin, symbol="AAA")
        admin.execute("UPDATE instruments SET wanted_at = now() WHERE symbol = 'AAA'")

    def answer(asked: Asked) -> Answer:
        if asked.path.endswith("/AAA"):
            return Answer(200, with_closes(1, 2, 3, -4))
        return Answer(200, a_chart())

    with loopback(answer) as server:
        clock = FakeClock(datetime(2024, 6, 12, 12, tzinfo=UTC))
        refresh_prices(ingest, asking(settings, server.url), clock, threading.Event())

    assert sorted(asked.path[-3:] for asked in server.asked) == ["AAA", "ZQX"]
    found = ingest.execute(
        "SELECT DISTINCT instrument_id FROM prices WHERE source <> 'canary'"
    ).fetchall()
    assert found == [(wanted,)]  # nothing of the reply with a negative price


def test_between_rounds_only_newcomers_are_asked_for(
    ingest: Connection, wanted: UUID, settings: Settings
) -> None:
    tried: set[UUID] = set()
    with loopback(Answer(200, a_chart())) as server:
        clock = FakeClock(datetime(2024, 6, 12, 12, tzinfo=UTC))
        for _ in range(2):
            refresh_prices(ingest, asking(settings, server.url), clock, threading.Event(), tried)

    assert tried == {wanted}
    assert len(server.asked) == 1


def test_no_provider_is_asked_for_others_by_a_hosted_installation(
    ingest: Connection, wanted: UUID, settings: Settings
) -> None:
    del wanted
    with loopback(Answer(200, a_chart())) as server:
        hosted = replace(asking(settings, server.url), is_hosted=True)
        clock = FakeClock(datetime(2024, 6, 12, 12, tzinfo=UTC))
        refresh_prices(ingest, hosted, clock, threading.Event())

    assert server.asked == []


def test_a_price_that_is_none_is_refused_by_the_database_too(
    ingest: Connection, wanted: UUID
) -> None:
    day = date(2024, 6, 6)
    for close in (D("NaN"), D(0), D(-1)):
        bars = [Bar(price_date=day, close=close)]
        history = History(currency="USD", bars=bars, events=[], basis="raw")
        with pytest.raises(SeriesRefused):
            store_history(ingest, wanted, "yahoo", history, day)
        row = (wanted, day, "yahoo", "raw", None, None, None, close, None, "USD")
        with pytest.raises(psycopg.errors.CheckViolation), ingest.transaction():
            store_prices(ingest, [row])


def test_rates_come_from_the_short_file_only_when_it_leaves_no_gap(
    ingest: Connection, settings: Settings
) -> None:
    paths: list[str] = []

    def answer(asked: Asked) -> Answer:
        paths.append(asked.path.rpartition("/")[2])
        return Answer(200, ECB)

    with loopback(answer) as server:
        providers = asking(settings, server.url).providers
        for day in (date(2026, 3, 4), date(2026, 3, 5), date(2026, 6, 30)):
            clock = FakeClock(datetime.combine(day, datetime.min.time(), UTC))
            refresh_rates(ingest, providers, clock)

    # nothing stored yet; newest is of the day before; newest is 118 days old
    assert paths == ["eurofxref-hist.xml", "eurofxref-hist-90d.xml", "eurofxref-hist.xml"]
    rates = ingest.execute(
        "SELECT quote_currency, rate_date, rate FROM fx_rates"
        " WHERE source <> 'canary' ORDER BY 1, 2"
    ).fetchall()
    assert rates == [
        ("JPY", date(2026, 3, 4), D("161.2")),
        ("USD", date(2026, 3, 3), D("1.0790")),
        ("USD", date(2026, 3, 4), D("1.0812")),
    ]


def test_a_bank_that_does_not_answer_leaves_the_rates_as_they_are(
    ingest: Connection, settings: Settings
) -> None:
    with loopback(Answer(404)) as server:
        clock = FakeClock(datetime(2026, 3, 5, tzinfo=UTC))
        with pytest.raises(TruenavError):
            refresh_rates(ingest, asking(settings, server.url).providers, clock)

    count = "SELECT count(*) FROM fx_rates WHERE source <> 'canary'"
    assert ingest.execute(count).fetchone() == (0,)
    with (
        loopback(Answer(503)) as server,
        closing(Fetcher("ecb", server.url, deadline_seconds=0.2)) as fetcher,
        pytest.raises(ProviderUnavailable),
    ):
        EcbProvider(fetcher).rates()


def test_an_empty_installation_has_the_rates_it_came_with(ingest: Connection) -> None:
    store_bundled_rates(ingest)
    store_bundled_rates(ingest)

    # the ECB's first dollar rate: 1.1789 on 1999-01-04
    assert ingest.execute(
        "SELECT rate FROM fx_rates WHERE quote_currency = 'USD' AND rate_date = '1999-01-04'"
    ).fetchone() == (D("1.1789"),)
