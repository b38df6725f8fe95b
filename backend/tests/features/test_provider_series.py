"""One scenario from seven sources: whatever each sends, the same three series come out.

As traded 200, 204, 103, 102.5, 104; a 2:1 split on the third day, 0.50 paid on the fourth.
Replies are made up, in the shapes the providers document.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import Answer, Asked, Loopback, loopback
from truenav.core.marketdata.adjustment import PriceBasis, PriceEvent, adjusted_closes
from truenav.features.marketdata.providers.alpaca import AlpacaProvider
from truenav.features.marketdata.providers.alpha_vantage import AlphaVantageProvider
from truenav.features.marketdata.providers.coingecko import CoinGeckoProvider
from truenav.features.marketdata.providers.csv_folder import CsvFolderProvider
from truenav.features.marketdata.providers.fred import FredProvider
from truenav.features.marketdata.providers.massive import MassiveProvider
from truenav.features.marketdata.providers.openfigi import OpenFigiProvider
from truenav.features.marketdata.providers.quotes import EventOut, History, Wanted
from truenav.features.marketdata.providers.reading import optional
from truenav.features.marketdata.providers.tiingo import TiingoProvider
from truenav.features.marketdata.providers.yahoo import YahooChartProvider
from truenav.features.marketdata.storing import as_traded
from truenav.platform.clock import FakeClock
from truenav.platform.http import (
    BadPayload,
    Fetcher,
    NotKnown,
    PlanForbids,
    QuotaExhausted,
    RateLimited,
)

D = Decimal
FIRST, LAST = date(2026, 9, 28), date(2026, 10, 2)
ZQX = Wanted(symbol="ZQX", currency="USD")
COIN = Wanted(symbol="BTC", currency="USD", asset_class="crypto")
CLOCK = FakeClock(datetime(2026, 10, 5, 12, tzinfo=UTC))
DAYS = [f"2026-{day}" for day in ("09-28", "09-29", "09-30", "10-01", "10-02")]
RAW = [200.0, 204.0, 103.0, 102.5, 104.0]
SPLIT = [100.0, 102.0, 103.0, 102.5, 104.0]
TOTAL = ["99.514563", "101.504854", "102.500000", "102.500000", "104.000000"]
NEW_YORK_MIDNIGHT = 1_790_568_000  # of the first day, as seconds since the epoch
DAY = 86_400
EVENTS = {
    EventOut(ex_date=date(2026, 9, 30), ratio=D(2)),
    EventOut(ex_date=date(2026, 10, 1), cash_amount=D("0.5")),
}


@dataclass
class ByPath:
    """A server's answers by path, or by the function asked for in the query."""

    replies: dict[str, Any]
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        found = self.replies.get(asked.query.get("function", asked.path), Answer(404))
        return found if isinstance(found, Answer) else Answer(200, json.dumps(found).encode())


@contextmanager
def asking(replies: dict[str, Any] | Answer) -> Iterator[tuple[Fetcher, Loopback]]:
    """A fetcher of a server that gives these answers, on a clock that stands still."""
    told = replies if isinstance(replies, Answer) else ByPath(replies)
    with (
        loopback(told) as server,
        closing(
            Fetcher("example", server.url, sleep=lambda _: None, now=lambda: 1000.0)
        ) as fetcher,
    ):
        yield fetcher, server


def tiingo_replies() -> dict[str, Any]:
    rows = [
        {
            "date": f"{day}T00:00:00.000Z", "close": close, "high": close + 1, "low": close - 1,
            "open": close - 0.5, "volume": 1_000_000, "adjClose": 1.0,
            "divCash": 0.5 if day == "2026-10-01" else 0.0,
            "splitFactor": 2.0 if day == "2026-09-30" else 1.0,
        }
        for day, close in zip(DAYS, RAW, strict=True)
    ]  # fmt: skip
    return {"/tiingo/daily/ZQX/prices": rows}


