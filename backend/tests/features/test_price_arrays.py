"""Closes as arrays: the same closes as the price history tells, for every source and basis."""

import random
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import numpy as np
import pytest

from tests.builders import Member, add_instrument
from tests.conftest import Connection
from truenav.core.marketdata.adjustment import PriceBasis
from truenav.core.marketdata.adjustment_arrays import day_number
from truenav.features.marketdata.arrays import close_arrays, close_matrix
from truenav.features.marketdata.series import history_of
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

D = Decimal
FIRST = date(2024, 1, 1)
LAST = date(2026, 3, 5)


def add_prices(
    connection: Connection,
    instrument_id: UUID,
    told: dict[date, str],
    source: str = "test",
    basis: str = "raw",
    currency: str = "USD",
) -> None:
    for day, close in told.items():
        connection.execute(
            "INSERT INTO prices (instrument_id, price_date, source, basis, close, currency)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (instrument_id, day, source, basis, D(close), currency),
        )


def add_event(
    connection: Connection,
    instrument_id: UUID,
    day: date,
    kind: str,
    ratio: str | None = None,
    cash: str | None = None,
    source: str = "test",
) -> None:
    connection.execute(
        "INSERT INTO corporate_actions (id, instrument_id, type, ex_date, ratio, cash_amount,"
        " currency, source) VALUES (%s, %s, %s, %s, %s, %s, 'USD', %s)",
        (uuid4(), instrument_id, kind, day, ratio, cash, source),
    )


def add_own(
    connection: Connection, member: Member, instrument_id: UUID, day: date, close: str
) -> None:
    connection.execute(
        "INSERT INTO manual_prices (tenant_id, instrument_id, price_date, close, currency)"
        " VALUES (%s, %s, %s, %s, 'USD')",
        (member.tenant_id, instrument_id, day, D(close)),
    )


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def walk(seed: int, numbers: range) -> dict[date, str]:
    source = random.Random(seed)
    return {day(n): str(D(source.randrange(5_000, 20_000)) / 100) for n in numbers}


@pytest.fixture
def told(admin_connection: Connection, member: Member) -> dict[str, UUID]:
    """Instruments of every kind of history."""
    made = {name: add_instrument(admin_connection) for name in ("one", "met", "split", "own")}
    add_prices(admin_connection, made["one"], walk(1, range(0, 90, 2)))
    for source, step in (("yahoo", 1), ("tiingo", 3), ("bundled", 1)):
        add_prices(admin_connection, made["met"], walk(step, range(0, 60, step)), source)
    add_prices(admin_connection, made["met"], walk(9, range(70, 75)), "alpaca", currency="EUR")
    add_prices(admin_connection, made["met"], walk(8, range(75, 80)), "alpaca")
    add_prices(admin_connection, made["split"], walk(2, range(30)), "yahoo", "split")
    add_prices(admin_connection, made["split"], walk(3, range(10, 50, 4)), "tiingo")
    add_prices(admin_connection, made["own"], walk(4, range(20)))
    add_own(admin_connection, member, made["own"], day(7), "777")
    add_own(admin_connection, member, made["own"], day(40), "888.5")
    for key in made.values():
        add_event(admin_connection, key, day(12), "split", ratio="2")
        add_event(admin_connection, key, day(12), "split", ratio="4", source="bundled")
        add_event(admin_connection, key, day(16), "cash_dividend", cash="1.25")
    return made


@pytest.mark.parametrize("basis", PriceBasis)
async def test_they_are_the_closes_of_the_price_history(
    sessions: Sessions, member: Member, told: dict[str, UUID], basis: PriceBasis
) -> None:
    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        found = await close_arrays(uow.session, list(told.values()), FIRST, LAST, basis)
        for name, key in told.items():
            wanted = await history_of(uow.session, key, "USD", basis)
            one = found.series[key]
            assert one.currency == wanted.currency
            assert one.days.tolist() == [day_number(b.price_date) for b in wanted.bars], name
            exact = [float(close) for close in wanted.closes]
            assert np.allclose(one.closes, exact, rtol=1e-12, atol=0), name
    assert found.undefined == {}


async def test_a_tenants_own_prices_are_its_own(
    sessions: Sessions, member: Member, other_member: Member, told: dict[str, UUID]
) -> None:
    key = told["own"]
    seen = []
    for who in (member, other_member):
        async with open_unit_of_work(sessions, who.tenant_id) as uow:
            found = await close_arrays(uow.session, [key], day(7), LAST)
            seen.append(found.series[key].closes.tolist())

    assert (seen[0][0], seen[0][-1]) == (777.0, 888.5)
    assert 777.0 not in seen[1]
    assert len(seen[1]) == len(seen[0]) - 1


async def test_a_span_shows_a_part_of_the_whole_history(
    sessions: Sessions, member: Member, told: dict[str, UUID]
) -> None:
    """Adjusted for what came after the span too: a chart does not jump when it is moved."""
    key = told["one"]
    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        whole = await close_arrays(uow.session, [key], FIRST, LAST, PriceBasis.TOTAL)
        part = await close_arrays(uow.session, [key], day(4), day(9), PriceBasis.TOTAL)

    assert part.series[key].days.tolist() == [day_number(day(n)) for n in (4, 6, 8)]
    assert part.series[key].closes.tolist() == whole.series[key].closes[2:5].tolist()


async def test_beside_each_other_days_without_a_bar_are_not_a_number(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    one = add_instrument(admin_connection, prices={day(0): "10", day(1): "11"})
    another = add_instrument(admin_connection, prices={day(1): "5", day(5): "6.5"})
    none = add_instrument(admin_connection)
    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        found = await close_matrix(uow.session, [none, another, one], FIRST, LAST)
        empty = await close_matrix(uow.session, [none], FIRST, LAST)

    assert found.days.tolist() == [day_number(day(n)) for n in (0, 1, 5)]
    nan = float("nan")
    wanted = [[nan, nan, nan], [nan, 5.0, 6.5], [10.0, 11.0, nan]]
    assert np.array_equal(found.closes, wanted, equal_nan=True)
    assert (empty.closes.shape, empty.days.tolist()) == ((1, 0), [])


async def test_one_that_cannot_be_adjusted_does_not_spoil_the_others(
    sessions: Sessions, member: Member, admin_connection: Connection, told: dict[str, UUID]
) -> None:
    wound_up = add_instrument(admin_connection, prices={day(0): "10", day(1): "1"})
    add_event(admin_connection, wound_up, day(1), "cash_dividend", cash="12")
    dividends_only = add_instrument(admin_connection)
    add_prices(admin_connection, dividends_only, walk(1, range(3)), "old", "total")
    keys = [wound_up, dividends_only, told["one"]]
    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        found = await close_arrays(uow.session, keys, FIRST, LAST, PriceBasis.TOTAL)

    assert set(found.series) == {told["one"]}
    assert "no less than the price" in found.undefined[wound_up]
    assert "adjusted for dividends only" in found.undefined[dividends_only]
