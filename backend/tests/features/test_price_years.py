"""Packed years: read packed or row by row, a close is the same; what changed is read anew."""

import random
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.builders import Member, add_instrument, add_member
from tests.servers import Servers
from truenav.core.marketdata.selection import preference
from truenav.core.valuation.exact_columns import ExactColumn
from truenav.core.valuation.series import PriceSeries
from truenav.features.marketdata.packing import pack_years
from truenav.features.marketdata.providers.quotes import EventOut
from truenav.features.marketdata.reads import price_series
from truenav.features.marketdata.repository import store_prices
from truenav.features.marketdata.storing import store_events
from truenav.platform.db import make_engine, make_sessions
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

D = Decimal
TODAY = date(2026, 11, 30)
FIRST, LAST = date(2022, 7, 1), date(2026, 11, 30)
GO_ON = threading.Event()
Connection = psycopg.Connection[Any]
Told = dict[date, str]


@pytest.fixture
def empty(fresh_database: Callable[[], str]) -> str:
    """A database with nothing in it but the schema."""
    return fresh_database()


@pytest.fixture
def admin(servers: Servers, empty: str) -> Iterator[Connection]:
    with psycopg.connect(servers.dsn(empty), autocommit=True) as connection:
        yield connection


@pytest.fixture
def ingest(servers: Servers, empty: str) -> Iterator[Connection]:
    """The role that writes market data; what the schema brings along is packed."""
    with psycopg.connect(servers.dsn(empty, "truenav_ingest")) as connection:
        pack_years(connection, TODAY, GO_ON)
        yield connection


@pytest.fixture
def owner(admin: Connection) -> Member:
    return add_member(admin)


@pytest.fixture
async def app(servers: Servers, empty: str) -> AsyncIterator[Sessions]:
    engine = make_engine(servers.dsn(empty, "truenav_app"))
    yield make_sessions(engine)
    await engine.dispose()


def store(
    connection: Connection, instrument_id: UUID, told: Told, source: str = "tiingo",
    basis: str = "raw", currency: str = "USD",
) -> None:  # fmt: skip
    """As a provider's closes are stored: with a data version."""
    store_prices(
        connection,
        [
            (instrument_id, day, source, basis, None, None, None, D(close), None, currency)
            for day, close in told.items()
        ],
    )
    connection.commit()


async def read(
    app: Sessions, owner: Member, ids: Sequence[UUID], first: date = FIRST, last: date = LAST
) -> dict[UUID, PriceSeries]:
    async with open_unit_of_work(app, owner.tenant_id) as uow:
        found = await price_series(uow.session, ids, first_day=first, last_day=last)
    return {UUID(str(key)): series for key, series in found.items()}


def packed_years(connection: Connection, instrument_id: UUID) -> list[int]:
    rows = connection.execute(
        "SELECT DISTINCT year FROM price_years WHERE instrument_id = %s ORDER BY 1",
        (instrument_id,),
    )
    return [row[0] for row in rows]


def spoil(admin: Connection, instrument_id: UUID) -> None:
    """Make what is packed wrong, to see who reads it."""
    admin.execute(
        "UPDATE price_years SET closes = (SELECT array_agg(c * 7) FROM unnest(closes) c)"
        " WHERE instrument_id = %s",
        (instrument_id,),
    )


def closes_of(series: PriceSeries) -> dict[date, Decimal]:
    return dict(zip(series.dates, series.closes, strict=True))


def by_rows(
    connection: Connection, instrument_id: UUID, first: date, last: date
) -> tuple[str, list[tuple[date, Decimal, str]]] | None:
    """The definition: of each day the source that counts, in the currency of the first day."""
    rows = connection.execute(
        "SELECT price_date, close, source, basis, currency FROM prices"
        " WHERE instrument_id = %s AND price_date <= %s ORDER BY price_date",
        (instrument_id, last),
    ).fetchall()
    start = max([row[0] for row in rows if row[0] <= first], default=first)
    rows = [row for row in rows if row[0] >= start]
    if not rows:
        return None
    rows.sort(key=lambda row: (row[0], preference(row[3], row[2])))
    currency = rows[0][4]
    found: dict[date, tuple[date, Decimal, str]] = {}
    for day, close, source, _, of in rows:
        if of == currency:
            found.setdefault(day, (day, close, source))
    return currency, list(found.values())