def massive_replies(closes: list[float], *, is_adjusted: bool) -> dict[str, Any]:
    bars = [
        {"v": 1e6, "o": close, "c": close, "h": close, "l": close,
         "t": (NEW_YORK_MIDNIGHT + DAY * place) * 1000}
        for place, close in enumerate(closes)
    ]  # fmt: skip
    split = {"ticker": "ZQX", "execution_date": "2026-09-30", "split_from": 1, "split_to": 2}
    paid = {"ticker": "ZQX", "ex_dividend_date": "2026-10-01", "cash_amount": 0.5,
            "currency": "USD"}  # fmt: skip
    return {
        "/v2/aggs/ticker/ZQX/range/1/day/2026-09-28/2026-10-02": {
            "ticker": "ZQX", "adjusted": is_adjusted, "results": bars, "status": "DELAYED",
        },
        "/stocks/v1/splits": {"status": "OK", "results": [split]},
        "/stocks/v1/dividends": {"status": "OK", "results": [paid]},
    }  # fmt: skip


def alpaca_replies(**groups: list[dict[str, Any]]) -> dict[str, Any]:
    bars = [
        {"t": f"{day}T04:00:00Z", "o": close, "h": close, "l": close, "c": close, "v": 1_000_000}
        for day, close in zip(DAYS, RAW, strict=True)
    ]
    told = {
        "forward_splits": [
            {"symbol": "ZQX", "new_rate": 2, "old_rate": 1, "ex_date": "2026-09-30"}
        ],
        "reverse_splits": [
            {"symbol": "RVS", "new_rate": 1, "old_rate": 10, "ex_date": "2026-09-21"}
        ],
        "cash_dividends": [{"symbol": "ZQX", "rate": 0.5, "ex_date": "2026-10-01"}],
    }
    return {
        "/v2/stocks/bars": {"bars": {"ZQX": bars}, "next_page_token": None},
        "/v1/corporate-actions": {"corporate_actions": groups or told, "next_page_token": None},
    }


def alpha_vantage_replies() -> dict[str, Any]:
    rows = {
        day: {"1. open": f"{close:.4f}", "2. high": f"{close:.4f}", "3. low": f"{close:.4f}",
              "4. close": f"{close:.4f}", "5. volume": "1000000"}
        for day, close in zip(DAYS, RAW, strict=True)
    }  # fmt: skip
    older = {"ex_dividend_date": "2026-07-01", "payment_date": "None", "amount": "0.9"}
    paid = {"ex_dividend_date": "2026-10-01", "payment_date": "2026-10-15", "amount": "0.5"}
    split = {"effective_date": "2026-09-30", "split_factor": "2.0000"}
    return {
        "TIME_SERIES_DAILY": {"Time Series (Daily)": dict(reversed(rows.items()))},
        "SPLITS": {"symbol": "ZQX", "data": [split]},
        "DIVIDENDS": {"symbol": "ZQX", "data": [paid, older]},
    }


def yahoo_replies() -> dict[str, Any]:
    opens = [NEW_YORK_MIDNIGHT + DAY * place + 34_200 for place in range(5)]  # 09:30
    result = {
        "meta": {"currency": "USD", "symbol": "ZQX", "exchangeTimezoneName": "America/New_York"},
        "timestamp": opens,
        "events": {
            "dividends": {str(opens[3]): {"amount": 0.5, "date": opens[3]}},
            "splits": {
                str(opens[2]): {"date": opens[2], "numerator": 2.0, "denominator": 1.0}
            },
        },
        "indicators": {"quote": [{"close": SPLIT, "volume": [2_000_000] * 5}]},
    }  # fmt: skip
    return {"/v8/finance/chart/ZQX": {"chart": {"result": [result], "error": None}}}


