"""Providers in their declared order: who answers, who is passed over, and why."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.builders import add_instrument
from tests.conftest import Connection
from tests.loopback import Answer, Asked, Loopback, loopback
from tests.servers import Servers
from truenav.core.errors import TruenavError
from truenav.features.marketdata.chain import DataProviderChain, NobodyAnswered
from truenav.features.marketdata.ingest import refresh_prices, refresh_rates
from truenav.features.marketdata.providers.configured import configured
from truenav.features.marketdata.providers.quotes import Wanted
from truenav.platform.clock import FakeClock
from truenav.platform.gates import MemoryGate
from truenav.platform.settings import ProviderSettings, Settings, SettingsError, read_settings

CLOCK = FakeClock(datetime(2026, 10, 3, 12, tzinfo=UTC))
ZQX = Wanted(symbol="ZQX", currency="USD")
SPAN = date(2026, 9, 28), date(2026, 10, 2)
TIINGO = [{"date": "2026-10-02T00:00:00.000Z", "close": 104.0, "divCash": 0.0, "splitFactor": 1.0}]
YAHOO = {
    "chart": {
        "error": None,
        "result": [
            {
                "meta": {"currency": "USD", "exchangeTimezoneName": "America/New_York"},
                "timestamp": [1790947800],  # 2026-10-02, at the bell
                "indicators": {"quote": [{"close": [104.5], "volume": [1]}]},
            }
        ],
    }
}


def both(tiingo: Answer) -> Any:
    """One server for two providers, told apart by their paths."""

    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/tiingo"):
            return tiingo
        return Answer(200, json.dumps(YAHOO).encode())

    return answer


def asking(settings: Settings, server: Loopback, **changes: Any) -> Settings:
    chosen = ProviderSettings(
        yahoo_base_url=server.url,
        base_urls={"tiingo": server.url},
        **{"keys": {"tiingo": "secret-key"}, **changes},
    )
    return replace(settings, providers=chosen)


def asked_paths(server: Loopback) -> list[str]:
    return [asked.path.split("/")[1] for asked in server.asked]


def test_the_first_that_answers_is_the_only_one_asked(settings: Settings) -> None:
    with (
        loopback(both(Answer(200, json.dumps(TIINGO).encode()))) as server,
        configured(asking(settings, server), MemoryGate(), CLOCK) as providers,
    ):
        told = DataProviderChain(providers).history(ZQX, *SPAN)
    assert told.source == "tiingo"
    assert [str(bar.close) for bar in told.value.bars] == ["104.0"]
    assert asked_paths(server) == ["tiingo"]


@pytest.mark.parametrize(
    ("tiingo", "outcome"),
    [
        (Answer(404, b'{"detail": "not found"}'), "not_known"),
        (Answer(403, b"{}"), "plan_forbids"),
        (Answer(200, b"<html>maintenance</html>"), "bad_payload"),
        (Answer(200, b"[]"), "empty"),
        (Answer(429, b"{}", headers={"Retry-After": "3600"}), "rate_limited"),
    ],
)
def test_the_next_is_asked_when_one_cannot_tell(
    settings: Settings, tiingo: Answer, outcome: str
) -> None:
    with (
        loopback(both(tiingo)) as server,
        configured(asking(settings, server), MemoryGate(), CLOCK) as providers,
    ):
        told = DataProviderChain(providers).history(ZQX, *SPAN)
    assert told.source == "yahoo"
    assert [(one.source, one.outcome) for one in told.attempts] == [
        ("tiingo", outcome),
        ("yahoo", "ok"),
    ]


def test_who_asked_to_be_left_alone_is_left_alone(settings: Settings) -> None:
    gate = MemoryGate()
    with loopback(both(Answer(429, b"{}", headers={"Retry-After": "3600"}))) as server:
        for _ in range(2):
            with configured(asking(settings, server), gate, CLOCK) as providers:
                told = DataProviderChain(providers).history(ZQX, *SPAN)
    assert [one.outcome for one in told.attempts] == ["rate_limited", "ok"]
    assert asked_paths(server).count("tiingo") == 1


def test_what_none_can_tell_says_why_of_each(settings: Settings) -> None:
    lira = Wanted(symbol="THYAO", currency="TRY")
    with (
        loopback(Answer(404, b"{}")) as server,
        configured(asking(settings, server), MemoryGate(), CLOCK) as providers,
        pytest.raises(NobodyAnswered, match="tiingo not_covered, yahoo not_known") as caught,
    ):
        DataProviderChain(providers).history(lira, *SPAN)
    assert [one.source for one in caught.value.attempts] == ["tiingo", "yahoo"]


def test_the_order_is_the_settings(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "ZQX.csv").write_text("Date,Close\n2026-10-02,103.25\n")
    chosen = {"order": ["yahoo", "csv", "tiingo"], "csv_folder": tmp_path}
    with (
        loopback(both(Answer(500))) as server,
        configured(asking(settings, server, **chosen), MemoryGate(), CLOCK) as providers,
    ):
        assert DataProviderChain(providers).sources == ["yahoo", "csv", "tiingo"]
    with (
        loopback(both(Answer(500))) as server,
        configured(asking(settings, server, csv_folder=tmp_path), MemoryGate(), CLOCK) as providers,
    ):
        told = DataProviderChain(providers).history(ZQX, *SPAN)
    assert (told.source, server.asked) == ("csv", [])


def test_nobody_is_asked_for_others_who_forbids_it(settings: Settings, tmp_path: Path) -> None:
    with loopback(Answer(500)) as server:
        hosted = replace(asking(settings, server, csv_folder=tmp_path), is_hosted=True)
        with configured(hosted, MemoryGate(), CLOCK) as providers:
            assert DataProviderChain(providers).sources == ["csv"]


def test_offline_nobody_outside_is_asked(settings: Settings, tmp_path: Path) -> None:
    with loopback(both(Answer(200, json.dumps(TIINGO).encode()))) as server:
        offline = asking(settings, server, csv_folder=tmp_path, is_offline=True)
        with configured(offline, MemoryGate(), CLOCK) as providers:
            chain = DataProviderChain(providers)
            assert chain.sources == ["csv"]
            with pytest.raises(NobodyAnswered) as caught:
                chain.history(ZQX, *SPAN)
    # so the work is done, and not tried again
    assert not caught.value.may_answer_later
    assert server.asked == []


def test_settings_name_who_exists_and_hide_keys() -> None:
    told = {"TRUENAV_PROVIDERS": "yahoo, tiingo", "TRUENAV_TIINGO_KEY": "do-not-print"}
    found = read_settings(told)
    assert found.providers.order == ["yahoo", "tiingo"]
    assert found.providers.keys == {"tiingo": "do-not-print"}
    assert "do-not-print" not in repr(found)
    with pytest.raises(SettingsError, match="names iex; there are csv, tiingo"):
        read_settings({"TRUENAV_PROVIDERS": "iex"})


@pytest.fixture
def ingest(servers: Servers, fresh_database: Any) -> Iterator[Connection]:
    name = fresh_database()
    with psycopg.connect(servers.dsn(name, "truenav_ingest")) as connection:
        yield connection


def test_the_feed_stores_under_the_name_of_who_answered(
    servers: Servers, ingest: Connection, settings: Settings
) -> None:
    with psycopg.connect(servers.dsn(ingest.info.dbname), autocommit=True) as admin:
        made: UUID = add_instrument(admin, symbol="ZQX")
        admin.execute("UPDATE instruments SET wanted_at = now()")
    answers = [Answer(200, json.dumps(TIINGO).encode()), Answer(404, b"{}")]
    for tiingo in answers:
        with loopback(both(tiingo)) as server:
            refresh_prices(ingest, asking(settings, server), CLOCK, threading.Event())
    rows = ingest.execute(
        "SELECT instrument_id, source, close FROM prices WHERE source <> 'canary' ORDER BY source"
    )
    assert rows.fetchall() == [(made, "tiingo", 104), (made, "yahoo", 104.5)]


def test_the_banks_rates_go_through_the_same_gate(ingest: Connection, settings: Settings) -> None:
    gate = MemoryGate()
    with loopback(Answer(404)) as server:
        chosen = replace(settings.providers, ecb_base_url=server.url)
        with pytest.raises(TruenavError):
            refresh_rates(ingest, chosen, CLOCK, gate=gate)
    assert gate.state("ecb", (), CLOCK.now().timestamp()).outcomes == {"not_known": 1}


@pytest.mark.parametrize(
    ("now", "closes"),
    [
        (datetime(2026, 10, 2, 18, tzinfo=UTC), []),  # New York trades until 20:00 UTC
        (datetime(2026, 10, 2, 20, tzinfo=UTC), [104]),
    ],
)
def test_a_session_that_goes_on_has_no_close_yet(
    servers: Servers, ingest: Connection, settings: Settings, now: datetime, closes: list[int]
) -> None:
    with psycopg.connect(servers.dsn(ingest.info.dbname), autocommit=True) as admin:
        add_instrument(admin, symbol="ZQX")
        admin.execute("UPDATE instruments SET wanted_at = now(), exchange = 'XNAS'")
    with loopback(both(Answer(200, json.dumps(TIINGO).encode()))) as server:
        chosen = asking(settings, server, order=["tiingo"])
        refresh_prices(ingest, chosen, FakeClock(now), threading.Event())
    rows = ingest.execute("SELECT close FROM prices WHERE source <> 'canary'").fetchall()
    assert rows == [(close,) for close in closes]