def some_history(source: random.Random) -> list[tuple[Told, str, str, str]]:
    """(closes, source, basis, currency) of up to three sources, with holes and odd figures."""
    found = []
    places = source.choice([0, 2, 4, 8, 8, 18])
    for name in source.sample(["tiingo", "yahoo", "csv", "zebra"], source.randint(1, 3)):
        days = source.sample(range(1700), source.randint(1, 60))
        told = {
            date(2022, 1, 1) + timedelta(days=n): str(
                D(source.randrange(1, 10 ** source.choice([3, 6, 9]))).scaleb(-places)
            )
            for n in days
        }
        found.append((told, name, "raw", source.choice(["USD", "USD", "EUR"])))
    return found


async def test_packed_or_not_a_close_is_what_its_row_says(
    app: Sessions, owner: Member, admin: Connection, ingest: Connection
) -> None:
    source = random.Random(5)
    ids = [add_instrument(admin) for _ in range(30)]
    for key in ids:
        for told, name, basis, currency in some_history(source):
            store(ingest, key, told, name, basis, currency)
    # one whose closes are too large for whole numbers of 64 bits
    store(ingest, ids[0], {date(2023, 1, 2): "123456789012.5"}, "csv")

    spans = [(FIRST, LAST), (date(2023, 6, 1), date(2024, 3, 1)), (TODAY, TODAY)]
    before = [await read(app, owner, ids, *span) for span in spans]
    assert pack_years(ingest, TODAY, GO_ON) > 20
    after = [await read(app, owner, ids, *span) for span in spans]

    assert before == after
    for span, found in zip(spans, after, strict=True):
        for key in ids:
            wanted = by_rows(admin, key, *span)
            if wanted is None:
                assert key not in found
                continue
            series = found[key]
            assert series.currency == wanted[0]
            assert list(zip(series.dates, series.closes, series.sources, strict=True)) == wanted[1]
    assert pack_years(ingest, TODAY, GO_ON) == 0


async def test_only_years_that_ended_are_packed_and_they_are_what_is_read(
    app: Sessions, owner: Member, admin: Connection, ingest: Connection
) -> None:
    key = add_instrument(admin)
    told = {date(2024, 3, 4): "10.25", date(2025, 3, 4): "11.5", date(2026, 3, 4): "12"}
    store(ingest, key, told)
    assert pack_years(ingest, TODAY, GO_ON) == 1
    assert packed_years(admin, key) == [2024, 2025]

    series = (await read(app, owner, [key]))[key]
    assert isinstance(series.closes, ExactColumn)
    assert closes_of(series) == {day: D(close) for day, close in told.items()}
    spoil(admin, key)
    found = closes_of((await read(app, owner, [key]))[key])
    assert found == {
        date(2024, 3, 4): D("71.75"), date(2025, 3, 4): D("80.5"), date(2026, 3, 4): D(12),
    }  # fmt: skip


async def test_what_a_provider_corrects_is_read_from_its_row_until_it_is_packed_again(
    app: Sessions, owner: Member, admin: Connection, ingest: Connection
) -> None:
    key = add_instrument(admin)
    store(ingest, key, {date(year, 3, 4): "10" for year in (2023, 2024, 2025, 2026)})
    pack_years(ingest, TODAY, GO_ON)
    spoil(admin, key)

    store(ingest, key, {date(2024, 3, 4): "11"})

    # 2023 ended before what changed; what follows is read as it is
    wanted = {2023: D(70), 2024: D(11), 2025: D(10), 2026: D(10)}
    found = closes_of((await read(app, owner, [key]))[key])
    assert found == {date(year, 3, 4): close for year, close in wanted.items()}
    assert pack_years(ingest, TODAY, GO_ON) == 1
    assert closes_of((await read(app, owner, [key]))[key]) == found

    # a close of today touches no year that is packed
    store(ingest, key, {date(2026, 11, 30): "12"})
    assert pack_years(ingest, TODAY, GO_ON) == 0


async def test_a_day_or_a_source_that_comes_later_is_not_missed(
    app: Sessions, owner: Member, admin: Connection, ingest: Connection
) -> None:
    key = add_instrument(admin)
    store(ingest, key, {date(2024, 3, 4): "10"}, "yahoo")
    pack_years(ingest, TODAY, GO_ON)

    store(ingest, key, {date(2024, 3, 4): "10.5", date(2024, 3, 5): "11"}, "tiingo")

    series = (await read(app, owner, [key]))[key]
    assert list(zip(series.closes, series.sources, strict=True)) == [
        (D("10.5"), "tiingo"), (D(11), "tiingo"),
    ]  # fmt: skip