Maker = Callable[[Fetcher], Any]
SOURCES: dict[str, tuple[Maker, dict[str, Any]]] = {
    "tiingo": (TiingoProvider, tiingo_replies()),
    "massive, raw": (MassiveProvider, massive_replies(RAW, is_adjusted=False)),
    "massive, adjusted": (MassiveProvider, massive_replies(SPLIT, is_adjusted=True)),
    "alpaca": (lambda fetcher: AlpacaProvider(fetcher, clock=CLOCK), alpaca_replies()),
    "alpha_vantage": (
        lambda fetcher: AlphaVantageProvider(fetcher, "key"),
        alpha_vantage_replies(),
    ),
    "yahoo": (lambda fetcher: YahooChartProvider(fetcher, CLOCK), yahoo_replies()),
}


def assert_golden(history: History) -> None:
    """As traded, adjusted for splits, and for both."""
    bars = as_traded(history)
    days, closes = [bar.price_date for bar in bars], [bar.close for bar in bars]
    assert [day.isoformat() for day in days] == DAYS
    assert closes == [D(str(close)) for close in RAW]
    events = [PriceEvent(e.ex_date, e.ratio, e.cash_amount) for e in history.events]
    split = adjusted_closes(days, closes, events, PriceBasis.SPLIT)
    assert split == [D(str(close)) for close in SPLIT]
    total = adjusted_closes(days, closes, events, PriceBasis.TOTAL)
    assert [f"{close:.6f}" for close in total] == TOTAL
    assert (history.currency, set(history.events)) == ("USD", EVENTS)


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_same_three_series(source: str) -> None:
    make, replies = SOURCES[source]
    with asking(replies) as (fetcher, _):
        assert_golden(make(fetcher).history(ZQX, FIRST, LAST))


def test_a_folder_of_files_gives_them_too(tmp_path: Path) -> None:
    rows = ["Date,Close,Split,Dividend"]
    for day, close in zip(DAYS, RAW, strict=True):
        split = "2" if day == "2026-09-30" else ""
        rows.append(f"{day},{close},{split},{'0.5' if day == '2026-10-01' else ''}")
    (tmp_path / "ZQX.csv").write_text("\n".join(rows))

    assert_golden(CsvFolderProvider(tmp_path).history(ZQX, FIRST, LAST))
    with pytest.raises(NotKnown):
        CsvFolderProvider(tmp_path / "x").history(
            Wanted(symbol="../ZQX", currency="USD"), FIRST, LAST
        )


# --- what is asked for, and what of the answer is kept ------------------------------------------


def test_a_window_that_ends_before_a_split_is_still_as_traded() -> None:
    with asking(yahoo_replies()) as (fetcher, server):
        found = YahooChartProvider(fetcher, CLOCK).history(ZQX, FIRST, date(2026, 9, 29))

    assert [bar.close for bar in found.bars] == [D(200), D(204)]
    assert int(server.asked[0].query["period2"]) >= CLOCK.now().timestamp()


def test_alpaca_is_asked_for_one_tape_up_to_yesterday() -> None:
    clock = FakeClock(datetime(2026, 10, 2, 12, tzinfo=UTC))
    with asking(alpaca_replies()) as (fetcher, server):
        AlpacaProvider(fetcher, clock=clock).history(ZQX, FIRST, LAST)
        AlpacaProvider(fetcher, feed="iex", clock=clock).history(ZQX, FIRST, LAST)
        AlpacaProvider(fetcher, clock=clock).history(ZQX, LAST, LAST)

    bars = [asked.query for asked in server.asked if asked.path == "/v2/stocks/bars"]
    assert [(query["feed"], query["end"]) for query in bars] == [
        ("sip", "2026-10-01"),
        ("iex", "2026-10-01"),
    ]  # and of today alone there is no bar to ask for


