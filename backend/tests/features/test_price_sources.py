"""Which source counts, everywhere prices, rates and events are read; and data versions."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import String as Text
from sqlalchemy import column, select, values

from tests.builders import Member, add_instrument
from tests.conftest import Connection
from tests.servers import Servers
from truenav.core.ids import InstrumentId
from truenav.core.marketdata.selection import FIRST_SOURCES, LAST_SOURCES, preference
from truenav.features.marketdata import reads
from truenav.features.marketdata.priority import order_of
from truenav.features.marketdata.providers.quotes import Bar, EventOut, History
from truenav.features.marketdata.storing import BasisRefused, as_traded, store_events, store_history
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

D = Decimal
DAY, NEXT = date(2026, 3, 3), date(2026, 3, 4)


def add_price(
    connection: Connection, instrument_id: UUID, day: date, source: str, close: str,
    basis: str = "raw",
) -> None:  # fmt: skip
    connection.execute(
        "INSERT INTO prices (instrument_id, price_date, source, basis, close, currency)"
        " VALUES (%s, %s, %s, %s, %s, 'USD')",
        (instrument_id, day, source, basis, D(close)),
    )


async def test_the_database_orders_sources_as_the_declaration_does(sessions: Sessions) -> None:
    pairs = [
        (basis, source)
        for basis in ("total", "split", "raw")
        for source in (*reversed(LAST_SOURCES), "zebra", "aardvark", *reversed(FIRST_SOURCES))
    ]
    table = values(column("basis", Text), column("source", Text), name="told").data(pairs)
    ordered = order_of(table.c.source, table.c.basis)  # type: ignore[arg-type]  # plain columns
    async with sessions() as session:
        rows = await session.execute(select(table.c.basis, table.c.source).order_by(*ordered))

    assert [tuple(row) for row in rows] == sorted(pairs, key=lambda pair: preference(*pair))


async def test_the_declared_source_counts_in_every_read(
    client: httpx.AsyncClient, admin_connection: Connection, sessions: Sessions, member: Member
) -> None:
    made = add_instrument(admin_connection)
    # told last by the lower source, and "bundled" stands before "yahoo" in the alphabet
    for source, close in (("yahoo", "10"), ("bundled", "99"), ("tiingo", "11")):
        add_price(admin_connection, made, DAY, source, close)
    for source, close in (("bundled", "98"), ("yahoo", "12")):
        add_price(admin_connection, made, NEXT, source, close)
    add_price(admin_connection, made, NEXT, "massive", "6", basis="split")

    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        series = await reads.price_series(uow.session, [made], first_day=DAY, last_day=NEXT)
        newest = await reads.newest_closes(uow.session, [made], NEXT)
    body = (await client.get(f"/api/v1/instruments/{made}/prices")).json()

    told = series[InstrumentId(made)]
    assert list(zip(told.closes, told.sources, strict=True)) == [
        (D(11), "tiingo"),
        (D(12), "yahoo"),
    ]
    last, earlier = newest[made].last, newest[made].earlier
    assert earlier is not None
    assert (earlier.close, last.close) == (D(11), D(12))
    assert [(b["close"], b["source"]) for b in body["items"]] == [("11", "tiingo"), ("12", "yahoo")]


async def test_the_declared_source_counts_for_events_and_what_was_struck_out_is_none(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    for day, source, cash in (
        (DAY, "alpha_vantage", "0.5"), (DAY, "tiingo", "0.6"), (NEXT, "tiingo", "9"),
        (NEXT, "operator", None),
    ):  # fmt: skip
        admin_connection.execute(
            "INSERT INTO corporate_actions"
            " (id, instrument_id, type, ex_date, cash_amount, currency, source)"
            " VALUES (%s, %s, 'cash_dividend', %s, %s, 'USD', %s)",
            (uuid4(), made, day, cash, source),
        )

    body = (await client.get(f"/api/v1/instruments/{made}/corporate-actions")).json()

    assert [(one["ex_date"], one["cash_amount"]) for one in body] == [("2026-03-03", "0.6")]


class TestVersions:
    @pytest.fixture
    def ingest(self, servers: Servers, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(servers.dsn(database, "truenav_ingest"), autocommit=False)

    async def versions(
        self, client: httpx.AsyncClient, made: UUID
    ) -> list[tuple[int, str, str, int]]:
        body = (await client.get(f"/api/v1/instruments/{made}/price-versions")).json()
        return [(v["version"], v["reason"], v["earliest"], v["changed_count"]) for v in body]

    async def test_each_change_raises_the_version_and_says_from_when(
        self,
        client: httpx.AsyncClient,
        admin_connection: Connection,
        ingest: psycopg.Connection[tuple[object, ...]],
    ) -> None:
        made = add_instrument(admin_connection)
        first = Bar(price_date=DAY, close=D(200))
        second = Bar(price_date=NEXT, close=D(104))
        history = History(currency="USD", bars=[first, second], events=[], basis="raw")

        with ingest:
            store_history(ingest, made, "yahoo", history, NEXT)
            store_history(ingest, made, "yahoo", history, NEXT)  # nothing new: no version
            before = await self.closes(client, made)
            # the split is told a day late
            split = [EventOut(ex_date=NEXT, ratio=D(2))]
            store_events(ingest, made, "yahoo", "USD", split)
            ingest.commit()
            after = await self.closes(client, made)
            store_events(ingest, made, "yahoo", "USD", split)
            store_events(ingest, made, "yahoo", "USD", [EventOut(ex_date=NEXT, ratio=D(4))])
            restated = Bar(price_date=NEXT, close=D(105))
            store_history(
                ingest, made, "yahoo",
                History(currency="USD", bars=[restated], events=[], basis="raw"), NEXT,
            )  # fmt: skip
            ingest.commit()

        assert before == (0, [])  # not committed yet
        assert after == (2, ["100", "104"])
        assert await self.closes(client, made) == (4, ["50", "105"])
        assert await self.versions(client, made) == [
            (4, "prices_restated", "2026-03-04", 1),
            (3, "event_restated", "2026-03-03", 1),
            (2, "event_added", "2026-03-03", 1),
            (1, "prices", "2026-03-03", 2),
        ]
        told = admin_connection.execute(
            "SELECT earliest FROM market_changes WHERE instrument_id = %s ORDER BY id", (made,)
        ).fetchall()
        assert told == [(DAY,), (NEXT,), (NEXT,), (NEXT,)]

    async def closes(self, client: httpx.AsyncClient, made: UUID) -> tuple[int, list[str]]:
        answer = await client.get(f"/api/v1/instruments/{made}/prices", params={"basis": "split"})
        body = answer.json()
        return body["data_version"], [item["close"] for item in body["items"]]


class TestBasis:
    """Whatever a source adjusted for, the same closes as traded are stored."""

    days = (date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2))
    raw = ("204", "103", "102.5", "104")
    events = (
        EventOut(ex_date=date(2026, 9, 30), ratio=D(2)),
        EventOut(ex_date=date(2026, 10, 1), cash_amount=D("0.50")),
    )

    def history(self, basis: str, closes: tuple[str, ...]) -> History:
        bars = [
            Bar(price_date=day, close=D(close), volume=D(10))
            for day, close in zip(self.days, closes, strict=True)
        ]
        return History(currency="USD", bars=bars, events=self.events, basis=basis)

    @pytest.mark.parametrize(
        ("basis", "closes"),
        [
            ("raw", raw),
            ("split", ("102", "103", "102.5", "104")),
            # 102 and 103, less the part 0.50 / 103
            ("total", ("101.504854368932038834951456310680", "102.5", "102.5", "104")),
        ],
    )
    def test_every_basis_ends_in_the_closes_as_traded(
        self, basis: str, closes: tuple[str, ...]
    ) -> None:
        bars = as_traded(self.history(basis, closes))

        assert [bar.close.quantize(D("1E-12")) for bar in bars] == [D(c) for c in self.raw]
        assert [bar.volume for bar in bars] == [D(5) if basis != "raw" else D(10), *[D(10)] * 3]

    def test_a_split_that_was_known_before_is_undone_too(self) -> None:
        told = self.history("split", ("102", "103", "102.5", "104"))
        silent = History(currency="USD", bars=told.bars, events=[], basis="split")

        assert as_traded(silent, self.events[:1])[0].close == D(204)
        # told by both: undone once
        assert as_traded(told, self.events[:1])[0].close == D(204)

    def test_closes_adjusted_for_dividends_nobody_told_are_refused(self) -> None:
        told = self.history("total", ("101", "102.5", "102.5", "104"))
        silent = History(currency="USD", bars=told.bars, events=[], basis="total")

        with pytest.raises(BasisRefused):
            as_traded(silent)