async def test_an_own_price_counts_over_a_packed_one_and_its_removal_brings_it_back(
    app: Sessions, owner: Member, admin: Connection, ingest: Connection
) -> None:
    key, day = add_instrument(admin), date(2024, 3, 4)
    store(ingest, key, {day: "10"})
    pack_years(ingest, TODAY, GO_ON)
    admin.execute(
        "INSERT INTO manual_prices (tenant_id, instrument_id, price_date, close, currency)"
        " VALUES (%s, %s, %s, 12, 'USD')",
        (owner.tenant_id, key, day),
    )
    assert closes_of((await read(app, owner, [key]))[key]) == {day: D(12)}
    other = add_member(admin)
    assert closes_of((await read(app, other, [key]))[key]) == {day: D(10)}
    admin.execute("DELETE FROM manual_prices WHERE instrument_id = %s", (key,))
    assert closes_of((await read(app, owner, [key]))[key]) == {day: D(10)}


async def test_a_split_changes_no_close_as_traded_and_no_packed_year(
    app: Sessions, owner: Member, admin: Connection, ingest: Connection
) -> None:
    key = add_instrument(admin)
    store(ingest, key, {date(2024, 3, 4): "10"})
    pack_years(ingest, TODAY, GO_ON)
    event = EventOut(ex_date=date(2025, 6, 2), ratio=D(4), cash_amount=None)
    store_events(ingest, key, "tiingo", "USD", [event])
    ingest.commit()
    assert pack_years(ingest, TODAY, GO_ON) == 0
    assert closes_of((await read(app, owner, [key]))[key]) == {date(2024, 3, 4): D(10)}


async def test_what_is_packed_while_prices_change_is_known_to_be_old(
    app: Sessions, owner: Member, admin: Connection, ingest: Connection, servers: Servers,
    empty: str,
) -> None:  # fmt: skip
    """The packing sees the state before; the change commits while the packing is under way."""
    key, day = add_instrument(admin), date(2024, 3, 4)
    store(ingest, key, {day: "10"})
    with psycopg.connect(servers.dsn(empty, "truenav_ingest")) as writer:
        store_prices(writer, [(key, day, "tiingo", "raw", None, None, None, D(11), None, "USD")])
        assert pack_years(ingest, TODAY, GO_ON) == 1  # does not see it yet
        writer.commit()
    assert packed_years(admin, key) == [2024]
    assert closes_of((await read(app, owner, [key]))[key]) == {day: D(11)}
    assert pack_years(ingest, TODAY, GO_ON) == 1


async def test_a_round_that_is_stopped_leaves_the_rest_to_the_next(
    admin: Connection, ingest: Connection
) -> None:
    for _ in range(2):
        store(ingest, add_instrument(admin), {date(2024, 3, 4): "10"})
    stopped = threading.Event()
    stopped.set()
    assert pack_years(ingest, TODAY, stopped) == 0
    assert pack_years(ingest, TODAY, GO_ON) == 2


def test_a_packed_year_is_whole_or_refused(admin: Connection) -> None:
    key = add_instrument(admin)
    good = {"days": [19786], "closes": [100], "places": 2}  # 2024-03-04
    cases: list[dict[str, Any]] = [
        {"days": [], "closes": []}, {"days": [19786, 19787]}, {"closes": [0]}, {"closes": [None]},
        {"places": 19}, {"days": [19000]}, {"days": [20200]},
    ]  # fmt: skip
    for wrong in cases:
        values = {**good, **wrong, "key": key}
        with pytest.raises(psycopg.errors.CheckViolation):
            admin.execute(
                "INSERT INTO price_years (instrument_id, year, source, basis, currency, version,"
                " places, days, closes) VALUES (%(key)s, 2024, 'x', 'raw', 'USD', 0, %(places)s,"
                " %(days)s::int[], %(closes)s::bigint[])",
                values,
            )


@pytest.mark.parametrize("role", ["truenav_app", "truenav_worker"])
def test_only_market_data_packs(servers: Servers, empty: str, role: str) -> None:
    with (
        psycopg.connect(servers.dsn(empty, role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("DELETE FROM price_years")