def test_stock_dividends_and_unit_splits_are_splits() -> None:
    replies = alpaca_replies(
        stock_dividends=[{"symbol": "ZQX", "rate": 0.05, "ex_date": "2026-09-29"}],
        unit_splits=[
            {"old_symbol": "ZQX", "new_symbol": "ZQX", "old_rate": 1, "new_rate": 3,
             "effective_date": "2026-10-01"},
            {"old_symbol": "ZQX", "new_symbol": "ZQY", "old_rate": 1, "new_rate": 1,
             "effective_date": "2026-10-01"},
        ],
    )  # fmt: skip
    with asking(replies) as (fetcher, _):
        found = AlpacaProvider(fetcher, clock=CLOCK).history(ZQX, FIRST, LAST)

    assert found.events == [
        EventOut(ex_date=date(2026, 9, 29), ratio=D("1.05")),
        EventOut(ex_date=date(2026, 10, 1), ratio=D(3)),
    ]


def test_coins_are_asked_for_back_from_today_and_the_price_of_this_moment_is_left_out() -> None:
    midnight = 1_790_812_800_000  # 2026-10-01
    prices = [
        [midnight, 89000.5], [midnight + DAY * 1000, 90000.0],
        [midnight + DAY * 2000, 91000.0], [midnight + DAY * 2000 + 43_200_000, 91500.25],
    ]  # fmt: skip
    clock = FakeClock(datetime(2026, 10, 3, 12, tzinfo=UTC))
    replies = {"/api/v3/coins/bitcoin/market_chart": {"prices": prices}}
    with asking(replies) as (fetcher, server):
        coins = CoinGeckoProvider(fetcher, clock)
        past = coins.history(COIN, date(2026, 10, 1), date(2026, 10, 2))
        now = coins.history(COIN, date(2026, 10, 2), date(2026, 10, 3))

    assert [asked.query["days"] for asked in server.asked] == ["3", "2"]
    assert [bar.close for bar in past.bars] == [D("89000.5"), D(90000)]
    assert [bar.close for bar in now.bars] == [D(90000), D(91000)]


def test_a_coin_has_a_last_price() -> None:
    reply = {"bitcoin": {"usd": 90000.0, "last_updated_at": 1790985600}}
    with asking({"/api/v3/simple/price": reply}) as (fetcher, _):
        found = CoinGeckoProvider(fetcher).quote(COIN)
    assert (found.price, found.as_of) == (D(90000), datetime(2026, 10, 3, tzinfo=UTC))


def test_a_series_says_where_it_has_no_value() -> None:
    rows = [{"date": "2026-09-30", "value": "3.61"}, {"date": "2026-10-01", "value": "."}]
    with asking({"/fred/series/observations": {"observations": rows}}) as (fetcher, _):
        found = FredProvider(fetcher, "key").series("DTB3", FIRST, LAST)
    assert found == [(date(2026, 9, 30), D("3.61")), (date(2026, 10, 1), None)]


def test_identifiers_are_answered_in_their_order() -> None:
    known = {"figi": "BBG000000001", "name": "ZYQX PARTS", "ticker": "ZQX", "exchCode": "US",
             "compositeFIGI": "BBG000000001"}  # fmt: skip
    reply = [{"data": [known]}, {"warning": "No identifier found."}, {"error": "Invalid idType."}]
    with asking({"/v3/mapping": reply}) as (fetcher, _):
        found = OpenFigiProvider(fetcher).identify(
            [("isin", "US0000000AA1"), ("cusip", "000000BB1"), ("sedol", "0000000")]
        )
    assert found[0] is not None
    assert (found[0].symbol, found[0].exchange, found[1:]) == ("ZQX", "US", [None, None])


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (TiingoProvider, "/tiingo/daily/A%2FB%3Fc/prices"),
        (MassiveProvider, "/v2/aggs/ticker/A%2FB%3Fc/range/1/day/2026-09-28/2026-10-02"),
        (YahooChartProvider, "/v8/finance/chart/A%2FB%3Fc"),
        (CoinGeckoProvider, "/api/v3/coins/a%2Fb%3Fc/market_chart"),
    ],
)
def test_a_symbol_is_one_segment_of_the_path(make: Maker, path: str) -> None:
    with asking({}) as (fetcher, server):
        for symbol in ("A/B?c", ".."):
            with pytest.raises(NotKnown):
                make(fetcher).history(Wanted(symbol=symbol, currency="USD"), FIRST, LAST)
    assert server.asked[0].path == path


