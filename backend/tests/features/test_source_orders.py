"""Sources somebody puts before the others: which price counts then, for whom, and who is asked."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy import select

from tests.builders import Member, a_key, a_purchase, add_instrument, add_member, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work
from tests.features.test_price_sources import add_price
from tests.servers import Servers
from truenav.core.ids import InstrumentId
from truenav.core.marketdata.selection import (
    FIRST_SOURCES,
    LAST_SOURCES,
    ORDERED_SOURCES,
    SourceOrder,
    preference,
    whole_order,
)
from truenav.entrypoints.worker.market_changes import announce_market_changes
from truenav.features.marketdata import reads, repository
from truenav.features.marketdata.chain import DataProviderChain
from truenav.features.marketdata.ingest import _wanted
from truenav.features.marketdata.priority import SourceOrders, chosen_order_of
from truenav.features.marketdata.providers.quotes import (
    Bar,
    Capability,
    Descriptor,
    History,
    Licence,
    Wanted,
)
from truenav.features.marketdata.tables import PriceRow
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

D = Decimal
DAY, NEXT = date(2026, 3, 3), date(2026, 3, 4)
OWN = "/api/v1/source-order"


def of_one(instrument_id: UUID) -> str:
    return f"/api/v1/operations/data/instruments/{instrument_id}/source-order"


@pytest.fixture
def operator(admin_connection: Connection, make_client: ClientMaker) -> httpx.AsyncClient:
    """The client of somebody who operates the installation, in a tenant of their own."""
    who = add_member(admin_connection)
    admin_connection.execute("UPDATE users SET is_operator = true WHERE id = %s", (who.user_id,))
    return make_client(who)


@pytest.fixture
def told_twice(admin_connection: Connection) -> UUID:
    """An instrument that three sources tell of, each differently, on two days."""
    made = add_instrument(admin_connection)
    for source, first, second in (("tiingo", "10", "11"), ("yahoo", "20", "21")):
        add_price(admin_connection, made, DAY, source, first)
        add_price(admin_connection, made, NEXT, source, second)
    add_price(admin_connection, made, NEXT, "csv", "31")
    return made


async def closes(client: httpx.AsyncClient, made: UUID) -> list[str]:
    body = (await client.get(f"/api/v1/instruments/{made}/prices")).json()
    return [f"{bar['close']} {bar['source']}" for bar in body["items"]]


class TestPreference:
    def test_the_tenants_choice_goes_before_the_instruments(self) -> None:
        order = SourceOrder(("yahoo",), ("bundled", "yahoo", "csv"))

        assert whole_order(order) == [
            "yahoo", "bundled", "csv", "tiingo", "massive", "alpaca", "alpha_vantage", "coingecko",
        ]  # fmt: skip
        assert whole_order(SourceOrder()) == list(ORDERED_SOURCES)

    def test_what_was_decided_and_what_was_traded_still_come_first(self) -> None:
        order = SourceOrder(("yahoo", "bundled"))
        told = [("split", "yahoo"), ("raw", "tiingo"), ("raw", "bundled"), ("raw", "operator")]

        counted = sorted(told, key=lambda pair: preference(pair[0], pair[1], order))

        assert counted == [
            ("raw", "operator"), ("raw", "bundled"), ("raw", "tiingo"), ("split", "yahoo"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("tenant", "instrument"),
    [
        ((), ("yahoo", "csv")),
        (("yahoo",), ()),
        (("bundled", "alpaca"), ("alpaca", "tiingo", "bundled")),
        (tuple(reversed(ORDERED_SOURCES)), ("tiingo",)),
    ],
)
async def test_the_database_orders_as_the_core_does(
    sessions: Sessions,
    member: Member,
    admin_connection: Connection,
    tenant: Sequence[str],
    instrument: Sequence[str],
) -> None:
    made = add_instrument(admin_connection)
    names = (*reversed(LAST_SOURCES), "zebra", "aardvark", *reversed(FIRST_SOURCES))
    pairs = list(zip(["total", "split", *["raw"] * (len(names) - 2)], names, strict=True))
    for basis, source in pairs:
        add_price(admin_connection, made, DAY, source, "1", basis)
    if instrument:
        admin_connection.execute(
            "INSERT INTO instrument_source_orders (instrument_id, sources) VALUES (%s, %s)",
            (made, list(instrument)),
        )
    orders = SourceOrders(tenant, {made: instrument} if instrument else {})
    ordered = chosen_order_of(PriceRow.source, PriceRow.basis, PriceRow.instrument_id, orders)
    query = select(PriceRow.basis, PriceRow.source).where(PriceRow.instrument_id == made)
    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        rows = await uow.session.execute(query.order_by(*ordered))

    order = SourceOrder(tenant, instrument)
    assert [tuple(row) for row in rows] == sorted(
        pairs, key=lambda p: preference(p[0], p[1], order)
    )
    assert orders.of(made) == order


async def test_a_tenants_order_counts_in_every_read_for_it_alone(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    member: Member,
    sessions: Sessions,
    told_twice: UUID,
) -> None:
    before = await closes(client, told_twice)
    answer = await client.put(OWN, json={"sources": ["yahoo"]})

    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        ids = [told_twice]
        series = await reads.price_series(uow.session, ids, first_day=DAY, last_day=NEXT)
        newest = (await reads.newest_closes(uow.session, ids, NEXT))[told_twice]

    assert before == ["10 tiingo", "31 csv"]
    assert answer.status_code == 200, answer.text
    assert answer.json()["effective"][:2] == ["yahoo", "csv"]
    assert await closes(client, told_twice) == ["20 yahoo", "21 yahoo"]
    assert list(series[InstrumentId(told_twice)].closes) == [D(20), D(21)]
    assert newest.earlier is not None
    assert (newest.earlier.close, newest.last.close) == (D(20), D(21))
    assert await closes(other_client, told_twice) == before
    assert (await other_client.get(OWN)).json()["version"] is None


async def test_own_price_then_tenant_then_instrument_then_declared(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, told_twice: UUID
) -> None:
    found = [await closes(client, told_twice)]
    assert (await operator.put(of_one(told_twice), json={"sources": ["tiingo"]})).is_success
    found.append(await closes(client, told_twice))
    assert (await client.put(OWN, json={"sources": ["yahoo"]})).is_success
    found.append(await closes(client, told_twice))
    own = f"/api/v1/instruments/{told_twice}/manual-prices/{NEXT}"
    assert (await client.put(own, json={"close": "5", "currency": "USD"})).is_success
    found.append(await closes(client, told_twice))

    assert found == [
        ["10 tiingo", "31 csv"],
        ["10 tiingo", "11 tiingo"],
        ["20 yahoo", "21 yahoo"],
        ["20 yahoo", "5 manual"],
    ]


async def buy(client: httpx.AsyncClient, made: UUID) -> UUID:
    account_id = await create_account(client)
    body = a_purchase(account_id, made, trade_date="2026-03-02", quantity="2", price="500")
    answer = await client.post("/api/v1/transactions", json=body, headers=a_key())
    assert answer.is_success, answer.text
    return account_id


async def value(client: httpx.AsyncClient) -> Any:
    params = {"from": str(NEXT), "to": str(NEXT)}
    (point,) = (await client.get("/api/v1/nav", params=params)).json()["items"]
    return point["market_value"] if "market_value" in point else point["nav"]


async def test_a_tenants_order_values_its_own_accounts_anew(
    client: httpx.AsyncClient, work: Work, told_twice: UUID
) -> None:
    await buy(client, told_twice)
    await work(None)
    before = await value(client)
    await client.put(OWN, json={"sources": ["yahoo"]})
    done = await work(None)
    after = await value(client)
    await client.put(OWN, json={"sources": ["yahoo"], "version": 1})

    assert done == ["rebuild_nav"]
    assert D(after) - D(before) == 2 * (21 - 31)
    assert await work(None) == []  # the same again is no change


async def test_an_instruments_order_values_everybody_anew_and_raises_its_version(
    client: httpx.AsyncClient,
    operator: httpx.AsyncClient,
    servers: Servers,
    database: str,
    work: Work,
    told_twice: UUID,
) -> None:
    await buy(client, told_twice)
    await work(None)
    before = await value(client)
    await operator.put(of_one(told_twice), json={"sources": ["yahoo"]})
    with psycopg.connect(servers.dsn(database, "truenav_worker"), autocommit=True) as connection:
        announce_market_changes(connection)
    done = await work(None)
    versions = (await client.get(f"/api/v1/instruments/{told_twice}/price-versions")).json()

    assert done == ["rebuild_nav"]
    assert D(await value(client)) - D(before) == 2 * (21 - 31)
    assert [(v["reason"], v["source"], v["earliest"], v["changed_count"]) for v in versions] == [
        ("override", "operator", "2026-03-03", 2)
    ]


async def test_where_no_sources_meet_nothing_is_worked_out_anew(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection, prices={DAY: "10"})
    await buy(client, made)
    await work(None)
    await client.put(OWN, json={"sources": ["yahoo"]})

    assert await work(None) == []


async def test_a_change_names_the_version_it_saw(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, told_twice: UUID
) -> None:
    for who, where in ((client, OWN), (operator, of_one(told_twice))):
        none = (await who.get(where)).json()
        first = await who.put(where, json={"sources": ["yahoo"]})
        again = await who.put(where, json={"sources": ["csv"]})
        second = await who.put(where, json={"sources": [], "version": 1})
        late = await who.put(where, json={"sources": ["csv"], "version": 1})

        assert (none["sources"], none["version"]) == ([], None)
        assert [a.status_code for a in (first, again, second, late)] == [200, 409, 200, 409]
        assert late.json()["current"] == {"version": 2}
        assert (await who.get(where)).json()["effective"] == list(ORDERED_SOURCES)


@pytest.mark.parametrize("sources", [["operator"], ["manual"], ["nobody"], ["yahoo", "yahoo"]])
async def test_what_is_no_order_is_refused(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, told_twice: UUID, sources: list[str]
) -> None:
    for who, where in ((client, OWN), (operator, of_one(told_twice))):
        answer = await who.put(where, json={"sources": sources})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/sources")


async def test_only_an_operator_orders_for_everybody(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, member: Member,
    servers: Servers, database: str, told_twice: UUID,
) -> None:  # fmt: skip
    refused = await client.put(of_one(told_twice), json={"sources": ["yahoo"]})
    missing = await operator.put(of_one(member.user_id), json={"sources": ["yahoo"]})

    assert (refused.status_code, missing.status_code) == (403, 404)
    set_order = "SELECT catalogue.set_source_order(%s, array['yahoo'], NULL)"
    with psycopg.connect(servers.dsn(database, "truenav_app")) as connection:
        connection.execute("SELECT set_config('app.user', %s, true)", (str(member.user_id),))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(set_order, (told_twice,))


class Teller:
    """A provider that tells one bar of whatever it is asked."""

    def __init__(self, source: str) -> None:
        self.descriptor = Descriptor(
            source=source, name=source, capabilities=frozenset({Capability.HISTORY}), basis="raw",
            delay_minutes=None, currencies="all",
            licence=Licence(
                may_display=True, may_share=True, may_export=True, may_cache_days=None,
                attribution=None, terms="",
            ),
        )  # fmt: skip

    def covers(self, wanted: Wanted) -> bool:
        """Everything."""
        del wanted
        return True

    def history(self, wanted: Wanted, first: date, last: date) -> History:
        """One bar."""
        del wanted, first
        return History(
            currency="USD", bars=[Bar(price_date=last, close=D(1))], events=[], basis="raw"
        )


def test_who_was_put_before_the_others_is_asked_first() -> None:
    wanted = Wanted(symbol="X", currency="USD")
    for sources in permutations(("csv", "tiingo", "yahoo")):
        chain = DataProviderChain([Teller("csv"), Teller("tiingo"), Teller("yahoo")])
        assert chain.history(wanted, DAY, DAY, before=sources).source == sources[0]
    assert chain.history(wanted, DAY, DAY, before=["massive"]).source == "csv"
    assert [p.descriptor.source for p in chain.asked(["yahoo"])] == ["yahoo", "csv", "tiingo"]


def test_a_source_put_first_is_asked_from_the_beginning(
    servers: Servers, database: str, admin_connection: Connection
) -> None:
    symbol = "ORDERED"
    made = add_instrument(admin_connection, symbol=symbol)
    admin_connection.execute("UPDATE instruments SET wanted_at = now() WHERE id = %s", (made,))
    add_price(admin_connection, made, DAY, "tiingo", "1")

    def due() -> tuple[date | None, Sequence[str]]:
        with psycopg.connect(servers.dsn(database, "truenav_ingest")) as connection:
            (found,) = [
                one for one in _wanted(connection, ["csv", "tiingo", "yahoo"], [])
                if one.id == made
            ]  # fmt: skip
        return found.newest, found.before

    as_declared = due()
    admin_connection.execute(
        "INSERT INTO instrument_source_orders (instrument_id, sources)"
        " VALUES (%s, '{massive,yahoo,tiingo}')",
        (made,),
    )
    chosen = due()
    add_price(admin_connection, made, NEXT, "yahoo", "1")

    assert as_declared == (DAY, [])
    assert chosen == (None, ["massive", "yahoo", "tiingo"])
    assert due()[0] == NEXT


async def test_bars_are_those_of_the_chosen_source(
    sessions: Sessions, member: Member, admin_connection: Connection, told_twice: UUID
) -> None:
    """The same read with an order for another instrument is as declared."""
    other = add_instrument(admin_connection)
    admin_connection.execute(
        "INSERT INTO instrument_source_orders (instrument_id, sources) VALUES (%s, '{yahoo}')",
        (other,),
    )
    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        found = await repository.bars(uow.session, told_twice)

    assert [bar.source for bar in found] == ["tiingo", "csv"]