def test_a_number_no_column_holds_counts_as_missing() -> None:
    assert [optional(text) for text in ("1E19", "1E20", "-1", "NaN", None)] == [
        D("1E19"), None, None, None, None,
    ]  # fmt: skip


# --- errors -------------------------------------------------------------------------------------


def said(status: int = 200, /, **body: Any) -> Answer:
    return Answer(status, json.dumps(body).encode())


PREMIUM = "Thank you for using Alpha Vantage! This is a premium endpoint."
SPENT = "Please consider spreading out your free API requests (25 requests per day)"
TOO_FAR = {"status": {"error_code": 10012, "error_message": "exceeds the allowed time range"}}
ERRORS: list[tuple[Maker, Answer, type[Exception]]] = [
    (SOURCES["alpha_vantage"][0], said(Information=PREMIUM), PlanForbids),
    (SOURCES["alpha_vantage"][0], said(Information=SPENT), QuotaExhausted),
    (SOURCES["alpha_vantage"][0], said(Note="call frequency is limited"), QuotaExhausted),
    (SOURCES["alpha_vantage"][0], said(**{"Error Message": "Invalid API call."}), NotKnown),
    (SOURCES["alpha_vantage"][0], Answer(200, b"<html>"), BadPayload),
    (TiingoProvider, said(404, detail="Error: Ticker 'NOPE' not found"), NotKnown),
    (TiingoProvider, said(200, detail="no rows"), BadPayload),
    (MassiveProvider, said(403, status="NOT_AUTHORIZED"), PlanForbids),
    (MassiveProvider, said(200, status="ERROR"), BadPayload),
    (AlpacaProvider, said(401, message="request is not authorized"), PlanForbids),
    (AlpacaProvider, said(403, message="does not permit recent SIP data"), PlanForbids),
    (YahooChartProvider, said(404, chart={"result": None}), NotKnown),
    (CoinGeckoProvider, said(401, error=TOO_FAR), PlanForbids),
]  # fmt: skip


@pytest.mark.parametrize(("make", "answer", "kind"), ERRORS)
def test_a_refusal_says_what_can_be_done_about_it(
    make: Maker, answer: Answer, kind: type[Exception]
) -> None:
    with asking(answer) as (fetcher, _), pytest.raises(kind):
        make(fetcher).history(ZQX, FIRST, LAST)


@pytest.mark.parametrize("make", [make for make, _ in SOURCES.values()])
def test_too_many_requests_pause_a_source_until_it_said(make: Maker) -> None:
    limit = Answer(429, b"Too Many Requests", headers={"Retry-After": "120"})
    with asking(limit) as (fetcher, server):
        for _again in range(2):
            with pytest.raises(RateLimited) as caught:
                make(fetcher).history(ZQX, FIRST, LAST)
            assert caught.value.until == 1120.0
    assert len(server.asked) == 1  # the second time nobody is asked


def test_an_empty_quote_is_of_no_symbol() -> None:
    with asking(said(**{"Global Quote": {}})) as (fetcher, _), pytest.raises(NotKnown):
        AlphaVantageProvider(fetcher, "key").quote(ZQX)


def test_a_key_nobody_knows_is_told_from_a_series_nobody_knows() -> None:
    for message, kind in (("The value for variable api_key is not registered.", PlanForbids),
                          ("The series does not exist.", NotKnown)):  # fmt: skip
        with asking(said(400, error_message=message)) as (fetcher, _), pytest.raises(kind):
            FredProvider(fetcher, "key").series("DTB3", FIRST, LAST)
